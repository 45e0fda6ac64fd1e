//! Growing a tree leaf by leaf, the one that gains most next, until it has as many leaves as it may. Of two children
//! only the smaller is added up; the other's sums are what remains of their parent's.

use super::bins::Binned;
use super::histogram::{self, Histogram, Search};
use super::node::{Node, Tree};
use super::rows::{Rows, Span};
use super::split::{Region, Rules, Split};
use super::sums::{Scale, Sum};

/// Shape of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    pub(super) leaves_max: usize,
    pub(super) depth_max: usize,
}

/// Grows one tree after another from the same rows, with the same memory.
#[derive(Debug)]
pub(super) struct Grower<'a> {
    binned: &'a Binned,
    shape: Shape,
    /// Direction of each slot: 1 rising, -1 falling, 0 free.
    signs: Vec<i8>,
    rows: Rows,
    /// Histograms that are not in use.
    spare: Vec<Histogram>,
    /// Most tasks for one histogram.
    tasks: usize,
}

/// A leaf while the tree grows.
#[derive(Debug)]
struct Leaf {
    node: u32,
    depth: usize,
    span: Span,
    region: Region,
    split: Option<Split>,
    /// Kept as long as the leaf may be split.
    histogram: Option<Histogram>,
}

/// A tree and which rows ended in which leaf.
#[derive(Debug)]
pub(super) struct Grown {
    pub(super) tree: Tree,
    leaves: Vec<(u32, Span)>,
}

impl<'a> Grower<'a> {
    pub(super) fn new(binned: &'a Binned, shape: Shape, signs: Vec<i8>) -> Self {
        let tasks = rayon::current_num_threads();
        Self { binned, shape, signs, rows: Rows::default(), spare: Vec::new(), tasks }
    }

    /// Number of slots.
    pub(super) fn slots(&self) -> usize {
        self.binned.slots.len()
    }

    /// Grows a tree on all rows; a row that is not to count has a sum of zero. `counted` is the number of those that
    /// do, and `allow` says for each node which slots may be used.
    pub(super) fn grow(
        &mut self,
        sums: &[Sum],
        counted: usize,
        scale: Scale,
        rules: &Rules,
        mut allow: impl FnMut() -> Vec<bool>,
    ) -> Grown {
        let span = self.rows.start(0..self.binned.rows as u32);
        let region = Region::free(sums.iter().copied().sum(), counted);
        let share = counted as f64 / self.binned.rows.max(1) as f64;
        let mut tree = Tree::root(scale.value(region.value(rules)), scale.weight(region.sum));
        let mut leaves = vec![Leaf { node: 0, depth: 0, span, region, split: None, histogram: None }];
        if self.open(&leaves[0], 1, rules) {
            self.search_root(&mut leaves[0], sums, rules, &allow());
        }
        while let Some((at, split)) = best(&leaves).filter(|_| leaves.len() < self.shape.leaves_max) {
            let leaf = leaves.swap_remove(at);
            let lefts = split.lefts();
            let spans = self.rows.divide(&leaf.span, self.binned.column(split.slot), &lefts);
            let counted = [0, 1].map(|side| (spans[side].len() as f64 * share).round() as usize);
            let regions = leaf.region.children(&split, counted, self.signs[split.slot], rules);
            let child = tree.split(
                leaf.node,
                |child| self.node(&split, child),
                regions.map(|region| scale.value(region.value(rules))),
                regions.map(|region| scale.weight(region.sum)),
            );
            let [left, right] = spans;
            let depth = leaf.depth + 1;
            let mut children = [(child, left, regions[0]), (child + 1, right, regions[1])]
                .map(|(node, span, region)| Leaf { node, depth, span, region, split: None, histogram: None });
            self.search(&mut children, leaf.histogram, sums, leaves.len() + 2, rules, &mut allow);
            leaves.extend(children);
        }
        for leaf in &mut leaves {
            self.spare.extend(leaf.histogram.take());
        }
        leaves.sort_unstable_by_key(|leaf| leaf.node);
        Grown { tree, leaves: leaves.into_iter().map(|leaf| (leaf.node, leaf.span)).collect() }
    }

    /// The rows of each leaf, ascending, by its node.
    pub(super) fn leaves<'b>(&'b self, grown: &'b Grown) -> Vec<(u32, &'b [u32])> {
        grown.leaves.iter().map(|(node, span)| (*node, self.rows.of(span))).collect()
    }

    fn node(&self, split: &Split, child: u32) -> Node {
        Node {
            threshold: self.binned.threshold(split.slot, split.bin),
            child,
            feature: self.binned.slots[split.slot].feature as u16,
            missing_right: split.missing_right,
        }
    }

    /// Whether a leaf may be split in a tree of so many leaves.
    fn open(&self, leaf: &Leaf, leaves: usize, rules: &Rules) -> bool {
        leaves < self.shape.leaves_max && leaf.depth < self.shape.depth_max && leaf.region.divisible(rules)
    }

    fn take_parts(&mut self) -> Vec<Histogram> {
        let slots = self.binned.slots.len();
        (0..self.tasks).map(|_| self.spare.pop().unwrap_or_else(|| vec![[Sum::ZERO; 256]; slots])).collect()
    }

    fn search_root(&mut self, leaf: &mut Leaf, sums: &[Sum], rules: &Rules, allowed: &[bool]) {
        let mut parts = self.take_parts();
        let filled = histogram::fill(self.binned, self.rows.of(&leaf.span), sums, &mut parts);
        let search = [Some(Search { region: &leaf.region, allowed }), None];
        let found = histogram::search(self.binned, &mut parts[..filled], None, search, &self.signs, rules);
        leaf.split = found[0];
        leaf.histogram = (filled > 0).then(|| parts.swap_remove(0));
        self.spare.extend(parts);
    }

    /// Finds the best split of both children.
    fn search(
        &mut self,
        children: &mut [Leaf; 2],
        parent: Option<Histogram>,
        sums: &[Sum],
        leaves: usize,
        rules: &Rules,
        allow: &mut impl FnMut() -> Vec<bool>,
    ) {
        let Some(mut parent) = parent else { return };
        let open = [0, 1].map(|side| self.open(&children[side], leaves, rules));
        if open == [false, false] {
            self.spare.push(parent);
            return;
        }
        let allowed = open.map(|open| if open { allow() } else { Vec::new() });
        let small = usize::from(children[1].span.len() < children[0].span.len());
        let large = 1 - small;
        let mut parts = self.take_parts();
        let filled = histogram::fill(self.binned, self.rows.of(&children[small].span), sums, &mut parts);
        let searches = [small, large].map(|side| {
            open[side].then(|| Search { region: &children[side].region, allowed: &allowed[side] })
        });
        let found = histogram::search(
            self.binned,
            &mut parts[..filled],
            Some(&mut parent),
            searches,
            &self.signs,
            rules,
        );
        [children[small].split, children[large].split] = found;
        for (side, histogram) in [(small, parts.swap_remove(0)), (large, parent)] {
            if children[side].split.is_some() {
                children[side].histogram = Some(histogram);
            } else {
                self.spare.push(histogram);
            }
        }
        self.spare.extend(parts);
    }
}

/// The leaf whose split gains most, the earlier node among equals.
fn best(leaves: &[Leaf]) -> Option<(usize, Split)> {
    let splits = leaves.iter().enumerate().filter_map(|(at, leaf)| Some((at, leaf.split?)));
    splits.max_by(|(at, one), (other_at, other)| {
        let earlier = leaves[*other_at].node.cmp(&leaves[*at].node);
        one.gain.total_cmp(&other.gain).then(earlier)
    })
}
