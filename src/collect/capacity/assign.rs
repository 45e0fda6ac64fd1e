//! Contacts put into the hours of a week, the most valuable by the minute first: each at its own minutes, so that nobody
//! does two things at once, nobody works longer than said, and every customer is called within its own hours.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::ladder::hours::Hours;
use super::team::{Collector, Team};
use super::window::{CallHours, Span, span, within, without, zone};
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::{Channel, Customer};
use chrono_tz::Tz;

/// Working days planned ahead.
const DAYS: usize = 5;

/// A contact to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Currency of the account.
    pub currency: Currency,
    /// What it is worth, in minor units of the list's currency.
    pub value: i64,
    /// Currency of the list: values of different lists are not compared.
    pub list: Currency,
    /// Minutes that it takes.
    pub minutes: u32,
    /// How contact is made.
    pub channel: Channel,
    /// Hours of the customer's own clock in which it may be called.
    pub hours: Hours,
}

/// A contact with its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The day.
    pub day: Day,
    /// Position of the collector in the team.
    pub collector: usize,
    /// When it begins, in minutes since 1970, UTC.
    pub start: i64,
    /// The hours in which it may be moved, by the same clock.
    pub window: Span,
    /// Position of the task.
    pub task: usize,
}

/// Why a contact has no time this week.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// The customer's own collector is not in the file.
    CollectorUnknown,
    /// Nobody has its language and segment.
    NobodySuits,
    /// A consumer without a time zone: nobody knows what hour it is there.
    NoTimeZone,
    /// Its time zone is none of the IANA database.
    TimeZoneUnknown,
    /// On no day do its hours meet those of somebody who can deal with it.
    NoCommonHours,
    /// The week is full.
    Full,
}

/// The week's contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Those with a time, by day, collector and time.
    pub slots: Vec<Slot>,
    /// Positions of the others, in the order of the tasks.
    pub left: Vec<(usize, Left)>,
}

impl Left {
    /// The word in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CollectorUnknown => "collector_not_in_the_team",
            Self::NobodySuits => "nobody_suits",
            Self::NoTimeZone => "no_time_zone",
            Self::TimeZoneUnknown => "time_zone_unknown",
            Self::NoCommonHours => "no_common_hours",
            Self::Full => "week_is_full",
        }
    }
}

/// Puts contacts, given in the order of their rank, into the working days from a day on.
pub fn assign(team: &Team, customers: &[Customer], tasks: &[Task], from: Day) -> Week {
    let mut desk = Desk::new(team, from);
    let mut left = Vec::new();
    let mut slots = Vec::new();
    for at in order(team, customers, tasks) {
        let Some((task, customer)) =
            tasks.get(at).and_then(|task| Some((task, customers.get(task.customer as usize)?)))
        else {
            continue;
        };
        match desk.place(at, task, customer) {
            Ok(slot) => slots.push(slot),
            Err(why) => left.push((at, why)),
        }
    }
    slots.sort_unstable();
    left.sort_unstable();
    Week { slots, left }
}

/// Positions of tasks, the most valuable by the minute first, then by rank. Lists that cannot be compared take turns.
fn order(team: &Team, customers: &[Customer], tasks: &[Task]) -> Vec<usize> {
    let mut lists: BTreeMap<Currency, Vec<usize>> = BTreeMap::new();
    for (at, task) in tasks.iter().enumerate() {
        lists.entry(task.list).or_default().push(at);
    }
    let is_vip =
        |task: &Task| team.vip_first && customers.get(task.customer as usize).is_some_and(|one| one.vip);
    let mut turns: Vec<(usize, Currency, usize)> = Vec::with_capacity(tasks.len());
    for (list, mut own) in lists {
        own.sort_by(|&left, &right| {
            let (Some(left), Some(right)) = (tasks.get(left), tasks.get(right)) else {
                return std::cmp::Ordering::Equal;
            };
            // value / minutes, without dividing.
            let worth = |one: &Task, other: &Task| i128::from(one.value) * i128::from(other.minutes.max(1));
            worth(right, left).cmp(&worth(left, right)).then(is_vip(right).cmp(&is_vip(left)))
        });
        turns.extend(own.into_iter().enumerate().map(|(turn, at)| (turn, list, at)));
    }
    turns.sort_unstable();
    turns.into_iter().map(|(.., at)| at).collect()
}

/// What is left of a collector's day.
struct Book {
    collector: usize,
    day: Day,
    minutes: u32,
    hours: Span,
    free: Vec<Span>,
}

struct Desk<'a> {
    team: &'a Team,
    /// By day, then collector.
    books: Vec<Book>,
    calls: CallHours<'a>,
    /// The day and collector of customers that have a time: all their accounts are spoken about in one go.
    placed: BTreeMap<u32, (Day, usize)>,
}

impl<'a> Desk<'a> {
    fn new(team: &'a Team, from: Day) -> Self {
        let week = (0..).map(|days| from.plus(days)).filter(|day| day.weekday() < 5).take(DAYS);
        let mut books = Vec::new();
        for day in week.filter(|day| !team.is_closed(*day)) {
            for (collector, one) in team.collectors.iter().enumerate() {
                let minutes = one.minutes_on(day);
                let hours = span(one.zone, day, one.hours).filter(|_| minutes > 0);
                books.extend(hours.map(|hours| Book { collector, day, minutes, hours, free: vec![hours] }));
            }
        }
        Self { team, books, calls: CallHours::new(&team.quiet_hours), placed: BTreeMap::new() }
    }

    fn place(&mut self, at: usize, task: &Task, customer: &Customer) -> Result<Slot, Left> {
        let zone = if task.channel == Channel::Call { zone_of(customer)? } else { None };
        let who = self.candidates(customer)?;
        let placed = self.placed.get(&task.customer).copied();
        let minutes = task.minutes.max(1);
        let can = |book: &Book| {
            who.get(book.collector) == Some(&true)
                && placed.is_none_or(|placed| placed == (book.day, book.collector))
        };
        let (team, calls) = (self.team, &mut self.calls);
        let mut open = |book: &Book| open_hours(team, calls, (task, customer, zone), book);
        let mut best: Option<(Day, Reverse<u32>, usize, i64, Span)> = None;
        for (book_at, book) in self.books.iter().enumerate() {
            if best.is_some_and(|(day, ..)| day < book.day) {
                break;
            }
            if book.minutes < minutes || !can(book) {
                continue;
            }
            let windows = open(book);
            let mut starts = windows
                .iter()
                .filter_map(|window| Some((first_fit(&within(&book.free, *window), minutes)?, *window)));
            if let Some((start, window)) = starts.next() {
                let found = (book.day, Reverse(book.minutes), book_at, start, window);
                best = Some(best.map_or(found, |best| best.min(found)));
            }
        }
        let Some((day, _, book_at, start, window)) = best else {
            let meets = self.books.iter().any(|book| can(book) && first_fit(&open(book), minutes).is_some());
            return Err(if meets { Left::Full } else { Left::NoCommonHours });
        };
        let book = self.books.get_mut(book_at).ok_or(Left::Full)?;
        book.minutes -= minutes;
        book.free = without(std::mem::take(&mut book.free), (start, start + i64::from(minutes)));
        self.placed.insert(task.customer, (day, book.collector));
        Ok(Slot { day, collector: book.collector, start, window, task: at })
    }

    /// Who can deal with a customer: its own collector if it has one, otherwise whoever suits.
    fn candidates(&self, customer: &Customer) -> Result<Vec<bool>, Left> {
        let is_own = !customer.collector.is_empty();
        let can = |one: &Collector| if is_own { one.name == customer.collector } else { one.suits(customer) };
        let who: Vec<bool> = self.team.collectors.iter().map(can).collect();
        if who.contains(&true) {
            return Ok(who);
        }
        Err(if is_own { Left::CollectorUnknown } else { Left::NobodySuits })
    }
}

/// When on a collector's day a task may be done, for a customer whose clock may be known.
fn open_hours(
    team: &Team,
    calls: &mut CallHours,
    (task, customer, zone): (&Task, &Customer, Option<Tz>),
    book: &Book,
) -> Vec<Span> {
    if task.channel != Channel::Call {
        return vec![book.hours];
    }
    if team.is_holiday(customer, book.day) {
        return Vec::new();
    }
    // Businesses that do not say where they are, are taken to be where the collector is.
    let zone = zone.or_else(|| team.collectors.get(book.collector).map(|one| one.zone));
    zone.map_or_else(Vec::new, |zone| within(calls.around(zone, task.hours, book.day), book.hours))
}

/// The first minute from which so many are free.
fn first_fit(free: &[Span], minutes: u32) -> Option<i64> {
    free.iter().find(|(start, end)| end - start >= i64::from(minutes)).map(|(start, _)| *start)
}

/// The zone of a customer's clock, if it is known. Consumers are not called at an hour that nobody knows.
fn zone_of(customer: &Customer) -> Result<Option<Tz>, Left> {
    match customer.time_zone.as_str() {
        "" if customer.consumer => Err(Left::NoTimeZone),
        "" => Ok(None),
        name => zone(name).map(Some).ok_or(Left::TimeZoneUnknown),
    }
}
