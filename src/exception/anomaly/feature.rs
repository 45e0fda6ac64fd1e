//! What is looked at of a bill, each against what is usual for its supplier.

use std::hash::Hash;

use hashbrown::HashMap;
use ndarray::Array2;

use crate::base::money::Currency;
use crate::exception::duplicate::Bill;

macro_rules! features {
    ($($name:ident $doc:literal;)*) => {
        /// A column.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Feature { $(#[doc = $doc] $name),* }

        impl Feature {
            /// All of them, in order.
            pub(super) const ALL: [Self; [$(Self::$name),*].len()] = [$(Self::$name),*];
        }
    };
}

features! {
    AmountOfMedian "Logarithm of the amount against the median of the supplier in this currency.";
    AmountOfLedger "Logarithm of the amount against the median of all bills in this currency.";
    BookedDays "Logarithm of the days from issue to booking; below zero if booked before.";
    SinceLast "Logarithm of the days since the supplier's last bill against its usual distance.";
    Known "Logarithm of the days since the supplier's first bill.";
    Zeros "Zeros at the end of the amount.";
    Currency "Rarity of the currency for the supplier.";
    Account "Rarity of the account for the supplier.";
    Weekday "Rarity of the weekday of booking for the supplier.";
    Order "Rarity of having, or not having, an order for the supplier.";
    Kind "Rarity of what it is for the supplier.";
}

/// The features whose value is a rarity: minus the logarithm of a probability.
pub(super) const RARITIES: [Feature; 5] =
    [Feature::Currency, Feature::Account, Feature::Weekday, Feature::Order, Feature::Kind];

/// Bills of all suppliers that a supplier's own are mixed with: one bill of a new supplier proves no habit.
const SHRINKAGE: f64 = 5.0;

/// Least deviation that a column is scaled by, so that a hair's breadth in a column of equals is no wonder.
const DEVIATION_MIN: f64 = 0.05;

/// A scaled value beyond this is as odd as this: one column must not drown the others.
const SCALED_MAX: f64 = 8.0;

/// Values by bill and feature, for bills in order.
pub(super) struct Features {
    pub(super) values: Array2<f64>,
    /// Median amount of each supplier in each currency.
    pub(super) medians: HashMap<(u32, Currency), i64>,
    /// Bills of each supplier.
    pub(super) bills: HashMap<u32, u32>,
}

impl Features {
    /// Of bills in order.
    pub(super) fn new(bills: &[Bill]) -> Self {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for bill in bills {
            *counts.entry(bill.supplier).or_default() += 1;
        }
        let medians = medians(bills, |bill| (bill.supplier, bill.currency));
        let mut features =
            Self { values: Array2::zeros((bills.len(), Feature::ALL.len())), medians, bills: counts };
        features.amounts(bills);
        features.days(bills);
        features.rare(Feature::Currency, bills, |bill| bill.currency);
        features.rare(Feature::Account, bills, |bill| bill.account);
        features.rare(Feature::Weekday, bills, |bill| bill.posted.weekday());
        features.rare(Feature::Order, bills, |bill| bill.order.is_empty());
        features.rare(Feature::Kind, bills, |bill| bill.kind);
        features
    }

    pub(super) fn value(&self, at: usize, feature: Feature) -> f64 {
        self.values.get((at, feature as usize)).copied().unwrap_or(f64::NAN)
    }

    /// Sum of the rarities of each bill.
    pub(super) fn rarity(&self) -> Vec<f64> {
        let rows = 0..self.values.nrows();
        rows.map(|at| RARITIES.iter().map(|feature| self.value(at, *feature)).sum()).collect()
    }

    /// Distances from the median of each column, in its usual deviations.
    pub(super) fn scaled(&self) -> Array2<f64> {
        let mut scaled = self.values.clone();
        for mut column in scaled.columns_mut() {
            let middle = median(column.iter().copied().collect());
            let deviation = median(column.iter().map(|value| (value - middle).abs()).collect());
            // Where most values are equal the mean says how far the others lie.
            let mean =
                column.iter().map(|value| (value - middle).abs()).sum::<f64>() / column.len().max(1) as f64;
            let scale = deviation.max(mean).max(DEVIATION_MIN);
            column.mapv_inplace(|value| ((value - middle) / scale).clamp(-SCALED_MAX, SCALED_MAX));
        }
        scaled
    }

    fn set(&mut self, at: usize, feature: Feature, value: f64) {
        if let Some(place) = self.values.get_mut((at, feature as usize)) {
            *place = value;
        }
    }

    fn amounts(&mut self, bills: &[Bill]) {
        let of_all = medians(bills, |bill| bill.currency);
        for (at, bill) in bills.iter().enumerate() {
            let against = |median: Option<&i64>| {
                let median = median.copied().unwrap_or(1).max(1);
                ((bill.amount.saturating_abs().max(1)) as f64 / median as f64).ln()
            };
            let (own, all) = (
                against(self.medians.get(&(bill.supplier, bill.currency))),
                against(of_all.get(&bill.currency)),
            );
            self.set(at, Feature::AmountOfMedian, own);
            self.set(at, Feature::AmountOfLedger, all);
            let digits = bill.amount.to_string();
            self.set(at, Feature::Zeros, (digits.len() - digits.trim_end_matches('0').len()) as f64);
        }
    }

    fn days(&mut self, bills: &[Bill]) {
        let mut first: HashMap<u32, i32> = HashMap::new();
        let mut last: HashMap<u32, i32> = HashMap::new();
        let log = |days: i32| f64::from(days.signum()) * f64::from(days.abs()).ln_1p();
        for (at, bill) in bills.iter().enumerate() {
            let day = bill.posted.0;
            let known = day - *first.entry(bill.supplier).or_insert(day);
            let since = last.insert(bill.supplier, day).map(|last| day - last);
            self.set(at, Feature::BookedDays, log(day - bill.issued.0));
            self.set(at, Feature::Known, log(known));
            self.set(at, Feature::SinceLast, since.map_or(0.0, log));
        }
        // Against the usual distance: the days from the first bill to the last, by the bills between.
        for (at, bill) in bills.iter().enumerate() {
            let bills = self.bills.get(&bill.supplier).copied().unwrap_or(1);
            let span = last
                .get(&bill.supplier)
                .zip(first.get(&bill.supplier))
                .map_or(0, |(last, first)| last - first);
            let usual = f64::from(span) / f64::from(bills.saturating_sub(1).max(1));
            let since = self.value(at, Feature::SinceLast);
            self.set(at, Feature::SinceLast, if since > 0.0 { since - usual.ln_1p() } else { 0.0 });
        }
    }

    /// Minus the logarithm of a value's probability for its supplier, mixed with that for all.
    fn rare<'a, V: Eq + Hash>(
        &mut self,
        feature: Feature,
        bills: &[Bill<'a>],
        value: impl Fn(&Bill<'a>) -> V,
    ) {
        let mut of_supplier: HashMap<(u32, V), u32> = HashMap::new();
        let mut of_all: HashMap<V, u32> = HashMap::new();
        for bill in bills {
            *of_supplier.entry((bill.supplier, value(bill))).or_default() += 1;
            *of_all.entry(value(bill)).or_default() += 1;
        }
        for (at, bill) in bills.iter().enumerate() {
            let count = |count: Option<&u32>| f64::from(count.copied().unwrap_or(0));
            let all = count(of_all.get(&value(bill))) / bills.len() as f64;
            let own = count(of_supplier.get(&(bill.supplier, value(bill))));
            let bills = f64::from(self.bills.get(&bill.supplier).copied().unwrap_or(1));
            self.set(at, feature, -((own + SHRINKAGE * all) / (bills + SHRINKAGE)).ln());
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Median amount, by what bills have in common.
fn medians<K: Ord + Hash + Copy>(bills: &[Bill], key: impl Fn(&Bill) -> K) -> HashMap<K, i64> {
    let mut amounts: Vec<(K, i64)> =
        bills.iter().map(|bill| (key(bill), bill.amount.saturating_abs())).collect();
    amounts.sort_unstable();
    let groups = amounts.chunk_by(|left, right| left.0 == right.0);
    groups.filter_map(|group| group.get(group.len() / 2)).copied().collect()
}
