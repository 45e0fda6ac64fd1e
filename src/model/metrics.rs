//! Figures of merit, as scikit-learn defines them, so that tables can be laid side by side.

use serde::{Deserialize, Deserializer, Serialize};

/// Probabilities are kept this far from 0 and 1 before they are measured: one certain mistake would make a log-loss
/// infinite.
const CERTAINTY_MARGIN: f64 = 1e-4;

/// Groups of equally many rows, by rising probability, in which calibration is looked at.
const GROUPS: usize = 10;

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
    /// Expected calibration error: mean distance, over ten groups of equally many rows, of what was predicted and what came.
    #[serde(default)]
    pub ece: f64,
}

/// JSON has no NaN: serde writes null for it.
fn nan_if_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Option::<f64>::deserialize(deserializer).map(|figure| figure.unwrap_or(f64::NAN))
}

/// One scored row with its outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// Predicted probability of being late.
    pub probability: f64,
    /// Whether it was.
    pub late: bool,
    /// Amount in major units.
    pub amount: f64,
}

impl Scored {
    fn outcome(&self) -> f64 {
        f64::from(u8::from(self.late))
    }

    /// Squared distance of probability and outcome.
    pub fn brier(&self) -> f64 {
        (self.kept_from_certainty() - self.outcome()).powi(2)
    }

    /// Logarithmic loss in nats.
    pub fn log_loss(&self) -> f64 {
        let probability = self.kept_from_certainty();
        -(if self.late { probability } else { 1.0 - probability }).ln()
    }

    fn kept_from_certainty(&self) -> f64 {
        self.probability.clamp(CERTAINTY_MARGIN, 1.0 - CERTAINTY_MARGIN)
    }
}

impl Metrics {
    /// Measures scored rows.
    pub fn measure(model: &str, rows: &[Scored]) -> Self {
        let n = rows.len() as f64;
        let mean = |of: fn(&Scored) -> f64| rows.iter().map(of).sum::<f64>() / n;
        let order = Order::new(rows);
        let groups = groups(rows);
        Self {
            model: model.to_owned(),
            n: rows.len(),
            base: mean(Scored::outcome),
            auc: order.auc(&|_| 1.0),
            ap: order.average_precision(),
            brier: mean(Scored::brier),
            log_loss: mean(Scored::log_loss),
            late_amount_in_top20: late_amount_in_top(rows),
            ece: groups.iter().map(|group| group.rows as f64 * group.gap().abs()).sum::<f64>() / n,
        }
    }
}

/// Rows by falling probability, in runs of equal ones.
pub struct Order<'a> {
    rows: &'a [Scored],
    sorted: Vec<u32>,
}

impl<'a> Order<'a> {
    /// Sorts rows.
    pub fn new(rows: &'a [Scored]) -> Self {
        let mut sorted: Vec<u32> = (0..rows.len() as u32).collect();
        let kept = |at: u32| rows[at as usize].kept_from_certainty();
        sorted.sort_by(|left, right| kept(*right).total_cmp(&kept(*left)));
        Self { rows, sorted }
    }

    /// Weights of the late and of the others, run by run.
    fn runs(&self, weight: &dyn Fn(usize) -> f64) -> impl Iterator<Item = (f64, f64)> {
        let kept = |at: &u32| self.rows[*at as usize].kept_from_certainty();
        self.sorted.chunk_by(move |left, right| kept(left).total_cmp(&kept(right)).is_eq()).map(move |run| {
            let (mut late, mut on_time) = (0.0, 0.0);
            for at in run.iter().map(|at| *at as usize) {
                *(if self.rows[at].late { &mut late } else { &mut on_time }) += weight(at);
            }
            (late, on_time)
        })
    }

    /// Chance that a late row stands above one that was not, equals counting half, each row (by its position) weighing so
    /// much; NaN where all are late or none.
    pub fn auc(&self, weight: &dyn Fn(usize) -> f64) -> f64 {
        let (mut late_above, mut area, mut others) = (0.0, 0.0, 0.0);
        for (late, on_time) in self.runs(weight) {
            area += on_time * (late_above + late / 2.0);
            late_above += late;
            others += on_time;
        }
        area / (late_above * others)
    }

    /// Precision at each threshold, weighted by the recall it adds.
    fn average_precision(&self) -> f64 {
        let all_late = self.rows.iter().filter(|row| row.late).count() as f64;
        let (mut found, mut seen, mut sum) = (0.0, 0.0, 0.0);
        for (late, on_time) in self.runs(&|_| 1.0) {
            found += late;
            seen += late + on_time;
            sum += late / all_late * found / seen;
        }
        sum
    }
}

fn late_amount_in_top(rows: &[Scored]) -> f64 {
    let mut sorted: Vec<&Scored> = rows.iter().collect();
    let expected = |row: &Scored| row.kept_from_certainty() * row.amount;
    sorted.sort_by(|left, right| expected(right).total_cmp(&expected(left)));
    let late_amount =
        |rows: &[&Scored]| rows.iter().filter(|row| row.late).map(|row| row.amount).sum::<f64>();
    late_amount(&sorted[..sorted.len() / 5]) / late_amount(&sorted)
}

/// Rows of like probability: what was said, and what came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// How many.
    pub rows: usize,
    /// Mean probability.
    pub predicted: f64,
    /// Share that was late.
    pub observed: f64,
}

impl Group {
    /// What was said above what came.
    pub fn gap(&self) -> f64 {
        self.predicted - self.observed
    }
}

/// Ten groups of equally many rows, by rising probability.
pub fn groups(rows: &[Scored]) -> Vec<Group> {
    let mut sorted: Vec<&Scored> = rows.iter().collect();
    sorted.sort_by(|left, right| left.probability.total_cmp(&right.probability));
    let bounds = |at: usize| at * sorted.len() / GROUPS;
    (0..GROUPS)
        .map(|at| &sorted[bounds(at)..bounds(at + 1)])
        .filter(|group| !group.is_empty())
        .map(|group| {
            let mean =
                |of: fn(&Scored) -> f64| group.iter().map(|row| of(row)).sum::<f64>() / group.len() as f64;
            Group {
                rows: group.len(),
                predicted: mean(|row| row.probability),
                observed: mean(Scored::outcome),
            }
        })
        .collect()
}

/// A Brier score taken apart (Murphy 1973): `brier = reliability − resolution + uncertainty + within`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BrierParts {
    /// Squared distance of what was said and what came, over the groups: zero is best.
    pub reliability: f64,
    /// How far the groups' shares late lie from the overall one: more is better.
    pub resolution: f64,
    /// What always saying the overall share would score.
    pub uncertainty: f64,
    /// What the differences within the groups add or take.
    pub within: f64,
}

impl BrierParts {
    /// Takes the Brier score of rows apart by their ten groups.
    pub fn of(rows: &[Scored]) -> Self {
        let n = rows.len() as f64;
        let base = rows.iter().map(Scored::outcome).sum::<f64>() / n;
        let groups = groups(rows);
        let mean = |of: &dyn Fn(&Group) -> f64| {
            groups.iter().map(|group| group.rows as f64 * of(group)).sum::<f64>() / n
        };
        let reliability = mean(&|group| group.gap().powi(2));
        let resolution = mean(&|group| (group.observed - base).powi(2));
        let uncertainty = base * (1.0 - base);
        let brier = rows.iter().map(Scored::brier).sum::<f64>() / n;
        Self { reliability, resolution, uncertainty, within: brier - reliability + resolution - uncertainty }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pairs: &[(f64, bool)]) -> Vec<Scored> {
        pairs.iter().map(|&(probability, late)| Scored { probability, late, amount: 1.0 }).collect()
    }

    fn near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} {right}");
    }

    #[test]
    fn figures_follow_their_definitions() {
        let rows = rows(&[(0.1, false), (0.4, false), (0.35, true), (0.8, true), (0.4, true)]);
        let metrics = Metrics::measure("m", &rows);
        // Pairs (late, on time): .35>.1, .35<.4, .8>.1, .8>.4, .4>.1, .4=.4 → (4 + 0.5) / 6.
        near(metrics.auc, 4.5 / 6.0);
        // Thresholds .8: 1/1, .4: 2 of 3, .35: 3 of 4 → (1 + 2/3 + 3/4) / 3.
        near(metrics.ap, (1.0 + 2.0 / 3.0 + 0.75) / 3.0);
        near(metrics.brier, (0.01 + 0.16 + 0.4225 + 0.04 + 0.36) / 5.0);
        let loss = 0.9_f64.ln() + 0.6_f64.ln() + 0.35_f64.ln() + 0.8_f64.ln() + 0.4_f64.ln();
        near(metrics.log_loss, -loss / 5.0);
        near(metrics.base, 0.6);
        // Five rows are five groups of one: each as far off as its own row.
        near(metrics.ece, (0.1 + 0.4 + 0.65 + 0.2 + 0.6) / 5.0);
    }

    #[test]
    fn a_row_that_weighs_twice_is_two_rows() {
        let single = rows(&[(0.1, false), (0.4, false), (0.35, true), (0.8, true), (0.4, true)]);
        let mut doubled = single.clone();
        doubled.extend([single[1], single[2]]);
        let weight = |at: usize| if at == 1 || at == 2 { 2.0 } else { 1.0 };
        near(Order::new(&single).auc(&weight), Order::new(&doubled).auc(&|_| 1.0));
    }

    #[test]
    fn the_top_fifth_is_by_probability_times_amount() {
        let mut rows = rows(&[(0.9, true), (0.5, true), (0.5, false), (0.1, false), (0.1, true)]);
        rows[1].amount = 10.0;
        // The top row of five is the one of 0.5 × 10, which holds 10 of the 12 late.
        near(Metrics::measure("m", &rows).late_amount_in_top20, 10.0 / 12.0);
    }

    #[test]
    fn groups_say_what_was_said_and_what_came() {
        // 20 rows in ten groups of two: pairs of (p, p), of which the second was late.
        let rows: Vec<_> = (0..20)
            .map(|at| Scored { probability: f64::from(at / 2) / 10.0, late: at % 2 == 1, amount: 1.0 })
            .collect();
        let groups = groups(&rows);
        assert_eq!(groups.len(), 10);
        for (at, group) in groups.iter().enumerate() {
            assert_eq!((group.rows, group.observed), (2, 0.5));
            near(group.predicted, at as f64 / 10.0);
        }
        // Mean of |p − .5| over p = 0, .1 … .9.
        near(Metrics::measure("m", &rows).ece, 0.25);
    }

    #[test]
    fn a_brier_score_is_the_sum_of_its_parts() {
        // Two probabilities, 10 rows each: 3 of 10 late at .2, 7 of 10 at .6. By hand: reliability (.01 + .01) / 2, resolution
        // .04, uncertainty .25, nothing within.
        let group = |probability: f64, late: usize| {
            (0..10).map(move |at| Scored { probability, late: at < late, amount: 1.0 })
        };
        let rows: Vec<_> = group(0.2, 3).chain(group(0.6, 7)).collect();
        let merged =
            |parts: BrierParts| parts.reliability - parts.resolution + parts.uncertainty + parts.within;
        near(merged(BrierParts::of(&rows)), Metrics::measure("m", &rows).brier);
        near(BrierParts::of(&rows).uncertainty, 0.25);
        // Over the two probabilities themselves: .01 − .04 + .25.
        near(Metrics::measure("m", &rows).brier, 0.22);
    }
}
