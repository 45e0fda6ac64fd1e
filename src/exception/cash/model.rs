//! What was learned: how likely a pair is, how likely a set, and from which confidence sets are booked unseen.

use std::cmp::Reverse;

use hashbrown::HashMap;
use linfa::traits::Predict as _;
use ndarray::{Array1, Array2};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::desk::{Desk, Rest};
use super::pair::{Compared, compare};
use super::payer::Habit;
use super::sets::{Pair, Pairs, clear, is_clear_pair};
use crate::base::day::Day;
use crate::model::calibration::Calibration;
use crate::model::probability;
use crate::model::tree::Boost;

/// Receipts scored at a time by a thread.
const CHUNK_RECEIPTS: usize = 256;

/// Pairs of a receipt that are kept: no set is made of less likely ones.
const PAIRS_MAX: usize = 40;
const LOG_ODDS_MIN: f64 = -8.0;

/// A model of cash application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CashModel {
    pub(super) pairs: Boost,
    pub(super) sets: Boost,
    pub(super) calibration: Calibration,
    /// Confidence from which a set is automatic.
    pub(super) automatic_from: f64,
    /// Who paid for whom.
    pub(super) habits: Vec<Habit>,
}

impl CashModel {
    /// Confidence from which a set is automatic.
    pub fn automatic_from(&self) -> f64 {
        self.automatic_from
    }

    /// Probability of each row of a set's features that it is right.
    pub(super) fn confidence<const N: usize>(&self, rows: Vec<[f64; N]>) -> Vec<f64> {
        let log_odds = scores(&self.sets, rows);
        log_odds.into_iter().map(|log_odds| probability(self.calibration.read(log_odds))).collect()
    }
}

/// Log-odds of rows of features.
pub(super) fn scores<const N: usize>(model: &Boost, rows: Vec<[f64; N]>) -> Array1<f64> {
    model.predict(&Array2::from(rows))
}

/// Compares what is left with what it may belong to; `model` gives the booster that judges a receipt, one of few.
pub(super) fn pairs<'m>(desk: &Desk, rest: &Rest, model: impl Fn(usize) -> &'m Boost + Sync) -> Pairs {
    let receipts: Vec<usize> = (0..desk.receipts.len()).collect();
    let of_chunk = |chunk: &[usize]| -> Pairs {
        // Runs of receipts with the same judge are scored at once.
        chunk
            .chunk_by(|&left, &right| std::ptr::eq(model(left), model(right)))
            .flat_map(|run| of_run(desk, rest, run, model(run[0])))
            .collect()
    };
    receipts.par_chunks(CHUNK_RECEIPTS).flat_map_iter(of_chunk).collect()
}

/// Of receipts that each alone settle an item for sure the first keeps it, one that names it before one that does not. Another is
/// no rival: it keeps the next item that it settles as surely, where many ask for the same, or was paid twice.
pub(super) fn twins_out(desk: &Desk, pairs: &mut Pairs) {
    let clear = |at: usize| clear(desk, at as u32, &pairs[at]);
    let rank = |at: usize| {
        let mut clear = clear(at).peekable();
        clear.peek()?;
        Some((!clear.any(|pair| pair.found.exact), desk.receipts[at].day, at))
    };
    let mut order: Vec<(bool, Day, usize)> = (0..pairs.len()).filter_map(rank).collect();
    order.sort_unstable();
    let mut kept: HashMap<u32, usize> = HashMap::new();
    for &(is_unnamed, _, at) in &order {
        // What names an item takes no other from those that name none.
        let own = clear(at).find(|pair| pair.found.exact != is_unnamed && !kept.contains_key(&pair.item));
        if let Some(pair) = own {
            kept.insert(pair.item, at);
        }
    }
    for (_, _, at) in order {
        let is_anothers = |pair: &Pair| kept.get(&pair.item).is_some_and(|&keeper| keeper != at);
        pairs[at].retain(|pair| !(is_anothers(pair) && is_clear_pair(desk, at as u32, pair)));
    }
}

fn of_run(desk: &Desk, rest: &Rest, receipts: &[usize], model: &Boost) -> Pairs {
    let of = |&receipt: &usize| {
        if !rest.receipts[receipt] {
            return Vec::new();
        }
        compare(desk, rest, receipt, &desk.index.candidates(desk, rest, receipt))
    };
    let compared: Vec<Vec<Compared>> = receipts.iter().map(of).collect();
    let mut log_odds = scores(model, compared.iter().flatten().map(|pair| pair.row).collect()).into_iter();
    compared.into_iter().map(|compared| kept(compared, &mut log_odds)).collect()
}

/// The likeliest pairs of a receipt, from its comparisons and the scores that follow for them.
fn kept(compared: Vec<Compared>, log_odds: &mut impl Iterator<Item = f64>) -> Vec<Pair> {
    // What the payer writes is kept, however unlikely the rest makes it.
    let scored = compared.into_iter().zip(log_odds);
    let scored = scored.filter(|(pair, log_odds)| *log_odds >= LOG_ODDS_MIN || pair.found.exact);
    let mut pairs: Vec<Pair> = scored
        .map(|(pair, log_odds)| Pair { item: pair.item, log_odds: log_odds as f32, found: pair.found })
        .collect();
    // Of equally likely ones what is named comes first: a model that saw little tells hardly any apart.
    let rank = |pair: &Pair| (Reverse(pair.found.exact), pair.item);
    pairs.sort_by(|left, right| {
        right.log_odds.total_cmp(&left.log_odds).then_with(|| rank(left).cmp(&rank(right)))
    });
    pairs.truncate(PAIRS_MAX);
    pairs
}
