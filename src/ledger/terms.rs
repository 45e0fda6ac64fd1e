//! Payment terms as documents print them: `net 30`, `2/10 net 30`, `30 days end of month`. What is written otherwise is
//! not guessed.

use crate::base::day::Day;
use crate::base::limits::DAY_YEAR_MAX;

/// Hundredths of a percent in the whole.
const WHOLE: u32 = 10_000;

/// When a document is due, and what early payment takes off it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Days to pay.
    pub net_days: i32,
    /// Whether they are counted from the end of the month of issue.
    pub end_of_month: bool,
    /// What may be taken off for early payment.
    pub discount: Option<Discount>,
}

/// A discount for early payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Discount {
    /// Hundredths of a percent of the gross amount.
    pub basis_points: u32,
    /// Last day to take it, in days after issue.
    pub days: i32,
}

impl Terms {
    /// Last day to pay on time; `None` beyond any day that is read.
    pub fn due(&self, issued: Day) -> Option<Day> {
        let from = if self.end_of_month { issued.next_month_start().plus(-1) } else { issued };
        Some(from.plus(self.net_days)).filter(|due| due.year() <= DAY_YEAR_MAX)
    }
}

impl Discount {
    /// What it takes off an amount in minor units, half a unit rounded up.
    pub fn of(&self, amount: i64) -> i64 {
        let (whole, half) = (i128::from(WHOLE), i128::from(WHOLE / 2));
        let rounded = (i128::from(amount) * i128::from(self.basis_points) + half).div_euclid(whole);
        i64::try_from(rounded).unwrap_or(amount)
    }

    /// Last day to take it.
    pub fn until(&self, issued: Day) -> Day {
        issued.plus(self.days)
    }
}

/// Reads terms, in any case and spacing. `None` for every other wording.
pub fn parse(text: &str) -> Option<Terms> {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let plain = |net_days, end_of_month| Terms { net_days, end_of_month, discount: None };
    match words.as_slice() {
        ["due", "on" | "upon", "receipt"] | ["immediate" | "cod"] => return Some(plain(0, false)),
        ["eom"] => return Some(plain(0, true)),
        _ => {}
    }
    let (discount, rest) = discount(&words)?;
    let (net_days, rest) = match rest {
        ["net" | "n", "/", days, rest @ ..] | ["net" | "n", days, rest @ ..] => {
            (number(days)?, rest.strip_prefix(&["days"]).unwrap_or(rest))
        }
        [days, "days", rest @ ..] => (number(days)?, rest),
        _ => return None,
    };
    let end_of_month = match rest {
        [] => false,
        ["eom"] | ["end", "of", "month"] => true,
        _ => return None,
    };
    Some(Terms { net_days, end_of_month, discount })
}

/// The discount that the words begin with, if any, and the words after it. `None` if it cannot be one.
fn discount<'a, 'b>(words: &'b [&'a str]) -> Option<(Option<Discount>, &'b [&'a str])> {
    let ([percent, "%", "/", days, rest @ ..] | [percent, "%" | "/", days, rest @ ..]) = words else {
        return Some((None, words));
    };
    // `n/30` grants nothing.
    if *percent == "n" || *percent == "net" {
        return Some((None, words));
    }
    let basis_points = percent_of(percent)?;
    let rest = rest.strip_prefix(&["days"]).unwrap_or(rest);
    Some((Some(Discount { basis_points, days: number(days)? }), rest))
}

/// Words, numbers and signs, apart from each other.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = Sort::Blank;
    for sign in text.to_lowercase().chars() {
        let sort = Sort::of(sign);
        match words.last_mut() {
            _ if sort == Sort::Blank => {}
            Some(word) if sort == last && sort != Sort::Other => word.push(sign),
            _ => words.push(sign.to_string()),
        }
        last = sort;
    }
    words
}

#[derive(PartialEq)]
enum Sort {
    Letter,
    Digit,
    Blank,
    Other,
}

impl Sort {
    fn of(sign: char) -> Self {
        match sign {
            '0'..='9' | '.' => Self::Digit,
            ',' | ';' => Self::Blank,
            _ if sign.is_alphabetic() => Self::Letter,
            _ if sign.is_whitespace() => Self::Blank,
            _ => Self::Other,
        }
    }
}

/// A number of days: at most four digits.
fn number(text: &str) -> Option<i32> {
    Some(text).filter(|text| text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}

/// Hundredths of a percent, above nothing and below all.
fn percent_of(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.len() > 2 || fraction.len() > 2 {
        return None;
    }
    let points = format!("{whole}{fraction:0<2}").parse().ok()?;
    (0 < points && points < WHOLE).then_some(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(net_days: i32, end_of_month: bool) -> Terms {
        Terms { net_days, end_of_month, discount: None }
    }

    #[test]
    fn usual_wordings_are_read() {
        for text in ["net 30", "Net 30 days", "30 days", "N30", "NET30", "n/30", " net  30 "] {
            assert_eq!(parse(text), Some(net(30, false)), "{text}");
        }
        for text in ["due on receipt", "Due upon receipt", "immediate", "COD", "net 0"] {
            assert_eq!(parse(text), Some(net(0, false)), "{text}");
        }
        assert_eq!(parse("EOM"), Some(net(0, true)));
        for text in ["net 30 EOM", "30 days end of month"] {
            assert_eq!(parse(text), Some(net(30, true)), "{text}");
        }
        for text in ["2/10 net 30", "2% 10, net 30", "2%/10 net 30", "2/10, n/30", "2/10 days, 30 days"] {
            let discount = Some(Discount { basis_points: 200, days: 10 });
            assert_eq!(parse(text), Some(Terms { net_days: 30, end_of_month: false, discount }), "{text}");
        }
        let half = parse("1.5/10 net 45").and_then(|terms| terms.discount);
        assert_eq!(half, Some(Discount { basis_points: 150, days: 10 }));
    }

    #[test]
    fn every_other_wording_is_nothing() {
        for text in [
            "",
            "30",
            "net",
            "net thirty",
            "2/10",
            "100/10 net 30",
            "0/10 net 30",
            "1.234/10 net 30",
            "net 30 or else",
            "net 99999",
            "net 3.5",
            "/",
            "%",
            "2//10 net 30",
            "prepaid",
            "net -30",
            "eom eom",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_issue_or_from_the_end_of_its_month() {
        let due = |text: &str, issued: &str| {
            parse(text).zip(Day::from_iso(issued)).map(|(terms, day)| terms.due(day))
        };
        let day = |text: &str| Some(Day::from_iso(text));
        assert_eq!(due("net 30", "2025-01-10"), day("2025-02-09"));
        assert_eq!(due("EOM", "2024-02-10"), day("2024-02-29"));
        assert_eq!(due("EOM", "2024-02-29"), day("2024-02-29"));
        assert_eq!(due("net 30 EOM", "2025-01-10"), day("2025-03-02"));
        assert_eq!(due("net 9999", "2199-01-01"), Some(None));
    }

    #[test]
    fn a_discount_is_rounded_half_up() {
        let two = Discount { basis_points: 200, days: 10 };
        assert_eq!(two.of(10_000), 200);
        // 2 % of 0.25 is half a cent, of 0.24 less.
        assert_eq!((two.of(25), two.of(24)), (1, 0));
        assert_eq!(two.of(i64::MAX), 184_467_440_737_095_516);
        assert_eq!(two.until(Day(100)), Day(110));
    }
}
