//! Duplicates that never happened, made from bills that did, and bills that look like duplicates and are none. A model of
//! duplicates learns from them, since hardly any ledger has its own marked.
//!
//! A copy is what goes wrong between a supplier's printer and the ledger: a number typed or read wrongly, written another
//! way or given anew, a day misread, the supplier there twice, and the copy booked days or months later. What only looks
//! like it is what suppliers do every month: the same fee under the next number, under the same reference, or for the next
//! site; and the lines of one bill.

use rand::Rng as _;

use super::bill::Bill;
use super::number;
use crate::base::day::Day;
use crate::base::seed::{self, Stream};

/// A bill with texts of its own, since most copies have another number.
#[derive(Debug, Clone)]
pub(super) struct Made<'a> {
    pub(super) bill: Bill<'a>,
    pub(super) number: String,
    pub(super) name: String,
    /// Position of the bill that it was made from.
    pub(super) from: usize,
    /// Whether it is its duplicate.
    pub(super) duplicate: bool,
}

impl Made<'_> {
    /// As a bill.
    pub(super) fn bill(&self) -> Bill<'_> {
        Bill { number: &self.number, name: &self.name, ..self.bill }
    }
}

/// Kinds of copies, with their weights: what clerks report most comes most.
const KINDS: [(u32, Kind); 8] = [
    (14, Kind::Same),
    (16, Kind::Rewritten),
    (16, Kind::Retyped),
    (10, Kind::Confused),
    (14, Kind::Suffixed),
    (4, Kind::Renumbered),
    (16, Kind::OtherSupplier),
    (4, Kind::AmountRetyped),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Same,
    Rewritten,
    Retyped,
    Confused,
    Suffixed,
    Renumbered,
    OtherSupplier,
    AmountRetyped,
}

/// Share of made bills that are no duplicates.
const INNOCENT_SHARE: f64 = 0.5;

/// Makes bills from one: a duplicate, or some that look like it. `other` is a bill of any supplier.
pub(super) fn made<'a>(bill: &Bill<'a>, from: usize, other: &Bill<'a>, seed: u64) -> Vec<Made<'a>> {
    let mut rng = seed::stream(seed, "duplicate", from as u64);
    if rng.gen_bool(INNOCENT_SHARE) {
        innocent(bill, from, &mut rng)
    } else {
        vec![copy(bill, from, other, &mut rng)]
    }
}

fn copy<'a>(bill: &Bill<'a>, from: usize, other: &Bill<'a>, rng: &mut Stream) -> Made<'a> {
    let kind = drawn(rng);
    let mut made = plain(bill, from, true);
    let numbered = bill.number.contains(|sign: char| sign.is_ascii_digit());
    match kind {
        Kind::Rewritten => made.number = rewritten(bill.number, rng),
        Kind::Retyped if numbered => made.number = retyped(bill.number, rng),
        Kind::Confused => made.number = confused(bill.number, rng),
        Kind::Suffixed if numbered => made.number = suffixed(bill.number, rng),
        // Without an order nothing tells it from a second purchase, and most are that.
        Kind::Renumbered if numbered && (!bill.order.is_empty() || rng.gen_bool(0.25)) => {
            made.number = shifted(bill.number, rng.gen_range(1..4_000));
        }
        Kind::OtherSupplier => move_to(&mut made, other, rng),
        Kind::AmountRetyped => made.bill.amount = amount_retyped(bill.amount, rng),
        _ => {}
    }
    // A bill given a new number keeps its day, or there would be nothing left that is the same.
    if kind != Kind::Renumbered && kind != Kind::AmountRetyped {
        made.bill.issued = misread(bill, rng);
    }
    // Half of the copies are booked within two weeks, the others at any time until the supplier's reminder.
    let days = if rng.gen_bool(0.5) { rng.gen_range(0..15) } else { rng.gen_range(0..120) };
    made.bill.posted = if bill.issued == bill.posted { made.bill.issued } else { bill.posted.plus(days) };
    if rng.gen_bool(0.2) {
        made.bill.order = "";
    }
    made
}

fn plain<'a>(bill: &Bill<'a>, from: usize, duplicate: bool) -> Made<'a> {
    let bill = Bill { voucher: "", ..*bill };
    Made { bill, number: bill.number.to_owned(), name: bill.name.to_owned(), from, duplicate }
}

fn drawn(rng: &mut Stream) -> Kind {
    let mut left = rng.gen_range(0..KINDS.iter().map(|(weight, _)| weight).sum());
    let chosen = KINDS.iter().find(|(weight, _)| {
        let found = left < *weight;
        left = left.saturating_sub(*weight);
        found
    });
    chosen.map_or(Kind::Same, |(_, kind)| *kind)
}

/// The day of a copy: most often the same, else some days later, or with day and month changed about.
fn misread(bill: &Bill, rng: &mut Stream) -> Day {
    let issued = bill.issued;
    match rng.gen_range(0..10) {
        0..6 => issued,
        6..8 => issued.plus(rng.gen_range(1..7)),
        8 => Day::from_ymd(issued.year(), issued.day_of_month(), issued.month()).unwrap_or(issued),
        _ => issued.plus(rng.gen_range(1..90)),
    }
}

/// Another supplier's bill: the same firm entered twice has its account, or a name much like it; else the bill was booked
/// to a wrong supplier and its number is all there is.
fn move_to<'a>(made: &mut Made<'a>, other: &Bill<'a>, rng: &mut Stream) {
    if rng.gen_bool(0.3) {
        (made.bill.supplier, made.bill.account) = (other.supplier, other.account);
        other.name.clone_into(&mut made.name);
        return;
    }
    made.bill.supplier = u32::MAX / 2 + made.from as u32;
    if rng.gen_bool(0.4) {
        made.bill.account = "";
    }
    made.name = match rng.gen_range(0..4) {
        0 => made.name.to_uppercase(),
        1 => made.name.replace(' ', "-"),
        2 => made.name.rsplit_once(' ').map_or_else(|| made.name.clone(), |(name, _)| name.to_owned()),
        _ => retyped(&made.name, rng),
    };
    if rng.gen_bool(0.5) {
        made.number = rewritten(&made.number, rng);
    }
}

/// Other punctuation, case or zeros.
fn rewritten(number: &str, rng: &mut Stream) -> String {
    match rng.gen_range(0..5) {
        0 => number.chars().filter(|sign| sign.is_alphanumeric()).collect(),
        1 => number.to_lowercase(),
        2 => number.chars().map(|sign| if sign.is_alphanumeric() { sign } else { ' ' }).collect(),
        3 => format!("00{number}"),
        _ => {
            let at = number.char_indices().map(|(at, _)| at).nth(number.chars().count() / 2).unwrap_or(0);
            let (head, tail) = number.split_at_checked(at).unwrap_or((number, ""));
            format!("{head}-{tail}")
        }
    }
}

/// One slip of the fingers.
fn retyped(text: &str, rng: &mut Stream) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    if signs.len() < 3 {
        return text.to_owned();
    }
    let at = rng.gen_range(0..signs.len() - 1);
    match rng.gen_range(0..4) {
        0 => signs.swap(at, at + 1),
        1 => drop(signs.remove(at)),
        2 => signs.insert(at, signs.get(at).copied().unwrap_or('1')),
        _ => {
            let digits: Vec<usize> =
                (0..signs.len()).filter(|&at| signs.get(at).is_some_and(char::is_ascii_digit)).collect();
            let chosen = digits.get(rng.gen_range(0..digits.len().max(1)));
            if let Some(sign) = chosen.and_then(|&at| signs.get_mut(at)) {
                let digit = (*sign as u32).wrapping_sub(u32::from('0'));
                *sign = char::from_digit((digit + rng.gen_range(1..10)) % 10, 10).unwrap_or(*sign);
            }
        }
    }
    signs.into_iter().collect()
}

/// One digit read as a letter, or the other way about.
fn confused(number: &str, rng: &mut Stream) -> String {
    let mut signs: Vec<char> = number.chars().collect();
    let open: Vec<usize> = (0..signs.len())
        .filter(|&at| signs.get(at).is_some_and(|sign| number::confused_with(*sign).is_some()))
        .collect();
    let chosen = open.get(rng.gen_range(0..open.len().max(1)));
    if let Some(sign) = chosen.and_then(|&at| signs.get_mut(at)) {
        *sign = number::confused_with(*sign).unwrap_or(*sign);
    }
    signs.into_iter().collect()
}

/// A sign added to get past a check for equal numbers, or by a system that numbers copies.
fn suffixed(number: &str, rng: &mut Stream) -> String {
    const ENDS: [&str; 10] = ["A", "-1", "-2", "B", "R", "/1", ".", "-A", "X", "1"];
    const STARTS: [&str; 3] = ["INV", "R", "20"];
    if rng.gen_bool(0.8) {
        format!("{number}{}", ENDS.get(rng.gen_range(0..ENDS.len())).unwrap_or(&"A"))
    } else {
        format!("{}{number}", STARTS.get(rng.gen_range(0..STARTS.len())).unwrap_or(&"R"))
    }
}

/// The number so many farther on in its last run of digits, which keeps its length.
fn shifted(number: &str, by: u64) -> String {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let end = number.rfind(is_digit).map_or(0, |at| at + 1);
    let head = number.get(..end).unwrap_or_default();
    let start = head.trim_end_matches(is_digit).len();
    let (front, digits) = head.split_at_checked(start).unwrap_or((head, ""));
    let tail = number.get(end..).unwrap_or_default();
    match digits.parse::<u64>() {
        Ok(value) => format!("{front}{:0width$}{tail}", value.saturating_add(by), width = digits.len()),
        Err(_) => number.to_owned(),
    }
}

/// The number of an instalment: as it is, or with dots, a letter or a count.
fn marked(number: &str, mark: u32, nth: usize) -> String {
    match mark {
        0 => number.to_owned(),
        1 => format!("{number}{}", ".".repeat(nth)),
        2 => format!("{number}{}", ["A", "B", "C", "D"].get(nth - 1).unwrap_or(&"E")),
        _ => format!("{number}/{}", nth + 1),
    }
}

/// The number with its first digit changed, as the numbers of a series beside it may be.
fn beside(number: &str) -> String {
    let first = number.find(|sign: char| sign.is_ascii_digit());
    let next = |digit: char| {
        digit.to_digit(10).and_then(|digit| char::from_digit((digit + 3) % 10, 10)).unwrap_or(digit)
    };
    number.char_indices().map(|(at, sign)| if Some(at) == first { next(sign) } else { sign }).collect()
}

/// Two neighbouring digits swapped, or one changed.
fn amount_retyped(amount: i64, rng: &mut Stream) -> i64 {
    let text = amount.to_string();
    retyped(&text, rng).parse().ok().filter(|amount| *amount > 0).unwrap_or(amount)
}

/// Bills that look like duplicates of one and are none.
fn innocent<'a>(bill: &Bill<'a>, from: usize, rng: &mut Stream) -> Vec<Made<'a>> {
    let lag = bill.posted.0 - bill.issued.0;
    let later = |days: i32, number: String| {
        let mut made = plain(bill, from, false);
        made.bill.issued = bill.issued.plus(days);
        made.bill.posted = made.bill.issued.plus(lag);
        // A large order is delivered and billed in parts, any other is followed by the next.
        made.bill.order = if days > 20 && from.is_multiple_of(2) { "" } else { bill.order };
        made.number = number;
        made
    };
    let months = |rng: &mut Stream| 30 * rng.gen_range(1..4) + rng.gen_range(-2..3);
    match rng.gen_range(0..8) {
        // The next month's fee, under the next number of a series of any speed.
        0 | 1 => {
            let speed = *[1, 3, 20, 150, 2_000].get(rng.gen_range(0..5_usize)).unwrap_or(&1);
            vec![later(months(rng), shifted(bill.number, rng.gen_range(1..=speed)))]
        }
        // The same for another site, on the same day or week.
        2 => {
            let days = if rng.gen_bool(0.6) { 0 } else { 7 * rng.gen_range(1..3) };
            vec![later(days, shifted(bill.number, rng.gen_range(1..6)))]
        }
        // A rent under one reference.
        3 => {
            let every = *[7, 14, 30, 30, 30, 91].get(rng.gen_range(0..6_usize)).unwrap_or(&30);
            (1..rng.gen_range(4..8))
                .map(|nth| later(nth * every + rng.gen_range(-1..2), bill.number.to_owned()))
                .collect()
        }
        // Lines of one bill, two of which may be equal.
        4 => (i64::from(rng.gen_bool(0.5))..rng.gen_range(2..7))
            .map(|nth| {
                let mut line = later(0, bill.number.to_owned());
                if nth > 0 {
                    line.bill.amount = (bill.amount / 7).saturating_mul(nth).saturating_add(13 * nth).max(1);
                }
                line
            })
            .collect(),
        // Two clients or sites of one fee, each with numbers of its own, month after month.
        5 => (0..4)
            .flat_map(|month| {
                let number = shifted(bill.number, 37 * month);
                let other = beside(&number);
                [number, other].map(|number| later(30 * month as i32, number))
            })
            .skip(1)
            .collect(),
        // A bill paid in instalments, each booked under its number with a mark of its own.
        6 => {
            let every = *[30, 61, 91, 150, 182].get(rng.gen_range(0..5_usize)).unwrap_or(&30);
            let mark = rng.gen_range(0..4);
            (1..rng.gen_range(2..5))
                .map(|nth| {
                    later(nth * every + rng.gen_range(-9..10), marked(bill.number, mark, nth as usize))
                })
                .collect()
        }
        // A bill of the same amount from another supplier that is paid by the same bank, or from another branch.
        _ => {
            let mut made = later(rng.gen_range(0..60), shifted(bill.number, rng.gen_range(100..90_000)));
            made.bill.supplier = u32::MAX - bill.supplier;
            made.bill.order = "";
            if rng.gen_bool(0.5) {
                made.name = String::new();
            }
            vec![made]
        }
    }
}
