//! Events sorted by group and day known, summed cumulatively: "how many, and how much in all, before this day" is two
//! binary searches and a subtraction, for a million questions at once. Sums are of whole numbers, so they do not depend
//! on the order of rows or on threads.

use polars::prelude::{
    ChunkCast, ChunkTake, DataType, Float64Chunked, IdxCa, IdxSize, Int64Chunked, NewChunkedArray,
    PlSmallStr, PolarsResult,
};

use super::query::Queries;
use crate::base::day::Day;

/// Days fit in this many bits of a key; the group stands above them.
const DAY_BITS: u32 = 20;

/// Place of a group's day in the order of a log.
pub fn key(group: u32, day: Day) -> i64 {
    (i64::from(group) << DAY_BITS) + i64::from(day.0.clamp(0, (1 << DAY_BITS) - 1))
}

/// Events of one kind.
#[derive(Debug)]
pub struct Log {
    keys: Vec<i64>,
    columns: Vec<Figures>,
}

/// One whole number per event.
#[derive(Debug)]
struct Figures {
    name: &'static str,
    values: Int64Chunked,
    /// Sum of all values before each position; one longer than the values.
    sums: Int64Chunked,
}

/// For each question, the run of events that answers it.
#[derive(Debug)]
pub struct Span<'a> {
    log: &'a Log,
    from: IdxCa,
    to: IdxCa,
}

impl Log {
    /// Sorts events by key; equal keys keep their order. `columns` are named whole numbers, one per event.
    pub fn new(keys: &[i64], columns: Vec<(&'static str, Vec<i64>)>) -> PolarsResult<Self> {
        let mut order: Vec<IdxSize> = (0..keys.len() as IdxSize).collect();
        order.sort_by_key(|&at| keys[at as usize]);
        let sorted = order.iter().map(|&at| keys[at as usize]).collect();
        let order = IdxCa::from_vec(PlSmallStr::EMPTY, order);
        let columns = columns
            .into_iter()
            .map(|(name, values)| {
                let values = Int64Chunked::from_vec(PlSmallStr::EMPTY, values).take(&order)?;
                Ok(Figures { name, sums: sums_before(&values), values })
            })
            .collect::<PolarsResult<_>>()?;
        Ok(Self { keys: sorted, columns })
    }

    /// For each question, its account's events known before its day.
    pub fn before(&self, queries: &Queries) -> Span<'_> {
        self.between(queries, |at| queries.accounts[at], None)
    }

    /// For each question, its account's events known in the `days` before its day.
    pub fn within(&self, queries: &Queries, days: i32) -> Span<'_> {
        self.between(queries, |at| queries.accounts[at], Some(days))
    }

    /// As [`Log::before`] where events are grouped by something else.
    pub fn before_in(&self, queries: &Queries, group: impl Fn(usize) -> u32) -> Span<'_> {
        self.between(queries, group, None)
    }

    fn between(&self, queries: &Queries, group: impl Fn(usize) -> u32, days: Option<i32>) -> Span<'_> {
        let start = |at: usize| days.map_or(Day(0), |days| queries.days[at].plus(-days));
        let from = self.position(queries.len(), |at| key(group(at), start(at)));
        let to = self.position(queries.len(), |at| key(group(at), queries.days[at]));
        Span { log: self, from, to }
    }

    /// For each question, how many events stand before its key.
    fn position(&self, questions: usize, of: impl Fn(usize) -> i64) -> IdxCa {
        let before = |wanted: i64| self.keys.partition_point(|&key| key < wanted) as IdxSize;
        IdxCa::from_iter_values(PlSmallStr::EMPTY, (0..questions).map(|at| before(of(at))))
    }

    fn figures(&self, name: &str) -> PolarsResult<&Figures> {
        self.columns
            .iter()
            .find(|figures| figures.name == name)
            .ok_or_else(|| polars::prelude::PolarsError::ColumnNotFound(name.to_owned().into()))
    }
}

fn sums_before(values: &Int64Chunked) -> Int64Chunked {
    let mut sum = 0_i64;
    let sums = values.into_no_null_iter().map(|value| {
        sum = sum.wrapping_add(value);
        sum
    });
    Int64Chunked::from_vec(PlSmallStr::EMPTY, std::iter::once(0).chain(sums).collect())
}

impl Span<'_> {
    /// Number of events.
    pub fn count(&self) -> PolarsResult<Float64Chunked> {
        let number = |positions: &IdxCa| positions.cast(&DataType::Float64)?.f64().cloned();
        Ok(&number(&self.to)? - &number(&self.from)?)
    }

    /// Sum of a figure over the events.
    pub fn sum(&self, figure: &str) -> PolarsResult<Float64Chunked> {
        let sums = &self.log.figures(figure)?.sums;
        // Whole numbers are subtracted before they become floats, so that no digit is lost. A sum that ever wrapped
        // around comes back right by the same wrapping.
        let difference = &sums.take(&self.to)? - &sums.take(&self.from)?;
        difference.cast(&DataType::Float64)?.f64().cloned()
    }

    /// Mean of a figure; NaN where there is no event.
    pub fn mean(&self, figure: &str) -> PolarsResult<Float64Chunked> {
        Ok(&self.sum(figure)? / &self.count()?)
    }

    /// A figure of the `nth` event from the end, the last being 1; NaN where there are fewer.
    pub fn last(&self, nth: IdxSize, figure: &str) -> PolarsResult<Float64Chunked> {
        let positions = self.from.into_no_null_iter().zip(self.to.into_no_null_iter());
        let positions: IdxCa =
            positions.map(|(from, to)| to.checked_sub(nth).filter(|&at| at >= from)).collect();
        let values = self.log.figures(figure)?.values.take(&positions)?;
        let values = values.cast(&DataType::Float64)?;
        Ok(Float64Chunked::from_iter_values(
            PlSmallStr::EMPTY,
            values.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)),
        ))
    }
}
