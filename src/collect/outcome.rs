//! What became of an open item after the day on which it could have been spoken about. This looks past that day, as far as a
//! later view shows: to measure a list by, never to make one.

use crate::asof::view::{LedgerView, OpenItem};
use crate::base::day::{AsOf, Day};

/// What was late of an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Late {
    /// Minor units paid after the due day, or not at all.
    pub money: i128,
    /// Minor units × days that they were late after the day of contact: of what was overdue on it, only the days after it.
    pub money_days: i128,
    /// Minor units that are open to the end of what is known: their days are counted until then, and are more.
    pub open: i128,
}

impl Late {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            money: self.money + other.money,
            money_days: self.money_days + other.money_days,
            open: self.open + other.open,
        }
    }
}

/// What was late of an item that was open as of a day, contact being on the next, by what was known at the end.
pub fn late(end: &LedgerView, item: OpenItem, as_of: AsOf) -> Late {
    let due = end.invoice(item.invoice).due;
    let start = due.max(as_of.0.plus(1));
    let days = |day: Day| i128::from((day.0 - start.0).max(0));
    let mut open = i128::from(item.balance);
    let mut late = Late { money: open, money_days: 0, open: 0 };
    for settlement in end.settlements_of(item.invoice).iter().filter(|one| one.stamp.known > as_of.0) {
        // What came back was open again from the day that this was known.
        let day = if settlement.amount < 0 { settlement.stamp.known } else { settlement.stamp.happened };
        let amount = i128::from(settlement.amount);
        late.money_days += amount * days(day);
        late.money -= if settlement.stamp.happened <= due { amount } else { 0 };
        open -= amount;
    }
    late.money_days += open * days(end.as_of().0);
    // Due after all that is known: nothing of it can be called late.
    late.money = if end.as_of().0 > due { late.money } else { 0 };
    Late { open, ..late }
}

#[cfg(test)]
mod tests {
    use crate::base::money::Currency;
    use crate::ledger::{Invoice, Ledger, Settlement, Stamp};

    use super::*;

    /// What was late of 1,000 due on day 100, open as of a day, everything being known to day 200. Payments: day known, day
    /// happened, amount.
    fn late_of(as_of: i32, payments: &[(i32, i32, i64)]) -> (i128, i128, i128) {
        let mut ledger = Ledger { settlement_starts: vec![0, payments.len() as u32], ..Ledger::default() };
        ledger.invoices.push(Invoice {
            id: "1".to_owned(),
            customer: 0,
            account: 0,
            document: 0,
            stamp: Stamp::on(Day(70)),
            due: Day(100),
            amount: 1_000,
            currency: Currency::new(*b"EUR", 2),
            discount: None,
            disputed: None,
            dispute_resolved: None,
        });
        let settlement = |&(known, happened, amount): &(i32, i32, i64)| Settlement {
            invoice: 0,
            stamp: Stamp { known: Day(known), happened: Day(happened) },
            amount,
        };
        ledger.settlements.extend(payments.iter().map(settlement));
        let then = LedgerView::new(&ledger, AsOf(Day(as_of))).unwrap();
        let end = LedgerView::new(&ledger, AsOf(Day(200))).unwrap();
        let item = OpenItem { invoice: 0, balance: then.balance(0) };
        let Late { money, money_days, open } = late(&end, item, then.as_of());
        (money, money_days, open)
    }

    #[test]
    fn days_count_from_due_or_from_the_contact() {
        // Paid seven days late; contact before due, and on the third day after it.
        assert_eq!(late_of(90, &[(107, 107, 1_000)]), (1_000, 7_000, 0));
        assert_eq!(late_of(102, &[(107, 107, 1_000)]), (1_000, 4_000, 0));
        assert_eq!(late_of(90, &[(99, 99, 1_000)]), (0, 0, 0));
        // Never paid: late to the end of what is known, and longer.
        assert_eq!(late_of(90, &[]), (1_000, 100_000, 1_000));
    }

    #[test]
    fn each_part_counts_to_its_own_day() {
        // 300 in time, 200 ten days late, the rest thirty.
        let parts = [(95, 95, 300), (110, 110, 200), (130, 130, 500)];
        assert_eq!(late_of(90, &parts), (700, 2_000 + 15_000, 0));
        // The first part was known when contact was made: only the rest was open.
        assert_eq!(late_of(96, &parts), (700, 17_000, 0));
    }

    #[test]
    fn money_that_comes_back_was_never_paid() {
        // Paid on day 99, back on day 120, paid again on day 150: open for the thirty days between.
        let bounced = [(99, 99, 1_000), (120, 99, -1_000), (150, 150, 1_000)];
        assert_eq!(late_of(90, &bounced), (1_000, 30_000, 0));
    }
}
