//! What a letter is to say: plain data, put together by whoever knows the ledger and the dunning policy. Totals are not in
//! it: they are summed from the items.

use crate::base::day::Day;
use crate::base::money::Currency;
use crate::collect::discount::Offer;
use crate::ledger::{Channel, Customer};

/// The template that asks for nothing: it may be written where nothing is left to pay.
pub const THANK_YOU: &str = "thank_you";

/// One message to one customer in one currency.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// To whom.
    pub customer: &'a Customer,
    /// The one currency of all amounts.
    pub currency: Currency,
    /// Day of the letter; days overdue are counted up to it.
    pub as_of: Day,
    /// Name of the policy's step.
    pub step: &'a str,
    /// A person must release it.
    pub requires_review: bool,
    /// The step is only for what is risky, and nobody has said how risky this is.
    pub risk_unknown: bool,
    /// Name of the template.
    pub template: &'a str,
    /// How it is to reach the customer.
    pub channel: Channel,
    /// Day by which payment or an answer is asked for.
    pub reply_by: Day,
    /// What may be raised, in any order; nothing that is disputed, promised or paid. For a thank-you what was paid.
    pub items: Vec<Item>,
    /// What must not be raised: only call scripts show it, for when the customer asks.
    pub held: Vec<Held>,
    /// Payments and credits on no invoice, in minor units. They are shown and deducted.
    pub unapplied: i64,
    /// Interest, compensation and fees claimed besides.
    pub charges: Option<Charges>,
    /// A promise that was not kept in full.
    pub promise: Option<Promise>,
    /// Instalments offered.
    pub plan: Vec<Part>,
    /// What the policy does next if nothing is paid. A letter announces this and nothing else.
    pub next: Option<Next>,
    /// Who answers questions; the brand's sender where there is none.
    pub contact: Option<Contact>,
}

/// An invoice in a letter. Amounts are minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Document number.
    pub number: String,
    /// Day of issue.
    pub issued: Day,
    /// Last day to pay on time.
    pub due: Day,
    /// Gross amount.
    pub amount: i64,
    /// What of it is open.
    pub open: i64,
    /// What early payment still takes off it.
    pub discount: Option<Offer>,
}

/// An invoice that is not to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Document number.
    pub number: String,
    /// Minor units open.
    pub open: i64,
    /// Why it is held.
    pub reason: String,
}

/// What is claimed besides the invoices. Amounts are minor units; what is zero is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Charges {
    /// Interest.
    pub interest: i64,
    /// Fixed compensation.
    pub compensation: i64,
    /// Fees and costs.
    pub fees: i64,
    /// How the interest came about.
    pub segments: Vec<Segment>,
}

/// Days at one rate and one balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Number of the invoice.
    pub number: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Days counted.
    pub days: i32,
    /// Minor units on which interest ran.
    pub balance: i64,
    /// Percent a year as a plain decimal number, `11.75`.
    pub rate: String,
    /// Interest in whole units of the currency as a plain decimal number, as exact as it was computed.
    pub interest: String,
}

/// What the customer had promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Last day to keep it.
    pub by: Day,
    /// Minor units; `None` is all that was open.
    pub amount: Option<i64>,
}

/// An instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Last day to pay it.
    pub due: Day,
    /// Minor units.
    pub amount: i64,
}

/// What the policy does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// What.
    pub what: Consequence,
    /// Earliest day.
    pub from: Day,
}

/// A step that a letter may announce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Deliveries and services are suspended.
    Suspension,
    /// The claim goes to a collection agency.
    Agency,
    /// Legal action.
    Legal,
}

impl Consequence {
    /// The word that templates compare with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Suspension => "suspension",
            Self::Agency => "agency",
            Self::Legal => "legal",
        }
    }
}

/// Who answers questions. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Telephone number.
    pub phone: String,
}
