//! A credit note is on no invoice.

use crate::asof::documents::From;
use crate::exception::case::Case;
use crate::exception::finding::Finding;
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::whole;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{DocumentKind, Side};

pub const RULE: Rule = Rule {
    code: "CREDIT_UNAPPLIED",
    title: "A credit note that is on no invoice",
    role: Role::Receivables,
    measures: &[Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "what is left, by the as-of day, of a customer's credit note; one that is marked as settled is left alone, and so are ledgers without allocations",
        why: "the customer is asked for money that it was already granted back",
        example: "a credit note of 75.00 of last month, nothing of it applied",
        false_alarms: "credit notes kept for the next order by agreement",
        action: "apply it to the invoice it was written for",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let documents = case.documents;
    let mut used = vec![0_i64; documents.documents.len()];
    for applied in &documents.applied {
        if let From::Credit(at) = applied.from
            && let Some(used) = used.get_mut(at as usize)
        {
            *used += applied.allocated.amount;
        }
    }
    let mut found = Vec::new();
    for ((at, note), used) in documents.documents.iter().enumerate().zip(used) {
        let is_open = note.kind == DocumentKind::CreditNote && note.side == Side::Receivable && !note.is_void;
        if !is_open || note.settled.is_some() || !documents.allocates {
            continue;
        }
        let left = note.amount - used;
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        let difference = Difference { by: whole(left, note.currency), of: 0, worth: None };
        if left <= 0 || !tolerance.is_broken(difference, 1) {
            continue;
        }
        let money = |minor: i64| note.currency.display(minor.into());
        let sentence = format!(
            "{} of credit note {} of {} for {} is on no invoice",
            money(left),
            case.text(note.id),
            note.stamp.happened,
            case.text(note.party)
        );
        let finding = case.finding(&RULE, at, note).figures(money(note.amount), money(used), money(left));
        let mut finding = finding.limit(tolerance).stake(left).confidence(85).because(&sentence);
        finding.is_settled = false;
        found.push(finding);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn applied(allocations: &str) -> Vec<(String, i64)> {
        let allocations = format!("payment,invoice,amount,currency,day\n{allocations}");
        let files = [
            (
                "invoices.csv",
                "id,customer,issued,due,amount,currency,type\nI1,C1,2025-02-01,2025-03-03,1000.00,EUR,invoice\n\
                 K1,C1,2025-02-10,2025-02-10,75.00,EUR,credit_note\n",
            ),
            ("allocations.csv", allocations.as_str()),
        ];
        let found = found("CREDIT_UNAPPLIED", &files, &[], None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn a_credit_note_on_no_invoice_is_found_with_what_is_left() {
        assert_eq!(applied(""), [("K1".to_owned(), 7_500)]);
        assert_eq!(applied("K1,I1,50.00,EUR,2025-02-10\n"), [("K1".to_owned(), 2_500)]);
    }

    #[test]
    fn one_that_was_applied_passes() {
        assert!(applied("K1,I1,75.00,EUR,2025-02-10\n").is_empty());
    }
}
