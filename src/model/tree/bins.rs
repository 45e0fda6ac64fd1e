//! Features as bytes: each value becomes the number of its bin, cut at quantiles of what was seen.
//!
//! A feature has at most 255 bins of values and one for missing ones. Cuts lie midway between neighbouring distinct
//! values, so that a fitted tree compares raw values and needs no bins to predict. The bytes are kept twice: row by
//! row, which is how histograms read them, and column by column, which is how rows are divided at a split.

use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

use super::category::Categories;

/// The bin of missing values.
pub(super) const MISSING: u8 = 255;

/// Most bins of values.
const BINS_MAX: usize = 255;

/// Most rows from which cuts are learned: a quantile bin then has several hundred of them.
const SAMPLE_ROWS_MAX: usize = 100_000;

/// Rows turned into bytes at a time, few enough for the values to stay in the cache.
const CHUNK_ROWS: usize = 128;

/// Bytes of a row that are read at once.
pub(super) const WORD: usize = 8;

/// Words of a cache line.
pub(super) const LINE: usize = 8;

/// A feature that can tell rows apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// Column of the feature matrix.
    pub(super) feature: usize,
    /// Ascending cuts: bin `b` holds values above cut `b - 1` up to cut `b`.
    pub(super) cuts: Vec<f64>,
}

/// A feature matrix as bytes. Slots are the features that are not constant, in their order.
#[derive(Debug)]
pub(super) struct Binned {
    pub(super) slots: Vec<Slot>,
    pub(super) rows: usize,
    /// Words of one row: a power of two, or a multiple of eight, so that a row lies in as few cache lines as it can.
    pub(super) stride: usize,
    /// Row by row, `stride` words each; a slot is a byte.
    words: Vec<[u8; WORD]>,
    /// The word at which the first row begins, a cache line too.
    start: usize,
    /// Slot by slot, a byte per row.
    columns: Vec<Vec<u8>>,
}

impl Binned {
    /// Learns cuts from the records and bins them.
    pub(super) fn new(records: ArrayView2<f64>, categories: &Categories) -> Self {
        let slots = learn(records, categories);
        let rows = records.nrows();
        let (stride, mut words, start) = space(slots.len(), rows);
        let used = &mut words[start..start + rows * stride];
        let padded: Vec<[f64; 256]> = slots.iter().map(|slot| padded(&slot.cuts)).collect();
        used.par_chunks_mut(CHUNK_ROWS * stride).enumerate().for_each(|(chunk, words)| {
            let first = chunk * CHUNK_ROWS;
            let records = records.slice_axis(Axis(0), (first..(first + CHUNK_ROWS).min(rows)).into());
            for (at, (slot, cuts)) in slots.iter().zip(&padded).enumerate() {
                let words = words.iter_mut().skip(at / WORD).step_by(stride);
                for (word, &value) in words.zip(records.column(slot.feature)) {
                    word[at % WORD] = bin(cuts, categories.known(slot.feature, value));
                }
            }
        });
        let columns = columns(used, stride, slots.len());
        Self { slots, rows, stride, words, start, columns }
    }

    /// Only the slots that are taken: a tree that may see a few features adds up no others.
    pub(super) fn subset(&self, taken: &[bool]) -> Self {
        let kept = || taken.iter().enumerate().filter(|(_, taken)| **taken).map(|(slot, _)| slot);
        let columns: Vec<Vec<u8>> = kept().map(|slot| self.columns[slot].clone()).collect();
        let slots = kept().map(|slot| self.slots[slot].clone()).collect();
        let (stride, mut words, start) = space(columns.len(), self.rows);
        let used = &mut words[start..start + self.rows * stride];
        used.par_chunks_mut(CHUNK_ROWS * stride).enumerate().for_each(|(chunk, words)| {
            for (at, column) in columns.iter().enumerate() {
                let words = words.iter_mut().skip(at / WORD).step_by(stride);
                for (word, &byte) in words.zip(&column[chunk * CHUNK_ROWS..]) {
                    word[at % WORD] = byte;
                }
            }
        });
        Self { slots, rows: self.rows, stride, words, start, columns }
    }

    /// The bytes of a slot, one per row.
    pub(super) fn column(&self, slot: usize) -> &[u8] {
        &self.columns[slot]
    }

    /// All rows' words.
    pub(super) fn words(&self) -> &[[u8; WORD]] {
        &self.words[self.start..self.start + self.rows * self.stride]
    }

    /// The byte of a slot in a row.
    pub(super) fn byte(&self, row: u32, slot: usize) -> u8 {
        self.words[self.start + row as usize * self.stride + slot / WORD][slot % WORD]
    }

    /// The raw value up to which a split after `bin` sends rows to the left.
    pub(super) fn threshold(&self, slot: usize, bin: u8) -> f64 {
        // After the last bin only missing values are beyond.
        self.slots[slot].cuts.get(usize::from(bin)).copied().unwrap_or(f64::MAX)
    }
}

/// Words of a row for so many slots, zeroed words for all rows, and the word at which the first row begins.
fn space(slots: usize, rows: usize) -> (usize, Vec<[u8; WORD]>, usize) {
    let needed = slots.div_ceil(WORD);
    let stride = if needed > LINE { needed.next_multiple_of(LINE) } else { needed.next_power_of_two() };
    let words = vec![[0; WORD]; rows * stride + LINE - 1];
    let start = words.as_ptr().align_offset(LINE * WORD).min(LINE - 1);
    (stride, words, start)
}

/// Turns words into columns, eight at a time so that each word is read once.
fn columns(words: &[[u8; WORD]], stride: usize, slots: usize) -> Vec<Vec<u8>> {
    let blocks = (0..slots.div_ceil(WORD)).into_par_iter().flat_map_iter(|block| {
        let mut columns: [Vec<u8>; WORD] = std::array::from_fn(|_| Vec::with_capacity(words.len() / stride));
        for word in words.iter().skip(block).step_by(stride) {
            for (column, &byte) in columns.iter_mut().zip(word) {
                column.push(byte);
            }
        }
        columns
    });
    let mut columns: Vec<Vec<u8>> = blocks.collect();
    columns.truncate(slots);
    columns
}

/// Cuts of every feature that can tell rows apart.
fn learn(records: ArrayView2<f64>, categories: &Categories) -> Vec<Slot> {
    let features: Vec<usize> = (0..records.ncols()).collect();
    let slots = features.par_chunks(WORD).flat_map_iter(|features| {
        let sample = sample(records, features, categories);
        features.iter().zip(sample).filter_map(|(&feature, values)| slot(feature, values)).collect::<Vec<_>>()
    });
    slots.collect()
}

/// Values of some features in rows evenly taken. They are neighbours in memory, so they are read together.
fn sample(records: ArrayView2<f64>, features: &[usize], categories: &Categories) -> Vec<Vec<f64>> {
    let count = records.nrows().min(SAMPLE_ROWS_MAX);
    let mut sample = vec![Vec::with_capacity(count); features.len()];
    for at in 0..count {
        let row = records.row(at * records.nrows() / count);
        for (values, &feature) in sample.iter_mut().zip(features) {
            // Adding zero makes one number of the two zeros.
            values.push(categories.known(feature, row[feature]) + 0.0);
        }
    }
    sample
}

/// The feature's slot, if its values differ.
fn slot(feature: usize, mut values: Vec<f64>) -> Option<Slot> {
    let all = values.len();
    values.retain(|value| !value.is_nan());
    let gaps = values.len() < all;
    values.retain(|value| value.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    let cuts = cuts(&distinct(&values));
    // A constant tells something if it is not always known.
    (!cuts.is_empty() || gaps && !values.is_empty()).then_some(Slot { feature, cuts })
}

/// Distinct values and how often each occurs, of sorted values.
fn distinct(sorted: &[f64]) -> Vec<(f64, usize)> {
    sorted.chunk_by(|one, other| one.to_bits() == other.to_bits()).map(|run| (run[0], run.len())).collect()
}

/// Cuts between values so that bins hold about the same number of rows. A value with more than a bin's share has a
/// bin of its own, but for fewer neighbours than half a share.
fn cuts(values: &[(f64, usize)]) -> Vec<f64> {
    let between = values.windows(2).map(|pair| midpoint(pair[0].0, pair[1].0));
    if values.len() <= BINS_MAX {
        return between.collect();
    }
    let rows: usize = values.iter().map(|&(_, count)| count).sum();
    let heavy = |count: usize| count * BINS_MAX >= rows;
    let (mut bins, mut rest) = (BINS_MAX as f64, rows as f64);
    for &(_, count) in values.iter().filter(|&&(_, count)| heavy(count)) {
        bins -= 1.0;
        rest -= count as f64;
    }
    let mut share = rest / bins.max(1.0);
    let (mut cuts, mut filled) = (Vec::with_capacity(BINS_MAX), 0.0);
    for ((pair, cut), left) in values.windows(2).zip(between).zip((1..values.len()).rev()) {
        let (here, next) = (pair[0].1, pair[1].1);
        filled += here as f64;
        if !heavy(here) {
            rest -= here as f64;
        }
        // Bins are also left for the values still to come, so that none stays unused.
        let full = filled >= share || heavy(here) || heavy(next) && filled >= share / 2.0;
        if (full || left + cuts.len() < BINS_MAX) && cuts.len() + 1 < BINS_MAX {
            cuts.push(cut);
            filled = 0.0;
            if !heavy(here) {
                bins -= 1.0;
                share = rest / bins.max(1.0);
            }
        }
    }
    cuts
}

/// A number that is not below `low` and below `high`, midway where floats allow it.
fn midpoint(low: f64, high: f64) -> f64 {
    let middle = low / 2.0 + high / 2.0;
    if low <= middle && middle < high { middle } else { low }
}

/// Cuts filled up with infinity, so that a search always takes eight steps.
fn padded(cuts: &[f64]) -> [f64; 256] {
    std::array::from_fn(|at| cuts.get(at).copied().unwrap_or(f64::INFINITY))
}

/// The bin of a value: how many cuts lie below it.
fn bin(cuts: &[f64; 256], value: f64) -> u8 {
    let mut below = 0_usize;
    for step in [128, 64, 32, 16, 8, 4, 2, 1] {
        below += step * usize::from(cuts[(below + step - 1) & 255] < value);
    }
    if value.is_nan() { MISSING } else { below as u8 }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    fn binned(records: &Array2<f64>) -> Binned {
        Binned::new(records.view(), &Categories::default())
    }

    #[test]
    fn few_values_have_a_bin_each_and_cuts_lie_midway() {
        let (inf, nan) = (f64::INFINITY, f64::NAN);
        let binned = binned(&array![[3.0], [1.0], [nan], [1.0], [2.0], [-inf], [inf]]);
        assert_eq!(binned.slots, [Slot { feature: 0, cuts: vec![1.5, 2.5] }]);
        assert_eq!(binned.column(0), [2, 0, MISSING, 0, 1, 0, 2]);
        assert_eq!(binned.byte(4, 0), 1);
        assert_eq!((binned.threshold(0, 1), binned.threshold(0, 2)), (2.5, f64::MAX));
    }

    #[test]
    fn a_subset_holds_the_same_bytes() {
        let records = Array2::from_shape_fn((300, 20), |(row, column)| (row * (column + 3) % 37) as f64);
        let all = binned(&records);
        let taken: Vec<bool> = (0..20).map(|slot| slot % 2 == 1).collect();
        let half = all.subset(&taken);
        assert_eq!(half.slots.len(), 10);
        for slot in 0..10 {
            assert_eq!(half.slots[slot], all.slots[2 * slot + 1]);
            assert_eq!(half.column(slot), all.column(2 * slot + 1));
            assert!((0..300).all(|row| half.byte(row, slot) == all.byte(row, 2 * slot + 1)));
        }
    }

    #[test]
    fn a_feature_that_says_nothing_has_no_slot() {
        let nan = f64::NAN;
        let binned = binned(&array![[7.0, nan, 0.0, 5.0, 1.0], [7.0, nan, -0.0, nan, 2.0]]);
        assert_eq!(binned.slots.iter().map(|slot| slot.feature).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(binned.column(0), [0, MISSING]);
    }

    #[test]
    fn many_values_are_cut_at_quantiles() {
        let records = Array2::from_shape_fn((2_550, 1), |(row, _)| row as f64);
        let binned = binned(&records);
        // 2,550 distinct values in 255 bins are ten in each: the first cut is between 9 and 10.
        assert_eq!(binned.slots[0].cuts.len(), 254);
        assert_eq!(binned.slots[0].cuts[..1], [9.5][..]);
        assert_eq!(binned.column(0)[2_549], 254);
    }

    #[test]
    fn a_frequent_value_has_its_own_bin() {
        // 1,000 times 0 among 1,000 distinct values on either side.
        let records = Array2::from_shape_fn(
            (3_000, 1),
            |(row, _)| if row < 1_000 { 0.0 } else { row as f64 - 2_000.5 },
        );
        let binned = binned(&records);
        let zero = binned.column(0)[0];
        let others = (1_000..3_000).filter(|&row| binned.column(0)[row] == zero).count();
        // A share is 2,000 rows in 254 bins.
        assert!(others < 4, "{others}");
        assert!(binned.slots[0].cuts.len() > 240, "{}", binned.slots[0].cuts.len());
    }

    #[test]
    fn neighbouring_floats_are_still_told_apart() {
        let high = 1.0_f64.next_up();
        assert_eq!((midpoint(1.0, high), midpoint(f64::MIN, f64::MAX)), (1.0, 0.0));
        assert!(midpoint(f64::MAX.next_down(), f64::MAX) < f64::MAX);
    }
}
