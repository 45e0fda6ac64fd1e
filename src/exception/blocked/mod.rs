//! Which bills will be blocked: the probability that a payment block on a bill has to be removed by hand, learned from the
//! past releases of the ledger.
//!
//! What is asked of a bill is what was known when a day began: how its supplier's other bills fared ([`rate`]), above all those
//! most like it ([`alike`]), and the bill's own facts ([`feature`]). A forest learns from the rows of past bills, each as it was
//! known on the day of its booking, and is averaged with the rate of those most like it ([`learn`]). The rule to beat is the
//! supplier's own decayed rate: on a date-ordered back-test within the past ([`duel`]) the model must rank better by both
//! measures, or the rule answers. Rows are whole bills: lines of one bill share its outcome, and would give it away.

mod alike;
mod bill;
mod book;
mod duel;
mod feature;
mod learn;
mod outlook;
mod pace;
mod rate;
mod reason;
#[cfg(test)]
mod tests;

pub use bill::{Bill, HORIZON_DAYS};
pub use duel::{Duel, Figures};
pub use learn::BlockModel;
pub use outlook::{Asked, Outlook, open};
pub use reason::Reason;
