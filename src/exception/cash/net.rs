//! Credit notes set off: a customer pays what it is asked for less what it was credited.

use super::desk::{Desk, Rest};
use super::sets::{Pair, pools};
use super::sums::adding_up;

/// Customers of a receipt's likeliest items whose credit notes are looked at.
const CUSTOMERS_MAX: usize = 3;

/// Credit notes of a customer that are tried one by one, the oldest, and all of these together; where the memo names some, only those.
const CREDITS_MAX: usize = 8;

/// Items of one customer and credit notes of the same that come to what was paid, to the last unit: what is off by
/// something is a deduction, and not what was granted.
pub(super) fn of_receipt(desk: &Desk, rest: &Rest, at: u32, pairs: &[Pair]) -> Vec<Vec<u32>> {
    let receipt = desk.receipts[at as usize];
    let Some(paid) = receipt.amount else { return Vec::new() };
    let customer = |pair: &Pair| desk.directory.of_item[pair.item as usize];
    let mut customers: Vec<u32> = Vec::new();
    for customer in pairs.iter().map(customer) {
        if customers.len() < CUSTOMERS_MAX && !customers.contains(&customer) {
            customers.push(customer);
        }
    }
    let mut sets = Vec::new();
    for of in customers {
        let open = desk.index.credits(of, receipt.currency).iter().copied();
        let open = open.filter(|&credit| rest.items[credit as usize]);
        let mut credits: Vec<u32> = open.clone().filter(|&credit| desk.named(at, credit).is_some()).collect();
        if credits.is_empty() {
            credits.extend(open.take(CREDITS_MAX));
        }
        credits.truncate(CREDITS_MAX);
        if credits.is_empty() {
            continue;
        }
        let own: Vec<Pair> = pairs.iter().filter(|pair| customer(pair) == of).copied().collect();
        let all = (credits.len() > 1).then(|| credits.clone());
        for credits in credits.iter().map(|&credit| vec![credit]).chain(all) {
            let credited = credits.iter().map(|&at| desk.items[at as usize].amount);
            let asked = credited.fold(paid, i64::saturating_sub);
            sets.extend(asking(desk, &own, asked).into_iter().map(|items| [items, credits.clone()].concat()));
        }
    }
    sets
}

/// Items that ask for just this amount, one or several.
fn asking(desk: &Desk, pairs: &[Pair], asked: i64) -> Vec<Vec<u32>> {
    let amount = |item: u32| desk.items[item as usize].amount;
    let alone = pairs.iter().filter(|pair| amount(pair.item) == asked).map(|pair| vec![pair.item]);
    let mut found: Vec<Vec<u32>> = alone.collect();
    for pool in pools(desk, pairs, asked) {
        let amounts: Vec<i64> = pool.iter().map(|&item| amount(item)).collect();
        let sums = adding_up(&amounts, asked, 0).into_iter();
        found.extend(sums.map(|sum| sum.into_iter().map(|at| pool[at]).collect::<Vec<u32>>()));
    }
    found
}
