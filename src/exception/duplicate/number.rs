//! The number printed on a bill, in the forms in which two numbers are compared. Not for printing: people are shown what
//! was read.

use std::hash::BuildHasher as _;

use foldhash::quality::FixedState;

/// Most signs of a number that are looked at: what is longer is a text that got into the wrong column.
const SIGNS_MAX: usize = 40;

/// Digits and the letters that they are mistaken for, by readers of paper and by people.
const CONFUSED: [(char, char); 8] =
    [('O', '0'), ('Q', '0'), ('I', '1'), ('L', '1'), ('Z', '2'), ('S', '5'), ('G', '6'), ('B', '8')];

/// A number's forms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Number {
    /// Capital letters and digits only.
    pub(super) signs: String,
    /// Print of the signs without zeros in front of a run of digits: what punctuation, case and zeros do not change. Zero if
    /// there is no digit but zeros: `RENT` names a purpose and no bill.
    pub(super) print: u64,
    /// The same print had every letter that is mistaken for a digit been written as that digit.
    pub(super) unconfused: u64,
    /// Whether its digits are those of a date, a month or a year: what many suppliers write for want of a number.
    pub(super) is_date: bool,
    /// Print of how it is written: which signs are letters, which are digits, which punctuation stands where.
    pub(super) shape: u64,
}

impl Number {
    pub(super) fn new(written: &str) -> Self {
        let signs = || written.chars().take(SIGNS_MAX).flat_map(char::to_uppercase);
        let shape = signs().map(|sign| match sign {
            _ if sign.is_ascii_digit() => '9',
            _ if sign.is_alphanumeric() => 'A',
            _ => sign,
        });
        let shape = print(&shape.collect::<String>());
        let key = without_zeros(signs());
        let seen_through = without_zeros(signs().map(|sign| {
            CONFUSED.iter().find(|(letter, _)| *letter == sign).map_or(sign, |(_, digit)| *digit)
        }));
        let print = if key.contains(|sign: char| sign.is_ascii_digit()) { print(&key) } else { 0 };
        Self {
            print,
            unconfused: self::print(&seen_through),
            is_date: is_date(signs()),
            shape,
            signs: signs().filter(|sign| sign.is_alphanumeric()).collect(),
        }
    }
}

/// Letters and digits without the zeros in front of a run of digits.
fn without_zeros(signs: impl Iterator<Item = char>) -> String {
    let mut kept = String::new();
    for sign in signs.filter(|sign| sign.is_alphanumeric()) {
        // A zero counts only after another digit.
        if sign != '0' || kept.ends_with(|last: char| last.is_ascii_digit()) {
            kept.push(sign);
        }
    }
    kept
}

/// Whether the digits are day, month and year in some order, or two of them, or a year; years from 2000.
fn is_date(signs: impl Iterator<Item = char>) -> bool {
    let digits: Vec<u32> = signs.filter_map(|sign| sign.to_digit(10)).collect();
    let pairs: Vec<u32> =
        digits.chunks(2).map(|pair| pair.iter().fold(0, |sum, digit| sum * 10 + digit)).collect();
    let (day, month, year) =
        (|n: u32| (1..=31).contains(&n), |n: u32| (1..=12).contains(&n), |n: u32| n <= 39);
    let day_month = |one: u32, other: u32| day(one) && month(other) || month(one) && day(other);
    match (digits.len(), pairs.as_slice()) {
        (2, [one]) => (10..=39).contains(one),
        (4, [20, last]) => year(*last),
        (4, [one, other]) => day_month(*one, *other) || month(*one) && year(*other) || one + 1 == *other,
        (6, [20, last, other]) => year(*last) && month(*other),
        (6, [one, other, last]) => {
            day_month(*one, *other) && year(*last) || year(*one) && day_month(*other, *last)
        }
        (8, [one, other, 20, last]) => day_month(*one, *other) && year(*last),
        (8, [20, last, one, other]) => year(*last) && day_month(*one, *other),
        _ => false,
    }
}

/// What a letter or digit is mistaken for, if for anything.
pub(super) fn confused_with(sign: char) -> Option<char> {
    CONFUSED.iter().find_map(|&(letter, digit)| match sign {
        _ if sign == digit => Some(letter),
        _ if sign == letter => Some(digit),
        _ => None,
    })
}

/// How far apart two numbers are that differ in one run of digits only, as in `R12399` and `R12400`: one. `None` if they
/// differ otherwise, or not at all.
pub(super) fn step(left: &str, right: &str) -> Option<u64> {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return None;
    }
    let first = left.iter().zip(right).position(|(left, right)| left != right)?;
    let (left_rest, right_rest) = (left.get(first..)?, right.get(first..)?);
    let digits = left_rest.iter().zip(right_rest);
    let run = digits.take_while(|(left, right)| left.is_ascii_digit() && right.is_ascii_digit()).count();
    let value = |digits: &[u8]| -> Option<u64> { std::str::from_utf8(digits).ok()?.parse().ok() };
    let (left_run, left_end) = left_rest.split_at_checked(run)?;
    let (right_run, right_end) = right_rest.split_at_checked(run)?;
    (left_end == right_end).then_some(value(left_run)?.abs_diff(value(right_run)?))
}

/// A print of how two numbers of one length differ: which signs stand in one where others stand in the other, from the first
/// that differs to the last. `None` if they are equal or of different lengths.
pub(super) fn difference(left: &str, right: &str) -> Option<u64> {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return None;
    }
    let differs = || left.iter().zip(right).map(|(left, right)| left != right);
    let (first, last) = (differs().position(|differs| differs)?, differs().rposition(|differs| differs)?);
    let (one, other) = (left.get(first..=last)?, right.get(first..=last)?);
    let both = if one < other { (one, other) } else { (other, one) };
    Some(FixedState::with_seed(0x6469_6666).hash_one(both))
}

/// Signs by which one number is longer than the other that it begins or ends with; `None` if it does neither.
pub(super) fn appended(left: &str, right: &str) -> Option<usize> {
    let (shorter, longer) = if left.len() < right.len() { (left, right) } else { (right, left) };
    let contained = longer.starts_with(shorter) || longer.ends_with(shorter);
    (contained && longer.len() > shorter.len()).then_some(longer.len() - shorter.len())
}

/// Whether numbers that differ name different things, and none is a slip of the other: two dates (`HAA0213` and `HAA0413`), one
/// date of two purposes (`JW SPRING13` and `DA SPRING13`), or two parts of one bill by their letter (`761A` and `761B`).
pub(super) fn name_apart(left: &Number, right: &Number) -> bool {
    if left.unconfused == right.unconfused || appended(&left.signs, &right.signs).is_some() {
        return false;
    }
    let are_dates = left.is_date && right.is_date;
    are_dates && !are_of_one_day(&left.signs, &right.signs) || are_parts(&left.signs, &right.signs)
}

/// Whether the digits of numbers are the same, and their letters too but for a slip.
fn are_of_one_day(left: &str, right: &str) -> bool {
    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(left) == digits(right) && strsim::osa_distance(left, right) <= 1
}

/// Whether numbers are equal but for a letter at the end, after a digit.
fn are_parts(left: &str, right: &str) -> bool {
    let part = |number: &str| {
        let stem = number.strip_suffix(|sign: char| sign.is_alphabetic())?;
        stem.ends_with(|sign: char| sign.is_ascii_digit()).then(|| stem.to_owned())
    };
    part(left).is_some_and(|stem| part(right) == Some(stem))
}

/// The same print of a text on every machine.
pub(in crate::exception) fn print(text: &str) -> u64 {
    FixedState::with_seed(0x6475_7021).hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(written: &str) -> String {
        without_zeros(written.to_uppercase().chars())
    }

    #[test]
    fn punctuation_case_and_zeros_in_front_do_not_count() {
        let print = Number::new("RE7000608301").print;
        for written in
            ["RE70006-08301", "re7000608301", "RE 70006/08301", "RE-070006.08301", "re_70006 08301"]
        {
            assert_eq!(key(written), "RE7000608301", "{written}");
            assert_eq!(Number::new(written).print, print);
        }
        assert_eq!(key("000123"), "123");
        assert_eq!(key("A00B10"), "AB10");
        assert_ne!(Number::new("RE7000608302").print, print);
    }

    #[test]
    fn what_has_no_digit_is_no_number() {
        for written in ["", "Rent", "---", "000"] {
            assert_eq!(Number::new(written).print, 0, "{written}");
        }
        assert_eq!(Number::new("Rent, May").signs, "RENTMAY");
    }

    #[test]
    fn dates_are_told_from_numbers() {
        for written in
            ["110810", "08112010", "20101108", "1108", "APRIL 2013", "13/14", "SPRING 13", "R-201011"]
        {
            assert!(Number::new(written).is_date, "{written}");
        }
        for written in ["1214589", "991308", "INV-4471", "5", "A7"] {
            assert!(!Number::new(written).is_date, "{written}");
        }
    }

    #[test]
    fn letters_read_for_digits_are_seen_through() {
        assert_eq!(Number::new("R-O3024").unconfused, Number::new("R-03024").unconfused);
        assert_eq!(Number::new("7I0962").unconfused, Number::new("710962").unconfused);
        assert_ne!(Number::new("71962").unconfused, Number::new("77962").unconfused);
        assert_eq!(
            (confused_with('0'), confused_with('S'), confused_with('9')),
            (Some('O'), Some('5'), None)
        );
    }

    #[test]
    fn steps_are_counted_in_one_run_of_digits() {
        assert_eq!(step("R12399", "R12400"), Some(1));
        assert_eq!(step("5A1", "7A1"), Some(2));
        assert_eq!(step("5A1", "7A2"), None);
        assert_eq!(step("R1", "S1"), None);
        assert_eq!(step("99", "100"), None);
        assert_eq!(step("12", "12"), None);
    }

    #[test]
    fn differences_are_told_apart() {
        assert_eq!(difference("W674-01", "W174-01"), difference("W174-02", "W674-02"));
        assert_ne!(difference("W674-01", "W174-01"), difference("W674-01", "W274-01"));
        assert_eq!((difference("A1", "A1"), difference("A1", "A12")), (None, None));
    }

    #[test]
    fn an_added_sign_is_counted() {
        assert_eq!(appended("1234", "1234A"), Some(1));
        assert_eq!(appended("INV1234", "1234"), Some(3));
        assert_eq!(appended("1234", "1234"), None);
        assert_eq!(appended("1234", "1345"), None);
    }

    #[test]
    fn dates_and_lettered_parts_name_different_things() {
        let apart = |left, right| name_apart(&Number::new(left), &Number::new(right));
        for (left, right) in
            [("TRAVEL0413-X", "TRAVEL0213-X"), ("JW SPRING13", "DA SPRING13"), ("13/01/761B", "13/01/761A")]
        {
            assert!(apart(left, right), "{left} {right}");
        }
        // Written another way, read wrongly, with a sign more, or a slip that makes no date.
        for (left, right) in [
            ("JM SUMMER13", "JMSUMMER13"),
            ("110810", "I10810"),
            ("110810", "110810A"),
            ("761", "761A"),
            ("991308", "991303"),
            ("HUER061810", "HUE061810"),
            ("A761", "B761"),
            ("RENTA", "RENTB"),
        ] {
            assert!(!apart(left, right), "{left} {right}");
        }
    }

    #[test]
    fn the_shape_tells_writings_apart() {
        assert_eq!(Number::new("RE-123").shape, Number::new("AB-904").shape);
        assert_ne!(Number::new("RE-123").shape, Number::new("RE-12A").shape);
    }
}
