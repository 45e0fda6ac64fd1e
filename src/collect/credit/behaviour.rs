//! How a customer pays: from its invoices of the last year that were settled or are past due. An invoice still open is counted
//! with the days that it is late so far, so that one who stopped paying does not look better than one who pays late; one that was
//! ever disputed is left out, since it says more about the delivery than about the payer.

use std::collections::BTreeMap;

use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::Invoice;

/// Days looked back on.
const YEAR_DAYS: i32 = 365;

/// Days of the later part of it, for the trend.
const RECENT_DAYS: i32 = 183;

/// Fewest invoices from which behaviour, and fewest on each side from which a trend, is judged.
const INVOICES_MIN: usize = 5;

/// How a customer pays, from best to worst; new is between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// By the due day, with few exceptions.
    Reliable,
    /// Within the days that are usual beyond terms.
    Usual,
    /// Too little is known.
    New,
    /// Weeks late.
    Slow,
    /// A month late and more.
    Poor,
    /// Has stopped paying something, or pays two months late.
    Failing,
}

/// What its invoices of the last year show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// Invoices settled or past due.
    pub invoices: usize,
    /// Of them, paid or still open after the due day.
    pub late: usize,
    /// Median days from the due day to payment.
    pub median_days_late: Option<i32>,
    /// The same of those due in the last six months, less that of those due before.
    pub trend_days: Option<i32>,
    /// Days by which the oldest open invoice is past due.
    pub oldest_days: i32,
}

/// One customer in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub customer: u32,
    pub currency: Currency,
    /// Open less unapplied.
    pub exposure: i64,
    /// Invoices of the last year.
    pub billed: usize,
    /// Most billed in a calendar month of the last year.
    pub peak_monthly: i64,
    /// Median days to pay that it is given.
    pub terms_days: i32,
    pub behaviour: Behaviour,
}

/// Figures of an account in the making.
#[derive(Default)]
struct Facts {
    exposure: i64,
    months: BTreeMap<Day, i64>,
    terms: Vec<i32>,
    /// Due day and days late of what was settled or is past due.
    delays: Vec<(Day, i32)>,
    oldest_days: i32,
}

impl Band {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reliable => "reliable",
            Self::Usual => "usual",
            Self::New => "new",
            Self::Slow => "slow",
            Self::Poor => "poor",
            Self::Failing => "failing",
        }
    }
}

impl Behaviour {
    /// Share of the invoices that were late, in percent.
    pub fn late_percent(&self) -> Option<usize> {
        (100 * self.late).checked_div(self.invoices)
    }
}

/// Every account of a view, by customer and currency.
pub(super) fn accounts(view: &LedgerView) -> Vec<Account> {
    let mut facts: BTreeMap<(u32, Currency), Facts> = BTreeMap::new();
    for (at, invoice) in view.invoices() {
        facts.entry((invoice.customer, invoice.currency)).or_default().take(view, at, invoice);
    }
    for ((customer, currency), amount) in view.unapplied() {
        if let Some(own) = customer.and_then(|customer| facts.get_mut(&(customer, currency))) {
            own.exposure = own.exposure.saturating_sub(amount);
        }
    }
    let split = view.as_of().0.plus(-RECENT_DAYS);
    facts.into_iter().map(|((customer, currency), own)| own.account(customer, currency, split)).collect()
}

impl Facts {
    fn take(&mut self, view: &LedgerView, at: u32, invoice: &Invoice) {
        let today = view.as_of().0;
        let balance = view.balance(at);
        self.exposure = self.exposure.saturating_add(balance);
        if invoice.stamp.happened > today.plus(-YEAR_DAYS) {
            let month = self.months.entry(invoice.stamp.happened.month_start()).or_default();
            *month = month.saturating_add(invoice.amount);
            self.terms.push(invoice.due.0 - invoice.stamp.happened.0);
        }
        if invoice.disputed.is_some_and(|day| day <= today) {
            return;
        }
        let settled = view.settled(at).map(|stamp| stamp.happened);
        if settled.is_none() {
            self.oldest_days = self.oldest_days.max(today.0 - invoice.due.0);
        }
        // What is not due yet is left out even if it is paid: its like that is not paid cannot be told to be late.
        let fell_due = today.plus(-YEAR_DAYS) < invoice.due && invoice.due <= today;
        if fell_due && (settled.is_some() || invoice.due < today) {
            self.delays.push((invoice.due, settled.unwrap_or(today).0 - invoice.due.0));
        }
    }

    fn account(self, customer: u32, currency: Currency, split: Day) -> Account {
        let days = |of: &dyn Fn(Day) -> bool| -> Vec<i32> {
            self.delays.iter().filter(|(due, _)| of(*due)).map(|(_, late)| *late).collect()
        };
        let (before, recent) = (days(&|due| due <= split), days(&|due| due > split));
        let enough = before.len().min(recent.len()) >= INVOICES_MIN;
        let trend = median(recent).zip(median(before)).filter(|_| enough);
        let all = days(&|_| true);
        let behaviour = Behaviour {
            invoices: all.len(),
            late: all.iter().filter(|late| **late > 0).count(),
            median_days_late: median(all),
            trend_days: trend.map(|(recent, before)| recent - before),
            oldest_days: self.oldest_days,
        };
        Account {
            customer,
            currency,
            exposure: self.exposure,
            billed: self.terms.len(),
            peak_monthly: self.months.values().copied().max().unwrap_or_default(),
            terms_days: median(self.terms).unwrap_or_default().max(0),
            behaviour,
        }
    }
}

/// The lower median.
fn median(mut days: Vec<i32>) -> Option<i32> {
    days.sort_unstable();
    days.get(days.len().saturating_sub(1) / 2).copied()
}

/// Whether enough is known to judge.
pub(super) fn is_known(behaviour: &Behaviour) -> bool {
    behaviour.invoices >= INVOICES_MIN
}
