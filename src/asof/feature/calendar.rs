//! Where the due day falls: half of "late by a day or two" is a weekend.

use std::f64::consts::TAU;

use super::{Family, Feature, Unit, feature};

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
        Ok(columns)
    },
};

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
];
