//! A table to be written: named, typed columns of one length. Made by the floors that have results, rendered
//! (CSV, Parquet, text) by `report`. Not for reading: what comes in is checked cell by cell in `ledger`.

use super::day::Day;
use super::money::Currency;

/// One table to be written.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// File stem, `invoices`.
    pub name: String,
    /// Columns in order; all have the same number of rows.
    pub columns: Vec<(String, Cells)>,
}

/// The cells of one column.
#[derive(Debug, Clone)]
pub enum Cells {
    /// Free text; empty where there is none.
    Text(Vec<String>),
    /// One of a few fixed words; empty where there is none.
    Word(Vec<&'static str>),
    /// Calendar days.
    Day(Vec<Option<Day>>),
    /// Exact amounts, each in its row's currency.
    Money(Vec<Option<(i64, Currency)>>),
    /// Whole numbers.
    Count(Vec<i64>),
    /// Model figures; NaN where there is none.
    Number(Vec<f64>),
    /// Yes or no.
    Flag(Vec<bool>),
}

impl Cells {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Word(cells) => cells.len(),
            Self::Day(cells) => cells.len(),
            Self::Money(cells) => cells.len(),
            Self::Count(cells) => cells.len(),
            Self::Number(cells) => cells.len(),
            Self::Flag(cells) => cells.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Sheet {
    /// A table without columns.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), columns: Vec::new() }
    }

    /// This table with one more column.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, cells: Cells) -> Self {
        self.columns.push((name.into(), cells));
        self
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, cells)| cells.len())
    }
}
