//! Calendar days. A [`Day`] is a count of days since 1970-01-01, so that differences are integers and
//! sorting is cheap; chrono does the calendar. Not for times of day: a ledger has none that matter.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Days between 0001-01-01 and 1970-01-01, the origin of [`Day`].
const UNIX_EPOCH_FROM_CE_DAYS: i32 = 719_163;

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// The day up to which facts are visible, that day included.
///
/// "As of 2 December" means: everything known when 2 December ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf(pub Day);

impl Day {
    /// The day with this year, month and day of the month, where there is one.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::from_date)
    }

    /// Parses `YYYY-MM-DD`.
    pub fn from_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let number = |range: std::ops::Range<usize>| {
            bytes[range]
                .iter()
                .try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
        };
        Self::from_ymd(number(0..4)? as i32, number(5..7)?, number(8..10)?)
    }

    /// Parses `text` by a chrono format such as `%d/%m/%Y`.
    pub fn from_format(text: &str, format: &str) -> Option<Self> {
        NaiveDate::parse_from_str(text, format).ok().map(Self::from_date)
    }

    fn from_date(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce() - UNIX_EPOCH_FROM_CE_DAYS)
    }

    fn date(self) -> NaiveDate {
        self.0
            .checked_add(UNIX_EPOCH_FROM_CE_DAYS)
            .and_then(NaiveDate::from_num_days_from_ce_opt)
            .unwrap_or(if self.0 < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
    }

    /// This day moved by `days`.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Monday = 0 … Sunday = 6.
    pub fn weekday(self) -> i32 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7)
    }

    /// Day of the month, 1 to 31.
    pub fn day_of_month(self) -> u32 {
        self.date().day()
    }

    /// Month of the year, 1 to 12.
    pub fn month(self) -> u32 {
        self.date().month()
    }

    /// Calendar year.
    pub fn year(self) -> i32 {
        self.date().year()
    }

    /// First day of this day's month.
    #[must_use]
    pub fn month_start(self) -> Self {
        self.plus(1 - self.day_of_month() as i32)
    }

    /// First day of the month after this day's.
    #[must_use]
    pub fn next_month_start(self) -> Self {
        let start = self.month_start();
        start.date().checked_add_months(Months::new(1)).map_or(start, Self::from_date)
    }

    /// The same day of the month so many months later, or the last one of a month that is too short for it.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        self.date().checked_add_months(Months::new(months)).map_or(self, Self::from_date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_iso(&text)
            .ok_or_else(|| de::Error::custom(format!("`{text}` is not a day like 2026-01-31")))
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
