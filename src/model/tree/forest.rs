//! Random forests and extremely randomised trees. A leaf's value is the mean target of its rows, so that a forest of
//! classes says a probability.

use linfa::ParamGuard;
use linfa::dataset::DatasetBase;
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, Array2, ArrayBase, ArrayView2, Data, Ix2};
use rand::Rng as _;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bins::Binned;
use super::category::{Categories, weighted_mean};
use super::data;
use super::deep::{Deep, Plan};
use super::node::{DEPTH_MAX, FEATURES_MAX, Tree};
use super::predict;
use super::split::Rules;
use super::sums::{Scale, Sum};
use crate::base::error::{Error, Result};
use crate::base::seed;

/// How trees are made to differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForestKind {
    /// Each tree has its own rows, drawn with replacement, and the best cut of each feature that a node looks at.
    Random,
    /// Each tree has all rows, and cuts are drawn at random between the bins of a node.
    Extra,
}

/// Largest real target: sums of its squares are still numbers.
const TARGET_MAX: f64 = 1e100;

/// Parameters not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestParams(CheckedForestParams);

/// Parameters that a fit can use.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedForestParams {
    kind: ForestKind,
    trees: usize,
    rows_min: usize,
    depth_max: usize,
    features_share: f64,
    categories: Vec<usize>,
    seed: u64,
}

/// A fitted forest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Forest {
    features: usize,
    categories: Categories,
    trees: Vec<Tree>,
}

/// A forest as it is read, not proven whole.
#[derive(Deserialize)]
struct Written {
    features: usize,
    categories: Categories,
    trees: Vec<Tree>,
}

impl ForestParams {
    /// Usual parameters of a kind: 200 trees, five rows in a leaf, and a third of the features at a node.
    pub fn new(kind: ForestKind) -> Self {
        Self(CheckedForestParams {
            kind,
            trees: 200,
            rows_min: 5,
            depth_max: DEPTH_MAX,
            features_share: 1.0 / 3.0,
            categories: Vec::new(),
            seed: 0,
        })
    }

    /// Number of trees.
    #[must_use]
    pub fn trees(mut self, trees: usize) -> Self {
        self.0.trees = trees;
        self
    }

    /// Least rows of a leaf, estimated from its share of the weight.
    #[must_use]
    pub fn rows_min(mut self, rows: usize) -> Self {
        self.0.rows_min = rows;
        self
    }

    /// Most splits between the root and a leaf.
    #[must_use]
    pub fn depth_max(mut self, depth: usize) -> Self {
        self.0.depth_max = depth;
        self
    }

    /// Share of the features that a node looks at.
    #[must_use]
    pub fn features_share(mut self, share: f64) -> Self {
        self.0.features_share = share;
        self
    }

    /// Columns of codes.
    #[must_use]
    pub fn categories(mut self, columns: &[usize]) -> Self {
        self.0.categories = columns.to_vec();
        self
    }

    /// Seed of everything drawn.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.seed = seed;
        self
    }
}

impl ParamGuard for ForestParams {
    type Checked = CheckedForestParams;
    type Error = Error;

    fn check_ref(&self) -> Result<&CheckedForestParams> {
        let params = &self.0;
        data::within(params.trees as f64, 1.0..=1e5, "trees must be from 1 to 100000")?;
        data::within(params.rows_min as f64, 1.0..=1e9, "rows_min must be one or more")?;
        data::within(params.depth_max as f64, 1.0..=DEPTH_MAX as f64, "depth_max must be from 1 to 128")?;
        data::share(params.features_share, "features_share")?;
        Ok(params)
    }

    fn check(self) -> Result<CheckedForestParams> {
        self.check_ref()?;
        Ok(self.0)
    }
}

impl Fit<Array2<f64>, Array1<bool>, Error> for CheckedForestParams {
    type Object = Forest;

    fn fit(&self, data: &DatasetBase<Array2<f64>, Array1<bool>>) -> Result<Forest> {
        data::sizes(data)?;
        let weights = data::weights(data)?;
        let targets = data::classes(&data.targets, &weights)?;
        self.grow(data.records.view(), &targets, &weights, None)
    }
}

impl Fit<Array2<f64>, Array1<f64>, Error> for CheckedForestParams {
    type Object = Forest;

    fn fit(&self, data: &DatasetBase<Array2<f64>, Array1<f64>>) -> Result<Forest> {
        data::sizes(data)?;
        let weights = data::weights(data)?;
        if !data.targets.iter().all(|target| target.abs() <= TARGET_MAX) {
            return data::refuse("targets must be numbers of at most 1e100");
        }
        let targets = data.targets.to_vec();
        let mean = weighted_mean(&targets, &weights);
        self.grow(data.records.view(), &targets, &weights, Some(mean))
    }
}

impl CheckedForestParams {
    /// Grows all trees. Real targets are taken from their `mean`, so that levels are spent on what differs.
    fn grow(
        &self,
        records: ArrayView2<f64>,
        targets: &[f64],
        weights: &[f64],
        mean: Option<f64>,
    ) -> Result<Forest> {
        let features = records.ncols();
        data::category_columns(&self.categories, features)?;
        let categories = Categories::learn(records, &self.categories, targets, weights);
        let binned = Binned::new(records, &categories);
        let plan = Plan {
            depth_max: self.depth_max,
            slots: data::part(self.features_share, binned.slots.len()),
            classes: mean.is_none(),
            random_cuts: self.kind == ForestKind::Extra,
        };
        let trees = (0..self.trees as u64).into_par_iter().map(|tree| {
            let mut random = seed::stream(self.seed, "forest", tree);
            let weights = match self.kind {
                ForestKind::Random => bootstrap(weights, &mut random),
                ForestKind::Extra => weights.to_vec(),
            };
            let (scale, sums) = pack(targets, &weights, mean);
            let rules = Rules { l2: 0.0, gain_min: 0.0, weight_min: 0.0, rows_min: self.rows_min as f64 };
            let deep = Deep::new(&binned, plan, rules, &sums, random);
            deep.grow(scale, |quotient| mean.unwrap_or(0.0) + scale.value(quotient))
        });
        Ok(Forest { features, categories, trees: trees.collect() })
    }
}

/// Weights times how often each row was drawn, in as many draws as there are rows. If only weightless rows were
/// drawn, all rows are taken as they are.
fn bootstrap(weights: &[f64], random: &mut seed::Stream) -> Vec<f64> {
    let mut drawn = vec![0_u32; weights.len()];
    for _ in 0..weights.len() {
        drawn[random.gen_range(0..weights.len())] += 1;
    }
    let drawn: Vec<f64> =
        drawn.into_iter().zip(weights).map(|(times, weight)| f64::from(times) * weight).collect();
    if drawn.iter().any(|&weight| weight > 0.0) { drawn } else { weights.to_vec() }
}

/// Packs weighted targets. Zeros and ones share the scale of their weights, so that a leaf of ones only is exactly
/// one.
fn pack(targets: &[f64], weights: &[f64], mean: Option<f64>) -> (Scale, Vec<Sum>) {
    let rows = weights.len();
    let weight = weights.iter().sum();
    let centre = mean.unwrap_or(0.0);
    let gradients = targets.iter().zip(weights).map(|(&target, &weight)| (target - centre) * weight);
    let scale = match mean {
        None => Scale::even(rows, weight),
        Some(_) => Scale::of(rows, gradients.clone().map(f64::abs).sum(), weight),
    };
    (scale, gradients.zip(weights).map(|(gradient, &weight)| scale.pack(gradient, weight)).collect())
}

impl Forest {
    /// Number of features of a row.
    pub fn features(&self) -> usize {
        self.features
    }

    /// The trees. A row's value is the mean of theirs.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    pub(super) fn categories(&self) -> &Categories {
        &self.categories
    }

    /// Whether it is whole, and takes rows of so many features.
    pub fn fits(&self, features: usize) -> bool {
        self.features == features
            && features <= FEATURES_MAX
            && !self.trees.is_empty()
            && self.categories.fits(features)
            && self.trees.iter().all(|tree| tree.fits(features))
    }
}

impl TryFrom<Written> for Forest {
    type Error = &'static str;

    fn try_from(Written { features, categories, trees }: Written) -> std::result::Result<Self, Self::Error> {
        let forest = Self { features, categories, trees };
        if forest.fits(features) { Ok(forest) } else { Err("the forest is not whole") }
    }
}

/// Probability of the true class, or the expected target. A column that a row lacks is missing, a further one is not
/// read.
impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<f64>> for Forest {
    fn predict_inplace<'a>(&'a self, rows: &'a ArrayBase<D, Ix2>, scores: &mut Array1<f64>) {
        let mut sums = vec![0.0; rows.nrows()];
        predict::add_trees(&self.trees, self.features, &self.categories, rows.view(), &mut sums);
        let trees = self.trees.len() as f64;
        *scores = sums.into_iter().map(|sum| sum / trees).collect();
    }

    fn default_target(&self, rows: &ArrayBase<D, Ix2>) -> Array1<f64> {
        Array1::zeros(rows.nrows())
    }
}
