//! A model of duplicates, learned from a ledger's own bills: made copies against the pairs that only look like it, and what
//! reviewers decided.
//!
//! How many made copies there are says nothing of how many real ones there are. So the log-odds are moved to what is known of
//! ledgers in general: about one bill in two hundred is a duplicate, among as many pairs as this ledger has to compare.

use hashbrown::HashMap;
use linfa::ParamGuard as _;
use linfa::dataset::DatasetBase;
use linfa::traits::{Fit as _, Predict as _};
use ndarray::{Array1, Array2};
use rand::Rng as _;
use rand::seq::SliceRandom as _;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bill::Bill;
use super::block;
use super::book::Book;
use super::corrupt::{self, Made};
use super::number::{self, Number};
use super::pair::{self, Feature, Row};
use crate::base::error::{Code, Error, Result};
use crate::base::seed;
use crate::model::calibration::Calibration;
use crate::model::tree::{Boost, BoostParams};

/// Fewest bills to learn from.
const BILLS_MIN: usize = 20;

/// Most bills to learn from: whole suppliers, drawn at random, until there are as many.
const BILLS_MAX: usize = 50_000;

/// Of so many bills one has bills made from it, in each round: more would change what is usual.
const BILLS_PER_MADE: usize = 10;

/// Made duplicates to learn from, and the most rounds in which they are made.
const DUPLICATES_MIN: usize = 2_000;
const ROUNDS_MAX: u64 = 40;

/// Most pairs of the ledger itself that are taken as no duplicates.
const NATURAL_MAX: usize = 60_000;

/// Share of bills that are duplicates: published audits find 0.1 to 2 % of payments.
const DUPLICATE_SHARE: f64 = 0.005;

/// Most of the pairs that can be duplicates before one is looked at: a ledger that repeats nothing has hardly any pairs.
const PRIOR_MAX: f64 = 0.5;

/// Days on which a supplier bills the same amount, from which it is a rent and no duplicate.
const RENT_DAYS_MIN: u32 = 4;

/// Pairs of a supplier whose numbers differ alike, from which they are two series and no slips.
const SERIES_PAIRS_MIN: u32 = 3;

/// Most signs that are added to a number to make it look new.
const APPENDED_SIGNS_MAX: usize = 3;

/// Suppliers with the same number, from which it is a date, a scheme or a purpose and no bill's own.
const SCHEME_SUPPLIERS_MIN: u32 = 3;

/// What a reviewer's verdict weighs against a made pair: it is of the real thing.
const VERDICT_WEIGHT: f32 = 20.0;

/// One group in so many is kept to calibrate by.
const CALIBRATION_GROUPS: u64 = 3;

/// Rows judged at a time.
const CHUNK_ROWS: usize = 16_384;

/// What a reviewer said of two bills, by their positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// One bill.
    pub bill: usize,
    /// The other.
    pub twin: usize,
    /// Whether it is a duplicate.
    pub duplicate: bool,
}

/// A model of duplicates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judge {
    boost: Boost,
    calibration: Calibration,
    /// Log-odds of a duplicate among the pairs it was calibrated on.
    made_odds: f64,
    /// Pairs per bill of the ledger that it was learned from.
    pairs_per_bill: f64,
}

/// Pairs to learn from.
#[derive(Default)]
struct Lessons {
    rows: Vec<Row>,
    duplicate: Vec<bool>,
    weights: Vec<f32>,
    /// Tells apart what was made from different bills.
    groups: Vec<u64>,
}

impl Judge {
    /// Learns from bills and verdicts; `window_days` is how far apart two bills may be that are compared.
    pub fn learn(bills: &[Bill], verdicts: &[Verdict], window_days: i32, seed: u64) -> Result<Self> {
        if bills.len() < BILLS_MIN {
            let detail =
                format!("{} bills, and duplicates are learned from {BILLS_MIN} or more", bills.len());
            return Err(Error::new(Code::HistoryTooShort).detail(detail));
        }
        let (lessons, pairs_per_bill) = gather(bills, verdicts, window_days, seed);
        let kept = |at: &usize| lessons.groups.get(*at).is_some_and(|group| group % CALIBRATION_GROUPS == 0);
        let (held, taught): (Vec<usize>, Vec<usize>) = (0..lessons.rows.len()).partition(kept);
        let boost = params(seed).check()?.fit(&lessons.select(&taught))?;
        let later = lessons.select(&held);
        let log_odds: Array1<f64> = boost.predict(&later.records);
        let groups: Vec<u32> =
            held.iter().filter_map(|&at| lessons.groups.get(at)).map(|&group| group as u32).collect();
        let calibration = Calibration::choose(&log_odds, &later.targets, &groups);
        let duplicates = later.targets.iter().filter(|duplicate| **duplicate).count() as f64;
        let made_odds = ((duplicates + 0.5) / (later.targets.len() as f64 - duplicates + 0.5)).ln();
        Ok(Self { boost, calibration, made_odds, pairs_per_bill })
    }

    /// Log-odds of being duplicates, of pairs of a book.
    pub(super) fn log_odds(&self, book: &Book, pairs: &[(u32, u32)]) -> Vec<f64> {
        let prior = (DUPLICATE_SHARE / self.pairs_per_bill.max(f64::MIN_POSITIVE)).min(PRIOR_MAX);
        let shift = (prior / (1.0 - prior)).ln() - self.made_odds;
        let judged = pairs.par_chunks(CHUNK_ROWS).flat_map_iter(|pairs| {
            let rows: Vec<Row> = pairs.iter().map(|&pair| pair::features(book, pair)).collect();
            let raw: Array1<f64> = self.boost.predict(&matrix(&rows));
            raw.into_iter().map(|log_odds| self.calibration.read(log_odds) + shift).collect::<Vec<_>>()
        });
        judged.collect()
    }
}

fn params(seed: u64) -> BoostParams {
    BoostParams::default()
        .trees_max(150)
        .learning_rate(0.1)
        .leaves_max(16)
        .rows_min(20)
        .l2(1.0)
        .rows_share(0.8)
        .tree_features_share(0.6)
        .monotone(&Feature::SIGNS)
        .seed(seed)
}

fn matrix(rows: &[Row]) -> Array2<f64> {
    Array2::from(rows.to_vec())
}

impl Lessons {
    fn add(&mut self, row: &Row, duplicate: bool, weight: f32, group: u64) {
        self.rows.push(*row);
        self.duplicate.push(duplicate);
        self.weights.push(weight);
        self.groups.push(group);
    }

    fn select(&self, at: &[usize]) -> crate::model::Labelled {
        let rows: Vec<Row> = at.iter().filter_map(|&at| self.rows.get(at)).copied().collect();
        let duplicate = at.iter().filter_map(|&at| self.duplicate.get(at)).copied().collect();
        let weights = at.iter().filter_map(|&at| self.weights.get(at)).copied().collect();
        DatasetBase::new(matrix(&rows), duplicate).with_weights(weights)
    }
}

/// Pairs of the ledger and of what was made from it, and how many pairs there are for each of its bills.
fn gather(bills: &[Bill], verdicts: &[Verdict], window_days: i32, seed: u64) -> (Lessons, f64) {
    let mut lessons = Lessons::default();
    if !verdicts.is_empty() {
        add_verdicts(&mut lessons, bills, verdicts, window_days);
    }
    let mut book = Book::new(&some_suppliers(bills, seed));
    let pairs = block::pairs(&book, window_days);
    book.compare(&pairs);
    add_natural(&mut lessons, &book, &pairs);
    for round in 0..ROUNDS_MAX {
        add_made(&mut lessons, &book, window_days, seed.wrapping_add(round), round);
        if lessons.duplicate.iter().filter(|duplicate| **duplicate).count() >= DUPLICATES_MIN {
            break;
        }
    }
    (lessons, pairs.len() as f64 / book.bills.len() as f64)
}

fn add_verdicts(lessons: &mut Lessons, bills: &[Bill], verdicts: &[Verdict], window_days: i32) {
    let mut book = Book::new(bills);
    let pairs = block::pairs(&book, window_days);
    book.compare(&pairs);
    let mut places = vec![0_u32; book.given.len()];
    for (place, &given) in (0..).zip(&book.given) {
        if let Some(slot) = places.get_mut(given) {
            *slot = place;
        }
    }
    for verdict in verdicts {
        let Some((&one, &other)) = places.get(verdict.bill).zip(places.get(verdict.twin)) else { continue };
        let row = pair::features(&book, (one.min(other), one.max(other)));
        // They teach only: group 1 is never kept for calibration.
        lessons.add(&row, verdict.duplicate, VERDICT_WEIGHT, 1);
    }
}

/// Bills of suppliers drawn at random, whole; of the last one drawn, the latest.
fn some_suppliers<'a>(bills: &[Bill<'a>], seed: u64) -> Vec<Bill<'a>> {
    if bills.len() <= BILLS_MAX {
        return bills.to_vec();
    }
    let mut by_supplier: HashMap<u32, Vec<&Bill<'a>>> = HashMap::new();
    for bill in bills {
        by_supplier.entry(bill.supplier).or_default().push(bill);
    }
    // In an order that neither the rows' nor the suppliers' numbers decide.
    let mut suppliers: Vec<Vec<&Bill>> = by_supplier.into_values().collect();
    suppliers.par_iter_mut().for_each(|own| own.sort_by_cached_key(|bill| bill.order_key()));
    suppliers.par_sort_by(|one, other| match (one.first(), other.first()) {
        (Some(first), Some(of_other)) => {
            first.order_key().cmp(&of_other.order_key()).then(one.len().cmp(&other.len()))
        }
        _ => one.len().cmp(&other.len()),
    });
    suppliers.shuffle(&mut seed::stream(seed, "duplicate suppliers", 0));
    let mut taken = Vec::with_capacity(BILLS_MAX);
    for own in &suppliers {
        taken.extend(own.iter().rev().take(BILLS_MAX - taken.len()).map(|bill| **bill));
        if taken.len() == BILLS_MAX {
            break;
        }
    }
    taken
}

/// Pairs of the ledger that are taken as no duplicates. Those with the same amount and nearly the same number are left out, since they may be
/// some, unless they repeat so often that they are usual.
fn add_natural(lessons: &mut Lessons, book: &Book, pairs: &[(u32, u32)]) {
    let every = pairs.len().div_ceil(NATURAL_MAX).max(1);
    for pair in pairs.iter().step_by(every) {
        let Some((left, right)) = book.at(pair.0 as usize).zip(book.at(pair.1 as usize)) else { continue };
        let same_amount = left.0.amount == right.0.amount;
        if !same_amount || !nearly_same(left.1, right.1) || is_usual(book, left, right) {
            let group = number::print(left.0.number) | 1 << 40;
            lessons.add(&pair::features(book, *pair), false, 1.0, group);
        }
    }
}

/// Whether numbers are equal, or differ by what goes wrong with numbers.
fn nearly_same(left: &Number, right: &Number) -> bool {
    let appended =
        number::appended(&left.signs, &right.signs).is_some_and(|signs| signs <= APPENDED_SIGNS_MAX);
    let slip = || strsim::osa_distance(&left.signs, &right.signs) <= 1;
    left.print != 0 && right.print != 0 && (left.unconfused == right.unconfused || appended || slip())
}

/// Whether a supplier bills the amount on many days, or has many numbers that differ as these; whether many suppliers have
/// the number.
fn is_usual(book: &Book, left: (&Bill, &Number), right: (&Bill, &Number)) -> bool {
    if left.0.supplier != right.0.supplier {
        return book.number_suppliers(left.1) >= SCHEME_SUPPLIERS_MIN;
    }
    book.amount_uses(left.0).1 >= RENT_DAYS_MIN
        || book.difference_uses(left.0.supplier, left.1, right.1) >= SERIES_PAIRS_MIN
}

/// Makes bills from some of the book's, puts them in, and learns from the pairs in which they are.
fn add_made(lessons: &mut Lessons, book: &Book, window_days: i32, seed: u64, round: u64) {
    let count = book.bills.len();
    let mut rng = seed::stream(seed, "duplicate victims", round);
    let victims =
        (0..count.div_ceil(BILLS_PER_MADE)).map(|_| (rng.gen_range(0..count), rng.gen_range(0..count)));
    let mut victims: Vec<(usize, usize)> =
        victims.filter(|(at, _)| book.stands.get(*at) == Some(&true)).collect();
    victims.sort_unstable();
    victims.dedup_by_key(|(at, _)| *at);
    let made: Vec<Made> = victims
        .iter()
        .filter_map(|&(at, other)| Some(corrupt::made(book.bills.get(at)?, at, book.bills.get(other)?, seed)))
        .flatten()
        .collect();
    let bills: Vec<Bill> = book.bills.iter().copied().chain(made.iter().map(Made::bill)).collect();
    let mut mixed = Book::new(&bills);
    let pairs = block::pairs(&mixed, window_days);
    mixed.compare(&pairs);
    for pair in pairs {
        let given =
            [pair.0, pair.1].map(|place| mixed.given.get(place as usize).copied().unwrap_or_default());
        let [one, other] = given.map(|at| at.checked_sub(count).and_then(|at| made.get(at)));
        let (made, from) = match (one, other) {
            (Some(made), None) => (made, given[1]),
            (None, Some(made)) => (made, given[0]),
            (Some(one), Some(other)) if !other.duplicate => (one, other.from),
            _ => continue,
        };
        if made.from == from {
            let group = number::print(book.bills.get(from).map_or("", |bill| bill.number)) | 1 << 40;
            lessons.add(&pair::features(&mixed, pair), made.duplicate, 1.0, group);
        }
    }
}
