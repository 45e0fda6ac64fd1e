//! The section `[cash]`: what `duewise match` holds back, whatever invoice the money names.

use serde::Deserialize;

/// Money that is not to be applied.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cash {
    /// Days after the day written on it from which a cheque is stale.
    pub stale_cheque_days: i32,
    /// Names of the group's other companies: money meant for one of them is not this one's.
    pub other_entities: Vec<String>,
    /// Words by which a bank says that money came back.
    pub return_words: Vec<String>,
}

impl Cash {
    /// Reads the section.
    pub(super) fn read(table: &mut toml::Table) -> Result<Self, String> {
        let raw = table.remove("cash").ok_or("[cash] is missing")?;
        let cash: Self =
            raw.try_into().map_err(|cause: toml::de::Error| format!("[cash]: {}", cause.message()))?;
        if cash.stale_cheque_days <= 0 {
            return Err("[cash] stale_cheque_days is not above 0".to_owned());
        }
        let is_blank = |text: &String| !text.chars().any(char::is_alphanumeric);
        for (key, texts) in [("other_entities", &cash.other_entities), ("return_words", &cash.return_words)] {
            // It would be found in every text.
            if texts.iter().any(is_blank) {
                return Err(format!("[cash] {key} has a text without letters"));
            }
        }
        Ok(cash)
    }
}
