//! What the tests of amounts and days share, and that a column may be seen in any parts and order.

mod amount;
mod day;

use proptest::prelude::*;

use super::Example;
use super::amount::AmountEvidence;
use super::day::DayEvidence;

/// The cells of a table, parted by bars.
fn cells(table: &str) -> Vec<&str> {
    table.split('|').map(|cell| cell.trim_matches([' ', '\n'])).collect()
}

/// Cells and what is expected of them.
fn pairs(table: &str) -> impl Iterator<Item = (&str, &str)> {
    cells(table).into_iter().map(|cell| cell.split_once(" => ").unwrap())
}

fn example(line: u64, text: &str) -> Example {
    (line, text.to_owned())
}

/// Texts of the characters that matter here, and any.
fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-+()0-9.,' :/TZ$€EURCDMJan\u{a0}\u{2212}²é]{0,14}",
        "-?[0-9]{0,5}[.,]?[0-9]{0,5}",
        "[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}",
        "[2-7][0-9]{4}",
        "[1-9],[0-9]{3}",
    ]
}

proptest! {
    #[test]
    fn any_split_and_order_of_a_column_concludes_the_same(
        rows in prop::collection::vec((any_cell(), 0..6_u64, 0..3_usize), 0..20)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let (rows, shuffled) = rows;
        let (mut amount, mut day) = (AmountEvidence::default(), DayEvidence::default());
        for (cell, line, _) in &rows {
            amount.see(cell, *line);
            day.see(cell, *line);
        }
        let mut parts: [(AmountEvidence, DayEvidence); 3] = Default::default();
        for (cell, line, part) in &shuffled {
            parts[*part].0.see(cell, *line);
            parts[*part].1.see(cell, *line);
        }
        let [mut whole, second, third] = parts;
        for part in [third, second] {
            whole.0.merge(&part.0);
            whole.1.merge(&part.1);
        }
        prop_assert_eq!(whole.0.conclude(), amount.conclude());
        prop_assert_eq!(whole.1.conclude(), day.conclude());
    }
}
