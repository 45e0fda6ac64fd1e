//! What law says of interest on late payment, from `data/statute/late_interest.csv`: over which reference rate, fixed when, how days
//! and years are counted, and what a payment clears first. The reference rates themselves are in [`super::reference`].
//!
//! Where a law is silent, the row takes what asks for less: a payment clears principal first.

use std::sync::LazyLock;

use serde::Deserialize;

use super::valid::Valid;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::base::percent::Percent;

const TABLE: &str = include_str!("../../data/statute/late_interest.csv");

static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| csv::Reader::from_reader(TABLE.as_bytes()).deserialize().flatten().collect());

/// What kind of debtor owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Debtor {
    /// A business.
    #[serde(rename = "B2B")]
    Business,
    /// A public authority.
    #[serde(rename = "B2G")]
    Public,
    /// A consumer.
    #[serde(rename = "consumer")]
    Consumer,
}

/// Which reference rate applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fixing {
    /// That of the first day of interest, until the end.
    AtStart,
    /// That of each day.
    Floating,
}

/// How many days a year has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum DayCount {
    /// 360.
    #[serde(rename = "act/360")]
    Act360,
    /// 365, leap years too.
    #[serde(rename = "act/365")]
    Act365,
    /// 365, and 366 in a leap year.
    #[serde(rename = "act/act")]
    ActAct,
}

/// When interest itself begins to bear interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rests {
    /// Never: simple interest.
    None,
    /// After each month from the first day of interest.
    Monthly,
    /// After each thirty days.
    #[serde(rename = "30_days")]
    ThirtyDays,
}

/// What a payment clears first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Costs, then interest, then principal.
    CostsInterestPrincipal,
    /// Principal, then interest, then costs.
    PrincipalFirst,
}

/// What one law says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Country, or `EU` for the least that every member state grants.
    pub jurisdiction: String,
    /// Who owes.
    pub debtor: Debtor,
    /// Name of the reference rate.
    pub series: String,
    /// How many times the reference rate.
    pub multiplier: u32,
    /// Percentage points on top.
    pub margin: Percent,
    /// Least rate, however low the reference rate.
    pub floor: Percent,
    /// Which reference rate applies.
    pub fixing: Fixing,
    /// How many days a year has.
    pub day_count: DayCount,
    /// When interest bears interest.
    pub rests: Rests,
    /// Days for which interest runs at most.
    pub days_max: Option<i32>,
    /// Days after the due day on which interest begins.
    pub starts: i32,
    /// What a payment clears first.
    pub order: Order,
    /// Whether it goes before an agreed rate.
    pub overrides_contract: bool,
    /// Days to pay where none are agreed.
    pub term_default_days: Option<i32>,
    /// Most days to pay that may be agreed without more ado.
    pub term_max_days: Option<i32>,
    valid_from: Day,
    valid_to: Option<Day>,
    /// Where it is written.
    pub source: String,
}

impl Debtor {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Business, Self::Public, Self::Consumer];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Business => "B2B",
            Self::Public => "B2G",
            Self::Consumer => "consumer",
        }
    }

    /// What a word means, in capitals or not.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|debtor| debtor.name().eq_ignore_ascii_case(text))
    }
}

impl DayCount {
    /// Days of the year that a day is in, and the last day of that year where it matters.
    pub fn year(self, day: Day) -> (i32, Option<Day>) {
        match self {
            Self::Act360 => (360, None),
            Self::Act365 => (365, None),
            Self::ActAct => {
                let year = day.year();
                let days = if Day::from_ymd(year, 2, 29).is_some() { 366 } else { 365 };
                (days, Day::from_ymd(year, 12, 31))
            }
        }
    }
}

impl Rests {
    /// The day from which what had accrued by the nth rest bears interest, counted from the first day of interest.
    pub fn nth(self, start: Day, n: u32) -> Option<Day> {
        match self {
            Self::None => None,
            Self::Monthly => Some(start.plus_months(n)),
            Self::ThirtyDays => Some(start.plus(30 * n as i32)),
        }
    }
}

impl Rule {
    /// The rate over a reference rate.
    pub fn rate(&self, reference: Percent) -> Percent {
        reference.times_plus(self.multiplier, self.margin).max(self.floor)
    }

    /// What the rate is made of, in words.
    pub fn formula(&self, reference: Percent) -> String {
        let times = if self.multiplier == 1 { String::new() } else { format!("{} x ", self.multiplier) };
        format!("{times}{} {reference} % + {} %", self.series, self.margin)
    }

    fn valid(&self) -> Valid {
        Valid { from: self.valid_from, to: self.valid_to }
    }
}

/// The jurisdictions of which a rule is kept, each with the debtors that it is for.
pub fn kept() -> impl Iterator<Item = (&'static str, Debtor)> {
    RULES.iter().map(|rule| (rule.jurisdiction.as_str(), rule.debtor))
}

/// The reference rates that rules build on.
pub fn series() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.series.as_str())
}

/// Whether any rule is kept for a jurisdiction.
pub fn knows(jurisdiction: &str) -> bool {
    RULES.iter().any(|rule| rule.jurisdiction.eq_ignore_ascii_case(jurisdiction))
}

/// The rule for a debt that falls due on a day.
pub fn find(jurisdiction: &str, debtor: Debtor, due: Day) -> Result<&'static Rule> {
    let fits = |rule: &&Rule| {
        rule.jurisdiction.eq_ignore_ascii_case(jurisdiction)
            && rule.debtor == debtor
            && rule.valid().covers(due)
    };
    RULES.iter().find(fits).ok_or_else(|| {
        let found = format!("{jurisdiction}, {}, due on {due}", debtor.name());
        Error::new(Code::LegalRuleMissing).column("--jurisdiction").detail(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).unwrap()
    }

    #[test]
    fn the_table_is_read_whole_and_says_one_thing_of_a_day() {
        assert_eq!(RULES.len(), TABLE.lines().count() - 1);
        for (at, rule) in RULES.iter().enumerate() {
            assert!(rule.multiplier >= 1 && rule.starts >= 1 && !rule.source.is_empty());
            let same =
                |other: &&Rule| (&other.jurisdiction, other.debtor) == (&rule.jurisdiction, rule.debtor);
            let twice = RULES[at + 1..]
                .iter()
                .filter(same)
                .any(|other| other.valid().covers(rule.valid_from) || rule.valid().covers(other.valid_from));
            assert!(!twice, "{} {}", rule.jurisdiction, rule.debtor.name());
        }
    }

    #[test]
    fn a_business_and_a_consumer_owe_their_own_margins() {
        // BGB section 288: nine points, and five where a consumer owes.
        let margin = |debtor| find("DE", debtor, day("2025-05-01")).map(|rule| rule.margin.to_string());
        assert_eq!(margin(Debtor::Business).unwrap(), "9");
        assert_eq!(margin(Debtor::Consumer).unwrap(), "5");
        let error = margin(Debtor::Public).unwrap_err();
        assert_eq!(
            (error.code, error.detail.as_str()),
            (Code::LegalRuleMissing, "DE, B2G, due on 2025-05-01")
        );
        assert!(find("DE", Debtor::Business, day("2014-07-28")).is_err());
        assert!(find("uk", Debtor::Business, day("2025-05-01")).is_ok());
        assert!(find("UK", Debtor::Consumer, day("2025-05-01")).is_err());
    }

    #[test]
    fn a_reference_rate_below_zero_lowers_the_rate_but_not_below_the_floor() {
        let rule = find("DE", Debtor::Business, day("2020-05-01")).unwrap();
        let rate = |text| rule.rate(Percent::parse(text).unwrap()).to_string();
        assert_eq!((rate("-0.88"), rate("0"), rate("-12")), ("8.12".into(), "9".into(), "0".into()));
    }

    #[test]
    fn three_times_the_bank_rate() {
        let rule = find("IN", Debtor::Business, day("2025-05-01")).unwrap();
        assert_eq!(rule.rate(Percent::parse("6.5").unwrap()).to_string(), "19.5");
    }

    #[test]
    fn leap_years_count_where_the_rule_says_so() {
        assert_eq!(DayCount::ActAct.year(day("2024-02-10")), (366, Some(day("2024-12-31"))));
        assert_eq!(DayCount::ActAct.year(day("2100-02-10")).0, 365);
        assert_eq!(DayCount::Act365.year(day("2024-02-10")), (365, None));
        assert_eq!(DayCount::Act360.year(day("2024-02-10")), (360, None));
    }

    #[test]
    fn monthly_rests_keep_to_the_day_they_were_counted_from() {
        let rest = |n| Rests::Monthly.nth(day("2025-01-31"), n);
        assert_eq!((rest(1), rest(2)), (Some(day("2025-02-28")), Some(day("2025-03-31"))));
        assert_eq!(Rests::ThirtyDays.nth(day("2025-01-31"), 2), Some(day("2025-04-01")));
        assert_eq!(Rests::None.nth(day("2025-01-31"), 1), None);
    }
}
