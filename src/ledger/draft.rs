//! One table's cells, typed. What cannot be typed becomes a fault of its row.

use rayon::prelude::*;

use super::read::{RawTable, TextColumn};
use super::table::{Column, DECIMAL_PLACES, Kind, Need, Table};
use crate::base::day::Day;
use crate::base::error::{Code, Fault};
use crate::base::limits::{DAY_YEAR_MAX, DAY_YEAR_MIN};
use crate::base::money::{AmountFault, Currency, parse_decimal};
use crate::statute::currency;

/// A table on its way from text to facts.
#[derive(Debug)]
pub struct Draft<'a> {
    /// Which table.
    pub table: &'static Table,
    /// The text it came from.
    pub raw: &'a RawTable,
    /// Typed cells by canonical column.
    values: Vec<Values>,
    /// Everything wrong with each row.
    pub faults: Vec<Vec<Fault>>,
}

/// Typed cells of one column.
#[derive(Debug)]
enum Values {
    /// Text stays in the raw table.
    Text,
    Day(Vec<Option<Day>>),
    Currency(Vec<Option<Currency>>),
    /// Amounts in minor units, decimals in units of their last place.
    Whole(Vec<Option<i64>>),
    Choice(Vec<Option<u8>>),
    Flag(Vec<bool>),
}

impl<'a> Draft<'a> {
    /// Types every cell of a raw table.
    pub fn new(table: &'static Table, raw: &'a RawTable, date_format: Option<&str>) -> Self {
        let currencies = currencies_of(table, raw);
        let parser = Parser { table, raw, date_format, currencies: &currencies };
        let parsed: Vec<(Values, Vec<(usize, Fault)>)> =
            table.columns.par_iter().enumerate().map(|(at, column)| parser.column(at, column)).collect();
        let mut faults = vec![Vec::new(); raw.origin.len()];
        let mut values = Vec::with_capacity(parsed.len());
        for (row, fault) in &raw.faults {
            faults[*row].push(*fault);
        }
        for (column, found) in parsed {
            values.push(column);
            for (row, fault) in found {
                // A row that was split wrongly has nothing meaningful in its cells.
                if faults[row].iter().all(|earlier: &Fault| earlier.code != Code::FieldCount) {
                    faults[row].push(fault);
                }
            }
        }
        Self { table, raw, values, faults }
    }

    /// Number of rows, good and bad.
    pub fn rows(&self) -> usize {
        self.faults.len()
    }

    /// Whether nothing is wrong with a row so far.
    pub fn sound(&self, row: usize) -> bool {
        self.faults[row].is_empty()
    }

    /// Notes something wrong with a row.
    pub fn reject(&mut self, row: usize, code: Code, column: &'static str) {
        self.faults[row].push(Fault { code, column });
    }

    /// Text of a cell, empty where there is none.
    pub fn text(&self, column: &str, row: usize) -> &'a str {
        self.table.position(column).map_or("", |at| self.raw.text(at, row))
    }

    /// Whether any file has the column.
    pub fn has(&self, column: &str) -> bool {
        self.table.position(column).is_some_and(|at| self.raw.columns[at].is_some())
    }

    /// Day of a cell.
    pub fn day(&self, column: &str, row: usize) -> Option<Day> {
        match self.values(column)? {
            Values::Day(days) => days[row],
            _ => None,
        }
    }

    /// Amount of a cell in minor units of its row's currency, or a decimal in its last place.
    pub fn whole(&self, column: &str, row: usize) -> Option<i64> {
        match self.values(column)? {
            Values::Whole(numbers) => numbers[row],
            _ => None,
        }
    }

    /// Currency of a cell.
    pub fn currency(&self, column: &str, row: usize) -> Option<Currency> {
        match self.values(column)? {
            Values::Currency(currencies) => currencies[row],
            _ => None,
        }
    }

    /// Position of a cell's word among those of its column.
    pub fn choice(&self, column: &str, row: usize) -> Option<u8> {
        match self.values(column)? {
            Values::Choice(words) => words[row],
            _ => None,
        }
    }

    /// Yes or no.
    pub fn flag(&self, column: &str, row: usize) -> bool {
        matches!(self.values(column), Some(Values::Flag(flags)) if flags[row])
    }

    fn values(&self, column: &str) -> Option<&Values> {
        self.table.position(column).map(|at| &self.values[at])
    }
}

/// Each row's currency, by which its amounts are read.
fn currencies_of(table: &Table, raw: &RawTable) -> Vec<Option<Currency>> {
    let column = table.position("currency").and_then(|at| raw.columns[at].as_ref());
    let Some(column) = column else { return vec![None; raw.origin.len()] };
    // Neighbours mostly share their currency: look it up again only where it changes.
    let mut last = ("", None);
    (0..raw.origin.len())
        .map(|row| {
            let code = column.get(row);
            if last.0 != code {
                last = (code, currency::find(code));
            }
            last.1
        })
        .collect()
}

struct Parser<'a> {
    table: &'static Table,
    raw: &'a RawTable,
    date_format: Option<&'a str>,
    currencies: &'a [Option<Currency>],
}

impl Parser<'_> {
    fn column(&self, at: usize, column: &Column) -> (Values, Vec<(usize, Fault)>) {
        let cells = self.raw.columns[at].as_ref();
        match column.kind {
            Kind::Text => {
                // No id runs over lines: rows were joined by a quote that closes too late.
                let joined = |text: &str| column.need == Need::Required && text.contains(['\n', '\r']);
                let check = |text: &str, _| if joined(text) { Err(Code::FieldCount) } else { Ok(()) };
                (Values::Text, self.each(cells, column, check).1)
            }
            Kind::Day => wrap(Values::Day, self.each(cells, column, |text, _| self.day(text))),
            Kind::Currency => wrap(
                Values::Currency,
                self.each(cells, column, |text, _| currency::find(text).ok_or(Code::CurrencyUnknown)),
            ),
            Kind::Amount => {
                let (amounts, faults) = self.each(cells, column, |text, row| self.amount(text, row));
                (Values::Whole(amounts.into_iter().map(Option::flatten).collect()), faults)
            }
            Kind::Decimal => wrap(Values::Whole, self.each(cells, column, |text, _| decimal(text))),
            Kind::Choice(words) => {
                wrap(Values::Choice, self.each(cells, column, |text, _| choice(text, words)))
            }
            Kind::Flag => {
                let (flags, faults) = self.each(cells, column, |text, _| flag(text));
                (Values::Flag(flags.into_iter().map(|flag| flag == Some(true)).collect()), faults)
            }
        }
    }

    /// Parses every cell of a column; an empty one is missing, which only a required column minds.
    fn each<T>(
        &self,
        cells: Option<&TextColumn>,
        column: &Column,
        parse: impl Fn(&str, usize) -> Result<T, Code>,
    ) -> (Vec<Option<T>>, Vec<(usize, Fault)>) {
        let mut faults = Vec::new();
        let mut parsed = Vec::with_capacity(self.raw.origin.len());
        for row in 0..self.raw.origin.len() {
            let text = cells.map_or("", |cells| cells.get(row));
            let value = match (text.is_empty(), column.need) {
                (true, Need::Optional) => Ok(None),
                (true, Need::Required) => Err(Code::ValueMissing),
                (false, _) => parse(text, row).map(Some),
            };
            parsed.push(value.unwrap_or_else(|code| {
                faults.push((row, Fault { code, column: column.name }));
                None
            }));
        }
        (parsed, faults)
    }

    fn day(&self, text: &str) -> Result<Day, Code> {
        let day = match self.date_format {
            None => Day::from_iso(text),
            // A typed day of a Parquet file comes as ISO text, which no other format reads otherwise.
            Some(format) => Day::from_format(text, format).or_else(|| Day::from_iso(text)),
        };
        day.filter(|day| (DAY_YEAR_MIN..=DAY_YEAR_MAX).contains(&day.year())).ok_or(Code::DayInvalid)
    }

    /// An amount in its row's currency; none where that is unknown, which is the fault of its own column.
    fn amount(&self, text: &str, row: usize) -> Result<Option<i64>, Code> {
        match self.currencies[row] {
            Some(currency) => currency.parse(text).map(Some).map_err(amount_code),
            None if self.currency_is_given(row) => Ok(None),
            None => Err(Code::CurrencyUnknown),
        }
    }

    /// Whether a row says its currency, right or wrong, or must say it and is rejected for not doing so.
    fn currency_is_given(&self, row: usize) -> bool {
        let Some(at) = self.table.position("currency") else { return false };
        self.table.columns[at].need == Need::Required || !self.raw.text(at, row).is_empty()
    }
}

fn wrap<T>(
    make: impl Fn(Vec<Option<T>>) -> Values,
    (values, faults): (Vec<Option<T>>, Vec<(usize, Fault)>),
) -> (Values, Vec<(usize, Fault)>) {
    (make(values), faults)
}

fn amount_code(fault: AmountFault) -> Code {
    match fault {
        AmountFault::NotANumber => Code::AmountInvalid,
        AmountFault::TooPrecise => Code::AmountTooPrecise,
        AmountFault::TooLarge => Code::AmountTooLarge,
    }
}

fn decimal(text: &str) -> Result<i64, Code> {
    parse_decimal(text, DECIMAL_PLACES, i64::MAX).map_err(|_| Code::NumberInvalid)
}

fn choice(text: &str, words: &[&str]) -> Result<u8, Code> {
    let at = words.iter().position(|word| word.eq_ignore_ascii_case(text)).ok_or(Code::ChoiceUnknown)?;
    u8::try_from(at).map_err(|_| Code::ChoiceUnknown)
}

fn flag(text: &str) -> Result<bool, Code> {
    let among = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if among(["true", "yes", "1", "x"]) {
        Ok(true)
    } else if among(["false", "no", "0", "-"]) {
        Ok(false)
    } else {
        Err(Code::ChoiceUnknown)
    }
}
