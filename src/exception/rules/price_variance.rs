//! A line costs another price than was ordered.

use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, amount, percent};
use crate::exception::policy::minor;
use crate::exception::policy::tolerance::{Difference, ONE, plain};
use crate::exception::rule::{Measure, Page, Role, Rule};

pub const RULE: Rule = Rule {
    code: "PRICE_VARIANCE",
    title: "A line costs another price than was ordered",
    role: Role::Buyer,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "the amount of a line against its quantity at the price of the order's line, in the order's currency",
        why: "what is paid above the agreed price is seldom asked back",
        example: "10 ordered at 12.00, billed at 13.00: 130.00 instead of 120.00, 10.00 or 8.3 % more; a limit of 2 % or 50.00 stops it by its share",
        false_alarms: "prices per 100 or per packing unit on one of the two documents; surcharges that were agreed after the order was written",
        action: "the buyer confirms the new price by changing the order, or asks for a credit note; the price on the bill is never edited to fit",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for matched in case.matched().filter(|matched| matched.line.quantity > 0) {
        let (document, line, ordered) = (matched.document, matched.line, matched.ordered);
        let expected = i128::from(line.quantity) * i128::from(ordered.unit_price) / ONE;
        let difference = Difference::of_amounts(i128::from(line.amount), expected);
        let tolerance = case.tolerance(&RULE, matched.at, line.item);
        if !tolerance.is_broken(difference, 1) {
            continue;
        }
        let currency = document.currency;
        let money = |figure: i128| amount(figure, currency);
        let more = if difference.by > 0 { "more" } else { "less" };
        let sentence = format!(
            "Line {} of {} bills {} at {}, {} in all; order {} says {} each, {}: {} or {} {more}",
            case.text(line.line),
            case.name(document),
            plain(i128::from(line.quantity)),
            money(i128::from(line.unit_price)),
            money(i128::from(line.amount)),
            case.text(ordered.order),
            money(i128::from(ordered.unit_price)),
            money(expected),
            money(difference.by.abs()),
            percent(difference.by, difference.of),
        );
        found.push(
            case.finding(&RULE, matched.at, document)
                .on_line(case.text(line.line))
                .with(Kind::Order, case.text(ordered.order))
                .figures(money(expected), money(i128::from(line.amount)), money(difference.by))
                .limit(tolerance)
                .stake(minor(difference.by, currency))
                .confidence(95)
                .because(&sentence),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ORDERED, billed, bills, found, stakes};

    const BILL: &str = "R1,S1,2025-01-10,2025-02-09,1000.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n";

    #[test]
    fn ten_at_thirteen_instead_of_twelve_are_ten_more() {
        let lines = "R1,10,A,,10,13.00,130.00,0.00,PO1,10\n";
        let found = billed("PRICE_VARIANCE", BILL, lines);
        assert_eq!(stakes(&found), [("R1", 1_000)]);
        assert_eq!(
            found[0].sentence,
            "Line 10 of bill R1 bills 10 at 13.00 EUR, 130.00 EUR in all; order PO1 says 12.00 EUR each, 120.00 EUR: 10.00 EUR or 8.3 % more; up to 2 % or 50 EUR would pass."
        );
    }

    #[test]
    fn two_percent_and_too_little_pass() {
        // 10 at 12.24 are 122.40, 2 % more.
        assert!(billed("PRICE_VARIANCE", BILL, "R1,10,A,,10,12.24,122.40,0.00,PO1,10\n").is_empty());
        assert!(billed("PRICE_VARIANCE", BILL, "R1,10,A,,10,11.00,110.00,0.00,PO1,10\n").is_empty());
        // Another article than the only one of its name on the order is not compared.
        assert!(billed("PRICE_VARIANCE", BILL, "R1,10,C,,10,13.00,130.00,0.00,PO1,\n").is_empty());
    }

    #[test]
    fn the_narrowest_scope_decides() {
        let [own, lines] = bills(BILL, "R1,10,A,,10,13.00,130.00,0.00,PO1,10\n");
        let mut files = ORDERED.to_vec();
        files.extend([(own.0, own.1.as_str()), (lines.0, lines.1.as_str())]);
        let scope = |text: &str| {
            let changed = format!("{text}\n[QTY_OVER_ORDER]");
            found("PRICE_VARIANCE", &files, &[("[QTY_OVER_ORDER]", &changed)], None).len()
        };
        assert_eq!(scope("[[PRICE_VARIANCE.scope]]\nitem = \"A\"\nstate = \"off\"\n"), 0);
        assert_eq!(scope("[[PRICE_VARIANCE.scope]]\ncategory = \"tools\"\nstate = \"off\"\n"), 0);
        assert_eq!(
            scope(
                "[[PRICE_VARIANCE.scope]]\nitem = \"A\"\nstate = \"off\"\n\n[[PRICE_VARIANCE.scope]]\nparty = \"S1\"\nstate = \"exact\"\n"
            ),
            1
        );
        assert_eq!(scope("[[PRICE_VARIANCE.scope]]\nparty = \"S2\"\nstate = \"off\"\n"), 1);
    }
}
