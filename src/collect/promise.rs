//! What became of promises to pay. A promise is kept by money that is known after the day on which it was made and until
//! its own day, the policy's tolerance included, and that has not come back since. Money keeps one promise only: what came on an
//! invoice first those about that invoice, then those about the account, each in the order of the days promised.

use std::collections::BTreeMap;

use super::ladder::Policies;
use super::owed::{Receipts, Taken};
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
    /// What was promised: the amount named, or all that was open then less what has come of it and keeps another promise.
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
    /// What it was about has come, and keeps another promise.
    Repeated,
    /// Nothing was owed in its currency when it was made, and nothing came.
    NothingOwed,
}

impl State {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Kept => "kept",
            Self::PartiallyKept => "partially_kept",
            Self::Broken => "broken",
            Self::Repeated => "repeated",
            Self::NothingOwed => "nothing_owed",
        }
    }

    /// Whether it counts among the promises made: no money is promised twice, and none that is not owed.
    pub fn counts(self) -> bool {
        !matches!(self, Self::Repeated | Self::NothingOwed)
    }
}

/// No currency, as ISO 4217 has it: of a promise of a customer that never owed anything.
const NO_CURRENCY: Currency = Currency::new(*b"XXX", 0);

/// What a promise asks for in one currency, and what was open in it when it was made.
#[derive(Debug, Clone, Copy)]
struct Asked {
    currency: Currency,
    amount: i64,
    open: i64,
}

/// What became of every promise by the day of a view, by customer, day made and currency. A promise about the whole account without an
/// amount is one in each currency in which something was open.
pub fn states(view: &LedgerView, policies: &Policies) -> Vec<Promised> {
    let mut promises: Vec<Promise> = view.promises().collect();
    // The order in which they take money.
    promises.sort_by_key(|promise| (promise.invoice.is_none(), promise.by.max(promise.made), promise.made));
    let mut desk = Desk {
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
    fn judge(&mut self, promise: &Promise) -> Vec<Promised> {
        let asked = self.asked(promise);
        asked.into_iter().map(|asked| self.judge_in(promise, asked)).collect()
    }

    fn asked(&self, promise: &Promise) -> Vec<Asked> {
        let open = self.open_by_currency(promise);
        let all = |currency: Currency, open: i64| Asked { currency, amount: open, open };
        match (promise.amount, promise.invoice) {
            (Some((amount, currency)), _) => {
                let open = open.get(&currency).copied().unwrap_or_default();
                vec![Asked { currency, amount, open }]
            }
            (None, Some(document)) => {
                vec![all(self.view.invoice(document).currency, self.open(document, promise.made))]
            }
            (None, None) => {
                let some = open.iter().filter(|(_, open)| **open > 0);
                let some: Vec<Asked> = some.map(|(currency, open)| all(*currency, *open)).collect();
                let never = open.keys().next().copied().unwrap_or(NO_CURRENCY);
                if some.is_empty() { vec![all(never, 0)] } else { some }
            }
        }
    }

    fn judge_in(&mut self, promise: &Promise, asked: Asked) -> Promised {
        let Promise { customer, made, by, invoice, .. } = *promise;
        let (view, is_named) = (self.view, promise.amount.is_some());
        let owner = view.customers().get(customer as usize);
        let tolerance = owner.map_or(0, |owner| self.policies.of(owner).settings.promise_tolerance_days);
        let (today, last) = (view.as_of().0, by.max(made).plus(tolerance));
        let counts = |document: u32| match (is_named, invoice) {
            // An amount may come on any invoice.
            (true, _) => true,
            (false, Some(about)) => document == about,
            (false, None) => view.invoice(document).stamp.known <= made,
        };
        let days = (made.plus(1), last.min(today));
        let came = self.receipts.take((customer, asked.currency), days, asked.amount, counts);
        let is_settled = invoice.is_some_and(|document| {
            view.invoice(document).currency == asked.currency && self.open(document, days.1) == 0
        });
        let mut amount = asked.amount;
        // What another promise paid of an invoice is not paid again.
        if is_settled || !is_named {
            amount -= came.before.min(amount - came.now);
        }
        let kept = if is_settled { amount } else { came.now };
        let state = match kept {
            _ if asked.amount <= 0 || asked.open == 0 && came == Taken::default() => State::NothingOwed,
            _ if amount == 0 => State::Repeated,
            kept if kept >= amount => State::Kept,
            _ if last >= today => State::Open,
            0 => State::Broken,
            _ => State::PartiallyKept,
        };
        let kept = if state == State::NothingOwed { 0 } else { kept };
        Promised {
            customer,
            invoice,
            currency: asked.currency,
            made,
            by,
            last,
            amount,
            is_named,
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
