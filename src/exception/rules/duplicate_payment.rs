//! A customer paid the same invoice twice.

use super::unapplied_cash::loose;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, days};
use crate::exception::rule::{Page, Role, Rule};
use crate::ledger::register::{Payment, Side};

pub const RULE: Rule = Rule {
    code: "DUPLICATE_PAYMENT",
    title: "The same payment twice",
    role: Role::Receivables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "a payment of which nothing was applied, when the same customer paid the same amount up to `repeated_payment_days` before, that payment was applied in full, and no invoice of the customer with that amount is open",
        why: "it is owed back, and looks like cash for the next invoice",
        example: "1,190.00 on 3 March for I1, and again on the 6th",
        false_alarms: "a standing order for an invoice that has not been written yet",
        action: "ask the customer whether to send it back or keep it for the next invoice",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, payment) in loose(case, &RULE).filter(|(_, payment)| !payment.customer.is_empty()) {
        let Some(first) = repeated(case, at, payment) else { continue };
        let money = payment.currency.display(payment.amount.into());
        let apart = i128::from(payment.stamp.happened.0 - first.stamp.happened.0);
        let sentence = format!(
            "Payment {} of {money} from {} repeats {}, {} later, and no invoice of that amount is open",
            case.text(payment.id),
            case.text(payment.customer),
            case.text(first.id),
            days(apart),
        );
        found.push(
            case.finding_on(&RULE, payment)
                .with(Kind::Payment, case.text(first.id))
                .figures("one payment".to_owned(), "two payments".to_owned(), money)
                .stake(payment.amount)
                .confidence(85)
                .because(&sentence),
        );
    }
    found
}

/// The earlier payment that a payment repeats.
pub(super) fn repeated<'a>(case: &Case<'a>, at: usize, payment: &Payment) -> Option<&'a Payment> {
    if !case
        .tolerance_of(&RULE, Side::Receivable, payment.customer, crate::ledger::register::words::Word::EMPTY)
        .is_on()
    {
        return None;
    }
    let payments = &case.documents.payments;
    // A customer's payments stand together by day.
    let earlier = payments.get(..at)?.iter().enumerate().rev();
    let within = case.policy.settings.repeated_payment_days;
    let mut earlier = earlier.take_while(|(_, one)| {
        one.customer == payment.customer && payment.stamp.happened.0 - one.stamp.happened.0 <= within
    });
    let first = earlier.find(|(other, one)| {
        (one.amount, one.currency) == (payment.amount, payment.currency)
            && one.returned.is_none()
            && case.unapplied_of(*other, one) == 0
    });
    first.map(|(_, one)| one).filter(|_| !is_awaited(case, payment))
}

/// Whether an invoice of the payment's customer and amount is open.
fn is_awaited(case: &Case, payment: &Payment) -> bool {
    let documents = &case.documents.documents;
    let range = case.documents.of_party(Side::Receivable, payment.customer);
    range.filter(|at| case.counts(*at)).any(|at| {
        documents.get(at).is_some_and(|one| one.currency == payment.currency)
            && case.open_of(at) == payment.amount
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn paid(second: &str, more_invoices: &str) -> Vec<(String, i64)> {
        let invoices = format!(
            "id,customer,issued,due,amount,currency\nI1,C1,2025-02-01,2025-03-03,1190.00,EUR\n{more_invoices}"
        );
        let payments =
            format!("id,customer,day,amount,currency\nP1,C1,2025-03-03,1190.00,EUR\nP2,C1,{second},EUR\n");
        let files = [
            ("invoices.csv", invoices.as_str()),
            ("payments.csv", payments.as_str()),
            ("allocations.csv", "payment,invoice,amount,currency\nP1,I1,1190.00,EUR\n"),
        ];
        let own = found("DUPLICATE_PAYMENT", &files, &[], None);
        let loose = found("UNAPPLIED_CASH", &files, &[], None);
        assert_eq!(own.len() + loose.len(), 1, "it is one or the other");
        stakes(&own).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn the_same_amount_three_days_later_is_found() {
        assert_eq!(paid("2025-03-06,1190.00", ""), [("P2".to_owned(), 119_000)]);
    }

    #[test]
    fn another_amount_a_later_month_and_an_awaited_amount_pass() {
        assert!(paid("2025-03-06,1190.01", "").is_empty());
        assert!(paid("2025-04-03,1190.00", "").is_empty());
        assert!(paid("2025-03-06,1190.00", "I2,C1,2025-03-01,2025-03-31,1190.00,EUR\n").is_empty());
    }
}
