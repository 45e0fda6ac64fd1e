//! Days against hand-written expectations, and against days written by known rules.

use proptest::prelude::*;

use super::{any_cell, cells, example, pairs};
use crate::base::day::Day;
use crate::ledger::notation::Conclusion::{self, Ambiguous, Contradictory, Indifferent, Proved};
use crate::ledger::notation::day::DateOrder::{DayFirst, MonthFirst};
use crate::ledger::notation::day::{DateOrder, DayEvidence, DayFault, DayNotation, read};

const SERIAL: DayNotation = DayNotation { order: None, serial: true };
const NONE: DayNotation = DayNotation { order: None, serial: false };

fn ordered(order: DateOrder) -> DayNotation {
    DayNotation { order: Some(order), serial: false }
}

/// The conclusion from cells on lines 1, 2, …
fn days<T: AsRef<str>>(cells: &[T]) -> Conclusion<DayNotation> {
    let mut evidence = DayEvidence::default();
    cells.iter().zip(1..).for_each(|(cell, line)| evidence.see(cell.as_ref(), line));
    evidence.conclude()
}

fn day(text: &str, notation: DayNotation) -> Result<Option<String>, DayFault> {
    read(text, notation).map(|day| day.map(|day| day.to_string()))
}

#[test]
fn days_that_need_no_knowledge_are_read_and_prove_nothing() {
    for (text, expected) in pairs(
        "
        2025-01-31 => 2025-01-31 | 2026-3-2 => 2026-03-02 | 2025/01/31 => 2025-01-31 |
        2025.01.31 => 2025-01-31 | 20250131 => 2025-01-31 | 20250131.0 => 2025-01-31 |
        2020-02-11 00:00:00 => 2020-02-11 | 2025-01-31T10:00:00Z => 2025-01-31 |
        2025-01-31T23:00:00+02:00 => 2025-01-31 | 2025/1/31 2:30 pm => 2025-01-31 |
        2025-01-31 10:00:00.123456 -0500 => 2025-01-31 | 2025-01-31 02:30:00\u{202f}PM UTC => 2025-01-31 |
        20250131 10:00 => 2025-01-31 |  2025-01-31  => 2025-01-31 | 31-Jan-2025 => 2025-01-31 |
        31 Jan 2025 => 2025-01-31 | Jan 31, 2025 => 2025-01-31 | January 31, 2025 => 2025-01-31 |
        31-Jan-25 => 2025-01-31 | 31-JAN-70 => 1970-01-31 | 31-jan-69 => 2069-01-31 |
        31/Jan/2025 => 2025-01-31 | 31. Januar 2025 => 2025-01-31 | 5. März 2025 => 2025-03-05 |
        5. Mrz. 2025 => 2025-03-05 | 1 Dez. 2025 => 2025-12-01 | 14 févr. 2025 => 2025-02-14 |
        14 AOÛT 2025 => 2025-08-14 | 1 décembre 2025 => 2025-12-01 | 3 de enero de 2025 => 2025-01-03 |
        15 ago. 2025 => 2025-08-15 | 1 septiembre 2025 => 2025-09-01 | 2 giugno 2025 => 2025-06-02 |
        2 lug 2025 => 2025-07-02 | 7 mei 2025 => 2025-05-07 | 7 mrt. 2025 => 2025-03-07 |
        5 de março de 2025 => 2025-03-05 | 9 out 2025 => 2025-10-09 | 9-set-2025 => 2025-09-09 |
        31-Oct-2025 10:00 => 2025-10-31 | 2024-02-29 => 2024-02-29 | 05/05/2025 => 2025-05-05 |
        1970-01-01 => 1970-01-01 | 2199-12-31 => 2199-12-31
    ",
    ) {
        for notation in [NONE, ordered(DayFirst), ordered(MonthFirst), SERIAL] {
            assert_eq!(day(text, notation), Ok(Some(expected.to_owned())), "{text}");
        }
        assert_eq!(days(&[text]), Indifferent, "{text}");
    }
}

#[test]
fn three_numbers_are_read_by_the_order() {
    for (text, day_first, month_first) in [
        ("9/14/2024", None, Some("2024-09-14")),
        ("31.12.2025", Some("2025-12-31"), None),
        ("03-04-25", Some("2025-04-03"), Some("2025-03-04")),
        ("01/15/2026 2:30 PM", None, Some("2026-01-15")),
        ("1/2/70", Some("1970-02-01"), Some("1970-01-02")),
        ("13/01/69", Some("2069-01-13"), None),
        ("3/4/2025, 10:00:00", Some("2025-04-03"), Some("2025-03-04")),
        ("12.05.2025 00:00", Some("2025-05-12"), Some("2025-12-05")),
    ] {
        let expected = |day: Option<&str>| day.map(|day| Some(day.to_owned())).ok_or(DayFault::NotADay);
        assert_eq!(day(text, ordered(DayFirst)), expected(day_first), "{text}");
        assert_eq!(day(text, ordered(MonthFirst)), expected(month_first), "{text}");
        assert_eq!(day(text, NONE), Err(DayFault::NotADay), "{text}");
        let conclusion = match (day_first, month_first) {
            (Some(_), None) => Proved(ordered(DayFirst)),
            (None, Some(_)) => Proved(ordered(MonthFirst)),
            _ => Ambiguous { examples: vec![example(1, text)] },
        };
        assert_eq!(days(&[text]), conclusion, "{text}");
    }
    assert_eq!(days(&["03/04/2025", "05/05/2025", "2025-01-31", "31/01/2025"]), Proved(ordered(DayFirst)));
    let contradictory = Contradictory { one: example(3, "31/01/2025"), other: example(2, "01/31/2025") };
    assert_eq!(days(&["03/04/2025", "01/31/2025", "31/01/2025"]), contradictory);
}

#[test]
fn serial_days_need_a_column_of_nothing_else() {
    assert_eq!(days(&["43845", "", "0", "43846.0", "n/a", "43847.75"]), Proved(SERIAL));
    for (text, expected) in pairs(
        "
        43845 => 2020-01-15 | 43845.0 => 2020-01-15 | 43845.999 => 2020-01-15 | 25569 => 1970-01-01
    ",
    ) {
        assert_eq!(day(text, SERIAL), Ok(Some(expected.to_owned())), "{text}");
        assert_eq!(day(text, NONE), Err(DayFault::NotADay), "{text}");
    }
    for text in
        cells("25568 | 19999 | 80001 | 4384 | 438455 | 43845. | 43845-5 | 43845 10:00 | 0 10:00 | 0 00:00:00")
    {
        assert_eq!(day(text, SERIAL), Err(DayFault::NotADay), "{text}");
    }
    for other in cells("2025-01-31 | 31/01/2025 | 12345 | x | 10:15") {
        let contradictory = Contradictory { one: example(2, "43845"), other: example(1, other) };
        assert_eq!(days(&[other, "43845"]), contradictory, "{other}");
    }
}

#[test]
fn what_is_no_day_is_nothing_a_fault_or_a_cut_off() {
    for text in cells(
        "
          | 0 | 0.0 | 00000000 | 0000-00-00 | 0000-00-00 00:00:00 | 00.00.0000 | 00/00/0000 | - | n/a |
        null | None | NaT | nan | #N/A | 9999-12-31 | 31.12.9999 | 12/31/9999 | 99991231 | 99991231.0
    ",
    ) {
        assert_eq!(day(text, NONE), Ok(None), "{text}");
        assert_eq!(days(&[text]), Indifferent, "{text}");
    }
    for text in cells("05:23.4 | 00:00.0 | 12:09.0 | 47:23.4 | 10:15 | 10:15:00 | 10:15 PM") {
        assert_eq!(day(text, NONE), Err(DayFault::CutOff), "{text}");
        assert_eq!(days(&[text]), Indifferent, "{text}");
    }
    for text in cells(
        "
        2025-02-30 | 31/04/2025 | 2025-13-01 | 20251301 | 1969-12-31 | 2200-01-01 | 13/13/2025 |
        32/01/2025 | 00/05/2025 | 29/02/2025 | 31/01/1900 | 2025-01-31- | 2025-01 | 2025-01/31 |
        20250131. | 20250131.0. | 20250131.5 | 20250131.4294967296 | 2025 | 1.5 | Jan 2025 | 31 Foo 2025 | 31 Jan | Jan 31, 25 |
        31 Jan 2025 x | 2025-01-31x | 2025-01-31 25:00 | 2025-01-31 10:60 | 2025-01-3110:00 |
        10:15:00:00 | 99:15 | 1:2 | 2025-01-31 10:00 XX | ٣/٤/٢٠٢٥ | 31/12/025
    ",
    ) {
        for notation in [NONE, ordered(DayFirst), ordered(MonthFirst)] {
            assert_eq!(day(text, notation), Err(DayFault::NotADay), "{text}");
        }
        assert_eq!(days(&[text]), Indifferent, "{text}");
    }
}

fn write_day(day: Day, order: DateOrder, style: usize) -> String {
    let (first, second) =
        if order == DayFirst { (day.day_of_month(), day.month()) } else { (day.month(), day.day_of_month()) };
    let year = day.year();
    match style {
        0 => format!("{first:02}/{second:02}/{year}"),
        1 => format!("{first}.{second}.{year}"),
        2 => format!("{first:02}-{second}-{:02}", year % 100),
        _ => format!("{first}/{second:02}/{year} 2:05 PM"),
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in any_cell()) {
        let _ = days(&[&text]);
        for notation in [NONE, SERIAL, ordered(DayFirst), ordered(MonthFirst)] {
            let _ = read(&text, notation);
        }
    }

    #[test]
    fn an_order_is_never_proved_wrongly(
        column in prop::collection::vec((0..36_524_i32, 0..4_usize), 0..12),
        order in prop_oneof![Just(DayFirst), Just(MonthFirst)],
    ) {
        let cells: Vec<String> = column.iter().map(|&(day, style)| write_day(Day(day), order, style)).collect();
        let conclusion = days(&cells);
        // With a year of two digits, the first number may be the year as well.
        let year_first = |day: Day| {
            let short = |number: i32| if number < 70 { 2000 + number } else { 1900 + number };
            let first = short(day.day_of_month() as i32);
            order == DayFirst && Day::from_ymd(first, day.month(), (day.year() % 100) as u32).is_some()
        };
        let proves = |(day, style): &(i32, usize)| {
            Day(*day).day_of_month() > 12 && (*style != 2 || !year_first(Day(*day)))
        };
        let decided = column.iter().any(proves);
        prop_assert_eq!(conclusion == Proved(ordered(order)), decided, "{:?}", cells);
        let open = matches!(conclusion, Ambiguous { .. } | Indifferent);
        prop_assert!(decided || open);
        for ((day, _), cell) in column.iter().zip(&cells) {
            prop_assert_eq!(read(cell, ordered(order)), Ok(Some(Day(*day))));
        }
    }

    #[test]
    fn days_that_begin_with_the_year_are_read_back(count in 0..84_000_i32) {
        let day = Day(count);
        let (y, m, d) = (day.year(), day.month(), day.day_of_month());
        for text in [format!("{day}"), format!("{y}/{m}/{d}"), format!("{y}{m:02}{d:02}"), format!("{day}T00:00:00.0Z")] {
            prop_assert_eq!(read(&text, NONE), Ok(Some(day)));
        }
        // 1970-01-01 is Excel's day 25,569.
        if count <= 54_000 {
            prop_assert_eq!(read(&(count + 25_569).to_string(), SERIAL), Ok(Some(day)));
        }
    }
}
