//! An account's record of paying as it stands before a day: latest payments weigh most.

use super::habits::MONTH_PARTS;
use super::{Claim, Payment};
use crate::base::day::Day;
use crate::base::limits::QUANTILE_WINDOW_ROWS;

/// Days around due that delays are counted by; what is earlier or later is counted with the first or last.
pub(super) const EARLIEST: i32 = -40;
pub(super) const LATEST: i32 = 120;
pub(super) const OFFSETS: usize = (LATEST - EARLIEST) as usize + 1;

/// Days after which a payment weighs half.
const HALF_LIFE_DAYS: f64 = 90.0;

/// Payments in the mean of the last ones, each weighing so much less than the one after it.
const RECENT: usize = 10;
const RECENT_DECAY: f64 = 1.5;

/// Where a day, counted from due, stands among those that delays are counted by.
pub(super) fn offset(day: i32) -> usize {
    (day.clamp(EARLIEST, LATEST) - EARLIEST) as usize
}

/// The record before a day.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// Payments, by weight, before each offset; one longer than the offsets.
    paid_before: [f64; OFFSETS + 1],
    /// Payments, by weight, and open invoices that were still open when a day of this offset began.
    at_risk: [f64; OFFSETS],
    /// Payments, by weight, by weekday.
    pub weekdays: [f64; 7],
    /// Payments, by weight, by part of the month.
    pub month_parts: [f64; MONTH_PARTS],
    /// All payments, by weight.
    pub paid: f64,
    /// Day of the last payment.
    pub last_day: Option<Day>,
    /// Delays in days.
    pub delays: Delays,
}

/// An account's delays, in days; NaN where there are none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Delays {
    pub median: f64,
    pub last: f64,
    /// Mean of the last ones.
    pub recent: f64,
    /// Quantiles of the last fifty: 10, 25, 75, 90 %.
    pub quantiles: [f64; 4],
}

impl Record {
    /// What payments and open invoices, the payments in the order in which they became known, say before a day.
    pub fn new<'a>(
        day: Day,
        payments: impl Iterator<Item = &'a Payment>,
        open: impl Iterator<Item = &'a Claim>,
    ) -> Self {
        let mut paid = [0.0; OFFSETS];
        let mut seen = [0.0; OFFSETS];
        let mut record = Self {
            paid_before: [0.0; OFFSETS + 1],
            at_risk: [0.0; OFFSETS],
            weekdays: [0.0; 7],
            month_parts: [0.0; MONTH_PARTS],
            paid: 0.0,
            last_day: None,
            delays: Delays::new(&mut []),
        };
        let mut delays = Vec::new();
        for payment in payments {
            let age = f64::from(day.0.saturating_sub(payment.happened.0));
            let weight = (-age / HALF_LIFE_DAYS).exp2();
            paid[offset(payment.delay)] += weight;
            record.weekdays[payment.happened.weekday() as usize] += weight;
            record.month_parts[usize::from(payment.month_part)] += weight;
            record.paid += weight;
            record.last_day = record.last_day.max(Some(payment.happened));
            delays.push(payment.delay);
        }
        seen.copy_from_slice(&paid);
        for claim in open {
            let last = day.0.saturating_sub(1).saturating_sub(claim.due.0);
            if last >= EARLIEST {
                seen[offset(last)] += 1.0;
            }
        }
        record.delays = Delays::new(&mut delays);
        record.add_up(&paid, &seen);
        record
    }

    fn add_up(&mut self, paid: &[f64; OFFSETS], seen: &[f64; OFFSETS]) {
        for (at, paid) in paid.iter().enumerate() {
            self.paid_before[at + 1] = self.paid_before[at] + paid;
        }
        let mut sum = 0.0;
        for (at_risk, seen) in self.at_risk.iter_mut().zip(seen).rev() {
            sum += seen;
            *at_risk = sum;
        }
    }

    /// Payments, by weight, so many days after due, both days included.
    pub fn paid_in(&self, from: i32, to: i32) -> f64 {
        self.paid_before[offset(to) + 1] - self.paid_before[offset(from)]
    }

    /// What was still open when a day after due began.
    pub fn at_risk(&self, day: i32) -> f64 {
        self.at_risk[offset(day)]
    }
}

impl Delays {
    /// Of delays in the order in which they became known.
    fn new(delays: &mut [i32]) -> Self {
        let last = delays.last().map_or(f64::NAN, |delay| f64::from(*delay));
        let (mut sum, mut weights, mut weight) = (0.0, 0.0, 1.0);
        for delay in delays.iter().rev().take(RECENT) {
            sum += weight * f64::from(*delay);
            weights += weight;
            weight /= RECENT_DECAY;
        }
        let window = delays.len().saturating_sub(QUANTILE_WINDOW_ROWS);
        delays[window..].sort_unstable();
        let quantiles = [0.1, 0.25, 0.75, 0.9].map(|share| quantile(&delays[window..], share));
        delays.sort_unstable();
        Self { median: quantile(delays, 0.5), last, recent: sum / weights, quantiles }
    }
}

/// A quantile of sorted figures, on the straight line between two of them; NaN where there are none.
fn quantile(sorted: &[i32], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let below = place.floor() as usize;
    let (low, high) = (f64::from(sorted[below]), f64::from(sorted[(below + 1).min(last)]));
    low + (place - below as f64) * (high - low)
}
