//! Early-payment discounts: until when one may be taken, what is then paid, and what it costs a year not to take it.

use crate::asof::view::LedgerView;
use crate::base::day::Day;
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

    /// What early payment still takes off an invoice of which nothing was paid yet, on the day of a view.
    pub fn standing(view: &LedgerView, at: u32) -> Option<Self> {
        let invoice = view.invoice(at);
        let is_whole = view.balance(at) == invoice.amount && invoice.amount > 0;
        let discount = invoice.discount.filter(|_| is_whole)?;
        let offer = Self::of(discount, invoice.stamp.happened, invoice.due, invoice.amount)?;
        (view.as_of().0 <= offer.until && offer.off > 0).then_some(offer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::AsOf;
    use crate::ledger::load::{Opening, load};
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
    }

    #[test]
    fn an_offer_stands_until_its_last_day_while_nothing_was_paid() {
        let folder = tempfile::tempdir().unwrap();
        let rows = "id,customer,issued,due,amount,currency,terms\nI,C,2026-01-10,2026-02-09,500.00,EUR,2/10 net 30\n\
                    J,C,2026-01-10,2026-02-09,500.00,EUR,2/10 net 30\nK,C,2026-01-10,2026-02-09,500.00,EUR,net 30\n";
        std::fs::write(folder.path().join("invoices.csv"), rows).unwrap();
        let paid = "id,customer,day,amount,currency\nP,C,2026-01-12,1.00,EUR\n";
        std::fs::write(folder.path().join("payments.csv"), paid).unwrap();
        let allocated = "payment,invoice,amount,currency\nP,J,1.00,EUR\n";
        std::fs::write(folder.path().join("allocations.csv"), allocated).unwrap();
        let ledger = load(&Opening::of(folder.path())).unwrap().ledger;
        let offers = |on: &str| {
            let view = LedgerView::new(&ledger, AsOf(Day::from_iso(on).unwrap())).unwrap();
            view.invoices()
                .map(|(at, _)| Offer::standing(&view, at).map(|offer| offer.pay))
                .collect::<Vec<_>>()
        };
        assert_eq!(offers("2026-01-11"), [Some(49_000), Some(49_000), None]);
        assert_eq!(offers("2026-01-20"), [Some(49_000), None, None]);
        assert_eq!(offers("2026-01-21"), [None, None, None]);
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
