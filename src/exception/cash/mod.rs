//! Cash application: which receipts settle which open items.
//!
//! [`block`] finds pairs worth a look, [`pair`] says what speaks for each, [`sums`] and [`sets`] put pairs together to
//! sets, [`net`] sets credit notes off, and a model learned from past allocations ([`learn`], [`model`]) says how likely each set is right. [`apply`]
//! hands out receipts and items, none twice; what [`guard`] has something against is not booked unseen; and [`leftover`] says
//! why the rest is left.

mod alike;
pub mod apply;
mod block;
pub mod books;
mod desk;
mod difference;
mod evidence;
mod guard;
mod hold;
pub mod learn;
mod leftover;
mod lesson;
pub mod model;
mod net;
mod pair;
mod part;
mod payer;
mod reason;
mod set_row;
mod sets;
mod sums;
#[cfg(test)]
mod tests;
mod text;

use crate::base::day::Day;
use crate::base::money::Currency;

pub use apply::Applied;
pub use difference::{Cause, Difference};
pub use hold::Hold;
pub use leftover::{Leftover, Why};
pub use model::CashModel;

/// A claim that is not settled yet, or a credit note that is not used up.
#[derive(Debug, Clone)]
pub struct Item {
    /// Names it in results; not looked for in texts unless it is one of the references too.
    pub id: String,
    /// Every number that a payer may write for it: invoice, order, billing document, assignment.
    pub references: Vec<String>,
    /// Number of the customer.
    pub customer: String,
    /// Name of the customer.
    pub name: String,
    /// What is still open, in minor units; less than nothing of a credit note.
    pub amount: i64,
    /// Currency of the amount.
    pub currency: Currency,
    /// Day of issue.
    pub issued: Day,
    /// Day by which it is to be paid.
    pub due: Day,
    /// Discount for paying early.
    pub discount: Option<Discount>,
    /// In dispute or on hold: never settled unseen.
    pub held: bool,
}

/// What a payer may keep back for paying early.
#[derive(Debug, Clone, Copy)]
pub struct Discount {
    /// Minor units.
    pub amount: i64,
    /// Last day on which it may be taken.
    pub until: Day,
}

/// Money that came in.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Names it in results.
    pub id: String,
    /// Number of the customer where it is known.
    pub customer: Option<String>,
    /// Name of the payer as the bank writes it.
    pub payer: String,
    /// Account it came from.
    pub account: String,
    /// What the payer wrote.
    pub memo: String,
    /// Minor units, where known.
    pub amount: Option<i64>,
    /// Currency of the amount.
    pub currency: Currency,
    /// Day it came in.
    pub day: Day,
    /// Why it is not to be applied, if it is not.
    pub held: Option<Hold>,
}

/// What the ledger knows besides what is open: who else may have paid, and what else a payer may mean.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Customers, whether anything of theirs is open or not.
    pub customers: Vec<Customer>,
    /// Documents that are not open. What no memo names may be left out.
    pub closed: Vec<Closed>,
}

/// Who may pay.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// The account it pays from, if one is on file.
    pub account: String,
}

/// A document that asks for nothing any more: settled, used up or void.
#[derive(Debug, Clone)]
pub struct Closed {
    /// Names it in reasons.
    pub id: String,
    /// Every number that a payer may write for it.
    pub references: Vec<String>,
    /// Number of the customer.
    pub customer: String,
    /// Receipts that were applied to it.
    pub paid_by: Vec<String>,
}

/// Receipts and the items that they settle, by position, each in rising order. One of the two has one member, but for credit
/// notes among the items, which are set off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Set {
    /// Positions of the receipts.
    pub receipts: Vec<u32>,
    /// Positions of the items.
    pub items: Vec<u32>,
}

impl Set {
    /// One receipt and one item.
    fn one(receipt: u32, item: u32) -> Self {
        Self { receipts: vec![receipt], items: vec![item] }
    }
}

/// Open items with the receipts of a time, and of the past which settled which.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// Items as they were open.
    pub items: Vec<Item>,
    /// Receipts.
    pub receipts: Vec<Receipt>,
    /// What was allocated to what. What is in no set was left over.
    pub sets: Vec<Set>,
}

/// What is to be done with a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Sure enough to be booked unseen.
    Automatic,
    /// To be confirmed.
    Proposed,
    /// The payer means these items, but the money does not settle them: a short pay, an over pay or an instalment.
    Partial,
}

/// Receipts that settle items.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Who settles what.
    pub set: Set,
    /// Probability that exactly this set is right.
    pub confidence: f64,
    /// What is to be done with it.
    pub standing: Standing,
    /// What was paid less or more than asked, and why.
    pub difference: Difference,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// Pairs of the past's sets, and how many of them are compared at all: how complete the blocking is.
pub fn blocked(past: &Past) -> (usize, usize) {
    learn::blocked(past)
}
