//! When accounts pay, as far as it was known on each day. [`Timing`] answers questions strictly before their day: which
//! days are ahead ([`cells`]), and what the account's record and the portfolio's [`Habits`] say of each ([`Periods`]).

mod cells;
mod covariates;
mod habits;
mod record;
#[cfg(test)]
mod tests;

pub use cells::{Cell, FIRST, LAST, cells};
pub use covariates::{COVARIATES, Periods};
pub use habits::Habits;

use super::log::key;
use super::query::Queries;
use super::view::LedgerView;
use crate::base::day::Day;
use crate::ledger::life::Settled;
use habits::{Counts, month_part};
use record::Record;

/// Latest payments of an account that are looked at: older ones hardly weigh, and a question's cost is bounded.
const PAYMENTS_MAX: usize = 500;

/// Latest invoices of an account among which open ones are looked for, for the same reasons.
const CLAIMS_MAX: usize = 1_000;

/// The day on which what lasts ends.
const NEVER: Day = Day(i32::MAX);

/// Payments and open times of every account.
#[derive(Debug)]
pub struct Timing {
    /// By the day each was known.
    payments: Sorted<Payment>,
    /// By the day each came to be open.
    claims: Sorted<Claim>,
}

/// An invoice settled in full.
#[derive(Debug, Clone, Copy)]
struct Payment {
    invoice: u32,
    known: Day,
    happened: Day,
    /// The day on which it was known to have come back.
    until: Day,
    /// Days from due.
    delay: i32,
    month_part: u8,
}

/// A time during which an invoice was open.
#[derive(Debug, Clone, Copy)]
struct Claim {
    invoice: u32,
    due: Day,
    /// The day from which it was.
    from: Day,
    /// The day on which it was known to be settled.
    until: Day,
}

/// Rows by account and day.
#[derive(Debug)]
struct Sorted<Row> {
    keys: Vec<i64>,
    rows: Vec<Row>,
}

impl<Row: Copy> Sorted<Row> {
    fn new(mut keyed: Vec<(i64, Row)>) -> Self {
        // Invoices stand by customer and issue: a stable sort keeps that order among those of one day.
        keyed.sort_by_key(|(key, _)| *key);
        let (keys, rows) = keyed.into_iter().unzip();
        Self { keys, rows }
    }

    /// The latest of an account's rows before a day, at most so many.
    fn latest(&self, account: u32, day: Day, most: usize) -> &[Row] {
        let position = |wanted: i64| self.keys.partition_point(|&key| key < wanted);
        let (from, to) = (position(key(account, Day(0))), position(key(account, day)));
        &self.rows[from.max(to.saturating_sub(most))..to]
    }
}

impl Timing {
    /// Sorts what a view shows.
    pub fn new(view: &LedgerView) -> Self {
        let (mut payments, mut claims) = (Vec::new(), Vec::new());
        for (at, invoice) in view.invoices().filter(|(_, invoice)| invoice.amount > 0) {
            let due = invoice.due;
            let mut open = |from: Day, until: Day| {
                claims.push((key(invoice.account, from), Claim { invoice: at, due, from, until }));
            };
            let mut open_from = Some(invoice.stamp.known);
            view.each_settled(at, |Settled { stamp, until }| {
                let payment = Payment {
                    invoice: at,
                    known: stamp.known,
                    happened: stamp.happened,
                    until: until.unwrap_or(NEVER),
                    delay: stamp.happened.0.saturating_sub(due.0),
                    month_part: month_part(stamp.happened.day_of_month()) as u8,
                };
                payments.push((key(invoice.account, stamp.known), payment));
                if let Some(from) = open_from {
                    open(from, stamp.known);
                }
                open_from = until;
            });
            if let Some(from) = open_from {
                open(from, NEVER);
            }
        }
        Self { payments: Sorted::new(payments), claims: Sorted::new(claims) }
    }

    /// The portfolio's habits as they were known before a day.
    pub fn habits(&self, cut: Day) -> Habits {
        let mut counts = Counts::new();
        for payment in self.payments.rows.iter().filter(|payment| payment.known < cut && payment.until >= cut)
        {
            counts.paid(payment.delay, payment.happened.weekday() as usize, usize::from(payment.month_part));
        }
        for claim in self.claims.rows.iter().filter(|claim| claim.from < cut && claim.until >= cut) {
            counts.open(cut.0.saturating_sub(1).saturating_sub(claim.due.0));
        }
        counts.habits()
    }

    /// The cells ahead of a question, by its position, with what was known before its day of when its account pays. The
    /// invoice asked about is no part of that.
    pub fn periods<'a>(&self, queries: &Queries, question: usize, habits: &'a Habits) -> Periods<'a> {
        let (account, day) = (queries.accounts[question], queries.days[question]);
        let invoice = queries.invoices[question];
        let payments = self.payments.latest(account, day, PAYMENTS_MAX).iter();
        let claims = self.claims.latest(account, day, CLAIMS_MAX).iter();
        let record = Record::new(
            day,
            payments.filter(|payment| payment.until >= day && payment.invoice != invoice),
            claims.filter(|claim| claim.until >= day && claim.invoice != invoice),
        );
        let (issued, due) = (queries.issued[question], queries.due[question]);
        Periods { habits, record, day, issued, due }
    }
}
