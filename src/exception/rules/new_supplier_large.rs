//! The first bill of a new supplier is a large one.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::whole;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "NEW_SUPPLIER_LARGE",
    title: "A new supplier's first bill is a large one",
    role: Role::Payables,
    measures: &[Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "the amount of a supplier's first bill, if that became known within `new_supplier_days` of the as-of day, and the ledger goes back at least twice as far",
        why: "invented suppliers are paid quickly and once",
        example: "the first bill of a supplier came three weeks ago and asks 45,000.00",
        false_alarms: "large purchases of a single machine or project, which begin like that",
        action: "check that the supplier exists and who brought it in, before the bill is paid",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let as_of = case.documents.as_of().0;
    let within = case.policy.settings.new_supplier_days;
    let bills: Vec<_> = case.bills().collect();
    let Some(start) = bills.iter().map(|(_, one)| one.stamp.known).min() else { return Vec::new() };
    // At the start of the ledger every supplier looks new.
    if as_of.0 - start.0 < within.saturating_mul(2) {
        return Vec::new();
    }
    let mut found = Vec::new();
    // A supplier's bills stand in the order in which they became known.
    for of_party in bills.chunk_by(|(_, left), (_, right)| left.party == right.party) {
        let Some((at, document)) = of_party.first() else { continue };
        let age = as_of.0 - document.stamp.known.0;
        let tolerance = case.tolerance(&RULE, *at, Word::EMPTY);
        let difference = Difference { by: whole(document.amount, document.currency), of: 0, worth: None };
        if age > within || !tolerance.is_broken(difference, 1) {
            continue;
        }
        let money = document.currency.display(document.amount.into());
        let sentence = format!(
            "{} over {money} is the first of supplier {}, known for {age} days",
            capital(&case.name(document)),
            case.text(document.party),
        );
        found.push(
            case.finding(&RULE, *at, document)
                .with(Kind::Party, case.text(document.party))
                .figures("a small first bill".to_owned(), money.clone(), money)
                .limit(tolerance)
                .stake(document.amount)
                .confidence(50)
                .because(&sentence),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn first(day: &str, amount: &str) -> Vec<(String, i64)> {
        let rows = format!(
            "R1,S1,2025-01-10,,90000.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n\
             Q1,S2,{day},,{amount},EUR,invoice,0.00,PO1,net 30,{day},DE2\n\
             R2,S1,2025-12-01,,10.00,EUR,invoice,0.00,PO1,net 30,2025-12-01,DE1\n"
        );
        let found = billed("NEW_SUPPLIER_LARGE", &rows, "");
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn a_large_first_bill_of_last_month_is_found() {
        assert_eq!(first("2025-11-10", "45000.00"), [("Q1".to_owned(), 4_500_000)]);
    }

    #[test]
    fn small_ones_old_ones_and_those_the_ledger_begins_with_pass() {
        assert!(first("2025-11-10", "25000.00").is_empty());
        assert!(first("2025-05-10", "45000.00").is_empty());
    }
}
