//! What the reader of a claim has to know beside its figures: what was left out of it, and what it should be checked for.

use std::fmt;

use super::Debt;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::statute::interest::Rule;

/// A remark on a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The reference rates end before the day of the claim. Interest fixed at the start does not need newer ones.
    RatesEnd {
        /// Their name.
        series: &'static str,
        /// Last day.
        last: Day,
    },
    /// The fixed sum is set in another currency than the debt.
    FixedSumInOtherCurrency {
        /// That currency.
        currency: Currency,
        /// Where it is written.
        source: &'static str,
    },
    /// The law goes before the agreed rate.
    AgreedRateSetAside {
        /// Where it is written.
        source: &'static str,
    },
    /// The customer has money or credit on no invoice.
    OnAccount {
        /// How much, in minor units.
        amount: i64,
        /// Its currency.
        currency: Currency,
    },
    /// More days to pay than the law allows without more ado.
    TermTooLong {
        /// Days to pay.
        days: i32,
        /// Most that may be agreed.
        max: i32,
        /// Where it is written.
        source: &'static str,
    },
    /// Less of a letter's fee is claimed than was charged.
    FeeCut {
        /// Day it was charged.
        day: Day,
        /// What was charged, in minor units.
        charged: i64,
        /// What is claimed.
        claimed: i64,
        /// Currency of both.
        currency: Currency,
        /// Why.
        why: &'static str,
        /// Where it is written.
        source: &'static str,
    },
}

impl Note {
    /// Where the days to pay exceed the law's.
    pub(super) fn term_too_long(rule: &'static Rule, debt: &Debt) -> Option<Self> {
        let days = debt.due.0.saturating_sub(debt.issued.0);
        let max = rule.term_max_days.filter(|max| days > *max)?;
        Some(Self::TermTooLong { days, max, source: &rule.source })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RatesEnd { series, last } => {
                write!(f, "the {series} rates known end on {last}: add newer ones to the rates file")
            }
            Self::FixedSumInOtherCurrency { currency, source } => {
                write!(f, "no fixed sum is included: it is set in {} ({source})", currency.code())
            }
            Self::AgreedRateSetAside { source } => {
                write!(f, "the law goes before the agreed rate ({source})")
            }
            Self::OnAccount { amount, currency } => write!(
                f,
                "{} of the customer's money or credit are on no invoice: apply them before this is claimed",
                currency.display(i128::from(*amount))
            ),
            Self::TermTooLong { days, max, source } => write!(
                f,
                "{days} days to pay are more than {max}: check that the term holds, since interest may have begun earlier ({source})"
            ),
            Self::FeeCut { day, charged, claimed, currency, why, source } => write!(
                f,
                "of {} charged on {day}, {} are claimed: {why} ({source})",
                currency.display(i128::from(*charged)),
                currency.display(i128::from(*claimed))
            ),
        }
    }
}
