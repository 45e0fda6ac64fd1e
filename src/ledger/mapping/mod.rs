//! `ledger.toml`: how foreign files become canonical tables. Unknown keys are errors, so that a typing error in a
//! mapping is never silently a default. docs/LEDGER.md documents every key.

pub mod guess;
mod header;
pub mod preset;
mod section;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

pub use header::{From, Header, fold};
pub use section::{Negative, Rows, Section};

use super::settle::Policy;
use super::table::Table;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};

/// The mapping of a ledger: settings of the whole, and one section a table. All of it is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// How payments that the ledger does not allocate are applied.
    pub settlement: Settlement,
    /// What the ledger must come to.
    pub control: Control,
    /// Other names of parties.
    pub parties: Parties,
    tables: BTreeMap<String, Section>,
}

/// The section `[settlement]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settlement {
    /// The steps by which payments are applied that no allocation applies; without it, those that the ledger's tables
    /// call for.
    pub apply: Option<Vec<Step>>,
}

/// A step of applying payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// To the invoices that the payment's reference names.
    Reference,
    /// To the oldest open invoices of the payer.
    OldestFirst,
}

impl Settlement {
    /// The policy it states.
    pub fn policy(&self) -> Option<Policy> {
        self.apply.as_ref().map(|steps| Policy {
            by_reference: steps.contains(&Step::Reference),
            oldest_first: steps.contains(&Step::OldestFirst),
        })
    }
}

/// The section `[control]`: what the exporting system says the ledger comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Control {
    /// The day of the export; otherwise the last day on which anything became known.
    pub as_of: Option<Day>,
    /// Currency → open invoices less unapplied cash and credit on that day.
    pub net_open: BTreeMap<String, String>,
}

/// The section `[parties]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Parties {
    /// A CSV file of the ledger folder with the columns `alias` and `id`.
    pub aliases: Option<String>,
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
        let sections: toml::Table = toml::from_str(text).map_err(|cause| invalid(cause.to_string()))?;
        Self::of_sections(sections).map_err(invalid)
    }

    fn of_sections(sections: toml::Table) -> std::result::Result<Self, String> {
        let mut mapping = Self::default();
        for (name, value) in sections {
            match name.as_str() {
                "settlement" => mapping.settlement = section(&name, value)?,
                "control" => mapping.control = section(&name, value)?,
                "parties" => mapping.parties = section(&name, value)?,
                _ => {
                    let table = Table::find(&name).ok_or_else(|| format!("[{name}] is not a table"))?;
                    let read: Section = section(&name, value)?;
                    read.check(table)?;
                    mapping.tables.insert(name, read);
                }
            }
        }
        for (code, stated) in &mapping.control.net_open {
            let Some(currency) = crate::statute::currency::find(code) else {
                return Err(format!("[control.net_open]: `{code}` is not an ISO 4217 code"));
            };
            if currency.parse(stated).is_err() {
                return Err(format!("[control.net_open]: `{stated}` is not an amount in {code}"));
            }
        }
        Ok(mapping)
    }

    /// Whether facts must be settled to check what the mapping states.
    pub fn states_control(&self) -> bool {
        !self.control.net_open.is_empty()
    }

    /// The section of a table; the default one where the mapping has none.
    pub fn of(&self, table: &Table) -> Section {
        self.tables.get(table.name).cloned().unwrap_or_default()
    }
}

fn section<T: serde::de::DeserializeOwned>(name: &str, value: toml::Value) -> std::result::Result<T, String> {
    value.try_into().map_err(|cause: toml::de::Error| format!("[{name}] {}", cause.message()))
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
            "[invoices]\nencoding = 'ebcdic'",
            "[invoices]\ndecimal = ';'",
            "[invoices]\nsum = ['amount']",
            "[invoices]\nrows = 'line'\nsum = ['due']",
            "[invoices]\ngroup = 'client'",
            "[invoices.words.amount]\na = 'b'",
            "[invoices.words.status]\nPaid = 'settled'",
            "[payments]\nnegative = 'credit_note'",
            "[order_lines.totals]\nUSD = '1'",
            "[settlement]\napply = ['newest_first']",
            "[control.net_open]\nEUX = '1'",
            "[control]\nas_of = '2025-02-30'",
            "invoices = 3",
            "not toml",
        ] {
            assert_eq!(Mapping::parse(text).map_err(|error| error.code), Err(Code::MappingInvalid), "{text}");
        }
    }

    #[test]
    fn every_key_is_read() {
        let text = "
            [settlement]
            apply = ['reference', 'oldest_first']
            [control]
            as_of = '2025-12-31'
            net_open = { EUR = '5.00' }
            [parties]
            aliases = 'aliases.csv'
            [invoices]
            files = ['a*.csv']
            sheet = 'Open'
            encoding = 'windows-1252'
            delimiter = ';'
            date_format = '%d.%m.%y'
            date_order = 'day_first'
            decimal = ','
            rows = 'line'
            sum = ['amount']
            group = 'customer'
            fill_down = ['customer']
            negative = 'credit_note'
            negate = true
            [invoices.columns]
            id = { join = ['CoCd', 'DocumentNo'] }
            due = ['Due Date', 'Net due dt']
            issued = 'Date'
            [invoices.where]
            Type = ['RV']
            [invoices.ignore]
            Type = ['AB']
            [invoices.words.status]
            Paid = 'paid'
            [invoices.defaults]
            currency = 'EUR'
            [invoices.totals]
            EUR = '10.00'";
        let mapping = Mapping::parse(text).unwrap();
        let section = mapping.of(Table::find("invoices").unwrap());
        assert_eq!(section.columns["due"].headers(), ["Due Date", "Net due dt"]);
        assert_eq!(section.words["status"]["Paid"], "paid");
        assert_eq!(mapping.settlement.apply, Some(vec![Step::Reference, Step::OldestFirst]));
    }
}
