//! One row's way through one tree for [`super::shap`]: products go down, sums of leaves come up.

use super::node::{Node, Tree};

/// A tree as it is walked.
#[derive(Debug, Clone)]
pub(super) struct Steps(Vec<Step>);

/// A node as it is walked.
#[derive(Debug, Clone, Copy)]
struct Step {
    node: Node,
    player: u32,
    /// Share of the parent's cover.
    share: f64,
    value: f64,
}

/// How a player stands on the way down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Cover share of its splits so far.
    share: f64,
    /// Whether the row agrees with all of them.
    agrees: bool,
}

/// A row on its way, and what is worked out for it.
pub(super) struct Walk<'a, const POINTS: usize> {
    row: &'a [f64],
    standing: &'a mut [Standing],
    parts: &'a mut [f64],
    /// Points `t` of the rule, and what is left of them to one.
    near: [f64; POINTS],
    far: [f64; POINTS],
    weights: [f64; POINTS],
}

impl Standing {
    /// Not met yet.
    pub(super) const APART: Self = Self { share: 1.0, agrees: true };
}

impl Steps {
    pub(super) fn new(tree: &Tree, players: &[usize]) -> Self {
        let nodes = tree.nodes.iter().zip(&tree.values);
        let mut steps: Vec<Step> = nodes
            .map(|(&node, &value)| {
                let player = players.get(usize::from(node.feature)).map_or(0, |&player| player as u32);
                Step { node, player, share: 1.0, value }
            })
            .collect();
        for (at, node) in tree.nodes.iter().enumerate() {
            let left = node.child as usize;
            if left != at {
                let both = tree.covers[left] + tree.covers[left + 1];
                steps[left].share = tree.covers[left] / both;
                steps[left + 1].share = tree.covers[left + 1] / both;
            }
        }
        Self(steps)
    }

    /// The mean value by cover.
    pub(super) fn expected(&self) -> f64 {
        self.expected_at(0)
    }

    fn expected_at(&self, at: u32) -> f64 {
        let step = self.0[at as usize];
        if step.node.child == at {
            return step.value;
        }
        let below = |at: u32| self.0[at as usize].share * self.expected_at(at);
        below(step.node.child) + below(step.node.child + 1)
    }

    /// Most different players on a path, of so many in all.
    pub(super) fn most_players(&self, players: usize) -> usize {
        self.most_at(0, &mut vec![0; players], 0)
    }

    fn most_at(&self, at: u32, met: &mut [usize], different: usize) -> usize {
        let step = self.0[at as usize];
        if step.node.child == at {
            return different;
        }
        let player = step.player as usize;
        let different = different + usize::from(met[player] == 0);
        met[player] += 1;
        let [left, right] = [0, 1].map(|side| self.most_at(step.node.child + side, met, different));
        met[player] -= 1;
        left.max(right)
    }
}

impl<'a, const POINTS: usize> Walk<'a, POINTS> {
    /// Starts with a rule of as many points: place and weight of each.
    pub(super) fn new(
        row: &'a [f64],
        rule: &[[f64; 2]],
        standing: &'a mut [Standing],
        parts: &'a mut [f64],
    ) -> Self {
        let near: [f64; POINTS] = std::array::from_fn(|at| rule[at][0]);
        let weights = std::array::from_fn(|at| rule[at][1]);
        Self { row, standing, parts, near, far: near.map(|near| 1.0 - near), weights }
    }

    /// Adds each player's part of the row's value in a tree.
    pub(super) fn explain(&mut self, tree: &Steps) {
        let weights = self.weights;
        self.below(&tree.0, 0, || weights);
    }

    /// With the product of all factors above a node, returns the sum of its leaves' values, each times the product of
    /// all factors between the node and the leaf.
    #[inline]
    fn below(&mut self, steps: &[Step], at: u32, product: impl FnOnce() -> [f64; POINTS]) -> [f64; POINTS] {
        let step = steps[at as usize];
        if step.node.child == at { [step.value; POINTS] } else { self.visit(steps, step, &product()) }
    }

    /// As [`Walk::below`] for a node that is no leaf. The product has the points' weights in it.
    fn visit(&mut self, steps: &[Step], step: Step, product: &[f64; POINTS]) -> [f64; POINTS] {
        let child = step.node.child;
        let player = step.player as usize;
        let before = self.standing[player];
        let agreeing = step.node.next(self.row[usize::from(step.node.feature)]);
        let other = child + child + 1 - agreeing;
        let [share, lost] = [agreeing, other].map(|child| steps[child as usize].share);
        if !before.agrees {
            // Its factor grows by the share on either side, and so do both terms of its part, which is lost already.
            let one = self.below(steps, agreeing, || product.map(|factor| factor * share));
            let two = self.below(steps, other, || product.map(|factor| factor * lost));
            return std::array::from_fn(|at| share * one[at] + lost * two[at]);
        }
        let (share, lost) = (share * before.share, lost * before.share);
        // A player met before leaves its old factor behind.
        let met = before.share < 1.0;
        let (mut undo, mut apart) = ([1.0; POINTS], *product);
        if met {
            undo = std::array::from_fn(|at| 1.0 / (self.far[at] * before.share + self.near[at]));
            apart = std::array::from_fn(|at| product[at] * undo[at]);
        }
        let factors: [f64; POINTS] = std::array::from_fn(|at| self.far[at] * share + self.near[at]);
        self.standing[player] = Standing { share, agrees: true };
        let one = self.below(steps, agreeing, || std::array::from_fn(|at| apart[at] * factors[at]));
        let far = self.far;
        self.standing[player] = Standing { share: lost, agrees: false };
        let two = self.below(steps, other, || std::array::from_fn(|at| apart[at] * far[at] * lost));
        self.standing[player] = before;

        let mut part = (1.0 - share) * dot(&apart, &one) - lost * dot(&apart, &two);
        let mut sum: [f64; POINTS] =
            std::array::from_fn(|at| factors[at] * one[at] + far[at] * lost * two[at]);
        if met {
            sum = std::array::from_fn(|at| sum[at] * undo[at]);
            // Above, these leaves were counted with the old share.
            part -= (1.0 - before.share) * dot(&apart, &sum);
        }
        self.parts[player] += part;
        sum
    }
}

fn dot<const POINTS: usize>(one: &[f64; POINTS], two: &[f64; POINTS]) -> f64 {
    one.iter().zip(two).map(|(one, two)| one * two).sum()
}
