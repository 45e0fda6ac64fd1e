//! Floor 6: whom to call this morning, and what may be claimed. [`suppress`] takes out what must not be chased, [`worklist`] ranks the
//! rest; [`claim`] and [`plan`] say what is owed and how it may be paid off.

pub mod claim;
pub mod credit;
pub mod discount;
pub mod late_fee;
pub mod plan;
pub mod suppress;
pub mod worklist;
