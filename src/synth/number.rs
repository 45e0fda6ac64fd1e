//! Numbers documents over all parties in the order of their days, as a ledger does, though each party's
//! documents were made apart from the others'.

use crate::base::day::Day;

/// Documents of all owners in the order of their days.
#[derive(Debug)]
pub(super) struct Numbering {
    /// Owner and position within the owner, in order.
    rows: Vec<(u32, u32)>,
    /// Where each owner's numbers start in `numbers`.
    starts: Vec<usize>,
    /// Number of every document from 1, owner by owner.
    numbers: Vec<u32>,
}

impl Numbering {
    /// Orders the items of all owners by day, then by owner: a counting sort, since days are few.
    pub(super) fn by_day<O, T>(owners: &[O], items: impl Fn(&O) -> &[T], day: impl Fn(&T) -> Day) -> Self {
        let mut starts = Vec::with_capacity(owners.len());
        let (mut total, mut first, mut last) = (0, i32::MAX, i32::MIN);
        for owner in owners {
            starts.push(total);
            for item in items(owner) {
                let Day(day) = day(item);
                (first, last) = (first.min(day), last.max(day));
                total += 1;
            }
        }
        let slot = |item: &T| (day(item).0 - first) as usize;
        let mut next = vec![0_usize; if total == 0 { 0 } else { (last - first + 2) as usize }];
        for item in owners.iter().flat_map(&items) {
            next[slot(item) + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        let (mut rows, mut numbers) = (vec![(0, 0); total], Vec::with_capacity(total));
        for (owner, held) in (0..).zip(owners) {
            for (at, item) in (0..).zip(items(held)) {
                let place = &mut next[slot(item)];
                rows[*place] = (owner, at);
                *place += 1;
                numbers.push(*place as u32);
            }
        }
        Self { rows, starts, numbers }
    }

    /// Owner and position of every document, in order.
    pub(super) fn rows(&self) -> &[(u32, u32)] {
        &self.rows
    }

    /// The number of an owner's document; zero if there is none.
    pub(super) fn of(&self, owner: u32, at: u32) -> u32 {
        let start = self.starts.get(owner as usize);
        start.and_then(|start| self.numbers.get(start + at as usize)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_days_then_the_owners() {
        let owners = [vec![Day(5), Day(3)], vec![], vec![Day(4), Day(3)]];
        let numbering = Numbering::by_day(&owners, |days| days, |day| *day);
        assert_eq!(numbering.rows(), [(0, 1), (2, 1), (2, 0), (0, 0)]);
        assert_eq!((numbering.of(0, 0), numbering.of(2, 1), numbering.of(7, 0)), (4, 2, 0));
        let none = Numbering::by_day(&[Vec::<Day>::new()], |days| days, |day| *day);
        assert!(none.rows().is_empty());
    }
}
