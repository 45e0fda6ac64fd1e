//! Normal form of a party's name: what is left when case, accents, punctuation and legal forms are taken away.
//!
//! It is for comparing, never for printing. `ä`, `ö` and `ü` lose their dots, as most systems write them; that a German
//! writes `Mueller` where he cannot write `Müller` is in [`spelled_out`], a second form only of names that have such a
//! letter. Were `ue` itself shortened, `Michael` and `Michal` would become one.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::statute::legal_form;

/// What `&`, `+` and the words for it become between two words.
const AND: &str = "and";

/// Words that join two names. `y` is only taken as one between two words, and never dropped: it may be an initial.
const JOINING: [&str; 4] = [AND, "et", "und", "y"];

/// Words at the end of a name that tell a group's companies apart but more often are added or left out. `in` is
/// India, or `inc` cut short; countries whose letters are an English word (`it`, `be`) are left out.
const GENERIC: &str = "america americas apac asia associates association au ca ch de deutschland emea enterprises es eu \
    europe foundation fr france germany global group groupe grp gruppe holding holdings ie in industries \
    international intl nl partners partnership services solutions systems trust uk us usa worldwide";

/// The normal form of a name; empty if it has neither letters nor digits.
///
/// Small letters without accents; `&` and `+` as well as `und`, `et` and `y` between words are `and`; apostrophes go and
/// other punctuation parts words; single letters side by side are one word (`J. P.`, `J.P.` and `JP`); legal forms at the
/// end go, and so does `QuickBooks`' mark of a deleted party, as long as a word is left. Scripts other than Latin stay.
pub fn normal(name: &str) -> String {
    let text = folded(name);
    let mut words = words(without_deleted(&text));
    shorten(&mut words, legal_form::words_at_end);
    if let [_, between @ .., _] = words.as_mut_slice() {
        let joining = between.iter_mut().filter(|word| JOINING.contains(&word.as_str()));
        joining.for_each(|word| AND.clone_into(word));
    }
    words.join(" ")
}

/// The normal form without the generic words at its end (`group`, `systems`, `uk`) too: weaker evidence, for parties of
/// one group share it.
pub fn root(name: &str) -> String {
    root_of(&normal(name))
}

/// As [`root`], of what is a normal form already.
pub(super) fn root_of(normal: &str) -> String {
    let mut words: Vec<String> = normal.split(' ').map(str::to_owned).collect();
    shorten(&mut words, |words| {
        let generic = words.last().is_some_and(|last| GENERIC.split(' ').any(|word| word == last));
        if generic { 1 } else { legal_form::words_at_end(words) }
    });
    words.join(" ")
}

/// The normal form of a name with `ä`, `ö`, `ø`, `ü` and `å` written as `ae`, `oe`, `oe`, `ue` and `aa`; nothing if it has
/// none of them.
pub fn spelled_out(name: &str) -> Option<String> {
    let mut text = String::with_capacity(name.len() + 4);
    let mut any = false;
    for letter in name.nfc() {
        let pair = match letter {
            'ä' | 'Ä' => "ae",
            'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
            'ü' | 'Ü' => "ue",
            'å' | 'Å' => "aa",
            _ => {
                text.push(letter);
                continue;
            }
        };
        text.push_str(pair);
        any = true;
    }
    any.then(|| normal(&text))
}

/// Small letters without accents, signs and digits as they are.
pub(super) fn folded(name: &str) -> String {
    // As a sign of its own the acute accent would come apart into a blank and a mark.
    let text = name.chars().map(|sign| if sign == '´' { '\'' } else { sign });
    let mut folded = String::with_capacity(name.len());
    // Composed again, for the scripts whose marks are more than accents: Kana, Hangul, Devanagari.
    for letter in text.nfkd().filter(|&sign| !vanishes(sign)).nfc().flat_map(char::to_lowercase) {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            _ => folded.push(letter),
        }
    }
    folded
}

/// Accents, apostrophes, and signs that cannot be seen: they neither stand for anything nor part words.
fn vanishes(sign: char) -> bool {
    matches!(sign,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}'
        | '\'' | '`' | '‘' | '’' | 'ʻ' | 'ʼ' | 'ʹ'
        | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}')
}

/// Without `(deleted)` or `(deleted-2)` at the end, unless that is all.
fn without_deleted(folded: &str) -> &str {
    let mut rest = folded;
    while let Some((before, mark)) = rest.trim_end().rsplit_once('(') {
        let number = mark.strip_prefix("deleted").and_then(|mark| mark.strip_suffix(')'));
        let is_mark = number
            .is_some_and(|number| number.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()));
        if !is_mark || !before.contains(char::is_alphanumeric) {
            break;
        }
        rest = before;
    }
    rest
}

pub(super) fn words(folded: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut initials = false;
    for sign in folded.chars().chain([' ']) {
        // A mark without its letter is none.
        if sign.is_alphanumeric() || is_combining_mark(sign) && !word.is_empty() {
            word.push(sign);
            continue;
        }
        if !word.is_empty() {
            let single = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
            match words.last_mut() {
                Some(last) if single && initials => last.push_str(&word),
                _ => words.push(std::mem::take(&mut word)),
            }
            initials = single;
            word.clear();
        }
        if matches!(sign, '&' | '+') && words.last().is_some_and(|last| last != AND) {
            words.push(AND.to_owned());
            initials = false;
        }
    }
    words
}

/// Drops from the end what `ending` counts, and the `and` before it (`& Co`), but never the first word.
fn shorten(words: &mut Vec<String>, ending: impl Fn(&[String]) -> usize) {
    while let Some(after_first @ [.., last]) = words.get(1..) {
        let joins = *last != "y" && JOINING.contains(&last.as_str());
        let count = if joins { 1 } else { ending(after_first) };
        if count == 0 {
            break;
        }
        words.truncate(words.len().saturating_sub(count));
    }
}
