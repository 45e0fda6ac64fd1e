//! The parts of the policy that say whose a finding is: routes, approvers and delegates.

use serde::Deserialize;

use super::figure;
use crate::base::day::Day;
use crate::exception::rule::{RULES, Role};

/// Most working days that a route may give: a year of them.
const BUSINESS_DAYS_MAX: u32 = 260;

/// The limit of who may approve without an end.
const ANY: &str = "any";

/// Where findings go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Codes of the rules it is for; `*` is all.
    codes: Vec<String>,
    /// For findings with more than this at stake, in whole units of their currency.
    above: Option<String>,
    /// Who looks at them; the rule's own role where none is named.
    role: Option<String>,
    /// Working days to deal with them, the day on which they were known not counted.
    business_days: u32,
}

/// Who must agree to what is at stake.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approver {
    /// Name or title.
    pub name: String,
    /// Most that it may approve in whole units of the finding's currency; `any` without an end.
    up_to: String,
}

/// Who stands in for an approver.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegate {
    /// For whom.
    pub of: String,
    /// Who.
    pub to: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
}

impl Route {
    /// Whether a finding of a rule with so much at stake goes here.
    pub fn fits(&self, code: &str, stake: i128) -> bool {
        let is_above =
            self.above.as_deref().is_none_or(|above| figure(above).is_some_and(|above| stake > above));
        is_above && self.codes.iter().any(|own| own == "*" || own == code)
    }

    /// Who looks at it, where the route says so.
    pub fn role(&self) -> Option<Role> {
        Role::ALL.into_iter().find(|role| self.role.as_deref() == Some(role.name()))
    }

    /// Working days to deal with it.
    pub fn business_days(&self) -> u32 {
        self.business_days
    }

    fn is_for_all(&self) -> bool {
        self.above.is_none() && self.is_for_any_code()
    }

    fn is_for_any_code(&self) -> bool {
        self.codes.iter().any(|code| code == "*")
    }

    /// Whether whatever fits another fits this one too.
    fn swallows(&self, other: &Self) -> bool {
        let above = |route: &Self| route.above.as_deref().and_then(figure);
        let holds = |code: &String| self.codes.contains(code);
        above(self) <= above(other) && (self.is_for_any_code() || other.codes.iter().all(holds))
    }

    /// What is wrong with it.
    fn fault(&self) -> Option<String> {
        let unknown = |code: &&String| *code != "*" && !RULES.iter().any(|rule| rule.code == code.as_str());
        if self.codes.is_empty() {
            return Some("codes: none is named; `*` is all".to_owned());
        }
        if let Some(code) = self.codes.iter().find(unknown) {
            return Some(format!("codes: `{code}` is no rule"));
        }
        if let Some(role) = self.role.as_ref().filter(|_| self.role().is_none()) {
            let roles = Role::ALL.map(Role::name).join(", ");
            return Some(format!("role: `{role}` is none of {roles}"));
        }
        if let Some(above) = self.above.as_ref().filter(|above| figure(above).is_none()) {
            return Some(format!("above: `{above}` is not a number"));
        }
        let long = self.business_days > BUSINESS_DAYS_MAX;
        long.then(|| format!("business_days: at most {BUSINESS_DAYS_MAX}"))
    }
}

impl Approver {
    /// Most that it may approve; `None` without an end.
    pub fn limit(&self) -> Option<i128> {
        figure(&self.up_to)
    }
}

/// Routes, approvers and delegates.
pub(super) type Routing = (Vec<Route>, Vec<Approver>, Vec<Delegate>);

/// Reads the three lists.
pub(super) fn read(table: &mut toml::Table) -> Result<Routing, String> {
    let routes: Vec<Route> = list(table, "route")?;
    let approvers: Vec<Approver> = list(table, "approver")?;
    let delegates: Vec<Delegate> = list(table, "delegate")?;
    let fault = of_routes(&routes)
        .or_else(|| of_approvers(&approvers).map(|fault| format!("[[approver]] {fault}")))
        .or_else(|| of_delegates(&delegates, &approvers).map(|fault| format!("[[delegate]] {fault}")));
    fault.map_or(Ok((routes, approvers, delegates)), Err)
}

/// What is wrong with routes, one by one and as a list.
fn of_routes(routes: &[Route]) -> Option<String> {
    if let Some(fault) = routes.iter().find_map(Route::fault) {
        return Some(format!("[[route]] {fault}"));
    }
    if !routes.last().is_some_and(Route::is_for_all) {
        return Some("the last [[route]] must be for all: codes = [\"*\"], without `above`".to_owned());
    }
    routes.iter().enumerate().find_map(|(at, route)| {
        let before = routes.iter().take(at).position(|before| before.swallows(route))?;
        let (own, before) = (at + 1, before + 1);
        Some(format!("[[route]] codes, above: whatever fits number {own} goes to number {before} before it"))
    })
}

/// What is wrong with the chain of approvers: each is asked only for what is beyond those before it.
fn of_approvers(approvers: &[Approver]) -> Option<String> {
    for (at, Approver { name, up_to }) in approvers.iter().enumerate() {
        if name.trim().is_empty() {
            return Some("name is empty".to_owned());
        }
        if approvers.iter().take(at).any(|before| before.name == *name) {
            return Some(format!("name: `{name}` is there twice"));
        }
        if up_to != ANY && figure(up_to).is_none() {
            return Some(format!("up_to: `{up_to}` is neither a number nor `{ANY}`"));
        }
    }
    if approvers.last().is_none_or(|last| last.up_to != ANY) {
        return Some(format!("up_to: the last one must have `{ANY}`"));
    }
    approvers.windows(2).find_map(|pair| {
        let [before, next] = pair else { return None };
        match (before.limit(), next.limit()) {
            (None, _) => Some(format!("name: `{}` is never asked, after one up to `{ANY}`", next.name)),
            (Some(before), Some(limit)) if limit <= before => {
                Some(format!("up_to: `{}` of `{}` is not above that before it", next.up_to, next.name))
            }
            _ => None,
        }
    })
}

/// What is wrong with delegates: nobody stands in for oneself, nor for oneself by way of others.
fn of_delegates(delegates: &[Delegate], approvers: &[Approver]) -> Option<String> {
    for (at, Delegate { of, to, from, until }) in delegates.iter().enumerate() {
        if approvers.iter().all(|approver| approver.name != *of) {
            return Some(format!("of: `{of}` is no [[approver]]"));
        }
        if to.trim().is_empty() {
            return Some(format!("to: nobody is named for `{of}`"));
        }
        if until < from {
            return Some(format!("until: {until} is before {from}, for `{of}`"));
        }
        if to == of {
            return Some(format!("to: `{of}` stands in for oneself"));
        }
        let others = delegates.iter().take(at).filter(|other| other.of == *of);
        let mut shared = others.map(|other| (*from.max(&other.from), *until.min(&other.until)));
        if let Some((day, _)) = shared.find(|(first, last)| first <= last) {
            return Some(format!("of: `{of}` has two on {day}"));
        }
    }
    // If all of a loop stand in on one day, they do on the latest first day among them.
    delegates.iter().find_map(|one| {
        let looped = loops(delegates, &one.of, one.from);
        looped.then(|| format!("to: `{}` stands in for oneself by way of others on {}", one.of, one.from))
    })
}

/// Whether those who stand in for each other on a day come back to the first. Everybody has one delegate a day at most.
fn loops(delegates: &[Delegate], first: &str, day: Day) -> bool {
    let next = |name: &&str| {
        let own = |one: &&Delegate| one.of == **name && (one.from..=one.until).contains(&day);
        delegates.iter().find(own).map(|one| one.to.as_str())
    };
    std::iter::successors(Some(first), next).skip(1).take(delegates.len()).any(|name| name == first)
}

/// Takes a list of tables; an empty one where there is none.
pub(super) fn list<T: for<'a> Deserialize<'a>>(table: &mut toml::Table, key: &str) -> Result<Vec<T>, String> {
    let Some(list) = table.remove(key) else { return Ok(Vec::new()) };
    list.try_into().map_err(|cause: toml::de::Error| format!("[[{key}]]: {}", cause.message()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;

    #[test]
    fn a_route_that_is_never_reached_is_named() {
        let last = "[[route]]\ncodes = [\"*\"]\nbusiness_days = 3\n";
        let before = |routes: &str| with(last, &format!("{routes}\n{last}"));
        let route = |keys: &str| format!("[[route]]\n{keys}\nbusiness_days = 2\n");
        let never = |own: u8, before: u8| {
            format!("[[route]] codes, above: whatever fits number {own} goes to number {before} before it")
        };
        // The shipped ones: 1 is for some codes, 2 for all above 10,000.00, and the last for all.
        assert_eq!(before(&route("codes = [\"*\"]")), never(4, 3));
        assert_eq!(before(&route("codes = [\"*\", \"NO_PO\"]")), never(4, 3));
        assert_eq!(before(&route("codes = [\"NO_PO\"]\nabove = \"10000.00\"")), never(3, 2));
        assert_eq!(before(&route("codes = [\"DUPLICATE_EXACT\"]\nabove = \"1\"")), never(3, 1));
        assert_eq!(before(&route("codes = []")), "[[route]] codes: none is named; `*` is all");
        // Below what the second takes, and a code beside those of the first.
        assert_eq!(before(&route("codes = [\"NO_PO\"]\nabove = \"9999.99\"")), "");
        assert_eq!(before(&route("codes = [\"DUPLICATE_EXACT\", \"NO_PO\"]")), "");
    }

    #[test]
    fn approvers_rise_to_one_without_an_end() {
        for (from, to, fault) in [
            (
                "up_to = \"25000.00\"",
                "up_to = \"1000.00\"",
                "up_to: `1000.00` of `controller` is not above that before it",
            ),
            (
                "up_to = \"25000.00\"",
                "up_to = \"999\"",
                "up_to: `999` of `controller` is not above that before it",
            ),
            ("up_to = \"25000.00\"", "up_to = \"any\"", "name: `cfo` is never asked, after one up to `any`"),
            ("up_to = \"25000.00\"", "up_to = \"all\"", "up_to: `all` is neither a number nor `any`"),
            ("up_to = \"any\"", "up_to = \"90000.00\"", "up_to: the last one must have `any`"),
            ("name = \"controller\"", "name = \"team lead\"", "name: `team lead` is there twice"),
            ("name = \"controller\"", "name = \" \"", "name is empty"),
        ] {
            assert_eq!(with(from, to), format!("[[approver]] {fault}"));
        }
    }

    #[test]
    fn delegates_stand_in_for_somebody_else() {
        /// For whom, who, and two days of July 2026.
        type Row<'a> = (&'a str, &'a str, u8, u8);

        fn delegated(rows: &[Row]) -> String {
            let row = |(of, to, from, until): &Row| {
                format!(
                    "[[delegate]]\nof = \"{of}\"\nto = \"{to}\"\nfrom = \"2026-07-{from:02}\"\nuntil = \"2026-07-{until:02}\"\n\n"
                )
            };
            let rows: String = rows.iter().map(row).collect();
            with("[[approver]]", &format!("{rows}[[approver]]"))
        }
        let (lead, controller, cfo) = ("team lead", "controller", "cfo");
        let faults: [(&[Row], &str); 7] = [
            (&[("controler", "deputy", 1, 14)], "of: `controler` is no [[approver]]"),
            (&[(controller, " ", 1, 14)], "to: nobody is named for `controller`"),
            (&[(controller, "deputy", 14, 1)], "until: 2026-07-01 is before 2026-07-14, for `controller`"),
            (&[(controller, controller, 1, 14)], "to: `controller` stands in for oneself"),
            (
                &[(controller, "deputy", 1, 14), (controller, cfo, 14, 20)],
                "of: `controller` has two on 2026-07-14",
            ),
            (
                &[(controller, cfo, 1, 14), (cfo, controller, 14, 20)],
                "to: `cfo` stands in for oneself by way of others on 2026-07-14",
            ),
            (
                &[(lead, controller, 1, 20), (controller, cfo, 5, 9), (cfo, lead, 9, 9)],
                "to: `cfo` stands in for oneself by way of others on 2026-07-09",
            ),
        ];
        for (rows, fault) in faults {
            assert_eq!(delegated(rows), format!("[[delegate]] {fault}"));
        }
        // One after the other, and a chain with an end.
        assert_eq!(delegated(&[(controller, cfo, 1, 13), (cfo, controller, 14, 20)]), "");
        assert_eq!(delegated(&[(lead, controller, 1, 20), (controller, cfo, 1, 20)]), "");
        // A loop that somebody outside leads into is told of those in it.
        assert_eq!(
            delegated(&[(lead, cfo, 9, 9), (controller, cfo, 1, 9), (cfo, controller, 1, 9)]),
            "[[delegate]] to: `controller` stands in for oneself by way of others on 2026-07-01"
        );
    }
}
