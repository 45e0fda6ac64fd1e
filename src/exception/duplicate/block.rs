//! Which pairs of bills are compared at all. Each rule puts the bills that share a value into a block; within a block a bill
//! is compared with those that stand next to it, so that the work grows with the number of bills.
//!
//! - supplier, currency and amount: neighbours by day, and by number;
//! - supplier and number: neighbours by day, whatever the amounts;
//! - bank account, currency and amount, of different suppliers;
//! - name, currency and amount, of different suppliers;
//! - number, currency and amount, of different suppliers.
//!
//! A block may have any size: an amount that a supplier bills a thousand times is a fee, and of each of its bills the few
//! nearest are looked at. What a fee repeats far apart is not found, and would not be believed if it were.

use rayon::prelude::*;

use super::book::Book;
use super::number;

/// Bills next to one that it is compared with, in each order of each block.
const NEIGHBOURS: usize = 5;

/// Fewest signs of a number that means something on another supplier's bill: `12` is on anybody's.
const SHARED_NUMBER_SIGNS_MIN: usize = 4;

/// A bill's place in a block: the value that is shared, what the block is ordered by, and the bill.
type Place = (u64, u64, u32);

/// Pairs to compare, the earlier bill first, each once, in order.
pub(super) fn pairs(book: &Book, window_days: i32) -> Vec<(u32, u32)> {
    let standing: Vec<usize> =
        (0..book.bills.len()).filter(|&at| book.stands.get(at) == Some(&true)).collect();
    let by_number = numbers_ranked(book, &standing);
    let rules: [&(dyn Fn(usize, u64) -> Option<Place> + Sync); 6] = [
        &|at, _| place(book, at, 1, |_| 0, None),
        &|at, rank| place(book, at, 1, |_| 0, Some(rank)),
        &|at, _| of_number(book, at, false),
        &|at, _| place(book, at, 3, |at| book.accounts.get(at).copied().unwrap_or(0), None),
        &|at, _| place(book, at, 4, |at| book.at(at).map_or(0, |(bill, _)| book.root(bill.name).1), None),
        &|at, _| of_number(book, at, true),
    ];
    let mut found: Vec<(u32, u32)> = Vec::new();
    for (rule, across) in rules.iter().zip([false, false, false, true, true, true]) {
        let ranked = standing.par_iter().zip(&by_number);
        let mut places: Vec<Place> = ranked.filter_map(|(&at, &rank)| rule(at, rank)).collect();
        places.par_sort_unstable();
        found.extend(neighbours(book, &places, across, window_days));
    }
    found.par_sort_unstable();
    found.dedup();
    found
}

/// Each standing bill's rank by number.
fn numbers_ranked(book: &Book, standing: &[usize]) -> Vec<u64> {
    let mut order: Vec<(&str, usize)> = standing
        .iter()
        .enumerate()
        .filter_map(|(nth, &at)| Some((book.numbers.get(at)?.signs.as_str(), nth)))
        .collect();
    order.par_sort_unstable();
    let mut ranks = vec![0; standing.len()];
    for (rank, (_, nth)) in (0..).zip(order) {
        if let Some(place) = ranks.get_mut(nth) {
            *place = rank;
        }
    }
    ranks
}

/// A place in the block of a party and an amount: the supplier's own, or what `party` says, where zero is nobody.
fn place(
    book: &Book,
    at: usize,
    rule: u64,
    party: impl Fn(usize) -> u64,
    rank: Option<u64>,
) -> Option<Place> {
    let (bill, _) = book.at(at)?;
    let party = if rule == 1 { u64::from(bill.supplier) + 1 } else { party(at) };
    let value = mixed(&[rule, party, bill.amount as u64, currency(bill)]);
    (party != 0).then_some((value, rank.unwrap_or(at as u64), at as u32))
}

/// A place in the block of a number, of one supplier or across them.
fn of_number(book: &Book, at: usize, across: bool) -> Option<Place> {
    let (bill, number) = book.at(at)?;
    let value = if across {
        mixed(&[6, number.print, bill.amount as u64, currency(bill)])
    } else {
        mixed(&[5, number.print, u64::from(bill.supplier)])
    };
    let means_something = number.print != 0
        && (!across || number.signs.trim_start_matches('0').len() >= SHARED_NUMBER_SIGNS_MIN);
    means_something.then_some((value, at as u64, at as u32))
}

fn currency(bill: &super::bill::Bill) -> u64 {
    number::print(bill.currency.code())
}

/// One print of several values, in order.
fn mixed(values: &[u64]) -> u64 {
    use std::hash::BuildHasher as _;
    foldhash::quality::FixedState::with_seed(0x626c_6f63).hash_one(values)
}

fn neighbours(book: &Book, places: &[Place], across: bool, window_days: i32) -> Vec<(u32, u32)> {
    let near = |left: u32, right: u32| {
        let (Some((left, _)), Some((right, _))) = (book.at(left as usize), book.at(right as usize)) else {
            return false;
        };
        let days = (left.posted.0 - right.posted.0).abs().min((left.issued.0 - right.issued.0).abs());
        days <= window_days && across == (left.supplier != right.supplier)
    };
    let blocks: Vec<&[Place]> =
        places.chunk_by(|left, right| left.0 == right.0).filter(|block| block.len() > 1).collect();
    let of_block = |block: &&[Place]| {
        let mut pairs = Vec::new();
        for (nth, &(_, _, left)) in block.iter().enumerate() {
            for &(_, _, right) in block.iter().skip(nth + 1).take(NEIGHBOURS) {
                if near(left, right) {
                    pairs.push((left.min(right), left.max(right)));
                }
            }
        }
        pairs
    };
    blocks.par_iter().flat_map_iter(of_block).collect()
}
