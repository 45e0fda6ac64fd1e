//! From log-odds to probabilities that mean what they say: Platt scaling on the latest mature slice. Only a calibrated
//! model can score.

use linfa::dataset::DatasetBase;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, ArrayView1, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::{Fitted, Scorer, probability};
use crate::asof::prior::Prior;

/// Fewest rows, and fewest of either class, that a calibration is learned from; below it none is better.
const ROWS_MIN: usize = 200;
const CLASS_ROWS_MIN: usize = 20;

/// No portfolio is later than this on average: a figure beyond it is a damaged one.
const DELAY_DAYS_MAX: i32 = 10_000;

/// A line through the log-odds: `slope × log-odds + shift`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    /// Below 1 where the model was too sure.
    pub slope: f64,
    /// Above 0 where the model was too hopeful.
    pub shift: f64,
}

/// A model that can score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibrated {
    /// What it was fitted as.
    pub fitted: Fitted,
    /// How its log-odds are read.
    pub platt: Platt,
    /// The portfolio's habits that its features were drawn towards.
    pub prior: Prior,
}

impl Platt {
    /// Leaves log-odds as they are.
    pub const NONE: Self = Self { slope: 1.0, shift: 0.0 };

    /// Learns the line from log-odds and outcomes; [`Platt::NONE`] where there are too few, or where the line would turn
    /// the ranking around.
    pub fn learn(log_odds: &Array1<f64>, late: &Array1<bool>) -> Self {
        let late_rows = late.iter().filter(|late| **late).count();
        if late.len() < ROWS_MIN || late_rows.min(late.len() - late_rows) < CLASS_ROWS_MIN {
            return Self::NONE;
        }
        let data = DatasetBase::new(log_odds.clone().insert_axis(Axis(1)), late.clone());
        let tolerance = 1e-6 * late.len() as f64;
        match LogisticRegression::default().alpha(0.0).gradient_tolerance(tolerance).fit(&data) {
            Ok(line) => {
                // linfa's positive class is the more frequent one.
                let sign = if line.labels().pos.class { 1.0 } else { -1.0 };
                let platt = Self { slope: line.params()[0] * sign, shift: line.intercept() * sign };
                if platt.slope > 0.0 { platt } else { Self::NONE }
            }
            Err(_) => Self::NONE,
        }
    }

    /// Mean log-loss of outcomes under the line.
    pub fn log_loss(self, log_odds: &Array1<f64>, late: &Array1<bool>) -> f64 {
        let loss = |(&log_odds, &late): (&f64, &bool)| {
            let towards = if late { self.read(log_odds) } else { -self.read(log_odds) };
            (-towards).exp().ln_1p()
        };
        log_odds.iter().zip(late).map(loss).sum::<f64>() / late.len() as f64
    }

    fn read(self, log_odds: f64) -> f64 {
        self.slope * log_odds + self.shift
    }
}

impl Calibrated {
    /// Whether the solver of the model, if it has one, reached its goal.
    pub fn converged(&self) -> bool {
        match &self.fitted {
            Fitted::ShrunkRatio(_) => true,
            Fitted::Logistic(model) => model.converged,
        }
    }

    /// Whether the model's parts have the lengths that so many features need, and can be reckoned with.
    pub fn fits(&self, features: usize) -> bool {
        let Prior { late_ratio, late_delay_days } = self.prior;
        let sane = late_ratio > 0.0
            && late_ratio < 1.0
            && (0.0..f64::from(DELAY_DAYS_MAX)).contains(&late_delay_days)
            && self.platt.slope > 0.0
            && self.platt.slope.is_finite()
            && self.platt.shift.is_finite();
        if !sane {
            return false;
        }
        match &self.fitted {
            Fitted::ShrunkRatio(model) => model.fits(features),
            Fitted::Logistic(model) => model.fits(features),
        }
    }

    /// Calibrated log-odds of being late, a row each.
    pub fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        self.fitted.log_odds(rows).mapv_into(|log_odds| self.platt.read(log_odds))
    }

    /// Probability of being late, a row each.
    pub fn probabilities(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        self.log_odds(rows).mapv_into(probability)
    }

    /// The calibrated log-odds of one row as a sum: a prior that is the same for all, and a part for each feature.
    pub fn parts(&self, row: ArrayView1<f64>) -> (f64, Vec<f64>) {
        let (prior, mut parts) = self.fitted.parts(row);
        for part in &mut parts {
            *part *= self.platt.slope;
        }
        (self.platt.read(prior), parts)
    }
}
