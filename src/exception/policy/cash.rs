//! The section `[cash]`: what `duewise match` holds back, whatever invoice the money names, and what is too little to ask about.

use serde::Deserialize;

use super::figure;
use super::tolerance::{Join, Limit, ONE, Sides, Tolerance};

/// Money that is not to be applied, and differences that need not be asked about.
#[derive(Debug, Clone)]
pub struct Cash {
    /// How much too little or too much a payment of an invoice that it names may be: a bank's charge, a slip. Never off.
    pub small_difference: Tolerance,
    /// Days after the day written on it from which a cheque is stale.
    pub stale_cheque_days: i32,
    /// Names of the group's other companies: money meant for one of them is not this one's.
    pub other_entities: Vec<String>,
    /// Words by which a bank says that money came back.
    pub return_words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    small_difference: Small,
    stale_cheque_days: i32,
    other_entities: Vec<String>,
    return_words: Vec<String>,
}

/// A tolerance as it is written: of the states only `exact` and `limit`, and always to both sides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Small {
    state: String,
    percent: Option<String>,
    amount: Option<String>,
    join: Option<String>,
}

impl Cash {
    /// Reads the section.
    pub(super) fn read(table: &mut toml::Table) -> Result<Self, String> {
        let raw = table.remove("cash").ok_or("[cash] is missing")?;
        let raw: Raw =
            raw.try_into().map_err(|cause: toml::de::Error| format!("[cash]: {}", cause.message()))?;
        let Raw { small_difference, stale_cheque_days, other_entities, return_words } = raw;
        if stale_cheque_days <= 0 {
            return Err("[cash] stale_cheque_days is not above 0".to_owned());
        }
        let is_blank = |text: &String| !text.chars().any(char::is_alphanumeric);
        for (key, texts) in [("other_entities", &other_entities), ("return_words", &return_words)] {
            // It would be found in every text.
            if texts.iter().any(is_blank) {
                return Err(format!("[cash] {key} has a text without letters"));
            }
        }
        let small_difference =
            small_difference.read().map_err(|cause| format!("[cash] small_difference {cause}"))?;
        Ok(Self { small_difference, stale_cheque_days, other_entities, return_words })
    }
}

impl Small {
    fn read(&self) -> Result<Tolerance, String> {
        let Self { state, percent, amount, join } = self;
        match (state.as_str(), percent.is_some() || amount.is_some() || join.is_some()) {
            ("exact", false) => return Ok(Tolerance::Exact),
            ("exact", true) => {
                return Err("percent, amount and join are only for state = \"limit\"".to_owned());
            }
            ("limit", _) => {}
            _ => return Err(format!("state: `{state}` is none of exact, limit")),
        }
        let read = |name: &str, text: &Option<String>| match text {
            Some(text) => figure(text).map(Some).ok_or_else(|| format!("{name}: `{text}` is not a number")),
            None => Ok(None),
        };
        let (percent, amount) = (read("percent", percent)?, read("amount", amount)?);
        let limits = [("percent", percent), ("amount", amount)];
        let given: Vec<&str> = limits.iter().filter_map(|(name, limit)| limit.map(|_| *name)).collect();
        if given.is_empty() {
            return Err("has no limit: percent or amount is needed".to_owned());
        }
        // Too little by all of it would be nothing to ask about.
        if percent.is_some_and(|percent| percent > 100 * ONE) {
            return Err("percent: a share is at most 100".to_owned());
        }
        let join = Join::read(join.as_deref(), &given)?;
        Ok(Tolerance::Limit(Limit { percent, amount, quantity: None, days: None, join, sides: Sides::Both }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(text: &str) -> Result<Tolerance, String> {
        let text = format!(
            "[cash]\nsmall_difference = {{ {text} }}\nstale_cheque_days = 180\nother_entities = []\nreturn_words = []\n"
        );
        Cash::read(&mut toml::from_str(&text).unwrap()).map(|cash| cash.small_difference)
    }

    #[test]
    fn a_small_difference_is_none_or_a_limit_to_both_sides() {
        assert_eq!(small("state = \"exact\""), Ok(Tolerance::Exact));
        let (percent, amount) = (Some(ONE / 2), Some(25 * ONE));
        let limit = Limit { percent, amount, quantity: None, days: None, join: Join::Or, sides: Sides::Both };
        let text = "state = \"limit\", percent = \"0.5\", amount = \"25.00\", join = \"or\"";
        assert_eq!(small(text), Ok(Tolerance::Limit(limit)));
        for (text, cause) in [
            ("state = \"off\"", "state: `off` is none of exact, limit"),
            ("state = \"limit\"", "has no limit: percent or amount is needed"),
            ("state = \"limit\", amount = \"a\"", "amount: `a` is not a number"),
            (
                "state = \"limit\", amount = \"1\", percent = \"1\"",
                "join is missing: two limits are joined by `and` or `or`",
            ),
            ("state = \"limit\", amount = \"1\", join = \"xor\"", "join: `xor` is none of and, or"),
            (
                "state = \"limit\", amount = \"1\", join = \"or\"",
                "join: amount is the only limit, and two are joined",
            ),
            (
                "state = \"limit\", percent = \"1\", join = \"and\"",
                "join: percent is the only limit, and two are joined",
            ),
            ("state = \"limit\", percent = \"101\"", "percent: a share is at most 100"),
            ("state = \"exact\", amount = \"1\"", "percent, amount and join are only for state = \"limit\""),
        ] {
            assert_eq!(small(text), Err(format!("[cash] small_difference {cause}")));
        }
        assert_eq!(
            small("state = \"exact\", sides = \"both\"").unwrap_err(),
            "[cash]: unknown field `sides`, expected one of `state`, `percent`, `amount`, `join`"
        );
    }
}
