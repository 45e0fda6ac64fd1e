//! Each reason for leaving an account or an invoice alone: a case in which it holds and one in which it only nearly does.

use super::*;

/// On 2026-03-10 the only invoice is nine days past due and the first step is to be taken, but for what is added.
pub(super) fn on_tenth(more: &[(&str, &str)]) -> String {
    let rows: Vec<(&str, &str)> = [C1, A1].iter().chain(more).copied().collect();
    shorts(&rows, "2026-03-10").join(", ")
}

pub(super) const DUE: &str = "0 due friendly";

#[test]
fn nothing_added_is_due() {
    assert_eq!(on_tenth(&[]), DUE);
}

#[test]
fn paid() {
    let paid = |amount| {
        on_tenth(&[
            ("payments", &format!("P,c1,2026-03-09,{amount},EUR")),
            ("allocations", &format!("P,A1,{amount},EUR")),
        ])
    };
    assert_eq!(paid("1000.00"), "", "nothing is open");
    assert_eq!(paid("975.00"), DUE, "25.00 are left: the minimum");
    assert_eq!(paid("975.01"), "0 below_minimum");
}

#[test]
fn paid_in_part_stays_in() {
    let rows = [C1, A1, ("payments", "P,c1,2026-03-09,500.00,EUR"), ("allocations", "P,A1,500.00,EUR")];
    let own = Policies::read(&[]).unwrap();
    let balance = judge(&ledger(&rows), "2026-03-10", &own, |_, _, stages| stages.rows[0].balance);
    assert_eq!(balance, 50_000);
}

#[test]
fn unapplied_money_covers_it() {
    let on_account = |amount| on_tenth(&[("payments", &format!("P,c1,2026-03-09,{amount},EUR"))]);
    assert_eq!(on_account("1000.00"), "0 unapplied_cash_covers_it");
    assert_eq!(on_account("975.01"), "0 below_minimum");
    assert_eq!(on_account("975.00"), DUE);
    // 900.00 more, not due yet: 1000.00 on account still covers what is overdue.
    let later = ("invoices", "A2,c1,2026-03-01,2026-05-01,900.00,EUR,,");
    assert_eq!(on_tenth(&[later, ("payments", "P,c1,2026-03-09,1000.00,EUR")]), "0 unapplied_cash_covers_it");
    assert_eq!(on_tenth(&[later, ("payments", "P,c1,2026-03-11,1000.00,EUR")]), DUE, "it comes tomorrow");
}

#[test]
fn disputed() {
    let disputed = |days| {
        shorts(&[C1, ("invoices", &format!("A1,c1,2026-02-01,2026-03-01,1000.00,EUR,{days}"))], "2026-03-10")
            .join("")
    };
    assert_eq!(disputed("2026-03-05,"), "0 disputed");
    assert_eq!(disputed("2026-03-05,2026-03-10"), DUE, "resolved today");
    assert_eq!(disputed("2026-03-11,"), DUE, "raised tomorrow");
    assert_eq!(on_tenth(&[("activities", "2026-02-20,c1,A1,call,dispute,,,,")]), "0 disputed");
}

#[test]
fn promised_with_the_days_of_tolerance() {
    let by = |day| on_tenth(&[("activities", &format!("2026-02-20,c1,,call,promise,{day},,,"))]);
    assert_eq!(by("2026-03-07"), "0 promise_not_yet_due", "three days of tolerance end today");
    assert_eq!(by("2026-03-06"), DUE);
    let amount = |amount| {
        on_tenth(&[("activities", &format!("2026-02-20,c1,,call,promise,2026-03-07,{amount},EUR,"))])
    };
    assert_eq!(amount("1000.00"), "0 promise_not_yet_due");
    assert_eq!(amount("999.99"), DUE, "it does not pay the invoice");
}

#[test]
fn paused() {
    let pause = |row| on_tenth(&[("pauses", row)]);
    assert_eq!(pause("c1,,2026-03-01,2026-03-10,flood"), "0 paused", "its last day");
    assert_eq!(pause("c1,,2026-03-01,2026-03-09,flood"), DUE);
    assert_eq!(pause("c1,,2026-03-11,,flood"), DUE, "it begins tomorrow");
    assert_eq!(pause("c1,A1,2026-03-01,,new contact"), "0 paused", "until it is taken back");
}

#[test]
fn in_a_plan_on_schedule() {
    let plan = [
        C1,
        A1,
        ("plans", "P1,1,c1,2026-03-02,2026-03-05,500.00,EUR"),
        ("plans", "P1,2,c1,2026-03-02,2026-04-05,500.00,EUR"),
    ];
    let with = |more: &[(&str, &str)], on| shorts(&[&plan, more].concat(), on).join("");
    assert_eq!(with(&[], "2026-03-10"), "0 plan_on_schedule", "five days of tolerance end today");
    assert_eq!(with(&[], "2026-03-11"), DUE);
    let paid = [("payments", "P,c1,2026-03-09,500.00,EUR"), ("allocations", "P,A1,500.00,EUR")];
    assert_eq!(with(&paid, "2026-03-11"), "0 plan_on_schedule");
    let short = [("payments", "P,c1,2026-03-09,499.99,EUR"), ("allocations", "P,A1,499.99,EUR")];
    assert_eq!(with(&short, "2026-03-11"), DUE);
    let own = Policies::read(&[]).unwrap();
    assert_eq!(
        sentence(&[&plan[..], &short].concat(), "2026-03-11", &own),
        "step 1 `friendly` is due: 10 days past due, no step was taken yet; plan P1 is broken: 499.99 EUR of 500.00 EUR due by 2026-03-05 came"
    );
    // What was billed after the plan was agreed is not in it.
    let later = [("invoices", "A2,c1,2026-03-03,2026-03-04,80.00,EUR,,")];
    assert_eq!(with(&later, "2026-03-10"), DUE);
}

#[test]
fn not_to_be_contacted() {
    let flags = |flags| {
        shorts(&[("customers", &format!("c1,One,,,,,a@example.com,12,{flags},false")), A1], "2026-03-10")
            .join("")
    };
    assert_eq!(flags("false,true"), "0 do_not_contact");
    assert_eq!(flags("true,false"), DUE, "a vip");
}

#[test]
fn handed_over() {
    let rows = |on| [C1, A1, ("activities", on)];
    // 60 days after due an agency has it; lawyers get it after 90, on 2026-05-30.
    assert_eq!(shorts(&rows("2026-05-01,c1,,letter,sent,,,,agency"), "2026-05-20").join(""), "7 handed_over");
    assert_eq!(shorts(&rows("2026-05-01,c1,,letter,sent,,,,agency"), "2026-05-30").join(""), "7 due legal");
    assert_eq!(
        shorts(&rows("2026-05-01,c1,,letter,sent,,,,suspension"), "2026-05-20").join(""),
        "6 due agency"
    );
    assert_eq!(shorts(&rows("2026-06-01,c1,,letter,sent,,,,legal"), "2026-06-20").join(""), "8 handed_over");
    let own = Policies::read(&[]).unwrap();
    let reason =
        judge(&ledger(&rows("2026-05-01,c1,,letter,sent,,,,agency")), "2026-05-30", &own, |_, _, stages| {
            stages.rows[0].no_call.clone()
        });
    assert_eq!(reason.map(|reason| reason.name()), Some("handed_over"), "no collector calls");
}

#[test]
fn one_invoice_held_leaves_the_others() {
    let other = ("invoices", "A2,c1,2026-02-01,2026-03-05,300.00,EUR,,");
    let own = Policies::read(&[]).unwrap();
    for held in [
        ("pauses", "c1,A1,2026-03-01,,new contact"),
        ("activities", "2026-02-20,c1,A1,call,dispute,,,,"),
        ("activities", "2026-02-20,c1,A1,call,promise,2026-03-12,,,"),
    ] {
        let balance = judge(&ledger(&[C1, A1, other, held]), "2026-03-10", &own, |_, _, stages| {
            assert!(
                matches!(stages.rows[0].decision, Decision::Due(step, _) if step.name == "friendly"),
                "{held:?}"
            );
            stages.rows[0].balance
        });
        assert_eq!(balance, 30_000);
    }
}
