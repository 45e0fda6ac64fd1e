//! The people who make contact: a versioned TOML file with their minutes, hours, languages and segments. An unknown or
//! missing value is an error that names the key.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono_tz::Tz;
use serde::Deserialize;

use super::super::ladder::hours::Hours;
use super::window::zone;
use crate::base::day::Day;
use crate::base::digest;
use crate::base::error::{Code, Error, Result};
use crate::collect::letter::brand::line;
use crate::collect::misread;
use crate::ledger::Customer;
use crate::statute::bank_day::BankDays;
use crate::statute::currency;

/// Most minutes of a day.
const MINUTES_MAX: u32 = 24 * 60;

/// The people and what they share.
#[derive(Debug, Clone)]
pub struct Team {
    /// Names the file in reports; the user's own.
    pub version: String,
    /// SHA-256 of the file in hex.
    pub sha256: String,
    /// Whether a vip goes before others of equal value.
    pub vip_first: bool,
    /// Hours of the customer's own clock in which nobody is called.
    pub quiet_hours: Vec<Hours>,
    /// Those who make contact, in the order of the file.
    pub collectors: Vec<Collector>,
    days_off: BTreeSet<Day>,
    holidays: BTreeMap<String, String>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Collector {
    /// Name, as customers give it.
    pub name: String,
    /// Number that letters give to call back; empty if none.
    pub phone: String,
    /// Minutes of a day spent on contacts.
    pub minutes_per_day: u32,
    /// Working hours of the own clock.
    pub hours: Hours,
    /// The own clock.
    pub zone: Tz,
    languages: Vec<String>,
    segments: Vec<String>,
    days_off: BTreeSet<Day>,
    holidays: Option<BankDays>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: String,
    settings: RawSettings,
    collector: Vec<toml::Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    vip_first: bool,
    quiet_hours: Vec<Hours>,
    days_off: Vec<Day>,
    holidays: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCollector {
    name: String,
    #[serde(default)]
    phone: String,
    minutes_per_day: u32,
    hours: Hours,
    time_zone: String,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    segments: Vec<String>,
    #[serde(default)]
    days_off: Vec<Day>,
    holidays: Option<String>,
}

impl Team {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| Error::new(Code::FileUnreadable).file(path).detail(cause))?;
        Self::parse(&text).map_err(|error| error.file(path))
    }

    /// Parses its text.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = |detail: String| Error::new(Code::PolicyInvalid).detail(detail);
        let raw: Raw = toml::from_str(text).map_err(|cause| misread::in_text(text, &cause))?;
        Self::of(raw, digest::of_bytes(text.as_bytes())).map_err(invalid)
    }

    fn of(raw: Raw, sha256: String) -> std::result::Result<Self, String> {
        let Raw { version, settings, collector } = raw;
        for calendar in settings.holidays.values() {
            calendar_of(calendar).map_err(|fault| format!("[settings] holidays: {fault}"))?;
        }
        let collectors: Vec<Collector> =
            collector.into_iter().map(Collector::read).collect::<std::result::Result<_, _>>()?;
        if collectors.is_empty() {
            return Err("[[collector]] is missing".to_owned());
        }
        let mut names = BTreeSet::new();
        if let Some(twice) = collectors.iter().find(|one| !names.insert(one.name.as_str())) {
            return Err(format!("[[collector]] `{}` is there twice", twice.name));
        }
        let RawSettings { vip_first, quiet_hours, days_off, holidays } = settings;
        Ok(Self {
            version,
            sha256,
            vip_first,
            quiet_hours,
            collectors,
            days_off: days_off.into_iter().collect(),
            holidays,
        })
    }

    /// Whether nobody works on a day.
    pub fn is_closed(&self, day: Day) -> bool {
        day.weekday() >= 5 || self.days_off.contains(&day)
    }

    /// Whether a customer is at home in a country that keeps a holiday on a day.
    pub fn is_holiday(&self, customer: &Customer, day: Day) -> bool {
        let calendar = self.holidays.get(&customer.country);
        calendar.is_some_and(|calendar| !BankDays::of(calendar).settles(day))
    }
}

impl Collector {
    fn read(table: toml::Table) -> std::result::Result<Self, String> {
        let name = table.get("name").and_then(toml::Value::as_str).unwrap_or("").to_owned();
        let place = |fault: &str| format!("[[collector]] `{name}`: {fault}");
        let raw: RawCollector = table.try_into().map_err(|cause| place(&misread::in_table(&cause)))?;
        line("name", &raw.name, true)
            .and_then(|()| line("phone", &raw.phone, false))
            .map_err(|fault| place(&fault))?;
        if raw.minutes_per_day > MINUTES_MAX {
            return Err(place(&format!("minutes_per_day: a day has {MINUTES_MAX}")));
        }
        let unknown = || place(&format!("time_zone: `{}` is no zone of the IANA database", raw.time_zone));
        let zone = zone(&raw.time_zone).ok_or_else(unknown)?;
        let holidays = raw.holidays.as_deref().map(calendar_of).transpose();
        let holidays = holidays.map_err(|fault| place(&format!("holidays: {fault}")))?;
        Ok(Self {
            name: raw.name,
            phone: raw.phone,
            minutes_per_day: raw.minutes_per_day,
            hours: raw.hours,
            zone,
            languages: raw.languages,
            segments: raw.segments,
            days_off: raw.days_off.into_iter().collect(),
            holidays,
        })
    }

    /// Minutes on a day.
    pub fn minutes_on(&self, day: Day) -> u32 {
        let is_off =
            self.days_off.contains(&day) || self.holidays.is_some_and(|holidays| !holidays.settles(day));
        if is_off { 0 } else { self.minutes_per_day }
    }

    /// Whether it can deal with a customer that is nobody's own: it speaks the language and has the segment. What either side
    /// does not say does not matter.
    pub fn suits(&self, customer: &Customer) -> bool {
        let has = |list: &[String], own: &String| list.is_empty() || own.is_empty() || list.contains(own);
        has(&self.languages, &customer.language) && has(&self.segments, &customer.segment)
    }
}

/// The days on which a currency's payments settle, where the table has holidays of it.
fn calendar_of(code: &str) -> std::result::Result<BankDays, String> {
    let known = currency::find(code).is_some_and(|found| found.code() == code);
    if known { Ok(BankDays::of(code)) } else { Err(format!("`{code}` is no currency")) }
}
