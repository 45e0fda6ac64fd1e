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
