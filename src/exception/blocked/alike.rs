//! How the supplier's bills fared that were most like one: of the same order and category, of a like amount, booked as long
//! after their orders and receipts.

use super::bill::{Bill, HORIZON_DAYS};
use super::book::Book;
use super::rate::{Evidence, decay};
use crate::base::day::Day;

/// Latest bills of the supplier that one is compared with: enough for its habits, and a bounded time.
const COMPARED_MAX: usize = 1_000;

/// Days after which a bill counts half.
const HALF_LIFE_DAYS: f64 = 60.0;

/// How far apart logarithms of days, and of amounts, may lie for the likeness to fall to a third. The result hardly depends on
/// any of these figures.
const DAYS_APART: f64 = 1.5;
const AMOUNT_APART: f64 = 0.7;

/// How much more a bill of the same order counts, and how much less one of another category.
const SAME_ORDER: f64 = 3.0;
const OTHER_CATEGORY: f64 = 0.3;

/// What the comparison says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alike {
    /// Outcomes, each by its likeness.
    pub(super) evidence: Evidence,
    /// Bills compared with.
    pub(super) bills: u32,
    /// Of those, how many were released.
    pub(super) released: u32,
    /// Logarithm of the amount against the median of theirs in this currency; NaN where there is none.
    pub(super) amount_of_usual: f64,
}

/// Compares the bill at a position with its supplier's others, as they were known when a day began.
pub(super) fn alike(book: &Book, at: u32, morning: Day) -> Option<Alike> {
    let bill = book.bills.get(at as usize)?;
    let own = book.before(*book.suppliers.get(at as usize)?, morning);
    let latest = own.get(own.len().saturating_sub(COMPARED_MAX)..).unwrap_or_default();
    let others: Vec<&Bill> = latest
        .iter()
        .filter(|other| **other != at)
        .filter_map(|other| book.bills.get(*other as usize))
        .collect();
    let mut evidence = Evidence::default();
    for other in &others {
        let age = morning.0.saturating_sub(other.posted.0);
        let weight = likeness(bill, other) * decay(age, HALF_LIFE_DAYS);
        if other.is_released(morning) {
            evidence.yes += weight;
            evidence.all += weight;
        } else if other.decided() <= morning || age >= HORIZON_DAYS {
            evidence.all += weight;
        } else {
            evidence.all += weight * book.pace.share(morning, age);
        }
    }
    let released = others.iter().filter(|other| other.is_released(morning)).count() as u32;
    Some(Alike {
        evidence,
        bills: others.len() as u32,
        released,
        amount_of_usual: amount_of_usual(bill, &others),
    })
}

/// From 0 to [`SAME_ORDER`].
fn likeness(bill: &Bill, other: &Bill) -> f64 {
    let days = |of: fn(&Bill) -> Option<Day>| {
        let since = |bill: &Bill| of(bill).map(|day| f64::from(bill.posted.0.saturating_sub(day.0)));
        apart(since(bill).map(log), since(other).map(log), DAYS_APART)
    };
    let amounts = if bill.currency == other.currency {
        (Some(amount(bill)), Some(amount(other)))
    } else {
        (None, None)
    };
    let apart =
        days(|bill| bill.ordered) + days(|bill| bill.received) + apart(amounts.0, amounts.1, AMOUNT_APART);
    let order = if !bill.order.is_empty() && bill.order == other.order { SAME_ORDER } else { 1.0 };
    let category = if bill.category == other.category { 1.0 } else { OTHER_CATEGORY };
    (-apart).exp() * order * category
}

/// Distance in its unit; where only one has the fact they are one unit apart.
fn apart(one: Option<f64>, other: Option<f64>, unit: f64) -> f64 {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() / unit,
        (None, None) => 0.0,
        _ => 1.0,
    }
}

/// Logarithm that keeps the sign.
fn log(days: f64) -> f64 {
    days.abs().ln_1p().copysign(days)
}

/// Logarithm of the amount in major units.
pub(super) fn amount(bill: &Bill) -> f64 {
    bill.currency.to_major(bill.amount.saturating_abs()).ln_1p()
}

fn amount_of_usual(bill: &Bill, others: &[&Bill]) -> f64 {
    let mut amounts: Vec<f64> =
        others.iter().filter(|other| other.currency == bill.currency).map(|other| amount(other)).collect();
    let middle = amounts.len() / 2;
    if amounts.is_empty() {
        return f64::NAN;
    }
    let (_, median, _) = amounts.select_nth_unstable_by(middle, f64::total_cmp);
    amount(bill) - *median
}
