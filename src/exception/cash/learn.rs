//! Learning from past allocations: pairs first, then sets put together by a model that had not seen their customers, so
//! that what they are worth is judged honestly.

use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit as _;
use ndarray::{Array1, Array2};
use rand::Rng as _;
use rand::seq::index;

use super::desk::{Desk, Rest};
use super::lesson::{LESSONS, Lesson};
use super::model::{CashModel, pairs, scores, twins_out};
use super::pair::{self, compare};
use super::sets::{candidates, turned};
use super::{Past, Set, set_row};
use crate::base::error::{Code, Error, Result};
use crate::base::seed;
use crate::model::calibration::Calibration;
use crate::model::probability;
use crate::model::tree::{Boost, BoostParams};

/// Most rows of pairs that are learned from, over all lessons.
const PAIR_ROWS_MAX: usize = 400_000;

/// Rows with their classes and halves.
struct Table<const N: usize> {
    rows: Vec<[f64; N]>,
    right: Vec<bool>,
    halves: Vec<u8>,
}

/// A desk with what is known of it.
struct Truth {
    /// Sets as positions on the desk.
    sets: Vec<Set>,
    /// The set of each receipt.
    of_receipt: Vec<Option<u32>>,
    /// Half of the customers to which each receipt belongs, 0 or 1.
    halves: Vec<u8>,
}

impl CashModel {
    /// Learns from the past. `error_max` is the share of automatic sets that may be wrong.
    pub fn learn(past: &Past, error_max: f64, seed: u64) -> Result<Self> {
        if past.sets.is_empty() {
            return Err(Error::new(Code::HistoryTooShort).detail("no allocation"));
        }
        let rows_max = PAIR_ROWS_MAX / LESSONS.len();
        let mut table = Table::<{ pair::FEATURES }>::new();
        for lesson in &LESSONS {
            lesson.take(past, seed, |desk, truth, rest| table.pairs(desk, truth, rest, rows_max, seed));
        }
        let halves = [table.fit(|half| half == 1)?, table.fit(|half| half == 0)?];
        let mut sets = Table::<{ set_row::FEATURES }>::new();
        for lesson in &LESSONS {
            lesson.take(past, seed, |desk, truth, rest| sets.sets(desk, truth, rest, &halves));
        }
        let (calibration, automatic_from) = sets.calibrate(error_max)?;
        Ok(Self {
            pairs: table.fit(|_| true)?,
            sets: sets.fit(|_| true)?,
            calibration,
            automatic_from,
            habits: habits(past),
        })
    }
}

/// Who paid for whom.
fn habits(past: &Past) -> Vec<super::payer::Habit> {
    let desk = Desk::new(&past.items, &past.receipts);
    let mut rest = desk.whole();
    Truth::new(&desk, past).sets.iter().for_each(|set| desk.settle(set, &mut rest));
    desk.directory.habits(&rest.votes)
}

impl Lesson {
    /// Lays the past out as this lesson shows it.
    fn take(&self, past: &Past, seed: u64, learn: impl FnOnce(&Desk, &Truth, &Rest)) {
        let receipts = self.receipts(past, seed);
        let desk = Desk::new(&past.items, &receipts);
        let truth = Truth::new(&desk, past);
        let rest = self.rest(&desk, &truth.sets, seed);
        learn(&desk, &truth, &rest);
    }
}

impl Truth {
    fn new(desk: &Desk, past: &Past) -> Self {
        let back = |places: &[u32]| {
            let mut back = vec![0; places.len()];
            (0..).zip(places).for_each(|(at, &place)| back[place as usize] = at);
            back
        };
        let [items, receipts] = [back(&desk.places[0]), back(&desk.places[1])];
        let on = |back: &[u32], members: &[u32]| {
            let mut on: Vec<u32> = members.iter().filter_map(|&at| back.get(at as usize).copied()).collect();
            on.sort_unstable();
            on
        };
        let mut sets: Vec<Set> = past
            .sets
            .iter()
            .map(|set| Set { receipts: on(&receipts, &set.receipts), items: on(&items, &set.items) })
            .filter(|set| !set.receipts.is_empty() && !set.items.is_empty())
            .collect();
        sets.sort_unstable();
        let mut of_receipt = vec![None; desk.receipts.len()];
        let mut halves: Vec<u8> = desk.receipts.iter().map(|receipt| half(&receipt.account)).collect();
        for (at, set) in (0..).zip(&sets) {
            for &receipt in &set.receipts {
                of_receipt[receipt as usize] = Some(at);
                halves[receipt as usize] = half(&desk.items[set.items[0] as usize].customer);
            }
        }
        Self { sets, of_receipt, halves }
    }

    fn is_pair(&self, receipt: usize, item: u32) -> bool {
        let set = self.of_receipt[receipt].and_then(|set| self.sets.get(set as usize));
        set.is_some_and(|set| set.items.binary_search(&item).is_ok())
    }

    fn is_set(&self, set: &Set) -> bool {
        let of_first = set.receipts.first().and_then(|&receipt| self.of_receipt[receipt as usize]);
        of_first.is_some_and(|at| self.sets[at as usize] == *set)
    }
}

/// Half of the parties, by the text that names them.
fn half(text: &str) -> u8 {
    let index = text.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    seed::stream(index, "half", 0).gen_range(0..2)
}

impl<const N: usize> Table<N> {
    fn new() -> Self {
        Self { rows: Vec::new(), right: Vec::new(), halves: Vec::new() }
    }

    fn push(&mut self, row: [f64; N], right: bool, half: u8) {
        self.rows.push(row);
        self.right.push(right);
        self.halves.push(half);
    }

    /// Fits a booster to the rows of some halves.
    fn fit(&self, takes: impl Fn(u8) -> bool) -> Result<Boost> {
        let rows = || (0..self.rows.len()).filter(|&at| takes(self.halves[at]));
        let records = Array2::from(rows().map(|at| self.rows[at]).collect::<Vec<_>>());
        let targets = rows().map(|at| self.right[at]).collect::<Array1<bool>>();
        let params =
            BoostParams::default().trees_max(100).leaves_max(16).learning_rate(0.1).rows_min(10).l2(1.0);
        params.check()?.fit(&DatasetBase::new(records, targets))
    }
}

impl Table<{ pair::FEATURES }> {
    /// Adds the pairs of receipts drawn at random, so many that about `rows_max` are added.
    fn pairs(&mut self, desk: &Desk, truth: &Truth, rest: &Rest, rows_max: usize, seed: u64) {
        let end = self.rows.len() + rows_max;
        let count = desk.receipts.len();
        let mut random = seed::stream(seed, "pairs", self.rows.len() as u64);
        for receipt in index::sample(&mut random, count, count).into_iter().filter(|&at| rest.receipts[at]) {
            let items = desk.index.candidates(desk, rest, receipt);
            for pair in compare(desk, rest, receipt, &items) {
                self.push(pair.row, truth.is_pair(receipt, pair.item), truth.halves[receipt]);
            }
            if self.rows.len() >= end {
                break;
            }
        }
    }
}

impl Table<{ set_row::FEATURES }> {
    /// Adds the sets worth judging, put together of pairs that the model of the other half has scored.
    fn sets(&mut self, desk: &Desk, truth: &Truth, rest: &Rest, models: &[Boost; 2]) {
        let mut pairs = pairs(desk, rest, |receipt| &models[usize::from(truth.halves[receipt])]);
        twins_out(desk, &mut pairs);
        let turned = turned(&pairs, desk.items.len());
        let sets = candidates(desk, rest, &pairs, &turned);
        let rows = set_row::rows(desk, &pairs, &turned, &sets);
        for (set, row) in sets.iter().zip(rows) {
            let half = set.receipts.first().map_or(0, |&receipt| truth.halves[receipt as usize]);
            self.push(row, truth.is_set(set), half);
        }
    }

    /// How scores of sets are read, and from which confidence the share of wrong sets is at most `error_max`: both from
    /// scores by a model of the other half.
    fn calibrate(&self, error_max: f64) -> Result<(Calibration, f64)> {
        let models = [self.fit(|half| half == 1)?, self.fit(|half| half == 0)?];
        let all = models.map(|model| scores(&model, self.rows.clone()));
        let raw: Array1<f64> = (0..self.rows.len()).map(|at| all[usize::from(self.halves[at])][at]).collect();
        let right: Array1<bool> = self.right.iter().copied().collect();
        let rows: Vec<u32> = (0..self.rows.len() as u32).collect();
        let calibration = Calibration::choose(&raw, &right, &rows);
        let mut judged: Vec<(f64, bool)> = raw
            .iter()
            .map(|&raw| probability(calibration.read(raw)))
            .zip(self.right.iter().copied())
            .collect();
        judged.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
        let (mut wrong, mut from) = (1.0, 1.0);
        for (count, (confidence, right)) in (2..).zip(judged) {
            wrong += f64::from(u8::from(!right));
            if wrong <= error_max * f64::from(count) {
                from = confidence;
            }
        }
        Ok((calibration, f64::max(from, 1.0 - error_max)))
    }
}

/// Pairs of the past's sets, and how many of them are among the candidates, before anything is learned of payers.
pub(super) fn blocked(past: &Past) -> (usize, usize) {
    let desk = Desk::new(&past.items, &past.receipts);
    let truth = Truth::new(&desk, past);
    let rest = desk.whole();
    let pairs: usize = truth.sets.iter().map(|set| set.receipts.len() * set.items.len()).sum();
    let found = (0..desk.receipts.len()).map(|receipt| {
        let items = desk.index.candidates(&desk, &rest, receipt);
        items.into_iter().filter(|&item| truth.is_pair(receipt, item)).count()
    });
    (pairs, found.sum())
}
