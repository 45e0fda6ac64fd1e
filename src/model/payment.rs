//! When and whether: the curve of payment beside the classifier, and how the two are weighed to one answer.

use serde::{Deserialize, Serialize};

use super::hazard::Hazard;
use super::probability;

/// Share of the curve in the answer where both are asked: measured, the mean of the two is better than either.
pub const EVEN_SHARE: f64 = 0.5;

/// Probabilities are kept this far from 0 and 1 before their log-odds are taken.
const CERTAINTY_MARGIN: f64 = 1e-6;

/// The curve of payment, and its share in whether an invoice will be late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    /// Gives the curve.
    pub hazard: Hazard,
    /// Share of the curve's log-odds in those of being late, the rest being the model's: [`EVEN_SHARE`], or 0 where the
    /// back-test found the model alone better.
    pub share: f64,
}

impl Payment {
    /// Log-odds of being late with the share that the curve, which says `late`, has in them.
    pub fn weigh_in(&self, log_odds_of_model: f64, late: f64) -> f64 {
        (1.0 - self.share) * log_odds_of_model + self.share * log_odds(late)
    }

    /// Whether its parts fit together: what a damaged file may break.
    pub fn is_sound(&self) -> bool {
        (0.0..=1.0).contains(&self.share) && self.hazard.is_sound()
    }
}

/// Log-odds of a probability.
pub fn log_odds(probability: f64) -> f64 {
    let kept = probability.clamp(CERTAINTY_MARGIN, 1.0 - CERTAINTY_MARGIN);
    (kept / (1.0 - kept)).ln()
}

/// Probability of the mean of two probabilities' log-odds, the second having this share.
pub fn mean_of_log_odds(first: f64, second: f64, share: f64) -> f64 {
    probability((1.0 - share) * log_odds(first) + share * log_odds(second))
}
