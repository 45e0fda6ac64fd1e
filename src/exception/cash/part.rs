//! Receipts that name items which no set settles: short pays, over pays, instalments, and several at once where the past has seen no
//! such payment. Nobody's mind is made up by a likelihood here; the payer says what is meant, and the difference is to be looked at.

use std::collections::BTreeMap;

use super::apply::is_free;
use super::desk::{Desk, Rest};
use super::evidence::{LIKENESS_MIN, LOG_ODDS_MIN, names};
use super::guard::Guard;
use super::set_row::pair;
use super::sets::{Pair, Pairs};
use super::{Set, net};
use crate::model::probability;

/// Sets of receipts with the items they name, none taken, and the probability of the least likely pair.
pub(super) fn named(desk: &Desk, guard: &Guard, rest: &mut Rest, pairs: &Pairs) -> Vec<(Set, f64)> {
    let is_named = |receipt: u32, pair: &Pair| {
        let nearly = pair.found.likeness >= LIKENESS_MIN
            && pair.log_odds >= LOG_ODDS_MIN
            && !guard.means_own(&Set::one(receipt, pair.item));
        (nearly || names(desk, rest, receipt, pair)) && rest.items[pair.item as usize]
    };
    let mut of_item: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut sets = Vec::new();
    for (receipt, pairs) in (0..).zip(pairs).filter(|(receipt, _)| rest.receipts[*receipt as usize]) {
        let mut items: Vec<u32> =
            pairs.iter().filter(|pair| is_named(receipt, pair)).map(|pair| pair.item).collect();
        items.sort_unstable();
        if let Some(net) = less_credits(desk, rest, receipt, pairs, &items) {
            sets.push(Set { receipts: vec![receipt], items: net });
            continue;
        }
        match items.as_slice() {
            [] => {}
            [item] => of_item.entry(*item).or_default().push(receipt),
            _ => sets.push(Set { receipts: vec![receipt], items }),
        }
    }
    sets.extend(of_item.into_iter().map(|(item, receipts)| together(desk, item, receipts)));
    let mut judged: Vec<(Set, f64)> = Vec::with_capacity(sets.len());
    for set in sets {
        let confidence = least(pairs, &set);
        judged.push((set, confidence));
    }
    judged.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
    judged.retain(|(set, _)| {
        let free = is_free(rest, set);
        if free {
            desk.settle(set, rest);
        }
        free
    });
    judged
}

/// Named items with the credit notes that leave just what was paid of them, the oldest.
fn less_credits(desk: &Desk, rest: &Rest, receipt: u32, pairs: &[Pair], items: &[u32]) -> Option<Vec<u32>> {
    let claims = |set: &[u32]| {
        let mut claims = set.to_vec();
        claims.retain(|&item| desk.items[item as usize].amount >= 0);
        claims.sort_unstable();
        claims
    };
    let mut net = net::of_receipt(desk, rest, receipt, pairs).into_iter().find(|set| claims(set) == items)?;
    net.sort_unstable();
    Some(net)
}

/// The receipts that name an item, the earliest first, as long as they do not bring more than it asks for. One that
/// brings more alone is taken alone.
fn together(desk: &Desk, item: u32, mut receipts: Vec<u32>) -> Set {
    receipts.sort_by_key(|&receipt| (desk.receipts[receipt as usize].day, receipt));
    let mut open = desk.items[item as usize].amount;
    let mut taken = Vec::new();
    for receipt in receipts {
        let amount = desk.receipts[receipt as usize].amount.unwrap_or(0);
        if taken.is_empty() || amount <= open {
            open = open.saturating_sub(amount);
            taken.push(receipt);
        }
    }
    taken.sort_unstable();
    Set { receipts: taken, items: vec![item] }
}

fn least(pairs: &Pairs, set: &Set) -> f64 {
    let all = set.receipts.iter().flat_map(|&receipt| set.items.iter().map(move |&item| (receipt, item)));
    let log_odds = all.filter_map(|(receipt, item)| pair(pairs, receipt, item)).map(|pair| pair.log_odds);
    probability(f64::from(log_odds.fold(f32::INFINITY, f32::min)))
}
