//! Floor 7: results, first as values ([`ageing`], [`tables`], [`manifest`]), then rendered ([`write`], [`summary`]).

pub mod ageing;
pub mod blocked;
pub mod cash;
pub mod claims;
pub mod credit;
pub mod drifted;
pub mod exceptions;
pub mod explained;
pub mod kpi;
pub mod manifest;
pub mod matches;
pub mod plans;
pub mod replayed;
pub mod settlement;
pub mod stages;
pub mod summary;
pub mod swept;
pub mod tables;
pub mod write;
