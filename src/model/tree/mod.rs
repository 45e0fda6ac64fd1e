//! Trees: one kernel for boosting and for forests. Features become bytes ([`bins`], [`category`]), gradients whole
//! numbers ([`sums`]), and their sums per bin a split ([`histogram`], [`split`]). [`grow`] adds the leaf that gains
//! most, [`deep`] goes to the bottom; both divide [`rows`] in place. [`predict`] walks raw values, [`family`] those
//! of rows that are nearly alike, [`shap`] takes a score apart.

mod bins;
mod boost;
mod boost_params;
mod category;
mod data;
mod deep;
mod family;
mod forest;
mod grow;
mod histogram;
mod loss;
mod node;
mod predict;
mod rows;
mod shap;
mod shap_walk;
mod split;
mod sums;

pub use boost::Boost;
pub use boost_params::{BoostParams, CheckedBoostParams};
pub use family::Families;
pub use forest::{CheckedForestParams, Forest, ForestKind, ForestParams};
pub use node::{DEPTH_MAX, FEATURES_MAX, Tree};
pub use shap::Explainer;

#[cfg(test)]
mod tests;
