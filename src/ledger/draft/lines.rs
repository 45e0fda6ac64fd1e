//! Exports with a row for each line of a document: the lines are made one document again.

use super::{Draft, Values};
use crate::base::error::Code;

impl Draft<'_> {
    /// Makes one document of its lines: amounts that add up are summed on the first, everything else must be alike or
    /// empty. A document is taken with all its lines or not at all.
    pub(super) fn merge_lines(&mut self) {
        let mut start = 0;
        while start < self.rows() {
            let key = self.prints[start].0;
            let goes_on = |row: &usize| key.is_some() && self.prints[*row].0 == key;
            let end = start + 1 + (start + 1..self.rows()).take_while(goes_on).count();
            if end - start > 1 {
                self.merge(start, end);
            }
            start = end;
        }
    }

    /// Rejects the further lines of documents that were rejected after their lines had been made one.
    pub fn reject_lines(&mut self) {
        let id = self.table.columns[0].name;
        let mut sound = true;
        for row in 0..self.rows() {
            if !self.parts[row] {
                sound = self.sound(row);
            } else if !sound && self.sound(row) {
                self.reject(row, Code::LineRejected, id);
            }
        }
    }

    fn merge(&mut self, start: usize, end: usize) {
        self.parts[start + 1..end].fill(true);
        let sums = &self.feed.section.sum;
        for faults in &mut self.faults[start + 1..end] {
            // What a line leaves empty stands on the document's first one.
            faults.retain(|fault| {
                fault.code != Code::ValueMissing || sums.iter().any(|sum| sum == fault.column)
            });
        }
        for (at, column) in self.table.columns.iter().enumerate() {
            if self.feed.section.sum.iter().any(|sum| sum == column.name) {
                let Values::Whole(numbers) = &mut self.values[at] else { continue };
                let sum = numbers[start..end]
                    .iter()
                    .flatten()
                    .try_fold(0_i64, |sum, number| sum.checked_add(*number));
                numbers[start] = sum;
                if sum.is_none() {
                    self.reject(start, Code::AmountTooLarge, column.name);
                }
            } else {
                let differs = |row: &usize| {
                    let own = self.own_text(at, *row);
                    !own.is_empty() && own != self.own_text(at, start)
                };
                for row in (start + 1..end).filter(differs).collect::<Vec<_>>() {
                    self.reject(row, Code::LinesDiffer, column.name);
                }
            }
        }
        if (start..end).any(|row| !self.sound(row)) {
            let id = self.table.columns[0].name;
            for row in (start..end).filter(|row| self.faults[*row].is_empty()).collect::<Vec<_>>() {
                self.reject(row, Code::LineRejected, id);
            }
        }
    }
}
