//! Fixed sums that a creditor may claim for a debt paid late, from `data/statute/compensation.csv`: a row for each band of the debt,
//! from its least amount on.

use std::sync::LazyLock;

use super::currency;
use super::interest::Debtor;
use super::valid::Valid;
use crate::base::day::Day;
use crate::base::money::Currency;

const TABLE: &str = include_str!("../../data/statute/compensation.csv");

static BANDS: LazyLock<Vec<Band>> = LazyLock::new(|| TABLE.lines().skip(1).filter_map(Band::parse).collect());

/// The fixed sum for debts from an amount on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    jurisdiction: &'static str,
    debtor: Debtor,
    /// Currency of both amounts.
    pub currency: Currency,
    /// Least debt, in minor units.
    pub from: i64,
    /// The sum, in minor units.
    pub amount: i64,
    /// Whether it is owed beside interest at an agreed rate too.
    pub with_contract_rate: bool,
    valid: Valid,
    /// Where it is written.
    pub source: &'static str,
}

impl Band {
    fn parse(line: &'static str) -> Option<Self> {
        let fields: Vec<&'static str> = line.split(',').collect();
        let [jurisdiction, debtor, currency, from, amount, with_contract, valid_from, valid_to, source] =
            fields[..]
        else {
            return None;
        };
        let currency = currency::find(currency)?;
        Some(Self {
            jurisdiction,
            debtor: Debtor::parse(debtor)?,
            currency,
            from: currency.parse(from).ok()?,
            amount: currency.parse(amount).ok()?,
            with_contract_rate: match with_contract {
                "yes" => true,
                "no" => false,
                _ => return None,
            },
            valid: Valid::parse(valid_from, valid_to)?,
            source,
        })
    }
}

/// The bands for debts that fall due on a day, ascending; none where the law grants no fixed sum.
pub fn bands(jurisdiction: &str, debtor: Debtor, due: Day) -> Vec<&'static Band> {
    let fits = |band: &&Band| {
        band.jurisdiction.eq_ignore_ascii_case(jurisdiction)
            && band.debtor == debtor
            && band.valid.covers(due)
    };
    let mut bands: Vec<&Band> = BANDS.iter().filter(fits).collect();
    bands.sort_by_key(|band| band.from);
    bands
}

/// The band that a debt in minor units of their currency is in.
pub fn band_of(bands: &[&'static Band], debt: i64) -> Option<&'static Band> {
    bands.iter().rev().find(|band| debt >= band.from).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(jurisdiction: &str, debtor: Debtor, debt: i64) -> Option<i64> {
        let due = Day::from_ymd(2025, 5, 1)?;
        band_of(&bands(jurisdiction, debtor, due), debt).map(|band| band.amount)
    }

    #[test]
    fn the_table_is_read_whole() {
        assert_eq!(BANDS.len(), TABLE.lines().count() - 1);
    }

    #[test]
    fn the_bands_of_the_uk_begin_where_the_act_says() {
        // Below 1,000 pounds 40, from 1,000 on 70, from 10,000 on 100.
        let pence = [1, 99_999, 100_000, 999_999, 1_000_000, 5_000_000];
        let sums = [4_000, 4_000, 7_000, 7_000, 10_000, 10_000];
        assert_eq!(pence.map(|debt| sum("UK", Debtor::Business, debt)), sums.map(Some));
    }

    #[test]
    fn consumers_owe_no_fixed_sum() {
        assert_eq!(sum("DE", Debtor::Business, 100), Some(4_000));
        assert_eq!(sum("DE", Debtor::Consumer, 100), None);
        assert_eq!(sum("UK", Debtor::Consumer, 100), None);
    }
}
