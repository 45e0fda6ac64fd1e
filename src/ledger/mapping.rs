//! `ledger.toml`: how foreign files become canonical tables. Unknown keys are errors, so that a typing error in a
//! mapping is never silently a default.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::table::Table;
use crate::base::error::{Code, Error, Result};

/// The mapping of a ledger: one section a table, all of them optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    tables: BTreeMap<String, TableMapping>,
}

/// One section of the mapping.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableMapping {
    /// Files of the table, relative to the ledger folder; otherwise those named after the table.
    pub files: Vec<String>,
    /// The one character between fields of a text file; otherwise a tab in a `.tsv` and a comma in any other.
    pub delimiter: Option<char>,
    /// chrono format of every day in the table, `%d/%m/%Y`; otherwise `YYYY-MM-DD`.
    pub date_format: Option<String>,
    /// Canonical column → header in the file; otherwise the canonical name itself.
    pub columns: BTreeMap<String, String>,
    /// Canonical column → the value of every row whose cell is empty or whose column is missing.
    pub defaults: BTreeMap<String, String>,
    /// Currency → the sum of `amount` over all rows of the table, as the exporting system states it.
    pub totals: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads a mapping file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| Error::new(Code::FileUnreadable).file(path).detail(cause))?;
        Self::parse(&text).map_err(|error| error.file(path))
    }

    /// Parses the text of a mapping file.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = |detail: String| Error::new(Code::MappingInvalid).detail(detail);
        let tables: BTreeMap<String, TableMapping> =
            toml::from_str(text).map_err(|cause| invalid(cause.to_string()))?;
        for (name, mapping) in &tables {
            let table = Table::find(name).ok_or_else(|| invalid(format!("[{name}] is not a table")))?;
            mapping.check(table).map_err(invalid)?;
        }
        Ok(Self { tables })
    }

    /// The section of a table; the default one where the mapping has none.
    pub fn of(&self, table: &Table) -> TableMapping {
        self.tables.get(table.name).cloned().unwrap_or_default()
    }
}

impl TableMapping {
    fn check(&self, table: &Table) -> std::result::Result<(), String> {
        for (section, names) in [("columns", self.columns.keys()), ("defaults", self.defaults.keys())] {
            for name in names {
                if table.position(name).is_none() {
                    return Err(format!(
                        "[{}.{section}] has `{name}`, which is not a column of it",
                        table.name
                    ));
                }
            }
        }
        let unfit = |delimiter: char| !delimiter.is_ascii() || matches!(delimiter, '"' | '\n' | '\r' | '\0');
        if self.delimiter.is_some_and(unfit) {
            return Err(format!("[{}] delimiter must be one ASCII character", table.name));
        }
        let unknown = |format: &String| {
            chrono::format::StrftimeItems::new(format).any(|item| item == chrono::format::Item::Error)
        };
        if let Some(format) = self.date_format.as_ref().filter(|format| unknown(format)) {
            return Err(format!("[{}] date_format `{format}` is not a strftime format", table.name));
        }
        if !self.totals.is_empty() && table.position("currency").is_none() {
            return Err(format!("[{}.totals]: the table has no amounts in a currency", table.name));
        }
        Ok(())
    }

    /// The header under which the file has a canonical column.
    pub fn header<'a>(&'a self, column: &'a str) -> &'a str {
        self.columns.get(column).map_or(column, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_refused() {
        for text in [
            "[invoises]",
            "[invoices]\nfile = 'a.csv'",
            "[invoices.columns]\nclient = 'Kunde'",
            "[invoices]\ndate_format = '%Q'",
            "[invoices]\ndelimiter = '→'",
            "[order_lines.totals]\nUSD = '1'",
            "not toml",
        ] {
            assert_eq!(Mapping::parse(text).map_err(|error| error.code), Err(Code::MappingInvalid), "{text}");
        }
    }

    #[test]
    fn headers_fall_back_to_canonical_names() {
        let mapping = Mapping::parse("[invoices.columns]\nid = 'Doc No'").unwrap_or_default();
        let invoices = Table::find("invoices").map(|table| mapping.of(table)).unwrap_or_default();
        assert_eq!((invoices.header("id"), invoices.header("due")), ("Doc No", "due"));
    }
}
