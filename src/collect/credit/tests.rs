//! Advice on small accounts, worked out by hand.

use std::fmt::Write as _;

use super::*;
use crate::base::day::AsOf;
use crate::ledger::load::{self, Opening};

/// Advice as of 2025-12-31 on customer A, with a limit, terms in days, and invoices: issued, days late (`None`: open), amount.
fn advised(limit: &str, terms: i32, invoices: &[(&str, Option<i32>, i64)], late: Option<f64>) -> Advice {
    let mut rows = "id,customer,issued,due,amount,currency,settled\n".to_owned();
    for (number, (issued, days, amount)) in invoices.iter().enumerate() {
        let issued = Day::from_iso(issued).unwrap();
        let due = issued.plus(terms);
        let settled = days.map_or_else(String::new, |days| due.plus(days).to_string());
        writeln!(rows, "I{number},A,{issued},{due},{amount}.00,EUR,{settled}").unwrap();
    }
    let customers = format!("id,name,currency,credit_limit\nA,Ash,EUR,{limit}\n");
    let late = late.into_iter().map(|late| (0, late)).collect();
    of(&[("customers.csv", customers.as_str()), ("invoices.csv", rows.as_str())], &late).remove(0)
}

fn of(files: &[(&str, &str)], late: &BTreeMap<u32, f64>) -> Vec<Advice> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let loaded = load::load(&Opening::of(folder.path())).unwrap();
    assert_eq!(loaded.intake.rejects, [], "the fixture is sound");
    let view = LedgerView::new(&loaded.ledger, AsOf(Day::from_iso("2025-12-31").unwrap())).unwrap();
    advise(&view, late, Policy::default())
}

/// Ten invoices of 1,000 in ten months of 2025, each so many days late.
fn monthly(late: [i32; 10]) -> Vec<(&'static str, Option<i32>, i64)> {
    const ISSUED: [&str; 10] = [
        "2025-01-15",
        "2025-02-15",
        "2025-03-15",
        "2025-04-15",
        "2025-05-15",
        "2025-06-15",
        "2025-07-15",
        "2025-08-15",
        "2025-09-15",
        "2025-10-15",
    ];
    ISSUED.into_iter().zip(late).map(|(issued, late)| (issued, Some(late), 1_000)).collect()
}

#[test]
fn a_reliable_payer_is_given_room() {
    let mut invoices = monthly([-3, -1, 0, 0, -2, 0, 5, 0, 0, -4]);
    // A second one in October: 3,300 in the busiest month.
    invoices.push(("2025-10-20", Some(0), 2_300));
    let advice = advised("2000.00", 30, &invoices, None);
    assert_eq!(advice.band, Band::Reliable);
    // One of eleven late; the median is the due day.
    assert_eq!((advice.behaviour.late_percent(), advice.behaviour.median_days_late), (Some(9), Some(0)));
    // 3,300 x 30 / 30 x 125 % = 4,125, rounded to 4,100.
    assert_eq!((advice.peak_monthly, advice.suggested_limit), (330_000, 410_000));
    assert_eq!((advice.terms, advice.incentive), (Terms::Keep, Some(Incentive::HigherLimit)));
    assert_eq!(advice.review, Day::from_iso("2025-12-31").unwrap().plus(182));
    // With a limit that is ample: 8 % a year for the 20 days between the 10th and the 30th, 0.44 %.
    let ample = advised("9000.00", 30, &invoices, None);
    assert_eq!(ample.incentive, Some(Incentive::EarlyPayment { basis_points: 44, within_days: 10 }));
}

#[test]
fn a_slow_payer_is_given_less_and_for_a_shorter_time() {
    let advice = advised("2000.00", 30, &monthly([15; 10]), None);
    assert_eq!(advice.band, Band::Slow);
    // 1,000 x 45 / 30 x 75 % = 1,125, rounded to 1,100.
    assert_eq!((advice.suggested_limit, advice.terms), (110_000, Terms::Shorten(14)));
    assert_eq!(advice.incentive, None);
}

#[test]
fn getting_worse_and_being_at_risk_each_cost_a_band() {
    // The first five are due by 1 July, the day half a year back: two days late; the others nine.
    let worse = monthly([2, 2, 2, 2, 2, 9, 9, 9, 9, 9]);
    let advice = advised("", 30, &worse, None);
    assert_eq!((advice.behaviour.trend_days, advice.band), (Some(7), Band::Slow));
    assert_eq!(advised("", 30, &worse, Some(0.7)).band, Band::Poor);
    assert_eq!(advised("", 30, &monthly([2, 2, 2, 2, 2, 8, 8, 8, 8, 8]), Some(0.69)).band, Band::Usual);
}

#[test]
fn one_old_open_invoice_outweighs_a_good_past() {
    let mut invoices = monthly([0; 10]);
    // Due on 1 October: 91 days ago. 90 days are not yet enough.
    invoices.push(("2025-09-01", None, 500));
    let advice = advised("400.00", 30, &invoices, None);
    assert_eq!((advice.band, advice.terms, advice.suggested_limit), (Band::Failing, Terms::Prepayment, 0));
    assert_eq!((advice.exposure, advice.breach), (50_000, Some(10_000)));
    assert!(
        advice
            .reasons
            .iter()
            .any(|reason| reason.contains("500.00 EUR, 100.00 EUR more than its limit of 400.00 EUR"))
    );
    invoices[10].0 = "2025-09-02";
    assert_eq!(advised("500.00", 30, &invoices, None).band, Band::Reliable);
    assert_eq!(advised("500.00", 30, &invoices, None).breach, None);
}

#[test]
fn little_history_is_said() {
    let advice = advised("", 30, &monthly([0; 10])[..4], None);
    assert_eq!(advice.band, Band::New);
    assert_eq!(advice.reasons[0], "Only 4 invoices of the last year were settled or fell due.");
}

#[test]
fn longer_terms_are_for_long_and_sure_reliability() {
    let mut invoices = monthly([0; 10]);
    invoices.extend(monthly([0; 10]));
    invoices.extend(monthly([0; 10]));
    assert_eq!(advised("", 30, &invoices, Some(0.1)).terms, Terms::Longer(45));
    assert_eq!(advised("", 30, &invoices, Some(0.3)).terms, Terms::Keep);
    assert_eq!(advised("", 30, &invoices, None).terms, Terms::Keep);
    assert_eq!(advised("", 45, &invoices, Some(0.1)).terms, Terms::Keep);
}

#[test]
fn advice_is_for_those_who_buy_and_may_be_contacted_in_the_currency_of_the_limit() {
    let files = [
        (
            "customers.csv",
            "id,name,currency,credit_limit,do_not_contact,consumer\nA,Ash,USD,100.00,false,false\nB,Birch,,,true,false\nC,Cedar,,,false,false\n\
             D,Dogwood,,,false,false\nE,Elm,,,false,true\n",
        ),
        (
            "invoices.csv",
            "id,customer,issued,due,amount,currency\n\
             I1,A,2025-12-01,2025-12-31,70.00,EUR\nI2,A,2025-12-01,2025-12-31,80.00,EUR\nI3,A,2025-12-01,2025-12-31,90.00,USD\n\
             I4,B,2025-12-01,2025-12-31,70.00,EUR\nI5,C,2024-12-01,2024-12-31,70.00,EUR\nI6,D,2025-12-01,2025-12-31,5.00,USD\n\
             I7,D,2025-12-01,2025-12-31,7.00,EUR\nI8,E,2025-12-01,2025-12-31,7.00,EUR\n",
        ),
        ("payments.csv", "id,customer,day,amount,currency\nP1,A,2025-12-05,20.00,USD\n"),
    ];
    let advice = of(&files, &BTreeMap::new());
    let seen: Vec<(u32, &str, i64)> =
        advice.iter().map(|one| (one.customer, one.currency.code(), one.exposure)).collect();
    // A in dollars, 20 of its 90 covered; D in the first of two currencies; B may not be contacted, C has not bought for a
    // year, E is a natural person.
    assert_eq!(seen, [(0, "USD", 7_000), (3, "EUR", 700)]);
}
