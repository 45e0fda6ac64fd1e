//! A customer's payment is on no invoice.

use super::duplicate_payment::repeated;
use crate::exception::case::Case;
use crate::exception::finding::Finding;
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::whole;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Payment, Side};

pub const RULE: Rule = Rule {
    code: "UNAPPLIED_CASH",
    title: "A payment that is on no invoice",
    role: Role::Receivables,
    measures: &[Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "payments of known customers of which nothing was applied by the as-of day; repeats of other payments are DUPLICATE_PAYMENT. Ledgers without allocations are left alone",
        why: "the customer has paid and is chased all the same",
        example: "1,190.00 from C1 on 3 March, still on no invoice",
        false_alarms: "payments on account and advances",
        action: "apply it, or ask the customer what it is for",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, payment) in loose(case, &RULE).filter(|(_, payment)| !payment.customer.is_empty()) {
        if repeated(case, at, payment).is_some() {
            continue;
        }
        let money = payment.currency.display(payment.amount.into());
        let (id, customer) = (case.text(payment.id), case.text(payment.customer));
        let sentence =
            format!("Payment {id} of {money} from {customer} on {} is on no invoice", payment.stamp.happened);
        found.push(
            case.finding_on(&RULE, payment)
                .figures(money.clone(), payment.currency.display(0), money)
                .limit(case.tolerance_of(&RULE, Side::Receivable, payment.customer, Word::EMPTY))
                .stake(payment.amount)
                .confidence(90)
                .because(&sentence),
        );
    }
    found
}

/// Payments that did not come back, of which nothing was applied and which are larger than a rule lets pass.
pub(super) fn loose<'a>(
    case: &'a Case<'a>,
    rule: &'a Rule,
) -> impl Iterator<Item = (usize, &'a Payment)> + 'a {
    let payments = case.documents.payments.iter().enumerate().filter(|_| case.documents.allocates);
    payments.filter(move |(at, payment)| {
        let tolerance = case.tolerance_of(rule, Side::Receivable, payment.customer, Word::EMPTY);
        let by = whole(payment.amount, payment.currency);
        payment.returned.is_none()
            && case.documents.applied_of(*at).next().is_none()
            && tolerance.is_broken(Difference { by, of: 0, worth: None }, 1)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn applied(allocations: &str, customer: &str) -> Vec<(String, i64)> {
        let payments = format!("id,customer,day,amount,currency\nP1,{customer},2025-03-03,1190.00,EUR\n");
        let allocations = format!("payment,invoice,amount,currency\n{allocations}");
        let files = [
            (
                "invoices.csv",
                "id,customer,issued,due,amount,currency\nI1,C1,2025-02-01,2025-03-03,1190.00,EUR\n",
            ),
            ("payments.csv", payments.as_str()),
            ("allocations.csv", allocations.as_str()),
        ];
        let found = found("UNAPPLIED_CASH", &files, &[], None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn a_payment_on_no_invoice_is_found() {
        assert_eq!(applied("", "C1"), [("P1".to_owned(), 119_000)]);
    }

    #[test]
    fn an_applied_one_and_one_of_nobody_known_pass() {
        assert!(applied("P1,I1,1190.00,EUR\n", "C1").is_empty());
        assert!(applied("", "").is_empty());
    }
}
