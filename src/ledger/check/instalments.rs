//! The instalments of an invoice are all of it: those that are not are all left out, and the invoice stays whole. Which sum
//! they have is known when all have been seen, so their table is read twice: once to sum, once to judge.

use hashbrown::HashMap;

use super::{Check, Known, Run};
use crate::base::error::Code;
use crate::ledger::draft::Draft;
use crate::ledger::key;

pub const CHECK: Check = Check {
    name: "instalments",
    doc: "the instalments of an invoice sum to its amount, in its currency, and none is due before it was issued",
    run: Run::InOrder(|draft, known, memory| {
        if draft.table.name != "instalments" {
            return;
        }
        for row in 0..draft.rows() {
            if !draft.sound(row) {
                continue;
            }
            if let Some((code, column)) = fault(draft, known, row) {
                draft.reject(row, code, column);
                continue;
            }
            let invoice = draft.text("invoice", row);
            let billed = known.worth("invoices", &invoice).map(|worth| i128::from(worth.amount));
            let print = key::one(&invoice);
            let amount = draft.whole("amount", row).map_or(0, i128::from);
            if !memory.instalments.agree(print, amount, billed) {
                draft.reject(row, Code::InstalmentsDiffer, "amount");
            }
        }
    }),
};

/// Sums of instalments by the print of their invoice.
#[derive(Debug, Default)]
pub struct Sums {
    sums: HashMap<u128, i128>,
    /// Whether all have been summed.
    whole: bool,
}

impl Sums {
    /// Nothing more is added: from now on the sums are compared.
    pub(super) fn close(&mut self) {
        self.whole = true;
    }

    /// While summing, adds; then says whether an invoice's instalments sum to what was billed.
    fn agree(&mut self, invoice: u128, amount: i128, billed: Option<i128>) -> bool {
        if self.whole {
            return self.sums.get(&invoice).copied() == billed;
        }
        *self.sums.entry(invoice).or_default() += amount;
        true
    }
}

/// What is wrong with one row by itself.
fn fault(draft: &Draft, known: &Known, row: usize) -> Option<(Code, &'static str)> {
    let invoice = &draft.text("invoice", row);
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
