//! duewise reads the ledgers that a finance team can export from any system, says which invoices will be paid late, and
//! writes the ranked call list that a collector works through in the morning.
//!
//! The types in the order in which they are met:
//!
//! 1. [`ledger::mapping::Mapping`] says how foreign files become the canonical tables of [`ledger::table::TABLES`].
//! 2. [`ledger::load::load`] reads them into a [`ledger::Ledger`]; every row that is not accepted is in its
//!    [`ledger::intake::Intake`] with code, place and remedy.
//! 3. [`asof::view::LedgerView`] is the only door to the facts: nothing passes that was not known on its day.
//! 4. [`asof::frame::FeatureTable`] and [`asof::frame::TrainingTable`] are what models see.
//! 5. [`model::train::Training`] fits on linfa's contract; only a [`model::calibrate::Calibrated`] model can score, and
//!    [`model::artefact::Artefact`] keeps it.
//! 6. [`model::score::RiskScore`] is the risk of one open invoice, with reasons that sum to it.
//! 7. [`collect::worklist::Worklist`] ranks the accounts to call and lists those not to call.
//! 8. [`asof::documents::Documents`] are bills, invoices, orders, receipts and payments as they were known on a day, and
//!    [`exception::finding::Finding`] is what does not fit among them.
//!
//! [`flow`] puts them in order. The modules stand on floors, and use only their own and lower ones:
//! [`base`] < [`statute`] < [`ledger`] < [`asof`], [`synth`] < [`model`] < [`exception`] < [`collect`] < [`report`], [`flow`] < [`cli`].

pub mod asof;
pub mod base;
pub mod cli;
pub mod collect;
pub mod exception;
pub mod flow;
pub mod ledger;
pub mod model;
pub mod report;
pub mod statute;
pub mod synth;
