//! Customers and suppliers: who they are and when they trade.

use crate::base::day::Day;
use crate::base::seed::{self, Stream};

use super::behaviour::Payer;
use super::calendar::Span;
use super::draw::{between, chance, log_normal, normal, pick, unit, weighted};
use super::world::{Place, Terms, company, host, person, phone};

/// Invoices per customer on average, and the fewest customers that make a portfolio.
const INVOICES_PER_CUSTOMER: usize = 20;
const CUSTOMERS_MIN: usize = 20;
/// Invoices per supplier, and the fewest suppliers.
const INVOICES_PER_SUPPLIER: usize = 100;
const SUPPLIERS_MIN: usize = 10;
/// Spread of the logarithm of a party's number of documents: the top percent has a sixth of them.
const VOLUME_SPREAD: f64 = 1.4;

/// Median invoice of the median customer, in dollars, and spreads of the logarithms between and within
/// customers.
const AMOUNT_MEDIAN_DOLLARS: f64 = 1_800.0;
const AMOUNT_SPREAD_BETWEEN: f64 = 0.9;
/// Spread of the logarithm of amounts within a customer.
pub(super) const AMOUNT_SPREAD_WITHIN: f64 = 0.8;
/// Smallest usual amount in dollars: below it a discount rounds to nothing.
const AMOUNT_USUAL_DOLLARS_MIN: f64 = 120.0;

const PARENT_SHARE: f64 = 0.04;
const NEW_SHARE: f64 = 0.04;
/// A new customer's first invoice is at most this many days before the export.
const NEW_DAYS: i32 = 35;
/// A new customer has few invoices.
const NEW_VOLUME: f64 = 0.06;
const LATE_START_SHARE: f64 = 0.25;
/// An insolvent customer is delivered to for at most this many days after it stops paying.
const DELIVERED_AFTER_INSOLVENCY_DAYS: i32 = 40;
/// First number given to customers and suppliers; what is before it belonged to parties long gone.
const FIRST_CUSTOMER_NUMBER: u32 = 1_001;
const FIRST_SUPPLIER_NUMBER: u32 = 70_001;

static SEGMENTS: [(u32, &str); 5] =
    [(40, "sme"), (25, "retail"), (20, "enterprise"), (10, "public"), (5, "export")];
static COLLECTORS: [&str; 8] = ["Abel", "Brandt", "Cruz", "Dubois", "Eriksen", "Fontana", "Gupta", "Haddad"];
static METHODS: [(u32, &str); 4] = [(78, "transfer"), (10, "cheque"), (6, "card"), (6, "direct_debit")];

/// What customers and suppliers have in common.
#[derive(Debug, Clone)]
pub(super) struct Party {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) place: &'static Place,
    pub(super) terms: &'static Terms,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) bank_account: String,
    /// Share of the documents, as a weight.
    pub(super) volume: f64,
    /// Median amount, in dollars.
    pub(super) usual_dollars: f64,
}

/// A customer.
#[expect(clippy::struct_excessive_bools, reason = "they are columns of the table, each on its own")]
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) party: Party,
    pub(super) parent: Option<u32>,
    pub(super) segment: &'static str,
    pub(super) credit_limit: i64,
    pub(super) collector: &'static str,
    pub(super) method: &'static str,
    pub(super) vip: bool,
    pub(super) do_not_contact: bool,
    pub(super) consumer: bool,
    pub(super) payer: Payer,
    /// Days between which it is invoiced.
    pub(super) first: Day,
    pub(super) last: Day,
    /// Invoiced at month ends.
    pub(super) billed_monthly: bool,
    /// One payment for all that is paid on a day.
    pub(super) joins_payments: bool,
    /// Share of its promises that it keeps.
    pub(super) reliability: f64,
}

/// A supplier.
#[derive(Debug, Clone)]
pub(super) struct Supplier {
    pub(super) party: Party,
    /// Whether its bills to us are numbered without gaps, as by a supplier with few customers.
    pub(super) gapless: bool,
}

/// How many customers a ledger of so many invoices has.
pub(super) fn customer_count(invoices: usize) -> usize {
    (invoices / INVOICES_PER_CUSTOMER).max(CUSTOMERS_MIN)
}

/// How many suppliers a ledger of so many invoices has.
pub(super) fn supplier_count(invoices: usize) -> usize {
    (invoices / INVOICES_PER_SUPPLIER).max(SUPPLIERS_MIN)
}

/// Customer number `index`.
pub(super) fn customer(seed: u64, index: u32, span: Span) -> Customer {
    let mut rng = seed::stream(seed, "synth customer", u64::from(index));
    let rng = &mut rng;
    let consumer = chance(rng, 0.015);
    let place = Place::draw(rng);
    let name = if consumer { person(rng) } else { company(rng, place) };
    let mut party = party(FIRST_CUSTOMER_NUMBER + index, name, place, rng);
    let payer = Payer::draw(span, rng);
    let new = chance(rng, NEW_SHARE);
    if new {
        party.volume *= NEW_VOLUME;
    }
    let (first, last) = trading(span, &payer, new, rng);
    // Room for a few months of usual trade, round in the customer's own currency.
    let round = place.coin.units(1_000);
    let months = party.usual_dollars * f64::from(between(rng, 2, 20));
    let credit_limit = (place.coin.minor(months) / round + 1) * round;
    Customer {
        parent: (index > 0 && chance(rng, PARENT_SHARE)).then(|| parent_of(index, rng)),
        segment: if consumer { "consumer" } else { weighted(rng, &SEGMENTS) },
        credit_limit,
        collector: pick(rng, &COLLECTORS),
        method: weighted(rng, &METHODS),
        vip: chance(rng, 0.02),
        do_not_contact: chance(rng, 0.01),
        consumer,
        billed_monthly: chance(rng, 0.12),
        joins_payments: payer.pays_in_runs() || chance(rng, 0.35),
        reliability: 0.35 + 0.6 * unit(rng),
        payer,
        first,
        last,
        party,
    }
}

/// Supplier number `index`.
pub(super) fn supplier(seed: u64, index: u32) -> Supplier {
    let mut rng = seed::stream(seed, "synth supplier", u64::from(index));
    let rng = &mut rng;
    let place = Place::draw_two_decimals(rng);
    let name = company(rng, place);
    Supplier { party: party(FIRST_SUPPLIER_NUMBER + index, name, place, rng), gapless: chance(rng, 0.4) }
}

/// The supplier that shares the bank account of `victim`: the same firm entered twice, or a fraud.
pub(super) fn shadow(victim: &Supplier, index: u32) -> Supplier {
    let mut party = victim.party.clone();
    party.number = FIRST_SUPPLIER_NUMBER + index;
    party.name = party.name.replace(' ', "-");
    Supplier { party, gapless: false }
}

fn party(number: u32, name: String, place: &'static Place, rng: &mut Stream) -> Party {
    let usual = AMOUNT_MEDIAN_DOLLARS * (AMOUNT_SPREAD_BETWEEN * normal(rng)).exp();
    Party {
        number,
        place,
        terms: Terms::draw(rng),
        email: format!("accounts@{}", host(&name, place)),
        name,
        phone: phone(rng, place),
        bank_account: place.bank_account(rng),
        volume: log_normal(rng, 1.0, VOLUME_SPREAD),
        usual_dollars: usual.max(AMOUNT_USUAL_DOLLARS_MIN),
    }
}

/// A group's head is among the first customers, those that were there before.
fn parent_of(index: u32, rng: &mut Stream) -> u32 {
    between(rng, 0, (index as i32 - 1).min(index as i32 / 10)).unsigned_abs()
}

fn trading(span: Span, payer: &Payer, new: bool, rng: &mut Stream) -> (Day, Day) {
    if new {
        return (span.last.plus(-between(rng, 0, NEW_DAYS)).max(span.first), span.last);
    }
    let late_start = chance(rng, LATE_START_SHARE);
    let first = if late_start { span.first.plus(between(rng, 0, span.days() * 3 / 4)) } else { span.first };
    match payer.habit {
        super::behaviour::Habit::Insolvent { from } => {
            let last = from.plus(between(rng, 0, DELIVERED_AFTER_INSOLVENCY_DAYS)).min(span.last);
            (first.min(last), last)
        }
        _ => (first, span.last),
    }
}
