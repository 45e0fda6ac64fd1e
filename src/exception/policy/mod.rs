//! The policy of exceptions: a versioned TOML file that says for every rule how far something may be off, whom it concerns,
//! and the few figures that rules share. The file shipped is complete and is what runs without one; a file given instead
//! must be complete too. An unknown or missing value is an error that names the key.

mod cash;
mod desk;
mod routing;
mod section;
mod settings;
pub mod tolerance;

use std::collections::BTreeMap;
use std::path::Path;

use super::rule::{RULES, Rule};
use crate::asof::documents::Documents;
use crate::base::error::{Code, Error, Result};
use crate::base::limits::AMOUNT_MINOR_MAX;
use crate::base::money::{Currency, parse_decimal};
use crate::ledger::table::DECIMAL_PLACES;
pub use cash::Cash;
pub use desk::{Minutes, Suppression};
pub use routing::{Approver, Delegate, Route};
pub use section::{Section, Subject};
pub use settings::Settings;
use tolerance::{ONE, Tolerance};

/// The policy shipped.
pub const SHIPPED: &str = include_str!("../../../data/policy/exceptions.toml");

/// What every rule is to let pass.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Names the policy in reports; the user's own.
    pub version: String,
    /// Figures that are no tolerances.
    pub settings: Settings,
    /// What cash application holds back.
    pub cash: Cash,
    /// Where findings go: the first that fits one decides, and the last fits all.
    pub routes: Vec<Route>,
    /// Who must agree, in the order in which they are asked; the last may approve anything.
    pub approvers: Vec<Approver>,
    /// Who stands in for them.
    pub delegates: Vec<Delegate>,
    /// What is not to be reviewed for a while.
    pub suppressions: Vec<Suppression>,
    /// What a review takes.
    pub minutes: Minutes,
    sections: BTreeMap<&'static str, Section>,
}

impl Policy {
    /// The policy of a file, or the one shipped.
    pub fn read(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Self::parse(SHIPPED) };
        let text = std::fs::read_to_string(path)
            .map_err(|cause| Error::new(Code::FileUnreadable).file(path).detail(cause))?;
        Self::parse(&text).map_err(|error| error.file(path))
    }

    /// Parses the text of a policy.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = |detail: String| Error::new(Code::PolicyInvalid).detail(detail);
        let table: toml::Table = toml::from_str(text).map_err(|cause| invalid(cause.to_string()))?;
        Self::of_table(table).map_err(invalid)
    }

    fn of_table(mut table: toml::Table) -> std::result::Result<Self, String> {
        let version = table.remove("version").ok_or("`version` is missing")?;
        let version =
            version.as_str().filter(|text| !text.trim().is_empty()).ok_or("`version` is not a text")?;
        let settings = Settings::read(&mut table)?;
        let cash = Cash::read(&mut table)?;
        let (routes, approvers, delegates) = routing::read(&mut table)?;
        let (suppressions, minutes) = (desk::suppressions(&mut table)?, Minutes::read(&mut table)?);
        let mut sections = BTreeMap::new();
        for rule in RULES {
            let raw = table.remove(rule.code).ok_or_else(|| format!("[{}] is missing", rule.code))?;
            sections.insert(rule.code, Section::read(rule, raw)?);
        }
        if let Some(unknown) = table.keys().next() {
            return Err(format!("[{unknown}] is no rule"));
        }
        let version = version.to_owned();
        Ok(Self { version, settings, cash, routes, approvers, delegates, suppressions, minutes, sections })
    }

    /// What a rule is to let pass of a subject, which is asked for only where it matters: the party's word goes before the
    /// article's, that before the category's, and that before the company's.
    pub fn tolerance<'a>(&self, rule: &Rule, subject: impl FnOnce() -> Subject<'a>) -> Tolerance {
        let of = |section: &Section| section.only().unwrap_or_else(|| section.of(subject()));
        self.sections.get(rule.code).map_or(Tolerance::Off, of)
    }

    /// What scopes name and nothing of a ledger has: most likely misspelt.
    pub fn strangers(&self, documents: &Documents) -> Vec<String> {
        let of = |rule: &&Rule| {
            let code = rule.code;
            let strangers = self.sections.get(code).into_iter().flat_map(|own| own.strangers(documents));
            strangers.map(move |(key, id)| format!("note: [[{code}.scope]]: nothing has {key} `{id}`"))
        };
        RULES.iter().flat_map(of).collect()
    }
}

/// A plain decimal number, not below zero, in units of [`ONE`].
fn figure(text: &str) -> Option<i128> {
    let figure = parse_decimal(text, DECIMAL_PLACES, i64::MAX).ok()?;
    (figure >= 0).then_some(i128::from(figure))
}

/// Minor units of a currency in units of [`ONE`] of its whole unit.
pub fn whole(minor: i64, currency: Currency) -> i128 {
    i128::from(minor) * (ONE / 10_i128.pow(u32::from(currency.decimals().min(DECIMAL_PLACES))))
}

/// Units of [`ONE`] of a currency's whole unit in minor units, half a unit rounded away from zero.
pub fn minor(whole: i128, currency: Currency) -> i64 {
    let unit = ONE / 10_i128.pow(u32::from(currency.decimals().min(DECIMAL_PLACES)));
    let rounded = (whole.abs() + unit / 2) / unit * whole.signum();
    i64::try_from(rounded.clamp(-MINOR_MAX, MINOR_MAX)).unwrap_or(AMOUNT_MINOR_MAX)
}

/// What lines may sum to: far beyond any amount, and far within a total's width.
const MINOR_MAX: i128 = AMOUNT_MINOR_MAX as i128 * 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// The shipped policy with something replaced.
    pub(super) fn with(from: &str, to: &str) -> String {
        assert!(SHIPPED.contains(from), "{from}");
        Policy::parse(&SHIPPED.replacen(from, to, 1)).map_or_else(|error| error.detail, |_| String::new())
    }

    #[test]
    fn the_policy_shipped_is_valid() {
        let policy = Policy::parse(SHIPPED).unwrap();
        assert_eq!(policy.settings.approval_limits(), [10_000 * ONE]);
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        assert_eq!(with("[NO_PO]\nstate = \"exact\"\n", ""), "[NO_PO] is missing");
        assert_eq!(
            with("[NO_PO]", "[NO_PO]\nlimit = \"1\""),
            "[NO_PO]: unknown field `limit`, expected one of `state`, `percent`, `amount`, `quantity`, `days`, `join`, `sides`, `scope`"
        );
        assert_eq!(
            with("[NO_PO]\nstate = \"exact\"\n", "[NO_PO]\nstate = \"\"\n"),
            "[NO_PO] state: `` is none of off, exact, limit"
        );
        assert_eq!(with("[NO_PO]\nstate = \"exact\"\n", "[NO_PO]\n"), "[NO_PO] state is missing");
        assert_eq!(
            with("[NO_PO]\nstate = \"exact\"\n", "[NO_PO]\nstate = \"limit\"\n"),
            "[NO_PO] has no limit: one of amount is needed"
        );
        assert_eq!(
            with("[NO_PO]\nstate = \"exact\"\n", "[NO_PO]\nstate = \"exact\"\namount = \"0\"\n"),
            "[NO_PO] amount is only for state = \"limit\""
        );
        assert_eq!(
            with(
                "percent = \"2\"\namount = \"50.00\"\njoin = \"or\"\n",
                "percent = \"2\"\namount = \"50.00\"\n"
            ),
            "[PRICE_VARIANCE] join is missing: two limits are joined by `and` or `or`"
        );
        assert_eq!(with("[NO_PO]", "[NO_POO]"), "[NO_PO] is missing");
        assert_eq!(
            with("up_to = \"any\"", "up_to = \"1.00\""),
            "[[approver]] up_to: the last one must have `any`"
        );
        assert_eq!(with("codes = [\"*\"]", "codes = [\"NO_POO\"]"), "[[route]] codes: `NO_POO` is no rule");
        assert_eq!(
            with("codes = [\"*\"]\nbusiness_days = 3", "codes = [\"NO_PO\"]\nbusiness_days = 3"),
            "the last [[route]] must be for all: codes = [\"*\"], without `above`"
        );
        assert_eq!(
            with(
                "[ROUND_AMOUNT]\nstate = \"limit\"                 # a multiple of this\namount = \"500.00\"\nsides = \"upper\"\n",
                "[ROUND_AMOUNT]\nstate = \"exact\"\n"
            ),
            "[ROUND_AMOUNT] state: only off or limit"
        );
        assert_eq!(with("duplicate_days = 365 ", "# "), "[settings]: missing field `duplicate_days`");
        assert_eq!(with("[settings]", "[NEW]\nstate = \"off\"\n\n[settings]"), "[NEW] is no rule");
    }

    #[test]
    fn minor_units_and_whole_ones_agree() {
        let (usd, jpy, kwd) =
            (Currency::new(*b"USD", 2), Currency::new(*b"JPY", 0), Currency::new(*b"KWD", 3));
        assert_eq!(
            [usd, jpy, kwd].map(|one| whole(1_234, one)),
            [ONE * 1_234 / 100, ONE * 1_234, ONE * 1_234 / 1_000]
        );
        assert_eq!([usd, jpy, kwd].map(|one| minor(ONE * 5 / 2, one)), [250, 3, 2_500]);
        assert_eq!(minor(-ONE / 200, usd), -1);
    }
}
