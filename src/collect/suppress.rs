//! What must not be chased, and why: a customer who has paid, disputes or has promised is worth more than the invoice.

use crate::asof::view::{LedgerView, OpenItem, Promise};
use crate::base::day::Day;
use crate::base::money::Currency;

/// Why an invoice is not spoken about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// In dispute.
    Disputed,
    /// Promised by a day that has not passed.
    Promised(Day),
}

/// Why an account is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Nothing is open.
    Paid,
    /// The customer must not be contacted.
    DoNotContact,
    /// Cash or credit on no invoice covers all that is open.
    UnappliedCovers,
    /// Everything open is in dispute.
    Disputed,
    /// Everything open, but for what is in dispute, is promised by this day or an earlier one still to come.
    Promised(Day),
    /// What could be spoken about is below the minimum.
    BelowMinimum,
}

impl Reason {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::DoNotContact => "do_not_contact",
            Self::UnappliedCovers => "unapplied_cash_covers_it",
            Self::Disputed => "disputed",
            Self::Promised(_) => "promise_not_yet_due",
            Self::BelowMinimum => "below_minimum",
        }
    }
}

/// Promises of a view that are not yet due, by customer.
#[derive(Debug)]
pub struct Promises {
    open: Vec<Promise>,
}

impl Promises {
    /// Those made by the day of the view for that day or a later one. The latest promise about the same thing counts.
    pub fn open(view: &LedgerView) -> Self {
        let mut all: Vec<Promise> = view.promises().collect();
        all.sort_by_key(|promise| (promise.customer, promise.invoice, promise.made, promise.by));
        let latest =
            all.chunk_by(|left, right| (left.customer, left.invoice) == (right.customer, right.invoice));
        let latest = latest.filter_map(<[Promise]>::last).copied();
        Self { open: latest.filter(|promise| promise.by >= view.as_of().0).collect() }
    }

    /// Until when an invoice is promised, by itself or with the whole account. An amount promised in part covers an
    /// invoice only if it is at least its balance.
    pub fn until(&self, customer: u32, item: OpenItem, currency: Currency) -> Option<Day> {
        let from = self.open.partition_point(|promise| promise.customer < customer);
        let of_customer = self.open[from..].iter().take_while(|promise| promise.customer == customer);
        of_customer
            .filter(|promise| promise.invoice.is_none_or(|invoice| invoice == item.invoice))
            .filter(|promise| match promise.amount {
                Some((amount, promised_in)) => promised_in == currency && amount >= item.balance,
                None => true,
            })
            .map(|promise| promise.by)
            .max()
    }
}
