//! Rows that differ in their first columns only, walked down a tree together: what they share is compared once for all of
//! them, and a row follows the others until one of its own values parts them.

use super::category::Categories;
use super::node::{Node, Tree};

/// Most rows that are walked together: a bit each.
pub(super) const MEMBERS_MAX: usize = 64;

/// Some rows as trees compare them.
pub(super) struct Family {
    /// Own values: for each of the first columns, one a row.
    own: Vec<[f64; MEMBERS_MAX]>,
    /// Values of the columns after those.
    shared: Vec<f64>,
    /// A bit for each row.
    all: u64,
    /// How many values of a column are compared: whole eights, that a compiler makes one comparison of.
    compared: usize,
    /// Nodes still to be visited, with the rows that come to them.
    ahead: Vec<(u32, u64)>,
}

impl Family {
    /// At most [`MEMBERS_MAX`] rows of `features` columns, the first of them their own. Columns that are not there are missing;
    /// infinities become the largest numbers.
    pub(super) fn new<const OWN: usize>(
        members: &[[f64; OWN]],
        shared: &[f64],
        features: usize,
        categories: &Categories,
    ) -> Self {
        let mut own = vec![[f64::NAN; MEMBERS_MAX]; OWN.min(features)];
        let mut row = Vec::new();
        for (at, member) in members.iter().take(MEMBERS_MAX).enumerate() {
            row.clear();
            row.extend(
                member.iter().chain(shared).take(features).map(|value| value.clamp(f64::MIN, f64::MAX)),
            );
            row.resize(features, f64::NAN);
            categories.rank(&mut row);
            own.iter_mut().zip(&row).for_each(|(column, value)| column[at] = *value);
        }
        let shared = row.split_off(own.len().min(row.len()));
        let all = u64::MAX.checked_shr(MEMBERS_MAX.saturating_sub(members.len()) as u32).unwrap_or(0);
        let compared = members.len().next_multiple_of(8).min(MEMBERS_MAX);
        Self { own, shared, all, compared, ahead: Vec::new() }
    }

    /// Adds a tree's value for each row.
    pub(super) fn add(&mut self, tree: &Tree, scores: &mut [f64]) {
        self.ahead.push((0, self.all));
        while let Some((mut at, mut rows)) = self.ahead.pop() {
            loop {
                let node = tree.nodes[at as usize];
                if node.child == at {
                    break;
                }
                let feature = usize::from(node.feature);
                match self.own.get(feature) {
                    None => at = node.next(self.shared[feature - self.own.len()]),
                    Some(values) => {
                        let right = right(&values[..self.compared], node);
                        let (to_left, to_right) = (rows & !right, rows & right);
                        if to_left != 0 && to_right != 0 {
                            self.ahead.push((node.child + 1, to_right));
                        }
                        at = node.child + u32::from(to_left == 0);
                        rows = if to_left == 0 { to_right } else { to_left };
                    }
                }
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

/// Rows that go to the right, by their values of a node's feature.
fn right(values: &[f64], node: Node) -> u64 {
    let (eights, _) = values.as_chunks::<8>();
    let byte = |eight: &[f64; 8]| {
        let above =
            eight.map(|value| u64::from((value > node.threshold) | (value.is_nan() & node.missing_right)));
        above.iter().enumerate().fold(0, |byte, (bit, above)| byte | above << bit)
    };
    eights.iter().enumerate().fold(0, |bits, (at, eight)| bits | byte(eight) << (8 * at))
}
