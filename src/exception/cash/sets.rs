//! Sets worth judging: a receipt with an item, with the items it names, with items that add up to it, also less credit notes;
//! and an item with the receipts that name it or add up to it.

use rayon::prelude::*;

use super::desk::{Desk, Rest, rounding};
use super::sums::{POOL_MAX, adding_up};
use super::text::Found;
use super::{Set, net};

/// Items of a receipt that are tried one by one.
const SINGLES_MAX: usize = 3;

/// Groups of one day of issue that are searched for sums.
const DAYS_MAX: usize = 4;

/// Members searched for sums whatever their day: more add up by chance.
pub(super) const MIXED_MAX: usize = 14;

/// Receipts of an item that are looked at: more make no set, and many of one amount are all alike.
const RECEIPTS_MAX: usize = 256;

/// Log-odds above which a pair is as good as named, and so sure with an equal amount that no sum is looked for.
const NAMED_MIN: f32 = 0.0;
const CLEAR_MIN: f32 = 4.0;

/// A pair that the model has scored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub item: u32,
    pub log_odds: f32,
    pub found: Found,
}

/// Scored pairs by receipt, the likeliest first.
pub(super) type Pairs = Vec<Vec<Pair>>;

/// By item: its likeliest receipts with their log-odds, the likeliest first.
pub(super) type Turned = Vec<Vec<(u32, f32)>>;

/// Pairs seen from the items.
pub(super) fn turned(pairs: &Pairs, items: usize) -> Turned {
    let mut turned = vec![Vec::new(); items];
    for (receipt, pairs) in (0..).zip(pairs) {
        for pair in pairs {
            turned[pair.item as usize].push((receipt, pair.log_odds));
        }
    }
    turned.par_iter_mut().for_each(|receipts: &mut Vec<(u32, f32)>| {
        receipts.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
        receipts.truncate(RECEIPTS_MAX);
    });
    turned
}

/// All sets worth judging, each once, in order.
pub(super) fn candidates(desk: &Desk, rest: &Rest, pairs: &Pairs, turned: &Turned) -> Vec<Set> {
    let of_receipts =
        (0..pairs.len()).into_par_iter().flat_map_iter(|at| of_receipt(desk, rest, at as u32, &pairs[at]));
    let of_items =
        (0..turned.len()).into_par_iter().flat_map_iter(|at| of_item(desk, at as u32, pairs, &turned[at]));
    let mut sets: Vec<Set> = of_receipts.chain(of_items).collect();
    sets.par_sort_unstable();
    sets.dedup();
    sets
}

/// Whether the likeliest item of a receipt is sure and asks for what was paid.
pub(super) fn is_clear(desk: &Desk, receipt: u32, pairs: &[Pair]) -> bool {
    clear(desk, receipt, pairs).next().is_some()
}

/// The likeliest items of a receipt, as far as each is sure and asks for what was paid.
pub(super) fn clear<'a>(
    desk: &'a Desk,
    receipt: u32,
    pairs: &'a [Pair],
) -> impl Iterator<Item = &'a Pair> + use<'a> {
    pairs.iter().take_while(move |pair| is_clear_pair(desk, receipt, pair))
}

/// Whether an item of a receipt is sure and asks for what was paid.
pub(super) fn is_clear_pair(desk: &Desk, receipt: u32, pair: &Pair) -> bool {
    pair.log_odds >= CLEAR_MIN && desk.is_equal(receipt, pair.item)
}

fn of_receipt(desk: &Desk, rest: &Rest, receipt: u32, pairs: &[Pair]) -> Vec<Set> {
    let set = |mut items: Vec<u32>| {
        items.sort_unstable();
        Set { receipts: vec![receipt], items }
    };
    let mut sets: Vec<Set> = pairs.iter().take(SINGLES_MAX).map(|pair| set(vec![pair.item])).collect();
    let named: [&dyn Fn(&&Pair) -> bool; 3] =
        [&|pair| pair.found.exact, &|pair| pair.log_odds > NAMED_MIN, &|pair| {
            pair.found.likeness > 0.6 && pair.log_odds > NAMED_MIN - 2.0
        }];
    for is_named in named {
        let items: Vec<u32> = pairs.iter().filter(is_named).map(|pair| pair.item).collect();
        if items.len() > 1 {
            sets.push(set(items));
        }
    }
    if let Some(paid) = desk.receipts[receipt as usize].amount.filter(|_| !is_clear(desk, receipt, pairs)) {
        for pool in pools(desk, pairs, paid) {
            let amounts: Vec<i64> = pool.iter().map(|&item| desk.items[item as usize].amount).collect();
            let sums = adding_up(&amounts, paid, rounding(paid));
            sets.extend(sums.into_iter().map(|sum| set(sum.into_iter().map(|at| pool[at]).collect())));
        }
        sets.extend(net::of_receipt(desk, rest, receipt, pairs).into_iter().map(set));
    }
    sets
}

/// Items among which a receipt's amount may be a sum: the likeliest, and those of one day of issue.
pub(super) fn pools(desk: &Desk, pairs: &[Pair], paid: i64) -> Vec<Vec<u32>> {
    let part = |pair: &&Pair| (1..paid).contains(&desk.items[pair.item as usize].amount);
    let items: Vec<u32> = pairs.iter().filter(part).map(|pair| pair.item).collect();
    let mut days: Vec<(i32, Vec<u32>)> = Vec::new();
    for &item in &items {
        let day = desk.items[item as usize].issued.0;
        match days.iter().position(|group| group.0 == day) {
            Some(at) if days[at].1.len() < POOL_MAX => days[at].1.push(item),
            None if days.len() < DAYS_MAX => days.push((day, vec![item])),
            _ => {}
        }
    }
    let mixed: Vec<u32> = items.into_iter().take(MIXED_MAX).collect();
    let pools = days.into_iter().map(|(_, items)| items).chain([mixed]);
    pools.filter(|pool| pool.len() > 1).collect()
}

fn of_item(desk: &Desk, item: u32, pairs: &Pairs, receipts: &[(u32, f32)]) -> Vec<Set> {
    let set = |mut receipts: Vec<u32>| {
        receipts.sort_unstable();
        Set { receipts, items: vec![item] }
    };
    let mut sets = Vec::new();
    let is_first = |receipt: u32| pairs[receipt as usize].first().is_some_and(|pair| pair.item == item);
    // A receipt that fits no other item better may be less sure.
    for (least, only_first) in [(NAMED_MIN, false), (NAMED_MIN - 2.0, true)] {
        let is_named =
            |&&(receipt, log_odds): &&(u32, f32)| log_odds > least && (!only_first || is_first(receipt));
        let receipts: Vec<u32> = receipts.iter().filter(is_named).map(|(receipt, _)| *receipt).collect();
        if receipts.len() > 1 {
            sets.push(set(receipts));
        }
    }
    let asked = desk.items[item as usize].amount;
    let amount = |receipt: u32| desk.receipts[receipt as usize].amount;
    let settled = receipts
        .first()
        .is_some_and(|&(receipt, _)| is_first(receipt) && is_clear(desk, receipt, &pairs[receipt as usize]));
    if !settled {
        let free = |receipt: &u32| {
            let part = amount(*receipt).is_some_and(|amount| (1..asked).contains(&amount));
            part && !is_clear(desk, *receipt, &pairs[*receipt as usize])
        };
        let pool: Vec<u32> =
            receipts.iter().map(|(receipt, _)| *receipt).filter(free).take(MIXED_MAX).collect();
        let amounts: Vec<i64> = pool.iter().filter_map(|&receipt| amount(receipt)).collect();
        let sums = adding_up(&amounts, asked, rounding(asked));
        sets.extend(sums.into_iter().map(|sum| set(sum.into_iter().map(|at| pool[at]).collect())));
    }
    sets
}
