//! Keys of rows as prints of 128 bits: what is known of five million ids fits in memory where the ids would not. Two
//! different ids among a hundred million have the same print with a chance below one in ten to the twentieth power.

use std::hash::{BuildHasher as _, Hasher as _};

use foldhash::{fast, quality};

/// Fixed seeds: prints must not differ between runs.
const SEEDS: [u64; 2] = [0x6475_6577, 0x6973_6521];

/// The print of a key's parts, in order.
pub fn of<T: AsRef<str>>(parts: impl Iterator<Item = T>) -> u128 {
    let [mut high, mut low] = SEEDS.map(|seed| quality::FixedState::with_seed(seed).build_hasher());
    for part in parts {
        let part = part.as_ref().as_bytes();
        high.write(part);
        // Parts are kept apart, so that `a`, `bc` and `ab`, `c` differ.
        high.write_usize(part.len());
        low.write(part);
        low.write_usize(part.len());
    }
    u128::from(high.finish()) << 64 | u128::from(low.finish())
}

/// A shorter print of any parts, in order: rows of one key are compared by it.
pub fn content<'a>(parts: impl Iterator<Item = &'a str>) -> u64 {
    let mut hasher = fast::FixedState::with_seed(SEEDS[0]).build_hasher();
    let mut lengths = 0_u64;
    for part in parts {
        // Most columns of most exports are empty.
        if !part.is_empty() {
            hasher.write(part.as_bytes());
        }
        lengths = lengths.wrapping_mul(LENGTHS_FACTOR).wrapping_add(part.len() as u64 + 1);
    }
    hasher.write_u64(lengths);
    hasher.finish()
}

/// Odd, and larger than any length of a cell: lengths in another order make another sum.
const LENGTHS_FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The print of a key of one part.
pub fn one(text: &str) -> u128 {
    of(std::iter::once(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_tell_keys_apart_and_do_not_change() {
        assert_eq!(one("INV-1"), one("INV-1"));
        assert_ne!(one("INV-1"), one("INV-2"));
        assert_ne!(of(["a", "bc"].into_iter()), of(["ab", "c"].into_iter()));
        assert_ne!(of(["", "a"].into_iter()), of(["a", ""].into_iter()));
    }
}
