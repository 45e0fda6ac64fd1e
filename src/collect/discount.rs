//! Early-payment discounts: until when one may be taken, what is then paid, and what it costs a year not to take it.

use crate::base::day::{AsOf, Day};
use crate::ledger::terms::Discount;

/// Days of a year by which discounts are compared, as the trade does.
const YEAR_DAYS: i128 = 360;

/// Hundredths of a percent in the whole.
const WHOLE: i128 = 10_000;

/// A discount on one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Last day to take it.
    pub until: Day,
    /// What it takes off, in minor units.
    pub off: i64,
    /// What is paid then.
    pub pay: i64,
    /// What waiting until the due day costs a year, in hundredths of a percent; `None` where the discount lasts until then.
    pub a_year: Option<i64>,
}

impl Offer {
    /// What a discount is worth on an invoice of an amount in minor units.
    pub fn of(discount: Discount, issued: Day, due: Day, amount: i64) -> Option<Self> {
        let (off, until) = (discount.of(amount), discount.until(issued));
        // What is saved over what is paid, times the years between both days: 2/98 x 360/20.
        let (points, days) = (i128::from(discount.basis_points), i128::from(due.0) - i128::from(until.0));
        let (numerator, denominator) = (points * YEAR_DAYS * WHOLE, (WHOLE - points) * days);
        let a_year = (denominator > 0).then(|| (numerator + denominator / 2) / denominator);
        let a_year = a_year.and_then(|rate| i64::try_from(rate).ok());
        Some(Self { until, off, pay: amount.checked_sub(off)?, a_year })
    }

    /// Whether it may still be taken.
    pub fn stands(&self, as_of: AsOf) -> bool {
        as_of.0 <= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::terms::parse;

    fn offer(terms: &str, amount: i64) -> Option<Offer> {
        let (terms, issued) = (parse(terms).unwrap(), Day::from_iso("2026-01-10").unwrap());
        Offer::of(terms.discount.unwrap(), issued, terms.due(issued).unwrap(), amount)
    }

    #[test]
    fn two_ten_net_thirty_costs_36_7_percent_a_year() {
        // Published: (500 / 490 - 1) x 360 / 20 = 36.7 %; to two decimals 36.73.
        let found = offer("2/10 net 30", 50_000).unwrap();
        assert_eq!((found.off, found.pay, found.a_year), (1_000, 49_000, Some(3_673)));
        assert_eq!(found.until, Day::from_iso("2026-01-20").unwrap());
        assert!(found.stands(AsOf(found.until)) && !found.stands(AsOf(found.until.plus(1))));
    }

    #[test]
    fn days_are_those_of_the_invoice() {
        // 1/10 net 30 end of month: due on 2 March, 41 days after 20 January. 1/99 x 360/41 = 8.869 %.
        assert_eq!(offer("1/10 net 30 eom", 10_000).unwrap().a_year, Some(887));
        // A discount that lasts as long as the term costs nothing to take.
        assert_eq!(offer("1/30 net 30", 10_000).unwrap().a_year, None);
        // Nor does one that takes everything off fall over.
        let all = Discount { basis_points: 10_000, days: 0 };
        assert_eq!(Offer::of(all, Day(0), Day(30), 10_000).unwrap().a_year, None);
    }
}
