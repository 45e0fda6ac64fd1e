//! Numbers that are no bill's own: of an account, a contract, a case. A supplier writes them on whatever it bills there, so
//! that the same amount under the same number on another day says nothing.

use hashbrown::{HashMap, HashSet};
use rayon::slice::ParallelSliceMut as _;

use super::book::Book;

/// Days on which a supplier bills under one number, whatever it bills, from which the number is a reference and no bill's.
const REFERENCE_DAYS_MIN: usize = 3;

/// A supplier's numbers come again by habit if by chance, at the rate of all suppliers, so many came again this seldom.
const CHANCE_MAX: f64 = 0.01;

/// A supplier, the print of a number, a day of issue, and an amount in minor units that was billed on it under the number.
pub(in crate::exception) type Use = (u32, u64, i32, i64);

/// Whose number, and which.
pub(in crate::exception) type Key = (u32, u64);

/// What all suppliers billed under which number.
pub(in crate::exception) struct Uses {
    /// In order, each once.
    all: Vec<Use>,
    habits: HashMap<u32, Habit>,
    /// Share of all numbers that come on another day again.
    again: f64,
    within: i32,
}

/// How often a supplier's numbers come again.
#[derive(Default)]
struct Habit {
    numbers: u32,
    /// The days between which they did: what was sent again together came again once.
    days: HashSet<[i32; 2]>,
}

impl Uses {
    /// Of bills that ask for money; what lies more than `within` days apart has nothing to do with each other.
    pub(in crate::exception) fn new(mut uses: Vec<Use>, within: i32) -> Self {
        uses.par_sort_unstable();
        uses.dedup();
        let mut habits: HashMap<u32, Habit> = HashMap::new();
        for number in uses.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
            let Some(&(supplier, ..)) = number.first() else { continue };
            let habit = habits.entry(supplier).or_default();
            habit.numbers += 1;
            let mut next = number.iter().zip(number.iter().skip(1)).map(|(left, right)| [left.2, right.2]);
            habit.days.extend(next.find(|days| days[0] != days[1] && days[1] - days[0] <= within));
        }
        let numbers: u32 = habits.values().map(|habit| habit.numbers).sum();
        let again: usize = habits.values().map(|habit| habit.days.len()).sum();
        Self { all: uses, habits, again: again as f64 / f64::from(numbers.max(1)), within }
    }

    pub(super) fn of(book: &Book, within: i32) -> Self {
        let bills = book.bills.iter().zip(&book.numbers);
        let asking = bills.filter(|(bill, number)| !bill.is_credit() && number.print != 0);
        Self::new(
            asking.map(|(bill, number)| (bill.supplier, number.print, bill.issued.0, bill.amount)).collect(),
            within,
        )
    }

    /// Whether two bills of one amount on these days, which share a number, do so because it is a reference. Two suppliers
    /// that are one count as one.
    pub(in crate::exception) fn explain(&self, keys: [Key; 2], days: [i32; 2]) -> bool {
        let [one, other] = keys;
        let mut uses: Vec<(i32, i64)> = self.under(one).collect();
        uses.extend(self.under(other).filter(|_| one != other));
        self.is_reference(uses, days) || one.0 == other.0 && self.is_habit(one.0, days)
    }

    /// Days and amounts under a number.
    fn under(&self, (supplier, number): Key) -> impl Iterator<Item = (i32, i64)> + '_ {
        let start = self.all.partition_point(|one| (one.0, one.1) < (supplier, number));
        let rest = self.all.iter().skip(start);
        rest.take_while(move |one| (one.0, one.1) == (supplier, number)).map(|one| (one.2, one.3))
    }

    /// Whether a number is a reference by what else was billed under it around two bills. A bill that is there twice is there
    /// whole: two days on which other amounts came are two bills.
    fn is_reference(&self, mut uses: Vec<(i32, i64)>, days: [i32; 2]) -> bool {
        uses.retain(|(day, _)| days.iter().any(|own| (day - own).abs() <= self.within));
        uses.sort_unstable();
        uses.dedup();
        let by_day: Vec<&[(i32, i64)]> = uses.chunk_by(|left, right| left.0 == right.0).collect();
        let amounts = |day: &[(i32, i64)]| day.iter().map(|one| one.1).collect::<Vec<_>>();
        match by_day.as_slice() {
            [one, other] => days[0] != days[1] && amounts(one) != amounts(other),
            all => all.len() >= REFERENCE_DAYS_MIN,
        }
    }

    /// Whether so many of a supplier's other numbers come again on other days that this is how it numbers.
    fn is_habit(&self, supplier: u32, mut days: [i32; 2]) -> bool {
        days.sort_unstable();
        let Some(habit) = self.habits.get(&supplier).filter(|_| days[0] != days[1]) else { return false };
        let others = habit.days.len() - usize::from(habit.days.contains(&days));
        others > 0 && at_least(others, self.again * f64::from(habit.numbers)) < CHANCE_MAX
    }
}

/// The chance of so many or more where so many are expected (Poisson).
fn at_least(count: usize, expected: f64) -> f64 {
    let mut fewer = 0.0;
    let mut log = -expected;
    for nth in 0..count {
        fewer += log.exp();
        log += (expected / (nth + 1) as f64).ln();
    }
    1.0 - fewer
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether two bills over 900 on these days are explained by these days and amounts under their number.
    fn is_explained(days: [i32; 2], uses: &[(i32, i64)]) -> bool {
        let uses = uses.iter().map(|&(day, amount)| (1, 7, day, amount));
        Uses::new(uses.collect(), 365).explain([(1, 7); 2], days)
    }

    #[test]
    fn a_number_of_three_days_is_a_reference_whatever_was_billed() {
        let twice = [(10, 900), (40, 900)];
        assert!(!is_explained([10, 40], &twice));
        assert!(is_explained([10, 40], &[twice[0], twice[1], (70, 55)]));
        assert!(is_explained([10, 40], &[twice[0], twice[1], (405, 55)]));
        // 366 days after the later one: the number of another year's bill.
        assert!(!is_explained([10, 40], &[twice[0], twice[1], (406, 55)]));
    }

    #[test]
    fn a_bill_that_is_there_twice_is_there_whole() {
        // Two lines, both again: a repeat, though one of them is there a third time.
        let whole = [(10, 900), (10, 55), (40, 55), (40, 900), (40, 900)];
        assert!(!is_explained([10, 40], &whole));
        // One of the two: a placement that is billed in other parts each time.
        assert!(is_explained([10, 40], &[(10, 900), (10, 55), (40, 900)]));
        // The other day says nothing of two on one day.
        assert!(!is_explained([10, 10], &[(10, 900), (10, 900), (40, 55)]));
    }

    #[test]
    fn two_suppliers_that_are_one_count_as_one() {
        let uses = Uses::new(vec![(1, 7, 10, 900), (2, 7, 40, 900), (2, 7, 70, 900)], 365);
        assert!(uses.explain([(1, 7), (2, 7)], [10, 40]));
        let uses = Uses::new(vec![(1, 7, 10, 900), (2, 7, 40, 900), (2, 8, 70, 900)], 365);
        assert!(!uses.explain([(1, 7), (2, 7)], [10, 40]));
    }

    /// A thousand numbers of supplier 0 that come once, and ten of supplier 1 of which the first `again` come once more, 30 days later.
    fn among(again: u64) -> Uses {
        let others = (0..1_000).map(|nth| (0, nth, nth as i32, 900));
        let first = (0..10).map(|nth| (1, nth, nth as i32, 900));
        let second = (0..again).map(|nth| (1, nth, nth as i32 + 30, 900));
        Uses::new(others.chain(first).chain(second).collect(), 365)
    }

    #[test]
    fn a_supplier_whose_numbers_come_again_has_a_habit() {
        let key = [(1, 0); 2];
        // One of 1,010 numbers came again: no other did.
        assert!(!among(1).explain(key, [0, 30]));
        // Two of 1,010: of ten, 0.02 are expected, and one or more come by a chance of 2 %.
        assert!(!among(2).explain(key, [0, 30]));
        // Three: 0.03 are expected, and two or more come by a chance of 0.04 %.
        assert!(among(3).explain(key, [0, 30]));
        // On one day it is no habit; and what was sent again together was sent again once.
        assert!(!among(3).explain(key, [0, 0]));
        let together = (0..5).flat_map(|nth| [(1, nth, 0, 900), (1, nth, 30, 900)]);
        let others = (10..1_000).map(|nth| (1, nth, 0, 900));
        assert!(!Uses::new(together.chain(others).collect(), 365).explain(key, [0, 30]));
    }

    #[test]
    fn the_chance_is_that_of_poisson() {
        // Tables: of 0.1 expected, 1 - e^-0.1 (1 + 0.1) = 0.00468 for two or more.
        assert!((at_least(2, 0.1) - 0.004_679).abs() < 1e-6);
        assert!((at_least(1, 2.0) - 0.864_665).abs() < 1e-6);
        // Far from underflow: the median of a large Poisson is its mean.
        assert!((at_least(2_000, 2_000.0) - 0.5).abs() < 0.01);
    }
}
