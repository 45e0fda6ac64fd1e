//! Stages, promises and the week's schedule as tables.

use crate::asof::view::LedgerView;
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::ledger::Customer;

use crate::collect::capacity::assign::{Slot, Task, Week};
use crate::collect::capacity::team::Team;
use crate::collect::capacity::window::minute_of_day;
use crate::collect::ladder::hours::clock;
use crate::collect::ladder::step::{End, Step, Tone, channel_name};
use crate::collect::owed::Item;
use crate::collect::promise::Promised;
use crate::collect::stage::{Decision, Stage, Stages};
use crate::collect::suppress::Reason;

/// One row per account with anything open.
pub fn stages(view: &LedgerView, items: &[Item], stages: &Stages) -> Sheet {
    let rows = &stages.rows;
    let text = |of: &dyn Fn(&Stage) -> String| Cells::Text(rows.iter().map(of).collect());
    let word = |of: &dyn Fn(&Stage) -> &'static str| Cells::Word(rows.iter().map(of).collect());
    let of_step = |of: &dyn Fn(&Step) -> String| text(&|row| step(row).map_or_else(String::new, of));
    let due = rows.iter().map(|row| match &row.decision {
        Decision::Due(..) => Some(view.as_of().0),
        Decision::Waits(_, day) => Some(*day),
        Decision::Suppressed(reason, _) => reason.until(),
        Decision::Ended | Decision::Quiet => None,
    });
    let invoices = |row: &Stage| {
        let ids = row
            .items
            .iter()
            .filter_map(|&at| items.get(at))
            .map(|item| view.invoice(item.invoice).id.as_str());
        ids.collect::<Vec<_>>().join(" ")
    };
    Sheet::new("stages")
        .with("customer", text(&|row| customer(view, row.customer, |one| &one.id)))
        .with("customer_name", text(&|row| customer(view, row.customer, |one| &one.name)))
        .with("currency", text(&|row| row.currency.code().to_owned()))
        .with("policy", text(&|row| row.policy.name.clone()))
        .with("policy_version", text(&|row| row.policy.version.clone()))
        .with("level", Cells::Count(rows.iter().map(|row| row.level as i64).collect()))
        .with("level_day", Cells::Day(rows.iter().map(|row| row.level_day).collect()))
        .with("state", word(&state))
        .with("reason", word(&reason))
        .with("no_call", word(&|row| row.no_call.as_ref().map_or("", Reason::name)))
        .with("next_step", of_step(&|step| step.name.clone()))
        .with("next_day", Cells::Day(due.collect()))
        .with("channel", word(&channel))
        .with("template", of_step(&|step| step.template.clone()))
        .with("tone", word(&|row| step(row).and_then(|step| step.tone).map_or("", Tone::name)))
        .with("end", word(&|row| step(row).and_then(|step| step.end).map_or("", End::name)))
        .with(
            "minutes",
            Cells::Count(
                rows.iter().map(|row| step(row).map_or(0, |step| i64::from(step.minutes))).collect(),
            ),
        )
        .with("amount", money(rows.iter().map(|row| (row.balance, row.currency))))
        .with("invoices", text(&invoices))
        .with("sentence", text(&|row| row.sentence.clone()))
}

/// The step that is next, suppressed or not.
fn step<'a>(stage: &Stage<'a>) -> Option<&'a Step> {
    match &stage.decision {
        Decision::Due(step, _) | Decision::Waits(step, _) => Some(step),
        Decision::Suppressed(_, step) => *step,
        Decision::Ended | Decision::Quiet => None,
    }
}

fn state(stage: &Stage) -> &'static str {
    match &stage.decision {
        Decision::Due(step, _) if step.requires_review => "to_review",
        Decision::Due(..) => "due",
        Decision::Waits(..) => "waits",
        Decision::Suppressed(..) => "suppressed",
        Decision::Ended => "ended",
        Decision::Quiet => "quiet",
    }
}

fn reason(stage: &Stage) -> &'static str {
    match &stage.decision {
        Decision::Suppressed(reason, _) => reason.name(),
        _ => "",
    }
}

fn channel(stage: &Stage) -> &'static str {
    match &stage.decision {
        Decision::Due(_, Some(channel)) => channel_name(*channel),
        _ => "",
    }
}

/// One row per promise and currency.
pub fn promises(view: &LedgerView, rows: &[Promised]) -> Sheet {
    let invoice = |row: &Promised| row.invoice.map_or_else(String::new, |at| view.invoice(at).id.clone());
    Sheet::new("promises")
        .with(
            "customer",
            Cells::Text(rows.iter().map(|row| customer(view, row.customer, |one| &one.id)).collect()),
        )
        .with(
            "customer_name",
            Cells::Text(rows.iter().map(|row| customer(view, row.customer, |one| &one.name)).collect()),
        )
        .with("invoice", Cells::Text(rows.iter().map(invoice).collect()))
        .with("made", Cells::Day(rows.iter().map(|row| Some(row.made)).collect()))
        .with("promised_by", Cells::Day(rows.iter().map(|row| Some(row.by)).collect()))
        .with("promised", money(rows.iter().map(|row| (row.amount, row.currency))))
        .with("kept", money(rows.iter().map(|row| (row.kept, row.currency))))
        .with("currency", Cells::Text(rows.iter().map(|row| row.currency.code().to_owned()).collect()))
        .with("state", Cells::Word(rows.iter().map(|row| row.state.name()).collect()))
}

/// The week by day, collector and time; what has no time stands last, with the reason.
pub fn schedule(view: &LedgerView, team: &Team, tasks: &[Task], week: &Week) -> Sheet {
    let slots: Vec<(&Slot, &Task)> =
        week.slots.iter().filter_map(|slot| Some((slot, tasks.get(slot.task)?))).collect();
    let left: Vec<(&'static str, &Task)> =
        week.left.iter().filter_map(|(at, why)| Some((why.name(), tasks.get(*at)?))).collect();
    let all = || slots.iter().map(|(_, task)| *task).chain(left.iter().map(|(_, task)| *task));
    // A column of the slots, and what stands for the rest.
    let of_slot = |of: &dyn Fn(&Slot) -> String| {
        let rest = left.iter().map(|_| String::new());
        Cells::Text(slots.iter().map(|(slot, _)| of(slot)).chain(rest).collect())
    };
    let mut order = 0;
    let orders = slots.iter().enumerate().map(|(at, (slot, _))| {
        let before = at.checked_sub(1).and_then(|before| slots.get(before));
        let goes_on =
            before.is_some_and(|(before, _)| (before.day, before.collector) == (slot.day, slot.collector));
        order = if goes_on { order + 1 } else { 1 };
        order
    });
    let name =
        |slot: &Slot| team.collectors.get(slot.collector).map_or_else(String::new, |one| one.name.clone());
    let at = |slot: &Slot, minute: i64| {
        let zone = team.collectors.get(slot.collector).map(|one| one.zone);
        zone.map_or_else(String::new, |zone| clock(minute_of_day(zone, minute)))
    };
    let text = |of: &dyn Fn(&Task) -> String| Cells::Text(all().map(of).collect());
    Sheet::new("schedule")
        .with(
            "day",
            Cells::Day(
                slots.iter().map(|(slot, _)| Some(slot.day)).chain(left.iter().map(|_| None)).collect(),
            ),
        )
        .with("collector", of_slot(&name))
        .with("order", Cells::Count(orders.chain(left.iter().map(|_| 0)).collect()))
        .with("start", of_slot(&|slot| at(slot, slot.start)))
        .with("window", of_slot(&|slot| format!("{}-{}", at(slot, slot.window.0), at(slot, slot.window.1))))
        .with("customer", text(&|task| customer(view, task.customer, |one| &one.id)))
        .with("customer_name", text(&|task| customer(view, task.customer, |one| &one.name)))
        .with("currency", text(&|task| task.currency.code().to_owned()))
        .with("channel", Cells::Word(all().map(|task| channel_name(task.channel)).collect()))
        .with("minutes", Cells::Count(all().map(|task| i64::from(task.minutes)).collect()))
        .with("value", money(all().map(|task| (task.value, task.list))))
        .with("value_currency", text(&|task| task.list.code().to_owned()))
        .with(
            "reason",
            Cells::Word(slots.iter().map(|_| "").chain(left.iter().map(|(why, _)| *why)).collect()),
        )
}

fn customer(view: &LedgerView, at: u32, of: impl Fn(&Customer) -> &String) -> String {
    view.customers().get(at as usize).map_or_else(String::new, |one| of(one).clone())
}

fn money(amounts: impl Iterator<Item = (i64, Currency)>) -> Cells {
    Cells::Money(amounts.map(Some).collect())
}
