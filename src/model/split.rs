//! Rolling monthly origins: learn from what was known before a month began, be measured on the invoices of that month.

use crate::asof::frame::TrainingTable;
use crate::base::day::Day;
use crate::base::limits::{BACKTEST_WARMUP_DAYS, TRAIN_ROWS_MAX, TRAIN_ROWS_MIN};

/// One origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// First day of the month.
    pub month: Day,
    /// Rows asked about before the month whose outcome was known before it, oldest first.
    pub train: Vec<usize>,
    /// Rows asked about in the month.
    pub test: Vec<usize>,
}

/// Which rows of a month a model is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// All whose outcome is known, as the published protocol has it. Of invoices still within their terms at the end of the
    /// extract, these are the early payers only.
    Labelled,
    /// Those that would have been late by this day, whatever became of them.
    Ripe(Day),
}

/// Every month from [`BACKTEST_WARMUP_DAYS`] after the first row on that has rows to be measured on and enough to learn
/// from. With snapshots on the day of issue only this is the published protocol: invoices scored on that day.
pub fn origins(table: &TrainingTable, measured: Measured) -> Vec<Origin> {
    let days = &table.features.queries.days;
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { return Vec::new() };
    let start = first.plus(BACKTEST_WARMUP_DAYS);
    let mut month = if start == start.month_start() { start } else { start.next_month_start() };
    let mut origins = Vec::new();
    while month <= *last {
        let next = month.next_month_start();
        let counts = |row: &usize| match measured {
            Measured::Labelled => table.outcomes[*row].is_known(),
            Measured::Ripe(cut) => table.outcomes[*row].is_known() && table.outcomes[*row].ripe <= cut,
        };
        let in_month =
            (0..days.len()).filter(|&row| (month..next).contains(&days[row]) && table.is_undecided(row));
        let test: Vec<usize> = in_month.filter(counts).collect();
        let train = mature_before(table, month);
        if !test.is_empty() && train.len() >= TRAIN_ROWS_MIN {
            origins.push(Origin { month, train: thinned(&train, TRAIN_ROWS_MAX), test });
        }
        month = next;
    }
    origins
}

/// Rows whose question and outcome lie before a day, by the day of the question.
///
/// An invoice not yet late counts only if it could have been: of those still within their terms only the early payers are
/// known, and a model that learned from them would take the latest invoices for the best.
pub fn mature_before(table: &TrainingTable, cut: Day) -> Vec<usize> {
    let days = &table.features.queries.days;
    let mature = |&row: &usize| {
        let outcome = &table.outcomes[row];
        table.is_undecided(row) && days[row] < cut && outcome.ripe.max(outcome.known) <= cut
    };
    let mut rows: Vec<usize> = (0..days.len()).filter(mature).collect();
    rows.sort_by_key(|&row| days[row]);
    rows
}

/// At most so many of rows, spread evenly over them.
pub fn thinned(rows: &[usize], most: usize) -> Vec<usize> {
    let kept = rows.len().min(most);
    (0..kept).map(|at| rows[at * rows.len() / kept]).collect()
}
