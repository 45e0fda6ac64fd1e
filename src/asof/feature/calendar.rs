//! Where the due day falls: half of "late by a day or two" is a weekend.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use super::{Family, Feature, Figures, Unit, feature};
use crate::asof::query::Queries;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::statute::bank_day::BankDays;

pub const FAMILY: Family = Family {
    name: "calendar",
    features: FEATURES,
    compute: |scope| {
        let queries = scope.queries;
        let due = |of: fn(crate::base::day::Day) -> f64| queries.numbers(|at| of(queries.due[at]));
        let mut columns: Vec<_> = (0..7)
            .map(|weekday| queries.numbers(|at| f64::from(u8::from(queries.due[at].weekday() == weekday))))
            .collect();
        columns.extend([
            due(|day| f64::from(day.day_of_month())),
            due(|day| f64::from(day.next_month_start().0 - 1 - day.0)),
            queries.numbers(|at| f64::from(queries.issued[at].day_of_month())),
            queries.numbers(|at| f64::from(queries.issued[at].weekday())),
            due(|day| (TAU * f64::from(day.month()) / 12.0).sin()),
            due(|day| (TAU * f64::from(day.month()) / 12.0).cos()),
        ]);
        columns.extend(bank_days(queries));
        Ok(columns)
    },
};

/// How the due day lies to the days on which payments settle.
fn bank_days(queries: &Queries) -> [Figures; 4] {
    // A currency's holidays are looked up once, not once a question.
    let mut known: BTreeMap<Currency, BankDays> = BTreeMap::new();
    let days: Vec<BankDays> = queries
        .currencies
        .iter()
        .map(|currency| *known.entry(*currency).or_insert_with(|| BankDays::of(currency.code())))
        .collect();
    let figures = |of: &dyn Fn(BankDays, Day, Day) -> i32| {
        queries.numbers(|at| f64::from(of(days[at], queries.issued[at], queries.due[at])))
    };
    [
        figures(&|days, _, due| days.next(due).0 - due.0),
        figures(&|days, _, due| due.0 - days.last(due).0),
        figures(&|days, issued, due| days.between(issued, due)),
        figures(&|days, _, due| days.between(due.plus(-5), due)),
    ]
}

const FEATURES: &[Feature] = &[
    feature("due_monday", Unit::Flag, "due on a Monday"),
    feature("due_tuesday", Unit::Flag, "due on a Tuesday"),
    feature("due_wednesday", Unit::Flag, "due on a Wednesday"),
    feature("due_thursday", Unit::Flag, "due on a Thursday"),
    feature("due_friday", Unit::Flag, "due on a Friday"),
    feature("due_saturday", Unit::Flag, "due on a Saturday"),
    feature("due_sunday", Unit::Flag, "due on a Sunday"),
    feature("due_day_of_month", Unit::Position, "day of the month on which it is due"),
    feature("due_to_month_end", Unit::Days, "days from due to the end of that month"),
    feature("issued_day_of_month", Unit::Position, "day of the month on which it was issued"),
    feature("issued_weekday", Unit::Position, "weekday of issue, Monday 0"),
    feature("due_season_sin", Unit::Position, "sine of the due month in the year"),
    feature("due_season_cos", Unit::Position, "cosine of the due month in the year"),
    feature("due_to_bank_day", Unit::Days, "days from due to the next day on which payments settle"),
    feature("due_since_bank_day", Unit::Days, "days from the last day on which payments settle to due"),
    feature("terms_bank_days", Unit::Days, "days from issue to due on which payments settle"),
    feature(
        "bank_days_before_due",
        Unit::Days,
        "days on which payments settle among the last five until due",
    ),
];
