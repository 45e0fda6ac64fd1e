//! Decayed rates of releases: of all bills, of a category, of a supplier, as they were known when a day began.
//!
//! A bill that was released says yes from the day after; one that was paid, or waited [`HORIZON_DAYS`], says no. One that is
//! open says as much of a no as releases would have come by now ([`Pace`]). Every bill counts the less the longer ago it was
//! booked. The days are swept once, so that the time grows with the bills and the questions, not with their product.
//!
//! [`HORIZON_DAYS`]: super::bill::HORIZON_DAYS

use std::collections::BTreeMap;

use super::bill::Bill;
use super::pace::Pace;
use crate::base::day::Day;

/// Asks for the rate of a group when a day began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question {
    pub(super) group: u32,
    pub(super) morning: Day,
    /// Day of booking of an open bill that is asked about, and says nothing of itself.
    pub(super) except: Option<Day>,
}

/// Decayed counts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Evidence {
    /// Bills that were released.
    pub(super) yes: f64,
    /// Bills with an outcome.
    pub(super) all: f64,
}

impl Evidence {
    /// Share released, drawn towards another rate that weighs as so many bills.
    pub(super) fn rate(self, towards: f64, bills: f64) -> f64 {
        (self.yes + bills * towards) / (self.all + bills)
    }
}

/// What a bill of this age weighs.
pub(super) fn decay(age_days: i32, half_life_days: f64) -> f64 {
    (-f64::from(age_days) / half_life_days).exp2()
}

/// What changes when a day begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Posted,
    Decided,
    Released,
}

type Event = (u32, Day, Change, Day);

/// A group as it stands on a day.
#[derive(Default)]
struct Standing {
    /// The day that the sums are decayed to; none before the first event.
    day: Option<Day>,
    decided: Evidence,
    /// Open bills by the day of booking.
    open: BTreeMap<Day, u32>,
}

impl Standing {
    fn age_to(&mut self, day: Day, half_life_days: f64) {
        if let Some(before) = self.day {
            let weight = decay(day.0.saturating_sub(before.0), half_life_days);
            self.decided.yes *= weight;
            self.decided.all *= weight;
        }
        self.day = Some(day);
    }

    fn take(&mut self, (_, day, change, posted): Event, half_life_days: f64) {
        self.age_to(day, half_life_days);
        let weight = decay(day.0.saturating_sub(posted.0), half_life_days);
        match change {
            Change::Posted => *self.open.entry(posted).or_default() += 1,
            Change::Decided => {
                self.decided.all += weight;
                if let Some(count) = self.open.get_mut(&posted) {
                    *count -= 1;
                    if *count == 0 {
                        self.open.remove(&posted);
                    }
                }
            }
            Change::Released => self.decided.yes += weight,
        }
    }

    fn answer(&mut self, question: &Question, half_life_days: f64, pace: &Pace) -> Evidence {
        self.age_to(question.morning, half_life_days);
        let open = self.open.iter().map(|(posted, count)| {
            let age = question.morning.0.saturating_sub(posted.0);
            let others = count - u32::from(question.except == Some(*posted));
            f64::from(others) * decay(age, half_life_days) * pace.share(question.morning, age)
        });
        Evidence { yes: self.decided.yes, all: self.decided.all + open.sum::<f64>() }
    }
}

/// The evidence for each question, by the groups of the bills.
pub(super) fn decayed(
    bills: &[Bill],
    groups: &[u32],
    questions: &[Question],
    half_life_days: f64,
    pace: &Pace,
) -> Vec<Evidence> {
    let mut events: Vec<Event> =
        bills.iter().zip(groups).flat_map(|(bill, group)| events(bill, *group)).collect();
    events.sort_unstable();
    let mut order: Vec<(u32, Day, usize)> =
        questions.iter().enumerate().map(|(at, question)| (question.group, question.morning, at)).collect();
    order.sort_unstable();
    let mut answers = vec![Evidence::default(); questions.len()];
    let mut events = events.into_iter().peekable();
    let (mut standing, mut group) = (Standing::default(), None);
    for (of, morning, at) in order {
        if group != Some(of) {
            (standing, group) = (Standing::default(), Some(of));
        }
        while let Some(event) = events.next_if(|event| (event.0, event.1) <= (of, morning)) {
            if event.0 == of {
                standing.take(event, half_life_days);
            }
        }
        if let (Some(question), Some(answer)) = (questions.get(at), answers.get_mut(at)) {
            *answer = standing.answer(question, half_life_days, pace);
        }
    }
    answers
}

/// A bill counts from the day after its booking.
fn events(bill: &Bill, group: u32) -> impl Iterator<Item = Event> {
    let posted = bill.posted;
    let released = bill.released.map(|day| (group, day.max(posted).plus(1), Change::Released, posted));
    let lasting =
        [(group, posted.plus(1), Change::Posted, posted), (group, bill.decided(), Change::Decided, posted)];
    lasting.into_iter().chain(released)
}
