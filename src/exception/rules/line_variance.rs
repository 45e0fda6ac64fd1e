//! The lines and the tax of a document do not sum to its amount.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, amount};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::{minor, whole};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "LINE_VARIANCE",
    title: "Lines and tax do not sum to the amount",
    role: Role::Payables,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "the sum of the lines before tax and of the tax against the gross amount; the tax is that of the document, or else that of its lines; documents that state neither are left alone. An amount is for each line",
        why: "either the amount is wrong or a line is missing; both were found to hide extra money",
        example: "lines of 100.00 and 200.00 with 57.00 of tax are 357.00; the bill asks 360.00",
        false_alarms: "discounts, charges or rounding that the export keeps on the document and not on a line",
        action: "accounts payable asks for a corrected document, or for the missing line in the export",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, document) in case.claims() {
        let (mut count, mut net, mut of_lines) = (0_i128, 0_i128, None);
        for (_, line) in case.documents.lines_of(at) {
            count += 1;
            net += i128::from(line.amount);
            of_lines = line.tax.map(|tax| i128::from(tax) + of_lines.unwrap_or(0)).or(of_lines);
        }
        let tax = document.tax.map(|tax| whole(tax, document.currency)).or(of_lines);
        let Some(tax) = tax.filter(|_| count > 0) else { continue };
        let difference = Difference::of_amounts(whole(document.amount, document.currency), net + tax);
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        if !tolerance.is_broken(difference, count) {
            continue;
        }
        let money = |figure: i128| amount(figure, document.currency);
        let sentence = format!(
            "The {count} lines of {} sum to {}, with {} of tax to {}; it asks {}: {} {}",
            case.name(document),
            money(net),
            money(tax),
            money(net + tax),
            money(difference.of + difference.by),
            money(difference.by.abs()),
            if difference.by > 0 { "too much" } else { "too little" },
        );
        found.push(
            case.finding(&RULE, at, document)
                .figures(money(difference.of), money(difference.of + difference.by), money(difference.by))
                .limit(tolerance)
                .stake(minor(difference.by, document.currency))
                .confidence(95)
                .because(&capital(&sentence)),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    const LINES: &str = "R1,10,A,,10,10.00,100.00,19.00,PO1,10\nR1,20,B,,4,50.00,200.00,38.00,PO1,20\n";

    fn asks(amount: &str, tax: &str) -> String {
        format!("R1,S1,2025-01-10,2025-02-09,{amount},EUR,invoice,{tax},PO1,net 30,2025-01-10,DE1\n")
    }

    #[test]
    fn three_hundred_sixty_for_three_hundred_fifty_seven_is_found_and_less_too() {
        let found = billed("LINE_VARIANCE", &asks("360.00", "57.00"), LINES);
        assert_eq!(stakes(&found), [("R1", 300)]);
        assert_eq!(
            found[0].sentence,
            "The 2 lines of bill R1 sum to 300.00 EUR, with 57.00 EUR of tax to 357.00 EUR; it asks 360.00 EUR: 3.00 EUR too much; up to 0.01 EUR would pass."
        );
        assert_eq!(stakes(&billed("LINE_VARIANCE", &asks("350.00", ""), LINES)), [("R1", 700)]);
    }

    #[test]
    fn a_cent_a_line_passes_and_what_states_no_tax_is_left_alone() {
        assert!(billed("LINE_VARIANCE", &asks("357.02", "57.00"), LINES).is_empty());
        assert_eq!(billed("LINE_VARIANCE", &asks("357.03", "57.00"), LINES).len(), 1);
        assert!(
            billed("LINE_VARIANCE", &asks("360.00", ""), "R1,10,A,,10,10.00,100.00,,PO1,10\n").is_empty()
        );
    }
}
