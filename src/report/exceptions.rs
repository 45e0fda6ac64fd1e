//! Findings as tables, as a count by rule, and the record of what they were made of.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::manifest::FileHash;
use crate::base::counted;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::exception::finding::Finding;
use crate::exception::route::Task;
use crate::exception::rule::{RULES, Rule};
use crate::exception::triage::{self, Precision, Share, State, Triaged, Verdicts};

/// Findings with what is to be done about each.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// By rule and amount at stake.
    pub findings: &'a [Finding],
    /// Beside them.
    pub triaged: &'a [Triaged],
    /// What reviewers decided.
    pub verdicts: &'a Verdicts<'a>,
}

impl<'a> List<'a> {
    fn rows(self) -> impl Iterator<Item = (&'a Finding, &'a Triaged)> {
        self.findings.iter().zip(self.triaged)
    }
}

/// One row per finding.
pub fn sheet(list: List) -> Sheet {
    let findings = list.findings;
    let text = |of: &dyn Fn(&Finding) -> String| Cells::Text(findings.iter().map(of).collect());
    let word = |of: &dyn Fn(&Finding) -> &'static str| Cells::Word(findings.iter().map(of).collect());
    let others = |one: &Finding| {
        let others: Vec<String> =
            one.others.iter().map(|other| format!("{} {}", other.kind.name(), other.id)).collect();
        others.join("; ")
    };
    let sheet = Sheet::new("exceptions")
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
        .with("sentence", text(&|one| one.sentence.clone()));
    with_triage(sheet, list)
}

/// The columns that say what is to be done about each finding.
fn with_triage(sheet: Sheet, list: List) -> Sheet {
    let triaged = list.triaged;
    let number = |of: &dyn Fn(&Triaged) -> f64| Cells::Number(triaged.iter().map(of).collect());
    let verdict = |one: &Triaged| one.decided.map_or("", |decided| decided.verdict.name());
    sheet
        .with("state", Cells::Word(triaged.iter().map(|one| one.state.name()).collect()))
        .with("state_reason", Cells::Text(triaged.iter().map(|one| one.note.clone()).collect()))
        .with("verdict", Cells::Word(triaged.iter().map(verdict).collect()))
        .with(
            "verdict_day",
            Cells::Day(triaged.iter().map(|one| one.decided.map(|decided| decided.day)).collect()),
        )
        .with("p_real", number(&|one| one.chance.real))
        .with("p_let_pass", number(&|one| one.chance.let_pass))
        .with("p_reason", Cells::Text(triaged.iter().map(|one| one.chance.why.clone()).collect()))
        .with("review_minutes", Cells::Count(triaged.iter().map(|one| i64::from(one.minutes)).collect()))
        .with(
            "worth_per_minute",
            Cells::Money(list.rows().map(|(finding, one)| Some((one.worth, finding.currency))).collect()),
        )
}

/// One row per open finding, in the order in which they should be dealt with.
pub fn queue(list: List, tasks: &[Task]) -> Sheet {
    let rows: Vec<(&Task, &Finding, &Triaged)> = tasks
        .iter()
        .filter_map(|task| Some((task, list.findings.get(task.finding)?, list.triaged.get(task.finding)?)))
        .collect();
    let text = |of: &dyn Fn(&Task, &Finding) -> String| {
        Cells::Text(rows.iter().map(|(task, finding, _)| of(task, finding)).collect())
    };
    let count = |of: &dyn Fn(&Task) -> i64| Cells::Count(rows.iter().map(|(task, ..)| of(task)).collect());
    let money = |of: &dyn Fn(&Finding, &Triaged) -> i64| {
        Cells::Money(
            rows.iter().map(|(_, finding, one)| Some((of(finding, one), finding.currency))).collect(),
        )
    };
    let own = |of: &dyn Fn(&Triaged) -> String| Cells::Text(rows.iter().map(|(.., one)| of(one)).collect());
    Sheet::new("queue")
        .with("rank", Cells::Count((1..=rows.len() as i64).collect()))
        .with("role", Cells::Word(rows.iter().map(|(task, ..)| task.role).collect()))
        .with("due", Cells::Day(rows.iter().map(|(task, ..)| Some(task.due)).collect()))
        .with("overdue_working_days", count(&|task| i64::from(task.overdue_days)))
        .with("age_working_days", count(&|task| i64::from(task.age_days)))
        .with("approvers", text(&|task, _| task.approvers.join(" > ")))
        .with("code", Cells::Word(rows.iter().map(|(_, finding, _)| finding.code).collect()))
        .with("document", text(&|_, finding| finding.document.id.clone()))
        .with("line", text(&|_, finding| finding.line.clone()))
        .with("party", text(&|_, finding| finding.party.clone()))
        .with("at_stake", money(&|finding, _| finding.stake))
        .with("currency", text(&|_, finding| finding.currency.code().to_owned()))
        .with("sentence", text(&|_, finding| finding.sentence.clone()))
        .with("worth_per_minute", money(&|_, one| one.worth))
        .with("p_real", Cells::Number(rows.iter().map(|(.., one)| one.chance.real).collect()))
        .with("p_reason", own(&|one| one.chance.why.clone()))
        .with("state_reason", own(&|one| one.note.clone()))
}

/// How often each rule was right: one row per rule that found anything or was judged.
pub fn precision(rules: &[Precision]) -> Sheet {
    let count =
        |of: &dyn Fn(&Precision) -> usize| Cells::Count(rules.iter().map(|rule| of(rule) as i64).collect());
    let share = |of: &dyn Fn(&Share) -> f64| {
        Cells::Number(rules.iter().map(|rule| rule.precision.as_ref().map_or(f64::NAN, of)).collect())
    };
    Sheet::new("triage")
        .with("code", Cells::Word(rules.iter().map(|rule| rule.code).collect()))
        .with("open", count(&|rule| rule.open))
        .with("judged", count(&|rule| rule.judged))
        .with("suppressed", count(&|rule| rule.suppressed))
        .with("reviewed", count(&|rule| rule.reviewed))
        .with("true", count(&|rule| rule.confirmed))
        .with("accepted_variance", count(&|rule| rule.accepted_variance))
        .with("false", count(&|rule| rule.refuted))
        .with("right_match", count(&|rule| rule.right_match))
        .with("precision", share(&|share| share.share))
        .with("precision_low", share(&|share| share.low))
        .with("precision_high", share(&|share| share.high))
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
    /// Findings that were judged by then, be they found now or not.
    pub reviewed: usize,
    /// Rows of verdicts on documents that are not in the ledger, or not the only ones of their number.
    pub documents_unknown: usize,
    /// Rows of verdicts with a code that no rule has.
    pub codes_unknown: usize,
    /// Bills that are listed again under their voucher, and were counted once.
    pub listed_again: usize,
    /// How often each rule was right.
    pub triage: Vec<Precision>,
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
    /// Of them, still to be looked at.
    pub open: usize,
    /// Of these, on what is not paid yet, or on payments.
    pub unpaid: usize,
    /// Amount at stake by currency, as exact text.
    pub at_stake: BTreeMap<String, String>,
}

impl Found {
    fn of(rule: &Rule, list: List) -> Self {
        let own = || list.rows().filter(|(one, _)| one.code == rule.code);
        let open = || own().filter(|(_, triaged)| triaged.state == State::Open);
        let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
        for (one, _) in own() {
            *sums.entry(one.currency).or_default() += i128::from(one.stake);
        }
        let at_stake = sums
            .into_iter()
            .map(|(currency, sum)| (currency.code().to_owned(), currency.format_total(sum)))
            .collect();
        Self {
            code: rule.code,
            title: rule.title,
            role: rule.role.name(),
            findings: own().count(),
            open: open().count(),
            unpaid: open().filter(|(one, _)| !one.is_settled).count(),
            at_stake,
        }
    }
}

impl Summary {
    /// Sums findings up.
    pub fn new(as_of: Day, policy: &str, list: List, listed_again: usize) -> Self {
        let rules = RULES.iter().map(|rule| Found::of(rule, list)).filter(|found| found.findings > 0);
        Self {
            as_of,
            policy: policy.to_owned(),
            rules: rules.collect(),
            reviewed: list.verdicts.count(),
            documents_unknown: list.verdicts.documents_unknown,
            codes_unknown: list.verdicts.codes_unknown,
            listed_again,
            triage: triage::by_rule(list.findings, list.triaged, list.verdicts),
        }
    }

    /// As a table for a screen.
    pub fn text(&self) -> String {
        let mut text = format!("Exceptions as of {} by policy {}\n", self.as_of, self.policy);
        for Found { code, title, role, findings, open, at_stake, .. } in &self.rules {
            let sums: Vec<String> =
                at_stake.iter().map(|(currency, sum)| format!("{sum} {currency}")).collect();
            let _ = writeln!(text, "  {code:<22} {findings:>7}  {title} ({role}; {open} open)");
            let _ = writeln!(text, "    {}", sums.join(", "));
        }
        if self.rules.is_empty() {
            text.push_str("  none\n");
        }
        if self.listed_again > 0 {
            let _ = writeln!(
                text,
                "Listed again under their voucher, and counted once: {}",
                counted(self.listed_again, "bill")
            );
        }
        text + &self.verdicts()
    }

    /// How often rules were right, for a screen; empty where no verdict was given.
    fn verdicts(&self) -> String {
        if self.reviewed + self.documents_unknown + self.codes_unknown == 0 {
            return String::new();
        }
        let mut text = format!("Judged by then: {}\n", counted(self.reviewed, "finding"));
        for rule in &self.triage {
            let Some(Share { share, low, high }) = rule.precision else { continue };
            let [share, low, high] = [share, low, high].map(|share| share * 100.0);
            let (code, reviewed) = (rule.code, rule.reviewed);
            let _ = writeln!(
                text,
                "  {code:<22} {reviewed:>7}  {share:.0} % real, {low:.0} to {high:.0} % (90 % interval)"
            );
        }
        if self.documents_unknown > 0 {
            let rows = self.documents_unknown;
            let _ =
                writeln!(text, "  {rows} on a document that is not here, or not the only one of its number");
        }
        if self.codes_unknown > 0 {
            let _ = writeln!(text, "  {} on a code that no rule has, left out", self.codes_unknown);
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
