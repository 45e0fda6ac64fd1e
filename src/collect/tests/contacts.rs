//! Limits of contact, and what a customer can be reached by.

use super::suppressed::{DUE, on_tenth};
use super::*;
use crate::collect::contact::{Directory, Line, Reach};
use crate::collect::suppress::Reason;
use crate::ledger::{Activity, Channel, Customer, Outcome};

#[test]
fn contacted_recently() {
    // The first step was taken on the 8th, the second begins on the 11th, the cool-down ends on the 15th.
    let rows = [C1, A1, ("activities", "2026-03-08,c1,,email,sent,,,,friendly")];
    let own = Policies::read(&[]).unwrap();
    assert_eq!(shorts(&rows, "2026-03-10").join(""), "1 waits follow_up 2026-03-11");
    assert_eq!(shorts(&rows, "2026-03-14").join(""), "1 contacted_recently");
    assert_eq!(
        sentence(&rows, "2026-03-14", &own),
        "step 2 `follow_up` waits until 2026-03-15: contacted 6 days ago, cool-down 7"
    );
    assert_eq!(shorts(&rows, "2026-03-15").join(""), "1 due follow_up");
    // Nobody answered: that was no contact.
    assert_eq!(on_tenth(&[("activities", "2026-03-09,c1,,call,no_answer,,,,")]), DUE);
}

#[test]
fn contacted_too_often_in_a_week() {
    let own = policies(&[("cool_down_days = 7 ", "cool_down_days = 1 ")]);
    let rows = [
        C1,
        A1,
        ("activities", "2026-03-06,c1,,email,sent,,,,friendly"),
        ("activities", "2026-03-11,c1,,email,sent,,,,friendly"),
    ];
    // Two within seven days: the next when the first is seven days ago.
    assert_eq!(
        sentence(&rows, "2026-03-12", &own),
        "step 2 `follow_up` waits until 2026-03-13: contacted 2 times within 7 days, at most 2"
    );
    assert!(sentence(&rows, "2026-03-13", &own).starts_with("step 2 `follow_up` is due"));
}

#[test]
fn no_valid_contact() {
    let steps = ("activities", "2026-03-12,c1,,email,sent,,,,follow_up");
    let with = |customer| shorts(&[("customers", customer), A1, steps], "2026-03-20").join("");
    assert_eq!(
        with("c1,One,,,,,a@example.com,,false,false,false"),
        "2 no_valid_contact",
        "a call without a number"
    );
    assert_eq!(with("c1,One,,,,,,12,false,false,false"), "2 due call");
    let own = Policies::read(&[]).unwrap();
    let without = [("customers", "c1,One,,,,,a@example.com,,false,false,false"), A1, steps];
    assert_eq!(
        sentence(&without, "2026-03-20", &own),
        "step 3 `call` cannot be taken: no phone number for call"
    );
    // Without an e-mail address the reminder goes by letter.
    let channel = judge(
        &ledger(&[("customers", "c1,One,,,,,,12,false,false,false"), A1]),
        "2026-03-10",
        &own,
        |_, _, stages| match stages.rows[0].decision {
            Decision::Due(_, channel) => channel,
            _ => None,
        },
    );
    assert_eq!(channel, Some(Channel::Letter));
}

#[test]
fn calls_to_consumers_are_limited() {
    let consumer = ("customers", "c1,One,,,,Europe/Berlin,a@example.com,12,false,false,true");
    let follow_up = ("activities", "2026-03-20,c1,,email,sent,,,,follow_up");
    let own = Policies::read(&[]).unwrap();
    let calls = |days: &[&str], outcome: &str, on: &str| {
        let calls: Vec<String> =
            days.iter().map(|day| format!("2026-04-{day},c1,,call,{outcome},,,,")).collect();
        let mut rows = vec![consumer, A1, follow_up];
        rows.extend(calls.iter().map(|row| ("activities", row.as_str())));
        sentence(&rows, on, &own)
    };
    let seven = ["04", "05", "06", "07", "08", "09", "10"];
    assert_eq!(
        calls(&seven, "no_answer", "2026-04-10"),
        "step 3 `call` waits until 2026-04-11: called 7 times within 7 days, at most 7"
    );
    assert!(
        calls(&seven, "no_answer", "2026-04-11").starts_with("step 3 `call` is due"),
        "the first is seven days ago"
    );
    assert!(calls(&seven[1..], "no_answer", "2026-04-10").starts_with("step 3 `call` is due"), "six");
}

#[test]
fn consumers_are_not_called_within_seven_days_of_a_conversation() {
    let mut consumer =
        Policies::read(&[]).unwrap().of(&Customer { consumer: true, ..Default::default() }).clone();
    consumer.settings.cool_down_days = 0;
    consumer.settings.max_contacts_per_week = 9;
    let customer = Customer { phone: "1".into(), consumer: true, ..Default::default() };
    let step = consumer.step(3).unwrap();
    let spoken = Activity {
        customer: 0,
        day: day("2026-04-01"),
        invoice: None,
        channel: Channel::Call,
        outcome: Outcome::Reached,
        step: String::new(),
    };
    let history = [&spoken];
    let directory = Directory::of(std::slice::from_ref(&customer));
    let reach = |on| {
        Line {
            customer: &customer,
            settings: &consumer.settings,
            history: &history,
            directory,
            today: day(on),
        }
        .reach(step)
    };
    // The day of the conversation is the first of the seven: 2026-04-07 is the last.
    assert!(matches!(reach("2026-04-07"), Reach::Later(limit) if limit.until == day("2026-04-08")));
    assert!(matches!(reach("2026-04-08"), Reach::By(Some(_))));
}

#[test]
fn nobody_is_called_who_was_contacted_lately_or_has_no_number_though_nothing_is_due() {
    let own = Policies::read(&[]).unwrap();
    let no_call = |customer, on| {
        judge(
            &ledger(&[("customers", customer), A1, ("activities", "2026-02-10,c1,,email,sent,,,,")]),
            on,
            &own,
            |_, _, stages| stages.rows[0].no_call.as_ref().map(Reason::name),
        )
    };
    assert_eq!(no_call(C1.1, "2026-02-16"), Some("contacted_recently"));
    assert_eq!(no_call(C1.1, "2026-02-17"), None, "seven days later");
    assert_eq!(
        no_call("c1,One,,,,,a@example.com,,false,false,false", "2026-02-17"),
        Some("no_valid_contact")
    );
}

#[test]
fn nobody_is_called_who_was_given_time_to_answer() {
    let own = Policies::read(&[]).unwrap();
    let step = own.of(&Customer::default()).levels().iter().find(|step| step.name == "final_notice").unwrap();
    let last_day = day("2026-03-23").plus(step.reply_days);
    let cool_down = own.of(&Customer::default()).settings.cool_down_days;
    assert!(step.reply_days > cool_down, "a shorter time would prove nothing");
    let until = |on: Day| {
        judge(
            &ledger(&[C1, A1, ("activities", "2026-03-23,c1,,letter,sent,,,,final_notice")]),
            &on.to_string(),
            &own,
            |_, _, stages| stages.rows[0].no_call.as_ref().and_then(Reason::until),
        )
    };
    assert_eq!(until(last_day), Some(last_day.plus(1)), "the last of the days is the customer's still");
    assert_eq!(until(last_day.plus(1)), None);
}

#[test]
fn a_ledger_without_any_number_misses_none() {
    let customer = Customer::default();
    let own = Policies::read(&[]).unwrap();
    let directory = Directory::of(std::slice::from_ref(&customer));
    let settings = &own.of(&customer).settings;
    let line = Line { customer: &customer, settings, history: &[], directory, today: day("2026-03-01") };
    assert_eq!(line.no_call(None), None);
    let other = Customer { phone: "1".into(), ..Default::default() };
    let directory = Directory::of(&[customer.clone(), other]);
    assert_eq!(
        Line { directory, ..line }.no_call(None).map(|reason| reason.name()),
        Some("no_valid_contact")
    );
}
