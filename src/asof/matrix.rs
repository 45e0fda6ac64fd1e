//! The models' door: the only place where polars columns become an ndarray matrix (linfa's ndarray is 0.16).

use ndarray::Array2;
use polars::prelude::{PolarsError, PolarsResult};

use super::feature::shrunk::{self, Shrinker};
use super::feature::{self};
use super::frame::FeatureTable;
use super::prior::Prior;

/// Rows of a feature table as a matrix with a column per feature of the registry, NaN where nothing is known.
pub fn matrix(table: &FeatureTable, rows: &[usize], prior: &Prior) -> PolarsResult<Array2<f64>> {
    let shrinker =
        Shrinker::new().ok_or_else(|| PolarsError::ColumnNotFound("a column of the shrunk family".into()))?;
    let columns: Vec<&[f32]> =
        table.frame.columns().iter().map(|column| column.f32()?.cont_slice()).collect::<PolarsResult<_>>()?;
    let mut matrix = Array2::zeros((rows.len(), feature::all().count()));
    for (&row, mut line) in rows.iter().zip(matrix.rows_mut()) {
        for (cell, column) in line.iter_mut().zip(&columns) {
            *cell = f64::from(column[row]);
        }
        let figures = shrinker.figures(|at| f64::from(columns[at][row]), prior);
        for (cell, figure) in line.iter_mut().skip(columns.len()).zip(figures) {
            *cell = figure;
        }
    }
    debug_assert_eq!(columns.len() + shrunk::FEATURES.len(), matrix.ncols());
    Ok(matrix)
}
