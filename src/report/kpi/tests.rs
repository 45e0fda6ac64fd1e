//! Every formula against figures calculated by hand or published, from sums.

use super::tally::Month;
use super::*;

pub(super) const EUR: Currency = Currency::new(*b"EUR", 2);

pub(super) fn day(text: &str) -> Day {
    Day::from_iso(text).unwrap()
}

/// A figure of a tally over the `days` before 2025-06-30, as text.
fn figure(name: &str, tally: &Tally, days: i32) -> String {
    let to = day("2025-06-30");
    let period = Period { from: to.plus(1 - days), to };
    let frame = Frame { currency: EUR, period, begins: None, at_rates: false };
    text(&of(&frame, tally, None), name)
}

pub(super) fn text(figures: &[Kpi], name: &str) -> String {
    let found = figures.iter().find(|kpi| kpi.formula.name == name).unwrap();
    found.value.as_ref().map_or_else(Clone::clone, ToString::to_string)
}

fn month(days: i32, sales: i128, open: i128, aged: i128) -> Month {
    Month { start: Day(0), days, sales, open, aged }
}

#[test]
fn collection_effectiveness_in_both_conventions() {
    // Published: 400,000 at the beginning, 1,200,000 sold, 350,000 open at the end, 280,000 of it current: 94.7 %.
    let tally =
        Tally { beginning: 400_000, sales: 1_200_000, ending: 350_000, current: 280_000, ..Tally::default() };
    assert_eq!(figure("cei_period", &tally, 90), "94.7");
    // Published: 6,200 + 10,890 / 3 - 6,340 over 6,200 + 10,890 / 3 - 3,590: 55.9 %.
    let tally = Tally { beginning: 6_200, sales: 10_890, ending: 6_340, current: 3_590, ..Tally::default() };
    assert_eq!(figure("cei_monthly", &tally, 90), "55.9");
    // The same over the whole period: 10,750 / 13,500 = 79.63 %.
    assert_eq!(figure("cei_period", &tally, 90), "79.6");
}

#[test]
fn days_sales_outstanding_and_its_parts() {
    // Published: 10,869 x 90 / (5,538 + 4,566 + 7,570) = 55.35 days.
    let tally = Tally { ending: 10_869, current: 6_000, sales: 17_674, ..Tally::default() };
    assert_eq!(figure("dso", &tally, 90), "55.3");
    // 6,000 x 90 / 17,674 = 30.55; 4,869 x 90 / 17,674 = 24.79.
    assert_eq!(figure("bpdso", &tally, 90), "30.6");
    assert_eq!(figure("add", &tally, 90), "24.8");
    assert_eq!(figure("ddso", &tally, 90), "24.8");
}

#[test]
fn countback_uses_up_months_from_the_end() {
    // Published: 212,000 open, sales of 70,000, 80,000 and 100,000 in months of 30 days: 60 + 30 x 32 / 70 = 73.7 days.
    let months = [70_000, 80_000, 100_000].map(|sales| month(30, sales, 0, 0)).to_vec();
    let tally = Tally { ending: 212_000, months: months.clone(), ..Tally::default() };
    assert_eq!(figure("dso_countback", &tally, 90), "73.7");
    // 180,000 is exactly two months; nothing open is no day at all; more than all sales has no answer.
    assert_eq!(
        figure("dso_countback", &Tally { ending: 180_000, months: months.clone(), ..Tally::default() }, 90),
        "60.0"
    );
    assert_eq!(figure("dso_countback", &Tally { months: months.clone(), ..Tally::default() }, 90), "0.0");
    let all = Tally { ending: 250_001, months, ..Tally::default() };
    assert_eq!(
        figure("dso_countback", &all, 90),
        "not defined: more is open than was ever sold in this ledger"
    );
    // A month without sales passes in full: 31 days, then 30 x 50 / 100.
    let gap = vec![month(30, 100, 0, 0), month(31, 0, 0, 0)];
    assert_eq!(figure("dso_countback", &Tally { ending: 50, months: gap, ..Tally::default() }, 90), "46.0");
}

#[test]
fn sales_weighted_and_true_dso_relate_each_month_to_its_own_sales() {
    // May: 20 of 80 open, 31 days, 45 days old. June: 45 of 60 open, 30 days, 10 days old.
    // Sales-weighted: 7.75 + 22.5 = 30.25. True: 45 x 20 / 80 + 10 x 45 / 60 = 11.25 + 7.5 = 18.75.
    let months = vec![month(31, 80, 20, 900), month(30, 60, 45, 450)];
    let tally = Tally { ending: 65, months, ..Tally::default() };
    assert_eq!(figure("dso_sales_weighted", &tally, 90), "30.3");
    assert_eq!(figure("dso_true", &tally, 90), "18.8");
}

#[test]
fn days_beyond_terms_are_weighted_by_amount() {
    // 300 paid 10 days late and 100 paid 5 days early, 40 and 25 days after issue: 2,500 / 400 and 14,500 / 400.
    let tally = Tally { settled: 400, beyond_terms: 2_500, since_issue: 14_500, ..Tally::default() };
    assert_eq!(figure("dbt", &tally, 90), "6.3");
    assert_eq!(figure("adtp", &tally, 90), "36.3");
}

#[test]
fn what_cannot_be_divided_is_said() {
    let nothing = Tally::default();
    assert_eq!(figure("dso", &nothing, 90), "not defined: no credit sales in the period");
    assert_eq!(
        figure("cei_period", &nothing, 90),
        "not defined: nothing was there to be collected in the period"
    );
    assert_eq!(figure("dbt", &nothing, 90), "not defined: nothing was settled in the period");
    assert_eq!(figure("unapplied_cash_share", &nothing, 90), "not defined: nothing is open");
    assert_eq!(
        figure("cure_rate", &nothing, 90),
        "not defined: no account was past due when the period began"
    );
    let huge = Tally { ending: i128::MAX / 1_000, sales: 1, ..Tally::default() };
    assert_eq!(figure("dso", &huge, 90), "not defined: too large");
}

#[test]
fn balances_roll_into_the_next_bucket() {
    // 30 days before: 200 not due, 50 in 1-30, 8 in 91-120. Now: 40 in 1-30, 20 in 31-60, 6 in 121-150, 99 older.
    let positions = vec![[0, 40, 20, 0, 0, 6, 99], [200, 50, 0, 0, 8, 0, 77]];
    let tally = Tally { positions, ..Tally::default() };
    let to = day("2025-06-30");
    let frame = Frame {
        currency: EUR,
        period: Period { from: day("2025-06-01"), to },
        begins: None,
        at_rates: false,
    };
    let rates = roll::all(&frame, &tally);
    let rate = |part: &str| {
        let kpi = rates.iter().find(|kpi| kpi.part == part).unwrap();
        (kpi.value.clone(), kpi.period.from.to_string(), kpi.period.to.to_string())
    };
    let (from, to) = ("2025-06-01".to_owned(), to.to_string());
    assert_eq!(rate("not_due to 1-30"), (Ok(Tenths(200)), from.clone(), to.clone()));
    assert_eq!(rate("1-30 to 31-60"), (Ok(Tenths(400)), from.clone(), to.clone()));
    assert_eq!(
        rate("31-60 to 61-90"),
        (Err("not defined: the bucket was empty".to_owned()), from.clone(), to.clone())
    );
    assert_eq!(rate("91-120 to 121-150"), (Ok(Tenths(750)), from, to));
}

#[test]
fn promises_are_kept_by_count_and_by_amount() {
    // Three of four were kept in full; the fourth, of 400 of 1,000, by half: 800 / 1,000.
    let promised = PromisesDue { due: 4, kept: 3, amount_due: 1_000, amount_kept: 800 };
    let to = day("2025-06-30");
    let frame = Frame { currency: EUR, period: Period { from: to, to }, begins: None, at_rates: false };
    let figures = share::all(&frame, &Tally::default(), Some(&promised));
    assert_eq!(text(&figures, "promise_kept_rate"), "75.0");
    assert_eq!(text(&figures, "promise_kept_amount"), "80.0");
}

#[test]
fn every_formula_is_named_once_and_documented() {
    let names: std::collections::BTreeSet<&str> = FORMULAS.iter().map(|formula| formula.name).collect();
    assert_eq!(names.len(), FORMULAS.len());
    let page = include_str!("../../../docs/KPIS.md");
    for formula in FORMULAS {
        let row = format!("| `{}` | {} | {} |", formula.name, formula.unit.name(), formula.text);
        assert!(page.contains(&row), "docs/KPIS.md lacks:\n{row}");
    }
}
