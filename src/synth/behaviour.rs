//! How customers pay: a habit that persists, and noise around it. The habits are what a model can learn; the
//! noise keeps it from being certain.

use crate::base::day::Day;
use crate::base::seed::Stream;

use super::calendar::{
    Span, month_end_on_or_after, month_end_on_or_before, on_or_after, run_on_or_after, run_on_or_before,
};
use super::draw::{between, chance, normal, weighted};

/// Share of invoices that are forgotten, whatever the habit.
const FORGOTTEN_SHARE: f64 = 0.06;
/// How long a forgotten invoice waits longer, in days.
const FORGOTTEN_DAYS: (i32, i32) = (6, 35);
/// Share of runs that an invoice misses, approval being late.
const RUN_MISSED_SHARE: f64 = 0.10;
/// Months in which seasonal payers are slow: summer and the year's end.
const SLOW_MONTHS: [u32; 3] = [7, 8, 12];
const SEASON_DAYS: f64 = 17.0;
/// Days by which a drifting payer's lateness changes over the whole history.
const DRIFT_DAYS: f64 = 26.0;
/// Days added for an invoice one log-spread above the customer's median.
const SIZE_DAYS: f64 = 6.0;

/// What a customer does time and again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Habit {
    /// Well before the due day.
    Early,
    /// Around the due day, mostly just before it.
    Punctual,
    /// In a weekly payment run, the first on or after the due day or the last before it.
    Run { weekday: i32, before: bool },
    /// At the end of the month, of the due day or before it.
    MonthEnd { before: bool },
    /// Late on principle.
    Slow,
    /// The larger the later.
    SlowLarge,
    /// Later from month to month.
    Drifting,
    /// Earlier from month to month.
    Improving,
    /// Slow in summer and December.
    Seasonal,
    /// Any time.
    Erratic,
    /// Slower and slower, and nothing from this day on.
    Insolvent { from: Day },
}

/// The habits by weight, before their parameters are drawn.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Early,
    Punctual,
    RunAfter,
    RunBefore,
    MonthEndAfter,
    MonthEndBefore,
    Slow,
    SlowLarge,
    Drifting,
    Improving,
    Seasonal,
    Erratic,
    Insolvent,
}

const KINDS: [(u32, Kind); 13] = [
    (170, Kind::Early),
    (230, Kind::Punctual),
    (60, Kind::RunAfter),
    (110, Kind::RunBefore),
    (25, Kind::MonthEndAfter),
    (50, Kind::MonthEndBefore),
    (60, Kind::Slow),
    (90, Kind::SlowLarge),
    (50, Kind::Drifting),
    (45, Kind::Improving),
    (60, Kind::Seasonal),
    (70, Kind::Erratic),
    (10, Kind::Insolvent),
];

/// A customer as a payer.
#[derive(Debug, Clone)]
pub(super) struct Payer {
    pub(super) habit: Habit,
    /// The customer's own days on top of its habit's.
    shift_days: f64,
    /// Spread of the noise, in days.
    spread_days: f64,
}

/// What the payer sees of an invoice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    pub(super) issued: Day,
    pub(super) due: Day,
    /// Logarithm of the amount against the customer's median, in units of its spread.
    pub(super) size: f64,
}

impl Payer {
    /// Draws a payer.
    pub(super) fn draw(span: Span, rng: &mut Stream) -> Self {
        let weekday = between(rng, 0, 4);
        let habit = match weighted(rng, &KINDS) {
            Kind::Early => Habit::Early,
            Kind::Punctual => Habit::Punctual,
            Kind::RunAfter => Habit::Run { weekday, before: false },
            Kind::RunBefore => Habit::Run { weekday, before: true },
            Kind::MonthEndAfter => Habit::MonthEnd { before: false },
            Kind::MonthEndBefore => Habit::MonthEnd { before: true },
            Kind::Slow => Habit::Slow,
            Kind::SlowLarge => Habit::SlowLarge,
            Kind::Drifting => Habit::Drifting,
            Kind::Improving => Habit::Improving,
            Kind::Seasonal => Habit::Seasonal,
            Kind::Erratic => Habit::Erratic,
            Kind::Insolvent => {
                Habit::Insolvent { from: span.first.plus(between(rng, span.days() / 4, span.days())) }
            }
        };
        let (shift_spread, spread_days) = match habit {
            Habit::Early => (2.5, 4.0),
            Habit::Punctual => (2.0, 3.5),
            Habit::Slow => (4.0, 7.0),
            Habit::Erratic => (4.0, 15.0),
            _ => (2.0, 5.0),
        };
        Self { habit, shift_days: shift_spread * normal(rng), spread_days }
    }

    /// Whether it pays in runs, so that one payment settles what has come together.
    pub(super) fn pays_in_runs(&self) -> bool {
        matches!(self.habit, Habit::Run { .. } | Habit::MonthEnd { .. })
    }

    /// The day an invoice is paid, a business day after its issue; none if never.
    pub(super) fn pays(&self, claim: &Claim, span: Span, rng: &mut Stream) -> Option<Day> {
        let day = match self.habit {
            Habit::Run { weekday, before } => run_day(claim.due, weekday, before, rng),
            Habit::MonthEnd { before: true } => month_end_on_or_before(claim.due),
            Habit::MonthEnd { before: false } => month_end_on_or_after(claim.due),
            _ => {
                let noise = self.spread_days * normal(rng);
                claim.due.plus((self.usual_delay(claim, span) + noise).round() as i32)
            }
        };
        let forgotten = chance(rng, FORGOTTEN_SHARE);
        let day = if forgotten { day.plus(between(rng, FORGOTTEN_DAYS.0, FORGOTTEN_DAYS.1)) } else { day };
        let day = on_or_after(day.max(claim.issued.plus(1)));
        match self.habit {
            Habit::Insolvent { from } if day >= from => None,
            _ => Some(day),
        }
    }

    /// The delay that habit alone gives, in days after the due day.
    fn usual_delay(&self, claim: &Claim, span: Span) -> f64 {
        let age = span.age(claim.issued);
        let habit = match self.habit {
            Habit::Early => -10.0,
            Habit::Punctual => -3.5,
            Habit::Slow => 12.0,
            Habit::SlowLarge => -3.5 + SIZE_DAYS * claim.size,
            Habit::Drifting => -10.0 + DRIFT_DAYS * age,
            Habit::Improving => -10.0 + DRIFT_DAYS * (1.0 - age),
            Habit::Seasonal if SLOW_MONTHS.contains(&claim.due.month()) => SEASON_DAYS - 5.0,
            Habit::Seasonal => -5.0,
            Habit::Insolvent { .. } => 2.0 + DRIFT_DAYS * age / 2.0,
            Habit::Erratic | Habit::Run { .. } | Habit::MonthEnd { .. } => -1.0,
        };
        habit + self.shift_days
    }
}

fn run_day(due: Day, weekday: i32, before: bool, rng: &mut Stream) -> Day {
    let run = if before { run_on_or_before(due, weekday) } else { run_on_or_after(due, weekday) };
    if chance(rng, RUN_MISSED_SHARE) { run_on_or_after(run.plus(1), weekday) } else { run }
}
