//! Categories as ranks: a column of codes becomes one of numbers ordered by how often each category's target is met,
//! so that one cut divides the categories into those below and those above.

use std::collections::HashMap;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// Ranks of one column's codes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Ranks {
    feature: usize,
    /// Known codes, ascending.
    codes: Vec<u32>,
    /// Rank of each code.
    places: Vec<u8>,
}

/// Every column of codes and its ranks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Categories(Vec<Ranks>);

/// Most ranks: a bin each.
const RANKS_MAX: usize = 255;

/// Rows by which a category's mean is drawn towards the mean of all, and below which it is pooled with other rare
/// ones.
const RARE_ROWS: f64 = 10.0;

/// Rows, weight, and weighted sum of targets of one category.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    rows: f64,
    weight: f64,
    targets: f64,
}

impl Met {
    fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.weight += other.weight;
        self.targets += other.targets;
    }
}

impl Categories {
    /// Learns the ranks of the columns `features`.
    pub(super) fn learn(
        records: ArrayView2<f64>,
        features: &[usize],
        targets: &[f64],
        weights: &[f64],
    ) -> Self {
        let mean = weighted_mean(targets, weights);
        let ranks = features.iter().map(|&feature| {
            let mut met: HashMap<u32, Met> = HashMap::new();
            let column = records.column(feature);
            for ((&value, &target), &weight) in column.iter().zip(targets).zip(weights) {
                if let Some(code) = code(value) {
                    met.entry(code).or_default().add(Met { rows: 1.0, weight, targets: weight * target });
                }
            }
            Ranks::of(feature, met, mean)
        });
        Self(ranks.collect())
    }

    /// The value as trees compare it: a category's rank, missing where the code is unknown; a number as it is.
    pub(super) fn known(&self, feature: usize, value: f64) -> f64 {
        match self.0.iter().find(|ranks| ranks.feature == feature) {
            Some(ranks) => ranks.rank(value),
            None => value,
        }
    }

    /// Replaces the codes of a row of values by their ranks.
    pub(super) fn rank(&self, row: &mut [f64]) {
        for ranks in &self.0 {
            if let Some(value) = row.get_mut(ranks.feature) {
                *value = ranks.rank(*value);
            }
        }
    }

    /// Whether it is whole, and about so many features.
    pub(super) fn fits(&self, features: usize) -> bool {
        self.0.iter().all(|ranks| {
            ranks.feature < features
                && ranks.codes.len() == ranks.places.len()
                && ranks.codes.is_sorted_by(|one, next| one < next)
        })
    }
}

impl Ranks {
    fn of(feature: usize, met: HashMap<u32, Met>, mean: f64) -> Self {
        let mut met: Vec<(u32, Met)> = met.into_iter().collect();
        // The most frequent first; the code decides between equals, so that the order of the map does not.
        met.sort_unstable_by(|(code, one), (other, two)| two.rows.total_cmp(&one.rows).then(code.cmp(other)));
        let frequent = met.iter().take_while(|(_, met)| met.rows >= RARE_ROWS).count().min(RANKS_MAX - 1);
        let mut pool = Met::default();
        met[frequent..].iter().for_each(|&(_, rare)| pool.add(rare));
        let smooth = |met: Met| (met.targets + mean * RARE_ROWS) / (met.weight + RARE_ROWS);
        let (frequent, rare) = met.split_at(frequent);
        let mut order: Vec<(f64, Option<u32>)> =
            frequent.iter().map(|&(code, met)| (smooth(met), Some(code))).collect();
        order.push((smooth(pool), None));
        order.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let mut ranks = Vec::with_capacity(met.len());
        for (rank, (_, code)) in (0..=u8::MAX).zip(order) {
            match code {
                Some(code) => ranks.push((code, rank)),
                None => ranks.extend(rare.iter().map(|&(code, _)| (code, rank))),
            }
        }
        ranks.sort_unstable();
        let (codes, places) = ranks.into_iter().unzip();
        Self { feature, codes, places }
    }

    fn rank(&self, value: f64) -> f64 {
        let known = code(value).and_then(|code| self.codes.binary_search(&code).ok());
        known.and_then(|at| self.places.get(at)).map_or(f64::NAN, |&rank| f64::from(rank))
    }
}

/// Mean of the targets, zero without any weight.
pub(super) fn weighted_mean(targets: &[f64], weights: &[f64]) -> f64 {
    let weight: f64 = weights.iter().sum();
    let sum: f64 = targets.iter().zip(weights).map(|(target, weight)| target * weight).sum();
    if weight > 0.0 { sum / weight } else { 0.0 }
}

/// The code that a value is, if it is a whole number of its range.
fn code(value: f64) -> Option<u32> {
    let whole = value >= 0.0 && value <= f64::from(u32::MAX) && value.fract() == 0.0;
    whole.then_some(value as u32)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    /// Codes 7, 3 and 9 with twenty rows each, met never, always and half the time; 4 and 5 are rare and always met.
    fn learned() -> Categories {
        let mut rows: Vec<(f64, f64)> = Vec::new();
        for at in 0..20 {
            rows.extend([(7.0, 0.0), (3.0, 1.0), (9.0, f64::from(at % 2))]);
        }
        rows.extend([(4.0, 1.0), (5.0, 1.0), (2.5, 1.0), (f64::NAN, 1.0), (-1.0, 0.0)]);
        let records = Array2::from_shape_fn((rows.len(), 1), |(row, _)| rows[row].0);
        let targets: Vec<f64> = rows.iter().map(|row| row.1).collect();
        Categories::learn(records.view(), &[0], &targets, &vec![1.0; rows.len()])
    }

    #[test]
    fn categories_are_ordered_by_their_smoothed_mean() {
        let ranks = learned();
        // Means: 7 lowest, 9 next, then the two pooled ones drawn to the mean of all, 3 highest.
        for (code, rank) in [(7.0, 0.0), (9.0, 1.0), (4.0, 2.0), (5.0, 2.0), (3.0, 3.0)] {
            assert_eq!((code, ranks.known(0, code)), (code, rank));
        }
    }

    #[test]
    fn what_was_not_seen_or_is_no_code_is_missing() {
        let ranks = learned();
        for value in [6.0, 2.5, -1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert!(ranks.known(0, value).is_nan(), "{value}");
        }
        assert_eq!(Some(ranks.known(1, 6.0)), Some(6.0));
    }

    #[test]
    fn more_categories_than_ranks_are_pooled() {
        let records = Array2::from_shape_fn((20_000, 1), |(row, _)| (row % 1_000) as f64);
        let targets: Vec<f64> = (0..20_000).map(|row| f64::from(row % 2)).collect();
        let categories = Categories::learn(records.view(), &[0], &targets, &vec![1.0; 20_000]);
        assert_eq!(categories.0[0].codes.len(), 1_000);
        assert_eq!(categories.0[0].places.iter().max(), Some(&254));
    }

    #[test]
    fn a_damaged_table_does_not_fit() {
        let mut categories = learned();
        assert!(categories.fits(1) && !categories.fits(0));
        categories.0[0].places.pop();
        assert!(!categories.fits(1));
    }
}
