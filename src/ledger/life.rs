//! The life of one claim: when it was settled in full, when money that came back opened it again, and how long each part
//! paid on it lasted. Everything is judged at the end of a day: what comes and goes within one never was.

use std::collections::BTreeMap;

use super::event::{Settlement, Stamp};
use crate::base::day::Day;

/// A time during which a claim was settled in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// When it came to be so. What came back is no part of it.
    pub stamp: Stamp,
    /// The day from which it no longer was, or was by other money.
    pub until: Option<Day>,
}

/// A part paid on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The day it was known.
    pub known: Day,
    /// Minor units, never negative.
    pub amount: i64,
    /// The day from which it no longer counted.
    pub until: Option<Day>,
}

/// Tells, in order, each time during which a claim of this amount was settled in full.
pub fn each_settled(amount: i64, settlements: &[Settlement], mut tell: impl FnMut(Settled)) {
    if nothing_came_back(settlements) {
        if let Some(stamp) = first_settled(amount, settlements) {
            tell(Settled { stamp, until: None });
        }
        return;
    }
    let mut open = amount;
    // What counts, by the day it happened.
    let mut counting: BTreeMap<Day, i64> = BTreeMap::new();
    let mut current: Option<Stamp> = None;
    for day in settlements.chunk_by(|left, right| left.stamp.known == right.stamp.known) {
        for settlement in day {
            open -= settlement.amount;
            *counting.entry(settlement.stamp.happened).or_default() += settlement.amount;
        }
        counting.retain(|_, sum| *sum != 0);
        let known = day[0].stamp.known;
        let happened = counting.last_key_value().map(|(happened, _)| *happened).filter(|_| open <= 0);
        if current.map(|stamp| stamp.happened) != happened {
            if let Some(stamp) = current {
                tell(Settled { stamp, until: Some(known) });
            }
            current = happened.map(|happened| Stamp { known, happened });
        }
    }
    if let Some(stamp) = current {
        tell(Settled { stamp, until: None });
    }
}

/// When a claim came to be settled in full, if it is by these settlements.
pub fn settled(amount: i64, settlements: &[Settlement]) -> Option<Stamp> {
    let mut last = None;
    each_settled(amount, settlements, |time| last = time.until.is_none().then_some(time.stamp));
    last
}

/// The parts paid on a claim, each with the day it ceased to count.
pub fn parts(settlements: &[Settlement]) -> Vec<Part> {
    let mut parts: Vec<(Day, Part)> = Vec::with_capacity(settlements.len());
    for settlement in settlements {
        let Stamp { known, happened } = settlement.stamp;
        if settlement.amount >= 0 {
            parts.push((happened, Part { known, amount: settlement.amount, until: None }));
            continue;
        }
        // What comes back says when it had happened; of several such, it is the one of its amount, or else the latest.
        let mut back = -settlement.amount;
        let counts = |(day, part): &(Day, Part)| *day == happened && part.until.is_none();
        let same = parts.iter().rposition(|part| counts(part) && part.1.amount == back);
        while back > 0
            && let Some(at) = same.filter(|&at| counts(&parts[at])).or_else(|| parts.iter().rposition(counts))
        {
            let whole = parts[at].1;
            let taken = whole.amount.min(back);
            parts[at].1 = Part { amount: taken, until: Some(known), ..whole };
            if taken < whole.amount {
                parts.push((happened, Part { amount: whole.amount - taken, ..whole }));
            }
            back -= taken;
            if taken == 0 {
                break;
            }
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

fn nothing_came_back(settlements: &[Settlement]) -> bool {
    settlements.iter().all(|settlement| settlement.amount >= 0)
}

fn first_settled(amount: i64, settlements: &[Settlement]) -> Option<Stamp> {
    let mut open = amount;
    let mut happened = Day(i32::MIN);
    for settlement in settlements {
        open -= settlement.amount;
        // A part paid earlier may be posted last.
        happened = happened.max(settlement.stamp.happened);
        if open <= 0 {
            return Some(Stamp { happened, known: settlement.stamp.known });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(known: i32, happened: i32, amount: i64) -> Settlement {
        Settlement { invoice: 0, stamp: Stamp { known: Day(known), happened: Day(happened) }, amount }
    }

    fn times(amount: i64, settlements: &[Settlement]) -> Vec<(i32, i32, Option<i32>)> {
        let mut times = Vec::new();
        each_settled(amount, settlements, |time| {
            times.push((time.stamp.known.0, time.stamp.happened.0, time.until.map(|day| day.0)));
        });
        times
    }

    #[test]
    fn a_claim_is_open_from_the_day_its_money_came_back_until_other_money_comes() {
        let bounced = [on(10, 9, 100), on(30, 9, -100)];
        assert_eq!(times(100, &bounced), [(10, 9, Some(30))]);
        assert_eq!(settled(100, &bounced), None);
        assert_eq!(settled(100, &bounced[..1]), Some(Stamp { known: Day(10), happened: Day(9) }));
        let paid_again = [on(10, 9, 100), on(30, 9, -100), on(41, 40, 100)];
        assert_eq!(times(100, &paid_again), [(10, 9, Some(30)), (41, 40, None)]);
    }

    #[test]
    fn what_replaces_the_money_on_the_day_it_came_back_gives_the_new_day() {
        // The other money is of day 5, posted on day 30: the claim was never open at the end of a day.
        let replaced = [on(10, 9, 100), on(30, 5, 100), on(30, 9, -100)];
        assert_eq!(times(100, &replaced), [(10, 9, Some(30)), (30, 5, None)]);
    }

    #[test]
    fn only_the_part_that_came_back_is_open_again() {
        // 60 of day 3 and 40 of day 8 settle 100; the 60 come back on day 20, and 60 of day 25 settle it in the end.
        let parts_paid = [on(3, 3, 60), on(8, 8, 40), on(20, 3, -60), on(25, 25, 60)];
        assert_eq!(times(100, &parts_paid), [(8, 8, Some(20)), (25, 25, None)]);
        let part =
            |known, amount, until: Option<i32>| Part { known: Day(known), amount, until: until.map(Day) };
        assert_eq!(parts(&parts_paid), [part(3, 60, Some(20)), part(8, 40, None), part(25, 60, None)]);
    }

    #[test]
    fn a_part_of_a_part_may_come_back() {
        let part =
            |known, amount, until: Option<i32>| Part { known: Day(known), amount, until: until.map(Day) };
        assert_eq!(parts(&[on(3, 3, 60), on(20, 3, -20)]), [part(3, 20, Some(20)), part(3, 40, None)]);
    }
}
