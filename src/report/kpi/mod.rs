//! Key figures of receivables, each with its formula and the numbers that went into it. First sums over what was known on the
//! days asked about ([`tally`]), then figures from sums alone ([`dso`], [`effect`], [`roll`], [`share`]), then a rendering
//! ([`render`]). [`cash`] holds what was predicted against what came.

pub mod cash;
mod dso;
mod effect;
mod figure;
#[cfg(test)]
mod ledger_tests;
mod render;
mod roll;
mod share;
pub mod tally;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::base::error::Result;
use crate::base::money::Currency;
use crate::ledger::Ledger;

pub use figure::{Formula, Kpi, Period, Tenths, Unit};
pub use render::{KpiSummary, sheet};
pub use share::PromisesDue;

use super::ageing;
use figure::Frame;
use tally::Tally;

/// Every formula, in the order in which figures are given.
pub const FORMULAS: &[&Formula] = &[
    &dso::DSO,
    &dso::BPDSO,
    &dso::ADD,
    &dso::DDSO,
    &dso::COUNTBACK,
    &dso::SALES_WEIGHTED,
    &dso::TRUE,
    &effect::CEI_PERIOD,
    &effect::CEI_MONTHLY,
    &effect::DBT,
    &effect::ADTP,
    &roll::ROLL_RATE,
    &roll::CURE_RATE,
    &share::UNAPPLIED_CASH,
    &share::UNAPPLIED_CREDIT,
    &share::DISPUTED,
    &share::WRITTEN_OFF,
    &share::KEPT_COUNT,
    &share::KEPT_AMOUNT,
];

/// The key figures of a period.
#[derive(Debug, Clone)]
pub struct Kpis {
    /// First and last day.
    pub period: Period,
    /// By currency, those of the reporting currency last; in the order of [`FORMULAS`].
    pub figures: Vec<Kpi>,
}

/// The figures of the `days` that end with the view's day, by currency and, where one is asked for, over all currencies in it, at
/// the rates of that day. `promised` says what became of the promises that fell due in the period.
pub fn kpis(
    ledger: &Ledger,
    as_of: AsOf,
    days: i32,
    reporting: Option<Currency>,
    promised: &BTreeMap<Currency, PromisesDue>,
) -> Result<Kpis> {
    let view = LedgerView::new(ledger, as_of)?;
    let books = tally::collect(ledger, &view, days)?;
    let mut figures = Vec::new();
    for (currency, tally) in &books.tallies {
        let frame =
            Frame { currency: *currency, period: books.period, begins: books.begins, at_rates: false };
        figures.extend(of(&frame, tally, promised.get(currency)));
    }
    if let Some(to) = reporting {
        let all = converted(&view, &books.tallies, to)?;
        let frame = Frame { currency: to, period: books.period, begins: books.begins, at_rates: true };
        // Promises are counted where they were made: amounts of several currencies are not one amount.
        figures.extend(of(&frame, &all, None));
    }
    Ok(Kpis { period: books.period, figures })
}

fn of(frame: &Frame, tally: &Tally, promised: Option<&PromisesDue>) -> Vec<Kpi> {
    let mut figures = dso::all(frame, tally);
    figures.extend(effect::all(frame, tally));
    figures.extend(roll::all(frame, tally));
    figures.extend(share::all(frame, tally, promised));
    figures
}

/// The sums of all currencies in one.
fn converted(view: &LedgerView, tallies: &BTreeMap<Currency, Tally>, to: Currency) -> Result<Tally> {
    let mut sum: Option<Tally> = None;
    for (from, tally) in tallies {
        let one =
            tally.converted(|minor| view.convert(i64::try_from(minor).ok()?, *from, to).map(i128::from));
        let one = one.ok_or_else(|| ageing::rate_missing(view, *from, to))?;
        match &mut sum {
            Some(sum) => sum.add(&one),
            None => sum = Some(one),
        }
    }
    Ok(sum.unwrap_or_default())
}

/// The day before a period of so many days that ends with this one.
fn before(last: Day, days: i32) -> Day {
    last.plus(-days)
}
