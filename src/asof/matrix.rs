//! The models' door: the only place where polars columns become an ndarray matrix (linfa's ndarray is 0.16).

use ndarray::Array2;
use polars::prelude::{PolarsError, PolarsResult};

use super::feature::seen::Seen;
use super::feature::shrunk::Shrinker;
use super::frame::FeatureTable;
use super::prior::Prior;

/// Rows of a feature table as a matrix with a column for each feature that is seen, NaN where nothing is known.
pub fn matrix(table: &FeatureTable, rows: &[usize], prior: &Prior, seen: &Seen) -> PolarsResult<Array2<f64>> {
    let shrinker =
        Shrinker::new().ok_or_else(|| PolarsError::ColumnNotFound("a column of the shrunk family".into()))?;
    let columns: Vec<&[f32]> =
        table.frame.columns().iter().map(|column| column.f32()?.cont_slice()).collect::<PolarsResult<_>>()?;
    let mut matrix = Array2::zeros((rows.len(), seen.len()));
    for (&row, mut line) in rows.iter().zip(matrix.rows_mut()) {
        let shrunk = shrinker.figures(|at| f64::from(columns[at][row]), prior);
        for (cell, &at) in line.iter_mut().zip(seen.positions()) {
            *cell = match columns.get(at) {
                Some(column) => f64::from(column[row]),
                None => shrunk[at - columns.len()],
            };
        }
    }
    Ok(matrix)
}
