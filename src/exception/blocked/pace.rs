//! How soon releases come: what it is worth, that a bill was not released so far.

use super::bill::{Bill, HORIZON_DAYS};
use crate::base::day::Day;

/// Releases from which their own pace is known; with fewer of them it is taken to be even over [`USUAL_DAYS`].
const RELEASES_MIN: u32 = 20;
const USUAL_DAYS: f64 = 21.0;

/// Releases by the age of the bill at the release.
#[derive(Debug, Clone)]
struct Counts {
    /// For each age: how many came at a younger one.
    younger: Vec<u32>,
    all: u32,
}

/// How soon releases came, as it was known on any day.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// From which day on, and what.
    steps: Vec<(Day, Counts)>,
}

impl Pace {
    /// Of bills in any order. A release counts once all bills of its day had their time: of younger bills only the hasty
    /// releases are known.
    pub(super) fn new(bills: &[Bill]) -> Self {
        let entry = |bill: &Bill| {
            let released = bill.released?;
            let age = (released.0.saturating_sub(bill.posted.0)).clamp(0, HORIZON_DAYS);
            Some((released.plus(1).max(bill.posted.plus(HORIZON_DAYS)), age))
        };
        let mut entries: Vec<(Day, i32)> = bills.iter().filter_map(entry).collect();
        entries.sort_unstable();
        let mut counts = Counts { younger: vec![0; HORIZON_DAYS as usize + 1], all: 0 };
        let steps = entries.chunk_by(|left, right| left.0 == right.0).filter_map(|of_day| {
            for (_, age) in of_day {
                counts.all += 1;
                counts.younger.iter_mut().skip(*age as usize + 1).for_each(|younger| *younger += 1);
            }
            of_day.first().map(|(day, _)| (*day, counts.clone()))
        });
        Self { steps: steps.collect() }
    }

    /// Share of releases that come before a bill has this age, as known when a day began.
    pub(super) fn share(&self, morning: Day, age_days: i32) -> f64 {
        if age_days >= HORIZON_DAYS {
            return 1.0;
        }
        let at = self.steps.partition_point(|(day, _)| *day <= morning);
        let counts = at.checked_sub(1).and_then(|at| self.steps.get(at)).map(|(_, counts)| counts);
        match counts.filter(|counts| counts.all >= RELEASES_MIN) {
            Some(counts) => {
                let younger = counts.younger.get(age_days.max(0) as usize).copied().unwrap_or(0);
                f64::from(younger) / f64::from(counts.all)
            }
            None => (f64::from(age_days.max(0)) / USUAL_DAYS).min(1.0),
        }
    }
}
