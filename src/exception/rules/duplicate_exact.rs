//! The same bill twice: one supplier, one number, one amount.

use rayon::prelude::*;

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::duplicate::{number::print, reference::Uses};
use crate::exception::finding::{Finding, Kind};
use crate::exception::rule::{Page, Role, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, DocumentKind, Side};

pub const RULE: Rule = Rule {
    code: "DUPLICATE_EXACT",
    title: "The same bill of a supplier twice",
    role: Role::Payables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "bills of one supplier with the same amount, currency and number, dated within `duplicate_days` of each other; numbers are compared without case, punctuation and leading zeros, and are none without a digit from 1 to 9. A number under which the supplier bills on three days or more, or on one of the two days what it does not bill on the other, is a reference and no bill's; so is, on two days, the number of a supplier of whom more other numbers come again than chance explains. A bill that is listed again under its own `voucher` is there once. The one known later is found, and counts for no other rule",
        why: "a bill that is paid twice is seldom sent back unasked",
        example: "R-0012 and r 12 of one supplier, both over 119.00",
        false_alarms: "references that rightly repeat, as those of leasing and Swiss payment slips do: give the supplier state `off`",
        action: "accounts payable stops the later one, or asks the money back",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let documents = &case.documents.documents;
    let finding = |(at, first): (usize, usize)| {
        let (own, twin) = (documents.get(at)?, documents.get(first)?);
        let money = own.currency.display(own.amount.into());
        let sentence = format!(
            "{} of {} over {money} is bill {} of {} again",
            capital(&case.name(own)),
            own.stamp.happened,
            case.text(twin.id),
            twin.stamp.happened,
        );
        let finding = case.finding(&RULE, at, own).with(Kind::Bill, case.text(twin.id));
        let finding = finding.figures("one bill".to_owned(), "two bills".to_owned(), money);
        Some(finding.stake(own.amount).confidence(98).because(&sentence))
    };
    case.exact.iter().copied().filter_map(finding).collect()
}

/// Bills that repeat an earlier one, with the position of the first of their kind.
pub(in crate::exception) fn repeats(case: &Case) -> Vec<(usize, usize)> {
    let documents = &case.documents.documents;
    let is_bill = |at: &u32| {
        documents.get(*at as usize).is_some_and(|one| {
            one.side == Side::Payable
                && one.kind != DocumentKind::CreditNote
                && case.counts(*at as usize)
                && case.tolerance(&RULE, *at as usize, Word::EMPTY).is_on()
        })
    };
    let facts = |at: u32| {
        documents
            .get(at as usize)
            .map(|one| (one.party.at(), one.currency, one.amount, one.stamp, case.text(one.id), at))
    };
    let mut bills: Vec<u32> = (0..documents.len() as u32).filter(is_bill).collect();
    bills.par_sort_unstable_by(|left, right| facts(*left).cmp(&facts(*right)));
    let same = |left: &u32, right: &u32| {
        let key = |at: &u32| documents.get(*at as usize).map(|one| (one.party, one.currency, one.amount));
        key(left) == key(right)
    };
    let mut found = Vec::new();
    for group in bills.chunk_by(same).filter(|group| group.len() > 1) {
        of_group(case, group, &mut found);
    }
    found.sort_unstable();
    without_references(case, found)
}

/// Those repeats whose number is a bill's.
fn without_references(case: &Case, mut found: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    if found.is_empty() {
        return found;
    }
    let documents = &case.documents.documents;
    let key = |one: &Document| (one.party.at() as u32, print(&normal(case.text(one.id))[0]));
    let is_numbered = |one: &&Document| is_number(case.text(one.id));
    let bills: Vec<&Document> = case.bills().map(|(_, one)| one).filter(is_numbered).collect();
    let of_bill = |one: &&Document| {
        let (party, number) = key(one);
        (party, number, one.stamp.happened.0, one.amount)
    };
    let uses = Uses::new(bills.par_iter().map(of_bill).collect(), case.policy.settings.duplicate_days);
    found.retain(|(at, first)| {
        let both = documents.get(*at).zip(documents.get(*first));
        both.is_some_and(|(one, other)| {
            !uses.explain([key(one), key(other)], [one, other].map(|bill| bill.stamp.happened.0))
        })
    });
    found
}

/// Repeats among bills of one supplier and amount, which stand in the order in which they became known.
fn of_group(case: &Case, group: &[u32], found: &mut Vec<(usize, usize)>) {
    let documents = &case.documents.documents;
    let within = case.policy.settings.duplicate_days;
    let mut numbered: Vec<(String, usize, u32)> = Vec::new();
    for (place, at) in group.iter().enumerate() {
        let Some(one) = documents.get(*at as usize) else { continue };
        let [joined, parted] = normal(case.text(one.id));
        if !is_number(&joined) {
            continue;
        }
        if joined != parted {
            numbered.push((parted, place, *at));
        }
        numbered.push((joined, place, *at));
    }
    numbered.sort();
    let day = |at: u32| documents.get(at as usize).map_or(0, |one| one.stamp.happened.0);
    let voucher = |at: u32| documents.get(at as usize).map_or(Word::EMPTY, |one| one.voucher);
    let is_of_voucher = |at: u32, other: u32| !voucher(at).is_empty() && voucher(at) == voucher(other);
    let mut repeats: Vec<(usize, usize)> = Vec::new();
    for same in numbered.chunk_by(|left, right| left.0 == right.0) {
        let [(_, _, first), rest @ ..] = same else { continue };
        let near = |at: u32| (day(at) - day(*first)).abs() <= within;
        repeats.extend(
            rest.iter()
                .filter(|(_, _, at)| at != first && near(*at) && !is_of_voucher(*at, *first))
                .map(|(_, _, at)| (*at as usize, *first as usize)),
        );
    }
    repeats.sort_unstable();
    repeats.dedup_by_key(|(at, _)| *at);
    found.extend(repeats);
}

/// Whether a text is a bill's number at all: `RENT` names a purpose, and what was blacked out names nothing.
pub(in crate::exception) fn is_number(text: &str) -> bool {
    text.contains(|sign: char| ('1'..='9').contains(&sign))
}

/// A number without case, punctuation and leading zeros: read as one run of signs, and part by part.
fn normal(number: &str) -> [String; 2] {
    let upper = number.to_uppercase();
    let joined: String = upper.chars().filter(|sign| sign.is_alphanumeric()).collect();
    let parted = upper.split(|sign: char| !sign.is_alphanumeric()).map(stripped).collect();
    [stripped(&joined), parted]
}

/// A text without the leading zeros of its runs of digits.
fn stripped(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut in_number = false;
    for (sign, next) in text.chars().zip(text.chars().skip(1).map(Some).chain([None])) {
        let leads = sign == '0' && !in_number && next.is_some_and(|next| next.is_ascii_digit());
        if !leads {
            kept.push(sign);
            in_number = sign.is_ascii_digit();
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, found, stakes};
    use super::normal;

    fn two(number: &str, amount: &str, day: &str) -> String {
        format!(
            "R-0012,S1,2025-01-10,2025-02-09,119.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n\
             {number},S1,{day},2025-02-09,{amount},EUR,invoice,0.00,PO1,net 30,2025-01-15,DE1\n"
        )
    }

    #[test]
    fn case_punctuation_and_zeros_make_no_other_number() {
        for number in ["R-0012", "r 12", "R0012", "R/00012"] {
            let found = billed("DUPLICATE_EXACT", &two(number, "119.00", "2025-01-11"), "");
            assert_eq!(stakes(&found), [(number, 11_900)]);
            assert_eq!(found[0].others[0].id, "R-0012");
        }
        assert_eq!(normal("R70001-00005")[0], normal("R7000100005")[0]);
        assert_eq!(normal("R-0012")[1], normal("r 12")[1]);
    }

    #[test]
    fn an_exact_repeat_of_a_row_is_taken_in_and_found() {
        let row = "R-0012,S1,2025-01-10,2025-02-09,119.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n";
        assert_eq!(stakes(&billed("DUPLICATE_EXACT", &[row, row].concat(), "")), [("R-0012", 11_900)]);
    }

    #[test]
    fn another_amount_number_or_year_is_another_bill() {
        assert!(billed("DUPLICATE_EXACT", &two("R-0012", "119.01", "2025-01-11"), "").is_empty());
        assert!(billed("DUPLICATE_EXACT", &two("R-0120", "119.00", "2025-01-11"), "").is_empty());
        assert!(billed("DUPLICATE_EXACT", &two("R-0012", "119.00", "2024-01-10"), "").is_empty(), "366 days");
    }

    #[test]
    fn a_purpose_is_no_number() {
        let rent = two("RENT", "119.00", "2025-02-05").replace("R-0012", "RENT");
        assert!(billed("DUPLICATE_EXACT", &rent, "").is_empty());
    }

    #[test]
    fn a_number_that_comes_every_month_is_a_reference() {
        let third = "r0012,S1,2025-03-10,,119.00,EUR,invoice,0.00,PO1,net 30,2025-03-10,DE1\n";
        let monthly = two("R-0012", "119.00", "2025-02-08");
        assert_eq!(stakes(&billed("DUPLICATE_EXACT", &monthly, "")), [("R-0012", 11_900)]);
        assert!(billed("DUPLICATE_EXACT", &format!("{monthly}{third}"), "").is_empty());
    }

    #[test]
    fn a_number_of_three_days_is_a_reference_whatever_it_bills() {
        let twice = two("R-0012", "119.00", "2025-02-08");
        let third = |day: &str, number: &str| {
            let other = format!("{number},S1,{day},,7.30,EUR,invoice,0.00,,net 30,{day},DE1\n");
            billed("DUPLICATE_EXACT", &format!("{twice}{other}"), "").len()
        };
        assert_eq!(third("2025-03-10", "r0012"), 0, "a third day");
        assert_eq!(third("2025-03-10", "R-0013"), 1, "another number");
        assert_eq!(third("2026-02-09", "r0012"), 1, "366 days after the later one");
    }

    #[test]
    fn a_bill_that_comes_again_comes_whole() {
        let twice = two("R-0012", "119.00", "2025-02-08");
        let line = |day: &str| format!("R-0012,S1,{day},,7.30,EUR,invoice,0.00,,net 30,{day},DE1\n");
        let (first, second) = (line("2025-01-10"), line("2025-02-08"));
        assert!(billed("DUPLICATE_EXACT", &format!("{twice}{first}"), "").is_empty(), "other lines");
        let both = billed("DUPLICATE_EXACT", &format!("{twice}{first}{second}"), "");
        assert_eq!(stakes(&both), [("R-0012", 11_900), ("R-0012", 730)]);
    }

    #[test]
    fn what_is_listed_again_under_its_voucher_is_no_second_bill() {
        let vouchers = |rows: [&str; 3]| {
            let header = "id,supplier,issued,amount,currency,voucher\n";
            let day = |nth: usize| ["2025-01-10", "2025-02-08", "2025-02-08"][nth];
            let rows = rows.iter().enumerate().filter(|(_, row)| !row.is_empty());
            let rows = rows.map(|(nth, row)| {
                let (number, voucher) = row.split_once(' ').unwrap();
                format!("{number},S1,{},119.00,EUR,{voucher}\n", day(nth))
            });
            let bills = format!("{header}{}", rows.collect::<String>());
            stakes(&found("DUPLICATE_EXACT", &[("bills.csv", &bills)], &[], None)).len()
        };
        assert_eq!(vouchers(["R-12 V7", "R-12 V8", ""]), 1, "two postings");
        assert_eq!(vouchers(["R-12 V7", "R-12 V7", ""]), 0, "one posting, listed twice");
        assert_eq!(vouchers(["R-12 V7", "r12 V7", ""]), 0, "lines of one posting");
        assert_eq!(vouchers(["R-12 V7", "R-12 V7", "R-12 V8"]), 1, "listed twice, and posted again");
        assert_eq!(vouchers(["R-12 ", "R-12 ", ""]), 1, "vouchers are not known");
    }

    #[test]
    fn a_repeat_uses_up_no_order() {
        let bills = two("R-0012", "119.00", "2025-01-10");
        let lines = "R-0012,10,A,,10,12.00,120.00,0.00,PO1,10\n";
        assert!(billed("QTY_OVER_ORDER", &bills, lines).is_empty());
        assert!(billed("AMOUNT_OVER_ORDER", &bills.replace("119.00", "319.00"), "").is_empty());
    }
}
