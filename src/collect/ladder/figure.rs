//! Amounts of a policy: whole units of whatever currency they are held against, written as texts so that they are exact.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

use crate::base::money::{Currency, parse_decimal};
use crate::exception::policy::tolerance::{ONE, plain};
use crate::exception::policy::whole;
use crate::ledger::table::DECIMAL_PLACES;

/// An exact number that is not below zero, in units of [`ONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure(i128);

impl Figure {
    /// Parses a plain decimal number.
    pub fn parse(text: &str) -> Option<Self> {
        let figure = parse_decimal(text, DECIMAL_PLACES, i64::MAX).ok()?;
        (figure >= 0).then_some(Self(i128::from(figure)))
    }

    /// So many whole units.
    pub fn whole(units: u32) -> Self {
        Self(i128::from(units) * ONE)
    }

    /// Whether minor units of a currency are fewer.
    pub fn is_above(self, minor: i64, currency: Currency) -> bool {
        whole(minor, currency) < self.0
    }

    /// Whether minor units of a currency are more.
    pub fn is_below(self, minor: i64, currency: Currency) -> bool {
        whole(minor, currency) > self.0
    }

    /// So many percent of minor units, half a unit rounded up.
    pub fn percent_of(self, minor: i64) -> i64 {
        let hundred = ONE * 100;
        let share = (i128::from(minor).saturating_mul(self.0) + hundred / 2).div_euclid(hundred);
        i64::try_from(share).unwrap_or(i64::MAX)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain(self.0))
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom(format!("`{text}` is not a number like \"25.00\"")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_whole_units_of_any_currency() {
        let (usd, jpy) = (Currency::new(*b"USD", 2), Currency::new(*b"JPY", 0));
        let limit = Figure::parse("25").unwrap();
        // 24.99 dollars are fewer than 25, 25 yen are not.
        assert!(limit.is_above(2_499, usd) && !limit.is_above(2_500, usd) && !limit.is_above(25, jpy));
        assert!(limit.is_below(2_501, usd) && !limit.is_below(2_500, usd));
        assert_eq!(Figure::parse("-1"), None);
        assert_eq!(Figure::parse("ten"), None);
    }

    #[test]
    fn a_share_is_rounded_once() {
        // 12.5 % of 10.01 is 1.25125, of 10.02 it is 1.2525.
        let share = Figure::parse("12.5").unwrap();
        assert_eq!([share.percent_of(1_001), share.percent_of(1_002)], [125, 125]);
        assert_eq!(share.percent_of(4), 1, "half a cent is rounded up");
    }
}
