//! What a model answers: its classifier's log-odds and, where the curve has a share in them, the curve's.

use super::calibrate::Calibrated;
use super::metrics::Scored;
use super::payment::{Payment, mean_of_log_odds};
use super::train::internal;
use crate::asof::frame::TrainingTable;
use crate::asof::timing::Timing;
use crate::base::error::Result;

/// A classifier and, where payments enough were seen, a curve.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Whether it will be late.
    pub model: &'a Calibrated,
    /// When it will be paid.
    pub payment: Option<&'a Payment>,
}

impl Answer<'_> {
    /// What is answered of rows, beside what came.
    pub fn scored(&self, table: &TrainingTable, timing: &Timing, rows: &[usize]) -> Result<Vec<Scored>> {
        let matrix = self.model.matrix(&table.features, rows).map_err(internal)?;
        let mut late = self.model.probabilities(matrix.view());
        if let Some(payment) = self.payment.filter(|payment| payment.share > 0.0) {
            let curves = payment.hazard.curves(&table.features, timing, rows)?;
            for (late, curve) in late.iter_mut().zip(curves) {
                *late = mean_of_log_odds(*late, curve.open_after(table.grace_days), payment.share);
            }
        }
        let scored = rows.iter().zip(late).map(|(&row, probability)| Scored {
            probability,
            late: table.outcomes[row].late,
            amount: table.features.queries.amounts[row].1,
        });
        Ok(scored.collect())
    }
}
