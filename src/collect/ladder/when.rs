//! Whom a policy is for, and when a step of it is taken. What is not given does not limit.

use serde::Deserialize;

use super::figure::Figure;
use crate::base::money::Currency;
use crate::ledger::Customer;

/// Customers of a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// Natural persons outside business, or all others.
    pub consumer: Option<bool>,
    vip: Option<bool>,
    segments: Option<Vec<String>>,
    countries: Option<Vec<String>>,
}

/// When a step is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    min_balance: Option<Figure>,
    max_balance: Option<Figure>,
    min_items: Option<usize>,
    min_risk_percent: Option<u8>,
    min_at_risk: Option<Figure>,
    #[serde(default)]
    pub(super) who: Who,
}

/// What a step would be about.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Whose account it is.
    pub customer: &'a Customer,
    /// Its currency.
    pub currency: Currency,
    /// What would be spoken about, in minor units.
    pub balance: i64,
    /// Number of claims in it.
    pub items: usize,
    /// Probability that it is not paid in time, by balance.
    pub risk: f64,
    /// Expected amount at risk, in minor units.
    pub at_risk: i64,
}

impl Who {
    /// Why a customer is not one of these.
    pub fn misfit(&self, customer: &Customer) -> Option<String> {
        let is =
            |is: bool, not: &str, what: &str| format!("the customer is {}{what}", if is { "" } else { not });
        if self.consumer.is_some_and(|wanted| wanted != customer.consumer) {
            return Some(is(customer.consumer, "no ", "consumer"));
        }
        if self.vip.is_some_and(|wanted| wanted != customer.vip) {
            return Some(is(customer.vip, "not ", "vip"));
        }
        let lacks = |list: Option<&Vec<String>>, own: &String| list.is_some_and(|list| !list.contains(own));
        if lacks(self.segments.as_ref(), &customer.segment) {
            return Some(format!("segment `{}` is not one of its own", customer.segment));
        }
        if lacks(self.countries.as_ref(), &customer.country) {
            return Some(format!("country `{}` is not one of its own", customer.country));
        }
        None
    }
}

impl Who {
    /// A list of nobody.
    pub(super) fn fault(&self) -> Option<String> {
        let names_none = |list: &[String]| list.iter().all(|name| name.trim().is_empty());
        let empty = self.lists().into_iter().find(|(_, list)| list.is_some_and(names_none));
        empty.map(|(key, _)| format!("{key}: it names none, so that it is for nobody"))
    }

    /// Why nobody is both one of these and one of others.
    fn excludes(&self, other: &Self) -> Option<String> {
        let flags = self.flags().into_iter().zip(other.flags());
        let mut flags = flags
            .map(|((key, one), (_, other))| (key, one.zip(other).is_some_and(|(one, other)| one != other)));
        let apart = |(one, other): (&[String], &[String])| one.iter().all(|name| !other.contains(name));
        let lists = self.lists().into_iter().zip(other.lists());
        let mut lists = lists.map(|((key, one), (_, other))| (key, one.zip(other).is_some_and(apart)));
        let (key, _) = flags.find(|(_, apart)| *apart).or_else(|| lists.find(|(_, apart)| *apart))?;
        Some(format!("who.{key} and applies_to.{key} exclude each other"))
    }

    /// Whether all of others are these.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let mut flags = self.flags().into_iter().zip(other.flags());
        let mut lists = self.lists().into_iter().zip(other.lists());
        let holds = |one: &[String], other: &[String]| other.iter().all(|name| one.contains(name));
        flags.all(|((_, one), (_, other))| one.is_none() || one == other)
            && lists.all(|((_, one), (_, other))| {
                one.is_none_or(|one| other.is_some_and(|other| holds(one, other)))
            })
    }

    /// Names in it that no customer has.
    pub(super) fn strangers(&self, customers: &[Customer]) -> Vec<String> {
        let strangers = |what: &str, list: &Option<Vec<String>>, of: fn(&Customer) -> &String| {
            let unknown = |name: &&String| customers.iter().all(|customer| of(customer) != *name);
            let names = list.iter().flatten().filter(unknown);
            names.map(|name| format!("{what} `{name}`")).collect::<Vec<_>>()
        };
        let mut all = strangers("segment", &self.segments, |customer| &customer.segment);
        all.extend(strangers("country", &self.countries, |customer| &customer.country));
        all
    }

    fn flags(&self) -> [(&'static str, Option<bool>); 2] {
        [("consumer", self.consumer), ("vip", self.vip)]
    }

    fn lists(&self) -> [(&'static str, Option<&[String]>); 2] {
        [("segments", self.segments.as_deref()), ("countries", self.countries.as_deref())]
    }
}

impl When {
    /// Whether it limits nothing.
    pub(super) fn is_always(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it depends on a prediction.
    pub fn asks_for_risk(&self) -> bool {
        self.min_risk_percent.is_some() || self.min_at_risk.is_some()
    }

    /// Why there can be no case for the step, in a policy for some customers with a minimum.
    pub(super) fn never(&self, minimum: Option<Figure>, applies_to: &Who) -> Option<String> {
        let above =
            |least: Option<Figure>| least.zip(self.max_balance).is_some_and(|(least, most)| least > most);
        if self.max_balance == Some(Figure::whole(0)) {
            Some("max_balance is 0".to_owned())
        } else if above(self.min_balance) {
            Some("min_balance is above max_balance".to_owned())
        } else if above(self.min_at_risk) {
            Some("min_at_risk is above max_balance, and no more can be at risk".to_owned())
        } else if above(minimum) {
            Some("max_balance is below settings.minimum, and for less nobody is contacted".to_owned())
        } else {
            self.who.excludes(applies_to)
        }
    }

    /// Why a case is none for the step.
    pub fn misfit(&self, case: &Case) -> Option<String> {
        let money = |minor: i64| case.currency.display(i128::from(minor));
        if let Some(least) = self.min_balance.filter(|least| least.is_above(case.balance, case.currency)) {
            return Some(format!("{} is less than {least}", money(case.balance)));
        }
        if let Some(most) = self.max_balance.filter(|most| most.is_below(case.balance, case.currency)) {
            return Some(format!("{} is more than {most}", money(case.balance)));
        }
        if let Some(least) = self.min_items.filter(|least| case.items < *least) {
            return Some(format!("fewer than {least} items"));
        }
        let percent = case.risk * 100.0;
        if let Some(least) = self.min_risk_percent.filter(|least| percent < f64::from(*least)) {
            return Some(format!("risk {percent:.0} % is less than {least} %"));
        }
        if let Some(least) = self.min_at_risk.filter(|least| least.is_above(case.at_risk, case.currency)) {
            return Some(format!("{} at risk is less than {least}", money(case.at_risk)));
        }
        self.who.misfit(case.customer)
    }

    /// A percentage that is none.
    pub(super) fn fault(&self) -> Option<String> {
        self.min_risk_percent
            .filter(|percent| *percent > 100)
            .map(|percent| format!("min_risk_percent: {percent} is more than 100"))
            .or_else(|| self.who.fault().map(|fault| format!("who.{fault}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misfit(when: &str, change: impl Fn(&mut Case)) -> Option<String> {
        let customer =
            Customer { segment: "retail".into(), country: "DE".into(), vip: true, ..Customer::default() };
        let currency = Currency::new(*b"EUR", 2);
        let mut case =
            Case { customer: &customer, currency, balance: 10_000, items: 2, risk: 0.5, at_risk: 5_000 };
        change(&mut case);
        toml::from_str::<When>(when).unwrap().misfit(&case)
    }

    /// Each condition lets its own limit pass, and not what is one unit beyond it.
    #[test]
    fn every_condition_fires_and_nearly_fires() {
        type Change = fn(&mut Case);
        let cases: [(&str, Change, &str); 5] = [
            ("min_balance = \"100\"", |case| case.balance = 9_999, "99.99 EUR is less than 100"),
            ("max_balance = \"100\"", |case| case.balance = 10_001, "100.01 EUR is more than 100"),
            ("min_items = 2", |case| case.items = 1, "fewer than 2 items"),
            ("min_risk_percent = 50", |case| case.risk = 0.49, "risk 49 % is less than 50 %"),
            ("min_at_risk = \"50\"", |case| case.at_risk = 4_999, "49.99 EUR at risk is less than 50"),
        ];
        for (when, wrong, why) in cases {
            assert_eq!(misfit(when, |_| {}), None, "{when}");
            assert_eq!(misfit(when, wrong).as_deref(), Some(why));
        }
    }

    #[test]
    fn customers_are_told_apart() {
        let none = |_: &mut Case| {};
        for (who, why) in [
            ("consumer = false", None),
            ("consumer = true", Some("the customer is no consumer")),
            ("vip = false", Some("the customer is vip")),
            ("segments = [\"retail\"]", None),
            ("segments = [\"public\"]", Some("segment `retail` is not one of its own")),
            ("countries = [\"DE\"]", None),
            ("countries = [\"AT\"]", Some("country `DE` is not one of its own")),
        ] {
            assert_eq!(misfit(&format!("who = {{ {who} }}"), none).as_deref(), why, "{who}");
        }
    }
}
