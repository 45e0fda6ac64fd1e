//! Reference rates that laws build on, each from when until when: those of `data/statute/reference_rates.csv`, and those of a file
//! with the same columns. A day that no row covers has no rate: it is an error, and never the rate of a neighbouring day.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::{fee_cap, interest};
use crate::base::day::Day;
use crate::base::digest;
use crate::base::error::{Code, Error, Result};
use crate::base::percent::Percent;

const TABLE: &str = include_str!("../../data/statute/reference_rates.csv");

const COLUMNS: [&str; 5] = ["series", "valid_from", "valid_to", "value", "source"];

/// What a reference rate was from one day to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceRate {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Percent a year; of a series of amounts, whole units of the currency.
    pub value: Percent,
    /// Where it was published.
    pub source: String,
}

/// Rates of each series by day; no two cover one day.
type Table = BTreeMap<String, Vec<Arc<ReferenceRate>>>;

/// Reference rates by series and day.
#[derive(Debug, Clone)]
pub struct ReferenceRates {
    /// The user's file first, then what is shipped.
    tables: Vec<Table>,
    /// SHA-256 of each in hex.
    digests: Vec<String>,
}

impl ReferenceRates {
    /// Those shipped, and before them those of a file where one is given.
    pub fn read(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Self::of(&[TABLE]) };
        let text = std::fs::read_to_string(path)
            .map_err(|cause| Error::new(Code::FileUnreadable).file(path).detail(cause))?;
        let rates = Self::of(&[text.as_str(), TABLE]);
        rates.and_then(Self::of_used_series).map_err(|error| error.file(path))
    }

    /// These, if some law builds on every series: one that none does is misspelt, and its rates would never be looked up.
    fn of_used_series(self) -> Result<Self> {
        let used: BTreeSet<&str> = interest::series().chain(fee_cap::series()).collect();
        let mut series = self.tables.iter().flat_map(BTreeMap::keys);
        let Some(unused) = series.find(|series| !used.contains(series.as_str())) else { return Ok(self) };
        let used = Vec::from_iter(used).join(", ");
        let detail = format!("no law builds on `{unused}`, but on {used}");
        Err(Error::new(Code::RatesInvalid).column(COLUMNS[0]).detail(detail))
    }

    /// Those of some files' texts: of a day that several cover, the first one's.
    pub fn of(texts: &[&str]) -> Result<Self> {
        let digests = texts.iter().map(|text| digest::of_bytes(text.as_bytes())).collect();
        Ok(Self { tables: texts.iter().map(|text| parse(text)).collect::<Result<_>>()?, digests })
    }

    /// The rate of a day, and the last day for which it is the one: rows of the user's file may begin within one that is shipped.
    pub fn at(&self, series: &str, day: Day) -> Result<(&Arc<ReferenceRate>, Day)> {
        let mut until = Day(i32::MAX);
        for rows in self.tables.iter().filter_map(|table| table.get(series)) {
            let after = rows.partition_point(|row| row.from <= day);
            if let Some(row) = after.checked_sub(1).and_then(|at| rows.get(at)).filter(|row| day <= row.to) {
                return Ok((row, until.min(row.to)));
            }
            until = rows.get(after).map_or(until, |next| until.min(next.from.plus(-1)));
        }
        let last = self.last(series);
        let known =
            last.map_or("none is known".to_owned(), |last| format!("the last one known ends on {last}"));
        Err(Error::new(Code::LegalRateMissing).detail(format!("no {series} on {day}; {known}")))
    }

    /// The digest of each table with the last day on which it has any rate.
    pub fn versions(&self) -> impl Iterator<Item = (&str, Option<Day>)> {
        let last = |table: &Table| table.values().flatten().map(|row| row.to).max();
        self.digests.iter().map(String::as_str).zip(self.tables.iter().map(last))
    }

    /// Last day of a series.
    pub fn last(&self, series: &str) -> Option<Day> {
        self.tables.iter().filter_map(|table| table.get(series)?.last()).map(|row| row.to).max()
    }
}

fn parse(text: &str) -> Result<Table> {
    let invalid = |row: u64, detail: String| Error::new(Code::RatesInvalid).row(row).detail(detail);
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().map_err(|cause| invalid(1, cause.to_string()))?.clone();
    if headers.iter().ne(COLUMNS) {
        return Err(invalid(1, format!("the columns are not {}", COLUMNS.join(","))));
    }
    let mut table = Table::new();
    for record in reader.records() {
        let record = record
            .map_err(|cause| invalid(cause.position().map_or(1, csv::Position::line), cause.to_string()))?;
        let line = record.position().map_or(1, csv::Position::line);
        let (series, row) = rate(&record).map_err(|error| error.row(line))?;
        table.entry(series).or_default().push(Arc::new(row));
    }
    for (series, rows) in &mut table {
        rows.sort_by_key(|row| row.from);
        if let Some(pair) = rows.windows(2).find(|pair| pair[1].from <= pair[0].to) {
            let day = pair[1].from;
            return Err(Error::new(Code::RatesInvalid).detail(format!("two rows give {series} on {day}")));
        }
    }
    Ok(table)
}

fn rate(record: &csv::StringRecord) -> Result<(String, ReferenceRate)> {
    let cell = |at: usize| record.get(at).unwrap_or_default().trim();
    let invalid = |column: &str, value: &str, want: &str| {
        Error::new(Code::RatesInvalid).column(column).detail(format!("`{value}` is not {want}"))
    };
    let day = |at: usize| {
        Day::from_iso(cell(at)).ok_or_else(|| invalid(COLUMNS[at], cell(at), "a day like 2026-01-31"))
    };
    let text = |at: usize| {
        Some(cell(at))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| invalid(COLUMNS[at], "", "a text"))
    };
    let (from, to) = (day(1)?, day(2)?);
    if to < from {
        return Err(invalid(COLUMNS[2], cell(2), "on or after valid_from"));
    }
    let value = Percent::parse(cell(3)).ok_or_else(|| invalid(COLUMNS[3], cell(3), "a number like 3.75"))?;
    Ok((text(0)?, ReferenceRate { from, to, value, source: text(4)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "series,valid_from,valid_to,value,source\n";

    fn day(text: &str) -> Day {
        Day::from_iso(text).unwrap()
    }

    fn value(rates: &ReferenceRates, series: &str, on: &str) -> String {
        rates.at(series, day(on)).map_or_else(|error| error.detail, |(row, _)| row.value.to_string())
    }

    fn refused(rows: &str) -> (Option<u64>, Option<String>, String) {
        let error = ReferenceRates::of(&[&format!("{HEADER}{rows}")]).unwrap_err();
        assert_eq!(error.code, Code::RatesInvalid);
        (error.place.row, error.place.column, error.detail)
    }

    #[test]
    fn the_rates_shipped_hold_on_their_days_and_no_others() {
        let rates = ReferenceRates::read(None).unwrap();
        assert_eq!(value(&rates, "UK_BASE", "2022-06-30"), "0.25");
        assert_eq!(value(&rates, "UK_BASE", "2022-07-01"), "1.25");
        assert_eq!(
            value(&rates, "UK_BASE", "2100-01-01"),
            "no UK_BASE on 2100-01-01; the last one known ends on 2026-12-31"
        );
        assert_eq!(value(&rates, "AT_BASE", "2024-07-01"), "no AT_BASE on 2024-07-01; none is known");
        assert_eq!(rates.last("UK_BASE"), Some(day("2026-12-31")));
        let versions: Vec<_> = rates.versions().map(|(_, last)| last).collect();
        assert_eq!(versions, [Some(day("2026-12-31"))]);
    }

    #[test]
    fn the_rates_of_each_series_leave_no_day_out() {
        let rates = ReferenceRates::read(None).unwrap();
        let gaps = |series: &str| -> Vec<String> {
            let last = rates.last(series).unwrap();
            let days = (0..).map(|days| day("2020-01-01").plus(days)).take_while(|on| *on <= last);
            days.filter(|&on| rates.at(series, on).is_err()).map(|on| on.to_string()).collect()
        };
        for series in ["UK_BASE", "ECB_MAIN", "DE_BASE", "SE_REFERENCE", "IN_BANK_RATE", "NO_INKASSO"] {
            assert!(gaps(series).is_empty(), "{series}");
            assert!(rates.at(series, day("2019-12-31")).is_err(), "{series}");
        }
        // Of two half-years the rate is in one source only.
        let prompt = gaps("US_PROMPT_PAY");
        assert_eq!(
            (prompt.len(), prompt[0].as_str(), prompt[184].as_str()),
            (368, "2020-07-01", "2022-07-01")
        );
    }

    #[test]
    fn the_german_base_rate_goes_with_the_main_refinancing_rate() {
        // BGB section 247 (1): it moves by the points by which that rate moved. It was -0.88 when that was 0.00.
        let rates = ReferenceRates::read(None).unwrap();
        let millionths = |series: &str, on| rates.at(series, on).unwrap().0.value.millionths();
        for year in 2020..=2026 {
            for on in [day(&format!("{year}-01-01")), day(&format!("{year}-07-01"))] {
                assert_eq!(millionths("ECB_MAIN", on) - millionths("DE_BASE", on), 880_000, "{on}");
                // Räntelag section 9: the Swedish one is rounded to half points.
                assert_eq!(millionths("SE_REFERENCE", on) % 500_000, 0, "{on}");
            }
        }
    }

    #[test]
    fn a_given_file_fills_the_gaps_and_goes_before() {
        let given = format!("{HEADER}UK_BASE,2100-07-01,2100-12-31,1,a\nUK_BASE,2022-03-01,2022-03-31,2,b\n");
        let rates = ReferenceRates::of(&[&given, TABLE]).unwrap();
        let found = ["2022-02-28", "2022-03-01", "2022-04-01", "2100-09-01"];
        assert_eq!(found.map(|on| value(&rates, "UK_BASE", on)), ["0.25", "2", "0.25", "1"]);
        // The shipped row of January ends where the given one begins, and goes on after it.
        let until = |on: &str| rates.at("UK_BASE", day(on)).unwrap().1.to_string();
        assert_eq!(until("2022-01-01"), "2022-02-28");
        assert_eq!(until("2022-03-05"), "2022-03-31");
        assert_eq!(until("2022-04-01"), "2022-06-30");
    }

    #[test]
    fn a_series_that_no_law_builds_on_is_named() {
        let read = |series: &str| {
            let row = format!("{series},2025-01-01,2025-06-30,1,x\n");
            ReferenceRates::of(&[&format!("{HEADER}{row}"), TABLE]).and_then(ReferenceRates::of_used_series)
        };
        for series in ["UK_BASE", "NO_INKASSO", "US_PROMPT_PAY"] {
            assert!(read(series).is_ok(), "{series}");
        }
        for series in ["FOO", "uk_base"] {
            let error = read(series).unwrap_err();
            assert_eq!((error.code, error.place.column.as_deref()), (Code::RatesInvalid, Some("series")));
            let known = "DE_BASE, ECB_MAIN, IN_BANK_RATE, NO_INKASSO, SE_REFERENCE, UK_BASE, US_PROMPT_PAY";
            assert_eq!(error.detail, format!("no law builds on `{series}`, but on {known}"));
        }
        // What is shipped is all of use.
        assert!(ReferenceRates::read(None).unwrap().of_used_series().is_ok());
    }

    #[test]
    fn what_is_wrong_with_a_row_is_named() {
        let named = |line: u64, column: &str, detail: &str| (Some(line), Some(column.into()), detail.into());
        assert_eq!(refused("A,2024-01-01,,1,x\n"), named(2, "valid_to", "`` is not a day like 2026-01-31"));
        assert_eq!(
            refused("A,2024-01-01,2024-06-30,1 %,x\n"),
            named(2, "value", "`1 %` is not a number like 3.75")
        );
        assert_eq!(refused("A,2024-01-01,2024-06-30,1,\n"), named(2, "source", "`` is not a text"));
        assert_eq!(
            refused("A,2024-01-01,2023-06-30,1,x\n"),
            named(2, "valid_to", "`2023-06-30` is not on or after valid_from")
        );
        assert_eq!(
            refused("A,2024-01-01,2024-06-30,1,x\nA,2024-06-30,2024-12-31,1,x\n").2,
            "two rows give A on 2024-06-30"
        );
        assert_eq!(refused("A,2024-01-01,2024-06-30,1\n").0, Some(2));
        let error = ReferenceRates::of(&["series,value\nA,1\n"]).unwrap_err();
        assert_eq!((error.code, error.place.row), (Code::RatesInvalid, Some(1)));
    }
}
