//! Only a calibrated model can score: what was fitted, how its log-odds are read, and what it needs to be asked.

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut1};
use polars::prelude::PolarsResult;
use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::players::Players;
use super::{Fitted, Scorer, probability};
use crate::asof::feature::seen::Seen;
use crate::asof::frame::FeatureTable;
use crate::asof::matrix::matrix;
use crate::asof::prior::Prior;
use crate::base::error::Result;

/// No portfolio is later than this on average: a figure beyond it is a damaged one.
const DELAY_DAYS_MAX: i32 = 10_000;

/// A part smaller than this against the whole is no ground to stretch the others by.
const WHOLE_MIN: f64 = 1e-12;

/// Stretches parts alike, so that they sum to a whole.
pub(super) fn stretch(parts: &mut ArrayViewMut1<f64>, whole: f64) {
    let sum = parts.sum();
    // Parts that cancel out have no whole to be stretched to.
    if sum.abs() > WHOLE_MIN {
        *parts *= whole / sum;
    }
}

/// A model that can score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibrated {
    /// What it was fitted as.
    pub fitted: Fitted,
    /// How its log-odds are read.
    pub calibration: Calibration,
    /// The portfolio's habits that its features were drawn towards.
    pub prior: Prior,
    /// What it sees.
    pub features: Seen,
}

impl Calibrated {
    /// Whether the model's parts have the lengths that its features need, and can be reckoned with.
    pub fn is_sound(&self) -> bool {
        let Prior { late_ratio, late_delay_days } = self.prior;
        late_ratio > 0.0
            && late_ratio < 1.0
            && (0.0..f64::from(DELAY_DAYS_MAX)).contains(&late_delay_days)
            && self.calibration.is_sound()
            && self.fitted.fits(self.features.len())
    }

    /// Rows of a table as this model sees them.
    pub fn matrix(&self, table: &FeatureTable, rows: &[usize]) -> PolarsResult<Array2<f64>> {
        matrix(table, rows, &self.prior, &self.features)
    }

    /// Calibrated log-odds of being late, a row each.
    pub fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        self.fitted.log_odds(rows).mapv_into(|log_odds| self.calibration.read(log_odds))
    }

    /// Probability of being late, a row each.
    pub fn probabilities(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        self.log_odds(rows).mapv_into(probability)
    }

    /// The calibrated log-odds of rows as sums: a prior that is the same for all, and of each row a part for each player. The
    /// parts of what was fitted are stretched alike, so that they lead from the calibrated prior to the calibrated log-odds.
    pub fn parts(&self, rows: ArrayView2<f64>, players: &Players) -> Result<(f64, Array2<f64>)> {
        let (raw_prior, mut parts) = self.fitted.parts(rows, players)?;
        let prior = self.calibration.read(raw_prior);
        for mut parts in parts.rows_mut() {
            let whole = self.calibration.read(raw_prior + parts.sum()) - prior;
            stretch(&mut parts, whole);
        }
        Ok((prior, parts))
    }
}
