//! A charge that nobody ordered.

use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, amount};
use crate::exception::policy::minor;
use crate::exception::policy::tolerance::Difference;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::{Line, Order};

pub const RULE: Rule = Rule {
    code: "UNAUTHORISED_FREIGHT",
    title: "A charge that was not ordered",
    role: Role::Buyer,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "lines that are charges by a word of the policy (`charge_words`, in article or text) and are on no line of the bill's order; percent is of the order's total",
        why: "freight and handling are part of the agreed price, or are agreed by themselves",
        example: "a line `Freight and handling` of 25.00 on a bill of an order without one",
        false_alarms: "orders whose terms of delivery leave the freight to the buyer, which no table of the ledger says",
        action: "the buyer approves the charge or has it credited",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, document) in case.claims() {
        let Some((_, order)) = case.documents.order_of(at) else { continue };
        for (position, line) in case.documents.lines_of(at) {
            if case.documents.ordered_by(position).is_some() || !is_charge(case, line) {
                continue;
            }
            let tolerance = case.tolerance(&RULE, at, line.item);
            let by = i128::from(line.amount);
            let of = crate::exception::policy::whole(order.amount, order.currency);
            if by <= 0 || !tolerance.is_broken(Difference { by, of, worth: None }, 1) {
                continue;
            }
            let money = amount(by, document.currency);
            let sentence = format!(
                "Line {} of {} charges {money} for {}, which is not on order {}",
                case.text(line.line),
                case.name(document),
                name(case, line),
                case.text(order.id)
            );
            found.push(
                case.finding(&RULE, at, document)
                    .on_line(case.text(line.line))
                    .with(Kind::Order, id(case, order))
                    .figures(amount(0, document.currency), money.clone(), money)
                    .limit(tolerance)
                    .stake(minor(by, document.currency))
                    .confidence(85)
                    .because(&sentence),
            );
        }
    }
    found
}

fn id<'a>(case: &Case<'a>, order: &Order) -> &'a str {
    case.text(order.id)
}

fn name<'a>(case: &Case<'a>, line: &Line) -> &'a str {
    let text = case.text(line.description);
    if text.is_empty() { case.text(line.item) } else { text }
}

/// Whether a line is a charge: a word of its article or text is one of the policy's.
pub(super) fn is_charge(case: &Case, line: &Line) -> bool {
    let words = &case.policy.settings.charge_words;
    let has = |text: &str| {
        let mut parts = text.split(|sign: char| !sign.is_alphanumeric());
        parts.any(|part| words.iter().any(|word| word.to_lowercase() == part.to_lowercase()))
    };
    has(case.text(line.item)) || has(case.text(line.description))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    const BILL: &str = "R1,S1,2025-01-10,2025-02-09,145.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n";

    #[test]
    fn freight_that_was_not_ordered_is_found() {
        let lines =
            "R1,10,A,,10,12.00,120.00,0.00,PO1,10\nR1,20,,Freight and handling,1,25.00,25.00,0.00,PO1,\n";
        let found = billed("UNAUTHORISED_FREIGHT", BILL, lines);
        assert_eq!(stakes(&found), [("R1", 2_500)]);
        assert_eq!(
            found[0].sentence,
            "Line 20 of bill R1 charges 25.00 EUR for Freight and handling, which is not on order PO1."
        );
    }

    #[test]
    fn freight_on_the_order_and_other_goods_pass() {
        let ordered =
            "R1,10,A,,10,12.00,120.00,0.00,PO1,10\nR1,20,B,Freight boxes,1,25.00,25.00,0.00,PO1,20\n";
        assert!(billed("UNAUTHORISED_FREIGHT", BILL, ordered).is_empty());
        let goods =
            "R1,10,A,,10,12.00,120.00,0.00,PO1,10\nR1,20,Z,Freightliner parts,1,25.00,25.00,0.00,PO1,\n";
        assert!(billed("UNAUTHORISED_FREIGHT", BILL, goods).is_empty());
    }
}
