//! Whether a customer may be contacted today, and by which channel: cool-down, weekly limits, calls after a conversation,
//! and what the ledger knows to reach it by.

use super::ladder::settings::Settings;
use super::ladder::step::{Step, channel_name};
use super::suppress::Reason;
use crate::base::counted;
use crate::base::day::Day;
use crate::ledger::{Activity, Channel, Customer, Outcome};

/// Days within which contacts are counted.
const WEEK_DAYS: i32 = 7;

/// Not before a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit {
    /// First day on which it may be.
    pub until: Day,
    /// Why not sooner.
    pub why: String,
}

/// How a customer can be reached for a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// By a channel, or by none where the step has none.
    By(Option<Channel>),
    /// Not before a day.
    Later(Limit),
    /// The ledger lacks what each of its channels needs.
    Missing(String),
}

/// Whether the customer was reached, or written to: an attempt that nobody answered is no contact.
pub fn is_contact(activity: &Activity) -> bool {
    !matches!(activity.outcome, Outcome::Void | Outcome::NoAnswer)
}

/// What a ledger has to reach customers by. What it has of none is not missed of any.
#[derive(Debug, Clone, Copy)]
pub struct Directory {
    phones: bool,
    emails: bool,
}

impl Directory {
    /// What is known of any of these.
    pub fn of(customers: &[Customer]) -> Self {
        let any = |of: fn(&Customer) -> &String| customers.iter().any(|one| !of(one).trim().is_empty());
        Self { phones: any(|one| &one.phone), emails: any(|one| &one.email) }
    }

    /// What a channel needs, where the ledger lacks it. No ledger has postal addresses: a letter is always taken to be possible.
    fn missing(self, customer: &Customer, channel: Channel) -> Option<&'static str> {
        let lacks = |known: bool, text: &str| known && text.trim().is_empty();
        match channel {
            Channel::Email => lacks(self.emails, &customer.email).then_some("e-mail address"),
            Channel::Call | Channel::Sms => lacks(self.phones, &customer.phone).then_some("phone number"),
            Channel::Letter | Channel::Visit => None,
        }
    }
}

/// What decides whether a customer may be contacted.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Who.
    pub customer: &'a Customer,
    /// The limits of its policy.
    pub settings: &'a Settings,
    /// Its contacts, by day.
    pub history: &'a [&'a Activity],
    /// What the ledger knows of others.
    pub directory: Directory,
    /// The day.
    pub today: Day,
}

impl Line<'_> {
    /// How the customer can be reached for a step.
    pub fn reach(&self, step: &Step) -> Reach {
        if step.channels.is_empty() {
            return Reach::By(None);
        }
        if let Some(limit) = cool_down(self.settings, self.history, self.today) {
            return Reach::Later(limit);
        }
        let has = |channel: &&Channel| self.directory.missing(self.customer, **channel).is_none();
        let mut later: Option<Limit> = None;
        for &channel in step.channels.iter().filter(has) {
            match calls(self.settings, self.history, self.today).filter(|_| channel == Channel::Call) {
                None => return Reach::By(Some(channel)),
                Some(limit) => later = Some(limit),
            }
        }
        later.map_or_else(|| Reach::Missing(self.missing(step)), Reach::Later)
    }

    /// The first day on which the customer may be contacted again, if it is contacted today.
    pub fn rested_from_today(&self) -> Day {
        let mut days = contact_days(self.history);
        days.push((self.today, Channel::Letter));
        rested(self.settings, &days, self.today).map_or(self.today, |limit| limit.until)
    }

    /// Why the customer is not called today, whatever about; `answer` is the day after the time that it was given to answer.
    pub fn no_call(&self, answer: Option<Day>) -> Option<Reason> {
        let limits = [cool_down, calls].map(|limit| limit(self.settings, self.history, self.today));
        let latest = limits.into_iter().flatten().map(|limit| limit.until).chain(answer).max();
        let missing = || self.directory.missing(self.customer, Channel::Call).map(|_| Reason::NoValidContact);
        latest.map(Reason::ContactedRecently).or_else(missing)
    }

    fn missing(&self, step: &Step) -> String {
        let lacks = |&channel: &Channel| {
            let what = self.directory.missing(self.customer, channel)?;
            Some(format!("no {what} for {}", channel_name(channel)))
        };
        step.channels.iter().filter_map(lacks).collect::<Vec<_>>().join(", ")
    }
}

/// Until when any contact waits.
fn cool_down(settings: &Settings, history: &[&Activity], today: Day) -> Option<Limit> {
    rested(settings, &contact_days(history), today)
}

/// The days of contacts: several claims spoken about at once are one.
fn contact_days(history: &[&Activity]) -> Vec<(Day, Channel)> {
    let mut days: Vec<(Day, Channel)> =
        history.iter().filter(|one| is_contact(one)).map(|one| (one.day, one.channel)).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Until when any contact waits after those of some days.
fn rested(settings: &Settings, days: &[(Day, Channel)], today: Day) -> Option<Limit> {
    let (last, _) = days.last().copied()?;
    let rested = Limit {
        until: last.plus(settings.cool_down_days),
        why: format!("contacted {}, cool-down {}", ago(last, today), settings.cool_down_days),
    };
    let most = settings.max_contacts_per_week;
    let oldest = days.len().checked_sub(most).and_then(|at| days.get(at));
    let rested_week = oldest.map(|(day, _)| Limit {
        until: day.plus(WEEK_DAYS),
        why: format!("contacted {} within {WEEK_DAYS} days, at most {most}", counted(most, "time")),
    });
    rested_week.into_iter().chain([rested]).filter(|limit| limit.until > today).max()
}

/// Until when a call waits.
fn calls(settings: &Settings, history: &[&Activity], today: Day) -> Option<Limit> {
    let calls: Vec<&&Activity> =
        history.iter().filter(|one| one.channel == Channel::Call && one.outcome != Outcome::Void).collect();
    let capped = settings.max_calls_per_week.and_then(|most| {
        let oldest = calls.len().checked_sub(most).and_then(|at| calls.get(at))?;
        let why = format!("called {} within {WEEK_DAYS} days, at most {most}", counted(most, "time"));
        Some(Limit { until: oldest.day.plus(WEEK_DAYS), why })
    });
    let spoken = settings.conversation_days.and_then(|days| {
        let last = calls.iter().rev().find(|call| call.outcome.is_conversation())?;
        let why = format!("spoken to by telephone {}, no call for {days} days", ago(last.day, today));
        Some(Limit { until: last.day.plus(days), why })
    });
    capped.into_iter().chain(spoken).filter(|limit| limit.until > today).max()
}

/// How long ago a day was.
pub fn ago(day: Day, today: Day) -> String {
    match today.0 - day.0 {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}
