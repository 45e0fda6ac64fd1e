//! CSV and its kin, by the `csv` crate: lines are counted as an editor counts them.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use super::{Layout, RawTable};
use crate::base::error::{Code, Error, Fault, Result};
use crate::base::limits::FIELD_LEN_BYTES_MAX;
use crate::ledger::mapping::TableMapping;
use crate::ledger::table::Table;

/// Buffer of the reader; its first fill is looked at for bytes no text has.
const BUFFER_LEN_BYTES: usize = 1 << 18;

/// Appends the rows of one file.
pub fn read(table: &Table, mapping: &TableMapping, path: &Path, file: u16, raw: &mut RawTable) -> Result<()> {
    let unreadable = |cause: std::io::Error| Error::new(Code::FileUnreadable).file(path).detail(cause);
    let mut bytes = BufReader::with_capacity(BUFFER_LEN_BYTES, File::open(path).map_err(unreadable)?);
    if bytes.fill_buf().map_err(unreadable)?.contains(&0) {
        return Err(Error::new(Code::NotCsv)
            .file(path)
            .detail("it has NUL bytes: a binary file, or UTF-16 text"));
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(mapping.delimiter.map_or_else(|| usual_delimiter(path), |delimiter| delimiter as u8))
        .flexible(true)
        .from_reader(bytes);
    let headers = headers(&mut reader, path)?;
    let layout = Layout::new(table, mapping, &headers, path, raw)?;
    let rows_before = raw.origin.len();
    for (column, position) in layout.positions.iter().enumerate() {
        if position.is_some() {
            raw.column_at(column, rows_before);
        }
    }
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|cause| broken(&cause, path))? {
        let line = record.position().map_or(0, csv::Position::line);
        push(table, &layout, &record, headers.len(), raw).map_err(|error| error.file(path).row(line))?;
        raw.origin.push((file, line));
    }
    let rows = raw.origin.len();
    raw.columns.iter_mut().flatten().for_each(|column| column.pad(rows));
    Ok(())
}

/// Tabs in a `.tsv`, commas otherwise.
fn usual_delimiter(path: &Path) -> u8 {
    let tabs = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("tsv"));
    if tabs { b'\t' } else { b',' }
}

fn headers(reader: &mut csv::Reader<BufReader<File>>, path: &Path) -> Result<Vec<String>> {
    let record = reader.byte_headers().map_err(|cause| broken(&cause, path))?;
    if record.iter().all(<[u8]>::is_empty) {
        return Err(Error::new(Code::NotCsv).file(path).detail("it has no header: it is empty"));
    }
    let text = |field| std::str::from_utf8(field).map(|text| text.trim().to_owned());
    record
        .iter()
        .map(text)
        .collect::<std::result::Result<_, _>>()
        .map_err(|_| Error::new(Code::NotCsv).file(path).row(1).detail("the header is not UTF-8 text"))
}

/// Takes one record apart; what is wrong with it is noted, not thrown.
fn push(
    table: &Table,
    layout: &Layout,
    record: &ByteRecord,
    fields: usize,
    raw: &mut RawTable,
) -> Result<()> {
    let row = raw.origin.len();
    let id = table.columns[0].name;
    if record.len() != fields {
        raw.faults.push((row, Fault { code: Code::FieldCount, column: id }));
    }
    for (column, position) in layout.positions.iter().enumerate() {
        let (Some(position), Some(values)) = (position, &mut raw.columns[column]) else { continue };
        let field = record.get(*position).unwrap_or_default();
        if field.len() > FIELD_LEN_BYTES_MAX {
            return Err(Error::new(Code::FieldTooLong).column(table.columns[column].name));
        }
        if let Ok(text) = std::str::from_utf8(field) {
            values.push(text);
        } else {
            values.push(&String::from_utf8_lossy(field));
            raw.faults.push((row, Fault { code: Code::TextInvalid, column: table.columns[column].name }));
        }
    }
    Ok(())
}

fn broken(cause: &csv::Error, path: &Path) -> Error {
    Error::new(Code::FileUnreadable).file(path).detail(cause)
}
