//! A bill that is billed again in two parts.

use crate::exception::duplicate::Kind;
use crate::exception::rule::{Page, Role, Rule};
use crate::exception::twins;

pub const RULE: Rule = Rule {
    code: "DUPLICATE_SPLIT",
    title: "A bill that is likely billed again in two parts",
    role: Role::Payables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "two bills of a supplier that come exactly to a third one, more often than such sums are to be expected by chance among its bills",
        why: "parts have other amounts and numbers than the whole: nothing else notices that they are paid on top of it",
        example: "a bill over 1,240.37, and a week later two over 800.00 and 440.37",
        false_alarms: "suppliers of few prices, whose bills often sum to one another",
        action: "accounts payable asks the supplier which of the three stand",
    },
    run: |case| twins::findings(case, &RULE, &[Kind::Split]),
};
