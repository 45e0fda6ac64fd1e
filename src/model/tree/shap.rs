//! Exact Shapley values of trees: what each player adds to a row's value, where an absent player's splits send a row
//! both ways by cover (the path-dependent game of `TreeSHAP`). A player is a feature, or a group of features that
//! come and go together.
//!
//! A leaf is a product: it pays its value if all present players on its path agree, times the cover share `z` of each
//! absent one. Shapley's weight of a coalition of `s` out of `d` players is ∫ t^s (1-t)^(d-1-s) dt over [0, 1], so
//! that the sum over all coalitions becomes one integral over `t` of a product: `p` gets
//!
//! `v · (o_p - z_p) · ∫ Π_{q ≠ p} ((1 - t) z_q + t o_q) dt`, where `o` is one if the row agrees with the player's
//! splits.
//!
//! This is a polynomial in `t` of degree `d - 1`, which a Gauss-Legendre rule of `d / 2` points integrates exactly;
//! all its terms are positive, so that nothing cancels. The products at those points are passed down the tree and the
//! leaves' sums are passed up, so that each node costs one operation per point instead of one per pair of players.

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use rayon::prelude::*;

use super::boost::Boost;
use super::category::Categories;
use super::data;
use super::forest::Forest;
use super::node::Tree;
use super::predict::Block;
use super::shap_walk::{Standing, Steps, Walk};
use crate::base::error::Result;

/// Takes values of one model apart.
#[derive(Debug, Clone)]
pub struct Explainer {
    features: usize,
    players: usize,
    categories: Categories,
    expected: f64,
    /// Weight of a tree's value in the model's.
    weight: f64,
    groups: Vec<Group>,
}

/// Trees that need the same number of points.
#[derive(Debug, Clone)]
struct Group {
    points: usize,
    /// Place and weight of each point.
    rule: Vec<[f64; 2]>,
    trees: Vec<Steps>,
}

/// Numbers of points for which a walk is compiled; a path of 128 players needs 64.
const POINTS: [usize; 5] = [2, 4, 6, 16, 64];

impl Boost {
    /// Takes log-odds apart into one part for each player; `players` says for each feature whose part it is.
    pub fn explainer(&self, players: &[usize]) -> Result<Explainer> {
        let explainer = Explainer::new(self.trees(), self.categories(), self.features(), players)?;
        Ok(explainer.scaled(self.base(), 1.0))
    }
}

impl Forest {
    /// Takes probabilities or expected targets apart into one part for each player; `players` says for each feature
    /// whose part it is.
    pub fn explainer(&self, players: &[usize]) -> Result<Explainer> {
        let explainer = Explainer::new(self.trees(), self.categories(), self.features(), players)?;
        Ok(explainer.scaled(0.0, 1.0 / self.trees().len().max(1) as f64))
    }
}

impl Explainer {
    /// Explains the sum of the trees.
    fn new(trees: &[Tree], categories: &Categories, features: usize, players: &[usize]) -> Result<Self> {
        if players.len() != features || players.iter().any(|&player| player >= features) {
            return data::refuse(format!("players must be {features} numbers below {features}"));
        }
        let count = players.iter().max().map_or(0, |&last| last + 1);
        let steps: Vec<Steps> = trees.iter().map(|tree| Steps::new(tree, players)).collect();
        let expected = steps.iter().map(Steps::expected).sum();
        let mut groups = POINTS.map(|points| Group { points, rule: rule(points), trees: Vec::new() });
        for steps in steps {
            let needed = steps.most_players(count).div_ceil(2);
            if let Some(group) = groups.iter_mut().find(|group| group.points >= needed) {
                group.trees.push(steps);
            }
        }
        let groups = groups.into_iter().filter(|group| !group.trees.is_empty()).collect();
        Ok(Self { features, players: count, categories: categories.clone(), expected, weight: 1.0, groups })
    }

    /// Explains `base` and the sum times `weight`.
    fn scaled(self, base: f64, weight: f64) -> Self {
        Self { expected: base + weight * self.expected, weight, ..self }
    }

    /// The model's mean value over the rows that it was fitted to: what no player knows of.
    pub fn expected(&self) -> f64 {
        self.expected
    }

    /// Number of players.
    pub fn players(&self) -> usize {
        self.players
    }

    /// The part of each player in a row's value. With the expected value they sum to it.
    pub fn parts(&self, row: ArrayView1<f64>) -> Vec<f64> {
        let mut parts = vec![0.0; self.players];
        self.explain(&mut self.walker(), row, &mut parts);
        parts
    }

    /// As [`Explainer::parts`] for many rows, a row each.
    pub fn parts_of(&self, rows: ArrayView2<f64>) -> Array2<f64> {
        let mut parts = vec![0.0; rows.nrows() * self.players];
        parts.par_chunks_mut(self.players.max(1)).enumerate().for_each_init(
            || self.walker(),
            |walker, (row, parts)| self.explain(walker, rows.row(row), parts),
        );
        Array2::from_shape_vec((rows.nrows(), self.players), parts).unwrap_or_default()
    }

    /// Memory for one row after another.
    fn walker(&self) -> (Block, Vec<Standing>) {
        (Block::new(self.features), vec![Standing::APART; self.players])
    }

    fn explain(&self, walker: &mut (Block, Vec<Standing>), row: ArrayView1<f64>, parts: &mut [f64]) {
        let (block, standing) = walker;
        block.load(row.insert_axis(Axis(0)), &self.categories);
        for row in block.rows() {
            for group in &self.groups {
                group.explain(row, standing, parts);
            }
        }
        for part in parts {
            *part *= self.weight;
        }
    }
}

impl Group {
    /// Adds each player's part of the sum of these trees.
    fn explain(&self, row: &[f64], standing: &mut [Standing], parts: &mut [f64]) {
        macro_rules! with_points {
            ($($points:literal)*) => {
                match self.points {
                    $($points => {
                        let mut walk = Walk::<$points>::new(row, &self.rule, standing, parts);
                        self.trees.iter().for_each(|tree| walk.explain(tree));
                    })*
                    _ => {}
                }
            };
        }
        with_points!(2 4 6 16 64);
    }
}

/// The Gauss-Legendre rule on [0, 1]: roots of the Legendre polynomial by Newton's method, and their weights.
fn rule(points: usize) -> Vec<[f64; 2]> {
    let degree = points as f64;
    (0..points)
        .map(|at| {
            let mut root = (std::f64::consts::PI * (at as f64 + 0.75) / (degree + 0.5)).cos();
            let mut slope = 1.0;
            // It doubles its digits at every step and starts with three of them.
            for _ in 0..8 {
                let (mut before, mut value) = (1.0, root);
                for order in 1..points {
                    let order = order as f64;
                    (before, value) =
                        (value, ((2.0 * order + 1.0) * root * value - order * before) / (order + 1.0));
                }
                slope = degree * (root * value - before) / (root * root - 1.0);
                root -= value / slope;
            }
            [f64::midpoint(1.0, root), 1.0 / ((1.0 - root * root) * slope * slope)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use linfa::ParamGuard as _;
    use linfa::traits::{Fit as _, Predict as _};
    use ndarray::{Array1, array};

    use super::super::node::{Node, Tree};
    use super::super::{BoostParams, ForestKind, ForestParams};
    use super::*;
    use crate::base::error::Code;
    use crate::model::tree::tests::sample;

    /// The value of a row if only some players are present, by definition: elsewhere both ways are taken by cover.
    fn value_of(tree: &Tree, at: usize, row: &[f64], present: &dyn Fn(usize) -> bool) -> f64 {
        let Node { child, feature, .. } = tree.nodes[at];
        let child = child as usize;
        if child == at {
            return tree.values[at];
        }
        if present(usize::from(feature)) {
            let next = tree.nodes[at].next(row[usize::from(feature)]);
            return value_of(tree, next as usize, row, present);
        }
        let below = |child| tree.covers[child] * value_of(tree, child, row, present);
        (below(child) + below(child + 1)) / tree.covers[at]
    }

    /// Shapley values by definition, over all coalitions.
    fn by_definition(trees: &[Tree], row: &[f64], players: &[usize]) -> Vec<f64> {
        let count = players.iter().max().unwrap() + 1;
        let value = |coalition: usize| -> f64 {
            let present = |feature: usize| coalition >> players[feature] & 1 == 1;
            trees.iter().map(|tree| value_of(tree, 0, row, &present)).sum()
        };
        let factorial = |n: usize| (1..=n).map(|factor| factor as f64).product::<f64>();
        let of_player = |player: usize| -> f64 {
            let without = (0..1_usize << count).filter(|coalition| coalition >> player & 1 == 0);
            let gains = without.map(|coalition| {
                let size = coalition.count_ones() as usize;
                let weight = factorial(size) * factorial(count - size - 1) / factorial(count);
                weight * (value(coalition | 1 << player) - value(coalition))
            });
            gains.sum()
        };
        (0..count).map(of_player).collect()
    }

    #[test]
    fn the_rule_integrates_powers_exactly() {
        for points in POINTS {
            for power in 0..2 * points {
                let integral: f64 =
                    rule(points).iter().map(|[at, weight]| weight * at.powi(power as i32)).sum();
                let exact = 1.0 / (power as f64 + 1.0);
                assert!((integral - exact).abs() < 1e-14, "{points} points, power {power}: {integral}");
            }
        }
    }

    #[test]
    fn parts_are_shapley_values_by_definition() {
        // Seven features, so that paths meet features again; gaps among them.
        let four = sample(800, 21);
        let records = ndarray::concatenate![
            Axis(1),
            four.records,
            four.records.select(Axis(1), &[0, 1, 2]).mapv(f64::sin)
        ];
        let data = linfa::dataset::DatasetBase::new(records, four.targets);
        let boosted = BoostParams::default().trees_max(4).leaves_max(40).rows_min(3).learning_rate(0.5);
        let boosted = boosted.check().unwrap().fit(&data).unwrap();
        let random = ForestParams::new(ForestKind::Random).trees(3).rows_min(2);
        let random: Forest = random.check().unwrap().fit(&data).unwrap();
        for players in [vec![0, 1, 2, 3, 4, 5, 6], vec![0, 1, 0, 2, 1, 0, 3], vec![0; 7]] {
            let (boosts, forests) =
                (boosted.explainer(&players).unwrap(), random.explainer(&players).unwrap());
            for row in data.records.rows().into_iter().take(25) {
                let values = row.to_vec();
                for (part, exact) in
                    boosts.parts(row).iter().zip(by_definition(boosted.trees(), &values, &players))
                {
                    assert!((part - exact).abs() < 1e-10, "{part} {exact}");
                }
                for (part, exact) in
                    forests.parts(row).iter().zip(by_definition(random.trees(), &values, &players))
                {
                    assert!((part - exact / 3.0).abs() < 1e-10, "{part} {exact}");
                }
            }
        }
    }

    #[test]
    fn a_stump_gives_all_to_its_feature() {
        // Covers 1 and 3: the mean of 8 and 0 is 2, so a row at the first leaf is 6 above it.
        let mut tree = Tree::root(2.0, 4.0);
        let node = |child| Node { threshold: 0.0, child, feature: 1, missing_right: true };
        tree.split(0, node, [8.0, 0.0], [1.0, 3.0]);
        let explainer = Explainer::new(&[tree], &Categories::default(), 2, &[0, 1]).unwrap();
        assert!((explainer.expected() - 2.0).abs() < 1e-15);
        for (value, part) in [(-1.0, 6.0), (1.0, -2.0), (f64::NAN, -2.0)] {
            let parts = explainer.parts(Array1::from_vec(vec![5.0, value]).view());
            assert!(parts[0].abs() < 1e-15 && (parts[1] - part).abs() < 1e-14, "{parts:?}");
        }
    }

    #[test]
    fn parts_and_expectation_sum_to_the_value_of_deep_models() {
        let data = sample(3_000, 22);
        let boosted =
            BoostParams::default().trees_max(50).categories(&[3]).check().unwrap().fit(&data).unwrap();
        let random: Forest =
            ForestParams::new(ForestKind::Random).trees(5).rows_min(1).check().unwrap().fit(&data).unwrap();
        let sums = |explainer: &Explainer| {
            explainer.parts_of(data.records.view()).sum_axis(Axis(1)) + explainer.expected()
        };
        let gaps = sums(&boosted.explainer(&[0, 1, 2, 3]).unwrap()) - boosted.predict(&data.records);
        assert!(gaps.iter().all(|gap| gap.abs() < 1e-9));
        let gaps = sums(&random.explainer(&[0, 1, 2, 3]).unwrap()) - random.predict(&data.records);
        assert!(gaps.iter().all(|gap| gap.abs() < 1e-9));
    }

    #[test]
    fn players_must_name_every_feature() {
        let data = sample(200, 23);
        let model = BoostParams::default().trees_max(2).check().unwrap().fit(&data).unwrap();
        for players in [&[0, 1, 2][..], &[0, 1, 2, 4]] {
            assert_eq!(model.explainer(players).unwrap_err().code, Code::OptionInvalid);
        }
        // A row that is too narrow is explained as one with gaps.
        let explainer = model.explainer(&[0, 0, 1, 1]).unwrap();
        let gap = explainer.parts(array![0.5, f64::NAN, f64::NAN, f64::NAN].view());
        assert_eq!(explainer.parts(array![0.5].view()), gap);
    }
}
