//! Distance to the nearest other bills: what is odd among its like need not be far from everything.

use linfa_nn::distance::L2Dist;
use linfa_nn::{CommonNearestNeighbour, NearestNeighbour as _};
use ndarray::{Array2, Axis};
use rand::Rng as _;
use rayon::prelude::*;

use crate::base::error::{Code, Error, Result};
use crate::base::seed;

/// Bills, drawn at random, that stand for all of them: a bill is compared with these only, so that a million bills take no
/// longer each than ten thousand.
const LANDMARKS: usize = 2_000;

/// The neighbour whose distance counts. Two or three alike bills may be odd together; ten are a habit.
const NEIGHBOUR: usize = 10;

/// Distance of each row to its tenth nearest landmark.
pub(super) fn distances(rows: &Array2<f64>, seed: u64) -> Result<Vec<f64>> {
    let mut rng = seed::stream(seed, "landmarks", 0);
    let count = rows.nrows();
    let drawn: Vec<usize> = if count <= LANDMARKS {
        (0..count).collect()
    } else {
        (0..LANDMARKS).map(|_| rng.gen_range(0..count)).collect()
    };
    let landmarks = rows.select(Axis(0), &drawn);
    let failed = |cause: &dyn std::fmt::Display| Error::new(Code::HistoryTooShort).detail(cause);
    let index =
        CommonNearestNeighbour::KdTree.from_batch(&landmarks, L2Dist).map_err(|cause| failed(&cause))?;
    let each = (0..count).into_par_iter().map(|at| {
        let near = index.k_nearest(rows.row(at), NEIGHBOUR).map_err(|cause| failed(&cause))?;
        let squared = |point: &ndarray::ArrayView1<f64>| {
            point.iter().zip(rows.row(at)).map(|(one, other)| (one - other).powi(2)).sum::<f64>()
        };
        Ok(near.iter().map(|(point, _)| squared(point)).fold(0.0, f64::max).sqrt())
    });
    each.collect()
}
