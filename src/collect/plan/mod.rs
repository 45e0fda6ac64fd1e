//! Payment plans: a claim cut into instalments, exact to the minor unit. The parts of the claim are equal and the last takes the
//! rounding, so that they always sum to it; a fee comes with the first, interest on what was still owed with each.

pub mod agreed;
pub mod capacity;
mod schedule;
pub mod track;

use serde::Serialize;

use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::base::limits::{DAY_YEAR_MAX, PLAN_INSTALMENTS_MAX};
use crate::base::money::Currency;
use crate::base::percent::Percent;
use crate::collect::claim::Exact;
use schedule::days;
pub use schedule::{Every, Roll};

/// Days of a year by which the interest of a plan is reckoned, leap years too.
const YEAR_DAYS: i32 = 365;

/// What a plan is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What is to be paid off, in minor units.
    pub claim: i64,
    /// Its currency.
    pub currency: Currency,
    /// Into how much, or how many.
    pub split: Split,
    /// How often.
    pub every: Every,
    /// Day from which interest is reckoned; no instalment is due before it.
    pub agreed: Day,
    /// Day of the first instalment.
    pub first: Day,
    /// What becomes of a day on which no payment settles.
    pub roll: Roll,
    /// What it costs.
    pub price: Price,
}

/// How a claim is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// Into so many equal parts.
    Count(usize),
    /// Into parts of so many minor units, and one for what is left.
    Amount(i64),
    /// The same, but less than half a part is no part of its own: it is paid with the last.
    Proposed(i64),
}

/// What a plan costs the debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Price {
    /// Nothing.
    Free,
    /// Minor units, once, with the first instalment.
    Fee(i64),
    /// Simple interest a year on what is still owed, paid with each instalment.
    Interest(Percent),
}

/// One payment of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Instalment {
    /// From 1 on.
    pub number: usize,
    /// Last day to pay it.
    pub due: Day,
    /// All of it, in minor units.
    pub amount: i64,
    /// What it pays off.
    pub part: i64,
    /// Fee or interest.
    pub charge: i64,
    /// What is left to pay off after it.
    pub left: i64,
}

/// A claim in instalments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Currency of every amount.
    pub currency: Currency,
    /// What it pays off, in minor units.
    pub claim: i64,
    /// Fee or interest.
    pub charge: i64,
    /// By day.
    pub instalments: Vec<Instalment>,
}

impl Plan {
    /// Makes the plan, or says why there is none.
    pub fn new(ask: &Ask) -> Result<Self> {
        let parts = parts(ask)?;
        let days = days(ask, parts.len());
        // A day without settlement may be moved to one before.
        let first = days.iter().copied().fold(ask.first, Day::min);
        if first < ask.agreed {
            return Err(impossible(format!("its first day {first} is before {}", ask.agreed)));
        }
        if let Some(last) = days.last().filter(|last| last.year() > DAY_YEAR_MAX) {
            return Err(impossible(format!("it would end on {last}")));
        }
        let mut charges = Charges::new(ask)?;
        let mut left = ask.claim;
        let mut instalments = Vec::with_capacity(parts.len());
        for (at, (part, due)) in parts.into_iter().zip(days).enumerate() {
            let charge = charges.next(left, due).ok_or_else(too_much)?;
            left -= part;
            let amount = part.checked_add(charge).ok_or_else(too_much)?;
            instalments.push(Instalment { number: at + 1, due, amount, part, charge, left });
        }
        let charge = instalments.iter().try_fold(0_i64, |sum, one| sum.checked_add(one.charge));
        Ok(Self {
            currency: ask.currency,
            claim: ask.claim,
            charge: charge.ok_or_else(too_much)?,
            instalments,
        })
    }
}

/// What each instalment pays off.
fn parts(ask: &Ask) -> Result<Vec<i64>> {
    if ask.claim <= 0 {
        return Err(impossible("there is nothing to pay off".to_owned()));
    }
    let (count, part) = match ask.split {
        Split::Count(count) => {
            let parts = i64::try_from(count).ok().filter(|parts| (1..=ask.claim).contains(parts));
            let parts = parts.ok_or_else(|| impossible(format!("{count} instalments of one claim")))?;
            (count, ask.claim / parts)
        }
        Split::Amount(part) | Split::Proposed(part) if part <= 0 => {
            return Err(impossible("instalments of nothing".to_owned()));
        }
        Split::Amount(part) => (usize::try_from(whole_parts(ask.claim, part)).unwrap_or(usize::MAX), part),
        Split::Proposed(part) => (usize::try_from(fair_parts(ask.claim, part)).unwrap_or(usize::MAX), part),
    };
    if count > PLAN_INSTALMENTS_MAX {
        return Err(impossible(format!("{count} instalments, more than {PLAN_INSTALMENTS_MAX}")));
    }
    let mut parts = vec![part; count];
    if let Some(last) = parts.last_mut() {
        *last = ask.claim - part * (count as i64 - 1);
    }
    Ok(parts)
}

/// How many parts of a size, the last one perhaps smaller, make the whole.
fn whole_parts(whole: i64, part: i64) -> i64 {
    whole / part + i64::from(whole % part != 0)
}

/// How many parts of a size make the whole, where the last one takes a rest of less than half a part.
fn fair_parts(whole: i64, part: i64) -> i64 {
    let rest = whole % part;
    (whole / part + i64::from(rest >= part - rest)).max(1)
}

/// What each instalment costs beyond its part of the claim. Interest is rounded on its running sum, so that all of it together is
/// rounded once.
struct Charges {
    fee: i64,
    rate: Percent,
    until: Day,
    exact: Exact,
    charged: i64,
}

impl Charges {
    fn new(ask: &Ask) -> Result<Self> {
        let (fee, rate) = match ask.price {
            Price::Free => (0, Percent::default()),
            Price::Fee(fee) => (fee, Percent::default()),
            Price::Interest(rate) => (0, rate),
        };
        if fee < 0 || rate < Percent::default() {
            return Err(impossible("a fee or interest below zero".to_owned()));
        }
        Ok(Self { fee, rate, until: ask.agreed, exact: Exact::default(), charged: 0 })
    }

    fn next(&mut self, owed: i64, due: Day) -> Option<i64> {
        let days = (due.0 - self.until.0).max(0);
        self.exact = self.exact.plus(Exact::simple(owed, self.rate, days, YEAR_DAYS)?)?;
        self.until = due.max(self.until);
        let interest = self.exact.rounded()? - self.charged;
        self.charged += interest;
        interest.checked_add(std::mem::take(&mut self.fee))
    }
}

fn impossible(detail: String) -> Error {
    Error::new(Code::PlanImpossible).detail(detail)
}

fn too_much() -> Error {
    impossible("its interest or fee is beyond any amount".to_owned())
}

#[cfg(test)]
mod tests;
