//! What a letter sums up to. Sums are taken from the items, so that a total printed is always that of what stands above it.

use super::request::{Charges, Item, Request};

/// Sums of a letter, in minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Open on all items.
    pub open: i128,
    /// Open on items past their due day.
    pub overdue: i128,
    /// What is to be paid: open and charges, less what is on account.
    pub to_pay: i128,
}

impl Totals {
    /// Sums a request.
    pub fn of(request: &Request) -> Self {
        let sum =
            |items: &mut dyn Iterator<Item = &Item>| items.map(|item| i128::from(item.open)).sum::<i128>();
        let open = sum(&mut request.items.iter());
        let overdue = sum(&mut request.items.iter().filter(|item| item.due < request.as_of));
        let charged = |charges: &Charges| {
            i128::from(charges.interest) + i128::from(charges.compensation) + i128::from(charges.fees)
        };
        let charges = request.charges.as_ref().map_or(0, charged);
        Self { open, overdue, to_pay: open + charges - i128::from(request.unapplied) }
    }
}
