//! The order in which a ledger is read: every table as text, typed, checked, accounted for, and turned into facts
//! before the next one is opened, so that only one table's text is in memory at a time.

use std::path::Path;

use hashbrown::HashMap;

use super::check::{CHECKS, Known};
use super::draft::Draft;
use super::event::{Activity, CashMove, Customer, Invoice, Outcome, Rate, Stamp};
use super::intake::Intake;
use super::mapping::Mapping;
use super::settle::{Allocation, AllocationKind, Billed, Books, Instalment};
use super::table::TABLES;
use super::{Ledger, read, terms};
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};

/// Name of the mapping file inside a ledger folder.
pub const MAPPING_FILE: &str = "ledger.toml";

/// A ledger and the account of its reading.
#[derive(Debug)]
pub struct Loaded {
    /// The facts.
    pub ledger: Ledger,
    /// What became of every row.
    pub intake: Intake,
}

/// Reads the ledger at `path`, a folder or a single invoice file. Without a `mapping` file the folder's own
/// `ledger.toml` is taken, if it has one.
pub fn load(path: &Path, mapping: Option<&Path>) -> Result<Loaded> {
    if !path.exists() {
        return Err(Error::new(Code::LedgerNotFound).file(path));
    }
    let own = path.join(MAPPING_FILE);
    let mapping = match mapping {
        Some(file) => Mapping::read(file)?,
        None if own.is_file() => Mapping::read(&own)?,
        None => Mapping::default(),
    };
    let mut intake = Intake::default();
    let mut known = Known::default();
    let mut books = Books::default();
    for table in TABLES {
        let section = mapping.of(table);
        let sources = read::find(path, table, &section)?;
        if sources.is_empty() {
            if table.name == "invoices" {
                return Err(Error::new(Code::InvoicesMissing).file(path));
            }
            continue;
        }
        let raw = read::read(table, &section, &sources)?;
        let mut draft = Draft::new(table, &raw, section.date_format.as_deref());
        for check in CHECKS {
            (check.run)(&mut draft, &known);
        }
        known.learn(&draft);
        intake.add(&draft, &section, path);
        take(&draft, &mut books);
    }
    drop(known);
    Ok(Loaded { ledger: books.close(), intake })
}

impl Loaded {
    /// Refuses a ledger without a single invoice: nothing can be done with it, and its rejects say why it is so.
    pub fn refuse_empty(&self, path: &Path) -> Result<()> {
        if !self.ledger.invoices.is_empty() {
            return Ok(());
        }
        let reason =
            |(code, (rows, _)): (Code, (usize, usize))| format!("{rows} × {} ({})", code.title(), code.id());
        let reasons: Vec<String> =
            self.intake.counts().into_iter().filter(|(_, (rows, _))| *rows > 0).map(reason).collect();
        Err(Error::new(Code::NoRows).file(path).detail(reasons.join("; ")))
    }
}

/// Turns a checked table into facts.
fn take(draft: &Draft, books: &mut Books) {
    let sound = (0..draft.rows()).filter(|&row| draft.sound(row));
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
        "fx" => books.rates.extend(sound.filter_map(|row| rate(draft, row))),
        // The other tables are checked and counted; what uses them reads them itself.
        _ => {}
    }
}

fn customer(draft: &Draft, row: usize) -> Customer {
    let text = |column| draft.text(column, row).to_owned();
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
    let amount = draft.whole("amount", row)?;
    let currency = draft.currency("currency", row)?;
    // Void and draft documents are no claim.
    if matches!(draft.choice("status", row), Some(2 | 3)) {
        books.leave_out(amount, currency);
        return None;
    }
    let issued = draft.day("issued", row)?;
    let stamp = Stamp::new(issued, draft.day("posted", row).unwrap_or(issued));
    let id = draft.text("id", row).to_owned();
    let customer = books.customer(draft.text("customer", row));
    books.name(customer, draft.text("party_name", row), (stamp.known, &id));
    let settled = draft.day("settled", row);
    let open_balance = draft.whole("open_balance", row);
    if draft.choice("type", row) == Some(1) {
        let cash = CashMove { customer: Some(customer), stamp, currency, amount };
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
        disputed: draft.day("disputed", row),
        dispute_resolved: draft.day("dispute_resolved", row),
    };
    let is_paid = draft.choice("status", row) == Some(1);
    let discount = terms::parse(draft.text("terms", row)).and_then(|terms| terms.discount);
    books.bill(Billed { invoice, settled, is_paid, open_balance, discount });
    Some(())
}

fn payment(draft: &Draft, row: usize, books: &mut Books) -> Option<()> {
    let day = draft.day("day", row)?;
    let payer = Some(draft.text("customer", row)).filter(|id| !id.is_empty());
    let cash = CashMove {
        customer: payer.map(|id| books.customer(id)),
        stamp: Stamp::new(day, draft.day("posted", row).unwrap_or(day)),
        currency: draft.currency("currency", row)?,
        amount: draft.whole("amount", row)?,
    };
    let text = |column| draft.text(column, row).to_owned();
    books.receive(text("id"), cash, text("reference"), draft.day("returned", row));
    Some(())
}

fn instalment(draft: &Draft, row: usize) -> Option<Instalment> {
    Some(Instalment {
        invoice: draft.text("invoice", row).to_owned(),
        due: draft.day("due", row)?,
        number: draft.text("number", row).to_owned(),
        amount: draft.whole("amount", row)?,
    })
}

fn allocation(draft: &Draft, row: usize) -> Option<Allocation> {
    Some(Allocation {
        payment: draft.text("payment", row).to_owned(),
        invoice: draft.text("invoice", row).to_owned(),
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
    let by_id: HashMap<&str, u32> = books
        .invoices
        .iter()
        .enumerate()
        .map(|(at, billed)| (billed.invoice.id.as_str(), at as u32))
        .collect();
    let mut found: Vec<(String, Activity)> = Vec::new();
    for row in sound {
        let Some(day) = draft.day("day", row) else { continue };
        let about = draft.text("invoice", row);
        let invoice = by_id.get(about).copied();
        // About a document that is no claim, nothing was promised or disputed of the account.
        let outcome =
            if invoice.is_none() && !about.is_empty() { Outcome::Other } else { outcome(draft, row, day) };
        found.push((draft.text("customer", row).to_owned(), Activity { customer: 0, day, invoice, outcome }));
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
