//! What every format is turned into first: records of cells, each with the line or row it stands on.

use crate::base::error::Code;

/// Consecutive records of a file, split into cells and not interpreted. Holds less than 4 GiB of text: files are read in
/// blocks far below that.
#[derive(Debug, Default, Clone)]
pub struct Records {
    text: String,
    /// Where each cell ends in the text.
    cell_ends: Vec<u32>,
    /// Number of cells up to and with each record.
    record_ends: Vec<u32>,
    lines: Vec<u64>,
    faults: Vec<(u32, Code)>,
}

impl Records {
    /// Takes over what a splitter has laid out: text, the end of each cell, the number of cells up to each record, and
    /// the line of each record.
    pub(super) fn laid_out(
        text: String,
        cell_ends: Vec<u32>,
        record_ends: Vec<u32>,
        lines: Vec<u64>,
    ) -> Self {
        Self { text, cell_ends, record_ends, lines, faults: Vec::new() }
    }

    /// Appends a cell to the record under construction.
    pub fn push_cell(&mut self, text: &str) {
        self.text.push_str(text);
        self.cell_ends.push(self.text.len() as u32);
    }

    /// Ends the record under construction, which stands on this line or row.
    pub fn end_record(&mut self, line: u64) {
        self.record_ends.push(self.cell_ends.len() as u32);
        self.lines.push(line);
    }

    /// Notes what is wrong with the record under construction.
    pub fn fault(&mut self, code: Code) {
        self.faults.push((self.record_ends.len() as u32, code));
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Number of cells of a record.
    pub fn width(&self, record: usize) -> usize {
        let (from, to) = self.span(record);
        to - from
    }

    /// A cell without the blanks around it; empty beyond the record's end.
    #[inline]
    pub fn cell(&self, record: usize, at: usize) -> &str {
        let (from, to) = self.span(record);
        if from + at >= to {
            return "";
        }
        let start = (from + at).checked_sub(1).map_or(0, |before| self.cell_ends[before]) as usize;
        let end = self.cell_ends[from + at] as usize;
        trimmed(&self.text[start..end])
    }

    /// The cells of a record.
    pub fn cells(&self, record: usize) -> impl Iterator<Item = &str> {
        let (from, to) = self.span(record);
        let mut start = from.checked_sub(1).map_or(0, |before| self.cell_ends[before]) as usize;
        self.cell_ends[from..to].iter().map(move |&end| {
            let cell = trimmed(&self.text[start..end as usize]);
            start = end as usize;
            cell
        })
    }

    /// Whether no cell of a record has text.
    pub fn is_blank(&self, record: usize) -> bool {
        self.cells(record).all(str::is_empty)
    }

    /// The line or row a record stands on.
    pub fn line(&self, record: usize) -> u64 {
        self.lines[record]
    }

    /// What is wrong with records, by their position.
    pub fn faults(&self) -> &[(u32, Code)] {
        &self.faults
    }

    /// Whether something is wrong with a record.
    pub fn is_faulty(&self, record: usize) -> bool {
        self.faults.binary_search_by_key(&(record as u32), |(record, _)| *record).is_ok()
    }

    /// Bytes of text held.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Moves the count of lines, for a block that was split before it was known where in the file it stands.
    pub(super) fn moved_by(mut self, lines: u64) -> Self {
        self.lines.iter_mut().for_each(|line| *line += lines);
        self
    }

    #[inline]
    fn span(&self, record: usize) -> (usize, usize) {
        let from = record.checked_sub(1).map_or(0, |before| self.record_ends[before]);
        (from as usize, self.record_ends[record] as usize)
    }
}

/// Without the blanks around it. Most cells have none, and two bytes tell.
#[inline]
fn trimmed(text: &str) -> &str {
    let plain = |byte: Option<&u8>| byte.is_none_or(|byte| (b'!'..0x7f).contains(byte));
    if plain(text.as_bytes().first()) && plain(text.as_bytes().last()) { text } else { text.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_trimmed_by_record_and_position() {
        let mut records = Records::default();
        records.push_cell(" a ");
        records.push_cell("");
        records.end_record(4);
        records.fault(Code::TextInvalid);
        records.push_cell("\u{a0}ü\t");
        records.end_record(7);
        assert_eq!(records.cells(0).collect::<Vec<_>>(), ["a", ""]);
        assert_eq!((records.cell(1, 0), records.cell(1, 5), records.width(1)), ("ü", "", 1));
        assert_eq!((records.line(1), records.faults()), (7, &[(1, Code::TextInvalid)][..]));
        assert!(!records.is_blank(0));
    }
}
