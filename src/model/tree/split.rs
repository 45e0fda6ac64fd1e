//! The best split of one feature, from the sums of its bins. Everything is in levels of [`super::sums`]; gains
//! compare within one tree only.

use super::bins::MISSING;
use super::sums::Sum;

/// What splits must obey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rules {
    /// Added to the weight of every leaf when its value is taken.
    pub(super) l2: f64,
    /// Gain that a split must exceed.
    pub(super) gain_min: f64,
    /// Least weight of a child.
    pub(super) weight_min: f64,
    /// Least rows of a child.
    pub(super) rows_min: f64,
}

/// A node that may be split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Region {
    pub(super) sum: Sum,
    pub(super) rows: usize,
    /// Least and largest value that its leaves may have.
    pub(super) low: f64,
    /// See `low`.
    pub(super) high: f64,
}

/// A way to split a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    pub(super) gain: f64,
    pub(super) slot: usize,
    /// Last bin of the left child.
    pub(super) bin: u8,
    pub(super) missing_right: bool,
    /// Sum of the left child, missing values included if they go there.
    pub(super) left: Sum,
}

/// Bins of one feature that hold rows, ascending, with running sums.
#[derive(Debug)]
pub(super) struct Cells {
    bins: [u8; 256],
    /// Sum of this bin and all before it.
    running: [Sum; 256],
    len: usize,
    missing: Sum,
}

/// Weight below which rounding would show in a leaf's value, in levels.
const WEIGHT_LEVELS_MIN: f64 = 16.0;

/// A gain less than this part of the node's own score is rounding.
const GAIN_ROUNDING: f64 = 1e-12;

impl Region {
    /// A node without bounds.
    pub(super) fn free(sum: Sum, rows: usize) -> Self {
        Self { sum, rows, low: f64::NEG_INFINITY, high: f64::INFINITY }
    }

    /// The value of a leaf here.
    pub(super) fn value(&self, rules: &Rules) -> f64 {
        self.bounded(self.sum, rules)
    }

    fn bounded(&self, sum: Sum, rules: &Rules) -> f64 {
        let weight = sum.weight() + rules.l2;
        let value = if weight > 0.0 { sum.gradient() / weight } else { 0.0 };
        // The bounds are ordered, and never NaN.
        value.max(self.low).min(self.high)
    }

    /// Least weight of a child: its rows are estimated by its share of the weight, half a row allowed for that.
    fn weight_min(&self, rules: &Rules) -> f64 {
        let by_rows = (rules.rows_min - 0.5) * self.sum.weight() / self.rows.max(1) as f64;
        by_rows.max(rules.weight_min).max(WEIGHT_LEVELS_MIN)
    }

    /// Whether two children could be large enough.
    pub(super) fn divisible(&self, rules: &Rules) -> bool {
        self.sum.weight() >= 2.0 * self.weight_min(rules)
    }

    /// The children of a split. On a monotone feature all leaves of one side stay on their side of the middle.
    pub(super) fn children(&self, split: &Split, rows: [usize; 2], sign: i8, rules: &Rules) -> [Self; 2] {
        let mut left = Self { sum: split.left, rows: rows[0], ..*self };
        let mut right = Self { sum: self.sum - split.left, rows: rows[1], ..*self };
        let middle = f64::midpoint(left.value(rules), right.value(rules));
        match sign {
            1 => (left.high, right.low) = (middle, middle),
            -1 => (left.low, right.high) = (middle, middle),
            _ => {}
        }
        [left, right]
    }
}

impl Cells {
    pub(super) fn new() -> Self {
        Self { bins: [0; 256], running: [Sum::ZERO; 256], len: 0, missing: Sum::ZERO }
    }

    /// Takes over a histogram of `bins` bins of values.
    pub(super) fn load(&mut self, histogram: &[Sum; 256], bins: usize) {
        let mut running = Sum::ZERO;
        self.len = 0;
        for (bin, &sum) in (0..=u8::MAX).zip(&histogram[..bins]) {
            running += sum;
            // Always written, kept only if the bin holds rows: cheaper than a jump that cannot be foreseen.
            self.running[self.len & 255] = running;
            self.bins[self.len & 255] = bin;
            self.len += usize::from(sum != Sum::ZERO);
        }
        self.missing = histogram[usize::from(MISSING)];
    }

    /// Takes over and clears the bins marked in `occupied`, a bit each.
    pub(super) fn drain(&mut self, histogram: &mut [Sum; 256], occupied: [u64; 4]) {
        let mut running = Sum::ZERO;
        self.len = 0;
        self.missing = std::mem::take(&mut histogram[usize::from(MISSING)]);
        for (word, mut bits) in (0_u8..).zip(occupied) {
            while bits != 0 {
                let bin = word * 64 + bits.trailing_zeros() as u8;
                bits &= bits - 1;
                running += std::mem::take(&mut histogram[usize::from(bin)]);
                if bin != MISSING {
                    self.running[self.len & 255] = running;
                    self.bins[self.len & 255] = bin;
                    self.len += 1;
                }
            }
        }
    }

    /// The best split, if one gains enough. `sign` says whether the right child's value must not be below (1) or
    /// above (-1) the left one's.
    pub(super) fn best(&self, region: &Region, slot: usize, sign: i8, rules: &Rules) -> Option<Split> {
        if sign == 0 && region.low == f64::NEG_INFINITY && region.high == f64::INFINITY {
            // Twice the saved loss of a leaf: its gradient squared by its weight. One division serves both children.
            let score = |left: Sum, right: Sum| {
                let weights = [left.weight() + rules.l2, right.weight() + rules.l2];
                let squares = [left.gradient() * left.gradient(), right.gradient() * right.gradient()];
                (squares[0] * weights[1] + squares[1] * weights[0]) / (weights[0] * weights[1])
            };
            return self.search(region, slot, rules, score);
        }
        let sign = f64::from(sign);
        self.search(region, slot, rules, |left, right| {
            let values = [region.bounded(left, rules), region.bounded(right, rules)];
            if sign * (values[1] - values[0]) < 0.0 {
                return f64::NEG_INFINITY;
            }
            saved(left, values[0], rules) + saved(right, values[1], rules)
        })
    }

    /// A split drawn at random between the least and the largest bin: `draw` gives a number below its argument.
    pub(super) fn drawn(
        &self,
        region: &Region,
        slot: usize,
        rules: &Rules,
        draw: impl FnOnce(usize) -> usize,
    ) -> Option<Split> {
        let (first, last) = (*self.bins.first()?, *self.bins.get(self.len.checked_sub(1)?)?);
        let bin = if first == last { first } else { first + draw(usize::from(last - first)) as u8 };
        let at = self.bins[..self.len].partition_point(|&other| other <= bin).checked_sub(1)?;
        let mut only = Self::new();
        (only.bins[0], only.running[0], only.len, only.missing) = (bin, self.running[at], 1, self.missing);
        only.bins[1] = last;
        only.running[1] = self.running[self.len - 1];
        only.len += usize::from(at + 1 < self.len);
        only.best(region, slot, 0, rules)
    }

    fn search(
        &self,
        region: &Region,
        slot: usize,
        rules: &Rules,
        score: impl Fn(Sum, Sum) -> f64,
    ) -> Option<Split> {
        let weight_min = region.weight_min(rules);
        let base = saved(region.sum, region.value(rules), rules);
        // The last bin has nothing but missing values beyond it.
        let values = &self.running[..self.len.saturating_sub(1)];
        let mut found = Found { score: base + rules.gain_min + GAIN_ROUNDING * base.abs(), at: None };
        if self.missing == Sum::ZERO {
            found.search(values, Sum::ZERO, region.sum, weight_min, &score);
            let (at, _) = found.at?;
            return Some(self.split(slot, at, found.score - base, region, None));
        }
        found.search(&self.running[..self.len], Sum::ZERO, region.sum, weight_min, &score);
        let mut with_missing = Found { score: found.score, at: None };
        with_missing.search(values, self.missing, region.sum, weight_min, &score);
        match (with_missing.at, found.at) {
            (Some((at, _)), _) => {
                Some(self.split(slot, at, with_missing.score - base, region, Some(self.missing)))
            }
            (None, Some((at, _))) => Some(self.split(slot, at, found.score - base, region, Some(Sum::ZERO))),
            (None, None) => None,
        }
    }

    /// The split after a cell. `missing` is what of the missing values goes to the left; if there are none, later
    /// ones go to the larger child.
    fn split(&self, slot: usize, at: usize, gain: f64, region: &Region, missing: Option<Sum>) -> Split {
        let left = self.running[at] + missing.unwrap_or_default();
        let missing_right = match missing {
            Some(missing) => missing == Sum::ZERO,
            None => left.weight() * 2.0 < region.sum.weight(),
        };
        Split { gain, slot, bin: self.bins[at], missing_right, left }
    }
}

/// The best score so far, and where it was found.
struct Found {
    score: f64,
    at: Option<(usize, Sum)>,
}

impl Found {
    /// Tries every cell as the last of the left child, with `extra` added to it. Equal scores keep the lower bin.
    fn search(
        &mut self,
        running: &[Sum],
        extra: Sum,
        total: Sum,
        weight_min: f64,
        score: impl Fn(Sum, Sum) -> f64,
    ) {
        for (at, &left) in running.iter().enumerate() {
            let left = left + extra;
            let right = total - left;
            let score = score(left, right);
            if score > self.score && left.weight() >= weight_min && right.weight() >= weight_min {
                (self.score, self.at) = (score, Some((at, left)));
            }
        }
    }
}

/// Twice the loss that a leaf with this value saves.
fn saved(sum: Sum, value: f64, rules: &Rules) -> f64 {
    (2.0 * sum.gradient() - (sum.weight() + rules.l2) * value) * value
}

impl Split {
    /// Whether it is to be preferred: by gain, then by the lower feature.
    pub(super) fn beats(&self, other: Option<&Self>) -> bool {
        other.is_none_or(|other| {
            self.gain > other.gain || self.gain.total_cmp(&other.gain).is_eq() && self.slot < other.slot
        })
    }

    /// For every byte, whether it goes to the left.
    pub(super) fn lefts(&self) -> [bool; 256] {
        std::array::from_fn(|byte| {
            if byte == usize::from(MISSING) { !self.missing_right } else { byte <= usize::from(self.bin) }
        })
    }
}
