//! duewise
pub mod asof;
pub mod base;
pub mod ledger;
pub mod model;
pub mod statute;
