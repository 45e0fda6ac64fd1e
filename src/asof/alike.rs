//! Invoices of the past that were like the one asked about: the nearer in terms, weekday, amount and time, the more each
//! weighs. What share of them was late, and by how many days, tells most of what a history can tell of an invoice.
//!
//! An invoice counts from the first day on which it could have been late, whatever becomes of it later: those still open
//! count too, which a history of payments alone would leave out.

use std::sync::LazyLock;

use super::log::key;
use super::view::LedgerView;
use crate::base::day::Day;
use crate::base::limits::ALIKE_ROWS;
use crate::ledger::Invoice;
use crate::ledger::life::Settled;

/// Days after which an invoice of the past weighs half, for kernels to choose from.
const HALF_LIVES: [f64; 4] = [30.0, 120.0, 180.0, 365.0];
/// What is older weighs as if it were of this age.
const AGE_DAYS_MAX: usize = 1_500;

/// How many times less an invoice due on another weekday, or issued on another, weighs.
const OTHER_DUE_WEEKDAY: f64 = 0.1;
const OTHER_ISSUE_WEEKDAY: f64 = 0.3;

/// Bandwidths, in natural logarithms of the amount, for kernels to choose from: within two thirds, a third, and so on.
const BANDWIDTHS: [f64; 5] = [0.7, 0.35, 0.1, 0.03, 0.02];

/// Delays are kept within these bounds, so that one forgotten invoice does not make a mean.
const DELAY_DAYS: [f64; 2] = [-30.0, 60.0];

/// Within this distance in logarithms an amount is like another.
const LIKE_AMOUNT: f64 = 0.1;

/// Weights by age in days, one for each of [`HALF_LIVES`].
static DECAY: LazyLock<Vec<[f64; HALF_LIVES.len()]>> = LazyLock::new(|| {
    (0..=AGE_DAYS_MAX).map(|age| HALF_LIVES.map(|half_life| (-(age as f64) / half_life).exp2())).collect()
});

/// How an invoice of the past weighs: the product of what is chosen here.
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    /// Position among the half-lives of 30, 120, 180 and 365 days.
    pub half_life: usize,
    /// A day more or less of terms weighs 2.7 times less, and so on.
    pub terms: bool,
    /// Another weekday of the due day weighs ten times less.
    pub due_weekday: bool,
    /// Another weekday of issue weighs about three times less.
    pub issue_weekday: bool,
    /// Position among the bandwidths of the amount.
    pub amount: Option<usize>,
}

/// Invoices that could have been late, by group and the day from which they could.
#[derive(Debug)]
pub struct Ripe {
    keys: Vec<i64>,
    rows: Vec<Past>,
    /// When they were settled in full: of each invoice in order, mostly once.
    times: Vec<Settled>,
    grace_days: i32,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
struct Past {
    invoice: u32,
    issued: Day,
    due: Day,
    log_amount: f64,
    /// Its times among those of all.
    times: [u32; 2],
}

/// An invoice asked about.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The invoice, which is not like itself.
    pub invoice: u32,
    /// Only what was known before this day counts.
    pub day: Day,
    /// Day of issue.
    pub issued: Day,
    /// Due day.
    pub due: Day,
    /// Natural logarithm of the amount, one major unit added.
    pub log_amount: f64,
}

/// What the past says of one question: by kernel, in the order in which they were asked.
#[derive(Debug, Clone)]
pub struct Likeness<const KERNELS: usize> {
    /// Invoices that could have been late, and those of them that were.
    pub counts: [f64; 2],
    /// Summed weights.
    pub weights: [f64; KERNELS],
    /// Summed weights of the late.
    pub late: [f64; KERNELS],
    /// Summed weights times days after due, of those still open up to the question.
    pub delay: [f64; KERNELS],
    /// The same times the days squared.
    pub delay_squared: [f64; KERNELS],
    /// The latest due of a like amount: its mean days after due.
    pub last_amount: Latest,
    /// The latest due on the same weekday.
    pub last_weekday: Latest,
}

/// Mean of a figure over invoices of the latest day seen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Latest {
    day: Option<Day>,
    sum: f64,
    count: f64,
}

impl Latest {
    fn see(&mut self, day: Day, figure: f64) {
        if self.day.is_none_or(|latest| day > latest) {
            *self = Self { day: Some(day), sum: 0.0, count: 0.0 };
        }
        if self.day == Some(day) {
            self.sum += figure;
            self.count += 1.0;
        }
    }

    /// The mean; NaN where there was none.
    pub fn mean(&self) -> f64 {
        self.sum / self.count
    }

    /// Days from the latest day to another; NaN where there was none.
    pub fn days_until(&self, day: Day) -> f64 {
        self.day.map_or(f64::NAN, |latest| f64::from(day.0 - latest.0))
    }
}

impl Ripe {
    /// Sorts what a view shows, by a group of each invoice.
    pub fn new(view: &LedgerView, grace_days: i32, group: impl Fn(&Invoice) -> u32) -> Self {
        let mut rows: Vec<(i64, Past)> = Vec::new();
        let mut times = Vec::new();
        for (at, invoice) in view.invoices().filter(|(_, invoice)| invoice.amount > 0) {
            // Known before the day that follows the grace, which is the first on which it counts.
            let ripe = invoice.due.plus(grace_days + 1).max(invoice.stamp.known.plus(1));
            let first = times.len() as u32;
            view.each_settled(at, |time| times.push(time));
            let of_invoice = [first, times.len() as u32];
            let log_amount = log_amount(invoice.currency.to_major(invoice.amount));
            let (issued, due) = (invoice.stamp.happened, invoice.due);
            rows.push((
                key(group(invoice), ripe),
                Past { invoice: at, issued, due, log_amount, times: of_invoice },
            ));
        }
        // Invoices stand by customer and issue: a stable sort keeps that order among those of one day.
        rows.sort_by_key(|(key, _)| *key);
        let (keys, rows) = rows.into_iter().unzip();
        Self { keys, rows, times, grace_days }
    }

    /// What a group's past says of an invoice: by its latest [`ALIKE_ROWS`] invoices that could have been late.
    pub fn likeness<const KERNELS: usize>(
        &self,
        group: u32,
        question: &Question,
        kernels: &[Kernel; KERNELS],
    ) -> Likeness<KERNELS> {
        let from = self.keys.partition_point(|at| *at < key(group, Day(0)));
        let to = self.keys.partition_point(|at| *at <= key(group, question.day));
        let mut found = Likeness {
            counts: [0.0; 2],
            weights: [0.0; KERNELS],
            late: [0.0; KERNELS],
            delay: [0.0; KERNELS],
            delay_squared: [0.0; KERNELS],
            last_amount: Latest::default(),
            last_weekday: Latest::default(),
        };
        for past in &self.rows[from.max(to.saturating_sub(ALIKE_ROWS))..to] {
            if past.invoice != question.invoice {
                found.add(past, self.settled(past, question.day), question, self.grace_days, kernels);
            }
        }
        found
    }

    /// The day on which an invoice was settled in full, by what was known before a day.
    fn settled(&self, past: &Past, before: Day) -> Option<Day> {
        let times = &self.times[past.times[0] as usize..past.times[1] as usize];
        let stands =
            |time: &&Settled| time.stamp.known < before && time.until.is_none_or(|until| until >= before);
        times.iter().rev().find(stands).map(|time| time.stamp.happened)
    }
}

impl<const KERNELS: usize> Likeness<KERNELS> {
    fn add(
        &mut self,
        past: &Past,
        settled: Option<Day>,
        question: &Question,
        grace_days: i32,
        kernels: &[Kernel; KERNELS],
    ) {
        let is_late = settled.is_none_or(|day| day > past.due.plus(grace_days));
        let until = settled.unwrap_or(question.day);
        let delay = f64::from(until.0 - past.due.0).clamp(DELAY_DAYS[0], DELAY_DAYS[1]);
        let late = f64::from(u8::from(is_late));
        self.counts[0] += 1.0;
        self.counts[1] += late;
        let factors = Factors::of(past, question, grace_days);
        for (at, kernel) in kernels.iter().enumerate() {
            let weight = factors.weight(kernel);
            self.weights[at] += weight;
            self.late[at] += weight * late;
            self.delay[at] += weight * delay;
            self.delay_squared[at] += weight * delay * delay;
        }
        if factors.amount_distance < LIKE_AMOUNT {
            self.last_amount.see(past.due, delay);
        }
        if factors.is_due_weekday {
            self.last_weekday.see(past.due, delay);
        }
    }
}

/// How near an invoice of the past is, thing by thing.
struct Factors {
    decay: [f64; HALF_LIVES.len()],
    terms: f64,
    is_due_weekday: bool,
    due_weekday: f64,
    issue_weekday: f64,
    amount_distance: f64,
    amount: [f64; BANDWIDTHS.len()],
}

impl Factors {
    fn of(past: &Past, question: &Question, grace_days: i32) -> Self {
        let age = (question.day.0 - 1 - grace_days - past.due.0).max(0) as usize;
        let terms = |issued: Day, due: Day| f64::from(due.0 - issued.0);
        let apart = (terms(past.issued, past.due) - terms(question.issued, question.due)).abs();
        let is_due_weekday = past.due.weekday() == question.due.weekday();
        let is_issue_weekday = past.issued.weekday() == question.issued.weekday();
        let amount_distance = (past.log_amount - question.log_amount).abs();
        Self {
            decay: DECAY[age.min(AGE_DAYS_MAX)],
            terms: (-apart).exp(),
            is_due_weekday,
            due_weekday: if is_due_weekday { 1.0 } else { OTHER_DUE_WEEKDAY },
            issue_weekday: if is_issue_weekday { 1.0 } else { OTHER_ISSUE_WEEKDAY },
            amount_distance,
            amount: BANDWIDTHS.map(|width| {
                let steps = amount_distance / width;
                // Six widths away nothing is left; most of the past is.
                if steps < 6.0 { (-0.5 * steps * steps).exp() } else { 0.0 }
            }),
        }
    }

    fn weight(&self, kernel: &Kernel) -> f64 {
        let mut weight = self.decay[kernel.half_life];
        if kernel.terms {
            weight *= self.terms;
        }
        if kernel.due_weekday {
            weight *= self.due_weekday;
        }
        if kernel.issue_weekday {
            weight *= self.issue_weekday;
        }
        if let Some(width) = kernel.amount {
            weight *= self.amount[width];
        }
        weight
    }
}

/// Logarithm by which amounts, in major units, are compared.
pub fn log_amount(major: f64) -> f64 {
    major.abs().ln_1p()
}
