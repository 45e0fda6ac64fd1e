//! A made-up ledger of any size: customers with habits, their invoices and payments, suppliers and their
//! bills, and exceptions planted among them with a table of the truth. For trying out, testing and measuring;
//! not a picture of any real business.
//!
//! Every party has a random stream of its own, so parties are made on any number of threads with one result.
//! Documents are numbered afterwards, over all parties, in the order of their days.

mod behaviour;
mod calendar;
mod cash;
mod contact;
mod draw;
mod fx;
mod number;
mod party;
mod payable;
mod planted;
mod receivable;
mod sheets;
mod spoil;
#[cfg(test)]
mod tests;
mod truth;
mod twice;
mod world;

use rayon::prelude::*;

use crate::base::day::Day;
use crate::base::sheet::Sheet;

use calendar::Span;
use party::{Customer, Supplier};
use payable::Trade;
use planted::{BillFault, PaymentFault, Plant};
use receivable::Account;
use sheets::{Payables, Receivables};
use truth::Truth;

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Rows in the invoices table, of all types together.
    pub invoices: usize,
    /// Same seed, same ledger.
    pub seed: u64,
    /// First day of the history.
    pub first_day: Day,
    /// Length of the history, at least one.
    pub days: i32,
}

impl Settings {
    /// Two years: enough for seasons to repeat once.
    pub const DAYS_DEFAULT: i32 = 730;
}

/// A made-up ledger.
#[derive(Debug)]
pub struct Synthetic {
    /// The canonical tables, those that others refer to first.
    pub tables: Vec<Sheet>,
    /// The planted exceptions: document, code, twin, table.
    pub truth: Sheet,
    /// Day of the export: the last of the history. Nothing later is known to any table.
    pub as_of: Day,
}

/// The codes of planted exceptions, as in the truth table.
pub fn codes() -> Vec<&'static str> {
    let bills = BillFault::ALL.iter().map(|fault| fault.code());
    bills.chain(PaymentFault::ALL.iter().map(|fault| fault.code())).collect()
}

/// Makes a ledger.
pub fn generate(settings: &Settings) -> Synthetic {
    let span = Span { first: settings.first_day, last: settings.first_day.plus(settings.days.max(1) - 1) };
    let customers: Vec<Customer> = (0..party::customer_count(settings.invoices) as u32)
        .into_par_iter()
        .map(|index| party::customer(settings.seed, index, span))
        .collect();
    let accounts = accounts(settings, span, &customers);
    let Supply { suppliers, trades } = supply(settings, span);

    let receivables = Receivables::new(&customers, &accounts);
    let payables = Payables::new(&suppliers, &trades);
    let used = customers.iter().map(|customer| &customer.party).chain(suppliers.iter().map(|one| &one.party));
    let used: Vec<&str> = used.map(|party| party.place.coin.code).collect();

    let mut truth = Truth::default();
    payables.tell(&mut truth);
    receivables.tell(&mut truth);
    let mut tables = vec![receivables.customers(), payables.suppliers()];
    tables.extend(payables.orders());
    tables.extend([payables.receipts(), receivables.invoices()]);
    tables.extend(payables.bills());
    tables.extend([receivables.payments(), receivables.allocations(), receivables.activities()]);
    tables.push(truth.dispositions(settings.seed, span));
    tables.push(fx::sheet(settings.seed, span, |coin| used.contains(&coin.code)));
    Synthetic { tables, truth: truth.sheet(), as_of: span.last }
}

fn accounts(settings: &Settings, span: Span, customers: &[Customer]) -> Vec<Account> {
    let volumes: Vec<f64> = customers.iter().map(|customer| customer.party.volume).collect();
    let counts = draw::split(settings.invoices, &volumes);
    (0_u32..)
        .zip(counts)
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(index, count)| receivable::account(settings.seed, span, customers, index, count))
        .collect()
}

/// The suppliers and the trade with each.
struct Supply {
    suppliers: Vec<Supplier>,
    trades: Vec<Trade>,
}

/// Makes the usual suppliers, and those that some faults need: shadows that share a bank account, and new
/// ones.
fn supply(settings: &Settings, span: Span) -> Supply {
    let seed = settings.seed;
    let usual = party::supplier_count(settings.invoices) as u32;
    let mut suppliers: Vec<Supplier> =
        (0..usual).into_par_iter().map(|index| party::supplier(seed, index)).collect();
    let volumes: Vec<f64> = suppliers.iter().map(|supplier| supplier.party.volume).collect();
    let counts = draw::split(payable::bill_count(settings.invoices), &volumes);
    let plan = planted::plan(seed, &suppliers, &counts);

    let mut plans = Vec::with_capacity(suppliers.len());
    let mut left = plan.as_slice();
    for &count in &counts {
        let (own, others) = left.split_at(count.min(left.len()));
        plans.push(own);
        left = others;
    }
    let shadows = planted::shadowed(&plans, &suppliers, usual);
    suppliers.extend(shadows);
    let first_new = suppliers.len() as u32;
    let new = planted::each(plan.len()) as u32;
    suppliers.extend((first_new..first_new + new).map(|index| party::supplier(seed, index)));
    let first_bill = [Some(Plant { fault: BillFault::NewSupplier, ordinal: 0 })];

    let trades = (0..suppliers.len() as u32)
        .into_par_iter()
        .map(|index| {
            // A shadow's bills are made in the trade that they repeat.
            let own = plans.get(index as usize).copied();
            let own = own.unwrap_or(if index >= first_new { &first_bill } else { &[] });
            payable::trade(seed, span, &suppliers, index, usual, own)
        })
        .collect();
    Supply { suppliers, trades }
}
