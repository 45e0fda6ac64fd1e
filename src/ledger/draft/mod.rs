//! A block of one table's rows, typed. What cannot be typed becomes a fault of its row.

mod lines;
mod parse;

use std::borrow::Cow;

use super::key;
use super::layout::Place;
use super::mapping::{Negative, Rows, Section};
use super::notation::amount;
use super::prove::Notations;
use super::party::Aliases;
use super::plan::Feed;
use super::read::{Format, Records, TextColumn};
use super::shape::{Aside, Shaped};
use super::table::{Column, Kind, Table};
use super::terms;
use crate::base::day::Day;
use crate::base::error::{Code, Fault};
use crate::base::money::Currency;
use crate::statute::currency;
use parse::Parser;

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
        draft.follow_terms();
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
        let (width, padded) = (self.feed.layout.width, self.feed.header.padded);
        let foreign = self.feed.section.is_foreign();
        // Only text can be split wrongly; other formats leave out what is empty.
        let split = if self.feed.source.format == Format::Text { self.rows.len() } else { 0 };
        for row in 0..split {
            let record = self.rows[row] as usize;
            let found = self.records.width(record);
            let filled = |at: usize| !self.records.cell(record, at).is_empty();
            // Reports pad their lines; what a program wrote has the fields of its header.
            let fits = if foreign { found >= width && !(width..found).any(filled) } else { found == padded };
            if !fits {
                self.faults[row].push(Fault { code: Code::FieldCount, column: id });
            }
        }
        let mut row = 0;
        for (record, code) in self.records.faults() {
            while self.rows.get(row).is_some_and(|at| at < record) {
                row += 1;
            }
            if self.rows.get(row) == Some(record) {
                let spoilt = |column: &&Column| self.text(column.name, row).contains(char::REPLACEMENT_CHARACTER);
                let column = self.table.columns.iter().find(spoilt).map_or(id, |column| column.name);
                self.faults[row].push(Fault { code: *code, column });
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

    /// Documents without a due day are due as their terms say.
    fn follow_terms(&mut self) {
        let columns = ["issued", "due", "terms"].map(|column| self.table.position(column));
        let [Some(issued), Some(due), Some(terms)] = columns else { return };
        let due_of = |row: usize| match (&self.values[issued], &self.values[due]) {
            (Values::Day(issued), Values::Day(days)) if days[row].is_none() && self.text_at(due, row).is_empty() => {
                terms::parse(&self.text_at(terms, row))?.due(issued[row]?)
            }
            _ => None,
        };
        let found: Vec<(usize, Day)> =
            (0..self.rows()).filter_map(|row| due_of(row).map(|day| (row, day))).collect();
        for (row, day) in found {
            if let Values::Day(days) = &mut self.values[due] {
                days[row] = Some(day);
            }
            self.faults[row].retain(|fault| fault.column != "due");
        }
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
}
