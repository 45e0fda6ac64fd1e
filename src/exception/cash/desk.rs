//! Items and receipts laid out for matching: texts folded, parties numbered, everything that is looked up indexed once.

use hashbrown::HashSet;
use rayon::prelude::*;

use super::block::Index;
use super::payer::{Directory, Votes, key};
use super::text::{self, Folded};
use super::{Item, Receipt, Set};

/// Signs from which a reference that stands in a memo is no chance.
pub(super) const SPOKEN_FOR_SIGNS_MIN: usize = 4;

/// What a round of matching works on.
pub(super) struct Desk<'a> {
    pub items: Vec<&'a Item>,
    pub receipts: Vec<&'a Receipt>,
    /// Where each item and each receipt stands in what was given.
    pub places: [Vec<u32>; 2],
    pub directory: Directory,
    pub memos: Vec<Folded>,
    pub references: References,
    /// Where each memo has an item's whole reference: what stands there is that item's, and nearly no other's.
    pub spoken_for: Vec<Vec<(u16, u16)>>,
    pub index: Index,
}

/// What is still to be had, and what is known of payers so far.
#[derive(Debug, Clone)]
pub(super) struct Rest {
    pub items: Vec<bool>,
    pub receipts: Vec<bool>,
    pub votes: Votes,
}

/// The folded references of all items, end to end.
#[derive(Debug, Default)]
pub(super) struct References {
    signs: Vec<u8>,
    /// Where each reference ends.
    ends: Vec<u32>,
    /// How many references the items up to each have.
    counts: Vec<u32>,
}

impl References {
    fn new(items: &[&Item]) -> Self {
        let mut this = Self::default();
        for item in items {
            for reference in &item.references {
                this.signs.extend(text::reference(reference));
                this.ends.push(this.signs.len() as u32);
            }
            this.counts.push(this.ends.len() as u32);
        }
        this
    }

    /// The references of an item.
    pub(super) fn of(&self, item: usize) -> impl Iterator<Item = &[u8]> {
        let begin =
            |list: &[u32], at: usize| at.checked_sub(1).and_then(|at| list.get(at)).map_or(0, |&at| at);
        let from = begin(&self.counts, item) as usize;
        let to = self.counts.get(item).map_or(from, |&to| to as usize);
        (from..to).filter_map(move |at| {
            let range = begin(&self.ends, at) as usize..*self.ends.get(at)? as usize;
            self.signs.get(range)
        })
    }
}

impl<'a> Desk<'a> {
    pub(super) fn new(items: &'a [Item], receipts: &'a [Receipt]) -> Self {
        // By number, so that the order in which rows come changes nothing.
        let order_items = order(items.len(), |at| &items[at].id);
        let order_receipts = order(receipts.len(), |at| &receipts[at].id);
        let items: Vec<&Item> = order_items.iter().map(|&at| &items[at as usize]).collect();
        let receipts: Vec<&Receipt> = order_receipts.iter().map(|&at| &receipts[at as usize]).collect();
        let parties = items.iter().map(|item| (key(item), item.name.as_str()));
        let directory = Directory::new(parties, &receipts);
        let memos: Vec<Folded> = receipts.par_iter().map(|receipt| Folded::new(&receipt.memo)).collect();
        let references = References::new(&items);
        let spoken_for = spoken_for(&references, items.len(), &memos);
        let index = Index::new(&items, &references, &directory);
        let places = [order_items, order_receipts];
        Self { items, receipts, places, directory, memos, references, spoken_for, index }
    }

    /// A set of positions on the desk as positions in what was given.
    pub(super) fn given(&self, set: &Set) -> Set {
        let [items, receipts] = &self.places;
        let of = |places: &[u32], members: &[u32]| {
            let mut given: Vec<u32> = members.iter().map(|&at| places[at as usize]).collect();
            given.sort_unstable();
            given
        };
        Set { receipts: of(receipts, &set.receipts), items: of(items, &set.items) }
    }

    /// Everything, before anything is matched.
    pub(super) fn whole(&self) -> Rest {
        Rest {
            items: vec![true; self.items.len()],
            receipts: vec![true; self.receipts.len()],
            votes: self.directory.namesakes(),
        }
    }

    /// Takes a set away and learns from it who pays for whom.
    pub(super) fn settle(&self, set: &Set, rest: &mut Rest) {
        for &item in &set.items {
            rest.items[item as usize] = false;
        }
        let customer = set.items.first().map(|&item| self.directory.of_item[item as usize]);
        for &receipt in &set.receipts {
            rest.receipts[receipt as usize] = false;
            if let Some(customer) = customer {
                self.directory.vote(&mut rest.votes, receipt, customer);
            }
        }
    }

    /// Where the memo of a receipt has a whole reference of an item.
    pub(super) fn named(&self, receipt: u32, item: u32) -> Option<(u16, u16)> {
        let memo = &self.memos[receipt as usize];
        let mut found = self.references.of(item as usize).map(|reference| text::find(reference, memo));
        found.find(|found| found.exact).map(|found| found.span)
    }

    /// Whether a receipt brings what an item asks for, but for rounding.
    pub(super) fn is_equal(&self, receipt: u32, item: u32) -> bool {
        let asked = self.items[item as usize].amount;
        self.receipts[receipt as usize].amount.is_some_and(|paid| off(asked, paid) <= rounding(asked))
    }

    /// The items of a set that ask for money; the others are credit notes.
    pub(super) fn claims<'s>(&'s self, set: &'s Set) -> impl Iterator<Item = u32> + Clone + 's {
        set.items.iter().copied().filter(|&item| self.items[item as usize].amount >= 0)
    }

    /// What all items of a set ask for, less what was credited.
    pub(super) fn asked(&self, set: &Set) -> i64 {
        narrow(self.total(set))
    }

    /// Asked less paid, if the amounts of all receipts are known.
    pub(super) fn short(&self, set: &Set) -> Option<i64> {
        let amount = |&receipt: &u32| self.receipts[receipt as usize].amount.map(i128::from);
        let paid: Option<i128> = set.receipts.iter().map(amount).sum();
        paid.map(|paid| narrow(self.total(set) - paid))
    }

    /// Discounts granted on the items of a set.
    pub(super) fn discount(&self, set: &Set) -> i64 {
        let discounts = set.items.iter().filter_map(|&item| self.items[item as usize].discount);
        narrow(discounts.map(|discount| i128::from(discount.amount)).sum())
    }

    fn total(&self, set: &Set) -> i128 {
        set.items.iter().map(|&item| i128::from(self.items[item as usize].amount)).sum()
    }
}

/// The spans of each memo that are a reference of some item.
fn spoken_for(references: &References, items: usize, memos: &[Folded]) -> Vec<Vec<(u16, u16)>> {
    let known: HashSet<&[u8]> = (0..items)
        .flat_map(|item| references.of(item))
        .filter(|reference| reference.len() >= SPOKEN_FOR_SIGNS_MIN)
        .collect();
    let spans = |memo: &Folded| {
        memo.runs().filter(|(_, signs)| known.contains(signs)).map(|(span, _)| span).collect()
    };
    memos.par_iter().map(spans).collect()
}

fn order<'a>(count: usize, id: impl Fn(usize) -> &'a str) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.sort_by_key(|&at| id(at as usize));
    order
}

/// Difference that rounding leaves of a sum: ten of the minor unit, or a millionth where that is more.
pub(super) fn rounding(amount: i64) -> i64 {
    10 + (amount / 1_000_000).abs()
}

/// How far two amounts are apart.
pub(super) fn off(left: i64, right: i64) -> i64 {
    left.saturating_sub(right).saturating_abs()
}

/// The nearest amount: sums beyond 64 bits are no money, but must not pass for a small one.
fn narrow(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}
