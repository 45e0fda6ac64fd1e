//! The section `[settings]`: the figures that rules share and that are no tolerances. What makes no sense is refused, since it
//! would silence a rule or have it find everything.

use serde::Deserialize;

use super::figure;
use super::tolerance::ONE;

/// The section `[settings]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Days within which a bill of one number is the same bill.
    pub duplicate_days: i32,
    /// Days within which the same thing under another number may be sent again.
    pub resent_days: i32,
    /// Bills unlike the others that are shown.
    pub unusual_bills: usize,
    /// Days before the as-of day within which a supplier's first bill makes it new.
    pub new_supplier_days: i32,
    /// Days after which a bank account on a supplier's bills is no longer new.
    pub new_account_days: i32,
    /// Days within which the same amount of one payer again may be the same payment.
    pub repeated_payment_days: i32,
    /// Percent of an invoice from which what is left of it is a part still to be paid, not a deduction.
    partial_percent: String,
    /// Amounts from which a bill needs another approval, in whole units of its currency.
    approval_limits: Vec<String>,
    /// Words that make a line a charge.
    pub charge_words: Vec<String>,
}

impl Settings {
    /// Reads the section.
    pub(super) fn read(table: &mut toml::Table) -> Result<Self, String> {
        let section = table.remove("settings").ok_or("[settings] is missing")?;
        let settings: Self = section
            .try_into()
            .map_err(|cause: toml::de::Error| format!("[settings]: {}", cause.message()))?;
        settings.fault().map_or(Ok(settings), |fault| Err(format!("[settings] {fault}")))
    }

    /// The first key that makes no sense, and why.
    fn fault(&self) -> Option<String> {
        if let Some((key, days)) = self.days().into_iter().find(|(_, days)| *days < 1) {
            return Some(format!("{key}: {days} is below 1"));
        }
        let partial = &self.partial_percent;
        match figure(partial) {
            Some(percent) if 0 < percent && percent <= 100 * ONE => {}
            Some(_) => return Some(format!("partial_percent: `{partial}` is not above 0 and at most 100")),
            None => return Some(format!("partial_percent: `{partial}` is not a number")),
        }
        for limit in &self.approval_limits {
            match figure(limit) {
                Some(0) => return Some(format!("approval_limits: `{limit}` is not above 0")),
                Some(_) => {}
                None => return Some(format!("approval_limits: `{limit}` is not a number")),
            }
        }
        // Lines are looked at word by word: nothing else than one word is ever found.
        let is_word = |text: &&String| !text.is_empty() && text.chars().all(char::is_alphanumeric);
        let other = self.charge_words.iter().find(|text| !is_word(text));
        other.map(|text| format!("charge_words: `{text}` is not one word of letters and digits"))
    }

    fn days(&self) -> [(&'static str, i32); 5] {
        [
            ("duplicate_days", self.duplicate_days),
            ("resent_days", self.resent_days),
            ("new_supplier_days", self.new_supplier_days),
            ("new_account_days", self.new_account_days),
            ("repeated_payment_days", self.repeated_payment_days),
        ]
    }

    /// Percent of an invoice from which what is left of it is a part still to be paid, in units of [`ONE`].
    pub fn partial_percent(&self) -> i128 {
        figure(&self.partial_percent).unwrap_or_default()
    }

    /// Amounts from which a bill needs another approval, in units of [`ONE`], in rising order.
    pub fn approval_limits(&self) -> Vec<i128> {
        let mut limits: Vec<i128> = self.approval_limits.iter().filter_map(|limit| figure(limit)).collect();
        limits.sort_unstable();
        limits
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;

    #[test]
    fn settings_out_of_sense_are_named() {
        for (from, to, fault) in [
            ("duplicate_days = 365", "duplicate_days = 0", "duplicate_days: 0 is below 1"),
            ("resent_days = 60", "resent_days = -60", "resent_days: -60 is below 1"),
            ("new_supplier_days = 90", "new_supplier_days = 0", "new_supplier_days: 0 is below 1"),
            ("new_account_days = 90", "new_account_days = 0", "new_account_days: 0 is below 1"),
            (
                "repeated_payment_days = 30",
                "repeated_payment_days = 0",
                "repeated_payment_days: 0 is below 1",
            ),
            ("partial_percent = \"20\"", "partial_percent = \"a\"", "partial_percent: `a` is not a number"),
            (
                "partial_percent = \"20\"",
                "partial_percent = \"100.5\"",
                "partial_percent: `100.5` is not above 0 and at most 100",
            ),
            (
                "partial_percent = \"20\"",
                "partial_percent = \"0\"",
                "partial_percent: `0` is not above 0 and at most 100",
            ),
            ("[\"10000.00\"]", "[\"10 000\"]", "approval_limits: `10 000` is not a number"),
            ("[\"10000.00\"]", "[\"500\", \"0.00\"]", "approval_limits: `0.00` is not above 0"),
            ("[\"freight\"", "[\"\"", "charge_words: `` is not one word of letters and digits"),
            (
                "[\"freight\"",
                "[\"fuel surcharge\"",
                "charge_words: `fuel surcharge` is not one word of letters and digits",
            ),
        ] {
            assert_eq!(with(from, to), format!("[settings] {fault}"));
        }
        // The ends that are sound.
        assert_eq!(with("duplicate_days = 365", "duplicate_days = 1"), "");
        assert_eq!(with("partial_percent = \"20\"", "partial_percent = \"100\""), "");
    }
}
