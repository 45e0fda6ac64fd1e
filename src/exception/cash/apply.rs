//! Hands receipts and items out to sets, the surest first and none twice, in rounds: what is settled makes way, and tells
//! who pays for whom.

use super::desk::{Desk, Rest};
use super::difference::Difference;
use super::evidence;
use super::leftover::{self, Leftover};
use super::model::{CashModel, pairs};
use super::part;
use super::reason;
use super::sets::{Pairs, candidates, turned};
use super::{Item, Proposal, Receipt, Set, Standing, set_row};

/// Confidence from which each round takes sets. A set that is more likely wrong than right is no proposal.
const FLOORS: [f64; 4] = [0.98, 0.9, 0.5, 0.5];

/// What came of matching. Positions are those of the items and receipts given.
#[derive(Debug, Clone, Default)]
pub struct Applied {
    /// Sets by their receipts, none of which shares a receipt or an item with another.
    pub proposals: Vec<Proposal>,
    /// Receipts that are in no set, and why.
    pub leftovers: Vec<Leftover>,
}

impl CashModel {
    /// Matches receipts with open items.
    pub fn apply(&self, items: &[Item], receipts: &[Receipt]) -> Applied {
        let desk = Desk::new(items, receipts);
        let mut rest = desk.whole();
        for (left, receipt) in rest.receipts.iter_mut().zip(&desk.receipts) {
            *left = receipt.held.is_none();
        }
        desk.directory.recall(&self.habits, &mut rest.votes);
        let mut proposals = Vec::new();
        let mut pairs = Pairs::new();
        for floor in FLOORS {
            pairs = self.scored(&desk, &rest);
            let before = rest.clone();
            let turned = turned(&pairs, desk.items.len());
            let sets = candidates(&desk, &pairs, &turned);
            let agreeing = evidence::agreeing(&desk, &sets);
            let confidence = self.confidence(set_row::rows(&desk, &pairs, &turned, &sets));
            let judged = sets.into_iter().zip(confidence).filter(|(_, confidence)| *confidence >= floor);
            for (set, confidence) in sure(&desk, &mut rest, &pairs, judged.collect()) {
                let may_be_chance = evidence::may_be_chance(&pairs, &set, &agreeing);
                let mut proposal = self.proposal(&desk, &before, &pairs, set, confidence);
                if may_be_chance {
                    proposal.standing = Standing::Proposed;
                }
                proposals.push(proposal);
            }
        }
        let before = rest.clone();
        for (set, confidence) in part::named(&desk, &mut rest, &pairs) {
            let mut proposal = self.proposal(&desk, &before, &pairs, set, confidence);
            let settles = proposal.difference.settles();
            proposal.standing = if settles { Standing::Proposed } else { Standing::Partial };
            proposals.push(proposal);
        }
        let leftovers = leftover::all(&desk, &rest, &proposals, &self.pairs);
        let proposals =
            proposals.into_iter().map(|proposal| Proposal { set: desk.given(&proposal.set), ..proposal });
        let mut applied = Applied { proposals: proposals.collect(), leftovers };
        applied.proposals.sort_by(|left, right| left.set.cmp(&right.set));
        applied
    }

    fn scored(&self, desk: &Desk, rest: &Rest) -> Pairs {
        pairs(desk, rest, |_| &self.pairs)
    }

    fn proposal(&self, desk: &Desk, rest: &Rest, pairs: &Pairs, set: Set, confidence: f64) -> Proposal {
        let difference = Difference::of(desk, &set);
        let held = set.items.iter().any(|&item| desk.items[item as usize].held);
        let automatic = confidence >= self.automatic_from && difference.settles() && !held;
        let standing = if automatic { Standing::Automatic } else { Standing::Proposed };
        let reasons = reason::of(desk, rest, pairs, &set, difference);
        Proposal { set, confidence, standing, difference, reasons }
    }
}

/// Takes sets, the surest first, that share nothing with one taken before.
fn sure(desk: &Desk, rest: &mut Rest, pairs: &Pairs, mut judged: Vec<(Set, f64)>) -> Vec<(Set, f64)> {
    // Of equals the one that was paid first: a second payment of the same is the duplicate.
    let paid = |set: &Set| set.receipts.iter().map(|&at| desk.receipts[at as usize].day).max();
    judged.sort_by(|left, right| {
        right.1.total_cmp(&left.1).then(paid(&left.0).cmp(&paid(&right.0))).then(left.0.cmp(&right.0))
    });
    judged.retain(|(set, _)| {
        let taken =
            is_free(rest, set) && evidence::is_told(desk, rest, pairs, set, Difference::of(desk, set));
        if taken {
            desk.settle(set, rest);
        }
        taken
    });
    judged
}

/// Whether no member of a set is taken.
pub(super) fn is_free(rest: &Rest, set: &Set) -> bool {
    set.items.iter().all(|&item| rest.items[item as usize])
        && set.receipts.iter().all(|&receipt| rest.receipts[receipt as usize])
}
