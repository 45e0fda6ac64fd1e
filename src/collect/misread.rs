//! What is wrong with a file of settings, with the key or the row that it stands in.

use crate::base::error::{Code, Error};

/// What is wrong with a table, after the key that holds it: TOML's own message leaves the key out.
pub fn in_table(cause: &toml::de::Error) -> String {
    let told = cause.to_string();
    let key = told.trim_end().rsplit_once("\nin `").and_then(|(_, key)| key.strip_suffix('`'));
    key.map_or_else(|| cause.message().to_owned(), |key| format!("{key}: {}", cause.message()))
}

/// What is wrong with a file's text, and in which row.
pub fn in_text(text: &str, cause: &toml::de::Error) -> Error {
    let error = Error::new(Code::PolicyInvalid).detail(cause.message());
    match cause.span().and_then(|span| text.get(..span.start)) {
        Some(before) => error.row(before.split('\n').count() as u64),
        None => error,
    }
}
