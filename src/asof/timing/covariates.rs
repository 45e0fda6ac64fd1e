//! What is known of a question's cells: where they lie in the calendar, and how often the account, and the portfolio, paid
//! on such days.

use super::cells::{Cell, cells};
use super::habits::{Habits, month_part};
use super::record::{EARLIEST, Record};
use crate::base::day::Day;

/// Names and meanings of the covariates, in order.
pub const COVARIATES: [(&str, &str); 26] = [
    ("offset", "days from due to the first day of the cell"),
    ("days", "days of the cell"),
    ("working_days", "days of the cell from Monday to Friday"),
    ("weekday", "weekday of a single day, Monday 0"),
    ("day_of_month", "day of the month of the first day"),
    ("days_left", "days of the month after the first day"),
    ("working_day_of_month", "days from Monday to Friday in the month until the first day, it included"),
    ("working_days_left", "days from Monday to Friday in the month after the first day"),
    ("age", "days from issue to the first day"),
    ("since", "days from the question to the first day"),
    ("hazard", "share of its payments in the cell, of what was open when it began, drawn to the portfolio's"),
    ("hazard_1", "the same with a day more at both ends"),
    ("hazard_3", "the same with three days more at both ends"),
    ("still_open", "share of its invoices that were open when the cell began"),
    ("weekday_lift", "its share of payments on the weekday of a single day, over the portfolio's"),
    ("weekday_share", "its share of payments on the weekday of a single day"),
    ("month_part_lift", "its share of payments in that fifth part of the month, over the portfolio's"),
    ("weekday_hazard", "hazard_1 times weekday_lift"),
    ("from_median", "days from its median delay to the first day"),
    ("from_last", "days from its last delay"),
    ("from_recent", "days from the mean of its last delays, the latest weighing most"),
    ("from_q10", "days from the 10 % quantile of its last delays"),
    ("from_q25", "days from the 25 % quantile"),
    ("from_q75", "days from the 75 % quantile"),
    ("from_q90", "days from the 90 % quantile"),
    ("since_payment", "days from its last payment to the first day"),
];

/// The portfolio's habit counts like so many invoices of the account's own.
const PRIOR_INVOICES: f64 = 3.0;

/// The portfolio's shares of weekdays and parts of the month count like so many of its payments.
const PRIOR_PAYMENTS: f64 = 5.0;

/// Least hazard that the portfolio is taken to have in a cell.
const HAZARD_MIN: f64 = 1e-4;

/// The person-periods of one question: the cells ahead of it, and what is known of each.
#[derive(Debug)]
pub struct Periods<'a> {
    pub(super) habits: &'a Habits,
    pub(super) record: Record,
    pub(super) day: Day,
    pub(super) issued: Day,
    pub(super) due: Day,
}

impl Periods<'_> {
    /// The cells from the question's day on, in order.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + use<'_> {
        cells(self.day.0.saturating_sub(self.due.0), self.due, self.habits)
    }

    /// What is known of a cell, in the order of [`COVARIATES`]; NaN where nothing is.
    pub fn covariates(&self, cell: Cell) -> [f64; COVARIATES.len()] {
        let Self { record, .. } = self;
        let Cell { from, to } = cell;
        let day = self.due.plus(from);
        let [days, working_days] = [cell.days(), working_days(day, self.due.plus(to))];
        let (month, next_month) = (day.month_start(), day.next_month_start());
        let [weekday, weekday_lift, weekday_share] =
            if days == 1 { self.weekday(day) } else { [f64::NAN; 3] };
        let hazard_1 = self.hazard(from.saturating_sub(1), to + 1);
        let still_open =
            (record.at_risk(from) + PRIOR_INVOICES / 2.0) / (record.at_risk(EARLIEST) + PRIOR_INVOICES);
        let since_payment = record.last_day.map_or(f64::NAN, |last| between(last, day));
        let delays = record.delays;
        let [q10, q25, q75, q90] = delays.quantiles;
        let after = |delay: f64| f64::from(from) - delay;
        [
            f64::from(from),
            f64::from(days),
            f64::from(working_days),
            weekday,
            between(month, day) + 1.0,
            between(day, next_month) - 1.0,
            f64::from(working_days_before(day.plus(1)) - working_days_before(month)),
            f64::from(working_days_before(next_month) - working_days_before(day.plus(1))),
            between(self.issued, day),
            between(self.day, day),
            self.hazard(from, to),
            hazard_1,
            self.hazard(from.saturating_sub(3), to + 3),
            still_open,
            weekday_lift,
            weekday_share,
            self.month_part_lift(month_part((day.0 - month.0 + 1) as u32)),
            hazard_1 * weekday_lift,
            after(delays.median),
            after(delays.last),
            after(delays.recent),
            after(q10),
            after(q25),
            after(q75),
            after(q90),
            since_payment,
        ]
    }

    /// Share of payments so many days after due, of what was open when the first of them began.
    fn hazard(&self, from: i32, to: i32) -> f64 {
        let usual = self.habits.hazard(from, to).clamp(HAZARD_MIN, 1.0);
        (self.record.paid_in(from, to) + PRIOR_INVOICES * usual)
            / (self.record.at_risk(from) + PRIOR_INVOICES)
    }

    /// A day's weekday, and the account's share of payments on it: over the portfolio's, and itself.
    fn weekday(&self, day: Day) -> [f64; 3] {
        let usual = self.habits.weekday_share(day);
        let share = self.share(self.record.weekdays[day.weekday() as usize], usual);
        [f64::from(day.weekday()), share / usual, share]
    }

    fn month_part_lift(&self, part: usize) -> f64 {
        let usual = self.habits.month_part_share(part);
        self.share(self.record.month_parts[part], usual) / usual
    }

    /// Share of the account's payments, drawn to what is usual.
    fn share(&self, paid: f64, usual: f64) -> f64 {
        (paid + PRIOR_PAYMENTS * usual) / (self.record.paid + PRIOR_PAYMENTS)
    }
}

fn between(earlier: Day, later: Day) -> f64 {
    f64::from(later.0.saturating_sub(earlier.0))
}

/// Days from Monday to Friday, both days included.
fn working_days(from: Day, to: Day) -> i32 {
    working_days_before(to.plus(1)) - working_days_before(from)
}

/// Days from Monday to Friday since the Monday before 1970, before a day.
fn working_days_before(day: Day) -> i32 {
    let days = day.0.saturating_add(3);
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}
