//! A bill is in another currency than its order.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind};
use crate::exception::policy::tolerance::Difference;
use crate::exception::rule::{Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "CURRENCY_DIFFERENCE",
    title: "Billed in another currency than ordered",
    role: Role::Buyer,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "the currency of a bill against that of its order; prices and amounts of such a bill are not compared",
        why: "the same figures in another currency are another price",
        example: "ordered for 320.00 EUR, billed 320.00 USD",
        false_alarms: "suppliers who may bill in either currency by contract",
        action: "the buyer settles the currency with the supplier",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, document) in case.claims() {
        let Some((_, order)) = case.documents.order_of(at) else { continue };
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        let differs = i128::from(order.currency != document.currency);
        if !tolerance.is_broken(Difference { by: differs, of: 0, worth: None }, 1) {
            continue;
        }
        let id = case.text(order.id);
        let (own, agreed) =
            (document.currency.display(document.amount.into()), order.currency.code().to_owned());
        let sentence = format!("{} asks {own}; order {id} is in {agreed}", capital(&case.name(document)));
        found.push(
            case.finding(&RULE, at, document)
                .with(Kind::Order, id)
                .figures(agreed, document.currency.code().to_owned(), "another currency".to_owned())
                .stake(document.amount)
                .confidence(95)
                .because(&sentence),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn bill_in(currency: &str) -> String {
        format!("R1,S1,2025-01-10,2025-02-09,320.00,{currency},invoice,0.00,PO1,net 30,2025-01-10,DE1\n")
    }

    #[test]
    fn another_currency_is_found_and_its_prices_are_not_compared() {
        let lines = "R1,10,A,,10,13.00,130.00,0.00,PO1,10\n";
        assert_eq!(stakes(&billed("CURRENCY_DIFFERENCE", &bill_in("USD"), lines)), [("R1", 32_000)]);
        assert!(billed("PRICE_VARIANCE", &bill_in("USD"), lines).is_empty());
    }

    #[test]
    fn the_same_currency_passes() {
        assert!(billed("CURRENCY_DIFFERENCE", &bill_in("EUR"), "").is_empty());
    }
}
