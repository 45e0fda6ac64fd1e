//! What the ledger does not allocate: to the invoices that the payer names, then to the one that is due first. Each day's
//! trade knows that day's open claims and money only; what finds no match waits for the day on which there is one.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::Claims;
use super::course::Course;
use super::notes::Step;
use super::reference::References;
use super::{Policy, Source};
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::event::Stamp;

/// Open claims and unapplied money.
#[derive(Debug)]
pub(super) struct Market {
    references: Option<References>,
    oldest_first: bool,
    accounts: BTreeMap<(u32, Currency), Account>,
    /// Claims that came to be open today, and sources that came to have money.
    pub(super) claims: Vec<u32>,
    pub(super) sources: Vec<u32>,
}

/// A customer's claims and money in one currency. What has been settled or used since is passed over.
#[derive(Debug, Default)]
struct Account {
    /// By due day, day of issue and id.
    claims: BTreeSet<(Day, Day, u32)>,
    /// By day known and id.
    sources: BTreeSet<(Day, u32)>,
}

impl Market {
    /// A market under a policy, before the first day.
    pub(super) fn new(policy: Policy, claims: &Claims, sources: &[Source]) -> Self {
        Self {
            references: policy.by_reference.then(|| References::new(claims, sources)),
            oldest_first: policy.oldest_first,
            accounts: BTreeMap::new(),
            claims: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// Applies what can be applied at the end of a day.
    pub(super) fn trade(&mut self, course: &mut Course, day: Day) {
        let (claims, sources) = (std::mem::take(&mut self.claims), std::mem::take(&mut self.sources));
        if let Some(references) = &self.references {
            let naming = claims.iter().filter_map(|claim| references.named_by.get(claim)).flatten();
            let known = |&source: &u32| (course.sources[source as usize].cash.stamp.known, source);
            let asked: BTreeSet<(Day, u32)> = sources.iter().chain(naming).map(known).collect();
            for (_, source) in asked {
                apply_by_reference(course, references, source, day);
            }
        }
        if self.oldest_first {
            self.apply_oldest_first(course, &claims, &sources, day);
        }
    }

    fn apply_oldest_first(&mut self, course: &mut Course, claims: &[u32], sources: &[u32], day: Day) {
        let mut touched = BTreeSet::new();
        for &claim in claims {
            let invoice = &course.claims.invoices[claim as usize];
            let key = (invoice.customer, invoice.currency);
            let account = self.accounts.entry(key).or_default();
            account.claims.insert((invoice.due, invoice.stamp.happened, claim));
            touched.insert(key);
        }
        for &source in sources {
            let cash = &course.sources[source as usize].cash;
            // Money of nobody known settles nothing.
            let Some(customer) = cash.customer else { continue };
            let key = (customer, cash.currency);
            self.accounts.entry(key).or_default().sources.insert((cash.stamp.known, source));
            touched.insert(key);
        }
        for key in touched {
            if let Some(account) = self.accounts.get_mut(&key) {
                account.settle(course, day);
            }
        }
    }
}

impl Account {
    fn settle(&mut self, course: &mut Course, day: Day) {
        while let (Some(&first), Some(&money)) = (self.claims.first(), self.sources.first()) {
            let part = course.open[first.2 as usize].min(course.left[money.1 as usize]);
            apply(course, money.1, first.2, part, Step::OldestFirst, day);
            if course.open[first.2 as usize] == 0 {
                self.claims.remove(&first);
            }
            if course.left[money.1 as usize] == 0 {
                self.sources.remove(&money);
            }
        }
    }
}

fn apply_by_reference(course: &mut Course, references: &References, source: u32, day: Day) {
    // What has not come in, or has come back, has nothing left.
    if course.left[source as usize] == 0 {
        return;
    }
    let named = references.of(source, course.claims, day);
    let of = |claim: &u32| &course.claims.invoices[*claim as usize];
    let Some(customer) = named.first().map(|claim| of(claim).customer) else { return };
    let cash = course.sources[source as usize].cash;
    if cash.customer.is_none() {
        // Numbers of two customers do not say whose money it is.
        if named.iter().any(|claim| of(claim).customer != customer) {
            return;
        }
        identify(course, source, customer, day);
    }
    if let [claim] = named[..]
        && let Some(discount) = earned_discount(course, source, claim)
    {
        apply(course, source, claim, course.left[source as usize], Step::Reference, day);
        apply(course, source, claim, discount, Step::Discount, day);
        return;
    }
    for claim in named {
        let part = course.open[claim as usize].min(course.left[source as usize]);
        apply(course, source, claim, part, Step::Reference, day);
    }
}

/// From the day on which an unidentified payer names a customer's invoice, the money is that customer's.
fn identify(course: &mut Course, source: u32, customer: u32, day: Day) {
    let left = course.left[source as usize];
    course.move_cash(source, day, -left);
    course.sources[source as usize].cash.customer = Some(customer);
    course.move_cash(source, day, left);
}

/// The discount that a payment of all but it has earned, having come in time.
fn earned_discount(course: &Course, source: u32, claim: u32) -> Option<i64> {
    let invoice = &course.claims.invoices[claim as usize];
    let terms = invoice.discount?;
    let paid = course.sources[source as usize].cash.stamp.happened;
    let discount = terms.of(invoice.amount);
    let short = course.open[claim as usize] - course.left[source as usize];
    (short > 0 && short == discount && paid <= terms.until(invoice.stamp.happened)).then_some(discount)
}

fn apply(course: &mut Course, source: u32, claim: u32, amount: i64, step: Step, day: Day) {
    let paid = course.sources[source as usize].cash.stamp.happened;
    // Money that was there before the invoice paid it on the day of issue.
    let happened = paid.max(course.claims.invoices[claim as usize].stamp.happened);
    course.settle(claim, Some(source), (amount, Stamp { known: day, happened }), step, true);
}
