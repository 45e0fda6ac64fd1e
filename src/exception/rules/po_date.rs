//! A bill is dated before its order.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, days};
use crate::exception::policy::tolerance::{Difference, ONE};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "PO_DATE",
    title: "The bill is older than its order",
    role: Role::Buyer,
    measures: &[Measure::Days],
    takes_exact: true,
    page: Page {
        what: "the day on the bill against the day of the order",
        why: "an order written after the bill approves what was bought already, past every check",
        example: "billed on 2 January, ordered on 5 January: 3 days",
        false_alarms: "orders that were moved from another system and dated anew",
        action: "the buyer explains; repeated cases are a matter for whoever owns the purchasing policy",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, document) in case.claims() {
        let Some((_, order)) = case.documents.order_of(at) else { continue };
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        let issued = document.stamp.happened;
        let by = i128::from(order.ordered.0) - i128::from(issued.0);
        if by <= 0 || !tolerance.is_broken(Difference { by: by * ONE, of: 0, worth: None }, 1) {
            continue;
        }
        let id = case.text(order.id);
        let name = capital(&case.name(document));
        let sentence =
            format!("{name} is dated {issued}, {} before order {id} of {}", days(by), order.ordered);
        found.push(
            case.finding(&RULE, at, document)
                .with(Kind::Order, id)
                .figures(format!("{} or later", order.ordered), issued.to_string(), days(by))
                .limit(tolerance)
                .stake(document.amount)
                .confidence(90)
                .because(&sentence),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn dated(day: &str) -> String {
        format!("R1,S1,{day},2025-02-09,320.00,EUR,invoice,0.00,PO1,net 30,2025-01-09,DE1\n")
    }

    #[test]
    fn a_day_before_the_order_is_found() {
        let found = billed("PO_DATE", &dated("2025-01-01"), "");
        assert_eq!(stakes(&found), [("R1", 32_000)]);
        assert_eq!(found[0].sentence, "Bill R1 is dated 2025-01-01, 1 day before order PO1 of 2025-01-02.");
    }

    #[test]
    fn the_day_of_the_order_passes() {
        assert!(billed("PO_DATE", &dated("2025-01-02"), "").is_empty());
    }
}
