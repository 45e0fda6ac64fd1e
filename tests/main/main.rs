//! The one integration binary: what a user meets (files in, files and text out) and what must stay true of it.
//! Not for the inner workings of one file: those are tested beside it in `src`.
//!
//! Expected values are worked out by hand or by another way to the same figure, never copied from output.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking, and is documented by its name"
)]

mod cash_cases;
mod cash_cases_made;
mod catalogue;
mod claims;
mod cli;
mod conserved;
mod determinism;
mod exceptions;
mod exports;
mod features;
mod figures;
mod foreign;
mod fuzz;
mod leakage;
mod letters;
mod lifecycle;
mod matching;
mod model;
mod plans;
mod properties;
mod settlement;
mod statute;
mod support;
mod tidy;
mod triage;
