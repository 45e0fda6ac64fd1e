//! The same bill from two suppliers that are one.

use crate::exception::duplicate::Kind;
use crate::exception::rule::{Page, Role, Rule};
use crate::exception::twins;

pub const RULE: Rule = Rule {
    code: "DUPLICATE_VENDOR",
    title: "A bill that is likely there twice, from two suppliers",
    role: Role::Payables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "bills of different suppliers with one bank account or much the same name, compared as those of one supplier are",
        why: "a supplier that was created twice is paid twice, and no check within one supplier sees it",
        example: "bill 4711 over 900.00 from Roseland SAS and from ROSELAND S.A.S., both to be paid to one account",
        false_alarms: "a factoring company to whose account several suppliers are paid; subsidiaries that number alike",
        action: "accounts payable stops one of the two, and has the suppliers merged",
    },
    run: |case| twins::findings(case, &RULE, &[Kind::Vendor]),
};
