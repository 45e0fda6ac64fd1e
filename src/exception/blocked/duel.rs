//! The model against the rule, in the order of time: it learns from what was known when a day began, and both rank the bills
//! booked from then on.

use ndarray::Array1;

use super::learn::{Lessons, blend, matrix};
use crate::base::day::Day;
use crate::model::calibration::Calibration;
use crate::model::metrics::{Metrics, Scored};
use crate::model::probability;

/// Shares of the past at which the rounds begin; the last one ends with it.
const ROUNDS: [f64; 4] = [0.4, 0.55, 0.7, 0.85];

/// Days that a bill must have been booked for to be judged by: most releases have come by then.
const JUDGED_AFTER_DAYS: i32 = 30;

/// How well bills were ranked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Area under the ROC curve; NaN where it has none.
    pub auc: f64,
    /// Average precision; NaN where none was released.
    pub ap: f64,
}

/// How both did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Duel {
    /// Bills judged.
    pub bills: usize,
    /// Of them, how many were released by hand.
    pub released: usize,
    /// The model.
    pub model: Figures,
    /// The rule: the supplier's decayed past rate.
    pub rule: Figures,
}

impl Duel {
    /// Whether the model was better by both measures.
    pub fn is_won(&self) -> bool {
        self.model.auc > self.rule.auc && self.model.ap > self.rule.ap
    }
}

/// A bill judged.
struct Judged {
    log_odds: f64,
    rule: f64,
    released: bool,
    supplier: u32,
}

/// Lets them rank, and says how the model's log-odds are to be read.
pub(super) fn fight(lessons: &Lessons, morning: Day, seed: u64) -> (Duel, Calibration) {
    let start = |share: f64| {
        let lesson = (lessons.rows.len() as f64 * share) as usize;
        lessons.bill(lesson).map_or(morning, |bill| bill.posted)
    };
    let ends = ROUNDS.iter().skip(1).map(|share| start(*share)).chain([morning]);
    let rounds = ROUNDS.iter().map(|share| start(*share)).zip(ends);
    let judged: Vec<Judged> = rounds.flat_map(|(cut, end)| round(lessons, cut, end, morning, seed)).collect();
    let figures = |probability: &dyn Fn(&Judged) -> f64| {
        let scored = |one: &Judged| Scored { probability: probability(one), late: one.released, amount: 1.0 };
        let metrics = Metrics::measure("", &judged.iter().map(scored).collect::<Vec<_>>());
        Figures { auc: metrics.auc, ap: metrics.ap }
    };
    let duel = Duel {
        bills: judged.len(),
        released: judged.iter().filter(|one| one.released).count(),
        model: figures(&|one| probability(one.log_odds)),
        rule: figures(&|one| one.rule),
    };
    let raw: Array1<f64> = judged.iter().map(|one| one.log_odds).collect();
    let released: Array1<bool> = judged.iter().map(|one| one.released).collect();
    let suppliers: Vec<u32> = judged.iter().map(|one| one.supplier).collect();
    (duel, Calibration::choose(&raw, &released, &suppliers))
}

/// The bills booked from one day on, before another.
fn round(lessons: &Lessons, cut: Day, end: Day, morning: Day, seed: u64) -> Vec<Judged> {
    let ripe = morning.plus(-JUDGED_AFTER_DAYS);
    let (from, to) = (lessons.before(cut), lessons.before(end.min(ripe)));
    // Where too little was known to learn from, there is no round.
    let (Some(rows), Ok(forest)) = (lessons.rows.get(from..to), lessons.fit(cut, seed)) else {
        return Vec::new();
    };
    let log_odds = blend(&forest, matrix(rows.iter()).view());
    let judged = (from..to).zip(rows).zip(log_odds).filter_map(|((lesson, row), log_odds)| {
        let released = lessons.bill(lesson)?.is_released(morning);
        let supplier = *lessons.book.suppliers.get(*lessons.at.get(lesson)? as usize)?;
        Some(Judged { log_odds, rule: row.rule, released, supplier })
    });
    judged.collect()
}
