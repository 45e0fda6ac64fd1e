//! Bills as seen by one who asks which of them will be blocked.

use crate::base::day::Day;
use crate::base::money::Currency;

/// Days after booking from which a bill that was not released counts as one that will not be: most releases come sooner.
pub const HORIZON_DAYS: i32 = 60;

/// A supplier's bill. Texts are empty, and days none, where nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill<'a> {
    /// Its number.
    pub number: &'a str,
    /// Who sent it.
    pub supplier: &'a str,
    /// Number of its order.
    pub order: &'a str,
    /// What is bought: the order's category, or else the supplier's segment.
    pub category: &'a str,
    /// Day on which it was booked, and known.
    pub posted: Day,
    /// Day on it.
    pub issued: Option<Day>,
    /// Day of its order.
    pub ordered: Option<Day>,
    /// Day of the last receipt of what it bills, before it was booked.
    pub received: Option<Day>,
    /// How many such receipts there were.
    pub receipts: u32,
    /// Its lines.
    pub lines: u32,
    /// Minor units.
    pub amount: i64,
    /// Currency of the amount.
    pub currency: Currency,
    /// Day it was paid in full.
    pub settled: Option<Day>,
    /// Day on which a payment block on it was first removed by hand.
    pub released: Option<Day>,
}

impl Bill<'_> {
    /// Whether a release was known when a day began.
    pub(super) fn is_released(&self, morning: Day) -> bool {
        self.released.is_some_and(|released| released < morning)
    }

    /// The first day that begins with its outcome known: it was released, it was paid, or it waited too long.
    pub(super) fn decided(&self) -> Day {
        let waited = self.posted.plus(HORIZON_DAYS);
        let ends = self.released.into_iter().chain(self.settled).map(|day| day.plus(1));
        ends.chain([waited]).min().unwrap_or(waited).max(self.posted.plus(1))
    }

    /// Whether it can still come to a release when a day has ended.
    pub(super) fn is_open(&self, day: Day) -> bool {
        self.posted <= day && self.decided() > day.plus(1)
    }

    /// What bills are ordered by, so that the order in which they are given does not matter.
    pub(super) fn order_key(&self) -> impl Ord {
        let ends = (self.released, self.settled, self.issued, self.ordered, self.received);
        let what = (self.amount, self.currency, self.lines, self.receipts);
        (self.posted, self.supplier, self.number, self.order, self.category, what, ends)
    }
}
