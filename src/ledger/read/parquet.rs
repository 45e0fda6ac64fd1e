//! Parquet, by polars. Typed cells become the text that a CSV would have had, so that both formats pass the same
//! checks and give the same ledger.

use std::fs::File;
use std::path::Path;

use polars::prelude::{AnyValue, Column, DataType, ParquetReader, SerReader, TimeUnit};

use super::{Layout, RawTable};
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::ledger::mapping::TableMapping;
use crate::ledger::table::Table;

/// Appends the rows of one file.
pub fn read(table: &Table, mapping: &TableMapping, path: &Path, file: u16, raw: &mut RawTable) -> Result<()> {
    let handle =
        File::open(path).map_err(|cause| Error::new(Code::FileUnreadable).file(path).detail(cause))?;
    let damaged = |cause: String| Error::new(Code::ParquetDamaged).file(path).detail(cause);
    let contradiction = || damaged("its parts contradict each other".to_owned());
    let mut reader = ParquetReader::new(handle);
    let headers: Vec<String> = quietly(|| reader.schema())
        .ok_or_else(contradiction)?
        .map_err(|cause| damaged(cause.to_string()))?
        .iter_names()
        .map(ToString::to_string)
        .collect();
    let layout = Layout::new(table, mapping, &headers, path, raw)?;
    // Only what is mapped is read: other columns may be of types that nobody needs to know.
    let wanted = layout.positions.iter().flatten().map(|&at| headers[at].clone()).collect();
    let frame = quietly(|| reader.with_columns(Some(wanted)).finish())
        .ok_or_else(contradiction)?
        .map_err(|cause| damaged(cause.to_string()))?;
    let rows_before = raw.origin.len();
    for (column, position) in layout.positions.iter().enumerate() {
        let Some(header) = position.map(|position| &headers[position]) else { continue };
        let source = frame.column(header).map_err(|cause| damaged(cause.to_string()))?;
        let values = raw.column_at(column, rows_before);
        append(source, |text| values.push(text)).map_err(|error| error.file(path).column(header.clone()))?;
    }
    raw.origin.extend((1..=frame.height() as u64).map(|row| (file, row)));
    let rows = raw.origin.len();
    raw.columns.iter_mut().flatten().for_each(|column| column.pad(rows));
    Ok(())
}

/// Runs a read that may panic: polars asserts on some damaged files instead of reporting them, and a user must not
/// see that as a crash.
fn quietly<T>(read: impl FnOnce() -> T) -> Option<T> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    std::panic::set_hook(hook);
    result.ok()
}

fn append(source: &Column, mut push: impl FnMut(&str)) -> Result<()> {
    let readable = matches!(
        source.dtype(),
        DataType::String
            | DataType::Date
            | DataType::Datetime(_, None)
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
