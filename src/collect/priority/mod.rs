//! What contacting an account now is worth, from what is open, how late it is expected to be, and an assumption: an export
//! shows no contacts that were drawn by lot, so what a contact changes cannot be learned from it. It is stated here, it can be
//! swept ([`sweep`]), and a group left alone by lot lets it be measured later ([`holdout`]).
//!
//! The value of a contact about an item is what the item is expected to cost without one × the share of it that the contact
//! is assumed to save. It costs interest for the days late still expected, as much again as some more days if it is late at
//! all, and what is never paid. A share that is the same for every item moves no rank: it says only what the list is worth.

pub mod assumption;
pub mod holdout;
pub mod order;
pub mod sweep;

pub use assumption::Assumptions;

#[cfg(test)]
mod tests;
