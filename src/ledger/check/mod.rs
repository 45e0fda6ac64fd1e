//! The registry of checks. Each looks at typed rows and rejects some; [`CHECKS`] is the order in which they run, and a row
//! is rejected for the first thing found wrong with it (the others are listed beside it). Most look at a block of rows by
//! itself, several blocks at a time; those that remember earlier rows take the blocks in the order of the files.

mod allocations;
mod due_before_issue;
mod instalments;
mod negative;
mod plans;
mod rates;
mod references;
mod repeated;
mod returned;

use hashbrown::HashMap;

use super::draft::Draft;
use super::key;
use super::table::Table;
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
    pub run: Run,
}

/// What a check looks at.
#[derive(Clone, Copy)]
pub enum Run {
    /// A block by itself.
    Block(fn(&mut Draft, &Known)),
    /// A block after all those before it.
    InOrder(fn(&mut Draft, &Known, &mut Memory)),
}

/// What the checks remember of a table's earlier rows.
#[derive(Debug, Default)]
pub struct Memory {
    /// Rows seen, by the print of their key.
    seen: repeated::Seen,
    /// What was allocated so far.
    used: allocations::Used,
    instalments: instalments::Sums,
    plans: plans::Plans,
}

impl Memory {
    /// What a second reading of the same table remembers of the first one.
    #[must_use]
    pub fn of_second_reading(mut self) -> Self {
        self.instalments.close();
        self.plans.close();
        Self { instalments: self.instalments, plans: self.plans, ..Self::default() }
    }
}

/// Tables that are read twice, since only all rows together say whether one is right.
pub const READ_TWICE: [&str; 2] = ["instalments", "plans"];

/// Every check, in the order in which they run. `repeated` comes after those that reject rows, so that a good row is not
/// refused for repeating the id of a rejected one; sums over accepted rows come last.
pub const CHECKS: &[Check] = &[
    negative::CHECK,
    due_before_issue::CHECK,
    rates::CHECK,
    returned::CHECK,
    references::CHECK,
    repeated::CHECK,
    instalments::CHECK,
    plans::CHECK,
    allocations::CHECK,
];

/// Runs the checks that look at a block by itself.
pub fn block(draft: &mut Draft, known: &Known) {
    for check in CHECKS {
        if let Run::Block(run) = check.run {
            run(draft, known);
        }
    }
}

/// Runs the checks that remember earlier rows.
pub fn in_order(draft: &mut Draft, known: &Known, memory: &mut Memory) {
    for check in CHECKS {
        if let Run::InOrder(run) = check.run {
            run(draft, known, memory);
        }
    }
    draft.reject_lines();
}

/// What the tables read so far have that later tables may refer to: the prints of their accepted ids, with what a
/// document is worth.
#[derive(Debug, Default)]
pub struct Known {
    /// Tables that others of this ledger refer to.
    wanted: Vec<&'static str>,
    tables: HashMap<&'static str, Ids>,
}

/// The prints of a table's accepted ids.
pub type Ids = HashMap<u128, Option<Worth>>;

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
    /// Remembers only what the tables of a ledger refer to.
    pub fn new(tables: &[&'static Table]) -> Self {
        let referred = tables.iter().flat_map(|table| table.columns).filter_map(|column| column.refers_to);
        // Allocations refer to payments and to credit notes alike, so their column names no table.
        let paid = tables.iter().any(|table| table.name == "allocations").then_some("payments");
        let mut wanted: Vec<&str> = referred.chain(paid).collect();
        wanted.sort_unstable();
        wanted.dedup();
        Self { wanted, tables: HashMap::new() }
    }

    /// Adds the accepted rows of a table that others refer to.
    pub fn learn(&self, draft: &Draft, own: &mut Ids) {
        if self.wanted.contains(&draft.table.name) {
            own.extend(draft.documents().filter_map(|row| Some((draft.prints[row].0?, worth(draft, row)))));
        }
    }

    /// Remembers a table that was read to its end.
    pub fn keep(&mut self, table: &'static str, own: Ids) {
        if self.wanted.contains(&table) {
            self.tables.insert(table, own);
        }
    }

    /// The prints of a table's ids, if the ledger has it.
    pub fn ids(&self, table: &str) -> Option<&Ids> {
        self.tables.get(table)
    }

    /// What a document of a table is worth.
    pub fn worth(&self, table: &str, id: &str) -> Option<Worth> {
        *self.tables.get(table)?.get(&key::one(id))?
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
