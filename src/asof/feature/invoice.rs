//! What the invoice itself says on the day of the question.

use super::{Family, Feature, Unit, feature};

pub const FAMILY: Family = Family {
    name: "invoice",
    features: FEATURES,
    compute: |scope| {
        let queries = scope.queries;
        let days = |from: &[crate::base::day::Day], to: &[crate::base::day::Day]| {
            queries.numbers(|at| f64::from(to[at].0 - from[at].0))
        };
        Ok(vec![
            days(&queries.issued, &queries.due),
            queries.numbers(|at| queries.amounts[at].1),
            days(&queries.issued, &queries.days),
            days(&queries.days, &queries.due),
        ])
    },
};

const FEATURES: &[Feature] = &[
    feature("terms_days", Unit::Days, "days from issue to due"),
    feature("amount", Unit::Amount, "gross amount of the invoice"),
    feature("age_days", Unit::Days, "days since issue"),
    feature("days_to_due", Unit::Days, "days until due"),
];
