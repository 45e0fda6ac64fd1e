//! What collectors did: reminders, calls, letters, promises and disputes, up to the day of the export.

use crate::base::day::Day;
use crate::base::seed::Stream;

use super::calendar::on_or_after;
use super::draw::{between, chance, pick, unit, weighted};
use super::receivable::{Desk, Invoice, Kind, Standing};

/// One step of the dunning ladder: days after the due day, how, and in what share of the cases.
static LADDER: [(i32, &str, f64); 8] = [
    (-4, "email", 0.04),
    (4, "email", 0.55),
    (11, "call", 0.55),
    (21, "call", 0.6),
    (34, "letter", 0.5),
    (50, "call", 0.5),
    (80, "letter", 0.4),
    (120, "call", 0.3),
];

static OUTCOMES: [(u32, &str); 5] =
    [(24, "reached"), (24, "voicemail"), (20, "no_answer"), (27, "promise"), (5, "refusal")];

/// One contact.
#[derive(Debug, Clone, Copy)]
pub(super) struct Activity {
    pub(super) day: Day,
    pub(super) invoice: u32,
    pub(super) kind: &'static str,
    pub(super) outcome: &'static str,
    pub(super) promise_day: Option<Day>,
    /// Empty is all that was open.
    pub(super) promise_amount: Option<i64>,
}

/// Works down the ladder for every invoice of the account.
pub(super) fn chase(desk: &mut Desk) {
    let mut activities = Vec::new();
    for (at, invoice) in desk.account.invoices.iter().enumerate() {
        if invoice.kind == Kind::CreditNote || invoice.standing != Standing::Claim {
            continue;
        }
        let at = at as u32;
        if let Some(day) = invoice.disputed {
            let kind = pick(&mut desk.rng, &["email", "call"]);
            activities.push(Activity { kind, outcome: "dispute", ..sent(day, at) });
        }
        if desk.customer.do_not_contact {
            continue;
        }
        // Nobody calls about what is settled, and nothing is known of the days after the export.
        let end = invoice.settled.unwrap_or(desk.span.last.plus(1));
        for &(offset, kind, share) in &LADDER {
            let day =
                on_or_after(invoice.due.plus(offset + between(&mut desk.rng, 0, 2))).max(invoice.posted);
            if day >= end {
                break;
            }
            if !in_dispute(invoice, day) && chance(&mut desk.rng, share) {
                activities.push(contact(invoice, at, day, kind, desk.customer.reliability, &mut desk.rng));
            }
        }
    }
    desk.account.activities = activities;
}

fn in_dispute(invoice: &Invoice, day: Day) -> bool {
    invoice.disputed.is_some_and(|raised| raised <= day && invoice.resolved.is_none_or(|end| day < end))
}

fn sent(day: Day, invoice: u32) -> Activity {
    Activity { day, invoice, kind: "email", outcome: "sent", promise_day: None, promise_amount: None }
}

fn contact(
    invoice: &Invoice,
    at: u32,
    day: Day,
    kind: &'static str,
    reliability: f64,
    rng: &mut Stream,
) -> Activity {
    let activity = Activity { kind, ..sent(day, at) };
    if kind != "call" {
        return activity;
    }
    let outcome = weighted(rng, &OUTCOMES);
    if outcome != "promise" {
        return Activity { outcome, ..activity };
    }
    let untouched = invoice.first_paid.is_none_or(|paid| paid >= day);
    let promise_amount = (untouched && chance(rng, 0.5)).then_some(invoice.amount);
    Activity {
        outcome,
        promise_day: Some(promise(invoice, day, reliability, rng)),
        promise_amount,
        ..activity
    }
}

/// A promise is mostly kept by those who keep promises: its day is then on or after the day they pay.
fn promise(invoice: &Invoice, day: Day, reliability: f64, rng: &mut Stream) -> Day {
    /// No collector takes a promise for later than this many days ahead.
    const AHEAD_DAYS_MAX: i32 = 21;
    let ahead = on_or_after(day.plus(between(rng, 3, 12)));
    match invoice.pays.filter(|pays| *pays >= day && pays.0 - day.0 <= AHEAD_DAYS_MAX) {
        Some(pays) if unit(rng) < reliability => on_or_after(pays.plus(between(rng, 0, 2))),
        _ => ahead,
    }
}
