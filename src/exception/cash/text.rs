//! References in what payers write: signs that are taken for one another made one, and how much of a reference is found.

use memchr::memmem;

/// Signs of a memo or reference that are looked at; more is no reference.
const MEMO_SIGNS_MAX: usize = 512;
const REFERENCE_SIGNS_MAX: usize = 40;

/// Digits by which a word may be a number of a document.
const NUMBER_DIGITS_MIN: usize = 4;

/// A text without what parts words, in capital letters and digits that cannot be taken for one another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folded {
    /// The signs.
    pub signs: Vec<u8>,
    /// Where words begin and end among the signs, and how many digits were written in them.
    words: Vec<(u16, u16, usize)>,
}

/// Of numbers, one for each piece that they share with a text, those that share most, the lowest first of equals.
pub(super) fn sharing_most(mut shared: Vec<u32>, most: usize) -> impl Iterator<Item = u32> {
    shared.sort_unstable();
    let same = shared.chunk_by(u32::eq);
    let mut counted: Vec<(usize, u32)> = same.filter_map(|same| Some((same.len(), *same.first()?))).collect();
    counted.sort_unstable_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    counted.into_iter().take(most).map(|(_, number)| number)
}

/// How a reference is found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Found {
    /// 1 less the edits for each sign of the reference, not below 0.
    pub likeness: f32,
    /// Signs of the longest run that both have.
    pub run: u8,
    /// Signs of the reference.
    pub length: u8,
    /// Found whole, from the begin of a word to the end of one.
    pub exact: bool,
    /// Where in the text.
    pub span: (u16, u16),
}

/// The sign that stands for this one: scanners and typists take O for 0, I and l for 1, S for 5 and B for 8.
fn fold(sign: char) -> Option<u8> {
    let byte = u8::try_from(sign).ok().filter(u8::is_ascii_alphanumeric)?.to_ascii_uppercase();
    Some(match byte {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        b'S' => b'5',
        b'B' => b'8',
        other => other,
    })
}

/// A reference as it is looked for.
pub(super) fn reference(text: &str) -> Vec<u8> {
    text.chars().filter_map(fold).take(REFERENCE_SIGNS_MAX).collect()
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        let mut this = Self::default();
        let (mut from, mut digits) = (0, 0);
        for sign in text.chars().chain([' ']) {
            let folded = fold(sign).filter(|_| this.signs.len() < MEMO_SIGNS_MAX);
            if let Some(byte) = folded {
                digits += usize::from(sign.is_ascii_digit());
                this.signs.push(byte);
                continue;
            }
            let to = this.signs.len() as u16;
            if to > from {
                this.words.push((from, to, digits));
            }
            (from, digits) = (to, 0);
        }
        this
    }

    /// Words that may be numbers.
    pub(super) fn numbers(&self) -> usize {
        self.words.iter().filter(|word| word.2 >= NUMBER_DIGITS_MIN).count()
    }

    /// Signs of words that may be numbers and lie in none of the spans.
    pub(super) fn unexplained(&self, spans: &[(u16, u16)]) -> usize {
        let free = |at: &u16| !spans.iter().any(|&(from, to)| (from..to).contains(at));
        let signs = |&(from, to, digits): &(u16, u16, usize)| {
            if digits >= NUMBER_DIGITS_MIN { from..to } else { 0..0 }
        };
        self.words.iter().flat_map(signs).filter(free).count()
    }

    /// Digits written in the words of a span.
    pub(super) fn digits(&self, (from, to): (u16, u16)) -> usize {
        self.words.iter().filter(|word| from <= word.0 && word.1 <= to).map(|word| word.2).sum()
    }

    /// Spans from the begin of a word to the end of one, in order.
    pub(super) fn runs(&self) -> impl Iterator<Item = ((u16, u16), &[u8])> {
        let starts = self.words.iter().enumerate();
        starts.flat_map(move |(at, &(from, ..))| {
            let ends = self.words.iter().skip(at).map(|&(_, to, _)| to);
            let ends = ends.take_while(move |to| usize::from(to - from) <= REFERENCE_SIGNS_MAX);
            ends.filter_map(move |to| Some(((from, to), self.signs.get(from.into()..to.into())?)))
        })
    }

    fn is_whole(&self, span: (u16, u16)) -> bool {
        let begins = self.words.binary_search_by_key(&span.0, |word| word.0).is_ok();
        begins && self.words.binary_search_by_key(&span.1, |word| word.1).is_ok()
    }
}

/// Finds a reference in a text, with edits where it must: signs changed, left out, added, or two swapped.
pub(super) fn find(reference: &[u8], text: &Folded) -> Found {
    let length = reference.len().min(REFERENCE_SIGNS_MAX) as u8;
    if length == 0 || text.signs.is_empty() {
        return Found { length, ..Found::default() };
    }
    let mut first = None;
    for at in memmem::find_iter(&text.signs, reference) {
        let span = (at as u16, (at + reference.len()) as u16);
        let found = Found { likeness: 1.0, run: length, length, exact: text.is_whole(span), span };
        if found.exact {
            return found;
        }
        first.get_or_insert(found);
    }
    first.unwrap_or_else(|| near(reference, &text.signs))
}

/// As [`nearest`], where it is worth that work: of a reference less than half of which is there, only the likeness is told.
fn near(reference: &[u8], text: &[u8]) -> Found {
    let length = reference.len().min(REFERENCE_SIGNS_MAX);
    let edits = edits(reference, text);
    if edits * 2 <= length + 1 {
        return nearest(reference, text);
    }
    let likeness = 1.0 - edits as f32 / length as f32;
    Found { likeness: likeness.max(0.0), length: length as u8, ..Found::default() }
}

/// Fewest edits, swaps counted as two, from a reference to a part of a text: all signs of the reference at once, a bit each
/// (Myers 1999).
fn edits(reference: &[u8], text: &[u8]) -> usize {
    let reference = reference.get(..REFERENCE_SIGNS_MAX).unwrap_or(reference);
    let mut places = [0_u64; 128];
    for (at, &sign) in reference.iter().enumerate() {
        places[usize::from(sign & 127)] |= 1 << at;
    }
    let last = 1_u64 << reference.len().saturating_sub(1);
    let (mut more, mut fewer) = (u64::MAX, 0_u64);
    let mut edits = reference.len();
    let mut least = edits;
    for &sign in text {
        let same = places[usize::from(sign & 127)];
        let down = same | fewer;
        let along = ((same & more).wrapping_add(more) ^ more) | same;
        let (rises, falls) = (fewer | !(along | more), more & along);
        if rises & last != 0 {
            edits += 1;
        }
        if falls & last != 0 {
            edits -= 1;
            least = least.min(edits);
        }
        let rises = rises << 1;
        more = (falls << 1) | !(down | rises);
        fewer = rises & down;
    }
    least
}

/// A cell of the alignment: edits, and where in the text it began.
type Cell = (u8, u16);
type Row = [Cell; REFERENCE_SIGNS_MAX + 1];

/// The part of the text that needs the fewest edits (Sellers 1980, with swaps of neighbours), and the longest common run.
fn nearest(reference: &[u8], text: &[u8]) -> Found {
    let reference = reference.get(..REFERENCE_SIGNS_MAX).unwrap_or(reference);
    let length = reference.len();
    let mut last: Row = std::array::from_fn(|edits| (edits as u8, 0));
    let mut before = last;
    let mut now = last;
    let mut runs = [0_u8; REFERENCE_SIGNS_MAX + 1];
    let (mut best, mut end, mut run, mut previous) = (last[length], 0, 0, 0);
    for (at, &sign) in (1_u16..).zip(text) {
        now[0] = (0, at);
        let mut ahead = 0;
        for (place, &own) in reference.iter().enumerate() {
            let same = sign == own;
            let swap = place > 0 && reference[place - 1] == sign && previous == own;
            let swapped = if swap { plus(before[place - 1], 1) } else { (u8::MAX, 0) };
            let changed = plus(last[place], u8::from(!same));
            now[place + 1] = changed.min(swapped).min(plus(last[place + 1], 1)).min(plus(now[place], 1));
            // The run that ended one sign earlier in both goes on.
            let longer = if same { ahead + 1 } else { 0 };
            ahead = std::mem::replace(&mut runs[place + 1], longer);
            run = run.max(longer);
        }
        if now[length].0 < best.0 {
            (best, end) = (now[length], at);
        }
        (before, last, previous) = (last, now, sign);
    }
    let likeness = (1.0 - f32::from(best.0) / length as f32).max(0.0);
    Found { likeness, run, length: length as u8, exact: false, span: (best.1, end) }
}

/// A cell after so many further edits.
fn plus(cell: Cell, edits: u8) -> Cell {
    (cell.0.saturating_add(edits), cell.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(reference_text: &str, text: &str) -> Found {
        find(&reference(reference_text), &Folded::new(text))
    }

    #[test]
    fn whole_words_are_exact_and_signs_may_be_mistaken() {
        for (reference, text) in [
            ("INV-2024-0112", "INV-2024-0112 June payment"),
            ("INV-2024-0112", "paid inv 2024 0112"),
            ("INV-2024-0112", "lNV-2O24-Oll2"),
            ("PO-8515", "re PO/BSIS."),
        ] {
            let found = found(reference, text);
            assert!(found.exact && found.likeness >= 1.0, "{reference} in {text}: {found:?}");
        }
        // Within a longer number it is found, but not whole.
        let within = found("4711", "ref 947112");
        assert!(!within.exact && within.likeness >= 1.0);
    }

    #[test]
    fn edits_are_counted() {
        for (reference, text, edits, length) in [
            ("7407098652", "x 740709 8652 x", 0, 10),
            ("7407098652", "7407198652", 1, 10),
            ("7407098652", "740798652", 1, 10),
            ("7407098652", "7400798652", 1, 10),
            ("7407098652", "740799098652", 2, 10),
            ("7407098652", "98652", 5, 10),
        ] {
            let found = found(reference, text);
            let expected = 1.0 - edits as f32 / length as f32;
            assert!((found.likeness - expected).abs() < 1e-6, "{reference} in {text}: {found:?}");
        }
        assert_eq!(found("7407098652", "98652").run, 5);
        assert_eq!(found("7407098652", "7407198652").run, 5);
    }

    #[test]
    fn both_ways_of_counting_edits_agree_but_for_swaps() {
        for (reference, text) in [
            ("7407098652", "7407198652"),
            ("7407098652", "xx98652"),
            ("1111111111", "2222"),
            ("KITTEN", "THE SITTING"),
            ("ABC", "ABC"),
        ] {
            let (reference, text) = (super::reference(reference), Folded::new(text).signs);
            let likeness = 1.0 - edits(&reference, &text) as f32 / reference.len() as f32;
            assert!((nearest(&reference, &text).likeness - likeness).abs() < 1e-6);
        }
        // KITTEN to SITTIN: two signs changed.
        assert_eq!(edits(b"KITTEN", b"THESITTING"), 2);
        assert_eq!(edits(b"12", b"21"), 1);
        assert_eq!(edits(b"1234", b"1324"), 2);
    }

    #[test]
    fn what_is_not_explained_is_left() {
        let text = Folded::new("pay 12345 and 678901 on 5 May");
        assert_eq!(text.numbers(), 2);
        let span = find(&reference("678901"), &text).span;
        assert_eq!(text.unexplained(&[span]), 5);
        assert_eq!(text.unexplained(&[]), 11);
    }

    #[test]
    fn those_that_share_most_pieces_come_first() {
        let most = |count| sharing_most(vec![7, 3, 9, 7, 3, 5, 7], count).collect::<Vec<u32>>();
        assert_eq!(most(9), [7, 3, 5, 9]);
        assert_eq!((most(2), most(0)), (vec![7, 3], vec![]));
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        for (reference, text) in [("", "abc"), ("abc", ""), ("", ""), ("株式", "株式")] {
            assert_eq!(found(reference, text).run, 0);
        }
    }
}
