//! A bill is for an order that takes none any more.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, days};
use crate::exception::policy::tolerance::{Difference, ONE};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "PO_CLOSED",
    title: "The order is closed",
    role: Role::Buyer,
    measures: &[Measure::Days],
    takes_exact: true,
    page: Page {
        what: "the day on the bill against the day on which its order was closed; where only the status is known, every bill of a closed order",
        why: "an order is closed when all of it was billed, or when it was called off",
        example: "closed on 31 January, billed on 10 February: 10 days after",
        false_alarms: "systems that close an order with its last bill: export the day of closing, or every bill of every finished order is found",
        action: "the buyer opens the order again or refuses the bill",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, document) in case.claims() {
        let Some((_, order)) = case.documents.order_of(at).filter(|(_, order)| order.is_closed) else {
            continue;
        };
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        // Where nobody says when it was closed, the bill is taken to be later by a day.
        let by =
            order.closed.map_or(1, |closed| i128::from(document.stamp.happened.0) - i128::from(closed.0));
        if by <= 0 || !tolerance.is_broken(Difference { by: by * ONE, of: 0, worth: None }, 1) {
            continue;
        }
        let id = case.text(order.id);
        let (closed, after) = order.closed.map_or_else(
            || ("closed, on no day that is known".to_owned(), "not known".to_owned()),
            |day| (format!("closed on {day}"), days(by)),
        );
        let sentence = format!(
            "{} of {} is for order {id}, which is {closed}",
            capital(&case.name(document)),
            document.stamp.happened
        );
        found.push(
            case.finding(&RULE, at, document)
                .with(Kind::Order, id)
                .figures("an open order".to_owned(), closed, after)
                .limit(tolerance)
                .stake(document.amount)
                .confidence(if order.closed.is_some() { 90 } else { 60 })
                .because(&sentence),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{bills, found, replaced, stakes};

    fn closed(status: &str, day: &str, as_of: Option<&str>) -> usize {
        let orders = format!(
            "id,side,party,ordered,amount,currency,status,terms,closed\nPO1,purchase,S1,2025-01-02,320.00,EUR,{status},net 30,{day}\n"
        );
        let bill = "R1,S1,2025-02-10,2025-03-12,320.00,EUR,invoice,0.00,PO1,net 30,2025-02-10,DE1\n";
        let [own, lines] = bills(bill, "");
        let mut files = replaced("orders.csv", &orders);
        files.extend([(own.0, own.1.as_str()), (lines.0, lines.1.as_str())]);
        let found = found("PO_CLOSED", &files, &[], as_of);
        assert!(stakes(&found).iter().all(|stake| *stake == ("R1", 32_000)));
        found.len()
    }

    #[test]
    fn a_bill_after_the_day_of_closing_or_of_an_order_marked_closed_is_found() {
        assert_eq!(closed("closed", "2025-01-31", None), 1);
        assert_eq!(closed("closed", "", None), 1);
    }

    #[test]
    fn open_orders_and_those_closed_on_the_day_or_later_pass() {
        assert_eq!(closed("open", "", None), 0);
        assert_eq!(closed("closed", "2025-02-10", None), 0);
        assert_eq!(closed("closed", "2025-03-01", Some("2025-02-15")), 0, "not closed yet");
    }
}
