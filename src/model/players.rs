//! Who shares in an explanation: features that say the same to a collector are one player, and get one part.

use ndarray::Array2;

use crate::asof::feature::seen::Seen;

/// The players of a model's features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Players {
    of_feature: Vec<usize>,
    names: Vec<&'static str>,
}

impl Players {
    /// The groups of these features.
    pub fn new(seen: &Seen) -> Self {
        let mut names: Vec<&'static str> = Vec::new();
        let of_feature = seen
            .features()
            .map(|(family, _)| {
                let group = group(family);
                names.iter().position(|name| *name == group).unwrap_or_else(|| {
                    names.push(group);
                    names.len() - 1
                })
            })
            .collect();
        Self { of_feature, names }
    }

    /// The player of a feature, by its column.
    pub fn of(&self, feature: usize) -> usize {
        self.of_feature[feature]
    }

    /// The player of each feature.
    pub fn of_features(&self) -> &[usize] {
        &self.of_feature
    }

    /// Their names.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// A part of nothing for each, of so many rows.
    pub fn zeros(&self, rows: usize) -> Array2<f64> {
        Array2::zeros((rows, self.names.len()))
    }
}

/// Families that say the same are one group.
fn group(family: &'static str) -> &'static str {
    match family {
        "paid" | "shrunk" => "habit",
        other => other,
    }
}
