//! One customer's account: its invoices, and the order in which the rest of it is made. A pure function of
//! the seed and the customer, so accounts can be made on any thread.

use crate::base::day::Day;
use crate::base::seed::{self, Stream};

use super::behaviour::Claim;
use super::calendar::{Span, month_end_on_or_after, next_business_day, on_or_after};
use super::cash;
use super::contact;
use super::draw::{between, chance, normal};
use super::party::{AMOUNT_SPREAD_WITHIN, Customer};
use super::twice;
use super::world::{Coin, Terms};

const DEBIT_NOTE_SHARE: f64 = 0.005;
const VOID_SHARE: f64 = 0.005;
/// Drafts are recent, or somebody would have sent them.
const DRAFT_SHARE: f64 = 0.04;
const DRAFT_DAYS: i32 = 10;
const OTHER_TERMS_SHARE: f64 = 0.02;
const ORDER_SHARE: f64 = 0.6;
const WEEKEND_SHARE: f64 = 0.02;
const POSTED_LATER_SHARE: f64 = 0.04;
const DISPUTED_SHARE: f64 = 0.02;
/// Days by which a dispute delays the payment.
const DISPUTE_DELAY_DAYS: (i32, i32) = (12, 60);
/// Share of the days of a slow month on which nothing is invoiced: summer and the turn of the year.
const QUIET_SHARE: f64 = 0.3;
const QUIET_MONTHS: [u32; 3] = [1, 7, 8];

/// Type of a document on the receivable side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Invoice,
    CreditNote,
    DebitNote,
}

/// Whether a document is a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Claim,
    Void,
    Draft,
}

/// A document on the receivable side. Its number is given when all documents are known.
#[derive(Debug, Clone)]
pub(super) struct Invoice {
    pub(super) kind: Kind,
    pub(super) standing: Standing,
    pub(super) issued: Day,
    pub(super) posted: Day,
    pub(super) due: Day,
    pub(super) amount: i64,
    pub(super) tax: i64,
    pub(super) terms: &'static Terms,
    /// The customer's order number; zero is none.
    pub(super) order: u32,
    pub(super) disputed: Option<Day>,
    pub(super) resolved: Option<Day>,
    /// The day the customer pays, be it after the export; never written.
    pub(super) pays: Option<Day>,
    /// Day of the first payment, of the last one if nothing is left, and what is left on the day of the
    /// export.
    pub(super) first_paid: Option<Day>,
    pub(super) settled: Option<Day>,
    pub(super) open: i64,
}

/// All that is made for one customer.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) invoices: Vec<Invoice>,
    pub(super) payments: Vec<cash::Payment>,
    pub(super) allocations: Vec<cash::Allocation>,
    pub(super) activities: Vec<contact::Activity>,
    pub(super) truth: Vec<cash::Planted>,
}

/// What the making of one account needs.
pub(super) struct Desk<'a> {
    pub(super) span: Span,
    pub(super) customer: &'a Customer,
    /// Index of the customer, and number of customers.
    pub(super) index: u32,
    pub(super) customers: u32,
    pub(super) rng: Stream,
    pub(super) account: Account,
}

impl Desk<'_> {
    pub(super) fn coin(&self) -> &'static Coin {
        self.customer.party.place.coin
    }
}

/// The account of one customer with exactly `count` documents.
pub(super) fn account(seed: u64, span: Span, customers: &[Customer], index: u32, count: usize) -> Account {
    let Some(customer) = customers.get(index as usize) else { return Account::default() };
    let rng = seed::stream(seed, "synth account", u64::from(index));
    let account = Account { invoices: Vec::with_capacity(count), ..Account::default() };
    let mut desk = Desk { span, customer, index, customers: customers.len() as u32, rng, account };
    let mut parts = Vec::with_capacity(count);
    while desk.account.invoices.len() < count {
        let invoice = draw(customer, span, &mut desk.rng);
        desk.account.invoices.push(invoice);
        // A way of paying may need a credit note, which is a document too.
        let room = desk.account.invoices.len() < count;
        cash::pay(&mut desk, room, &mut parts);
    }
    cash::bank(&mut desk, parts);
    cash::close(&mut desk.account);
    contact::chase(&mut desk);
    twice::send_twice(seed, index, &mut desk.account);
    desk.account
}

fn draw(customer: &Customer, span: Span, rng: &mut Stream) -> Invoice {
    let issued = issue_day(customer, span, rng);
    let posted = if chance(rng, POSTED_LATER_SHARE) {
        next_business_day(issued.plus(between(rng, 0, 4))).min(span.last)
    } else {
        issued
    };
    let terms = if chance(rng, OTHER_TERMS_SHARE) { Terms::draw(rng) } else { customer.party.terms };
    let due = issued.plus(terms.days);
    let kind = if chance(rng, DEBIT_NOTE_SHARE) { Kind::DebitNote } else { Kind::Invoice };
    let (amount, tax, size) = amount(customer, kind, rng);
    let standing = standing(issued, span, rng);
    let claim = Claim { issued, due, size };
    let pays = customer.payer.pays(&claim, span, rng).filter(|_| standing == Standing::Claim);
    let order = if chance(rng, ORDER_SHARE) { between(rng, 10_000, 999_999).unsigned_abs() } else { 0 };
    let mut invoice = Invoice {
        kind,
        standing,
        issued,
        posted,
        due,
        amount,
        tax,
        terms,
        order,
        disputed: None,
        resolved: None,
        pays,
        first_paid: None,
        settled: None,
        open: amount,
    };
    if standing == Standing::Claim && chance(rng, DISPUTED_SHARE) {
        dispute(&mut invoice, span, rng);
    }
    invoice
}

fn issue_day(customer: &Customer, span: Span, rng: &mut Stream) -> Day {
    let length = customer.last.0 - customer.first.0;
    let mut day = customer.first.plus(between(rng, 0, length));
    if QUIET_MONTHS.contains(&day.month()) && chance(rng, QUIET_SHARE) {
        day = customer.first.plus(between(rng, 0, length));
    }
    if customer.billed_monthly {
        let end = month_end_on_or_after(day);
        return if end <= customer.last { end } else { span.business_day(day) };
    }
    if chance(rng, WEEKEND_SHARE) { day } else { span.business_day(day) }
}

/// Gross amount, the tax in it, and its size against what is usual for the customer.
fn amount(customer: &Customer, kind: Kind, rng: &mut Stream) -> (i64, i64, f64) {
    /// Debit notes are for interest, returned packaging and the like.
    const DEBIT_NOTE_PART: f64 = 0.1;
    /// Fewest dollars on an invoice, so that parts of it are amounts too.
    const DOLLARS_MIN: f64 = 20.0;
    let size = normal(rng);
    let part = if kind == Kind::DebitNote { DEBIT_NOTE_PART } else { 1.0 };
    let dollars = customer.party.usual_dollars * part * (AMOUNT_SPREAD_WITHIN * size).exp();
    let place = customer.party.place;
    let net = place.coin.minor(dollars.max(DOLLARS_MIN));
    let tax = tax_on(net, place.tax_basis_points);
    (net + tax, tax, size)
}

/// Tax on a net amount, rounded half up.
pub(super) fn tax_on(net: i64, basis_points: i64) -> i64 {
    (net * basis_points + 5_000) / 10_000
}

/// Tax within a gross amount, rounded half up.
pub(super) fn tax_within(gross: i64, basis_points: i64) -> i64 {
    let whole = 10_000 + basis_points;
    (2 * gross * basis_points + whole) / (2 * whole)
}

fn standing(issued: Day, span: Span, rng: &mut Stream) -> Standing {
    let recent = issued > span.last.plus(-DRAFT_DAYS);
    if recent && chance(rng, DRAFT_SHARE) {
        Standing::Draft
    } else if chance(rng, VOID_SHARE) {
        Standing::Void
    } else {
        Standing::Claim
    }
}

/// Raises a dispute before the payment and moves the payment behind its end.
fn dispute(invoice: &mut Invoice, span: Span, rng: &mut Stream) {
    let latest = invoice.due.plus(10).min(invoice.pays.unwrap_or(span.last));
    let first = invoice.posted.max(invoice.issued.plus(1));
    let raised = on_or_after(first.plus(between(rng, 0, latest.0 - first.0)));
    invoice.pays = invoice.pays.map(|day| {
        let (least, most) = DISPUTE_DELAY_DAYS;
        on_or_after(day.max(raised).plus(between(rng, least, most)))
    });
    let resolved = invoice.pays.map(|day| day.plus(-between(rng, 1, 9)));
    invoice.disputed = Some(raised).filter(|day| *day <= span.last);
    invoice.resolved = resolved.filter(|day| *day <= span.last && *day >= raised);
}
