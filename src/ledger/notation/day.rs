//! How days are written. Forms that begin with the year or name the month are read as they are; `03/04/2025` needs an
//! order, and Excel's serial days a column of nothing else. The reader decides what a cell proves, as with amounts.

use std::ops::RangeInclusive;

use serde::Deserialize;

use super::{Choice, Conclusion, First};
use crate::base::day::Day;
use crate::base::limits::{DAY_YEAR_MAX, DAY_YEAR_MIN};

/// Which comes first in a day written as three numbers, the year last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `31/12/2025`
    DayFirst,
    /// `12/31/2025`
    MonthFirst,
}

/// What must be known of a column to read its days. The default reads what needs no knowledge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayNotation {
    /// The order of numeric days.
    pub order: Option<DateOrder>,
    /// Whether whole numbers are days as Excel counts them.
    pub serial: bool,
}

/// Why a cell cannot be read as a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    /// Not a day of the calendar in this notation, or in a year no ledger has.
    NotADay,
    /// A time alone: a spreadsheet cut the day off.
    CutOff,
}

/// What the cells of a column say about how its days are written.
#[derive(Debug, Clone, Default)]
pub struct DayEvidence {
    order: Choice,
    /// Cells that look like Excel's serial days.
    serial: First<1>,
    /// Cells with anything else in them.
    other: First<1>,
}

/// Excel's serial day of 1970-01-01, its day 60 that never was (1900-02-29) counted.
const SERIAL_OF_EPOCH: i32 = 25_569;

/// Numbers taken for serial days, 1954 to 2119: five digits, and no years or small counts among them.
const SERIALS: RangeInclusive<u32> = 20_000..=80_000;

/// Texts that stand for no day. Zeros and 9999-12-31 are found as numbers.
const NO_DAY: &[&str] = &["", "-", "n/a", "N/A", "null", "NULL", "None", "NaT", "nan", "NaN", "#N/A"];

/// Length of `1/2/25`: what is shorter before a time is no date but a number.
const DATE_LEN_MIN: usize = 6;

// Days of this century are not checked against the limits.
const _: () = assert!(DAY_YEAR_MIN <= 2000 && 2099 <= DAY_YEAR_MAX);

/// What a cell is before anything is known about its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Day(Day),
    /// Two numbers, then the year.
    Numeric(u32, u32, i32),
    /// The same with a year of two digits, which may also stand first.
    Short(u32, u32, u32),
    /// Maybe a day as Excel counts.
    Serial(i32),
    /// Stands for no day.
    Nothing,
    CutOff,
    Unreadable,
}

impl DayEvidence {
    /// Takes a cell into account. Positions tell which cells are named as examples.
    pub fn see(&mut self, text: &str, line: u64) {
        match form(text) {
            Form::Nothing => return,
            Form::Serial(_) => return self.serial.keep(line, text),
            Form::Numeric(first, second, year) if first != second => {
                let reads = |order| by_order(first, second, year, order).is_some();
                self.order.see(reads(DateOrder::DayFirst), reads(DateOrder::MonthFirst), line, text);
            }
            Form::Short(first, second, third) if first != second || second != third => {
                let year = full_year(third) as i32;
                let reads = |order| by_order(first, second, year, order).is_some();
                // `25/01/13` is a day of 2025 as well as one of 2013, and then proves nothing.
                let year_first = within_limits(full_year(first) as i32, second, third).is_some();
                let (day_first, month_first) = (reads(DateOrder::DayFirst), reads(DateOrder::MonthFirst));
                let unsure = year_first && (day_first || month_first);
                self.order.see(day_first || unsure, month_first || unsure, line, text);
            }
            Form::Numeric(..) | Form::Short(..) | Form::Day(_) | Form::CutOff | Form::Unreadable => {}
        }
        self.other.keep(line, text);
    }

    /// Adds what was seen of another part of the column.
    pub fn merge(&mut self, other: &Self) {
        self.order.merge(&other.order);
        self.serial.merge(&other.serial);
        self.other.merge(&other.other);
    }

    /// What the cells seen prove.
    pub fn conclude(&self) -> Conclusion<DayNotation> {
        match (self.serial.first(), self.other.first()) {
            (Some(one), Some(other)) => Conclusion::Contradictory { one: one.clone(), other: other.clone() },
            (Some(_), None) => Conclusion::Proved(DayNotation { order: None, serial: true }),
            (None, _) => {
                let ordered = |order| DayNotation { order: Some(order), serial: false };
                self.order.conclude(ordered(DateOrder::DayFirst), ordered(DateOrder::MonthFirst))
            }
        }
    }
}

/// Reads a day; nothing where the cell stands for no day.
pub fn read(text: &str, notation: DayNotation) -> Result<Option<Day>, DayFault> {
    let day = match form(text) {
        Form::Day(day) => Some(day),
        Form::Nothing => return Ok(None),
        Form::CutOff => return Err(DayFault::CutOff),
        Form::Unreadable => None,
        Form::Serial(serial) => Some(Day(serial - SERIAL_OF_EPOCH))
            .filter(|day| notation.serial && (DAY_YEAR_MIN..=DAY_YEAR_MAX).contains(&day.year())),
        Form::Numeric(first, second, year) => {
            // `05/05/2025` is the same day in either order.
            let order = notation.order.or((first == second).then_some(DateOrder::DayFirst));
            order.and_then(|order| by_order(first, second, year, order))
        }
        Form::Short(first, second, third) => {
            let alike = first == second && second == third;
            let order = notation.order.or(alike.then_some(DateOrder::DayFirst));
            order.and_then(|order| by_order(first, second, full_year(third) as i32, order))
        }
    };
    day.map(Some).ok_or(DayFault::NotADay)
}

fn by_order(first: u32, second: u32, year: i32, order: DateOrder) -> Option<Day> {
    match order {
        DateOrder::DayFirst => within_limits(year, second, first),
        DateOrder::MonthFirst => within_limits(year, first, second),
    }
}

fn within_limits(year: i32, month: u32, day: u32) -> Option<Day> {
    if (DAY_YEAR_MIN..=DAY_YEAR_MAX).contains(&year) { Day::from_ymd(year, month, day) } else { None }
}

fn form(text: &str) -> Form {
    // Most cells of most columns. Other centuries take the long way, past the limits.
    if let Some(day) = Day::from_iso(text)
        && matches!(text.as_bytes(), [b'2', b'0', ..])
    {
        return Form::Day(day);
    }
    if let Some(numbers) = Numbers::scan(text) {
        return numbers.form();
    }
    let text = text.trim();
    if NO_DAY.contains(&text) {
        return Form::Nothing;
    }
    // Databases write midnight after a day, often in every cell of a column.
    if let Some(date) = text.strip_suffix(" 00:00:00")
        && date.len() >= DATE_LEN_MIN
    {
        return date_form(date);
    }
    let Some(colon) = text.find(':') else { return date_form(text) };
    let (date, time) =
        text.split_at(text[..colon].trim_end_matches(|char: char| char.is_ascii_digit()).len());
    if date.is_empty() {
        // The hour is cut off as well in `47:23.4`: minutes and seconds are left.
        return if is_time(time, 59) { Form::CutOff } else { Form::Unreadable };
    }
    let date = date.strip_suffix(['T', 't']).unwrap_or(date).trim_end().trim_end_matches(',');
    if date.len() >= DATE_LEN_MIN && is_time(time, 24) { date_form(date) } else { Form::Unreadable }
}

/// The form of a date without a time.
fn date_form(date: &str) -> Form {
    Numbers::scan(date).map_or_else(|| named_form(date), |numbers| numbers.form())
}

/// The form of `year`, `month`, `day`.
fn calendar(year: u32, month: u32, day: u32) -> Form {
    match (year, month, day) {
        // SAP's "never", and its empty day.
        (9999, 12, 31) | (0, 0, 0) => Form::Nothing,
        _ => within_limits(year as i32, month, day).map_or(Form::Unreadable, Form::Day),
    }
}

/// A two-digit year as POSIX reads it.
fn full_year(short: u32) -> u32 {
    if short < 70 { 2000 + short } else { 1900 + short }
}

/// A text of digits, parted by at most two separators of one kind.
struct Numbers {
    values: [u32; 3],
    /// Digits of each number.
    widths: [usize; 3],
    separator: Option<u8>,
}

impl Numbers {
    fn scan(text: &str) -> Option<Self> {
        let mut numbers = Self { values: [0; 3], widths: [0; 3], separator: None };
        let (mut at, mut value, mut width) = (0, 0_u32, 0);
        for byte in text.bytes() {
            match byte {
                // Numbers that reach the bound are too wide for any form.
                b'0'..=b'9' => {
                    value = value.saturating_mul(10).saturating_add(u32::from(byte - b'0'));
                    width += 1;
                }
                b'-' | b'/' | b'.' if at < 2 && *numbers.separator.get_or_insert(byte) == byte => {
                    (numbers.values[at], numbers.widths[at]) = (value, width);
                    (at, value, width) = (at + 1, 0, 0);
                }
                _ => return None,
            }
        }
        (numbers.values[at], numbers.widths[at]) = (value, width);
        // Nothing ends with a separator.
        (width > 0).then_some(numbers)
    }

    fn form(&self) -> Form {
        let [first, second, third] = self.values;
        // A fraction is what is left of a column that was once read as numbers, or a time of day.
        let number = matches!(self.separator, None | Some(b'.'));
        match self.widths {
            [4, 1 | 2, 1 | 2] => calendar(first, second, third),
            [1 | 2, 1 | 2, 2 | 4] if self.values == [0; 3] => Form::Nothing,
            [1 | 2, 1 | 2, 4] if matches!(self.values, [31, 12, 9999] | [12, 31, 9999]) => Form::Nothing,
            [1 | 2, 1 | 2, 4] => Form::Numeric(first, second, third as i32),
            [1 | 2, 1 | 2, 2] => Form::Short(first, second, third),
            [8, _, 0] if number && second == 0 => calendar(first / 10_000, first / 100 % 100, first % 100),
            [5, _, 0] if number && SERIALS.contains(&first) => Form::Serial(first as i32),
            [1, _, 0] if number && self.values == [0; 3] => Form::Nothing,
            _ => Form::Unreadable,
        }
    }
}

/// The form of a date that names its month: `31-Jan-2025`, `Jan 31, 2025`, `31 de enero de 2025`.
fn named_form(date: &str) -> Form {
    let parts = |char: char| char.is_whitespace() || matches!(char, '-' | '/' | '.' | ',');
    let mut words = date.split(parts).filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("de"));
    let (Some(first), Some(second), Some(year), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Form::Unreadable;
    };
    let (day, month) = match month(second) {
        Some(month) => (first, Some(month)),
        // Nobody writes `Jan 31, 25` for certain.
        None => (second, month(first).filter(|_| year.len() == 4)),
    };
    let short = year.len() == 2;
    match (number(day, 2), month, number(year, 4)) {
        (Some(day), Some(month), Some(year)) if short => calendar(full_year(year), month, day),
        (Some(day), Some(month), Some(year)) => calendar(year, month, day),
        _ => Form::Unreadable,
    }
}

fn number(word: &str, width_max: usize) -> Option<u32> {
    let digits = word.len() <= width_max && word.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten()
}

/// The month of a name or its usual abbreviation in English, German, French, Spanish, Italian, Dutch or Portuguese.
/// A name that meant two months would be an unreachable pattern, which the compiler reports.
fn month(word: &str) -> Option<u32> {
    let mut folded = [0_u8; 10];
    let mut len = 0;
    for char in word.chars() {
        *folded.get_mut(len)? = fold(char)?;
        len += 1;
    }
    let month = match folded.get(..len)? {
        b"january" | b"jan" | b"januar" | b"janner" | b"jaenner" | b"janvier" | b"janv" | b"enero"
        | b"ene" | b"gennaio" | b"gen" | b"januari" | b"janeiro" => 1,
        b"february" | b"feb" | b"februar" | b"fevrier" | b"fevr" | b"fev" | b"febrero" | b"febbraio"
        | b"februari" | b"fevereiro" => 2,
        b"march" | b"mar" | b"marz" | b"maerz" | b"mrz" | b"mars" | b"marzo" | b"maart" | b"mrt"
        | b"marco" => 3,
        b"april" | b"apr" | b"avril" | b"avr" | b"abril" | b"abr" | b"aprile" => 4,
        b"may" | b"mai" | b"mayo" | b"maggio" | b"mag" | b"mei" | b"maio" => 5,
        b"june" | b"jun" | b"juni" | b"juin" | b"junio" | b"giugno" | b"giu" | b"junho" => 6,
        b"july" | b"jul" | b"juli" | b"juillet" | b"juil" | b"julio" | b"luglio" | b"lug" | b"julho" => 7,
        b"august" | b"aug" | b"aout" | b"agosto" | b"ago" | b"augustus" => 8,
        b"september" | b"sep" | b"sept" | b"septembre" | b"septiembre" | b"setiembre" | b"settembre"
        | b"sett" | b"setembro" | b"set" => 9,
        b"october" | b"oct" | b"oktober" | b"okt" | b"octobre" | b"octubre" | b"ottobre" | b"ott"
        | b"outubro" | b"out" => 10,
        b"november" | b"nov" | b"novembre" | b"noviembre" | b"novembro" => 11,
        b"december" | b"dec" | b"dezember" | b"dez" | b"decembre" | b"diciembre" | b"dicembre" | b"dic"
        | b"dezembro" => 12,
        _ => return None,
    };
    Some(month)
}

/// A letter in lower case and without its accent.
fn fold(char: char) -> Option<u8> {
    match char {
        'a'..='z' | 'A'..='Z' => Some(char.to_ascii_lowercase() as u8),
        'ä' | 'Ä' => Some(b'a'),
        'ç' | 'Ç' => Some(b'c'),
        'é' | 'É' => Some(b'e'),
        'û' | 'Û' => Some(b'u'),
        _ => None,
    }
}

/// Whether a text is a time of day, in any zone: `10:00`, `2:30:00.5 PM`, `10:00:00+02:00`. Its first number is at
/// most `first_max`.
fn is_time(text: &str, first_max: u32) -> bool {
    let end = text.find(|char: char| !matches!(char, '0'..='9' | ':' | '.')).unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':');
    let first = parts.next().filter(|part| !part.is_empty()).and_then(|part| number(part, 2));
    let minutes_on =
        parts.clone().all(|part| part.len() == 2 && number(part, 2).is_some_and(|part| part < 60));
    first.is_some_and(|first| first <= first_max)
        && minutes_on
        && matches!(parts.count(), 1 | 2)
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && is_zone(rest.trim())
}

/// Whether a text is what may follow a time: `PM`, a zone, both or nothing.
fn is_zone(text: &str) -> bool {
    let half = text.get(..2).is_some_and(|half| matches!(half.to_ascii_uppercase().as_str(), "AM" | "PM"));
    let zone = if half { text[2..].trim_start() } else { text };
    let offset = zone.strip_prefix(['+', '-']).is_some_and(|offset| {
        matches!(offset.len(), 2 | 4 | 5) && offset.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
    });
    matches!(zone, "" | "Z" | "UTC" | "GMT") || offset
}
