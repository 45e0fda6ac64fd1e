//! Party ids, and what spreadsheets and narrow columns make of them on the way.

use std::fmt;

/// Largest power of ten read as an id: longer ids than IBANs are not written as numbers.
const EXPONENT_MAX: usize = 34;

/// The ends of the signed 32- and 64-bit integers: what is left of a number too large for its column.
const SATURATED: [&str; 4] = ["-2147483648", "2147483647", "-9223372036854775808", "9223372036854775807"];

/// What happened to an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mangled {
    /// Written with decimals, `4711.0`.
    Decimal {
        /// As found.
        found: String,
        /// As it was, but for leading zeros.
        id: String,
    },
    /// Written as a power of ten, `4.711E+03`.
    Power {
        /// As found.
        found: String,
        /// As it was, but for leading zeros; zeros in place of the digits that are not shown.
        id: String,
        /// Whether every digit is shown.
        exact: bool,
    },
    /// The smallest or largest number that a column could hold.
    Saturated {
        /// As found.
        found: String,
    },
}

/// What happened to an id, if it shows. `1E5` is taken for a code, for a spreadsheet writes `1E+05`.
pub fn mangled(id: &str) -> Option<Mangled> {
    let found = id.trim().to_owned();
    if SATURATED.contains(&found.as_str()) {
        return Some(Mangled::Saturated { found });
    }
    if let Some((whole, decimals)) = found.split_once('.')
        && is_number(whole)
        && is_number(decimals)
    {
        let id = decimals.bytes().all(|digit| digit == b'0').then(|| whole.to_owned())?;
        return Some(Mangled::Decimal { found, id });
    }
    let (id, exact) = expanded(&found)?;
    Some(Mangled::Power { found, id, exact })
}

/// The digits of `4.711E+03`, and whether all were shown.
fn expanded(found: &str) -> Option<(String, bool)> {
    let (mantissa, exponent) = found.split_once(['E', 'e'])?;
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = exponent.strip_prefix('+').unwrap_or(exponent);
    let marked = mantissa.contains('.') && !decimals.is_empty() || exponent.starts_with('+');
    let numbers = is_number(digits) && (decimals.is_empty() || is_number(decimals));
    if !(marked && numbers && whole.len() == 1 && is_number(whole) && whole != "0") {
        return None;
    }
    let power = digits.parse().ok().filter(|&power: &usize| power <= EXPONENT_MAX)?;
    let (shown, beyond) = decimals.split_at(decimals.len().min(power));
    let exact = decimals.len() >= power;
    beyond.bytes().all(|digit| digit == b'0').then(|| (format!("{whole}{shown:0<power$}"), exact))
}

/// What ids that may be the same have in common: the id without leading zeros, decimals and powers of ten. Empty if
/// nothing can be told by it.
pub(super) fn key(id: &str) -> String {
    let whole = match mangled(id) {
        Some(Mangled::Saturated { .. }) => String::new(),
        Some(Mangled::Decimal { id, .. } | Mangled::Power { id, .. }) => id,
        None => id.trim().to_owned(),
    };
    whole.trim_start_matches('0').to_owned()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for Mangled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decimal { found, id } => {
                write!(f, "id `{found}` is `{id}` with a decimal: a spreadsheet wrote it as a number")
            }
            Self::Power { found, id, exact: true } => {
                write!(f, "id `{found}` is `{id}` as a power of ten: a spreadsheet wrote it as a number")
            }
            Self::Power { found, id, exact: false } => {
                write!(f, "id `{found}` is `{id}` or near it: a spreadsheet cut its last digits off")
            }
            Self::Saturated { found } => {
                write!(f, "id `{found}` is no id: a number too large for its column")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mangled_ids_say_what_they_were() {
        for (id, text) in [
            (
                "100234567.0",
                "id `100234567.0` is `100234567` with a decimal: a spreadsheet wrote it as a number",
            ),
            ("42.00", "id `42.00` is `42` with a decimal: a spreadsheet wrote it as a number"),
            (
                "1.00234567E+08",
                "id `1.00234567E+08` is `100234567` as a power of ten: a spreadsheet wrote it as a number",
            ),
            (
                "1.002345670e8",
                "id `1.002345670e8` is `100234567` as a power of ten: a spreadsheet wrote it as a number",
            ),
            (
                "1.0023E+08",
                "id `1.0023E+08` is `100230000` or near it: a spreadsheet cut its last digits off",
            ),
            ("2E+08", "id `2E+08` is `200000000` or near it: a spreadsheet cut its last digits off"),
            ("-2147483648", "id `-2147483648` is no id: a number too large for its column"),
        ] {
            assert_eq!(mangled(id).map(|mangled| mangled.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn other_ids_are_left_alone() {
        for id in [
            "",
            "100234567",
            "0042",
            "1.5",
            "1.2.0",
            "V1.0",
            ".0",
            "7.",
            "1E5",
            "2.5E+00",
            "2.5E-08",
            "0.5E+08",
            "12.5E+08",
            "2.5E+35",
            "2.5E+99999999999999999999",
            "E+08",
            "2E+",
            "-2147483647",
            "-1.0",
            "٤.٠",
            "2.5E+0８",
        ] {
            assert_eq!(mangled(id), None, "{id}");
        }
    }

    #[test]
    fn the_key_is_what_ids_have_in_common() {
        for (id, common) in [
            ("0100234567", "100234567"),
            ("100234567.0", "100234567"),
            ("1.00234567E+08", "100234567"),
            (" 00A7 ", "A7"),
            ("A07", "A07"),
            ("000", ""),
            ("-2147483648", ""),
            ("", ""),
        ] {
            assert_eq!(key(id), common);
        }
    }
}
