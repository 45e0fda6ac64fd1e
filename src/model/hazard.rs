//! When an open invoice will be paid: the probability of payment in each cell of days ahead, learned from what invoices
//! lived through cell by cell, and put together as a [`Curve`]. An invoice still open tells as much as one that was paid:
//! that nothing came until the cut.

use hashbrown::HashSet;
use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit as _;
use ndarray::{Array1, Array2, ArrayView1};
use rand::Rng as _;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::curve::Curve;
use super::train::internal;
use super::tree::{Boost, BoostParams, Families};
use crate::asof::feature::seen::Seen;
use crate::asof::frame::{FeatureTable, TrainingTable};
use crate::asof::matrix::matrix;
use crate::asof::prior::Prior;
use crate::asof::query::Queries;
use crate::asof::timing::{COVARIATES, Cell, FIRST, Habits, Timing, cells};
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::base::seed;

/// Most questions learned from, spread evenly over the history. Each is paid once at most, so that there is room for as many
/// cells without a payment.
const QUESTIONS_MAX: usize = 60_000;

/// About as many cells are learned from: more are hardly better, and a fit stays within a minute.
const PERIODS_MAX: usize = 100_000;

/// Fewest payments to learn from.
const EVENTS_MIN: usize = 50;

/// Days ahead for which a question on a day after issue is learned from: its later days are those of the question on the
/// day of issue over again.
const LATER_DAYS: i32 = 45;

/// Seed of the cells drawn, and of the trees.
const SEED: u64 = 1;

/// Questions answered at a time: bounds the cells in memory to some megabytes a thread.
const CHUNK_ROWS: usize = 256;

/// A fitted payment hazard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hazard {
    /// Log-odds of payment in a cell of a question still open, among the cells learned from. The columns are
    /// [`COVARIATES`], then the features.
    pub boost: Boost,
    /// Logarithm of the share of cells without a payment that were learned from: what the log-odds are too high by, below
    /// zero.
    pub log_rate: f64,
    /// The portfolio's habits that accounts' records were drawn towards.
    pub habits: Habits,
    /// The portfolio's habits that features were drawn towards.
    pub prior: Prior,
    /// What it sees of an invoice.
    pub features: Seen,
}

/// What an invoice was seen to live through from a question's day on.
struct Life {
    row: usize,
    /// Cells, and whether the payment came in them: only in the last, if at all.
    cells: Vec<(Cell, bool)>,
}

/// What the columns of a cell are made of.
struct Source<'a> {
    table: &'a FeatureTable,
    timing: &'a Timing,
    habits: &'a Habits,
    prior: &'a Prior,
    seen: &'a Seen,
}

impl Hazard {
    /// Learns from every row of a table asked about before `cut`, as far as its life was known before it. An error if too
    /// few were paid.
    pub fn fit(table: &TrainingTable, timing: &Timing, cut: Day, prior: &Prior, seen: &Seen) -> Result<Self> {
        let habits = timing.habits(cut);
        let mut lives = lives(table, cut, &habits);
        let events = lives.iter().flat_map(|life| &life.cells).filter(|(_, paid)| *paid).count();
        if events < EVENTS_MIN {
            return Err(Error::new(Code::HistoryTooShort).detail(format!("{events} invoices paid")));
        }
        let zeros = lives.iter().map(|life| life.cells.len()).sum::<usize>() - events;
        let kept = PERIODS_MAX.saturating_sub(events) as f64 / zeros.max(1) as f64;
        let kept = kept.min(1.0);
        lives.par_iter_mut().for_each(|life| life.draw(&table.features.queries, kept));
        let source = Source { table: &table.features, timing, habits: &habits, prior, seen };
        let asked: Vec<(usize, Vec<Cell>)> = lives.iter().map(Life::asked).collect();
        let paid = lives.iter().flat_map(|life| &life.cells).map(|(_, paid)| *paid);
        let data = DatasetBase::new(source.records(&asked)?, paid.collect::<Array1<bool>>());
        let boost = params().check()?.fit(&data)?;
        Ok(Self { boost, log_rate: kept.ln(), habits, prior: *prior, features: seen.clone() })
    }

    /// When each question's invoice will be paid, if it is open when the day before the question ends: the first day of its
    /// curve.
    pub fn curves(&self, table: &FeatureTable, timing: &Timing, rows: &[usize]) -> Result<Vec<Curve>> {
        let Self { habits, prior, features: seen, .. } = self;
        let source = Source { table, timing, habits, prior, seen };
        let families = self.boost.families();
        let chunks = rows.par_chunks(CHUNK_ROWS).map(|rows| self.chunk(&source, &families, rows));
        let chunks: Vec<Vec<Curve>> = chunks.collect::<Result<_>>()?;
        Ok(chunks.into_iter().flatten().collect())
    }

    fn chunk(
        &self,
        source: &Source,
        families: &Families<{ COVARIATES.len() }>,
        rows: &[usize],
    ) -> Result<Vec<Curve>> {
        let queries = &source.table.queries;
        let features = source.features(rows)?;
        let curve = |(&row, features): (&usize, ArrayView1<f64>)| {
            let (start, due) = (start(queries, row), queries.due[row]);
            let cells: Vec<Cell> = cells(start, due, &self.habits).collect();
            let log_odds = families.log_odds(&source.covariates(row, &cells), &features.to_vec());
            // The log of one more than the odds is what a hazard takes off the log of being open.
            let falls = log_odds.iter().map(|log_odds| (log_odds + self.log_rate).exp().ln_1p());
            let falls: Vec<(Cell, f64)> = cells.into_iter().zip(falls).collect();
            curve(start, due, &falls, &self.habits)
        };
        Ok(rows.iter().zip(features.rows()).map(curve).collect())
    }

    /// Whether its parts have the lengths that its columns need, and can be reckoned with: what a damaged file may break.
    pub fn is_sound(&self) -> bool {
        let Prior { late_ratio, late_delay_days } = self.prior;
        self.boost.fits(COVARIATES.len() + self.features.len())
            && self.log_rate.is_finite()
            && self.log_rate <= 0.0
            && self.habits.is_sound()
            && late_ratio > 0.0
            && late_ratio < 1.0
            && late_delay_days.is_finite()
    }
}

/// Settings that did best on ledgers of the past; an early stop did no better.
fn params() -> BoostParams {
    BoostParams::default()
        .trees_max(200)
        .learning_rate(0.07)
        .leaves_max(31)
        .rows_min(80)
        .rows_share(0.7)
        .tree_features_share(0.5)
        .l2(5.0)
        .seed(SEED)
}

/// Days from due to the day of a question.
fn start(queries: &Queries, row: usize) -> i32 {
    queries.days[row].0.saturating_sub(queries.due[row].0)
}

/// What is learned from, in an order that is not the table's.
fn lives(table: &TrainingTable, cut: Day, habits: &Habits) -> Vec<Life> {
    let queries = &table.features.queries;
    // What was settled already is not a question.
    let was_open =
        |&row: &usize| table.outcomes[row].paid.is_none_or(|(known, _)| known >= queries.days[row]);
    let before = |&row: &usize| queries.days[row] < cut;
    let mut rows: Vec<usize> = (0..queries.len()).filter(before).filter(was_open).collect();
    rows.sort_by_key(|&row| (queries.days[row], queries.invoices[row]));
    let mut asked = HashSet::new();
    let rows: Vec<(usize, bool)> =
        rows.into_iter().map(|row| (row, !asked.insert(queries.invoices[row]))).collect();
    let taken = rows.len().min(QUESTIONS_MAX);
    let thinned = (0..taken).into_par_iter().map(|at| rows[at * rows.len() / taken]);
    thinned.map(|(row, is_later)| Life::new(table, row, is_later, cut, habits)).collect()
}

impl Life {
    /// The cells that had ended before `cut`, until the payment that was known before it.
    fn new(table: &TrainingTable, row: usize, is_later: bool, cut: Day, habits: &Habits) -> Self {
        let queries = &table.features.queries;
        let (due, start) = (queries.due[row], start(queries, row));
        let paid = table.outcomes[row].paid.filter(|(known, _)| *known < cut);
        // What was paid before the question but known after it came, for all that could be told, on its day.
        let paid = paid.map(|(_, delay)| delay.max(start));
        let mut is_over = false;
        let ahead = cells(start, due, habits)
            .take_while(|cell| due.plus(cell.to) < cut)
            .take_while(|cell| !is_later || cell.from.saturating_sub(start) < LATER_DAYS);
        let lived = ahead.map_while(|cell| {
            let goes_on = !is_over;
            is_over = paid.is_some_and(|day| day <= cell.to);
            goes_on.then_some((cell, is_over))
        });
        Self { row, cells: lived.collect() }
    }

    /// Keeps a share of the cells without a payment, the same ones whatever else is learned from.
    fn draw(&mut self, queries: &Queries, share: f64) {
        if share < 1.0 {
            let (invoice, day) = (queries.invoices[self.row], queries.days[self.row]);
            let index = u64::from(invoice) << 32 | u64::from(day.0 as u32);
            let mut random = seed::stream(SEED, "hazard", index);
            self.cells.retain(|(_, paid)| *paid || random.gen_range(0.0..1.0) < share);
        }
    }

    fn asked(&self) -> (usize, Vec<Cell>) {
        (self.row, self.cells.iter().map(|(cell, _)| *cell).collect())
    }
}

impl Source<'_> {
    /// Features of questions, a row each.
    fn features(&self, rows: &[usize]) -> Result<Array2<f64>> {
        matrix(self.table, rows, self.prior, self.seen).map_err(internal)
    }

    /// What is known of the cells of a question.
    fn covariates(&self, row: usize, cells: &[Cell]) -> Vec<[f64; COVARIATES.len()]> {
        let periods = self.timing.periods(&self.table.queries, row, self.habits);
        cells.iter().map(|cell| periods.covariates(*cell)).collect()
    }

    /// Cells of some questions as the booster sees them, a row each.
    fn records(&self, asked: &[(usize, Vec<Cell>)]) -> Result<Array2<f64>> {
        let rows: Vec<usize> = asked.iter().map(|(row, _)| *row).collect();
        let features = self.features(&rows)?;
        let lines = asked.par_iter().enumerate().flat_map_iter(|(at, (row, cells))| {
            let features = features.row(at).to_vec();
            let line = move |own: [f64; COVARIATES.len()]| own.into_iter().chain(features.clone());
            self.covariates(*row, cells).into_iter().flat_map(line)
        });
        let lines: Vec<f64> = lines.collect();
        let width = COVARIATES.len() + self.seen.len();
        let shaped = Array2::from_shape_vec((lines.len() / width, width), lines);
        shaped.map_err(|cause| Error::new(Code::NotConserved).detail(cause))
    }
}

/// The curve of cells that each take so much off the log of being open. Within a week this is divided as the portfolio's
/// payments are among weekdays.
fn curve(start: i32, due: Day, falls: &[(Cell, f64)], habits: &Habits) -> Curve {
    let mut points = Vec::new();
    let mut fallen = 0.0_f64;
    for &(Cell { from, to }, fall) in falls {
        let from = from.max(FIRST);
        // Nothing is paid on the days that are in no cell.
        points.push((from - 1, (-fallen).exp()));
        let share = |day: i32| habits.weekday_share(due.plus(day));
        let whole: f64 = (from..=to).map(share).sum();
        for day in from..=to {
            fallen += fall * share(day) / whole;
            points.push((day, (-fallen).exp()));
        }
    }
    Curve::new(start.saturating_sub(1), points.into_iter())
}

#[cfg(test)]
mod tests;
