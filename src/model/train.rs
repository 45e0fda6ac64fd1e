//! How a model is made: fitted on the earlier rows, calibrated on the latest ones, then fitted again on all of them, so
//! that it has both an honest calibration and the news.

use hashbrown::HashSet;
use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit as _;
use ndarray::{Array1, Axis};

use super::baseline::ShrunkRatioParams;
use super::calibrate::{Calibrated, Platt};
use super::logistic::LogisticParams;
use super::{Fitted, Labelled, Scorer as _};
use crate::asof::frame::TrainingTable;
use crate::asof::matrix::matrix;
use crate::asof::prior::Prior;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};

/// Kinds of models there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`super::baseline::ShrunkRatio`], uncalibrated: it is the rule as anyone would compute it.
    ShrunkRatio,
    /// [`super::logistic::FittedLogistic`].
    Logistic,
}

impl Kind {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::ShrunkRatio => "ratio",
            Self::Logistic => "logistic",
        }
    }
}

/// Every kind, the rule first.
pub const KINDS: [Kind; 2] = [Kind::ShrunkRatio, Kind::Logistic];

/// Share of the rows, the latest ones, that a calibration is learned from.
const CALIBRATION_SHARE: f64 = 0.2;

/// Penalties tried, strongest first: each fit starts where the last one ended.
const L2_CANDIDATES: [f64; 3] = [1_000.0, 100.0, 10.0];

/// Learning data at a cut.
pub struct Training {
    data: Labelled,
    prior: Prior,
    /// Positions of the rows to try penalties on, and of the later ones to judge them and to calibrate by.
    early: Vec<usize>,
    latest: Vec<usize>,
}

impl Training {
    /// Takes rows, in order of time, out of a table; what was known before `cut` is learned from.
    pub fn new(table: &TrainingTable, rows: &[usize], cut: Day) -> Result<Self> {
        let prior = table.prior(rows, cut);
        let (early, latest) = divide(table, rows);
        let records = matrix(&table.features, rows, &prior).map_err(internal)?;
        let late = rows.iter().map(|&row| table.outcomes[row].late).collect::<Array1<bool>>();
        Ok(Self { data: DatasetBase::new(records, late), prior, early, latest })
    }

    /// The portfolio's habits in these rows.
    pub fn prior(&self) -> &Prior {
        &self.prior
    }

    /// Fits a model of a kind, and calibrates it.
    pub fn fit(&self, kind: Kind) -> Result<Calibrated> {
        let (fitted, platt) = match kind {
            Kind::ShrunkRatio => (Fitted::ShrunkRatio(ShrunkRatioParams.fit(&self.data)?), Platt::NONE),
            Kind::Logistic => {
                let (params, platt) = self.tune()?;
                (Fitted::Logistic(Box::new(params.check()?.fit(&self.data)?)), platt)
            }
        };
        Ok(Calibrated { fitted, platt, prior: self.prior })
    }

    /// Chooses the penalty, and learns the calibration, on the latest rows from models of the earlier ones.
    fn tune(&self) -> Result<(LogisticParams, Platt)> {
        let records = |rows: &[usize]| self.data.records.select(Axis(0), rows);
        let late = |rows: &[usize]| self.data.targets.select(Axis(0), rows);
        let early = DatasetBase::new(records(&self.early), late(&self.early));
        let (latest, latest_late) = (records(&self.latest), late(&self.latest));
        let mut params = LogisticParams::default();
        let mut best = (f64::INFINITY, params.clone(), Platt::NONE);
        for l2 in L2_CANDIDATES {
            let model = match params.clone().l2(l2).check()?.fit(&early) {
                // All late or all on time until lately: nothing to choose by.
                Err(error) if error.code == Code::OneClass => break,
                other => other?,
            };
            let log_odds = model.log_odds(latest.view());
            let platt = Platt::learn(&log_odds, &latest_late);
            params = params.l2(l2).start_from(&model);
            let loss = platt.log_loss(&log_odds, &latest_late);
            if loss < best.0 {
                best = (loss, params.clone(), platt);
            }
        }
        Ok((best.1, best.2))
    }
}

/// Divides rows, in order of time, at a day: those whose outcome was known by then, and those asked about from then on, of
/// invoices that are not among the former.
fn divide(table: &TrainingTable, rows: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let queries = &table.features.queries;
    let at = rows.len() - (rows.len() as f64 * CALIBRATION_SHARE) as usize;
    let Some(boundary) = rows.get(at).map(|&row| queries.days[row]) else {
        return ((0..rows.len()).collect(), Vec::new());
    };
    let known = |row: usize| table.outcomes[row].ripe.max(table.outcomes[row].known) <= boundary;
    let positions = |wanted: &dyn Fn(usize) -> bool| {
        rows.iter().enumerate().filter(|(_, row)| wanted(**row)).map(|(at, _)| at).collect::<Vec<_>>()
    };
    let early = positions(&|row| queries.days[row] < boundary && known(row));
    let seen: HashSet<u32> = early.iter().map(|&at| queries.invoices[rows[at]]).collect();
    let latest = positions(&|row| queries.days[row] >= boundary && !seen.contains(&queries.invoices[row]));
    (early, latest)
}

/// A failure inside polars on columns that duewise itself made.
pub fn internal(cause: polars::prelude::PolarsError) -> Error {
    Error::new(Code::NotConserved).detail(cause)
}
