//! A bill is dated before anything of it was received.

use super::amount_over_order::capital;
use crate::exception::case::{Case, Matched};
use crate::exception::finding::{Finding, Kind, days};
use crate::exception::policy::minor;
use crate::exception::policy::tolerance::{Difference, ONE, Tolerance};
use crate::exception::rule::{Measure, Page, Role, Rule};

pub const RULE: Rule = Rule {
    code: "BILL_BEFORE_RECEIPT",
    title: "Billed before anything was received",
    role: Role::Receiving,
    measures: &[Measure::Days],
    takes_exact: true,
    page: Page {
        what: "the day on the bill against the first receipt of each line of the order that it bills; a line of which nothing has come by the as-of day cannot come before the day after",
        why: "paying before the goods are there takes away the means to have them sent",
        example: "billed on 10 January, received on the 14th: 4 days",
        false_alarms: "services and prepayments, of which nothing is ever received: switch it off for these articles or suppliers; ledgers in which nothing was ever received are left alone",
        action: "receiving confirms the receipt; until then the bill waits",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let documents = case.documents;
    if documents.receipts.is_empty() {
        return Vec::new();
    }
    let early: Vec<(Matched, i128, Tolerance)> =
        case.matched().filter_map(|matched| early(case, matched)).collect();
    let mut found = Vec::new();
    for lines in early.chunk_by(|(left, ..), (right, ..)| left.at == right.at) {
        let Some((matched, by, tolerance)) =
            lines.iter().max_by_key(|(matched, by, _)| (*by, worth(matched)))
        else {
            continue;
        };
        let document = matched.document;
        let stake: i128 = lines.iter().map(|(matched, ..)| worth(matched)).sum();
        let first = documents.receipts_of(matched.ordered_at).first().map(|receipt| receipt.received);
        let received =
            first.map_or_else(|| "not received yet".to_owned(), |day| format!("first received on {day}"));
        let order = case.text(matched.ordered.order);
        let sentence = format!(
            "{} is dated {}, {} before what it bills for line {} of order {order} could be there: {received}; {} of its lines {}",
            capital(&case.name(document)),
            document.stamp.happened,
            days(*by),
            case.text(matched.ordered.line),
            lines.len(),
            if lines.len() == 1 { "is too early" } else { "are too early" },
        );
        found.push(
            case.finding(&RULE, matched.at, document)
                .with(Kind::Order, order)
                .figures(received, document.stamp.happened.to_string(), days(*by))
                .limit(*tolerance)
                .stake(minor(stake, document.currency))
                .confidence(if first.is_some() { 60 } else { 85 })
                .because(&sentence),
        );
    }
    found
}

fn early<'a>(case: &Case, matched: Matched<'a>) -> Option<(Matched<'a>, i128, Tolerance)> {
    let first = case.documents.receipts_of(matched.ordered_at).first();
    let day = first.map_or_else(|| case.documents.as_of().0.plus(1), |receipt| receipt.received);
    let by = i128::from(day.0) - i128::from(matched.document.stamp.happened.0);
    let tolerance = case.tolerance(&RULE, matched.at, matched.line.item);
    let difference = Difference { by: by * ONE, of: 0, worth: None };
    (by > 0 && matched.line.quantity > 0 && tolerance.is_broken(difference, 1))
        .then_some((matched, by, tolerance))
}

fn worth(matched: &Matched) -> i128 {
    i128::from(matched.line.amount)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn dated(day: &str) -> String {
        format!("R1,S1,{day},2025-02-09,320.00,EUR,invoice,0.00,PO1,net 30,{day},DE1\n")
    }

    #[test]
    fn four_days_before_the_receipt_is_found_with_all_its_lines() {
        let lines = "R1,10,A,,10,12.00,120.00,0.00,PO1,10\nR1,20,B,,4,50.00,200.00,0.00,PO1,20\n";
        let found = billed("BILL_BEFORE_RECEIPT", &dated("2025-01-04"), lines);
        assert_eq!(stakes(&found), [("R1", 32_000)]);
        assert_eq!(found[0].difference, "4 days");
    }

    #[test]
    fn the_day_of_the_receipt_passes() {
        let lines = "R1,10,A,,10,12.00,120.00,0.00,PO1,10\n";
        assert!(billed("BILL_BEFORE_RECEIPT", &dated("2025-01-08"), lines).is_empty());
    }
}
