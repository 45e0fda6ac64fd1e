//! Exact money: an integer count of a currency's minor unit (cents, yen, fils). No floats here; the model's
//! door converts with [`to_major`].

use serde::{Deserialize, Serialize};

use super::limits::AMOUNT_MINOR_MAX;

/// A currency: its ISO 4217 code and how many decimals its minor unit has (USD 2, JPY 0, KWD 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency {
    code: [u8; 3],
    decimals: u8,
}

/// Why a text is not an amount of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountFault {
    /// Not a plain decimal number such as `-1234.56`.
    NotANumber,
    /// More decimals than the currency's minor unit has.
    TooPrecise,
    /// Larger than allowed.
    TooLarge,
}

impl Currency {
    /// A currency from its code's three capital letters.
    pub const fn new(code: [u8; 3], decimals: u8) -> Self {
        Self { code, decimals }
    }

    /// The ISO 4217 code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("???")
    }

    /// Decimals of the minor unit.
    pub fn decimals(self) -> u8 {
        self.decimals
    }

    /// Parses an amount exactly: see [`parse_decimal`].
    pub fn parse(self, text: &str) -> Result<i64, AmountFault> {
        parse_decimal(text, self.decimals, AMOUNT_MINOR_MAX)
    }

    /// Writes minor units as a plain decimal number, `-1234.56`.
    pub fn format(self, minor: i64) -> String {
        self.write(i128::from(minor), "")
    }

    /// As [`Currency::format`] for a total too wide for one amount.
    pub fn format_total(self, minor: i128) -> String {
        self.write(minor, "")
    }

    /// Writes minor units for people: `1,234.56 USD`.
    pub fn display(self, minor: i128) -> String {
        format!("{} {}", self.write(minor, ","), self.code())
    }

    fn write(self, minor: i128, group: &str) -> String {
        let decimals = usize::from(self.decimals);
        let digits = format!("{:0width$}", minor.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let mut text = String::with_capacity(digits.len() + 8);
        if minor < 0 {
            text.push('-');
        }
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push_str(group);
            }
            text.push(digit);
        }
        if decimals > 0 {
            text.push('.');
            text.push_str(fraction);
        }
        text
    }

    /// Minor units as a float of major units: the model's door, for features and weights only.
    pub fn to_major(self, minor: i64) -> f64 {
        minor as f64 / 10_f64.powi(i32::from(self.decimals))
    }
}

/// Parses a plain decimal number as a whole count of its last decimal place, at most `most`. Zeros beyond the
/// `decimals` are taken, other digits there are not: a rounded amount would no longer equal the ledger.
pub fn parse_decimal(text: &str, decimals: u8, most: i64) -> Result<i64, AmountFault> {
    let (negative, digits) = match text.as_bytes() {
        [sign @ (b'-' | b'+'), rest @ ..] => (*sign == b'-', rest),
        rest => (false, rest),
    };
    let point = digits.iter().position(|&byte| byte == b'.');
    let (whole, fraction) = point.map_or((digits, &[][..]), |at| (&digits[..at], &digits[at + 1..]));
    let digits_only = whole.iter().chain(fraction).all(u8::is_ascii_digit);
    if !digits_only || whole.is_empty() && fraction.is_empty() {
        return Err(AmountFault::NotANumber);
    }
    let decimals = usize::from(decimals);
    let (kept, beyond) = fraction.split_at(fraction.len().min(decimals));
    if beyond.iter().any(|&byte| byte != b'0') {
        return Err(AmountFault::TooPrecise);
    }
    let padding = std::iter::repeat_n(&b'0', decimals - kept.len());
    let count = whole.iter().chain(kept).chain(padding).try_fold(0_i64, |sum, byte| {
        sum.checked_mul(10)?.checked_add(i64::from(byte - b'0')).filter(|&sum| sum <= most)
    });
    let count = count.ok_or(AmountFault::TooLarge)?;
    Ok(if negative { -count } else { count })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USD: Currency = Currency::new(*b"USD", 2);
    const JPY: Currency = Currency::new(*b"JPY", 0);
    const KWD: Currency = Currency::new(*b"KWD", 3);

    #[test]
    fn minor_units_follow_the_currency() {
        assert_eq!(USD.parse("12.5"), Ok(1250));
        assert_eq!(USD.parse("-.05"), Ok(-5));
        assert_eq!(USD.parse("7.1000"), Ok(710));
        assert_eq!(JPY.parse("1200"), Ok(1200));
        assert_eq!(JPY.parse("1200.00"), Ok(1200));
        assert_eq!(JPY.parse("1200.5"), Err(AmountFault::TooPrecise));
        assert_eq!(KWD.parse("1.234"), Ok(1234));
    }

    #[test]
    fn what_is_not_a_plain_number_is_refused() {
        for text in ["", "-", ".", "1,200.00", "1e5", "12.3.4", "NaN", "٣", "--1", "1 0"] {
            assert_eq!(USD.parse(text), Err(AmountFault::NotANumber), "{text}");
        }
        assert_eq!(USD.parse("99999999999999999999"), Err(AmountFault::TooLarge));
    }

    #[test]
    fn amounts_are_written_as_they_were_read() {
        assert_eq!(USD.format(-5), "-0.05");
        assert_eq!(USD.display(123_456_789), "1,234,567.89 USD");
        assert_eq!(JPY.display(-1_000), "-1,000 JPY");
        assert_eq!(KWD.format(1_234), "1.234");
    }
}
