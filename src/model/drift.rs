//! Whether a model still fits the ledger it is used on: how far what it sees has moved since it was trained, and whether its
//! probabilities still come true.

use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::artefact::Artefact;
use super::baseline::RULE_FEATURE;
use super::metrics::Scored;
use super::probability;
use super::train::internal;
use crate::asof::feature::seen::Seen;
use crate::asof::frame::{Snapshots, TrainingTable};
use crate::asof::history::History;
use crate::asof::matrix::matrix;
use crate::asof::prior::Prior;
use crate::asof::timing::Timing;
use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};

/// Groups of equally many rows into which a figure is divided.
const GROUPS: usize = 10;

/// From here on a population stability index is taken for a shift: the scorecards' usual bound.
pub const PSI_SHIFT: f64 = 0.25;

/// Most rows to learn a spread from, taken evenly: tenths are known to a percent or so.
const REFERENCE_ROWS: usize = 5_000;

/// Fewest invoices since training to say anything by.
const ROWS_MIN: usize = 100;

/// A mean probability this far from what came is off, if chance does not explain it.
const GAP_MAX: f64 = 0.03;

/// How figures were spread when a model was trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// By feature, in the model's order.
    features: Vec<Spread>,
    /// Of the answered probability.
    probability: Spread,
    /// Share of the rows that were late.
    late_ratio: f64,
}

/// How one figure is spread: bounds of groups, and the share of rows in each; the last share has no figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Spread {
    bounds: Vec<f64>,
    shares: Vec<f64>,
}

impl Spread {
    fn learn(figures: &[f64]) -> Self {
        let mut sorted: Vec<f64> = figures.iter().copied().filter(|figure| figure.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let mut bounds: Vec<f64> =
            (1..GROUPS).filter_map(|at| sorted.get(at * sorted.len() / GROUPS).copied()).collect();
        bounds.dedup();
        let mut spread = Self { shares: Vec::new(), bounds };
        spread.shares = spread.shares_of(figures);
        spread
    }

    fn shares_of(&self, figures: &[f64]) -> Vec<f64> {
        let mut counts = vec![0.0; self.bounds.len() + 2];
        for figure in figures {
            let group = if figure.is_finite() {
                self.bounds.partition_point(|bound| bound <= figure)
            } else {
                self.bounds.len() + 1
            };
            counts[group] += 1.0;
        }
        counts.iter().map(|count| count / figures.len().max(1) as f64).collect()
    }

    /// Population stability index of other figures: Σ (new − old) · ln(new / old). A group without a row is taken to have half
    /// a one.
    fn shift(&self, figures: &[f64]) -> f64 {
        let least = 0.5 / figures.len().max(1) as f64;
        let pairs = self.shares.iter().zip(self.shares_of(figures));
        let terms = pairs.map(|(old, new)| {
            let (old, new) = (old.max(least), new.max(least));
            (new - old) * (new / old).ln()
        });
        terms.sum()
    }

    fn is_sound(&self) -> bool {
        self.shares.len() == self.bounds.len() + 2 && self.bounds.iter().all(|bound| bound.is_finite())
    }
}

/// One figure a row, column by column.
fn columns(table: &TrainingTable, rows: &[usize], prior: &Prior, seen: &Seen) -> Result<Vec<Vec<f64>>> {
    let matrix = matrix(&table.features, rows, prior, seen).map_err(internal)?;
    Ok(matrix.columns().into_iter().map(|column| column.to_vec()).collect())
}

fn probabilities(rows: &[Scored]) -> Vec<f64> {
    rows.iter().map(|row| row.probability).collect()
}

/// Rows on the day on which their invoice came to be known: what is compared must have been looked at alike.
fn at_issue(table: &TrainingTable, is_wanted: impl Fn(usize) -> bool) -> Vec<usize> {
    let invoices = &table.features.queries.invoices;
    let is_first = |row: &usize| *row == 0 || invoices[row - 1] != invoices[*row];
    (0..invoices.len()).filter(is_first).filter(|row| is_wanted(*row)).collect()
}

impl Reference {
    /// Learns from the invoices whose outcome was known by a day.
    pub fn learn(table: &TrainingTable, timing: &Timing, answer: Answer, cut: Day) -> Result<Self> {
        let rows = at_issue(table, |row| table.outcomes[row].is_known() && table.outcomes[row].ripe <= cut);
        let rows: Vec<usize> = rows.iter().step_by(rows.len() / REFERENCE_ROWS + 1).copied().collect();
        let scored = answer.scored(table, timing, &rows)?;
        let features = columns(table, &rows, &answer.model.prior, &answer.model.features)?;
        Ok(Self {
            features: features.iter().map(|figures| Spread::learn(figures)).collect(),
            probability: Spread::learn(&probabilities(&scored)),
            late_ratio: late_ratio(&scored),
        })
    }

    /// Whether it has a spread for each of so many features.
    pub fn is_sound(&self, features: usize) -> bool {
        self.features.len() == features
            && self.features.iter().all(Spread::is_sound)
            && self.probability.is_sound()
    }
}

fn late_ratio(rows: &[Scored]) -> f64 {
    rows.iter().filter(|row| row.late).count() as f64 / rows.len().max(1) as f64
}

/// What has moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// Nothing known after this day was learned from.
    pub training_cut: Day,
    /// Invoices issued since.
    pub issued: usize,
    /// Those of them that could have been late by now.
    pub ripe: usize,
    /// Population stability index of the answered probability.
    pub probability_shift: f64,
    /// The same of every feature, the most moved first.
    pub features: Vec<FeatureShift>,
    /// Share late when it was trained, and since.
    pub late_ratio: [f64; 2],
    /// Mean probability answered for the ripe ones.
    pub predicted: f64,
    /// Brier score of the answers, and of the rule, on the ripe ones.
    pub brier: [f64; 2],
    /// Why to train anew; empty where the model may go on.
    pub reasons: Vec<String>,
}

/// How far a feature has moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureShift {
    /// Name of the feature.
    pub feature: &'static str,
    /// Its population stability index.
    pub shift: f64,
}

/// Compares the invoices issued since a model was trained with those it learned from.
pub fn drift(view: &LedgerView, history: &History, timing: &Timing, artefact: &Artefact) -> Result<Drift> {
    let Some(reference) = &artefact.reference else {
        return Err(Error::new(Code::ArtefactFormat).detail("it was written before drift was measured"));
    };
    let table = TrainingTable::new(view, history, Snapshots::Issue).map_err(internal)?;
    let today = view.as_of().0;
    let since = at_issue(&table, |row| table.features.queries.days[row] > artefact.training_cut);
    let is_ripe = |row: &&usize| table.outcomes[**row].is_known() && table.outcomes[**row].ripe <= today;
    let ripe: Vec<usize> = since.iter().filter(is_ripe).copied().collect();
    let answer = artefact.answer();
    let (all, scored) = (answer.scored(&table, timing, &since)?, answer.scored(&table, timing, &ripe)?);
    let figures = columns(&table, &since, &answer.model.prior, &answer.model.features)?;
    let shifts = reference.features.iter().zip(&figures).zip(answer.model.features.features());
    let mut features: Vec<FeatureShift> = shifts
        .map(|((spread, figures), (_, feature))| FeatureShift {
            feature: feature.name,
            shift: spread.shift(figures),
        })
        .collect();
    features.sort_by(|left, right| right.shift.total_cmp(&left.shift));
    let mean = |rows: &[Scored], of: &dyn Fn(&Scored) -> f64| {
        rows.iter().map(of).sum::<f64>() / rows.len().max(1) as f64
    };
    let rule =
        Seen::named(&[RULE_FEATURE]).map_err(|unknown| Error::new(Code::ArtefactFeatures).detail(unknown))?;
    let odds = columns(&table, &ripe, &answer.model.prior, &rule)?.remove(0);
    let by_rule: Vec<Scored> = scored
        .iter()
        .zip(odds)
        .map(|(row, odds)| Scored { probability: probability(odds), ..*row })
        .collect();
    let mut drift = Drift {
        training_cut: artefact.training_cut,
        issued: since.len(),
        ripe: ripe.len(),
        probability_shift: reference.probability.shift(&probabilities(&all)),
        features,
        late_ratio: [reference.late_ratio, late_ratio(&scored)],
        predicted: mean(&scored, &|row| row.probability),
        brier: [mean(&scored, &Scored::brier), mean(&by_rule, &Scored::brier)],
        reasons: Vec::new(),
    };
    drift.reasons = drift.judge();
    Ok(drift)
}

impl Drift {
    /// Whether there are invoices enough to say anything.
    pub fn can_tell(&self) -> bool {
        self.ripe >= ROWS_MIN
    }

    /// Reasons to train anew.
    fn judge(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if !self.can_tell() {
            return reasons;
        }
        if self.probability_shift >= PSI_SHIFT {
            reasons.push(format!("the probabilities have shifted (PSI {:.2})", self.probability_shift));
        }
        let came = self.late_ratio[1];
        let chance = 2.0 * (came * (1.0 - came) / self.ripe as f64).sqrt();
        if (self.predicted - came).abs() > GAP_MAX.max(chance) {
            let (predicted, came) = (100.0 * self.predicted, 100.0 * came);
            reasons.push(format!("{predicted:.1} % were said to be late, and {came:.1} % were"));
        }
        if self.brier[0] > self.brier[1] {
            let [model, rule] = self.brier;
            reasons.push(format!("the rule does better (Brier {rule:.4} against {model:.4})"));
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_the_stability_index() {
        // Figures 0..99 in ten groups of a tenth.
        let old: Vec<f64> = (0..100).map(f64::from).collect();
        let spread = Spread::learn(&old);
        assert!(spread.shift(&old).abs() < 1e-12);
        // All in the last group: (1 − .1) ln 10, and nine groups of half a row against a tenth.
        let new = vec![95.0; 100];
        let expected = 0.9 * 10.0_f64.ln() + 9.0 * (0.005 - 0.1) * (0.005_f64 / 0.1).ln();
        assert!((spread.shift(&new) - expected).abs() < 1e-9, "{}", spread.shift(&new));
    }

    #[test]
    fn gaps_are_a_group_of_their_own() {
        let spread = Spread::learn(&[1.0, 1.0, f64::NAN, f64::NAN]);
        assert_eq!(spread.shares, [0.0, 0.5, 0.5]);
        // All gaps now: (1 − .5) ln 2 + (half a row of two − .5) ln(.25 / .5), the empty group staying empty.
        let expected = 0.5 * 2.0_f64.ln() + (0.25 - 0.5) * 0.5_f64.ln();
        assert!((spread.shift(&[f64::NAN, f64::NAN]) - expected).abs() < 1e-9);
    }
}
