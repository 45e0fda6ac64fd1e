//! The same bill twice, its number retyped, read wrongly or lengthened.

use crate::exception::duplicate::Kind;
use crate::exception::rule::{Page, Role, Rule};
use crate::exception::twins;

pub const RULE: Rule = Rule {
    code: "DUPLICATE_FUZZY",
    title: "A bill that is likely there twice under another number",
    role: Role::Payables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "pairs of bills of one supplier within `duplicate_days`, by number, amount, days and order; a model judges them that learned from copies made of this ledger's own bills, against its recurring ones. Shown from an even chance on, but not where neither has a number with a digit and their days differ, and not where they have one number and amount and DUPLICATE_EXACT takes the number for a reference, or are of one `voucher`",
        why: "a number that was retyped or read wrongly passes every check for equal numbers, and the bill is paid twice",
        example: "I0962 and 10962 of one supplier, both over 480.00, three days apart: read wrongly by the scanner",
        false_alarms: "instalments and rents with numbers much alike; give the supplier state `off`",
        action: "accounts payable compares the two documents and stops the later one, or asks the money back",
    },
    // What the model takes for exact and the rule of exact repeats does not, differs in the amount.
    run: |case| twins::findings(case, &RULE, &[Kind::Fuzzy, Kind::Exact]),
};
