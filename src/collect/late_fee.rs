//! Agreed late fees, as a policy states them: once a fixed amount, once a share of what is overdue, or a share for each whole month,
//! up to a cap. Interest is another matter: see [`super::claim`].

use serde::Deserialize;

use super::claim::{Charge, ChargeKind, Debt};
use super::misread;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::base::percent::Percent;
use crate::statute::currency;

/// A fee for being late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateFee {
    /// Days after the due day until which none is owed.
    pub grace_days: i32,
    /// How it is reckoned.
    pub kind: FeeKind,
}

/// How a late fee is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeKind {
    /// Minor units of a currency; nothing on invoices in others.
    Flat(i64, Currency),
    /// Share of what is overdue.
    Percent(Percent),
    /// Share of what is overdue for each whole month since the due day, and the most that all of them come to.
    Monthly {
        /// For each month.
        percent: Percent,
        /// For all of them.
        cap: Percent,
    },
}

/// A late fee as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: String,
    #[serde(default)]
    grace_days: i32,
    amount: Option<String>,
    currency: Option<String>,
    percent: Option<Percent>,
    cap_percent: Option<Percent>,
}

impl LateFee {
    /// Reads a table of a policy; what is wrong with it otherwise, by its key.
    pub fn read(value: toml::Value) -> Result<Self, String> {
        let written: Written = value.try_into().map_err(|cause| misread::in_table(&cause))?;
        let Written { kind, grace_days, amount, currency, percent, cap_percent } = written;
        let fee = match (kind.as_str(), amount, currency, percent, cap_percent) {
            ("flat", Some(amount), Some(code), None, None) => {
                let currency =
                    currency::find(&code).ok_or_else(|| format!("currency: `{code}` is no currency"))?;
                let minor = currency
                    .parse(&amount)
                    .map_err(|_| format!("amount: `{amount}` is no amount of {code}"))?;
                FeeKind::Flat(minor, currency)
            }
            ("percent", None, None, Some(percent), None) => FeeKind::Percent(percent),
            ("monthly", None, None, Some(percent), Some(cap)) => FeeKind::Monthly { percent, cap },
            ("flat", ..) => return Err("flat takes `amount` and `currency`".to_owned()),
            ("percent", ..) => return Err("percent takes `percent`".to_owned()),
            ("monthly", ..) => return Err("monthly takes `percent` and `cap_percent`".to_owned()),
            _ => return Err(format!("kind: `{kind}` is none of flat, percent, monthly")),
        };
        let below_zero = match fee {
            FeeKind::Flat(amount, _) => amount < 0,
            FeeKind::Percent(percent) => percent < Percent::default(),
            FeeKind::Monthly { percent, cap } => percent.min(cap) < Percent::default(),
        };
        if below_zero || grace_days < 0 {
            return Err("a late fee is not below zero".to_owned());
        }
        if let FeeKind::Monthly { percent, cap } = fee
            && percent > cap
        {
            return Err("percent is above cap_percent".to_owned());
        }
        Ok(Self { grace_days, kind: fee })
    }

    /// What it charges a debt with until a day, each on the day on which it is owed, on what is open then; half a unit is rounded up.
    /// `None` beyond any amount.
    pub fn charges(&self, debt: &Debt, as_of: Day) -> Option<Vec<Charge>> {
        let first = debt.due.plus(self.grace_days.saturating_add(1));
        let mut charges = Vec::new();
        let mut charge = |day: Day, amount: i64| {
            if amount > 0 && day <= as_of {
                charges.push(Charge { day, kind: ChargeKind::LateFee, amount });
            }
        };
        match self.kind {
            FeeKind::Flat(amount, of) if of == debt.currency && debt.open(first) > 0 => charge(first, amount),
            FeeKind::Flat(..) => {}
            FeeKind::Percent(percent) => charge(first, percent.of(debt.open(first))?),
            FeeKind::Monthly { percent, cap } => {
                let mut left = cap.of(debt.principal)?;
                for month in 1..=whole_months(debt.due, as_of) {
                    let day = debt.due.plus_months(month).max(first);
                    let fee = percent.of(debt.open(day))?.min(left);
                    charge(day, fee);
                    left -= fee;
                }
            }
        }
        Some(charges)
    }
}

/// Whole months from one day to another, each ending on the first one's day of the month.
fn whole_months(from: Day, to: Day) -> u32 {
    let months = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32;
    let months = u32::try_from(months).unwrap_or_default();
    if from.plus_months(months) <= to { months } else { months.saturating_sub(1) }
}

#[cfg(test)]
mod tests {
    use super::super::claim::Payment;
    use super::*;

    const USD: Currency = Currency::new(*b"USD", 2);

    fn read(text: &str) -> Result<LateFee, String> {
        LateFee::read(toml::Value::Table(toml::from_str(text).unwrap()))
    }

    fn day(text: &str) -> Day {
        Day::from_iso(text).unwrap()
    }

    /// The fees on 2,000.00 due on 31 January, of which some were paid.
    fn fees(text: &str, paid: &[(&str, i64)], as_of: &str) -> Vec<(String, i64)> {
        let payment = |(on, amount): &(&str, i64)| Payment { day: day(on), amount: *amount };
        let debt = Debt {
            invoice: "I".into(),
            customer: "C".into(),
            issued: day("2026-01-01"),
            due: day("2026-01-31"),
            principal: 200_000,
            currency: USD,
            payments: paid.iter().map(payment).collect(),
            charges: Vec::new(),
        };
        let charges = read(text).unwrap().charges(&debt, day(as_of)).unwrap();
        charges.iter().map(|charge| (charge.day.to_string(), charge.amount)).collect()
    }

    fn fee(text: &str, as_of: &str) -> i64 {
        fees(text, &[], as_of).iter().map(|(_, amount)| amount).sum()
    }

    #[test]
    fn a_flat_fee_is_owed_once_the_grace_is_over() {
        let flat = "kind = 'flat'\namount = '25.00'\ncurrency = 'USD'\ngrace_days = 5";
        assert_eq!(
            (fee(flat, "2026-02-05"), fee(flat, "2026-02-06"), fee(flat, "2027-02-06")),
            (0, 2_500, 2_500)
        );
        assert_eq!(fee("kind = 'flat'\namount = '25.00'\ncurrency = 'EUR'", "2026-03-01"), 0);
        // 1.5 % of 2,000.00.
        assert_eq!(fee("kind = 'percent'\npercent = '1.5'", "2026-02-01"), 3_000);
    }

    #[test]
    fn a_monthly_fee_counts_whole_months_up_to_its_cap() {
        // Due on 31 January: the first month is whole on 28 February, the second on 31 March.
        let monthly = "kind = 'monthly'\npercent = '1.5'\ncap_percent = '4'";
        let days = ["2026-01-31", "2026-02-27", "2026-02-28", "2026-03-30", "2026-03-31", "2027-01-31"];
        // None, none, 1.5 %, 1.5 %, 3 %, and 4 % instead of 18 %.
        assert_eq!(days.map(|day| fee(monthly, day)), [0, 0, 3_000, 3_000, 6_000, 8_000]);
    }

    #[test]
    fn a_fee_is_on_what_was_open_on_its_day() {
        let monthly = "kind = 'monthly'\npercent = '1.5'\ncap_percent = '4'\ngrace_days = 30";
        // 1,000.00 are paid before the thirty days of grace end on 2 March, the rest on 1 April: 15.00 on 3 March and on 31 March.
        let paid = [("2026-03-01", 100_000), ("2026-04-01", 100_000)];
        let expected = [("2026-03-03".to_owned(), 1_500), ("2026-03-31".to_owned(), 1_500)];
        assert_eq!(fees(monthly, &paid, "2026-12-31"), expected);
        assert_eq!(fees("kind = 'percent'\npercent = '10'", &[("2026-02-01", 200_000)], "2026-12-31"), []);
        let late = [("2026-02-02", 200_000)];
        assert_eq!(
            fees("kind = 'percent'\npercent = '10'", &late, "2026-12-31"),
            [("2026-02-01".to_owned(), 20_000)]
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |text| read(text).unwrap_err();
        assert_eq!(error("kind = 'daily'"), "kind: `daily` is none of flat, percent, monthly");
        assert_eq!(error("kind = 'percent'\npercent = '1'\namount = '2'"), "percent takes `percent`");
        assert_eq!(error("kind = 'monthly'\npercent = '1'"), "monthly takes `percent` and `cap_percent`");
        assert_eq!(
            error("kind = 'flat'\namount = '1.234'\ncurrency = 'USD'"),
            "amount: `1.234` is no amount of USD"
        );
        assert_eq!(error("kind = 'percent'\npercent = '-1'"), "a late fee is not below zero");
        assert!(error("kind = 'percent'\npercent = '1'\nrate = '2'").starts_with("unknown field `rate`"));
        assert!(error("kind = 'percent'\npercent = 'x'").starts_with("percent: `x` is not a percentage"));
    }
}
