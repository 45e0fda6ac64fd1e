//! Walking rows of raw values down many trees. Rows are copied in blocks, since a block stays in the cache while
//! every tree passes over it, and eight of them go down a tree side by side, since the steps of one row wait for one
//! another.

use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

use super::category::Categories;
use super::node::{Node, Tree};

/// Fewest rows of a block.
const BLOCK_ROWS_MIN: usize = 64;

/// Most rows of a block: a large tree is read once for all of them.
const BLOCK_ROWS_MAX: usize = 1_024;

/// Most values of a block, however wide its rows are.
const BLOCK_VALUES_MAX: usize = 1 << 18;

/// Rows that go down a tree side by side.
const LANES: usize = 8;

/// Raw values as trees compare them, row by row.
#[derive(Debug, Clone)]
pub(super) struct Block {
    values: Vec<f64>,
    width: usize,
}

impl Block {
    /// A block for rows of so many features.
    pub(super) fn new(features: usize) -> Self {
        // A leaf reads a value too, so there is always one.
        Self { values: Vec::new(), width: features.max(1) }
    }

    /// Takes over rows. Columns that are not there are missing; infinities become the largest numbers.
    pub(super) fn load(&mut self, rows: ArrayView2<f64>, categories: &Categories) {
        self.values.clear();
        for row in rows.axis_iter(Axis(0)) {
            let start = self.values.len();
            self.values.extend(row.iter().take(self.width).map(|value| value.clamp(f64::MIN, f64::MAX)));
            self.values.resize(start + self.width, f64::NAN);
            categories.rank(&mut self.values[start..]);
        }
    }

    /// The rows, one after another.
    pub(super) fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.width)
    }

    /// Adds a tree's value for each row.
    fn add(&self, tree: &Tree, scores: &mut [f64]) {
        let lanes = self.values.chunks_exact(self.width * LANES);
        let rest = lanes.remainder().chunks_exact(self.width);
        let (eights, ones) = scores.as_chunks_mut::<LANES>();
        for (rows, scores) in lanes.zip(eights) {
            let leaves = walk::<LANES>(&tree.nodes, rows, self.width);
            for (score, leaf) in scores.iter_mut().zip(leaves) {
                *score += tree.values[leaf as usize];
            }
        }
        for (row, score) in rest.zip(ones) {
            let [leaf] = walk::<1>(&tree.nodes, row, self.width);
            *score += tree.values[leaf as usize];
        }
    }
}

/// The leaves that rows end in. All walk until the last one has arrived; those at a leaf stay there.
fn walk<const LANES: usize>(nodes: &[Node], rows: &[f64], width: usize) -> [u32; LANES] {
    let mut at = [0_u32; LANES];
    loop {
        let mut moved = 0;
        for (lane, at) in at.iter_mut().enumerate() {
            let node = nodes[*at as usize];
            let next = node.next(rows[lane * width + usize::from(node.feature)]);
            moved |= next ^ *at;
            *at = next;
        }
        if moved == 0 {
            return at;
        }
    }
}

/// Adds the values of all trees for each row to `scores`.
pub(super) fn add_trees(
    trees: &[Tree],
    features: usize,
    categories: &Categories,
    rows: ArrayView2<f64>,
    scores: &mut [f64],
) {
    let nodes = trees.iter().map(|tree| tree.nodes.len()).max().unwrap_or(0);
    let block_rows =
        (nodes / 8).clamp(BLOCK_ROWS_MIN, BLOCK_ROWS_MAX).min(BLOCK_VALUES_MAX / features.max(1)).max(LANES);
    let blocks = scores.par_chunks_mut(block_rows).enumerate();
    blocks.for_each_init(
        || Block::new(features),
        |block, (at, scores)| {
            let start = at * block_rows;
            let end = (start + scores.len()).min(rows.nrows());
            block.load(rows.slice_axis(Axis(0), (start.min(end)..end).into()), categories);
            for tree in trees {
                block.add(tree, scores);
            }
        },
    );
}
