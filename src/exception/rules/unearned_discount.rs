//! A customer took the discount for early payment after its time.

use crate::asof::documents::From;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, days};
use crate::exception::policy::tolerance::{Difference, ONE};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, Payment, Side};
use crate::ledger::terms::{self, Discount};

pub const RULE: Rule = Rule {
    code: "UNEARNED_DISCOUNT",
    title: "A discount was taken after its time",
    role: Role::Receivables,
    measures: &[Measure::Days],
    takes_exact: true,
    page: Page {
        what: "what is open of an invoice after its last payment, if it equals the discount of the invoice's terms to one minor unit, and the payment came after the last day to take it",
        why: "it was granted for early payment only; taken by habit it is a lower price",
        example: "2/10 net 30, 1,000.00 invoiced on 1 March, 980.00 paid on the 20th: 9 days too late",
        false_alarms: "customers who were promised the discount whenever they pay",
        action: "ask for it, or grant it once and say so",
    },
    run,
};

/// An invoice that a payment was applied to and that is not paid in full.
pub(super) struct Short<'a> {
    pub(super) at: usize,
    pub(super) invoice: &'a Document,
    /// The last payment on it.
    pub(super) payment: &'a Payment,
    /// What is open, in minor units.
    pub(super) open: i64,
    /// The discount of its terms, if that is what is open.
    pub(super) discount: Option<Discount>,
}

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for short in shorts(case) {
        let Short { at, invoice, payment, open, discount: Some(discount) } = short else { continue };
        let until = discount.until(invoice.stamp.happened);
        let by = i128::from(payment.stamp.happened.0 - until.0);
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        if by <= 0 || !tolerance.is_broken(Difference { by: by * ONE, of: 0, worth: None }, 1) {
            continue;
        }
        let money = |minor: i64| invoice.currency.display(minor.into());
        let sentence = format!(
            "Payment {} of {} took a discount of {} on invoice {}, {} after its last day, {until}",
            case.text(payment.id),
            payment.stamp.happened,
            money(open),
            case.text(invoice.id),
            days(by),
        );
        found.push(
            case.finding_on(&RULE, payment)
                .with(Kind::Invoice, case.text(invoice.id))
                .figures(money(invoice.amount), money(invoice.amount - open), money(open))
                .limit(tolerance)
                .stake(open)
                .confidence(90)
                .because(&sentence),
        );
    }
    found
}

/// Own invoices that are paid in part.
pub(super) fn shorts<'a>(case: &'a Case<'a>) -> impl Iterator<Item = Short<'a>> + 'a {
    let invoices = case.claims().filter(|(_, one)| one.side == Side::Receivable && one.settled.is_none());
    invoices.filter_map(move |(at, invoice)| {
        let payments = case.documents.applied_to(at).iter().filter_map(|one| match one.from {
            From::Payment(payment) => case.payment(payment),
            From::Credit(_) | From::Nothing => None,
        });
        let payment = payments.filter(|one| one.returned.is_none()).max_by_key(|one| one.stamp)?;
        let open = case.open_of(at);
        let terms = terms::parse(case.text(invoice.terms)).and_then(|terms| terms.discount);
        let discount = terms.filter(|terms| (terms.of(invoice.amount) - open).abs() <= 1);
        (open > 0).then_some(Short { at, invoice, payment, open, discount })
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn paid(amount: &str, day: &str) -> [Vec<(String, i64)>; 2] {
        let payments = format!("id,customer,day,amount,currency\nP1,C1,{day},{amount},EUR\n");
        let allocations = format!("payment,invoice,amount,currency\nP1,I1,{amount},EUR\n");
        let files = [
            (
                "invoices.csv",
                "id,customer,issued,due,amount,currency,terms\nI1,C1,2025-03-01,2025-03-31,1000.00,EUR,2/10 net 30\n",
            ),
            ("payments.csv", payments.as_str()),
            ("allocations.csv", allocations.as_str()),
        ];
        ["UNEARNED_DISCOUNT", "SHORT_PAY"].map(|code| {
            let found = found(code, &files, &[], None);
            stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
        })
    }

    #[test]
    fn two_percent_nine_days_too_late_are_found_and_are_no_short_pay() {
        assert_eq!(paid("980.00", "2025-03-20"), [vec![("P1".to_owned(), 2_000)], vec![]]);
        assert_eq!(paid("980.00", "2025-03-12")[0].len(), 1);
    }

    #[test]
    fn in_time_it_is_earned_and_another_amount_is_a_short_pay() {
        assert_eq!(paid("980.00", "2025-03-11"), [vec![], vec![]]);
        assert_eq!(paid("970.00", "2025-03-20"), [vec![], vec![("P1".to_owned(), 3_000)]]);
    }
}
