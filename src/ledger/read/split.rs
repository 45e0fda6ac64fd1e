//! Text with a delimiter, split by `csv-core` in blocks, several at a time.
//!
//! A block is cut at a line end without knowing whether that lies within a quoted field. The splitter knows it when it
//! reaches the cut: the record it then has begun is carried over to the next block, which is split once more. So blocks
//! can be split side by side, memory is bounded by a few of them, and the records are those of a single pass.

use std::io::Read;

use csv_core::{ReadRecordResult, ReaderBuilder};
use memchr::{memchr_iter, memrchr};
use rayon::prelude::*;

use super::records::Records;
use crate::base::error::{Code, Error, Result};
use crate::base::limits::{COLUMNS_MAX, FIELD_LEN_BYTES_MAX, RECORD_LEN_BYTES_MAX, TEXT_BLOCK_BYTES};

/// Blocks split at a time by each thread, so that one is busy while another ends.
const BLOCKS_PER_THREAD: usize = 8;

/// Reads blocks of a text and splits them.
pub struct Splitter<R> {
    reader: R,
    delimiter: u8,
    /// Read, but not yet part of a block: what follows the last line end.
    rest: Vec<u8>,
    /// Line on which `rest` begins.
    line: u64,
    ended: bool,
}

/// A block split on the assumption that it begins with a record.
struct Split {
    records: Records,
    /// Where the record begins that the block does not end.
    open: Option<usize>,
    /// Line ends before that, or in the whole block.
    lines: u64,
}

impl<R: Read> Splitter<R> {
    /// A splitter of a text in UTF-8.
    pub fn new(reader: R, delimiter: u8) -> Self {
        Self { reader, delimiter, rest: Vec::new(), line: 1, ended: false }
    }

    /// The next blocks in the order of the file; none at its end.
    pub fn next(&mut self) -> Result<Vec<Records>> {
        let mut records = Vec::new();
        while records.is_empty() && !self.ended {
            records = self.group()?;
        }
        Ok(records)
    }

    fn group(&mut self) -> Result<Vec<Records>> {
        let mut blocks = Vec::new();
        while blocks.len() < BLOCKS_PER_THREAD * rayon::current_num_threads() && !self.ended {
            blocks.push(self.block()?);
        }
        let delimiter = self.delimiter;
        let splits: Vec<Result<Split>> = blocks.par_iter().map(|block| split(block, delimiter)).collect();
        let mut records = Vec::with_capacity(blocks.len());
        let mut carried: Vec<u8> = Vec::new();
        for (mut block, mut parts) in blocks.into_iter().zip(splits) {
            if !carried.is_empty() {
                carried.append(&mut block);
                block = std::mem::take(&mut carried);
                parts = split(&block, delimiter);
            }
            let parts = parts.map_err(|error| self.placed(error))?;
            records.push(parts.records.moved_by(self.line));
            self.line += parts.lines;
            carried.extend(parts.open.map_or(&[][..], |at| &block[at..]));
            if carried.len() > RECORD_LEN_BYTES_MAX || self.ended && !carried.is_empty() {
                // The last block ends with a line end: what is still open there is within quotes.
                return Err(Error::new(Code::QuoteUnclosed).row(self.line));
            }
        }
        carried.append(&mut self.rest);
        self.rest = carried;
        records.retain(|block| !block.is_empty());
        Ok(records)
    }

    /// Reads up to the last line end within a block's length, or as far as it takes to find one.
    fn block(&mut self) -> Result<Vec<u8>> {
        let mut block = std::mem::take(&mut self.rest);
        loop {
            let missing = TEXT_BLOCK_BYTES.saturating_sub(block.len()).max(TEXT_BLOCK_BYTES / 16);
            let read = (&mut self.reader).take(missing as u64).read_to_end(&mut block);
            let read = read.map_err(|cause| Error::new(Code::FileUnreadable).detail(cause))?;
            if read < missing {
                self.ended = true;
                if !block.ends_with(b"\n") {
                    block.push(b'\n');
                }
                return Ok(block);
            }
            // A carriage return at the very end may be half of a line end.
            let cut = memrchr(b'\n', &block).or_else(|| memrchr(b'\r', &block[..block.len() - 1]));
            if let Some(cut) = cut {
                self.rest = block.split_off(cut + 1);
                return Ok(block);
            }
            if block.len() > RECORD_LEN_BYTES_MAX {
                return Err(Error::new(Code::FieldTooLong).row(self.line).detail("no line end in sight"));
            }
        }
    }

    /// An error whose row is counted from the block's beginning, placed in the file.
    fn placed(&self, error: Error) -> Error {
        let row = error.place.row.map_or(self.line, |row| self.line + row);
        error.row(row)
    }
}

/// Numbers of fields of the first records of a sample, if a delimiter splits it.
pub fn widths(sample: &[u8], delimiter: u8, most: usize) -> Vec<usize> {
    let records = split(sample, delimiter).map(|split| split.records).unwrap_or_default();
    (0..records.len().min(most)).map(|at| records.width(at)).collect()
}

fn split(block: &[u8], delimiter: u8) -> Result<Split> {
    let mut core = ReaderBuilder::new().delimiter(delimiter).build();
    let mut text = vec![0; block.len()];
    let mut ends = vec![0; COLUMNS_MAX + 1];
    let mut layout = Layout::default();
    let (mut read, mut counted, mut written, mut line, mut open) = (0, 0, 0, 0, None);
    loop {
        let start = read + block[read..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += line_ends(&block[counted..start]);
        counted = start;
        if start == block.len() {
            break;
        }
        let (result, bytes, out, cells) = core.read_record(&block[start..], &mut text[written..], &mut ends);
        match result {
            ReadRecordResult::Record => layout.record(&ends[..cells], written, line)?,
            ReadRecordResult::OutputEndsFull => {
                let detail = format!("more than {COLUMNS_MAX} columns");
                return Err(Error::new(Code::TooLarge).row(line).detail(detail));
            }
            _ => {
                open = Some(start);
                break;
            }
        }
        read = start + bytes;
        written += out;
    }
    text.truncate(written);
    Ok(Split { records: layout.records(text), open, lines: line })
}

/// Where the cells of the records split so far end.
#[derive(Default)]
struct Layout {
    cell_ends: Vec<u32>,
    record_ends: Vec<u32>,
    lines: Vec<u64>,
}

impl Layout {
    fn record(&mut self, ends: &[usize], written: usize, line: u64) -> Result<()> {
        let mut before = 0;
        for (at, &end) in ends.iter().enumerate() {
            if end - before > FIELD_LEN_BYTES_MAX {
                return Err(Error::new(Code::FieldTooLong).row(line).column(format!("field {}", at + 1)));
            }
            before = end;
            self.cell_ends.push((written + end) as u32);
        }
        self.record_ends.push(self.cell_ends.len() as u32);
        self.lines.push(line);
        Ok(())
    }

    /// The records, as UTF-8; one that is not is kept with what can be read of it, and its fault.
    fn records(self, text: Vec<u8>) -> Records {
        match String::from_utf8(text) {
            // Halves of a sign in neighbouring cells are whole only where the delimiter between them is gone.
            Ok(text)
                if text.is_ascii()
                    || self.cell_ends.iter().all(|end| text.is_char_boundary(*end as usize)) =>
            {
                Records::laid_out(text, self.cell_ends, self.record_ends, self.lines)
            }
            Ok(text) => self.repaired(text.as_bytes()),
            Err(broken) => self.repaired(broken.as_bytes()),
        }
    }

    fn repaired(&self, text: &[u8]) -> Records {
        let mut records = Records::default();
        let (mut cell, mut start) = (0, 0);
        for (&end_cell, &line) in self.record_ends.iter().zip(&self.lines) {
            for &end in &self.cell_ends[cell..end_cell as usize] {
                let bytes = &text[start..end as usize];
                if std::str::from_utf8(bytes).is_err() {
                    records.fault(Code::TextInvalid);
                }
                records.push_cell(&String::from_utf8_lossy(bytes));
                start = end as usize;
            }
            records.end_record(line);
            cell = end_cell as usize;
        }
        records
    }
}

/// Line ends in a piece of text that does not begin or end amid one: line feeds, carriage returns, or both together.
fn line_ends(text: &[u8]) -> u64 {
    let lone = |at: &usize| text.get(at + 1) != Some(&b'\n');
    (memchr_iter(b'\n', text).count() + memchr_iter(b'\r', text).filter(lone).count()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every record with its line.
    fn all(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut splitter = Splitter::new(text.as_bytes(), b',');
        let mut found = Vec::new();
        loop {
            let blocks = splitter.next().unwrap();
            if blocks.is_empty() {
                return found;
            }
            for block in blocks {
                let cells = |at| block.cells(at).map(str::to_owned).collect();
                found.extend((0..block.len()).map(|at| (block.line(at), cells(at))));
            }
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        // The records `1` and `2` stand on the lines named, whatever ends a line and whatever stands between.
        for (text, lines) in [
            ("1,a\n\n2,b\n", [1, 3]),
            ("1,a\r\n\r\n2,b\r\n", [1, 3]),
            ("1,\"a\r\nb\"\r\n2,b", [1, 3]),
            ("1,a\r2,b\r", [1, 2]),
            ("\n\n1,a\n2,b\n", [3, 4]),
        ] {
            let found: Vec<u64> = all(text).into_iter().map(|(line, _)| line).collect();
            assert_eq!(found, lines, "{text:?}");
        }
    }

    #[test]
    fn blocks_cut_within_quotes_give_the_records_of_a_single_pass() {
        // Quoted fields of many lines, longer together than several blocks, beside the csv crate.
        let quoted = format!("\"{}\"", "line of a \"\"note\"\"\n".repeat(1_500));
        let rows: Vec<String> = (0..600).map(|row| format!("{row},{quoted},5\" pipe\n")).collect();
        let text = rows.concat();
        assert!(text.len() > 4 * TEXT_BLOCK_BYTES);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let expected: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.unwrap().iter().map(|cell| cell.trim().to_owned()).collect())
            .collect();
        let found = all(&text);
        assert_eq!(found.len(), 600);
        assert!(found.iter().map(|(_, cells)| cells).eq(&expected));
        // Each record takes 1,501 lines.
        assert!(found.iter().enumerate().all(|(row, (line, _))| *line == 1 + row as u64 * 1_501));
    }

    #[test]
    fn halves_of_a_sign_in_two_cells_are_no_sign() {
        let mut splitter = Splitter::new(&b"1,\xc3,\xa4\n"[..], b',');
        let records = splitter.next().unwrap().remove(0);
        assert_eq!(records.cells(0).collect::<Vec<_>>(), ["1", "\u{fffd}", "\u{fffd}"]);
        assert_eq!(records.faults(), [(0, Code::TextInvalid), (0, Code::TextInvalid)]);
    }

    #[test]
    fn a_quote_never_closed_is_an_error_with_its_line() {
        let mut splitter = Splitter::new(&b"1,a\n2,\"b\n3,c\n"[..], b',');
        let error = splitter.next().unwrap_err();
        assert_eq!((error.code, error.place.row), (Code::QuoteUnclosed, Some(2)));
    }
}
