//! Which files of a ledger folder belong to which table, and in which format they are.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::bytes;
use crate::base::error::{Code, Error, Result};
use crate::ledger::mapping::Section;
use crate::ledger::table::Table;

/// One file of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
}

/// File formats read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Text with a delimiter.
    Text,
    /// A spreadsheet.
    Workbook,
    /// Apache Parquet.
    Parquet,
    /// A JSON object a line.
    JsonLines,
    /// One JSON document.
    Json,
}

/// Extensions read, as the user is told them.
const READ: &str = "the name ends in none of .csv .tsv .txt .xlsx .xlsm .xlsb .xls .parquet .ndjson .jsonl .json (.gz, .zst)";

impl Source {
    /// A file by its name and, where names lie, by its first bytes: reports are saved as text under `.xls`.
    pub fn new(path: PathBuf) -> Result<Option<Self>> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(mut format) = format(name) else { return Ok(None) };
        if format == Format::Workbook && !is_workbook(&path)? {
            format = Format::Text;
        }
        Ok(Some(Self { path, format }))
    }

    fn known(path: PathBuf) -> Result<Self> {
        let unknown = Error::new(Code::NotATable).file(&path).detail(READ);
        Self::new(path)?.ok_or(unknown)
    }
}

/// The format that a file's name promises.
fn format(name: &str) -> Option<Format> {
    let name = name.to_ascii_lowercase();
    let plain = [".gz", ".zst"].iter().find_map(|packed| name.strip_suffix(packed)).unwrap_or(&name);
    match plain.rsplit_once('.')?.1 {
        "csv" | "tsv" | "txt" => Some(Format::Text),
        "xlsx" | "xlsm" | "xlsb" | "xls" => Some(Format::Workbook),
        "parquet" => Some(Format::Parquet),
        "ndjson" | "jsonl" => Some(Format::JsonLines),
        "json" => Some(Format::Json),
        _ => None,
    }
}

/// Whether a file begins as a zip archive or an OLE document does.
fn is_workbook(path: &Path) -> Result<bool> {
    let mut start = Vec::new();
    let unreadable = |cause: std::io::Error| Error::new(Code::FileUnreadable).file(path).detail(cause);
    bytes::regular(path)?.take(4).read_to_end(&mut start).map_err(unreadable)?;
    Ok(start.starts_with(b"PK") || start == [0xd0, 0xcf, 0x11, 0xe0])
}

/// Every readable file of a ledger, sorted by name: the file itself, or those in the folder and in its folders named after
/// tables. Links are no part of a ledger: they lead out of it.
pub fn list(ledger: &Path) -> Result<Vec<Source>> {
    if ledger.is_file() {
        // A link that the user names is followed; those within a ledger are not.
        let real = ledger.canonicalize().unwrap_or_else(|_| ledger.to_path_buf());
        return Source::known(real).map(|source| vec![source]);
    }
    let mut sources = Vec::new();
    for path in entries(ledger)? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with(['.', '~']) {
            // Hidden files and the locks of open workbooks.
        } else if path.is_symlink() {
            if Table::find(name).is_some() || format(name).is_some() {
                return Err(Error::new(Code::PathRefused).file(&path));
            }
        } else if path.is_dir() {
            if Table::find(name).is_some() {
                below(&path, PARTITION_DEPTH_MAX, &mut sources)?;
            }
        } else {
            sources.extend(Source::new(path)?);
        }
    }
    sources.sort();
    Ok(sources)
}

/// Folders within a table's folder, as in `invoices/year=2025/month=01`.
const PARTITION_DEPTH_MAX: usize = 4;

fn below(folder: &Path, depth: usize, sources: &mut Vec<Source>) -> Result<()> {
    for path in entries(folder)? {
        if path.is_symlink() {
            return Err(Error::new(Code::PathRefused).file(&path));
        }
        if !path.is_dir() {
            sources.extend(Source::new(path)?);
        } else if depth > 0 {
            below(&path, depth - 1, sources)?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |cause: std::io::Error| Error::new(Code::FileUnreadable).file(folder).detail(cause);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    Ok(paths)
}

/// The files of `table` among those of a ledger folder: those the mapping names, else those called after the table
/// (`invoices.csv`, `invoices_2025-01.parquet`) or in the folder of its name.
pub fn find(ledger: &Path, sources: &[Source], table: &Table, section: &Section) -> Result<Vec<Source>> {
    if section.files.is_empty() {
        let own = |source: &&Source| belongs(ledger, &source.path, table.name);
        return Ok(sources.iter().filter(own).cloned().collect());
    }
    let mut found = Vec::new();
    for pattern in &section.files {
        let path = inside(ledger, pattern)?;
        let named = |source: &&Source| {
            let name = source.path.strip_prefix(ledger).unwrap_or(&source.path).to_str().unwrap_or_default();
            fits(pattern, name)
        };
        let before = found.len();
        found.extend(sources.iter().filter(named).cloned());
        if found.len() == before {
            // A file that is there is of no format that is read.
            return Source::known(path).and_then(|source| {
                bytes::regular(&source.path)?;
                Err(Error::new(Code::FileUnreadable).file(&source.path))
            });
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The path of a name in a ledger folder; nothing leads out of it.
pub fn inside(ledger: &Path, name: &str) -> Result<PathBuf> {
    let path = ledger.join(name);
    let stays = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if stays && !path.is_symlink() {
        Ok(path)
    } else {
        Err(Error::new(Code::PathRefused).file(Path::new(name)))
    }
}

/// Whether a name fits a pattern in which `*` stands for any text.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn belongs(ledger: &Path, path: &Path, table: &str) -> bool {
    let inside = path.strip_prefix(ledger).unwrap_or(path);
    if inside.components().count() > 1 {
        return inside.starts_with(table);
    }
    let name = inside.to_str().unwrap_or_default();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    // `invoices.2025.csv` belongs as `invoices_2025.csv` does.
    is_named_after(stem, table)
}

/// Whether a file stem is the table's name, alone or followed by a part (`_2025`, `-01`, `3`), so that `order_lines` is
/// not taken for `orders`.
fn is_named_after(stem: &str, table: &str) -> bool {
    stem.strip_prefix(table).is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(|first: char| matches!(first, '_' | '-') || first.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_part_belong_and_other_tables_do_not() {
        let belongs = |name: &str, table| belongs(Path::new("l"), &Path::new("l").join(name), table);
        for name in [
            "invoices.csv",
            "invoices_2025-01.csv.gz",
            "invoices.a.csv",
            "invoices7.xlsx",
            "invoices/y=1/a.csv",
        ] {
            assert!(belongs(name, "invoices"), "{name}");
        }
        for (name, table) in [
            ("invoice_lines.csv", "invoices"),
            ("order_lines.csv", "orders"),
            ("invoicesold.csv", "invoices"),
        ] {
            assert!(!belongs(name, table), "{name}");
        }
    }

    #[test]
    fn patterns_stand_for_any_text_between_their_parts() {
        for (pattern, name) in [("a*.csv", "a.csv"), ("*", "x"), ("a*b*c", "a1b2b3c"), ("a.csv", "a.csv")] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a*.csv", "b.csv"), ("a*b*c", "acb"), ("a.csv", "a.csv.gz"), ("ab*b", "ab")]
        {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
