//! A document has other payment terms than were agreed.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, days};
use crate::exception::policy::tolerance::{Difference, ONE};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, Side};
use crate::ledger::terms::{self, Terms};

pub const RULE: Rule = Rule {
    code: "TERMS_DIFFERENCE",
    title: "Other payment terms than agreed",
    role: Role::Buyer,
    measures: &[Measure::Days],
    takes_exact: true,
    page: Page {
        what: "the terms on a document against those of its order, or for bills, where the order has none, those of the supplier; days are those by which it is due sooner; terms that are not understood are not compared",
        why: "paid too soon is lent without interest; an own invoice with other terms is disputed and late",
        example: "ordered at net 30, billed at net 14: due 16 days sooner",
        false_alarms: "suppliers whose terms changed after the order",
        action: "the buyer confirms the terms; until then it is paid by those of the order",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    case.claims().filter_map(|(at, document)| of_document(case, at, document)).collect()
}

fn of_document(case: &Case, at: usize, document: &Document) -> Option<Finding> {
    let order = case.documents.order_of(at).map(|(_, order)| order);
    let of_order = order.map(|order| order.terms).filter(|terms| !terms.is_empty());
    let of_party =
        || case.documents.party_of(at).filter(|_| document.side == Side::Payable).map(|party| party.terms);
    let agreed_text = of_order.or_else(of_party)?;
    if agreed_text == document.terms {
        return None;
    }
    let (own_text, agreed_text) = (case.text(document.terms), case.text(agreed_text));
    let (own, agreed) = (terms::parse(own_text)?, terms::parse(agreed_text)?);
    let sooner = i128::from(agreed.net_days - own.net_days);
    let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
    let is_other = Terms { net_days: agreed.net_days, ..own } != agreed;
    let is_sooner = tolerance.is_broken(Difference { by: sooner * ONE, of: 0, worth: None }, 1);
    if !(is_sooner || is_other && tolerance.is_on()) {
        return None;
    }
    let difference = match sooner {
        0 => "another discount or month".to_owned(),
        1.. => format!("{} sooner", days(sooner)),
        _ => format!("{} later", days(-sooner)),
    };
    let whose = order.filter(|_| of_order.is_some()).map_or_else(
        || format!("supplier {}", case.text(document.party)),
        |order| format!("order {}", case.text(order.id)),
    );
    let sentence =
        format!("{} says {own_text}, {whose} {agreed_text}: {difference}", capital(&case.name(document)));
    let mut finding = case.finding(&RULE, at, document);
    if let Some(order) = order.filter(|_| of_order.is_some()) {
        finding = finding.with(Kind::Order, case.text(order.id));
    }
    let finding = finding.figures(agreed_text.to_owned(), own_text.to_owned(), difference);
    Some(finding.limit(tolerance).stake(document.amount).confidence(85).because(&sentence))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn terms(terms: &str, order: &str) -> String {
        format!("R1,S1,2025-01-10,2025-02-09,320.00,EUR,invoice,0.00,{order},{terms},2025-01-10,DE1\n")
    }

    #[test]
    fn net_14_for_net_30_is_16_days_sooner() {
        let found = billed("TERMS_DIFFERENCE", &terms("net 14", "PO1"), "");
        assert_eq!(stakes(&found), [("R1", 32_000)]);
        assert_eq!(found[0].sentence, "Bill R1 says net 14, order PO1 net 30: 16 days sooner.");
        let found = billed("TERMS_DIFFERENCE", &terms("2/10 net 30", ""), "");
        assert_eq!(found[0].difference, "another discount or month", "by the supplier's own terms");
    }

    #[test]
    fn the_same_in_other_words_and_what_is_not_understood_pass() {
        assert!(billed("TERMS_DIFFERENCE", &terms("N30", "PO1"), "").is_empty());
        assert!(billed("TERMS_DIFFERENCE", &terms("as agreed", "PO1"), "").is_empty());
    }
}
