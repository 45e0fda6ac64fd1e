//! A payment came back.

use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::whole;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::Side;
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "RETURNED_PAYMENT",
    title: "A payment came back",
    role: Role::Receivables,
    measures: &[Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "payments that came back by the as-of day, with the invoices that are open again",
        why: "the invoice looks paid in every list that was printed before",
        example: "a direct debit of 480.00 was returned four days later",
        false_alarms: "payments that were booked twice and reversed by hand",
        action: "call the customer; where it happens again, ask for another way of paying",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, payment) in case.documents.payments.iter().enumerate() {
        let Some(day) = payment.returned else { continue };
        let tolerance = case.tolerance_of(&RULE, Side::Receivable, payment.customer, Word::EMPTY);
        let by = whole(payment.amount, payment.currency);
        if !tolerance.is_broken(Difference { by, of: 0, worth: None }, 1) {
            continue;
        }
        let money = payment.currency.display(payment.amount.into());
        let sentence = format!(
            "Payment {} of {money} of {} came back on {day}",
            case.text(payment.id),
            payment.stamp.happened
        );
        let mut finding = case.finding_on(&RULE, payment);
        for applied in case.documents.applied_of(at) {
            finding = finding.with(Kind::Invoice, case.text(applied.allocated.invoice));
        }
        let finding = finding.figures(money.clone(), payment.currency.display(0), money).limit(tolerance);
        found.push(finding.stake(payment.amount).confidence(100).because(&sentence));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn returned(as_of: &str) -> Vec<(String, i64)> {
        let files = [
            (
                "invoices.csv",
                "id,customer,issued,due,amount,currency\nI1,C1,2025-02-01,2025-03-03,480.00,EUR\n",
            ),
            (
                "payments.csv",
                "id,customer,day,amount,currency,returned\nP1,C1,2025-03-03,480.00,EUR,2025-03-07\nP2,C1,2025-03-20,480.00,EUR,\n",
            ),
            ("allocations.csv", "payment,invoice,amount,currency\nP1,I1,480.00,EUR\n"),
        ];
        let found = found("RETURNED_PAYMENT", &files, &[], Some(as_of));
        assert!(found.iter().all(|one| one.others[0].id == "I1"));
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn what_came_back_is_found_from_that_day_on() {
        assert_eq!(returned("2025-03-07"), [("P1".to_owned(), 48_000)]);
        assert!(returned("2025-03-06").is_empty());
    }
}
