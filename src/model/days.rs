//! How well the day of payment was foretold: the error of the median, the width and the truth of the interval.

use serde::{Deserialize, Serialize};

use super::curve::Curve;

/// Shares of which the days are foretold.
const SHARES: [f64; 3] = [0.1, 0.5, 0.9];

/// What was foretold of one invoice, and what came: days after due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foretold {
    /// Days by which it is paid with a probability of 10, 50 and 90 %.
    pub quantiles: [f64; 3],
    /// What the rule says: the customer's median.
    pub rule: f64,
    /// When it was paid.
    pub paid: f64,
}

impl Foretold {
    /// Reads a curve.
    pub fn new(curve: &Curve, rule: f64, paid: i32) -> Self {
        Self { quantiles: SHARES.map(|share| f64::from(curve.quantile(share))), rule, paid: f64::from(paid) }
    }
}

/// How the foretold days did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Days {
    /// Invoices paid.
    pub n: usize,
    /// Mean distance, in days, of the median from the day of payment.
    pub median_error: f64,
    /// The same of the customer's median of the past.
    pub rule_error: f64,
    /// Mean pinball loss, in days, of the 10, 50 and 90 % quantiles.
    pub pinball: [f64; 3],
    /// Share of payments from the 10 % to the 90 % quantile.
    pub coverage: f64,
}

impl Days {
    /// Measures; `None` where nothing was paid.
    pub fn measure(rows: &[Foretold]) -> Option<Self> {
        let mean = |of: &dyn Fn(&Foretold) -> f64| rows.iter().map(of).sum::<f64>() / rows.len() as f64;
        let pinball = |at: usize| {
            mean(&|row| {
                let late = row.paid - row.quantiles[at];
                (SHARES[at] * late).max((SHARES[at] - 1.0) * late)
            })
        };
        let within = |row: &Foretold| (row.quantiles[0]..=row.quantiles[2]).contains(&row.paid);
        (!rows.is_empty()).then(|| Self {
            n: rows.len(),
            median_error: mean(&|row| (row.quantiles[1] - row.paid).abs()),
            rule_error: mean(&|row| (row.rule - row.paid).abs()),
            pinball: [pinball(0), pinball(1), pinball(2)],
            coverage: mean(&|row| f64::from(u8::from(within(row)))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_their_definitions() {
        let row = |paid: f64| Foretold { quantiles: [0.0, 2.0, 10.0], rule: 5.0, paid };
        let days = Days::measure(&[row(2.0), row(12.0), row(-1.0), row(10.0)]).unwrap();
        let near = |left: f64, right: f64| assert!((left - right).abs() < 1e-12, "{left} {right}");
        near(days.median_error, (0.0 + 10.0 + 3.0 + 8.0) / 4.0);
        near(days.rule_error, (3.0 + 7.0 + 6.0 + 5.0) / 4.0);
        // 10 %: .1 × what lies above 0, .9 × what lies below; 90 % around 10 likewise.
        near(days.pinball[0], (0.1 * (2.0 + 12.0 + 10.0) + 0.9 * 1.0) / 4.0);
        near(days.pinball[1], 0.5 * days.median_error);
        near(days.pinball[2], (0.1 * (8.0 + 11.0) + 0.9 * 2.0) / 4.0);
        near(days.coverage, 0.5);
        assert_eq!(Days::measure(&[]), None);
    }
}
