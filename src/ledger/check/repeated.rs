//! No document twice. An exact repeat is a double export; an id with other content is two documents of one number,
//! and which of them is right is for people to say.

use std::borrow::Cow;

use hashbrown::{HashMap, HashSet};

use super::Check;
use crate::base::error::Code;
use crate::ledger::draft::Draft;

pub const ROWS: Check = Check {
    name: "repeated rows",
    doc: "no row repeats an earlier one in every mapped column; the first is kept",
    run: |draft, _| {
        let Some(&column) = draft.table.key.first() else { return };
        let mut first: HashMap<Cow<str>, usize> = HashMap::new();
        // Repeats are few: only keys seen twice get a list of their rows.
        let mut repeats: HashMap<usize, Vec<usize>> = HashMap::new();
        for row in 0..draft.rows() {
            // Rows without an id cannot be told apart from two like documents: the missing id is their fault.
            let Some(key) = key(draft, row) else { continue };
            let earliest = *first.entry(key).or_insert(row);
            if earliest != row {
                repeats.entry(earliest).or_insert_with(|| vec![earliest]).push(row);
            }
        }
        for rows in repeats.into_values() {
            let mut contents = HashSet::new();
            for row in rows {
                if !contents.insert(content(draft, row)) {
                    draft.reject(row, Code::RowRepeated, column);
                }
            }
        }
    },
};

pub const IDS: Check = Check {
    name: "repeated ids",
    doc: "no two sound rows have the same id; the first is kept",
    run: |draft, _| {
        let Some(&column) = draft.table.key.first() else { return };
        let mut seen = HashSet::new();
        for row in 0..draft.rows() {
            if draft.sound(row) && key(draft, row).is_some_and(|key| !seen.insert(key)) {
                draft.reject(row, Code::IdRepeated, column);
            }
        }
    },
};

/// The row's key columns joined, if none of them is empty.
fn key<'a>(draft: &Draft<'a>, row: usize) -> Option<Cow<'a, str>> {
    if let [column] = draft.table.key {
        let text = draft.text(column, row);
        return (!text.is_empty()).then_some(Cow::Borrowed(text));
    }
    let parts: Vec<&str> = draft.table.key.iter().map(|column| draft.text(column, row)).collect();
    parts.iter().all(|part| !part.is_empty()).then(|| Cow::Owned(parts.join("\u{1f}")))
}

/// Every mapped cell of a row.
fn content<'a>(draft: &Draft<'a>, row: usize) -> Vec<&'a str> {
    draft.raw.columns.iter().flatten().map(|column| column.get(row)).collect()
}
