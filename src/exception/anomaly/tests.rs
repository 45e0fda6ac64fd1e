//! Cases made by hand: one bill that differs in one way among bills that are alike.

use super::*;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::exception::duplicate::BillKind;

const EUR: Currency = Currency::new(*b"EUR", 2);

/// Three suppliers that bill weekly about a thousand each.
fn usual(nth: usize) -> Bill<'static> {
    let day = Day(18_000 + nth as i32 / 3 * 7);
    Bill {
        number: "",
        supplier: (nth % 3) as u32,
        name: "",
        account: ["A-11111", "B-22222", "C-33333"][nth % 3],
        issued: day,
        posted: day.plus(2),
        amount: 100_000 + (nth as i64 * 7_919) % 20_011,
        currency: EUR,
        order: "PO",
        voucher: "",
        kind: BillKind::Invoice,
    }
}

fn first_of(odd: Bill<'static>) -> Anomaly {
    let mut bills: Vec<Bill> = (0..300).map(usual).collect();
    bills[150] = odd;
    let mut found = oddest(&bills, 1, 1).unwrap();
    assert_eq!((found.len(), found[0].bill), (1, 150), "{found:?}");
    found.remove(0)
}

#[test]
fn an_amount_far_from_the_suppliers_median_says_how_far() {
    let reasons = first_of(Bill { amount: 1_500_000, ..usual(150) }).reasons.join("; ");
    assert!(reasons.contains("times this supplier's median"), "{reasons}");
}

#[test]
fn an_account_that_the_supplier_never_had_is_named() {
    let reasons = first_of(Bill { account: "X-99999", ..usual(150) }).reasons.join("; ");
    assert!(reasons.contains("to account X-99999"), "{reasons}");
}

#[test]
fn a_bill_without_an_order_among_such_with_one_is_found() {
    let reasons = first_of(Bill { order: "", ..usual(150) }).reasons.join("; ");
    assert!(reasons.contains("without an order"), "{reasons}");
}

#[test]
fn the_budget_decides_how_many_and_rows_may_stand_in_any_order() {
    let bills: Vec<Bill> = (0..300).map(usual).collect();
    let turned: Vec<Bill> = bills.iter().rev().copied().collect();
    let found = |bills: &[Bill]| oddest(bills, 7, 1).unwrap();
    let mirrored: Vec<usize> = found(&turned).iter().map(|anomaly| 299 - anomaly.bill).collect();
    assert_eq!(found(&bills).iter().map(|anomaly| anomaly.bill).collect::<Vec<_>>(), mirrored);
    assert_eq!(mirrored.len(), 7);
    assert!(oddest(&bills[..49], 7, 1).is_err());
}

#[test]
fn ranks_run_from_zero_to_one_and_equals_share_one() {
    assert_eq!(ranks(&[5.0, 1.0, 5.0, 9.0, 0.0]), [0.625, 0.25, 0.625, 1.0, 0.0]);
}
