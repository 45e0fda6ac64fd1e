//! The order of calling: value a minute first, with places kept for debts that would wait for ever, and a sentence that says
//! why each stands above the next.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::collect::worklist::{Account, Worklist};
use crate::ledger::Outcome;
use crate::model::score::{BUCKET_ENDS, RiskScore};

use super::Assumptions;
use super::assumption::Ahead;
use super::holdout::HoldOut;

/// Minutes in an hour.
const HOUR_MINUTES: f64 = 60.0;

/// Minor units converted at once to find what one of them is worth in another currency.
const CONVERTED: i64 = 1_000_000_000;

/// What contacting an account would be worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Position of the account among the calls of the list.
    pub call: usize,
    /// Currency of its list, and of the costs.
    pub list: Currency,
    /// What its items not due yet, and those past due, are expected to cost without a contact; weighted if it is a vip.
    pub costs: [f64; 2],
    /// Minutes that the contact takes.
    pub minutes: f64,
    /// What can be spoken about, in minor units of the account.
    pub amount: i64,
    /// Mean days late still expected of it.
    pub late_days: f64,
    /// Days for which overdue debt has waited without a contact; `None` where nothing is overdue.
    pub waits: Option<i32>,
}

/// A place on the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// 1 is first, within the list of its currency.
    pub rank: usize,
    /// The account and what contacting it is worth.
    pub contact: Contact,
    /// Whether it stands here for having waited.
    pub waited: bool,
    /// What the contact is worth, and why.
    pub reason: String,
    /// What puts it above the next.
    pub above_next: String,
}

/// Who is called, and who is left alone by lot.
#[derive(Debug, Clone, PartialEq)]
pub struct Priority {
    /// By list and rank.
    pub places: Vec<Place>,
    /// Held out so that the effect of contacts can be measured, each with the rank of the first that is called in its stead.
    pub held_out: Vec<Place>,
}

impl Contact {
    /// Expected value of it under an assumption.
    pub fn value(&self, assumed: &Assumptions) -> f64 {
        self.costs[0] * assumed.speed_up_before_due + self.costs[1] * assumed.speed_up
    }

    /// The same for each hour spent on such contacts.
    pub fn hourly(&self, assumed: &Assumptions) -> f64 {
        self.value(assumed) / self.minutes * HOUR_MINUTES
    }
}

/// What contacting each account of a list would be worth, `minutes` being those that the contact takes, above zero.
pub fn contacts(
    view: &LedgerView,
    scores: &[RiskScore],
    list: &Worklist,
    minutes: &dyn Fn(&Account) -> f64,
    assumed: &Assumptions,
) -> Vec<Contact> {
    let spoken_to = last_contacts(view);
    let contact = |(call, account): (usize, &Account)| {
        let callable = account.open - account.held;
        let amount = callable - account.unapplied.max(0);
        let free = amount as f64 / callable as f64;
        let rate = view.convert(CONVERTED, account.currency, account.list);
        let customer = view.customers().get(account.customer as usize);
        let weight = if customer.is_some_and(|customer| customer.vip) { assumed.vip_weight } else { 1.0 };
        // Where there is no rate the list is the account's own.
        let scale = |minor: i64| account.list.to_major(minor) / account.currency.to_major(CONVERTED);
        let weight = weight * rate.map_or(1.0, scale);
        let (mut costs, mut days) = ([0.0; 2], 0.0);
        for &at in account.scores.iter().filter(|at| !list.holds.contains_key(at)) {
            let ahead = ahead(&scores[at], free, account.currency);
            costs[usize::from(ahead.past_due)] += weight * assumed.cost(&ahead);
            days += scores[at].item.balance as f64 * scores[at].late_days;
        }
        let since = spoken_to.get(&account.customer).map_or(i32::MAX, |day| view.as_of().0.0 - day.0);
        let waits = (account.callable_past_due > 0).then_some(account.oldest_days_past_due.min(since));
        let late_days = days / callable as f64;
        Contact { call, list: account.list, costs, minutes: minutes(account), amount, late_days, waits }
    };
    list.calls.iter().map(|call| &call.account).enumerate().map(contact).collect()
}

/// What is expected of an item of which this share is still free to be asked for.
pub fn ahead(score: &RiskScore, free: f64, currency: Currency) -> Ahead {
    Ahead {
        amount: currency.to_major(score.item.balance) * free,
        past_due: score.days_past_due > 0,
        late: score.late,
        late_days: score.late_days,
        open_at_end: score.when.map_or(0.0, |when| when.buckets[BUCKET_ENDS.len()]),
    }
}

/// The last day on which each customer was spoken or written to.
fn last_contacts(view: &LedgerView) -> BTreeMap<u32, Day> {
    let counts =
        |outcome: Outcome| outcome.is_conversation() || matches!(outcome, Outcome::Sent | Outcome::Voicemail);
    let made = view.activities().filter(|activity| counts(activity.outcome));
    // Activities stand by customer and day: the last one stays.
    made.map(|activity| (activity.customer, activity.day)).collect()
}

/// Ranks contacts, list by list; those of customers held out by lot are taken out and named. The contacts are in the order of
/// the call list's calls.
pub fn rank(
    view: &LedgerView,
    list: &Worklist,
    mut contacts: Vec<Contact>,
    assumed: &Assumptions,
    hold_out: Option<&HoldOut>,
) -> Priority {
    // Stable: equals stay in the order in which the list has them, by value at risk, age and customer.
    contacts.sort_by(|left, right| {
        let by_value = right.hourly(assumed).total_cmp(&left.hourly(assumed));
        left.list.cmp(&right.list).then(by_value)
    });
    let mut priority = Priority { places: Vec::new(), held_out: Vec::new() };
    for one_list in contacts.chunk_by(|left, right| left.list == right.list) {
        let (mut called, mut out) = (Vec::new(), Vec::new());
        for (contact, waited) in with_places_kept(one_list, assumed) {
            let customer = view.customers().get(list.calls[contact.call].account.customer as usize);
            let is_drawn =
                hold_out.zip(customer).is_some_and(|(hold_out, customer)| hold_out.draws(&customer.id));
            let place = Place {
                rank: called.len() + 1,
                contact: contact.clone(),
                waited,
                reason: why(contact, list.calls[contact.call].account.currency, assumed),
                above_next: "held out by lot".to_owned(),
            };
            if is_drawn { out.push(place) } else { called.push(place) }
        }
        for at in 0..called.len() {
            called[at].above_next = above(&called[at], called.get(at + 1), assumed);
        }
        priority.places.extend(called);
        priority.held_out.extend(out);
    }
    priority
}

/// An order with every so many places given to the account that has waited longest, and which of them stand where they do
/// for that. So the one that has waited longest stands no lower than the first of these places, the next no lower than the second.
fn with_places_kept<'a>(order: &'a [Contact], assumed: &Assumptions) -> Vec<(&'a Contact, bool)> {
    let neglected = |contact: &&Contact| contact.waits.is_some_and(|days| days >= assumed.neglected_days);
    let mut waiting: Vec<&Contact> = order.iter().filter(neglected).collect();
    waiting.sort_by_key(|contact| Reverse(contact.waits));
    let (mut waiting, mut rest) = (waiting.into_iter().peekable(), order.iter().peekable());
    let mut placed = vec![false; order.iter().map(|contact| contact.call + 1).max().unwrap_or(0)];
    let mut places = Vec::with_capacity(order.len());
    while places.len() < order.len() {
        while waiting.next_if(|contact| placed[contact.call]).is_some() {}
        while rest.next_if(|contact| placed[contact.call]).is_some() {}
        let is_kept =
            assumed.neglected_every > 0 && (places.len() + 1).is_multiple_of(assumed.neglected_every);
        // Who would stand here anyway does not stand here for having waited.
        let waited =
            is_kept && waiting.peek().is_some_and(|one| rest.peek().is_none_or(|next| one.call != next.call));
        let Some(next) = (if waited { waiting.next() } else { rest.next() }) else { break };
        placed[next.call] = true;
        places.push((next, waited));
    }
    places
}

fn why(contact: &Contact, currency: Currency, assumed: &Assumptions) -> String {
    format!(
        "worth {} in {:.0} minutes: {} may be asked for, {:.1} days late still expected of it",
        money(contact.value(assumed), contact.list),
        contact.minutes,
        currency.display(i128::from(contact.amount)),
        contact.late_days,
    )
}

fn above(place: &Place, next: Option<&Place>, assumed: &Assumptions) -> String {
    let Contact { list, waits, .. } = place.contact;
    let hourly = place.contact.hourly(assumed);
    let an_hour = format!("{} an hour", money(hourly, list));
    match (waits, next.map(|next| next.contact.hourly(assumed))) {
        (Some(days), _) if place.waited => format!(
            "one place in {} is kept for the account that has waited longest: {days} days overdue without a contact",
            assumed.neglected_every
        ),
        (_, None) => "last of its list".to_owned(),
        (_, Some(next)) if next < hourly => {
            format!("{an_hour}, {} more than the next", money(hourly - next, list))
        }
        (_, Some(_)) => {
            format!("{an_hour}, as the next; then what is more at risk, older, of a lower customer id")
        }
    }
}

/// An expected value, which need not be a whole number of minor units.
fn money(value: f64, currency: Currency) -> String {
    format!("{value:.2} {}", currency.code())
}
