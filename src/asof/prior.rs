//! What is true of the portfolio as a whole, frozen when a model is trained: what a customer without history is taken
//! for, and what one with little history is drawn towards.

use serde::{Deserialize, Serialize};

/// The portfolio's habits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// Share of invoices paid late.
    pub late_ratio: f64,
    /// Mean days late of those paid late.
    pub late_delay_days: f64,
}

impl Prior {
    /// Learns from labelled invoices: whether each was late, and by how many days where that is known.
    pub fn learn(labels: impl Iterator<Item = (bool, Option<f64>)>) -> Self {
        let (mut rows, mut late, mut delays, mut days) = (0.0, 0.0, 0.0, 0.0);
        for (is_late, delay) in labels {
            rows += 1.0;
            late += f64::from(u8::from(is_late));
            if let Some(delay) = delay.filter(|delay| is_late && *delay > 0.0) {
                delays += 1.0;
                days += delay;
            }
        }
        // With nothing seen at all, one of three late by a week is what published ledgers look like.
        Self { late_ratio: Self::late_ratio(late, rows), late_delay_days: (days + 7.0) / (delays + 1.0) }
    }

    /// Share late of some rows, drawn towards the 35 % of published ledgers as if two more rows were known.
    pub fn late_ratio(late: f64, rows: f64) -> f64 {
        (late + 0.7) / (rows + 2.0)
    }
}
