//! The tax of a document is not that of its lines.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, amount};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::{minor, whole};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "TAX_VARIANCE",
    title: "The tax is not the sum of the lines' taxes",
    role: Role::Payables,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "the tax on the document against the sum of the taxes of its lines; an amount is for each line, since each is rounded",
        why: "tax that is shown wrongly cannot be deducted, and is owed by whoever shows it",
        example: "lines with taxes of 19.00 and 38.00, 60.00 on the bill: 3.00 too much",
        false_alarms: "documents that round tax on the total of each rate: half a cent for each line at the most",
        action: "accounts payable asks for a corrected document",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, document) in case.claims() {
        let Some(tax) = document.tax else { continue };
        let lines = case.documents.lines_of(at);
        let taxes: Option<Vec<i128>> = lines.map(|(_, line)| line.tax.map(i128::from)).collect();
        let Some(taxes) = taxes.filter(|taxes| !taxes.is_empty()) else { continue };
        let difference = Difference::of_amounts(whole(tax, document.currency), taxes.iter().sum());
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        if !tolerance.is_broken(difference, taxes.len() as i128) {
            continue;
        }
        let money = |figure: i128| amount(figure, document.currency);
        let (own, of_lines) = (money(difference.of + difference.by), money(difference.of));
        let sentence = format!(
            "{} shows {own} of tax, its {} lines {of_lines}: {} {}",
            capital(&case.name(document)),
            taxes.len(),
            money(difference.by.abs()),
            if difference.by > 0 { "too much" } else { "too little" },
        );
        found.push(
            case.finding(&RULE, at, document)
                .figures(of_lines, own, money(difference.by))
                .limit(tolerance)
                .stake(minor(difference.by, document.currency))
                .confidence(95)
                .because(&sentence),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    const LINES: &str = "R1,10,A,,10,10.00,100.00,19.00,PO1,10\nR1,20,B,,4,50.00,200.00,38.00,PO1,20\n";

    fn taxed(tax: &str) -> String {
        format!("R1,S1,2025-01-10,2025-02-09,360.00,EUR,invoice,{tax},PO1,net 30,2025-01-10,DE1\n")
    }

    #[test]
    fn sixty_instead_of_fifty_seven_is_three_too_much_and_less_is_found_too() {
        let found = billed("TAX_VARIANCE", &taxed("60.00"), LINES);
        assert_eq!(stakes(&found), [("R1", 300)]);
        assert_eq!(stakes(&billed("TAX_VARIANCE", &taxed("56.00"), LINES)), [("R1", 100)]);
    }

    #[test]
    fn five_cents_a_line_and_lines_without_tax_pass() {
        assert!(billed("TAX_VARIANCE", &taxed("57.10"), LINES).is_empty());
        assert_eq!(billed("TAX_VARIANCE", &taxed("57.11"), LINES).len(), 1);
        assert!(billed("TAX_VARIANCE", &taxed("60.00"), "R1,10,A,,10,10.00,100.00,,PO1,10\n").is_empty());
    }
}
