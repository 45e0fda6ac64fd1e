//! Lessons: the past as it was, and again with evidence taken away, so that one model has seen what it is to know less.

use rand::Rng as _;

use super::desk::{Desk, Rest};
use super::{Past, Receipt, Set};
use crate::base::seed::{self, Stream};

/// Share of items and of receipts that are withheld: what is left of their sets must stay unmatched.
const WITHHELD: f64 = 0.15;

/// Share of sets that are settled already: later rounds see fewer rivals.
const SETTLED: f64 = 0.5;

/// One sign in so many is mistyped, in every other memo.
const SIGNS_PER_SLIP: u32 = 12;

/// Signs that a payer who leaves out what all numbers have in common still writes.
const END_SIGNS: std::ops::RangeInclusive<usize> = 4..=7;

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lesson {
    name: &'static str,
    memo: Memo,
    gap: Gap,
    withheld: bool,
    settled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Memo {
    Kept,
    Mistyped,
    Clipped,
    Empty,
}

/// What else is not known of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Amount,
    Payer,
}

const WHOLE: Lesson =
    Lesson { name: "whole", memo: Memo::Kept, gap: Gap::None, withheld: false, settled: false };

/// Every lesson, once.
pub(super) const LESSONS: [Lesson; 10] = [
    WHOLE,
    Lesson { name: "withheld", withheld: true, ..WHOLE },
    Lesson { name: "no memo", memo: Memo::Empty, ..WHOLE },
    Lesson { name: "no memo, later", memo: Memo::Empty, settled: true, ..WHOLE },
    Lesson { name: "no memo, withheld", memo: Memo::Empty, withheld: true, settled: true, ..WHOLE },
    Lesson { name: "no amount", gap: Gap::Amount, ..WHOLE },
    Lesson { name: "no amount, withheld", gap: Gap::Amount, withheld: true, settled: true, ..WHOLE },
    Lesson { name: "no payer", gap: Gap::Payer, withheld: true, ..WHOLE },
    Lesson { name: "mistyped", memo: Memo::Mistyped, gap: Gap::Payer, withheld: true, ..WHOLE },
    Lesson { name: "clipped", memo: Memo::Clipped, withheld: true, ..WHOLE },
];

impl Lesson {
    /// The receipts of the past as this lesson shows them.
    pub(super) fn receipts(&self, past: &Past, seed: u64) -> Vec<Receipt> {
        let mut random = seed::stream(seed, self.name, 0);
        let mut receipts = past.receipts.clone();
        for receipt in &mut receipts {
            match self.memo {
                Memo::Kept => {}
                Memo::Mistyped => receipt.memo = mistyped(&receipt.memo, &mut random),
                Memo::Clipped => receipt.memo = clipped(&receipt.memo, &mut random),
                Memo::Empty => receipt.memo.clear(),
            }
            match self.gap {
                Gap::None => {}
                Gap::Amount => receipt.amount = None,
                Gap::Payer => {
                    receipt.payer.clear();
                    receipt.customer = None;
                    // Half of the accounts stay, for who is known by an account alone.
                    if random.gen_bool(0.5) {
                        receipt.account.clear();
                    }
                }
            }
        }
        receipts
    }

    /// What of the desk is there in this lesson. `sets` are positions on the desk.
    pub(super) fn rest(&self, desk: &Desk, sets: &[Set], seed: u64) -> Rest {
        let mut random = seed::stream(seed, self.name, 1);
        let mut rest = desk.whole();
        for set in sets.iter().filter(|_| self.settled) {
            if random.gen_bool(SETTLED) {
                desk.settle(set, &mut rest);
            }
        }
        if self.withheld {
            rest.items.iter_mut().for_each(|left| *left &= !random.gen_bool(WITHHELD));
            rest.receipts.iter_mut().for_each(|left| *left &= !random.gen_bool(WITHHELD));
        }
        rest
    }
}

/// A memo with signs changed, left out or swapped.
fn mistyped(memo: &str, random: &mut Stream) -> String {
    if random.gen_bool(0.5) {
        return memo.to_owned();
    }
    let mut signs: Vec<char> = Vec::with_capacity(memo.len());
    for sign in memo.chars() {
        let slip = sign.is_ascii_alphanumeric() && random.gen_ratio(1, SIGNS_PER_SLIP);
        match random.gen_range(0..3) {
            0 if slip => signs.push(char::from(b'0' + random.gen_range(0..10_u8))),
            1 if slip => {}
            2 if slip => signs.insert(signs.len().saturating_sub(1), sign),
            _ => signs.push(sign),
        }
    }
    signs.into_iter().collect()
}

/// A memo with the ends of its numbers only, or with numbers that are none of the ledger's beside its own or in their place; every
/// fourth is kept.
fn clipped(memo: &str, random: &mut Stream) -> String {
    let kind = random.gen_range(0..4);
    let signs = random.gen_range(END_SIGNS);
    let mut changed = |word: &str| match kind {
        1 => end(word, signs).to_owned(),
        2 => foreign(word, random),
        3 => format!("{word} {}", foreign(word, random)),
        _ => word.to_owned(),
    };
    let has_digits = |word: &str| word.contains(|sign: char| sign.is_ascii_digit());
    let words = memo.split(' ').map(|word| if has_digits(word) { changed(word) } else { word.to_owned() });
    words.collect::<Vec<String>>().join(" ")
}

/// The last signs of a word.
fn end(word: &str, signs: usize) -> &str {
    let from = word.char_indices().rev().nth(signs.saturating_sub(1)).map_or(0, |(at, _)| at);
    word.get(from..).unwrap_or(word)
}

/// A word of the same shape with other digits.
fn foreign(word: &str, random: &mut Stream) -> String {
    let sign = |sign: char| match sign {
        '0'..='9' => char::from(b'0' + random.gen_range(0..10_u8)),
        _ => sign,
    };
    word.chars().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_from_the_front_and_foreign_ones_keep_their_shape() {
        assert_eq!([end("INV-12345", 4), end("123", 4), end("", 4)], ["2345", "123", ""]);
        let mut random = seed::stream(1, "foreign", 0);
        let other = foreign("INV-1234567890", &mut random);
        assert!(other.starts_with("INV-") && other.len() == 14 && other != "INV-1234567890", "{other}");
    }
}
