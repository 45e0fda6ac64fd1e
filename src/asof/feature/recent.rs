//! The last few payments, the latest weighing most.

use polars::prelude::{IdxSize, PolarsResult};

use super::{Family, Feature, Figures, Scope, Unit, feature, zip};

/// Payments looked back on.
const DEPTH: usize = 10;
/// Weight of a payment against the one after it: published as better than a plain mean and than fixed windows.
const DECAY: f64 = 1.0 / 1.5;
/// Payments looked back on for "more days than this invoice grants".
const TERMS_DEPTH: IdxSize = 20;

pub const FAMILY: Family = Family {
    name: "recent",
    features: FEATURES,
    compute: |scope| {
        let paid = scope.history.paid.before(scope.queries);
        let latest = scope.history.paid.latest(scope.queries);
        let last: Vec<Figures> =
            (1..=DEPTH).map(|nth| latest.last(nth as IdxSize, "delay")).collect::<PolarsResult<_>>()?;
        let weighted = |weight: f64, of: &dyn Fn(f64) -> f64| weighted_mean(scope, &last, weight, of);
        let late = |delay: f64| f64::from(u8::from(delay > f64::from(scope.history.grace_days)));
        let decayed = weighted(DECAY, &|delay| delay);
        let late_decayed = weighted(DECAY, &late);
        let late_10 = weighted(1.0, &late);
        let mean_10 = weighted(1.0, &|delay| delay);
        let trend = zip(&mean_10, &paid.mean("delay")?, |recent, all| recent - all);
        let mut columns: Vec<Figures> = last.into_iter().take(5).collect();
        columns.extend([decayed, late_decayed, late_10, trend, over_terms(scope)?]);
        Ok(columns)
    },
};

/// Mean of the known ones among the last payments, each weighing `weight` times the one after it.
fn weighted_mean(scope: &Scope, last: &[Figures], weight: f64, of: &dyn Fn(f64) -> f64) -> Figures {
    let mut sums = vec![(0.0_f64, 0.0_f64); scope.queries.len()];
    let mut factor = 1.0;
    for column in last {
        for ((sum, weights), delay) in sums.iter_mut().zip(column.into_no_null_iter()) {
            if !delay.is_nan() {
                *sum += factor * of(delay);
                *weights += factor;
            }
        }
        factor *= weight;
    }
    scope.queries.numbers(|at| sums[at].0 / sums[at].1)
}

/// Share of the last payments that took more days than this invoice grants.
fn over_terms(scope: &Scope) -> PolarsResult<Figures> {
    let latest = scope.history.paid.latest(scope.queries);
    let queries = scope.queries;
    let mut counts = vec![(0_u32, 0_u32); queries.len()];
    for nth in 1..=TERMS_DEPTH {
        let pay_days = latest.last(nth, "pay_days")?;
        for (at, (over, all)) in counts.iter_mut().enumerate() {
            let days = pay_days.get(at).unwrap_or(f64::NAN);
            let terms = f64::from(queries.due[at].0 - queries.issued[at].0);
            *over += u32::from(days > terms);
            *all += u32::from(!days.is_nan());
        }
    }
    Ok(queries.numbers(|at| f64::from(counts[at].0) / f64::from(counts[at].1)))
}

const FEATURES: &[Feature] = &[
    feature("delay_last_1", Unit::Days, "days after due of the last payment"),
    feature("delay_last_2", Unit::Days, "days after due of the payment before it"),
    feature("delay_last_3", Unit::Days, "days after due of the third last payment"),
    feature("delay_last_4", Unit::Days, "days after due of the fourth last payment"),
    feature("delay_last_5", Unit::Days, "days after due of the fifth last payment"),
    feature(
        "delay_decayed",
        Unit::Days,
        "mean days after due of the last 10 payments, each weighing 1.5 times the one before",
    ),
    feature(
        "late_decayed",
        Unit::Ratio,
        "share late of the last 10 payments, each weighing 1.5 times the one before",
    ),
    feature("late_ratio_last_10", Unit::Ratio, "share late of the last 10 payments"),
    feature("delay_trend", Unit::Days, "mean days after due of the last 10 payments less that of all"),
    feature(
        "over_terms_ratio_last_20",
        Unit::Ratio,
        "share of the last 20 payments that took more days than this invoice's terms",
    ),
];
