//! Facts of a ledger. Each has the day it happened and the day it was known: a payment of Friday posted on Monday is
//! unknown on Saturday.

use super::terms::Discount;
use crate::base::day::Day;
use crate::base::money::Currency;

/// When something happened and when it became known. It is never known before it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Day it became known.
    pub known: Day,
    /// Day it happened.
    pub happened: Day,
}

impl Stamp {
    /// Happened and known on these days.
    pub fn new(happened: Day, known: Day) -> Self {
        Self { known: known.max(happened), happened }
    }

    /// Known as it happened.
    pub fn on(day: Day) -> Self {
        Self { known: day, happened: day }
    }
}

/// A customer. What the ledger does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Customer {
    /// Id, as text.
    pub id: String,
    /// Name, or the id where the ledger has none.
    pub name: String,
    /// The company's own grouping.
    pub segment: String,
    /// ISO 3166 alpha-2 country.
    pub country: String,
    /// ISO 639-1 language for letters.
    pub language: String,
    /// IANA time zone for calls.
    pub time_zone: String,
    /// Usual payment terms.
    pub terms: String,
    /// Most it may owe, in minor units.
    pub credit_limit: Option<(i64, Currency)>,
    /// Address for letters.
    pub email: String,
    /// Who calls it.
    pub collector: String,
    /// Number for calls.
    pub phone: String,
    /// Is handled with special care.
    pub vip: bool,
    /// Must not be contacted.
    pub do_not_contact: bool,
    /// A natural person outside business.
    pub consumer: bool,
    /// Whose law on late payment its contracts are under.
    pub jurisdiction: String,
}

/// A claim on a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Document number, as text.
    pub id: String,
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// The account: a customer in one currency. Numbered by customer, then currency.
    pub account: u32,
    /// The document: the position of its first claim, this one unless it is due in parts.
    pub document: u32,
    /// Issued and known.
    pub stamp: Stamp,
    /// Last day to pay on time.
    pub due: Day,
    /// Gross amount in minor units.
    pub amount: i64,
    /// Its currency.
    pub currency: Currency,
    /// What its terms allow for early payment. Not where it is due in parts: the terms are those of the whole.
    pub discount: Option<Discount>,
    /// Day a dispute was raised.
    pub disputed: Option<Day>,
    /// Day the dispute was settled.
    pub dispute_resolved: Option<Day>,
}

/// Part or all of an invoice being settled, or, below zero, open again from the day known on: what had happened on that
/// day came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Settlement {
    /// Position of the invoice in the ledger.
    pub invoice: u32,
    /// When.
    pub stamp: Stamp,
    /// Minor units in the invoice's currency.
    pub amount: i64,
}

/// Money or credit of a customer that is on no invoice: received (plus), or from the day known on no longer there (minus), applied
/// or gone back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CashMove {
    /// Position of the customer in the ledger; `None` where the payer is unidentified.
    pub customer: Option<u32>,
    /// When it was known, and the day on which the money had come, whichever way it moves.
    pub stamp: Stamp,
    /// Its currency.
    pub currency: Currency,
    /// Minor units.
    pub amount: i64,
    /// Whether it is the credit of a credit note, and not money.
    pub is_credit: bool,
}

/// What one currency was worth in another from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate {
    /// Currency converted.
    pub from: Currency,
    /// Currency converted to.
    pub to: Currency,
    /// Day from which it holds.
    pub day: Day,
    /// Units of `to` for one of `from`, in units of the last of [`super::table::DECIMAL_PLACES`].
    pub rate: i64,
}

/// How contact is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// By telephone.
    Call,
    /// By electronic mail.
    Email,
    /// On paper.
    Letter,
    /// By text message.
    Sms,
    /// In person.
    Visit,
}

/// What came of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The customer promised to pay by a day; an amount of `None` is all that was open.
    Promise {
        /// Day promised.
        by: Day,
        /// Amount promised, in minor units of its currency.
        amount: Option<(i64, Currency)>,
    },
    /// The customer disputes the claim.
    Dispute,
    /// It was spoken to.
    Reached,
    /// A message was left.
    Voicemail,
    /// Nobody answered.
    NoAnswer,
    /// It refuses to pay.
    Refusal,
    /// It was written to.
    Sent,
    /// Nothing that counts: it was about what is no claim.
    Void,
}

impl Outcome {
    /// Whether the customer itself was spoken to.
    pub fn is_conversation(self) -> bool {
        matches!(self, Self::Promise { .. } | Self::Dispute | Self::Reached | Self::Refusal)
    }
}

/// A contact with a customer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Activity {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Day of the contact.
    pub day: Day,
    /// Document it was about, by the position of its first claim; `None` is the whole account.
    pub invoice: Option<u32>,
    /// How contact was made.
    pub channel: Channel,
    /// What came of it.
    pub outcome: Outcome,
    /// Step of the dunning policy it carried out; empty where it carried out none.
    pub step: String,
}

/// Someone's word that a customer, or one of its invoices, is not to be chased.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pause {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Document it is about, by the position of its first claim; `None` is the whole account.
    pub invoice: Option<u32>,
    /// First day of it.
    pub from: Day,
    /// Last day of it; `None` until it is taken back.
    pub until: Option<Day>,
    /// Why.
    pub reason: String,
}

/// A part of an agreed payment plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlanPart {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Number of the plan.
    pub plan: String,
    /// Last day to pay the part.
    pub due: Day,
    /// Number of the part within the plan.
    pub number: String,
    /// Minor units.
    pub amount: i64,
    /// Its currency.
    pub currency: Currency,
    /// Day on which the plan was agreed.
    pub agreed: Day,
}
