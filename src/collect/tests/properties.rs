//! What holds for any ledger.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{Activity, Channel, Outcome};
use proptest::prelude::*;

use super::*;

/// Rows of a ledger, each with the day it became known.
type Rows = Vec<(i32, &'static str, String)>;

/// Customer, day of issue, days to pay, amount, whether in dollars, when and how much of it was paid, when it was disputed.
type Claim = (i32, i32, i32, i64, bool, Option<(i32, i64)>, Option<i32>);

fn on(offset: i32) -> Day {
    day("2026-01-01").plus(offset)
}

fn customers() -> Rows {
    let rows = [
        "c1,One,retail,DE,de,Europe/Berlin,a@x.com,1,false,false,false",
        "c2,Two,,,,,b@x.com,,true,false,false",
        "c3,Three,,,,,,2,false,true,false",
        "c4,Four,,GB,en,Europe/London,d@x.com,4,false,false,true",
    ];
    rows.into_iter().map(|row| (0, "customers", row.to_owned())).collect()
}

prop_compose! {
    fn claim()(customer in 1..5_i32, issued in 0..90_i32, terms in 0..40_i32, amount in 1_000..200_000_i64, usd in 0..4_i32,
               paid in proptest::option::of((0..60_i32, 1..101_i64)), disputed in proptest::option::weighted(0.1, 0..40_i32))
              -> Claim {
        (customer, issued, terms, amount, usd == 0, paid, disputed)
    }
}

fn rows(claims: &[Claim], contacts: &[(i32, i32, usize, usize, usize)]) -> Rows {
    const KINDS: [&str; 5] = ["call", "email", "letter", "sms", "visit"];
    const OUTCOMES: [&str; 6] = ["reached", "no_answer", "sent", "promise", "dispute", "voicemail"];
    const STEPS: [&str; 6] = ["", "friendly", "follow_up", "call", "pre_due", "of_another_policy"];
    let mut rows = customers();
    for (at, (customer, issued, terms, amount, usd, paid, disputed)) in claims.iter().enumerate() {
        let currency = if *usd { "USD" } else { "EUR" };
        let money = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
        let disputed = disputed.map_or_else(String::new, |after| on(issued + after).to_string());
        let (issued_day, due) = (on(*issued), on(issued + terms));
        rows.push((
            *issued,
            "invoices",
            format!("I{at},c{customer},{issued_day},{due},{},{currency},{disputed},", money(*amount)),
        ));
        if let Some((after, percent)) = paid {
            let part = (amount * percent / 100).max(1);
            rows.push((
                issued + after,
                "payments",
                format!("P{at},c{customer},{},{},{currency}", on(issued + after), money(part)),
            ));
            rows.push((issued + after, "allocations", format!("P{at},I{at},{},{currency}", money(part))));
        }
    }
    // A row that repeats another would be rejected.
    for (customer, at, kind, outcome, step) in contacts.iter().collect::<BTreeSet<_>>() {
        let by = if OUTCOMES[*outcome] == "promise" { on(at + 9).to_string() } else { String::new() };
        rows.push((
            *at,
            "activities",
            format!(
                "{},c{customer},,{},{},{by},,,{}",
                on(*at),
                KINDS[*kind],
                OUTCOMES[*outcome],
                STEPS[*step]
            ),
        ));
    }
    rows
}

fn load_rows(rows: &[(i32, &'static str, String)]) -> Ledger {
    let rows: Vec<(&str, &str)> = rows.iter().map(|(_, table, row)| (*table, row.as_str())).collect();
    ledger(&rows)
}

fn all_of(ledger: &Ledger, day: Day) -> Vec<(String, String, String, i64)> {
    let own = Policies::read(&[]).unwrap();
    judge(ledger, &day.to_string(), &own, |view, _, stages| {
        let row = |stage: &Stage| {
            (
                view.customers()[stage.customer as usize].id.clone(),
                short(stage),
                stage.sentence.clone(),
                stage.balance,
            )
        };
        stages.rows.iter().map(row).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn later_facts_and_the_order_of_rows_change_nothing(
        claims in prop::collection::vec(claim(), 1..9),
        contacts in prop::collection::vec((1..5_i32, 0..150_i32, 0..5_usize, 0..6_usize, 0..6_usize), 0..12),
        cut in 1..160_i32,
    ) {
        let mut all = rows(&claims, &contacts);
        // A dispute is written on its invoice's row: it has no row to be taken away.
        let known: Vec<_> = all.iter().filter(|(at, ..)| *at <= cut).cloned().collect();
        let expected = all_of(&load_rows(&all), on(cut));
        prop_assert_eq!(&all_of(&load_rows(&known), on(cut)), &expected);
        all.reverse();
        prop_assert_eq!(&all_of(&load_rows(&all), on(cut)), &expected);
    }

    #[test]
    fn what_is_held_is_never_in_a_message_and_nobody_is_chased_who_must_not_be(
        claims in prop::collection::vec(claim(), 1..9),
        contacts in prop::collection::vec((1..5_i32, 0..150_i32, 0..5_usize, 0..6_usize, 0..6_usize), 0..12),
        cut in 1..160_i32,
    ) {
        let own = Policies::read(&[]).unwrap();
        let fault = judge(&load_rows(&rows(&claims, &contacts)), &on(cut).to_string(), &own, |view, items, stages| {
            let unapplied = view.unapplied();
            stages.rows.iter().find_map(|stage| {
                let Decision::Due(step, _) = &stage.decision else { return None };
                let customer = &view.customers()[stage.customer as usize];
                let cash = unapplied.get(&(Some(stage.customer), stage.currency)).copied().unwrap_or(0);
                let held = stage.items.iter().any(|at| stages.holds.contains_key(at));
                let foreign = stage.items.iter().any(|&at| {
                    let invoice = view.invoice(items[at].invoice);
                    (invoice.customer, invoice.currency) != (stage.customer, stage.currency)
                });
                let recent = view.activities().any(|one| one.customer == stage.customer && one.day.plus(7) > on(cut) && super::super::contact::is_contact(one));
                let wrong = held || foreign || customer.do_not_contact || cash >= stage.balance
                    || (recent && !step.channels.is_empty()) || stage.balance - cash.max(0) < 2_500;
                wrong.then(|| format!("{} {}", customer.id, stage.sentence))
            })
        });
        prop_assert_eq!(fault, None);
    }

    #[test]
    fn a_level_never_rises_by_two(claims in prop::collection::vec(claim(), 1..6), every in 1..9_i32) {
        let own = Policies::read(&[]).unwrap();
        let mut rows = rows(&claims, &[]);
        // One claim that nobody pays or disputes, so that there is a way up.
        rows.push((0, "invoices", format!("I,c1,{},{},5000.00,EUR,,", on(0), on(30))));
        let mut ledger = load_rows(&rows);
        let mut before: BTreeMap<(u32, String), usize> = BTreeMap::new();
        let mut steps_taken = 0;
        for offset in (95..260).step_by(every as usize) {
            let taken: Vec<_> = judge(&ledger, &on(offset).to_string(), &own, |view, items, stages| {
                let due = stages.rows.iter().filter_map(|stage| match &stage.decision {
                    Decision::Due(step, channel) if !step.is_notice() => Some((stage, *step, *channel)),
                    _ => None,
                });
                // A contact about its own claims: those in another currency are none of its matter.
                due.map(|(stage, step, channel)| {
                    let invoice = view.invoice(items[stage.items[0]].invoice).document;
                    let activity = Activity { customer: stage.customer, day: on(offset), invoice: Some(invoice), channel: channel.unwrap_or(Channel::Letter), outcome: Outcome::Sent, step: step.name.clone() };
                    let number = stage.policy.level_of(&step.name).unwrap();
                    (activity, (stage.customer, stage.currency.code().to_owned()), stage.level, number, stage.sentence.clone())
                }).collect()
            });
            for (activity, account, level, number, sentence) in taken {
                let passed_over = sentence.matches("is passed over").count();
                prop_assert_eq!(number, level + 1 + passed_over, "{}", sentence);
                let last = before.insert(account, number).unwrap_or(0);
                prop_assert!(number <= last + 1 + passed_over, "{} after {}", sentence, last);
                ledger.activities.push(activity);
                steps_taken += 1;
            }
            ledger.activities.sort();
        }
        prop_assert!(steps_taken >= 3, "{}", steps_taken);
    }
}
