//! Sums per bin of every feature over the rows of a node, and the best split they hold.

use rayon::prelude::*;

use super::bins::{Binned, LINE, WORD};
use super::split::{Cells, Region, Rules, Split};
use super::sums::Sum;

/// A list of 256 sums for each slot.
pub(super) type Histogram = Vec<[Sum; 256]>;

/// Rows whose words stay in the cache while one block of eight features after another is added up.
const CHUNK_ROWS: usize = 512;

/// Fewest rows that are worth a task of their own.
const TASK_ROWS: usize = 2_048;

/// Adds up all features over `rows` into one or more parts, a task each, and returns how many parts were written.
/// Since sums are whole numbers it does not matter how many.
pub(super) fn fill(binned: &Binned, rows: &[u32], sums: &[Sum], parts: &mut [Histogram]) -> usize {
    let tasks = (rows.len() / TASK_ROWS).clamp(1, parts.len().max(1));
    let size = rows.len().div_ceil(tasks).max(1);
    let work: Vec<_> = parts.iter_mut().zip(rows.chunks(size)).collect();
    let tasks = work.len();
    if tasks <= 1 {
        for (part, rows) in work {
            add(binned, rows, sums, part);
        }
    } else {
        work.into_par_iter().for_each(|(part, rows)| add(binned, rows, sums, part));
    }
    tasks
}

fn add(binned: &Binned, rows: &[u32], sums: &[Sum], histogram: &mut Histogram) {
    histogram.fill([Sum::ZERO; 256]);
    let mut ordered = [Sum::ZERO; CHUNK_ROWS];
    for rows in rows.chunks(CHUNK_ROWS) {
        for (sum, &row) in ordered.iter_mut().zip(rows) {
            *sum = sums[row as usize];
        }
        fetch(binned, rows);
        let ordered = &ordered[..rows.len()];
        let (blocks, rest) = histogram.as_chunks_mut::<WORD>();
        for (at, block) in blocks.iter_mut().enumerate() {
            add_block(binned, at, rows, ordered, block);
        }
        add_rest(binned, blocks.len(), rows, ordered, rest);
    }
}

/// Reads a byte of every cache line of the rows. These reads do not wait for one another, as those between additions
/// do, and bring the rows near.
fn fetch(binned: &Binned, rows: &[u32]) {
    let (words, stride) = (binned.words(), binned.stride);
    let mut read = 0;
    for line in (0..stride).step_by(LINE) {
        for &row in rows {
            read |= words[row as usize * stride + line][0];
        }
    }
    std::hint::black_box(read);
}

/// The last block, which may have fewer features than a word has bytes.
fn add_rest(binned: &Binned, at: usize, rows: &[u32], sums: &[Sum], rest: &mut [[Sum; 256]]) {
    macro_rules! of_width {
        ($($width:literal)*) => {
            match rest.len() {
                $($width => {
                    if let Some(block) = rest.first_chunk_mut::<$width>() {
                        add_block(binned, at, rows, sums, block);
                    }
                })*
                _ => {}
            }
        };
    }
    of_width!(1 2 3 4 5 6 7);
}

/// Eight features or fewer: sixteen kilobytes of sums, which stay in the nearest cache. A byte cannot be outside of
/// 256 sums, so nothing is checked.
fn add_block<const WIDTH: usize>(
    binned: &Binned,
    at: usize,
    rows: &[u32],
    sums: &[Sum],
    block: &mut [[Sum; 256]; WIDTH],
) {
    let (words, stride) = (binned.words(), binned.stride);
    for (&row, &sum) in rows.iter().zip(sums) {
        let word = words[row as usize * stride + at];
        for feature in 0..WIDTH {
            block[feature][usize::from(word[feature])] += sum;
        }
    }
}

/// What the search for the best split of one node needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) region: &'a Region,
    /// Which slots may be used.
    pub(super) allowed: &'a [bool],
}

/// Sums the parts into the first of them, takes that from the parent's histogram, which becomes the sibling's, and
/// finds the best split of both. Without a parent only the first is searched.
pub(super) fn search(
    binned: &Binned,
    parts: &mut [Histogram],
    parent: Option<&mut Histogram>,
    searches: [Option<Search>; 2],
    signs: &[i8],
    rules: &Rules,
) -> [Option<Split>; 2] {
    let Some((first, others)) = parts.split_first_mut() else { return [None, None] };
    let others = &*others;
    let features = first.par_iter_mut().enumerate();
    let find = |slot: usize, histogram: &[Sum; 256], search: Option<Search>, cells: &mut Cells| {
        let search = search.filter(|search| search.allowed[slot])?;
        cells.load(histogram, binned.slots[slot].cuts.len() + 1);
        cells.best(search.region, slot, signs[slot], rules)
    };
    let merge = |slot: usize, first: &mut [Sum; 256]| {
        for other in others {
            first.iter_mut().zip(&other[slot]).for_each(|(sum, &other)| *sum += other);
        }
    };
    let better = |one: [Option<Split>; 2], other: [Option<Split>; 2]| {
        [better(one[0], other[0]), better(one[1], other[1])]
    };
    let none = || [None, None];
    match parent {
        None => features
            .map_init(Cells::new, |cells, (slot, first)| {
                merge(slot, first);
                [find(slot, first, searches[0], cells), None]
            })
            .reduce(none, better),
        Some(parent) => features
            .zip(parent.par_iter_mut())
            .map_init(Cells::new, |cells, ((slot, first), parent)| {
                merge(slot, first);
                parent.iter_mut().zip(&*first).for_each(|(sum, &child)| *sum -= child);
                [find(slot, first, searches[0], cells), find(slot, parent, searches[1], cells)]
            })
            .reduce(none, better),
    }
}

/// The split to be preferred.
pub(super) fn better(one: Option<Split>, other: Option<Split>) -> Option<Split> {
    match (one, other) {
        (Some(one), Some(other)) if one.beats(Some(&other)) => Some(one),
        (one, other) => other.or(one),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::category::Categories;
    use super::super::sums::Scale;
    use super::*;

    #[test]
    fn every_feature_is_added_up_at_any_width_and_in_any_number_of_parts() {
        for features in [1, 2, 7, 8, 9, 15, 16, 17, 70] {
            let rows = 5_000;
            let records =
                Array2::from_shape_fn((rows, features), |(row, feature)| (row * (feature + 3) % 79) as f64);
            let binned = Binned::new(records.view(), &Categories::default());
            let scale = Scale::of(rows, rows as f64, rows as f64);
            let sums: Vec<Sum> = (0..rows)
                .map(|row| scale.pack((row % 5) as f64 / 8.0 - 0.25, (row % 3) as f64 / 4.0))
                .collect();
            let some: Vec<u32> = (0..rows as u32).filter(|row| row % 7 != 2).collect();
            let mut exact = vec![[Sum::ZERO; 256]; features];
            for &row in &some {
                for (feature, bins) in exact.iter_mut().enumerate() {
                    // 79 whole values have a bin each, and 79 is prime.
                    bins[row as usize * (feature + 3) % 79] += sums[row as usize];
                }
            }
            for parts in [1, 2, 5] {
                let mut parts = vec![vec![[scale.pack(1.0, 1.0); 256]; features]; parts];
                let filled = fill(&binned, &some, &sums, &mut parts);
                let rules =
                    super::super::split::Rules { l2: 0.0, gain_min: 0.0, weight_min: 0.0, rows_min: 1.0 };
                search(&binned, &mut parts[..filled], None, [None, None], &vec![0; features], &rules);
                assert!(parts[0] == exact, "{features} features");
            }
        }
    }
}
