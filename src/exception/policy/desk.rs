//! The parts of the policy that say what a review costs and what is not to be reviewed for a while.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::routing::list;
use crate::base::day::Day;
use crate::exception::finding::Finding;
use crate::exception::rule::RULES;

/// Most minutes that one review may take: a working day.
const MINUTES_MAX: u32 = 480;

/// The key of `[minutes]` that is for every rule not named.
const DEFAULT: &str = "default";

/// Findings that are set aside for a while, with the reason.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// Code of the rule.
    code: String,
    /// Only those of this supplier or customer.
    party: Option<String>,
    /// Only those on the document of this number.
    document: Option<String>,
    /// Why.
    pub reason: String,
    /// Last day.
    pub until: Day,
}

impl Suppression {
    /// Whether a finding is set aside on a day.
    pub fn covers(&self, finding: &Finding, day: Day) -> bool {
        let is_meant = |own: Option<&str>, id: &str| own.is_none_or(|own| own == id);
        self.code == finding.code
            && is_meant(self.party.as_deref(), &finding.party)
            && is_meant(self.document.as_deref(), &finding.document.id)
            && day <= self.until
    }
}

/// What is set aside.
pub(super) fn suppressions(table: &mut toml::Table) -> Result<Vec<Suppression>, String> {
    let suppressions: Vec<Suppression> = list(table, "suppress")?;
    for Suppression { code, party, document, reason, .. } in &suppressions {
        if !is_rule(code) {
            return Err(format!("[[suppress]] code: `{code}` is no rule"));
        }
        if reason.trim().is_empty() {
            return Err("[[suppress]] reason is empty".to_owned());
        }
        // Left out it is for all; left empty the name was most likely lost.
        for (key, name) in [("party", party), ("document", document)] {
            if name.as_ref().is_some_and(|name| name.trim().is_empty()) {
                return Err(format!("[[suppress]] {key} is empty"));
            }
        }
    }
    Ok(suppressions)
}

/// Minutes that a review takes, by rule; the section `[minutes]`.
#[derive(Debug, Clone)]
pub struct Minutes {
    default: u32,
    rules: BTreeMap<String, u32>,
}

impl Minutes {
    pub(super) fn read(table: &mut toml::Table) -> Result<Self, String> {
        let section = table.remove("minutes").ok_or("[minutes] is missing")?;
        let mut rules: BTreeMap<String, u32> =
            section.try_into().map_err(|cause: toml::de::Error| format!("[minutes]: {}", cause.message()))?;
        if let Some((key, _)) = rules.iter().find(|(_, minutes)| !(1..=MINUTES_MAX).contains(*minutes)) {
            return Err(format!("[minutes] {key}: from 1 to {MINUTES_MAX}"));
        }
        let default = rules.remove(DEFAULT).ok_or("[minutes] default is missing")?;
        match rules.keys().find(|code| !is_rule(code)) {
            Some(code) => Err(format!("[minutes] `{code}` is no rule")),
            None => Ok(Self { default, rules }),
        }
    }

    /// Minutes that a review of a rule's findings takes.
    pub fn of(&self, code: &str) -> u32 {
        self.rules.get(code).copied().unwrap_or(self.default)
    }
}

fn is_rule(code: &str) -> bool {
    RULES.iter().any(|rule| rule.code == code)
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;
    use super::super::{Policy, SHIPPED};

    fn suppressed(rows: &str) -> String {
        with("[[approver]]", &format!("[[suppress]]\n{rows}\n[[approver]]"))
    }

    #[test]
    fn a_suppression_needs_a_rule_a_reason_and_an_end() {
        let sound = "code = \"NO_PO\"\nparty = \"S1\"\nreason = \"rent\"\nuntil = \"2025-12-31\"\n";
        assert_eq!(suppressed(sound), "");
        assert_eq!(suppressed(&sound.replace("NO_PO", "NO_POO")), "[[suppress]] code: `NO_POO` is no rule");
        assert_eq!(
            suppressed(&sound.replace("reason = \"rent\"\n", "")),
            "[[suppress]]: missing field `reason`"
        );
        assert_eq!(suppressed(&sound.replace("rent", " ")), "[[suppress]] reason is empty");
        assert_eq!(suppressed(&sound.replace("S1", "")), "[[suppress]] party is empty");
        let document = sound.replace("party", "document");
        assert_eq!(suppressed(&document.replace("S1", " ")), "[[suppress]] document is empty");
        assert_eq!(
            suppressed(&sound.replace("until = \"2025-12-31\"\n", "")),
            "[[suppress]]: missing field `until`"
        );
        assert_eq!(
            suppressed(&sound.replace("2025-12-31", "2025-12-32")),
            "[[suppress]]: `2025-12-32` is not a day like 2026-01-31"
        );
        assert_eq!(
            suppressed(&sound.replace("party", "supplier")),
            "[[suppress]]: unknown field `supplier`, expected one of `code`, `party`, `document`, `reason`, `until`"
        );
    }

    #[test]
    fn minutes_have_a_default_and_are_of_rules() {
        let policy = Policy::parse(SHIPPED).unwrap();
        assert_eq!((policy.minutes.of("NO_PO"), policy.minutes.of("REMIT_BANK_CHANGED")), (10, 30));
        assert_eq!(with("default = 10 ", "# "), "[minutes] default is missing");
        assert_eq!(with("default = 10 ", "default = 0 "), "[minutes] default: from 1 to 480");
        assert_eq!(with("REMIT_BANK_CHANGED = 30", "REMIT_BANK = 30"), "[minutes] `REMIT_BANK` is no rule");
        assert_eq!(
            with("default = 10 ", "default = \"10\" "),
            "[minutes]: invalid type: string \"10\", expected u32"
        );
    }
}
