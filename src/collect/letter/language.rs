//! A language as data: how it writes amounts and days, and the words that its letters share. Amounts are written from minor
//! units, never through a float.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::Customer;

/// A language in which letters can be written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// ISO 639 code: the name of its folder.
    #[serde(skip)]
    pub code: String,
    /// ISO 3166 codes of the countries in which it is usual.
    pub countries: Vec<String>,
    format: Format,
    /// Words by name.
    pub words: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Format {
    decimal: String,
    group: String,
    money: String,
    symbols: BTreeMap<String, String>,
    /// What `{d}` is on the first day of a month, where that is no plain number.
    first: Option<String>,
    date: String,
    date_short: String,
    months: Vec<String>,
}

impl Language {
    /// Parses a language's file. What is wrong is said with the key.
    pub fn parse(code: &str, text: &str) -> Result<Self, String> {
        let mut language: Self = toml::from_str(text).map_err(|cause| cause.to_string())?;
        code.clone_into(&mut language.code);
        language.format.check()?;
        Ok(language)
    }

    /// Says which of another language's words this one lacks.
    pub fn lacks(&self, other: &Self) -> Option<String> {
        let lacking = |word: &&String| self.words.get(*word).is_none_or(|text| text.trim().is_empty());
        other.words.keys().find(lacking).cloned()
    }

    /// A word of the letters; empty where there is none.
    pub fn word(&self, name: &str) -> &str {
        self.words.get(name).map_or("", String::as_str)
    }

    /// An amount of minor units.
    pub fn amount(&self, minor: i128, currency: Currency) -> String {
        let plain = currency.format_total(minor);
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let symbol = self.format.symbols.get(currency.code()).map_or(currency.code(), String::as_str);
        let written =
            self.format.money.replace("{amount}", &self.grouped(digits)).replace("{currency}", symbol);
        format!("{sign}{written}")
    }

    /// A plain decimal number, `-1234.5`, as the language writes it; another text is left as it is.
    pub fn number(&self, plain: &str) -> String {
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
        let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if decimal { format!("{sign}{}", self.grouped(digits)) } else { plain.to_owned() }
    }

    fn grouped(&self, digits: &str) -> String {
        let (whole, fraction) =
            digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
        let mut text = String::with_capacity(digits.len() + 8);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push_str(&self.format.group);
            }
            text.push(digit);
        }
        if let Some(fraction) = fraction {
            text.push_str(&self.format.decimal);
            text.push_str(fraction);
        }
        text
    }

    /// A day as it stands in a sentence.
    pub fn day(&self, day: Day) -> String {
        self.format.fill(&self.format.date, day)
    }

    /// A day as it stands in a table.
    pub fn day_short(&self, day: Day) -> String {
        self.format.fill(&self.format.date_short, day)
    }

    /// How the customer is addressed: a person by name, a company as is usual.
    pub fn salutation(&self, customer: &Customer, name: &str) -> String {
        let word = if customer.consumer { "salutation_person" } else { "salutation_business" };
        self.word(word).replace("{name}", name)
    }
}

impl Format {
    fn check(&self) -> Result<(), String> {
        let sign =
            |text: &str| text.chars().count() == 1 && !text.starts_with(|sign: char| sign.is_alphanumeric());
        if !sign(&self.decimal) {
            return Err("[format] decimal: one sign is needed".to_owned());
        }
        if !(self.group.is_empty() || sign(&self.group)) || self.group == self.decimal {
            return Err("[format] group: one sign other than `decimal`, or none".to_owned());
        }
        if !self.money.contains("{amount}") || !self.money.contains("{currency}") {
            return Err("[format] money: {amount} and {currency} are needed".to_owned());
        }
        if self.months.len() != 12 {
            return Err("[format] months: twelve are needed".to_owned());
        }
        for (key, pattern) in [("date", &self.date), ("date_short", &self.date_short)] {
            let day = pattern.contains("{d}") || pattern.contains("{dd}");
            let month = ["{mm}", "{month}", "{mon}"].iter().any(|part| pattern.contains(part));
            let filled = self.fill(pattern, Day(0));
            if !day || !month || !pattern.contains("{yyyy}") || filled.contains(['{', '}']) {
                return Err(format!(
                    "[format] {key}: a day ({{d}}, {{dd}}), a month ({{mm}}, {{mon}}, {{month}}) and {{yyyy}} are needed"
                ));
            }
        }
        Ok(())
    }

    fn fill(&self, pattern: &str, day: Day) -> String {
        let month = usize::try_from(day.month()).unwrap_or(1);
        let month = self.months.get(month - 1).map_or("", String::as_str);
        let short = month.char_indices().nth(3).map_or(month, |(at, _)| month.split_at(at).0);
        let mut text = String::with_capacity(pattern.len() + 8);
        let mut rest = pattern;
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            text.push_str(before);
            let first = self.first.as_deref().filter(|_| day.day_of_month() == 1);
            let _ = match name {
                "d" if first.is_some() => text.write_str(first.unwrap_or_default()),
                "d" => write!(text, "{}", day.day_of_month()),
                "dd" => write!(text, "{:02}", day.day_of_month()),
                "mm" => write!(text, "{:02}", day.month()),
                "mon" => text.write_str(short),
                "month" => text.write_str(month),
                "yyyy" => write!(text, "{}", day.year()),
                unknown => write!(text, "{{{unknown}}}"),
            };
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::letter::source;

    fn language(code: &str) -> Language {
        let name = format!("{code}/language.toml");
        let text = source::shipped().find(|(path, _)| *path == name).unwrap().1;
        Language::parse(code, text).unwrap()
    }

    const EUR: Currency = Currency::new(*b"EUR", 2);
    const JPY: Currency = Currency::new(*b"JPY", 0);
    const KWD: Currency = Currency::new(*b"KWD", 3);

    // By hand, from the rules of each language: CLDR groups French by a narrow no-break space (U+202F) and sets a no-break
    // space (U+00A0) before the currency.
    #[test]
    fn amounts_are_written_as_each_language_does() {
        let all = |code: &str, minor, currency| language(code).amount(minor, currency);
        assert_eq!(all("en", 123_456, EUR), "EUR\u{a0}1,234.56");
        assert_eq!(all("de", 123_456, EUR), "1.234,56\u{a0}€");
        assert_eq!(all("fr", 123_456, EUR), "1\u{202f}234,56\u{a0}€");
        assert_eq!(all("es", 123_456, EUR), "1.234,56\u{a0}€");
        assert_eq!(all("de", -5, EUR), "-0,05\u{a0}€");
        assert_eq!(all("en", -123_456_789, EUR), "-EUR\u{a0}1,234,567.89");
        assert_eq!(all("de", 1_000, JPY), "1.000\u{a0}JPY");
        assert_eq!(all("fr", 999, KWD), "0,999\u{a0}KWD");
        // Beyond what a float holds exactly.
        assert_eq!(all("en", 9_007_199_254_740_993, EUR), "EUR\u{a0}90,071,992,547,409.93");
    }

    #[test]
    fn days_are_written_as_each_language_does() {
        let day = Day::from_ymd(2026, 3, 1).unwrap();
        let both = |code: &str| (language(code).day(day), language(code).day_short(day));
        let texts = |long: &str, short: &str| (long.to_owned(), short.to_owned());
        assert_eq!(both("en"), texts("1\u{a0}March 2026", "1 Mar 2026"));
        assert_eq!(both("de"), texts("1.\u{a0}März 2026", "01.03.2026"));
        assert_eq!(both("fr"), texts("1er\u{a0}mars 2026", "01/03/2026"));
        assert_eq!(language("fr").day(day.plus(1)), "2\u{a0}mars 2026");
        assert_eq!(both("es"), texts("1\u{a0}de marzo de 2026", "01/03/2026"));
    }

    #[test]
    fn numbers_are_localised_and_other_text_is_not() {
        assert_eq!(language("de").number("1234.56789"), "1.234,56789");
        assert_eq!(language("fr").number("-11.75"), "-11,75");
        assert_eq!(language("de").number("base + 9"), "base + 9");
    }

    #[test]
    fn a_language_that_cannot_be_used_is_refused_with_the_key() {
        let text = source::shipped().find(|(path, _)| *path == "de/language.toml").unwrap().1;
        let with = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Language::parse("de", &text.replacen(from, to, 1)).unwrap_err()
        };
        assert!(with("group = \".\"", "group = \",\"").contains("group"));
        assert!(with("{amount}", "").contains("money"));
        assert!(with("{yyyy}", "{year}").contains("date"));
        assert!(with("\"Januar\", ", "").contains("months"));
        assert!(with("group =", "grup =").contains("grup"));
    }

    #[test]
    fn every_language_has_all_words() {
        let english = language("en");
        for code in ["de", "fr", "es"] {
            assert_eq!(language(code).lacks(&english), None, "{code}");
        }
    }
}
