//! Risk of what is open today.

use ndarray::Axis;
use rayon::prelude::*;

use super::artefact::Artefact;
use super::curve::Curve;
use super::explain::{Explanation, Reason, days, explain};
use super::probability;
use super::train::internal;
use crate::asof::frame::FeatureTable;
use crate::asof::history::History;
use crate::asof::timing::Timing;
use crate::asof::view::{LedgerView, OpenItem};
use crate::base::error::{Code, Error, Result};
use crate::base::limits::SCORE_CHUNK_ROWS;

/// How many weeks ahead cash is foretold.
pub const CASH_WEEKS: usize = 13;

/// Days late still to come that count at most: what a contact of today does for a debt is over by then.
pub const HORIZON_DAYS: i32 = 90;

/// Days within which payment is foretold.
pub const WITHIN_DAYS: [i32; 3] = [7, 14, 30];

/// Last days after due of the ageing buckets in which an invoice may be when it is paid; one more bucket has no end.
pub const BUCKET_ENDS: [i32; 5] = [0, 30, 60, 90, 120];

/// When an open invoice will be paid: all read off one curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct When {
    /// Probability of being paid within [`WITHIN_DAYS`] of the as-of day.
    pub paid_within: [f64; WITHIN_DAYS.len()],
    /// Days after due by which it is paid with a probability of 10, 50 and 90 %.
    pub days_late: [i32; 3],
    /// Probability of being paid in each ageing bucket: by the due day, 1-30 days after it, and so on.
    pub buckets: [f64; BUCKET_ENDS.len() + 1],
    /// Probability of being paid in each of the next weeks.
    pub weeks: [f64; CASH_WEEKS],
}

impl When {
    /// Reads a curve that begins `today` days after due.
    fn read(curve: &Curve, today: i32) -> Self {
        let mut before = 1.0;
        let mut step = |after: f64| {
            let paid = before - after;
            before = after;
            paid
        };
        let mut buckets = [0.0; BUCKET_ENDS.len() + 1];
        for (bucket, end) in buckets.iter_mut().zip(BUCKET_ENDS) {
            *bucket = step(curve.open_after(end));
        }
        buckets[BUCKET_ENDS.len()] = step(0.0);
        let weeks = std::array::from_fn(|week| {
            let open = |weeks: usize| curve.open_after(today + 7 * weeks as i32);
            open(week) - open(week + 1)
        });
        Self {
            paid_within: WITHIN_DAYS.map(|days| curve.paid_within(days)),
            days_late: [0.1, 0.5, 0.9].map(|share| curve.quantile(share)),
            buckets,
            weeks,
        }
    }
}

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
    /// Days late still expected from tomorrow on if nobody is contacted, of which at most [`HORIZON_DAYS`] count.
    pub late_days: f64,
    /// Balance × probability, in minor units.
    pub at_risk: i64,
    /// How risky in a word.
    pub band: Band,
    /// What the model says, in log-odds; `None` where it is late already and nothing was predicted.
    pub log_odds: Option<f64>,
    /// What any invoice starts from, in log-odds; with the reasons' parts it is the prediction. `None` where that was not taken apart.
    pub prior: Option<f64>,
    /// When it will be paid; `None` where too few payments were seen to tell.
    pub when: Option<When>,
    /// Reasons, the strongest first; a single one where it is late already, none where they were not asked for.
    pub reasons: Vec<Reason>,
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

/// What scores are made of.
#[derive(Debug, Clone, Copy)]
pub struct Scoring<'a> {
    /// What is scored.
    pub view: &'a LedgerView<'a>,
    /// What features are made of.
    pub history: &'a History,
    /// When accounts pay.
    pub timing: &'a Timing,
    /// The model.
    pub artefact: &'a Artefact,
}

/// Whether a prediction is taken apart, which takes several times as long as the prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The figures alone.
    Figures,
    /// The reasons too.
    Reasons,
}

impl Scoring<'_> {
    /// Scores every open invoice, in the ledger's order.
    pub fn all(&self, detail: Detail) -> Result<Vec<RiskScore>> {
        self.items(&self.view.open_items(), detail)
    }

    /// Scores some open invoices, in their order.
    pub fn items(&self, items: &[OpenItem], detail: Detail) -> Result<Vec<RiskScore>> {
        let chunks = items.par_chunks(SCORE_CHUNK_ROWS).map(|items| self.chunk(items, detail));
        let chunks: Vec<Vec<RiskScore>> = chunks.collect::<Result<_>>()?;
        Ok(chunks.into_iter().flatten().collect())
    }

    /// Gives reasons to those of the scores at `wanted` that have none yet.
    pub fn give_reasons(&self, scores: &mut [RiskScore], mut wanted: Vec<usize>) -> Result<()> {
        wanted.retain(|&at| scores[at].reasons.is_empty());
        let items: Vec<OpenItem> = wanted.iter().map(|&at| scores[at].item).collect();
        for (at, score) in wanted.into_iter().zip(self.items(&items, Detail::Reasons)?) {
            scores[at] = score;
        }
        Ok(())
    }

    fn chunk(&self, items: &[OpenItem], detail: Detail) -> Result<Vec<RiskScore>> {
        let Self { view, history, timing, artefact } = *self;
        // What was known when the as-of day ended is what is known before the next one.
        let today = view.as_of().0.plus(1);
        let delay = artefact.model.features.position("late_delay_shrunk");
        let delay = delay.ok_or_else(|| Error::new(Code::ArtefactFeatures))?;
        let questions = items.iter().map(|item| (item.invoice, today));
        let table = FeatureTable::new(view, history, questions).map_err(internal)?;
        let rows: Vec<usize> = (0..table.len()).collect();
        let matrix = artefact.model.matrix(&table, &rows).map_err(internal)?;
        // Open when the last day in time has ended is late, and nothing is left to predict.
        let past_due = |item: &OpenItem| view.as_of().0.0 - view.invoice(item.invoice).due.0;
        let predicted_rows: Vec<usize> =
            (0..items.len()).filter(|&row| past_due(&items[row]) < artefact.grace_days).collect();
        let undecided = matrix.select(Axis(0), &predicted_rows);
        let explained = match detail {
            Detail::Figures => vec![None; predicted_rows.len()],
            Detail::Reasons => explain(&artefact.model, undecided.view())?.into_iter().map(Some).collect(),
        };
        let mut predictions = artefact.model.log_odds(undecided.view()).into_iter().zip(explained);
        let curves = match &artefact.payment {
            Some(payment) => payment.hazard.curves(&table, timing, &rows)?.into_iter().map(Some).collect(),
            None => vec![None; items.len()],
        };
        let each = items.iter().zip(matrix.rows()).zip(curves);
        let scored = each.map(|((&item, row), curve)| {
            let past_due = past_due(&item);
            let prediction = if past_due < artefact.grace_days { predictions.next() } else { None };
            match prediction {
                Some(prediction) => predicted(artefact, item, past_due, row[delay], prediction, curve),
                None => already_late(item, past_due, row[delay], curve.as_ref()),
            }
        });
        Ok(scored.collect())
    }
}

/// An invoice that may still be paid in time.
fn predicted(
    artefact: &Artefact,
    item: OpenItem,
    days_past_due: i32,
    usual_delay: f64,
    (mut log_odds, mut explanation): (f64, Option<Explanation>),
    curve: Option<Curve>,
) -> RiskScore {
    let grace = artefact.grace_days;
    if let Some((payment, curve)) = artefact.payment.as_ref().zip(curve.as_ref()) {
        let late = curve.open_after(grace);
        log_odds = payment.weigh_in(log_odds, late);
        if let Some(explanation) = &mut explanation {
            explanation.weigh_in(late, payment.share);
        }
    }
    let late = probability(log_odds);
    let curve = curve.map(|curve| curve.tilted(grace, late));
    let expected = curve.as_ref().map_or(late * usual_delay, Curve::mean_days_late);
    RiskScore {
        item,
        days_past_due,
        late,
        expected_days_late: expected,
        late_days: late_days(curve.as_ref(), days_past_due, expected),
        at_risk: share(item.balance, late),
        band: Band::of(late),
        log_odds: Some(log_odds),
        prior: explanation.as_ref().map(|explanation| explanation.prior),
        when: curve.as_ref().map(|curve| When::read(curve, days_past_due)),
        reasons: explanation.map_or_else(Vec::new, |explanation| explanation.reasons),
    }
}

/// An invoice that has had its grace is late for sure; how much later it will be the curve tells. Without one it is expected to be as
/// long again as this customer usually takes, since the days it has waited already say nothing good.
fn already_late(item: OpenItem, days_past_due: i32, usual_delay: f64, curve: Option<&Curve>) -> RiskScore {
    let text = match days_past_due {
        0 => "still open when its due day ended".to_owned(),
        past => format!("already {} past due", days(f64::from(past))),
    };
    let expected = curve.map_or(f64::from(days_past_due) + usual_delay, Curve::mean_days_late);
    RiskScore {
        item,
        days_past_due,
        late: 1.0,
        expected_days_late: expected,
        late_days: late_days(curve, days_past_due, expected),
        at_risk: item.balance,
        band: Band::Late,
        log_odds: None,
        prior: None,
        when: curve.map(|curve| When::read(curve, days_past_due)),
        reasons: vec![Reason { group: "late", part: 0.0, text }],
    }
}

/// What of the expected days late is still to come after tomorrow's contact.
fn late_days(curve: Option<&Curve>, days_past_due: i32, expected: f64) -> f64 {
    let contact = days_past_due.saturating_add(1);
    let rest = (expected - f64::from(contact.max(0))).clamp(0.0, f64::from(HORIZON_DAYS));
    curve.map_or(rest, |curve| curve.late_days(contact, HORIZON_DAYS))
}

/// The model's door back to money: rounded to the minor unit.
fn share(balance: i64, probability: f64) -> i64 {
    (balance as f64 * probability).round() as i64
}
