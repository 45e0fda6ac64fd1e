//! Floor 1: what law and standards fix, read from the dated tables under `data/statute/`, each row with its source.

pub mod bank_day;
pub mod compensation;
pub mod currency;
pub mod fee_cap;
pub mod interest;
pub mod legal_form;
pub mod reference;
pub mod valid;
