//! What is owed, by account, and the facts about its customer: the ground that suppression and stages stand on.

use crate::asof::view::{LedgerView, OpenItem};
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::{Activity, Pause};
use crate::model::score::RiskScore;

/// An open claim and how risky it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// Position of the invoice in the ledger.
    pub invoice: u32,
    /// What is left of it, in minor units.
    pub balance: i64,
    /// Probability of being paid late or, where it is late, of not being paid within 30 days.
    pub risk: f64,
    /// Expected amount at risk, in minor units.
    pub at_risk: i64,
}

impl Item {
    /// The claim that was scored.
    pub fn of(score: &RiskScore) -> Self {
        let [.., month] = score.when.as_ref().map_or([1.0 - score.late; 3], |when| when.paid_within);
        let risk = if score.days_past_due > 0 { 1.0 - month } else { score.late };
        Self { invoice: score.item.invoice, balance: score.item.balance, risk, at_risk: score.at_risk }
    }

    /// A claim that nothing is foretold of: all of it counts as at risk.
    pub fn unscored(item: &OpenItem) -> Self {
        Self { invoice: item.invoice, balance: item.balance, risk: 1.0, at_risk: item.balance }
    }
}

/// A customer's open claims in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Currency of everything here.
    pub currency: Currency,
    /// Positions of its items, those due first before others.
    pub items: Vec<usize>,
}

/// Open claims by customer and currency.
pub fn accounts(view: &LedgerView, items: &[Item]) -> Vec<Owed> {
    let row = |(at, item): (usize, &Item)| {
        let invoice = view.invoice(item.invoice);
        (invoice.customer, invoice.currency, invoice.due, item.invoice, at)
    };
    let mut rows: Vec<_> = items.iter().enumerate().map(row).collect();
    rows.sort_unstable();
    let groups = rows.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1));
    let owed = groups.filter_map(|group| {
        let (customer, currency, ..) = *group.first()?;
        Some(Owed { customer, currency, items: group.iter().map(|row| row.4).collect() })
    });
    owed.collect()
}

/// What was done and agreed, by customer.
#[derive(Debug)]
pub struct Facts<'a> {
    activities: Vec<&'a Activity>,
    pauses: Vec<&'a Pause>,
}

impl<'a> Facts<'a> {
    /// Those known to a view.
    pub fn new(view: &LedgerView<'a>) -> Self {
        Self { activities: view.activities().collect(), pauses: view.pauses().collect() }
    }

    /// A customer's contacts, by day.
    pub fn activities(&self, customer: u32) -> &[&'a Activity] {
        own(&self.activities, customer, |activity| activity.customer)
    }

    /// A customer's pauses, ended or not.
    pub fn pauses(&self, customer: u32) -> &[&'a Pause] {
        own(&self.pauses, customer, |pause| pause.customer)
    }
}

/// The run of a customer's rows in a list sorted by customer.
fn own<T>(rows: &[T], customer: u32, of: impl Fn(&T) -> u32) -> &[T] {
    let from = rows.partition_point(|row| of(row) < customer);
    let until = rows.partition_point(|row| of(row) <= customer);
    rows.get(from..until).unwrap_or_default()
}

/// Money that came on invoices and stayed, by account and the day it was known.
#[derive(Debug, Default)]
pub struct Receipts {
    rows: Vec<Receipt>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Receipt {
    customer: u32,
    currency: Currency,
    known: Day,
    document: u32,
    amount: i64,
    /// What of it has been taken.
    taken: i64,
}

/// What was found of money that was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Taken now, in minor units.
    pub now: i64,
    /// Taken before.
    pub before: i64,
}

impl Receipts {
    /// What came from some customers.
    pub fn collect(view: &LedgerView, customers: impl Iterator<Item = u32>) -> Self {
        let mut wanted = vec![false; view.customers().len()];
        for customer in customers {
            if let Some(flag) = wanted.get_mut(customer as usize) {
                *flag = true;
            }
        }
        let mut rows = Vec::new();
        for (at, invoice) in view.invoices() {
            if wanted.get(invoice.customer as usize) == Some(&true) {
                let (customer, currency, document) = (invoice.customer, invoice.currency, invoice.document);
                let parts = crate::ledger::life::parts(view.settlements_of(at));
                let lasting = parts.into_iter().filter(|part| part.until.is_none());
                rows.extend(lasting.map(|part| {
                    let (known, amount) = (part.known, part.amount);
                    Receipt { customer, currency, known, document, amount, taken: 0 }
                }));
            }
        }
        rows.sort_unstable();
        Self { rows }
    }

    /// Takes up to an amount of what came on an account from one day to another, both counted, on documents of the taker's choosing.
    /// What is taken is there for nobody after.
    pub fn take(
        &mut self,
        account: (u32, Currency),
        (from, until): (Day, Day),
        most: i64,
        counts: impl Fn(u32) -> bool,
    ) -> Taken {
        let key = |row: &Receipt| (row.customer, row.currency, row.known);
        let start = self.rows.partition_point(|row| key(row) < (account.0, account.1, from));
        let own = self.rows.iter_mut().skip(start);
        let own = own.take_while(|row| (row.customer, row.currency) == account && row.known <= until);
        let mut found = Taken::default();
        for row in own.filter(|row| counts(row.document)) {
            let now = (row.amount - row.taken).min(most - found.now).max(0);
            found = Taken { now: found.now + now, before: found.before.saturating_add(row.taken) };
            row.taken += now;
        }
        found
    }
}
