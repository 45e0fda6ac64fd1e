//! Isolation forest (Liu et al. 2008): cuts at random features and places part an odd bill from the others after few cuts.

use ndarray::Array2;
use rand::Rng as _;
use rayon::prelude::*;

use crate::base::seed::{self, Stream};

/// Trees, and bills that each is grown on: the authors' figures, beyond which nothing improves.
const TREES: u64 = 100;
const TREE_ROWS: usize = 256;

/// Cuts after which a tree stops: as many as a balanced tree of its bills has.
const DEPTH_MAX: usize = 8;

/// A step of a walk.
enum Node {
    /// Values below go to the first child, the others to the second.
    Cut { feature: usize, place: f64, below: usize, above: usize },
    /// Depth of the bills that stop here, what further cuts would add included.
    Leaf(f64),
}

/// Rows that are walked through one tree before the next: a tree stays in the processor's cache for all of them.
const BLOCK: usize = 512;

/// Oddness of each row, from 0 to 1: a half is usual.
pub(super) fn oddness(rows: &Array2<f64>, seed: u64) -> Vec<f64> {
    let trees: Vec<Vec<Node>> = (0..TREES).into_par_iter().map(|tree| grow(rows, seed, tree)).collect();
    let usual = depth_of(TREE_ROWS.min(rows.nrows()));
    let standard = rows.as_standard_layout();
    let values = standard.as_slice().unwrap_or_default();
    let columns = rows.ncols().max(1);
    let of_block = |block: &[f64]| {
        let mut depths = vec![0.0; block.len() / columns];
        for tree in &trees {
            for (sum, row) in depths.iter_mut().zip(block.chunks_exact(columns)) {
                *sum += depth(tree, row);
            }
        }
        depths.into_iter().map(move |sum| (-sum / TREES as f64 / usual * std::f64::consts::LN_2).exp())
    };
    values.par_chunks(columns * BLOCK).flat_map_iter(of_block).collect()
}

fn grow(rows: &Array2<f64>, seed: u64, tree: u64) -> Vec<Node> {
    let mut rng = seed::stream(seed, "isolation", tree);
    let taken = (0..TREE_ROWS.min(rows.nrows())).map(|_| rng.gen_range(0..rows.nrows())).collect();
    let mut nodes = Vec::new();
    part(rows, taken, 0, &mut nodes, &mut rng);
    nodes
}

/// Grows the node of these rows and all below it; says where it is.
fn part(
    rows: &Array2<f64>,
    taken: Vec<usize>,
    depth: usize,
    nodes: &mut Vec<Node>,
    rng: &mut Stream,
) -> usize {
    let at = nodes.len();
    nodes.push(Node::Leaf(depth as f64 + depth_of(taken.len())));
    let value = |row: usize, feature: usize| rows.get((row, feature)).copied().unwrap_or(0.0);
    let ends = |feature: usize| {
        taken.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), &row| {
            (least.min(value(row, feature)), most.max(value(row, feature)))
        })
    };
    let differing: Vec<(usize, f64, f64)> = (0..rows.ncols())
        .map(|feature| (feature, ends(feature).0, ends(feature).1))
        .filter(|(_, least, most)| least < most)
        .collect();
    if depth == DEPTH_MAX || taken.len() < 2 || differing.is_empty() {
        return at;
    }
    let Some(&(feature, least, most)) = differing.get(rng.gen_range(0..differing.len())) else { return at };
    let place = rng.gen_range(least..most);
    let (low, high): (Vec<usize>, Vec<usize>) =
        taken.into_iter().partition(|&row| value(row, feature) <= place);
    let below = part(rows, low, depth + 1, nodes, rng);
    let above = part(rows, high, depth + 1, nodes, rng);
    if let Some(node) = nodes.get_mut(at) {
        *node = Node::Cut { feature, place, below, above };
    }
    at
}

fn depth(tree: &[Node], row: &[f64]) -> f64 {
    let mut at = 0;
    loop {
        match tree.get(at) {
            Some(&Node::Cut { feature, place, below, above }) => {
                at = if row.get(feature).is_some_and(|value| *value <= place) { below } else { above };
            }
            Some(Node::Leaf(depth)) => return *depth,
            None => return 0.0,
        }
    }
}

/// Mean depth at which a random tree of so many rows finds one: of an unsuccessful search in a binary tree.
fn depth_of(rows: usize) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    match rows {
        0 | 1 => 0.0,
        2 => 1.0,
        _ => {
            let rows = rows as f64;
            2.0 * ((rows - 1.0).ln() + EULER) - 2.0 * (rows - 1.0) / rows
        }
    }
}
