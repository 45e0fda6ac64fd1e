//! A block of one table's rows, typed. What cannot be typed becomes a fault of its row.

mod lines;
mod parse;

use std::borrow::Cow;

use super::key;
use super::layout::Place;
use super::mapping::{Negative, Rows, Section};
use super::notation::amount;
use super::party::Aliases;
use super::plan::Feed;
use super::prove::Notations;
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

/// Position of `credit_note` among the types of documents.
const CREDIT_NOTE: u8 = 1;

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
            draft.reject(row as usize, Code::KindUnknown, table.columns[0].name);
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
            draft.reject(row, fault.code, fault.column);
        }
        draft.follow_terms();
        draft.prints = draft.prints();
        draft.parts = vec![false; draft.rows()];
        if feed.section.rows == Rows::Line {
            draft.merge_lines();
        }
        draft.turn_negatives();
        draft.ask_no_due_day_of_credit_notes();
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
                let spoilt =
                    |column: &&Column| self.text(column.name, row).contains(char::REPLACEMENT_CHARACTER);
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

    /// Notes something wrong with a row. One that was split wrongly, or is of no known kind, has nothing meaningful in its
    /// cells that could be wrong besides.
    pub fn reject(&mut self, row: usize, code: Code, column: &'static str) {
        let meaningless = |earlier: &Fault| {
            matches!(earlier.code, Code::FieldCount | Code::KindUnknown | Code::RecordInvalid)
        };
        if !self.faults[row].iter().any(meaningless) {
            self.faults[row].push(Fault { code, column });
        }
    }

    /// Text of a cell, or the default of its column; empty where there is neither.
    pub fn text(&self, column: &str, row: usize) -> Cow<'_, str> {
        self.table.position(column).map_or(Cow::Borrowed(""), |at| self.text_at(at, row))
    }

    /// As [`Draft::text`], by the column's position.
    #[inline]
    pub fn text_at(&self, column: usize, row: usize) -> Cow<'_, str> {
        // Nearly every cell of nearly every file stands in one column of it.
        if let Place::At(at) = self.feed.layout.places[column]
            && self.made.is_empty()
        {
            let cell = self.records.cell(self.rows[row] as usize, at);
            if !cell.is_empty() {
                return Cow::Borrowed(cell);
            }
        }
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

    /// All days of a column.
    pub fn days(&self, column: &str) -> &[Option<Day>] {
        match self.values(column) {
            Some(Values::Day(days)) => days,
            _ => &[],
        }
    }

    /// All amounts or decimals of a column, as [`Draft::whole`] gives them.
    pub fn wholes(&self, column: &str) -> &[Option<i64>] {
        match self.values(column) {
            Some(Values::Whole(numbers)) => numbers,
            _ => &[],
        }
    }

    /// All currencies of a column.
    pub fn all_currencies(&self, column: &str) -> &[Option<Currency>] {
        match self.values(column) {
            Some(Values::Currency(currencies)) => currencies,
            _ => &[],
        }
    }

    /// Day of a cell.
    pub fn day(&self, column: &str, row: usize) -> Option<Day> {
        self.days(column).get(row).copied().flatten()
    }

    /// Amount of a cell in minor units of its row's currency, or a decimal in its last place.
    pub fn whole(&self, column: &str, row: usize) -> Option<i64> {
        self.wholes(column).get(row).copied().flatten()
    }

    /// Currency of a cell.
    pub fn currency(&self, column: &str, row: usize) -> Option<Currency> {
        self.all_currencies(column).get(row).copied().flatten()
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

    /// Each row's key, if none of its columns is empty, and a print of every cell that the table takes.
    fn prints(&self) -> Vec<(Option<u128>, u64)> {
        let keys: Vec<usize> =
            self.table.key.iter().filter_map(|column| self.table.position(column)).collect();
        let mut taken = vec![false; self.feed.header.names.len()];
        for at in self.feed.layout.used() {
            taken[at] = true;
        }
        let print = |row: usize| {
            let whole = !keys.is_empty() && keys.iter().all(|at| !self.text_at(*at, row).is_empty());
            let key = whole.then(|| key::of(keys.iter().map(|at| self.text_at(*at, row))));
            let cells = self.records.cells(self.rows[row] as usize).zip(&taken);
            let cells = cells.filter(|(_, taken)| **taken).map(|(cell, _)| cell);
            (key, key::content(cells.chain(self.made.iter().map(|(_, made)| made.get(row)))))
        };
        (0..self.rows()).map(print).collect()
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
        let Some(terms) = self.table.position("terms") else { return };
        let due = |row: usize| terms::parse(&self.text_at(terms, row))?.due(self.day("issued", row)?);
        let found: Vec<(usize, Day)> =
            self.without_due_day().filter_map(|row| due(row).map(|day| (row, day))).collect();
        for (row, day) in found {
            self.set_due(row, day);
        }
    }

    /// A credit note is due on the day it is issued, whatever stands there.
    fn ask_no_due_day_of_credit_notes(&mut self) {
        let credit = |row: &usize| self.choice("type", *row) == Some(CREDIT_NOTE);
        let found: Vec<(usize, Day)> = (0..self.rows())
            .filter(credit)
            .filter_map(|row| self.day("issued", row).map(|day| (row, day)))
            .collect();
        for (row, day) in found {
            self.set_due(row, day);
        }
    }

    /// Rows whose due day is missing, not wrong.
    fn without_due_day(&self) -> impl Iterator<Item = usize> + '_ {
        let wrong = |fault: &Fault| fault.column == "due" && fault.code != Code::ValueMissing;
        (0..self.rows())
            .filter(move |&row| self.day("due", row).is_none() && !self.faults[row].iter().any(wrong))
    }

    fn set_due(&mut self, row: usize, day: Day) {
        let Some(due) = self.table.position("due") else { return };
        if let Values::Day(days) = &mut self.values[due] {
            days[row] = Some(day);
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
        let (Some(main), Some(kind)) = (self.table.position("amount"), self.table.position("type")) else {
            return;
        };
        let Values::Whole(main) = &self.values[main] else { return };
        let credits: Vec<bool> = main.iter().map(|amount| amount.is_some_and(|amount| amount < 0)).collect();
        if negative == Negative::CreditNote && credits.contains(&true) {
            for &at in &amounts {
                self.each_whole(at, |row, amount| if credits[row] { -amount } else { amount });
            }
            if let Values::Choice(words) = &mut self.values[kind] {
                words
                    .iter_mut()
                    .zip(&credits)
                    .filter(|(_, credit)| **credit)
                    .for_each(|(word, _)| *word = Some(CREDIT_NOTE));
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
