//! Parameters of gradient boosting.

use linfa::ParamGuard;

use super::data;
use super::node::DEPTH_MAX;
use crate::base::error::{Error, Result};

/// Parameters not checked yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BoostParams(CheckedBoostParams);

/// Parameters that a fit can use.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedBoostParams {
    pub(super) trees_max: usize,
    pub(super) learning_rate: f64,
    pub(super) leaves_max: usize,
    pub(super) depth_max: usize,
    pub(super) rows_min: usize,
    pub(super) hessian_min: f64,
    pub(super) l2: f64,
    pub(super) gain_min: f64,
    pub(super) rows_share: f64,
    pub(super) tree_features_share: f64,
    pub(super) node_features_share: f64,
    pub(super) monotone: Vec<i8>,
    pub(super) categories: Vec<usize>,
    pub(super) patience: usize,
    pub(super) seed: u64,
}

/// Most leaves of a tree: each may keep half a kilobyte per feature and bin while the tree grows.
const LEAVES_MAX: usize = 4_096;

impl Default for CheckedBoostParams {
    fn default() -> Self {
        Self {
            trees_max: 300,
            learning_rate: 0.1,
            leaves_max: 31,
            depth_max: DEPTH_MAX,
            rows_min: 20,
            hessian_min: 1e-3,
            l2: 0.0,
            gain_min: 0.0,
            rows_share: 1.0,
            tree_features_share: 1.0,
            node_features_share: 1.0,
            monotone: Vec::new(),
            categories: Vec::new(),
            patience: 50,
            seed: 0,
        }
    }
}

impl BoostParams {
    /// Most trees.
    #[must_use]
    pub fn trees_max(mut self, trees: usize) -> Self {
        self.0.trees_max = trees;
        self
    }

    /// Part of each tree's correction that is made.
    #[must_use]
    pub fn learning_rate(mut self, rate: f64) -> Self {
        self.0.learning_rate = rate;
        self
    }

    /// Most leaves of a tree.
    #[must_use]
    pub fn leaves_max(mut self, leaves: usize) -> Self {
        self.0.leaves_max = leaves;
        self
    }

    /// Most splits between the root and a leaf.
    #[must_use]
    pub fn depth_max(mut self, depth: usize) -> Self {
        self.0.depth_max = depth;
        self
    }

    /// Least rows of a leaf, estimated from its share of the hessian.
    #[must_use]
    pub fn rows_min(mut self, rows: usize) -> Self {
        self.0.rows_min = rows;
        self
    }

    /// Least summed hessian of a leaf.
    #[must_use]
    pub fn hessian_min(mut self, hessian: f64) -> Self {
        self.0.hessian_min = hessian;
        self
    }

    /// Added to the hessian of every leaf, which draws its value to zero.
    #[must_use]
    pub fn l2(mut self, weight: f64) -> Self {
        self.0.l2 = weight;
        self
    }

    /// What a split must gain: twice the fall of the loss.
    #[must_use]
    pub fn gain_min(mut self, gain: f64) -> Self {
        self.0.gain_min = gain;
        self
    }

    /// Share of the rows that each tree is fitted to, drawn without replacement.
    #[must_use]
    pub fn rows_share(mut self, share: f64) -> Self {
        self.0.rows_share = share;
        self
    }

    /// Share of the features that each tree may use.
    #[must_use]
    pub fn tree_features_share(mut self, share: f64) -> Self {
        self.0.tree_features_share = share;
        self
    }

    /// Share of the tree's features that each node may use.
    #[must_use]
    pub fn node_features_share(mut self, share: f64) -> Self {
        self.0.node_features_share = share;
        self
    }

    /// For each feature 1 if the score may not fall as it rises, -1 if it may not rise, 0 if it may do either; empty
    /// for all free.
    #[must_use]
    pub fn monotone(mut self, signs: &[i8]) -> Self {
        self.0.monotone = signs.to_vec();
        self
    }

    /// Columns of codes.
    #[must_use]
    pub fn categories(mut self, columns: &[usize]) -> Self {
        self.0.categories = columns.to_vec();
        self
    }

    /// Trees without improvement after which [`CheckedBoostParams::fit_stopping`] stops.
    #[must_use]
    pub fn patience(mut self, trees: usize) -> Self {
        self.0.patience = trees;
        self
    }

    /// Seed of everything drawn.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.seed = seed;
        self
    }
}

impl ParamGuard for BoostParams {
    type Checked = CheckedBoostParams;
    type Error = Error;

    fn check_ref(&self) -> Result<&CheckedBoostParams> {
        let params = &self.0;
        data::within(params.trees_max as f64, 1.0..=1e5, "trees_max must be from 1 to 100000")?;
        data::share(params.learning_rate, "learning_rate")?;
        data::within(params.leaves_max as f64, 2.0..=LEAVES_MAX as f64, "leaves_max must be from 2 to 4096")?;
        data::within(params.depth_max as f64, 1.0..=DEPTH_MAX as f64, "depth_max must be from 1 to 128")?;
        data::within(params.rows_min as f64, 1.0..=1e9, "rows_min must be one or more")?;
        data::within(params.hessian_min, 0.0..=f64::MAX, "hessian_min must be zero or more")?;
        data::within(params.l2, 0.0..=f64::MAX, "l2 must be zero or more")?;
        data::within(params.gain_min, 0.0..=f64::MAX, "gain_min must be zero or more")?;
        data::share(params.rows_share, "rows_share")?;
        data::share(params.tree_features_share, "tree_features_share")?;
        data::share(params.node_features_share, "node_features_share")?;
        data::within(params.patience as f64, 1.0..=1e5, "patience must be from 1 to 100000")?;
        if params.monotone.iter().any(|sign| !(-1..=1).contains(sign)) {
            return data::refuse("monotone must be -1, 0 or 1 for each feature");
        }
        Ok(params)
    }

    fn check(self) -> Result<CheckedBoostParams> {
        self.check_ref()?;
        Ok(self.0)
    }
}

impl CheckedBoostParams {
    /// Refuses what does not suit rows of so many features.
    pub(super) fn suits(&self, features: usize) -> Result<()> {
        data::category_columns(&self.categories, features)?;
        if !self.monotone.is_empty() && self.monotone.len() != features {
            return data::refuse(format!("monotone must have {features} entries, one for each feature"));
        }
        if self.categories.iter().any(|&column| self.monotone.get(column).is_some_and(|&sign| sign != 0)) {
            return data::refuse("monotone must be 0 for categories, which have no order of their own");
        }
        Ok(())
    }
}
