//! A payment is larger than what it was applied to.

use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::whole;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::Side;
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "OVER_PAY",
    title: "A payment is larger than what it was applied to",
    role: Role::Receivables,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "what is left, by the as-of day, of a payment of which some was applied",
        why: "it is owed back or belongs to another invoice",
        example: "1,050.00 received, 1,000.00 applied: 50.00 left",
        false_alarms: "payments for several invoices of which one is not written yet",
        action: "apply the rest, or send it back",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, payment) in case.documents.payments.iter().enumerate() {
        let mut applied = case.documents.applied_of(at).peekable();
        if payment.returned.is_some() || applied.peek().is_none() {
            continue;
        }
        let left = case.unapplied_of(at, payment);
        let used = payment.amount - left;
        let tolerance = case.tolerance_of(&RULE, Side::Receivable, payment.customer, Word::EMPTY);
        let difference =
            Difference { by: whole(left, payment.currency), of: whole(used, payment.currency), worth: None };
        if left <= 0 || !tolerance.is_broken(difference, 1) {
            continue;
        }
        let money = |minor: i64| payment.currency.display(minor.into());
        let id = case.text(payment.id);
        let sentence = format!(
            "{} of payment {id} over {} was applied, {} is left",
            money(used),
            money(payment.amount),
            money(left)
        );
        let mut finding = case.finding_on(&RULE, payment);
        for one in applied {
            finding = finding.with(Kind::Invoice, case.text(one.allocated.invoice));
        }
        let finding = finding.figures(money(used), money(payment.amount), money(left)).limit(tolerance);
        found.push(finding.stake(left).confidence(90).because(&sentence));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn received(amount: &str) -> Vec<(String, i64)> {
        let payments = format!("id,customer,day,amount,currency\nP1,C1,2025-03-03,{amount},EUR\n");
        let files = [
            (
                "invoices.csv",
                "id,customer,issued,due,amount,currency\nI1,C1,2025-02-01,2025-03-03,1000.00,EUR\n",
            ),
            ("payments.csv", payments.as_str()),
            ("allocations.csv", "payment,invoice,amount,currency\nP1,I1,1000.00,EUR\n"),
        ];
        let found = found("OVER_PAY", &files, &[], None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn fifty_more_than_a_thousand_is_found() {
        assert_eq!(received("1050.00"), [("P1".to_owned(), 5_000)]);
    }

    #[test]
    fn one_unit_more_and_the_exact_amount_pass() {
        assert!(received("1001.00").is_empty());
        assert!(received("1000.00").is_empty());
    }
}
