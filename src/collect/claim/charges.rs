//! What the dunning policy charges debts with: late fees as agreed, and a fee for each letter that was sent. A letter is about all that
//! a customer owes in a currency and has one fee: it is charged to the claim that was due first of those overdue then.

use std::collections::BTreeMap;

use super::{Charge, ChargeKind, Debt, too_large};
use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::base::money::Currency;
use crate::collect::contact::is_contact;
use crate::collect::ladder::Policies;
use crate::collect::ladder::step::Step;

/// Positions among the debts, by customer and currency, what was due first before others.
type Accounts = BTreeMap<u32, BTreeMap<Currency, Vec<usize>>>;

/// Charges debts, each with the position of its invoice, with what was owed by the view's day.
pub fn charge(view: &LedgerView, debts: &mut [(u32, Debt)], policies: &Policies) -> Result<()> {
    let mut accounts = Accounts::new();
    for (at, (invoice, debt)) in debts.iter_mut().enumerate() {
        let customer = view.invoice(*invoice).customer;
        accounts.entry(customer).or_default().entry(debt.currency).or_default().push(at);
        let fee = view.customers().get(customer as usize).and_then(|one| policies.of(one).late_fee);
        if let Some(fee) = fee {
            debt.charges.extend(fee.charges(debt, view.as_of().0).ok_or_else(too_large)?);
        }
    }
    for own in accounts.values_mut().flat_map(BTreeMap::values_mut) {
        own.sort_by_key(|at| debts.get(*at).map(|(invoice, debt)| (debt.due, *invoice)));
    }
    for letter in view.activities().filter(|one| !one.step.is_empty() && is_contact(one)) {
        let Some(own) = accounts.get(&letter.customer) else { continue };
        let Some(customer) = view.customers().get(letter.customer as usize) else { continue };
        let Some(step) = policies.of(customer).named(&letter.step) else { continue };
        let about = |invoice: u32| letter.invoice.is_none_or(|about| view.invoice(invoice).document == about);
        for own in own.values() {
            charge_letter(debts, own, (step, letter.day), about);
        }
    }
    Ok(())
}

/// Charges a letter of a day to the first of an account's debts that it was about and that was overdue then.
pub fn charge_letter(
    debts: &mut [(u32, Debt)],
    account: &[usize],
    (step, day): (&Step, Day),
    about: impl Fn(u32) -> bool,
) {
    let overdue = |at: &&usize| {
        debts.get(**at).is_some_and(|(invoice, debt)| debt.due < day && debt.open(day) > 0 && about(*invoice))
    };
    let Some((_, debt)) = account.iter().find(overdue).copied().and_then(|at| debts.get_mut(at)) else {
        return;
    };
    if let Some(amount) = step.fee_in(debt.currency) {
        debt.charges.push(Charge { day, kind: ChargeKind::Letter(step.fee_as), amount });
    }
}
