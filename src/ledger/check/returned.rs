//! Money cannot come back before it came.

use super::{Check, Run};
use crate::base::error::Code;

pub const CHECK: Check = Check {
    name: "returned payments",
    doc: "no payment is returned before its day",
    run: Run::Block(|draft, _| {
        if draft.table.name != "payments" {
            return;
        }
        for row in 0..draft.rows() {
            let days = draft.day("day", row).zip(draft.day("returned", row));
            if days.is_some_and(|(day, returned)| returned < day) {
                draft.reject(row, Code::DayInvalid, "returned");
            }
        }
    }),
};
