//! No document twice. An exact repeat is a double export; an id with other content is two documents of one number,
//! and which of them is right is for people to say.

use hashbrown::{HashMap, HashSet};

use super::{Check, Run};
use crate::base::error::Code;

pub const CHECK: Check = Check {
    name: "repeated rows and ids",
    doc: "no row repeats an earlier one in every mapped column, and no two sound rows have the same id; the first is kept. Bills may repeat: one that came twice is an exception",
    run: Run::InOrder(|draft, _, memory| {
        let Some(&column) = draft.table.key.first().filter(|_| !draft.table.repeats) else { return };
        for row in 0..draft.rows() {
            // Rows without an id cannot be told apart from two like documents: the missing id is their fault.
            let (Some(key), content) = draft.prints[row] else { continue };
            if draft.parts[row] {
                continue;
            }
            if let Some(code) = memory.seen.note(key, content, draft.sound(row)) {
                draft.reject(row, code, column);
            }
        }
    }),
};

/// Rows seen, by the print of their key: some forty bytes each.
#[derive(Debug, Default)]
pub struct Seen {
    first: HashMap<u128, First>,
    /// Contents of rows whose key was seen before. Repeats are few.
    others: HashSet<(u128, u64)>,
}

/// What was seen under a key.
#[derive(Debug)]
struct First {
    content: u64,
    /// Whether one of the rows was sound, and is kept.
    kept: bool,
}

impl Seen {
    /// Notes a row; says what is wrong with it if the key was seen before.
    fn note(&mut self, key: u128, content: u64, sound: bool) -> Option<Code> {
        let Some(first) = self.first.get_mut(&key) else {
            self.first.insert(key, First { content, kept: sound });
            return None;
        };
        if first.content == content || !self.others.insert((key, content)) {
            return Some(Code::RowRepeated);
        }
        if !sound {
            return None;
        }
        let taken = first.kept;
        first.kept = true;
        taken.then_some(Code::IdRepeated)
    }
}
