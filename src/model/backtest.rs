//! Models measured as they would have been used: at each origin, learn from what was known, score what came.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::artefact::Artefact;
use super::bootstrap::{Clusters, Spread, spread};
use super::calibrate::Calibrated;
use super::days::{Days, Foretold};
use super::metrics::{BrierParts, Group, Metrics, Scored, groups};
use super::payment::{EVEN_SHARE, mean_of_log_odds};
use super::split::{Measured, Origin, origins, thinned};
use super::train::{CLASSIFIERS, KINDS, Kind, Training, internal};
use crate::asof::frame::TrainingTable;
use crate::asof::timing::Timing;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::base::limits::{GATE_ORIGINS_MAX, GATE_TEST_ROWS_MAX, GATE_TRAIN_ROWS_MAX};

/// Share of resamples of the customers in which probabilities must be truer for a model to be surely better.
const SURE: f64 = 0.9;

/// Whether one model is surely better than another: truer probabilities in nearly all resamples, and a better ranking in most.
fn is_sure(spread: &Spread) -> bool {
    spread.brier_better >= SURE && spread.auc_better > 0.5
}

/// What a back-test found: a line per kind of model, over the invoices of all origins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// First days of the months measured.
    pub origins: Vec<Day>,
    /// Pooled over them.
    pub metrics: Vec<Metrics>,
    /// Month by month.
    #[serde(default)]
    pub months: Vec<Vec<Metrics>>,
    /// Pooled, of customers without a payment before the day of the question; empty if there are none.
    #[serde(default)]
    pub new_customers: Vec<Metrics>,
    /// What chance could have done, model by model, each beside the rule.
    #[serde(default)]
    pub spreads: Vec<Spread>,
    /// Name of the kind that did best: the blend, or the mean of it and the hazard.
    #[serde(default)]
    pub best: String,
    /// What it said and what came.
    #[serde(default)]
    pub reliability: Vec<Group>,
    /// Its Brier score taken apart.
    #[serde(default)]
    pub brier_parts: Option<BrierParts>,
    /// Beside the model in use, on the months since it was trained; `None` if none was given.
    #[serde(default)]
    pub duel: Option<Duel>,
    /// How well the day of payment was foretold, of those that were paid.
    #[serde(default)]
    pub days: Option<Days>,
}

/// The best kind beside a model that was trained before, on the same rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duel {
    /// First days of the months since the other was trained.
    pub origins: Vec<Day>,
    /// The best kind and the other; empty where there is no such month.
    pub metrics: Vec<Metrics>,
    /// How sure the difference is; `None` where there is no such month.
    pub spread: Option<Spread>,
}

impl Duel {
    /// Whether the other was surely beaten. Without a month since it was trained there is
    /// nothing to judge by, and it stays.
    pub fn is_won(&self) -> bool {
        self.spread.as_ref().is_some_and(is_sure)
    }
}

/// Rows by every kind of model, in the order of [`KINDS`].
type ByKind = Vec<Vec<Scored>>;

/// What came of one origin.
struct Measures {
    by_kind: ByKind,
    foretold: Vec<Foretold>,
}

/// Runs every kind of model over all rolling origins, by the published protocol.
pub fn run(table: &TrainingTable, timing: &Timing) -> Result<Backtest> {
    Ok(measure(table, timing, &origins(table, Measured::Labelled))?.0)
}

/// Runs every kind of model over the latest rolling origins, on rows that were ripe by a day: the evidence for keeping one.
/// With a model in use, the best kind is compared with it too.
pub fn gate(
    table: &TrainingTable,
    timing: &Timing,
    cut: Day,
    champion: Option<&Artefact>,
) -> Result<Backtest> {
    let mut origins = origins(table, Measured::Ripe(cut));
    origins.drain(..origins.len().saturating_sub(GATE_ORIGINS_MAX));
    for origin in &mut origins {
        origin.train = thinned(&origin.train, GATE_TRAIN_ROWS_MAX);
        origin.test = thinned(&origin.test, GATE_TEST_ROWS_MAX);
    }
    let (mut backtest, measures) = measure(table, timing, &origins)?;
    if let Some(champion) = champion {
        let best = KINDS.iter().position(|kind| kind.name() == backtest.best).unwrap_or(0);
        backtest.duel = Some(duel(table, timing, champion, &origins, &measures, best)?);
    }
    Ok(backtest)
}

/// The kind at a position beside a model in use.
fn duel(
    table: &TrainingTable,
    timing: &Timing,
    champion: &Artefact,
    origins: &[Origin],
    measures: &[Measures],
    kind: usize,
) -> Result<Duel> {
    // What it learned from it would know by heart.
    let since = origins.iter().zip(measures).filter(|(origin, _)| origin.month > champion.training_cut);
    let (mut months, mut rows, mut candidate) = (Vec::new(), Vec::new(), Vec::new());
    for (origin, measures) in since {
        months.push(origin.month);
        rows.extend_from_slice(&origin.test);
        candidate.extend_from_slice(&measures.by_kind[kind]);
    }
    if rows.is_empty() || champion.grace_days != table.grace_days {
        return Ok(Duel { origins: Vec::new(), metrics: Vec::new(), spread: None });
    }
    let other = champion.answer().scored(table, timing, &rows)?;
    let clusters = Clusters::new(rows.iter().map(|row| table.features.queries.customers[*row]));
    let names = [KINDS[kind].name(), "in use"];
    Ok(Duel {
        origins: months,
        metrics: vec![Metrics::measure(names[0], &candidate), Metrics::measure(names[1], &other)],
        spread: Some(spread((names[0], &candidate), (names[1], &other), &clusters)),
    })
}

fn measure(table: &TrainingTable, timing: &Timing, origins: &[Origin]) -> Result<(Backtest, Vec<Measures>)> {
    if origins.is_empty() {
        return Err(Error::new(Code::HistoryTooShort).detail(format!(
            "{} labelled invoices, none in a month with enough before it",
            table.outcomes.iter().filter(|outcome| outcome.is_known()).count()
        )));
    }
    let measures: Vec<Measures> =
        origins.par_iter().map(|origin| score(table, timing, origin)).collect::<Result<_>>()?;
    let rows: Vec<usize> = origins.iter().flat_map(|origin| origin.test.iter().copied()).collect();
    let pooled: ByKind = (0..KINDS.len())
        .map(|kind| measures.iter().flat_map(|origin| &origin.by_kind[kind]).copied().collect())
        .collect();
    let payments = table.features.figures("paid_count").map_err(internal)?;
    let is_new = |at: &usize| payments[rows[*at]] == 0.0;
    let new: Vec<usize> = (0..rows.len()).filter(is_new).collect();
    let of_new = pooled.iter().map(|kind| new.iter().map(|at| kind[*at]).collect()).collect();
    let clusters = Clusters::new(rows.iter().map(|row| table.features.queries.customers[*row]));
    let foretold: Vec<Foretold> = measures.iter().flat_map(|origin| &origin.foretold).copied().collect();
    let metrics = lines(&pooled);
    let best = best_of(&metrics);
    let best_rows = KINDS.iter().position(|kind| *kind == best).map_or(&pooled[0], |at| &pooled[at]);
    let rule = (KINDS[0].name(), pooled[0].as_slice());
    let others = KINDS.iter().zip(&pooled).skip(1);
    let backtest = Backtest {
        origins: origins.iter().map(|origin| origin.month).collect(),
        spreads: others.map(|(kind, rows)| spread((kind.name(), rows), rule, &clusters)).collect(),
        months: measures.iter().map(|origin| lines(&origin.by_kind)).collect(),
        new_customers: if new.is_empty() { Vec::new() } else { lines(&of_new) },
        best: best.name().to_owned(),
        reliability: groups(best_rows),
        brier_parts: Some(BrierParts::of(best_rows)),
        days: Days::measure(&foretold),
        duel: None,
        metrics,
    };
    Ok((backtest, measures))
}

/// Blend, or the mean of it and the hazard: whichever has the lower log-loss.
fn best_of(metrics: &[Metrics]) -> Kind {
    let loss = |kind: Kind| metrics.iter().find(|line| line.model == kind.name()).map(|line| line.log_loss);
    if loss(Kind::Both) < loss(Kind::Blend) { Kind::Both } else { Kind::Blend }
}

/// A line per kind.
fn lines(rows: &ByKind) -> Vec<Metrics> {
    KINDS.iter().zip(rows).map(|(kind, rows)| Metrics::measure(kind.name(), rows)).collect()
}

impl Backtest {
    /// The line of a kind of model.
    pub fn of(&self, kind: Kind) -> Option<&Metrics> {
        self.metrics.iter().find(|metrics| metrics.model == kind.name())
    }

    /// The line of the best kind.
    pub fn kept(&self) -> Option<&Metrics> {
        self.metrics.iter().find(|metrics| metrics.model == self.best)
    }

    /// Whether the best kind is the mean of blend and hazard, not the blend alone.
    pub fn prefers_both(&self) -> bool {
        self.best == Kind::Both.name()
    }

    /// Whether the best kind beats the rule: a better ranking and better probabilities, and not by the luck of a few
    /// customers.
    pub fn beats_rule(&self) -> bool {
        let better = |(model, rule): (&Metrics, &Metrics)| model.auc > rule.auc && model.brier < rule.brier;
        let surely = self.spreads.iter().find(|spread| spread.model == self.best);
        self.kept().zip(self.of(Kind::ShrunkRatio)).is_some_and(better) && surely.is_some_and(is_sure)
    }
}

/// What a classifier answers without a curve.
fn alone(model: &Calibrated) -> Answer<'_> {
    Answer { model, payment: None }
}

/// Scores one origin's rows by every kind of model.
fn score(table: &TrainingTable, timing: &Timing, origin: &Origin) -> Result<Measures> {
    let training = Training::new(table, &origin.train, origin.month)?;
    let models = match training.fit() {
        // Nothing to tell apart yet: the rule answers for the month.
        Err(error) if error.code == Code::OneClass => vec![training.rule()?; CLASSIFIERS],
        other => other?,
    };
    let mut by_kind: ByKind =
        models.iter().map(|model| alone(model).scored(table, timing, &origin.test)).collect::<Result<_>>()?;
    let blend = by_kind[CLASSIFIERS - 1].clone();
    let Some(hazard) = training.hazard(table, timing)? else {
        by_kind.extend([blend.clone(), blend]);
        return Ok(Measures { by_kind, foretold: Vec::new() });
    };
    let curves = hazard.curves(&table.features, timing, &origin.test)?;
    let with = |probability: &dyn Fn(usize) -> f64| -> Vec<Scored> {
        blend.iter().enumerate().map(|(at, row)| Scored { probability: probability(at), ..*row }).collect()
    };
    let of_curve = |at: usize| curves[at].open_after(table.grace_days);
    let of_both = |at: usize| mean_of_log_odds(blend[at].probability, of_curve(at), EVEN_SHARE);
    by_kind.extend([with(&of_curve), with(&of_both)]);
    let medians = table.features.figures("delay_q50").map_err(internal)?;
    let usual = training.median_delay(table, &origin.train);
    let foretold =
        origin.test.iter().zip(curves.iter().cloned()).enumerate().filter_map(|(at, (&row, curve))| {
            let (_, paid) = table.outcomes[row].paid?;
            let median = f64::from(medians[row]);
            let rule = if median.is_nan() { usual } else { median };
            Some(Foretold::new(&curve.tilted(table.grace_days, of_both(at)), rule, paid))
        });
    Ok(Measures { foretold: foretold.collect(), by_kind })
}
