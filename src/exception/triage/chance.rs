//! How likely a finding is real, and let pass if it is: what the rule says of itself, drawn to what reviewers said of its
//! findings, and that to what they said of those of the party. Each step is the mean of a beta distribution: what was
//! known before counts as so many verdicts, named below.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::verdicts::Verdicts;
use crate::exception::finding::{Finding, Kind};
use crate::ledger::register::Verdict;

/// Verdicts that a rule's own estimate counts as.
const RULE_WEIGHT: f64 = 10.0;
/// Verdicts that those on all of a rule's findings count as against those on one party's.
const ALL_WEIGHT: f64 = 4.0;
/// How near to certain a rule's own estimate is taken to be.
const CERTAIN: f64 = 0.99;
/// One in so many is the last place of a probability that is kept, so that what is printed is what was counted with.
const PLACES: f64 = 10_000.0;

/// Verdicts counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// As the finding says.
    pub confirmed: usize,
    /// As the finding says, and let pass.
    pub accepted: usize,
    /// Nothing is wrong.
    pub refuted: usize,
    /// What was compared belongs together.
    pub right_match: usize,
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        let count = match verdict {
            Verdict::True => &mut self.confirmed,
            Verdict::AcceptedVariance => &mut self.accepted,
            Verdict::False => &mut self.refuted,
            Verdict::RightMatch => &mut self.right_match,
        };
        *count += 1;
    }

    /// Findings that were as they said, be they let pass or not.
    pub fn real(&self) -> usize {
        self.confirmed + self.accepted
    }

    /// All that were judged.
    pub fn reviewed(&self) -> usize {
        self.real() + self.refuted + self.right_match
    }
}

/// What is expected of a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// Probability that it is as it says.
    pub real: f64,
    /// Probability that it is let pass if it is.
    pub let_pass: f64,
    /// Why, with the counts behind it.
    pub why: String,
}

/// What verdicts say of rules and of their findings on parties.
pub(super) struct Chances<'a> {
    /// Mean of what a rule says of its findings.
    stated: BTreeMap<&'static str, f64>,
    rules: BTreeMap<&'static str, Counts>,
    parties: BTreeMap<(&'static str, Kind, &'a str), Counts>,
}

impl<'a> Chances<'a> {
    pub(super) fn new(findings: &[Finding], verdicts: &Verdicts<'a>) -> Self {
        let mut sums: BTreeMap<&'static str, (f64, f64)> = BTreeMap::new();
        for one in findings {
            let sum = sums.entry(one.code).or_default();
            *sum = (sum.0 + f64::from(one.confidence), sum.1 + 1.0);
        }
        let stated = sums.into_iter().map(|(code, (sum, count))| (code, bounded(sum / count))).collect();
        let mut chances = Self { stated, rules: BTreeMap::new(), parties: BTreeMap::new() };
        for (about, verdict) in verdicts.each() {
            chances.rules.entry(about.code).or_default().add(verdict);
            if let Some(kind) = about.kind.filter(|_| !about.party.is_empty()) {
                chances.parties.entry((about.code, kind, about.party)).or_default().add(verdict);
            }
        }
        chances
    }

    /// Verdicts on a rule's findings.
    pub(super) fn of_rule(&self, code: &str) -> Counts {
        self.rules.get(code).copied().unwrap_or_default()
    }

    pub(super) fn of(&self, finding: &Finding) -> Chance {
        let all = self.of_rule(finding.code);
        let key = (finding.code, finding.document.kind, finding.party.as_str());
        let own = self.parties.get(&key).copied().unwrap_or_default();
        let stated = self.stated.get(finding.code).copied().unwrap_or(CERTAIN);
        let usual = drawn(stated, RULE_WEIGHT, all.real(), all.reviewed());
        let usual = drawn(usual, ALL_WEIGHT, own.real(), own.reviewed());
        // A rule that is surer of some findings than of others stays so: all move by the same odds.
        let moved = log_odds(bounded(f64::from(finding.confidence))) - log_odds(stated) + log_odds(usual);
        let let_pass = drawn(0.0, RULE_WEIGHT, all.accepted, all.real());
        let let_pass = drawn(let_pass, ALL_WEIGHT, own.accepted, own.real());
        Chance {
            real: kept(crate::model::probability(moved)),
            let_pass: kept(let_pass),
            why: why(finding, all, own),
        }
    }
}

/// A share of so many, what was known before counting as `weight` more.
fn drawn(before: f64, weight: f64, hits: usize, of: usize) -> f64 {
    (weight * before + hits as f64) / (weight + of as f64)
}

fn bounded(percent: f64) -> f64 {
    (percent / 100.0).clamp(1.0 - CERTAIN, CERTAIN)
}

fn log_odds(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

/// A share as it is kept.
pub(super) fn kept(share: f64) -> f64 {
    (share * PLACES).round() / PLACES
}

fn why(finding: &Finding, all: Counts, own: Counts) -> String {
    let says = format!("the rule says {} %", finding.confidence);
    let mut why = match (all.reviewed(), own.reviewed()) {
        (0, _) => format!("no finding of this kind was judged yet, {says}"),
        (reviewed, 0) => {
            format!("{} of {reviewed} judged findings of this kind were real, {says}", all.real())
        }
        (reviewed, of_party) => format!(
            "{} of {of_party} judged findings of this kind on {} were real, {} of {reviewed} on all, {says}",
            own.real(),
            finding.party,
            all.real()
        ),
    };
    if all.accepted > 0 {
        let _ = write!(why, "; {} of {} real ones were let pass", all.accepted, all.real());
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::Day;
    use crate::base::money::Currency;
    use crate::exception::finding::Reference;
    use crate::exception::rule::RULES;

    fn finding(party: &str, confidence: u8) -> Finding {
        let rule = RULES.iter().find(|rule| rule.code == "NO_PO").unwrap();
        let document = Reference { kind: Kind::Bill, id: "R1".to_owned() };
        let mut finding = Finding::new(rule, document, Day(0), Currency::new(*b"EUR", 2));
        party.clone_into(&mut finding.party);
        finding.confidence(confidence)
    }

    /// What is expected of a finding on S1, after these verdicts on S1's findings and on all.
    fn chance(findings: &[Finding], own: Counts, all: Counts) -> Chance {
        let mut chances = Chances::new(findings, &Verdicts::default());
        chances.rules.insert("NO_PO", all);
        chances.parties.insert(("NO_PO", Kind::Bill, "S1"), own);
        chances.of(&findings[0])
    }

    fn counts(confirmed: usize, accepted: usize, refuted: usize) -> Counts {
        Counts { confirmed, accepted, refuted, right_match: 0 }
    }

    #[test]
    fn verdicts_draw_the_rules_own_estimate() {
        let found = [finding("S1", 80)];
        let none = chance(&found, Counts::default(), Counts::default());
        assert_eq!((none.real, none.let_pass), (0.8, 0.0));
        assert_eq!(none.why, "no finding of this kind was judged yet, the rule says 80 %");
        // (10 × .80 + 4) / (10 + 20) = .4, of no verdict on the party.
        let of_rule = chance(&found, Counts::default(), counts(4, 0, 16));
        assert_eq!((of_rule.real, of_rule.let_pass), (0.4, 0.0));
        assert_eq!(of_rule.why, "4 of 20 judged findings of this kind were real, the rule says 80 %");
        // Then (4 × .4 + 0) / (4 + 4) = .2.
        let of_party = chance(&found, counts(0, 0, 4), counts(4, 0, 16));
        assert_eq!((of_party.real, of_party.let_pass), (0.2, 0.0));
        assert_eq!(
            of_party.why,
            "0 of 4 judged findings of this kind on S1 were real, 4 of 20 on all, the rule says 80 %"
        );
    }

    #[test]
    fn what_was_let_pass_was_real_and_saves_nothing() {
        let found = [finding("S1", 80)];
        // Real: (8 + 10) / (10 + 10) = .9, then (4 × .9 + 4) / (4 + 4) = .95.
        // Let pass: 5 of 10: 5 / (10 + 10) = .25, then (4 × .25 + 4) / (4 + 4) = .625.
        let chance = chance(&found, counts(0, 4, 0), counts(5, 5, 0));
        assert_eq!((chance.real, chance.let_pass), (0.95, 0.625));
        assert!(chance.why.ends_with("; 5 of 10 real ones were let pass"), "{}", chance.why);
    }

    #[test]
    fn a_rule_that_is_surer_of_some_findings_stays_so() {
        // It says 60 and 40 %, .5 on average; judged 0 of 10, usual is (5 + 0) / 20 = .25: odds of 1/3 where they were 1.
        // 60 % are odds of 3/2, so 1/2, a third; 40 % are 2/3, so 2/9, 2 in 11.
        let all = counts(0, 0, 10);
        let one = chance(&[finding("S1", 60), finding("S1", 40)], Counts::default(), all);
        let other = chance(&[finding("S1", 40), finding("S1", 60)], Counts::default(), all);
        assert_eq!((one.real, other.real), (0.3333, 0.1818));
    }

    #[test]
    fn no_rule_is_certain() {
        let sure = chance(&[finding("S1", 100)], Counts::default(), Counts::default());
        assert_eq!((sure.real, sure.let_pass), (0.99, 0.0));
    }
}
