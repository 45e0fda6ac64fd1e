//! What reminders and demands for payment may cost the debtor at most, from `data/statute/fee_caps.csv`: an amount, or a share of
//! an amount that is set anew each year (a series of the reference rates); how often; and how long each must wait for the money.

use std::sync::LazyLock;

use super::currency;
use super::reference::ReferenceRates;
use super::valid::Valid;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::base::money::Currency;
use crate::base::percent::Percent;

const TABLE: &str = include_str!("../../data/statute/fee_caps.csv");

static CAPS: LazyLock<Vec<FeeCap>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(FeeCap::parse).collect());

/// What a letter is, for what it may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letter {
    /// A reminder, or the warning that the debt will be collected.
    Reminder,
    /// A demand for payment by who collects.
    Demand,
}

/// What a law lets a letter cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeCap {
    jurisdiction: &'static str,
    letter: Letter,
    /// Currency of the cap.
    pub currency: Currency,
    most: Most,
    /// How many may be charged.
    pub count_max: Option<usize>,
    /// Days from one to the next at least: the new time to pay.
    pub notice_days_min: Option<i32>,
    valid: Valid,
    /// Where it is written.
    pub source: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Most {
    /// Minor units.
    Amount(i64),
    /// Percent of the series' amount.
    Share(Percent, &'static str),
}

impl Letter {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Demand => "demand",
        }
    }
}

impl FeeCap {
    /// The most that one letter of a day may cost, in minor units.
    pub fn most(&self, rates: &ReferenceRates, day: Day) -> Result<i64> {
        match self.most {
            Most::Amount(amount) => Ok(amount),
            Most::Share(share, series) => {
                let whole = rates.at(series, day)?.0.value;
                let scale = 10_i128.pow(u32::from(self.currency.decimals()));
                // Both in millionths, the share of percent. A share is a whole number of crowns, a half of one rounded up.
                let product = i128::from(whole.millionths()) * i128::from(share.millionths());
                let one = Percent::WHOLE_MILLIONTHS * 1_000_000;
                let most = (2 * product + one) / (2 * one) * scale;
                Ok(i64::try_from(most).unwrap_or_default())
            }
        }
    }

    fn parse(line: &'static str) -> Option<Self> {
        let fields: Vec<&'static str> = line.split(',').collect();
        let [jurisdiction, letter, currency, amount, share, series, count, notice, from, to, source] =
            fields[..]
        else {
            return None;
        };
        let currency = currency::find(currency)?;
        let most = match (amount, share) {
            ("", share) if !series.is_empty() => Most::Share(Percent::parse(share)?, series),
            (amount, "") => Most::Amount(currency.parse(amount).ok()?),
            _ => return None,
        };
        Some(Self {
            jurisdiction,
            letter: [Letter::Reminder, Letter::Demand].into_iter().find(|one| one.name() == letter)?,
            currency,
            most,
            count_max: if count.is_empty() { None } else { Some(count.parse().ok()?) },
            notice_days_min: if notice.is_empty() { None } else { Some(notice.parse().ok()?) },
            valid: Valid::parse(from, to)?,
            source,
        })
    }
}

/// The amounts, kept with the reference rates, that caps are shares of.
pub fn series() -> impl Iterator<Item = &'static str> {
    CAPS.iter().filter_map(|cap| match cap.most {
        Most::Share(_, series) => Some(series),
        Most::Amount(_) => None,
    })
}

/// Whether any cap is kept for a jurisdiction.
pub fn knows(jurisdiction: &str) -> bool {
    CAPS.iter().any(|cap| cap.jurisdiction.eq_ignore_ascii_case(jurisdiction))
}

/// The cap on a letter of a day, where the law sets one.
pub fn find(jurisdiction: &str, letter: Letter, day: Day) -> Option<&'static FeeCap> {
    CAPS.iter().find(|cap| {
        cap.jurisdiction.eq_ignore_ascii_case(jurisdiction) && cap.letter == letter && cap.valid.covers(day)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).unwrap()
    }

    #[test]
    fn the_table_is_read_whole() {
        assert_eq!(CAPS.len(), TABLE.lines().count() - 1);
    }

    #[test]
    fn an_amount_is_the_same_each_year_and_a_share_is_not() {
        let rates = ReferenceRates::read(None).unwrap();
        let most = |jurisdiction: &str, letter, on: &str| {
            find(jurisdiction, letter, day(on)).unwrap().most(&rates, day(on))
        };
        for on in ["2025-05-01", "2100-01-01"] {
            assert_eq!(most("SE", Letter::Reminder, on), Ok(6_000));
            assert_eq!(most("SE", Letter::Demand, on), Ok(18_000));
        }
        // Of 700 crowns a tenth was 70 and three tenths 210; a twentieth is 35 and three of them 105.
        assert_eq!(most("NO", Letter::Reminder, "2020-09-30"), Ok(7_000));
        assert_eq!(most("NO", Letter::Demand, "2020-09-30"), Ok(21_000));
        assert_eq!(most("NO", Letter::Reminder, "2020-10-01"), Ok(3_500));
        assert_eq!(most("NO", Letter::Demand, "2025-12-31"), Ok(10_500));
        // Of 750 they are 37.50 and 112.50: whole crowns, as published, are 38 and 113.
        assert_eq!(most("NO", Letter::Reminder, "2026-01-01"), Ok(3_800));
        assert_eq!(most("NO", Letter::Demand, "2026-12-31"), Ok(11_300));
        assert!(most("NO", Letter::Reminder, "2100-01-01").is_err());
        let reminder = find("NO", Letter::Reminder, day("2025-05-01")).unwrap();
        assert_eq!((reminder.count_max, reminder.notice_days_min), (Some(2), Some(14)));
        assert!(find("UK", Letter::Reminder, day("2025-05-01")).is_none());
    }
}
