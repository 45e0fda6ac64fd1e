//! Growing a tree to the bottom, node after node, for forests: no histogram is kept, and each node looks at a few
//! features drawn at random.

use std::ops::Range;

use rand::Rng as _;

use super::bins::Binned;
use super::histogram;
use super::node::{Node, Tree};
use super::rows::{Rows, Span};
use super::split::{Cells, Region, Rules, Split};
use super::sums::{Scale, Sum};
use crate::base::seed::Stream;

/// What a tree of a forest is grown by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plan {
    pub(super) depth_max: usize,
    /// Slots drawn at each node.
    pub(super) slots: usize,
    /// Whether targets are zero or one.
    pub(super) classes: bool,
    /// Whether cuts are drawn too.
    pub(super) random_cuts: bool,
}

/// Rows up to which bins are noted as they are met: beyond, most bins are met anyway.
const NOTED_ROWS: usize = 512;

/// Rows that stay in the cache while one feature after another is added up.
const CHUNK_ROWS: usize = 256;

/// Grows one tree.
pub(super) struct Deep<'a> {
    binned: &'a Binned,
    plan: Plan,
    rules: Rules,
    sums: &'a [Sum],
    random: Stream,
    rows: Rows,
    /// Slots in the order in which they were last drawn.
    slots: Vec<usize>,
    ordered: Vec<Sum>,
    tallies: Vec<Tally>,
    cells: Cells,
}

/// Sums per bin of one slot, and which bins were met if that is noted. Empty between nodes.
#[derive(Clone)]
struct Tally {
    sums: [Sum; 256],
    met: [u64; 4],
}

/// A node still to be split.
struct Open {
    node: u32,
    depth: usize,
    span: Span,
    region: Region,
}

impl<'a> Deep<'a> {
    /// `sums` has an entry for every row, zero for those that do not count.
    pub(super) fn new(binned: &'a Binned, plan: Plan, rules: Rules, sums: &'a [Sum], random: Stream) -> Self {
        Self {
            binned,
            plan,
            rules,
            sums,
            random,
            rows: Rows::default(),
            slots: (0..binned.slots.len()).collect(),
            ordered: Vec::new(),
            tallies: vec![Tally { sums: [Sum::ZERO; 256], met: [0; 4] }; plan.slots],
            cells: Cells::new(),
        }
    }

    /// Grows the tree. `value` turns a quotient of levels into a leaf's value.
    pub(super) fn grow(mut self, scale: Scale, value: impl Fn(f64) -> f64) -> Tree {
        let counted = (0..self.sums.len() as u32).filter(|&row| self.sums[row as usize] != Sum::ZERO);
        let span = self.rows.start(counted);
        let region = Region::free(self.sums.iter().copied().sum(), span.len());
        let mut tree = Tree::root(value(region.value(&self.rules)), scale.weight(region.sum));
        let mut open = vec![Open { node: 0, depth: 0, span, region }];
        while let Some(node) = open.pop() {
            let Some(split) = self.best(&node) else { continue };
            let spans = self.rows.divide(&node.span, self.binned.column(split.slot), &split.lefts());
            let counts = [spans[0].len(), spans[1].len()];
            let regions = node.region.children(&split, counts, 0, &self.rules);
            let to = |child| Node {
                threshold: self.binned.threshold(split.slot, split.bin),
                child,
                feature: self.binned.slots[split.slot].feature as u16,
                missing_right: split.missing_right,
            };
            let values = regions.map(|region| value(region.value(&self.rules)));
            let child = tree.split(node.node, to, values, regions.map(|region| scale.weight(region.sum)));
            let depth = node.depth + 1;
            for ((node, span), region) in (child..).zip(spans).zip(regions) {
                open.push(Open { node, depth, span, region });
            }
        }
        tree
    }

    /// The best split among the slots drawn; while none is found, more are drawn.
    fn best(&mut self, node: &Open) -> Option<Split> {
        let pure = self.plan.classes && node.region.sum.is_of_one_class();
        if pure || node.depth >= self.plan.depth_max || !node.region.divisible(&self.rules) {
            return None;
        }
        self.ordered.clear();
        self.ordered.extend(self.rows.of(&node.span).iter().map(|&row| self.sums[row as usize]));
        let mut best: Option<Split> = None;
        let mut drawn = 0..self.plan.slots.min(self.slots.len());
        while best.is_none() && !drawn.is_empty() {
            for at in drawn.clone() {
                let other = self.random.gen_range(at..self.slots.len());
                self.slots.swap(at, other);
            }
            self.tally(node, drawn.clone());
            for (tally, at) in drawn.clone().enumerate() {
                let found = self.split(node, tally, self.slots[at]);
                best = histogram::better(found, best);
            }
            drawn = drawn.end..(drawn.end + 1).min(self.slots.len());
        }
        best
    }

    /// Adds up the slots drawn. A row's bytes lie together, so all slots of some rows are added before the next rows.
    fn tally(&mut self, node: &Open, drawn: Range<usize>) {
        let rows = self.rows.of(&node.span);
        let noted = rows.len() <= NOTED_ROWS;
        for (rows, sums) in rows.chunks(CHUNK_ROWS).zip(self.ordered.chunks(CHUNK_ROWS)) {
            for (tally, &slot) in self.tallies.iter_mut().zip(&self.slots[drawn.clone()]) {
                for (&row, &sum) in rows.iter().zip(sums) {
                    let byte = self.binned.byte(row, slot);
                    tally.sums[usize::from(byte)] += sum;
                    if noted {
                        tally.met[usize::from(byte >> 6)] |= 1 << (byte & 63);
                    }
                }
            }
        }
    }

    /// The best split, or one drawn at random, of a slot that was added up. Its tally is empty again thereafter.
    fn split(&mut self, node: &Open, tally: usize, slot: usize) -> Option<Split> {
        let tally = &mut self.tallies[tally];
        if node.span.len() <= NOTED_ROWS {
            self.cells.drain(&mut tally.sums, std::mem::take(&mut tally.met));
        } else {
            self.cells.load(&tally.sums, self.binned.slots[slot].cuts.len() + 1);
            tally.sums = [Sum::ZERO; 256];
        }
        if self.plan.random_cuts {
            let random = &mut self.random;
            return self.cells.drawn(&node.region, slot, &self.rules, |below| random.gen_range(0..below));
        }
        self.cells.best(&node.region, slot, 0, &self.rules)
    }
}
