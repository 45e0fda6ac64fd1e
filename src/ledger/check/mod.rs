//! The registry of checks. Each looks at one typed table and rejects rows; [`CHECKS`] is the order in which they run,
//! and a row is rejected for the first thing found wrong with it (the others are listed beside it).

mod allocations;
mod due_before_issue;
mod instalments;
mod negative;
mod rates;
mod references;
mod repeated;
mod returned;

use hashbrown::HashMap;

use super::draft::Draft;
use super::table::{Column, TABLES};
use crate::base::day::Day;
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
pub const CHECKS: &[Check] = &[
    negative::CHECK,
    due_before_issue::CHECK,
    rates::CHECK,
    returned::CHECK,
    references::CHECK,
    repeated::ROWS,
    repeated::IDS,
    instalments::CHECK,
    allocations::CHECK,
];

/// What the tables read so far have that later tables may refer to: their accepted ids, with what a document is worth.
#[derive(Debug, Default)]
pub struct Known {
    tables: HashMap<&'static str, HashMap<String, Option<Worth>>>,
}

/// What a document is worth.
#[derive(Debug, Clone, Copy)]
pub struct Worth {
    /// Its currency.
    pub currency: Currency,
    /// Minor units.
    pub amount: i64,
    /// Whether it is a credit note, which settles invoices as a payment does.
    pub is_credit: bool,
    /// Whether it is void or a draft, and so nothing.
    pub is_void: bool,
    /// Day it was issued, of a document.
    pub issued: Option<Day>,
    /// Whether it came back, of a payment.
    pub is_returned: bool,
}

impl Known {
    /// Remembers the accepted rows of a table that others refer to.
    pub fn learn(&mut self, draft: &Draft) {
        let name = draft.table.name;
        let refers = |column: &Column| column.refers_to == Some(name);
        if name == "payments" || TABLES.iter().any(|other| other.columns.iter().any(refers)) {
            let sound = (0..draft.rows()).filter(|&row| draft.sound(row));
            let ids = sound.map(|row| (draft.text("id", row).to_owned(), worth(draft, row))).collect();
            self.tables.insert(name, ids);
        }
    }

    /// The ids of a table, if the ledger has it.
    pub fn ids(&self, table: &str) -> Option<&HashMap<String, Option<Worth>>> {
        self.tables.get(table)
    }

    /// What a document of a table is worth.
    pub fn worth(&self, table: &str, id: &str) -> Option<Worth> {
        *self.tables.get(table)?.get(id)?
    }
}

fn worth(draft: &Draft, row: usize) -> Option<Worth> {
    Some(Worth {
        currency: draft.currency("currency", row)?,
        amount: draft.whole("amount", row)?,
        is_credit: draft.choice("type", row) == Some(1),
        is_void: matches!(draft.choice("status", row), Some(2 | 3)),
        issued: draft.day("issued", row),
        is_returned: draft.day("returned", row).is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::CHECKS;

    #[test]
    fn the_documentation_lists_every_check() {
        let documentation = include_str!("../../../docs/LEDGER.md");
        for check in CHECKS {
            let line = format!("- **{}**: {}", check.name, check.doc);
            assert!(documentation.contains(&line), "docs/LEDGER.md lacks:\n{line}");
        }
    }
}
