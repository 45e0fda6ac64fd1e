//! A rule's section of the policy: its tolerance, and other tolerances for some parties, articles or categories.

use serde::Deserialize;

use super::figure;
use super::tolerance::{Join, Limit, Sides, Tolerance};
use crate::exception::rule::{Measure, Rule};

/// What a rule is to let pass.
#[derive(Debug, Clone)]
pub struct Section {
    company: Tolerance,
    /// Narrower scopes, the narrowest first.
    scopes: Vec<(Scope, Tolerance)>,
}

/// What a tolerance is asked for. Empty where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'a> {
    /// Id of the supplier or customer.
    pub party: &'a str,
    /// Article.
    pub item: &'a str,
    /// The party's segment.
    pub category: &'a str,
}

/// Whom a tolerance is for, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Party(String),
    Item(String),
    Category(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    state: Option<String>,
    percent: Option<String>,
    amount: Option<String>,
    quantity: Option<String>,
    days: Option<String>,
    join: Option<String>,
    sides: Option<String>,
    scope: Option<Vec<RawScope>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScope {
    party: Option<String>,
    item: Option<String>,
    category: Option<String>,
    state: Option<String>,
    percent: Option<String>,
    amount: Option<String>,
    quantity: Option<String>,
    days: Option<String>,
    join: Option<String>,
    sides: Option<String>,
}

impl Section {
    /// Reads a rule's section.
    pub(super) fn read(rule: &Rule, raw: toml::Value) -> Result<Self, String> {
        let place = format!("[{}]", rule.code);
        let raw: Raw =
            raw.try_into().map_err(|cause: toml::de::Error| format!("{place}: {}", cause.message()))?;
        let Raw { state, percent, amount, quantity, days, join, sides, scope } = raw;
        let figures = [percent, amount, quantity, days];
        let company = Written { state, figures, join, sides }.read(rule, &place)?;
        let mut scopes = Vec::new();
        for raw in scope.unwrap_or_default() {
            let place = format!("[[{}.scope]]", rule.code);
            let RawScope { party, item, category, state, percent, amount, quantity, days, join, sides } = raw;
            let scope = match (party, item, category) {
                (Some(party), None, None) => Scope::Party(party),
                (None, Some(item), None) => Scope::Item(item),
                (None, None, Some(category)) => Scope::Category(category),
                _ => return Err(format!("{place} needs one of party, item, category")),
            };
            if scopes.iter().any(|(other, _)| *other == scope) {
                return Err(format!("{place} has {scope:?} twice"));
            }
            let figures = [percent, amount, quantity, days];
            scopes.push((scope, Written { state, figures, join, sides }.read(rule, &place)?));
        }
        scopes.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(Self { company, scopes })
    }

    /// The company's tolerance, if it is the only one.
    pub(super) fn only(&self) -> Option<Tolerance> {
        self.scopes.is_empty().then_some(self.company)
    }

    /// The tolerance for a subject.
    pub(super) fn of(&self, subject: Subject) -> Tolerance {
        let meant = |scope: &Scope| match scope {
            Scope::Party(party) => party == subject.party,
            Scope::Item(item) => item == subject.item,
            Scope::Category(category) => category == subject.category,
        };
        let own = self.scopes.iter().find(|(scope, _)| meant(scope));
        own.map_or(self.company, |(_, tolerance)| *tolerance)
    }
}

/// A tolerance as it is written.
struct Written {
    state: Option<String>,
    /// In the order of [`Measure::ALL`].
    figures: [Option<String>; 4],
    join: Option<String>,
    sides: Option<String>,
}

impl Written {
    fn read(&self, rule: &Rule, place: &str) -> Result<Tolerance, String> {
        match self.state.as_deref() {
            Some("limit") => self.limit(rule, place).map(Tolerance::Limit),
            Some(state @ ("off" | "exact")) => match self.first_of_limit() {
                Some(key) => Err(format!("{place} {key} is only for state = \"limit\"")),
                None if state == "off" => Ok(Tolerance::Off),
                None if rule.takes_exact => Ok(Tolerance::Exact),
                None => Err(format!("{place} state: only off or limit")),
            },
            Some(other) => Err(format!("{place} state: `{other}` is none of off, exact, limit")),
            None => Err(format!("{place} state is missing")),
        }
    }

    /// Measures that are given.
    fn measures(&self) -> impl Iterator<Item = &'static str> + '_ {
        let given = Measure::ALL.iter().zip(&self.figures).filter(|(_, figure)| figure.is_some());
        given.map(|(measure, _)| measure.name())
    }

    /// The first key that is for limits only.
    fn first_of_limit(&self) -> Option<&'static str> {
        let others = [("join", &self.join), ("sides", &self.sides)];
        let others = others.into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name);
        self.measures().chain(others).next()
    }

    fn limit(&self, rule: &Rule, place: &str) -> Result<Limit, String> {
        let takes: Vec<&str> = rule.measures.iter().map(|measure| measure.name()).collect();
        if takes.is_empty() {
            return Err(format!("{place} takes no limit: state is off or exact"));
        }
        if let Some(key) = self.measures().find(|key| !takes.contains(key)) {
            return Err(format!("{place} takes no {key}: one of {} is needed", takes.join(", ")));
        }
        if self.measures().next().is_none() {
            return Err(format!("{place} has no limit: one of {} is needed", takes.join(", ")));
        }
        let mut read = [None; 4];
        for ((slot, text), measure) in read.iter_mut().zip(&self.figures).zip(Measure::ALL) {
            if let Some(text) = text {
                let name = measure.name();
                let found =
                    figure(text).ok_or_else(|| format!("{place} {name}: `{text}` is not a number"))?;
                *slot = Some(found);
            }
        }
        let [percent, amount, quantity, days] = read;
        let (join, sides) = (self.join(place)?, self.sides(place)?);
        Ok(Limit { percent, amount, quantity, days, join, sides })
    }

    fn join(&self, place: &str) -> Result<Join, String> {
        match self.join.as_deref() {
            Some("and") => Ok(Join::And),
            Some("or") => Ok(Join::Or),
            Some(other) => Err(format!("{place} join: `{other}` is none of and, or")),
            None if self.measures().count() == 1 => Ok(Join::Or),
            None => Err(format!("{place} join is missing: two limits are joined by `and` or `or`")),
        }
    }

    fn sides(&self, place: &str) -> Result<Sides, String> {
        match self.sides.as_deref() {
            Some("upper") => Ok(Sides::Upper),
            Some("both") => Ok(Sides::Both),
            Some(other) => Err(format!("{place} sides: `{other}` is none of upper, both")),
            None => Err(format!("{place} sides is missing: `upper` or `both`")),
        }
    }
}
