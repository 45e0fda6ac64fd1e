//! A rule's section of the policy: its tolerance, and other tolerances for some parties, articles or categories.

use serde::Deserialize;

use super::figure;
use super::tolerance::{Join, Limit, ONE, Sides, Tolerance};
use crate::asof::documents::Documents;
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

impl Scope {
    /// Whether anything of a ledger is in it.
    fn is_in(&self, documents: &Documents) -> bool {
        let Some(word) = documents.word(self.written().1) else { return false };
        match self {
            Self::Party(_) => {
                documents.documents.iter().any(|one| one.party == word)
                    || documents.payments.iter().any(|one| one.customer == word)
            }
            Self::Item(_) => documents.lines.iter().any(|line| line.item == word),
            Self::Category(_) => documents.parties.iter().any(|party| party.segment == word),
        }
    }

    /// Its key in the policy, and whom that names.
    fn written(&self) -> (&'static str, &str) {
        match self {
            Self::Party(party) => ("party", party),
            Self::Item(item) => ("item", item),
            Self::Category(category) => ("category", category),
        }
    }
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
            let (key, id) = scope.written();
            if id.trim().is_empty() {
                return Err(format!("{place} {key} is empty"));
            }
            if scopes.iter().any(|(other, _)| *other == scope) {
                return Err(format!("{place} {key}: `{id}` is there twice"));
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

    /// The scopes that nothing of a ledger is in: keys with whom they name.
    pub(super) fn strangers(&self, documents: &Documents) -> impl Iterator<Item = (&'static str, &str)> {
        self.scopes.iter().filter(|(scope, _)| !scope.is_in(documents)).map(|(scope, _)| scope.written())
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
        for ((slot, text), measure) in read.iter_mut().zip(&self.figures).zip(&Measure::ALL) {
            if let Some(text) = text {
                let name = measure.name();
                let found =
                    figure(text).ok_or_else(|| format!("{place} {name}: `{text}` is not a number"))?;
                if let Some(want) = unfit(rule, *measure, found) {
                    return Err(format!("{place} {name}: `{text}` is not {want}"));
                }
                *slot = Some(found);
            }
        }
        let [percent, amount, quantity, days] = read;
        let (join, sides) = (self.join(place)?, self.sides(place)?);
        Ok(Limit { percent, amount, quantity, days, join, sides })
    }

    fn join(&self, place: &str) -> Result<Join, String> {
        let given: Vec<&str> = self.measures().collect();
        Join::read(self.join.as_deref(), &given).map_err(|cause| format!("{place} {cause}"))
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

/// What a limit should be that makes no sense for a rule to which the limit is what makes something suspect: with it the rule
/// would never find anything, or everything.
fn unfit(rule: &Rule, measure: Measure, figure: i128) -> Option<&'static str> {
    match measure {
        _ if rule.takes_exact => None,
        Measure::Percent if !(1..=100 * ONE).contains(&figure) => Some("above 0 and at most 100"),
        _ if figure == 0 => Some("above 0"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;

    const PRICE: &str = "percent = \"2\"\namount = \"50.00\"\njoin = \"or\"\nsides = \"upper\"\n\n[QTY";

    /// The limits of `PRICE_VARIANCE` replaced.
    fn priced(limits: &str) -> String {
        with(PRICE, &format!("{limits}\nsides = \"upper\"\n\n[QTY"))
    }

    /// Scopes put after those limits.
    fn scoped(scopes: &str) -> String {
        with("\n[QTY_OVER_ORDER]", &format!("{scopes}\n[QTY_OVER_ORDER]"))
    }

    #[test]
    fn two_limits_are_joined_and_one_is_not() {
        for (limits, fault) in [
            ("percent = \"2\"\njoin = \"or\"", "join: percent is the only limit, and two are joined"),
            ("amount = \"50.00\"\njoin = \"and\"", "join: amount is the only limit, and two are joined"),
            ("amount = \"50.00\"\njoin = \"xor\"", "join: `xor` is none of and, or"),
            (
                "percent = \"2\"\namount = \"50.00\"",
                "join is missing: two limits are joined by `and` or `or`",
            ),
        ] {
            assert_eq!(priced(limits), format!("[PRICE_VARIANCE] {fault}"));
        }
        assert_eq!(priced("amount = \"50.00\""), "");
        assert_eq!(
            scoped(
                "[[PRICE_VARIANCE.scope]]\nparty = \"1\"\nstate = \"limit\"\npercent = \"2\"\njoin = \"or\"\nsides = \"both\"\n"
            ),
            "[[PRICE_VARIANCE.scope]] join: percent is the only limit, and two are joined"
        );
    }

    #[test]
    fn limits_that_make_something_suspect_are_not_zero() {
        for (from, to, fault) in [
            ("amount = \"500.00\"", "amount = \"0\"", "[ROUND_AMOUNT] amount: `0` is not above 0"),
            (
                "percent = \"1.5\"",
                "percent = \"0\"",
                "[BELOW_APPROVAL_LIMIT] percent: `0` is not above 0 and at most 100",
            ),
            (
                "percent = \"1.5\"",
                "percent = \"101\"",
                "[BELOW_APPROVAL_LIMIT] percent: `101` is not above 0 and at most 100",
            ),
        ] {
            assert_eq!(with(from, to), fault);
        }
        // A price may be more than twice what was ordered, and a tolerance of it wider.
        assert_eq!(priced("percent = \"150\""), "");
    }

    #[test]
    fn a_scope_is_of_somebody_and_once() {
        let of =
            |key: &str, id: &str| format!("[[PRICE_VARIANCE.scope]]\n{key} = \"{id}\"\nstate = \"off\"\n\n");
        for key in ["party", "item", "category"] {
            for id in ["", " "] {
                assert_eq!(scoped(&of(key, id)), format!("[[PRICE_VARIANCE.scope]] {key} is empty"));
            }
            let twice = of(key, "1") + &of(key, "1");
            assert_eq!(scoped(&twice), format!("[[PRICE_VARIANCE.scope]] {key}: `1` is there twice"));
            assert_eq!(scoped(&(of(key, "1") + &of(key, "2"))), "");
        }
        assert_eq!(scoped(&(of("party", "1") + &of("item", "1"))), "");
        assert_eq!(
            scoped("[[PRICE_VARIANCE.scope]]\nstate = \"off\"\n"),
            "[[PRICE_VARIANCE.scope]] needs one of party, item, category"
        );
    }
}
