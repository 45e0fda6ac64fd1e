//! Why a bill is likely to be blocked or not, in sentences with the values behind them.

use super::bill::Bill;
use super::feature::Row;
use crate::base::day::Day;

/// One reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What it adds to the log-odds; above zero is likelier to be blocked.
    pub part: f64,
    /// The values, in a sentence.
    pub text: String,
}

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum About {
    /// How the supplier's bills fared, and those most like it.
    Habit,
    /// Days since the order.
    Ordered,
    /// Days since the last receipt.
    Received,
    /// Days since the day on the bill.
    Issued,
    /// How many lines.
    Lines,
    /// How many receipts.
    Receipts,
    /// How much money.
    Amount,
    /// The rule alone.
    Rule,
    /// Days without a release, and the share of releases that come sooner.
    Waited { days: i32, came: f64 },
}

pub(super) fn text(about: About, bill: &Bill, row: &Row) -> String {
    match about {
        About::Habit => habit(row),
        About::Ordered => since(bill, bill.ordered, "its order", "its order has no day"),
        About::Received => since(bill, bill.received, "the last receipt", "no receipt was booked before it"),
        About::Issued => since(bill, bill.issued, "the day on it", "it has no day on it"),
        About::Lines => format!("it has {}", count(bill.lines, "line")),
        About::Receipts => {
            format!("{} for {}", count(bill.receipts, "receipt"), count(bill.lines, "line"))
        }
        About::Amount => amount(bill, row),
        About::Rule => format!("{}; counted by age, {:.0} %", released(row), row.rule * 100.0),
        About::Waited { days, came } => {
            format!(
                "{} without a release, and {:.0} % of releases come sooner",
                count(days.unsigned_abs(), "day"),
                came * 100.0
            )
        }
    }
}

fn habit(row: &Row) -> String {
    let rate = row.alike_rate * 100.0;
    if row.alike.bills == 0 {
        return format!("the supplier's first bill; of its category {rate:.0} % were released by hand");
    }
    format!("{}; of those most like this one {rate:.0} %", released(row))
}

fn released(row: &Row) -> String {
    match row.alike.bills {
        0 => "the supplier's first bill".to_owned(),
        bills => format!(
            "{} of the supplier's last {} so far released by hand",
            row.alike.released,
            count(bills, "bill")
        ),
    }
}

fn since(bill: &Bill, day: Option<Day>, what: &str, missing: &str) -> String {
    let Some(day) = day else { return missing.to_owned() };
    let days = count(bill.posted.0.abs_diff(day.0), "day");
    if day <= bill.posted {
        format!("booked {days} after {what}")
    } else {
        format!("booked {days} before {what}")
    }
}

fn amount(bill: &Bill, row: &Row) -> String {
    let shown = bill.currency.display(i128::from(bill.amount));
    let times = row.alike.amount_of_usual.exp();
    if times.is_nan() { shown } else { format!("{shown}, {times:.1} times the supplier's usual amount") }
}

/// A number of things.
fn count(number: u32, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
