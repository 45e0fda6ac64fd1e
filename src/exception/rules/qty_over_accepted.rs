//! More is billed than was accepted on inspection, over all bills and receipts of the order's line: the four-way match.

use super::qty_over_order::cumulated;
use crate::exception::case::Case;
use crate::exception::finding::Finding;
use crate::exception::rule::{Measure, Page, Role, Rule};

pub const RULE: Rule = Rule {
    code: "QTY_OVER_ACCEPTED",
    title: "More is billed than was accepted",
    role: Role::Receiving,
    measures: &[Measure::Percent, Measure::Amount, Measure::Quantity],
    takes_exact: true,
    page: Page {
        what: "the quantity billed so far for a line of an order, this bill's included, against all that was accepted of it on inspection (`receipts.accepted`); of a line that is inspected, what was not inspected yet is not accepted. Lines that are not inspected, and those of which all that came was accepted, are left alone",
        why: "what was refused is not owed, and a receipt alone does not say so",
        example: "10 came and are billed, 8 were accepted: 2 too many, at the bill's price",
        false_alarms: "inspections that are booked days after the goods came: look again the day after",
        action: "receiving sends back what was refused; it is credited, or the bill waits",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    cumulated(case, &RULE, |ordered_at, _| {
        let receipts = case.documents.receipts_of(ordered_at);
        let received: i128 = receipts.iter().map(|receipt| i128::from(receipt.quantity)).sum();
        let accepted: i128 = receipts.iter().filter_map(|receipt| receipt.accepted).map(i128::from).sum();
        let is_inspected = receipts.iter().any(|receipt| receipt.accepted.is_some());
        (is_inspected && accepted < received).then_some((accepted, "accepted"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{bills, found, replaced, stakes};

    /// 10 billed, with these receipts.
    fn with_receipts(receipts: &str) -> Vec<(String, i64)> {
        let bill = "R1,S1,2025-01-10,2025-02-09,120.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n";
        let [own, lines] = bills(bill, "R1,10,A,,10,12.00,120.00,0.00,PO1,10\n");
        let receipts = format!("id,order,order_line,received,quantity,accepted\n{receipts}");
        let mut files = replaced("receipts.csv", &receipts);
        files.extend([(own.0, own.1.as_str()), (lines.0, lines.1.as_str())]);
        let found = found("QTY_OVER_ACCEPTED", &files, &[], None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn what_was_refused_or_is_not_inspected_yet_is_found() {
        assert_eq!(with_receipts("G1,PO1,10,2025-01-08,10,8\n"), [("R1".to_owned(), 2_400)]);
        let part = "G1,PO1,10,2025-01-08,6,6\nG2,PO1,10,2025-01-09,4,\n";
        assert_eq!(with_receipts(part), [("R1".to_owned(), 4_800)]);
    }

    #[test]
    fn what_was_accepted_is_never_inspected_or_went_back_passes() {
        assert!(with_receipts("G1,PO1,10,2025-01-08,10,10\n").is_empty());
        assert!(with_receipts("G1,PO1,10,2025-01-08,10,\n").is_empty());
        // 12 came, 2 were refused and went back: 10 are there and accepted.
        let back = "G1,PO1,10,2025-01-08,12,10\nG2,PO1,10,2025-01-09,-2,\n";
        assert!(with_receipts(back).is_empty());
    }
}
