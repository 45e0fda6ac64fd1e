//! How alike two short texts are, by the usual measures, each from 0 to 1.

use strsim::{generic_damerau_levenshtein, generic_jaro};

/// Measures of two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alike {
    /// Jaro similarity.
    pub(super) jaro: f64,
    /// Jaro similarity read from the end: numbers of one supplier begin alike.
    pub(super) jaro_reversed: f64,
    /// Slips that lead from one to the other: a sign changed, added, left out, or two swapped.
    pub(super) slips: usize,
    /// Share of pairs of neighbouring signs that both have (Dice).
    pub(super) bigrams: f64,
    /// Longest run of signs that both have, as a share of the shorter one.
    pub(super) common_run: f64,
}

impl Alike {
    /// Nothing if one of them is empty: nothing is known then.
    pub(super) fn of(left: &str, right: &str) -> Option<Self> {
        if left.is_empty() || right.is_empty() {
            return None;
        }
        let [left, right] = [left, right].map(|text| text.chars().collect::<Vec<char>>());
        let [left_back, right_back] =
            [&left, &right].map(|signs| signs.iter().rev().copied().collect::<Vec<char>>());
        Some(Self {
            jaro: generic_jaro(&left, &right),
            jaro_reversed: generic_jaro(&left_back, &right_back),
            slips: generic_damerau_levenshtein(&left, &right),
            bigrams: bigrams(&left, &right),
            common_run: common_run(&left, &right) as f64 / left.len().min(right.len()) as f64,
        })
    }
}

fn bigrams(left: &[char], right: &[char]) -> f64 {
    let sorted = |signs: &[char]| -> Vec<(char, char)> {
        let mut pairs: Vec<_> = signs.iter().copied().zip(signs.iter().skip(1).copied()).collect();
        pairs.sort_unstable();
        pairs
    };
    let (left, right) = (sorted(left), sorted(right));
    let all = left.len() + right.len();
    if all == 0 {
        return 0.0;
    }
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    let mut both = 0;
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        match one.cmp(other) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                both += 1;
                left.next();
                right.next();
            }
        }
    }
    f64::from(2 * both) / all as f64
}

/// Length of the longest run of signs that both have.
fn common_run(left: &[char], right: &[char]) -> usize {
    let mut longest = 0;
    let mut above = vec![0_usize; right.len()];
    for one in left {
        let mut diagonal = 0;
        for (run, other) in above.iter_mut().zip(right) {
            let here = if one == other { diagonal + 1 } else { 0 };
            diagonal = std::mem::replace(run, here);
            longest = longest.max(here);
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} {right}");
    }

    #[test]
    fn two_swapped_digits_are_one_slip() {
        let alike = Alike::of("12345", "12354").unwrap();
        assert_eq!(alike.slips, 1);
        // All five agree, one pair swapped: (1 + 1 + 4/5) / 3.
        near(alike.jaro, 2.8 / 3.0);
        near(alike.jaro_reversed, 2.8 / 3.0);
        // 12 and 23 of 12 23 34 45 and 12 23 35 54.
        near(alike.bigrams, 0.5);
        // 123 of five.
        near(alike.common_run, 0.6);
    }

    #[test]
    fn equal_texts_are_wholly_alike_and_empty_ones_unknown() {
        let alike = Alike::of("A1", "A1").unwrap();
        assert_eq!((alike.slips, alike.bigrams, alike.common_run), (0, 1.0, 1.0));
        assert_eq!(Alike::of("", "1"), None);
        near(Alike::of("1", "2").unwrap().bigrams, 0.0);
    }
}
