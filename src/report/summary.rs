//! What a run found, on one screen: as a value, as text, and (by serde) as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::ageing::{Aged, Ageing};
use crate::asof::view::LedgerView;
use crate::base::counted;
use crate::base::limits::SCREEN_CALLS;
use crate::base::money::Currency;
use crate::collect::worklist::{Call, Worklist};
use crate::ledger::intake::{FileIntake, Intake};
use crate::ledger::shape::Aside;
use crate::ledger::table::{TABLES, Table};
use crate::model::artefact::Artefact;
use crate::model::backtest::Backtest;

/// What became of the input.
#[derive(Debug, Serialize)]
pub struct IntakeSummary {
    tables: Vec<TableSummary>,
    rejects: Vec<RejectSummary>,
    problems: Vec<String>,
    /// Parties that should be looked at.
    parties: Vec<PartySummary>,
    /// Tables the ledger does not have, and what they would switch on.
    missing: Vec<(&'static str, &'static str)>,
}

#[derive(Debug, Serialize)]
struct TableSummary {
    table: &'static str,
    files: Vec<FileSummary>,
    rows: usize,
    accepted: usize,
    rejected: usize,
    documents: usize,
    aside: Aside,
    totals: Vec<TotalSummary>,
    rows_without_amount: usize,
    unused_columns: Vec<String>,
}

#[derive(Debug, Serialize)]
struct FileSummary {
    file: String,
    preset: Option<&'static str>,
    /// What it was recognised as, and how it is written.
    read_as: String,
    /// What its report does not hold.
    lacks: String,
}

#[derive(Debug, Serialize)]
struct TotalSummary {
    currency: String,
    read: String,
    accepted: String,
    rejected: String,
}

#[derive(Debug, Serialize)]
struct RejectSummary {
    code: &'static str,
    problem: &'static str,
    rows: usize,
    also_in: usize,
    remedy: &'static str,
}

#[derive(Debug, Serialize)]
struct PartySummary {
    side: &'static str,
    ids: Vec<String>,
    evidence: String,
}

/// Parties shown on the screen.
const SCREEN_PARTIES: usize = 3;

impl FileSummary {
    fn new(file: &FileIntake) -> Self {
        Self {
            file: file.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            preset: file.preset.map(|preset| preset.name),
            read_as: file.read_as.clone(),
            lacks: file.preset.map_or_else(String::new, |preset| preset.lacks.clone()),
        }
    }
}

impl IntakeSummary {
    /// Sums up an intake.
    pub fn new(intake: &Intake) -> Self {
        let tables = intake.tables.iter().map(|table| TableSummary {
            table: table.table,
            files: table.files.iter().map(FileSummary::new).collect(),
            rows: table.rows,
            accepted: table.accepted,
            rejected: table.rows - table.accepted,
            documents: table.documents,
            aside: table.aside,
            totals: table
                .totals
                .iter()
                .map(|(currency, total)| TotalSummary {
                    currency: currency.code().to_owned(),
                    read: currency.format_total(total.read),
                    accepted: currency.format_total(total.accepted),
                    rejected: currency.format_total(total.rejected),
                })
                .collect(),
            rows_without_amount: table.unreadable_amounts,
            unused_columns: table.unused.clone(),
        });
        let rejects = intake.counts().into_iter().map(|(code, (rows, also_in))| RejectSummary {
            code: code.id(),
            problem: code.title(),
            rows,
            also_in,
            remedy: code.remedy(),
        });
        let useful = |table: &&Table| !table.enables.is_empty();
        let missing = |table: &&Table| intake.tables.iter().all(|read| read.table != table.name);
        Self {
            tables: tables.collect(),
            rejects: rejects.collect(),
            problems: intake.problems.iter().map(ToString::to_string).collect(),
            parties: intake
                .parties
                .iter()
                .map(|notice| PartySummary {
                    side: notice.side,
                    ids: notice.ids.clone(),
                    evidence: notice.evidence.clone(),
                })
                .collect(),
            missing: TABLES
                .iter()
                .filter(useful)
                .filter(missing)
                .map(|table| (table.name, table.enables))
                .collect(),
        }
    }

    /// For the screen.
    pub fn text(&self) -> String {
        let mut text =
            String::from("Ledger (rows, and the sum of their amounts: read = accepted + rejected)\n");
        for table in &self.tables {
            let _ = writeln!(
                text,
                "  {:<14} {:>9} rows = {:>9} accepted + {:>6} rejected",
                table.table, table.rows, table.accepted, table.rejected
            );
            for total in &table.totals {
                let _ = writeln!(
                    text,
                    "    {} {:>20} = {:>20} + {:>16}",
                    total.currency, total.read, total.accepted, total.rejected
                );
            }
            if table.documents < table.accepted {
                let _ = writeln!(text, "    {} documents: a row is a line of one", table.documents);
            }
            table.aside.write(&mut text);
            for file in table.files.iter().filter(|file| !file.read_as.is_empty()) {
                let _ = writeln!(text, "    {}: {}", file.file, file.read_as);
            }
            let lacks: BTreeSet<&str> = table.files.iter().map(|file| file.lacks.as_str()).collect();
            for lacks in lacks.into_iter().filter(|lacks| !lacks.is_empty()) {
                let _ = writeln!(text, "    not in the report: {lacks}");
            }
            if !table.unused_columns.is_empty() {
                let _ = writeln!(text, "    columns not used: {}", table.unused_columns.join(", "));
            }
        }
        if !self.rejects.is_empty() {
            text += "Rejected (with --out, rejects.csv has each row's place and remedy)\n";
        }
        for reject in &self.rejects {
            let _ = write!(text, "  {} {:>7}  {}", reject.code, reject.rows, reject.problem);
            let also = if reject.also_in > 0 {
                format!(" (and in {} above)", counted(reject.also_in, "row"))
            } else {
                String::new()
            };
            let _ = writeln!(text, "{also}");
        }
        for problem in &self.problems {
            let _ = writeln!(text, "{problem}");
        }
        if !self.parties.is_empty() {
            let _ = writeln!(
                text,
                "{} notes on parties: likely doubles, several names, spoilt ids (with --out, parties.csv has them all)",
                self.parties.len()
            );
        }
        for party in self.parties.iter().take(SCREEN_PARTIES) {
            let _ = writeln!(text, "  {}: {}", party.ids.join(" and "), party.evidence);
        }
        text
    }

    /// What the ledger lacks, for the screen.
    pub fn missing(&self) -> String {
        let mut text = String::new();
        for (table, enables) in &self.missing {
            let _ = writeln!(text, "  no {table}: without {enables}");
        }
        text
    }
}

/// What a whole run found.
#[derive(Debug, Serialize)]
pub struct Summary {
    as_of: String,
    ledger: IntakeSummary,
    ageing: Vec<AgeingSummary>,
    model: ModelSummary,
    calls: Vec<CallSummary>,
    calls_total: usize,
    suppressed: BTreeMap<&'static str, usize>,
    held_invoices: usize,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct AgeingSummary {
    currency: String,
    invoices: usize,
    buckets: Vec<(String, String)>,
    open: String,
    unapplied: String,
}

#[derive(Debug, Serialize)]
struct ModelSummary {
    id: String,
    name: &'static str,
    training_cut: String,
    grace_days: i32,
    rows: usize,
    verdict: String,
    backtest: Option<Backtest>,
}

#[derive(Debug, Serialize)]
struct CallSummary {
    rank: usize,
    currency: String,
    customer: String,
    name: String,
    reason: String,
    above_next: String,
}

impl Summary {
    /// Sums up a run.
    pub fn new(
        view: &LedgerView,
        intake: &Intake,
        ageing: &Aged,
        (model_id, artefact): (&str, &Artefact),
        worklist: &Worklist,
    ) -> Self {
        let mut suppressed = BTreeMap::new();
        for row in &worklist.suppressed {
            *suppressed.entry(row.reason.name()).or_default() += 1;
        }
        Self {
            as_of: view.as_of().to_string(),
            ledger: IntakeSummary::new(intake),
            ageing: ageing
                .totals
                .iter()
                .map(|(currency, sums)| AgeingSummary::new(ageing, *currency, sums))
                .collect(),
            model: ModelSummary {
                id: model_id.to_owned(),
                name: artefact.model.fitted.name(),
                training_cut: artefact.training_cut.to_string(),
                grace_days: artefact.grace_days,
                rows: artefact.rows,
                verdict: artefact.verdict.clone(),
                backtest: artefact.backtest.clone(),
            },
            calls: shown(worklist).map(|call| CallSummary::new(view, call)).collect(),
            calls_total: worklist.calls.len(),
            suppressed,
            held_invoices: worklist.holds.len(),
            notes: Vec::new(),
        }
    }

    /// Adds something the reader should know before trusting the rest.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// For the screen.
    pub fn text(&self) -> String {
        let mut text = self.ledger.text();
        if !self.notes.is_empty() {
            text.push('\n');
        }
        for note in &self.notes {
            let _ = writeln!(text, "Note: {note}");
        }
        let _ = writeln!(text, "\nOpen as of {}", self.as_of);
        for row in &self.ageing {
            let buckets: Vec<String> =
                row.buckets.iter().map(|(name, sum)| format!("{name} {sum}")).collect();
            let _ = writeln!(
                text,
                "  {} {} on {} invoices = {}",
                row.currency,
                row.open,
                row.invoices,
                buckets.join(" + ")
            );
            if row.unapplied != "0" {
                let _ = writeln!(text, "    unapplied cash and credit {}", row.unapplied);
            }
        }
        let model = &self.model;
        let _ = writeln!(
            text,
            "\nModel {} {}: {} snapshots known by {}, late is more than {} days after due\n  {}",
            model.name, model.id, model.rows, model.training_cut, model.grace_days, model.verdict
        );
        if let Some(backtest) = &model.backtest {
            text += &table(backtest);
        }
        let _ = writeln!(text, "\nCall first (of {} accounts)", self.calls_total);
        for call in &self.calls {
            let _ = writeln!(
                text,
                "  {:>2}. {}  {} ({})\n      {}\n      {}",
                call.rank, call.currency, call.name, call.customer, call.reason, call.above_next
            );
        }
        let reasons: Vec<String> =
            self.suppressed.iter().map(|(reason, rows)| format!("{rows} {reason}")).collect();
        let _ = writeln!(
            text,
            "\nNot to call: {}",
            if reasons.is_empty() { "none".to_owned() } else { reasons.join(", ") }
        );
        let _ = writeln!(text, "Invoices not to be raised (disputed or promised): {}", self.held_invoices);
        text
    }
}

/// Back-test lines for the screen.
pub fn table(backtest: &Backtest) -> String {
    let mut text = format!(
        "  {:<10} {:>7} {:>7} {:>7} {:>7} {:>7} {:>9} {:>21}\n",
        "model", "n", "base", "auc", "ap", "brier", "log_loss", "late_amount_in_top20"
    );
    for row in &backtest.metrics {
        let _ = writeln!(
            text,
            "  {:<10} {:>7} {:>7.4} {:>7.4} {:>7.4} {:>7.4} {:>9.4} {:>21.4}",
            row.model, row.n, row.base, row.auc, row.ap, row.brier, row.log_loss, row.late_amount_in_top20
        );
    }
    text
}

/// How sure the best kind is of itself and of the days, for the screen.
pub fn trust(backtest: &Backtest) -> String {
    let mut text = String::new();
    if let Some(days) = &backtest.days {
        let [early, median, late] = days.pinball;
        let _ = writeln!(
            text,
            "  days of payment of {} paid: median off by {:.3} days (the customer's median by {:.3}), {:.1} % between the 10 % and \
             the 90 % day, pinball {early:.3} {median:.3} {late:.3}",
            days.n,
            days.median_error,
            days.rule_error,
            100.0 * days.coverage
        );
    }
    if !backtest.reliability.is_empty() {
        let groups = backtest.reliability.iter();
        let groups: Vec<String> =
            groups.map(|group| format!("{:.3}/{:.3}", group.predicted, group.observed)).collect();
        let _ = writeln!(text, "  {} said/came, by tenths: {}", backtest.best, groups.join(" "));
    }
    text
}

/// The first calls of the longest lists: ten of the longest, three of any other.
fn shown(worklist: &Worklist) -> impl Iterator<Item = &Call> {
    let mut lengths: BTreeMap<Currency, usize> = BTreeMap::new();
    for call in &worklist.calls {
        *lengths.entry(call.account.list).or_default() += 1;
    }
    let longest = lengths.iter().max_by_key(|(currency, calls)| (**calls, std::cmp::Reverse(**currency)));
    let longest = longest.map(|(currency, _)| *currency);
    worklist.calls.iter().filter(move |call| {
        let most = if Some(call.account.list) == longest { SCREEN_CALLS } else { SCREEN_CALLS_OTHER };
        call.rank <= most
    })
}

/// Calls shown of every list but the longest.
const SCREEN_CALLS_OTHER: usize = 3;

impl AgeingSummary {
    fn new(aged: &Aged, currency: Currency, sums: &Ageing) -> Self {
        let names = aged.scheme.names().into_iter();
        let unapplied =
            if sums.unapplied == 0 { "0".to_owned() } else { currency.format_total(sums.unapplied) };
        Self {
            currency: currency.code().to_owned(),
            invoices: sums.invoices,
            buckets: names.zip(sums.buckets.iter().map(|sum| currency.format_total(*sum))).collect(),
            open: currency.format_total(sums.open),
            unapplied,
        }
    }
}

impl CallSummary {
    fn new(view: &LedgerView, call: &Call) -> Self {
        let customer = &view.customers()[call.account.customer as usize];
        Self {
            rank: call.rank,
            currency: call.account.currency.code().to_owned(),
            customer: customer.id.clone(),
            name: customer.name.clone(),
            reason: call.reason.clone(),
            above_next: call.above_next.clone(),
        }
    }
}
