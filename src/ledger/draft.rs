//! A block of one table's rows, typed. What cannot be typed becomes a fault of its row.

use std::borrow::Cow;

use super::key;
use super::layout::Place;
use super::mapping::{Negative, Rows, Section};
use super::notation::amount::{self, DecimalSign};
use super::notation::day::{self, DayFault};
use super::prove::Notations;
use super::party::Aliases;
use super::plan::Feed;
use super::read::{Records, TextColumn};
use super::shape::{Aside, Shaped};
use super::table::{Column, DECIMAL_PLACES, Kind, Need, Table};
use crate::base::day::Day;
use crate::base::error::{Code, Fault};
use crate::base::limits::{DAY_YEAR_MAX, DAY_YEAR_MIN};
use crate::base::money::{AmountFault, Currency, parse_decimal};
use crate::statute::currency;

/// Rows on their way from text to facts.
#[derive(Debug)]
pub struct Draft<'a> {
    /// Which table.
    pub table: &'static Table,
    /// Where the rows come from.
    pub feed: &'a Feed,
    /// Records of the block that are no rows.
    pub aside: Aside,
    records: Records,
    rows: Vec<u32>,
    made: Vec<(usize, TextColumn)>,
    /// Typed cells by canonical column.
    values: Vec<Values>,
    /// Everything wrong with each row.
    pub faults: Vec<Vec<Fault>>,
    /// Rows that are further lines of the document above them.
    pub parts: Vec<bool>,
    /// Each row's key, if it has one, and its content.
    pub prints: Vec<(Option<u128>, u64)>,
}

/// Typed cells of one column.
#[derive(Debug)]
enum Values {
    /// Text stays in the records.
    Text,
    Day(Vec<Option<Day>>),
    Currency(Vec<Option<Currency>>),
    /// Amounts in minor units, decimals in units of their last place.
    Whole(Vec<Option<i64>>),
    Choice(Vec<Option<u8>>),
    Flag(Vec<bool>),
}

impl<'a> Draft<'a> {
    /// Types every cell of a block.
    pub fn new(feed: &'a Feed, notations: &Notations, aliases: Option<&Aliases>, shaped: Shaped) -> Self {
        let Shaped { records, rows, strays, made, aside } = shaped;
        let table = feed.table;
        let mut draft = Self {
            table,
            feed,
            aside,
            faults: vec![Vec::new(); rows.len()],
            parts: Vec::new(),
            prints: Vec::new(),
            values: Vec::with_capacity(table.columns.len()),
            records,
            rows,
            made,
        };
        if let Some(aliases) = aliases {
            draft.resolve(aliases);
        }
        draft.note_broken_rows();
        for row in strays {
            draft.reject(row as usize, Code::KindUnknown, "");
        }
        let currencies = draft.currencies(notations);
        let parser = Parser { feed, notations, currencies: &currencies };
        let mut values = Vec::with_capacity(table.columns.len());
        let mut faults = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            values.push(parser.column(&draft, at, column, &mut faults));
        }
        draft.values = values;
        for (row, fault) in faults {
            // A row that was split wrongly, or is of no known kind, has nothing meaningful in its cells.
            let meaningless = |earlier: &Fault| matches!(earlier.code, Code::FieldCount | Code::KindUnknown | Code::RecordInvalid);
            if !draft.faults[row].iter().any(meaningless) {
                draft.faults[row].push(fault);
            }
        }
        draft.turn_negatives();
        draft.prints = (0..draft.rows()).map(|row| (draft.key(row), draft.content(row))).collect();
        draft.parts = vec![false; draft.rows()];
        if feed.section.rows == Rows::Line {
            draft.merge_lines();
        }
        draft
    }

    /// Calls parties by the ids that the user's list gives for their other names.
    fn resolve(&mut self, aliases: &Aliases) {
        for (at, column) in self.table.columns.iter().enumerate() {
            if !matches!(column.refers_to, Some("customers" | "suppliers")) {
                continue;
            }
            let mut resolved = TextColumn::default();
            for row in 0..self.rows() {
                let own = self.text_at(at, row);
                resolved.push(aliases.find(&own).unwrap_or(&own));
            }
            self.made.retain(|(other, _)| *other != at);
            self.made.push((at, resolved));
        }
    }

    /// Faults of the records themselves: split into another number of fields than the header, or not readable as text.
    fn note_broken_rows(&mut self) {
        let id = self.table.columns[0].name;
        let width = self.feed.layout.width;
        for row in 0..self.rows.len() {
            let record = self.rows[row] as usize;
            let found = self.records.width(record);
            let beyond = (width..found).any(|at| !self.records.cell(record, at).is_empty());
            if found < width || beyond {
                self.faults[row].push(Fault { code: Code::FieldCount, column: id });
            }
        }
        let mut row = 0;
        for (record, code) in self.records.faults() {
            while self.rows.get(row).is_some_and(|at| at < record) {
                row += 1;
            }
            if self.rows.get(row) == Some(record) {
                self.faults[row].push(Fault { code: *code, column: id });
            }
        }
    }

    /// Number of rows, good and bad.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The line or row of the file that a row stands on.
    pub fn line(&self, row: usize) -> u64 {
        self.records.line(self.rows[row] as usize)
    }

    /// Whether nothing is wrong with a row so far.
    pub fn sound(&self, row: usize) -> bool {
        self.faults[row].is_empty()
    }

    /// Sound rows that are documents of their own, not further lines of one.
    pub fn documents(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.rows()).filter(|&row| self.sound(row) && !self.parts[row])
    }

    /// Notes something wrong with a row.
    pub fn reject(&mut self, row: usize, code: Code, column: &'static str) {
        self.faults[row].push(Fault { code, column });
    }

    /// Text of a cell, or the default of its column; empty where there is neither.
    pub fn text(&self, column: &str, row: usize) -> Cow<'_, str> {
        self.table.position(column).map_or(Cow::Borrowed(""), |at| self.text_at(at, row))
    }

    fn text_at(&self, column: usize, row: usize) -> Cow<'_, str> {
        let own = self.own_text(column, row);
        if !own.is_empty() {
            return own;
        }
        match self.feed.section.defaults.get(self.table.columns[column].name) {
            Some(default) if default.contains('{') => Cow::Owned(self.numbered(default, row)),
            Some(default) => Cow::Borrowed(default),
            None => own,
        }
    }

    /// Text of a cell as it stands in the file, or came down from a row above.
    fn own_text(&self, column: usize, row: usize) -> Cow<'_, str> {
        if let Some((_, made)) = self.made.iter().find(|(at, _)| *at == column) {
            return Cow::Borrowed(made.get(row));
        }
        self.feed.layout.text(column, &self.records, self.rows[row] as usize)
    }

    /// A default that names the row it stands in for.
    fn numbered(&self, default: &str, row: usize) -> String {
        let file = self.feed.source.path.file_name().unwrap_or_default();
        default.replace("{file}", &file.to_string_lossy()).replace("{line}", &self.line(row).to_string())
    }

    /// Text of a column of the file that is no canonical one.
    pub fn foreign_text(&self, position: usize, row: usize) -> &str {
        self.records.cell(self.rows[row] as usize, position)
    }

    /// Whether the file has the column.
    pub fn has(&self, column: &str) -> bool {
        self.table.position(column).is_some_and(|at| {
            self.feed.layout.places[at] != Place::Nowhere || self.feed.section.defaults.contains_key(column)
        })
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

    /// The row's key, if none of its columns is empty.
    fn key(&self, row: usize) -> Option<u128> {
        let columns = self.table.key;
        if columns.is_empty() || columns.iter().any(|column| self.text(column, row).is_empty()) {
            return None;
        }
        Some(key::of(columns.iter().map(|column| self.text(column, row))))
    }

    /// A print of every cell of a row that the table takes.
    fn content(&self, row: usize) -> u64 {
        let present = (0..self.table.columns.len()).filter(|at| self.feed.layout.places[*at] != Place::Nowhere);
        key::of(present.map(|at| self.text_at(at, row))) as u64
    }

    /// Each row's currency, by which its amounts are read: that of its cell, that written with the amount, the default.
    fn currencies(&self, notations: &Notations) -> Vec<Option<Currency>> {
        let Some(at) = self.table.position("currency") else { return vec![None; self.rows()] };
        let amount = self.table.position("amount");
        let default = self.feed.section.defaults.get("currency").and_then(|code| currency::find(code));
        // Neighbours mostly share their currency: look it up again only where it changes.
        let mut last = (String::new(), None);
        let mut buffer = String::new();
        (0..self.rows())
            .map(|row| {
                let code = self.own_text(at, row);
                if code.is_empty() {
                    let written = amount.and_then(|amount| {
                        let text = self.own_text(amount, row);
                        amount::plain(&text, notations.sign(amount), &mut buffer).ok()?.currency
                    });
                    let written = written.and_then(|code| currency::find(std::str::from_utf8(&code).ok()?));
                    return written.or(default);
                }
                if last.0 != code {
                    last = (code.as_ref().to_owned(), currency::find(&code));
                }
                last.1
            })
            .collect()
    }

    /// Where the mapping says so, amounts have the opposite sign, and a document below zero is a credit note.
    fn turn_negatives(&mut self) {
        let Section { negate, negative, .. } = self.feed.section;
        if !negate && negative == Negative::Reject {
            return;
        }
        let amounts: Vec<usize> =
            (0..self.table.columns.len()).filter(|at| self.table.columns[*at].kind == Kind::Amount).collect();
        if negate {
            for &at in &amounts {
                self.each_whole(at, |_, amount| -amount);
            }
        }
        let (Some(main), Some(kind)) = (self.table.position("amount"), self.table.position("type")) else { return };
        let Values::Whole(main) = &self.values[main] else { return };
        let credits: Vec<bool> = main.iter().map(|amount| amount.is_some_and(|amount| amount < 0)).collect();
        if negative == Negative::CreditNote && credits.contains(&true) {
            for &at in &amounts {
                self.each_whole(at, |row, amount| if credits[row] { -amount } else { amount });
            }
            if let Values::Choice(words) = &mut self.values[kind] {
                words.iter_mut().zip(&credits).filter(|(_, credit)| **credit).for_each(|(word, _)| *word = Some(1));
            }
        }
    }

    fn each_whole(&mut self, column: usize, change: impl Fn(usize, i64) -> i64) {
        if let Values::Whole(numbers) = &mut self.values[column] {
            for (row, number) in numbers.iter_mut().enumerate() {
                *number = number.map(|number| change(row, number));
            }
        }
    }

    /// Makes one document of its lines: amounts that add up are summed on the first, everything else must be alike or
    /// empty. A document is taken with all its lines or not at all.
    fn merge_lines(&mut self) {
        let mut start = 0;
        while start < self.rows() {
            let key = self.prints[start].0;
            let goes_on = |row: &usize| key.is_some() && self.prints[*row].0 == key;
            let end = start + 1 + (start + 1..self.rows()).take_while(goes_on).count();
            if end - start > 1 {
                self.merge(start, end);
            }
            start = end;
        }
    }

    fn merge(&mut self, start: usize, end: usize) {
        self.parts[start + 1..end].fill(true);
        for (at, column) in self.table.columns.iter().enumerate() {
            if self.feed.section.sum.iter().any(|sum| sum == column.name) {
                let Values::Whole(numbers) = &mut self.values[at] else { continue };
                let sum = numbers[start..end].iter().flatten().try_fold(0_i64, |sum, number| sum.checked_add(*number));
                numbers[start] = sum;
                if sum.is_none() {
                    self.reject(start, Code::AmountTooLarge, column.name);
                }
            } else {
                for row in start + 1..end {
                    let own = self.own_text(at, row);
                    if !own.is_empty() && own != self.own_text(at, start) {
                        self.reject(row, Code::LinesDiffer, column.name);
                    }
                }
            }
        }
        if (start..end).any(|row| !self.sound(row)) {
            let id = self.table.columns[0].name;
            for row in (start..end).filter(|row| self.faults[*row].is_empty()).collect::<Vec<_>>() {
                self.reject(row, Code::LineRejected, id);
            }
        }
    }
}

struct Parser<'a> {
    feed: &'a Feed,
    notations: &'a Notations,
    currencies: &'a [Option<Currency>],
}

type Faults = Vec<(usize, Fault)>;

impl Parser<'_> {
    fn column(&self, draft: &Draft, at: usize, column: &Column, faults: &mut Faults) -> Values {
        let each = |faults: &mut Faults, parse: &mut dyn FnMut(&str, usize) -> Result<Option<i64>, Code>| {
            self.each(draft, at, column, faults, parse)
        };
        match column.kind {
            Kind::Text => {
                self.check_text(draft, at, column, faults);
                Values::Text
            }
            Kind::Day => Values::Day(self.each(draft, at, column, faults, |text, _| self.day(at, text))),
            Kind::Currency if column.name == "currency" => {
                self.check_currency(draft, column, faults);
                Values::Currency(self.currencies.to_vec())
            }
            Kind::Currency => Values::Currency(self.each(draft, at, column, faults, |text, _| {
                currency::find(text).map(Some).ok_or(Code::CurrencyUnknown)
            })),
            Kind::Amount => {
                let mut buffer = String::new();
                Values::Whole(each(faults, &mut |text, row| self.amount(draft, at, text, row, &mut buffer)))
            }
            Kind::Decimal => {
                let mut buffer = String::new();
                Values::Whole(each(faults, &mut |text, _| decimal(text, self.notations.sign(at), &mut buffer)))
            }
            Kind::Choice(words) => {
                let own = self.feed.section.words.get(column.name);
                Values::Choice(self.each(draft, at, column, faults, |text, _| {
                    let word = own.and_then(|own| translated(own, text)).unwrap_or(text);
                    choice(word, words).map(Some)
                }))
            }
            Kind::Flag => {
                let flags = self.each(draft, at, column, faults, |text, _| flag(text).map(Some));
                Values::Flag(flags.into_iter().map(|flag| flag == Some(true)).collect())
            }
        }
    }

    /// Parses every cell of a column; an empty one is missing, which only a required column minds.
    fn each<T>(
        &self,
        draft: &Draft,
        at: usize,
        column: &Column,
        faults: &mut Faults,
        mut parse: impl FnMut(&str, usize) -> Result<Option<T>, Code>,
    ) -> Vec<Option<T>> {
        let absent = self.feed.layout.places[at] == Place::Nowhere
            && !self.feed.section.defaults.contains_key(column.name)
            && draft.made.is_empty();
        if absent && column.need == Need::Optional {
            return (0..draft.rows()).map(|_| None).collect();
        }
        let mut parsed = Vec::with_capacity(draft.rows());
        for row in 0..draft.rows() {
            let text = draft.text_at(at, row);
            let value = if text.is_empty() { Ok(None) } else { parse(&text, row) };
            let value = match value {
                Ok(None) if column.need == Need::Required => Err(Code::ValueMissing),
                value => value,
            };
            parsed.push(value.unwrap_or_else(|code| {
                faults.push((row, Fault { code, column: column.name }));
                None
            }));
        }
        parsed
    }

    /// No id runs over lines: rows were joined by a quote that closes too late.
    fn check_text(&self, draft: &Draft, at: usize, column: &Column, faults: &mut Faults) {
        if column.need == Need::Optional {
            return;
        }
        for row in 0..draft.rows() {
            let text = draft.text_at(at, row);
            let code = if text.is_empty() {
                Code::ValueMissing
            } else if text.contains(['\n', '\r']) {
                Code::FieldCount
            } else {
                continue;
            };
            faults.push((row, Fault { code, column: column.name }));
        }
    }

    fn check_currency(&self, draft: &Draft, column: &Column, faults: &mut Faults) {
        for (row, currency) in self.currencies.iter().enumerate() {
            if currency.is_none() {
                let empty = draft.text(column.name, row).is_empty();
                let code = if empty { Code::ValueMissing } else { Code::CurrencyUnknown };
                if !empty || column.need == Need::Required {
                    faults.push((row, Fault { code, column: column.name }));
                }
            }
        }
    }

    fn day(&self, at: usize, text: &str) -> Result<Option<Day>, Code> {
        let stated = self.feed.section.date_format.as_ref().and_then(|format| Day::from_format(text, format));
        let day = match stated {
            Some(day) => Some(day),
            None => day::read(text, self.notations.days(at)).map_err(|fault| match fault {
                DayFault::NotADay => Code::DayInvalid,
                DayFault::CutOff => Code::DayCutOff,
            })?,
        };
        match day {
            Some(day) if !(DAY_YEAR_MIN..=DAY_YEAR_MAX).contains(&day.year()) => Err(Code::DayInvalid),
            day => Ok(day),
        }
    }

    /// An amount in its row's currency; none where that is unknown, which is the fault of its own column.
    fn amount(
        &self,
        draft: &Draft,
        at: usize,
        text: &str,
        row: usize,
        buffer: &mut String,
    ) -> Result<Option<i64>, Code> {
        if amount::is_blank_amount(text) {
            return Ok(None);
        }
        let written =
            amount::plain(text, self.notations.sign(at), buffer).map_err(|_| Code::AmountInvalid)?;
        let Some(currency) = self.currencies[row] else {
            return if self.currency_is_asked_for(draft, row) { Ok(None) } else { Err(Code::CurrencyUnknown) };
        };
        if written.currency.is_some_and(|code| code != currency.code().as_bytes()) {
            return Err(Code::CurrencyDiffers);
        }
        currency.parse(written.number).map(Some).map_err(amount_code)
    }

    /// Whether a row says its currency, right or wrong, or must say it and is rejected for not doing so.
    fn currency_is_asked_for(&self, draft: &Draft, row: usize) -> bool {
        let Some(at) = draft.table.position("currency") else { return false };
        draft.table.columns[at].need == Need::Required || !draft.text_at(at, row).is_empty()
    }
}

fn amount_code(fault: AmountFault) -> Code {
    match fault {
        AmountFault::NotANumber => Code::AmountInvalid,
        AmountFault::TooPrecise => Code::AmountTooPrecise,
        AmountFault::TooLarge => Code::AmountTooLarge,
    }
}

fn decimal(text: &str, sign: DecimalSign, buffer: &mut String) -> Result<Option<i64>, Code> {
    if amount::is_blank_amount(text) {
        return Ok(None);
    }
    let written = amount::plain(text, sign, buffer).map_err(|_| Code::NumberInvalid)?;
    parse_decimal(written.number, DECIMAL_PLACES, i64::MAX).map(Some).map_err(|_| Code::NumberInvalid)
}

/// The canonical word for one of the file's.
fn translated<'a>(words: &'a std::collections::BTreeMap<String, String>, text: &str) -> Option<&'a str> {
    let exact = words.get(text);
    let alike = || words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, to)| to);
    exact.or_else(alike).map(String::as_str)
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
