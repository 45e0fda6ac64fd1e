//! What is billed came on another day than was agreed.

use super::amount_over_order::capital;
use super::qty_over_order::counted;
use crate::base::day::Day;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, days};
use crate::exception::policy::minor;
use crate::exception::policy::tolerance::{Difference, ONE, Tolerance};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::{Document, DocumentKind, GoodsReceipt, Line, OrderLine};

pub const RULE: Rule = Rule {
    code: "DELIVERY_DATE",
    title: "Delivered on another day than agreed",
    role: Role::Buyer,
    measures: &[Measure::Days],
    takes_exact: true,
    page: Page {
        what: "the day on which as much of an order's line had come as is billed of it so far, against the line's agreed delivery day (`scheduled`); what has not all come is QTY_OVER_RECEIPT or BILL_BEFORE_RECEIPT. With sides `both` what came too early is found too",
        why: "contracts grant a deduction for delay, which is lost with the payment; what comes early is paid early; customers who got it late pay late",
        example: "agreed for 6 January, the last of 10 pieces came on the 30th: 24 days late",
        false_alarms: "delivery days that were moved by telephone and not in the order",
        action: "the buyer asks for what the contract grants before the bill is paid; of an own delivery, call the customer before the invoice is due",
    },
    run,
};

/// A line that is billed of an order's line that came on another day.
struct Moved<'a> {
    at: usize,
    position: usize,
    document: &'a Document,
    line: &'a Line,
    ordered: &'a OrderLine,
    agreed: Day,
    came: Day,
    tolerance: Tolerance,
}

impl Moved<'_> {
    fn by(&self) -> i32 {
        self.came.0 - self.agreed.0
    }
}

fn run(case: &Case) -> Vec<Finding> {
    let ordered = case.documents.order_lines.iter().enumerate();
    let mut moved: Vec<Moved> =
        ordered.flat_map(|(ordered_at, ordered)| of_line(case, ordered_at, ordered)).collect();
    moved.sort_by_key(|one| (one.at, one.position));
    moved.chunk_by(|left, right| left.at == right.at).filter_map(|lines| finding(case, lines)).collect()
}

fn of_line<'a>(case: &Case<'a>, ordered_at: usize, ordered: &'a OrderLine) -> Vec<Moved<'a>> {
    let Some(agreed) = ordered.scheduled else { return Vec::new() };
    let receipts = case.documents.receipts_of(ordered_at);
    let mut billed = 0_i128;
    let mut moved = Vec::new();
    for position in case.documents.billed_for(ordered_at) {
        let Some((at, document, line)) = counted(case, position) else { continue };
        let quantity = i128::from(line.quantity);
        if document.kind == DocumentKind::CreditNote {
            billed -= quantity.abs();
            continue;
        }
        billed += quantity;
        let Some(came) = complete(receipts, billed).filter(|_| quantity > 0) else { continue };
        let tolerance = case.tolerance(&RULE, at, line.item);
        let by = i128::from(came.0) - i128::from(agreed.0);
        if tolerance.is_broken(Difference { by: by * ONE, of: 0, worth: None }, 1) {
            moved.push(Moved { at, position, document, line, ordered, agreed, came, tolerance });
        }
    }
    moved
}

/// The day on which so much had come.
fn complete(receipts: &[GoodsReceipt], quantity: i128) -> Option<Day> {
    let mut sum = 0_i128;
    let enough = receipts.iter().find(|receipt| {
        sum += i128::from(receipt.quantity);
        sum >= quantity
    });
    enough.map(|receipt| receipt.received)
}

fn finding(case: &Case, lines: &[Moved]) -> Option<Finding> {
    let farthest = lines.iter().max_by_key(|one| (one.by().abs(), one.line.amount))?;
    let Moved { at, document, ordered, agreed, came, tolerance, .. } = farthest;
    let word = if farthest.by() > 0 { "late" } else { "early" };
    let by = format!("{} {word}", days(farthest.by().abs().into()));
    let order = case.text(ordered.order);
    let sentence = format!(
        "What {} bills for line {} of order {order} was agreed for {agreed} and was all there on {came}, {by}; {} of its lines came on another day than agreed",
        case.name(document),
        case.text(ordered.line),
        lines.len(),
    );
    let stake: i128 = lines.iter().map(|one| i128::from(one.line.amount)).sum();
    let finding = case.finding(&RULE, *at, document).with(Kind::Order, order);
    let finding = finding.figures(agreed.to_string(), came.to_string(), by).limit(*tolerance);
    Some(finding.stake(minor(stake, document.currency)).confidence(50).because(&capital(&sentence)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ORDERED, bills, found};

    /// 10 pieces agreed for a day, of which 6 came on 8 January and 4 on the 30th, with this many billed.
    fn billed(agreed: &str, quantity: &str, changes: &[(&str, &str)]) -> Vec<(String, i64)> {
        let lines = format!(
            "order,line,item,quantity,unit_price,amount,scheduled\nPO1,10,A,10,12.00,120.00,{agreed}\n"
        );
        let receipts =
            "id,order,order_line,received,quantity\nG1,PO1,10,2025-01-08,6\nG2,PO1,10,2025-01-30,4\n";
        let bill = "R1,S1,2025-01-31,2025-02-09,120.00,EUR,invoice,0.00,PO1,net 30,2025-01-31,DE1\n";
        let [own, bill_lines] = bills(bill, &format!("R1,10,A,,{quantity},12.00,120.00,0.00,PO1,10\n"));
        let others =
            ORDERED.iter().copied().filter(|(name, _)| !["order_lines.csv", "receipts.csv"].contains(name));
        let own = [(own.0, own.1.as_str()), (bill_lines.0, bill_lines.1.as_str())];
        let files: Vec<(&str, &str)> = others
            .chain([("order_lines.csv", lines.as_str()), ("receipts.csv", receipts)])
            .chain(own)
            .collect();
        let found = found("DELIVERY_DATE", &files, changes, None);
        found.into_iter().map(|one| (one.difference, one.stake)).collect()
    }

    #[test]
    fn the_day_on_which_all_that_is_billed_had_come_counts() {
        // The tenth piece came on the 30th, the sixth on the 8th.
        assert_eq!(billed("2025-01-06", "10", &[]), [("24 days late".to_owned(), 12_000)]);
        assert!(billed("2025-01-06", "6", &[]).is_empty(), "2 days");
        assert!(billed("2025-01-16", "10", &[]).is_empty(), "14 days: the limit itself");
        assert!(billed("2025-01-06", "11", &[]).is_empty(), "has not all come");
        assert!(billed("", "10", &[]).is_empty(), "no day was agreed");
    }

    #[test]
    fn what_came_early_is_found_where_both_sides_are_asked_for() {
        let both = ("days = \"14\"\nsides = \"upper\"", "days = \"14\"\nsides = \"both\"");
        assert!(billed("2025-02-20", "10", &[]).is_empty());
        assert_eq!(billed("2025-02-20", "10", &[both]), [("21 days early".to_owned(), 12_000)]);
    }
}
