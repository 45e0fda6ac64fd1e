//! The instalments of an invoice are all of it: those that are not are all left out, and the invoice stays whole.

use hashbrown::HashMap;

use super::{Check, Known};
use crate::base::error::Code;
use crate::ledger::draft::Draft;

pub const CHECK: Check = Check {
    name: "instalments",
    doc: "the instalments of an invoice sum to its amount, in its currency, and none is due before it was issued",
    run: |draft, known| {
        if draft.table.name != "instalments" {
            return;
        }
        let mut sums: HashMap<&str, i128> = HashMap::new();
        for row in 0..draft.rows() {
            if !draft.sound(row) {
                continue;
            }
            if let Some((code, column)) = fault(draft, known, row) {
                draft.reject(row, code, column);
            } else {
                let amount = draft.whole("amount", row).map_or(0, i128::from);
                *sums.entry(draft.text("invoice", row)).or_default() += amount;
            }
        }
        for row in 0..draft.rows() {
            let invoice = draft.text("invoice", row);
            let billed = known.worth("invoices", invoice).map(|worth| i128::from(worth.amount));
            if draft.sound(row) && sums.get(invoice).copied() != billed {
                draft.reject(row, Code::InstalmentsDiffer, "amount");
            }
        }
    },
};

/// What is wrong with one row by itself.
fn fault(draft: &Draft, known: &Known, row: usize) -> Option<(Code, &'static str)> {
    let invoice = draft.text("invoice", row);
    // Credit notes and void documents are no claims that could be due in parts.
    let Some(billed) = known.worth("invoices", invoice).filter(|worth| !worth.is_credit && !worth.is_void)
    else {
        return Some((Code::DocumentUnknown, "invoice"));
    };
    if draft.currency("currency", row) != Some(billed.currency) {
        return Some((Code::InstalmentsDiffer, "currency"));
    }
    if billed.issued.zip(draft.day("due", row)).is_some_and(|(issued, due)| due < issued) {
        return Some((Code::DueBeforeIssue, "due"));
    }
    // The part's own number must be nobody else's.
    let id = format!("{invoice}/{}", draft.text("number", row));
    known.worth("invoices", &id).is_some().then_some((Code::IdRepeated, "number"))
}
