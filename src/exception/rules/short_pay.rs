//! A payment left a little of its invoice open.

use super::unearned_discount::{Short, shorts};
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, percent};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::whole;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "SHORT_PAY",
    title: "A payment left a little of its invoice open",
    role: Role::Receivables,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "what is open, by the as-of day, of an invoice on which a payment was applied, if it is less than `partial_percent` of the invoice; more is a part still to be paid. What equals the discount of the invoice's terms is not this: in time it is earned, later it is UNEARNED_DISCOUNT",
        why: "it is a deduction that somebody decided on: a complaint, a fee, a mistake; unexplained it stays open for ever",
        example: "1,000.00 invoiced, 950.00 paid: 50.00 or 5 % deducted",
        false_alarms: "customers who pay in many parts, the last of them small",
        action: "ask the customer for the reason; credit it or ask for it",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for short in shorts(case).filter(|short| short.discount.is_none()) {
        let Short { at, invoice, payment, open, .. } = short;
        let most = case.policy.settings.partial_percent();
        let (open_whole, all) = (whole(open, invoice.currency), whole(invoice.amount, invoice.currency));
        let is_part = open_whole * 100 * crate::exception::policy::tolerance::ONE >= all * most;
        let difference = Difference { by: open_whole, of: all, worth: None };
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        if is_part || !tolerance.is_broken(difference, 1) {
            continue;
        }
        let money = |minor: i64| invoice.currency.display(minor.into());
        let sentence = format!(
            "Payment {} of {} left {} or {} of invoice {} over {} open",
            case.text(payment.id),
            payment.stamp.happened,
            money(open),
            percent(open_whole, all),
            case.text(invoice.id),
            money(invoice.amount),
        );
        found.push(
            case.finding_on(&RULE, payment)
                .with(Kind::Invoice, case.text(invoice.id))
                .figures(money(invoice.amount), money(invoice.amount - open), money(open))
                .limit(tolerance)
                .stake(open)
                .confidence(85)
                .because(&sentence),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn paid(amount: &str) -> Vec<(String, i64)> {
        let payments = format!("id,customer,day,amount,currency\nP1,C1,2025-03-03,{amount},EUR\n");
        let allocations = format!("payment,invoice,amount,currency\nP1,I1,{amount},EUR\n");
        let files = [
            (
                "invoices.csv",
                "id,customer,issued,due,amount,currency\nI1,C1,2025-02-01,2025-03-03,1000.00,EUR\n",
            ),
            ("payments.csv", payments.as_str()),
            ("allocations.csv", allocations.as_str()),
        ];
        let found = found("SHORT_PAY", &files, &[], None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn fifty_short_of_a_thousand_is_found() {
        assert_eq!(paid("950.00"), [("P1".to_owned(), 5_000)]);
    }

    #[test]
    fn one_unit_short_a_first_part_and_the_whole_pass() {
        assert!(paid("999.00").is_empty());
        assert!(paid("800.00").is_empty());
        assert!(paid("1000.00").is_empty());
    }
}
