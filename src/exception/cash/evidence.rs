//! What a set must have before it is proposed, and before it is booked unseen, whatever the model says: among many amounts
//! some agree by chance, and a model that saw few such chances believes them.

use hashbrown::{HashMap, HashSet};

use super::block::SMALL_DIFFERENCE;
use super::desk::{Desk, Rest, SPOKEN_FOR_SIGNS_MIN, off, rounding};
use super::difference::{Cause, Difference};
use super::guard::Guard;
use super::set_row::{members, pair};
use super::sets::{MIXED_MAX, Pair, Pairs};
use super::sums::adding_up;
use super::{Set, reason};
use crate::exception::policy::tolerance::Tolerance;

/// Log-odds from which a pair is more likely right than wrong.
pub(super) const LOG_ODDS_MIN: f32 = 0.0;

/// Likeness from which a reference is more than chance.
const NEARLY_MIN: f32 = 0.6;

/// Likeness from which it is one written by hand.
pub(super) const LIKENESS_MIN: f32 = 0.85;

/// What receipts name: their whole reference stands in the memo, and the payer is theirs or the rest fits too.
pub(super) struct Meant {
    /// The items of each receipt, in rising order.
    items: Vec<Vec<u32>>,
    /// The receipts of each item.
    receipts: HashMap<u32, Vec<u32>>,
}

/// What each receipt names.
pub(super) fn meant(desk: &Desk, rest: &Rest, pairs: &Pairs) -> Meant {
    let of = |(receipt, pairs): (u32, &Vec<Pair>)| {
        let mut items: Vec<u32> =
            pairs.iter().filter(|pair| names(desk, rest, receipt, pair)).map(|pair| pair.item).collect();
        items.sort_unstable();
        items
    };
    let items: Vec<Vec<u32>> = (0..).zip(pairs).map(of).collect();
    let mut receipts: HashMap<u32, Vec<u32>> = HashMap::new();
    for (receipt, items) in (0..).zip(&items) {
        for &item in items {
            receipts.entry(item).or_default().push(receipt);
        }
    }
    Meant { items, receipts }
}

impl Meant {
    /// Whether a receipt that is still free names an item of a set, and none of the set does so.
    fn is_anothers(&self, rest: &Rest, set: &Set) -> bool {
        set.items.iter().filter_map(|item| self.receipts.get(item)).any(|receipts| {
            !receipts.iter().any(|receipt| set.receipts.contains(receipt))
                && receipts.iter().any(|&receipt| rest.receipts[receipt as usize])
        })
    }
}

/// Whether a receipt names an item by its whole reference.
pub(super) fn names(desk: &Desk, rest: &Rest, receipt: u32, pair: &Pair) -> bool {
    let customer = desk.directory.of_item[pair.item as usize];
    let is_payers = || desk.directory.suspects(&rest.votes, receipt as usize).contains(&customer);
    let is_whole = pair.found.exact && usize::from(pair.found.length) >= SPOKEN_FOR_SIGNS_MIN;
    is_whole && (pair.log_odds >= LOG_ODDS_MIN || is_payers())
}

/// Whether a receipt of the set means something else: it names items and none of the set's, or others too, where the money does not
/// settle the set, or only nearly and with items that are not named. What the payer writes goes before what adds up.
fn is_meant_otherwise(desk: &Desk, set: &Set, meant: &Meant, agrees: bool) -> bool {
    let own = |item: &u32| set.items.binary_search(item).is_ok();
    let settles = |named: usize| {
        agrees && named > 0 && (named == desk.claims(set).count() || desk.short(set) == Some(0))
    };
    let means_others = |items: &Vec<u32>| {
        let of_set = items.iter().filter(|item| own(item)).count();
        of_set < items.len() && !settles(of_set)
    };
    set.receipts.iter().any(|&receipt| meant.items.get(receipt as usize).is_some_and(means_others))
}

/// Whether a set may be proposed: no receipt of it names something else, none that is free names its items, it is no loose sum, and
/// more speaks for it than that amounts nearly agree. A reference is named, or what was paid is to the last unit what was asked, or
/// the payer is known to pay for the customer and either the amounts agree or a reference is but for a slip.
pub(super) fn is_told(
    desk: &Desk,
    guard: &Guard,
    rest: &Rest,
    pairs: &Pairs,
    set: &Set,
    meant: &Meant,
) -> bool {
    let agrees =
        agrees(desk, set) || Difference::of(desk, set, Tolerance::Exact).cause == Cause::UnearnedDiscount;
    if is_meant_otherwise(desk, set, meant, agrees) || is_loose_sum(desk, pairs, set) {
        return false;
    }
    if is_named(pairs, set, None) {
        return true;
    }
    let fits = desk.short(set) == Some(0)
        || (agrees || is_named(pairs, set, Some(LIKENESS_MIN))) && reason::payer(desk, rest, set).is_some();
    fits && !guard.means_own(set) && !meant.is_anothers(rest, set)
}

/// Whether a set is a sum that only nearly agrees, by what no discount explains, and of which some members are named and others not
/// even nearly: the payer means some of it, and among many amounts some always make up the rest.
fn is_loose_sum(desk: &Desk, pairs: &Pairs, set: &Set) -> bool {
    let difference = Difference::of(desk, set, Tolerance::Exact);
    let is_explained = matches!(difference.cause, Cause::AllowedDiscount | Cause::UnearnedDiscount);
    if is_explained || difference.short.is_none_or(|short| short == 0) {
        return false;
    }
    let likeness = |pair: Option<&Pair>| pair.map_or(0.0, |pair| pair.found.likeness);
    let is_any = |is: &dyn Fn(f32) -> bool| members(desk, pairs, set).map(likeness).any(is);
    is_any(&|likeness| likeness >= LIKENESS_MIN) && is_any(&|likeness| likeness < NEARLY_MIN)
}

/// Whether amounts agree by themselves, whatever a policy lets pass: but for little, or for a discount taken in time.
fn agrees(desk: &Desk, set: &Set) -> bool {
    let most = SMALL_DIFFERENCE.max(rounding(desk.asked(set)));
    desk.short(set).is_none_or(|short| short.saturating_abs() <= most)
        || Difference::of(desk, set, Tolerance::Exact).cause == Cause::AllowedDiscount
}

/// Receipts whose amount more than one of the sets settles.
pub(super) fn agreeing(desk: &Desk, sets: &[Set]) -> HashSet<u32> {
    let mut seen: HashSet<u32> = HashSet::new();
    let mut agreeing: HashSet<u32> = HashSet::new();
    for set in sets.iter().filter(|set| agrees(desk, set)) {
        if let [receipt] = set.receipts[..]
            && desk.receipts[receipt as usize].amount.is_some()
            && !seen.insert(receipt)
        {
            agreeing.insert(receipt);
        }
    }
    agreeing
}

/// Whether amounts alone chose: no reference is even nearly named, and nobody knows who paid, or the set is a sum or has a rival
/// that fits the amount too, be it a sum of other items of the customer. Among a million items many ask for the same.
pub(super) fn may_be_chance(
    desk: &Desk,
    rest: &Rest,
    pairs: &Pairs,
    set: &Set,
    agreeing: &HashSet<u32>,
) -> bool {
    let is_sum = set.receipts.len() + set.items.len() > 2;
    let has_rival = || set.receipts.iter().any(|receipt| agreeing.contains(receipt));
    let is_strangers = || reason::payer(desk, rest, set).is_none();
    !is_named(pairs, set, Some(NEARLY_MIN))
        && (is_sum || has_rival() || is_strangers() || others_fit(desk, rest, set))
}

/// Whether another item of the customer asks for what the one receipt of a set brings, as nearly as the set's own, or others
/// add up to it. Those due nearest to its day are looked at, whatever the model thinks of them.
fn others_fit(desk: &Desk, rest: &Rest, set: &Set) -> bool {
    let (&[receipt], &[item]) = (&set.receipts[..], &set.items[..]) else { return false };
    let receipt = desk.receipts[receipt as usize];
    let (Some(paid), Some(short)) = (receipt.amount, desk.short(set)) else { return false };
    let asked = |other: u32| desk.items[other as usize].amount;
    let is_other = |other: u32| {
        let is_free = other != item && rest.items[other as usize];
        is_free && desk.items[other as usize].currency == receipt.currency
    };
    let is_twin = |other: u32| is_other(other) && off(asked(other), paid) <= short.saturating_abs();
    let is_part = |other: u32| is_other(other) && (1..paid).contains(&asked(other));
    let customer = desk.directory.of_item[item as usize];
    if !desk.index.of_customer(receipt, customer, is_twin).is_empty() {
        return true;
    }
    let others = desk.index.of_customer(receipt, customer, is_part).into_iter().take(MIXED_MAX);
    let amounts: Vec<i64> = others.map(asked).collect();
    !adding_up(&amounts, paid, short.saturating_abs()).is_empty()
}

/// Whether a receipt names an item of the set, exactly or with at least this likeness.
fn is_named(pairs: &Pairs, set: &Set, likeness_min: Option<f32>) -> bool {
    let named = |receipt: u32, item: u32| {
        pair(pairs, receipt, item).is_some_and(|pair| {
            pair.found.exact || likeness_min.is_some_and(|least| pair.found.likeness >= least)
        })
    };
    set.receipts.iter().any(|&receipt| set.items.iter().any(|&item| named(receipt, item)))
}
