//! What in a policy contradicts itself: steps that can never be taken, and policies that are for nobody.

use std::collections::BTreeSet;

use super::Policy;
use super::settings::Settings;
use super::step::{Basis, End, Step};
use super::template;
use super::when::Who;

/// Days by which a month can end after any day of it.
const MONTH_END_DAYS_MAX: i32 = 30;

/// What is wrong with the steps of a policy, each being right by itself.
pub(super) fn of_steps(steps: &[Step], settings: &Settings, applies_to: &Who) -> Option<String> {
    let at = |step: &Step, fault: String| format!("[[policy.step]] `{}` {fault}", step.name);
    let alone = |(place, step): (usize, &Step)| {
        let when = step.when.never(settings.least_minimum(), applies_to);
        let when = when.map(|fault| format!("is never taken: when: {fault}"));
        let later = steps.get(place..).unwrap_or_default();
        when.or_else(|| template::fault(step, later).map(|fault| format!("has the wrong template: {fault}")))
            .map(|fault| at(step, fault))
    };
    let after = |(place, step): (usize, &Step)| {
        let before = steps.get(..place).unwrap_or_default();
        let fault = unreached(step, before).or_else(|| untimely(step, before));
        fault.map(|fault| at(step, fault))
    };
    order(steps)
        .or_else(|| steps.iter().enumerate().find_map(alone))
        .or_else(|| steps.iter().enumerate().find_map(after))
}

/// Names that are there twice, and steps that stand where they cannot.
fn order(steps: &[Step]) -> Option<String> {
    let mut names = BTreeSet::new();
    if let Some(step) = steps.iter().find(|step| !names.insert(step.name.as_str())) {
        return Some(format!("[[policy.step]] `{}` is there twice", step.name));
    }
    let from_due: Vec<&Step> = steps.iter().filter(|step| step.basis == Basis::Due).collect();
    if let Some([_, step]) = from_due.windows(2).find(|pair| pair[0].from_days > pair[1].from_days) {
        return Some(format!("[[policy.step]] `{}` begins before the one above it", step.name));
    }
    match steps.iter().find(|step| !step.is_notice()) {
        None => Some("[[policy.step]] has none after the due day".to_owned()),
        Some(step) if step.basis == Basis::PreviousStep => {
            Some(format!("[[policy.step]] `{}` has no step before it to count from", step.name))
        }
        Some(_) => {
            let levels = steps.iter().skip_while(|step| step.is_notice());
            let misplaced = levels.skip(1).find(|step| step.is_notice());
            misplaced.map(|step| {
                format!("[[policy.step]] `{}` is before the due day and must stand first", step.name)
            })
        }
    }
}

/// Why a step is never come to, if one before it is always taken and ends what it would go on with.
fn unreached(step: &Step, before: &[Step]) -> Option<String> {
    let ends = |other: &&Step| {
        other.when.is_always()
            && (other.end == Some(End::WriteOff) || (other.hands_over() && step.end.is_none()))
    };
    let last = before.iter().find(ends)?;
    Some(format!("is never reached: others deal with the customer after `{}`", last.name))
}

/// What is wrong with its day beside those of the steps that are always taken before it.
fn untimely(step: &Step, before: &[Step]) -> Option<String> {
    let always = || before.iter().enumerate().filter(|(_, other)| other.when.is_always());
    let is_level = |other: &Step| !other.is_notice();
    let too_soon = |(place, other): &(usize, &Step)| {
        is_level(other) && latest(step).is_some_and(|day| day < earliest(other, before.get(..*place)))
    };
    if let Some((_, other)) = always().find(too_soon) {
        return Some(format!("begins before `{}`, which is always taken before it", other.name));
    }
    let talks = |other: &Step| !other.channels.is_empty() && !step.channels.is_empty();
    // Of two notices of one day the later would always be given in place of the earlier.
    let same_day = |other: &Step| match step.basis {
        Basis::PreviousStep => is_level(other) && step.from_days == 0,
        basis => other.basis == basis && other.from_days == step.from_days,
    };
    let (_, other) = always().rfind(|(_, other)| talks(other) && same_day(other))?;
    Some(format!("begins on the day of `{}`, which is always taken before it", other.name))
}

/// Days after the due day on which a step begins at the latest; `None` where it may be any.
fn latest(step: &Step) -> Option<i32> {
    match step.basis {
        Basis::Due => Some(step.from_days),
        Basis::EndOfMonth => Some(step.from_days + MONTH_END_DAYS_MAX),
        Basis::PreviousStep => None,
    }
}

/// Days after the due day on which a step begins at the earliest, below those before it.
fn earliest(step: &Step, before: Option<&[Step]>) -> i32 {
    let before = before.unwrap_or_default();
    match step.basis {
        Basis::Due | Basis::EndOfMonth => step.from_days,
        Basis::PreviousStep => {
            let always = before.iter().rposition(|other| other.when.is_always() && !other.is_notice());
            // Without one that is always taken, any may have been the last.
            let last = always.map_or(0, |place| earliest(&before[place], before.get(..place)));
            last + step.from_days
        }
    }
}

/// What is wrong with policies beside each other: a name that two have, or one that leaves nobody for another.
pub(super) fn of_policies(given: &[Policy]) -> Option<String> {
    let fault = |(place, policy): (usize, &Policy)| {
        let before = given.get(..place).unwrap_or_default();
        if before.iter().any(|other| other.name == policy.name) {
            return Some(format!("[[policy]] `{}` is there twice", policy.name));
        }
        let other = before.iter().find(|other| other.applies_to.covers(&policy.applies_to))?;
        let name = &policy.name;
        Some(format!(
            "[[policy]] `{name}` is for nobody: `{}` before it has all of its customers",
            other.name
        ))
    };
    given.iter().enumerate().find_map(fault)
}
