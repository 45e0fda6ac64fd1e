//! Figures of merit, as scikit-learn defines them, so that tables can be laid side by side.

use serde::{Deserialize, Deserializer, Serialize};

/// Probabilities are kept this far from 0 and 1 before they are measured: one certain mistake would make a log-loss
/// infinite.
const CERTAINTY_MARGIN: f64 = 1e-4;

/// How a model did on rows it had not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Name of the model.
    pub model: String,
    /// Rows.
    pub n: usize,
    /// Share of them that were late.
    pub base: f64,
    /// Area under the ROC curve; NaN where all were late or none.
    #[serde(deserialize_with = "nan_if_null")]
    pub auc: f64,
    /// Average precision; NaN where none was late.
    #[serde(deserialize_with = "nan_if_null")]
    pub ap: f64,
    /// Brier score.
    pub brier: f64,
    /// Logarithmic loss in nats.
    pub log_loss: f64,
    /// Share of the late amount among the fifth of rows with the most probability × amount. Amounts are plain weights
    /// here, in major units of whatever currency. NaN where none was late.
    #[serde(deserialize_with = "nan_if_null")]
    pub late_amount_in_top20: f64,
}

/// JSON has no NaN: serde writes null for it.
fn nan_if_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Option::<f64>::deserialize(deserializer).map(|figure| figure.unwrap_or(f64::NAN))
}

/// One scored row with its outcome.
#[derive(Debug, Clone, Copy)]
pub struct Scored {
    /// Predicted probability of being late.
    pub probability: f64,
    /// Whether it was.
    pub late: bool,
    /// Amount in major units.
    pub amount: f64,
}

impl Metrics {
    /// Measures scored rows.
    pub fn measure(model: &str, rows: &[Scored]) -> Self {
        let rows: Vec<Scored> = rows
            .iter()
            .map(|row| Scored {
                probability: row.probability.clamp(CERTAINTY_MARGIN, 1.0 - CERTAINTY_MARGIN),
                ..*row
            })
            .collect();
        let n = rows.len() as f64;
        let mean = |of: fn(&Scored) -> f64| rows.iter().map(of).sum::<f64>() / n;
        Self {
            model: model.to_owned(),
            n: rows.len(),
            base: mean(|row| f64::from(u8::from(row.late))),
            auc: auc(&rows),
            ap: average_precision(&rows),
            brier: mean(|row| (row.probability - f64::from(u8::from(row.late))).powi(2)),
            log_loss: mean(|row| -(if row.late { row.probability } else { 1.0 - row.probability }).ln()),
            late_amount_in_top20: late_amount_in_top(&rows),
        }
    }
}

/// Rows by falling probability, in runs of equal ones.
fn runs(rows: &[Scored]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<&Scored> = rows.iter().collect();
    sorted.sort_by(|left, right| right.probability.total_cmp(&left.probability));
    sorted
        .chunk_by(|left, right| left.probability.total_cmp(&right.probability).is_eq())
        .map(|run| {
            let late = run.iter().filter(|row| row.late).count() as f64;
            (late, run.len() as f64 - late)
        })
        .collect()
}

/// Chance that a late row stands above one that was not; equals count half.
fn auc(rows: &[Scored]) -> f64 {
    let (mut late_above, mut area, mut others) = (0.0, 0.0, 0.0);
    for (late, on_time) in runs(rows) {
        area += on_time * (late_above + late / 2.0);
        late_above += late;
        others += on_time;
    }
    area / (late_above * others)
}

/// Precision at each threshold, weighted by the recall it adds.
fn average_precision(rows: &[Scored]) -> f64 {
    let all_late = rows.iter().filter(|row| row.late).count() as f64;
    let (mut found, mut seen, mut sum) = (0.0, 0.0, 0.0);
    for (late, on_time) in runs(rows) {
        found += late;
        seen += late + on_time;
        sum += late / all_late * found / seen;
    }
    sum
}

fn late_amount_in_top(rows: &[Scored]) -> f64 {
    let mut sorted: Vec<&Scored> = rows.iter().collect();
    sorted.sort_by(|left, right| {
        (right.probability * right.amount).total_cmp(&(left.probability * left.amount))
    });
    let late_amount =
        |rows: &[&Scored]| rows.iter().filter(|row| row.late).map(|row| row.amount).sum::<f64>();
    late_amount(&sorted[..sorted.len() / 5]) / late_amount(&sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pairs: &[(f64, bool)]) -> Vec<Scored> {
        pairs.iter().map(|&(probability, late)| Scored { probability, late, amount: 1.0 }).collect()
    }

    #[test]
    fn figures_follow_their_definitions() {
        let rows = rows(&[(0.1, false), (0.4, false), (0.35, true), (0.8, true), (0.4, true)]);
        let metrics = Metrics::measure("m", &rows);
        let near = |left: f64, right: f64| assert!((left - right).abs() < 1e-12, "{left} {right}");
        // Pairs (late, on time): .35>.1, .35<.4, .8>.1, .8>.4, .4>.1, .4=.4 → (4 + 0.5) / 6.
        near(metrics.auc, 4.5 / 6.0);
        // Thresholds .8: 1/1, .4: 2 of 3, .35: 3 of 4 → (1 + 2/3 + 3/4) / 3.
        near(metrics.ap, (1.0 + 2.0 / 3.0 + 0.75) / 3.0);
        near(metrics.brier, (0.01 + 0.16 + 0.4225 + 0.04 + 0.36) / 5.0);
        let loss = 0.9_f64.ln() + 0.6_f64.ln() + 0.35_f64.ln() + 0.8_f64.ln() + 0.4_f64.ln();
        near(metrics.log_loss, -loss / 5.0);
        near(metrics.base, 0.6);
    }

    #[test]
    fn the_top_fifth_is_by_probability_times_amount() {
        let mut rows = rows(&[(0.9, true), (0.5, true), (0.5, false), (0.1, false), (0.1, true)]);
        rows[1].amount = 10.0;
        // The top row of five is the one of 0.5 × 10, which holds 10 of the 12 late.
        assert!((Metrics::measure("m", &rows).late_amount_in_top20 - 10.0 / 12.0).abs() < 1e-12);
    }
}
