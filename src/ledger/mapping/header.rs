//! Headers as exports write them: padded, starred, in any case. They are compared by their folded form.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Without what differs between exports of one report: case, blanks around and repeated within, a byte order mark, and the
/// asterisk of a mandatory column.
pub fn fold(header: &str) -> String {
    let plain = header.trim_matches(|sign: char| sign.is_whitespace() || matches!(sign, '\u{feff}' | '*'));
    let words: Vec<String> = plain.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// From which headers a canonical column is taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum From {
    /// This one.
    One(String),
    /// The first of these that the file has: names of one column differ between versions and languages.
    FirstOf(Vec<String>),
    /// All of these, joined by a slash: keys of several columns.
    Joined {
        /// The headers in order.
        join: Vec<String>,
    },
}

impl From {
    /// Every header named.
    pub fn headers(&self) -> &[String] {
        match self {
            Self::One(header) => std::slice::from_ref(header),
            Self::FirstOf(headers) | Self::Joined { join: headers } => headers,
        }
    }
}

/// The header row of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// Headers as written.
    pub names: Vec<String>,
    /// Line or row it stands on; 0 where the format has its own header.
    pub line: u64,
    /// Cells of the row, those without a header at its end included.
    pub padded: usize,
    places: BTreeMap<String, Vec<usize>>,
}

impl Header {
    /// A header row.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>, line: u64) -> Self {
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        let padded = names.len();
        // Reports pad every line to one width: columns without a header at the end are none.
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            places.entry(fold(name)).or_default().push(at);
        }
        Self { names, line, padded, places }
    }

    /// Where a header stands; more than once if it is repeated.
    pub fn find(&self, header: &str) -> &[usize] {
        self.places.get(&fold(header)).map_or(&[], Vec::as_slice)
    }

    /// Whether the file has a header.
    pub fn has(&self, header: &str) -> bool {
        !self.find(header).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_case_stars_and_marks_do_not_tell_headers_apart() {
        for header in ["Invoice Number", " *invoice  number ", "\u{feff}INVOICE NUMBER"] {
            assert_eq!(fold(header), "invoice number");
        }
        assert_ne!(fold("Invoice No"), fold("Invoice No."));
    }

    #[test]
    fn a_header_row_finds_its_columns_and_drops_the_padding() {
        let header = Header::new(["", "Num", "Date", "num", "", ""].into_iter(), 5);
        assert_eq!(header.names.len(), 4);
        assert_eq!(header.find("NUM"), [1, 3]);
        assert!(header.has("date") && !header.has("") && !header.has("Due"));
    }
}
