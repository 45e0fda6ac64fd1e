//! Parquet, by polars. Typed cells become the text that a CSV would have had, so that both formats pass the same
//! checks and give the same ledger.

use std::fs::File;
use std::path::Path;

use polars::prelude::{AnyValue, Column, DataFrame, DataType, ParquetReader, SerReader, TimeUnit};

use super::quiet::quietly;
use super::{Records, Take, TextColumn, bytes};
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};

/// Rows read at a time: as many as a row group has, where polars wrote the file.
const SLICE_ROWS: usize = 512 * 512;

/// Hands over the header, then the rows. Only the columns wanted are read: others may be of types that nobody needs to
/// know.
pub fn read(path: &Path, wanted: Option<&[usize]>, take: Take) -> Result<()> {
    let damaged = |cause: String| Error::new(Code::ParquetDamaged).detail(cause);
    let mut reader = ParquetReader::new(bytes::regular(path)?);
    let schema = tame(|| reader.schema())?;
    let headers: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
    let rows = tame(|| reader.num_rows())?;
    let mut header = Records::default();
    for name in &headers {
        header.push_cell(name);
    }
    header.end_record(0);
    let wanted: Vec<usize> = wanted.map_or_else(|| (0..headers.len()).collect(), <[usize]>::to_vec);
    let mut goes_on = take(vec![header])?.is_continue() && !wanted.is_empty();
    let mut from = 0;
    while goes_on && from < rows {
        let names = wanted.iter().map(|at| headers[*at].clone()).collect();
        let file = bytes::regular(path)?;
        let slice = |file: File| {
            ParquetReader::new(file).with_columns(Some(names)).with_slice(Some((from, SLICE_ROWS)))
        };
        let frame = tame(|| slice(file).finish())?;
        if frame.height() == 0 {
            return Err(damaged("it has fewer rows than it says".to_owned()));
        }
        goes_on = take(vec![records(&frame, &headers, &wanted, from)?])?.is_continue();
        from += frame.height();
    }
    Ok(())
}

/// Runs a read of polars, which asserts on some damaged files instead of reporting them.
fn tame<T>(read: impl FnOnce() -> polars::prelude::PolarsResult<T>) -> Result<T> {
    let damaged = |cause: String| Error::new(Code::ParquetDamaged).detail(cause);
    let read = quietly(read).ok_or_else(|| damaged("its parts contradict each other".to_owned()))?;
    read.map_err(|cause| damaged(cause.to_string()))
}

fn records(frame: &DataFrame, headers: &[String], wanted: &[usize], from: usize) -> Result<Records> {
    let mut columns: Vec<Option<TextColumn>> = vec![None; headers.len()];
    for &at in wanted {
        let damaged = |cause: polars::prelude::PolarsError| Error::new(Code::ParquetDamaged).detail(cause);
        let source = frame.column(&headers[at]).map_err(damaged)?;
        let mut column = TextColumn::default();
        append(source, |text| column.push(text)).map_err(|error| error.column(headers[at].clone()))?;
        columns[at] = Some(column);
    }
    let mut records = Records::default();
    for row in 0..frame.height() {
        for column in &columns {
            records.push_cell(column.as_ref().map_or("", |column| column.get(row)));
        }
        records.end_record((from + row + 1) as u64);
    }
    Ok(records)
}

fn append(source: &Column, mut push: impl FnMut(&str)) -> Result<()> {
    let readable = matches!(
        source.dtype(),
        DataType::String
            | DataType::Date
            | DataType::Datetime(..)
            | DataType::Boolean
            | DataType::Null
            | DataType::Decimal(..)
    ) || source.dtype().is_integer()
        || source.dtype().is_float();
    if !readable {
        return Err(Error::new(Code::ColumnType).detail(format!("its type is {}", source.dtype())));
    }
    for value in source.as_materialized_series().iter() {
        match value {
            AnyValue::Null => push(""),
            AnyValue::String(text) => push(text),
            AnyValue::Date(days) => push(&Day(days).to_string()),
            AnyValue::Datetime(ticks, unit, _) => {
                let days = ticks.div_euclid(ticks_per_day(unit));
                push(&Day(i32::try_from(days).unwrap_or(i32::MAX)).to_string());
            }
            AnyValue::Boolean(flag) => push(if flag { "true" } else { "false" }),
            AnyValue::Decimal(digits, _, scale) => push(&decimal(digits, scale)),
            // Display of a float is the shortest text that reads back as the same float.
            AnyValue::Float64(number) => push(&number.to_string()),
            AnyValue::Float32(number) => push(&number.to_string()),
            other => push(&other.to_string()),
        }
    }
    Ok(())
}

fn ticks_per_day(unit: TimeUnit) -> i64 {
    let per_second = match unit {
        TimeUnit::Nanoseconds => 1_000_000_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Milliseconds => 1_000,
    };
    per_second * 86_400
}

fn decimal(digits: i128, scale: usize) -> String {
    let text = format!("{:0width$}", digits.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = text.split_at(text.len() - scale);
    format!("{}{whole}{}{fraction}", if digits < 0 { "-" } else { "" }, if scale > 0 { "." } else { "" })
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimals_are_exact_text() {
        assert_eq!(decimal(-5, 4), "-0.0005");
        assert_eq!(decimal(1_234_500, 4), "123.4500");
        assert_eq!(decimal(7, 0), "7");
    }
}
