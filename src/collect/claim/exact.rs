//! Interest before it is rounded: an exact fraction of a minor unit. All rates are whole millionths of a percent and all years have
//! 360, 365 or 366 days, so one denominator serves every segment, and adding them loses nothing.

use crate::base::money::Currency;
use crate::base::percent::Percent;

/// The least common multiple of 360, 365 and 366.
const YEAR_DAYS: i128 = 1_603_080;

const DENOMINATOR: i128 = Percent::WHOLE_MILLIONTHS * YEAR_DAYS;

/// Decimals shown beyond those of the currency.
const MORE_PLACES: u32 = 4;

/// An exact amount of interest, of any sign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(i128);

impl Exact {
    /// Simple interest on a balance in minor units for some days of a year of 360, 365 or 366; `None` beyond any amount.
    pub fn simple(balance: i64, rate: Percent, days: i32, year_days: i32) -> Option<Self> {
        let per_day = YEAR_DAYS / i128::from(year_days);
        let product = i128::from(balance).checked_mul(i128::from(rate.millionths()))?;
        product.checked_mul(i128::from(days))?.checked_mul(per_day).map(Self)
    }

    /// The sum of both; `None` beyond any amount.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Minor units, half a unit rounded up; `None` beyond any amount.
    pub fn rounded(self) -> Option<i64> {
        i64::try_from(self.0.checked_add(DENOMINATOR / 2)?.div_euclid(DENOMINATOR)).ok()
    }

    /// Whole units of the currency with four decimals more than it has, for people.
    pub fn display(self, currency: Currency) -> String {
        let shown = 10_i128.pow(MORE_PLACES);
        // Taken apart first: the whole times ten thousand may be too wide.
        let (units, rest) = (self.0.div_euclid(DENOMINATOR), self.0.rem_euclid(DENOMINATOR));
        let digits = units * shown + (rest * shown + DENOMINATOR / 2) / DENOMINATOR;
        let finer = Currency::new(*b"XXX", currency.decimals() + MORE_PLACES as u8);
        finer.format_total(digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GBP: Currency = Currency::new(*b"GBP", 2);

    fn rate(text: &str) -> Percent {
        Percent::parse(text).unwrap()
    }

    #[test]
    fn a_year_has_whole_parts_of_the_denominator() {
        assert!([360, 365, 366].iter().all(|days| YEAR_DAYS % days == 0));
    }

    #[test]
    fn ten_thousand_pounds_at_eleven_and_three_quarters_are_3_219_a_day() {
        // Published by a firm of solicitors: 10,000 x 11.75 % / 365 = 3.219.
        let day = Exact::simple(1_000_000, rate("11.75"), 1, 365).unwrap();
        assert_eq!(day.display(GBP), "3.219178");
        assert_eq!(day.rounded(), Some(322));
    }

    #[test]
    fn half_a_unit_is_rounded_up() {
        // 36.5 cents at 100 % for half a year of 360 days, and so on: 1 x 100 % x 180 / 360 is half a unit.
        assert_eq!(Exact::simple(1, rate("100"), 180, 360).unwrap().rounded(), Some(1));
        assert_eq!(Exact::simple(1, rate("100"), 179, 360).unwrap().rounded(), Some(0));
        assert_eq!(Exact::simple(-1, rate("100"), 180, 360).unwrap().rounded(), Some(0));
        assert_eq!(Exact::simple(-1, rate("100"), 181, 360).unwrap().display(GBP), "-0.005028");
    }

    #[test]
    fn what_is_too_wide_is_nothing() {
        let wide = Exact::simple(i64::MAX, rate("1000"), 36_525, 365);
        assert!(wide.is_some_and(|exact| exact.rounded().is_none()));
        assert!(Exact::simple(i64::MAX, rate("1000"), i32::MAX, 360).is_none_or(|it| it.rounded().is_none()));
    }
}
