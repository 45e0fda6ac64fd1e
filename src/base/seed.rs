//! Randomness that is the same on every machine and at any thread count: a stream per (seed, purpose, index).

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// The generator used everywhere; its output is fixed by its definition.
pub type Stream = Xoshiro256PlusPlus;

/// The stream of `index` for `purpose` under `seed`. Streams of different purposes or indexes are unrelated,
/// so work can be split over threads without changing a number.
pub fn stream(seed: u64, purpose: &str, index: u64) -> Stream {
    // FNV-1a of the purpose, then two rounds of the SplitMix64 finaliser to spread neighbouring indexes.
    let purpose = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Stream::seed_from_u64(mix(mix(seed ^ purpose).wrapping_add(index)))
}

fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
