//! The way up the ladder, and what brings an account down.

use super::*;

fn contact(text: &str) -> (&str, &str) {
    ("activities", text)
}

#[test]
fn every_decision_says_why() {
    let own = Policies::read(&[]).unwrap();
    let friendly = contact("2026-03-04,c1,,email,sent,,,,friendly");
    let follow_up = contact("2026-03-11,c1,,email,sent,,,,follow_up");
    for (rows, on, expected) in [
        (vec![], "2026-02-20", "nothing is overdue; the next is due on 2026-03-01"),
        (vec![], "2026-02-24", "notice `pre_due` is due; the next is due on 2026-03-01"),
        (
            vec![contact("2026-02-24,c1,A1,email,sent,,,,pre_due")],
            "2026-02-28",
            "nothing is overdue; the next is due on 2026-03-01",
        ),
        (vec![], "2026-03-02", "step 1 `friendly` waits until 2026-03-04: it begins then, 1 day past due"),
        (vec![], "2026-03-04", "step 1 `friendly` is due: 3 days past due, no step was taken yet"),
        (vec![friendly], "2026-03-18", "step 2 `follow_up` is due: 17 days past due, step 1 was 14 days ago"),
        (
            vec![friendly, follow_up],
            "2026-03-18",
            "step 3 `call` is due: 17 days past due, step 2 was 7 days ago",
        ),
        // Nothing was done for two months: the first step comes first.
        (vec![], "2026-05-01", "step 1 `friendly` is due: 61 days past due, no step was taken yet"),
        // Its letter asked for payment by the 11th.
        (
            vec![contact("2026-04-01,c1,,letter,sent,,,,final_notice")],
            "2026-04-10",
            "step 5 `plan_offer` waits until 2026-04-12: 10 days to answer step 4, 40 days past due",
        ),
        (
            vec![contact("2026-04-18,c1,,letter,sent,,,,suspension")],
            "2026-05-01",
            "step 7 `agency` is due: 61 days past due, step 6 was 13 days ago; 25 % of what is collected is kept, 250.00 EUR of all",
        ),
    ] {
        let all: Vec<(&str, &str)> = [C1, A1].into_iter().chain(rows).collect();
        assert_eq!(sentence(&all, on, &own), expected, "{on}");
    }
}

#[test]
fn a_step_that_is_not_for_the_account_is_passed_over_and_said() {
    let own = Policies::read(&[]).unwrap();
    let small = ("invoices", "A1,c1,2026-02-01,2026-03-01,499.99,EUR,,");
    let rows = [C1, small, contact("2026-04-01,c1,,letter,sent,,,,final_notice")];
    assert_eq!(
        sentence(&rows, "2026-04-15", &own),
        "step 6 `suspension` is due: 45 days past due, step 4 was 14 days ago; step 5 `plan_offer` is passed over: 499.99 EUR is less than 500"
    );
}

#[test]
fn contacts_that_name_no_step_raise_by_one_and_never_past_a_persons_word() {
    let with = |contacts: &[&str]| {
        let rows: Vec<(&str, &str)> =
            [C1, A1].into_iter().chain(contacts.iter().map(|one| contact(one))).collect();
        shorts(&rows, "2026-06-30").join("")
    };
    assert_eq!(with(&["2026-03-05,c1,,email,sent,,,,"]), "1 due follow_up");
    // A call is the third step; that it was the first contact makes it the first step.
    assert_eq!(with(&["2026-03-05,c1,,call,reached,,,,"]), "1 due follow_up");
    assert_eq!(with(&["2026-03-05,c1,,call,no_answer,,,,"]), "0 due friendly");
    assert_eq!(with(&["2026-03-05,c1,,visit,reached,,,,"]), "0 due friendly", "no step is a visit");
    let calls = [
        "2026-03-05,c1,,call,reached,,,,",
        "2026-03-12,c1,,call,reached,,,,",
        "2026-03-19,c1,,call,reached,,,,",
    ];
    assert_eq!(with(&calls), "3 due final_notice");
    // E-mails without a step are no calls, and no final notice.
    let emails = [
        "2026-03-05,c1,,email,sent,,,,",
        "2026-03-12,c1,,email,sent,,,,",
        "2026-03-19,c1,,email,sent,,,,",
        "2026-03-26,c1,,email,sent,,,,",
    ];
    assert_eq!(with(&emails), "2 due call");
    // What came before anything was overdue was no dunning.
    assert_eq!(with(&["2026-03-01,c1,,email,sent,,,,"]), "0 due friendly");
}

/// A1 is overdue from 2026-03-02; A2, due on 2026-03-20, is overdue from the 21st. Two steps were taken before.
const TWO: [(&str, &str); 5] = [
    C1,
    A1,
    ("invoices", "A2,c1,2026-02-20,2026-03-20,400.00,EUR,,"),
    ("activities", "2026-03-04,c1,,email,sent,,,,friendly"),
    ("activities", "2026-03-11,c1,,email,sent,,,,follow_up"),
];

fn two(paid: &str, amount: &str) -> Vec<(&'static str, String)> {
    let mut rows: Vec<(&str, String)> = TWO.iter().map(|(table, row)| (*table, (*row).to_owned())).collect();
    rows.push(("payments", format!("P,c1,{paid},{amount},EUR")));
    rows.push(("allocations", format!("P,A1,{amount},EUR")));
    rows
}

fn level(rows: &[(&'static str, String)], on: &str, policies: &Policies) -> usize {
    let rows: Vec<(&str, &str)> = rows.iter().map(|(table, row)| (*table, row.as_str())).collect();
    judge(&ledger(&rows), on, policies, |_, _, stages| stages.rows[0].level)
}

#[test]
fn a_partial_payment_keeps_the_level_unless_the_policy_says_so() {
    let (keeps, falls) =
        (policies(&[]), policies(&[("partial_payment = \"keeps\" ", "partial_payment = \"falls\" ")]));
    // Half of the first invoice: the same claims are left.
    let half = two("2026-03-25", "500.00");
    assert_eq!([level(&half, "2026-03-26", &keeps), level(&half, "2026-03-26", &falls)], [2, 2]);
    // All of it, on a day on which the second was overdue: what is left was never spoken about.
    let first = two("2026-03-25", "1000.00");
    assert_eq!([level(&first, "2026-03-26", &keeps), level(&first, "2026-03-26", &falls)], [2, 0]);
}

#[test]
fn the_level_is_reset_when_nothing_overdue_is_left_on_any_day_between() {
    let keeps = policies(&[]);
    // On the 21st the second is overdue. Paid on the 20th, the first left a day without anything overdue.
    assert_eq!(level(&two("2026-03-20", "1000.00"), "2026-03-26", &keeps), 0);
    assert_eq!(
        level(&two("2026-03-21", "1000.00"), "2026-03-26", &keeps),
        2,
        "at the end of the 20th the first was overdue"
    );
}

#[test]
fn the_level_is_the_accounts_and_the_message_has_all_that_is_overdue() {
    let own = Policies::read(&[]).unwrap();
    let later = ("invoices", "A3,c1,2026-03-01,2026-04-30,70.00,EUR,,");
    let other = ("invoices", "A4,c1,2026-02-01,2026-03-01,70.00,USD,,");
    let rows = [&TWO[..], &[later, other]].concat();
    let shown: Vec<(String, i64, usize)> = judge(&ledger(&rows), "2026-03-27", &own, |_, _, stages| {
        stages.rows.iter().map(|stage| (short(stage), stage.balance, stage.items.len())).collect()
    });
    // In euros 1,000.00 and 400.00 are overdue; what is due in April is not in the message, dollars are in one of their own.
    assert_eq!(shown, [("2 due call".to_owned(), 140_000, 2), ("2 due call".to_owned(), 7_000, 1)]);
}

#[test]
fn what_is_in_dispute_is_left_out_of_the_count_and_comes_back_with_it() {
    let own = Policies::read(&[]).unwrap();
    let dispute = |days: &str| {
        let mut rows = two("2026-03-25", "1.00");
        rows[1] = ("invoices", format!("A1,c1,2026-02-01,2026-03-01,1000.00,EUR,{days}"));
        rows
    };
    // Only the second counts, overdue since the 21st and never spoken about.
    assert_eq!(level(&dispute("2026-03-24,"), "2026-03-27", &own), 0);
    assert_eq!(level(&dispute("2026-03-24,2026-03-26"), "2026-03-27", &own), 2);
}

#[test]
fn instalments_age_each() {
    // No table of instalments is needed to see it: two claims of one document are two invoices to the ladder. The second is
    // 30 days younger, and the step is counted from the first.
    let own = Policies::read(&[]).unwrap();
    let second = ("invoices", "A1-2,c1,2026-02-01,2026-03-31,1000.00,EUR,,");
    assert_eq!(
        sentence(&[C1, A1, second], "2026-03-31", &own),
        "step 1 `friendly` is due: 30 days past due, no step was taken yet"
    );
}

#[test]
fn later_facts_change_nothing() {
    let own = Policies::read(&[]).unwrap();
    let later = [
        contact("2026-03-19,c1,,email,sent,,,,legal"),
        contact("2026-03-20,c1,,call,promise,2026-03-30,,,"),
        ("pauses", "c1,,2026-03-19,,later"),
        ("plans", "P1,1,c1,2026-03-19,2026-04-19,1000.00,EUR"),
        ("payments", "P,c1,2026-03-19,1000.00,EUR"),
        ("allocations", "P,A1,1000.00,EUR"),
        ("invoices", "A9,c1,2026-03-19,2026-03-19,10.00,EUR,,"),
    ];
    let rows = [
        C1,
        A1,
        contact("2026-03-04,c1,,email,sent,,,,friendly"),
        contact("2026-03-11,c1,,email,sent,,,,follow_up"),
    ];
    let all = [&rows[..], &later].concat();
    assert_eq!(sentence(&all, "2026-03-18", &own), sentence(&rows, "2026-03-18", &own));
    assert_ne!(
        sentence(&all, "2026-03-20", &own),
        sentence(&rows, "2026-03-20", &own),
        "they do count from their day on"
    );
}

#[test]
fn the_example_of_the_documentation_works() {
    let block = |name: &str| {
        let from = BUSINESS.find(&format!("[[policy.step]]\nname = \"{name}\"")).unwrap();
        let rest = &BUSINESS[from..];
        let until = rest[1..].find("[[policy.step]]").unwrap() + 1;
        rest[..until].to_owned()
    };
    let (call, follow_up) = (block("call"), block("follow_up"));
    let early = call.replace("from_days = 15", "from_days = 8").trim_end().to_owned();
    let early = format!("{early}\nwhen = {{ min_balance = \"200\" }}\n\n");
    let own = policies(&[
        ("version = \"shipped-1\"", "version = \"retail-1\""),
        ("name = \"b2b\"", "name = \"retail\""),
        ("{ consumer = false }", "{ consumer = false, segments = [\"retail\"] }"),
        (&call, ""),
        (&follow_up, &format!("{early}{follow_up}")),
    ]);
    let friendly = contact("2026-03-04,c1,,email,sent,,,,friendly");
    assert_eq!(
        sentence(&[C1, A1, friendly], "2026-03-11", &own),
        "step 2 `call` is due: 10 days past due, step 1 was 7 days ago"
    );
    let small = ("invoices", "A1,c1,2026-02-01,2026-03-01,150.00,EUR,,");
    assert_eq!(
        sentence(&[C1, small, friendly], "2026-03-11", &own),
        "step 3 `follow_up` is due: 10 days past due, step 1 was 7 days ago; step 2 `call` is passed over: 150.00 EUR is less than 200"
    );
}
