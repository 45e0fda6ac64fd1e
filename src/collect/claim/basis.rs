//! Under what a debt bears interest: a law's rule, an agreed rate, or both, and what follows for one debt.

use std::fmt;
use std::sync::Arc;

use super::Debt;
use super::note::Note;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::base::percent::Percent;
use crate::statute::compensation::{Band, band_of, bands};
use crate::statute::fee_cap;
use crate::statute::interest::{self, DayCount, Debtor, Fixing, Order, Rests, Rule};
use crate::statute::reference::{ReferenceRate, ReferenceRates};

/// What is claimed under.
#[derive(Debug, Clone)]
pub struct Basis<'a> {
    /// Jurisdiction of the debt, as the tables name it; `None` claims by the agreed rate alone.
    pub jurisdiction: Option<&'a str>,
    /// Who owes.
    pub debtor: Debtor,
    /// Agreed rate a year, simple, instead of the law's.
    pub agreed: Option<Percent>,
    /// Reference rates.
    pub rates: &'a ReferenceRates,
}

/// How interest runs on one debt.
#[derive(Debug)]
pub(super) struct Course<'a> {
    rates: &'a ReferenceRates,
    price: Price,
    /// First day of interest.
    pub start: Day,
    /// Last day of interest, where it ends by law.
    pub last: Option<Day>,
    pub day_count: DayCount,
    pub rests: Rests,
    pub order: Order,
    /// What the rate rests on.
    pub source: String,
}

#[derive(Debug)]
enum Price {
    Agreed(Percent),
    Law(&'static Rule),
}

/// The rate of a day.
#[derive(Debug)]
pub(super) struct Rate {
    pub percent: Percent,
    /// Last day on which it holds.
    pub until: Day,
    pub origin: Origin,
}

/// What a rate is made of, and where that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It was agreed.
    Agreed(Percent),
    /// A law makes it of a reference rate.
    Law(&'static Rule, Arc<ReferenceRate>),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agreed(rate) => write!(f, "agreed rate of {rate} % a year"),
            Self::Law(rule, reference) => {
                let ReferenceRate { from, to, value, source } = reference.as_ref();
                write!(f, "{} ({from} to {to}; {source}); {}", rule.formula(*value), rule.source)
            }
        }
    }
}

fn knows(jurisdiction: &str) -> bool {
    interest::knows(jurisdiction) || fee_cap::knows(jurisdiction)
}

impl Basis<'_> {
    /// The law's rule for a debt, if a jurisdiction is given. With an agreed rate no rule is needed, but a jurisdiction of which
    /// nothing is kept is a mistake all the same.
    fn rule(&self, due: Day) -> Result<Option<&'static Rule>> {
        let Some(jurisdiction) = self.jurisdiction else { return Ok(None) };
        match interest::find(jurisdiction, self.debtor, due) {
            Ok(rule) => Ok(Some(rule)),
            Err(_) if self.agreed.is_some() && knows(jurisdiction) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How interest runs on a debt. `None` where neither a law nor an agreement is given: it bears none.
    pub(super) fn course(&self, debt: &Debt, notes: &mut Vec<Note>) -> Result<Option<Course<'_>>> {
        let rule = self.rule(debt.due)?;
        if let Some(rule) = rule {
            notes.extend(Note::term_too_long(rule, debt));
        }
        let overridden = rule.filter(|rule| rule.overrides_contract && self.agreed.is_some());
        notes.extend(overridden.map(|rule| Note::AgreedRateSetAside { source: &rule.source }));
        let price = match (self.agreed, rule) {
            (Some(agreed), rule) if rule.is_none_or(|rule| !rule.overrides_contract) => Price::Agreed(agreed),
            (_, Some(rule)) => Price::Law(rule),
            (_, None) => return Ok(None),
        };
        let start = debt.due.plus(rule.map_or(1, |rule| rule.starts));
        let (day_count, rests, last, source) = match price {
            Price::Agreed(rate) => {
                let day_count = rule.map_or(DayCount::Act365, |rule| rule.day_count);
                (day_count, Rests::None, None, Origin::Agreed(rate).to_string())
            }
            Price::Law(rule) => {
                let last = rule.days_max.map(|days| start.plus(days - 1));
                (rule.day_count, rule.rests, last, rule.source.clone())
            }
        };
        let order = rule.map_or(Order::PrincipalFirst, |rule| rule.order);
        Ok(Some(Course { rates: self.rates, price, start, last, day_count, rests, order, source }))
    }

    /// The fixed sum for a debt that bore interest on `owed` from its first day.
    pub(super) fn fixed_sum(&self, debt: &Debt, owed: i64, notes: &mut Vec<Note>) -> Option<&'static Band> {
        let bands = bands(self.jurisdiction?, self.debtor, debt.due);
        let first = bands.first()?;
        if self.agreed.is_some() && !first.with_contract_rate {
            return None;
        }
        if first.currency != debt.currency {
            notes.push(Note::FixedSumInOtherCurrency { currency: first.currency, source: first.source });
            return None;
        }
        band_of(&bands, owed)
    }
}

impl Course<'_> {
    /// The rate of a day. Without a reference rate of the day that matters it is an error.
    pub(super) fn rate(&self, day: Day) -> Result<Rate> {
        let always = Day(i32::MAX);
        let rule = match self.price {
            Price::Agreed(percent) => {
                return Ok(Rate { percent, until: always, origin: Origin::Agreed(percent) });
            }
            Price::Law(rule) => rule,
        };
        let (reference, until) = match rule.fixing {
            Fixing::AtStart => (self.rates.at(&rule.series, self.start)?.0, always),
            Fixing::Floating => self.rates.at(&rule.series, day)?,
        };
        let origin = Origin::Law(rule, Arc::clone(reference));
        Ok(Rate { percent: rule.rate(reference.value), until, origin })
    }

    /// Last day of the reference rates, where the law's are used and they end before a day.
    pub(super) fn rates_end_before(&self, day: Day) -> Option<Note> {
        let Price::Law(rule) = self.price else { return None };
        let last = self.rates.last(&rule.series).filter(|last| *last < day)?;
        Some(Note::RatesEnd { series: &rule.series, last })
    }
}
