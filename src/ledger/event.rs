//! Facts of a ledger. Each has the day it happened and the day it was known: a payment of Friday posted on Monday is
//! unknown on Saturday.

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

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Id, as text.
    pub id: String,
    /// Name, or the id where the ledger has none.
    pub name: String,
    /// Who calls it.
    pub collector: String,
    /// Number for calls.
    pub phone: String,
    /// Must not be contacted.
    pub do_not_contact: bool,
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

/// Money or credit of a customer that is on no invoice: received (plus) or applied (minus).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CashMove {
    /// Position of the customer in the ledger; `None` where the payer is unidentified.
    pub customer: Option<u32>,
    /// When.
    pub stamp: Stamp,
    /// Its currency.
    pub currency: Currency,
    /// Minor units.
    pub amount: i64,
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
    /// Anything else: reached, voicemail, refused…
    Other,
}

/// A contact with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Activity {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Day of the contact.
    pub day: Day,
    /// Document it was about, by the position of its first claim; `None` is the whole account.
    pub invoice: Option<u32>,
    /// What came of it.
    pub outcome: Outcome,
}
