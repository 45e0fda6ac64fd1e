//! Disputes raised and promises made and broken.

use super::{Family, Feature, Unit, feature, ratio};

pub const FAMILY: Family = Family {
    name: "conduct",
    features: FEATURES,
    compute: |scope| {
        let queries = scope.queries;
        let disputes = scope.history.disputes.before(queries).count()?;
        let issued = scope.history.issued.before(queries).count()?;
        let customer = |at: usize| queries.customers[at];
        let promises = scope.history.promises.before_in(queries, customer).count()?;
        let broken = scope.history.promises_broken.before_in(queries, customer).count()?;
        Ok(vec![ratio(&disputes, &issued), disputes, ratio(&broken, &promises), promises, broken])
    },
};

const FEATURES: &[Feature] = &[
    feature("disputes_ratio", Unit::Ratio, "disputes raised per invoice issued"),
    feature("disputes_count", Unit::Count, "disputes raised"),
    feature("promises_broken_ratio", Unit::Ratio, "promises broken of those made"),
    feature("promises_count", Unit::Count, "promises to pay made"),
    feature("promises_broken_count", Unit::Count, "promises to pay broken"),
];
