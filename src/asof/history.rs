//! The facts of a view as logs, one per kind of event, each sorted by account (a customer in one currency, so that
//! money is never summed across currencies) and day known. Promises are a customer's, in whatever currency.

use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

use super::log::{Log, key};
use super::view::{LedgerView, Promise};
use crate::base::day::Day;
use crate::base::limits::QUANTILE_WINDOW_ROWS;
use crate::base::money::Currency;
use crate::ledger::{Invoice, Settlement, Stamp};

/// Quantiles kept of a customer's latest delays, in hundredths.
pub const QUANTILES: [(&str, usize); 5] = [("q10", 10), ("q25", 25), ("q50", 50), ("q75", 75), ("q90", 90)];

/// Figures of payments by their weekday, Monday first.
pub const WEEKDAYS: [&str; 7] =
    ["weekday_0", "weekday_1", "weekday_2", "weekday_3", "weekday_4", "weekday_5", "weekday_6"];

/// What happened, ready for questions.
#[derive(Debug)]
pub struct History {
    /// Days after the due day from which a payment counts as late.
    pub grace_days: i32,
    /// Invoices issued: `amount`.
    pub issued: Log,
    /// Invoices settled in full: `delay` (days after the due day), `delay_squared`, `late` (0/1), `late_delay`,
    /// `pay_days` (days since issue), `amount`, `late_amount`, `weekday_0`…`weekday_6` of the payment (0/1), `known`
    /// (day), and the quantiles of the delays up to it.
    pub paid: Log,
    /// The same by customer and weekday of the due day: `delay`, `late`.
    pub paid_by_due_weekday: Log,
    /// What comes to be open (plus) and ceases to be (minus): `count`, `amount`.
    pub open: Log,
    /// What comes to be past due (plus) and ceases to be (minus): `count`, `amount`, `due` (day).
    pub overdue: Log,
    /// Disputes raised: no figures.
    pub disputes: Log,
    /// Promises made: no figures.
    pub promises: Log,
    /// Promises broken, on the day after they were due: no figures.
    pub promises_broken: Log,
}

/// Group of an account's invoices due on one weekday.
pub fn weekday_group(account: u32, due: Day) -> u32 {
    account * 7 + due.weekday() as u32
}

impl History {
    /// Sorts what a view shows.
    pub fn new(view: &LedgerView, grace_days: i32) -> PolarsResult<Self> {
        let paid = Paid::collect(view, grace_days);
        let (open, overdue) = open_and_overdue(view);
        let issued: Vec<&Invoice> = view.invoices().map(|(_, invoice)| invoice).collect();
        let disputes: Vec<i64> = issued
            .iter()
            .filter_map(|invoice| {
                let raised = invoice.disputed.filter(|day| *day <= view.as_of().0)?;
                Some(key(invoice.account, raised.max(invoice.stamp.known)))
            })
            .collect();
        let (promises, promises_broken) = promises(view);
        Ok(Self {
            grace_days,
            issued: Log::new(
                &issued.iter().map(|invoice| key(invoice.account, invoice.stamp.known)).collect::<Vec<_>>(),
                vec![("amount", issued.iter().map(|invoice| invoice.amount).collect())],
            )?,
            paid: paid.log()?,
            paid_by_due_weekday: paid.log_by_due_weekday()?,
            open: open.log(["count", "amount"])?,
            overdue: overdue.log(["count", "amount", "due"])?,
            disputes: Log::new(&disputes, Vec::new())?,
            promises: Log::new(&promises, Vec::new())?,
            promises_broken: Log::new(&promises_broken, Vec::new())?,
        })
    }
}

/// Invoices settled in full, in the order in which each customer's settlements became known.
struct Paid<'a> {
    grace_days: i32,
    rows: Vec<(&'a Invoice, Stamp)>,
}

impl<'a> Paid<'a> {
    fn collect(view: &LedgerView<'a>, grace_days: i32) -> Self {
        let settled = |(at, invoice)| view.settled(at).map(|stamp| (invoice, stamp));
        let mut rows: Vec<(&Invoice, Stamp)> = view.invoices().filter_map(settled).collect();
        // Invoices stand by customer and issue: a stable sort keeps that order among those known on one day.
        rows.sort_by_key(|(invoice, stamp)| key(invoice.account, stamp.known));
        Self { grace_days, rows }
    }

    fn figure(&self, of: impl Fn(&Invoice, Stamp) -> i64) -> Vec<i64> {
        self.rows.iter().map(|&(invoice, stamp)| of(invoice, stamp)).collect()
    }

    fn log(&self) -> PolarsResult<Log> {
        let late = |invoice: &Invoice, stamp| self.late(invoice, stamp);
        let delays = self.figure(delay);
        let mut columns = vec![
            ("delay_squared", delays.iter().map(|delay| delay * delay).collect()),
            ("late", self.figure(late)),
            ("late_delay", self.figure(|invoice, stamp| late(invoice, stamp) * delay(invoice, stamp))),
            (
                "pay_days",
                self.figure(|invoice, stamp| i64::from(stamp.happened.0 - invoice.stamp.happened.0)),
            ),
            ("amount", self.figure(|invoice, _| invoice.amount)),
            ("late_amount", self.figure(|invoice, stamp| late(invoice, stamp) * invoice.amount)),
            ("known", self.figure(|_, stamp| i64::from(stamp.known.0))),
        ];
        columns.extend(WEEKDAYS.iter().zip(0..).map(|(&name, weekday)| {
            (name, self.figure(|_, stamp| i64::from(stamp.happened.weekday() == weekday)))
        }));
        columns.extend(self.quantiles(&delays));
        columns.push(("delay", delays));
        Log::new(&self.figure(|invoice, stamp| key(invoice.account, stamp.known)), columns)
    }

    fn log_by_due_weekday(&self) -> PolarsResult<Log> {
        let keys =
            self.figure(|invoice, stamp| key(weekday_group(invoice.account, invoice.due), stamp.known));
        Log::new(
            &keys,
            vec![
                ("delay", self.figure(delay)),
                ("late", self.figure(|invoice, stamp| self.late(invoice, stamp))),
            ],
        )
    }

    fn late(&self, invoice: &Invoice, settled: Stamp) -> i64 {
        i64::from(settled.happened > invoice.due.plus(self.grace_days))
    }

    /// Nearest-rank quantiles of each customer's latest delays, the row's own included. A sliding sorted window: the
    /// polars expression for it would add a quarter of an hour to the first build.
    fn quantiles(&self, delays: &[i64]) -> Vec<(&'static str, Vec<i64>)> {
        let mut columns: Vec<(&str, Vec<i64>)> =
            QUANTILES.iter().map(|(name, _)| (*name, Vec::with_capacity(delays.len()))).collect();
        let mut window: Vec<i64> = Vec::with_capacity(QUANTILE_WINDOW_ROWS + 1);
        let mut start = 0;
        for (at, (invoice, _)) in self.rows.iter().enumerate() {
            if self.rows[start].0.account != invoice.account {
                start = at;
                window.clear();
            }
            if at - start == QUANTILE_WINDOW_ROWS {
                let leaving = window.partition_point(|&delay| delay < delays[start]);
                window.remove(leaving);
                start += 1;
            }
            window.insert(window.partition_point(|&delay| delay < delays[at]), delays[at]);
            for ((_, hundredths), (_, values)) in QUANTILES.iter().zip(&mut columns) {
                values.push(window[(window.len() * hundredths).div_ceil(100) - 1]);
            }
        }
        columns
    }
}

fn delay(invoice: &Invoice, settled: Stamp) -> i64 {
    i64::from(settled.happened.0 - invoice.due.0)
}

/// Signed events under construction.
#[derive(Default)]
struct Moves<const N: usize> {
    keys: Vec<i64>,
    figures: Vec<[i64; N]>,
}

impl<const N: usize> Moves<N> {
    fn push(&mut self, account: u32, day: Day, figures: [i64; N]) {
        self.keys.push(key(account, day));
        self.figures.push(figures);
    }

    fn log(&self, names: [&'static str; N]) -> PolarsResult<Log> {
        let column = |at: usize| self.figures.iter().map(|figures| figures[at]).collect();
        Log::new(&self.keys, names.into_iter().enumerate().map(|(at, name)| (name, column(at))).collect())
    }
}

/// When each invoice's balance came to be open and past due, shrank and ceased.
fn open_and_overdue(view: &LedgerView) -> (Moves<2>, Moves<3>) {
    let (mut open, mut overdue) = (Moves::default(), Moves::default());
    for (at, invoice) in view.invoices().filter(|(_, invoice)| invoice.amount > 0) {
        let account = invoice.account;
        let overdue_from = invoice.due.plus(1).max(invoice.stamp.known);
        open.push(account, invoice.stamp.known, [1, invoice.amount]);
        let mut balance = invoice.amount;
        let mut is_overdue = false;
        for Settlement { stamp, amount, .. } in view.settlements_of(at) {
            if stamp.known >= overdue_from && balance > 0 && !is_overdue {
                overdue.push(account, overdue_from, [1, balance, i64::from(invoice.due.0)]);
                is_overdue = true;
            }
            balance -= amount;
            let closing = i64::from(balance <= 0);
            open.push(account, stamp.known, [-closing, -amount]);
            if is_overdue {
                overdue.push(account, stamp.known, [-closing, -amount, -closing * i64::from(invoice.due.0)]);
            }
        }
        if balance > 0 && !is_overdue && overdue_from <= view.as_of().0 {
            overdue.push(account, overdue_from, [1, balance, i64::from(invoice.due.0)]);
        }
    }
    (open, overdue)
}

/// Keys of the promises made, and of those broken: on the day after it was due, what was promised had not come.
fn promises(view: &LedgerView) -> (Vec<i64>, Vec<i64>) {
    let receipts = Receipts::collect(view);
    let (mut made, mut broken) = (Vec::new(), Vec::new());
    for promise in view.promises() {
        made.push(key(promise.customer, promise.made));
        if promise.by < view.as_of().0 && !kept(view, &receipts, &promise) {
            broken.push(key(promise.customer, promise.by.max(promise.made).plus(1)));
        }
    }
    (made, broken)
}

fn kept(view: &LedgerView, receipts: &Receipts, promise: &Promise) -> bool {
    let by_then = |stamp: Stamp| stamp.known <= promise.by.max(promise.made);
    let whole = promise.invoice.and_then(|invoice| view.settled(invoice));
    if promise.invoice.is_some() && promise.amount.is_none() {
        return whole.is_some_and(by_then);
    }
    let until = promise.by.max(promise.made);
    let came = match promise.amount {
        Some((amount, currency)) => {
            receipts.between(promise.customer, currency, promise.made, until) >= amount
        }
        // Without an amount, anything that came is a sign of good will.
        None => receipts.any(promise.customer, promise.made, until),
    };
    came || whole.is_some_and(by_then)
}

/// What customers paid, by currency and day, for promises that are not about one whole invoice.
struct Receipts {
    /// Days known, ascending, and the sums of all amounts before each; one sum more than days.
    accounts: BTreeMap<(u32, Currency), (Vec<Day>, Vec<i64>)>,
}

impl Receipts {
    fn collect(view: &LedgerView) -> Self {
        let mut rows: BTreeMap<(u32, Currency), Vec<(Day, i64)>> = BTreeMap::new();
        for (at, invoice) in view.invoices() {
            let paid = view.settlements_of(at).iter().map(|paid| (paid.stamp.known, paid.amount));
            rows.entry((invoice.customer, invoice.currency)).or_default().extend(paid);
        }
        let summed = |mut rows: Vec<(Day, i64)>| {
            rows.sort_unstable();
            let mut sum = 0_i64;
            let sums = std::iter::once(0).chain(rows.iter().map(|(_, amount)| {
                sum = sum.wrapping_add(*amount);
                sum
            }));
            let sums = sums.collect();
            (rows.into_iter().map(|(day, _)| day).collect(), sums)
        };
        Self { accounts: rows.into_iter().map(|(account, rows)| (account, summed(rows))).collect() }
    }

    /// What was known to be paid in a currency after `from` and by `to`.
    fn between(&self, customer: u32, currency: Currency, from: Day, to: Day) -> i64 {
        let Some((days, sums)) = self.accounts.get(&(customer, currency)) else { return 0 };
        let until = |day: Day| sums[days.partition_point(|known| *known <= day)];
        until(to).wrapping_sub(until(from))
    }

    /// Whether anything was known to be paid after `from` and by `to`.
    fn any(&self, customer: u32, from: Day, to: Day) -> bool {
        let first = (customer, Currency::new([0; 3], 0));
        let accounts = self.accounts.range(first..).take_while(|((owner, _), _)| *owner == customer);
        accounts.into_iter().any(|((_, currency), _)| self.between(customer, *currency, from, to) > 0)
    }
}
