//! A fitted tree. Every node keeps its value and its cover, the weight of the rows it was fitted on, so that a score
//! can be taken apart without the data.

use serde::{Deserialize, Serialize};

/// Most edges from the root to a leaf. A tree of a billion rows halved at every split has thirty.
pub const DEPTH_MAX: usize = 128;

/// Most features of a row.
pub const FEATURES_MAX: usize = 1 << 16;

/// One step of a walk. A leaf leads to itself, so that a walk may take more steps than it needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    /// Rows with values above it go to the right.
    pub(super) threshold: f64,
    /// The left child; the right one is the next node. A leaf's is the leaf.
    pub(super) child: u32,
    pub(super) feature: u16,
    /// Whether rows without the value go to the right.
    pub(super) missing_right: bool,
}

/// A fitted tree: nodes after their parents, children side by side, the root first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Columns", into = "Columns")]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) values: Vec<f64>,
    pub(super) covers: Vec<f64>,
}

/// How a tree is written: a list for each property of its nodes.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Columns {
    /// Feature of a split, zero at a leaf.
    feature: Vec<u16>,
    /// Threshold of a split, zero at a leaf.
    threshold: Vec<f64>,
    /// Left child of a split, zero at a leaf.
    child: Vec<u32>,
    /// Nodes whose missing values go to the right.
    missing_right: Vec<u32>,
    value: Vec<f64>,
    cover: Vec<f64>,
}

impl Node {
    /// The leaf at an index.
    pub(super) fn leaf(at: u32) -> Self {
        Self { threshold: f64::MAX, child: at, feature: 0, missing_right: false }
    }

    /// The child that a value leads to.
    pub(super) fn next(self, value: f64) -> u32 {
        self.child + u32::from((value > self.threshold) | (value.is_nan() & self.missing_right))
    }
}

impl Tree {
    /// A tree of one leaf.
    pub(super) fn root(value: f64, cover: f64) -> Self {
        Self { nodes: vec![Node::leaf(0)], values: vec![value], covers: vec![cover] }
    }

    /// Puts two leaves below a leaf and returns the left one's index.
    pub(super) fn split(
        &mut self,
        at: u32,
        node: impl FnOnce(u32) -> Node,
        values: [f64; 2],
        covers: [f64; 2],
    ) -> u32 {
        let child = self.nodes.len() as u32;
        self.nodes[at as usize] = node(child);
        self.nodes.extend([Node::leaf(child), Node::leaf(child + 1)]);
        self.values.extend(values);
        self.covers.extend(covers);
        child
    }

    /// Number of leaves.
    pub fn leaves(&self) -> usize {
        self.nodes.len().div_ceil(2)
    }

    /// Edges from the root to the farthest leaf.
    pub fn depth(&self) -> usize {
        let mut depths = vec![0; self.nodes.len()];
        for at in 0..self.nodes.len() {
            let child = self.nodes[at].child as usize;
            if child != at {
                depths[child] = depths[at] + 1;
                depths[child + 1] = depths[at] + 1;
            }
        }
        depths.into_iter().max().unwrap_or(0)
    }

    /// Whether it can be walked with rows of so many features: indexes in range, every node but the root the child of
    /// one earlier node, numbers finite, covers positive and those of children summing to their parent's, not too
    /// deep.
    pub fn fits(&self, features: usize) -> bool {
        let nodes = self.nodes.len();
        if nodes == 0 || nodes > u32::MAX as usize || self.values.len() != nodes || self.covers.len() != nodes
        {
            return false;
        }
        let mut parents = vec![0_u8; nodes];
        for (at, node) in self.nodes.iter().enumerate() {
            let child = node.child as usize;
            if child == at {
                continue;
            }
            if child < at || child + 1 >= nodes || usize::from(node.feature) >= features {
                return false;
            }
            parents[child] = parents[child].saturating_add(1);
            parents[child + 1] = parents[child + 1].saturating_add(1);
            let sum = self.covers[child] + self.covers[child + 1];
            if (sum - self.covers[at]).abs() > 1e-6 * self.covers[at] || !node.threshold.is_finite() {
                return false;
            }
        }
        parents[0] == 0
            && parents[1..].iter().all(|&parents| parents == 1)
            && self.values.iter().all(|value| value.is_finite())
            && self.covers.iter().all(|&cover| cover.is_finite() && cover > 0.0)
            && self.depth() <= DEPTH_MAX
    }
}

impl From<Tree> for Columns {
    fn from(tree: Tree) -> Self {
        let leaf = |at: usize| tree.nodes[at].child as usize == at;
        let splits = |at: usize| (!leaf(at)).then(|| tree.nodes[at]);
        let indexes = 0..tree.nodes.len();
        Self {
            feature: indexes.clone().map(|at| splits(at).map_or(0, |node| node.feature)).collect(),
            threshold: indexes.clone().map(|at| splits(at).map_or(0.0, |node| node.threshold)).collect(),
            child: indexes.clone().map(|at| splits(at).map_or(0, |node| node.child)).collect(),
            missing_right: indexes.filter(|&at| tree.nodes[at].missing_right).map(|at| at as u32).collect(),
            value: tree.values,
            cover: tree.covers,
        }
    }
}

impl TryFrom<Columns> for Tree {
    type Error = &'static str;

    fn try_from(columns: Columns) -> Result<Self, Self::Error> {
        let Columns { feature, threshold, child, missing_right, value, cover } = columns;
        if feature.len() != child.len() || threshold.len() != child.len() {
            return Err("a tree's lists differ in length");
        }
        let splits = feature.iter().zip(&threshold).zip(&child);
        let mut nodes: Vec<Node> = (0..)
            .zip(splits)
            .map(|(at, ((&feature, &threshold), &child))| match child {
                0 => Node::leaf(at),
                child => Node { threshold, child, feature, missing_right: false },
            })
            .collect();
        for at in missing_right {
            match nodes.get_mut(at as usize) {
                Some(node) if node.child != at => node.missing_right = true,
                _ => return Err("a tree's missing values go nowhere"),
            }
        }
        let tree = Self { nodes, values: value, covers: cover };
        if tree.fits(FEATURES_MAX) { Ok(tree) } else { Err("a tree is not whole") }
    }
}
