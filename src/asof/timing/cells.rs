//! The time around the due day in cells: single days near it, weeks further off. A payment's hazard is the probability that
//! it comes in a cell, if it had not come before.

use super::habits::Habits;
use crate::base::day::Day;

/// First day of the grid, counted from due.
pub const FIRST: i32 = -70;

/// Last day of the grid, counted from due.
pub const LAST: i32 = 125;

/// First and last of the days that are cells of their own.
const DAILY: (i32, i32) = (-14, 20);

/// Days of the other cells.
const WEEK: i32 = 7;

const _: () = assert!((DAILY.0 - FIRST) % WEEK == 0 && (LAST - DAILY.1) % WEEK == 0);

/// Days in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// First day, counted from due.
    pub from: i32,
    /// Last day, counted from due.
    pub to: i32,
}

/// The cells of an invoice from a day on (`start`, counted from due), in order. The first begins on that day, even long
/// before the grid. A single day of the week on which this portfolio is not paid is no cell: what comes then is counted with
/// the next one.
pub fn cells(start: i32, due: Day, habits: &Habits) -> impl Iterator<Item = Cell> + use<'_> {
    let ahead = grid().filter(move |cell| cell.to >= start).map(move |cell| {
        let from = if cell.from == FIRST { start } else { cell.from.max(start) };
        Cell { from, to: cell.to }
    });
    ahead.filter(move |cell| cell.days() > 1 || !habits.is_quiet(due.plus(cell.from)))
}

fn grid() -> impl Iterator<Item = Cell> {
    let weeks =
        |from: i32, to: i32| (from..to).step_by(WEEK as usize).map(|from| Cell { from, to: from + WEEK - 1 });
    let days = (DAILY.0..=DAILY.1).map(|day| Cell { from: day, to: day });
    weeks(FIRST, DAILY.0).chain(days).chain(weeks(DAILY.1 + 1, LAST))
}

impl Cell {
    /// How many days.
    pub fn days(self) -> i32 {
        self.to - self.from + 1
    }
}
