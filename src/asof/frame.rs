//! Feature tables: one to score with, one to train on.

use polars::prelude::{DataFrame, PolarsResult};

use super::feature::{self, Scope};
use super::history::History;
use super::label::{self, Label};
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
    /// Days after the due day from which an invoice counts as late.
    pub grace_days: i32,
}

/// What became of an invoice, and when that was known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Paid, or still open, more than the grace after the due day.
    pub late: bool,
    /// First day on which that was known; [`Outcome::NEVER`] if it is not.
    pub known: Day,
    /// First day on which it would have been late, so that from then on its outcome was known either way.
    pub ripe: Day,
    /// If paid: the day that was known, and the days from due to payment.
    pub paid: Option<(Day, i32)>,
}

impl Outcome {
    /// The day on which what is not known is known.
    pub const NEVER: Day = Day(i32::MAX);

    /// Whether it is known if the invoice was late.
    pub fn is_known(&self) -> bool {
        self.known < Self::NEVER
    }
}

/// On which days of an invoice's life it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Snapshots {
    /// On the day of issue.
    Issue,
    /// On the day of issue; on a drawn day until it would be late, if it was open then; and on one after. A model that
    /// scores what is open today has to have seen invoices of every age.
    IssueAndLater,
}

/// Days after being late from which one is drawn on which an invoice is looked at that is still open then.
const LATE_DAYS: i32 = 90;

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

    /// One feature, by name: a figure a row, NaN where nothing is known.
    pub fn figures(&self, name: &str) -> PolarsResult<&[f32]> {
        self.frame.column(name)?.f32()?.cont_slice()
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
    /// Every invoice of the view, late being later than the history's grace after the due day. Of some it is not known yet
    /// what becomes of them: [`Outcome::is_known`].
    pub fn new(view: &LedgerView, history: &History, snapshots: Snapshots) -> PolarsResult<Self> {
        let grace = history.grace_days;
        let mut rows: Vec<((u32, Day), Outcome)> = Vec::new();
        for (at, invoice) in view.invoices().filter(|(_, invoice)| invoice.amount > 0) {
            let label = label::late(view, at, grace).unwrap_or(Label { late: false, known: Outcome::NEVER });
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
            // What is late already has an outcome but no end: when it will be paid is still to be learned.
            let late = invoice.due.plus(grace + 2).max(first);
            if snapshots == Snapshots::IssueAndLater {
                let drawn = late.plus(seed::stream(SNAPSHOT_SEED, &invoice.id, 1).gen_range(0..LATE_DAYS));
                if drawn <= view.as_of().0 && !view.was_settled(at, drawn.plus(-1)) {
                    rows.push(((at, drawn), outcome));
                }
            }
        }
        let (questions, outcomes): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Ok(Self { features: FeatureTable::new(view, history, questions)?, outcomes, grace_days: grace })
    }

    /// Whether a row was asked about before its invoice could be late: after that only the day of payment is open.
    pub fn is_undecided(&self, row: usize) -> bool {
        let queries = &self.features.queries;
        queries.days[row] <= queries.due[row].plus(self.grace_days + 1)
    }

    /// The portfolio's habits as these rows showed them before a day.
    pub fn prior(&self, rows: &[usize], cut: Day) -> Prior {
        Prior::learn(rows.iter().map(|&row| {
            let Outcome { late, paid, .. } = self.outcomes[row];
            (late, paid.filter(|(known, _)| *known < cut).map(|(_, delay)| f64::from(delay)))
        }))
    }
}
