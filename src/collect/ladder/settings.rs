//! What all steps of a policy share: minimum, limits of contact, tolerances, hours, and what a partial payment does.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::figure::Figure;
use super::hours::Hours;
use crate::base::money::Currency;
use crate::statute::currency;

/// Most days that a figure of the policy may be.
pub(super) const DAYS_MAX: i32 = 3_650;

/// Key of the minimum of currencies that have none of their own.
const OTHERS: &str = "default";

/// The section `[policy.settings]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    minimum: BTreeMap<String, Figure>,
    /// Days after a contact before the next.
    pub cool_down_days: i32,
    /// Most contacts within any seven days.
    pub max_contacts_per_week: usize,
    /// Days after its day from which a promise that was not kept is broken.
    pub promise_tolerance_days: i32,
    /// Days after its day from which a part of a payment plan is missing.
    pub plan_tolerance_days: i32,
    /// Hours of the customer's own clock in which it may be called.
    pub call_hours: Hours,
    /// Most attempts to call within any seven days, answered or not.
    pub max_calls_per_week: Option<usize>,
    /// Days in which no call is made once the customer was spoken to by telephone, that day being the first.
    pub conversation_days: Option<i32>,
}

/// The section `[policy.reset]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    partial_payment: PartialPayment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PartialPayment {
    /// The level stays until nothing overdue is left.
    Keeps,
    /// The level is that of the claims that are left.
    Falls,
}

impl Settings {
    /// Least amount worth a contact.
    pub fn minimum(&self, currency: Currency) -> Option<Figure> {
        self.minimum.get(currency.code()).or_else(|| self.minimum.get(OTHERS)).copied()
    }

    /// The least amount that is worth a contact in any currency.
    pub(super) fn least_minimum(&self) -> Option<Figure> {
        self.minimum.values().min().copied()
    }

    /// Makes one amount the least of every currency.
    pub(super) fn set_minimum(&mut self, least: Figure) {
        self.minimum = BTreeMap::from([(OTHERS.to_owned(), least)]);
    }

    pub(super) fn fault(&self) -> Option<String> {
        if !self.minimum.contains_key(OTHERS) {
            return Some(format!("minimum has no `{OTHERS}`"));
        }
        let unknown = |code: &&String| {
            *code != OTHERS && currency::find(code).is_none_or(|found| found.code() != code.as_str())
        };
        if let Some(code) = self.minimum.keys().find(unknown) {
            return Some(format!("minimum: `{code}` is no currency"));
        }
        let days = [
            ("cool_down_days", self.cool_down_days),
            ("promise_tolerance_days", self.promise_tolerance_days),
            ("plan_tolerance_days", self.plan_tolerance_days),
            ("conversation_days", self.conversation_days.unwrap_or(0)),
        ];
        let wrong = days.into_iter().find(|(_, days)| !(0..=DAYS_MAX).contains(days));
        if let Some((key, days)) = wrong {
            return Some(format!("{key}: {days} is not between 0 and {DAYS_MAX}"));
        }
        let counts = [
            ("max_contacts_per_week", Some(self.max_contacts_per_week)),
            ("max_calls_per_week", self.max_calls_per_week),
        ];
        let none = counts.into_iter().find(|(_, most)| *most == Some(0));
        none.map(|(key, _)| format!("{key}: 0 would never let anyone be contacted"))
    }
}

impl Reset {
    /// Whether the level is only that of the claims that are left.
    pub fn falls_on_partial_payment(&self) -> bool {
        self.partial_payment == PartialPayment::Falls
    }
}
