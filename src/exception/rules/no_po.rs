//! A bill, or a line of one, has no order behind it.

use super::amount_over_order::capital;
use super::unauthorised_freight::is_charge;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, amount};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::{minor, whole};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, Side};

pub const RULE: Rule = Rule {
    code: "NO_PO",
    title: "No order is behind a bill or a line of it",
    role: Role::Buyer,
    measures: &[Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "the order number of a bill, or of its lines, against the orders of the ledger; on a bill of which other lines are on an order, each line that is not, but for charges, which are UNAUTHORISED_FREIGHT",
        why: "nobody is known to have asked for it",
        example: "a bill of 480.00 without an order number; or one that names order PO9, which the ledger has not",
        false_alarms: "rent, utilities and other bills that never have an order: give the supplier state `off`, or a limit in amount; ledgers without purchase orders are left alone",
        action: "find who asked for it and have an order written, or send it back",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    if !case.documents.has_orders(Side::Payable) {
        return Vec::new();
    }
    case.bills().flat_map(|(at, document)| of_bill(case, at, document)).collect()
}

fn of_bill(case: &Case, at: usize, document: &Document) -> Vec<Finding> {
    let documents = case.documents;
    if documents.order_of(at).is_some() {
        return lines(case, at, document);
    }
    let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
    let difference = Difference { by: whole(document.amount, document.currency), of: 0, worth: None };
    if !tolerance.is_broken(difference, 1) {
        return Vec::new();
    }
    let money = document.currency.display(document.amount.into());
    let named = case.text(document.order);
    let found = if named.is_empty() {
        "no order number".to_owned()
    } else {
        format!("order {named}, which is not known")
    };
    let sentence = format!("{} over {money} names {found}", capital(&case.name(document)));
    let finding = case.finding(&RULE, at, document);
    vec![
        finding
            .figures("an order".to_owned(), found, money)
            .limit(tolerance)
            .stake(document.amount)
            .confidence(80)
            .because(&sentence),
    ]
}

/// Lines that are not on the order that other lines of the bill are on.
fn lines(case: &Case, at: usize, document: &Document) -> Vec<Finding> {
    let documents = case.documents;
    let is_ordered = |position: usize| documents.ordered_by(position).is_some();
    if !documents.lines_of(at).any(|(position, _)| is_ordered(position)) {
        return Vec::new();
    }
    let strays =
        documents.lines_of(at).filter(|(position, line)| !is_ordered(*position) && !is_charge(case, line));
    let finding = |line: &crate::ledger::register::Line| {
        let tolerance = case.tolerance(&RULE, at, line.item);
        let by = i128::from(line.amount);
        if by <= 0 || !tolerance.is_broken(Difference { by, of: 0, worth: None }, 1) {
            return None;
        }
        let money = amount(by, document.currency);
        let sentence = format!(
            "Line {} of {} over {money} is on no order, though others are",
            case.text(line.line),
            case.name(document)
        );
        let finding = case.finding(&RULE, at, document).on_line(case.text(line.line));
        let finding =
            finding.figures("a line of the order".to_owned(), "none".to_owned(), money).limit(tolerance);
        Some(finding.stake(minor(by, document.currency)).confidence(80).because(&sentence))
    };
    strays.filter_map(|(_, line)| finding(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn ordered_by(order: &str) -> String {
        format!("R1,S1,2025-01-10,2025-02-09,480.00,EUR,invoice,0.00,{order},net 30,2025-01-10,DE1\n")
    }

    #[test]
    fn no_number_an_unknown_one_and_a_stray_line_are_found() {
        assert_eq!(stakes(&billed("NO_PO", &ordered_by(""), "")), [("R1", 48_000)]);
        let found = billed("NO_PO", &ordered_by("PO9"), "");
        assert_eq!(found[0].sentence, "Bill R1 over 480.00 EUR names order PO9, which is not known.");
        let lines = "R1,10,A,,10,12.00,120.00,0.00,PO1,10\nR1,20,Z,Extra,1,7.00,7.00,0.00,PO1,\n";
        let found = billed("NO_PO", &ordered_by("PO1"), lines);
        assert_eq!((stakes(&found), found[0].line.as_str()), (vec![("R1", 700)], "20"));
    }

    #[test]
    fn an_order_on_the_bill_or_on_its_lines_is_enough() {
        assert!(billed("NO_PO", &ordered_by("PO1"), "").is_empty());
        let lines = "R1,10,A,,10,12.00,120.00,0.00,PO1,10\nR1,20,FR,Freight,1,7.00,7.00,0.00,PO1,\n";
        assert!(billed("NO_PO", &ordered_by(""), lines).is_empty(), "freight is another matter");
    }
}
