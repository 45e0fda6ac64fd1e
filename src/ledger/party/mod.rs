//! Parties, customers as well as suppliers, that go by several names and ids: the normal form of a name ([`normal`]),
//! pairs that are likely one party ([`likely_same`]), ids that a spreadsheet spoilt ([`mangled`]), and the user's own list
//! of who is who ([`Aliases`]).

mod alike;
#[cfg(test)]
mod alike_tests;
pub mod census;
mod evidence;
mod id;
pub mod name;
#[cfg(test)]
mod name_tests;
mod similar;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use crate::base::error::{Code, Error};
pub use alike::{Alike, Party, likely_same};
pub use evidence::Evidence;
pub use id::{Mangled, mangled};
pub use name::{normal, root, spelled_out};

/// Other names of parties, as the user listed them.
#[derive(Debug, Clone, Default)]
pub struct Aliases {
    exact: HashMap<String, String>,
    /// By normal form; nothing where two parties share one.
    by_form: HashMap<String, Option<String>>,
}

/// An alias that is listed for two parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasClash {
    /// As written, without the blanks around it.
    pub alias: String,
    /// The id it was listed for first.
    pub first: String,
    /// The id it is listed for as well.
    pub second: String,
}

impl Aliases {
    /// From rows of alias and id. Rows without an alias are passed over; a row may be repeated.
    pub fn new(rows: impl Iterator<Item = (String, String)>) -> Result<Self, AliasClash> {
        let mut aliases = Self::default();
        for (alias, id) in rows {
            let alias = alias.trim();
            if !alias.is_empty() {
                aliases.add(alias, id.trim())?;
            }
        }
        Ok(aliases)
    }

    fn add(&mut self, alias: &str, id: &str) -> Result<(), AliasClash> {
        let first = self.exact.entry(alias.to_owned()).or_insert_with(|| id.to_owned());
        if first != id {
            return Err(AliasClash { alias: alias.to_owned(), first: first.clone(), second: id.to_owned() });
        }
        for form in forms(alias) {
            let known = self.by_form.entry(form).or_insert_with(|| Some(id.to_owned()));
            if known.as_deref() != Some(id) {
                *known = None;
            }
        }
        Ok(())
    }

    /// Reads a CSV file with the columns `alias` and `id`.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let invalid = |detail: String| Error::new(Code::MappingInvalid).file(path).detail(detail);
        let file = std::fs::File::open(path)
            .map_err(|cause| Error::new(Code::FileUnreadable).file(path).detail(cause))?;
        let mut reader = csv::Reader::from_reader(file);
        let rows: Result<Vec<(String, String)>, csv::Error> = match reader.headers() {
            Ok(header) if header.iter().map(str::trim).eq(["alias", "id"]) => reader.deserialize().collect(),
            Ok(_) => return Err(invalid("its columns are not `alias` and `id`".to_owned())),
            Err(cause) => Err(cause),
        };
        let rows = rows.map_err(|cause| invalid(cause.to_string()))?;
        Self::new(rows.into_iter()).map_err(|clash| invalid(clash.to_string()))
    }

    /// The id for a text: that of the alias written so, or else of the aliases with the same normal form if they are
    /// all of one party.
    pub fn find(&self, text: &str) -> Option<&str> {
        if let Some(id) = self.exact.get(text.trim()) {
            return Some(id);
        }
        let mut known = forms(text).filter_map(|form| self.by_form.get(&form)).map(Option::as_deref);
        let first = known.next()??;
        known.all(|other| other == Some(first)).then_some(first)
    }
}

/// The normal forms of a text that are not empty.
fn forms(text: &str) -> impl Iterator<Item = String> {
    [Some(normal(text)), spelled_out(text)].into_iter().flatten().filter(|form| !form.is_empty())
}

impl fmt::Display for AliasClash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { alias, first, second } = self;
        write!(f, "alias `{alias}` is listed for `{first}` and for `{second}`")
    }
}

impl std::error::Error for AliasClash {}

#[cfg(test)]
mod tests {
    use super::*;

    fn aliases(rows: &[(&str, &str)]) -> Result<Aliases, AliasClash> {
        Aliases::new(rows.iter().map(|&(alias, id)| (alias.to_owned(), id.to_owned())))
    }

    #[test]
    fn a_text_is_found_as_written_or_by_its_normal_form() -> Result<(), AliasClash> {
        let aliases = aliases(&[
            ("Acme Ltd", "1"),
            ("ACME Limited", "2"),
            ("Müller", "3"),
            (" Zenith ", "4"),
            ("", "5"),
            ("***", "6"),
        ])?;
        for (text, id) in [
            ("Acme Ltd", Some("1")),
            (" ACME Limited ", Some("2")),
            ("Acme", None),
            ("zenith gmbh", Some("4")),
            ("MUELLER AG", Some("3")),
            ("muller", Some("3")),
            ("***", Some("6")),
            ("", None),
            ("---", None),
            ("Nadir", None),
        ] {
            assert_eq!(aliases.find(text), id, "{text}");
        }
        Ok(())
    }

    #[test]
    fn two_forms_of_a_text_must_agree() -> Result<(), AliasClash> {
        let aliases = aliases(&[("Muller", "1"), ("Mueller", "2"), ("Soder", "3"), ("Soeder", "3")])?;
        assert_eq!(aliases.find("Müller"), None);
        assert_eq!(aliases.find("Söder"), Some("3"));
        Ok(())
    }

    #[test]
    fn an_alias_of_two_parties_is_an_error_that_names_both() {
        assert!(aliases(&[("Acme", "1"), ("Acme", "1")]).is_ok());
        let clash = aliases(&[("Acme", "1"), ("Acme ", "2")]).err().map(|clash| clash.to_string());
        assert_eq!(clash.as_deref(), Some("alias `Acme` is listed for `1` and for `2`"));
    }

    #[test]
    fn once_ambiguous_a_form_stays_so() -> Result<(), AliasClash> {
        let aliases = aliases(&[("Acme Ltd", "1"), ("Acme Inc", "2"), ("Acme AG", "2")])?;
        assert_eq!(aliases.find("Acme"), None);
        Ok(())
    }
}
