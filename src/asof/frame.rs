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
    /// If paid: the day that was known, and the days from due to payment.
    pub paid: Option<(Day, i32)>,
}

/// On which days of an invoice's life it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Snapshots {
    /// On the day of issue.
    Issue,
    /// On the day of issue, and once more on a drawn day until it would be late, if it was open then. A model
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
            let settled = view.settled(at);
            let outcome = Outcome {
                late: label.late,
                known: label.known,
                // Late since money came back: before that day it was taken to be on time.
                ripe: if label.late { label.known } else { invoice.due.plus(grace + 1) },
                paid: settled.map(|settled| (settled.known, settled.happened.0 - invoice.due.0)),
            };
            // What is posted after its day of issue cannot be asked about before it is known.
            let first = invoice.stamp.known;
            rows.push(((at, first), outcome));
            // The day is drawn from the whole time in which it may be asked about, whatever became of it: drawn from the
            // time that it was open, quick payers would be seen oftener than slow ones of the same age.
            let days = invoice.due.plus(grace + 1).0 - first.0;
            if snapshots == Snapshots::IssueAndLater && days > 0 {
                let drawn = first.plus(seed::stream(SNAPSHOT_SEED, &invoice.id, 0).gen_range(1..=days));
                if !view.was_settled(at, drawn.plus(-1)) {
                    rows.push(((at, drawn), outcome));
                }
            }
        }
        let (questions, outcomes): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Ok(Self { features: FeatureTable::new(view, history, questions)?, outcomes })
    }

    /// The portfolio's habits as these rows showed them before a day.
    pub fn prior(&self, rows: &[usize], cut: Day) -> Prior {
        Prior::learn(rows.iter().map(|&row| {
            let Outcome { late, paid, .. } = self.outcomes[row];
            (late, paid.filter(|(known, _)| *known < cut).map(|(_, delay)| f64::from(delay)))
        }))
    }
}
