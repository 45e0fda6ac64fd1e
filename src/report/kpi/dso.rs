//! Days sales outstanding, in its named variants. All of them are of open invoices: unapplied cash and credit is not taken off,
//! and has a share of its own.

use super::figure::{Formula, Frame, Input, Kpi, Unit, quotient};
use super::tally::{Month, Tally};

pub const DSO: Formula = Formula {
    name: "dso",
    unit: Unit::Days,
    text: "open receivables at the end / credit sales of the period x days of the period",
};

pub const BPDSO: Formula = Formula {
    name: "bpdso",
    unit: Unit::Days,
    text: "receivables not past due at the end / credit sales of the period x days of the period",
};

pub const ADD: Formula = Formula {
    name: "add",
    unit: Unit::Days,
    text: "DSO - BPDSO = (open receivables - receivables not past due) / credit sales of the period x days of the period",
};

pub const DDSO: Formula = Formula {
    name: "ddso",
    unit: Unit::Days,
    text: "receivables past due at the end / credit sales of the period x days of the period",
};

pub const COUNTBACK: Formula = Formula {
    name: "dso_countback",
    unit: Unit::Days,
    text: "open receivables less the sales of month before month, back from the end, until nothing is left; the days of the \
           months used up, and of the last one the part used",
};

pub const SALES_WEIGHTED: Formula = Formula {
    name: "dso_sales_weighted",
    unit: Unit::Days,
    text: "sum over the months: still open of the month's sales / sales of the month x days of the month",
};

pub const TRUE: Formula = Formula {
    name: "dso_true",
    unit: Unit::Days,
    text: "sum over open invoices: days since issue x open balance / sales of the month in which it was booked",
};

const NO_SALES: &str = "no credit sales in the period";

/// Parts of a day that are kept while shares of several months are summed.
const FINE: i128 = 1_000_000_000;

pub(super) fn all(frame: &Frame, tally: &Tally) -> Vec<Kpi> {
    let sales = ("credit sales", Input::Money(tally.sales));
    let days = ("days", Input::Count(i64::from(frame.period.days())));
    let open = ("open receivables", Input::Money(tally.ending));
    let current = ("not past due", Input::Money(tally.current));
    let past_due = tally.ending - tally.current;
    let of = |amount: i128| frame.whole(quotient(amount.saturating_mul(frame.days()), tally.sales, NO_SALES));
    vec![
        frame.kpi(&DSO, &[open, sales, days], of(tally.ending)),
        frame.kpi(&BPDSO, &[current, sales, days], of(tally.current)),
        frame.kpi(&ADD, &[open, current, sales, days], of(past_due)),
        frame.kpi(&DDSO, &[("past due", Input::Money(past_due)), sales, days], of(past_due)),
        countback(frame, tally),
        sales_weighted(frame, tally),
        true_dso(frame, tally),
    ]
}

fn countback(frame: &Frame, tally: &Tally) -> Kpi {
    let (mut left, mut days) = (tally.ending, 0_i128);
    let mut used = Vec::new();
    let mut value = Err("not defined: more is open than was ever sold in this ledger".to_owned());
    for month in tally.months.iter().rev() {
        used.push(month);
        if left <= month.sales {
            // Nothing open uses up nothing of a month, with sales or without.
            let sales = month.sales.max(1);
            let part = left.saturating_mul(i128::from(month.days));
            value = quotient(days.saturating_mul(sales).saturating_add(part), sales, NO_SALES);
            break;
        }
        left -= month.sales;
        days += i128::from(month.days);
    }
    let inputs = [
        ("open receivables", Input::Money(tally.ending)),
        ("days of the months used up", Input::Count(days as i64)),
        ("left for the last month", Input::Money(left)),
    ];
    let sales = |month: &Month| frame.currency.format_total(month.sales);
    frame
        .kpi(&COUNTBACK, &inputs, value)
        .with("sales by month, latest first", by_month(used.into_iter(), sales))
}

fn sales_weighted(frame: &Frame, tally: &Tally) -> Kpi {
    let shares =
        with_open(tally).map(|month| fine(month.open.saturating_mul(i128::from(month.days)), month.sales));
    let text = |minor: i128| frame.currency.format_total(minor);
    let months = by_month(with_open(tally), |month| {
        format!("{} of {} in {} days", text(month.open), text(month.sales), month.days)
    });
    let open = [("open receivables", Input::Money(tally.ending))];
    frame.kpi(&SALES_WEIGHTED, &open, summed(shares)).with("open of sales by month, latest first", months)
}

fn true_dso(frame: &Frame, tally: &Tally) -> Kpi {
    let shares = with_open(tally).map(|month| fine(month.aged, month.sales));
    let text = |minor: i128| frame.currency.format_total(minor);
    let months =
        by_month(with_open(tally), |month| format!("{} x days / {}", text(month.aged), text(month.sales)));
    let open = [("open receivables", Input::Money(tally.ending))];
    frame
        .kpi(&TRUE, &open, summed(shares))
        .with("open balances x days / sales by month, latest first", months)
}

/// Months with anything still open, latest first.
fn with_open(tally: &Tally) -> impl Iterator<Item = &Month> {
    tally.months.iter().rev().filter(|month| month.open > 0)
}

fn by_month<'a>(months: impl Iterator<Item = &'a Month>, text: impl Fn(&Month) -> String) -> String {
    let months: Vec<String> = months
        .map(|month| format!("{}-{:02} {}", month.start.year(), month.start.month(), text(month)))
        .collect();
    months.join(", ")
}

/// A quotient in billionths, so that many of them sum within a tenth; nothing where nothing was sold.
fn fine(dividend: i128, divisor: i128) -> i128 {
    dividend.saturating_mul(FINE).checked_div(divisor).unwrap_or_default()
}

fn summed(shares: impl Iterator<Item = i128>) -> Result<super::Tenths, String> {
    quotient(shares.sum(), FINE, "")
}
