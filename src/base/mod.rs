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

/// So many things in words: `1 row`, `2 rows`.
pub fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
