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
use crate::ledger::table::{Column, DECIMAL_PLACES, Kind, Need};
use crate::statute::currency;

/// Parses the cells of a block.
pub(super) struct Parser<'a> {
    pub(super) feed: &'a Feed,
    pub(super) notations: &'a Notations,
    /// Each row's currency.
    pub(super) currencies: &'a [Option<Currency>],
}

/// Faults with their rows.
pub(super) type Faults = Vec<(usize, Fault)>;

impl Parser<'_> {
    /// Types one column; what cannot be is noted.
    pub(super) fn column(&self, draft: &Draft, at: usize, column: &Column, faults: &mut Faults) -> Values {
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
