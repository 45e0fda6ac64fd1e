//! Which files of a ledger folder belong to which table.

use std::path::{Path, PathBuf};

use crate::base::error::{Code, Error, Result};
use crate::ledger::mapping::TableMapping;
use crate::ledger::table::Table;

/// One file of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
}

/// File formats read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with a delimiter.
    Delimited,
    /// Apache Parquet.
    Parquet,
}

impl Source {
    fn new(path: PathBuf) -> Option<Self> {
        let format = match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Format::Delimited,
            "parquet" => Format::Parquet,
            _ => return None,
        };
        Some(Self { path, format })
    }
}

/// The files of `table` in `ledger`, sorted by name: those the mapping names, else those called after the table
/// (`invoices.csv`, `invoices_2025-01.parquet`). A ledger that is a file is its invoices.
pub fn find(ledger: &Path, table: &Table, mapping: &TableMapping) -> Result<Vec<Source>> {
    if ledger.is_file() {
        if table.name != "invoices" {
            return Ok(Vec::new());
        }
        return Source::new(ledger.to_path_buf()).map(|source| vec![source]).ok_or_else(|| {
            Error::new(Code::NotATable).file(ledger).detail("the name ends in neither .csv nor .parquet")
        });
    }
    if !mapping.files.is_empty() {
        return mapping.files.iter().map(|name| named(ledger, name)).collect();
    }
    let unreadable = |cause: std::io::Error| Error::new(Code::FileUnreadable).file(ledger).detail(cause);
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(ledger).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if path.is_file() && belongs(stem, table.name) {
            sources.extend(Source::new(path));
        }
    }
    sources.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(sources)
}

fn named(ledger: &Path, name: &str) -> Result<Source> {
    let inside = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !inside {
        return Err(
            Error::new(Code::MappingInvalid).detail(format!("file `{name}` is not inside the ledger folder"))
        );
    }
    let path = ledger.join(name);
    if !path.is_file() {
        return Err(Error::new(Code::FileUnreadable).file(&path));
    }
    Source::new(path.clone()).ok_or_else(|| {
        Error::new(Code::NotATable).file(&path).detail("the name ends in neither .csv nor .parquet")
    })
}

/// Whether a file stem is the table's name, alone or followed by a part (`_2025`, `-01`, `.a`, `3`), so that
/// `order_lines` is not taken for `orders`.
fn belongs(stem: &str, table: &str) -> bool {
    stem.strip_prefix(table).is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(|first: char| matches!(first, '_' | '-' | '.') || first.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::belongs;

    #[test]
    fn names_with_a_part_belong_and_other_tables_do_not() {
        for stem in ["invoices", "invoices_2025-01", "invoices.a", "invoices7"] {
            assert!(belongs(stem, "invoices"), "{stem}");
        }
        for (stem, table) in
            [("invoice_lines", "invoices"), ("order_lines", "orders"), ("invoicesold", "invoices")]
        {
            assert!(!belongs(stem, table), "{stem}");
        }
    }
}
