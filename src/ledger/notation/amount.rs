//! How amounts are written: decimal sign, grouping, negatives, currencies. A cell proves the sign by which alone it is
//! an amount; the parser is what decides that, so the evidence and the reading cannot differ.

use serde::Deserialize;

use super::{Choice, Conclusion};

/// The character between a number's whole part and its fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum DecimalSign {
    /// `1,234.56`
    #[serde(rename = ".")]
    Point,
    /// `1.234,56`
    #[serde(rename = ",")]
    Comma,
}

/// What the cells of a column say about its decimal sign.
#[derive(Debug, Clone, Default)]
pub struct AmountEvidence(Choice);

/// An amount as it is written, freed from its notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<'a> {
    /// The number: `-` if negative, digits, and where there is a fraction `.` and digits.
    pub number: &'a str,
    /// Three capital letters next to the number; whether they name a currency is not checked.
    pub currency: Option<[u8; 3]>,
    /// A currency symbol next to the number.
    pub symbol: Option<char>,
}

/// Why a cell cannot be read as an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotationFault {
    /// Not one amount in this notation.
    NotAnAmount,
}

/// Currency symbols that are letters. `$` and its kin are found by character.
const LETTER_SYMBOLS: &[&str] = &[
    "Fr", "Fr.", "SFr", "SFr.", "kr", "kr.", "Kr", "Kr.", "zł", "Kč", "Ft", "lei", "лв", "лв.", "руб",
    "руб.", "Rs", "Rs.", "Rp", "Rp.", "RM", "R", "TL", "S/", "S/.",
];

impl DecimalSign {
    fn char(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

impl AmountEvidence {
    /// Takes a cell into account. Positions tell which cells are named as examples.
    pub fn see(&mut self, text: &str, line: u64) {
        let Some(simple) = Simple::scan(text) else { return self.see_any(text, line) };
        // One sign after one to three digits and before exactly three may be either; other groups are malformed.
        let grouped = simple.fraction == 3 && matches!(simple.whole, 1..=3) && !simple.zero_first;
        match simple.sign {
            Some(sign) if simple.fraction > 0 => {
                let point = sign == DecimalSign::Point;
                self.0.see(point || grouped, !point || grouped, line, text);
            }
            _ => {}
        }
    }

    fn see_any(&mut self, text: &str, line: u64) {
        let Some(Peeled { core, .. }) = Peeled::of(text) else { return };
        // `1234` needs no sign, and a stray one at the end proves none.
        if core.contains(['.', ',']) && !core.ends_with(['.', ',']) {
            let reads = |sign| split(core, sign).is_some();
            self.0.see(reads(DecimalSign::Point), reads(DecimalSign::Comma), line, text);
        }
    }

    /// Adds what was seen of another part of the column.
    pub fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    /// What the cells seen prove.
    pub fn conclude(&self) -> Conclusion<DecimalSign> {
        self.0.conclude(DecimalSign::Point, DecimalSign::Comma)
    }
}

/// Whether a cell of an amount column stands for no value; a lone dash is how Excel shows zero or nothing.
pub fn is_blank_amount(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "–" | "—" | "n/a" | "N/A" | "null" | "NULL" | "None" | "#N/A")
}

/// Whether a symbol may stand for a currency. A dollar sign may for many; the euro's is the euro's alone.
pub fn may_mean(symbol: char, code: &str) -> bool {
    match symbol {
        '€' => code == "EUR",
        '£' | '￡' => matches!(code, "GBP" | "GIP" | "FKP" | "SHP" | "EGP" | "LBP" | "SYP" | "SDG" | "SSP"),
        '¥' | '￥' => matches!(code, "JPY" | "CNY"),
        '₹' => code == "INR",
        '₺' => code == "TRY",
        '₽' => code == "RUB",
        '₩' | '￦' => matches!(code, "KRW" | "KPW"),
        '₪' => code == "ILS",
        '₴' => code == "UAH",
        _ => true,
    }
}

/// Reads an amount. The number is part of `text` where it stands there plainly, else it is written to `buffer`.
pub fn plain<'a>(
    text: &'a str,
    sign: DecimalSign,
    buffer: &'a mut String,
) -> Result<Written<'a>, NotationFault> {
    if is_plain(text, sign) {
        return Ok(Written { number: text, currency: None, symbol: None });
    }
    let peeled = Peeled::of(text).ok_or(NotationFault::NotAnAmount)?;
    let negative = peeled.negative == Some(true);
    if !negative && is_plain(peeled.core, sign) {
        return Ok(Written { number: peeled.core, currency: peeled.currency, symbol: peeled.symbol });
    }
    let (whole, fraction) = split(peeled.core, sign).ok_or(NotationFault::NotAnAmount)?;
    buffer.clear();
    if negative {
        buffer.push('-');
    }
    if whole.is_empty() {
        buffer.push('0');
    }
    buffer.extend(whole.chars().filter(char::is_ascii_digit));
    if !fraction.is_empty() {
        buffer.push('.');
        buffer.push_str(fraction);
    }
    Ok(Written { number: buffer, currency: peeled.currency, symbol: peeled.symbol })
}

/// Whether a text already is a plain number.
fn is_plain(text: &str, sign: DecimalSign) -> bool {
    Simple::scan(text).is_some_and(|simple| match simple.sign {
        None => simple.whole > 0,
        Some(DecimalSign::Point) => sign == DecimalSign::Point && simple.whole > 0 && simple.fraction > 0,
        Some(DecimalSign::Comma) => false,
    })
}

/// The common cell: digits with at most one sign among them, a minus before.
struct Simple {
    /// Digits before the sign.
    whole: usize,
    /// Whether the first digit is a zero.
    zero_first: bool,
    sign: Option<DecimalSign>,
    /// Digits after the sign.
    fraction: usize,
}

impl Simple {
    fn scan(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
        let mut found = None;
        for (at, &byte) in digits.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {}
                b'.' if found.is_none() => found = Some((DecimalSign::Point, at)),
                b',' if found.is_none() => found = Some((DecimalSign::Comma, at)),
                _ => return None,
            }
        }
        let (whole, fraction) = found.map_or((digits.len(), 0), |(_, at)| (at, digits.len() - at - 1));
        Some(Self {
            whole,
            zero_first: digits.first() == Some(&b'0'),
            sign: found.map(|(sign, _)| sign),
            fraction,
        })
    }
}

/// The digits before and after the decimal sign, the former still grouped; nothing if they are not one number.
fn split(core: &str, sign: DecimalSign) -> Option<(&str, &str)> {
    let (whole, fraction) = core.split_once(sign.char()).unwrap_or((core, ""));
    let one_number = fraction.bytes().all(|byte| byte.is_ascii_digit())
        && !(whole.is_empty() && fraction.is_empty())
        && well_grouped(whole);
    one_number.then_some((whole, fraction))
}

/// Whether digits are ungrouped, in groups of three, or as in India: commas, two digits a group and three in the last.
fn well_grouped(whole: &str) -> bool {
    let Some(separator) = whole.chars().find(|char| !char.is_ascii_digit()) else { return true };
    let Some(kind) = separator_kind(separator) else { return false };
    let mut groups = whole.split(|char| separator_kind(char) == Some(kind));
    let first = groups.next().unwrap_or_default();
    let (mut threes, mut twos, mut last) = (true, kind == ',' && first.len() <= 2, 3);
    for (at, group) in groups.enumerate() {
        if !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        // What was the last group so far is one in the middle.
        threes &= at == 0 || last == 3;
        twos &= at == 0 || last == 2;
        last = group.len();
    }
    last == 3 && (threes || twos) && matches!(first.len(), 1..=3) && !first.starts_with('0')
}

/// What groups digits, all blanks and both apostrophes taken for one.
fn separator_kind(char: char) -> Option<char> {
    match char {
        '.' | ',' => Some(char),
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => Some(' '),
        '\'' | '’' => Some('\''),
        _ => None,
    }
}

/// A cell parted into its number and what surrounds it.
#[derive(Default)]
struct Peeled<'a> {
    /// From the first digit to the last, with a sign directly at either end.
    core: &'a str,
    /// Whether it is said to be negative; a second word on it would leave open what is meant.
    negative: Option<bool>,
    currency: Option<[u8; 3]>,
    /// The currency symbol that was seen: its own sign, or the first of its letters.
    symbol: Option<char>,
    /// Parentheses opened but not closed.
    open: bool,
}

impl<'a> Peeled<'a> {
    fn of(text: &'a str) -> Option<Self> {
        if let [b'0'..=b'9', .., b'0'..=b'9'] = text.as_bytes() {
            return Some(Self { core: text, ..Self::default() });
        }
        let text = text.trim();
        let is_digit = |char: char| char.is_ascii_digit();
        let (mut start, mut end) = (text.find(is_digit)?, text.rfind(is_digit)? + 1);
        // `$.50` begins with its point, that of `Fr.50` belongs to the symbol.
        if let Some(before) = text[..start].strip_suffix(['.', ','])
            && !before.ends_with(char::is_alphabetic)
        {
            start -= 1;
        }
        // Only at the very end: `5.-` is Swiss for five francs, not for minus five.
        if matches!(&text[end..], "." | ",") {
            end += 1;
        }
        let mut peeled = Self { core: &text[start..end], ..Self::default() };
        peeled.take(&text[..start], true)?;
        peeled.take(&text[end..], false)?;
        (!peeled.open).then_some(peeled)
    }

    /// Takes in all that stands before or after the number.
    fn take(&mut self, affix: &str, before: bool) -> Option<()> {
        let is_mark = |char: char| matches!(char, '-' | '−' | '+' | '(' | ')');
        let mut rest = affix.trim_start();
        while let Some(char) = rest.chars().next() {
            let end = if is_mark(char) {
                char.len_utf8()
            } else {
                rest.find(|next: char| is_mark(next) || next.is_whitespace()).unwrap_or(rest.len())
            };
            let (token, after) = rest.split_at(end);
            self.take_token(token, before)?;
            rest = after.trim_start();
        }
        Some(())
    }

    fn take_token(&mut self, token: &str, before: bool) -> Option<()> {
        match token {
            "-" | "−" | "CR" | "Cr" => self.sign(true),
            "DR" | "Dr" => self.sign(false),
            "+" if before => self.sign(false),
            "(" if before => {
                self.open = true;
                self.sign(true)
            }
            ")" if self.open && !before => {
                self.open = false;
                Some(())
            }
            _ => self.take_currency(token),
        }
    }

    fn sign(&mut self, negative: bool) -> Option<()> {
        self.negative.replace(negative).is_none().then_some(())
    }

    fn take_currency(&mut self, token: &str) -> Option<()> {
        if let &[first, second, third] = token.as_bytes()
            && token.bytes().all(|byte| byte.is_ascii_uppercase())
        {
            return self.currency.replace([first, second, third]).is_none().then_some(());
        }
        let sign = token.chars().find(|sign| is_symbol_char(*sign)).or(token.chars().next());
        (is_symbol(token) && self.symbol.replace(sign?).is_none()).then_some(())
    }
}

/// Whether a token is a currency symbol: `€`, `US$`, `$CA`, `kr`.
fn is_symbol(token: &str) -> bool {
    let country = token.strip_prefix(is_symbol_char).or_else(|| token.strip_suffix(is_symbol_char));
    LETTER_SYMBOLS.contains(&token)
        || country.is_some_and(|letters| {
            // Of a country; `K€` counts thousands, and `CR$` would be a credit.
            matches!(
                letters,
                "" | "US" | "A" | "AU" | "C" | "CA" | "NZ" | "HK" | "S" | "SG" | "R" | "NT" | "MX" | "J"
            )
        })
}

/// Unicode's currency symbols, but for those of a cent, a mill and a penny: what they stand at is no count of units.
fn is_symbol_char(char: char) -> bool {
    matches!(char, '$' | '\u{a3}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}' | '\u{58f}' | '\u{60b}' | '\u{7fe}' | '\u{7ff}'
        | '\u{9f2}' | '\u{9f3}' | '\u{9fb}' | '\u{af1}' | '\u{bf9}' | '\u{e3f}' | '\u{17db}' | '\u{a838}' | '\u{fdfc}'
        | '\u{fe69}' | '\u{ff04}' | '\u{ffe1}' | '\u{ffe5}' | '\u{ffe6}' | '\u{11fdd}'..='\u{11fe0}' | '\u{1e2ff}'
        | '\u{1ecb0}')
        && !matches!(char, '₥' | '₰')
}
