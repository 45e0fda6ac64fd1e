//! When the customer pays: how long ago, how often, and on which weekday its payment run falls.

use polars::prelude::PolarsResult;

use super::{Family, Feature, Figures, Unit, feature, ratio, zip};
use crate::asof::history::weekday_group;
use crate::asof::paid::WEEKDAYS;

pub const FAMILY: Family = Family {
    name: "rhythm",
    features: FEATURES,
    compute: |scope| {
        let queries = scope.queries;
        let paid = scope.history.paid.before(queries);
        let today = queries.numbers(|at| f64::from(queries.days[at].0));
        let since_paid =
            zip(&today, &scope.history.paid.latest(queries).last(1, "known")?, |today, day| today - day);
        let by_weekday: Vec<Figures> =
            WEEKDAYS.iter().map(|name| paid.sum(name)).collect::<PolarsResult<_>>()?;
        let runs: Vec<Run> =
            (0..queries.len()).map(|at| Run::of(&by_weekday, at, queries.due[at].weekday())).collect();
        let same = scope
            .history
            .paid_by_due_weekday
            .before_in(queries, |at| weekday_group(queries.accounts[at], queries.due[at]));
        let same_count = same.sum("count")?;
        let issued = scope.history.issued.within(queries, 30).count()?;
        let surge = ratio(&issued, &scope.history.issued.within(queries, 180).count()?);
        Ok(vec![
            since_paid,
            queries.numbers(|at| runs[at].share),
            queries.numbers(|at| runs[at].days_after_due),
            same_count.clone(),
            ratio(&same.sum("late")?, &same_count),
            ratio(&same.sum("delay")?, &same_count),
            issued,
            surge,
        ])
    },
};

/// The weekday on which most payments came.
struct Run {
    share: f64,
    days_after_due: f64,
}

impl Run {
    fn of(by_weekday: &[Figures], at: usize, due_weekday: i32) -> Self {
        let counts: Vec<f64> = by_weekday.iter().map(|column| column.get(at).unwrap_or(0.0)).collect();
        let all: f64 = counts.iter().sum();
        // The first of equals, so that ties do not depend on anything.
        let (weekday, most) = counts
            .iter()
            .enumerate()
            .fold((0, -1.0), |best, (weekday, &count)| if count > best.1 { (weekday, count) } else { best });
        let days = (weekday as i32 - due_weekday).rem_euclid(7);
        Self { share: most / all, days_after_due: if all > 0.0 { f64::from(days) } else { f64::NAN } }
    }
}

const FEATURES: &[Feature] = &[
    feature("since_paid_days", Unit::Days, "days since the last payment was known"),
    feature("run_weekday_ratio", Unit::Ratio, "share of payments on the customer's most usual weekday"),
    feature("run_after_due_days", Unit::Days, "days from the due day to the next such weekday"),
    feature("same_weekday_count", Unit::Count, "invoices paid that were due on the same weekday"),
    feature("same_weekday_late_ratio", Unit::Ratio, "share of them that were late"),
    feature("same_weekday_delay_mean", Unit::Days, "their mean days paid after due"),
    feature("issued_count_30d", Unit::Count, "invoices issued in the last 30 days"),
    feature(
        "issued_surge_ratio",
        Unit::Ratio,
        "share of the invoices of the last 180 days that were issued in the last 30",
    ),
];
