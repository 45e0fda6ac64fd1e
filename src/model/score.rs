//! Risk of what is open today.

use rayon::prelude::*;

use super::artefact::Artefact;
use super::explain::{Reason, days, explain};
use super::probability;
use super::train::internal;
use crate::asof::feature;
use crate::asof::frame::FeatureTable;
use crate::asof::history::History;
use crate::asof::matrix::matrix;
use crate::asof::view::{LedgerView, OpenItem};
use crate::base::error::{Code, Error, Result};
use crate::base::limits::SCORE_CHUNK_ROWS;

/// How risky an open invoice is.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskScore {
    /// The invoice and what is left of it.
    pub item: OpenItem,
    /// Days past due on the as-of day; negative is not due yet.
    pub days_past_due: i32,
    /// Probability of being paid later than the grace after the due day; 1 where that day has passed.
    pub late: f64,
    /// Days after due on which payment is expected, if late weighed by how probable that is.
    pub expected_days_late: f64,
    /// Balance × probability, in minor units.
    pub at_risk: i64,
    /// How risky in a word.
    pub band: Band,
    /// How the model came to it; `None` where it is late already and nothing was predicted.
    pub log_odds: Option<Odds>,
    /// Reasons, the strongest first; a single one where it is late already.
    pub reasons: Vec<Reason>,
}

/// Prior and sum of a prediction, in log-odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Odds {
    /// What any invoice starts from.
    pub prior: f64,
    /// Prior and all parts.
    pub total: f64,
}

/// How risky an invoice is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Below [`MEDIUM_FROM`].
    Low,
    /// From [`MEDIUM_FROM`].
    Medium,
    /// From [`HIGH_FROM`].
    High,
    /// Late already.
    Late,
}

/// Probability from which a risk is medium.
pub const MEDIUM_FROM: f64 = 0.2;
/// Probability from which a risk is high: late is likelier than not.
pub const HIGH_FROM: f64 = 0.5;

impl Band {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Late => "late",
        }
    }

    fn of(probability: f64) -> Self {
        match probability {
            p if p < MEDIUM_FROM => Self::Low,
            p if p < HIGH_FROM => Self::Medium,
            _ => Self::High,
        }
    }
}

/// Scores every open invoice of a view, in the ledger's order.
pub fn score(view: &LedgerView, history: &History, artefact: &Artefact) -> Result<Vec<RiskScore>> {
    let items = view.open_items();
    // What was known when the as-of day ended is what is known before the next one.
    let today = view.as_of().0.plus(1);
    let delay = feature::position("late_delay_shrunk").ok_or_else(|| Error::new(Code::ArtefactFeatures))?;
    let chunks: Vec<Vec<RiskScore>> = items
        .par_chunks(SCORE_CHUNK_ROWS)
        .map(|items| {
            let questions = items.iter().map(|item| (item.invoice, today));
            let table = FeatureTable::new(view, history, questions).map_err(internal)?;
            let rows: Vec<usize> = (0..table.len()).collect();
            let matrix = matrix(&table, &rows, &artefact.model.prior).map_err(internal)?;
            Ok(items
                .iter()
                .zip(matrix.rows())
                .map(|(&item, row)| {
                    let past_due = view.as_of().0.0 - view.invoice(item.invoice).due.0;
                    if past_due > artefact.grace_days {
                        already_late(item, past_due, row[delay])
                    } else {
                        let explanation = explain(&artefact.model, row);
                        let late = probability(explanation.log_odds);
                        RiskScore {
                            item,
                            days_past_due: past_due,
                            late,
                            expected_days_late: late * row[delay],
                            at_risk: share(item.balance, late),
                            band: Band::of(late),
                            log_odds: Some(Odds { prior: explanation.prior, total: explanation.log_odds }),
                            reasons: explanation.reasons,
                        }
                    }
                })
                .collect())
        })
        .collect::<Result<_>>()?;
    Ok(chunks.into_iter().flatten().collect())
}

/// An invoice past its grace is late for sure; how much later it will be is expected to be as long again as this customer
/// usually takes, since the days it has waited already say nothing good.
fn already_late(item: OpenItem, days_past_due: i32, usual_delay: f64) -> RiskScore {
    let text = format!("already {} past due", days(f64::from(days_past_due)));
    RiskScore {
        item,
        days_past_due,
        late: 1.0,
        expected_days_late: f64::from(days_past_due) + usual_delay,
        at_risk: item.balance,
        band: Band::Late,
        log_odds: None,
        reasons: vec![Reason { group: "late", part: 0.0, text }],
    }
}

/// The model's door back to money: rounded to the minor unit.
fn share(balance: i64, probability: f64) -> i64 {
    (balance as f64 * probability).round() as i64
}
