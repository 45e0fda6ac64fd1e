//! Rows that differ in their first columns only, walked down the trees together. Which of them go to the right is found for
//! every different split beforehand, so that a step of a walk is one look, whether at what rows have of their own or in
//! common, and nothing to be guessed by the processor.

use super::boost::Boost;
use super::category::Categories;
use super::node::{DEPTH_MAX, Node};

/// Most rows that are walked together: a bit each.
const MEMBERS_MAX: usize = 64;

/// A booster's trees as families of rows walk them. The first `OWN` columns are a row's own.
#[derive(Debug)]
pub struct Families<'a, const OWN: usize> {
    base: f64,
    categories: &'a Categories,
    /// Different splits of each column.
    columns: Vec<Splits>,
    trees: Vec<Steps<'a>>,
}

/// Different splits of a column: those whose missing rows go to the left, then those whose go to the right.
#[derive(Debug, Clone, Default)]
struct Splits {
    /// Thresholds, rising.
    thresholds: [Vec<f64>; 2],
    /// Place of the first of each among all splits.
    firsts: [usize; 2],
}

/// A tree whose splits are places among the different ones.
#[derive(Debug)]
struct Steps<'a> {
    steps: Vec<Step>,
    values: &'a [f64],
}

/// One step of a walk; a leaf leads to itself.
#[derive(Debug, Clone, Copy)]
struct Step {
    place: u32,
    child: u32,
}

impl Splits {
    fn place(&self, node: &Node) -> usize {
        let side = usize::from(node.missing_right);
        self.firsts[side] + self.thresholds[side].partition_point(|one| *one < node.threshold)
    }
}

impl<'a, const OWN: usize> Families<'a, OWN> {
    pub(super) fn new(boost: &'a Boost) -> Self {
        let mut columns = vec![Splits::default(); boost.features().max(OWN)];
        for (at, node) in boost.trees().iter().flat_map(|tree| (0..).zip(&tree.nodes)) {
            if node.child != at {
                columns[usize::from(node.feature)].thresholds[usize::from(node.missing_right)]
                    .push(node.threshold);
            }
        }
        let mut places = 0;
        for column in &mut columns {
            for (thresholds, first) in column.thresholds.iter_mut().zip(&mut column.firsts) {
                thresholds.sort_unstable_by(f64::total_cmp);
                thresholds.dedup();
                *first = places;
                places += thresholds.len();
            }
        }
        let step = |(at, node): (u32, &Node)| {
            let is_leaf = node.child == at;
            let place = if is_leaf { 0 } else { columns[usize::from(node.feature)].place(node) };
            Step { place: place as u32, child: node.child }
        };
        let trees = boost.trees().iter().map(|tree| {
            let steps = (0..).zip(&tree.nodes).map(step).collect();
            Steps { steps, values: &tree.values }
        });
        let trees = trees.collect();
        Self { base: boost.base(), categories: boost.categories(), columns, trees }
    }

    /// Log-odds of rows with first columns of their own and the columns after them in common: the same as of the whole rows,
    /// many times sooner. Columns that are not there are missing; infinities become the largest numbers.
    pub fn log_odds(&self, own: &[[f64; OWN]], shared: &[f64]) -> Vec<f64> {
        let mut scores = vec![self.base; own.len()];
        let mut right = Vec::new();
        let mut ahead = [(0, 0); DEPTH_MAX + 1];
        for (members, scores) in own.chunks(MEMBERS_MAX).zip(scores.chunks_mut(MEMBERS_MAX)) {
            right.clear();
            self.compare(members, shared, &mut right);
            let all = u64::MAX >> (MEMBERS_MAX - members.len());
            for tree in &self.trees {
                tree.add(all, &right, &mut ahead, scores);
            }
        }
        scores
    }

    /// Appends the rows that go to the right at each split.
    fn compare(&self, members: &[[f64; OWN]], shared: &[f64], right: &mut Vec<u64>) {
        let value = |value: &f64| value.clamp(f64::MIN, f64::MAX);
        let mut row: Vec<f64> = vec![f64::NAN; OWN];
        row.extend(shared.iter().map(value));
        row.resize(self.columns.len().max(OWN), f64::NAN);
        self.categories.rank(&mut row);
        let mut rows = members.to_vec();
        for row in &mut rows {
            *row = row.map(|own| value(&own));
            self.categories.rank(row);
        }
        for (column, splits) in self.columns.iter().enumerate() {
            if column < OWN {
                splits.own(&|| rows.iter().map(|row| row[column]), right);
            } else {
                splits.shared(row[column], right);
            }
        }
    }
}

impl Splits {
    /// Appends, for each split, the rows with values of their own that go to the right.
    fn own<I: Iterator<Item = f64>>(&self, values: &impl Fn() -> I, right: &mut Vec<u64>) {
        for (thresholds, missing_right) in self.thresholds.iter().zip([false, true]) {
            let first = right.len();
            right.resize(first + thresholds.len(), 0);
            if thresholds.is_empty() {
                continue;
            }
            let right = &mut right[first..];
            let mut below = 0;
            for (at, value) in values().enumerate() {
                if value.is_nan() {
                    // Right at all of them, or at none.
                    below = if missing_right { thresholds.len() } else { 0 };
                } else if !stands(thresholds, below, value) {
                    below = thresholds.partition_point(|threshold| *threshold < value);
                }
                if let Some(last) = below.checked_sub(1) {
                    right[last] |= 1 << at;
                }
            }
            // What is above a threshold is above all lower ones.
            let mut higher = 0;
            for rows in right.iter_mut().rev() {
                higher |= *rows;
                *rows = higher;
            }
        }
    }

    /// Appends, for each split, all rows or none.
    fn shared(&self, value: f64, right: &mut Vec<u64>) {
        for (thresholds, missing_right) in self.thresholds.iter().zip([false, true]) {
            let is_missing = value.is_nan() & missing_right;
            right.extend(
                thresholds
                    .iter()
                    .map(|threshold| 0_u64.wrapping_sub(u64::from((value > *threshold) | is_missing))),
            );
        }
    }
}

/// Whether so many thresholds are below a value. Rows stand in the order of their days: often one is where the one before it was.
fn stands(thresholds: &[f64], below: usize, value: f64) -> bool {
    (below == 0 || thresholds[below - 1] < value) && thresholds.get(below).is_none_or(|next| *next >= value)
}

impl Steps<'_> {
    /// Adds the value of each row's leaf. `ahead` takes the nodes still to be visited with the rows that come to them, of which a
    /// walk leaves at most one behind at each step.
    fn add(&self, all: u64, right: &[u64], ahead: &mut [(u32, u64); DEPTH_MAX + 1], scores: &mut [f64]) {
        let (mut at, mut rows, mut waiting) = (0_u32, all, 0);
        loop {
            let step = self.steps[at as usize];
            if step.child != at {
                let goes_right = right[step.place as usize];
                let (to_left, to_right) = (rows & !goes_right, rows & goes_right);
                let is_left = to_left != 0;
                ahead[waiting] = (step.child + 1, to_right);
                waiting += usize::from(is_left) * usize::from(to_right != 0);
                at = step.child + u32::from(!is_left);
                rows = if is_left { to_left } else { to_right };
                continue;
            }
            let value = self.values[at as usize];
            // Rows that end together mostly stand side by side.
            while rows != 0 {
                let first = rows.trailing_zeros();
                let run = (!(rows >> first)).trailing_zeros();
                for score in &mut scores[first as usize..(first + run) as usize] {
                    *score += value;
                }
                rows &= !((u64::MAX >> (64 - run)) << first);
            }
            if waiting == 0 {
                return;
            }
            waiting -= 1;
            (at, rows) = ahead[waiting];
        }
    }
}
