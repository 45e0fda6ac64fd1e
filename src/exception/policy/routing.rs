//! The parts of the policy that say whose a finding is: routes, approvers and delegates.

use serde::Deserialize;

use super::figure;
use crate::base::day::Day;
use crate::exception::rule::{RULES, Role};

/// Most working days that a route may give: a year of them.
const BUSINESS_DAYS_MAX: u32 = 260;

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
        self.above.is_none() && self.codes.iter().any(|code| code == "*")
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
    for route in &routes {
        let unknown = |code: &&String| *code != "*" && !RULES.iter().any(|rule| rule.code == code.as_str());
        if let Some(code) = route.codes.iter().find(unknown) {
            return Err(format!("[[route]] codes: `{code}` is no rule"));
        }
        if let Some(role) = route.role.as_ref().filter(|_| route.role().is_none()) {
            let roles = Role::ALL.map(Role::name).join(", ");
            return Err(format!("[[route]] role: `{role}` is none of {roles}"));
        }
        if let Some(above) = route.above.as_ref().filter(|above| figure(above).is_none()) {
            return Err(format!("[[route]] above: `{above}` is not a number"));
        }
        if route.business_days > BUSINESS_DAYS_MAX {
            return Err(format!("[[route]] business_days: at most {BUSINESS_DAYS_MAX}"));
        }
    }
    if !routes.last().is_some_and(Route::is_for_all) {
        return Err("the last [[route]] must be for all: codes = [\"*\"], without `above`".to_owned());
    }
    let approvers: Vec<Approver> = list(table, "approver")?;
    let wrong = |one: &&Approver| one.up_to != "any" && one.limit().is_none();
    if let Some(Approver { up_to, .. }) = approvers.iter().find(wrong) {
        return Err(format!("[[approver]] up_to: `{up_to}` is neither a number nor `any`"));
    }
    if approvers.last().is_none_or(|one| one.up_to != "any") {
        return Err("the last [[approver]] must have up_to = \"any\"".to_owned());
    }
    Ok((routes, approvers, list(table, "delegate")?))
}

/// Takes a list of tables; an empty one where there is none.
pub(super) fn list<T: for<'a> Deserialize<'a>>(table: &mut toml::Table, key: &str) -> Result<Vec<T>, String> {
    let Some(list) = table.remove(key) else { return Ok(Vec::new()) };
    list.try_into().map_err(|cause: toml::de::Error| format!("[[{key}]]: {}", cause.message()))
}
