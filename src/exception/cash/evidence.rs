//! What a set must have before it is proposed, and before it is booked unseen, whatever the model says: among many amounts
//! some agree by chance, and a model that saw few such chances believes them.

use hashbrown::HashSet;

use super::Set;
use super::desk::{Desk, Rest};
use super::difference::{Cause, Difference};
use super::reason;
use super::set_row::pair;
use super::sets::Pairs;

/// Likeness from which a reference is as good as named where the payer fits too.
const NEARLY_MIN: f32 = 0.6;

/// Whether more speaks for a set than that amounts nearly agree: a reference is named, or what was paid is to the last unit
/// what was asked, or the payer is known to pay for the customer and either the amounts or a reference nearly fit.
pub(super) fn is_told(desk: &Desk, rest: &Rest, pairs: &Pairs, set: &Set, difference: Difference) -> bool {
    let agrees = difference.settles() || difference.cause == Cause::UnearnedDiscount;
    is_named(pairs, set, None)
        || difference.short == Some(0)
        || (agrees || is_named(pairs, set, Some(NEARLY_MIN))) && reason::payer(desk, rest, set).is_some()
}

/// Receipts whose amount more than one of the sets settles.
pub(super) fn agreeing(desk: &Desk, sets: &[Set]) -> HashSet<u32> {
    let mut seen: HashSet<u32> = HashSet::new();
    let mut agreeing: HashSet<u32> = HashSet::new();
    for set in sets.iter().filter(|set| Difference::of(desk, set).settles()) {
        if let [receipt] = set.receipts[..]
            && desk.receipts[receipt as usize].amount.is_some()
            && !seen.insert(receipt)
        {
            agreeing.insert(receipt);
        }
    }
    agreeing
}

/// Whether amounts alone chose among several ways: no reference is even nearly named, and the set is a sum or has a rival that
/// fits the amount too.
pub(super) fn may_be_chance(pairs: &Pairs, set: &Set, agreeing: &HashSet<u32>) -> bool {
    let is_sum = set.receipts.len() + set.items.len() > 2;
    (is_sum || set.receipts.iter().any(|receipt| agreeing.contains(receipt)))
        && !is_named(pairs, set, Some(NEARLY_MIN))
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
