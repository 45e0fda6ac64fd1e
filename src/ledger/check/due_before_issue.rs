//! A document is due on or after the day it was issued.

use super::{Check, Run};
use crate::base::error::Code;

pub const CHECK: Check = Check {
    name: "due before issue",
    doc: "no document is due before it was issued: a lateness counted from such a day would be wrong",
    run: Run::Block(|draft, _| {
        for row in 0..draft.rows() {
            let days = draft.day("issued", row).zip(draft.day("due", row));
            if days.is_some_and(|(issued, due)| due < issued) {
                draft.reject(row, Code::DueBeforeIssue, "due");
            }
        }
    }),
};
