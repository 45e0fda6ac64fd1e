//! Trees as scorers: a boosted model's sum is log-odds already, a forest's share of late leaves becomes log-odds.

use linfa::traits::Predict as _;
use ndarray::{Array1, Array2, ArrayView2};

use super::Scorer;
use super::calibrate::stretch;
use super::players::Players;
use super::tree::{Boost, Forest};
use crate::base::error::Result;

/// Half a tree for late and half a tree for on time are added to a forest's votes, so that no invoice is certain.
const HALF_TREE: f64 = 0.5;

impl Scorer for Boost {
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        self.predict(&rows)
    }

    fn parts(&self, rows: ArrayView2<f64>, players: &Players) -> Result<(f64, Array2<f64>)> {
        let explainer = self.explainer(players.of_features())?;
        Ok((explainer.expected(), explainer.parts_of(rows)))
    }

    fn fits(&self, features: usize) -> bool {
        self.fits(features)
    }
}

impl Scorer for Forest {
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        let trees = self.trees().len() as f64;
        self.predict(&rows).mapv_into(|share| log_odds(share, trees))
    }

    /// The parts are those of the share, stretched to the log-odds.
    fn parts(&self, rows: ArrayView2<f64>, players: &Players) -> Result<(f64, Array2<f64>)> {
        let trees = self.trees().len() as f64;
        let explainer = self.explainer(players.of_features())?;
        let prior = log_odds(explainer.expected(), trees);
        let mut parts = explainer.parts_of(rows);
        for mut parts in parts.rows_mut() {
            let share = explainer.expected() + parts.sum();
            let whole = log_odds(share, trees) - prior;
            stretch(&mut parts, whole);
        }
        Ok((prior, parts))
    }

    fn fits(&self, features: usize) -> bool {
        self.fits(features)
    }
}

/// Log-odds of a share of so many trees.
fn log_odds(share: f64, trees: f64) -> f64 {
    // A share summed from parts may miss its bounds by a hair.
    let late = share.clamp(0.0, 1.0) * trees;
    ((late + HALF_TREE) / (trees - late + HALF_TREE)).ln()
}
