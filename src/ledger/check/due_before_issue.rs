//! A document is due on or after the day it was issued.

use super::{Check, Run};
use crate::base::day::Day;
use crate::base::error::Code;

pub const CHECK: Check = Check {
    name: "due before issue",
    doc: "no document is due before it was issued: a lateness counted from such a day would be wrong",
    run: Run::Block(|draft, _| {
        let days = draft.days("issued").iter().zip(draft.days("due"));
        let wrong = |(issued, due): (&Option<Day>, &Option<Day>)| {
            issued.zip(*due).is_some_and(|(issued, due)| due < issued)
        };
        let rows: Vec<usize> =
            days.enumerate().filter(|(_, days)| wrong(*days)).map(|(row, _)| row).collect();
        for row in rows {
            draft.reject(row, Code::DueBeforeIssue, "due");
        }
    }),
};
