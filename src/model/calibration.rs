//! From a model's log-odds to log-odds that mean what they say: nothing, a line (Platt), a beta curve or an isotonic one,
//! whichever did best on rows it had not learned from. Every one of them rises: no two invoices change places.

use linfa::dataset::DatasetBase;
use linfa::traits::Fit as _;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2, Axis, concatenate};
use serde::{Deserialize, Serialize};

/// Fewest rows, and fewest of either class, that a calibration is learned from; below it none is better.
const ROWS_MIN: usize = 200;
const CLASS_ROWS_MIN: usize = 20;

/// Fewest rows for an isotonic curve: published comparisons find it worse than nothing below.
const ISOTONIC_ROWS_MIN: usize = 5_000;

/// Folds, by customer, in which the candidates are judged.
const FOLDS: u32 = 5;

/// Log-odds are read within these bounds: beyond them a probability has no digit left.
const LOG_ODDS_MAX: f64 = 30.0;

/// How log-odds are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Calibration {
    /// As they are.
    None,
    /// `slope × log-odds + shift` (Platt 1999, on log-odds).
    Platt {
        /// Below 1 where the model was too sure.
        slope: f64,
        /// Above 0 where the model was too hopeful.
        shift: f64,
    },
    /// `late × ln p − on_time × ln(1 − p) + shift` (Kull et al. 2017): a line whose two ends may differ.
    Beta {
        /// Weight of what speaks for late.
        late: f64,
        /// Weight of what speaks for on time.
        on_time: f64,
        /// Above 0 where the model was too hopeful.
        shift: f64,
    },
    /// Straight lines between points of rising log-odds, level beyond the ends.
    Isotonic {
        /// Log-odds before.
        from: Vec<f64>,
        /// Log-odds after.
        to: Vec<f64>,
    },
}

/// The candidates, the simplest first: of equals the first is taken.
type Learn = fn(&Rows) -> Option<Calibration>;
const CANDIDATES: [Learn; 4] = [|_| Some(Calibration::None), platt, beta, isotonic];

/// Log-odds with outcomes.
struct Rows {
    log_odds: Array1<f64>,
    late: Array1<bool>,
}

impl Calibration {
    /// Learns each candidate on part of the customers, judges it by log-loss on the others, and learns the best on all.
    /// `customers` are any numbers that tell customers apart.
    pub fn choose(log_odds: &Array1<f64>, late: &Array1<bool>, customers: &[u32]) -> Self {
        let all = Rows { log_odds: log_odds.clone(), late: late.clone() };
        let fold = |customer: u32| customer.wrapping_mul(0x9E37_79B1) >> 16 & 0xffff;
        let folds: Vec<(Rows, Rows)> = (0..FOLDS)
            .map(|held| {
                let part = |is_held: bool| {
                    let of = |at: &usize| (fold(customers[*at]) % FOLDS == held) == is_held;
                    all.select(&(0..late.len()).filter(of).collect::<Vec<_>>())
                };
                (part(false), part(true))
            })
            .collect();
        let mut best = (f64::INFINITY, Self::None);
        for learn in CANDIDATES {
            let Some(calibration) = learn(&all) else { continue };
            // A fold in which it cannot be learned is judged without it.
            let loss =
                folds.iter().map(|(others, held)| learn(others).unwrap_or(Self::None).loss(held)).sum();
            if loss < best.0 {
                best = (loss, calibration);
            }
        }
        best.1
    }

    /// Calibrated log-odds.
    pub fn read(&self, log_odds: f64) -> f64 {
        let log_odds = log_odds.clamp(-LOG_ODDS_MAX, LOG_ODDS_MAX);
        match self {
            Self::None => log_odds,
            Self::Platt { slope, shift } => slope * log_odds + shift,
            Self::Beta { late, on_time, shift } => {
                let [for_late, for_on_time] = ends(log_odds);
                late * for_late + on_time * for_on_time + shift
            }
            Self::Isotonic { from, to } => between(from, to, log_odds),
        }
    }

    /// Name in cards.
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Platt { .. } => "Platt",
            Self::Beta { .. } => "beta",
            Self::Isotonic { .. } => "isotonic",
        }
    }

    /// Whether it rises and can be reckoned with: what a damaged file may break.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::None => true,
            Self::Platt { slope, shift } => *slope > 0.0 && slope.is_finite() && shift.is_finite(),
            Self::Beta { late, on_time, shift } => {
                let sound = |weight: &f64| *weight >= 0.0 && weight.is_finite();
                sound(late) && sound(on_time) && late + on_time > 0.0 && shift.is_finite()
            }
            Self::Isotonic { from, to } => {
                let rises =
                    |points: &[f64]| points.is_sorted() && points.iter().all(|point| point.is_finite());
                !from.is_empty() && from.len() == to.len() && rises(from) && rises(to)
            }
        }
    }

    /// Summed log-loss.
    fn loss(&self, rows: &Rows) -> f64 {
        let loss = |(&log_odds, &late): (&f64, &bool)| {
            let towards = if late { self.read(log_odds) } else { -self.read(log_odds) };
            (-towards).exp().ln_1p()
        };
        rows.log_odds.iter().zip(&rows.late).map(loss).sum()
    }
}

impl Rows {
    fn select(&self, at: &[usize]) -> Self {
        Self { log_odds: self.log_odds.select(Axis(0), at), late: self.late.select(Axis(0), at) }
    }

    /// Whether there are rows enough, and of both classes.
    fn are_enough(&self, rows_min: usize) -> bool {
        let late = self.late.iter().filter(|late| **late).count();
        self.late.len() >= rows_min && late.min(self.late.len() - late) >= CLASS_ROWS_MIN
    }
}

/// What speaks for late, and for on time: `ln p` and `−ln(1 − p)`.
fn ends(log_odds: f64) -> [f64; 2] {
    [-(-log_odds).exp().ln_1p(), log_odds.exp().ln_1p()]
}

/// Weights and shift of a regression on these inputs; `None` where the solver fails.
fn regression(inputs: Array2<f64>, late: &Array1<bool>) -> Option<(Array1<f64>, f64)> {
    let tolerance = 1e-6 * late.len() as f64;
    let data = DatasetBase::new(inputs, late.clone());
    let fitted = LogisticRegression::default().alpha(0.0).gradient_tolerance(tolerance).fit(&data).ok()?;
    // linfa's positive class is the more frequent one.
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    Some((fitted.params() * sign, fitted.intercept() * sign))
}

fn platt(rows: &Rows) -> Option<Calibration> {
    if !rows.are_enough(ROWS_MIN) {
        return None;
    }
    let (weights, shift) = regression(rows.log_odds.clone().insert_axis(Axis(1)), &rows.late)?;
    let line = Calibration::Platt { slope: weights[0], shift };
    line.is_sound().then_some(line)
}

fn beta(rows: &Rows) -> Option<Calibration> {
    if !rows.are_enough(ROWS_MIN) {
        return None;
    }
    let column = |end: usize| rows.log_odds.mapv(|log_odds| ends(log_odds)[end]).insert_axis(Axis(1));
    let inputs = concatenate(Axis(1), &[column(0).view(), column(1).view()]).ok()?;
    let (weights, shift) = regression(inputs, &rows.late)?;
    let of = |end: usize| regression(column(end), &rows.late);
    // A weight below zero would turn part of the ranking around: the other end is then fitted alone.
    let curve = match (weights[0] >= 0.0, weights[1] >= 0.0) {
        (true, true) => Calibration::Beta { late: weights[0], on_time: weights[1], shift },
        (false, true) => of(1).map(|(w, shift)| Calibration::Beta { late: 0.0, on_time: w[0], shift })?,
        (true, false) => of(0).map(|(w, shift)| Calibration::Beta { late: w[0], on_time: 0.0, shift })?,
        (false, false) => return None,
    };
    curve.is_sound().then_some(curve)
}

/// Blocks of pooled adjacent violators, each a point at its mean log-odds. Their shares late are drawn towards one half by
/// half a row of either class, so that no block is certain.
fn isotonic(rows: &Rows) -> Option<Calibration> {
    #[derive(Clone, Copy)]
    struct Block {
        log_odds: f64,
        late: f64,
        rows: f64,
    }
    if !rows.are_enough(ISOTONIC_ROWS_MIN) {
        return None;
    }
    let mut sorted: Vec<(f64, bool)> = rows.log_odds.iter().copied().zip(rows.late.iter().copied()).collect();
    sorted.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut blocks: Vec<Block> = Vec::new();
    for (log_odds, late) in sorted {
        let mut block = Block { log_odds, late: f64::from(u8::from(late)), rows: 1.0 };
        while let Some(last) = blocks.last().copied() {
            if last.late * block.rows < block.late * last.rows {
                break;
            }
            blocks.pop();
            block = Block {
                log_odds: block.log_odds + last.log_odds,
                late: block.late + last.late,
                rows: block.rows + last.rows,
            };
        }
        blocks.push(block);
    }
    let from = blocks.iter().map(|block| block.log_odds / block.rows).collect();
    let mut highest = f64::NEG_INFINITY;
    let to = blocks.iter().map(|block| {
        highest = highest.max(((block.late + 0.5) / (block.rows - block.late + 0.5)).ln());
        highest
    });
    let curve = Calibration::Isotonic { to: to.collect(), from };
    curve.is_sound().then_some(curve)
}

/// Linear between points, level beyond the ends.
fn between(from: &[f64], to: &[f64], at: f64) -> f64 {
    let above = from.partition_point(|point| *point <= at);
    match (above.checked_sub(1), from.get(above)) {
        (None, _) => to.first().copied().unwrap_or(at),
        (Some(below), None) => to[below],
        (Some(below), Some(upper)) => {
            let share = (at - from[below]) / (upper - from[below]);
            to[below] + share * (to[above] - to[below])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::probability;
    use super::*;
    use rand::Rng as _;

    /// Mean squared distance of probabilities and outcomes.
    fn brier(calibration: &Calibration, rows: &Rows) -> f64 {
        let each = rows.log_odds.iter().zip(&rows.late);
        let squared = each.map(|(log_odds, late)| {
            (probability(calibration.read(*log_odds)) - f64::from(u8::from(*late))).powi(2)
        });
        squared.sum::<f64>() / rows.late.len() as f64
    }

    /// Rows of a model whose true probability is a function of its log-odds.
    fn rows(n: usize, truth: impl Fn(f64) -> f64) -> Rows {
        let mut random = crate::base::seed::stream(7, "calibration", 0);
        let log_odds = Array1::from_shape_fn(n, |_| random.gen_range(-4.0..4.0));
        let late = log_odds.mapv(|x| random.gen_range(0.0..1.0) < probability(truth(x)));
        Rows { log_odds, late }
    }

    fn chosen(rows: &Rows) -> Calibration {
        let customers: Vec<u32> = (0..rows.late.len() as u32).collect();
        Calibration::choose(&rows.log_odds, &rows.late, &customers)
    }

    #[test]
    fn a_model_too_sure_is_drawn_back() {
        // The true log-odds are 0.4 × what the model says, less a half.
        let rows = rows(20_000, |x| 0.4 * x - 0.5);
        let Some(Calibration::Platt { slope, shift }) = platt(&rows) else { panic!("no line") };
        assert!((slope - 0.4).abs() < 0.03 && (shift + 0.5).abs() < 0.05, "{slope} {shift}");
        let best = chosen(&rows);
        assert_ne!(best, Calibration::None);
        for x in [-3.0, -1.0, 0.0, 2.0, 3.5] {
            assert!((best.read(x) - (0.4 * x - 0.5)).abs() < 0.25, "{x}: {}", best.read(x));
        }
        assert!(brier(&best, &rows) < brier(&Calibration::None, &rows) - 0.01);
    }

    #[test]
    fn a_beta_curve_learns_two_ends() {
        // ln p counts double, ln(1 − p) half.
        let truth = |x: f64| 2.0 * ends(x)[0] + 0.5 * ends(x)[1] + 0.3;
        let Some(Calibration::Beta { late, on_time, shift }) = beta(&rows(60_000, truth)) else {
            panic!("no curve")
        };
        assert!((late - 2.0).abs() < 0.15 && (on_time - 0.5).abs() < 0.06 && (shift - 0.3).abs() < 0.12);
    }

    #[test]
    fn pooled_adjacent_violators_are_means_of_blocks() {
        // 3 groups of 2,000 rows at −1, 0, 1 with shares late .5, .25, .75: the first two are one block of share .375.
        let group = |x: f64, late: usize| (0..2_000).map(move |at| (x, at % 4 < late));
        let (log_odds, late): (Vec<f64>, Vec<bool>) =
            group(-1.0, 2).chain(group(0.0, 1)).chain(group(1.0, 3)).unzip();
        let rows = Rows { log_odds: log_odds.into(), late: late.into() };
        let curve = isotonic(&rows).unwrap();
        let near = |x: f64, p: f64| assert!((probability(curve.read(x)) - p).abs() < 1e-3, "{x}");
        near(-0.5, 0.375);
        near(-7.0, 0.375);
        near(1.0, 0.75);
        near(9.0, 0.75);
        // Half way between the points at −0.5 and 1 the log-odds are half way.
        let half = f64::midpoint((0.375_f64 / 0.625).ln(), 3.0_f64.ln());
        assert!((curve.read(0.25) - half).abs() < 1e-2);
    }

    #[test]
    fn a_calibrated_model_is_left_nearly_alone_and_few_rows_alone() {
        let best = chosen(&rows(20_000, |x| x));
        for x in [-3.0, 0.0, 3.0] {
            assert!((best.read(x) - x).abs() < 0.2, "{best:?}");
        }
        assert_eq!(chosen(&rows(150, |x| x * 5.0)), Calibration::None);
        let none_late = Rows { log_odds: Array1::zeros(10_000), late: Array1::from_elem(10_000, false) };
        assert_eq!(chosen(&none_late), Calibration::None);
    }

    #[test]
    fn what_turns_the_ranking_around_is_refused() {
        assert!(platt(&rows(5_000, |x| -x)).is_none());
        assert_eq!(chosen(&rows(1_000, |x| -x)), Calibration::None);
        for broken in [
            Calibration::Platt { slope: -1.0, shift: 0.0 },
            Calibration::Platt { slope: 1.0, shift: f64::NAN },
            Calibration::Beta { late: 0.0, on_time: 0.0, shift: 0.0 },
            Calibration::Isotonic { from: vec![], to: vec![] },
            Calibration::Isotonic { from: vec![0.0, 1.0], to: vec![1.0, 0.0] },
        ] {
            assert!(!broken.is_sound(), "{broken:?}");
        }
    }

    #[test]
    fn every_calibration_rises_and_survives_any_number() {
        let rows = rows(8_000, |x| 0.5 * x);
        for learn in CANDIDATES {
            let curve = learn(&rows).unwrap();
            let at = [f64::NEG_INFINITY, -1e9, -2.0, 0.0, 0.1, 3.0, 1e9, f64::INFINITY];
            let read: Vec<f64> = at.iter().map(|x| curve.read(*x)).collect();
            assert!(read.is_sorted() && read.iter().all(|x| x.is_finite()), "{curve:?}: {read:?}");
        }
    }
}
