//! Hands receipts and items out to sets, the surest first and none twice, in rounds: what is settled makes way, and tells
//! who pays for whom.

use rayon::prelude::*;

use super::desk::{Desk, Rest};
use super::difference::Difference;
use super::evidence::{self, Meant};
use super::guard::Guard;
use super::leftover::{self, Leftover};
use super::model::{CashModel, pairs as scored, twins_out};
use super::part;
use super::reason;
use super::sets::{Pairs, candidates, turned};
use super::{Item, Known, Proposal, Receipt, Set, Standing, set_row};
use crate::exception::policy::tolerance::Tolerance;

/// Confidence from which the rounds take sets, the last one until nothing is taken any more. A set that is more likely wrong than
/// right is no proposal.
const FLOORS: [f64; 2] = [0.98, 0.9];
const FLOOR_LAST: f64 = 0.5;

/// Most rounds: of many items alike each takes some forty.
const ROUNDS_MAX: usize = 64;

/// What came of matching. Positions are those of the items and receipts given.
#[derive(Debug, Clone, Default)]
pub struct Applied {
    /// Sets by their receipts, none of which shares a receipt or an item with another.
    pub proposals: Vec<Proposal>,
    /// Receipts that are in no set, and why.
    pub leftovers: Vec<Leftover>,
}

impl CashModel {
    /// Matches receipts with open items. `known` is what speaks against a match, `small` the difference that need not be asked
    /// about.
    pub fn apply(&self, items: &[Item], receipts: &[Receipt], known: &Known, small: Tolerance) -> Applied {
        let desk = Desk::new(items, receipts);
        let guard = Guard::new(&desk, known, &self.habits);
        let mut rest = desk.whole();
        for (left, receipt) in rest.receipts.iter_mut().zip(&desk.receipts) {
            *left = receipt.held.is_none();
        }
        desk.directory.recall(&self.habits, &mut rest.votes);
        let mut proposals = Vec::new();
        let mut pairs = scored(&desk, &rest, |_| &self.pairs);
        let meant = evidence::meant(&desk, &rest, &pairs);
        for round in 0..ROUNDS_MAX {
            let floor = FLOORS.get(round).copied().unwrap_or(FLOOR_LAST);
            if round > 0 {
                pairs = scored(&desk, &rest, |_| &self.pairs);
            }
            guard.clear(&mut pairs);
            twins_out(&desk, &mut pairs);
            let before = rest.clone();
            let turned = turned(&pairs, desk.items.len());
            let sets = candidates(&desk, &rest, &pairs, &turned);
            let agreeing = evidence::agreeing(&desk, &sets);
            let confidence = self.confidence(set_row::rows(&desk, &pairs, &turned, &sets));
            // What the money does not settle is left to what the payers name.
            let settles = |set: &Set| Difference::of(&desk, set, small).may_settle();
            let judged = sets.into_iter().zip(confidence);
            let judged = judged.filter(|(set, confidence)| *confidence >= floor && settles(set));
            let taken = sure(&desk, &guard, &mut rest, &pairs, &meant, judged.collect());
            let is_done = round >= FLOORS.len() && taken.is_empty();
            let judge = |(set, confidence): (Set, f64)| {
                let mut proposal = proposal(&desk, &before, &pairs, set, confidence, small);
                let against = guard.against(&before, &pairs, &proposal.set);
                let is_sure = confidence >= self.automatic_from && against.is_empty();
                let is_sure = is_sure && may_be_booked(&desk, &proposal);
                proposal.reasons.extend(against);
                if is_sure && !evidence::may_be_chance(&desk, &before, &pairs, &proposal.set, &agreeing) {
                    proposal.standing = Standing::Automatic;
                }
                proposal
            };
            proposals.par_extend(taken.into_par_iter().map(judge));
            if is_done {
                break;
            }
        }
        let before = rest.clone();
        for (set, confidence) in part::named(&desk, &guard, &mut rest, &pairs) {
            let mut proposal = proposal(&desk, &before, &pairs, set, confidence, small);
            proposal.reasons.extend(guard.against(&before, &pairs, &proposal.set));
            proposals.push(proposal);
        }
        let leftovers = leftover::all(&desk, &rest, &proposals, &self.pairs, &guard);
        let proposals =
            proposals.into_iter().map(|proposal| Proposal { set: desk.given(&proposal.set), ..proposal });
        let mut applied = Applied { proposals: proposals.collect(), leftovers };
        applied.proposals.sort_by(|left, right| left.set.cmp(&right.set));
        applied
    }
}

/// A set as it is proposed: to settle its items, or, where the money is too little or too much for that and no discount is why, as
/// what the payer means.
fn proposal(
    desk: &Desk,
    rest: &Rest,
    pairs: &Pairs,
    set: Set,
    confidence: f64,
    small: Tolerance,
) -> Proposal {
    let difference = Difference::of(desk, &set, small);
    let standing = if difference.may_settle() { Standing::Proposed } else { Standing::Partial };
    let reasons = reason::of(desk, rest, pairs, &set, difference);
    Proposal { set, confidence, standing, difference, reasons }
}

/// Whether a set that is sure enough may be booked unseen: every amount is known, and they agree but for what need not be asked
/// about; nothing of it is held, and no credit note is used up.
fn may_be_booked(desk: &Desk, proposal: &Proposal) -> bool {
    let mut items = proposal.set.items.iter().map(|&item| desk.items[item as usize]);
    let is_plain = items.all(|item| !item.held && item.amount >= 0);
    is_plain && proposal.difference.short.is_some() && proposal.difference.settles()
}

/// Takes sets, the surest first, that share nothing with one taken before.
fn sure(
    desk: &Desk,
    guard: &Guard,
    rest: &mut Rest,
    pairs: &Pairs,
    meant: &Meant,
    mut judged: Vec<(Set, f64)>,
) -> Vec<(Set, f64)> {
    // Of equals the one that was paid first: a second payment of the same is the duplicate.
    let paid = |set: &Set| set.receipts.iter().map(|&at| desk.receipts[at as usize].day).max();
    judged.sort_by(|left, right| {
        right.1.total_cmp(&left.1).then(paid(&left.0).cmp(&paid(&right.0))).then(left.0.cmp(&right.0))
    });
    judged.retain(|(set, _)| {
        let taken = is_free(rest, set) && evidence::is_told(desk, guard, rest, pairs, set, meant);
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
