//! Floor 4: models on linfa's contract. Parameters are checked, then fitted ([`logistic`], [`baseline`]); only a
//! [`calibrate::Calibrated`] model can [`score`]. [`train`] fits and calibrates, [`backtest`] measures on rolling origins,
//! [`artefact`] gates and keeps a model, [`explain`] takes a score apart.

pub mod artefact;
pub mod backtest;
pub mod baseline;
pub mod calibrate;
pub mod explain;

pub mod logistic;
pub mod metrics;
pub mod score;
pub mod split;
pub mod train;

use linfa::dataset::{AsTargets, DatasetBase};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::base::error::{Code, Error};

/// Features with a column per feature of the registry (NaN where nothing is known), and whether each invoice was late.
pub type Labelled = DatasetBase<Array2<f64>, Array1<bool>>;

/// What every fitted model can do, whatever its kind.
pub trait Scorer {
    /// Log-odds of being late, a row each.
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64>;

    /// The log-odds of one row as a sum: a prior that is the same for all, and a part for each feature.
    fn parts(&self, row: ArrayView1<f64>) -> (f64, Vec<f64>);
}

/// A fitted model of any kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fitted {
    /// The customer's own past lateness, drawn towards the portfolio's.
    ShrunkRatio(baseline::ShrunkRatio),
    /// Logistic regression.
    Logistic(Box<logistic::FittedLogistic>),
}

impl Fitted {
    /// Name in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ShrunkRatio(_) => "ratio",
            Self::Logistic(_) => "logistic",
        }
    }

    fn scorer(&self) -> &dyn Scorer {
        match self {
            Self::ShrunkRatio(model) => model,
            Self::Logistic(model) => model.as_ref(),
        }
    }
}

impl Scorer for Fitted {
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        self.scorer().log_odds(rows)
    }

    fn parts(&self, row: ArrayView1<f64>) -> (f64, Vec<f64>) {
        self.scorer().parts(row)
    }
}

impl From<linfa::Error> for Error {
    fn from(cause: linfa::Error) -> Self {
        Self::new(Code::HistoryTooShort).detail(cause)
    }
}

/// Probability of log-odds.
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Refuses to learn from one class only.
fn both_classes(data: &Labelled) -> Result<(), Error> {
    let targets = data.as_targets();
    let late = targets.iter().filter(|late| **late).count();
    if late == 0 || late == targets.len() {
        return Err(Error::new(Code::OneClass).detail(format!("{late} of {} are late", targets.len())));
    }
    Ok(())
}
