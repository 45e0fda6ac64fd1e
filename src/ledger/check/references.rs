//! What a row refers to exists, if the table it would be in is part of the ledger.

use super::{Check, Run};
use crate::base::error::Code;
use crate::ledger::key;

pub const CHECK: Check = Check {
    name: "references",
    doc: "parties, orders and invoices referred to are in their tables, where the ledger has those",
    run: Run::Block(|draft, known| {
        for column in draft.table.columns {
            let Some(ids) = column.refers_to.and_then(|table| known.ids(table)) else { continue };
            let party = matches!(column.refers_to, Some("customers" | "suppliers"));
            let code = if party { Code::CustomerUnknown } else { Code::DocumentUnknown };
            for row in 0..draft.rows() {
                let id = draft.text(column.name, row);
                if !id.is_empty() && !ids.contains_key(&key::one(&id)) {
                    draft.reject(row, code, column.name);
                }
            }
        }
    }),
};
