//! Random draws from a seeded stream. Sums and comparisons only where that is enough, so that the draws do
//! not hang on a machine's maths library.

use rand::Rng;

use crate::base::seed::Stream;

/// Uniform draws summed for one normal draw: twelve have a variance of exactly one.
const NORMAL_TERMS: usize = 12;

/// A number in [0, 1).
pub(super) fn unit(rng: &mut Stream) -> f64 {
    rng.gen_range(0.0..1.0)
}

/// True in a `share` of the draws.
pub(super) fn chance(rng: &mut Stream, share: f64) -> bool {
    unit(rng) < share
}

/// A whole number from `low` to `high`, both included; `low` where they are the wrong way round.
pub(super) fn between(rng: &mut Stream, low: i32, high: i32) -> i32 {
    if low < high { rng.gen_range(low..=high) } else { low }
}

/// A draw from the standard normal, its tails cut at six.
pub(super) fn normal(rng: &mut Stream) -> f64 {
    let sum: f64 = (0..NORMAL_TERMS).map(|_| unit(rng)).sum();
    sum - NORMAL_TERMS as f64 / 2.0
}

/// A draw around `median` whose logarithm has this spread.
pub(super) fn log_normal(rng: &mut Stream, median: f64, spread: f64) -> f64 {
    median * (spread * normal(rng)).exp()
}

/// One of the items, all equally likely.
pub(super) fn pick<T: Copy, const N: usize>(rng: &mut Stream, items: &[T; N]) -> T {
    const { assert!(N > 0, "nothing to pick from") };
    items[rng.gen_range(0..N)]
}

/// One of the items, by weight.
pub(super) fn weighted<T: Copy, const N: usize>(rng: &mut Stream, items: &[(u32, T); N]) -> T {
    const { assert!(N > 0, "nothing to pick from") };
    let total: u32 = items.iter().map(|(weight, _)| weight).sum();
    let mut left = rng.gen_range(0..total.max(1));
    for (weight, item) in items {
        if left < *weight {
            return *item;
        }
        left -= weight;
    }
    items[N - 1].1
}

/// Splits `total` by weight into whole numbers that sum to it.
pub(super) fn split(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    let mut reached = 0.0;
    let mut given = 0;
    let mut parts: Vec<usize> = weights
        .iter()
        .map(|weight| {
            reached += weight;
            let upto = ((reached / sum * total as f64) as usize).clamp(given, total);
            upto - std::mem::replace(&mut given, upto)
        })
        .collect();
    // Rounding may leave the last one short.
    if let Some(last) = parts.last_mut() {
        *last += total - given;
    }
    parts
}
