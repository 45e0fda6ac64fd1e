//! Floor 5: what does not fit. Every document is compared with its order, its receipts, its party and its own sums, every
//! payment with what it was applied to; what is off by more than the [`policy`] lets pass is a [`finding::Finding`] with its
//! arithmetic, [`triage`] says
//! what reviewers' verdicts make of it, and [`route`] who looks at it until when. A rule is a pure function of what was known on the day and of the policy: [`rule::RULES`] lists them.

pub mod anomaly;
pub mod blocked;
pub mod case;
pub mod cash;
pub mod duplicate;
pub mod finding;
pub mod outlooks;
pub mod policy;
pub mod relisted;
pub mod route;
pub mod rule;
mod rules;
pub mod triage;
pub mod twins;

use rayon::prelude::*;

use case::Case;
use finding::Finding;
use rule::RULES;

/// Runs every rule; findings stand by rule, currency and amount at stake, the largest first.
pub fn find(case: &Case) -> Vec<Finding> {
    let mut found: Vec<(usize, Finding)> = RULES
        .par_iter()
        .enumerate()
        .flat_map_iter(|(at, rule)| (rule.run)(case).into_iter().map(move |finding| (at, finding)))
        .collect();
    found.par_sort_by(|(left, one), (right, other)| left.cmp(right).then_with(|| one.before(other)));
    found.into_iter().map(|(_, finding)| finding).collect()
}
