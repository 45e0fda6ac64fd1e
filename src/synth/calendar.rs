//! Business days and payment runs. Weekends only: a made-up ledger needs no holidays, and the statute tables
//! that hold the real ones are for claims.

use crate::base::day::Day;

/// Saturday, as [`Day::weekday`] counts.
const SATURDAY: i32 = 5;
const WEEK_DAYS: i32 = 7;

/// The history that is made up: first day and day of the export, both included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) first: Day,
    pub(super) last: Day,
}

impl Span {
    /// Days from the first to the last day.
    pub(super) fn days(self) -> i32 {
        self.last.0 - self.first.0
    }

    /// How far into the history a day lies, 0 to 1.
    pub(super) fn age(self, day: Day) -> f64 {
        f64::from((day.0 - self.first.0).clamp(0, self.days())) / f64::from(self.days().max(1))
    }

    /// The business day nearest to `day` that is within the history; the day itself if there is none. Never
    /// after the export.
    pub(super) fn business_day(self, day: Day) -> Day {
        let day = day.min(self.last);
        let (later, earlier) = (on_or_after(day), on_or_before(day));
        if later <= self.last {
            later
        } else if earlier >= self.first {
            earlier
        } else {
            day
        }
    }
}

/// The first business day on or after `day`.
pub(super) fn on_or_after(day: Day) -> Day {
    let weekday = day.weekday();
    if weekday >= SATURDAY { day.plus(WEEK_DAYS - weekday) } else { day }
}

/// The last business day on or before `day`.
pub(super) fn on_or_before(day: Day) -> Day {
    let weekday = day.weekday();
    if weekday >= SATURDAY { day.plus(SATURDAY - 1 - weekday) } else { day }
}

/// The business day after `day`.
pub(super) fn next_business_day(day: Day) -> Day {
    on_or_after(day.plus(1))
}

/// The first day with this weekday on or after `day`.
pub(super) fn run_on_or_after(day: Day, weekday: i32) -> Day {
    day.plus((weekday - day.weekday()).rem_euclid(WEEK_DAYS))
}

/// The last day with this weekday on or before `day`.
pub(super) fn run_on_or_before(day: Day, weekday: i32) -> Day {
    day.plus(-(day.weekday() - weekday).rem_euclid(WEEK_DAYS))
}

/// The first business month end on or after `day`.
pub(super) fn month_end_on_or_after(day: Day) -> Day {
    let end = month_end(day);
    if end >= day { end } else { month_end(day.next_month_start()) }
}

/// The last business month end on or before `day`.
pub(super) fn month_end_on_or_before(day: Day) -> Day {
    let end = month_end(day);
    if end <= day { end } else { on_or_before(day.month_start().plus(-1)) }
}

fn month_end(day: Day) -> Day {
    on_or_before(day.next_month_start().plus(-1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_fall_on_their_day_and_side() {
        for at in 20_000..20_800 {
            let day = Day(at);
            assert!(on_or_after(day) >= day && on_or_after(day).weekday() < SATURDAY);
            assert!(on_or_before(day) <= day && on_or_before(day).weekday() < SATURDAY);
            for weekday in 0..SATURDAY {
                let (before, after) = (run_on_or_before(day, weekday), run_on_or_after(day, weekday));
                assert!(before <= day && day <= after && after.0 - before.0 <= WEEK_DAYS);
                assert_eq!((before.weekday(), after.weekday()), (weekday, weekday));
            }
            let (before, after) = (month_end_on_or_before(day), month_end_on_or_after(day));
            assert!(before <= day && day <= after && after.0 - before.0 <= 33, "{before} {day} {after}");
        }
    }
}
