//! Floor 4: models on linfa's contract. Parameters are checked, then fitted ([`logistic`], [`tree`], [`baseline`]); only a
//! [`calibrate::Calibrated`] model can [`score`]. [`train`] fits and calibrates, [`backtest`] measures on rolling origins,
//! [`artefact`] gates and keeps a model, [`explain`] takes a score apart.

pub mod answer;
pub mod artefact;
pub mod backtest;
pub mod baseline;
pub mod bootstrap;
pub mod calibrate;
pub mod calibration;
pub mod card;
pub mod champion;
pub mod curve;
pub mod days;
pub mod drift;
mod ensemble;
pub mod explain;
mod formats;
pub mod hazard;
pub mod logistic;
pub mod metrics;
pub mod payment;
pub mod players;
pub mod score;
pub mod split;
pub mod train;
pub mod tree;

use linfa::dataset::{AsTargets, DatasetBase};
use ndarray::{Array1, Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::base::error::{Code, Error};
use players::Players;
use tree::{Boost, Forest};

/// Features with a column per feature of the registry (NaN where nothing is known), and whether each invoice was late.
pub type Labelled = DatasetBase<Array2<f64>, Array1<bool>>;

/// What every fitted model can do, whatever its kind.
pub trait Scorer {
    /// Log-odds of being late, a row each.
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64>;

    /// The log-odds of rows as sums: a prior that is the same for all, and of each row a part for each player.
    fn parts(&self, rows: ArrayView2<f64>, players: &Players) -> Result<(f64, Array2<f64>), Error>;

    /// Whether its parts fit so many features: what a damaged file may break.
    fn fits(&self, features: usize) -> bool;
}

/// A fitted model of any kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fitted {
    /// The customer's own past lateness, drawn towards the portfolio's.
    ShrunkRatio(baseline::ShrunkRatio),
    /// Logistic regression.
    Logistic(Box<logistic::FittedLogistic>),
    /// Random forest.
    Forest(Forest),
    /// Gradient boosting.
    Boost(Boost),
    /// The mean of other models' log-odds.
    Blend {
        /// Some of the other kinds.
        members: Vec<Fitted>,
    },
}

impl Fitted {
    /// Name in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ShrunkRatio(_) => "ratio",
            Self::Logistic(_) => "logistic",
            Self::Forest(_) => "forest",
            Self::Boost(_) => "boost",
            Self::Blend { .. } => "blend",
        }
    }

    /// The models that it is made of: itself, or those of a blend.
    pub fn members(&self) -> &[Self] {
        match self {
            Self::Blend { members } => members,
            _ => std::slice::from_ref(self),
        }
    }

    fn scorer(&self) -> &dyn Scorer {
        match self {
            Self::ShrunkRatio(model) => model,
            Self::Logistic(model) => model.as_ref(),
            Self::Forest(model) => model,
            Self::Boost(model) => model,
            Self::Blend { members } => members,
        }
    }
}

impl Scorer for Fitted {
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        self.scorer().log_odds(rows)
    }

    fn parts(&self, rows: ArrayView2<f64>, players: &Players) -> Result<(f64, Array2<f64>), Error> {
        self.scorer().parts(rows, players)
    }

    fn fits(&self, features: usize) -> bool {
        self.scorer().fits(features)
    }
}

/// A blend: means of its members', of which there are some.
impl Scorer for Vec<Fitted> {
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        let sum = self.iter().fold(Array1::zeros(rows.nrows()), |sum, member| sum + member.log_odds(rows));
        sum / self.len() as f64
    }

    fn parts(&self, rows: ArrayView2<f64>, players: &Players) -> Result<(f64, Array2<f64>), Error> {
        let (mut prior, mut parts) = (0.0, players.zeros(rows.nrows()));
        for member in self {
            let (of_member, member) = member.parts(rows, players)?;
            prior += of_member;
            parts += &member;
        }
        let members = self.len() as f64;
        Ok((prior / members, parts / members))
    }

    fn fits(&self, features: usize) -> bool {
        // A blend of blends is none that was ever written.
        let plain = |member: &Fitted| !matches!(member, Fitted::Blend { .. }) && member.fits(features);
        !self.is_empty() && self.iter().all(plain)
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

/// Mean log-loss, in nats, of log-odds.
fn log_loss(log_odds: &Array1<f64>, late: &Array1<bool>) -> f64 {
    let loss = |(&log_odds, &late): (&f64, &bool)| if late { -log_odds } else { log_odds }.exp().ln_1p();
    log_odds.iter().zip(late).map(loss).sum::<f64>() / late.len() as f64
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
