//! What may be claimed for one invoice: principal, interest by law or agreement, the law's fixed sum, and costs, each less what
//! payments cleared. Interest is kept in segments of one balance and one rate, exact until it is rounded once.
//!
//! Interest runs from the day after the due day; the day of a payment still bears it. It stays claimable when the principal is paid.

mod basis;
mod books;
pub mod charges;
pub mod debts;
mod exact;
mod fees;
mod note;
mod run;

pub use basis::{Basis, Origin};
pub use books::Part;
pub use exact::Exact;
pub use note::Note;

use crate::base::day::AsOf;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::base::percent::Percent;
use crate::statute::fee_cap::Letter;

/// An invoice and what happened to it, as known on the day of the claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debt {
    /// Number of the invoice.
    pub invoice: String,
    /// Id of who owes it.
    pub customer: String,
    /// Day of issue.
    pub issued: Day,
    /// Last day to pay on time.
    pub due: Day,
    /// Gross amount in minor units.
    pub principal: i64,
    /// Currency of every amount.
    pub currency: Currency,
    /// What was paid on it, in any order.
    pub payments: Vec<Payment>,
    /// What was charged for recovering it, in any order.
    pub charges: Vec<Charge>,
}

/// Money on a debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payment {
    /// Day it was paid.
    pub day: Day,
    /// Minor units; below zero is money that came back.
    pub amount: i64,
}

/// What recovering a debt was charged with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Charge {
    /// Day it was charged.
    pub day: Day,
    /// What for.
    pub kind: ChargeKind,
    /// Minor units.
    pub amount: i64,
}

/// What a charge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChargeKind {
    /// A letter, which the law may cap.
    Letter(Letter),
    /// An agreed late fee.
    LateFee,
}

/// A time of one balance and one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// What bore interest, in minor units.
    pub balance: i64,
    /// Rate a year.
    pub rate: Percent,
    /// Days of the year it is for.
    pub year_days: i32,
    /// Balance x rate x days / days of the year.
    pub interest: Exact,
    /// What the rate is made of and where it is written.
    pub origin: Origin,
}

/// What may be claimed for one invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Number of the invoice.
    pub invoice: String,
    /// Id of who owes it.
    pub customer: String,
    /// Last day to pay on time.
    pub due: Day,
    /// Day up to which interest is claimed, that day included.
    pub as_of: Day,
    /// Currency of every amount.
    pub currency: Currency,
    /// The invoice.
    pub principal: Part,
    /// Interest until the day of the claim.
    pub interest: Part,
    /// The law's fixed sum.
    pub fixed_sum: Part,
    /// Fees of letters and late fees.
    pub costs: Part,
    /// What was paid too much.
    pub surplus: i64,
    /// Where the interest comes from, in order of time.
    pub segments: Vec<Segment>,
    /// What interest rests on; empty where there is none.
    pub source: String,
    /// What the fixed sum rests on; empty where there is none.
    pub fixed_sum_source: &'static str,
    /// What the reader has to know.
    pub notes: Vec<Note>,
}

impl Debt {
    /// What is open of it at the end of a day, in minor units.
    pub fn open(&self, day: Day) -> i64 {
        let paid = self.payments.iter().filter(|payment| payment.day <= day);
        paid.fold(self.principal, |open, payment| open.saturating_sub(payment.amount)).max(0)
    }
}

impl Segment {
    /// Days, first and last included.
    pub fn days(&self) -> i32 {
        self.to.0 - self.from.0 + 1
    }

    /// Whether the next one is the same from the day after on.
    fn goes_on_as(&self, next: &Self) -> bool {
        let terms = |one: &Self| (one.balance, one.rate, one.year_days);
        self.to.plus(1) == next.from && terms(self) == terms(next) && self.origin == next.origin
    }
}

impl Claim {
    /// Works out the claim for a debt as of a day. A missing reference rate is an error with its name and day.
    pub fn new(debt: &Debt, basis: &Basis, as_of: AsOf) -> Result<Self> {
        run::run(debt, basis, as_of.0).map_err(|error| {
            let found = format!("invoice {}: {}", debt.invoice, error.detail);
            error.detail(found)
        })
    }

    /// All that is left to pay; `None` beyond any amount.
    pub fn total(&self) -> Option<i64> {
        [self.interest, self.fixed_sum, self.costs]
            .iter()
            .try_fold(self.principal.open(), |sum, part| sum.checked_add(part.open()))
    }

    /// Interest for each further day, while nothing changes; `None` where none runs on the day of the claim.
    pub fn a_day(&self) -> Option<Exact> {
        let last = self.segments.last().filter(|segment| segment.to == self.as_of)?;
        Exact::simple(last.balance, last.rate, 1, last.year_days)
    }
}

fn too_large() -> Error {
    Error::new(Code::AmountTooLarge).detail("interest or a sum is beyond any amount")
}

#[cfg(test)]
mod tests;
