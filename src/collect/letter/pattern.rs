//! Texts with fields in braces, as a brand gives them: links to pay by, and ways to pay.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a link: RFC 3986's unreserved signs.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Fields of a payment link.
const LINK_FIELDS: &[&str] = &["invoice", "customer", "amount", "currency"];

/// Fields of a way to pay.
const WAY_FIELDS: &[&str] = &["invoice", "customer"];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(&'static str),
}

/// A text with fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

impl Pattern {
    /// A way to pay. Says what is wrong with it.
    pub fn way(text: &str) -> Result<Self, String> {
        Self::parse(text, WAY_FIELDS)
    }

    /// A link: https, its host without fields, so that no customer's data decides where it leads.
    pub fn link(text: &str) -> Result<Self, String> {
        let pattern = Self::parse(text, LINK_FIELDS)?;
        let Some(rest) = text.strip_prefix("https://") else {
            return Err("a link begins with https://".to_owned());
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let in_host = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | ':');
        if host.is_empty() || host.len() == rest.len() || !host.chars().all(in_host) {
            return Err("https:// is followed by a plain host and a path".to_owned());
        }
        if text.chars().any(|sign| sign.is_whitespace() || matches!(sign, '"' | '<' | '>' | '\\')) {
            return Err("a link holds no spaces, quotes or angle brackets".to_owned());
        }
        Ok(pattern)
    }

    fn parse(text: &str, fields: &[&'static str]) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').ok_or("a `{` is not closed")?;
            let field = fields.iter().find(|field| **field == name);
            let known = fields.join("}, {");
            let field = field.ok_or_else(|| format!("no field `{{{name}}}`: there are {{{known}}}"))?;
            pieces.extend([Piece::Text(before.to_owned()), Piece::Field(field)]);
            rest = behind;
        }
        if rest.contains('}') {
            return Err("a `}` was not opened".to_owned());
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self(pieces))
    }

    /// The text with its fields filled in.
    pub fn fill<'a>(&self, value: impl Fn(&str) -> &'a str) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Field(field) => value(field),
            })
            .collect()
    }

    /// The link with its fields filled in, each escaped for it.
    pub fn fill_link<'a>(&self, value: impl Fn(&str) -> &'a str) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Field(field) => utf8_percent_encode(value(field), RESERVED).to_string(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_in_a_link_cannot_change_it() {
        let link = Pattern::link("https://pay.example.com/i/{invoice}?c={customer}").unwrap();
        let filled = link.fill_link(|field| if field == "invoice" { "../a&b=\"1\"" } else { "Ü #2" });
        // By hand: `/` is 2F, `&` 26, `=` 3D, `"` 22, a space 20, `#` 23, and Ü in UTF-8 C3 9C.
        assert_eq!(filled, "https://pay.example.com/i/..%2Fa%26b%3D%221%22?c=%C3%9C%20%232");
    }

    #[test]
    fn links_that_could_lead_elsewhere_are_refused() {
        for refused in [
            "http://pay.example.com/{invoice}",
            "javascript:alert(1)",
            "https://{customer}.example.com/x",
            "https://example.com",
            "https://user@example.com/x",
            "https:///x",
            "https://example.com/a b",
            "https://example.com/{invoice",
            "https://example.com/{number}",
            "https://example.com/}",
        ] {
            assert!(Pattern::link(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_way_takes_customer_and_invoice() {
        let way = Pattern::way("Quote {customer}: {invoice}.").unwrap();
        assert_eq!(
            way.fill(|field| if field == "customer" { "C1" } else { "4711, 4712" }),
            "Quote C1: 4711, 4712."
        );
        assert!(Pattern::way("{amount}").unwrap_err().contains("{amount}"));
    }
}
