//! Rows that differ in their first columns only, walked down the trees together. Which of them are above a threshold is found
//! for all thresholds of a column at once, so that a split costs one look; what the rows share is compared once for all of
//! them, and a row follows the others until one of its own values parts them.

use super::boost::Boost;
use super::category::Categories;

/// Most rows that are walked together: a bit each.
const MEMBERS_MAX: usize = 64;

/// A booster's trees as families of rows walk them. The first `OWN` columns are a row's own.
#[derive(Debug)]
pub struct Families<'a, const OWN: usize> {
    features: usize,
    base: f64,
    categories: &'a Categories,
    /// Thresholds of each own column, rising.
    thresholds: [Vec<f64>; OWN],
    trees: Vec<Steps<'a>>,
}

/// A tree with its own columns' thresholds by their places.
#[derive(Debug)]
struct Steps<'a> {
    steps: Vec<Step>,
    values: &'a [f64],
}

/// One step of a walk; a leaf leads to itself.
#[derive(Debug, Clone, Copy)]
struct Step {
    threshold: f64,
    /// Place of the threshold among those of all own columns.
    place: u32,
    child: u32,
    feature: u16,
    missing_right: bool,
}

/// Some rows as trees compare them.
struct Family<const OWN: usize> {
    /// Rows above each threshold of an own column, a bit each: those of the first column, then of the next.
    above: Vec<u64>,
    /// Rows that lack an own column.
    missing: [u64; OWN],
    /// Values of the columns after those.
    shared: Vec<f64>,
    /// A bit for each row.
    all: u64,
}

impl<'a, const OWN: usize> Families<'a, OWN> {
    pub(super) fn new(boost: &'a Boost) -> Self {
        let mut thresholds: [Vec<f64>; OWN] = std::array::from_fn(|_| Vec::new());
        for (at, node) in boost.trees().iter().flat_map(|tree| (0..).zip(&tree.nodes)) {
            if let Some(own) = thresholds.get_mut(usize::from(node.feature)).filter(|_| node.child != at) {
                own.push(node.threshold);
            }
        }
        for own in &mut thresholds {
            own.sort_unstable_by(f64::total_cmp);
            own.dedup();
        }
        let firsts: Vec<usize> =
            thresholds.iter().scan(0, |next, own| Some(std::mem::replace(next, *next + own.len()))).collect();
        let place = |feature: usize, threshold: f64| {
            let own = thresholds.get(feature)?;
            Some(firsts[feature] + own.partition_point(|one| *one < threshold))
        };
        let trees = boost.trees().iter().map(|tree| {
            let step = |node: &super::node::Node| Step {
                threshold: node.threshold,
                place: place(usize::from(node.feature), node.threshold).unwrap_or(0) as u32,
                child: node.child,
                feature: node.feature,
                missing_right: node.missing_right,
            };
            Steps { steps: tree.nodes.iter().map(step).collect(), values: &tree.values }
        });
        let trees = trees.collect();
        Self {
            features: boost.features(),
            base: boost.base(),
            categories: boost.categories(),
            thresholds,
            trees,
        }
    }

    /// Log-odds of rows with first columns of their own and the columns after them in common: the same as of the whole rows,
    /// many times sooner. Columns that are not there are missing; infinities become the largest numbers.
    pub fn log_odds(&self, own: &[[f64; OWN]], shared: &[f64]) -> Vec<f64> {
        let mut scores = vec![self.base; own.len()];
        let mut ahead = Vec::new();
        for (members, scores) in own.chunks(MEMBERS_MAX).zip(scores.chunks_mut(MEMBERS_MAX)) {
            let family = self.family(members, shared);
            for tree in &self.trees {
                family.add(tree, &mut ahead, scores);
            }
        }
        scores
    }

    /// Compares rows with every threshold of their own columns.
    fn family(&self, members: &[[f64; OWN]], shared: &[f64]) -> Family<OWN> {
        let mut rows: Vec<[f64; OWN]> = members.to_vec();
        for row in &mut rows {
            row.iter_mut().for_each(|value| *value = value.clamp(f64::MIN, f64::MAX));
            self.categories.rank(row);
        }
        let mut row: Vec<f64> = std::iter::repeat_n(f64::NAN, OWN)
            .chain(shared.iter().map(|value| value.clamp(f64::MIN, f64::MAX)))
            .collect();
        row.resize(self.features.max(OWN), f64::NAN);
        self.categories.rank(&mut row);
        let mut family = Family {
            above: Vec::with_capacity(self.thresholds.iter().map(Vec::len).sum()),
            missing: [0; OWN],
            shared: row.split_off(OWN),
            all: u64::MAX.checked_shr(MEMBERS_MAX.saturating_sub(members.len()) as u32).unwrap_or(0),
        };
        for (column, thresholds) in self.thresholds.iter().enumerate() {
            family.missing[column] = above(thresholds, rows.iter().map(|row| row[column]), &mut family.above);
        }
        family
    }
}

/// Appends the rows above each threshold, and returns those without a value.
fn above(thresholds: &[f64], values: impl Iterator<Item = f64>, above: &mut Vec<u64>) -> u64 {
    let first = above.len();
    above.resize(first + thresholds.len(), 0);
    let above = &mut above[first..];
    let (mut missing, mut below) = (0, 0);
    for (at, value) in values.enumerate() {
        if value.is_nan() {
            missing |= 1 << at;
            continue;
        }
        // Rows stand in the order of their days: often one is where the one before it was.
        let is_same = (below == 0 || thresholds[below - 1] < value)
            && thresholds.get(below).is_none_or(|next| *next >= value);
        if !is_same {
            below = thresholds.partition_point(|threshold| *threshold < value);
        }
        if let Some(last) = below.checked_sub(1) {
            above[last] |= 1 << at;
        }
    }
    // What is above a threshold is above all lower ones.
    let mut higher = 0;
    for rows in above.iter_mut().rev() {
        higher |= *rows;
        *rows = higher;
    }
    missing
}

impl<const OWN: usize> Family<OWN> {
    /// Adds a tree's value for each row. `ahead` has the nodes still to be visited, with the rows that come to them; it is
    /// empty before and after.
    fn add(&self, tree: &Steps, ahead: &mut Vec<(u32, u64)>, scores: &mut [f64]) {
        ahead.push((0, self.all));
        while let Some((mut at, mut rows)) = ahead.pop() {
            loop {
                let step = tree.steps[at as usize];
                if step.child == at {
                    break;
                }
                let feature = usize::from(step.feature);
                if let Some(shared) = feature.checked_sub(OWN) {
                    let value = self.shared[shared];
                    let is_right = (value > step.threshold) | (value.is_nan() & step.missing_right);
                    at = step.child + u32::from(is_right);
                    continue;
                }
                let missing = if step.missing_right { self.missing[feature] } else { 0 };
                let right = self.above[step.place as usize] | missing;
                let (to_left, to_right) = (rows & !right, rows & right);
                if to_left != 0 && to_right != 0 {
                    ahead.push((step.child + 1, to_right));
                }
                at = step.child + u32::from(to_left == 0);
                rows = if to_left == 0 { to_right } else { to_left };
            }
            let value = tree.values[at as usize];
            while rows != 0 {
                if let Some(score) = scores.get_mut(rows.trailing_zeros() as usize) {
                    *score += value;
                }
                rows &= rows - 1;
            }
        }
    }
}
