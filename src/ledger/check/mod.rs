//! The registry of checks. Each looks at one typed table and rejects rows; [`CHECKS`] is the order in which they run,
//! and a row is rejected for the first thing found wrong with it (the others are listed beside it).

mod allocations;
mod due_before_issue;
mod negative;
mod references;
mod repeated;

use std::collections::{HashMap, HashSet};

use super::draft::Draft;
use crate::base::money::Currency;

/// One check.
#[derive(Clone, Copy)]
pub struct Check {
    /// Name in the documentation.
    pub name: &'static str,
    /// What it makes sure of.
    pub doc: &'static str,
    /// Rejects the rows that fail.
    pub run: fn(&mut Draft, &Known),
}

/// Every check, in the order in which they run. `repeated::IDS` comes after those that reject rows, so that a good row
/// is not refused for repeating the id of a rejected one; sums over accepted rows come last.
pub const CHECKS: &[Check] =
    &[negative::CHECK, due_before_issue::CHECK, references::CHECK, repeated::ROWS, repeated::IDS, allocations::CHECK];

/// What the tables read so far have: the ids that later tables may refer to.
#[derive(Debug, Default)]
pub struct Known {
    /// Ids of accepted rows, by table.
    ids: HashMap<&'static str, HashSet<String>>,
    /// Currency and amount of the documents that settle or are settled, by id.
    payments: HashMap<String, (Currency, i64)>,
    invoices: HashMap<String, (Currency, i64)>,
}

impl Known {
    /// Remembers the ids of a table's accepted rows, where another table's column refers to them.
    pub fn learn(&mut self, draft: &Draft) {
        let table = draft.table;
        let referred = super::table::TABLES
            .iter()
            .any(|other| other.columns.iter().any(|column| column.refers_to == Some(table.name)));
        let sound = || (0..draft.rows()).filter(|&row| draft.sound(row));
        if referred {
            self.ids.insert(table.name, sound().map(|row| draft.text("id", row).to_owned()).collect());
        }
        let money = |row| {
            let found = draft.currency("currency", row).zip(draft.whole("amount", row));
            found.map(|found| (draft.text("id", row).to_owned(), found))
        };
        match table.name {
            "payments" => self.payments.extend(sound().filter_map(money)),
            "invoices" => {
                self.invoices = sound().filter_map(money).collect();
                // A credit note settles invoices as a payment does.
                self.payments = sound().filter(|&row| draft.choice("type", row) == Some(1)).filter_map(money).collect();
            }
            _ => {}
        }
    }
}
