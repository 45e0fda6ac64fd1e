//! Weeks by hand, and what holds for any.

use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::{Channel, Customer};
use proptest::prelude::*;

use super::assign::{Left, Task, Week, assign};
use super::team::Team;
use super::window::minute_of_day;
use crate::collect::ladder::hours::{Hours, clock};

const TEAM: &str = r#"
version = "test"

[settings]
vip_first = false
quiet_hours = [["12:00", "13:00"]]
days_off = ["2026-03-06"]
holidays = { GB = "GBP" }

[[collector]]
name = "Ana"
minutes_per_day = 60
hours = ["09:00", "17:00"]
time_zone = "Europe/Madrid"
languages = ["es", "en"]

[[collector]]
name = "Bo"
minutes_per_day = 30
hours = ["09:00", "17:00"]
time_zone = "America/New_York"
languages = ["en"]
segments = ["retail"]
days_off = ["2026-03-03"]
"#;

/// 2026-03-02 is a Monday; the Friday of that week is off.
fn monday() -> Day {
    Day::from_iso("2026-03-02").unwrap()
}

fn customer(collector: &str, language: &str, time_zone: &str) -> Customer {
    Customer {
        collector: collector.into(),
        language: language.into(),
        time_zone: time_zone.into(),
        ..Customer::default()
    }
}

fn task(customer: u32, value: i64, minutes: u32) -> Task {
    let eur = Currency::new(*b"EUR", 2);
    Task {
        customer,
        currency: eur,
        value,
        list: eur,
        minutes,
        channel: Channel::Call,
        hours: Hours { from: 8 * 60, until: 18 * 60 },
    }
}

fn week(customers: &[Customer], tasks: &[Task]) -> Week {
    assign(&Team::parse(TEAM).unwrap(), customers, tasks, monday())
}

/// Task, day of the month, collector and start by its clock.
fn shown(week: &Week) -> Vec<(usize, u32, String, String)> {
    let team = Team::parse(TEAM).unwrap();
    let row = |slot: &super::assign::Slot| {
        let collector = &team.collectors[slot.collector];
        (
            slot.task,
            slot.day.day_of_month(),
            collector.name.clone(),
            clock(minute_of_day(collector.zone, slot.start)),
        )
    };
    week.slots.iter().map(row).collect()
}

fn row(task: usize, day: u32, name: &str, start: &str) -> (usize, u32, String, String) {
    (task, day, name.to_owned(), start.to_owned())
}

#[test]
fn the_most_valuable_by_the_minute_goes_first_and_the_rest_the_next_day() {
    let customers = vec![customer("Ana", "", "Europe/Madrid"); 3];
    // 30 a minute, 20 a minute, 25 a minute: 60 minutes of Ana's Monday are 30 and 20 of the first and the last.
    let tasks = [task(0, 900, 30), task(1, 800, 40), task(2, 500, 20)];
    let week = week(&customers, &tasks);
    assert_eq!(
        shown(&week),
        [row(0, 2, "Ana", "09:00"), row(2, 2, "Ana", "09:30"), row(1, 3, "Ana", "09:00")]
    );
    assert!(week.left.is_empty());
}

#[test]
fn calls_are_within_the_hours_of_both_clocks() {
    // New York is six hours behind Madrid in early March: 08:00 there is 14:00 for Ana. Tokyo is eight hours ahead: its 18:00 is
    // 10:00 in Madrid, and from 09:00 on an hour is left. Noon to one is quiet: in Madrid itself from 13:00 on.
    let customers = [
        customer("Ana", "", "America/New_York"),
        customer("Ana", "", "Asia/Tokyo"),
        customer("Bo", "", "Asia/Tokyo"),
    ];
    let week = week(&customers, &[task(0, 10, 10), task(1, 10, 10), task(2, 10, 10)]);
    assert_eq!(shown(&week), [row(1, 2, "Ana", "09:00"), row(0, 2, "Ana", "14:00")]);
    assert_eq!(week.left, [(2, Left::NoCommonHours)], "Bo works from 23:00 to 07:00 of Tokyo");
}

#[test]
fn nobody_is_called_in_quiet_hours() {
    // Seven calls of an hour, and Ana has an hour a day. The Friday of the week is off: four days, and three calls are left.
    let customers: Vec<Customer> = (0..7).map(|_| customer("Ana", "", "Europe/London")).collect();
    let tasks: Vec<Task> = (0..7).map(|at| task(at, 10, 60)).collect();
    let week = week(&customers, &tasks);
    assert_eq!(shown(&week).iter().map(|row| row.1).collect::<Vec<_>>(), [2, 3, 4, 5]);
    assert_eq!(week.left.iter().map(|(_, why)| why.name()).collect::<Vec<_>>(), ["week_is_full"; 3]);
    let noon = assign(
        &Team::parse(&TEAM.replace("[\"09:00\", \"17:00\"]", "[\"12:00\", \"14:00\"]")).unwrap(),
        &[customer("Ana", "", "Europe/Madrid")],
        &[task(0, 1, 10)],
        monday(),
    );
    assert_eq!(shown(&noon), [row(0, 2, "Ana", "13:00")]);
}

#[test]
fn holidays_languages_and_segments_are_kept() {
    // Good Friday and Easter Monday of 2026 are 3 and 6 April; from Friday on, five working days are until Thursday the 9th.
    let from = Day::from_iso("2026-04-03").unwrap();
    let british = Customer { country: "GB".into(), ..customer("Ana", "en", "Europe/London") };
    let week_of = |customers: &[Customer], tasks: &[Task], from| {
        assign(&Team::parse(TEAM).unwrap(), customers, tasks, from)
    };
    assert_eq!(shown(&week_of(&[british], &[task(0, 1, 10)], from)), [row(0, 7, "Ana", "09:00")]);
    let with = |one: Customer| week_of(&[one], &[task(0, 1, 10)], monday());
    assert_eq!(with(customer("", "fr", "Europe/Paris")).left, [(0, Left::NobodySuits)]);
    assert_eq!(with(customer("Cy", "en", "Europe/Paris")).left, [(0, Left::CollectorUnknown)]);
    assert_eq!(with(customer("", "en", "Europe/Nowhere")).left, [(0, Left::TimeZoneUnknown)]);
    assert_eq!(with(Customer { consumer: true, ..customer("", "en", "") }).left, [(0, Left::NoTimeZone)]);
    // Ana has more minutes left; a public body is none of Bo's, and an own collector goes before language.
    assert_eq!(
        shown(&with(Customer { segment: "public".into(), ..customer("", "en", "") })),
        [row(0, 2, "Ana", "09:00")]
    );
    assert_eq!(shown(&with(customer("Bo", "fr", ""))), [row(0, 2, "Bo", "09:00")]);
}

#[test]
fn a_customer_is_spoken_to_once_in_the_week() {
    let usd = Currency::new(*b"USD", 2);
    let customers = [customer("Ana", "", ""), customer("Ana", "", "")];
    // Customer 1 is worth more by the minute. The second account of customer 0 would fit Tuesday only: it is left, so that nobody
    // calls twice.
    let tasks = [task(0, 1_000, 40), task(1, 500, 15), Task { currency: usd, ..task(0, 100, 30) }];
    let week = week(&customers, &tasks);
    assert_eq!(shown(&week), [row(1, 2, "Ana", "09:00"), row(0, 2, "Ana", "09:15")]);
    assert_eq!(week.left, [(2, Left::Full)]);
}

#[test]
fn a_vip_goes_first_among_equals_where_the_file_says_so() {
    let customers = [customer("Ana", "", ""), Customer { vip: true, ..customer("Ana", "", "") }];
    let tasks = [task(0, 100, 10), task(1, 100, 10)];
    let first = |text: &str| assign(&Team::parse(text).unwrap(), &customers, &tasks, monday()).slots[0].task;
    assert_eq!([first(TEAM), first(&TEAM.replace("vip_first = false", "vip_first = true"))], [0, 1]);
}

#[test]
fn lists_that_cannot_be_compared_take_turns() {
    let jpy = Currency::new(*b"JPY", 0);
    let customers: Vec<Customer> = (0..4).map(|_| customer("Ana", "", "")).collect();
    let tasks = [
        task(0, 5, 10),
        task(1, 4, 10),
        Task { list: jpy, ..task(2, 90_000, 10) },
        Task { list: jpy, ..task(3, 80_000, 10) },
    ];
    let order: Vec<usize> = week(&customers, &tasks).slots.iter().map(|slot| slot.task).collect();
    assert_eq!(order, [0, 2, 1, 3]);
}

#[test]
fn what_is_wrong_in_the_file_is_named() {
    for (from, to, detail) in [
        (
            "vip_first = false",
            "vip = false",
            "unknown field `vip`, expected one of `vip_first`, `quiet_hours`, `days_off`, `holidays`",
        ),
        ("name = \"Bo\"", "name = \"Ana\"", "[[collector]] `Ana` is there twice"),
        (
            "America/New_York",
            "New York",
            "[[collector]] `Bo`: time_zone: `New York` is no zone of the IANA database",
        ),
        (
            "minutes_per_day = 30",
            "minutes = 30",
            "[[collector]] `Bo`: unknown field `minutes`, expected one of `name`, `phone`, `minutes_per_day`, `hours`, `time_zone`, `languages`, `segments`, `days_off`, `holidays`",
        ),
        (
            "minutes_per_day = 30",
            "minutes_per_day = 1441",
            "[[collector]] `Bo`: minutes_per_day: a day has 1440",
        ),
        (
            "minutes_per_day = 30",
            "minutes_per_day = \"30\"",
            "[[collector]] `Bo`: minutes_per_day: invalid type: string \"30\", expected u32",
        ),
        ("name = \"Bo\"", "name = \" \"", "[[collector]] ` `: name is empty"),
        (
            "name = \"Bo\"",
            "name = \"Bo\"\nphone = \"1\\nBcc: x\"",
            "[[collector]] `Bo`: phone: one line of at most 300 characters is needed",
        ),
        ("{ GB = \"GBP\" }", "{ GB = \"UK\" }", "[settings] holidays: `UK` is no currency"),
        ("\"2026-03-06\"", "\"6 March\"", "`6 March` is not a day like 2026-01-31"),
    ] {
        assert!(TEAM.contains(from), "{from}");
        let found =
            Team::parse(&TEAM.replacen(from, to, 1)).map_or_else(|error| error.detail, |_| String::new());
        assert_eq!(found, detail);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn capacity_hours_and_portfolios_are_never_exceeded(
        rows in prop::collection::vec((0..6_u32, 0..1_000_i64, 1..45_u32, 0..4_usize), 0..60),
        from in 0..14_i32,
    ) {
        let zones = ["Europe/Madrid", "America/New_York", "Europe/London", "", "Asia/Tokyo", "America/Chicago"];
        let owners = ["Ana", "", "Bo", "", "", ""];
        let customers: Vec<Customer> = zones.iter().zip(owners).map(|(zone, owner)| customer(owner, "en", zone)).collect();
        let channels = [Channel::Call, Channel::Call, Channel::Email, Channel::Letter];
        let tasks: Vec<Task> = rows.iter().map(|(customer, value, minutes, channel)| Task { channel: channels[*channel], ..task(*customer, *value, *minutes) }).collect();
        let team = Team::parse(TEAM).unwrap();
        let week = assign(&team, &customers, &tasks, monday().plus(from));
        prop_assert_eq!(&week, &assign(&team, &customers, &tasks, monday().plus(from)));
        let mut seen: Vec<usize> = week.slots.iter().map(|slot| slot.task).chain(week.left.iter().map(|(at, _)| *at)).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..tasks.len()).collect::<Vec<_>>(), "each task once");
        for day in week.slots.chunk_by(|left, right| (left.day, left.collector) == (right.day, right.collector)) {
            let collector = &team.collectors[day[0].collector];
            let total: u32 = day.iter().map(|slot| tasks[slot.task].minutes).sum();
            prop_assert!(total <= collector.minutes_on(day[0].day) && !team.is_closed(day[0].day));
            for pair in day.windows(2) {
                prop_assert!(pair[0].start + i64::from(tasks[pair[0].task].minutes) <= pair[1].start, "one thing at a time");
            }
            for slot in day {
                let (task, own) = (&tasks[slot.task], &customers[tasks[slot.task].customer as usize]);
                let end = slot.start + i64::from(task.minutes);
                prop_assert!(slot.window.0 <= slot.start && end <= slot.window.1);
                let clock = |zone, minute| minute_of_day(zone, minute);
                prop_assert!(clock(collector.zone, slot.start) >= 540 && clock(collector.zone, end) <= 1_020);
                if task.channel == Channel::Call && !own.time_zone.is_empty() {
                    let zone = own.time_zone.parse().unwrap();
                    let (start, end) = (clock(zone, slot.start), clock(zone, end));
                    prop_assert!(start >= 480 && end <= 1_080 && (end <= 720 || start >= 780), "{} {}", start, end);
                }
                prop_assert!(own.collector.is_empty() || own.collector == collector.name);
            }
        }
        for (at, slot) in week.slots.iter().enumerate() {
            let same = |other: &&super::assign::Slot| tasks[other.task].customer == tasks[slot.task].customer;
            prop_assert!(week.slots[at..].iter().filter(same).all(|other| (other.day, other.collector) == (slot.day, slot.collector)));
        }
    }
}
