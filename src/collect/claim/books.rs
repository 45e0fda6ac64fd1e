//! The running account of one debt: what is owed of each kind, and what payments have cleared.

use super::exact::Exact;
use crate::statute::interest::{Order, Rests};

/// What is owed and what was paid of it, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    /// All that came to be owed.
    pub total: i64,
    /// Of that, what payments cleared.
    pub paid: i64,
}

/// The account.
#[derive(Debug)]
pub(super) struct Books {
    order: Order,
    rests: Rests,
    pub principal: Part,
    pub costs: Part,
    /// Interest of the rests that are closed; what is paid of all interest.
    interest: Part,
    /// Interest since then.
    accrued: Exact,
    /// Money that nothing was left for.
    pub surplus: i64,
}

impl Part {
    /// What is left to pay.
    pub fn open(self) -> i64 {
        self.total - self.paid
    }

    /// Takes what it can of some money, and leaves the rest.
    fn take(&mut self, money: &mut i64) {
        let taken = self.open().clamp(0, (*money).max(0));
        self.paid += taken;
        *money -= taken;
    }
}

impl Books {
    /// A debt that nothing was paid on.
    pub(super) fn new(principal: i64, order: Order, rests: Rests) -> Self {
        Self {
            order,
            rests,
            principal: Part { total: principal, paid: 0 },
            costs: Part::default(),
            interest: Part::default(),
            accrued: Exact::default(),
            surplus: 0,
        }
    }

    /// What bears interest: principal, and interest of closed rests that is not paid.
    pub(super) fn bearing(&self) -> i64 {
        let capital = if self.rests == Rests::None { 0 } else { self.interest.open().max(0) };
        self.principal.open().saturating_add(capital)
    }

    /// All interest until now, rounded once for each rest; `None` beyond any amount.
    pub(super) fn interest(&self) -> Option<Part> {
        let total = self.interest.total.checked_add(self.accrued.rounded()?)?;
        Some(Part { total, paid: self.interest.paid })
    }

    pub(super) fn accrue(&mut self, interest: Exact) -> Option<()> {
        self.accrued = self.accrued.plus(interest)?;
        Some(())
    }

    /// Closes a rest: its interest, rounded, bears interest from now on.
    pub(super) fn rest(&mut self) -> Option<()> {
        self.interest.total = self.interest()?.total;
        self.accrued = Exact::default();
        Some(())
    }

    /// Adds costs. Money that was too much pays them.
    pub(super) fn charge(&mut self, amount: i64) -> Option<()> {
        self.costs.total = self.costs.total.checked_add(amount)?;
        let surplus = std::mem::take(&mut self.surplus);
        self.pay(surplus)
    }

    /// Takes a payment in the order of the law; money that came back is owed as principal again.
    pub(super) fn pay(&mut self, amount: i64) -> Option<()> {
        if amount < 0 {
            let mut back = amount.checked_neg()?;
            let unused = self.surplus.min(back);
            self.surplus -= unused;
            back -= unused;
            // What was never paid on principal comes on top of it.
            self.principal.total = self.principal.total.checked_add((back - self.principal.paid).max(0))?;
            self.principal.paid = (self.principal.paid - back).max(0);
            return Some(());
        }
        let mut money = amount;
        let mut interest = self.interest()?;
        match self.order {
            Order::CostsInterestPrincipal => {
                self.costs.take(&mut money);
                interest.take(&mut money);
                self.principal.take(&mut money);
            }
            Order::PrincipalFirst => {
                self.principal.take(&mut money);
                interest.take(&mut money);
                self.costs.take(&mut money);
            }
        }
        self.interest.paid = interest.paid;
        self.surplus = self.surplus.checked_add(money)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::percent::Percent;

    /// 1,000.00 with 10.00 of costs and 5.00 of interest.
    fn books(order: Order) -> Books {
        let mut books = Books::new(100_000, order, Rests::None);
        books.charge(1_000).unwrap();
        // 1,000.00 at 9 % for 20 days of 360.
        books.accrue(Exact::simple(100_000, Percent::parse("9").unwrap(), 20, 360).unwrap()).unwrap();
        books
    }

    fn open(books: &Books) -> [i64; 3] {
        [books.costs.open(), books.interest().unwrap().open(), books.principal.open()]
    }

    #[test]
    fn a_payment_clears_costs_then_interest_then_principal() {
        // BGB section 367: 12.00 clear the costs of 10.00 and 2.00 of the interest; 13.00 more the rest of it and 10.00.
        let mut books = books(Order::CostsInterestPrincipal);
        books.pay(1_200).unwrap();
        assert_eq!(open(&books), [0, 300, 100_000]);
        books.pay(1_300).unwrap();
        assert_eq!(open(&books), [0, 0, 99_000]);
    }

    #[test]
    fn or_principal_first() {
        let mut books = books(Order::PrincipalFirst);
        books.pay(100_200).unwrap();
        assert_eq!(open(&books), [1_000, 300, 0]);
        books.pay(2_000).unwrap();
        assert_eq!((open(&books), books.surplus), ([0, 0, 0], 700));
        books.charge(900).unwrap();
        assert_eq!((open(&books), books.surplus), ([200, 0, 0], 0));
    }

    #[test]
    fn money_that_came_back_is_owed_again() {
        let mut books = books(Order::CostsInterestPrincipal);
        books.pay(101_600).unwrap();
        assert_eq!((open(&books), books.surplus), ([0, 0, 0], 100));
        books.pay(-101_600).unwrap();
        assert_eq!((open(&books), books.surplus), ([0, 0, 101_500], 0));
    }
}
