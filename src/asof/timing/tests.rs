//! Records and cells worked out by hand.

use crate::asof::query::Queries;
use crate::asof::timing::{COVARIATES, Cell, Habits, Timing, cells};
use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::base::money::Currency;
use crate::ledger::{Invoice, Ledger, Settlement, Stamp};

/// An invoice of 100: account, day of issue, due day, and what was paid: day known, day it happened, amount.
type Facts<'a> = (u32, Day, Day, &'a [(Day, Day, i64)]);

fn ledger(facts: &[Facts]) -> Ledger {
    let mut ledger = Ledger { settlement_starts: vec![0], ..Ledger::default() };
    for (at, &(account, issued, due, paid)) in facts.iter().enumerate() {
        ledger.invoices.push(Invoice {
            id: at.to_string(),
            customer: account,
            account,
            document: at as u32,
            stamp: Stamp::on(issued),
            due,
            amount: 100,
            currency: Currency::new(*b"EUR", 2),
            discount: None,
            disputed: None,
            dispute_resolved: None,
        });
        let settlement = |&(known, happened, amount): &(Day, Day, i64)| Settlement {
            invoice: at as u32,
            stamp: Stamp { known, happened },
            amount,
        };
        ledger.settlements.extend(paid.iter().map(settlement));
        ledger.settlement_starts.push(ledger.settlements.len() as u32);
    }
    ledger
}

fn day(text: &str) -> Day {
    Day::from_iso(text).unwrap()
}

/// The covariates of a cell of a question about an invoice, by name.
fn covariates(facts: &[Facts], known: Day, question: (u32, Day), cell: Cell) -> Vec<(&'static str, f64)> {
    let ledger = ledger(facts);
    let view = LedgerView::new(&ledger, AsOf(known)).unwrap();
    let timing = Timing::new(&view);
    let habits = timing.habits(question.1);
    let periods = timing.periods(&Queries::new(&view, [question]), 0, &habits);
    COVARIATES.iter().map(|(name, _)| *name).zip(periods.covariates(cell)).collect()
}

fn single(day: i32) -> Cell {
    Cell { from: day, to: day }
}

fn figure(covariates: &[(&str, f64)], name: &str) -> f64 {
    covariates.iter().find(|(other, _)| *other == name).unwrap().1
}

fn near(covariates: &[(&str, f64)], expected: &[(&str, f64)]) {
    for (name, wanted) in expected {
        let found = figure(covariates, name);
        assert!((found - wanted).abs() < 1e-12, "{name} {found} {wanted}");
    }
}

/// Asked on Friday 1 March 2024 about the last one, due on Monday the 4th. Of the account's others, the first was paid a
/// day early, 180 days before, the second two days late, 90 days before, and the third is open, due three days before.
fn account() -> [Facts<'static>; 4] {
    const TODAY: i32 = 19_783;
    const PAID: [(Day, Day, i64); 2] =
        [(Day(TODAY - 180), Day(TODAY - 180), 100), (Day(TODAY - 90), Day(TODAY - 90), 100)];
    [
        (0, Day(TODAY - 200), Day(TODAY - 179), &PAID[..1]),
        (0, Day(TODAY - 100), Day(TODAY - 92), &PAID[1..]),
        (0, Day(TODAY - 10), Day(TODAY - 3), &[]),
        (0, Day(TODAY - 10), Day(TODAY + 3), &[]),
    ]
}

#[test]
fn a_cell_is_told_by_the_calendar_and_the_accounts_record() {
    let today = day("2024-03-01");
    let wednesday = covariates(&account(), today, (3, today), single(2));
    // Wednesday 6 March; the 1st, 4th and 5th were working days too, and there are 21 in the month.
    near(
        &wednesday,
        &[("offset", 2.0), ("days", 1.0), ("working_days", 1.0), ("weekday", 2.0), ("day_of_month", 6.0)],
    );
    near(&wednesday, &[("days_left", 25.0), ("working_day_of_month", 4.0), ("working_days_left", 17.0)]);
    near(&wednesday, &[("age", 15.0), ("since", 5.0), ("since_payment", 95.0)]);
    // Delays -1 and 2, the latter the last: (2 − 1/1.5) / (1 + 1/1.5) = 0.8 of late.
    near(&wednesday, &[("from_median", 1.5), ("from_last", 0.0), ("from_recent", 1.2)]);
    near(&wednesday, &[("from_q10", 2.7), ("from_q25", 2.25), ("from_q75", 0.75), ("from_q90", 0.3)]);
}

#[test]
fn hazards_are_shares_of_what_was_open() {
    let today = day("2024-03-01");
    let wednesday = covariates(&account(), today, (3, today), single(2));
    // Payments weigh ¼ (a day early) and ½ (two days late); the open one was last seen open two days late. The portfolio,
    // of all four: 4 open until 4 days before due, 3 until 1 day before, 2 until 2 days after, then none.
    let usual = |day: i32| match day {
        -1 => 1.01 / 4.0,
        0 | 1 => 0.01 / 3.0,
        2 => 1.01 / 3.0,
        _ => 0.01,
    };
    let wide: f64 = (-1..=5).map(usual).sum();
    near(
        &wednesday,
        &[
            ("hazard", (0.5 + 3.0 * usual(2)) / 4.5),
            ("hazard_1", (0.5 + 3.0 * (usual(1) + usual(2) + usual(3))) / 4.5),
            ("hazard_3", (0.75 + 3.0 * wide) / 4.75),
            ("still_open", 3.0 / 4.75),
        ],
    );
}

#[test]
fn weekdays_and_parts_of_the_month_are_drawn_to_the_portfolios() {
    let today = day("2024-03-01");
    // Paid on Saturday 2 December (weight ½) and Sunday 3 September (¼); with one more of each weekday, two of nine each.
    let at = |offset: i32| covariates(&account(), today, (3, today), single(offset));
    let saturday = (0.5 + 5.0 * 2.0 / 9.0) / 5.75;
    near(&at(5), &[("weekday_share", saturday), ("weekday_lift", saturday * 4.5)]);
    near(&at(2), &[("weekday_lift", 5.0 / 5.75), ("month_part_lift", 5.0 / 5.75)]);
    near(&at(0), &[("month_part_lift", (0.75 + 5.0 * 3.0 / 8.0) / 5.75 / (3.0 / 8.0))]);
    near(&at(2), &[("weekday_hazard", figure(&at(2), "hazard_1") * 5.0 / 5.75)]);
    // A week has no weekday.
    let week = covariates(&account(), today, (3, today), Cell { from: 21, to: 27 });
    near(&week, &[("days", 7.0), ("working_days", 5.0)]);
    assert!(["weekday", "weekday_lift", "weekday_share"].iter().all(|name| figure(&week, name).is_nan()));
}

#[test]
fn money_that_came_back_counts_until_it_did() {
    let paid = [(Day(1_010), Day(1_009), 100), (Day(1_030), Day(1_009), -100)];
    let facts: [Facts; 2] = [(0, Day(1_000), Day(1_005), &paid), (0, Day(1_001), Day(1_050), &[])];
    let at = |question: (u32, i32)| covariates(&facts, Day(1_040), (question.0, Day(question.1)), single(20));
    // Known on day 1010, and so on the next; on day 1030 that it came back is not known yet.
    assert!(figure(&at((1, 1_010)), "from_last").is_nan());
    near(&at((1, 1_011)), &[("from_last", 16.0)]);
    near(&at((1, 1_030)), &[("from_last", 16.0)]);
    assert!(figure(&at((1, 1_031)), "from_last").is_nan());
    // It is open again; half of three that the portfolio counts for is taken to be open too.
    near(&at((1, 1_031)), &[("still_open", 2.5 / 4.0)]);
    near(&at((1, 1_030)), &[("still_open", 1.5 / (3.0 + (-21.0_f64 / 90.0).exp2()))]);
    // What became of the invoice itself is no record.
    assert!(figure(&at((0, 1_030)), "from_last").is_nan());
}

#[test]
fn nothing_is_known_before_its_day() {
    let today = day("2024-03-01");
    let before = account();
    let later = [(today, today, 100)];
    let mut after = before.to_vec();
    // Settled on the day of the question, posted then although paid before, issued then.
    after[2].3 = &later;
    let posted = [(today, today.plus(-50), 100)];
    after.push((0, today.plus(-60), today.plus(-50), &posted));
    let mut without = before.to_vec();
    without.push((0, today.plus(-60), today.plus(-50), &[]));
    after.push((0, today, today.plus(9), &[]));
    let known = |facts: &[Facts], on: Day| covariates(facts, on, (3, today), single(2));
    assert_eq!(known(&after, today.plus(30)), known(&without, today.plus(-1)));
}

/// Two hundred invoices, paid on their due days from Monday to Friday.
fn weekday_habits() -> Habits {
    let paid: Vec<[(Day, Day, i64); 1]> = (0..280)
        .map(|at| Day(1_000 + at))
        .filter(|day| day.weekday() < 5)
        .map(|day| [(day, day, 100)])
        .collect();
    let facts: Vec<Facts> = paid.iter().map(|paid| (0, Day(990), paid[0].0, paid.as_slice())).collect();
    let ledger = ledger(&facts);
    Timing::new(&LedgerView::new(&ledger, AsOf(Day(1_300))).unwrap()).habits(Day(1_301))
}

#[test]
fn cells_are_weeks_but_for_the_days_around_due() {
    let ledger = ledger(&[(0, Day(1_000), Day(1_010), &[])]);
    let habits = Timing::new(&LedgerView::new(&ledger, AsOf(Day(1_000))).unwrap()).habits(Day(1_001));
    let from =
        |start: i32| cells(start, Day(1_010), &habits).map(|cell| (cell.from, cell.to)).collect::<Vec<_>>();
    assert_eq!(from(-18)[..3], [(-18, -15), (-14, -14), (-13, -13)]);
    assert_eq!(from(-70)[..2], [(-70, -64), (-63, -57)]);
    assert_eq!(from(-90)[0], (-90, -64));
    // 35 days and 15 weeks.
    assert_eq!((from(-14).len(), from(-14)[34], from(-14)[35]), (50, (20, 20), (21, 27)));
    assert_eq!(from(100), [(100, 104), (105, 111), (112, 118), (119, 125)]);
    assert_eq!(from(126), []);
}

#[test]
fn a_weekday_without_payments_is_no_cell() {
    let habits = weekday_habits();
    // Due on a Monday: the weekends are 5 and 6 days later, and so on.
    let monday = Day(1_001 + (7 - Day(1_001).weekday()) % 7);
    assert_eq!(monday.weekday(), 0);
    let days: Vec<i32> = cells(0, monday, &habits).map(|cell| cell.from).take(7).collect();
    assert_eq!(days, [0, 1, 2, 3, 4, 7, 8]);
    assert_eq!(cells(-14, monday, &habits).count(), 25 + 15);
    assert!(habits.is_sound());
    // Each of 200 was paid on its due day.
    assert!((habits.hazard(0, 0) - 200.01 / 201.0).abs() < 1e-12);
}

#[test]
fn habits_are_kept_and_damaged_ones_told() {
    let habits = weekday_habits();
    let written = serde_json::to_string(&habits).unwrap();
    assert_eq!(serde_json::from_str::<Habits>(&written).unwrap(), habits);
    let cut = written.replacen("[0.0,", "[", 1);
    assert_ne!(cut, written);
    assert!(!serde_json::from_str::<Habits>(&cut).unwrap().is_sound());
}
