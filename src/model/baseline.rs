//! The rule to beat: the customer's own share of late payments, drawn towards the portfolio's.

use linfa::traits::Fit;
use ndarray::{Array1, ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

use super::{Labelled, Scorer};
use crate::asof::feature::{self, shrunk::log_odds};
use crate::asof::prior::Prior;
use crate::base::error::{Code, Error};

/// Parameters of the rule: it has none beyond those of its feature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShrunkRatioParams;

/// The rule: what it has learned is only what a customer without history is taken for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShrunkRatio {
    late_ratio: f64,
    column: usize,
}

impl Fit<ndarray::Array2<f64>, Array1<bool>, Error> for ShrunkRatioParams {
    type Object = ShrunkRatio;

    fn fit(&self, data: &Labelled) -> Result<ShrunkRatio, Error> {
        let late = data.targets.iter().filter(|late| **late).count() as f64;
        let column = feature::position("late_odds").ok_or_else(|| Error::new(Code::ArtefactFeatures))?;
        Ok(ShrunkRatio { late_ratio: Prior::late_ratio(late, data.targets.len() as f64), column })
    }
}

impl Scorer for ShrunkRatio {
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        rows.column(self.column).to_owned()
    }

    fn parts(&self, row: ArrayView1<f64>) -> (f64, Vec<f64>) {
        let prior = log_odds(self.late_ratio);
        let mut parts = vec![0.0; row.len()];
        parts[self.column] = row[self.column] - prior;
        (prior, parts)
    }
}

impl ShrunkRatio {
    /// Whether its column is among so many features.
    pub fn fits(&self, features: usize) -> bool {
        self.column < features && self.late_ratio > 0.0 && self.late_ratio < 1.0
    }
}
