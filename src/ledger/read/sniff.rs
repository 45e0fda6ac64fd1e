//! The delimiter of a text, by its first lines: the one that splits most of them into most fields.

use std::io::Read;

use super::split::widths;
use crate::base::error::{Code, Error, Result};
use crate::base::limits::HEADER_SEARCH_RECORDS;

/// Delimiters of exports, the more usual first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Text looked at.
const SAMPLE_BYTES: u64 = 256 * 1024;

/// The delimiter of a text.
pub fn delimiter(text: impl Read) -> Result<u8> {
    let mut sample = Vec::new();
    let unreadable = |cause: std::io::Error| Error::new(Code::FileUnreadable).detail(cause);
    text.take(SAMPLE_BYTES).read_to_end(&mut sample).map_err(unreadable)?;
    if let [b's', b'e', b'p', b'=', delimiter @ (b' '..=b'~' | b'\t'), ..] = sample.as_slice()
        && !delimiter.is_ascii_alphanumeric()
        && *delimiter != b'"'
    {
        // A line that spreadsheets understand.
        return Ok(*delimiter);
    }
    // Later delimiters must do better than earlier ones.
    let best = DELIMITERS.iter().rev().max_by_key(|delimiter| score(&sample, **delimiter));
    Ok(best.copied().unwrap_or(b','))
}

/// Fields in the records that have as many as most others.
fn score(sample: &[u8], delimiter: u8) -> usize {
    let widths = widths(sample, delimiter, HEADER_SEARCH_RECORDS);
    let total = |width: &usize| widths.iter().filter(|other| *other == width).count() * width;
    widths.iter().filter(|width| **width > 1).map(total).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_that_of_most_lines() {
        let found = |text: &str| {
            DELIMITERS
                .iter()
                .rev()
                .copied()
                .max_by_key(|delimiter| score(text.as_bytes(), *delimiter))
                .unwrap()
        };
        assert_eq!(found("a,b,c\n1,2,3\n"), b',');
        assert_eq!(found("Nr.;Betrag;Datum\n1;1.234,56;31.12.2025\n2;5,00;01.01.2026\n"), b';');
        assert_eq!(found("a\tb\n\"1,5\"\t2\n\"2,5\"\t3\n"), b'\t');
        assert_eq!(found("Open items, 2025\n\na|b|c\n1|2|3\n4|5|6\n"), b'|');
        assert_eq!(found("one\ntwo\n"), b',');
    }
}
