//! Triage: which findings are still to be looked at, how likely each is real, and what a minute spent on it is worth.
//!
//! [`verdicts`] puts what reviewers decided on what it is about, [`rests`] says whether anything came later that they could
//! not see, [`chance`] draws a rule's own estimate to their verdicts, and [`precision`] counts how often each rule was right.
//! Nothing here acts: a finding that is almost certainly real is still a proposal to a reviewer.

mod chance;
mod precision;
mod rests;
#[cfg(test)]
mod tests;
mod verdicts;

use super::finding::Finding;
use super::policy::{Policy, Suppression};
use crate::asof::documents::Documents;
pub use chance::Chance;
pub use precision::{Precision, Share, by_rule};
pub use verdicts::{Decided, Verdicts};

use chance::Chances;
use rests::Rests;

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To be looked at.
    Open,
    /// Closed by a verdict on these facts.
    Judged,
    /// Set aside by the policy for a while.
    Suppressed,
}

impl State {
    /// The word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Judged => "judged",
            Self::Suppressed => "suppressed",
        }
    }
}

/// What is to be done about a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Triaged {
    /// Where it stands.
    pub state: State,
    /// Why it stands there; empty where it is open and was never judged.
    pub note: String,
    /// The last verdict on it, be it still good or not.
    pub decided: Option<Decided>,
    /// How likely it is real.
    pub chance: Chance,
    /// Minutes that a review takes.
    pub minutes: u32,
    /// What a minute of review is expected to save, in minor units of its currency: the amount at stake × the probability
    /// that it is real and not let pass / minutes.
    pub worth: i64,
}

/// Each finding in its place.
pub fn triage<'a>(
    documents: &'a Documents,
    findings: &'a [Finding],
    verdicts: &Verdicts<'a>,
    policy: &Policy,
) -> Vec<Triaged> {
    let decided: Vec<Option<Decided>> = findings.iter().map(|finding| verdicts.on(finding)).collect();
    let judged = findings.iter().zip(&decided).filter(|(_, decided)| decided.is_some());
    let rests = Rests::of(documents, judged.map(|(finding, _)| finding));
    let chances = Chances::new(findings, verdicts);
    let triaged = |(finding, decided): (&Finding, Option<Decided>)| {
        let reopened = decided.and_then(|decided| rests.reopened(finding, decided));
        let aside = policy.suppressions.iter().find(|one| one.covers(finding, documents.as_of().0));
        let (state, note) = stands(decided, reopened, aside);
        let chance = chances.of(finding);
        let minutes = policy.minutes.of(finding.code);
        let saved = finding.stake as f64 * chance.real * (1.0 - chance.let_pass);
        let worth = (saved / f64::from(minutes)).round() as i64;
        Triaged { state, note, decided, chance, minutes, worth }
    };
    findings.iter().zip(decided).map(triaged).collect()
}

/// A verdict that still holds goes before a suppression, and that before being open again.
fn stands(
    decided: Option<Decided>,
    reopened: Option<String>,
    aside: Option<&Suppression>,
) -> (State, String) {
    match (decided, reopened, aside) {
        (Some(Decided { day, verdict }), None, _) => {
            (State::Judged, format!("judged {} on {day}", verdict.name()))
        }
        (_, _, Some(Suppression { reason, until, .. })) => {
            (State::Suppressed, format!("set aside until {until}: {reason}"))
        }
        (_, reopened, None) => (State::Open, reopened.unwrap_or_default()),
    }
}
