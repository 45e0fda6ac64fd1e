//! Feature tables: one to score with, one to train on.

use polars::prelude::{DataFrame, PolarsResult};

use super::feature::{self, Scope};
use super::history::History;
use super::label;
use super::prior::Prior;
use super::query::Queries;
use super::view::LedgerView;
use crate::base::day::Day;
use crate::base::seed;

use rand::Rng as _;

/// Plain features of some invoices, each on its day.
#[derive(Debug)]
pub struct FeatureTable {
    /// The questions, in row order.
    pub queries: Queries,
    /// A column per plain feature, in the registry's order.
    pub frame: DataFrame,
}

/// Features with what became of the invoices.
#[derive(Debug)]
pub struct TrainingTable {
    /// The features.
    pub features: FeatureTable,
    /// By row.
    pub outcomes: Vec<Outcome>,
}

/// What became of an invoice, and when that was known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Paid, or still open, more than the grace after the due day.
    pub late: bool,
    /// First day on which that was known.
    pub known: Day,
    /// First day on which it would have been late, so that from then on its outcome was known either way.
    pub ripe: Day,
    /// Days from due to payment, if paid.
    pub delay_days: Option<i32>,
}

/// On which days of an invoice's life it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Snapshots {
    /// On the day of issue.
    Issue,
    /// On the day of issue, and once more on a day drawn from its life until it was paid or late, if there is one. A model
    /// that scores what is open today has to have seen invoices of every age.
    IssueAndLater,
}

/// Seed of the days drawn by [`Snapshots::IssueAndLater`]: the same invoices are looked at on the same days in every run.
const SNAPSHOT_SEED: u64 = 1;

impl FeatureTable {
    /// Asks about these invoices, each on its day.
    pub fn new(
        view: &LedgerView,
        history: &History,
        questions: impl IntoIterator<Item = (u32, Day)>,
    ) -> PolarsResult<Self> {
        let queries = Queries::new(view, questions);
        let frame = feature::compute(&Scope { history, queries: &queries })?;
        Ok(Self { queries, frame })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.queries.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.queries.is_empty()
    }
}

impl TrainingTable {
    /// Every invoice whose outcome is known in the view, late being later than the history's grace after the due day.
    pub fn new(view: &LedgerView, history: &History, snapshots: Snapshots) -> PolarsResult<Self> {
        let grace = history.grace_days;
        let mut rows: Vec<((u32, Day), Outcome)> = Vec::new();
        for (at, invoice) in view.invoices().filter(|(_, invoice)| invoice.amount > 0) {
            let Some(label) = label::late(view, at, grace) else { continue };
            let delay_days = view.settled(at).map(|settled| settled.happened.0 - invoice.due.0);
            let outcome = Outcome {
                late: label.late,
                known: label.known,
                ripe: invoice.due.plus(grace + 1),
                delay_days,
            };
            // What is posted after its day of issue cannot be asked about before it is known.
            let first = invoice.stamp.known;
            rows.push(((at, first), outcome));
            let days = label.known.0 - first.0 - 1;
            if snapshots == Snapshots::IssueAndLater && days > 0 {
                let drawn = seed::stream(SNAPSHOT_SEED, &invoice.id, 0).gen_range(1..=days);
                rows.push(((at, first.plus(drawn)), outcome));
            }
        }
        let (questions, outcomes): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Ok(Self { features: FeatureTable::new(view, history, questions)?, outcomes })
    }

    /// The portfolio's habits as these rows show them.
    pub fn prior(&self, rows: &[usize]) -> Prior {
        Prior::learn(rows.iter().map(|&row| {
            let outcome = self.outcomes[row];
            (outcome.late, outcome.delay_days.map(f64::from))
        }))
    }

    /// Whether the invoice of each row was late, as 0 or 1.
    pub fn late(&self, rows: &[usize]) -> Vec<f64> {
        rows.iter().map(|&row| f64::from(u8::from(self.outcomes[row].late))).collect()
    }
}
