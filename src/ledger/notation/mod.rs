//! How a column writes its amounts and days. Every cell is shown to an evidence; only what the whole column proves is
//! concluded, and a column that proves nothing is refused by the caller: `1,234` and `03/04/2025` are never guessed.

pub mod amount;
pub mod day;
#[cfg(test)]
mod tests;

/// Longest text kept of a cell that is shown as an example.
const EXAMPLE_LEN_CHARS_MAX: usize = 40;

/// A cell: its line and its trimmed text, cut after 40 characters.
pub type Example = (u64, String);

/// What a column proves about its notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion<T> {
    /// Cells prove this notation, and none another.
    Proved(T),
    /// Cells can be read in more than one way, and none decides.
    Ambiguous {
        /// The first three of them.
        examples: Vec<Example>,
    },
    /// Two cells prove different notations.
    Contradictory {
        /// The first that proves the decimal point, the day first, or Excel's serial days.
        one: Example,
        /// The first that proves otherwise.
        other: Example,
    },
    /// No cell needs a notation.
    Indifferent,
}

/// The first cells of a kind, at most `N`, by line. Of cells on one line the text decides, so that the same are kept
/// in whatever order the column is seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct First<const N: usize>(Vec<Example>);

/// Cells that bear on a choice between two notations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Choice {
    /// Readable only by the one notation.
    one: First<1>,
    /// Readable only by the other.
    other: First<1>,
    /// Readable by both, as different values.
    unsure: First<3>,
}

impl<const N: usize> First<N> {
    fn keep(&mut self, line: u64, text: &str) {
        let full = self.0.len() >= N;
        // Nearly every cell of a column comes after those kept.
        if full && self.0.last().is_some_and(|last| line > last.0) {
            return;
        }
        let text = text.trim();
        let cut = text.char_indices().nth(EXAMPLE_LEN_CHARS_MAX).map_or(text, |(at, _)| &text[..at]);
        let place =
            self.0.binary_search_by(|(kept, kept_text)| (*kept, kept_text.as_str()).cmp(&(line, cut)));
        if let Err(at) = place
            && at < N
        {
            self.0.insert(at, (line, cut.to_owned()));
            self.0.truncate(N);
        }
    }

    fn merge(&mut self, other: &Self) {
        for (line, text) in &other.0 {
            self.keep(*line, text);
        }
    }

    fn first(&self) -> Option<&Example> {
        self.0.first()
    }
}

impl Choice {
    /// Notes a cell by which of the two notations read it; one that neither reads proves nothing.
    fn see(&mut self, by_one: bool, by_other: bool, line: u64, text: &str) {
        match (by_one, by_other) {
            (true, false) => self.one.keep(line, text),
            (false, true) => self.other.keep(line, text),
            (true, true) => self.unsure.keep(line, text),
            (false, false) => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        self.one.merge(&other.one);
        self.other.merge(&other.other);
        self.unsure.merge(&other.unsure);
    }

    fn conclude<T>(&self, one: T, other: T) -> Conclusion<T> {
        match (self.one.first(), self.other.first()) {
            (Some(first), Some(second)) => {
                Conclusion::Contradictory { one: first.clone(), other: second.clone() }
            }
            (Some(_), None) => Conclusion::Proved(one),
            (None, Some(_)) => Conclusion::Proved(other),
            (None, None) if self.unsure.0.is_empty() => Conclusion::Indifferent,
            (None, None) => Conclusion::Ambiguous { examples: self.unsure.0.clone() },
        }
    }
}
