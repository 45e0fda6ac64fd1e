//! Where each canonical column stands in a file of a given header.

use std::borrow::Cow;

use super::mapping::{From, Header, Section};
use super::read::Records;
use super::table::{Column, Need, Table};
use crate::base::error::{Code, Error, Result};

/// The columns of a file as those of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// By canonical column.
    pub places: Vec<Place>,
    /// Cells a row must have.
    pub width: usize,
    /// Required columns that stand nowhere and have no default.
    pub missing: Vec<&'static str>,
    /// Conditions on cells: those of the table's own rows, and those of rows to be left out.
    pub own: Conditions,
    /// See [`Layout::own`].
    pub ignored: Conditions,
}

/// Where a canonical column stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Nowhere.
    Nowhere,
    /// In this column.
    At(usize),
    /// In these columns, joined by a slash.
    Joined(Vec<usize>),
}

/// Columns and the folded values of which one must stand there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions(pub Vec<(usize, Vec<String>)>);

impl Layout {
    /// Finds a table's columns. Errors are headers that the mapping names and the file repeats or lacks; what is missing
    /// otherwise is listed, so that header rows can be compared.
    pub fn new(table: &Table, section: &Section, header: &Header) -> Result<Self> {
        let mut missing = Vec::new();
        let mut places = Vec::with_capacity(table.columns.len());
        for column in table.columns {
            let place = place(column, section, header)?;
            let named = section.columns.contains_key(column.name) && !section.shipped.contains(column.name);
            let needed = column.need == Need::Required || named;
            let given = section.defaults.contains_key(column.name)
                || section.group.as_deref() == Some(column.name)
                || derivable(table, column, section, header);
            if place == Place::Nowhere && needed && !given {
                missing.push(column.name);
            }
            places.push(place);
        }
        let own = Conditions::new(&section.r#where, header)?;
        let ignored = Conditions::new(&section.ignore, header)?;
        Ok(Self { places, width: header.names.len(), missing, own, ignored })
    }

    /// Whether nothing is missing but the currency, which many reports do not say and the user can.
    pub fn lacks_only_currency(&self) -> bool {
        self.missing.iter().all(|column| *column == "currency")
    }

    /// The text of a canonical column in a record, empty where there is none.
    pub fn text<'a>(&self, column: usize, records: &'a Records, record: usize) -> Cow<'a, str> {
        match &self.places[column] {
            Place::Nowhere => Cow::Borrowed(""),
            Place::At(at) => Cow::Borrowed(records.cell(record, *at)),
            Place::Joined(all) => {
                let parts: Vec<&str> = all.iter().map(|at| records.cell(record, *at)).collect();
                // A key of which a part is missing is none.
                if parts.contains(&"") { Cow::Borrowed("") } else { Cow::Owned(parts.join("/")) }
            }
        }
    }

    /// Every position in use.
    pub fn used(&self) -> impl Iterator<Item = usize> {
        let placed = self.places.iter().flat_map(|place| match place {
            Place::Nowhere => Vec::new(),
            Place::At(at) => vec![*at],
            Place::Joined(all) => all.clone(),
        });
        placed.chain(self.own.0.iter().chain(&self.ignored.0).map(|(at, _)| *at))
    }
}

/// Due days follow from the terms, where a file has those.
fn derivable(table: &Table, column: &Column, section: &Section, header: &Header) -> bool {
    column.name == "due"
        && table.columns.iter().any(|other| {
            other.name == "terms" && place(other, section, header).is_ok_and(|place| place != Place::Nowhere)
        })
}

fn place(column: &Column, section: &Section, header: &Header) -> Result<Place> {
    let one = |name: &str| match header.find(name) {
        [] => Ok(Place::Nowhere),
        [at] => Ok(Place::At(*at)),
        _ => Err(Error::new(Code::ColumnRepeated).column(name)),
    };
    match section.columns.get(column.name) {
        None => one(column.name),
        Some(From::One(name)) => one(name),
        Some(From::FirstOf(names)) => names
            .iter()
            .map(|name| one(name))
            .find(|place| *place != Ok(Place::Nowhere))
            .unwrap_or(Ok(Place::Nowhere)),
        Some(From::Joined { join }) => {
            let mut all = Vec::with_capacity(join.len());
            for name in join {
                match one(name)? {
                    Place::At(at) => all.push(at),
                    _ => return Ok(Place::Nowhere),
                }
            }
            Ok(Place::Joined(all))
        }
    }
}

impl Conditions {
    fn new(values: &std::collections::BTreeMap<String, Vec<String>>, header: &Header) -> Result<Self> {
        let of = |(name, values): (&String, &Vec<String>)| match header.find(name) {
            [at] => Ok((*at, values.iter().map(|value| super::mapping::fold(value)).collect())),
            [] => Err(Error::new(Code::ColumnMissing).column(name.as_str())),
            _ => Err(Error::new(Code::ColumnRepeated).column(name.as_str())),
        };
        values.iter().map(of).collect::<Result<_>>().map(Self)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a row meets all of them.
    pub fn met<'a>(&self, cell: impl Fn(usize) -> &'a str) -> bool {
        self.0.iter().all(|(at, values)| {
            let text = cell(*at);
            values.iter().any(|value| value == text || *value == super::mapping::fold(text))
        })
    }
}
