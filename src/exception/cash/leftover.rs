//! Receipts in no set, and why.

use hashbrown::{HashMap, HashSet};

use super::desk::{Desk, Rest};
use super::guard::Guard;
use super::model::pairs;
use super::{Hold, Proposal, Set};
use crate::base::money::Currency;
use crate::model::tree::Boost;

/// Likeness of names from which a payer is known.
pub(super) const NAME_MIN: f32 = 0.93;

/// Log-odds from which a receipt means an item that is settled already.
const MEANT_MIN: f32 = 4.0;

/// A receipt in no set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leftover {
    /// Position of the receipt.
    pub receipt: u32,
    /// Why.
    pub why: Why,
}

/// Why a receipt is in no set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is not to be applied.
    Held(Hold),
    /// It would settle an item that another receipt settles.
    Duplicate {
        /// Position of the other receipt.
        of: u32,
        /// Position of the item.
        item: u32,
    },
    /// The payer is known, and nothing open fits.
    Unapplied,
    /// Nobody knows who paid.
    Unidentified,
}

/// Every receipt that is left.
pub(super) fn all(
    desk: &Desk,
    rest: &Rest,
    proposals: &[Proposal],
    model: &Boost,
    guard: &Guard,
) -> Vec<Leftover> {
    let mut taken: HashMap<u32, &Proposal> = HashMap::new();
    for proposal in proposals {
        taken.extend(proposal.set.items.iter().map(|&item| (item, proposal)));
    }
    // Unless it is named again, nothing is paid twice while as much is still open.
    let open: HashSet<(u32, Currency, i64)> =
        (0..desk.items.len()).filter(|&item| rest.items[item]).map(|item| asked(desk, item)).collect();
    // What is left, compared with everything there was.
    let mut again = rest.clone();
    again.items.fill(true);
    let pairs = pairs(desk, &again, |_| model);
    let [items, receipts] = &desk.places;
    let why = |at: usize| {
        let receipt = desk.receipts[at];
        if let Some(hold) = receipt.held {
            return Why::Held(hold);
        }
        if receipt.amount.is_some_and(|amount| amount <= 0) {
            return Why::Held(Hold::Returned);
        }
        let means_other = |item: u32| guard.means_own(&Set::one(at as u32, item));
        // What is named goes before what is likely.
        let named = pairs[at].iter().filter(|pair| pair.found.exact);
        let likely = pairs[at].iter().filter(|pair| pair.log_odds >= MEANT_MIN && !means_other(pair.item));
        let meant = named.chain(likely);
        let twin = meant.filter_map(|pair| Some((pair, *taken.get(&pair.item)?))).find(|(pair, twin)| {
            let again = receipt.amount.is_none() || desk.is_equal(at as u32, pair.item);
            let is_told = pair.found.exact || !open.contains(&asked(desk, pair.item as usize));
            again && is_told && twin.set.items.len() == 1
        });
        if let Some((pair, twin)) = twin {
            let of = twin.set.receipts.first().map_or(0, |&at| receipts[at as usize]);
            return Why::Duplicate { of, item: items[pair.item as usize] };
        }
        if knows(desk, rest, at) { Why::Unapplied } else { Why::Unidentified }
    };
    let left = (0..desk.receipts.len()).filter(|&at| rest.receipts[at] || desk.receipts[at].held.is_some());
    let mut leftovers: Vec<Leftover> =
        left.map(|at| Leftover { receipt: receipts[at], why: why(at) }).collect();
    leftovers.sort_unstable();
    leftovers
}

/// What of an item another has too: customer, currency and amount.
fn asked(desk: &Desk, item: usize) -> (u32, Currency, i64) {
    let one = desk.items[item];
    (desk.directory.of_item[item], one.currency, one.amount)
}

/// Whether the payer of a receipt is known: stated, of a customer's name, or seen to pay for one.
fn knows(desk: &Desk, rest: &Rest, receipt: usize) -> bool {
    let named = desk.directory.alike(receipt).first().is_some_and(|(_, likeness)| *likeness >= NAME_MIN);
    let suspects = desk.directory.suspects(&rest.votes, receipt);
    let seen = suspects.iter().any(|&customer| {
        desk.directory.share(&rest.votes, receipt, customer).is_some_and(|share| share > 0.0)
    });
    desk.directory.stated[receipt].is_some() || named || seen
}
