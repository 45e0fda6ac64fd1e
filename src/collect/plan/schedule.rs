//! The days of a plan: counted from the first one, so that the 31st stays the 31st after a short month, and then moved off days on
//! which no payment settles.

use super::Ask;
use crate::base::day::Day;
use crate::statute::bank_day::BankDays;

/// How often an instalment is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Every seven days.
    Week,
    /// Every fourteen days.
    Fortnight,
    /// On one day of the month, or the last one of a month that is too short for it.
    Month,
}

/// What becomes of a day on which no payment settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roll {
    /// It is kept.
    None,
    /// The next bank day.
    Following,
    /// The next bank day, unless that is in another month: then the last one before.
    ModifiedFollowing,
    /// The last bank day before.
    Preceding,
}

impl Every {
    /// The words for them.
    pub const ALL: [(&'static str, Self); 3] =
        [("week", Self::Week), ("fortnight", Self::Fortnight), ("month", Self::Month)];

    /// The word for it.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, every)| *every == self).map_or("", |(name, _)| name)
    }

    /// Instalments in a year.
    pub fn a_year(self) -> i64 {
        match self {
            Self::Week => 52,
            Self::Fortnight => 26,
            Self::Month => 12,
        }
    }

    /// The day `times` after the first.
    pub fn after(self, first: Day, times: u32) -> Day {
        match self {
            Self::Week => first.plus(7 * times as i32),
            Self::Fortnight => first.plus(14 * times as i32),
            Self::Month => first.plus_months(times),
        }
    }
}

impl Roll {
    /// The words for them.
    pub const ALL: [(&'static str, Self); 4] = [
        ("none", Self::None),
        ("following", Self::Following),
        ("modified_following", Self::ModifiedFollowing),
        ("preceding", Self::Preceding),
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, roll)| *roll == self).map_or("", |(name, _)| name)
    }

    /// A day moved to one on which payments settle.
    pub fn roll(self, day: Day, bank: BankDays) -> Day {
        match self {
            Self::None => day,
            Self::Following => bank.next(day),
            Self::ModifiedFollowing => Some(bank.next(day))
                .filter(|next| next.month() == day.month())
                .unwrap_or_else(|| bank.last(day)),
            Self::Preceding => bank.last(day),
        }
    }
}

/// The days of so many instalments.
pub(super) fn days(ask: &Ask, count: usize) -> Vec<Day> {
    let bank = BankDays::of(ask.currency.code());
    (0..count as u32).map(|times| ask.roll.roll(ask.every.after(ask.first, times), bank)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).unwrap()
    }

    #[test]
    fn months_keep_to_the_day_they_were_counted_from() {
        let on = |times| Every::Month.after(day("2023-12-31"), times).to_string();
        assert_eq!(
            [0, 1, 2, 3, 4].map(on),
            ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]
        );
        assert_eq!(Every::Week.after(day("2023-12-31"), 2), day("2024-01-14"));
        assert_eq!(Every::Fortnight.after(day("2023-12-31"), 2), day("2024-01-28"));
    }

    #[test]
    fn a_day_without_settlement_is_moved() {
        // 30 and 31 May 2026 are Saturday and Sunday; 1 May 2026, a Friday, is a holiday for euros.
        let bank = BankDays::of("EUR");
        let all = |text| Roll::ALL.map(|(_, roll)| roll.roll(day(text), bank).to_string());
        assert_eq!(all("2026-05-30"), ["2026-05-30", "2026-06-01", "2026-05-29", "2026-05-29"]);
        assert_eq!(all("2026-05-01"), ["2026-05-01", "2026-05-04", "2026-05-04", "2026-04-30"]);
        assert_eq!(all("2026-05-05"), ["2026-05-05"; 4]);
    }
}
