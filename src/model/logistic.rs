//! Logistic regression, by linfa-logistic: figures are tamed, gaps filled and marked, columns scaled, and the solver's
//! success is checked and kept, since linfa does not say why it stopped.

use linfa::ParamGuard;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use linfa_preprocessing::linear_scaling::LinearScaler;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, ShapeBuilder as _, concatenate};
use serde::{Deserialize, Serialize};

use super::players::Players;
use super::{Labelled, Scorer, both_classes, probability};
use crate::asof::feature::Unit;
use crate::base::error::{Code, Error};

/// Parameters not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticParams(CheckedLogisticParams);

/// Parameters that a fit can use.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedLogisticParams {
    l2: f64,
    iterations_max: u64,
    gradient_tolerance: f64,
    /// What each feature counts: it decides how long tails are drawn in.
    units: Vec<Unit>,
    /// Coefficients and intercept of a like model to start from.
    start: Option<Array1<f64>>,
}

/// A fitted regression with everything that turns a row of features into its inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedLogistic {
    /// Weight of half the squared coefficients against the summed log-loss.
    pub l2: f64,
    /// How rows become inputs.
    inputs: Inputs,
    /// Mean of each input.
    offsets: Array1<f64>,
    /// One over the deviation of each input.
    scales: Array1<f64>,
    /// Coefficient of each scaled input.
    coefficients: Array1<f64>,
    intercept: f64,
    /// Whether the solver reached its tolerance.
    pub converged: bool,
    /// The gradient's norm, per row, where it stopped.
    pub gradient: f64,
}

impl LogisticParams {
    /// Parameters for features of these units, a column each.
    pub fn new(units: Vec<Unit>) -> Self {
        // A gradient of a thousandth per row moves no metric in its fourth digit.
        Self(CheckedLogisticParams {
            l2: 100.0,
            iterations_max: 500,
            gradient_tolerance: 1e-3,
            units,
            start: None,
        })
    }

    /// Weight of half the squared coefficients against the summed log-loss.
    #[must_use]
    pub fn l2(mut self, weight: f64) -> Self {
        self.0.l2 = weight;
        self
    }

    /// Most iterations of the solver.
    #[must_use]
    pub fn iterations_max(mut self, iterations: u64) -> Self {
        self.0.iterations_max = iterations;
        self
    }

    /// The solver stops when the gradient's norm, per row, is below this.
    #[must_use]
    pub fn gradient_tolerance(mut self, norm: f64) -> Self {
        self.0.gradient_tolerance = norm;
        self
    }
}

impl LogisticParams {
    /// Starts the solver from a model fitted before, which saves it most of the way.
    #[must_use]
    pub fn start_from(mut self, model: &FittedLogistic) -> Self {
        let intercept = ArrayView1::from(std::slice::from_ref(&model.intercept));
        self.0.start = concatenate(Axis(0), &[model.coefficients.view(), intercept]).ok();
        self
    }
}

impl ParamGuard for LogisticParams {
    type Checked = CheckedLogisticParams;
    type Error = Error;

    fn check_ref(&self) -> Result<&CheckedLogisticParams, Error> {
        let refuse = |detail: &str| Err(Error::new(Code::OptionInvalid).detail(detail));
        let CheckedLogisticParams { l2, iterations_max, gradient_tolerance, .. } = &self.0;
        if !l2.is_finite() || *l2 < 0.0 {
            return refuse("l2 must be zero or more");
        }
        if *iterations_max == 0 {
            return refuse("iterations_max must be one or more");
        }
        if !gradient_tolerance.is_finite() || *gradient_tolerance <= 0.0 {
            return refuse("gradient_tolerance must be more than zero");
        }
        Ok(&self.0)
    }

    fn check(self) -> Result<CheckedLogisticParams, Error> {
        self.check_ref()?;
        Ok(self.0)
    }
}

impl Fit<Array2<f64>, Array1<bool>, Error> for CheckedLogisticParams {
    type Object = FittedLogistic;

    fn fit(&self, data: &Labelled) -> Result<FittedLogistic, Error> {
        both_classes(data)?;
        let unfit = |cause: &dyn std::fmt::Display| Error::new(Code::HistoryTooShort).detail(cause);
        if self.units.len() != data.records.ncols() {
            return Err(Error::new(Code::OptionInvalid).detail("units must be one for each column"));
        }
        let inputs = Inputs::learn(data.records.view(), &self.units);
        let raw = DatasetBase::new(inputs.of(data.records.view()), data.targets.clone());
        let scaler = LinearScaler::standard().fit(&raw).map_err(|cause| unfit(&cause))?;
        let (offsets, scales) = (scaler.offsets().clone(), scaler.scales().clone());
        let data = DatasetBase::new((raw.records - &offsets) * &scales, raw.targets);
        let rows = data.records.nrows() as f64;
        // linfa's positive class is the more frequent one.
        let late_rows = data.targets.iter().filter(|late| **late).count() as f64;
        let mut solver = LogisticRegression::default()
            .alpha(self.l2)
            .max_iterations(self.iterations_max)
            .gradient_tolerance(self.gradient_tolerance * rows);
        // A model of other inputs (its gaps were marked otherwise) is no start.
        if let Some(start) = self.start.as_ref().filter(|start| start.len() == data.records.ncols() + 1) {
            let sign = if late_rows * 2.0 > rows { 1.0 } else { -1.0 };
            solver = solver.initial_params(start * sign);
        }
        let model = solver.fit(&data).map_err(|cause| unfit(&cause))?;
        let sign = if model.labels().pos.class { 1.0 } else { -1.0 };
        let (coefficients, intercept) = (model.params() * sign, model.intercept() * sign);
        let gradient = self.gradient(&data, &coefficients, intercept) / rows;
        let converged = gradient <= self.gradient_tolerance;
        Ok(FittedLogistic {
            l2: self.l2,
            inputs,
            offsets,
            scales,
            coefficients,
            intercept,
            converged,
            gradient,
        })
    }
}

impl CheckedLogisticParams {
    /// Norm of the gradient of the solver's objective.
    fn gradient(&self, data: &Labelled, coefficients: &Array1<f64>, intercept: f64) -> f64 {
        let late = data.targets.mapv(|late| f64::from(u8::from(late)));
        let error = (data.records.dot(coefficients) + intercept).mapv_into(probability) - late;
        let slope = data.records.t().dot(&error) + coefficients * self.l2;
        (slope.dot(&slope) + error.sum().powi(2)).sqrt()
    }
}

impl FittedLogistic {
    fn scaled(&self, rows: ArrayView2<f64>) -> Array2<f64> {
        (self.inputs.of(rows) - &self.offsets) * &self.scales
    }
}

impl Scorer for FittedLogistic {
    fn log_odds(&self, rows: ArrayView2<f64>) -> Array1<f64> {
        self.scaled(rows).dot(&self.coefficients) + self.intercept
    }

    fn parts(&self, rows: ArrayView2<f64>, players: &Players) -> Result<(f64, Array2<f64>), Error> {
        let inputs = self.scaled(rows);
        let mut parts = players.zeros(rows.nrows());
        let origins = (0..rows.ncols()).chain(self.inputs.marked.iter().copied());
        for ((input, coefficient), origin) in
            inputs.columns().into_iter().zip(&self.coefficients).zip(origins)
        {
            parts.column_mut(players.of(origin)).scaled_add(*coefficient, &input);
        }
        Ok((self.intercept, parts))
    }

    fn fits(&self, features: usize) -> bool {
        let inputs = features + self.inputs.marked.len();
        self.inputs.fill.len() == features
            && self.inputs.units.len() == features
            && self.inputs.marked.iter().all(|&origin| origin < features)
            && [&self.offsets, &self.scales, &self.coefficients].iter().all(|part| part.len() == inputs)
    }
}

/// How a row of features becomes inputs of a linear model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Inputs {
    /// What a gap of each feature is filled with: its mean where it is known, tamed.
    fill: Vec<f64>,
    /// Features whose gaps are marked by an input of their own.
    marked: Vec<usize>,
    /// What each feature counts.
    units: Vec<Unit>,
}

impl Inputs {
    fn learn(rows: ArrayView2<f64>, units: &[Unit]) -> Self {
        let mut fill = Vec::with_capacity(rows.ncols());
        let mut marked: Vec<usize> = Vec::new();
        for (at, column) in rows.columns().into_iter().enumerate() {
            let known: Vec<f64> = column
                .iter()
                .filter(|figure| figure.is_finite())
                .map(|&figure| tame(units[at], figure))
                .collect();
            fill.push(if known.is_empty() { 0.0 } else { known.iter().sum::<f64>() / known.len() as f64 });
            let gaps =
                |other: usize| rows.column(other).iter().map(|figure| figure.is_finite()).collect::<Vec<_>>();
            // Features of one origin have their gaps in the same rows: one mark serves them all.
            if known.len() < column.len() && marked.iter().all(|&other| gaps(other) != gaps(at)) {
                marked.push(at);
            }
        }
        Self { fill, marked, units: units.to_vec() }
    }

    fn of(&self, rows: ArrayView2<f64>) -> Array2<f64> {
        // Column by column in memory: the solver's gradient walks down columns, which is several times faster so.
        let mut inputs = Array2::zeros((rows.nrows(), self.fill.len() + self.marked.len()).f());
        for ((at, unit), column) in self.units.iter().enumerate().zip(rows.columns()) {
            for (input, &figure) in inputs.column_mut(at).iter_mut().zip(column) {
                *input = if figure.is_finite() { tame(*unit, figure) } else { self.fill[at] };
            }
        }
        for (&origin, at) in self.marked.iter().zip(self.fill.len()..) {
            for (input, figure) in inputs.column_mut(at).iter_mut().zip(rows.column(origin)) {
                *input = f64::from(u8::from(!figure.is_finite()));
            }
        }
        inputs
    }
}

/// Draws in long tails: the hundredth day late says less than the first.
fn tame(unit: Unit, figure: f64) -> f64 {
    match unit {
        Unit::Days | Unit::Count | Unit::Amount => figure.signum() * figure.abs().ln_1p(),
        Unit::Ratio => figure.clamp(-RATIO_MAX, RATIO_MAX),
        Unit::LogOdds | Unit::Flag | Unit::Position => figure,
    }
}

/// Quotients of amounts beyond this are as telling as this.
const RATIO_MAX: f64 = 10.0;
