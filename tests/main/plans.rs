//! The ledger's table of agreed plans: what does not make one plan is rejected where it is wrong, with all parts of that plan.

use duewise::base::error::Code;
use duewise::ledger::intake::Reject;
use duewise::ledger::load::{Opening, load};

use crate::support::Folder;

/// Codes, lines and columns of what is rejected of some parts.
fn rejects(parts: &[&str]) -> Vec<(Code, u64, String)> {
    let folder = Folder::new();
    folder.write("ledger/customers.csv", "id,name\nC1,Alder\nC2,Birch\n");
    folder.write(
        "ledger/invoices.csv",
        "id,customer,issued,due,amount,currency\nI1,C1,2025-01-10,2025-02-09,300.00,EUR\n",
    );
    let rows = parts.join("\n");
    folder.write("ledger/plans.csv", format!("plan,number,customer,agreed,due,amount,currency\n{rows}\n"));
    let loaded = load(&Opening::of(&folder.path().join("ledger"))).unwrap();
    // Whole or not at all.
    assert_eq!(loaded.ledger.plans.len() + loaded.intake.rejects.len(), parts.len());
    let reject = |reject: &Reject| {
        let place = &reject.place;
        (reject.code, place.row.unwrap(), place.column.clone().unwrap())
    };
    loaded.intake.rejects.iter().map(reject).collect()
}

const FIRST: &str = "P,1,C1,2025-02-15,2025-03-01,100.00,EUR";

#[test]
fn a_plan_of_one_agreement_is_taken() {
    let second = "P,2,C1,2025-02-15,2025-04-01,200.00,EUR";
    assert_eq!(rejects(&[FIRST, second]), []);
    // Rows may stand in any order, and another plan has its own terms; due on the day agreed, as a first payment may be.
    assert_eq!(rejects(&[second, FIRST, "Q,1,C2,2025-02-20,2025-02-20,5,USD"]), []);
    // The tenth part comes after the second, though its text stands before it.
    assert_eq!(rejects(&["P,10,C1,2025-02-15,2025-12-01,200.00,EUR", second, FIRST]), []);
}

#[test]
fn what_is_not_one_agreement_is_left_out_whole() {
    let both = |code: Code, column: &str| vec![(code, 2, column.to_owned()), (code, 3, column.to_owned())];
    let second = |row: &str| rejects(&[FIRST, row]);
    let unfit = Code::PlanPartInvalid;
    assert_eq!(second("P,2,C2,2025-02-15,2025-04-01,200.00,EUR"), both(unfit, "customer"));
    assert_eq!(second("P,2,C1,2025-02-16,2025-04-01,200.00,EUR"), both(unfit, "agreed"));
    assert_eq!(second("P,2,C1,2025-02-15,2025-04-01,200.00,USD"), both(unfit, "currency"));
    assert_eq!(second("P,2,C1,2025-02-15,2025-02-28,200.00,EUR"), both(unfit, "due"));
}

#[test]
fn a_part_that_is_wrong_by_itself_takes_its_plan_with_it() {
    let with_first = |code: Code, column: &str| {
        vec![(Code::LineRejected, 2, "plan".to_owned()), (code, 3, column.to_owned())]
    };
    let second = |row: &str| rejects(&[FIRST, row]);
    assert_eq!(second("P,2,C1,2025-02-15,2025-04-01,0.00,EUR"), with_first(Code::PlanPartInvalid, "amount"));
    assert_eq!(second("P,2,C1,2025-02-15,2025-04-01,-1.00,EUR"), with_first(Code::AmountNegative, "amount"));
    assert_eq!(second("P,2,C1,2025-02-15,2025-02-14,200.00,EUR"), with_first(Code::DueBeforeIssue, "due"));
    assert_eq!(
        second("P,2,C1,2025-02-15,2025-04-01,200.00,EUX"),
        with_first(Code::CurrencyUnknown, "currency")
    );
    assert_eq!(
        second("P,2,C9,2025-02-15,2025-04-01,200.00,EUR"),
        with_first(Code::CustomerUnknown, "customer")
    );
    assert_eq!(second("P,1,C1,2025-02-15,2025-04-01,200.00,EUR"), with_first(Code::IdRepeated, "plan"));
}

#[test]
fn a_row_exported_twice_spoils_no_plan() {
    assert_eq!(rejects(&[FIRST, FIRST]), [(Code::RowRepeated, 3, "plan".to_owned())]);
}
