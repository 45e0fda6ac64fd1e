//! The section of one table.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::header::From;
use crate::ledger::notation::amount::DecimalSign;
use crate::ledger::notation::day::DateOrder;
use crate::ledger::table::{Kind, Table};

/// How the files of one table are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    /// Files of the table, relative to the ledger folder, `*` standing for any text; otherwise those named after it.
    pub files: Vec<String>,
    /// Sheet of a workbook, or member of a JSON object; otherwise the first with rows.
    pub sheet: Option<String>,
    /// Encoding of a text file by its WHATWG label, `windows-1252`; otherwise what its bytes prove.
    pub encoding: Option<String>,
    /// The one character between fields of a text file; otherwise the one that its header shows.
    pub delimiter: Option<char>,
    /// chrono format of every day in the table, `%d/%m/%Y`, for what is not read without one.
    pub date_format: Option<String>,
    /// Order of day and month in `3/4/2025`; otherwise what each column proves.
    pub date_order: Option<DateOrder>,
    /// What stands before the decimals; otherwise what each column proves.
    pub decimal: Option<DecimalSign>,
    /// What a row of the file is.
    pub rows: Rows,
    /// With a row per line: columns whose values add up to the document's. The others must be alike on every line.
    pub sum: Vec<String>,
    /// Canonical column that rows with a single cell give to the rows below them.
    pub group: Option<String>,
    /// Canonical columns whose empty cells take the value above.
    pub fill_down: Vec<String>,
    /// What a negative amount says.
    pub negative: Negative,
    /// Whether amounts have the opposite sign in the file.
    pub negate: bool,
    /// Canonical column → where it is taken from; otherwise from the header of its own name.
    pub columns: BTreeMap<String, From>,
    /// Header → the values of the rows that belong to this table.
    pub r#where: BTreeMap<String, Vec<String>>,
    /// Header → the values of rows that belong to no table.
    pub ignore: BTreeMap<String, Vec<String>>,
    /// Canonical column → the file's word → the canonical word.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    /// Canonical column → the value of every row whose cell is empty or whose column is missing.
    pub defaults: BTreeMap<String, String>,
    /// Currency → the sum of `amount` over all rows of the table, as the exporting system states it.
    pub totals: BTreeMap<String, String>,
    /// Columns of a shipped mapping, which the file may lack if they are optional; in a user's mapping that is a typing error.
    #[serde(skip)]
    pub shipped: BTreeSet<String>,
}

/// What a row of the file is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// A row of the table.
    #[default]
    Document,
    /// A line of a document, whose own columns are repeated or left empty on the lines that follow.
    Line,
}

/// What a negative amount says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Negative {
    /// That something is wrong: the row is rejected.
    #[default]
    Reject,
    /// That the document is a credit note.
    CreditNote,
}

impl Section {
    /// Whether the section says how columns are named: the file is foreign, and may be written in any way that can be
    /// proved, with titles and totals between its rows.
    pub fn is_foreign(&self) -> bool {
        !self.columns.is_empty()
    }

    /// The header that a canonical column is taken from, for messages.
    pub fn header<'a>(&'a self, column: &'a str) -> &'a str {
        self.columns.get(column).and_then(|from| from.headers().first()).map_or(column, String::as_str)
    }

    /// This section where it says something, another one's word where it does not.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        fn merged<V: Clone>(own: &BTreeMap<String, V>, other: &BTreeMap<String, V>) -> BTreeMap<String, V> {
            other.iter().chain(own).map(|(key, value)| (key.clone(), value.clone())).collect()
        }
        let either =
            |own: &Vec<String>, other: &Vec<String>| if own.is_empty() { other } else { own }.clone();
        Self {
            files: either(&self.files, &other.files),
            sheet: self.sheet.clone().or_else(|| other.sheet.clone()),
            encoding: self.encoding.clone().or_else(|| other.encoding.clone()),
            delimiter: self.delimiter.or(other.delimiter),
            date_format: self.date_format.clone().or_else(|| other.date_format.clone()),
            date_order: self.date_order.or(other.date_order),
            decimal: self.decimal.or(other.decimal),
            rows: if self.rows == Rows::Line { self.rows } else { other.rows },
            sum: either(&self.sum, &other.sum),
            group: self.group.clone().or_else(|| other.group.clone()),
            fill_down: either(&self.fill_down, &other.fill_down),
            negative: if self.negative == Negative::Reject { other.negative } else { self.negative },
            negate: self.negate || other.negate,
            columns: merged(&self.columns, &other.columns),
            r#where: merged(&self.r#where, &other.r#where),
            ignore: merged(&self.ignore, &other.ignore),
            words: merged(&self.words, &other.words),
            defaults: merged(&self.defaults, &other.defaults),
            totals: merged(&self.totals, &other.totals),
            shipped: other
                .shipped
                .iter()
                .filter(|column| !self.columns.contains_key(*column))
                .cloned()
                .collect(),
        }
    }

    pub(super) fn check(&self, table: &Table) -> Result<(), String> {
        let name = table.name;
        let in_columns = self.columns.keys().map(|column| ("columns", column));
        let in_defaults = self.defaults.keys().map(|column| ("defaults", column));
        let in_words = self.words.keys().map(|column| ("words", column));
        let others = self.sum.iter().chain(&self.fill_down).chain(&self.group).map(|column| ("…", column));
        for (key, column) in in_columns.chain(in_defaults).chain(in_words).chain(others) {
            if table.position(column).is_none() {
                return Err(format!("[{name}.{key}] has `{column}`, which is not a column of it"));
            }
        }
        if self.columns.values().any(|from| from.headers().is_empty()) {
            return Err(format!("[{name}.columns] has a column that is taken from no header"));
        }
        self.check_notation(name)?;
        self.check_words(table)?;
        let kind = |column: &String| table.position(column).map(|at| table.columns[at].kind);
        if self.sum.iter().any(|column| !matches!(kind(column), Some(Kind::Amount | Kind::Decimal))) {
            return Err(format!("[{name}] sum is for columns of amounts"));
        }
        if self.rows == Rows::Document && !self.sum.is_empty() {
            return Err(format!("[{name}] sum goes with rows = \"line\""));
        }
        if self.negative == Negative::CreditNote && table.position("type").is_none() {
            return Err(format!("[{name}] negative: the table has no credit notes"));
        }
        if !self.totals.is_empty() && table.position("currency").is_none() {
            return Err(format!("[{name}.totals]: the table has no amounts in a currency"));
        }
        Ok(())
    }

    fn check_notation(&self, name: &str) -> Result<(), String> {
        let unfit = |delimiter: char| !delimiter.is_ascii() || matches!(delimiter, '"' | '\n' | '\r' | '\0');
        if self.delimiter.is_some_and(unfit) {
            return Err(format!("[{name}] delimiter must be one ASCII character"));
        }
        let unknown = |format: &String| {
            chrono::format::StrftimeItems::new(format).any(|item| item == chrono::format::Item::Error)
        };
        if let Some(format) = self.date_format.as_ref().filter(|format| unknown(format)) {
            return Err(format!("[{name}] date_format `{format}` is not a strftime format"));
        }
        let label = |label: &String| encoding_rs::Encoding::for_label(label.as_bytes()).is_none();
        if let Some(encoding) = self.encoding.as_ref().filter(|encoding| label(encoding)) {
            return Err(format!("[{name}] encoding `{encoding}` is not a WHATWG label such as windows-1252"));
        }
        Ok(())
    }

    fn check_words(&self, table: &Table) -> Result<(), String> {
        for (column, words) in &self.words {
            let kind = table.position(column).map(|at| table.columns[at].kind);
            let known = |word: &String| match kind {
                Some(Kind::Choice(words)) => words.contains(&word.as_str()),
                Some(Kind::Flag) => matches!(word.as_str(), "true" | "false"),
                _ => false,
            };
            if let Some(word) = words.values().find(|word| !known(word)) {
                return Err(format!("[{}.words.{column}]: `{word}` is no word of it", table.name));
            }
        }
        Ok(())
    }
}
