//! Names that are nearly but not quite equal: two spellings of one name, most likely by a slip.
//!
//! A name is compared with its neighbours in the alphabet only, among the names that begin alike, so that the work grows
//! with the number of names and not with its square. A slip in the first letters is not found.

use strsim::{jaro_winkler, osa_distance};

/// Letters two names must begin with alike.
const PREFIX_LETTERS: usize = 4;

/// Names each one is compared with, of those that follow it among the names that begin alike. Lists of 100,000 parties
/// have thousands that begin with the same word; those that differ by a slip stand near each other all the same.
const NEIGHBOURS_MAX: usize = 50;

/// Fewest letters and digits: of shorter names too many differ by one letter and are different.
const NAME_LETTERS_MIN: usize = 5;

/// Lowest Jaro-Winkler similarity of two spellings of one name.
const JARO_WINKLER_MIN: f64 = 0.92;

/// Letters a word must have for each that a slip may change, leave out, add or swap. Shorter words that differ by a letter
/// are too often different words: `hill` and `mill`.
const LETTERS_PER_SLIP: usize = 5;

/// Most letters that a slip changes in one word.
const SLIP_LETTERS_MAX: usize = 2;

/// Fewest letters of a word that may be another one cut off.
const CUT_LETTERS_MIN: usize = 3;

/// A normal form taken apart for comparing.
struct Candidate<'a> {
    /// The first letters, without blanks: `bell tower` is near `belltower`.
    prefix: String,
    name: &'a str,
    at: usize,
    /// Without the `e` of umlauts that may be spelled out: `mueller` is near `muller`.
    words: Vec<Vec<char>>,
    /// The words by which namesakes are told apart: with digits, of one letter, and Roman numerals. `Store 12` and
    /// `Store 13` are two parties, and so are `Fund II` and `Fund III`.
    marks: Vec<&'a str>,
}

/// All pairs of similar names, by position, and their similarity in per cent. The names are normal forms, each once.
pub(super) fn pairs(normals: &[&str]) -> Vec<(usize, usize, u8)> {
    let long = normals.iter().enumerate().filter(|(_, name)| long_enough(name));
    let mut order: Vec<Candidate> = long.map(|(at, name)| Candidate::new(name, at)).collect();
    order.sort_unstable_by(|left, right| (&left.prefix, left.name).cmp(&(&right.prefix, right.name)));
    let mut pairs = Vec::new();
    for block in order.chunk_by(|left, right| left.prefix == right.prefix) {
        for (at, left) in block.iter().enumerate() {
            for right in block.iter().skip(at + 1).take(NEIGHBOURS_MAX) {
                pairs.extend(left.similarity(right).map(|per_cent| (left.at, right.at, per_cent)));
            }
        }
    }
    pairs
}

impl<'a> Candidate<'a> {
    fn new(name: &'a str, at: usize) -> Self {
        let words: Vec<Vec<char>> = name.split(' ').map(shortened).collect();
        let prefix = words.iter().flatten().take(PREFIX_LETTERS).collect();
        Self { prefix, name, at, words, marks: name.split(' ').filter(|word| is_mark(word)).collect() }
    }

    /// How alike two names are, in per cent, if they may be two spellings of one. Never 100: they are not equal.
    fn similarity(&self, other: &Self) -> Option<u8> {
        // First what is cheap: most neighbours have another word.
        if self.marks != other.marks || !self.same_words(other) {
            return None;
        }
        let spelling = |candidate: &Self| candidate.words.join(&' ').into_iter().collect::<String>();
        let similarity = jaro_winkler(&spelling(self), &spelling(other));
        (similarity >= JARO_WINKLER_MIN).then_some(((similarity * 100.0) as u8).min(99))
    }

    /// Whether two names have the same words but for slips, words cut off, and words that only one of them goes on with.
    /// One word is too little to go on from: `South` is not `South West`.
    fn same_words(&self, other: &Self) -> bool {
        let counts = (self.words.len(), other.words.len());
        let go_on = counts.0 == counts.1 || counts.0.min(counts.1) > 1;
        go_on && self.words.iter().zip(&other.words).all(|(left, right)| same_word(left, right))
            || counts.0 != counts.1 && self.words.iter().flatten().eq(other.words.iter().flatten())
    }
}

/// Whether two words differ by no more than a slip, or one is the other cut off.
fn same_word(left: &[char], right: &[char]) -> bool {
    let (shorter, longer) = if left.len() < right.len() { (left, right) } else { (right, left) };
    if left == right || shorter.len() >= CUT_LETTERS_MIN && longer.starts_with(shorter) {
        return true;
    }
    let slips = (shorter.len() / LETTERS_PER_SLIP).min(SLIP_LETTERS_MAX);
    // One slip leaves all letters but two, at most, where they were, counted from both ends.
    let ahead = shorter.iter().zip(longer).take_while(|(left, right)| left == right).count();
    let behind =
        shorter.iter().rev().zip(longer.iter().rev()).take_while(|(left, right)| left == right).count();
    let near = slips > 1 || slips == 1 && ahead + behind + 2 >= longer.len();
    let text = |word: &[char]| word.iter().collect::<String>();
    near && longer.len() - shorter.len() <= slips && osa_distance(&text(left), &text(right)) <= slips
}

fn shortened(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = Vec::with_capacity(word.len());
    for letter in word.chars() {
        if !(letter == 'e' && matches!(letters.last(), Some('a' | 'o' | 'u'))) {
            letters.push(letter);
        }
    }
    letters
}

fn is_mark(word: &str) -> bool {
    word.contains(char::is_numeric)
        || word.chars().nth(1).is_none()
        || word.chars().all(|letter| matches!(letter, 'i' | 'v' | 'x'))
}

/// Whether a name has letters and digits enough for more than chance.
pub(super) fn long_enough(name: &str) -> bool {
    name.chars().filter(|sign| sign.is_alphanumeric()).nth(NAME_LETTERS_MIN - 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similar(left: &str, right: &str) -> bool {
        assert_eq!(pairs(&[left, right]).len(), pairs(&[right, left]).len());
        !pairs(&[left, right]).is_empty()
    }

    #[test]
    fn slips_are_similar() {
        for (left, right) in [
            ("mueller", "muller"),
            ("bell tower", "belltower"),
            ("acme foods", "acme fodos"),
            ("steinbeck trading", "steinbek trading"),
            ("northern lights 12", "northern light 12"),
            ("acme trading", "acmetrading"),
            ("northern trading", "northern trading east"),
            ("harbour community clinic", "harbour comm clinic"),
        ] {
            assert!(similar(left, right), "{left} {right}");
        }
    }

    #[test]
    fn near_misses_are_not() {
        for (left, right) in [
            ("store 12", "store 13"),
            ("store 1", "store 11"),
            ("store12", "store13"),
            ("harbour fund ii", "harbour fund iii"),
            ("harbour block a", "harbour block b"),
            ("acme", "acne"),
            ("acme", "acmes"),
            ("acme foods", "zenith foods"),
            ("baker", "maker"),
            ("bakers", "makers"),
            ("green hill school", "green mill school"),
            ("north gate day nursery", "north lake day nursery"),
            ("southern bakeries", "southern breweries"),
            ("northern", "northern trading"),
            ("northern trading 12", "northern trading"),
            ("", ""),
        ] {
            assert!(!similar(left, right), "{left} {right}");
        }
    }

    #[test]
    fn the_similarity_is_jaro_winklers() {
        // Jaro: 9 letters agree, 1 pair swapped, so (9/9 + 9/9 + 8/9) / 3 = 0.96296; 4 common first letters add
        // 4 * 0.1 * 0.03704, together 0.97778.
        assert_eq!(pairs(&["steinbeck", "steinbekc"]), [(0, 1, 97)]);
    }

    #[test]
    fn the_prefix_overlooks_blanks_and_spelled_out_umlauts() {
        for (name, prefix) in [
            ("big tower", "bigt"),
            ("mueller", "mull"),
            ("ab", "ab"),
            ("", ""),
            ("ромашка", "рома"),
            ("ae oel", "aol"),
        ] {
            assert_eq!(Candidate::new(name, 0).prefix, prefix);
        }
    }

    #[test]
    fn of_many_names_that_begin_alike_neighbours_are_compared() {
        // Digits as letters, `b` to `k`, so that the last two names follow all others.
        let letters =
            |number: u32| number.to_string().bytes().map(|digit| char::from(digit + 50)).collect::<String>();
        let mut names: Vec<String> =
            (0..400).map(|number| format!("warehouse {}", letters(number))).collect();
        names.extend(["warehouse zwickau", "warehouse zwickaau"].map(str::to_owned));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let pairs = pairs(&names);
        assert!(pairs.len() <= names.len() * NEIGHBOURS_MAX);
        assert!(pairs.iter().any(|&(left, right, _)| left.min(right) == 400 && left.max(right) == 401));
    }
}
