//! Learning from past bills.

use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit as _;
use ndarray::{Array1, Array2, ArrayView2};

use super::bill::Bill;
use super::book::Book;
use super::duel::{self, Duel};
use super::feature::{FEATURES, Feature, Row, rows};
use crate::base::day::{AsOf, Day};
use crate::base::error::{Code, Error, Result};
use crate::model::calibration::Calibration;
use crate::model::split::thinned;
use crate::model::tree::{Forest, ForestKind, ForestParams};
use crate::model::{Labelled, Scorer as _};

/// Fewest past bills, and fewest of them released, that can be learned from.
const BILLS_MIN: usize = 100;
const RELEASES_MIN: usize = 30;

/// Most bills learned from, spread evenly over the past.
const LESSONS_MAX: usize = 20_000;

/// Trees.
const TREES: usize = 300;

/// A model of which bills will be blocked.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockModel {
    pub(super) forest: Forest,
    pub(super) calibration: Calibration,
    /// Share of the past bills that were released.
    pub(super) base: f64,
    duel: Duel,
}

/// Past bills, by day of booking, each as it was known when that day began.
pub(super) struct Lessons<'a> {
    pub(super) book: &'a Book<'a>,
    pub(super) at: Vec<u32>,
    pub(super) rows: Vec<Row>,
}

impl BlockModel {
    /// Learns from what was known when a day had ended.
    pub fn learn(bills: &[Bill], as_of: AsOf, seed: u64) -> Result<Self> {
        let (book, morning) = (Book::new(bills), as_of.0.plus(1));
        let known = || book.bills.iter().filter(|bill| bill.posted < morning);
        let (past, released) = (known().count(), known().filter(|bill| bill.is_released(morning)).count());
        if past < BILLS_MIN || released < RELEASES_MIN {
            let detail = format!(
                "{past} bills of which {released} were released by hand; {BILLS_MIN} and {RELEASES_MIN} are needed"
            );
            return Err(Error::new(Code::HistoryTooShort).detail(detail));
        }
        let lessons = Lessons::new(&book, morning);
        let (duel, calibration) = duel::fight(&lessons, morning, seed);
        let forest = lessons.fit(morning, seed)?;
        Ok(Self { forest, calibration, base: released as f64 / past as f64, duel })
    }

    /// How it did against the rule.
    pub fn duel(&self) -> &Duel {
        &self.duel
    }

    /// Whether it answers, and not the rule.
    pub fn is_used(&self) -> bool {
        self.duel.is_won()
    }
}

impl<'a> Lessons<'a> {
    /// Of the bills that were booked before a day.
    fn new(book: &'a Book, morning: Day) -> Self {
        let past = book.bills.partition_point(|bill| bill.posted < morning);
        let taken = thinned(&(0..past).collect::<Vec<_>>(), LESSONS_MAX);
        let asked: Vec<(u32, Day)> =
            taken.iter().filter_map(|&at| Some((at as u32, book.bills.get(at)?.posted))).collect();
        Self { book, rows: rows(book, &asked), at: asked.into_iter().map(|(at, _)| at).collect() }
    }

    pub(super) fn bill(&self, lesson: usize) -> Option<&Bill<'a>> {
        self.book.bills.get(*self.at.get(lesson)? as usize)
    }

    /// Number of lessons booked before a day.
    pub(super) fn before(&self, day: Day) -> usize {
        self.at.partition_point(|at| self.book.bills.get(*at as usize).is_some_and(|bill| bill.posted < day))
    }

    /// Fits a forest to what was known when a day began. A bill that was not released so far is a no, and weighs as much as
    /// releases would have come by now: leaving the young ones out would leave their releases in.
    pub(super) fn fit(&self, morning: Day, seed: u64) -> Result<Forest> {
        let (mut records, mut released, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (lesson, row) in self.rows.iter().enumerate().take(self.before(morning)) {
            let Some(bill) = self.bill(lesson) else { continue };
            let is_released = bill.is_released(morning);
            let decided = is_released || bill.decided() <= morning;
            let age = morning.0.saturating_sub(bill.posted.0);
            let share = if decided { 1.0 } else { self.book.pace.share(morning, age) };
            records.push(row.values);
            released.push(is_released);
            // Lines are no bills of their own, but a bill of many is worth more than one.
            weights.push((share * f64::from(bill.lines.max(1)).sqrt()) as f32);
        }
        let data: Labelled = DatasetBase::new(Array2::from(records), Array1::from(released))
            .with_weights(Array1::from(weights));
        ForestParams::new(ForestKind::Extra).trees(TREES).rows_min(5).seed(seed).check()?.fit(&data)
    }
}

/// Values of rows.
pub(super) fn matrix<'a>(rows: impl Iterator<Item = &'a Row>) -> Array2<f64> {
    Array2::from(rows.map(|row| row.values).collect::<Vec<[f64; FEATURES]>>())
}

/// Log-odds of rows: the mean of what the forest says and of the rate among those most like it.
pub(super) fn blend(forest: &Forest, rows: ArrayView2<f64>) -> Array1<f64> {
    (forest.log_odds(rows) + rows.column(Feature::Alike as usize)) / 2.0
}
