//! From when until when a row of law holds. `valid_from` is the day from which the row was checked, which may be later than
//! the law's own first day: what was not checked is not claimed.

use crate::base::day::Day;

/// The days on which a row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Valid {
    /// First day.
    pub from: Day,
    /// Last day; `None` is in force.
    pub to: Option<Day>,
}

impl Valid {
    /// Reads two cells, the second of which may be empty.
    pub fn parse(from: &str, to: &str) -> Option<Self> {
        let to = if to.is_empty() { None } else { Some(Day::from_iso(to)?) };
        let valid = Self { from: Day::from_iso(from)?, to };
        valid.to.is_none_or(|to| valid.from <= to).then_some(valid)
    }

    /// Whether it holds on a day.
    pub fn covers(self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}
