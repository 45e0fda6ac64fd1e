//! Amounts are never negative: which way they go is said by the table and the document's type.

use super::{Check, Run};
use crate::base::error::Code;
use crate::ledger::table::Kind;

pub const CHECK: Check = Check {
    name: "negative amounts",
    doc: "no amount is below zero; credits are documents of type credit_note",
    run: Run::Block(|draft, _| {
        for column in draft.table.columns.iter().filter(|column| column.kind == Kind::Amount) {
            let amounts = draft.wholes(column.name).iter().enumerate();
            let below = amounts.filter(|(_, amount)| amount.is_some_and(|amount| amount < 0));
            // A line of a document may take something off it.
            let rows: Vec<usize> = below.map(|(row, _)| row).filter(|row| !draft.parts[*row]).collect();
            for row in rows {
                draft.reject(row, Code::AmountNegative, column.name);
            }
        }
    }),
};
