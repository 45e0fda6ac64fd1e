//! Amounts are never negative: which way they go is said by the table and the document's type.

use super::{Check, Run};
use crate::base::error::Code;
use crate::ledger::table::Kind;

pub const CHECK: Check = Check {
    name: "negative amounts",
    doc: "no amount is below zero; credits are documents of type credit_note",
    run: Run::Block(|draft, _| {
        for column in draft.table.columns.iter().filter(|column| column.kind == Kind::Amount) {
            for row in 0..draft.rows() {
                if draft.whole(column.name, row).is_some_and(|amount| amount < 0) {
                    draft.reject(row, Code::AmountNegative, column.name);
                }
            }
        }
    }),
};
