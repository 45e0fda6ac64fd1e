//! Checked rows to facts, put into the books.

use super::draft::Draft;
use super::event::{Activity, CashMove, Channel, Customer, Invoice, Outcome, Pause, PlanPart, Rate, Stamp};
use super::settle::{Allocation, AllocationKind, Billed, Books, Instalment, Receipt};
use super::table::{ACTIVITY_KINDS, OUTCOMES};
use super::terms;
use crate::base::day::Day;

/// Turns a checked table into facts.
pub fn take(draft: &Draft, books: &mut Books) {
    let sound = draft.documents();
    match draft.table.name {
        "customers" => books.customers.extend(sound.map(|row| customer(draft, row))),
        "invoices" => sound.for_each(|row| {
            invoice(draft, row, books);
        }),
        "payments" => sound.for_each(|row| {
            payment(draft, row, books);
        }),
        "instalments" => books.instalments.extend(sound.filter_map(|row| instalment(draft, row))),
        "allocations" => {
            books.allocates = true;
            books.allocations.extend(sound.filter_map(|row| allocation(draft, row)));
        }
        "activities" => activities(draft, sound, books),
        "pauses" => sound.for_each(|row| {
            pause(draft, row, books);
        }),
        "plans" => sound.for_each(|row| {
            plan_part(draft, row, books);
        }),
        "fx" => books.rates.extend(sound.filter_map(|row| rate(draft, row))),
        // Documents of the payable side, orders and lines settle nothing: the register takes them.
        _ => {}
    }
}

fn customer(draft: &Draft, row: usize) -> Customer {
    let text = |column| draft.text(column, row).into_owned();
    let id = text("id");
    Customer {
        name: Some(text("name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone()),
        id,
        segment: text("segment"),
        country: text("country"),
        language: text("language"),
        time_zone: text("time_zone"),
        terms: text("terms"),
        credit_limit: draft.whole("credit_limit", row).zip(draft.currency("currency", row)),
        email: text("email"),
        collector: text("collector"),
        phone: text("phone"),
        vip: draft.flag("vip", row),
        do_not_contact: draft.flag("do_not_contact", row),
        consumer: draft.flag("consumer", row),
        jurisdiction: text("jurisdiction"),
    }
}

fn invoice(draft: &Draft, row: usize, books: &mut Books) -> Option<()> {
    let amount = draft.whole("amount", row)?;
    let currency = draft.currency("currency", row)?;
    // Void and draft documents are no claim.
    if matches!(draft.choice("status", row), Some(2 | 3)) {
        books.leave_out(amount, currency);
        return None;
    }
    let issued = draft.day("issued", row)?;
    let stamp = Stamp::new(issued, draft.day("posted", row).unwrap_or(issued));
    let id = draft.text("id", row).into_owned();
    let customer = books.customer(&draft.text("customer", row));
    books.name(customer, &draft.text("party_name", row), (stamp.known, &id));
    let settled = draft.day("settled", row);
    let open_balance = draft.whole("open_balance", row);
    if draft.choice("type", row) == Some(1) {
        let cash = CashMove { customer: Some(customer), stamp, currency, amount, is_credit: true };
        books.credit(id, cash, settled, open_balance);
        return Some(());
    }
    let invoice = Invoice {
        id,
        customer,
        account: 0,
        document: 0,
        stamp,
        due: draft.day("due", row)?,
        amount,
        currency,
        discount: terms::parse(&draft.text("terms", row)).and_then(|terms| terms.discount),
        disputed: draft.day("disputed", row),
        dispute_resolved: draft.day("dispute_resolved", row),
    };
    let is_paid = draft.choice("status", row) == Some(1);
    books.bill(Billed { invoice, settled, is_paid, open_balance });
    Some(())
}

fn payment(draft: &Draft, row: usize, books: &mut Books) -> Option<()> {
    let day = draft.day("day", row)?;
    let payer = Some(draft.text("customer", row)).filter(|id| !id.is_empty());
    let cash = CashMove {
        customer: payer.map(|id| books.customer(&id)),
        stamp: Stamp::new(day, draft.day("posted", row).unwrap_or(day)),
        currency: draft.currency("currency", row)?,
        amount: draft.whole("amount", row)?,
        is_credit: false,
    };
    let text = |column| draft.text(column, row).into_owned();
    let (applied, open_balance) = (draft.day("applied", row), draft.whole("open_balance", row));
    books.states_applied |= draft.has("applied") || draft.has("open_balance");
    books.receive(Receipt {
        id: text("id"),
        cash,
        reference: text("reference"),
        returned: draft.day("returned", row),
        applied,
        open_balance,
    });
    Some(())
}

fn instalment(draft: &Draft, row: usize) -> Option<Instalment> {
    Some(Instalment {
        invoice: draft.text("invoice", row).into_owned(),
        due: draft.day("due", row)?,
        number: draft.text("number", row).into_owned(),
        amount: draft.whole("amount", row)?,
    })
}

fn allocation(draft: &Draft, row: usize) -> Option<Allocation> {
    Some(Allocation {
        payment: draft.text("payment", row).into_owned(),
        invoice: draft.text("invoice", row).into_owned(),
        kind: allocation_kind(draft, row),
        amount: draft.whole("amount", row)?,
        day: draft.day("day", row),
    })
}

/// What an allocation settles with: money where nothing else is said.
pub(super) fn allocation_kind(draft: &Draft, row: usize) -> AllocationKind {
    match draft.choice("kind", row) {
        Some(1) => AllocationKind::Discount,
        Some(2) => AllocationKind::WriteOff,
        _ => AllocationKind::Payment,
    }
}

fn rate(draft: &Draft, row: usize) -> Option<Rate> {
    Some(Rate {
        from: draft.currency("from", row)?,
        to: draft.currency("to", row)?,
        day: draft.day("day", row)?,
        rate: draft.whole("rate", row)?,
    })
}

fn activities(draft: &Draft, sound: impl Iterator<Item = usize>, books: &mut Books) {
    for row in sound {
        let Some(day) = draft.day("day", row) else { continue };
        let Some(channel) = channel(draft, row) else { continue };
        let about = draft.text("invoice", row);
        let invoice = books.claim(&about);
        // About a document that is no claim, nothing was promised or disputed of the account.
        let outcome =
            if invoice.is_none() && !about.is_empty() { Outcome::Void } else { outcome(draft, row, day) };
        let customer = books.customer(&draft.text("customer", row));
        let step = draft.text("step", row).into_owned();
        books.activities.push(Activity { customer, day, invoice, channel, outcome, step });
    }
}

fn channel(draft: &Draft, row: usize) -> Option<Channel> {
    Some(match word(draft, "kind", row, ACTIVITY_KINDS)? {
        "call" => Channel::Call,
        "email" => Channel::Email,
        "letter" => Channel::Letter,
        "sms" => Channel::Sms,
        _ => Channel::Visit,
    })
}

fn outcome(draft: &Draft, row: usize, day: Day) -> Outcome {
    match word(draft, "outcome", row, OUTCOMES) {
        Some("promise") => Outcome::Promise {
            // A promise without a day holds for the day it was made.
            by: draft.day("promise_day", row).unwrap_or(day),
            amount: draft.whole("promise_amount", row).zip(draft.currency("currency", row)),
        },
        Some("dispute") => Outcome::Dispute,
        Some("reached") => Outcome::Reached,
        Some("voicemail") => Outcome::Voicemail,
        Some("no_answer") => Outcome::NoAnswer,
        Some("refusal") => Outcome::Refusal,
        _ => Outcome::Sent,
    }
}

fn word(draft: &Draft, column: &str, row: usize, words: &[&'static str]) -> Option<&'static str> {
    draft.choice(column, row).map(usize::from).and_then(|at| words.get(at).copied())
}

fn pause(draft: &Draft, row: usize, books: &mut Books) -> Option<()> {
    let about = draft.text("invoice", row);
    let invoice = books.claim(&about);
    // What is no claim is not chased anyway.
    if invoice.is_none() && !about.is_empty() {
        return None;
    }
    let pause = Pause {
        customer: books.customer(&draft.text("customer", row)),
        invoice,
        from: draft.day("from", row)?,
        until: draft.day("until", row),
        reason: draft.text("reason", row).into_owned(),
    };
    books.pauses.push(pause);
    Some(())
}

fn plan_part(draft: &Draft, row: usize, books: &mut Books) -> Option<()> {
    let part = PlanPart {
        customer: books.customer(&draft.text("customer", row)),
        plan: draft.text("plan", row).into_owned(),
        due: draft.day("due", row)?,
        number: draft.text("number", row).into_owned(),
        amount: draft.whole("amount", row)?,
        currency: draft.currency("currency", row)?,
        agreed: draft.day("agreed", row)?,
    };
    books.plans.push(part);
    Some(())
}
