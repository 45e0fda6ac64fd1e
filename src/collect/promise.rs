//! What became of promises to pay. A promise is kept by money that is known after the day on which it was made and until
//! its own day, the policy's tolerance included, and that has not come back since.

use std::collections::BTreeMap;

use super::ladder::Policies;
use super::owed::Receipts;
use crate::asof::view::{LedgerView, Promise};
use crate::base::day::Day;
use crate::base::money::Currency;

/// A promise and what became of it in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promised {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// The document, by its first claim; `None` is the account.
    pub invoice: Option<u32>,
    /// Currency of both amounts.
    pub currency: Currency,
    /// Day on which it was made.
    pub made: Day,
    /// Day promised, without the tolerance.
    pub by: Day,
    /// The last day on which it can be kept: the same with the tolerance.
    pub last: Day,
    /// What was promised: the amount named, or all that was open then.
    pub amount: i64,
    /// Whether the amount was named.
    pub is_named: bool,
    /// What of it came in time.
    pub kept: i64,
    /// What became of it.
    pub state: State,
}

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its day has not passed.
    Open,
    /// All of it came in time.
    Kept,
    /// A part of it did.
    PartiallyKept,
    /// Nothing did.
    Broken,
}

impl State {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Kept => "kept",
            Self::PartiallyKept => "partially_kept",
            Self::Broken => "broken",
        }
    }
}

/// What became of every promise by the day of a view, by customer, day made and currency. A promise about the whole account without an
/// amount is one in each currency; one about nothing that was open is none.
pub fn states(view: &LedgerView, policies: &Policies) -> Vec<Promised> {
    let promises: Vec<Promise> = view.promises().collect();
    let desk = Desk {
        view,
        policies,
        receipts: Receipts::collect(view, promises.iter().map(|promise| promise.customer)),
        invoices: view.invoices().map(|(at, invoice)| (invoice.customer, at)).collect(),
    };
    let mut all: Vec<Promised> = promises.iter().flat_map(|promise| desk.judge(promise)).collect();
    all.sort_by_key(|one| (one.customer, one.made, one.by, one.invoice, one.currency, one.amount));
    all
}

struct Desk<'a> {
    view: &'a LedgerView<'a>,
    policies: &'a Policies,
    receipts: Receipts,
    /// Customers and the positions of their invoices.
    invoices: Vec<(u32, u32)>,
}

impl Desk<'_> {
    fn judge(&self, promise: &Promise) -> Vec<Promised> {
        let amounts: Vec<(Currency, i64)> = match (promise.amount, promise.invoice) {
            (Some((amount, currency)), _) => vec![(currency, amount)],
            (None, Some(document)) => {
                vec![(self.view.invoice(document).currency, self.open(document, promise.made))]
            }
            (None, None) => self.open_by_currency(promise).into_iter().collect(),
        };
        let positive = amounts.into_iter().filter(|(_, amount)| *amount > 0);
        positive.map(|(currency, amount)| self.judge_in(promise, currency, amount)).collect()
    }

    fn judge_in(&self, promise: &Promise, currency: Currency, amount: i64) -> Promised {
        let Promise { customer, made, by, invoice, .. } = *promise;
        let owner = self.view.customers().get(customer as usize);
        let tolerance = owner.map_or(0, |owner| self.policies.of(owner).settings.promise_tolerance_days);
        let (today, last) = (self.view.as_of().0, by.max(made).plus(tolerance));
        let counts = |document: u32| match (promise.amount, invoice) {
            // An amount may come on any invoice.
            (Some(_), _) => true,
            (None, Some(about)) => document == about,
            (None, None) => self.view.invoice(document).stamp.known <= made,
        };
        let came = self.receipts.between((customer, currency), (made.plus(1), last.min(today)), counts);
        let is_settled = invoice.is_some_and(|document| self.open(document, last.min(today)) == 0);
        let kept = if is_settled { amount } else { came.clamp(0, amount) };
        let state = match kept {
            kept if kept >= amount => State::Kept,
            _ if last >= today => State::Open,
            0 => State::Broken,
            _ => State::PartiallyKept,
        };
        Promised {
            customer,
            invoice,
            currency,
            made,
            by,
            last,
            amount,
            is_named: promise.amount.is_some(),
            kept,
            state,
        }
    }

    /// What was open of a document at the end of a day, by what was known then and has stayed.
    fn open(&self, document: u32, day: Day) -> i64 {
        self.view.claims_of(document).map(|claim| self.open_of(claim, day)).fold(0, i64::saturating_add)
    }

    fn open_of(&self, claim: u32, day: Day) -> i64 {
        let parts = crate::ledger::life::parts(self.view.settlements_of(claim));
        let paid = parts.iter().filter(|part| part.known <= day && part.until.is_none());
        paid.fold(self.view.invoice(claim).amount, |open, part| open.saturating_sub(part.amount)).max(0)
    }

    /// What was open of an account in each currency on the day of a promise.
    fn open_by_currency(&self, promise: &Promise) -> BTreeMap<Currency, i64> {
        let from = self.invoices.partition_point(|(customer, _)| *customer < promise.customer);
        let own = self.invoices.iter().skip(from).take_while(|(customer, _)| *customer == promise.customer);
        let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
        for &(_, at) in own {
            let invoice = self.view.invoice(at);
            if invoice.stamp.known <= promise.made {
                let sum = sums.entry(invoice.currency).or_default();
                *sum = sum.saturating_add(self.open_of(at, promise.made));
            }
        }
        sums
    }
}
