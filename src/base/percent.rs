//! Exact rates and shares in percent: a whole count of millionths of a percent, so that interest is a fraction of whole numbers.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

use super::limits::RATE_PERCENT_MAX;
use super::money::parse_decimal;

/// Decimals that a rate may have.
const PLACES: u8 = 6;

/// Millionths in one percent.
const ONE: i64 = 1_000_000;

/// A rate or share in percent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(i64);

impl Percent {
    /// The whole, in millionths of a percent.
    pub const WHOLE_MILLIONTHS: i128 = 100 * ONE as i128;

    /// Parses a plain decimal number of percent, such as `11.75`; below zero too.
    pub fn parse(text: &str) -> Option<Self> {
        parse_decimal(text, PLACES, RATE_PERCENT_MAX * ONE).ok().map(Self)
    }

    /// Millionths of a percent.
    pub fn millionths(self) -> i64 {
        self.0
    }

    /// This rate `times` over, and `more` on top.
    #[must_use]
    pub fn times_plus(self, times: u32, more: Self) -> Self {
        Self(self.0.saturating_mul(i64::from(times)).saturating_add(more.0))
    }

    /// This share of an amount in minor units, half a unit rounded up; `None` beyond any amount.
    pub fn of(self, amount: i64) -> Option<i64> {
        let product = i128::from(amount) * i128::from(self.0);
        i64::try_from((product + Self::WHOLE_MILLIONTHS / 2).div_euclid(Self::WHOLE_MILLIONTHS)).ok()
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / ONE as u64, self.0.unsigned_abs() % ONE as u64);
        let text = format!("{sign}{whole}.{rest:06}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom(format!("`{text}` is not a percentage like \"1.5\"")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_was_read() {
        for text in ["0", "11.75", "-0.88", "4.125", "1000", "0.000001"] {
            assert_eq!(Percent::parse(text).map(|rate| rate.to_string()).as_deref(), Some(text));
        }
        for text in ["", "8 %", "1000.000001", "0.0000001", "8,5"] {
            assert_eq!(Percent::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_share_is_rounded_half_up() {
        let rate = Percent::parse("1.5").unwrap();
        // 1.5 % of 100 cents is a cent and a half, of 99 cents 1.485.
        assert_eq!((rate.of(100), rate.of(99)), (Some(2), Some(1)));
        assert_eq!(Percent::parse("1000").unwrap().of(i64::MAX), None);
    }

    #[test]
    fn a_multiple_takes_its_margin() {
        let [reference, margin] = ["-0.88", "9"].map(|text| Percent::parse(text).unwrap());
        assert_eq!(reference.times_plus(1, margin), Percent::parse("8.12").unwrap());
        assert_eq!(reference.times_plus(3, margin), Percent::parse("6.36").unwrap());
    }
}
