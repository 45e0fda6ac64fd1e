//! Bills that are there twice, with the twin named: the same number written another way, retyped or read wrongly, with a
//! suffix, from two suppliers that are one, billed again in two parts, or sent again under a new number.
//!
//! [`number`] brings printed numbers into forms that can be compared, [`book`] counts how usual everything is for its
//! supplier, [`credit`] leaves out what was taken back, [`block`] chooses the pairs to compare, [`pair`] describes each, and a
//! [`Judge`] says how likely it is a duplicate, unless all that a pair shares is a [`reference`]. The judge learns ([`learn`]) from copies made of the ledger's own bills
//! ([`corrupt`]) against its recurring ones. [`split`] finds bills in two parts, and [`finding`] names twin, kind and reasons.
//!
//! Bills are judged by what is known of the whole list, so give it the bills that were known on the as-of day.

mod alike;
mod bill;
mod block;
mod book;
mod corrupt;
mod credit;
mod finding;
mod learn;
pub(super) mod number;
mod pair;
mod reason;
pub(super) mod reference;
mod split;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use bill::{Bill, BillKind};
pub use finding::{Finding, Kind};
pub use learn::{Judge, Verdict};

use book::Book;
use reference::Uses;

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Most days between the days of issue, or of booking, of two bills that are compared.
    pub window_days: i32,
    /// Least probability of a finding.
    pub probability_min: f64,
    /// Suppliers whose bills repeat and are no duplicates, by [`Bill::supplier`].
    pub exempt: BTreeSet<u32>,
}

impl Default for Search {
    fn default() -> Self {
        Self { window_days: 365, probability_min: 0.5, exempt: BTreeSet::new() }
    }
}

impl Search {
    /// The bills that are likely there twice, the surest first, and of equally sure ones those of the largest amounts for
    /// their currency. The order of the bills does not matter.
    pub fn find(&self, bills: &[Bill], judge: &Judge) -> Vec<Finding> {
        let mut book = Book::new(bills);
        for (stands, bill) in book.stands.iter_mut().zip(&book.bills) {
            *stands &= !self.exempt.contains(&bill.supplier);
        }
        let mut pairs = block::pairs(&book, self.window_days);
        book.compare(&pairs);
        let uses = Uses::of(&book, self.window_days);
        // The judge learned of these too: they are what looks like a repeat and is none.
        pairs.retain(|pair| {
            let is_reference = book.sharing(*pair).is_some_and(|(keys, days)| uses.explain(keys, days));
            !is_reference && !book.are_of_voucher(*pair) && !book.name_apart(*pair)
        });
        let log_odds = judge.log_odds(&book, &pairs);
        let likely = pairs.into_iter().zip(log_odds.into_iter().map(crate::model::probability));
        let likely = likely.filter(|(_, probability)| *probability >= self.probability_min).collect();
        let mut splits = split::splits(&book);
        splits.retain(|split| split.probability() >= self.probability_min);
        finding::findings(&book, likely, &splits)
    }
}
