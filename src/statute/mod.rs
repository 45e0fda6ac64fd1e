//! Floor 1: what law and standards fix, read from the dated tables under `data/statute/`, each row with its source.

pub mod bank_day;
pub mod currency;
pub mod legal_form;
