//! A payment of which nobody knows whose it is.

use super::unapplied_cash::loose;
use crate::exception::case::Case;
use crate::exception::finding::Finding;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::Side;
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "UNIDENTIFIED",
    title: "A payment of which nobody knows whose it is",
    role: Role::Receivables,
    measures: &[Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "payments without a customer of which nothing was applied by the as-of day; ledgers without allocations are left alone",
        why: "somebody has paid and is chased all the same; money of nobody is owed back",
        example: "250.00 from `MILLER LTD`, no customer",
        false_alarms: "interest and other income of the bank that is no customer's",
        action: "look for the payer's name, account and amount among the customers; ask the bank",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (_, payment) in loose(case, &RULE).filter(|(_, payment)| payment.customer.is_empty()) {
        let money = payment.currency.display(payment.amount.into());
        let told = match (case.text(payment.payer), case.text(payment.reference)) {
            ("", "") => "without a word".to_owned(),
            (payer, "") => format!("from `{payer}`"),
            ("", reference) => format!("for `{reference}`"),
            (payer, reference) => format!("from `{payer}` for `{reference}`"),
        };
        let id = case.text(payment.id);
        let sentence =
            format!("Payment {id} of {money} on {}, {told}, has no customer", payment.stamp.happened);
        found.push(
            case.finding_on(&RULE, payment)
                .figures("a customer".to_owned(), "none".to_owned(), money)
                .limit(case.tolerance_of(&RULE, Side::Receivable, payment.customer, Word::EMPTY))
                .stake(payment.amount)
                .confidence(95)
                .because(&sentence),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    #[test]
    fn money_without_a_customer_is_found_and_that_of_one_passes() {
        let files = [
            (
                "invoices.csv",
                "id,customer,issued,due,amount,currency\nI1,C1,2025-02-01,2025-03-03,250.00,EUR\n",
            ),
            (
                "payments.csv",
                "id,customer,payer,day,amount,currency\nP1,,MILLER LTD,2025-03-03,250.00,EUR\nP2,C1,ASH,2025-03-03,250.00,EUR\n",
            ),
            ("allocations.csv", "payment,invoice,amount,currency\n"),
        ];
        let found = found("UNIDENTIFIED", &files, &[], None);
        assert_eq!(stakes(&found), [("P1", 25_000)]);
        assert_eq!(
            found[0].sentence,
            "Payment P1 of 250.00 EUR on 2025-03-03, from `MILLER LTD`, has no customer."
        );
    }
}
