//! Models measured as they would have been used: at each origin, learn from what was known, score what came.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::metrics::{Metrics, Scored};
use super::split::{Measured, Origin, origins};
use super::train::{KINDS, Kind, Training, internal};
use crate::asof::frame::TrainingTable;
use crate::asof::matrix::matrix;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::base::limits::GATE_ORIGINS_MAX;

/// What a back-test found: a line per kind of model, over the invoices of all origins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// First days of the months measured.
    pub origins: Vec<Day>,
    /// Pooled over them.
    pub metrics: Vec<Metrics>,
}

/// Runs every kind of model over all rolling origins, by the published protocol.
pub fn run(table: &TrainingTable) -> Result<Backtest> {
    measure(table, &origins(table, Measured::Labelled))
}

/// Runs every kind of model over the latest rolling origins, on rows that were ripe by a day: the evidence for keeping one.
pub fn gate(table: &TrainingTable, cut: Day) -> Result<Backtest> {
    let origins = origins(table, Measured::Ripe(cut));
    measure(table, &origins[origins.len().saturating_sub(GATE_ORIGINS_MAX)..])
}

fn measure(table: &TrainingTable, origins: &[Origin]) -> Result<Backtest> {
    if origins.is_empty() {
        return Err(Error::new(Code::HistoryTooShort).detail(format!(
            "{} labelled invoices, none in a month with enough before it",
            table.outcomes.len()
        )));
    }
    let scored: Vec<Vec<Vec<Scored>>> =
        origins.par_iter().map(|origin| score(table, origin)).collect::<Result<_>>()?;
    let metrics = KINDS.iter().enumerate().map(|(at, kind)| {
        let rows: Vec<Scored> = scored.iter().flat_map(|origin| &origin[at]).copied().collect();
        Metrics::measure(kind.name(), &rows)
    });
    Ok(Backtest { origins: origins.iter().map(|origin| origin.month).collect(), metrics: metrics.collect() })
}

impl Backtest {
    /// The line of a kind of model.
    pub fn of(&self, kind: Kind) -> Option<&Metrics> {
        self.metrics.iter().find(|metrics| metrics.model == kind.name())
    }

    /// Whether a kind of model beats the rule: a better ranking and better probabilities.
    pub fn beats_rule(&self, kind: Kind) -> bool {
        let better = |(model, rule): (&Metrics, &Metrics)| model.auc > rule.auc && model.brier < rule.brier;
        self.of(kind).zip(self.of(Kind::ShrunkRatio)).is_some_and(better)
    }
}

/// Scores one origin's rows by every kind of model.
fn score(table: &TrainingTable, origin: &Origin) -> Result<Vec<Vec<Scored>>> {
    let training = Training::new(table, &origin.train, origin.month)?;
    let rows = matrix(&table.features, &origin.test, training.prior()).map_err(internal)?;
    KINDS
        .iter()
        .map(|&kind| {
            let model = match training.fit(kind) {
                // Nothing to tell apart yet: the rule answers for the month.
                Err(error) if error.code == Code::OneClass => training.fit(Kind::ShrunkRatio)?,
                other => other?,
            };
            let probabilities = model.probabilities(rows.view());
            Ok(origin
                .test
                .iter()
                .zip(probabilities)
                .map(|(&row, probability)| Scored {
                    probability,
                    late: table.outcomes[row].late,
                    amount: table.features.queries.amounts[row].1,
                })
                .collect())
        })
        .collect()
}
