//! Cells of text to typed cells, by the kind of their column and the notation of their file.

use super::{Draft, Values};
use crate::base::day::Day;
use crate::base::error::{Code, Fault};
use crate::base::limits::{DAY_YEAR_MAX, DAY_YEAR_MIN};
use crate::base::money::{AmountFault, Currency, parse_decimal};
use crate::ledger::layout::Place;
use crate::ledger::notation::amount::{self, DecimalSign};
use crate::ledger::notation::day::{self, DayFault};
use crate::ledger::plan::Feed;
use crate::ledger::prove::Notations;
use crate::ledger::read::Format;
use crate::ledger::table::{Column, DECIMAL_PLACES, Kind, Need};
use crate::statute::currency;

/// Parses the cells of a block.
pub(super) struct Parser<'a> {
    pub(super) feed: &'a Feed,
    pub(super) notations: &'a Notations,
    /// Each row's currency.
    pub(super) currencies: &'a [Option<Currency>],
}

/// A cell's value, if it has one; or its fault, none where that is another column's.
type Parsed<T> = Result<Option<T>, Option<Code>>;

/// Faults with their rows.
pub(super) type Faults = Vec<(usize, Fault)>;

impl Parser<'_> {
    /// Types one column; what cannot be is noted.
    pub(super) fn column(&self, draft: &Draft, at: usize, column: &Column, faults: &mut Faults) -> Values {
        let each = |faults: &mut Faults, parse: &mut dyn FnMut(&str, usize) -> Parsed<i64>| {
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
                currency::find(text).map(Some).ok_or(Some(Code::CurrencyUnknown))
            })),
            Kind::Amount => {
                let mut buffer = String::new();
                Values::Whole(each(faults, &mut |text, row| self.amount(draft, at, text, row, &mut buffer)))
            }
            Kind::Decimal => {
                let mut buffer = String::new();
                Values::Whole(each(faults, &mut |text, _| {
                    decimal(text, self.notations.sign(at), &mut buffer)
                }))
            }
            Kind::Choice(words) => {
                let word = |text: &str, _| choice(self.word(column, text), words).map(Some).map_err(Some);
                Values::Choice(self.each(draft, at, column, faults, word))
            }
            Kind::Flag => {
                let word = |text: &str, _| flag(self.word(column, text)).map(Some).map_err(Some);
                let flags = self.each(draft, at, column, faults, word);
                Values::Flag(flags.into_iter().map(|flag| flag == Some(true)).collect())
            }
        }
    }

    /// The canonical word for one of the file's, where the mapping has it.
    fn word<'t>(&'t self, column: &Column, text: &'t str) -> &'t str {
        let Some(words) = self.feed.section.words.get(column.name) else { return text };
        let alike = || words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, to)| to);
        words.get(text).or_else(alike).map_or(text, String::as_str)
    }

    /// Parses every cell of a column; an empty one is missing, which only a required column minds.
    fn each<T>(
        &self,
        draft: &Draft,
        at: usize,
        column: &Column,
        faults: &mut Faults,
        mut parse: impl FnMut(&str, usize) -> Parsed<T>,
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
            let (value, code) = match value {
                Ok(None) if column.need == Need::Required => (None, Some(Code::ValueMissing)),
                Ok(value) => (value, None),
                Err(code) => (None, code),
            };
            faults.extend(code.map(|code| (row, Fault { code, column: column.name })));
            parsed.push(value);
        }
        parsed
    }

    /// An object or a list is no text. No id runs over lines: rows were joined by a quote that closes too late.
    fn check_text(&self, draft: &Draft, at: usize, column: &Column, faults: &mut Faults) {
        let is_json = matches!(self.feed.source.format, Format::Json | Format::JsonLines);
        if column.need == Need::Optional && !is_json {
            return;
        }
        for row in 0..draft.rows() {
            let text = draft.text_at(at, row);
            let code = if is_json && is_nested(&text) {
                Code::RecordInvalid
            } else if column.need == Need::Optional {
                continue;
            } else if text.is_empty() {
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

    fn day(&self, at: usize, text: &str) -> Parsed<Day> {
        let stated = self.feed.section.date_format.as_ref().and_then(|format| Day::from_format(text, format));
        if let Some(day) = stated {
            let real = (DAY_YEAR_MIN..=DAY_YEAR_MAX).contains(&day.year());
            return if real { Ok(Some(day)) } else { Err(Some(Code::DayInvalid)) };
        }
        day::read(text, self.notations.days(at)).map_err(|fault| match fault {
            DayFault::NotADay => Some(Code::DayInvalid),
            DayFault::CutOff => Some(Code::DayCutOff),
        })
    }

    /// An amount in its row's currency; none where that is unknown, which is the fault of its own column.
    fn amount(&self, draft: &Draft, at: usize, text: &str, row: usize, buffer: &mut String) -> Parsed<i64> {
        if amount::is_blank_amount(text) {
            return Ok(None);
        }
        let written =
            amount::plain(text, self.notations.sign(at), buffer).map_err(|_| Some(Code::AmountInvalid))?;
        let Some(currency) = self.currencies[row] else {
            let asked_for = is_currency_asked_for(draft, row);
            return Err((!asked_for).then_some(Code::CurrencyUnknown));
        };
        if let Some(code) = written.currency.filter(|code| code != currency.code().as_bytes()) {
            let known = std::str::from_utf8(&code).is_ok_and(|code| currency::find(code).is_some());
            return Err(Some(if known { Code::CurrencyDiffers } else { Code::CurrencyUnknown }));
        }
        if written.symbol.is_some_and(|symbol| !amount::may_mean(symbol, currency.code())) {
            return Err(Some(Code::CurrencyDiffers));
        }
        currency.parse(written.number).map(Some).map_err(|fault| Some(amount_code(fault)))
    }
}

/// Whether a row says its currency, right or wrong, or must say it and is rejected for not doing so.
fn is_currency_asked_for(draft: &Draft, row: usize) -> bool {
    let Some(at) = draft.table.position("currency") else { return false };
    draft.table.columns[at].need == Need::Required || !draft.text_at(at, row).is_empty()
}

/// Whether a value of JSON is an object or a list.
fn is_nested(text: &str) -> bool {
    text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn amount_code(fault: AmountFault) -> Code {
    match fault {
        AmountFault::NotANumber => Code::AmountInvalid,
        AmountFault::TooPrecise => Code::AmountTooPrecise,
        AmountFault::TooLarge => Code::AmountTooLarge,
    }
}

fn decimal(text: &str, sign: DecimalSign, buffer: &mut String) -> Parsed<i64> {
    if amount::is_blank_amount(text) {
        return Ok(None);
    }
    let invalid = Some(Code::NumberInvalid);
    let written = amount::plain(text, sign, buffer).map_err(|_| invalid)?;
    parse_decimal(written.number, DECIMAL_PLACES, i64::MAX).map(Some).map_err(|_| invalid)
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
