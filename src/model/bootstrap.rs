//! How far chance could have moved a figure: resampled by whole customers, since a customer's invoices are alike and do not
//! count as so many independent ones.

use hashbrown::HashMap;
use rand::Rng as _;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::metrics::{Order, Scored};
use crate::base::seed;

/// Resamples taken: the ends of a 95 % interval are then the fifth from either end.
const RESAMPLES: u64 = 200;
const SEED: u64 = 1;

/// A model's intervals of 95 %, and how surely it is better than another on the same rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Name of the model.
    pub model: String,
    /// Of the area under the ROC curve.
    pub auc: [f64; 2],
    /// Of the Brier score.
    pub brier: [f64; 2],
    /// Name of the other.
    pub than: String,
    /// Share of resamples in which its AUC is above the other's.
    pub auc_better: f64,
    /// Share of resamples in which its Brier score is below the other's.
    pub brier_better: f64,
}

/// The customers of some rows, numbered.
pub struct Clusters {
    of_row: Vec<u32>,
    count: usize,
}

impl Clusters {
    /// Numbers the customers of rows.
    pub fn new(customers: impl Iterator<Item = u32>) -> Self {
        let mut numbers: HashMap<u32, u32> = HashMap::new();
        let of_row = customers
            .map(|customer| {
                let next = numbers.len() as u32;
                *numbers.entry(customer).or_insert(next)
            })
            .collect();
        Self { of_row, count: numbers.len() }
    }

    /// How often each customer is drawn in a resample.
    fn draw(&self, resample: u64) -> Vec<f64> {
        let mut random = seed::stream(SEED, "bootstrap", resample);
        let mut times = vec![0.0; self.count];
        for _ in 0..self.count {
            times[random.gen_range(0..self.count)] += 1.0;
        }
        times
    }
}

/// Resamples a model beside another: the rows of both in the same order, by their customers.
pub fn spread(model: (&str, &[Scored]), other: (&str, &[Scored]), clusters: &Clusters) -> Spread {
    let orders = [Order::new(model.1), Order::new(other.1)];
    let figures: Vec<[(f64, f64); 2]> = (0..RESAMPLES)
        .into_par_iter()
        .map(|resample| {
            let times = clusters.draw(resample);
            let weight = |at: usize| times[clusters.of_row[at] as usize];
            let measure = |order: &Order, rows: &[Scored]| {
                let weighed = (0..rows.len()).map(weight);
                let sum: f64 =
                    rows.iter().zip(weighed.clone()).map(|(row, weight)| weight * row.brier()).sum();
                (order.auc(&weight), sum / weighed.sum::<f64>())
            };
            [measure(&orders[0], model.1), measure(&orders[1], other.1)]
        })
        .collect();
    let interval = |of: fn(&(f64, f64)) -> f64| {
        // A resample of one class has no ranking.
        let mut values: Vec<f64> =
            figures.iter().map(|[model, _]| of(model)).filter(|of| of.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let from_either_end = values.len() / 40;
        let end = |at: Option<usize>| at.and_then(|at| values.get(at)).copied();
        let low = end(Some(from_either_end)).unwrap_or(0.0);
        [low, end(values.len().checked_sub(1 + from_either_end)).unwrap_or(1.0)]
    };
    let share = |is_better: fn(&[(f64, f64); 2]) -> bool| {
        figures.iter().filter(|both| is_better(both)).count() as f64 / figures.len() as f64
    };
    Spread {
        model: model.0.to_owned(),
        auc: interval(|figures| figures.0),
        brier: interval(|figures| figures.1),
        than: other.0.to_owned(),
        auc_better: share(|[model, other]| model.0 > other.0),
        brier_better: share(|[model, other]| model.1 < other.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(n: usize, sharpness: f64) -> Vec<Scored> {
        let mut random = seed::stream(3, "rows", 0);
        (0..n)
            .map(|_| {
                let truth: f64 = random.gen_range(-2.0..2.0);
                let late = random.gen_range(0.0..1.0) < super::super::probability(truth);
                Scored { probability: super::super::probability(truth * sharpness), late, amount: 1.0 }
            })
            .collect()
    }

    #[test]
    fn the_interval_is_as_wide_as_theory_says() {
        // 2,000 independent rows: the standard error of a mean is its standard deviation over √2000.
        let rows = rows(2_000, 1.0);
        let clusters = Clusters::new(0..2_000);
        let found = spread(("a", &rows), ("b", &rows), &clusters);
        let mean = rows.iter().map(Scored::brier).sum::<f64>() / 2_000.0;
        let variance = rows.iter().map(|row| (row.brier() - mean).powi(2)).sum::<f64>() / 2_000.0;
        let half = 1.96 * (variance / 2_000.0).sqrt();
        let [low, high] = found.brier;
        assert!(low < mean && mean < high);
        assert!(((high - low) / 2.0 / half - 1.0).abs() < 0.2, "{low} {high} {half}");
        // The same rows are never better than themselves.
        assert_eq!((found.auc_better, found.brier_better), (0.0, 0.0));
    }

    #[test]
    fn few_customers_make_a_wide_interval() {
        let rows = rows(2_000, 1.0);
        let width = |clusters: &Clusters| {
            let [low, high] = spread(("a", &rows), ("b", &rows), clusters).brier;
            high - low
        };
        // Ten customers, each with its like: rows sorted by how well they are predicted.
        let mut sorted: Vec<usize> = (0..2_000).collect();
        sorted.sort_by(|left, right| rows[*left].brier().total_cmp(&rows[*right].brier()));
        let mut customer = vec![0; 2_000];
        for (place, row) in sorted.into_iter().enumerate() {
            customer[row] = place as u32 / 200;
        }
        assert!(width(&Clusters::new(customer.into_iter())) > 3.0 * width(&Clusters::new(0..2_000)));
    }

    #[test]
    fn a_truer_model_is_surely_better() {
        let (true_rows, too_sure) = (rows(2_000, 1.0), rows(2_000, 4.0));
        let found = spread(("true", &true_rows), ("too sure", &too_sure), &Clusters::new(0..2_000));
        // It ranks the same, and says truer probabilities.
        assert!(found.brier_better > 0.99 && found.auc_better == 0.0, "{found:?}");
    }
}
