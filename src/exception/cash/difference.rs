//! What was paid less or more than asked, and why.

use super::Set;
use super::desk::{Desk, off, rounding};
use crate::exception::policy::tolerance::{self, Tolerance};
use crate::exception::policy::whole;

/// Why amounts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// They do not.
    None,
    /// The amount of a receipt is not known.
    Unknown,
    /// Too little to ask about: what rounding and converting leave, or the small difference that the policy lets pass.
    Small,
    /// The discount that was granted, taken in time.
    AllowedDiscount,
    /// The discount that was granted, taken too late.
    UnearnedDiscount,
    /// Less than asked: kept back for a reason that is to be found.
    Deduction,
    /// At most half of what was asked: an instalment, or some of the money is still to come.
    PartPayment,
    /// More than asked.
    OverPay,
}

/// What converting money leaves, as rates are quoted to six digits: a hundred-thousandth.
const CONVERTED: i64 = 100_000;

/// A difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Asked less paid, in minor units; nothing where it is not known.
    pub short: Option<i64>,
    /// Why.
    pub cause: Cause,
}

impl Difference {
    /// The difference of a set; `small` is what the policy lets pass.
    pub(super) fn of(desk: &Desk, set: &Set, small: Tolerance) -> Self {
        let short = desk.short(set);
        let Some(amount) = short else { return Self { short, cause: Cause::Unknown } };
        let asked = desk.asked(set);
        let items = || set.items.iter().map(|&item| desk.items[item as usize]);
        let is_small = |amount: i64| {
            let by = |currency| tolerance::Difference {
                by: whole(amount, currency),
                of: whole(asked, currency),
                worth: None,
            };
            let passes = items().next().is_some_and(|item| !small.is_broken(by(item.currency), 1));
            let left = rounding(asked).max((asked / CONVERTED).saturating_abs());
            amount.saturating_abs() <= left || passes
        };
        let discount = desk.discount(set);
        let last = set.receipts.iter().map(|&receipt| desk.receipts[receipt as usize].day).max();
        let in_time = items()
            .filter_map(|item| item.discount)
            .all(|discount| last.is_none_or(|day| day <= discount.until));
        let cause = match amount {
            0 => Cause::None,
            _ if discount > 0 && off(amount, discount) <= rounding(asked) => {
                if in_time {
                    Cause::AllowedDiscount
                } else {
                    Cause::UnearnedDiscount
                }
            }
            _ if is_small(amount) => Cause::Small,
            ..0 => Cause::OverPay,
            _ if amount < asked.saturating_sub(amount) => Cause::Deduction,
            _ => Cause::PartPayment,
        };
        Self { short, cause }
    }

    /// Whether the items are settled with it and nobody need be asked.
    pub fn settles(self) -> bool {
        matches!(self.cause, Cause::None | Cause::Unknown | Cause::Small | Cause::AllowedDiscount)
    }

    /// Whether somebody may confirm that the items are settled with it: as above, or with a discount that was taken too late.
    pub(super) fn may_settle(self) -> bool {
        self.settles() || self.cause == Cause::UnearnedDiscount
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Discount, Item, Receipt};
    use super::*;
    use crate::base::day::Day;
    use crate::base::money::Currency;
    use crate::exception::policy::tolerance::{Join, Limit, Sides};

    const EUR: Currency = Currency::new(*b"EUR", 2);

    /// One of the major unit.
    fn one() -> Tolerance {
        let amount = Some(tolerance::ONE);
        let (join, sides) = (Join::Or, Sides::Both);
        Tolerance::Limit(Limit { percent: None, amount, quantity: None, days: None, join, sides })
    }

    /// Cause of paying an item of 1,000.00 with a discount of 20.00 until day 10, where so much lets pass.
    fn cause(paid: Option<i64>, day: i32, small: Tolerance) -> Cause {
        let text = String::new;
        let item = Item {
            id: text(),
            references: Vec::new(),
            customer: text(),
            name: text(),
            amount: 100_000,
            currency: EUR,
            issued: Day(0),
            due: Day(30),
            discount: Some(Discount { amount: 2_000, until: Day(10) }),
            held: false,
        };
        let receipt = Receipt {
            id: text(),
            customer: None,
            payer: text(),
            account: text(),
            memo: text(),
            amount: paid,
            currency: EUR,
            day: Day(day),
            held: None,
        };
        let (items, receipts) = ([item], [receipt]);
        let desk = Desk::new(&items, &receipts);
        Difference::of(&desk, &Set { receipts: vec![0], items: vec![0] }, small).cause
    }

    #[test]
    fn each_difference_has_its_cause() {
        for (paid, day, expected) in [
            (100_000, 40, Cause::None),
            (98_000, 10, Cause::AllowedDiscount),
            (98_000, 11, Cause::UnearnedDiscount),
            (99_900, 5, Cause::Small),
            (99_899, 5, Cause::Deduction),
            (100_100, 5, Cause::Small),
            (100_101, 5, Cause::OverPay),
            (50_001, 5, Cause::Deduction),
            (50_000, 5, Cause::PartPayment),
        ] {
            assert_eq!(cause(Some(paid), day, one()), expected, "{paid} on day {day}");
        }
        assert_eq!(cause(None, 5, one()), Cause::Unknown);
    }

    #[test]
    fn what_rounding_leaves_is_small_whatever_the_policy_says() {
        assert_eq!(cause(Some(99_990), 5, Tolerance::Exact), Cause::Small);
        assert_eq!(cause(Some(99_989), 5, Tolerance::Exact), Cause::Deduction);
    }
}
