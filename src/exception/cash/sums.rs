//! Which few of many amounts add up to one: meet in the middle, bounded in members and in answers.

/// Amounts that are looked at, the first of a list: two halves of 2¹³ sums at most.
pub(super) const POOL_MAX: usize = 26;

/// Most members of an answer, and most answers: more that add up say nothing any more.
const MEMBERS_MAX: u32 = 12;
const ANSWERS_MAX: usize = 12;

/// Answers that the nearest are taken from: equal amounts add up in countless ways.
const SEEN_MAX: usize = 4_096;

/// All sums of a half in rising order: sum and members as bits.
fn sums(amounts: &[i64], first_bit: usize) -> Vec<(i64, u32)> {
    let mut known = vec![(0, 0_u32)];
    for (bit, &amount) in (first_bit..).zip(amounts) {
        // With and without this amount are both in order: they are merged, which is faster than sorting.
        let mut with = known
            .iter()
            .map(|&(sum, set): &(i64, u32)| (sum.saturating_add(amount), set | 1 << bit))
            .peekable();
        let mut merged = Vec::with_capacity(known.len() * 2);
        for &sum in &known {
            while let Some(next) = with.next_if(|next| *next < sum) {
                merged.push(next);
            }
            merged.push(sum);
        }
        merged.extend(with);
        known = merged;
    }
    known
}

/// Sets of two members or more, as positions among the first [`POOL_MAX`] amounts, whose sum is within `off` of `target`;
/// those nearest to it first, then those of fewer members. No amount is negative.
pub(super) fn adding_up(amounts: &[i64], target: i64, off: i64) -> Vec<Vec<usize>> {
    let amounts = amounts.get(..POOL_MAX).unwrap_or(amounts);
    let (left, right) = amounts.split_at(amounts.len() / 2);
    let of_right = sums(right, left.len());
    let mut from = of_right.len();
    let mut found: Vec<(i64, u32, u32)> = Vec::new();
    for (sum, members) in sums(left, 0) {
        let lowest = target.saturating_sub(off).saturating_sub(sum);
        // The more the left half brings, the less the right one must.
        while from.checked_sub(1).and_then(|at| of_right.get(at)).is_some_and(|other| other.0 >= lowest) {
            from -= 1;
        }
        let fitting = of_right.get(from..).unwrap_or_default();
        for (other, others) in fitting.iter().take_while(|other| other.0 <= lowest.saturating_add(2 * off)) {
            let all = members | others;
            if (2..=MEMBERS_MAX).contains(&all.count_ones()) && found.len() < SEEN_MAX {
                found.push(((sum.saturating_add(*other) - target).abs(), all.count_ones(), all));
            }
        }
    }
    found.sort_unstable();
    found.truncate(ANSWERS_MAX);
    let positions = |bits: u32| (0..amounts.len()).filter(|at| bits >> at & 1 == 1).collect();
    found.into_iter().map(|(_, _, bits)| positions(bits)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sums_are_found_nearest_first() {
        // 100 = 30 + 70 = 30 + 20 + 50; 99 = 70 + 29 only within one.
        let amounts = [30, 70, 20, 50, 29];
        assert_eq!(adding_up(&amounts, 100, 0), [vec![0, 1], vec![0, 2, 3]]);
        assert_eq!(adding_up(&amounts, 100, 1), [vec![0, 1], vec![0, 2, 3], vec![1, 4], vec![2, 3, 4]]);
        assert!(adding_up(&amounts, 30, 0).is_empty(), "one alone is no sum");
        assert!(adding_up(&[], 0, 5).is_empty());
        assert!(adding_up(&[i64::MAX, i64::MAX], i64::MAX, 10).len() <= 1);
    }
}
