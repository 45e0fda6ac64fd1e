//! Log-loss of log-odds: its value, and each row's gradient and hessian, packed for the next tree.

use rayon::prelude::*;

use super::node::Tree;
use super::sums::{Scale, Sum};

/// Rows of a task. It is the same on every machine: sums of floats depend on how they are divided.
const TASK_ROWS: usize = 8_192;

/// The rows' state between trees.
#[derive(Debug)]
pub(super) struct Rounds<'a> {
    targets: &'a [f64],
    weights: &'a [f64],
    /// Log-odds so far.
    scores: Vec<f64>,
    /// Negative gradient and hessian of each row.
    slopes: Vec<[f64; 2]>,
    sums: Vec<Sum>,
}

impl<'a> Rounds<'a> {
    /// Starts with the same log-odds for all.
    pub(super) fn new(targets: &'a [f64], weights: &'a [f64], base: f64) -> Self {
        let rows = targets.len();
        let (slopes, sums) = (vec![[0.0; 2]; rows], vec![Sum::ZERO; rows]);
        Self { targets, weights, scores: vec![base; rows], slopes, sums }
    }

    /// Packs gradients and hessians at the present log-odds. Only rows marked in `taken` count, all if it is empty.
    pub(super) fn pack(&mut self, taken: &[bool]) -> (Scale, &[Sum]) {
        let tasks = self.slopes.par_chunks_mut(TASK_ROWS).zip(self.scores.par_chunks(TASK_ROWS));
        let tasks = tasks.zip(self.targets.par_chunks(TASK_ROWS)).zip(self.weights.par_chunks(TASK_ROWS));
        let totals: Vec<[f64; 2]> = tasks
            .map(|(((slopes, scores), targets), weights)| {
                let mut totals = [0.0; 2];
                for (((slope, score), target), weight) in
                    slopes.iter_mut().zip(scores).zip(targets).zip(weights)
                {
                    let chance = 1.0 / (1.0 + (-score).exp());
                    *slope = [(target - chance) * weight, chance * (1.0 - chance) * weight];
                    totals = [totals[0] + slope[0].abs(), totals[1] + slope[1]];
                }
                totals
            })
            .collect();
        let total = |at: usize| totals.iter().map(|totals| totals[at]).sum();
        let scale = Scale::of(self.targets.len(), total(0), total(1));
        let tasks = self.sums.par_chunks_mut(TASK_ROWS).zip(self.slopes.par_chunks(TASK_ROWS)).enumerate();
        tasks.for_each(|(task, (sums, slopes))| {
            for (sum, [gradient, hessian]) in sums.iter_mut().zip(slopes) {
                *sum = scale.pack(*gradient, *hessian);
            }
            let taken = taken.get(task * TASK_ROWS..).unwrap_or_default();
            for (sum, _) in sums.iter_mut().zip(taken).filter(|(_, taken)| !**taken) {
                *sum = Sum::ZERO;
            }
        });
        (scale, &self.sums)
    }

    /// Adds a tree's values, each leaf's to its rows. These ascend, so that a task finds its part of each list.
    pub(super) fn add(&mut self, tree: &Tree, leaves: &[(u32, &[u32])]) {
        self.scores.par_chunks_mut(TASK_ROWS).enumerate().for_each(|(task, scores)| {
            let first = (task * TASK_ROWS) as u32;
            let end = first + scores.len() as u32;
            for &(node, rows) in leaves {
                let value = tree.values[node as usize];
                let mine = rows.partition_point(|&row| row < first)..rows.partition_point(|&row| row < end);
                for &row in &rows[mine] {
                    scores[(row - first) as usize] += value;
                }
            }
        });
    }
}

/// Weighted mean log-loss.
pub(super) fn log_loss(scores: &[f64], targets: &[f64], weights: &[f64]) -> f64 {
    let losses = scores.iter().zip(targets).zip(weights).map(|((&score, &target), &weight)| {
        // ln(1 + e^s) - t s, written so that it neither overflows nor cancels.
        (score.max(0.0) - target * score + (-score.abs()).exp().ln_1p()) * weight
    });
    losses.sum::<f64>() / weights.iter().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loss_is_the_logarithm_of_the_chance_given_to_what_happened() {
        // Chances of 1/2 and 3/4: ln 2 for the first, ln 4 weighted thrice for the second, which did not happen.
        let loss = log_loss(&[0.0, 3.0_f64.ln()], &[1.0, 0.0], &[1.0, 3.0]);
        assert!((loss - (2.0_f64.ln() + 3.0 * 4.0_f64.ln()) / 4.0).abs() < 1e-15);
        assert_eq!(Some(log_loss(&[1e4], &[0.0], &[1.0])), Some(1e4));
    }

    #[test]
    fn rows_left_out_carry_nothing() {
        let (targets, weights) = ([1.0, 0.0, 1.0], [1.0, 2.0, 1.0]);
        let mut rounds = Rounds::new(&targets, &weights, 0.0);
        let (scale, sums) = rounds.pack(&[true, true, false]);
        // At even odds gradients are half the weight, hessians a quarter.
        let sum: Sum = sums.iter().copied().sum();
        assert_eq!(sums[2], Sum::ZERO);
        assert_eq!((scale.weight(sum), scale.value(sum.gradient() / sum.weight())), (0.75, -0.5 / 0.75));
    }
}
