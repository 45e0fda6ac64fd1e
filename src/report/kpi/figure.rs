//! One key figure: what it is called, how it is calculated, from which numbers, over which days, and what it comes to.

use serde::{Serialize, Serializer};

use crate::base::day::Day;
use crate::base::money::Currency;

/// A number with one decimal, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenths(pub i64);

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Days.
    Days,
    /// Hundredths of a whole.
    Percent,
}

/// How a figure is calculated.
#[derive(Debug, Clone, Copy)]
pub struct Formula {
    /// What the figure is called in tables.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// The calculation, in words.
    pub text: &'static str,
}

/// The days a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Last day: nothing known after it is used.
    pub to: Day,
}

/// A key figure.
#[derive(Debug, Clone)]
pub struct Kpi {
    /// What it is.
    pub formula: &'static Formula,
    /// Which part of the portfolio, where there is a figure for each.
    pub part: String,
    /// Currency of its amounts.
    pub currency: Currency,
    /// Its days.
    pub period: Period,
    /// What went into it.
    pub inputs: Vec<(&'static str, String)>,
    /// What it comes to, or why it is not defined.
    pub value: Result<Tenths, String>,
    /// Whether amounts of several currencies were converted for it, at the rates of the last day.
    pub at_rates: bool,
}

/// A number that goes into a figure.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input {
    /// Minor units.
    Money(i128),
    /// Minor units times days.
    MoneyDays(i128),
    /// Anything counted: days, accounts, promises.
    Count(i64),
}

/// What all figures of one currency and period share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub currency: Currency,
    pub period: Period,
    /// First day of the ledger, if it is later than that of the period.
    pub begins: Option<Day>,
    pub at_rates: bool,
}

impl Tenths {
    /// A quotient, half a tenth rounded away from zero; `None` unless the divisor is above zero.
    pub fn of(dividend: i128, divisor: i128) -> Option<Self> {
        if divisor <= 0 {
            return None;
        }
        let doubled = dividend.checked_mul(20)?;
        let rounded = doubled.abs().checked_add(divisor)? / divisor.checked_mul(2)?;
        i64::try_from(rounded * doubled.signum()).ok().map(Self)
    }

    /// As a float, for machines.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 10.0
    }
}

impl std::fmt::Display for Tenths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{}", self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10)
    }
}

impl Serialize for Tenths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.to_f64())
    }
}

impl Unit {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Percent => "percent",
        }
    }
}

impl Period {
    /// How many days it has.
    pub fn days(self) -> i32 {
        self.to.0 - self.from.0 + 1
    }
}

impl Kpi {
    /// This figure with one more input.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, text: String) -> Self {
        self.inputs.push((name, text));
        self
    }
}

impl Frame {
    /// A figure of the whole period.
    pub fn kpi(
        &self,
        formula: &'static Formula,
        inputs: &[(&'static str, Input)],
        value: Result<Tenths, String>,
    ) -> Kpi {
        Kpi {
            formula,
            part: String::new(),
            currency: self.currency,
            period: self.period,
            inputs: inputs.iter().map(|(name, input)| (*name, input.text(self.currency))).collect(),
            value,
            at_rates: self.at_rates,
        }
    }

    /// A figure that needs what happened on every day of the period.
    pub fn whole(&self, value: Result<Tenths, String>) -> Result<Tenths, String> {
        match self.begins {
            Some(day) => {
                Err(format!("not defined: the ledger begins on {day}, within the period; give fewer --days"))
            }
            None => value,
        }
    }

    /// Days of the period.
    pub fn days(&self) -> i128 {
        i128::from(self.period.days())
    }
}

/// A quotient, or why there is none.
pub(super) fn quotient(dividend: i128, divisor: i128, why_not: &str) -> Result<Tenths, String> {
    let undefined =
        || if divisor > 0 { "not defined: too large".to_owned() } else { format!("not defined: {why_not}") };
    Tenths::of(dividend, divisor).ok_or_else(undefined)
}

/// A share in percent, or why there is none.
pub(super) fn percent(part: i128, whole: i128, why_not: &str) -> Result<Tenths, String> {
    quotient(part.saturating_mul(100), whole, why_not)
}

impl Input {
    fn text(self, currency: Currency) -> String {
        match self {
            Self::Money(minor) => currency.display(minor),
            Self::MoneyDays(minor) => format!("{} x days", currency.display(minor)),
            Self::Count(count) => count.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_rounded_half_away_from_zero() {
        // 1/4 is 0.25, 1/3 is 0.333.
        assert_eq!(Tenths::of(1, 4), Some(Tenths(3)));
        assert_eq!(Tenths::of(-1, 4), Some(Tenths(-3)));
        assert_eq!(Tenths::of(1, 3), Some(Tenths(3)));
        assert_eq!(Tenths::of(5, 1), Some(Tenths(50)));
        assert_eq!(Tenths::of(5, 0), None);
        assert_eq!(Tenths::of(5, -1), None);
        assert_eq!(Tenths::of(i128::MAX, 1), None);
        assert_eq!(
            (Tenths(-3).to_string(), Tenths(1234).to_string()),
            ("-0.3".to_owned(), "123.4".to_owned())
        );
    }
}
