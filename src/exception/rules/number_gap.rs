//! Numbers that ran without gaps make a jump.

use rayon::slice::ParallelSliceMut as _;

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind};
use crate::exception::policy::tolerance::{Difference, ONE};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::Side;
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "NUMBER_GAP",
    title: "Numbers that ran without gaps make a jump",
    role: Role::Payables,
    measures: &[Measure::Quantity],
    takes_exact: true,
    page: Page {
        what: "the numbers of one supplier's bills, or of all own documents, of the same letters before the last figures, credit notes and void ones included; where there are five steps or more and at least seven in ten of the others go on by one, a larger step is found on the document after it. The limit is the numbers left out",
        why: "a supplier that numbers without gaps has billed somebody else, or a bill is missing; gaps in own invoices must be explained to the tax office",
        example: "R-101 to R-110 without a gap, then R-180: 69 numbers are missing",
        false_alarms: "a supplier that begins to deliver to others; an export cut off in the middle; numbers started anew at the turn of the year",
        action: "ask the supplier for a statement of account; look for the missing own invoices",
    },
    run,
};

/// Fewest steps by which numbers are known to run, and the part of them, in tenths, that go on by one.
const STEPS_MIN: usize = 5;
const RUNNING_TENTHS: usize = 7;
/// Digits read of a number: within 64 bits.
const DIGITS_MAX: usize = 18;

/// A document by its number.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Numbered {
    side: Side,
    /// The supplier; empty for own documents, which have one sequence over all customers.
    party: usize,
    letters: String,
    number: u64,
    at: usize,
}

fn run(case: &Case) -> Vec<Finding> {
    let documents = case.documents.documents.iter().enumerate();
    let numbered = documents.filter_map(|(at, one)| {
        let (letters, number) = parts(case.text(one.id))?;
        let party = if one.side == Side::Payable { one.party } else { Word::EMPTY };
        Some(Numbered { side: one.side, party: party.at(), letters, number, at })
    });
    let mut numbered: Vec<Numbered> = numbered.collect();
    numbered.par_sort_unstable();
    let sequence = |left: &Numbered, right: &Numbered| {
        let key = |one: &Numbered| (one.side, one.party);
        key(left) == key(right) && left.letters == right.letters
    };
    numbered.chunk_by(sequence).flat_map(|sequence| of_sequence(case, sequence)).collect()
}

fn of_sequence(case: &Case, sequence: &[Numbered]) -> Vec<Finding> {
    let steps: Vec<(&Numbered, &Numbered)> = sequence
        .iter()
        .zip(sequence.iter().skip(1))
        .filter(|(left, right)| left.number != right.number)
        .collect();
    let is_next = |(left, right): &&(&Numbered, &Numbered)| right.number - left.number == 1;
    let running = steps.iter().filter(is_next).count();
    let others = steps.len().saturating_sub(1);
    if steps.len() < STEPS_MIN || running * 10 < others * RUNNING_TENTHS {
        return Vec::new();
    }
    steps
        .iter()
        .filter(|step| !is_next(step))
        .filter_map(|(left, right)| finding(case, left, right))
        .collect()
}

fn finding(case: &Case, before: &Numbered, after: &Numbered) -> Option<Finding> {
    let documents = &case.documents.documents;
    let (last, document) = (documents.get(before.at)?, documents.get(after.at)?);
    let missing = i128::from(after.number - before.number - 1);
    let tolerance = case.tolerance(&RULE, after.at, Word::EMPTY);
    if !tolerance.is_broken(Difference { by: missing * ONE, of: 0, worth: None }, 1) {
        return None;
    }
    let sentence = format!(
        "{} follows {}: {missing} numbers are missing where {} ran on by one",
        capital(&case.name(document)),
        case.text(last.id),
        if before.side == Side::Payable { "this supplier's" } else { "own numbers" },
    );
    let finding = case.finding(&RULE, after.at, document);
    let kind = finding.document.kind;
    let finding = finding.with(kind, case.text(last.id));
    let finding =
        finding.figures("the next number".to_owned(), case.text(document.id).to_owned(), missing.to_string());
    let finding = finding.limit(tolerance).stake(if kind == Kind::Bill { document.amount } else { 0 });
    Some(finding.confidence(40).because(&sentence))
}

/// A number's letters, without case and punctuation, and the figures that it ends with.
fn parts(number: &str) -> Option<(String, u64)> {
    let start = number.trim_end_matches(|sign: char| sign.is_ascii_digit()).len();
    let (letters, figures) = number.split_at(start);
    let figures = Some(figures).filter(|figures| (1..=DIGITS_MAX).contains(&figures.len()))?;
    let letters =
        letters.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    Some((letters, figures.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn numbers(numbers: &[&str]) -> Vec<(String, i64)> {
        let row = |number: &&str| {
            format!("{number},S1,2025-01-10,,100.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n")
        };
        let found = billed("NUMBER_GAP", &numbers.iter().map(row).collect::<String>(), "");
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn a_jump_after_numbers_without_gaps_is_found() {
        let found = numbers(&["R-101", "R-102", "R-103", "r-104", "R-105", "R-175"]);
        assert_eq!(found, [("R-175".to_owned(), 10_000)]);
    }

    #[test]
    fn numbers_that_always_jump_and_too_few_of_them_pass() {
        assert!(numbers(&["R-101", "R-109", "R-117", "R-120", "R-140", "R-175"]).is_empty());
        assert!(numbers(&["R-101", "R-102", "R-103", "R-104", "R-175"]).is_empty(), "four steps");
        assert!(numbers(&["R-101", "R-102", "R-103", "R-104", "R-105", "R-106", "R-106"]).is_empty());
    }
}
