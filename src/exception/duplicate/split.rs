//! A bill that is billed again in two parts, or two parts that are billed again as one.
//!
//! Among many amounts some two always sum to a third. So what could come about by chance is counted: of `n` bills that could
//! be parts there are `n (n − 1) / 2` sums, spread over the range of their amounts in steps of what divides them all. A hit
//! is believed as far as such hits are rarer than true splits are. Amounts that a supplier bills more than once are left
//! out: two fees and their sum are a price list.

use hashbrown::HashMap;

use super::book::Book;

/// Days between a bill and its parts.
const DAYS_MAX: i32 = 60;

/// Bills around one that may be its parts.
const PARTS_MAX: usize = 60;

/// Share of bills that are billed again in parts, among those whose order has other bills, and among all: what the hits by
/// chance are held against.
const SPLIT_SHARE_OF_ORDER: f64 = 1e-2;
const SPLIT_SHARE: f64 = 1e-4;

/// A whole and its parts, by places in the book, the earlier part first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    pub(super) whole: u32,
    pub(super) parts: [u32; 2],
    /// Whether the three name the same order.
    pub(super) of_order: bool,
    /// Hits by chance that were to be expected among the bills around it.
    pub(super) chance: f64,
}

impl Split {
    /// Probability that it is one and no chance.
    pub(super) fn probability(&self) -> f64 {
        let share = if self.of_order { SPLIT_SHARE_OF_ORDER } else { SPLIT_SHARE };
        share / (share + self.chance)
    }
}

/// All bills that two others sum to, each once.
pub(super) fn splits(book: &Book) -> Vec<Split> {
    let mut groups: HashMap<(u32, &str), Vec<u32>> = HashMap::new();
    for (at, bill) in (0..).zip(&book.bills) {
        if book.stands.get(at as usize) == Some(&true) && book.amount_uses(bill).0 == 1 {
            if !bill.order.is_empty() {
                groups.entry((bill.supplier, bill.order)).or_default().push(at);
            }
            groups.entry((bill.supplier, "")).or_default().push(at);
        }
    }
    let mut found: Vec<Split> = Vec::new();
    for ((_, order), group) in &groups {
        found.extend((0..group.len()).filter_map(|nth| split(book, group, nth, !order.is_empty())));
    }
    // Of one whole the evidence of its order comes first.
    found.sort_unstable_by_key(|split| (split.whole, !split.of_order, split.parts));
    found.dedup_by_key(|split| split.whole);
    found
}

/// The parts of one bill of a group, if there are any.
fn split(book: &Book, group: &[u32], nth: usize, of_order: bool) -> Option<Split> {
    let whole = *group.get(nth)?;
    let (bill, _) = book.at(whole as usize)?;
    let start = nth.saturating_sub(PARTS_MAX / 2);
    let parts: Vec<(i64, u32)> = group
        .iter()
        .skip(start)
        .take(PARTS_MAX)
        .filter_map(|&at| Some((book.at(at as usize)?.0, at)))
        .filter(|(part, _)| part.currency == bill.currency && part.amount < bill.amount)
        .filter(|(part, _)| (part.posted.0 - bill.posted.0).abs() <= DAYS_MAX)
        .map(|(part, at)| (part.amount, at))
        .collect();
    if parts.len() < 2 {
        return None;
    }
    let by_amount: HashMap<i64, u32> = parts.iter().copied().collect();
    let pair = parts.iter().find_map(|&(amount, at)| {
        let other = *by_amount.get(&(bill.amount - amount))?;
        (other > at).then_some([at, other])
    })?;
    // Parts before and after the whole are no second billing of it.
    let side = pair.map(|part| part > whole);
    let chance = by_chance(bill.amount, &parts);
    (side[0] == side[1]).then_some(Split { whole, parts: pair, of_order, chance })
}

/// Sums of two parts that are expected to hit an amount by chance.
fn by_chance(whole: i64, parts: &[(i64, u32)]) -> f64 {
    let count = parts.len() as f64;
    let (mut step, mut least, mut most) = (whole, i64::MAX, 0);
    for &(amount, _) in parts {
        (least, most) = (least.min(amount), most.max(amount));
        step = common_divisor(step, amount);
    }
    let places = ((most - least).max(most / 10) / step.max(1)).max(1) as f64;
    count * (count - 1.0) / 2.0 / places
}

fn common_divisor(mut one: i64, mut other: i64) -> i64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.abs()
}
