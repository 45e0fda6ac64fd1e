//! How the columns of a file are written: as the mapping states it, or as the whole column proves it. A file whose
//! columns prove nothing, or two things, is refused: an amount read by a guess would be wrong a thousandfold.

use std::ops::ControlFlow;

use rayon::prelude::*;

use super::layout::Place;
use super::notation::amount::{AmountEvidence, DecimalSign};
use super::notation::day::{DayEvidence, DayNotation};
use super::notation::{Conclusion, Example};
use super::plan::Feed;
use super::read::{self, Records};
use super::table::Kind;
use crate::base::error::{Code, Error, Result};

/// The notation of each canonical column.
#[derive(Debug, Clone, Default)]
pub struct Notations {
    signs: Vec<DecimalSign>,
    days: Vec<DayNotation>,
}

/// What the cells of a file's columns say, by canonical column.
#[derive(Debug, Clone)]
struct Evidence {
    columns: Vec<Column>,
}

#[derive(Debug, Clone)]
enum Column {
    /// Nothing has to be proved.
    Settled,
    Amounts(usize, AmountEvidence),
    Days(usize, DayEvidence),
}

impl Notations {
    /// What stands before the decimals of a column.
    pub fn sign(&self, column: usize) -> DecimalSign {
        self.signs[column]
    }

    /// How the days of a column are written.
    pub fn days(&self, column: usize) -> DayNotation {
        self.days[column]
    }

    fn stated(feed: &Feed) -> Self {
        let section = &feed.section;
        let sign = section.decimal.unwrap_or(DecimalSign::Point);
        let days = DayNotation { order: section.date_order, ..DayNotation::default() };
        let columns = feed.table.columns.len();
        Self { signs: vec![sign; columns], days: vec![days; columns] }
    }
}

/// The notations of every file of one table, in the order of its files. A file too small to prove its own is read as the
/// others of the same header are.
pub fn notations(feeds: &[&Feed]) -> Result<Vec<Notations>> {
    let evidence: Vec<Evidence> = feeds.iter().map(|feed| Evidence::collect(feed)).collect::<Result<_>>()?;
    feeds
        .iter()
        .zip(&evidence)
        .map(|(feed, own)| {
            let alike =
                feeds.iter().zip(&evidence).filter(|(other, _)| other.header.names == feed.header.names);
            let all = alike.map(|(_, evidence)| evidence).fold(Evidence::of(feed), Evidence::merged);
            own.conclude(feed, &all)
        })
        .collect()
}

impl Evidence {
    /// Nothing seen yet. Canonical files are written as the contract says.
    fn of(feed: &Feed) -> Self {
        let foreign = feed.section.is_foreign();
        let columns = feed.table.columns.iter().zip(&feed.layout.places).map(|(column, place)| {
            match (column.kind, place) {
                (Kind::Amount | Kind::Decimal, Place::At(at))
                    if foreign && feed.section.decimal.is_none() =>
                {
                    Column::Amounts(*at, AmountEvidence::default())
                }
                (Kind::Day, Place::At(at)) if foreign && feed.section.date_format.is_none() => {
                    Column::Days(*at, DayEvidence::default())
                }
                _ => Column::Settled,
            }
        });
        Self { columns: columns.collect() }
    }

    /// Looks at every cell of the file, if anything has to be proved.
    fn collect(feed: &Feed) -> Result<Self> {
        let mut evidence = Self::of(feed);
        let wanted: Vec<usize> = evidence.columns.iter().filter_map(Column::position).collect();
        if wanted.is_empty() {
            return Ok(evidence);
        }
        let mut skip = feed.skipped;
        read::each(&feed.source, &feed.dialect, Some(&wanted), &mut |blocks| {
            let starts: Vec<usize> = blocks
                .iter()
                .map(|block| {
                    let start = skip.min(block.len());
                    skip -= start;
                    start
                })
                .collect();
            let seen = blocks.par_iter().zip(starts).map(|(block, start)| Self::of(feed).seen(block, start));
            let seen: Vec<Self> = seen.collect();
            evidence = seen.iter().fold(evidence.clone(), Self::merged);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(evidence)
    }

    fn seen(mut self, block: &Records, start: usize) -> Self {
        for column in &mut self.columns {
            for row in start..block.len() {
                match column {
                    Column::Settled => break,
                    Column::Amounts(at, evidence) => evidence.see(block.cell(row, *at), block.line(row)),
                    Column::Days(at, evidence) => evidence.see(block.cell(row, *at), block.line(row)),
                }
            }
        }
        self
    }

    fn merged(mut self, other: &Self) -> Self {
        for pair in self.columns.iter_mut().zip(&other.columns) {
            match pair {
                (Column::Amounts(_, own), Column::Amounts(_, other)) => own.merge(other),
                (Column::Days(_, own), Column::Days(_, other)) => own.merge(other),
                _ => {}
            }
        }
        self
    }

    fn conclude(&self, feed: &Feed, all: &Self) -> Result<Notations> {
        let mut notations = Notations::stated(feed);
        for (at, (own, all)) in self.columns.iter().zip(&all.columns).enumerate() {
            match (own, all) {
                (Column::Amounts(_, own), Column::Amounts(_, all)) => {
                    let sign = proved(
                        feed,
                        at,
                        own.conclude(),
                        all.conclude(),
                        "decimal = \".\"` or `decimal = \",\"",
                    )?;
                    notations.signs[at] = sign.unwrap_or(DecimalSign::Point);
                }
                (Column::Days(_, own), Column::Days(_, all)) => {
                    let line = "date_order = \"day_first\"` or `date_order = \"month_first\"";
                    let stated = notations.days[at];
                    let days = match (own.conclude(), stated.order) {
                        // The order is stated: only what the column is made of is left to be seen.
                        (Conclusion::Ambiguous { .. } | Conclusion::Contradictory { .. }, Some(_)) => None,
                        (own, _) => proved(feed, at, own, all.conclude(), line)?,
                    };
                    if let Some(days) = days {
                        notations.days[at] = DayNotation { order: stated.order.or(days.order), ..days };
                    }
                }
                _ => {}
            }
        }
        Ok(notations)
    }
}

impl Column {
    fn position(&self) -> Option<usize> {
        match self {
            Self::Settled => None,
            Self::Amounts(at, _) | Self::Days(at, _) => Some(*at),
        }
    }
}

/// What a column proves by itself, or with those of the table's other files; nothing where no cell needs it.
fn proved<T>(
    feed: &Feed,
    at: usize,
    own: Conclusion<T>,
    all: Conclusion<T>,
    line: &str,
) -> Result<Option<T>> {
    let column = feed.table.columns[at].name;
    let refuse = |row: u64, detail: String| {
        let error =
            Error::new(Code::NotationAmbiguous).file(&feed.source.path).column(feed.section.header(column));
        Err(error.row(row).detail(format!("{detail}; write `{line}` under [{}]", feed.table.name)))
    };
    let shown = |(row, text): &Example| format!("row {row} `{text}`");
    match (own, all) {
        (Conclusion::Proved(notation), _) | (Conclusion::Ambiguous { .. }, Conclusion::Proved(notation)) => {
            Ok(Some(notation))
        }
        (Conclusion::Indifferent, _) => Ok(None),
        (Conclusion::Ambiguous { examples }, _) => {
            let rows: Vec<String> = examples.iter().map(shown).collect();
            refuse(
                examples.first().map_or(0, |(row, _)| *row),
                format!("{} can be read in two ways", rows.join(", ")),
            )
        }
        (Conclusion::Contradictory { one, other }, _) => {
            refuse(one.0.min(other.0), format!("{} and {} contradict each other", shown(&one), shown(&other)))
        }
    }
}
