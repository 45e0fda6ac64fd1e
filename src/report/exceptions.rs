//! Findings as a table, as a count by rule, and the record of what they were made of.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::manifest::FileHash;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::exception::finding::Finding;
use crate::exception::route::Task;
use crate::exception::rule::RULES;

/// One row per finding.
pub fn sheet(findings: &[Finding]) -> Sheet {
    let text = |of: &dyn Fn(&Finding) -> String| Cells::Text(findings.iter().map(of).collect());
    let word = |of: &dyn Fn(&Finding) -> &'static str| Cells::Word(findings.iter().map(of).collect());
    let others = |one: &Finding| {
        let others: Vec<String> =
            one.others.iter().map(|other| format!("{} {}", other.kind.name(), other.id)).collect();
        others.join("; ")
    };
    Sheet::new("exceptions")
        .with("code", word(&|one| one.code))
        .with("kind", word(&|one| one.document.kind.name()))
        .with("document", text(&|one| one.document.id.clone()))
        .with("line", text(&|one| one.line.clone()))
        .with("party", text(&|one| one.party.clone()))
        .with("others", text(&others))
        .with("known", Cells::Day(findings.iter().map(|one| Some(one.known)).collect()))
        .with("settled", Cells::Flag(findings.iter().map(|one| one.is_settled).collect()))
        .with("role", word(&|one| one.role.name()))
        .with("expected", text(&|one| one.expected.clone()))
        .with("found", text(&|one| one.found.clone()))
        .with("difference", text(&|one| one.difference.clone()))
        .with("limit", text(&|one| one.limit.clone()))
        .with("at_stake", Cells::Money(findings.iter().map(|one| Some((one.stake, one.currency))).collect()))
        .with("currency", text(&|one| one.currency.code().to_owned()))
        .with(
            "confidence_percent",
            Cells::Count(findings.iter().map(|one| i64::from(one.confidence)).collect()),
        )
        .with("sentence", text(&|one| one.sentence.clone()))
}

/// One row per finding, in the order in which they should be dealt with.
pub fn queue(findings: &[Finding], tasks: &[Task]) -> Sheet {
    let rows: Vec<(&Task, &Finding)> =
        tasks.iter().filter_map(|task| Some((task, findings.get(task.finding)?))).collect();
    let text = |of: &dyn Fn(&Task, &Finding) -> String| {
        Cells::Text(rows.iter().map(|(task, finding)| of(task, finding)).collect())
    };
    let count = |of: &dyn Fn(&Task) -> i64| Cells::Count(rows.iter().map(|(task, _)| of(task)).collect());
    Sheet::new("queue")
        .with("rank", Cells::Count((1..=rows.len() as i64).collect()))
        .with("role", Cells::Word(rows.iter().map(|(task, _)| task.role).collect()))
        .with("due", Cells::Day(rows.iter().map(|(task, _)| Some(task.due)).collect()))
        .with("overdue_working_days", count(&|task| i64::from(task.overdue_days)))
        .with("age_working_days", count(&|task| i64::from(task.age_days)))
        .with("approvers", text(&|task, _| task.approvers.join(" > ")))
        .with("code", Cells::Word(rows.iter().map(|(_, finding)| finding.code).collect()))
        .with("document", text(&|_, finding| finding.document.id.clone()))
        .with("line", text(&|_, finding| finding.line.clone()))
        .with(
            "at_stake",
            Cells::Money(rows.iter().map(|(_, finding)| Some((finding.stake, finding.currency))).collect()),
        )
        .with("currency", text(&|_, finding| finding.currency.code().to_owned()))
        .with("sentence", text(&|_, finding| finding.sentence.clone()))
}

/// What was found, by rule.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Nothing known after this day was used.
    pub as_of: Day,
    /// The policy's own name.
    pub policy: String,
    /// Rules that found anything, in their order.
    pub rules: Vec<Found>,
}

/// What one rule found.
#[derive(Debug, Serialize)]
pub struct Found {
    /// Its code.
    pub code: &'static str,
    /// What is wrong.
    pub title: &'static str,
    /// Whose matter it is.
    pub role: &'static str,
    /// How many.
    pub findings: usize,
    /// Of them, on what is not paid yet, or on payments.
    pub open: usize,
    /// Amount at stake by currency, as exact text.
    pub at_stake: BTreeMap<String, String>,
}

impl Summary {
    /// Sums findings up.
    pub fn new(as_of: Day, policy: &str, findings: &[Finding]) -> Self {
        let found = |rule: &&crate::exception::rule::Rule| {
            let own: Vec<&Finding> = findings.iter().filter(|one| one.code == rule.code).collect();
            let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
            for one in &own {
                *sums.entry(one.currency).or_default() += i128::from(one.stake);
            }
            let at_stake = sums
                .into_iter()
                .map(|(currency, sum)| (currency.code().to_owned(), currency.format_total(sum)))
                .collect();
            Found {
                code: rule.code,
                title: rule.title,
                role: rule.role.name(),
                findings: own.len(),
                open: own.iter().filter(|one| !one.is_settled).count(),
                at_stake,
            }
        };
        let rules = RULES.iter().map(found).filter(|found| found.findings > 0).collect();
        Self { as_of, policy: policy.to_owned(), rules }
    }

    /// As a table for a screen.
    pub fn text(&self) -> String {
        let mut text = format!("Exceptions as of {} by policy {}\n", self.as_of, self.policy);
        for Found { code, title, role, findings, open, at_stake } in &self.rules {
            let sums: Vec<String> =
                at_stake.iter().map(|(currency, sum)| format!("{sum} {currency}")).collect();
            let _ = writeln!(text, "  {code:<22} {findings:>7}  {title} ({role}; {open} open)");
            let _ = writeln!(text, "    {}", sums.join(", "));
        }
        if self.rules.is_empty() {
            text.push_str("  none\n");
        }
        text
    }
}

/// What findings were made of.
#[derive(Debug, Serialize)]
pub struct Made {
    /// Version of duewise.
    pub duewise: &'static str,
    /// What was asked.
    pub command: &'static str,
    /// Nothing known after this day was used.
    pub as_of: Day,
    /// The policy's own name.
    pub policy_version: String,
    /// SHA-256 of the policy in hex.
    pub policy_sha256: String,
    /// Rows read, accepted and rejected, over all tables.
    pub rows: [usize; 3],
    /// Files read.
    pub inputs: Vec<FileHash>,
    /// Files written.
    pub outputs: Vec<FileHash>,
}

impl Made {
    /// As it is written to a file.
    pub fn json(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|cause| Error::new(Code::OutputUnwritable).detail(cause))
    }
}
