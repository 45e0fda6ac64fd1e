//! Floor 6: whom to call this morning. [`suppress`] takes out what must not be chased, [`worklist`] ranks the rest.

pub mod suppress;
pub mod worklist;
