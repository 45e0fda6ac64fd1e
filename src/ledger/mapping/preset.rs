//! Mappings that are shipped: one for each report of an accounting system that is known by its header.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{From, Header, Mapping, Section};
use crate::ledger::layout::Layout;
use crate::ledger::table::{TABLES, Table};

/// A shipped mapping.
#[derive(Debug)]
pub struct Preset {
    /// Name of its file under `data/mappings`.
    pub name: &'static str,
    /// The accounting system.
    pub system: String,
    /// The report or table exported.
    pub report: String,
    /// What the report does not hold, and what is therefore not available.
    pub lacks: String,
    /// Headers that tell this report from others.
    headers: Vec<String>,
    mapping: Mapping,
    /// Its text without the section about itself.
    text: String,
}

/// The section `[preset]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    system: String,
    report: String,
    #[serde(default)]
    lacks: String,
    headers: Vec<String>,
}

macro_rules! presets {
    ($($name:literal),* $(,)?) => {
        const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../data/mappings/", $name, ".toml")))),*];
    };
}

presets! {
    "business-central-customer-ledger-entries",
    "dynamics-365-finance-collections",
    "flat-clear-date",
    "flat-cleared",
    "flat-paid",
    "flat-settled",
    "highradius-bsid",
    "netsuite-saved-search",
    "netsuite-saved-search-grouped",
    "odoo-account-move",
    "odoo-account-move-technical",
    "oracle-ar-open-transactions",
    "oracle-ar-receipts",
    "quickbooks-desktop-open-invoices",
    "quickbooks-online-ar-ageing-detail",
    "quickbooks-online-ar-ageing-detail-by-customer",
    "quickbooks-online-invoice-list",
    "sap-bsid-bsad",
    "sap-fbl5n-long",
    "sap-fbl5n-long-cleared",
    "sap-fbl5n-short",
    "twinfield-debtors",
    "xero-sales-invoices",
    "zoho-books-invoice",
}

static PRESETS: LazyLock<Vec<Preset>> =
    LazyLock::new(|| FILES.iter().filter_map(|(name, text)| parse(name, text).ok()).collect());

fn parse(name: &'static str, text: &str) -> Result<Preset, String> {
    let mut sections: toml::Table = toml::from_str(text).map_err(|cause| cause.to_string())?;
    let about = sections.remove("preset").ok_or("it has no [preset]")?;
    let About { system, report, lacks, headers } =
        about.try_into().map_err(|cause: toml::de::Error| cause.to_string())?;
    let rest = toml::to_string(&sections).map_err(|cause| cause.to_string())?;
    let mut mapping = Mapping::of_sections(sections)?;
    for section in mapping.tables.values_mut() {
        section.shipped = section.columns.keys().cloned().collect();
    }
    Ok(Preset { name, system, report, lacks, headers, mapping, text: rest })
}

/// Every shipped mapping.
pub fn all() -> &'static [Preset] {
    &PRESETS
}

/// The preset that knows a header row: the one with the most headers of its own, where several do.
pub fn recognise(header: &Header) -> Option<&'static Preset> {
    let known = all().iter().filter(|preset| preset.knows(header));
    known.max_by_key(|preset| preset.headers.len())
}

impl Preset {
    fn knows(&self, header: &Header) -> bool {
        let fits = |(table, section): (&'static Table, &Section)| {
            Layout::new(table, section, header).is_ok_and(|layout| layout.lacks_only_currency())
        };
        self.headers.iter().all(|name| header.has(name)) && self.sections().all(fits)
    }

    /// The mapping as a user may keep it: of optional columns, those that a file has.
    pub fn text_for(&self, header: &Header) -> String {
        let Ok(mut sections) = self.text.parse::<toml::Table>() else { return self.text.clone() };
        let has = |value: &toml::Value| {
            From::deserialize(value.clone())
                .is_ok_and(|from| from.headers().iter().any(|name| header.has(name)))
        };
        for (_, section) in &mut sections {
            let Some(section) = section.as_table_mut() else { continue };
            if let Some(columns) = section.get_mut("columns").and_then(toml::Value::as_table_mut) {
                columns.retain(|_, value| has(value));
            }
        }
        toml::to_string(&sections).unwrap_or_else(|_| self.text.clone())
    }

    /// The tables it makes of a file, in the order of the contract.
    pub fn sections(&self) -> impl Iterator<Item = (&'static Table, &Section)> {
        TABLES.iter().filter_map(|table| Some((table, self.mapping.tables.get(table.name)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_mapping_is_valid_and_has_a_name_of_its_own() {
        for (name, text) in FILES {
            if let Err(problem) = parse(name, text) {
                panic!("{name}: {problem}");
            }
        }
        assert_eq!(all().len(), FILES.len());
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mappings");
        let on_disk = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(
            on_disk,
            FILES.len(),
            "a file under data/mappings is not in the list, or the other way round"
        );
    }
}
