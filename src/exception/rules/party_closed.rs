//! A document is exchanged with a party that is closed.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, days};
use crate::exception::policy::tolerance::{Difference, ONE};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "PARTY_CLOSED",
    title: "The supplier or customer is closed",
    role: Role::Payables,
    measures: &[Measure::Days],
    takes_exact: true,
    page: Page {
        what: "the day on a document against the day from which its party is closed",
        why: "what goes to a customer that is gone is not paid; what comes from a supplier that was shut out should not be",
        example: "a customer closed on 1 March gets an invoice on the 20th: 19 days after",
        false_alarms: "last bills for what was delivered before the day",
        action: "settle who the party is now, and send the document there or back",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, document) in case.claims() {
        let Some(closed) = case.documents.party_of(at).and_then(|party| party.closed) else { continue };
        let by = i128::from(document.stamp.happened.0) - i128::from(closed.0);
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        if by < 0 || !tolerance.is_broken(Difference { by: (by + 1) * ONE, of: 0, worth: None }, 1) {
            continue;
        }
        let party = case.text(document.party);
        let sentence = format!(
            "{} of {} is with {party}, which is closed from {closed}",
            capital(&case.name(document)),
            document.stamp.happened
        );
        found.push(
            case.finding(&RULE, at, document)
                .with(Kind::Party, party)
                .figures(format!("before {closed}"), document.stamp.happened.to_string(), days(by + 1))
                .limit(tolerance)
                .stake(document.amount)
                .confidence(90)
                .because(&sentence),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn invoiced(day: &str) -> Vec<(String, i64)> {
        let invoices = format!(
            "id,customer,issued,due,amount,currency\nI1,C1,{day},2025-06-30,80.00,EUR\nI2,C2,2025-04-01,2025-06-30,10.00,EUR\n"
        );
        let files = [
            ("customers.csv", "id,name,closed\nC1,Ash,2025-03-01\nC2,Box,\n"),
            ("invoices.csv", invoices.as_str()),
        ];
        let found = found("PARTY_CLOSED", &files, &[], None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn an_invoice_from_the_day_of_closing_on_is_found() {
        assert_eq!(invoiced("2025-03-20"), [("I1".to_owned(), 8_000)]);
        assert_eq!(invoiced("2025-03-01").len(), 1);
    }

    #[test]
    fn one_of_the_day_before_passes() {
        assert!(invoiced("2025-02-28").is_empty());
    }
}
