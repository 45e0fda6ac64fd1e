//! Floor 6: whom to contact, by which step of the policy and in what order; what may be claimed, and how it may be paid.
//!
//! [`ladder`] is the policy, [`stage`] says which step of it each account is at, [`suppress`] takes out what must not be chased,
//! [`worklist`] and [`priority`] rank the rest, and [`capacity`] lays it into collectors' days; [`letter`] writes; [`claim`],
//! [`discount`] and [`late_fee`] say what is owed, [`plan`] how it may be paid off, [`credit`] what to grant next; [`replay`] works
//! the past through again.

pub mod capacity;
pub mod claim;
pub mod contact;
pub mod credit;
pub mod discount;
pub mod ladder;
pub mod late_fee;
pub mod letter;
pub mod level;
mod misread;
pub mod outcome;
pub mod owed;
pub mod plan;
pub mod priority;
pub mod promise;
pub mod replay;
pub mod stage;
pub mod suppress;
#[cfg(test)]
mod tests;
pub mod worklist;
