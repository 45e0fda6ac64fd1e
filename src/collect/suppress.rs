//! What must not be chased, and why: a customer who has paid, disputes or has promised is worth more than the invoice.
//! A hold is about one claim and leaves the others; a reason is about the whole account.

use std::collections::BTreeMap;

use super::ladder::Policies;
use super::owed::{Facts, Item, Owed};
use super::plan::agreed::{Agreed, Plans};
use crate::asof::view::{LedgerView, Promise};
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::{Outcome, Pause};

/// Why an invoice is not spoken about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// In dispute.
    Disputed,
    /// Not to be chased until the end of this day, or until that is taken back.
    Paused {
        /// Last day of it.
        until: Option<Day>,
        /// Why.
        reason: String,
    },
    /// In a payment plan that is on schedule.
    InPlan(String),
    /// Promised by a day that has not passed, tolerance included.
    Promised(Day),
}

/// Why an account is not contacted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Nothing is open.
    Paid,
    /// The customer must not be contacted.
    DoNotContact,
    /// An agency or lawyers have it, or it was given up.
    HandedOver,
    /// Cash or credit on no invoice covers all that would be spoken about.
    UnappliedCovers,
    /// Everything open is in dispute.
    Disputed,
    /// Everything open is held, and the pause is the last to end.
    Paused {
        /// Last day of it.
        until: Option<Day>,
        /// Why.
        reason: String,
    },
    /// Everything open is held, and there is a payment plan on schedule.
    InPlan(String),
    /// Everything open is held, and this is the last day promised.
    Promised(Day),
    /// What could be spoken about is below the minimum.
    BelowMinimum,
    /// It was contacted lately, and not before this day again.
    ContactedRecently(Day),
    /// The ledger lacks what the step's channels need.
    NoValidContact,
    /// Left alone by lot, so that the effect of contacts can be measured; with the rank of the first that is called in its stead.
    HeldOut(usize),
}

impl Hold {
    /// The word in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Disputed => "disputed",
            Self::Paused { .. } => "paused",
            Self::InPlan(_) => "plan_on_schedule",
            Self::Promised(_) => "promise_not_yet_due",
        }
    }

    /// Its last day, where it has one.
    pub fn until(&self) -> Option<Day> {
        match self {
            Self::Paused { until, .. } => *until,
            Self::Promised(by) => Some(*by),
            Self::Disputed | Self::InPlan(_) => None,
        }
    }
}

impl Reason {
    /// The word in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::DoNotContact => "do_not_contact",
            Self::HandedOver => "handed_over",
            Self::UnappliedCovers => "unapplied_cash_covers_it",
            Self::Disputed => "disputed",
            Self::Paused { .. } => "paused",
            Self::InPlan(_) => "plan_on_schedule",
            Self::Promised(_) => "promise_not_yet_due",
            Self::BelowMinimum => "below_minimum",
            Self::ContactedRecently(_) => "contacted_recently",
            Self::NoValidContact => "no_valid_contact",
            Self::HeldOut(_) => "held_out_by_lot",
        }
    }

    /// The last day of it, or the first on which it no longer holds for a contact; where there is one.
    pub fn until(&self) -> Option<Day> {
        match self {
            Self::Paused { until, .. } => *until,
            Self::Promised(day) | Self::ContactedRecently(day) => Some(*day),
            _ => None,
        }
    }

    /// The rank that it would have had, where only the lot keeps it off the list.
    pub fn rank(&self) -> Option<usize> {
        match self {
            Self::HeldOut(rank) => Some(*rank),
            _ => None,
        }
    }

    /// In words.
    pub fn text(&self) -> String {
        match self {
            Self::Paid => "nothing is open".to_owned(),
            Self::DoNotContact => "the customer must not be contacted".to_owned(),
            Self::HandedOver => "others deal with the customer now".to_owned(),
            Self::UnappliedCovers => "money or credit on account covers it".to_owned(),
            Self::Disputed => "all that is open is in dispute".to_owned(),
            Self::Paused { until: Some(until), reason } => format!("paused until {until}: {reason}"),
            Self::Paused { until: None, reason } => format!("paused: {reason}"),
            Self::InPlan(plan) => format!("plan {plan} is on schedule"),
            Self::Promised(by) => format!("promised by {by}"),
            Self::BelowMinimum => "less than the minimum".to_owned(),
            Self::ContactedRecently(until) => format!("waits until {until}: contacted lately"),
            Self::NoValidContact => "the ledger lacks a way to reach the customer".to_owned(),
            Self::HeldOut(_) => "left alone by lot, to measure what contacts change".to_owned(),
        }
    }
}

/// What is not to be raised with a customer, by position among the items: the first that fits of dispute, pause, plan and
/// promise.
pub fn holds(
    view: &LedgerView,
    items: &[Item],
    facts: &Facts,
    plans: &Plans,
    policies: &Policies,
) -> BTreeMap<usize, Hold> {
    let disputes = Disputes::collect(view);
    let mut holds = BTreeMap::new();
    let mut by_customer: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        let invoice = view.invoice(item.invoice);
        let plan = plans.get(&(invoice.customer, invoice.currency));
        let in_plan = |plan: &&Agreed| plan.holds() && invoice.stamp.known <= plan.agreed;
        if disputes.hold(view, item.invoice) {
            holds.insert(at, Hold::Disputed);
        } else if let Some(pause) = paused(facts.pauses(invoice.customer), invoice.document, view.as_of().0) {
            holds.insert(at, Hold::Paused { until: pause.until, reason: pause.reason.clone() });
        } else if let Some(plan) = plan.filter(in_plan) {
            holds.insert(at, Hold::InPlan(plan.plan.to_owned()));
        } else {
            by_customer.entry(invoice.customer).or_default().push(at);
        }
    }
    for promise in open_promises(view, policies) {
        let Some(own) = by_customer.get(&promise.customer) else { continue };
        for at in promised(view, items, own, &promise) {
            let hold = holds.entry(at).or_insert(Hold::Promised(promise.by));
            if let Hold::Promised(by) = hold {
                *by = promise.by.max(*by);
            }
        }
    }
    holds
}

/// Disputes, those that customers raised in a contact among them.
#[derive(Debug)]
pub struct Disputes {
    /// Day of the latest, by customer and document (`None`: the whole account).
    latest: BTreeMap<(u32, Option<u32>), Day>,
}

impl Disputes {
    /// Those raised by the day of a view.
    pub fn collect(view: &LedgerView) -> Self {
        let disputes = view.activities().filter(|activity| activity.outcome == Outcome::Dispute);
        // Activities stand by customer and day: the last one stays.
        Self { latest: disputes.map(|dispute| ((dispute.customer, dispute.invoice), dispute.day)).collect() }
    }

    /// Whether an invoice is in dispute, by its own days or by what its customer said.
    pub fn hold(&self, view: &LedgerView, at: u32) -> bool {
        view.disputed(view.invoice(at)) || self.cover(view, at)
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

/// The pause of a document or its account that lasts longest, if any lasts still.
fn paused<'a>(pauses: &[&'a Pause], document: u32, today: Day) -> Option<&'a Pause> {
    let lasts = |pause: &&&Pause| {
        pause.until.is_none_or(|until| until >= today) && pause.invoice.is_none_or(|about| about == document)
    };
    pauses.iter().filter(lasts).copied().max_by_key(|pause| (pause.until.is_none(), pause.until))
}

/// Promises for the day of the view or a later one, tolerance included. The latest about the same thing counts.
fn open_promises(view: &LedgerView, policies: &Policies) -> Vec<Promise> {
    let mut all: Vec<Promise> = view.promises().collect();
    all.sort_by_key(|promise| (promise.customer, promise.invoice, promise.made, promise.by));
    let latest = all.chunk_by(|left, right| (left.customer, left.invoice) == (right.customer, right.invoice));
    let latest = latest.filter_map(<[Promise]>::last).copied();
    let tolerance = |customer: u32| {
        let customer = view.customers().get(customer as usize);
        customer.map_or(0, |customer| policies.of(customer).settings.promise_tolerance_days)
    };
    latest.filter(|promise| promise.by.plus(tolerance(promise.customer)) >= view.as_of().0).collect()
}

/// Which of a customer's items a promise covers: all it is about, or of those the ones due first whose balances its amount pays in full.
fn promised(view: &LedgerView, items: &[Item], own: &[usize], promise: &Promise) -> Vec<usize> {
    let own = own.iter().filter_map(|&at| items.get(at).map(|item| (at, item, view.invoice(item.invoice))));
    let mut about: Vec<_> = own
        .filter(|(.., invoice)| promise.invoice.is_none_or(|promised| promised == invoice.document))
        .collect();
    let Some((mut left, currency)) = promise.amount else {
        return about.iter().map(|(at, ..)| *at).collect();
    };
    about.retain(|(.., invoice)| invoice.currency == currency);
    about.sort_by_key(|(at, _, invoice)| (invoice.due, *at));
    let paid = about.iter().take_while(|(_, item, _)| {
        left -= item.balance;
        left >= 0
    });
    paid.map(|(at, ..)| *at).collect()
}

/// Why an account must not be contacted about anything, if it must not. `unapplied` is its money and credit on no invoice.
pub fn reason(
    view: &LedgerView,
    owed: &Owed,
    items: &[Item],
    holds: &BTreeMap<usize, Hold>,
    unapplied: i64,
    policies: &Policies,
) -> Option<Reason> {
    let balance = |at: &usize| items.get(*at).map_or(0, |item| item.balance);
    let open = owed.items.iter().map(balance).fold(0, i64::saturating_add);
    if open == 0 {
        return Some(Reason::Paid);
    }
    let customer = view.customers().get(owed.customer as usize)?;
    if customer.do_not_contact {
        return Some(Reason::DoNotContact);
    }
    if unapplied >= open {
        return Some(Reason::UnappliedCovers);
    }
    let (mut last, mut free) = (None, 0_i64);
    for at in &owed.items {
        match holds.get(at) {
            Some(hold) => last = last.max(Some(hold)),
            None => free = free.saturating_add(balance(at)),
        }
    }
    if free == 0 {
        return last.map(Reason::of);
    }
    amount_reason(free, unapplied, owed.currency, policies.of(customer).settings.minimum(owed.currency))
}

/// Why what could be spoken about is too little, if it is.
pub fn amount_reason(
    free: i64,
    unapplied: i64,
    currency: Currency,
    minimum: Option<super::ladder::figure::Figure>,
) -> Option<Reason> {
    let left = free.saturating_sub(unapplied.max(0));
    if left <= 0 {
        return Some(Reason::UnappliedCovers);
    }
    minimum.filter(|least| least.is_above(left, currency)).map(|_| Reason::BelowMinimum)
}

impl Reason {
    /// The reason of an account whose last hold to be named is this.
    fn of(hold: &Hold) -> Self {
        match hold.clone() {
            Hold::Disputed => Self::Disputed,
            Hold::Paused { until, reason } => Self::Paused { until, reason },
            Hold::InPlan(plan) => Self::InPlan(plan),
            Hold::Promised(by) => Self::Promised(by),
        }
    }
}
