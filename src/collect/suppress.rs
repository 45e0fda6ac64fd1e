//! What must not be chased, and why: a customer who has paid, disputes or has promised is worth more than the invoice.

use std::collections::BTreeMap;

use crate::asof::view::{LedgerView, Promise};
use crate::base::day::Day;
use crate::ledger::Outcome;
use crate::model::score::RiskScore;

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

/// What is not to be raised in a call, by position among the scores.
pub fn holds(view: &LedgerView, scores: &[RiskScore]) -> BTreeMap<usize, Hold> {
    let disputes = Disputes::collect(view);
    let mut holds = BTreeMap::new();
    let mut by_customer: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, score) in scores.iter().enumerate() {
        let invoice = view.invoice(score.item.invoice);
        if view.disputed(invoice) || disputes.cover(view, score.item.invoice) {
            holds.insert(at, Hold::Disputed);
        } else {
            by_customer.entry(invoice.customer).or_default().push(at);
        }
    }
    for promise in open_promises(view) {
        let Some(items) = by_customer.get(&promise.customer) else { continue };
        for at in promised(view, scores, items, &promise) {
            let hold = holds.entry(at).or_insert(Hold::Promised(promise.by));
            if let Hold::Promised(by) = hold {
                *by = promise.by.max(*by);
            }
        }
    }
    holds
}

/// Disputes that customers raised in a contact.
struct Disputes {
    /// Day of the latest, by customer and document (`None`: the whole account).
    latest: BTreeMap<(u32, Option<u32>), Day>,
}

impl Disputes {
    fn collect(view: &LedgerView) -> Self {
        let disputes = view.activities().filter(|activity| activity.outcome == Outcome::Dispute);
        // Activities stand by customer and day: the last one stays.
        Self { latest: disputes.map(|dispute| ((dispute.customer, dispute.invoice), dispute.day)).collect() }
    }

    /// Whether an invoice, or its account when the invoice was there already, was disputed and not resolved since.
    fn cover(&self, view: &LedgerView, at: u32) -> bool {
        let invoice = view.invoice(at);
        let resolved = invoice.dispute_resolved.filter(|day| *day <= view.as_of().0);
        let stands = |raised: &Day| resolved.is_none_or(|resolved| resolved < *raised);
        let own = self.latest.get(&(invoice.customer, Some(invoice.document))).is_some_and(stands);
        let account =
            self.latest.get(&(invoice.customer, None)).filter(|raised| invoice.stamp.known <= **raised);
        own || account.is_some_and(stands)
    }
}

/// Promises for the day of the view or a later one. The latest about the same thing counts.
fn open_promises(view: &LedgerView) -> Vec<Promise> {
    let mut all: Vec<Promise> = view.promises().collect();
    all.sort_by_key(|promise| (promise.customer, promise.invoice, promise.made, promise.by));
    let latest = all.chunk_by(|left, right| (left.customer, left.invoice) == (right.customer, right.invoice));
    let latest = latest.filter_map(<[Promise]>::last).copied();
    latest.filter(|promise| promise.by >= view.as_of().0).collect()
}

/// Which of a customer's items a promise covers: all it is about, or of those the ones due first whose balances its amount pays in full.
fn promised(view: &LedgerView, scores: &[RiskScore], items: &[usize], promise: &Promise) -> Vec<usize> {
    let document = |at: usize| view.invoice(scores[at].item.invoice).document;
    let about = |at: &&usize| promise.invoice.is_none_or(|promised| promised == document(**at));
    let mut about: Vec<usize> = items.iter().filter(about).copied().collect();
    let Some((amount, currency)) = promise.amount else { return about };
    about.retain(|&at| view.invoice(scores[at].item.invoice).currency == currency);
    about.sort_by_key(|&at| (view.invoice(scores[at].item.invoice).due, at));
    let mut left = amount;
    let paid = |at: &usize| {
        left -= scores[*at].item.balance;
        left >= 0
    };
    about.into_iter().take_while(paid).collect()
}
