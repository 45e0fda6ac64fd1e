//! The register: the documents of both sides as they stand in the ledger, with orders, receipts, payments and what was
//! allocated, for those who compare documents with each other. [`super::Ledger`] holds what comes of them: claims and their
//! settlement. Nothing here is filtered by a day, and nothing is in any order but that of the files; what looks at it goes
//! through `asof::documents`, which lets nothing pass that was not known yet.

mod disposition;
mod take;
pub mod words;

use super::event::Stamp;
use super::settle::AllocationKind;
use crate::base::day::Day;
use crate::base::money::Currency;
pub use disposition::{Disposition, Verdict};
use words::{Word, Words};

/// Which side of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// What is bought: suppliers, purchase orders, goods receipts, bills.
    Payable,
    /// What is sold: customers, sales orders, deliveries, invoices.
    Receivable,
}

/// Type of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// A bill or an invoice.
    Invoice,
    /// Takes back what was billed.
    CreditNote,
    /// Bills something besides.
    DebitNote,
}

/// A supplier or customer. Who it is has no day.
#[derive(Debug, Clone, Copy)]
pub struct Party {
    /// Supplier or customer.
    pub side: Side,
    /// Id.
    pub id: Word,
    /// Name.
    pub name: Word,
    /// Id of its group.
    pub parent: Word,
    /// The company's own grouping.
    pub segment: Word,
    /// Usual terms.
    pub terms: Word,
    /// The account it pays from or is paid to.
    pub bank_account: Word,
    /// Most it may owe, in minor units.
    pub credit_limit: Option<(i64, Currency)>,
    /// Day from which no more documents are exchanged with it.
    pub closed: Option<Day>,
}

/// An order.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// Bought or sold.
    pub side: Side,
    /// Number.
    pub id: Word,
    /// Id of the supplier or customer.
    pub party: Word,
    /// Day of the order.
    pub ordered: Day,
    /// Ordered total before tax, in minor units.
    pub amount: i64,
    /// Its currency.
    pub currency: Currency,
    /// Whether it takes no more bills.
    pub is_closed: bool,
    /// The day from which it takes none, where the ledger says so.
    pub closed: Option<Day>,
    /// Agreed terms.
    pub terms: Word,
    /// The company's own grouping.
    pub category: Word,
}

/// A line of an order. Quantities, prices and amounts are in units of the last of
/// [`super::table::DECIMAL_PLACES`].
#[derive(Debug, Clone, Copy)]
pub struct OrderLine {
    /// Number of the order.
    pub order: Word,
    /// Number of the line.
    pub line: Word,
    /// Article.
    pub item: Word,
    /// Ordered quantity.
    pub quantity: i64,
    /// Agreed price of one.
    pub unit_price: i64,
    /// Line amount.
    pub amount: i64,
    /// Agreed delivery day.
    pub scheduled: Option<Day>,
}

/// A goods receipt or delivery of an order's line.
#[derive(Debug, Clone, Copy)]
pub struct GoodsReceipt {
    /// Number.
    pub id: Word,
    /// Number of the order.
    pub order: Word,
    /// Line of the order.
    pub order_line: Word,
    /// Day of receipt, and of its being known.
    pub received: Day,
    /// Quantity as on lines; below zero it went back.
    pub quantity: i64,
    /// What of it was accepted on inspection, where it was inspected.
    pub accepted: Option<i64>,
}

/// A bill or an invoice, void ones included: their numbers are taken.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// Bill or invoice.
    pub side: Side,
    /// Number.
    pub id: Word,
    /// Type.
    pub kind: DocumentKind,
    /// Id of the supplier or customer.
    pub party: Word,
    /// Issued and known.
    pub stamp: Stamp,
    /// Gross amount in minor units.
    pub amount: i64,
    /// Tax within it, where the ledger says so.
    pub tax: Option<i64>,
    /// Its currency.
    pub currency: Currency,
    /// Order number as printed.
    pub order: Word,
    /// Terms as printed.
    pub terms: Word,
    /// The account it asks to be paid to.
    pub bank_account: Word,
    /// Whether it is void or a draft, and so no claim.
    pub is_void: bool,
    /// Day it was paid in full, where the ledger says so.
    pub settled: Option<Day>,
    /// Day a payment block on it was first removed by hand.
    pub released: Option<Day>,
    /// The ledger's own number of its posting.
    pub voucher: Word,
}

/// A line of a document; figures as on [`OrderLine`].
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Bill or invoice.
    pub side: Side,
    /// Number of the document.
    pub document: Word,
    /// Number of the line.
    pub line: Word,
    /// Article.
    pub item: Word,
    /// Text.
    pub description: Word,
    /// Billed quantity.
    pub quantity: i64,
    /// Price of one.
    pub unit_price: i64,
    /// Line amount before tax.
    pub amount: i64,
    /// Tax of the line, where the ledger says so.
    pub tax: Option<i64>,
    /// Number of the order.
    pub order: Word,
    /// Line of the order.
    pub order_line: Word,
}

/// A payment of a customer.
#[derive(Debug, Clone, Copy)]
pub struct Payment {
    /// Number.
    pub id: Word,
    /// Id of the customer it is booked to; empty is unidentified.
    pub customer: Word,
    /// Payer as the bank writes it.
    pub payer: Word,
    /// The account it came from.
    pub account: Word,
    /// What the payer wrote.
    pub reference: Word,
    /// Day written on the cheque.
    pub cheque: Option<Day>,
    /// Value day and day known.
    pub stamp: Stamp,
    /// Minor units.
    pub amount: i64,
    /// Its currency.
    pub currency: Currency,
    /// Day it came back.
    pub returned: Option<Day>,
}

/// What of a payment or credit note went to which invoice.
#[derive(Debug, Clone, Copy)]
pub struct Allocated {
    /// Number of the payment or credit note; empty where none is behind it.
    pub payment: Word,
    /// Number of the invoice.
    pub invoice: Word,
    /// What settles it.
    pub kind: AllocationKind,
    /// Minor units.
    pub amount: i64,
    /// Day it was applied; `None` is the payment's.
    pub day: Option<Day>,
}

/// Everything of a ledger that documents are compared with, in the order of the files.
#[derive(Debug, Default)]
pub struct Register {
    /// Texts of all of them.
    pub words: Words,
    /// Suppliers and customers.
    pub parties: Vec<Party>,
    /// Orders.
    pub orders: Vec<Order>,
    /// Lines of orders.
    pub order_lines: Vec<OrderLine>,
    /// Goods receipts and deliveries.
    pub receipts: Vec<GoodsReceipt>,
    /// Bills and invoices.
    pub documents: Vec<Document>,
    /// Lines of bills and invoices.
    pub lines: Vec<Line>,
    /// Payments of customers.
    pub payments: Vec<Payment>,
    /// What was applied to what.
    pub allocations: Vec<Allocated>,
    /// What reviewers decided.
    pub dispositions: Vec<Disposition>,
    /// Whether the ledger has a table of allocations, be it empty.
    pub allocates: bool,
}

impl Register {
    /// The last day on which anything became known.
    pub fn last_known(&self) -> Option<Day> {
        let orders = self.orders.iter().map(|order| order.ordered);
        let receipts = self.receipts.iter().map(|receipt| receipt.received);
        let documents = self.documents.iter().map(|document| document.stamp.known);
        let payments = self.payments.iter().map(|payment| payment.stamp.known);
        let dispositions = self.dispositions.iter().map(|disposition| disposition.day);
        orders.chain(receipts).chain(documents).chain(payments).chain(dispositions).max()
    }
}
