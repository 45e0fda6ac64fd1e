//! Workbooks: `.xlsx`, `.xlsm`, `.xlsb` and `.xls` by calamine. Which of them a file is, its content tells.
//!
//! calamine trusts what a file says of itself and allocates for it. So each file is first looked over: how much it unpacks to,
//! how many cells it spans ([`zipped`], [`ole`]). Cells are then taken one by one, never as the rectangle around them all.

mod cell;
mod grid;
mod ole;
mod zipped;

use std::fmt::Display;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use calamine::{Cell, DataRef, Reader, Sheet, SheetType, Xls, Xlsb, Xlsx};

use super::bytes::{regular, unreadable};
use super::quiet::quietly;
use super::records::Records;
use crate::base::error::{Code, Error, Result};
use crate::base::limits::FILE_BYTES_MAX;
use grid::Grid;

/// Reads the named sheet, or the first that has any cell; with the names of all sheets, the one that was read first.
///
/// A record is a row, on the line that is its number in the sheet; rows without text are left out. Cells stand at their
/// column, A being 0, and end with the last that has text, so that records differ in width. Numbers are written with their 15
/// significant digits and no exponent, days as `2025-01-31`, with a time as `2025-01-31T13:05:00`, times as `13:05:00`.
pub fn read(path: &Path, sheet: Option<&str>) -> Result<(Records, Vec<String>)> {
    let file = regular(path)?;
    quietly(|| parse(&file, path, sheet))
        .unwrap_or_else(|| Err(damaged("its parts contradict each other")))
        .map_err(|error| error.file(path))
}

fn parse(mut file: &File, path: &Path, sheet: Option<&str>) -> Result<(Records, Vec<String>)> {
    let failed = |cause: std::io::Error| unreadable(path, &cause);
    let mut magic = Vec::new();
    file.take(8).read_to_end(&mut magic).map_err(failed)?;
    file.rewind().map_err(failed)?;
    if magic == ole::MAGIC {
        let mut bytes = Vec::new();
        file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
        ole::vet(&bytes)?;
        return xls(&bytes, sheet);
    }
    if !magic.starts_with(b"PK") {
        return Err(damaged("it is neither a zip archive nor an OLE file, whatever its name ends in"));
    }
    match zipped::vet(file)? {
        zipped::Kind::Xlsx => xlsx(file, sheet),
        zipped::Kind::Xlsb => xlsb(file, sheet),
    }
}

fn damaged(cause: impl Display) -> Error {
    Error::new(Code::WorkbookDamaged).detail(cause.to_string())
}

fn xlsx(file: &File, sheet: Option<&str>) -> Result<(Records, Vec<String>)> {
    let mut book = Xlsx::new(BufReader::new(file)).map_err(damaged)?;
    choose(&names(book.sheets_metadata()), sheet, |name| {
        let mut reader = book.worksheet_cells_reader(name).map_err(damaged)?;
        cells(|| reader.next_cell())
    })
}

fn xlsb(file: &File, sheet: Option<&str>) -> Result<(Records, Vec<String>)> {
    let mut book = Xlsb::new(BufReader::new(file)).map_err(damaged)?;
    choose(&names(book.sheets_metadata()), sheet, |name| {
        let mut reader = book.worksheet_cells_reader(name).map_err(damaged)?;
        cells(|| reader.next_cell())
    })
}

fn xls(bytes: &[u8], sheet: Option<&str>) -> Result<(Records, Vec<String>)> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    choose(&names(book.sheets_metadata()), sheet, |name| {
        let range = book.worksheet_range(name).map_err(damaged)?;
        let (row, column) = range.start().unwrap_or_default();
        let (mut grid, mut buffer) = (Grid::default(), String::new());
        for (down, right, value) in range.used_cells() {
            let text = cell::text(&cell::borrowed(value), &mut buffer).to_owned();
            grid.put(u64::from(row) + down as u64, column as usize + right, &text)?;
        }
        Ok(grid.finish())
    })
}

fn cells<'a, E: Display>(
    mut next: impl FnMut() -> std::result::Result<Option<Cell<DataRef<'a>>>, E>,
) -> Result<Records> {
    let (mut grid, mut buffer) = (Grid::default(), String::new());
    while let Some(cell) = next().map_err(damaged)? {
        let (row, column) = cell.get_position();
        grid.put(u64::from(row), column as usize, cell::text(cell.get_value(), &mut buffer))?;
    }
    Ok(grid.finish())
}

/// The sheets that have cells, not charts or macros.
fn names(sheets: &[Sheet]) -> Vec<String> {
    let tables = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    tables.map(|sheet| sheet.name.clone()).collect()
}

/// The wanted sheet by `read`, else the first that is not empty.
fn choose(
    names: &[String],
    wanted: Option<&str>,
    mut read: impl FnMut(&str) -> Result<Records>,
) -> Result<(Records, Vec<String>)> {
    if let Some(wanted) = wanted
        && !names.iter().any(|name| name == wanted)
    {
        return Err(missing(names, wanted));
    }
    for name in names.iter().filter(|name| wanted.is_none_or(|wanted| wanted == name.as_str())) {
        let records = read(name)?;
        if !records.is_empty() {
            let others = names.iter().filter(|other| *other != name);
            return Ok((records, std::iter::once(name).chain(others).cloned().collect()));
        }
    }
    Err(empty())
}

fn missing(names: &[String], wanted: &str) -> Error {
    let found = format!("there is no sheet `{wanted}`; the sheets are: {}", names.join(", "));
    Error::new(Code::MappingInvalid).detail(found)
}

fn empty() -> Error {
    Error::new(Code::NotATable).detail("the sheet has no cell with text")
}

#[cfg(test)]
mod tests;
