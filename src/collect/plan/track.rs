//! How a plan fares: payments go to the oldest instalment first, and an instalment is kept when it is covered within the tolerance,
//! the days that a payment may be on its way.

use std::collections::BTreeMap;

use crate::base::day::{AsOf, Day};
use crate::collect::claim::Payment;

/// What became of one instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Covered within the tolerance after its day.
    Kept,
    /// Covered after that.
    Late,
    /// Not covered, and the tolerance is over.
    Broken,
    /// Its day has come, the tolerance is not over.
    Due,
    /// Its day is still to come.
    Upcoming,
}

/// What became of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing past its day is open.
    OnSchedule,
    /// An instalment is past its day, within the tolerance.
    Behind,
    /// An instalment is not covered although the tolerance is over.
    Broken,
    /// All is paid.
    Done,
}

/// An instalment to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// Last day to pay it.
    pub day: Day,
    /// Minor units.
    pub amount: i64,
}

/// One instalment and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The instalment.
    pub share: Share,
    /// What became of it.
    pub state: State,
    /// Paid on it, in minor units.
    pub paid: i64,
    /// Day from which it is covered.
    pub covered: Option<Day>,
}

/// A plan as of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    /// What became of it.
    pub standing: Standing,
    /// Its instalments.
    pub progress: Vec<Progress>,
    /// What was paid beyond all of them.
    pub surplus: i64,
}

impl State {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Late => "late",
            Self::Broken => "broken",
            Self::Due => "due",
            Self::Upcoming => "upcoming",
        }
    }
}

impl Standing {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::OnSchedule => "on_schedule",
            Self::Behind => "behind",
            Self::Broken => "broken",
            Self::Done => "done",
        }
    }
}

/// Sets payments against instalments, which stand by day. Payments after the day of the view are not looked at.
pub fn track(instalments: &[Share], payments: &[Payment], as_of: AsOf, tolerance_days: i32) -> Tracked {
    let as_of = as_of.0;
    let mut by_day: BTreeMap<Day, i64> = BTreeMap::new();
    for payment in payments.iter().filter(|payment| payment.day <= as_of) {
        let sum = by_day.entry(payment.day).or_default();
        *sum = sum.saturating_add(payment.amount);
    }
    let all = by_day.values().fold(0_i64, |sum, amount| sum.saturating_add(*amount)).max(0);
    let mut before = 0_i64;
    let mut progress = Vec::with_capacity(instalments.len());
    for share in instalments {
        let needed = before.saturating_add(share.amount);
        let covered = covered_from(&by_day, needed, share.day);
        let paid = (all - before).clamp(0, share.amount.max(0));
        let state = state(share.day, covered, as_of, tolerance_days);
        progress.push(Progress { share: *share, state, paid, covered });
        before = needed;
    }
    Tracked { standing: standing(&progress, as_of), progress, surplus: (all - before).max(0) }
}

/// The day from which all that came is enough and stays so, if there is one.
fn covered_from(by_day: &BTreeMap<Day, i64>, needed: i64, due: Day) -> Option<Day> {
    let (mut sum, mut since) = (0_i64, (needed <= 0).then_some(due));
    for (day, amount) in by_day {
        sum = sum.saturating_add(*amount);
        since = if sum < needed { None } else { since.or(Some(*day)) };
    }
    since
}

fn state(due: Day, covered: Option<Day>, as_of: Day, tolerance_days: i32) -> State {
    let until = due.plus(tolerance_days);
    match covered {
        Some(day) if day <= until => State::Kept,
        Some(_) => State::Late,
        None if as_of > until => State::Broken,
        None if as_of >= due => State::Due,
        None => State::Upcoming,
    }
}

fn standing(progress: &[Progress], as_of: Day) -> Standing {
    let any = |of: &dyn Fn(&Progress) -> bool| progress.iter().any(of);
    if !any(&|one| one.covered.is_none()) {
        Standing::Done
    } else if any(&|one| one.state == State::Broken) {
        Standing::Broken
    } else if any(&|one| one.state == State::Due && one.share.day < as_of) {
        Standing::Behind
    } else {
        Standing::OnSchedule
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three instalments of 100 on days 10, 20 and 30.
    fn plan() -> [Share; 3] {
        [10, 20, 30].map(|day| Share { day: Day(day), amount: 100 })
    }

    fn seen(payments: &[(i32, i64)], as_of: i32) -> (Standing, Vec<State>) {
        let payments: Vec<Payment> =
            payments.iter().map(|(day, amount)| Payment { day: Day(*day), amount: *amount }).collect();
        let tracked = track(&plan(), &payments, AsOf(Day(as_of)), 3);
        (tracked.standing, tracked.progress.iter().map(|one| one.state).collect())
    }

    #[test]
    fn an_instalment_is_due_then_broken_and_late_when_it_is_paid_at_last() {
        use State::{Broken, Due, Kept, Late, Upcoming};
        assert_eq!(seen(&[], 9), (Standing::OnSchedule, vec![Upcoming; 3]));
        assert_eq!(seen(&[], 10), (Standing::OnSchedule, vec![Due, Upcoming, Upcoming]));
        assert_eq!(seen(&[], 13), (Standing::Behind, vec![Due, Upcoming, Upcoming]));
        assert_eq!(seen(&[], 14), (Standing::Broken, vec![Broken, Upcoming, Upcoming]));
        assert_eq!(seen(&[(14, 100)], 14), (Standing::OnSchedule, vec![Late, Upcoming, Upcoming]));
        assert_eq!(seen(&[(13, 100)], 14), (Standing::OnSchedule, vec![Kept, Upcoming, Upcoming]));
        // What comes later is not seen before.
        assert_eq!(seen(&[(15, 100)], 14), seen(&[], 14));
    }

    #[test]
    fn the_oldest_instalment_is_paid_first() {
        use State::{Broken, Kept, Upcoming};
        // 150 by day 10 keep the first; the second has 50 of its 100 on day 24.
        assert_eq!(seen(&[(8, 60), (10, 90)], 24), (Standing::Broken, vec![Kept, Broken, Upcoming]));
        let payments = [Payment { day: Day(8), amount: 150 }];
        let tracked = track(&plan(), &payments, AsOf(Day(24)), 3);
        assert_eq!(tracked.progress.iter().map(|one| one.paid).collect::<Vec<_>>(), [100, 50, 0]);
    }

    #[test]
    fn paid_ahead_is_done_with_what_is_too_much_left_over() {
        assert_eq!(seen(&[(5, 300)], 5), (Standing::Done, vec![State::Kept; 3]));
        let payments = [Payment { day: Day(5), amount: 310 }];
        assert_eq!(track(&plan(), &payments, AsOf(Day(5)), 3).surplus, 10);
    }

    #[test]
    fn money_that_came_back_covers_nothing() {
        use State::{Broken, Late, Upcoming};
        assert_eq!(seen(&[(8, 100), (15, -100)], 16), (Standing::Broken, vec![Broken, Upcoming, Upcoming]));
        // Paid again on day 18: covered from then on only.
        let again = seen(&[(8, 100), (15, -100), (18, 100)], 19);
        assert_eq!(again, (Standing::OnSchedule, vec![Late, Upcoming, Upcoming]));
    }

    #[test]
    fn the_order_of_payments_does_not_matter() {
        assert_eq!(seen(&[(8, 60), (10, 90)], 24), seen(&[(10, 90), (8, 60)], 24));
    }
}
