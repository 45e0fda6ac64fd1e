//! Gradient boosting of log-loss: each tree is fitted to what the ones before it left over.

use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, Array2, ArrayBase, Data, Ix2};
use rand::Rng as _;
use serde::{Deserialize, Serialize};

use super::bins::Binned;
use super::boost_params::CheckedBoostParams;
use super::category::Categories;
use super::data;
use super::family::Families;
use super::grow::{Grower, Shape};
use super::loss::{Rounds, log_loss};
use super::node::{FEATURES_MAX, Tree};
use super::predict;
use super::split::Rules;
use super::sums::Scale;
use crate::base::error::{Error, Result};
use crate::base::seed::{self, Stream};
use crate::model::Labelled;

/// A fitted booster. Its output is the log-odds of the true class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Boost {
    features: usize,
    /// Log-odds of the weighted mean target.
    base: f64,
    categories: Categories,
    trees: Vec<Tree>,
}

/// A booster as it is read, not proven whole.
#[derive(Deserialize)]
struct Written {
    features: usize,
    base: f64,
    categories: Categories,
    trees: Vec<Tree>,
}

/// Judges after each tree, by rows that no tree was fitted to, how many trees are best.
struct Judge<'a> {
    later: &'a Labelled,
    targets: Vec<f64>,
    weights: Vec<f64>,
    scores: Vec<f64>,
    loss: f64,
    trees: usize,
}

impl Fit<Array2<f64>, Array1<bool>, Error> for CheckedBoostParams {
    type Object = Boost;

    fn fit(&self, data: &Labelled) -> Result<Boost> {
        self.boost(data, None)
    }
}

impl CheckedBoostParams {
    /// Fits to `train` and keeps as many trees as have the least log-loss on `later`, where either class may be
    /// missing. It stops once that did not improve for `patience` trees.
    pub fn fit_stopping(&self, train: &Labelled, later: &Labelled) -> Result<Boost> {
        data::sizes(later)?;
        if later.records.ncols() != train.records.ncols() {
            return data::refuse(format!("later rows must have {} features", train.records.ncols()));
        }
        self.boost(train, Some(later))
    }

    fn boost(&self, data: &Labelled, later: Option<&Labelled>) -> Result<Boost> {
        data::sizes(data)?;
        let weights = data::weights(data)?;
        let targets = data::classes(&data.targets, &weights)?;
        let (rows, features) = data.records.dim();
        self.suits(features)?;
        let categories = Categories::learn(data.records.view(), &self.categories, &targets, &weights);
        let binned = Binned::new(data.records.view(), &categories);
        let base = log_odds(&targets, &weights);
        let mut model = Boost { features, base, categories, trees: Vec::new() };
        let mut judge = later.map(|later| Judge::new(later, base)).transpose()?;
        let mut grower = self.grower(&binned);
        let mut rounds = Rounds::new(&targets, &weights, base);
        let draws = self.rows_share < 1.0 || self.tree_features_share < 1.0 || self.node_features_share < 1.0;
        for round in 0..self.trees_max {
            let mut random = seed::stream(self.seed, "boost", round as u64);
            let counted = data::part(self.rows_share, rows);
            let taken = if counted < rows { drawn(rows, counted, &mut random) } else { Vec::new() };
            let tree = if self.tree_features_share < 1.0 {
                let slots = binned.slots.len();
                let of_tree = drawn(slots, data::part(self.tree_features_share, slots), &mut random);
                let part = binned.subset(&of_tree);
                self.grow(&mut self.grower(&part), &mut rounds, &taken, &mut random)
            } else {
                self.grow(&mut grower, &mut rounds, &taken, &mut random)
            };
            match tree {
                Some(tree) => model.trees.push(tree),
                // Nothing gains. The next tree may draw something that does; else it would see the same.
                None if draws => continue,
                None => break,
            }
            if judge.as_mut().is_some_and(|judge| judge.had_enough(&model, self.patience)) {
                break;
            }
        }
        Ok(match judge {
            Some(judge) => model.truncated(judge.trees),
            None => model,
        })
    }

    fn grower<'a>(&self, binned: &'a Binned) -> Grower<'a> {
        let signs = binned.slots.iter().map(|slot| self.monotone.get(slot.feature).copied().unwrap_or(0));
        let shape = Shape { leaves_max: self.leaves_max, depth_max: self.depth_max };
        Grower::new(binned, shape, signs.collect())
    }

    /// The next tree, its values already shortened to a step and added to the scores; `None` if nothing gains.
    fn grow(
        &self,
        grower: &mut Grower,
        rounds: &mut Rounds,
        taken: &[bool],
        random: &mut Stream,
    ) -> Option<Tree> {
        let (scale, sums) = rounds.pack(taken);
        let counted = data::part(self.rows_share, sums.len());
        let slots = grower.slots();
        let mut grown =
            grower.grow(sums, counted, scale, &self.rules(scale), || self.node_features(slots, random));
        grown.tree.values.iter_mut().for_each(|value| *value *= self.learning_rate);
        if grown.tree.leaves() == 1 {
            return None;
        }
        rounds.add(&grown.tree, &grower.leaves(&grown));
        Some(grown.tree)
    }

    fn rules(&self, scale: Scale) -> Rules {
        Rules {
            l2: scale.levels(self.l2),
            gain_min: scale.gain_levels(self.gain_min),
            weight_min: scale.levels(self.hessian_min),
            rows_min: self.rows_min as f64,
        }
    }

    /// The slots that a node may use, of so many that its tree may.
    fn node_features(&self, slots: usize, random: &mut Stream) -> Vec<bool> {
        if self.node_features_share >= 1.0 {
            return vec![true; slots];
        }
        drawn(slots, data::part(self.node_features_share, slots), random)
    }
}

/// Log-odds of the true class by weight; both classes have some.
fn log_odds(targets: &[f64], weights: &[f64]) -> f64 {
    let weight_of = |class: f64| -> f64 {
        let rows = targets.iter().zip(weights).filter(|(target, _)| target.total_cmp(&class).is_eq());
        rows.map(|(_, weight)| weight).sum()
    };
    (weight_of(1.0) / weight_of(0.0)).ln()
}

/// Marks `count` of `all`, drawn without replacement: each with the chance that is left to it.
fn drawn(all: usize, count: usize, random: &mut Stream) -> Vec<bool> {
    let mut wanted = count;
    (0..all)
        .map(|at| {
            let taken = wanted == all - at || random.gen_range(0..all - at) < wanted;
            wanted -= usize::from(taken);
            taken
        })
        .collect()
}

impl<'a> Judge<'a> {
    fn new(later: &'a Labelled, base: f64) -> Result<Self> {
        let weights = data::weights(later)?;
        let targets: Vec<f64> = later.targets.iter().map(|&late| f64::from(u8::from(late))).collect();
        let scores = vec![base; targets.len()];
        let loss = log_loss(&scores, &targets, &weights);
        Ok(Self { later, targets, weights, scores, loss, trees: 0 })
    }

    /// Takes the newest tree into account and says whether the best is `patience` trees ago.
    fn had_enough(&mut self, model: &Boost, patience: usize) -> bool {
        let newest = model.trees.last().map(std::slice::from_ref).unwrap_or_default();
        let rows = self.later.records.view();
        predict::add_trees(newest, model.features, &model.categories, rows, &mut self.scores);
        let loss = log_loss(&self.scores, &self.targets, &self.weights);
        if loss < self.loss {
            (self.loss, self.trees) = (loss, model.trees.len());
        }
        model.trees.len() - self.trees >= patience
    }
}

impl Boost {
    /// Number of features of a row.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Log-odds before any tree.
    pub fn base(&self) -> f64 {
        self.base
    }

    /// The trees. A row's log-odds are the base and the sum of their values.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    pub(super) fn categories(&self) -> &Categories {
        &self.categories
    }

    /// The model of the first `trees` trees only.
    #[must_use]
    pub fn truncated(mut self, trees: usize) -> Self {
        self.trees.truncate(trees);
        self
    }

    /// Its trees for rows that differ in their first `OWN` columns only.
    pub fn families<const OWN: usize>(&self) -> Families<'_, OWN> {
        Families::new(self)
    }

    /// Whether it is whole, and takes rows of so many features.
    pub fn fits(&self, features: usize) -> bool {
        self.features == features
            && features <= FEATURES_MAX
            && self.base.is_finite()
            && self.categories.fits(features)
            && self.trees.iter().all(|tree| tree.fits(features))
    }
}

impl TryFrom<Written> for Boost {
    type Error = &'static str;

    fn try_from(written: Written) -> std::result::Result<Self, Self::Error> {
        let Written { features, base, categories, trees } = written;
        let boost = Self { features, base, categories, trees };
        if boost.fits(features) { Ok(boost) } else { Err("the booster is not whole") }
    }
}

/// Log-odds. A column that a row lacks is missing, a further one is not read.
impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<f64>> for Boost {
    fn predict_inplace<'a>(&'a self, rows: &'a ArrayBase<D, Ix2>, scores: &mut Array1<f64>) {
        let mut sums = vec![self.base; rows.nrows()];
        predict::add_trees(&self.trees, self.features, &self.categories, rows.view(), &mut sums);
        *scores = Array1::from_vec(sums);
    }

    fn default_target(&self, rows: &ArrayBase<D, Ix2>) -> Array1<f64> {
        Array1::zeros(rows.nrows())
    }
}
