//! What speaks for a set as a whole, and what its rivals have over it.

use rayon::prelude::*;

use super::Set;
use super::desk::{Desk, off, rounding};
use super::sets::{Pair, Pairs, Turned};

/// Number of features of a set.
pub(super) const FEATURES: usize = 22;

/// Log-odds of a pair that was not worth keeping.
const UNLIKELY: f32 = -9.0;

/// Sets of an item that a set of it is compared with: an amount that many pay would be compared with all of them.
const RIVALS_MAX: usize = 256;

/// What sets are compared by before a model has judged them.
#[derive(Debug, Clone, Copy)]
struct Standing {
    /// Difference of the amounts, in roundings; nothing where an amount is unknown.
    off: Option<f64>,
    /// Mean log-odds of the pairs, less a penalty for what amounts differ.
    worth: f64,
}

/// Sets with the places where each receipt and each item occurs in them.
struct Field<'a> {
    sets: &'a [Set],
    standings: Vec<Standing>,
    of_receipt: Vec<Vec<u32>>,
    of_item: Vec<Vec<u32>>,
}

/// The features of all sets, a row each.
pub(super) fn rows(desk: &Desk, pairs: &Pairs, turned: &Turned, sets: &[Set]) -> Vec<[f64; FEATURES]> {
    let mut field = Field {
        sets,
        standings: sets.par_iter().map(|set| standing(desk, pairs, set)).collect(),
        of_receipt: vec![Vec::new(); pairs.len()],
        of_item: vec![Vec::new(); turned.len()],
    };
    for (at, set) in (0..).zip(sets) {
        set.receipts.iter().for_each(|&receipt| field.of_receipt[receipt as usize].push(at));
        set.items.iter().for_each(|&item| field.of_item[item as usize].push(at));
    }
    let worth = |at: u32| field.standings[at as usize].worth;
    field.of_item.par_iter_mut().for_each(|rivals| best(rivals, worth));
    (0..sets.len()).into_par_iter().map(|at| row(desk, pairs, turned, &field, at)).collect()
}

/// Keeps the sets of most worth, where an item is in very many.
fn best(sets: &mut Vec<u32>, worth: impl Fn(u32) -> f64) {
    if sets.len() > RIVALS_MAX {
        sets.sort_by(|&left, &right| worth(right).total_cmp(&worth(left)).then(left.cmp(&right)));
        sets.truncate(RIVALS_MAX);
    }
}

/// A pair of a set, if it was worth keeping.
pub(super) fn pair(pairs: &Pairs, receipt: u32, item: u32) -> Option<&Pair> {
    pairs.get(receipt as usize)?.iter().find(|pair| pair.item == item)
}

/// Every pair of a set. Credit notes are in none.
pub(super) fn members<'a>(
    desk: &'a Desk,
    pairs: &'a Pairs,
    set: &'a Set,
) -> impl Iterator<Item = Option<&'a Pair>> {
    let all = set.receipts.iter().flat_map(move |&receipt| desk.claims(set).map(move |item| (receipt, item)));
    all.map(|(receipt, item)| pair(pairs, receipt, item))
}

fn log_odds(pair: Option<&Pair>) -> f64 {
    f64::from(pair.map_or(UNLIKELY, |pair| pair.log_odds))
}

fn standing(desk: &Desk, pairs: &Pairs, set: &Set) -> Standing {
    let asked = desk.asked(set);
    let off = desk.short(set).map(|short| short.saturating_abs() as f64 / rounding(asked) as f64);
    let odds: Vec<f64> = members(desk, pairs, set).map(log_odds).collect();
    let mean = odds.iter().sum::<f64>() / odds.len().max(1) as f64;
    Standing { off, worth: mean - off.map_or(0.0, |off| (off.ln_1p() * 1.5).min(12.0)) }
}

fn row(desk: &Desk, pairs: &Pairs, turned: &Turned, field: &Field, at: usize) -> [f64; FEATURES] {
    let set = &field.sets[at];
    let mut row = [f64::NAN; FEATURES];
    row[0] = set.receipts.len() as f64;
    row[1] = desk.claims(set).count() as f64;
    let odds: Vec<f64> = members(desk, pairs, set).map(log_odds).collect();
    row[2] = odds.iter().copied().fold(f64::INFINITY, f64::min);
    row[3] = odds.iter().sum::<f64>() / odds.len() as f64;
    amounts(desk, set, &mut row);
    texts(desk, pairs, set, &mut row);
    days(desk, set, &mut row);
    rivals(field, at, &mut row);
    row[19] = row[2] - f64::from(outside_items(pairs, set));
    row[20] = row[2] - f64::from(outside_receipts(turned, set));
    row[21] = set.receipts.iter().map(|&receipt| pairs[receipt as usize].len()).max().unwrap_or(0) as f64;
    row
}

/// 4 to 6: what is missing, for each part asked, in roundings, and beside the allowed discounts.
fn amounts(desk: &Desk, set: &Set, row: &mut [f64; FEATURES]) {
    let asked = desk.asked(set);
    if let Some(short) = desk.short(set) {
        let unit = rounding(asked) as f64;
        row[4] = short as f64 / asked.saturating_abs().max(1) as f64;
        row[5] = short.saturating_abs() as f64 / unit;
        let discount = desk.discount(set);
        if discount > 0 {
            row[6] = off(short, discount) as f64 / unit;
        }
    }
}

/// 7 to 10: how well the references are found, and what of the memos they leave unexplained.
fn texts(desk: &Desk, pairs: &Pairs, set: &Set, row: &mut [f64; FEATURES]) {
    let memo = |receipt: u32| &desk.memos[receipt as usize];
    let numbers: usize = set.receipts.iter().map(|&receipt| memo(receipt).numbers()).sum();
    if numbers == 0 {
        return;
    }
    let found = || members(desk, pairs, set).map(|pair| pair.map(|pair| pair.found).unwrap_or_default());
    let count = (set.receipts.len() * desk.claims(set).count()) as f64;
    row[7] = found().map(|found| f64::from(found.likeness)).fold(f64::INFINITY, f64::min);
    row[8] = found().filter(|found| found.exact).count() as f64 / count;
    let unexplained = set.receipts.iter().map(|&receipt| {
        let spans = set.items.iter().filter_map(|&item| pair(pairs, receipt, item));
        let spans = spans.map(|pair| pair.found.span);
        memo(receipt).unexplained(&spans.chain(credited(desk, set, receipt)).collect::<Vec<_>>())
    });
    row[9] = unexplained.sum::<usize>() as f64;
    let credits: usize = set.receipts.iter().map(|&receipt| credited(desk, set, receipt).count()).sum();
    row[10] = numbers as f64 - count - credits as f64;
}

/// Where the memo of a receipt names credit notes of a set: they are in no pair, but what names them is explained.
fn credited(desk: &Desk, set: &Set, receipt: u32) -> impl Iterator<Item = (u16, u16)> {
    let credits = set.items.iter().filter(|&&item| desk.items[item as usize].amount < 0);
    credits.filter_map(move |&item| desk.named(receipt, item))
}

/// 11 to 14: over how long items and receipts spread, and how long the first item was waiting for the first and last money.
fn days(desk: &Desk, set: &Set, row: &mut [f64; FEATURES]) {
    let issued = desk.claims(set).map(|item| desk.items[item as usize].issued.0);
    let paid = set.receipts.iter().map(|&receipt| desk.receipts[receipt as usize].day.0);
    let ends = |days: &mut dyn Iterator<Item = i32>| {
        days.fold((i32::MAX, i32::MIN), |(first, last), day| (first.min(day), last.max(day)))
    };
    let ((first_issued, last_issued), (first_paid, last_paid)) =
        (ends(&mut issued.clone()), ends(&mut paid.clone()));
    row[11] = f64::from(last_issued) - f64::from(first_issued);
    row[12] = f64::from(last_paid) - f64::from(first_paid);
    row[13] = f64::from(first_paid) - f64::from(last_issued);
    row[14] = f64::from(last_paid) - f64::from(first_issued);
}

/// 15 to 18: how this set stands against those that share a member: in worth, in amount, and how many fit the amount too.
fn rivals(field: &Field, at: usize, row: &mut [f64; FEATURES]) {
    let set = &field.sets[at];
    let of_receipts = set.receipts.iter().flat_map(|&receipt| &field.of_receipt[receipt as usize]);
    let of_items = set.items.iter().flat_map(|&item| &field.of_item[item as usize]);
    let mut others: Vec<u32> =
        of_receipts.chain(of_items).copied().filter(|&other| other as usize != at).collect();
    others.sort_unstable();
    others.dedup();
    let standing = |other: &u32| field.standings[*other as usize];
    let best = others.iter().map(standing).map(|rival| rival.worth).fold(f64::from(UNLIKELY) * 3.0, f64::max);
    row[15] = field.standings[at].worth - best;
    row[16] = others.len() as f64;
    if field.standings[at].off.is_some() {
        let offs = || others.iter().map(standing).filter_map(|rival| rival.off);
        row[17] = offs().filter(|off| *off <= 1.0).count() as f64;
        row[18] = offs().fold(f64::from(u16::MAX), f64::min);
    }
}

/// The best log-odds of one of the receipts with an item that is not in the set.
fn outside_items(pairs: &Pairs, set: &Set) -> f32 {
    let all = set.receipts.iter().flat_map(|&receipt| &pairs[receipt as usize]);
    let outside = all.filter(|pair| set.items.binary_search(&pair.item).is_err());
    outside.map(|pair| pair.log_odds).fold(UNLIKELY, f32::max)
}

/// The best log-odds of one of the items with a receipt that is not in the set.
fn outside_receipts(turned: &Turned, set: &Set) -> f32 {
    let all = set.items.iter().flat_map(|&item| &turned[item as usize]);
    let outside = all.filter(|(receipt, _)| set.receipts.binary_search(receipt).is_err());
    outside.map(|(_, log_odds)| *log_odds).fold(UNLIKELY, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_rivals_the_best_are_kept() {
        // Worth rises with the number: of 1,000 the last 256.
        let mut sets: Vec<u32> = (0..1_000).collect();
        best(&mut sets, f64::from);
        sets.sort_unstable();
        assert_eq!(sets, (744..1_000).collect::<Vec<u32>>());
        let mut few = vec![3, 1, 2];
        best(&mut few, f64::from);
        assert_eq!(few, [3, 1, 2]);
    }
}
