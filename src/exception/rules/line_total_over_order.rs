//! The bills of one line of an order come to more than the line's amount, whatever their prices and quantities.

use super::qty_over_order::counted;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, amount, percent};
use crate::exception::policy::minor;
use crate::exception::policy::tolerance::Difference;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::DocumentKind;

pub const RULE: Rule = Rule {
    code: "LINE_TOTAL_OVER_ORDER",
    title: "The bills of an order's line come to more than the line",
    role: Role::Buyer,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "amounts billed so far for a line of an order, credit notes taken off, against the amount of that line",
        why: "small excesses in price and quantity that each pass may sum to a large one",
        example: "1,000 ordered at 10.00; bills of 800, 100 and 200 at 10.80 come to 11,880.00, 1,880.00 over 10,000.00: with limits of 15 % or 500.00 the third is found, though its price is within 10 %",
        false_alarms: "it repeats what PRICE_VARIANCE and QTY_OVER_ORDER say of one bill, and is off in the policy shipped",
        action: "the buyer raises the order, or the excess is credited",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (ordered_at, ordered) in case.documents.order_lines.iter().enumerate() {
        let mut sum = 0_i128;
        for position in case.documents.billed_for(ordered_at) {
            let Some((at, document, line)) = counted(case, position) else { continue };
            let order = case.documents.order_of(at).map(|(_, order)| order);
            if order.is_none_or(|order| order.currency != document.currency) {
                continue;
            }
            let own = i128::from(line.amount);
            if document.kind == DocumentKind::CreditNote {
                sum -= own.abs();
                continue;
            }
            sum += own;
            let difference = Difference::of_amounts(sum, i128::from(ordered.amount));
            let tolerance = case.tolerance(&RULE, at, line.item);
            if difference.by <= 0 || !tolerance.is_broken(difference, 1) {
                continue;
            }
            let money = |figure: i128| amount(figure, document.currency);
            let sentence = format!(
                "Line {} of {} over {} brings what is billed for line {} of order {} to {} of {}: {} or {} too much",
                case.text(line.line),
                case.name(document),
                money(own),
                case.text(ordered.line),
                case.text(ordered.order),
                money(sum),
                money(difference.of),
                money(difference.by),
                percent(difference.by, difference.of),
            );
            found.push(
                case.finding(&RULE, at, document)
                    .on_line(case.text(line.line))
                    .with(Kind::Order, case.text(ordered.order))
                    .figures(money(difference.of), money(sum), money(difference.by))
                    .limit(tolerance)
                    .stake(minor(difference.by.min(own), document.currency))
                    .confidence(90)
                    .because(&sentence),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{bills, found, stakes};

    /// The worked case of Dynamics 365: 1,000 at 10.00 billed in three parts at 10.80.
    fn three(changes: &[(&str, &str)], code: &str) -> Vec<(String, i64)> {
        let row = |id: &str, day: &str, amount: &str| {
            format!("{id},S1,{day},,{amount},EUR,invoice,0.00,PO1,net 30,{day},DE1\n")
        };
        let rows = [
            row("R1", "2025-01-10", "8640.00"),
            row("R2", "2025-01-20", "1080.00"),
            row("R3", "2025-01-30", "2160.00"),
        ];
        let lines = "R1,10,A,,800,10.80,8640.00,0.00,PO1,10\nR2,10,A,,100,10.80,1080.00,0.00,PO1,10\n\
                     R3,10,A,,200,10.80,2160.00,0.00,PO1,10\n";
        let [own, lines] = bills(&rows.concat(), lines);
        let files = [
            (
                "orders.csv",
                "id,side,party,ordered,amount,currency\nPO1,purchase,S1,2025-01-02,10000.00,EUR\n",
            ),
            ("order_lines.csv", "order,line,item,quantity,unit_price,amount\nPO1,10,A,1000,10.00,10000.00\n"),
            (own.0, own.1.as_str()),
            (lines.0, lines.1.as_str()),
        ];
        let found = found(code, &files, changes, None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    const PRICE: (&str, &str) = ("percent = \"2\"\namount = \"50.00\"\njoin = \"or\"", "percent = \"10\"");
    const TOTAL: (&str, &str) = (
        "[LINE_TOTAL_OVER_ORDER]\nstate = \"off\"",
        "[LINE_TOTAL_OVER_ORDER]\nstate = \"limit\"\npercent = \"15\"\namount = \"500.00\"\njoin = \"or\"\nsides = \"upper\"",
    );

    #[test]
    fn the_third_part_takes_the_line_over_though_its_price_is_within_its_limit() {
        // 8,640 + 1,080 + 2,160 = 11,880; 1,880 over 10,000.
        assert_eq!(three(&[PRICE, TOTAL], "LINE_TOTAL_OVER_ORDER"), [("R3".to_owned(), 188_000)]);
        assert!(three(&[PRICE], "PRICE_VARIANCE").is_empty(), "8 % of 10 %");
    }

    #[test]
    fn two_parts_are_within_and_the_rule_is_off_unless_asked_for() {
        assert!(three(&[PRICE], "LINE_TOTAL_OVER_ORDER").is_empty());
    }
}
