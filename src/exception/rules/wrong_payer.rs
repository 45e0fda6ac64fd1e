//! A payment is booked to another customer than the invoice it was applied to.

use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::whole;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::Side;
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "WRONG_PAYER",
    title: "Applied to another customer's invoice",
    role: Role::Receivables,
    measures: &[Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "the customer of a payment against the customer of each invoice it was applied to; customers of one group, by `parent`, are one",
        why: "one customer's debt was paid with another's money; both balances are wrong",
        example: "C2's payment of 300.00 on C1's invoice",
        false_alarms: "agents and factors who pay for others",
        action: "ask the payer; apply it anew, or note that it may pay for the other",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let documents = case.documents;
    let head = |id: Word| {
        let parent = documents.party(Side::Receivable, id).map_or(Word::EMPTY, |party| party.parent);
        if parent.is_empty() { id } else { parent }
    };
    let mut found = Vec::new();
    for (at, payment) in documents.payments.iter().enumerate() {
        if payment.customer.is_empty() || payment.returned.is_some() {
            continue;
        }
        for applied in documents.applied_of(at) {
            let Some(invoice) = documents.documents.get(applied.invoice as usize) else { continue };
            if invoice.party == payment.customer || head(invoice.party) == head(payment.customer) {
                continue;
            }
            let tolerance = case.tolerance_of(&RULE, Side::Receivable, payment.customer, Word::EMPTY);
            let amount = applied.allocated.amount;
            let by = whole(amount, payment.currency);
            if !tolerance.is_broken(Difference { by, of: 0, worth: None }, 1) {
                continue;
            }
            let (payer, owner) = (case.text(payment.customer), case.text(invoice.party));
            let money = payment.currency.display(amount.into());
            let (id, on) = (case.text(payment.id), case.text(invoice.id));
            let sentence = format!("{money} of payment {id} from {payer} is on invoice {on} of {owner}");
            found.push(
                case.finding_on(&RULE, payment)
                    .with(Kind::Invoice, on)
                    .figures(owner.to_owned(), payer.to_owned(), money)
                    .limit(tolerance)
                    .stake(amount)
                    .confidence(85)
                    .because(&sentence),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn paid_by(customer: &str) -> Vec<(String, i64)> {
        let payments = format!("id,customer,day,amount,currency\nP1,{customer},2025-03-03,300.00,EUR\n");
        let files = [
            ("customers.csv", "id,name,parent\nC1,Ash,C3\nC2,Box,\nC3,Oak,\n"),
            (
                "invoices.csv",
                "id,customer,issued,due,amount,currency\nI1,C1,2025-02-01,2025-03-03,300.00,EUR\n",
            ),
            ("payments.csv", payments.as_str()),
            ("allocations.csv", "payment,invoice,amount,currency\nP1,I1,300.00,EUR\n"),
        ];
        let found = found("WRONG_PAYER", &files, &[], None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn another_customers_money_is_found() {
        assert_eq!(paid_by("C2"), [("P1".to_owned(), 30_000)]);
    }

    #[test]
    fn its_own_and_its_groups_money_pass() {
        assert!(paid_by("C1").is_empty());
        assert!(paid_by("C3").is_empty());
    }
}
