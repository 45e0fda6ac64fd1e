//! A bill unlike the others.

use crate::exception::case::Case;
use crate::exception::finding::Finding;
use crate::exception::rule::{Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "UNUSUAL_BILL",
    title: "A bill unlike the others",
    role: Role::Payables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "how fast random cuts part a bill from all others, how far its nearest ones are, and how rare what it says is for its supplier: the mean of the three ranks. As many are shown as `unusual_bills` says; there is no threshold",
        why: "what nobody thought of has no rule",
        example: "14 times its supplier's median, on a Sunday, to an account used once",
        false_alarms: "most of them: it is a place to look when the rules are dealt with, not a verdict",
        action: "accounts payable looks at it, and marks it true or false",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let documents = &case.documents.documents;
    let finding = |one: &crate::exception::anomaly::Anomaly| {
        let own = documents.get(one.bill)?;
        if !case.tolerance(&RULE, one.bill, Word::EMPTY).is_on() {
            return None;
        }
        let money = own.currency.display(own.amount.into());
        let sentence = format!(
            "Bill {} over {money} is unlike the others: {}",
            case.text(own.id),
            one.reasons.join("; ")
        );
        let rank = format!("odder than {:.1} % of the bills", one.oddness * 100.0);
        let finding = case.finding(&RULE, one.bill, own);
        let finding = finding.figures("like the others".to_owned(), rank, money);
        // An oddity is no probability: published systems find one in ten to be wrong.
        Some(finding.stake(own.amount).confidence(10).because(&sentence))
    };
    case.learned.odd.iter().filter_map(finding).collect()
}
