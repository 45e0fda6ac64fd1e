//! Days on which payments in a currency settle: not on Saturdays and Sundays, nor on the holidays of the currency's payment
//! system, from `data/statute/bank_holidays.csv`. Currencies that the table does not know have no holidays but weekends.
//!
//! The table's rules: `12-25` a day of the year · `3mon-01` the third Monday of January, `-1mon-05` the last of May ·
//! `mon<05-25` the last Monday before 25 May · `easter+1` days from Easter Sunday. A day that falls on a weekend is kept there
//! (`none`), moves to the Monday if it is a Sunday (`sunday`), or to the next day that is none of either (`next`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::base::day::Day;
use crate::base::limits::{DAY_YEAR_MAX, DAY_YEAR_MIN};

const TABLE: &str = include_str!("../../data/statute/bank_holidays.csv");

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Holidays of each currency that are no Saturday or Sunday, ascending.
static HOLIDAYS: LazyLock<BTreeMap<&str, Vec<Day>>> = LazyLock::new(|| {
    let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for row in TABLE.lines().skip(1).filter_map(Row::parse) {
        rows.entry(row.currency).or_default().push(row);
    }
    rows.into_iter().map(|(currency, rows)| (currency, holidays(&rows))).collect()
});

/// The days on which payments in one currency settle.
#[derive(Debug, Clone, Copy)]
pub struct BankDays {
    holidays: &'static [Day],
}

impl BankDays {
    /// Those of a currency, by its ISO 4217 code.
    pub fn of(currency: &str) -> Self {
        Self { holidays: HOLIDAYS.get(currency).map_or(&[], Vec::as_slice) }
    }

    /// Whether payments settle on a day.
    pub fn settles(self, day: Day) -> bool {
        day.weekday() < 5 && self.holidays.binary_search(&day).is_err()
    }

    /// The first such day from this one on.
    pub fn next(self, day: Day) -> Day {
        self.first(day, 1)
    }

    /// The last such day until this one.
    pub fn last(self, day: Day) -> Day {
        self.first(day, -1)
    }

    fn first(self, day: Day, step: i32) -> Day {
        // No row of holidays is as long as a fortnight.
        (0..14).map(|steps| day.plus(step * steps)).find(|day| self.settles(*day)).unwrap_or(day)
    }

    /// How many such days lie after one day and until another, which is counted; zero where there is none.
    pub fn between(self, after: Day, until: Day) -> i32 {
        if until <= after {
            return 0;
        }
        let before = |day: Day| self.holidays.partition_point(|holiday| *holiday <= day) as i32;
        weekdays_until(until) - weekdays_until(after) - (before(until) - before(after))
    }
}

/// Mondays to Fridays from some Monday long ago until a day, which is counted.
fn weekdays_until(day: Day) -> i32 {
    // 1969-12-29 was a Monday.
    let days = day.0 + 3;
    days.div_euclid(7) * 5 + (days.rem_euclid(7) + 1).min(5)
}

/// A row of the table.
struct Row {
    currency: &'static str,
    rule: &'static str,
    weekend: &'static str,
    years: std::ops::RangeInclusive<i32>,
}

impl Row {
    fn parse(line: &'static str) -> Option<Self> {
        let mut fields = line.split(',');
        let mut field = || fields.next();
        let (currency, rule, weekend) = (field()?, field()?, field()?);
        let from = field()?.parse().ok()?;
        let to = field()?;
        let to = if to.is_empty() { DAY_YEAR_MAX } else { to.parse().ok()? };
        Some(Self { currency, rule, weekend, years: from..=to })
    }

    /// The day in a year, before it is moved off a weekend.
    fn day(&self, year: i32) -> Option<Day> {
        if let Some(days) = self.rule.strip_prefix("easter") {
            return Some(easter(year)?.plus(days.parse().ok()?));
        }
        if let Some((weekday, before)) = self.rule.split_once('<') {
            let before = day_of_year(year, before)?.plus(-1);
            let back = (before.weekday() - weekday_number(weekday)?).rem_euclid(7);
            return Some(before.plus(-back));
        }
        match self.rule.rsplit_once('-') {
            Some((nth, month)) if nth.len() > 2 => {
                let (nth, weekday) = nth.split_at(nth.len() - 3);
                nth_weekday(year, month.parse().ok()?, nth.parse().ok()?, weekday_number(weekday)?)
            }
            _ => day_of_year(year, self.rule),
        }
    }
}

fn weekday_number(name: &str) -> Option<i32> {
    WEEKDAYS.iter().position(|weekday| *weekday == name).map(|at| at as i32)
}

fn day_of_year(year: i32, month_day: &str) -> Option<Day> {
    let (month, day) = month_day.split_once('-')?;
    Day::from_ymd(year, month.parse().ok()?, day.parse().ok()?)
}

/// The nth such weekday of a month; counted from its end if below zero.
fn nth_weekday(year: i32, month: u32, nth: i32, weekday: i32) -> Option<Day> {
    let first = Day::from_ymd(year, month, 1)?;
    if nth > 0 {
        return Some(first.plus((weekday - first.weekday()).rem_euclid(7) + 7 * (nth - 1)));
    }
    let last = first.next_month_start().plus(-1);
    Some(last.plus(7 * (nth + 1) - (last.weekday() - weekday).rem_euclid(7)))
}

/// Easter Sunday of the Gregorian calendar (Oudin 1940).
fn easter(year: i32) -> Option<Day> {
    let (golden, century) = (year % 19, year / 100);
    let moon = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
    let full_moon = moon - moon / 28 * (1 - 29 / (moon + 1) * ((21 - golden) / 11));
    let weekday = (year + year / 4 + full_moon + 2 - century + century / 4) % 7;
    let sunday = full_moon - weekday;
    let month = 3 + (sunday + 40) / 44;
    Day::from_ymd(year, month as u32, (sunday + 28 - 31 * (month / 4)) as u32)
}

fn holidays(rows: &[Row]) -> Vec<Day> {
    let mut all = BTreeSet::new();
    for year in DAY_YEAR_MIN..=DAY_YEAR_MAX {
        let of_year = |row: &&Row| row.years.contains(&year);
        let days: Vec<(&Row, Day)> =
            rows.iter().filter(of_year).filter_map(|row| Some((row, row.day(year)?))).collect();
        all.extend(days.iter().map(|(_, day)| *day).filter(|day| day.weekday() < 5));
        // Those that move do so last, around the others.
        for (row, day) in days.into_iter().filter(|(_, day)| day.weekday() >= 5) {
            let is_free = |day: &Day| day.weekday() < 5 && !all.contains(day);
            let moved = match row.weekend {
                "next" => (1..7).map(|days| day.plus(days)).find(is_free),
                "sunday" if day.weekday() == 6 => Some(day.plus(1)),
                _ => None,
            };
            all.extend(moved);
        }
    }
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays_of(currency: &str, year: i32) -> Vec<String> {
        let of_year = |day: &&Day| day.year() == year;
        HOLIDAYS[currency].iter().filter(of_year).map(|day| day.to_string()[5..].to_owned()).collect()
    }

    #[test]
    fn the_table_is_read_whole_and_every_rule_gives_a_day() {
        let rows: Vec<Row> = TABLE.lines().skip(1).filter_map(Row::parse).collect();
        assert_eq!(rows.len(), TABLE.lines().count() - 1);
        for row in rows {
            let year = *row.years.start();
            assert!(row.day(year).is_some_and(|day| day.year() == year), "{} {}", row.currency, row.rule);
            assert!(["none", "sunday", "next"].contains(&row.weekend));
        }
    }

    #[test]
    fn published_schedules_are_met() {
        // Federal Reserve, 2022: New Year's Day and Juneteenth fall on a Saturday (not moved) and a Sunday (moved).
        let usd = ["01-17", "02-21", "05-30", "06-20", "07-04", "09-05", "10-10", "11-11", "11-24", "12-26"];
        assert_eq!(holidays_of("USD", 2022), usd);
        // ECB, 2025.
        assert_eq!(holidays_of("EUR", 2025), ["01-01", "04-18", "04-21", "05-01", "12-25", "12-26"]);
        // gov.uk, 2021 and 2022: Christmas and Boxing Day on a weekend are two days after it.
        let gbp = ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"];
        assert_eq!(holidays_of("GBP", 2021), gbp);
        let gbp = ["01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26", "12-27"];
        assert_eq!(holidays_of("GBP", 2022), gbp);
        // Payments Canada, 2023.
        let cad = ["01-02", "04-07", "05-22", "07-03", "09-04", "10-02", "10-09", "11-13", "12-25", "12-26"];
        assert_eq!(holidays_of("CAD", 2023), cad);
    }

    #[test]
    fn bank_days_are_counted_as_one_by_one() {
        for currency in ["USD", "EUR", "GBP", "CAD", "JPY"] {
            let days = BankDays::of(currency);
            let start = Day::from_ymd(2021, 12, 20).unwrap();
            for length in 0..400 {
                let until = start.plus(length);
                let counted = (1..=length).filter(|more| days.settles(start.plus(*more))).count();
                assert_eq!(days.between(start, until), counted as i32, "{currency} {length}");
            }
            assert_eq!(days.between(start, start.plus(-5)), 0);
        }
    }

    #[test]
    fn the_next_and_the_last_bank_day_skip_weekend_and_holidays() {
        // Christmas 2020 was a Friday; in Great Britain Boxing Day moved to Monday the 28th.
        let day = |day| Day::from_ymd(2020, 12, day).unwrap();
        assert_eq!(BankDays::of("GBP").next(day(25)), day(29));
        assert_eq!(BankDays::of("GBP").last(day(28)), day(24));
        assert_eq!(BankDays::of("USD").next(day(25)), day(28));
        assert_eq!(BankDays::of("JPY").next(day(25)), day(25));
        assert_eq!(BankDays::of("JPY").next(day(26)), day(28));
    }
}
