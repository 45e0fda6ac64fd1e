//! Sheets to files: CSV for people, Parquet for machines. Money is exact in both; what a spreadsheet would run as a
//! formula is disarmed in the CSV.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType, Float64Chunked, Int32Chunked, Int64Chunked, Int128Chunked,
    IntoSeries, NewChunkedArray, ParquetCompression, ParquetWriter, PolarsResult, StringChunked,
};

use crate::base::error::{Code, Error, Result};
use crate::base::sheet::{Cells, Sheet};

/// Decimal places of money in Parquet: enough for every currency.
const MONEY_SCALE: usize = 4;
const MONEY_PRECISION: usize = 38;

/// Makes a folder and its parents.
pub fn folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|cause| unwritable(path, &cause))
}

/// Writes text to a file.
pub fn text(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|cause| unwritable(path, &cause))
}

/// Writes a sheet as CSV into a folder; returns the file.
pub fn csv(folder: &Path, sheet: &Sheet) -> Result<PathBuf> {
    let path = folder.join(format!("{}.csv", sheet.name));
    let file = File::create(&path).map_err(|cause| unwritable(&path, &cause))?;
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    let lines = |writer: &mut csv::Writer<BufWriter<File>>| -> csv::Result<()> {
        writer.write_record(sheet.columns.iter().map(|(name, _)| name))?;
        for row in 0..sheet.rows() {
            for (_, cells) in &sheet.columns {
                writer.write_field(cell(cells, row).as_bytes())?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush()?;
        Ok(())
    };
    lines(&mut writer).map_err(|cause| unwritable(&path, &cause))?;
    Ok(path)
}

/// Writes a sheet as Parquet into a folder; returns the file.
pub fn parquet(folder: &Path, sheet: &Sheet) -> Result<PathBuf> {
    let path = folder.join(format!("{}.parquet", sheet.name));
    let mut file = BufWriter::new(File::create(&path).map_err(|cause| unwritable(&path, &cause))?);
    let write = |file: &mut BufWriter<File>| -> PolarsResult<()> {
        let columns: Vec<Column> =
            sheet.columns.iter().map(|(name, cells)| column(name, cells)).collect::<PolarsResult<_>>()?;
        let mut frame = DataFrame::new(sheet.rows(), columns)?;
        ParquetWriter::new(file).with_compression(ParquetCompression::Snappy).finish(&mut frame)?;
        Ok(())
    };
    write(&mut file).map_err(|cause| unwritable(&path, &cause))?;
    file.flush().map_err(|cause| unwritable(&path, &cause))?;
    Ok(path)
}

/// Writes the bytes of a file.
pub fn bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|cause| unwritable(path, &cause))
}

fn cell(cells: &Cells, row: usize) -> Cow<'_, str> {
    match cells {
        Cells::Text(cells) => disarmed(&cells[row]),
        Cells::Word(cells) => Cow::Borrowed(cells[row]),
        Cells::Day(cells) => cells[row].map_or(Cow::Borrowed(""), |day| Cow::Owned(day.to_string())),
        Cells::Money(cells) => {
            cells[row].map_or(Cow::Borrowed(""), |(minor, currency)| Cow::Owned(currency.format(minor)))
        }
        Cells::Count(cells) => Cow::Owned(cells[row].to_string()),
        Cells::Number(cells) if cells[row].is_nan() => Cow::Borrowed(""),
        Cells::Number(cells) => Cow::Owned(cells[row].to_string()),
        Cells::Flag(cells) => Cow::Borrowed(if cells[row] { "true" } else { "false" }),
    }
}

/// Text that a spreadsheet would run (`=cmd|…`) gets an apostrophe before it; a plain number or a telephone number does
/// not need one.
fn disarmed(text: &str) -> Cow<'_, str> {
    let harmless =
        |rest: &str| rest.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, ' ' | '.' | '(' | ')'));
    let formula = match text.as_bytes().first() {
        Some(b'+' | b'-') => !harmless(&text[1..]),
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        _ => false,
    };
    if formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn column(name: &str, cells: &Cells) -> PolarsResult<Column> {
    let name = name.into();
    let series = match cells {
        Cells::Text(cells) => {
            StringChunked::from_iter_values(name, cells.iter().map(String::as_str)).into_series()
        }
        Cells::Word(cells) => StringChunked::from_iter_values(name, cells.iter()).into_series(),
        Cells::Day(cells) => {
            let days = cells.iter().map(|day| day.map(|day| day.0));
            Int32Chunked::from_iter_options(name, days).into_series().cast(&DataType::Date)?
        }
        Cells::Money(cells) => {
            let scaled = |(minor, currency): (i64, crate::base::money::Currency)| {
                i128::from(minor) * 10_i128.pow(MONEY_SCALE as u32 - u32::from(currency.decimals()))
            };
            let amounts = cells.iter().map(|cell| cell.map(scaled));
            Int128Chunked::from_iter_options(name, amounts)
                .into_decimal(MONEY_PRECISION, MONEY_SCALE)?
                .into_series()
        }
        Cells::Count(cells) => Int64Chunked::from_iter_values(name, cells.iter().copied()).into_series(),
        Cells::Number(cells) => {
            let numbers = cells.iter().map(|number| Some(*number).filter(|number| !number.is_nan()));
            Float64Chunked::from_iter_options(name, numbers).into_series()
        }
        Cells::Flag(cells) => BooleanChunked::from_iter_values(name, cells.iter().copied()).into_series(),
    };
    Ok(series.into())
}

fn unwritable(path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::new(Code::OutputUnwritable).file(path).detail(cause)
}

#[cfg(test)]
mod tests {
    use super::disarmed;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        assert_eq!(disarmed("=1+1"), "'=1+1");
        assert_eq!(disarmed("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(disarmed("-2+3"), "'-2+3");
        assert_eq!(disarmed("-12.50"), "-12.50");
        assert_eq!(disarmed("+49 30 123456"), "+49 30 123456");
        assert_eq!(disarmed("Müller & Co"), "Müller & Co");
    }
}
