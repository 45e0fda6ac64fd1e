//! Bills without lines come to more than the order's total: the limit of a blanket order, or of one billed by sums.

use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, amount, percent};
use crate::exception::policy::tolerance::{Difference, Tolerance};
use crate::exception::policy::{minor, whole};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, DocumentKind, Order};

pub const RULE: Rule = Rule {
    code: "AMOUNT_OVER_ORDER",
    title: "The bills of an order come to more than its total",
    role: Role::Buyer,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "amounts before tax of all bills of an order so far, credit notes taken off, against the order's total before tax; found on a bill without lines of that order, since lines are matched one by one",
        why: "without lines the total is the only limit: a blanket order is overdrawn bill by bill",
        example: "an order of 1,000.00; bills of 600.00 and 450.00 come to 1,050.00: the second is found, for 50.00",
        false_alarms: "an order whose total is stated with tax, or that was raised without saying so in the system",
        action: "the buyer raises the order or refuses the excess",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let documents = case.documents;
    let of_order = |(at, one): (usize, &Document)| {
        let (order, facts) = documents.order_of(at).filter(|_| case.counts(at))?;
        (facts.currency == one.currency).then_some((order, one.stamp, at))
    };
    let mut billed: Vec<_> = documents.documents.iter().enumerate().filter_map(of_order).collect();
    billed.sort_unstable();
    let mut found = Vec::new();
    for same in billed.chunk_by(|left, right| left.0 == right.0) {
        let mut sum = 0_i128;
        for (order, _, at) in same {
            let (Some(order), Some(document)) = (documents.orders.get(*order), documents.documents.get(*at))
            else {
                continue;
            };
            let (own, by_line) = net(case, *at, document, order.id);
            if document.kind == DocumentKind::CreditNote {
                sum -= own;
                continue;
            }
            sum += own;
            let difference = Difference::of_amounts(sum, whole(order.amount, order.currency));
            let tolerance = case.tolerance(&RULE, *at, Word::EMPTY);
            if !by_line && difference.by > 0 && tolerance.is_broken(difference, 1) {
                found.push(finding(case, *at, (document, order), own, difference, tolerance));
            }
        }
    }
    found
}

/// What a document bills of an order before tax, and whether it says so by line.
fn net(case: &Case, at: usize, document: &Document, order: Word) -> (i128, bool) {
    let lines = || case.documents.lines_of(at);
    if lines().next().is_none() {
        return (whole(document.amount - document.tax.unwrap_or(0), document.currency), false);
    }
    let own = lines().filter(|(_, line)| line.order.is_empty() || line.order == order);
    (own.map(|(_, line)| i128::from(line.amount)).sum(), true)
}

fn finding(
    case: &Case,
    at: usize,
    (document, order): (&Document, &Order),
    own: i128,
    difference: Difference,
    tolerance: Tolerance,
) -> Finding {
    let money = |figure: i128| amount(figure, document.currency);
    let sentence = format!(
        "{} over {} before tax brings order {} to {} of {}: {} or {} too much",
        capital(&case.name(document)),
        money(own),
        case.text(order.id),
        money(difference.of + difference.by),
        money(difference.of),
        money(difference.by),
        percent(difference.by, difference.of),
    );
    case.finding(&RULE, at, document)
        .with(Kind::Order, case.text(order.id))
        .figures(money(difference.of), money(difference.of + difference.by), money(difference.by))
        .limit(tolerance)
        .stake(minor(difference.by.min(own), document.currency))
        .confidence(90)
        .because(&sentence)
}

/// A text with its first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn two(second: &str) -> String {
        format!(
            "R1,S1,2025-01-10,2025-02-09,238.00,EUR,invoice,38.00,PO1,net 30,2025-01-10,DE1\n\
             R2,S1,2025-01-20,2025-02-19,{second},EUR,invoice,,PO1,net 30,2025-01-20,DE1\n"
        )
    }

    #[test]
    fn bills_without_lines_are_summed_before_tax() {
        // 238.00 - 38.00 + 190.00 = 390.00 of 320.00.
        let found = billed("AMOUNT_OVER_ORDER", &two("190.00"), "");
        assert_eq!(stakes(&found), [("R2", 7_000)]);
        assert_eq!(
            found[0].sentence,
            "Bill R2 over 190.00 EUR before tax brings order PO1 to 390.00 EUR of 320.00 EUR: 70.00 EUR or 21.9 % too much; up to 2 % or 50 EUR would pass."
        );
    }

    #[test]
    fn the_total_itself_and_a_little_more_pass_and_lines_are_matched_elsewhere() {
        assert!(billed("AMOUNT_OVER_ORDER", &two("120.00"), "").is_empty());
        // 326.40 is 2 % over 320.00.
        assert!(billed("AMOUNT_OVER_ORDER", &two("126.40"), "").is_empty());
        let lines = "R2,10,A,,10,19.00,190.00,0.00,PO1,10\n";
        assert!(billed("AMOUNT_OVER_ORDER", &two("190.00"), lines).is_empty());
    }
}
