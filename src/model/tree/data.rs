//! What a fit needs to know of its data, checked: one place for weights, sizes and parameters that both models have.

use linfa::dataset::DatasetBase;
use ndarray::{Array1, Array2};

use super::node::FEATURES_MAX;
use super::sums::ROWS_MAX;
use crate::base::error::{Code, Error, Result};

/// Refuses a parameter or an input.
pub(super) fn refuse<T>(detail: impl ToString) -> Result<T> {
    Err(Error::new(Code::OptionInvalid).detail(detail))
}

/// Refuses data of a size that cannot be learned from.
pub(super) fn sizes<T>(data: &DatasetBase<Array2<f64>, Array1<T>>) -> Result<()> {
    let (rows, features) = data.records.dim();
    if rows == 0 || features == 0 {
        return Err(Error::new(Code::HistoryTooShort).detail(format!("{rows} rows of {features} features")));
    }
    if rows > ROWS_MAX || features > FEATURES_MAX {
        return refuse(format!("rows must be at most {ROWS_MAX} and features at most {FEATURES_MAX}"));
    }
    if data.targets.len() != rows {
        return refuse(format!("targets must be as many as rows: {} for {rows}", data.targets.len()));
    }
    Ok(())
}

/// The rows' weights, one each where none are given.
pub(super) fn weights<T>(data: &DatasetBase<Array2<f64>, Array1<T>>) -> Result<Vec<f64>> {
    let rows = data.records.nrows();
    if data.weights.is_empty() {
        return Ok(vec![1.0; rows]);
    }
    let weights: Vec<f64> = data.weights.iter().map(|&weight| f64::from(weight)).collect();
    if weights.len() != rows || weights.iter().any(|weight| !weight.is_finite() || *weight < 0.0) {
        return refuse("weights must be as many as rows, and zero or more");
    }
    if weights.iter().sum::<f64>() <= 0.0 {
        return refuse("weights must not all be zero");
    }
    Ok(weights)
}

/// Targets as numbers; both classes must carry weight.
pub(super) fn classes(targets: &Array1<bool>, weights: &[f64]) -> Result<Vec<f64>> {
    let weight_of = |class: bool| -> f64 {
        targets.iter().zip(weights).filter(|(target, _)| **target == class).map(|(_, weight)| weight).sum()
    };
    if weight_of(true) <= 0.0 || weight_of(false) <= 0.0 {
        let late = targets.iter().filter(|late| **late).count();
        return Err(Error::new(Code::OneClass).detail(format!("{late} of {} are late", targets.len())));
    }
    Ok(targets.iter().map(|&late| f64::from(u8::from(late))).collect())
}

/// Refuses a number that is not in a range; `what` names the parameter and the range.
pub(super) fn within(value: f64, range: std::ops::RangeInclusive<f64>, what: &str) -> Result<()> {
    if range.contains(&value) { Ok(()) } else { refuse(what) }
}

/// As [`within`], for a share, which cannot be zero.
pub(super) fn share(value: f64, what: &str) -> Result<()> {
    if value > 0.0 && value <= 1.0 {
        Ok(())
    } else {
        refuse(format!("{what} must be above zero and at most one"))
    }
}

/// Refuses columns of codes that are not there, or are named twice.
pub(super) fn category_columns(columns: &[usize], features: usize) -> Result<()> {
    let mut sorted = columns.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() < columns.len() || sorted.last().is_some_and(|&last| last >= features) {
        return refuse(format!("categories must be different columns below {features}"));
    }
    Ok(())
}

/// How many of `all` a share is, at least one.
pub(super) fn part(share: f64, all: usize) -> usize {
    ((share * all as f64).round() as usize).clamp(1, all.max(1))
}
