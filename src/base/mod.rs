//! Floor 0: the words every other floor speaks. Errors, money, days, digests, limits and seeds.
//! Nothing here knows what an invoice is.

pub mod day;
pub mod digest;
pub mod error;
pub mod limits;
pub mod money;
pub mod percent;
pub mod seed;
pub mod sheet;
