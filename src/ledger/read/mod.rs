//! Files to raw text columns, each row with the place it came from. Nothing is interpreted here; a row that cannot
//! be split into the header's fields is kept, with its fault, so that it can be reported.

mod delimited;
mod files;
mod parquet;
mod text;

use std::path::{Path, PathBuf};

pub use files::{Source, find};
pub use text::TextColumn;

use super::mapping::TableMapping;
use super::table::{Need, Table};
use crate::base::error::{Code, Error, Fault, Result};

/// All rows of one table as text.
#[derive(Debug, Default)]
pub struct RawTable {
    /// A column for each canonical one; `None` where no file has it and there is no default.
    pub columns: Vec<Option<TextColumn>>,
    /// For each row, the file (by position) and the line or row in it.
    pub origin: Vec<(u16, u64)>,
    /// The files read.
    pub files: Vec<PathBuf>,
    /// Rows that cannot be read as rows of this table.
    pub faults: Vec<(usize, Fault)>,
    /// Headers that no canonical column takes, by file.
    pub unused: Vec<String>,
}

/// Where each canonical column stands in one file.
struct Layout {
    /// Position in the file, by canonical column.
    positions: Vec<Option<usize>>,
}

/// Reads all files of a table.
pub fn read(table: &Table, mapping: &TableMapping, sources: &[Source]) -> Result<RawTable> {
    let mut raw = RawTable { columns: vec![None; table.columns.len()], ..RawTable::default() };
    for source in sources {
        let file = u16::try_from(raw.files.len())
            .map_err(|_| Error::new(Code::MappingInvalid).detail("more than 65,535 files in one table"))?;
        raw.files.push(source.path.clone());
        match source.format {
            files::Format::Delimited => delimited::read(table, mapping, &source.path, file, &mut raw)?,
            files::Format::Parquet => parquet::read(table, mapping, &source.path, file, &mut raw)?,
        }
    }
    for (column, values) in table.columns.iter().zip(&mut raw.columns) {
        if let Some(default) = mapping.defaults.get(column.name) {
            values.get_or_insert_default().fill_blanks(raw.origin.len(), default);
        }
    }
    Ok(raw)
}

impl RawTable {
    /// The text of a cell, empty where the column is missing.
    pub fn text(&self, column: usize, row: usize) -> &str {
        self.columns[column].as_ref().map_or("", |values| values.get(row))
    }

    /// Appends cells to a canonical column whose earlier files lacked it.
    fn column_at(&mut self, column: usize, rows_before: usize) -> &mut TextColumn {
        let values = self.columns[column].get_or_insert_default();
        values.pad(rows_before);
        values
    }
}

impl Layout {
    fn new(
        table: &Table,
        mapping: &TableMapping,
        headers: &[String],
        path: &Path,
        raw: &mut RawTable,
    ) -> Result<Self> {
        let find = |header: &str| headers.iter().position(|candidate| candidate == header);
        let mut positions = Vec::with_capacity(table.columns.len());
        for column in table.columns {
            let header = mapping.header(column.name);
            let position = find(header);
            let mapped = mapping.columns.contains_key(column.name);
            let needed =
                mapped || column.need == Need::Required && !mapping.defaults.contains_key(column.name);
            if position.is_none() && needed {
                return Err(Error::new(Code::ColumnMissing)
                    .file(path)
                    .column(header)
                    .detail(format!("the columns are: {}", headers.join(", "))));
            }
            if headers.iter().filter(|candidate| *candidate == header).count() > 1 {
                return Err(Error::new(Code::ColumnRepeated).file(path).column(header));
            }
            positions.push(position);
        }
        for (at, header) in headers.iter().enumerate() {
            if !positions.contains(&Some(at)) && !raw.unused.contains(header) {
                raw.unused.push(header.clone());
            }
        }
        Ok(Self { positions })
    }
}
