//! The registry of features. A family is one file: what its features are called, their unit and meaning, and how they
//! are computed for a batch of questions. Everything is strictly before the question's day.

mod alike;
mod calendar;
mod conduct;
mod exposure;
mod invoice;
mod open;
mod paid;
mod recent;
mod rhythm;
pub mod seen;
pub mod shrunk;

use polars::prelude::{
    Column, DataFrame, Float32Chunked, Float64Chunked, IntoSeries, NewChunkedArray, PlSmallStr, PolarsResult,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::history::History;
use super::query::Queries;

/// One figure per question; NaN where nothing is known.
pub type Figures = Float64Chunked;

/// What a feature counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days, negative for early.
    Days,
    /// A number of things.
    Count,
    /// Major units of the customer's currency.
    Amount,
    /// 0 to 1, or a quotient of like amounts.
    Ratio,
    /// Log-odds of a ratio.
    LogOdds,
    /// 0 or 1.
    Flag,
    /// A position in a cycle: day of the month, sine of the season.
    Position,
}

impl Unit {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Count => "count",
            Self::Amount => "amount",
            Self::Ratio => "ratio",
            Self::LogOdds => "log-odds",
            Self::Flag => "flag",
            Self::Position => "position",
        }
    }
}

/// One feature.
#[derive(Debug, Clone, Copy)]
pub struct Feature {
    /// Name, also its column's.
    pub name: &'static str,
    /// Unit.
    pub unit: Unit,
    /// What it is, in one line.
    pub doc: &'static str,
}

/// Features computed together.
#[derive(Clone, Copy)]
pub struct Family {
    /// Name.
    pub name: &'static str,
    /// Its features.
    pub features: &'static [Feature],
    compute: fn(&Scope) -> PolarsResult<Vec<Figures>>,
}

/// What a family sees.
pub struct Scope<'a> {
    /// What happened.
    pub history: &'a History,
    /// The questions.
    pub queries: &'a Queries,
}

/// Every family, in the order of their columns.
pub const FAMILIES: &[Family] = &[
    invoice::FAMILY,
    calendar::FAMILY,
    paid::FAMILY,
    recent::FAMILY,
    open::FAMILY,
    rhythm::FAMILY,
    exposure::FAMILY,
    conduct::FAMILY,
    alike::FAMILY,
];

/// The features that depend on the ledger alone, in the order of the columns.
pub fn plain() -> impl Iterator<Item = &'static Feature> {
    FAMILIES.iter().flat_map(|family| family.features)
}

/// Every feature, in the order of the columns: the plain ones, then those that depend on the portfolio's habits.
pub fn all() -> impl Iterator<Item = &'static Feature> {
    plain().chain(shrunk::FEATURES)
}

/// Every feature with the name of its family.
pub fn by_family() -> impl Iterator<Item = (&'static str, &'static Feature)> {
    let plain =
        FAMILIES.iter().flat_map(|family| family.features.iter().map(|feature| (family.name, feature)));
    plain.chain(shrunk::FEATURES.iter().map(|feature| ("shrunk", feature)))
}

/// Position of a feature among [`all`].
pub fn position(name: &str) -> Option<usize> {
    all().position(|feature| feature.name == name)
}

/// Computes the plain features for every question, families side by side.
pub fn compute(scope: &Scope) -> PolarsResult<DataFrame> {
    let families: Vec<Vec<Column>> = FAMILIES
        .par_iter()
        .map(|family| {
            let columns = (family.compute)(scope)?;
            debug_assert_eq!(columns.len(), family.features.len(), "{}", family.name);
            Ok(family
                .features
                .iter()
                .zip(&columns)
                .map(|(feature, figures)| narrow(feature, figures))
                .collect())
        })
        .collect::<PolarsResult<_>>()?;
    DataFrame::new(scope.queries.len(), families.into_iter().flatten().collect())
}

/// Half the memory: a model needs no more digits.
fn narrow(feature: &Feature, figures: &Figures) -> Column {
    let narrowed = figures.iter().map(|figure| figure.map_or(f32::NAN, |figure| figure as f32));
    Float32Chunked::from_iter_values(feature.name.into(), narrowed).into_series().into()
}

const fn feature(name: &'static str, unit: Unit, doc: &'static str) -> Feature {
    Feature { name, unit, doc }
}

/// `part / whole`, NaN where there is no whole.
fn ratio(part: &Figures, whole: &Figures) -> Figures {
    part / whole
}

/// Combines two columns figure by figure.
fn zip(left: &Figures, right: &Figures, of: impl Fn(f64, f64) -> f64) -> Figures {
    let pairs = left.into_no_null_iter().zip(right.into_no_null_iter());
    Figures::from_iter_values(PlSmallStr::EMPTY, pairs.map(|(left, right)| of(left, right)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_named_once_and_documented() {
        let features: Vec<_> = all().collect();
        for (at, feature) in features.iter().enumerate() {
            assert_eq!(position(feature.name), Some(at), "{}", feature.name);
            assert!(!feature.doc.is_empty(), "{}", feature.name);
        }
    }
}
