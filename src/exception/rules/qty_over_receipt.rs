//! More is billed than was received, over all bills and receipts of the order's line.

use super::qty_over_order::cumulated;
use crate::exception::case::Case;
use crate::exception::finding::Finding;
use crate::exception::rule::{Measure, Page, Role, Rule};

pub const RULE: Rule = Rule {
    code: "QTY_OVER_RECEIPT",
    title: "More is billed than was received",
    role: Role::Receiving,
    measures: &[Measure::Percent, Measure::Amount, Measure::Quantity],
    takes_exact: true,
    page: Page {
        what: "the quantity billed so far for a line of an order, this bill's included, against all that was received for it by the as-of day, returns taken off; lines of which nothing came at all are BILL_BEFORE_RECEIPT",
        why: "what did not come is not owed yet",
        example: "10 billed, 8 received: 2 too many, at the bill's price",
        false_alarms: "receipts that are booked days after the goods came: look again the day after",
        action: "receiving looks for the missing goods; what did not come is credited, or the bill waits",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    cumulated(case, &RULE, |ordered_at, _| {
        let receipts = case.documents.receipts_of(ordered_at);
        let received: i128 = receipts.iter().map(|receipt| i128::from(receipt.quantity)).sum();
        (!receipts.is_empty()).then_some((received, "received"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{bills, found, replaced, stakes};

    fn with_receipts(receipts: &str, quantity: &str) -> Vec<(String, i64)> {
        let bill = "R1,S1,2025-01-10,2025-02-09,120.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n";
        let [own, lines] = bills(bill, &format!("R1,10,A,,{quantity},12.00,120.00,0.00,PO1,10\n"));
        let receipts = format!("id,order,order_line,received,quantity\n{receipts}");
        let mut files = replaced("receipts.csv", &receipts);
        files.extend([(own.0, own.1.as_str()), (lines.0, lines.1.as_str())]);
        let found = found("QTY_OVER_RECEIPT", &files, &[], None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn what_did_not_come_or_went_back_is_found() {
        assert_eq!(with_receipts("G1,PO1,10,2025-01-08,8\n", "10"), [("R1".to_owned(), 2_400)]);
        let back = "G1,PO1,10,2025-01-08,10\nG2,PO1,10,2025-01-09,-1\n";
        assert_eq!(with_receipts(back, "10"), [("R1".to_owned(), 1_200)]);
    }

    #[test]
    fn parts_received_later_count_and_nothing_received_is_another_matter() {
        let parts = "G1,PO1,10,2025-01-08,4\nG2,PO1,10,2025-01-20,6\n";
        assert!(with_receipts(parts, "10").is_empty());
        assert!(with_receipts("G1,PO1,20,2025-01-08,4\n", "10").is_empty());
    }
}
