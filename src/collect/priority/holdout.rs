//! What a contact changes, measured: some customers, drawn by lot, are not called for a time, and what became of their debts
//! is compared with what became of those called.

use std::collections::BTreeMap;

use crate::asof::view::LedgerView;
use crate::base::day::AsOf;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::base::seed;
use crate::collect::worklist::Worklist;
use crate::model::score::RiskScore;
use rand::Rng as _;

use super::order::{Place, Priority};
use crate::collect::outcome;

/// Resamples of the customers; the ends of a 95 % interval are then the 25th from either end.
const RESAMPLES: u64 = 1_000;
const SEED: u64 = 1;

/// Which customers are left alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HoldOut {
    share: f64,
    seed: u64,
}

/// An account that stood high enough on a list to be called, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// Its customer.
    pub customer: u32,
    /// Whether it was left alone.
    pub held_out: bool,
    /// Late money-days that were expected of it when the list was made.
    pub expected: f64,
    /// Late money-days that came.
    pub came: f64,
}

/// What contacts did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Customers called, and customers left alone.
    pub customers: [usize; 2],
    /// Share of the late days that the contacts took away: what [`super::Assumptions::speed_up`] assumes.
    pub speed_up: f64,
    /// 95 % of resamples of the customers lie in this.
    pub interval: [f64; 2],
}

impl HoldOut {
    /// Leaves about this share of the customers alone; another seed draws others.
    pub fn new(share: f64, seed: u64) -> Result<Self> {
        if (0.0..1.0).contains(&share) {
            Ok(Self { share, seed })
        } else {
            Err(Error::new(Code::OptionInvalid).detail("a hold-out is a share from 0 to below 1"))
        }
    }

    /// Whether a customer is left alone: by its id alone, so that it is on every list or on none.
    pub fn draws(&self, customer: &str) -> bool {
        seed::stream(self.seed, customer, 0).gen_range(0.0..1.0) < self.share
    }
}

/// A list that was made, with what it was made of.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// The day as of which it was made.
    pub as_of: AsOf,
    /// The scores.
    pub scores: &'a [RiskScore],
    /// Who could be called.
    pub worklist: &'a Worklist,
    /// Who was, and who was held out.
    pub priority: &'a Priority,
}

/// What became, by what a later view shows, of the accounts that stood among the first so many of the list in a currency,
/// those held out beside those called.
pub fn observe(end: &LedgerView, made: &Made, currency: Currency, first: usize) -> Vec<Observed> {
    let observed = |place: &Place, held_out: bool| {
        let account = &made.worklist.calls[place.contact.call].account;
        let mut observed = Observed { customer: account.customer, held_out, expected: 0.0, came: 0.0 };
        for &at in account.scores.iter().filter(|at| !made.worklist.holds.contains_key(at)) {
            let score = &made.scores[at];
            observed.expected += score.item.balance as f64 * score.late_days;
            observed.came += outcome::late(end, score.item, made.as_of).money_days as f64;
        }
        observed
    };
    let groups = [(&made.priority.places, false), (&made.priority.held_out, true)];
    let stood = |place: &&Place| place.contact.list == currency && place.rank <= first;
    let rows = groups
        .into_iter()
        .flat_map(|(places, held_out)| places.iter().filter(stood).map(move |place| (place, held_out)));
    rows.map(|(place, held_out)| observed(place, held_out)).collect()
}

/// Sums of one customer: what was expected and what came.
type Sums = [f64; 2];

/// What contacts did, from the rows of one list's currency or several lists', by the customers called and those left alone; `None` unless both had late money-days expected and the
/// latter had some. What was expected makes the two alike: one large debtor more in a group is then no effect.
pub fn effect(rows: &[Observed]) -> Option<Effect> {
    let mut groups: [BTreeMap<u32, Sums>; 2] = Default::default();
    for row in rows {
        let sums = groups[usize::from(row.held_out)].entry(row.customer).or_default();
        *sums = [sums[0] + row.expected, sums[1] + row.came];
    }
    let groups: [Vec<Sums>; 2] = groups.map(|group| group.into_values().collect());
    let speed_up = speed_up(&groups)?;
    // A resample without a group that can be compared says nothing.
    let drawn = (0..RESAMPLES).filter_map(|resample| self::speed_up(&draw(&groups, resample)));
    let mut resampled: Vec<f64> = drawn.collect();
    resampled.sort_by(f64::total_cmp);
    let from_either_end = resampled.len() / 40;
    let low = *resampled.get(from_either_end)?;
    let high = *resampled.get(resampled.len().checked_sub(1 + from_either_end)?)?;
    Some(Effect { customers: groups.map(|group| group.len()), speed_up, interval: [low, high] })
}

fn speed_up(groups: &[Vec<Sums>; 2]) -> Option<f64> {
    let [called, left_alone] = groups.each_ref().map(|group| {
        let [expected, came] = group.iter().fold([0.0; 2], |sums, one| [sums[0] + one[0], sums[1] + one[1]]);
        (expected > 0.0).then_some(came / expected)
    });
    let left_alone = left_alone.filter(|ratio| *ratio > 0.0)?;
    Some(1.0 - called? / left_alone)
}

fn draw(groups: &[Vec<Sums>; 2], resample: u64) -> [Vec<Sums>; 2] {
    let mut random = seed::stream(SEED, "hold-out", resample);
    groups.each_ref().map(|group| (0..group.len()).map(|_| group[random.gen_range(0..group.len())]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_drawn_by_its_id_and_about_as_often_as_asked() {
        let hold_out = HoldOut::new(0.1, 7).unwrap();
        let drawn =
            |hold_out: &HoldOut| (0..10_000).filter(|id| hold_out.draws(&id.to_string())).collect::<Vec<_>>();
        let first = drawn(&hold_out);
        // Ten in a hundred of 10,000: three standard deviations of 30 either way.
        assert!((910..=1_090).contains(&first.len()), "{}", first.len());
        assert_eq!(first, drawn(&hold_out));
        assert_ne!(first, drawn(&HoldOut::new(0.1, 8).unwrap()));
        assert!(drawn(&HoldOut::new(0.0, 7).unwrap()).is_empty());
        assert!([-0.1, 1.0, f64::NAN].iter().all(|share| HoldOut::new(*share, 7).is_err()));
    }

    fn row(customer: u32, held_out: bool, expected: f64, came: f64) -> Observed {
        Observed { customer, held_out, expected, came }
    }

    #[test]
    fn the_effect_is_the_share_of_late_days_that_those_left_alone_had_more() {
        // Called: 80 of 100 expected; left alone: 60 of 50, 1.2 as much. A third is gone.
        let rows = [
            row(1, false, 60.0, 50.0),
            row(2, false, 40.0, 30.0),
            row(3, true, 30.0, 36.0),
            row(4, true, 20.0, 24.0),
        ];
        let found = effect(&rows).unwrap();
        assert!((found.speed_up - (1.0 - 0.8 / 1.2)).abs() < 1e-12);
        assert_eq!(found.customers, [2, 2]);
        // Those called came to .75 or .83 of what was expected, those left alone to 1.2 always.
        assert!((found.interval[0] - (1.0 - (50.0 / 60.0) / 1.2)).abs() < 1e-12);
        assert!((found.interval[1] - (1.0 - 0.75 / 1.2)).abs() < 1e-12);
        assert_eq!(effect(&rows[..2]), None);
        assert_eq!(effect(&[]), None);
    }
}
