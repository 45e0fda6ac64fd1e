//! Amounts against hand-written expectations, and against amounts written by known rules.

use proptest::prelude::*;

use super::{any_cell, cells, example, pairs};
use crate::ledger::notation::Conclusion::{self, Ambiguous, Contradictory, Indifferent, Proved};
use crate::ledger::notation::amount::DecimalSign::{self, Comma, Point};
use crate::ledger::notation::amount::{AmountEvidence, NotationFault, is_blank_amount, plain};

/// The conclusion from cells on lines 1, 2, …
fn amounts<T: AsRef<str>>(cells: &[T]) -> Conclusion<DecimalSign> {
    let mut evidence = AmountEvidence::default();
    cells.iter().zip(1..).for_each(|(cell, line)| evidence.see(cell.as_ref(), line));
    evidence.conclude()
}

fn number(text: &str, sign: DecimalSign) -> Option<String> {
    plain(text, sign, &mut String::new()).ok().map(|written| written.number.to_owned())
}

#[test]
fn a_cell_proves_the_sign_by_which_alone_it_is_an_amount() {
    for cell in cells(
        "
        1,234.56 | 1,234,567 | 12.5 | 1234.5678 | 0.123 | 1234.567 | .500 | 1,23,456.78 | 1,23,456 |
        -12.50 | (1,234.50) | $1,234.5 | USD 12.5 | 1 234.56 | 1'234.567 | 1’234’567.5 | 12.5-
    ",
    ) {
        assert_eq!(amounts(&[cell]), Proved(Point), "{cell}");
    }
    for cell in cells(
        "
        1.234,56 | 1.234.567 | 1,23 | 0,500 | 1234,5678 | ,500 | 1 234,56 | 1\u{a0}234,567 |
        1\u{202f}234,5 | 1\u{2009}234,50 € | 1234,567 | -0,5 | 12,34
    ",
    ) {
        assert_eq!(amounts(&[cell]), Proved(Comma), "{cell}");
    }
    for cell in cells("1,234 | 1.234 | -12.345 | (123,456) | € 1.234 | 1,234 CR") {
        assert_eq!(amounts(&[cell]), Ambiguous { examples: vec![example(1, cell)] }, "{cell}");
    }
}

#[test]
fn what_is_no_amount_proves_no_sign() {
    let cells = cells(
        "
        - | n/a | 0 | 1234 | 1 234 | 1'234 | -5 | 5. | 5, | 5.- | 12.5% | 1,5E+05 | 1.5e3 | 1,2,3 |
        1,2345.00 | 31.12.2025 | 12.5 and 3 | 1.234,5.6 | 1.2.3,4 | 1,234 567.5 | (-1.5) |
        1,234,56,789.0 | 1.23.456,7 | abc | 50.5¢ |
        123,45,678.9
    ",
    );
    for cell in &cells {
        assert_eq!(amounts(&[cell]), Indifferent, "{cell}");
    }
    assert_eq!(amounts(&cells), Indifferent);
}

#[test]
fn amounts_are_freed_from_their_notation() {
    for (text, expected) in pairs(
        "
        1234.56 => 1234.56 | -1234.56 => -1234.56 | 007.10 => 007.10 | 1,234.56 => 1234.56 |
        1,234 => 1234 | 1.234 => 1.234 | 1,23,456.78 => 123456.78 | 12,34,567 => 1234567 |
        1'234'567.5 => 1234567.5 | 1 234.5 => 1234.5 | +5 => 5 | 5. => 5 | .5 => 0.5 | $.50 => 0.50 |
        \u{2212}5.5 => -5.5 | - 5 => -5 | 500.00- => -500.00 | 500.00 - => -500.00 | (500.00) => -500.00 |
        $(250.00) => -250.00 | ($250.00) => -250.00 | -$5 => -5 | $-5 => -5 |  $ 5  => 5 |
        5.00 CR => -5.00 | 5.00CR => -5.00 | Cr 5 => -5 | 5 DR => 5 | Dr5 => 5 | £5 => 5 | 5€ => 5 |
        ¥1,000 => 1000 | ₹1,23,456.78 => 123456.78 | Fr. 5 => 5 | Fr.50 => 50 | 5 kr => 5 |
        5.5 zł => 5.5 | R$ 5 => 5 | US$5 => 5 | A$5 => 5 | C$ 5 => 5 | 5 $CA => 5 | -kr. 5 => -5 |
        \u{a0}5\u{202f}€ => 5
    ",
    ) {
        assert_eq!(number(text, Point).as_deref(), Some(expected), "{text}");
    }
    for (text, expected) in pairs(
        "
        1234 => 1234 | 1234,56 => 1234.56 | 1.234,56 => 1234.56 | 1.234 => 1234 | 1,234 => 1.234 |
        -1.234.567,8 => -1234567.8 | (0,50 €) => -0.50 | ,5 => 0.5 | 1 234,56- => -1234.56 | 5, => 5
    ",
    ) {
        assert_eq!(number(text, Comma).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn a_code_next_to_an_amount_is_its_currency() {
    let mut buffer = String::new();
    for (text, expected, code) in [
        ("USD 5", "5", "USD"),
        ("5.00 EUR", "5.00", "EUR"),
        ("EUR5", "5", "EUR"),
        ("5.00USD", "5.00", "USD"),
        ("(CHF 1,200.50)", "-1200.50", "CHF"),
        ("$5.00 USD", "5.00", "USD"),
        ("GBP -5", "-5", "GBP"),
        ("5 JPY CR", "-5", "JPY"),
    ] {
        let written = plain(text, Point, &mut buffer).unwrap();
        assert_eq!(
            (written.number, written.currency.as_ref().map(|code| &code[..])),
            (expected, Some(code.as_bytes()))
        );
    }
    assert_eq!(plain("5 $", Point, &mut String::new()).unwrap().currency, None);
}

#[test]
fn what_is_not_one_amount_is_refused() {
    for text in cells(
        "
          | - | + | . | , | () | $ | USD | (-5) | -5- | -5.00 CR | (5) CR | --5 | +-5 | +5- | 5+ | (5 |
        5) | )5( | ((5)) | 5% | 1E+05 | 2.00769E+08 | 1e5 | NaN | inf | 1,2,3 | 1,2345.00 | 12,34 |
        1,234,56 | 0,123 | 1 23 | 1.5.5 | 1..5 | 1.234,56 | 1,234 567 | 1\t234 | USD 5 EUR | $5 € |
        usd 5 | EURO 5 | 5 E | CO2 5 | USD.50 | 5.- | 5.kr | 50¢ | 5₥ | CR$5 | ٣ | 5 5 | 1/2 | 2025-01-31 |
        10:15 | '5 | 1,234,56,789
    ",
    ) {
        assert_eq!(plain(text, Point, &mut String::new()), Err(NotationFault::NotAnAmount), "{text}");
    }
    for text in cells("1,234.56 | 12.34 | 1.2345,00 | 1.23.456 | 5. | 1234.5 | 0.500") {
        assert_eq!(number(text, Comma), None, "{text}");
    }
}

#[test]
fn a_dash_or_a_word_may_stand_for_no_amount() {
    for text in cells("| - |  -  | – | — | n/a | N/A | null | NULL | None | #N/A") {
        assert!(is_blank_amount(text), "{text}");
    }
    for text in cells("0 | -- | nil | . | x") {
        assert!(!is_blank_amount(text), "{text}");
    }
}

#[test]
fn conclusions_name_the_first_cells() {
    assert_eq!(amounts(&["1,234", "7", "12.50"]), Proved(Point));
    let examples = vec![example(2, "1,234"), example(3, "2.345"), example(5, "3,456")];
    assert_eq!(amounts(&["1", "1,234", "2.345", "x", "3,456", "4,567"]), Ambiguous { examples });
    let mut backwards = AmountEvidence::default();
    for line in (1..=5).rev() {
        backwards.see("1,234", line);
    }
    let examples = [1, 2, 3].map(|line| example(line, "1,234")).to_vec();
    assert_eq!(backwards.conclude(), Ambiguous { examples });
    let contradictory = Contradictory { one: example(3, "1.50"), other: example(2, "1,50") };
    assert_eq!(amounts(&["1,234", "1,50", "1.50", "2,50"]), contradictory);
    let long = format!("  {}.5", "1".repeat(50));
    let contradictory = Contradictory { one: example(1, &"1".repeat(40)), other: example(2, "1,50") };
    assert_eq!(amounts(&[long.as_str(), "1,50"]), contradictory);
}

/// Groups whole digits from the right by threes, or as in India.
fn grouped(digits: &str, separator: &str, indian: bool) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && (left == 3 || left > 3 && if indian { left % 2 == 1 } else { left.is_multiple_of(3) }) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

fn write_amount((whole, fraction, group): &(u64, String, usize), sign: DecimalSign) -> String {
    let (own, thousands) = if sign == Point { (".", ",") } else { (",", ".") };
    let separator = ["", thousands, thousands, " ", "\u{a0}", "'", "\u{202f}", "’"][*group];
    let whole = grouped(&whole.to_string(), separator, *group == 2 && sign == Point);
    if fraction.is_empty() { whole } else { format!("{whole}{own}{fraction}") }
}

fn an_amount() -> impl Strategy<Value = (u64, String, usize)> {
    (prop_oneof![0..2_000_u64, 0..10_000_000_000_u64], prop_oneof!["[0-9]{0,4}", "[0-9]{3}"], 0..8_usize)
}

fn a_sign() -> impl Strategy<Value = DecimalSign> {
    prop_oneof![Just(Point), Just(Comma)]
}

proptest! {
    #[test]
    fn no_text_panics_and_what_is_read_is_plain(text in any_cell(), sign in a_sign()) {
        let _ = amounts(&[&text]);
        if let Some(number) = number(&text, sign) {
            let digits = number.strip_prefix('-').unwrap_or(&number);
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
            for part in [whole, fraction] {
                prop_assert!(!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()), "{text} {number}");
            }
        }
    }

    #[test]
    fn common_cells_are_taken_as_any_others(text in "-?[0-9]{0,5}[.,]?[0-9]{0,5}", sign in a_sign()) {
        // A symbol leads around the short cut.
        let marked = format!("${text}");
        prop_assert_eq!(number(&text, sign), number(&marked, sign));
        let kind = |conclusion| match conclusion {
            Ambiguous { .. } => Ambiguous { examples: vec![] },
            other => other,
        };
        prop_assert_eq!(kind(amounts(&[text])), kind(amounts(&[marked])));
    }

    #[test]
    fn an_amount_written_in_any_way_is_read_back(amount in an_amount(), sign in a_sign(), style in 0..12_usize) {
        let text = write_amount(&amount, sign);
        let style = ["N", "-N", "N-", "(N)", "$(N)", "(€N)", "-kr N", "R$-N", "\u{2212}N", "N CR", "USD N", "+N €"][style];
        let negative = style.contains(['-', '(', '\u{2212}']) || style.ends_with("CR");
        let point = if amount.1.is_empty() { "" } else { "." };
        let expected = format!("{}{}{point}{}", if negative { "-" } else { "" }, amount.0, amount.1);
        prop_assert_eq!(number(&style.replace('N', &text), sign), Some(expected));
    }

    #[test]
    fn a_sign_is_never_proved_wrongly(column in prop::collection::vec(an_amount(), 0..12), sign in a_sign()) {
        let cells: Vec<String> = column.iter().map(|amount| write_amount(amount, sign)).collect();
        let conclusion = amounts(&cells);
        prop_assert!(
            conclusion == Proved(sign) || matches!(conclusion, Ambiguous { .. } | Indifferent),
            "{cells:?} {conclusion:?}"
        );
    }
}
