//! When this portfolio pays, whoever the customer: what an account's own record is drawn towards.

use serde::{Deserialize, Serialize};

use super::record::{OFFSETS, offset};
use crate::base::day::Day;

/// A weekday with a smaller share of the payments is one on which none are to be expected.
const QUIET_SHARE: f64 = 0.01;

/// Parts of a month, of five days each; the last has what is left.
pub const MONTH_PARTS: usize = 6;

/// The portfolio's habits as of a day, frozen with the model that was fitted to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Habits {
    /// Sum of the hazards of all days, counted from due, before each day from 40 before due on; one longer than the days.
    hazards_before: Vec<f64>,
    /// Share of the payments by weekday, Monday first.
    weekdays: [f64; 7],
    /// Share of the payments by part of the month.
    month_parts: [f64; MONTH_PARTS],
}

/// What habits are reckoned from.
#[derive(Debug)]
pub(super) struct Counts {
    paid: [f64; OFFSETS],
    /// Invoices by the last day on which they were seen to be open or were paid.
    seen_until: [f64; OFFSETS],
    weekdays: [f64; 7],
    month_parts: [f64; MONTH_PARTS],
}

impl Counts {
    pub(super) fn new() -> Self {
        Self {
            paid: [0.0; OFFSETS],
            seen_until: [0.0; OFFSETS],
            // One payment of each kind more than there were, so that none is impossible.
            weekdays: [1.0; 7],
            month_parts: [1.0; MONTH_PARTS],
        }
    }

    /// Counts a payment so many days after due.
    pub(super) fn paid(&mut self, delay: i32, weekday: usize, month_part: usize) {
        self.paid[offset(delay)] += 1.0;
        self.seen_until[offset(delay)] += 1.0;
        self.weekdays[weekday] += 1.0;
        self.month_parts[month_part] += 1.0;
    }

    /// Counts an invoice that was open so many days after due, if that is within the days looked at.
    pub(super) fn open(&mut self, last: i32) {
        if last >= super::record::EARLIEST {
            self.seen_until[offset(last)] += 1.0;
        }
    }

    pub(super) fn habits(&self) -> Habits {
        let mut at_risk: f64 = self.seen_until.iter().sum();
        let mut sum = 0.0;
        let mut hazards_before = Vec::with_capacity(OFFSETS + 1);
        hazards_before.push(sum);
        for (paid, seen) in self.paid.iter().zip(&self.seen_until) {
            // Never quite nothing, and a single invoice proves little.
            sum += (paid + 0.01) / (at_risk + 1.0);
            hazards_before.push(sum);
            at_risk -= seen;
        }
        Habits { hazards_before, weekdays: shares(self.weekdays), month_parts: shares(self.month_parts) }
    }
}

impl Habits {
    /// Hazard of the days from one to another, both included, counted from due: the sum of the days'.
    pub fn hazard(&self, from: i32, to: i32) -> f64 {
        self.hazards_before[offset(to) + 1] - self.hazards_before[offset(from)]
    }

    /// Share of the payments made on this day's weekday.
    pub fn weekday_share(&self, day: Day) -> f64 {
        self.weekdays[day.weekday() as usize]
    }

    /// Share of the payments made in a part of the month.
    pub fn month_part_share(&self, part: usize) -> f64 {
        self.month_parts[part]
    }

    /// Whether no payments are to be expected on this day's weekday.
    pub fn is_quiet(&self, day: Day) -> bool {
        self.weekday_share(day) < QUIET_SHARE
    }

    /// Whether the figures are as many as they must be, and can be reckoned with: what a damaged file may break.
    pub fn is_sound(&self) -> bool {
        let shares = |shares: &[f64]| {
            let sum: f64 = shares.iter().sum();
            shares.iter().all(|share| *share > 0.0) && (sum - 1.0).abs() < 1e-6
        };
        self.hazards_before.len() == OFFSETS + 1
            && self.hazards_before.iter().all(|sum| sum.is_finite())
            && self.hazards_before.is_sorted()
            && shares(&self.weekdays)
            && shares(&self.month_parts)
    }
}

/// Part of the month of a day of the month, from 0.
pub fn month_part(day_of_month: u32) -> usize {
    (day_of_month.saturating_sub(1) as usize / 5).min(MONTH_PARTS - 1)
}

fn shares<const N: usize>(counts: [f64; N]) -> [f64; N] {
    let sum: f64 = counts.iter().sum();
    counts.map(|count| count / sum)
}
