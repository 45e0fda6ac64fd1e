//! The rule to beat: the customer's own share of late payments, drawn towards the portfolio's.

use linfa::traits::Fit;
use ndarray::{Array1, Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use super::players::Players;
use super::{Labelled, Scorer};
use crate::asof::feature::seen::Seen;
use crate::asof::feature::shrunk::log_odds;
use crate::asof::prior::Prior;
use crate::base::error::{Code, Error};

/// The feature that is the rule.
pub const RULE_FEATURE: &str = "late_odds";

/// Parameters of the rule: only where its feature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShrunkRatioParams {
    column: usize,
}

impl ShrunkRatioParams {
    /// Looks up the rule's feature.
    pub fn new(seen: &Seen) -> Result<Self, Error> {
        let column = seen.position(RULE_FEATURE).ok_or_else(|| Error::new(Code::ArtefactFeatures))?;
        Ok(Self { column })
    }
}

/// The rule: what it has learned is only what a customer without history is taken for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShrunkRatio {
    late_ratio: f64,
    column: usize,
}

impl Fit<Array2<f64>, Array1<bool>, Error> for ShrunkRatioParams {
    type Object = ShrunkRatio;

    fn fit(&self, data: &Labelled) -> Result<ShrunkRatio, Error> {
        let late = data.targets.iter().filter(|late| **late).count() as f64;
        Ok(ShrunkRatio {
            late_ratio: Prior::late_ratio(late, data.targets.len() as f64),
            column: self.column,
        })
    }
}

impl Scorer for ShrunkRatio {
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        rows.column(self.column).to_owned()
    }

    fn parts(&self, rows: ArrayView2<f64>, players: &Players) -> Result<(f64, Array2<f64>), Error> {
        let prior = log_odds(self.late_ratio);
        let mut parts = players.zeros(rows.nrows());
        parts.column_mut(players.of(self.column)).assign(&(&rows.column(self.column) - prior));
        Ok((prior, parts))
    }

    fn fits(&self, features: usize) -> bool {
        self.column < features && self.late_ratio > 0.0 && self.late_ratio < 1.0
    }
}
