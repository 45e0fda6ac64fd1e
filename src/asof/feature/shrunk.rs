//! Ratios drawn towards what is usual, so that one late payment of one does not read as "always late". They depend on
//! the portfolio's habits, and so are computed from the other features when those habits are known.

use super::{Feature, Unit, feature, position};
use crate::asof::prior::Prior;

/// How many payments' weight the portfolio's ratio has against a customer's own.
const PRIOR_WEIGHT: f64 = 2.0;
/// How many payments' weight a customer's whole history has against a part of it.
const OWN_WEIGHT: f64 = 3.0;

/// Names, units and meaning.
pub const FEATURES: &[Feature] = &[
    feature(
        "late_ratio_shrunk",
        Unit::Ratio,
        "share of paid invoices that were late, drawn towards the portfolio's",
    ),
    feature("late_odds", Unit::LogOdds, "log-odds of that share"),
    feature(
        "late_odds_90d",
        Unit::LogOdds,
        "log-odds of the share late in the last 90 days, drawn towards the customer's",
    ),
    feature(
        "late_odds_30d",
        Unit::LogOdds,
        "log-odds of the share late in the last 30 days, drawn towards the customer's",
    ),
    feature(
        "late_odds_decayed",
        Unit::LogOdds,
        "log-odds of the decayed share late of the last 10, drawn towards the portfolio's",
    ),
    feature(
        "late_odds_same_weekday",
        Unit::LogOdds,
        "log-odds of the share late of those due on the same weekday, drawn towards the customer's",
    ),
    feature(
        "late_delay_shrunk",
        Unit::Days,
        "mean days late of those paid late, drawn towards the portfolio's",
    ),
];

/// Where the features stand from which these are computed.
#[derive(Debug, Clone)]
pub struct Shrinker {
    paid: usize,
    late: usize,
    late_delay: usize,
    windows: [(usize, usize); 3],
    late_decayed: usize,
}

impl Shrinker {
    /// Looks up the columns it needs. `None` only if the registry lacks one, which a test rules out.
    pub fn new() -> Option<Self> {
        let window = |count: &str, ratio: &str| Some((position(count)?, position(ratio)?));
        Some(Self {
            paid: position("paid_count")?,
            late: position("paid_late_count")?,
            late_delay: position("late_delay_mean")?,
            windows: [
                window("paid_count_90d", "late_ratio_90d")?,
                window("paid_count_30d", "late_ratio_30d")?,
                window("same_weekday_count", "same_weekday_late_ratio")?,
            ],
            late_decayed: position("late_decayed")?,
        })
    }

    /// The figures in the order of [`FEATURES`], from a row's other features.
    pub fn figures(&self, of: impl Fn(usize) -> f64, prior: &Prior) -> [f64; FEATURES.len()] {
        let (paid, late) = (of(self.paid), of(self.late));
        let own = (late + PRIOR_WEIGHT * prior.late_ratio) / (paid + PRIOR_WEIGHT);
        let part = |(count, ratio): (usize, usize)| {
            let (count, ratio) = (of(count), of(ratio));
            let late = if count > 0.0 { count * ratio } else { 0.0 };
            log_odds((late + OWN_WEIGHT * own) / (count + OWN_WEIGHT))
        };
        let [quarter, month, weekday] = self.windows.map(part);
        let decayed = of(self.late_decayed);
        // The decayed share is of about three payments' weight at the most.
        let weight = paid.min(OWN_WEIGHT);
        let decayed = if paid > 0.0 { decayed * weight } else { 0.0 };
        let recent = (decayed + prior.late_ratio) / (weight + 1.0);
        let late_days = if late > 0.0 { of(self.late_delay) * late } else { 0.0 };
        let late_delay = (late_days + PRIOR_WEIGHT * prior.late_delay_days) / (late + PRIOR_WEIGHT);
        [own, log_odds(own), quarter, month, log_odds(recent), weekday, late_delay]
    }
}

/// `ln(p / (1 − p))`.
pub fn log_odds(ratio: f64) -> f64 {
    (ratio / (1.0 - ratio)).ln()
}
