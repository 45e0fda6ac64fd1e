//! The features that a model sees: by name, so that a model keeps working when the registry has learned more.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Feature, by_family};
use crate::base::digest;

/// Names of families and features, in the order of the columns.
static REGISTRY: LazyLock<Vec<(&'static str, &'static Feature)>> = LazyLock::new(|| by_family().collect());

/// Some of the registry's features, in the order in which a model has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Seen {
    positions: Vec<usize>,
}

impl Seen {
    /// All of them.
    pub fn all() -> Self {
        Self { positions: (0..REGISTRY.len()).collect() }
    }

    /// These; an error names the first that the registry does not have.
    pub fn named<Name: AsRef<str>>(names: &[Name]) -> Result<Self, String> {
        let position = |name: &Name| {
            let at = REGISTRY.iter().position(|(_, feature)| feature.name == name.as_ref());
            at.ok_or_else(|| format!("there is no feature `{}`", name.as_ref()))
        };
        Ok(Self { positions: names.iter().map(position).collect::<Result<_, _>>()? })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// Where each stands in the registry.
    pub fn positions(&self) -> &[usize] {
        &self.positions
    }

    /// Family and feature of each.
    pub fn features(&self) -> impl ExactSizeIterator<Item = (&'static str, &'static Feature)> {
        self.positions.iter().map(|&at| REGISTRY[at])
    }

    /// Identifies the set. A feature that comes to be computed otherwise gets another name.
    pub fn hash(&self) -> String {
        let names: Vec<&str> = self.features().map(|(_, feature)| feature.name).collect();
        digest::of_bytes(names.join("\n").as_bytes())
    }

    /// Where a feature stands among them.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.features().position(|(_, feature)| feature.name == name)
    }
}

impl TryFrom<Vec<String>> for Seen {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Self, String> {
        Self::named(&names)
    }
}

impl From<Seen> for Vec<String> {
    fn from(seen: Seen) -> Self {
        seen.features().map(|(_, feature)| feature.name.to_owned()).collect()
    }
}
