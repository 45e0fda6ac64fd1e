//! A bill over a round amount, from a supplier whose amounts are not round.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, amount};
use crate::exception::policy::whole;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::Document;
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "ROUND_AMOUNT",
    title: "A round amount from a supplier that is not usually round",
    role: Role::Payables,
    measures: &[Measure::Amount],
    takes_exact: false,
    page: Page {
        what: "whether the gross amount of a bill is a multiple of the limit's amount; suppliers of whose other bills three or more, and over a fifth, are round too are left alone",
        why: "quantities, prices and taxes seldom sum to a round figure; invented bills often do",
        example: "a bill of exactly 4,500.00 from a supplier whose other bills end in odd cents",
        false_alarms: "rents, fees, advances and deposits",
        action: "look at what was delivered for it",
    },
    run,
};

/// Other round bills from which a supplier is one that bills round amounts, if they are also this part of its bills.
const USUAL_BILLS: usize = 3;
const USUAL_PART: usize = 5;

fn run(case: &Case) -> Vec<Finding> {
    let bills: Vec<(usize, &Document)> = case.bills().collect();
    let mut found = Vec::new();
    for of_party in bills.chunk_by(|(_, left), (_, right)| left.party == right.party) {
        let round: Vec<_> =
            of_party.iter().filter_map(|(at, one)| Some((*at, *one, multiple(case, *at, one)?))).collect();
        let others = round.len().saturating_sub(1);
        if others >= USUAL_BILLS && others * USUAL_PART > of_party.len() - 1 {
            continue;
        }
        found.extend(round.into_iter().map(|(at, document, multiple)| finding(case, at, document, multiple)));
    }
    found
}

/// The round figure that an amount is a multiple of.
fn multiple(case: &Case, at: usize, document: &Document) -> Option<i128> {
    let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
    let multiple = tolerance.limit()?.amount.filter(|multiple| *multiple > 0)?;
    let own = whole(document.amount, document.currency);
    (own > 0 && own % multiple == 0).then_some(multiple)
}

fn finding(case: &Case, at: usize, document: &Document, multiple: i128) -> Finding {
    let money = document.currency.display(document.amount.into());
    let multiple = amount(multiple, document.currency);
    let sentence = format!(
        "{} asks {money}, a multiple of {multiple}, which supplier {} seldom does",
        capital(&case.name(document)),
        case.text(document.party)
    );
    let finding = case.finding(&RULE, at, document).figures("an odd amount".to_owned(), money, String::new());
    let finding = finding.stake(document.amount).confidence(25).because(&sentence);
    // After the sentence, which would say that up to so much passes.
    finding.limit(case.tolerance(&RULE, at, Word::EMPTY))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn over(amounts: &[&str]) -> Vec<(String, i64)> {
        let row = |(at, amount): (usize, &&str)| {
            format!("R{at},S1,2025-01-10,,{amount},EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n")
        };
        let found = billed("ROUND_AMOUNT", &amounts.iter().enumerate().map(row).collect::<String>(), "");
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn one_round_amount_among_odd_ones_is_found() {
        assert_eq!(over(&["4500.00", "17.31", "880.02"]), [("R0".to_owned(), 450_000)]);
        let row = "R1,S1,2025-01-10,,4500.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n";
        let found = billed("ROUND_AMOUNT", row, "");
        assert_eq!(found[0].limit, "500 EUR");
        assert!(found[0].sentence.ends_with("seldom does."), "{}", found[0].sentence);
    }

    #[test]
    fn odd_amounts_and_a_landlord_pass() {
        assert!(over(&["4500.01", "4400.00", "499.99"]).is_empty());
        assert!(over(&["1500.00", "1500.00", "1500.00", "1500.00", "81.20"]).is_empty(), "3 of 4 others");
    }
}
