//! Bills as the search for duplicates sees them.

use crate::base::day::Day;
use crate::base::money::Currency;

/// A supplier's bill. Texts are empty where nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill<'a> {
    /// The number printed on it.
    pub number: &'a str,
    /// Any number that tells suppliers apart.
    pub supplier: u32,
    /// The supplier's name.
    pub name: &'a str,
    /// The account it asks to be paid to: its own or else the supplier's.
    pub account: &'a str,
    /// Day on it.
    pub issued: Day,
    /// Day on which it was booked, and known.
    pub posted: Day,
    /// Minor units. A credit note's may have either sign; a negative amount of another type is a credit too.
    pub amount: i64,
    /// Currency of the amount.
    pub currency: Currency,
    /// Number of its order.
    pub order: &'a str,
    /// The ledger's own number of its posting.
    pub voucher: &'a str,
    /// What it is.
    pub kind: BillKind,
}

/// What a bill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BillKind {
    /// Asks for money.
    Invoice,
    /// Asks for more money.
    DebitNote,
    /// Gives money back.
    CreditNote,
}

impl Bill<'_> {
    /// Whether it lowers what is owed.
    pub(super) fn is_credit(&self) -> bool {
        self.kind == BillKind::CreditNote || self.amount < 0
    }

    /// What bills are ordered by: the earlier known first, and no two places by chance. The supplier's number is left out,
    /// since it may be any.
    pub(in crate::exception) fn order_key(&self) -> impl Ord {
        let (days, texts) = ((self.posted, self.issued), (self.account, self.order, self.voucher));
        (days, self.name, self.number, self.amount, self.currency, texts, self.kind)
    }
}
