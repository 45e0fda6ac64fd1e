//! Bills that are unlike the others, found without a single mark of what is wrong: a place to look when no rule speaks.
//!
//! Three measures are taken of each bill, and their ranks averaged, since none is better everywhere: how fast random cuts
//! part it from the rest ([`isolation`], strong on what is far from everything), how far its nearest bills are
//! ([`neighbour`], strong on what is odd among its like), and how rare its attributes are for its supplier ([`feature`]).
//! There is no threshold, and no share that is declared odd beforehand: a reviewer's time decides how many are shown.

mod feature;
mod isolation;
mod neighbour;
mod reason;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::base::error::{Code, Error, Result};
use crate::exception::duplicate::Bill;
use feature::Features;

/// Fewest bills among which one can be odd.
const BILLS_MIN: usize = 50;

/// A bill that is unlike the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Anomaly {
    /// Its position among those given.
    pub bill: usize,
    /// Mean of its three ranks among all bills, from 0 to 1.
    pub oddness: f64,
    /// What is unusual, with the values, the most unusual first.
    pub reasons: Vec<String>,
}

/// The oddest bills, as many as will be reviewed. The order of the bills does not matter.
pub fn oddest(bills: &[Bill], reviews: usize, seed: u64) -> Result<Vec<Anomaly>> {
    if bills.len() < BILLS_MIN {
        let detail = format!("{} bills, and one is odd among {BILLS_MIN} or more", bills.len());
        return Err(Error::new(Code::HistoryTooShort).detail(detail));
    }
    let mut order: Vec<usize> = (0..bills.len()).collect();
    order.par_sort_by(|&left, &right| match (bills.get(left), bills.get(right)) {
        (Some(left), Some(right)) => left.order_key().cmp(&right.order_key()),
        _ => left.cmp(&right),
    });
    let sorted: Vec<Bill> = order.iter().filter_map(|&at| bills.get(at)).copied().collect();
    let features = Features::new(&sorted);
    let scaled = features.scaled();
    let measures =
        [isolation::oddness(&scaled, seed), neighbour::distances(&scaled, seed)?, features.rarity()];
    let ranks = measures.map(|measure| ranks(&measure));
    let mean = |at: usize| ranks.iter().filter_map(|ranks| ranks.get(at)).sum::<f64>() / ranks.len() as f64;
    let mut oddest: Vec<(f64, usize)> = (0..sorted.len()).map(|at| (mean(at), at)).collect();
    oddest.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    oddest.truncate(reviews);
    let anomaly = |&(oddness, at): &(f64, usize)| {
        let reasons = reason::reasons(&features, &scaled, sorted.get(at)?, at);
        Some(Anomaly { bill: *order.get(at)?, oddness, reasons })
    };
    Ok(oddest.iter().filter_map(anomaly).collect())
}

/// Ranks from 0 to 1, equals sharing the mean of theirs.
fn ranks(measure: &[f64]) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = measure.iter().copied().zip(0..).collect();
    order.par_sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let mut ranks = vec![0.0; measure.len()];
    let mut below = 0;
    for equals in order.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let rank = (below as f64 + (equals.len() - 1) as f64 / 2.0) / (measure.len() - 1).max(1) as f64;
        below += equals.len();
        for (_, at) in equals {
            if let Some(place) = ranks.get_mut(*at) {
                *place = rank;
            }
        }
    }
    ranks
}
