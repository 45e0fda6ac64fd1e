//! Texts by number: every id, article and account of a ledger is kept once, and compared as a number. A million documents
//! with their lines name the same few millions of texts again and again.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// The number of a text. Numbers follow the order of the files: nothing that is written may be sorted by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Word(u32);

impl Word {
    /// The empty text.
    pub const EMPTY: Self = Self(0);

    /// Whether it is the empty text.
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// Its number: below [`Words::len`].
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// Every text that was met.
#[derive(Debug)]
pub struct Words {
    text: String,
    ends: Vec<usize>,
    known: HashTable<u32>,
    hasher: FixedState,
}

impl Default for Words {
    fn default() -> Self {
        let hasher = FixedState::with_seed(0);
        let mut words = Self { text: String::new(), ends: Vec::new(), known: HashTable::new(), hasher };
        words.of("");
        words
    }
}

impl Words {
    /// The number of a text, a new one if it was never met.
    pub fn of(&mut self, text: &str) -> Word {
        if let Some(found) = self.find(text) {
            return found;
        }
        let at = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        let (all, ends, hasher) = (&self.text, &self.ends, &self.hasher);
        self.known.insert_unique(hasher.hash_one(text), at, |&at| hasher.hash_one(slice(all, ends, at)));
        Word(at)
    }

    /// The number of a text, if it was met.
    pub fn find(&self, text: &str) -> Option<Word> {
        let same = |at: &u32| slice(&self.text, &self.ends, *at) == text;
        self.known.find(self.hasher.hash_one(text), same).copied().map(Word)
    }

    /// The text of a number.
    pub fn text(&self, word: Word) -> &str {
        slice(&self.text, &self.ends, word.0)
    }

    /// How many texts there are, the empty one included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether no text was met but the empty one.
    pub fn is_empty(&self) -> bool {
        self.len() <= 1
    }

    /// The place of each text among all of them in alphabetical order.
    pub fn ranks(&self) -> Vec<u32> {
        use rayon::slice::ParallelSliceMut as _;
        let mut order: Vec<u32> = (0..self.ends.len() as u32).collect();
        order.par_sort_unstable_by_key(|&at| slice(&self.text, &self.ends, at));
        let mut ranks = vec![0; order.len()];
        for (rank, at) in (0..).zip(order) {
            ranks[at as usize] = rank;
        }
        ranks
    }
}

fn slice<'a>(text: &'a str, ends: &[usize], at: u32) -> &'a str {
    let at = at as usize;
    let start = at.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    ends.get(at).and_then(|end| text.get(start..*end)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_and_ranks_follow_the_alphabet() {
        let mut words = Words::default();
        let (pear, fig) = (words.of("pear"), words.of("fig"));
        assert_eq!((words.of("pear"), words.of("")), (pear, Word::EMPTY));
        assert_eq!((words.text(pear), words.text(fig), words.text(Word::EMPTY)), ("pear", "fig", ""));
        assert_eq!((words.find("fig"), words.find("plum"), words.len()), (Some(fig), None, 3));
        // The empty text comes first, then fig, then pear.
        assert_eq!(words.ranks(), [0, 2, 1]);
    }
}
