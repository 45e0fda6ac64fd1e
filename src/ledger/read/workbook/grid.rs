//! Builds records from cells that know their place.

use super::damaged;
use crate::base::error::{Code, Error, Result};
use crate::base::limits::{RECORDS_BYTES_MAX, WORKBOOK_CELLS_MAX, WORKBOOK_COLUMNS_MAX};
use crate::ledger::read::records::Records;

/// Records under construction.
#[derive(Default)]
pub struct Grid {
    records: Records,
    /// The row being built, from 0, and the column after its last cell.
    row: u64,
    column: usize,
    /// Cells so far, gaps included.
    cells: usize,
}

impl Grid {
    /// Adds a cell; row and column count from 0 and never go back, as in every file that a spreadsheet program opens.
    pub fn put(&mut self, row: u64, column: usize, text: &str) -> Result<()> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if row > self.row {
            self.end_row();
            self.row = row;
        }
        if row < self.row || column < self.column || column >= WORKBOOK_COLUMNS_MAX {
            return Err(damaged(format!("a cell is out of order in row {}, column {}", row + 1, column + 1)));
        }
        self.cells += column + 1 - self.column;
        if self.cells > WORKBOOK_CELLS_MAX || self.records.text_len() + text.len() > RECORDS_BYTES_MAX {
            return Err(too_large());
        }
        (self.column..column).for_each(|_| self.records.push_cell(""));
        self.records.push_cell(text);
        self.column = column + 1;
        Ok(())
    }

    /// The records.
    pub fn finish(mut self) -> Records {
        self.end_row();
        self.records
    }

    fn end_row(&mut self) {
        if self.column > 0 {
            self.records.end_record(self.row + 1);
            self.column = 0;
        }
    }
}

/// There are more cells, or there is more text, than any real sheet has.
pub fn too_large() -> Error {
    let found =
        format!("a sheet has more than {WORKBOOK_CELLS_MAX} cells, or {RECORDS_BYTES_MAX} bytes of text");
    Error::new(Code::TooLarge).detail(found)
}
