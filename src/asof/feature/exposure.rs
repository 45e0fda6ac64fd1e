//! The invoice and the balance against what is usual for the customer.

use super::{Family, Feature, Figures, Unit, feature, ratio, zip};
use crate::asof::query::Queries;

pub const FAMILY: Family = Family {
    name: "exposure",
    features: FEATURES,
    compute: |scope| {
        let queries = scope.queries;
        let amount = queries.numbers(|at| queries.amounts[at].0 as f64);
        let usual = scope.history.issued.before(queries).mean("amount")?;
        let quarter = scope.history.issued.within(queries, 90).sum("amount")?;
        let open = scope.history.open.before(queries).sum("amount")?;
        let billed =
            zip(&open, &quarter, |open, quarter| if quarter > 0.0 { open / quarter } else { f64::NAN });
        Ok(vec![
            zip(&amount, &usual, |amount, usual| if usual > 0.0 { amount / usual } else { f64::NAN }),
            billed,
        ])
    },
};

const FEATURES: &[Feature] = &[
    feature("amount_to_usual", Unit::Ratio, "amount of the invoice against the customer's mean"),
    feature("open_to_quarter", Unit::Ratio, "open balance against what was billed in the last 90 days"),
];

/// Minor units of each question's account as major ones.
pub fn to_major(queries: &Queries, minor: &Figures) -> Figures {
    ratio(minor, &queries.numbers(|at| queries.minor_per_major[at]))
}
