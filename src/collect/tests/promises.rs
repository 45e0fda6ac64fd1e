//! What becomes of promises.

use super::*;
use crate::collect::promise::states;

/// A promise made on 2026-03-05 for the 10th; three days of tolerance make it the 13th.
fn promised(promise: &str, paid: &[(&str, &str)], on: &str) -> Vec<(i64, i64, &'static str)> {
    let rows = [&[C1, A1, ("activities", promise)], paid].concat();
    let own = Policies::read(&[]).unwrap();
    judge(&ledger(&rows), on, &own, |view, _, _| {
        states(view, &own).iter().map(|one| (one.amount, one.kept, one.state.name())).collect()
    })
}

const WHOLE: &str = "2026-03-05,c1,A1,call,promise,2026-03-10,,,";
const PART: &str = "2026-03-05,c1,,call,promise,2026-03-10,400.00,EUR,";

#[test]
fn a_promise_is_open_kept_partly_kept_or_broken() {
    let paid = |on: &str, amount: &str| {
        [("payments", format!("P,c1,{on},{amount},EUR")), ("allocations", format!("P,A1,{amount},EUR"))]
    };
    let look = |promise, on_paid: &str, amount: &str, on| {
        let paid = paid(on_paid, amount);
        let paid: Vec<(&str, &str)> = paid.iter().map(|(table, row)| (*table, row.as_str())).collect();
        promised(promise, &paid, on)
    };
    assert_eq!(promised(WHOLE, &[], "2026-03-13"), [(100_000, 0, "open")], "the tolerance ends today");
    assert_eq!(promised(WHOLE, &[], "2026-03-14"), [(100_000, 0, "broken")]);
    assert_eq!(look(WHOLE, "2026-03-13", "1000.00", "2026-03-20"), [(100_000, 100_000, "kept")]);
    assert_eq!(look(WHOLE, "2026-03-14", "1000.00", "2026-03-20"), [(100_000, 0, "broken")], "a day late");
    assert_eq!(
        look(WHOLE, "2026-03-06", "1000.00", "2026-03-06"),
        [(100_000, 100_000, "kept")],
        "kept before its day"
    );
    assert_eq!(look(WHOLE, "2026-03-08", "999.99", "2026-03-14"), [(100_000, 99_999, "partially_kept")]);
    assert_eq!(look(PART, "2026-03-08", "400.00", "2026-03-14"), [(40_000, 40_000, "kept")]);
    assert_eq!(
        look(PART, "2026-03-08", "900.00", "2026-03-14"),
        [(40_000, 40_000, "kept")],
        "no more than was promised"
    );
    assert_eq!(look(PART, "2026-03-08", "100.00", "2026-03-14"), [(40_000, 10_000, "partially_kept")]);
    // Without an amount it is all that was open on the day it was made.
    let all = "2026-03-05,c1,,call,promise,2026-03-10,,,";
    assert_eq!(look(all, "2026-03-04", "300.00", "2026-03-14"), [(70_000, 0, "broken")]);
}

const A2: (&str, &str) = ("invoices", "A2,c1,2026-02-06,2026-03-05,500.00,EUR,,");

/// States of promises in the order of the table, with 1,000.00 owed on A1 and 500.00 on A2, on 2026-03-20.
fn several(promises: &[&str], paid: &[(&str, &str)]) -> Vec<(i64, i64, &'static str)> {
    let promises = promises.iter().map(|row| ("activities", *row));
    let rows: Vec<(&str, &str)> =
        [C1, A1, A2].into_iter().chain(promises).chain(paid.iter().copied()).collect();
    let own = Policies::read(&[]).unwrap();
    judge(&ledger(&rows), "2026-03-20", &own, |view, _, _| {
        states(view, &own).iter().map(|one| (one.amount, one.kept, one.state.name())).collect()
    })
}

#[test]
fn money_keeps_one_promise() {
    let paid = |invoice: &'static str, row: &'static str| [("payments", row), ("allocations", invoice)];
    let part = paid("P,A1,400.00,EUR", "P,c1,2026-03-08,400.00,EUR");
    let whole = paid("P,A1,1000.00,EUR", "P,c1,2026-03-08,1000.00,EUR");
    // Of two promises of 400.00, one payment of 400.00 keeps the one for the earlier day, whichever was made first.
    let later = "2026-03-04,c1,,call,promise,2026-03-12,400.00,EUR,";
    assert_eq!(several(&[PART, later], &part), [(40_000, 0, "broken"), (40_000, 40_000, "kept")]);
    // Money on an invoice is first that of the promise about it, for a later day though it be.
    let about = "2026-03-05,c1,A1,call,promise,2026-03-12,,,";
    assert_eq!(several(&[PART, about], &whole), [(40_000, 0, "broken"), (100_000, 100_000, "kept")]);
    // An invoice promised twice is paid once: the second promise is neither kept nor broken.
    assert_eq!(several(&[WHOLE, about], &whole), [(100_000, 100_000, "kept"), (0, 0, "repeated")]);
    let named = "2026-03-06,c1,A1,call,promise,2026-03-12,1000.00,EUR,";
    assert_eq!(several(&[WHOLE, named], &whole), [(100_000, 100_000, "kept"), (0, 0, "repeated")]);
    // The account's 1,500.00 less the 1,000.00 that came and keep the promise about A1: 500.00 never came.
    let account = "2026-03-06,c1,,call,promise,2026-03-12,,,";
    assert_eq!(several(&[WHOLE, account], &whole), [(100_000, 100_000, "kept"), (50_000, 0, "broken")]);
}

#[test]
fn a_promise_of_what_is_not_owed_is_told() {
    let dollars = "2026-03-05,c1,,call,promise,2026-03-10,400.00,USD,";
    assert_eq!(several(&[dollars], &[]), [(40_000, 0, "nothing_owed")]);
    // Paid the day before: nothing was open when the account was promised.
    let paid = [
        ("payments", "P,c1,2026-03-04,1500.00,EUR"),
        ("allocations", "P,A1,1000.00,EUR"),
        ("allocations", "P,A2,500.00,EUR"),
    ];
    let account = "2026-03-05,c1,,call,promise,2026-03-10,,,";
    assert_eq!(several(&[account], &paid), [(0, 0, "nothing_owed")]);
}
