//! Invoices settled in full, as logs. What came back is taken off again from the day on which it did, and not before: so
//! a figure as of a day is the same whether it is asked on that day or years later.

use polars::prelude::{Float64Chunked, PolarsResult};

use super::history::weekday_group;
use super::log::{Log, Span, key};
use super::query::Queries;
use super::view::LedgerView;
use crate::base::day::Day;
use crate::base::limits::QUANTILE_WINDOW_ROWS;
use crate::ledger::life::Settled;
use crate::ledger::{Invoice, Stamp};

/// Quantiles kept of a customer's latest delays, in hundredths.
pub const QUANTILES: [(&str, usize); 5] = [("q10", 10), ("q25", 25), ("q50", 50), ("q75", 75), ("q90", 90)];

/// Figures of payments by their weekday, Monday first.
pub const WEEKDAYS: [&str; 7] =
    ["weekday_0", "weekday_1", "weekday_2", "weekday_3", "weekday_4", "weekday_5", "weekday_6"];

/// Figures of a settlement that are summed: itself, its days after the due day, whether it was late, days since issue.
const FIGURES: [&str; 8] =
    ["count", "delay", "delay_squared", "late", "late_delay", "pay_days", "amount", "late_amount"];

/// Windows looked back on, in days before the question.
pub const WINDOWS: [i32; 3] = [30, 90, 180];

/// Invoices settled in full.
#[derive(Debug)]
pub struct Paid {
    /// Every settlement in full, those that did not last too: `delay` (days after the due day), `delay_squared`, `late`
    /// (0/1), `late_delay`, `pay_days` (days since issue), `amount`, `late_amount`, `weekday_0`…`weekday_6` of the payment
    /// (0/1), `known` (day), and the quantiles of the delays up to it.
    log: Log,
    /// Those that did not last, on the day that showed: `count` and the figures of the other.
    lapsed: Log,
    /// The same for each of [`WINDOWS`], until the window has passed the settlement itself.
    lapsed_within: [Log; WINDOWS.len()],
}

/// For each question, the settlements that lasted until its day.
#[derive(Debug)]
pub struct Lasting<'a> {
    all: Span<'a>,
    lapsed: Span<'a>,
}

impl Paid {
    /// For each question, what was known before its day.
    pub fn before(&self, queries: &Queries) -> Lasting<'_> {
        Lasting { all: self.log.before(queries), lapsed: self.lapsed.before(queries) }
    }

    /// For each question, what was known in each of [`WINDOWS`] before its day.
    pub fn within(&self, queries: &Queries) -> [Lasting<'_>; WINDOWS.len()] {
        std::array::from_fn(|at| Lasting {
            all: self.log.within(queries, WINDOWS[at]),
            lapsed: self.lapsed_within[at].before(queries),
        })
    }

    /// For each question, every settlement known before its day. The latest ones may have come back since: how a customer
    /// pays they tell all the same.
    pub fn latest(&self, queries: &Queries) -> Span<'_> {
        self.log.before(queries)
    }
}

impl Lasting<'_> {
    /// Number of settlements.
    pub fn count(&self) -> PolarsResult<Float64Chunked> {
        Ok(&self.all.count()? - &self.lapsed.sum("count")?)
    }

    /// Sum of a figure.
    pub fn sum(&self, figure: &str) -> PolarsResult<Float64Chunked> {
        Ok(&self.all.sum(figure)? - &self.lapsed.sum(figure)?)
    }

    /// Mean of a figure; NaN where there is no settlement.
    pub fn mean(&self, figure: &str) -> PolarsResult<Float64Chunked> {
        Ok(&self.sum(figure)? / &self.count()?)
    }
}

/// Times of being settled in full, in the order in which each account's became known.
pub(super) struct Periods<'a> {
    grace_days: i32,
    rows: Vec<Period<'a>>,
}

/// One of them.
#[derive(Clone, Copy)]
struct Period<'a> {
    invoice: &'a Invoice,
    stamp: Stamp,
    until: Option<Day>,
}

impl<'a> Periods<'a> {
    pub(super) fn collect(view: &LedgerView<'a>, grace_days: i32) -> Self {
        let mut rows: Vec<Period> = Vec::new();
        for (at, invoice) in view.invoices() {
            view.each_settled(at, |Settled { stamp, until }| rows.push(Period { invoice, stamp, until }));
        }
        // Invoices stand by customer and issue: a stable sort keeps that order among those known on one day.
        rows.sort_by_key(|period| key(period.invoice.account, period.stamp.known));
        Self { grace_days, rows }
    }

    pub(super) fn paid(&self) -> PolarsResult<Paid> {
        let rows: Vec<_> = self.rows.iter().map(|period| (period.stamp.known, 1, period)).collect();
        let (keys, mut columns) = self.signed(account, &rows);
        columns.push(("known", rows.iter().map(|(known, ..)| i64::from(known.0)).collect()));
        columns.extend(self.quantiles());
        let [month, quarter, half] = WINDOWS.map(|days| self.lapsed(Some(days)));
        Ok(Paid {
            log: Log::new(&keys, columns)?,
            lapsed: self.lapsed(None)?,
            lapsed_within: [month?, quarter?, half?],
        })
    }

    pub(super) fn by_due_weekday(&self) -> PolarsResult<Log> {
        let came = self.rows.iter().map(|period| (period.stamp.known, 1, period));
        let went = self.rows.iter().filter_map(|period| Some((period.until?, -1, period)));
        let rows: Vec<_> = came.chain(went).collect();
        let (keys, mut columns) =
            self.signed(|period| weekday_group(period.invoice.account, period.invoice.due), &rows);
        columns.retain(|(name, _)| ["count", "delay", "late"].contains(name));
        Log::new(&keys, columns)
    }

    /// What did not last: from the day that showed, and, in a window, for as long as the settlement itself is in it.
    fn lapsed(&self, days: Option<i32>) -> PolarsResult<Log> {
        let mut rows: Vec<(Day, i64, &Period)> = Vec::new();
        for period in &self.rows {
            let Some(until) = period.until else { continue };
            match days.map(|days| period.stamp.known.plus(days)) {
                None => rows.push((until, 1, period)),
                Some(left) if until < left => rows.extend([(until, 1, period), (left, -1, period)]),
                Some(_) => {}
            }
        }
        let (keys, columns) = self.signed(account, &rows);
        Log::new(&keys, columns)
    }

    /// Keys and columns of rows that each add a settlement's figures, or take them off, on a day.
    fn signed(
        &self,
        group: impl Fn(&Period) -> u32,
        rows: &[(Day, i64, &Period)],
    ) -> (Vec<i64>, Vec<(&'static str, Vec<i64>)>) {
        let mut columns: Vec<(&str, Vec<i64>)> =
            FIGURES.iter().chain(&WEEKDAYS).map(|name| (*name, Vec::with_capacity(rows.len()))).collect();
        let mut keys = Vec::with_capacity(rows.len());
        for (day, sign, period) in rows {
            keys.push(key(group(period), *day));
            let weekday = period.stamp.happened.weekday();
            let weekdays = (0..WEEKDAYS.len() as i32).map(|other| i64::from(other == weekday));
            let figures = period.figures(self.grace_days).into_iter().chain(weekdays);
            for ((_, column), figure) in columns.iter_mut().zip(figures) {
                column.push(sign * figure);
            }
        }
        (keys, columns)
    }

    /// Nearest-rank quantiles of each customer's latest delays, the row's own included. A sliding sorted window: the
    /// polars expression for it would add a quarter of an hour to the first build.
    fn quantiles(&self) -> Vec<(&'static str, Vec<i64>)> {
        let mut columns: Vec<(&str, Vec<i64>)> =
            QUANTILES.iter().map(|(name, _)| (*name, Vec::with_capacity(self.rows.len()))).collect();
        let mut window: Vec<i64> = Vec::with_capacity(QUANTILE_WINDOW_ROWS + 1);
        let mut start = 0;
        for (at, period) in self.rows.iter().enumerate() {
            if self.rows[start].invoice.account != period.invoice.account {
                start = at;
                window.clear();
            }
            if at - start == QUANTILE_WINDOW_ROWS {
                let leaves = self.rows[start].delay();
                window.remove(window.partition_point(|&delay| delay < leaves));
                start += 1;
            }
            let delay = period.delay();
            window.insert(window.partition_point(|&other| other < delay), delay);
            for ((_, hundredths), (_, values)) in QUANTILES.iter().zip(&mut columns) {
                values.push(window[(window.len() * hundredths).div_ceil(100) - 1]);
            }
        }
        columns
    }
}

impl Period<'_> {
    fn delay(&self) -> i64 {
        i64::from(self.stamp.happened.0 - self.invoice.due.0)
    }

    /// In the order of [`FIGURES`].
    fn figures(&self, grace_days: i32) -> [i64; FIGURES.len()] {
        let delay = self.delay();
        let late = i64::from(self.stamp.happened > self.invoice.due.plus(grace_days));
        let pay_days = i64::from(self.stamp.happened.0 - self.invoice.stamp.happened.0);
        let amount = self.invoice.amount;
        [1, delay, delay * delay, late, late * delay, pay_days, amount, late * amount]
    }
}

fn account(period: &Period) -> u32 {
    period.invoice.account
}
