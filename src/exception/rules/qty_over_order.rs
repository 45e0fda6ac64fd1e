//! More is billed than was ordered, over all bills of the order's line.

use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, amount};
use crate::exception::policy::minor;
use crate::exception::policy::tolerance::{Difference, ONE, Tolerance, plain};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::{Document, DocumentKind, Line, OrderLine};

pub const RULE: Rule = Rule {
    code: "QTY_OVER_ORDER",
    title: "More is billed than was ordered",
    role: Role::Buyer,
    measures: &[Measure::Percent, Measure::Amount, Measure::Quantity],
    takes_exact: true,
    page: Page {
        what: "the quantity billed so far for a line of an order, this bill's included and credit notes taken off, against the quantity ordered; the amount is that quantity at the order's price",
        why: "nobody asked for it, even if it was delivered",
        example: "10 ordered; bills of 6 and then 5 are 11: the second is found, for 1 too many",
        false_alarms: "goods cut or weighed to order, where a little more is usual: give the article a limit in percent",
        action: "the buyer raises the order, or the excess goes back against a credit note",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    cumulated(case, &RULE, |_, ordered| Some((ordered.quantity.into(), "ordered")))
}

/// Findings on lines that take what was billed for a line of an order beyond a quantity, `limit`, which is named by a word.
pub(super) fn cumulated(
    case: &Case,
    rule: &Rule,
    limit: impl Fn(usize, &OrderLine) -> Option<(i128, &'static str)>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for (ordered_at, ordered) in case.documents.order_lines.iter().enumerate() {
        let mut billed = case.documents.billed_for(ordered_at).peekable();
        if billed.peek().is_none() {
            continue;
        }
        let Some((most, word)) = limit(ordered_at, ordered) else { continue };
        let mut sum = 0_i128;
        for position in billed {
            let Some((at, document, line)) = counted(case, position) else { continue };
            let quantity = i128::from(line.quantity);
            if document.kind == DocumentKind::CreditNote {
                sum -= quantity.abs();
                continue;
            }
            sum += quantity;
            let by = sum - most;
            let worth = Some(by.saturating_mul(i128::from(ordered.unit_price)) / ONE);
            let tolerance = case.tolerance(rule, at, line.item);
            if by > 0 && quantity > 0 && tolerance.is_broken(Difference { by, of: most, worth }, 1) {
                let figures = Figures { most, word, sum, by };
                found.push(finding(case, rule, at, document, line, ordered, figures, tolerance));
            }
        }
    }
    found
}

/// A line with its document, if that counts.
pub(super) fn counted<'a>(case: &Case<'a>, position: usize) -> Option<(usize, &'a Document, &'a Line)> {
    let at = case.documents.document_of(position);
    let document = case.documents.documents.get(at).filter(|_| case.counts(at))?;
    Some((at, document, case.documents.lines.get(position)?))
}

struct Figures {
    most: i128,
    word: &'static str,
    sum: i128,
    by: i128,
}

#[expect(clippy::too_many_arguments, reason = "all of them are what the sentence says")]
fn finding(
    case: &Case,
    rule: &Rule,
    at: usize,
    document: &Document,
    line: &Line,
    ordered: &OrderLine,
    Figures { most, word, sum, by }: Figures,
    tolerance: Tolerance,
) -> Finding {
    // Earlier bills answer for their own part of the excess.
    let own = by.min(i128::from(line.quantity));
    let stake = own.saturating_mul(i128::from(line.unit_price)) / ONE;
    let sentence = format!(
        "Line {} of {} brings what is billed for line {} of order {} to {}, where {} were {word}: {} too many, {} of them here, worth {}",
        case.text(line.line),
        case.name(document),
        case.text(ordered.line),
        case.text(ordered.order),
        plain(sum),
        plain(most),
        plain(by),
        plain(own),
        amount(stake, document.currency),
    );
    case.finding(rule, at, document)
        .on_line(case.text(line.line))
        .with(Kind::Order, case.text(ordered.order))
        .figures(plain(most), plain(sum), plain(by))
        .limit(tolerance)
        .stake(minor(stake, document.currency))
        .confidence(95)
        .because(&sentence)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    const BILLS: &str = "R1,S1,2025-01-10,2025-02-09,72.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n\
         R2,S1,2025-01-20,2025-02-19,60.00,EUR,invoice,0.00,PO1,net 30,2025-01-20,DE1\n";

    #[test]
    fn the_bill_that_goes_over_is_found_with_its_own_part() {
        let lines = "R1,10,A,,6,12.00,72.00,0.00,PO1,10\nR2,10,A,,5,12.00,60.00,0.00,PO1,10\n";
        let found = billed("QTY_OVER_ORDER", BILLS, lines);
        // 6 + 5 = 11 of 10: one too many at 12.00.
        assert_eq!(stakes(&found), [("R2", 1_200)]);
        assert_eq!(
            (found[0].expected.as_str(), found[0].found.as_str(), found[0].difference.as_str()),
            ("10", "11", "1")
        );
    }

    #[test]
    fn parts_that_sum_to_the_order_pass_and_credit_notes_give_back() {
        let lines = "R1,10,A,,6,12.00,72.00,0.00,PO1,10\nR2,10,A,,4,12.00,48.00,0.00,PO1,10\n";
        assert!(billed("QTY_OVER_ORDER", BILLS, lines).is_empty());
        let credited = format!(
            "{BILLS}C1,S1,2025-01-15,2025-01-15,12.00,EUR,credit_note,0.00,PO1,net 30,2025-01-15,DE1\n"
        );
        let lines = "R1,10,A,,6,12.00,72.00,0.00,PO1,10\nC1,10,A,,1,12.00,12.00,0.00,PO1,10\n\
                     R2,10,A,,5,12.00,60.00,0.00,PO1,10\n";
        assert!(billed("QTY_OVER_ORDER", &credited, lines).is_empty(), "6 - 1 + 5 = 10");
    }
}
