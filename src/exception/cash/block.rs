//! Which items are worth comparing with a receipt: by pieces of references, by amount, and by who may have paid. Each
//! list is bounded, so that the work grows with the number of receipts.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::desk::{Desk, References, Rest, off, rounding};
use super::payer::Directory;
use super::text::sharing_most;
use super::{Item, Receipt};
use crate::base::day::Day;
use crate::base::money::Currency;

/// Signs of a piece of a reference. Of ten digits with one wrong, two swapped or one left out five or more in a row are
/// right; what has fewer is found by amount or payer.
const PIECE_SIGNS: usize = 6;

/// A piece that more items have says too little.
const PIECE_ITEMS_MAX: usize = 60;

/// Most items by pieces, by amount, and of each customer that may have paid.
const BY_PIECE_MAX: usize = 24;
const BY_AMOUNT_MAX: usize = 16;
const BY_CUSTOMER_MAX: usize = 64;

/// Items of like amount that are looked at, for those nearest in amount.
const AMOUNTS_SEEN_MAX: usize = 64;

/// A small difference, in minor units, that an amount may be off where no reference leads to the item.
pub(super) const SMALL_DIFFERENCE: i64 = 100;

/// What items are found by.
pub(super) struct Index {
    /// Pieces of references with the items that have them, sorted.
    pieces: Vec<(u32, u32)>,
    /// Amounts, full and less discount, by currency, sorted.
    amounts: HashMap<Currency, Vec<(i64, u32)>>,
    /// Items by customer, sorted; and where each customer begins.
    by_customer: Vec<Claim>,
    begins: Vec<usize>,
    /// Credit notes by customer and currency, the oldest first. They are found by nothing else: no receipt settles them alone.
    credits: HashMap<(u32, Currency), Vec<u32>>,
}

/// A customer's item with what it is looked up by, so that those of many customers need not be fetched for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    currency: Currency,
    due: Day,
    item: u32,
}

impl Index {
    pub(super) fn new(items: &[&Item], references: &References, directory: &Directory) -> Self {
        let of_item =
            |&item: &u32| references.of(item as usize).flat_map(pieces).map(move |piece| (piece, item));
        let (credits, claims): (Vec<u32>, Vec<u32>) =
            (0..items.len() as u32).partition(|&at| items[at as usize].amount < 0);
        let mut pieces: Vec<(u32, u32)> =
            claims.par_iter().flat_map_iter(|item| of_item(item).collect::<Vec<_>>()).collect();
        pieces.par_sort_unstable();
        pieces.dedup();
        let mut amounts: HashMap<Currency, Vec<(i64, u32)>> = HashMap::new();
        for (at, item) in claims.iter().map(|&at| (at, items[at as usize])) {
            let list = amounts.entry(item.currency).or_default();
            list.push((item.amount, at));
            list.extend(item.discount.map(|discount| (item.amount.saturating_sub(discount.amount), at)));
        }
        amounts.values_mut().for_each(|list| list.par_sort_unstable());
        let claim = |&at: &u32| {
            let item = items[at as usize];
            (directory.of_item[at as usize], Claim { currency: item.currency, due: item.due, item: at })
        };
        let mut sorted: Vec<(u32, Claim)> = claims.iter().map(claim).collect();
        sorted.par_sort_unstable();
        let mut begins = vec![0; directory.customers + 1];
        for (customer, _) in &sorted {
            begins[*customer as usize + 1] += 1;
        }
        (1..begins.len()).for_each(|at| begins[at] += begins[at - 1]);
        let by_customer = sorted.into_iter().map(|(_, claim)| claim).collect();
        Self { pieces, amounts, by_customer, begins, credits: by_age(items, directory, credits) }
    }

    /// Credit notes of a customer, the oldest first.
    pub(super) fn credits(&self, customer: u32, currency: Currency) -> &[u32] {
        self.credits.get(&(customer, currency)).map_or(&[], Vec::as_slice)
    }

    /// Items worth comparing with a receipt, each once, in rising order: none where no money came in.
    pub(super) fn candidates(&self, desk: &Desk, rest: &Rest, at: usize) -> Vec<u32> {
        let receipt = desk.receipts[at];
        if receipt.amount.is_some_and(|amount| amount <= 0) {
            return Vec::new();
        }
        let is_free = |item: u32| rest.items[item as usize];
        let mut found = self.by_pieces(&desk.memos[at].signs, |item| {
            is_free(item) && desk.items[item as usize].currency == receipt.currency
        });
        found.extend(self.by_amount(receipt, is_free));
        for customer in desk.directory.suspects(&rest.votes, at) {
            found.extend(self.of_customer(receipt, customer, is_free));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Items that share most pieces of their references with a text.
    fn by_pieces(&self, text: &[u8], fits: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        for piece in pieces(text) {
            let from = self.pieces.partition_point(|entry| entry.0 < piece);
            let rest = self.pieces.get(from..).unwrap_or_default();
            let same = rest.iter().take(PIECE_ITEMS_MAX + 1).take_while(|entry| entry.0 == piece);
            let before = found.len();
            found.extend(same.map(|entry| entry.1));
            if found.len() - before > PIECE_ITEMS_MAX {
                found.truncate(before);
            }
        }
        found.retain(|&item| fits(item));
        sharing_most(found, BY_PIECE_MAX).collect()
    }

    /// Items of nearly the amount of a receipt, the nearest.
    fn by_amount(&self, receipt: &Receipt, fits: impl Fn(u32) -> bool) -> Vec<u32> {
        let (Some(amount), Some(list)) = (receipt.amount, self.amounts.get(&receipt.currency)) else {
            return Vec::new();
        };
        let most = SMALL_DIFFERENCE.max(rounding(amount));
        let middle = list.partition_point(|entry| entry.0 < amount);
        let (below, above) = list.split_at(middle);
        let near = |entry: &&(i64, u32)| off(entry.0, amount) <= most;
        let below = below.iter().rev().take_while(near).filter(|entry| fits(entry.1)).take(AMOUNTS_SEEN_MAX);
        let above = above.iter().take_while(near).filter(|entry| fits(entry.1)).take(AMOUNTS_SEEN_MAX);
        let mut found: Vec<(i64, u32)> =
            below.chain(above).map(|&(other, item)| (off(other, amount), item)).collect();
        found.sort_unstable();
        found.into_iter().take(BY_AMOUNT_MAX).map(|(_, item)| item).collect()
    }

    /// Items of a customer in a receipt's currency, those due nearest to its day.
    pub(super) fn of_customer(
        &self,
        receipt: &Receipt,
        customer: u32,
        fits: impl Fn(u32) -> bool,
    ) -> Vec<u32> {
        let range = |at: usize| self.begins.get(at).copied().unwrap_or(self.by_customer.len());
        let own = self.by_customer.get(range(customer as usize)..range(customer as usize + 1));
        let own = own.unwrap_or_default();
        let middle =
            own.partition_point(|claim| (claim.currency, claim.due) < (receipt.currency, receipt.day));
        let (earlier, later) = own.split_at(middle);
        let fits = |claim: &&Claim| claim.currency == receipt.currency && fits(claim.item);
        let seen = 4 * BY_CUSTOMER_MAX;
        let earlier = earlier.iter().rev().take(seen).filter(fits).take(BY_CUSTOMER_MAX);
        let later = later.iter().take(seen).filter(fits).take(BY_CUSTOMER_MAX);
        let mut found: Vec<&Claim> = earlier.chain(later).collect();
        found.sort_unstable_by_key(|claim| (claim.due.0.abs_diff(receipt.day.0), claim.item));
        found.truncate(BY_CUSTOMER_MAX);
        found.into_iter().map(|claim| claim.item).collect()
    }
}

/// Credit notes by customer and currency.
fn by_age(
    items: &[&Item],
    directory: &Directory,
    mut credits: Vec<u32>,
) -> HashMap<(u32, Currency), Vec<u32>> {
    credits.sort_unstable_by_key(|&at| (items[at as usize].issued, at));
    let mut by_age: HashMap<(u32, Currency), Vec<u32>> = HashMap::new();
    for at in credits {
        let key = (directory.of_item[at as usize], items[at as usize].currency);
        by_age.entry(key).or_default().push(at);
    }
    by_age
}

/// Every run of [`PIECE_SIGNS`] signs as one number: 36⁶ fits into 32 bits.
fn pieces(signs: &[u8]) -> impl Iterator<Item = u32> {
    signs.windows(PIECE_SIGNS).map(|run| {
        run.iter().fold(0_u64, |sum, &sign| {
            let value =
                if sign.is_ascii_digit() { sign - b'0' } else { (sign | 0x20).wrapping_sub(b'a') + 10 };
            sum * 36 + u64::from(value)
        }) as u32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_runs_of_six_signs() {
        assert_eq!(pieces(b"12345").count(), 0);
        assert_eq!(pieces(b"000012").collect::<Vec<_>>(), [38]);
        assert_eq!(pieces(b"0000123").count(), 2);
        // 36⁶ fits into 32 bits.
        assert_eq!(pieces(b"ZZZZZZ").collect::<Vec<_>>(), [36_u32.pow(6) - 1]);
    }
}
