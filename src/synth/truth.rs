//! What was planted, and what reviewers have decided of it by the day of the export. That a rule's condition is met does not
//! make a finding worth its review: some rules are right nearly always, of others most findings are let pass or are nothing.
//! Repeats of bills have no verdicts: they would teach the search for repeats what was planted.

use crate::base::day::Day;
use crate::base::seed::{self, Stream};
use crate::base::sheet::{Cells, Sheet};

use super::calendar::{Span, on_or_after};
use super::draw::{between, chance, weighted};

/// Share of what could have been reviewed that was.
const REVIEWED_SHARE: f64 = 0.8;
/// Days from a document's becoming known to its review.
const REVIEW_DAYS: (i32, i32) = (1, 10);

/// A planted exception.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) document: String,
    pub(super) code: &'static str,
    pub(super) twin: String,
    /// The table of the document.
    pub(super) table: &'static str,
    /// Supplier or customer of the document; empty where the ledger does not know it.
    pub(super) party: String,
    /// Day on which the document became known.
    pub(super) known: Day,
}

/// What was planted.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) rows: Vec<Row>,
}

impl Truth {
    /// The table of planted exceptions.
    pub(super) fn sheet(&self) -> Sheet {
        let rows = || self.rows.iter();
        Sheet::new("truth")
            .with("document", Cells::Text(rows().map(|row| row.document.clone()).collect()))
            .with("code", Cells::Word(rows().map(|row| row.code).collect()))
            .with("twin", Cells::Text(rows().map(|row| row.twin.clone()).collect()))
            .with("table", Cells::Word(rows().map(|row| row.table).collect()))
    }

    /// The table of verdicts.
    pub(super) fn dispositions(&self, seed: u64, span: Span) -> Sheet {
        let rows: Vec<(&Row, &'static str, Day)> = (0..)
            .zip(&self.rows)
            .filter_map(|(at, row)| {
                let mut rng = seed::stream(seed, "synth review", at);
                let (verdict, day) = review(&mut rng, span, row)?;
                Some((row, verdict, day))
            })
            .collect();
        Sheet::new("dispositions")
            .with("document", Cells::Text(rows.iter().map(|(row, ..)| row.document.clone()).collect()))
            .with("code", Cells::Text(rows.iter().map(|(row, ..)| row.code.to_owned()).collect()))
            .with("verdict", Cells::Word(rows.iter().map(|(_, verdict, _)| *verdict).collect()))
            .with("day", Cells::Day(rows.iter().map(|(.., day)| Some(*day)).collect()))
            .with("party", Cells::Text(rows.iter().map(|(row, ..)| row.party.clone()).collect()))
    }
}

/// The verdict on a planted exception and its day, if there is one by the export.
fn review(rng: &mut Stream, span: Span, row: &Row) -> Option<(&'static str, Day)> {
    let (least, most) = REVIEW_DAYS;
    let day = on_or_after(row.known.plus(between(rng, least, most)));
    let verdict = weighted(rng, &verdicts(row.code)?);
    (chance(rng, REVIEWED_SHARE) && day <= span.last).then_some((verdict, day))
}

/// Of a hundred findings of a rule, how many get which verdict.
fn verdicts(code: &str) -> Option<[(u32, &'static str); 4]> {
    let [right, passed, wrong, belongs] = match code {
        _ if code.starts_with("DUPLICATE") => return None,
        "BELOW_APPROVAL_LIMIT"
        | "ROUND_AMOUNT"
        | "NUMBER_GAP"
        | "NEW_SUPPLIER_LARGE"
        | "REMIT_BANK_CHANGED" => [12, 0, 88, 0],
        "PRICE_VARIANCE"
        | "UNAUTHORISED_FREIGHT"
        | "TERMS_DIFFERENCE"
        | "PO_DATE"
        | "DELIVERY_DATE"
        | "UNEARNED_DISCOUNT" => [50, 40, 10, 0],
        "BILL_BEFORE_RECEIPT" | "QTY_OVER_RECEIPT" | "PO_CLOSED" | "NO_PO" => [55, 15, 30, 0],
        "WRONG_PAYER" => [40, 0, 10, 50],
        _ => [85, 10, 5, 0],
    };
    Some([(right, "true"), (passed, "accepted_variance"), (wrong, "false"), (belongs, "right_match")])
}
