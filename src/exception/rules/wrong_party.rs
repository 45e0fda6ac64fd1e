//! A document is exchanged with another party than its order.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind};
use crate::exception::policy::tolerance::Difference;
use crate::exception::rule::{Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "WRONG_PARTY",
    title: "The order is another party's",
    role: Role::Payables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "the supplier of a bill, or the customer of an invoice, against the party of its order; parties of one group, by `parent`, are one",
        why: "a bill from somebody else is not owed; an invoice to somebody else is not paid",
        example: "ordered from S1, billed by S2",
        false_alarms: "groups that bill through one company without saying so in `parent`; factoring",
        action: "find out who delivered; send an own invoice again to whom it belongs",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, document) in case.claims() {
        let Some((_, order)) = case.documents.order_of(at) else { continue };
        let is_other = order.party != document.party && !is_one_group(case, at, order.party);
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        if !tolerance.is_broken(Difference { by: i128::from(is_other), of: 0, worth: None }, 1) {
            continue;
        }
        let (own, theirs, id) = (case.text(document.party), case.text(order.party), case.text(order.id));
        let sentence = format!(
            "{} over {} is with {own}, order {id} with {theirs}",
            capital(&case.name(document)),
            document.currency.display(document.amount.into())
        );
        found.push(
            case.finding(&RULE, at, document)
                .with(Kind::Order, id)
                .figures(theirs.to_owned(), own.to_owned(), "another party".to_owned())
                .stake(document.amount)
                .confidence(85)
                .because(&sentence),
        );
    }
    found
}

/// Whether the party of a document and another one are the same group.
fn is_one_group(case: &Case, at: usize, other: Word) -> bool {
    let documents = case.documents;
    let Some(document) = documents.documents.get(at) else { return false };
    let head = |id: Word| {
        let parent = documents.party(document.side, id).map_or(Word::EMPTY, |party| party.parent);
        if parent.is_empty() { id } else { parent }
    };
    head(document.party) == head(other)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, bills, found, replaced, stakes};

    const OTHER: &str = "R1,S2,2025-01-10,2025-02-09,320.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE2\n";

    #[test]
    fn another_suppliers_order_is_found() {
        let found = billed("WRONG_PARTY", OTHER, "");
        assert_eq!(stakes(&found), [("R1", 32_000)]);
        assert_eq!(found[0].sentence, "Bill R1 over 320.00 EUR is with S2, order PO1 with S1.");
    }

    #[test]
    fn the_same_supplier_and_its_group_pass() {
        assert!(billed("WRONG_PARTY", &OTHER.replace("S2", "S1"), "").is_empty());
        let [own, lines] = bills(OTHER, "");
        let mut files = replaced("suppliers.csv", "id,name,parent\nS1,Alder,\nS2,Alder North,S1\n");
        files.extend([(own.0, own.1.as_str()), (lines.0, lines.1.as_str())]);
        assert!(found("WRONG_PARTY", &files, &[], None).is_empty());
    }
}
