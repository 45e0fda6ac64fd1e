//! The rows of every node as one range of a list, and how a range is divided at a split. Rows keep their order, so
//! that memory is read forwards.

use std::ops::Range;

use rayon::prelude::*;

/// Rows divided by one task.
const TASK_ROWS: usize = 32_768;

/// Two lists of rows. A node's rows stand in its range of one of them; its children's stand in the same range of the
/// other.
#[derive(Debug, Default)]
pub(super) struct Rows {
    lists: [Vec<u32>; 2],
    lefts: Vec<bool>,
}

/// Where a node's rows stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Span {
    range: Range<usize>,
    list: usize,
}

impl Span {
    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.range.len()
    }
}

impl Rows {
    /// Starts over with these rows, all in one span.
    pub(super) fn start(&mut self, rows: impl IntoIterator<Item = u32>) -> Span {
        self.lists[0].clear();
        self.lists[0].extend(rows);
        let len = self.lists[0].len();
        self.lists[1].resize(len, 0);
        self.lefts.resize(len, false);
        Span { range: 0..len, list: 0 }
    }

    /// The rows of a span.
    pub(super) fn of(&self, span: &Span) -> &[u32] {
        &self.lists[span.list][span.range.clone()]
    }

    /// Divides a span by what `goes_left` says of the byte that each row has in the column.
    pub(super) fn divide(&mut self, span: &Span, column: &[u8], goes_left: &[bool; 256]) -> [Span; 2] {
        let (one, other) = self.lists.split_at_mut(1);
        let (from, to) = if span.list == 0 { (&one[0], &mut other[0]) } else { (&other[0], &mut one[0]) };
        let (from, to) = (&from[span.range.clone()], &mut to[span.range.clone()]);
        let lefts = &mut self.lefts[span.range.clone()];
        let counts: Vec<usize> = if from.len() <= TASK_ROWS {
            vec![mark(from, column, goes_left, lefts)]
        } else {
            let tasks = from.par_chunks(TASK_ROWS).zip(lefts.par_chunks_mut(TASK_ROWS));
            tasks.map(|(from, lefts)| mark(from, column, goes_left, lefts)).collect()
        };
        let count = counts.iter().sum();
        let (mut left, mut right) = to.split_at_mut(count);
        let mut tasks = Vec::with_capacity(counts.len());
        for ((from, lefts), count) in from.chunks(TASK_ROWS).zip(lefts.chunks(TASK_ROWS)).zip(counts) {
            let (left_here, left_rest) = left.split_at_mut(count);
            let (right_here, right_rest) = right.split_at_mut(from.len() - count);
            tasks.push((from, lefts, left_here, right_here));
            (left, right) = (left_rest, right_rest);
        }
        match tasks.pop() {
            Some(task) if tasks.is_empty() => place(task),
            Some(task) => {
                tasks.push(task);
                tasks.into_par_iter().for_each(place);
            }
            None => {}
        }
        let middle = span.range.start + count;
        let half = |range| Span { range, list: 1 - span.list };
        [half(span.range.start..middle), half(middle..span.range.end)]
    }
}

/// Marks the rows that go to the left and counts them.
fn mark(rows: &[u32], column: &[u8], goes_left: &[bool; 256], lefts: &mut [bool]) -> usize {
    let mut count = 0;
    for (&row, left) in rows.iter().zip(lefts) {
        *left = goes_left[usize::from(column[row as usize])];
        count += usize::from(*left);
    }
    count
}

/// Copies rows to their side. Both sides are written every time, the wrong one to be overwritten by the next row:
/// cheaper than a jump that cannot be foreseen.
fn place((rows, lefts, left, right): (&[u32], &[bool], &mut [u32], &mut [u32])) {
    let (mut at_left, mut at_right) = (0, 0);
    for (&row, &goes_left) in rows.iter().zip(lefts) {
        if let Some(place) = left.get_mut(at_left) {
            *place = row;
        }
        if let Some(place) = right.get_mut(at_right) {
            *place = row;
        }
        at_left += usize::from(goes_left);
        at_right += usize::from(!goes_left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_divided_in_order_at_any_size() {
        let mut goes_left = [false; 256];
        goes_left[3] = true;
        goes_left[7] = true;
        for rows in [0_u32, 1, 2, 100, 40_000, 100_000] {
            let column: Vec<u8> = (0..rows).map(|row| (row * 5 % 11) as u8).collect();
            let mut lists = Rows::default();
            let whole = lists.start(0..rows);
            let [left, right] = lists.divide(&whole, &column, &goes_left);
            let goes = |row: &u32| [3, 7].contains(&column[*row as usize]);
            assert_eq!(lists.of(&left), (0..rows).filter(goes).collect::<Vec<_>>());
            assert_eq!(lists.of(&right), (0..rows).filter(|row| !goes(row)).collect::<Vec<_>>());
            // A child is divided back into the first list without disturbing its sibling.
            let [none, all] = lists.divide(&left, &column, &[false; 256]);
            assert_eq!((none.len(), all.len()), (0, left.len()));
            assert_eq!(lists.of(&right).len() + lists.of(&all).len(), rows as usize);
        }
    }
}
