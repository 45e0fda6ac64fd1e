//! CSV and its kin, by the `csv` crate. Lines are counted here, as an editor counts them: the crate's own count is off
//! after blank lines and in files of other line ends than a plain line feed.

use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use super::{Layout, RawTable};
use crate::base::error::{Code, Error, Fault, Result};
use crate::base::limits::FIELD_LEN_BYTES_MAX;
use crate::ledger::mapping::TableMapping;
use crate::ledger::table::Table;

/// Appends the rows of one file.
pub fn read(table: &Table, mapping: &TableMapping, path: &Path, file: u16, raw: &mut RawTable) -> Result<()> {
    let bytes =
        std::fs::read(path).map_err(|cause| Error::new(Code::FileUnreadable).file(path).detail(cause))?;
    if bytes.contains(&0) {
        return Err(Error::new(Code::NotATable)
            .file(path)
            .detail("it has NUL bytes: a binary file, or UTF-16 text"));
    }
    let mut lines = Lines { bytes: &bytes, offset: 0, line: 1 };
    let mut reader = ReaderBuilder::new()
        .delimiter(mapping.delimiter.map_or_else(|| usual_delimiter(path), |delimiter| delimiter as u8))
        .flexible(true)
        .from_reader(bytes.as_slice());
    let headers = headers(&mut reader, path)?;
    let layout = Layout::new(table, mapping, &headers, path, raw)?;
    let rows_before = raw.origin.len();
    for (column, position) in layout.positions.iter().enumerate() {
        if position.is_some() {
            raw.column_at(column, rows_before);
        }
    }
    let mut record = ByteRecord::new();
    let mut last = (0, 1);
    while reader.read_byte_record(&mut record).map_err(|cause| broken(&cause, path))? {
        let start = record.position().map_or(0, |position| position.byte() as usize);
        let line = lines.at(start);
        push(table, &layout, &record, headers.len(), raw).map_err(|error| error.file(path).row(line))?;
        raw.origin.push((file, line));
        last = (lines.offset, line);
    }
    // Every quote of the text has its fellow; where one lacks and the last record runs over several lines, it is that one's.
    let odd = bytes.iter().fold(false, |odd, &byte| odd ^ (byte == b'"'));
    if odd && bytes[last.0.min(bytes.len())..].trim_ascii_end().contains(&b'\n') {
        return Err(Error::new(Code::QuoteUnclosed).file(path).row(last.1));
    }
    let rows = raw.origin.len();
    raw.columns.iter_mut().flatten().for_each(|column| column.pad(rows));
    Ok(())
}

/// Counts lines up to an offset, which only ever grows.
struct Lines<'a> {
    bytes: &'a [u8],
    offset: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a record that begins at an offset, line ends before it not counted as part of it. A line ends with a line
    /// feed, a carriage return, or both.
    fn at(&mut self, start: usize) -> u64 {
        let ends = |byte: &&u8| matches!(**byte, b'\r' | b'\n');
        let start = start + self.bytes[start.min(self.bytes.len())..].iter().take_while(ends).count();
        for at in self.offset..start.min(self.bytes.len()) {
            let lone_return = self.bytes[at] == b'\r' && self.bytes.get(at + 1) != Some(&b'\n');
            self.line += u64::from(self.bytes[at] == b'\n' || lone_return);
        }
        self.offset = start;
        self.line
    }
}

/// Tabs in a `.tsv`, commas otherwise.
fn usual_delimiter(path: &Path) -> u8 {
    let tabs = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("tsv"));
    if tabs { b'\t' } else { b',' }
}

fn headers(reader: &mut csv::Reader<&[u8]>, path: &Path) -> Result<Vec<String>> {
    let record = reader.byte_headers().map_err(|cause| broken(&cause, path))?;
    if record.iter().all(<[u8]>::is_empty) {
        return Err(Error::new(Code::NotATable).file(path).detail("it has no header: it is empty"));
    }
    let text = |field| std::str::from_utf8(field).map(|text| text.trim().to_owned());
    record
        .iter()
        .map(text)
        .collect::<std::result::Result<_, _>>()
        .map_err(|_| Error::new(Code::NotATable).file(path).row(1).detail("the header is not UTF-8 text"))
}

/// What a field is called: the canonical column that takes it, or its number.
fn named(table: &Table, layout: &Layout, field: usize) -> String {
    let column = layout.positions.iter().position(|position| *position == Some(field));
    column.map_or_else(|| format!("field {}", field + 1), |at| table.columns[at].name.to_owned())
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
    // Of every field, mapped or not: the text of lost rows would be in it.
    if let Some(at) = record.iter().position(|field| field.len() > FIELD_LEN_BYTES_MAX) {
        return Err(Error::new(Code::FieldTooLong).column(named(table, layout, at)));
    }
    for (column, position) in layout.positions.iter().enumerate() {
        let (Some(position), Some(values)) = (position, &mut raw.columns[column]) else { continue };
        let field = record.get(*position).unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        // The records `1` and `2` stand on the lines named, whatever ends a line and whatever stands between.
        for (text, lines) in [
            ("h,i\n1,a\n\n2,b\n", [2, 4]),
            ("h,i\r\n1,a\r\n\r\n2,b\r\n", [2, 4]),
            ("h,i\r\n1,\"a\r\nb\"\r\n2,b", [2, 4]),
            ("h,i\r1,a\r2,b\r", [2, 3]),
            ("\n\nh,i\n1,a\n2,b\n", [4, 5]),
        ] {
            let mut reader = ReaderBuilder::new().from_reader(text.as_bytes());
            let mut counted = Lines { bytes: text.as_bytes(), offset: 0, line: 1 };
            let found: Vec<u64> = reader
                .byte_records()
                .flatten()
                .map(|record| counted.at(record.position().map_or(0, |position| position.byte() as usize)))
                .collect();
            assert_eq!(found, lines, "{text:?}");
        }
    }
}
