//! Writes what was made into the canonical tables: gives documents their numbers and fills the columns.

use hashbrown::HashMap;
use rayon::prelude::*;

use crate::base::day::Day;
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};

use super::cash::{Document, Memo, Payment, Source};
use super::number::Numbering;
use super::party::{Customer, Party, Supplier};
use super::payable::{Bill, Order, Trade};
use super::receivable::{Account, Invoice, Kind, Standing};
use super::truth::{Row as PlantedRow, Truth};
use super::world::Coin;

/// Characters that a bank keeps of a memo.
const MEMO_LEN_MAX: usize = 80;
/// Characters that a bank keeps of a payer's name.
const PAYER_LEN_MAX: usize = 27;

/// Number of a party.
fn party_id(number: u32) -> String {
    format!("{number:07}")
}

fn invoice_id(number: u32) -> String {
    format!("INV-{number:07}")
}

fn payment_id(number: u32) -> String {
    format!("PAY-{number:07}")
}

fn order_id(number: u32) -> String {
    format!("PO-{number:06}")
}

fn text<T: Sync>(rows: &[T], cell: impl Fn(&T) -> String + Sync + Send) -> Cells {
    Cells::Text(rows.par_iter().map(cell).collect())
}

fn word<T: Sync>(rows: &[T], cell: impl Fn(&T) -> &'static str + Sync + Send) -> Cells {
    Cells::Word(rows.par_iter().map(cell).collect())
}

fn day<T: Sync>(rows: &[T], cell: impl Fn(&T) -> Option<Day> + Sync + Send) -> Cells {
    Cells::Day(rows.par_iter().map(cell).collect())
}

fn money<T: Sync>(rows: &[T], cell: impl Fn(&T) -> Option<(i64, Currency)> + Sync + Send) -> Cells {
    Cells::Money(rows.par_iter().map(cell).collect())
}

fn count<T: Sync>(rows: &[T], cell: impl Fn(&T) -> i64 + Sync + Send) -> Cells {
    Cells::Count(rows.par_iter().map(cell).collect())
}

fn flag<T: Sync>(rows: &[T], cell: impl Fn(&T) -> bool + Sync + Send) -> Cells {
    Cells::Flag(rows.par_iter().map(cell).collect())
}

/// The receivable side, as its tables are written.
pub(super) struct Receivables<'a> {
    customers: &'a [Customer],
    accounts: &'a [Account],
    invoices: Numbering,
    payments: Numbering,
}

/// A row of a table over all accounts.
struct Row<'a, T> {
    owner: u32,
    customer: &'a Customer,
    coin: &'static Coin,
    item: &'a T,
    number: u32,
}

impl<'a> Receivables<'a> {
    /// Numbers the documents of all accounts.
    pub(super) fn new(customers: &'a [Customer], accounts: &'a [Account]) -> Self {
        let invoices = Numbering::by_day(accounts, |account| &account.invoices, |invoice| invoice.issued);
        let payments = Numbering::by_day(accounts, |account| &account.payments, |payment| payment.day);
        Self { customers, accounts, invoices, payments }
    }

    fn rows<T>(&self, order: &Numbering, items: impl Fn(&'a Account) -> &'a [T]) -> Vec<Row<'a, T>> {
        let mut rows = Vec::with_capacity(order.rows().len());
        for (number, &(owner, at)) in (1..).zip(order.rows()) {
            let customer = self.customers.get(owner as usize);
            let item = self.accounts.get(owner as usize).and_then(|account| items(account).get(at as usize));
            if let (Some(customer), Some(item)) = (customer, item) {
                rows.push(Row { owner, customer, coin: customer.party.place.coin, item, number });
            }
        }
        rows
    }

    fn customer_id(&self, index: u32) -> String {
        self.customers.get(index as usize).map(|customer| party_id(customer.party.number)).unwrap_or_default()
    }

    fn invoice_id(&self, owner: u32, at: u32) -> String {
        invoice_id(self.invoices.of(owner, at))
    }

    fn payment_id(&self, owner: u32, at: u32) -> String {
        payment_id(self.payments.of(owner, at))
    }

    /// The table of customers.
    pub(super) fn customers(&self) -> Sheet {
        let rows = self.customers;
        Sheet::new("customers")
            .with("id", text(rows, |row| party_id(row.party.number)))
            .with("name", text(rows, |row| row.party.name.clone()))
            .with("parent", text(rows, |row| row.parent.map(|at| self.customer_id(at)).unwrap_or_default()))
            .with("segment", text(rows, |row| row.segment.to_owned()))
            .with("country", text(rows, |row| row.party.place.country.to_owned()))
            .with("language", text(rows, |row| row.party.place.language.to_owned()))
            .with("currency", word(rows, |row| row.party.place.coin.code))
            .with("time_zone", text(rows, |row| row.party.place.time_zone.to_owned()))
            .with("terms", text(rows, |row| row.party.terms.text.to_owned()))
            .with("credit_limit", money(rows, |row| Some((row.credit_limit, row.party.place.coin.currency))))
            .with("email", text(rows, |row| row.party.email.clone()))
            .with("phone", text(rows, |row| row.party.phone.clone()))
            .with("collector", text(rows, |row| row.collector.to_owned()))
            .with("vip", flag(rows, |row| row.vip))
            .with("do_not_contact", flag(rows, |row| row.do_not_contact))
            .with("consumer", flag(rows, |row| row.consumer))
            .with("bank_account", text(rows, |row| row.party.bank_account.clone()))
    }

    /// The table of invoices, credit notes and debit notes.
    pub(super) fn invoices(&self) -> Sheet {
        let rows = &self.rows(&self.invoices, |account| &account.invoices);
        Sheet::new("invoices")
            .with("id", text(rows, |row| invoice_id(row.number)))
            .with("customer", text(rows, |row| party_id(row.customer.party.number)))
            .with("issued", day(rows, |row| Some(row.item.issued)))
            .with("due", day(rows, |row| Some(row.item.due)))
            .with("amount", money(rows, |row| Some((row.item.amount, row.coin.currency))))
            .with("currency", word(rows, |row| row.coin.code))
            .with("type", word(rows, |row| type_word(row.item)))
            .with("tax", money(rows, |row| Some((row.item.tax, row.coin.currency))))
            .with("order", text(rows, |row| customer_order(row.item.order)))
            .with("terms", text(rows, |row| row.item.terms.text.to_owned()))
            .with("status", word(rows, |row| status_word(row.item)))
            .with("settled", day(rows, |row| row.item.settled))
            .with(
                "open_balance",
                money(rows, |row| open_balance(row.item).map(|open| (open, row.coin.currency))),
            )
            .with("disputed", day(rows, |row| row.item.disputed))
            .with("dispute_resolved", day(rows, |row| row.item.resolved))
            .with("posted", day(rows, |row| Some(row.item.posted)))
    }

    /// The table of payments.
    pub(super) fn payments(&self) -> Sheet {
        let rows = &self.rows(&self.payments, |account| &account.payments);
        Sheet::new("payments")
            .with("id", text(rows, |row| payment_id(row.number)))
            .with(
                "customer",
                text(rows, |row| row.item.customer.map(|at| self.customer_id(at)).unwrap_or_default()),
            )
            .with("payer", text(rows, |row| as_banks_write(&self.payer(row).party.name)))
            .with("day", day(rows, |row| Some(row.item.day)))
            .with("amount", money(rows, |row| Some((row.item.amount, row.coin.currency))))
            .with("currency", word(rows, |row| row.coin.code))
            .with("reference", text(rows, |row| self.memo(row)))
            .with("method", text(rows, |row| self.payer(row).method.to_owned()))
            .with("account", text(rows, |row| self.payer(row).party.bank_account.clone()))
            .with("posted", day(rows, |row| Some(row.item.posted)))
            .with("returned", day(rows, |row| row.item.returned))
    }

    /// The table of allocations.
    pub(super) fn allocations(&self) -> Sheet {
        let order = Numbering::by_day(self.accounts, |account| &account.allocations, |row| row.day);
        let rows = &self.rows(&order, |account| &account.allocations);
        Sheet::new("allocations")
            .with(
                "payment",
                text(rows, |row| match row.item.source {
                    Source::Payment(at) => self.payment_id(row.owner, at),
                    Source::CreditNote(at) => self.invoice_id(row.owner, at),
                }),
            )
            .with("invoice", text(rows, |row| self.invoice_id(row.owner, row.item.invoice)))
            .with("amount", money(rows, |row| Some((row.item.amount, row.coin.currency))))
            .with("currency", word(rows, |row| row.coin.code))
            .with("day", day(rows, |row| Some(row.item.day)))
    }

    /// The table of activities.
    pub(super) fn activities(&self) -> Sheet {
        let order = Numbering::by_day(self.accounts, |account| &account.activities, |row| row.day);
        let rows = &self.rows(&order, |account| &account.activities);
        Sheet::new("activities")
            .with("day", day(rows, |row| Some(row.item.day)))
            .with("customer", text(rows, |row| party_id(row.customer.party.number)))
            .with("invoice", text(rows, |row| self.invoice_id(row.owner, row.item.invoice)))
            .with("kind", word(rows, |row| row.item.kind))
            .with("outcome", word(rows, |row| row.item.outcome))
            .with("promise_day", day(rows, |row| row.item.promise_day))
            .with(
                "promise_amount",
                money(rows, |row| row.item.promise_amount.map(|amount| (amount, row.coin.currency))),
            )
            .with("currency", word(rows, |row| row.item.promise_amount.map_or("", |_| row.coin.code)))
            .with("collector", text(rows, |row| row.customer.collector.to_owned()))
    }

    /// Adds the planted exceptions of this side.
    pub(super) fn tell(&self, truth: &mut Truth) {
        for (owner, account) in (0..).zip(self.accounts) {
            let id = |document| match document {
                Document::Invoice(at) => (self.invoice_id(owner, at), "invoices"),
                Document::Payment(at) => (self.payment_id(owner, at), "payments"),
            };
            for planted in &account.truth {
                let (document, table) = id(planted.document);
                let twin = planted.twin.map(|twin| id(twin).0).unwrap_or_default();
                let known = match planted.document {
                    Document::Invoice(at) => account.invoices.get(at as usize).map(|one| one.posted),
                    Document::Payment(at) => account.payments.get(at as usize).map(|one| one.posted),
                };
                let party = match planted.document {
                    Document::Invoice(_) => Some(owner),
                    Document::Payment(at) => account.payments.get(at as usize).and_then(|one| one.customer),
                };
                let party = party.map(|at| self.customer_id(at)).unwrap_or_default();
                let code = planted.fault.code();
                truth.rows.extend(known.map(|known| PlantedRow {
                    document,
                    code,
                    twin,
                    table,
                    party,
                    known,
                }));
            }
        }
    }

    /// The customer that the bank names.
    fn payer<'b>(&'b self, row: &'b Row<'_, Payment>) -> &'b Customer {
        self.customers.get(row.item.payer as usize).unwrap_or(row.customer)
    }

    /// The memo as the bank passes it on.
    fn memo(&self, row: &Row<Payment>) -> String {
        let numbers = row.item.about.iter().map(|&at| self.invoices.of(row.owner, at));
        let join = |write: &dyn Fn(u32) -> String| numbers.map(write).collect::<Vec<_>>().join(", ");
        let mut memo = match row.item.memo {
            Memo::Clear | Memo::Cut => join(&invoice_id),
            Memo::Digits => join(&|number| number.to_string()),
            Memo::Mangled => join(&|number| invoice_id(number).replace('0', "O").replace('-', " ")),
            Memo::None => String::new(),
        };
        let kept = if row.item.memo == Memo::Cut { memo.len().saturating_sub(3) } else { MEMO_LEN_MAX };
        // Numbers are ASCII, so any length is a character's end.
        memo.truncate(kept.min(MEMO_LEN_MAX));
        memo
    }
}

fn type_word(invoice: &Invoice) -> &'static str {
    match invoice.kind {
        Kind::Invoice => "invoice",
        Kind::CreditNote => "credit_note",
        Kind::DebitNote => "debit_note",
    }
}

fn status_word(invoice: &Invoice) -> &'static str {
    match (invoice.standing, invoice.settled) {
        (Standing::Void, _) => "void",
        (Standing::Draft, _) => "draft",
        (Standing::Claim, Some(_)) => "paid",
        (Standing::Claim, None) => "open",
    }
}

/// What is no claim has no balance.
fn open_balance(invoice: &Invoice) -> Option<i64> {
    (invoice.standing == Standing::Claim).then_some(invoice.open)
}

fn customer_order(number: u32) -> String {
    if number == 0 { String::new() } else { format!("C{number}") }
}

fn as_banks_write(name: &str) -> String {
    name.chars().filter(|letter| *letter != '.').take(PAYER_LEN_MAX).collect::<String>().to_uppercase()
}

/// The payable side, as its tables are written.
pub(super) struct Payables<'a> {
    suppliers: &'a [Supplier],
    trades: &'a [Trade],
    orders: Numbering,
}

impl<'a> Payables<'a> {
    /// Numbers the orders of all suppliers.
    pub(super) fn new(suppliers: &'a [Supplier], trades: &'a [Trade]) -> Self {
        let orders = Numbering::by_day(trades, |trade| &trade.orders, |order| order.ordered);
        Self { suppliers, trades, orders }
    }

    fn rows<T>(&self, order: &Numbering, items: impl Fn(&'a Trade) -> &'a [T]) -> Vec<(u32, &'a T)> {
        let item = |&(owner, at): &(u32, u32)| {
            self.trades
                .get(owner as usize)
                .and_then(|trade| items(trade).get(at as usize))
                .map(|item| (owner, item))
        };
        order.rows().iter().filter_map(item).collect()
    }

    fn supplier_id(&self, index: u32) -> String {
        self.suppliers.get(index as usize).map(|supplier| party_id(supplier.party.number)).unwrap_or_default()
    }

    /// The account that a bill asks to be paid to.
    fn remittance(&self, bill: &Bill) -> String {
        let own =
            || self.suppliers.get(bill.supplier as usize).map(|supplier| supplier.party.bank_account.clone());
        bill.account.clone().or_else(own).unwrap_or_default()
    }

    fn order_id(&self, owner: u32, at: Option<u32>) -> String {
        at.map(|at| order_id(self.orders.of(owner, at))).unwrap_or_default()
    }

    /// The table of suppliers.
    pub(super) fn suppliers(&self) -> Sheet {
        let rows: Vec<&Party> = self.suppliers.iter().map(|supplier| &supplier.party).collect();
        let rows = rows.as_slice();
        Sheet::new("suppliers")
            .with("id", text(rows, |row| party_id(row.number)))
            .with("name", text(rows, |row| row.name.clone()))
            .with("country", text(rows, |row| row.place.country.to_owned()))
            .with("language", text(rows, |row| row.place.language.to_owned()))
            .with("currency", word(rows, |row| row.place.coin.code))
            .with("time_zone", text(rows, |row| row.place.time_zone.to_owned()))
            .with("terms", text(rows, |row| row.terms.text.to_owned()))
            .with("email", text(rows, |row| row.email.clone()))
            .with("phone", text(rows, |row| row.phone.clone()))
            .with("bank_account", text(rows, |row| row.bank_account.clone()))
    }

    /// The tables of orders and of their lines.
    pub(super) fn orders(&self) -> [Sheet; 2] {
        let rows = &self.rows(&self.orders, |trade| &trade.orders);
        let numbered: Vec<(u32, &Order)> =
            (1..).zip(rows).map(|(number, &(_, order))| (number, order)).collect();
        let orders = Sheet::new("orders")
            .with("id", text(&numbered, |(number, _)| order_id(*number)))
            .with("side", word(rows, |_| "purchase"))
            .with("party", text(rows, |(owner, _)| self.supplier_id(*owner)))
            .with("ordered", day(rows, |(_, order)| Some(order.ordered)))
            .with("amount", money(rows, |(_, order)| Some((order.amount(), order.coin.currency))))
            .with("currency", word(rows, |(_, order)| order.coin.code))
            .with("status", word(rows, |(_, order)| if order.closed { "closed" } else { "open" }))
            .with("terms", text(rows, |(_, order)| order.terms.text.to_owned()));
        let lines: Vec<_> = numbered
            .iter()
            .flat_map(|&(number, order)| {
                order.lines.iter().zip(0..).map(move |(line, at)| (number, order, line, at))
            })
            .collect();
        let lines = lines.as_slice();
        let currency = |order: &Order| order.coin.currency;
        let order_lines = Sheet::new("order_lines")
            .with("order", text(lines, |(number, ..)| order_id(*number)))
            .with("line", text(lines, |(.., at)| line_id(*at)))
            .with("item", text(lines, |(_, _, line, _)| line.item.0.to_owned()))
            .with("description", text(lines, |(_, _, line, _)| line.item.1.to_owned()))
            .with("quantity", count(lines, |(_, _, line, _)| line.quantity))
            .with("unit_price", money(lines, |(_, order, line, _)| Some((line.price, currency(order)))))
            .with(
                "amount",
                money(lines, |(_, order, line, _)| Some((line.quantity * line.price, currency(order)))),
            )
            .with("scheduled", day(lines, |(_, _, line, _)| Some(line.scheduled)));
        [orders, order_lines]
    }

    /// The table of receipts.
    pub(super) fn receipts(&self) -> Sheet {
        let order = Numbering::by_day(self.trades, |trade| &trade.receipts, |receipt| receipt.received);
        let rows: Vec<_> = (1_u32..).zip(self.rows(&order, |trade| &trade.receipts)).collect();
        let rows = rows.as_slice();
        Sheet::new("receipts")
            .with("id", text(rows, |(number, _)| format!("GR-{number:07}")))
            .with("order", text(rows, |(_, (owner, row))| self.order_id(*owner, Some(row.order))))
            .with("order_line", text(rows, |(_, (_, row))| line_id(row.line)))
            .with("received", day(rows, |(_, (_, row))| Some(row.received)))
            .with("quantity", count(rows, |(_, (_, row))| row.quantity))
            .with("accepted", count(rows, |(_, (_, row))| row.quantity - row.refused))
    }

    /// The tables of bills and of their lines.
    pub(super) fn bills(&self) -> [Sheet; 2] {
        let order = Numbering::by_day(self.trades, |trade| &trade.bills, |bill| bill.posted);
        let rows = &self.rows(&order, |trade| &trade.bills);
        let open = |bill: &Bill| if bill.settled.is_some() { 0 } else { bill.amount };
        let bills = Sheet::new("bills")
            .with("id", text(rows, |(_, bill)| bill.number.clone()))
            .with("supplier", text(rows, |(_, bill)| self.supplier_id(bill.supplier)))
            .with("issued", day(rows, |(_, bill)| Some(bill.issued)))
            .with("due", day(rows, |(_, bill)| Some(bill.due)))
            .with("amount", money(rows, |(_, bill)| Some((bill.amount, bill.coin.currency))))
            .with("currency", word(rows, |(_, bill)| bill.coin.code))
            .with("type", word(rows, |_| "invoice"))
            .with("tax", money(rows, |(_, bill)| Some((bill.tax, bill.coin.currency))))
            .with("order", text(rows, |(owner, bill)| self.order_id(*owner, bill.order)))
            .with("terms", text(rows, |(_, bill)| bill.terms.text.to_owned()))
            .with("status", word(rows, |(_, bill)| if bill.settled.is_some() { "paid" } else { "open" }))
            .with("settled", day(rows, |(_, bill)| bill.settled))
            .with("open_balance", money(rows, |(_, bill)| Some((open(bill), bill.coin.currency))))
            .with("posted", day(rows, |(_, bill)| Some(bill.posted)))
            .with("bank_account", text(rows, |(_, bill)| self.remittance(bill)));
        [bills, self.bill_lines(rows)]
    }

    fn bill_lines(&self, bills: &[(u32, &Bill)]) -> Sheet {
        let rows: Vec<_> = bills
            .iter()
            .flat_map(|&(owner, bill)| {
                bill.lines.iter().zip(0..).map(move |(line, at)| (owner, bill, line, at))
            })
            .collect();
        let rows = rows.as_slice();
        let currency = |bill: &Bill| bill.coin.currency;
        Sheet::new("bill_lines")
            .with("document", text(rows, |(_, bill, ..)| bill.number.clone()))
            .with("line", text(rows, |(.., at)| line_id(*at)))
            .with("item", text(rows, |(_, _, line, _)| line.item.to_owned()))
            .with("description", text(rows, |(_, _, line, _)| line.description.to_owned()))
            .with("quantity", count(rows, |(_, _, line, _)| line.quantity))
            .with("unit_price", money(rows, |(_, bill, line, _)| Some((line.price, currency(bill)))))
            .with("amount", money(rows, |(_, bill, line, _)| Some((line.amount(), currency(bill)))))
            .with("tax", money(rows, |(_, bill, line, _)| Some((line.tax, currency(bill)))))
            .with("order", text(rows, |(owner, bill, ..)| self.order_id(*owner, bill.order)))
            .with(
                "order_line",
                text(rows, |(_, _, line, _)| line.order_line.map(line_id).unwrap_or_default()),
            )
    }

    /// Adds the planted exceptions of this side.
    pub(super) fn tell(&self, truth: &mut Truth) {
        for trade in self.trades {
            let bills: HashMap<&str, &Bill> =
                trade.bills.iter().map(|bill| (bill.number.as_str(), bill)).collect();
            for planted in &trade.truth {
                let Some(bill) = bills.get(planted.number.as_str()) else { continue };
                truth.rows.push(PlantedRow {
                    document: planted.number.clone(),
                    code: planted.fault.code(),
                    twin: planted.twin.clone().unwrap_or_default(),
                    table: "bills",
                    party: self.supplier_id(bill.supplier),
                    known: bill.posted,
                });
            }
        }
    }
}

/// Lines are numbered in tens, as in most systems.
fn line_id(at: u32) -> String {
    ((at + 1) * 10).to_string()
}
