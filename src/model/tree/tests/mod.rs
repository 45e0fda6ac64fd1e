//! The models as their users see them.

mod always;
mod by_hand;
mod hostile;

use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit as _;
use ndarray::Array2;
use rand::Rng as _;

use super::*;
use crate::base::seed::stream;
use crate::model::Labelled;

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

/// Rows of four features (the last of few values), some gaps in the second, and a target that depends on two
/// together.
pub(super) fn sample(rows: usize, seed: u64) -> Labelled {
    let mut random = stream(seed, "tree tests", 0);
    let mut normal = || (0..12).map(|_| random.gen_range(0.0..1.0)).sum::<f64>() - 6.0;
    let mut records = Array2::from_shape_simple_fn((rows, 4), &mut normal);
    records.column_mut(3).mapv_inplace(f64::round);
    let targets = records
        .rows()
        .into_iter()
        .map(|row| row[0] * row[1] + row[2].sin() + 0.3 * row[3] + normal() > 0.0)
        .collect();
    records.column_mut(1).iter_mut().step_by(11).for_each(|value| *value = NAN);
    DatasetBase::new(records, targets)
}

fn boost(params: BoostParams, data: &Labelled) -> Boost {
    params.check().unwrap().fit(data).unwrap()
}

fn forest(params: ForestParams, data: &Labelled) -> Forest {
    params.check().unwrap().fit(data).unwrap()
}

/// One tree of two leaves, whose values are whole corrections.
fn stump() -> BoostParams {
    BoostParams::default().trees_max(1).learning_rate(1.0).leaves_max(2).rows_min(1).hessian_min(0.0)
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}
