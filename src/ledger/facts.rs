//! Checked rows to facts, put into the books.

use hashbrown::HashMap;

use super::draft::Draft;
use super::event::{Activity, CashMove, Customer, Invoice, Outcome, Rate, Stamp};
use super::settle::{Allocation, Books};
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
        "allocations" => books.allocations.extend(sound.filter_map(|row| allocation(draft, row))),
        "activities" => activities(draft, sound, books),
        "fx" => books.rates.extend(sound.filter_map(|row| rate(draft, row))),
        // The other tables are checked and counted; what uses them reads them itself.
        _ => {}
    }
}

fn customer(draft: &Draft, row: usize) -> Customer {
    let text = |column| draft.text(column, row).into_owned();
    let id = text("id");
    Customer {
        name: Some(text("name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone()),
        id,
        collector: text("collector"),
        phone: text("phone"),
        do_not_contact: draft.flag("do_not_contact", row),
    }
}

fn invoice(draft: &Draft, row: usize, books: &mut Books) -> Option<()> {
    // Void and draft documents are no claim.
    if matches!(draft.choice("status", row), Some(2 | 3)) {
        return None;
    }
    let issued = draft.day("issued", row)?;
    let stamp = Stamp::new(issued, draft.day("posted", row).unwrap_or(issued));
    let amount = draft.whole("amount", row)?;
    let currency = draft.currency("currency", row)?;
    let id = draft.text("id", row).into_owned();
    let customer = books.customer(&draft.text("customer", row));
    books.name(customer, &draft.text("party_name", row), (stamp.known, &id));
    let settled = draft.day("settled", row);
    if draft.choice("type", row) == Some(1) {
        books.credit(id, CashMove { customer: Some(customer), stamp, currency, amount }, settled);
        return Some(());
    }
    let invoice = Invoice {
        id,
        customer,
        account: 0,
        stamp,
        due: draft.day("due", row)?,
        amount,
        currency,
        disputed: draft.day("disputed", row),
        dispute_resolved: draft.day("dispute_resolved", row),
    };
    if draft.choice("status", row) == Some(1) {
        books.paid.insert(invoice.id.clone(), amount);
    }
    books.bill(invoice, settled);
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
    };
    books.receive(draft.text("id", row).into_owned(), cash);
    Some(())
}

fn allocation(draft: &Draft, row: usize) -> Option<Allocation> {
    Some(Allocation {
        payment: draft.text("payment", row).into_owned(),
        invoice: draft.text("invoice", row).into_owned(),
        amount: draft.whole("amount", row)?,
        day: draft.day("day", row),
    })
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
    let by_id: HashMap<&str, u32> = books
        .invoices
        .iter()
        .enumerate()
        .map(|(at, (invoice, _))| (invoice.id.as_str(), at as u32))
        .collect();
    let mut found: Vec<(String, Activity)> = Vec::new();
    for row in sound {
        let Some(day) = draft.day("day", row) else { continue };
        let about = draft.text("invoice", row);
        let invoice = by_id.get(about.as_ref()).copied();
        // About a document that is no claim, nothing was promised or disputed of the account.
        let outcome =
            if invoice.is_none() && !about.is_empty() { Outcome::Other } else { outcome(draft, row, day) };
        found.push((draft.text("customer", row).into_owned(), Activity { customer: 0, day, invoice, outcome }));
    }
    drop(by_id);
    for (id, activity) in found {
        let customer = books.customer(&id);
        books.activities.push(Activity { customer, ..activity });
    }
}

fn outcome(draft: &Draft, row: usize, day: Day) -> Outcome {
    let word = draft.choice("outcome", row).map(usize::from).and_then(|at| super::table::OUTCOMES.get(at));
    match word {
        Some(&"promise") => Outcome::Promise {
            // A promise without a day holds for the day it was made.
            by: draft.day("promise_day", row).unwrap_or(day),
            amount: draft.whole("promise_amount", row).zip(draft.currency("currency", row)),
        },
        Some(&"dispute") => Outcome::Dispute,
        _ => Outcome::Other,
    }
}
