//! What the customer owes on the day of the question, and what of it is past due.

use super::exposure::to_major;
use super::{Family, Feature, Unit, feature, ratio, zip};

pub const FAMILY: Family = Family {
    name: "open",
    features: FEATURES,
    compute: |scope| {
        let queries = scope.queries;
        let open = scope.history.open.before(queries);
        let overdue = scope.history.overdue.before(queries);
        let (count, overdue_count) = (open.sum("count")?, overdue.sum("count")?);
        let (amount, overdue_amount) = (open.sum("amount")?, overdue.sum("amount")?);
        let today = queries.numbers(|at| f64::from(queries.days[at].0));
        let due_mean = ratio(&overdue.sum("due")?, &overdue_count);
        Ok(vec![
            ratio(&overdue_count, &count),
            ratio(&overdue_amount, &amount),
            zip(&today, &due_mean, |today, due| today - due),
            to_major(queries, &amount),
            to_major(queries, &overdue_amount),
            count,
            overdue_count,
        ])
    },
};

const FEATURES: &[Feature] = &[
    feature("overdue_ratio", Unit::Ratio, "share of open invoices that are past due"),
    feature("overdue_amount_ratio", Unit::Ratio, "share of the open balance that is past due"),
    feature("overdue_days_mean", Unit::Days, "mean days past due of the invoices that are, on that day"),
    feature("open_amount", Unit::Amount, "open balance"),
    feature("overdue_amount", Unit::Amount, "balance past due"),
    feature("open_count", Unit::Count, "open invoices"),
    feature("overdue_count", Unit::Count, "invoices past due"),
];
