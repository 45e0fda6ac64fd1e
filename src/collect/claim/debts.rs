//! The debts of a ledger, as they were known on a day.

use std::collections::BTreeMap;

use super::{Basis, Claim, Debt, Note, Payment};
use crate::asof::view::LedgerView;
use crate::base::error::{Error, Result};
use crate::collect::suppress::Disputes;

/// Which debts are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those with something left to pay.
    Open,
    /// Those paid late too: interest is owed until it is paid.
    PaidLate,
}

/// The past-due claims of a customer, or of all where none is given, by the position of their invoice. What is in dispute is left out.
pub fn debts(view: &LedgerView, customer: Option<u32>, scope: Scope) -> Vec<(u32, Debt)> {
    let as_of = view.as_of().0;
    let disputes = Disputes::collect(view);
    let mut debts = Vec::new();
    for (at, invoice) in view.invoices() {
        let asked = customer.is_none_or(|customer| customer == invoice.customer);
        if !asked || invoice.due >= as_of || invoice.amount <= 0 || disputes.hold(view, at) {
            continue;
        }
        let debt = debt(view, at);
        let is_late = view.balance(at) > 0
            || scope == Scope::PaidLate && debt.payments.iter().any(|payment| payment.day > invoice.due);
        if is_late {
            debts.push((at, debt));
        }
    }
    debts
}

/// A claim of the ledger as a debt, not charged with anything yet.
pub fn debt(view: &LedgerView, at: u32) -> Debt {
    let invoice = view.invoice(at);
    let customer = view.customers().get(invoice.customer as usize);
    Debt {
        invoice: invoice.id.clone(),
        customer: customer.map(|customer| customer.id.clone()).unwrap_or_default(),
        issued: invoice.stamp.happened,
        due: invoice.due,
        principal: invoice.amount,
        currency: invoice.currency,
        payments: payments(view, at),
        charges: Vec::new(),
    }
}

/// What was paid on an invoice, by day. Money that came back says which day's it was: it never paid.
fn payments(view: &LedgerView, invoice: u32) -> Vec<Payment> {
    let mut by_day = BTreeMap::new();
    for settlement in view.settlements_of(invoice) {
        let sum: &mut i64 = by_day.entry(settlement.stamp.happened).or_default();
        *sum = sum.saturating_add(settlement.amount);
    }
    by_day.retain(|_, sum| *sum != 0);
    by_day.into_iter().map(|(day, amount)| Payment { day, amount }).collect()
}

/// Claims, and the debts for which there is none, each with the reason.
#[derive(Debug, Default)]
pub struct Claims {
    /// In the order of the debts.
    pub claims: Vec<Claim>,
    /// Why there is no claim for some.
    pub refused: Vec<(Debt, Error)>,
}

impl Claims {
    /// The claims for debts, each under the basis that is named for it, if one is.
    pub fn of<'a>(
        view: &LedgerView,
        debts: Vec<(u32, Debt)>,
        basis: impl Fn(u32) -> Result<Basis<'a>>,
    ) -> Self {
        let mut all = Self::default();
        let on_account = view.unapplied();
        for (at, debt) in debts {
            match basis(at).and_then(|basis| Claim::new(&debt, &basis, view.as_of())) {
                Ok(mut claim) => {
                    let currency = debt.currency;
                    let amount = on_account.get(&(Some(view.invoice(at).customer), currency)).copied();
                    let amount = amount.filter(|amount| *amount > 0);
                    claim.notes.extend(amount.map(|amount| Note::OnAccount { amount, currency }));
                    all.claims.push(claim);
                }
                Err(error) => all.refused.push((debt, error)),
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::{AsOf, Day};
    use crate::base::error::Code;
    use crate::base::money::Currency;
    use crate::base::percent::Percent;
    use crate::ledger::{Activity, CashMove, Channel, Customer, Invoice, Ledger, Outcome, Settlement, Stamp};
    use crate::statute::interest::Debtor;
    use crate::statute::reference::ReferenceRates;

    /// Invoices of 36,500.00, due on days 10 and 20 of two customers; what was paid: invoice, day known, day it happened, amount.
    fn ledger(settled: &[(u32, i32, i32, i64)]) -> Ledger {
        let mut ledger = Ledger { settlement_starts: vec![0], ..Ledger::default() };
        for at in 0..2_u32 {
            ledger.customers.push(Customer { id: format!("C{at}"), ..Customer::default() });
            ledger.invoices.push(Invoice {
                id: format!("I{at}"),
                customer: at,
                account: at,
                document: at,
                stamp: Stamp::on(Day(1)),
                due: Day(10 + 10 * at as i32),
                amount: 3_650_000,
                currency: Currency::new(*b"EUR", 2),
                discount: None,
                disputed: None,
                dispute_resolved: None,
            });
            let settlement = |&(invoice, known, happened, amount): &(u32, i32, i32, i64)| Settlement {
                invoice,
                stamp: Stamp { known: Day(known), happened: Day(happened) },
                amount,
            };
            ledger.settlements.extend(settled.iter().filter(|one| one.0 == at).map(settlement));
            ledger.settlement_starts.push(ledger.settlements.len() as u32);
        }
        ledger
    }

    fn found(ledger: &Ledger, as_of: i32, customer: Option<u32>, scope: Scope) -> Vec<(String, Vec<i64>)> {
        let view = LedgerView::new(ledger, AsOf(Day(as_of))).unwrap();
        let row = |(_, debt): (u32, Debt)| {
            (debt.customer, debt.payments.iter().map(|payment| payment.amount).collect())
        };
        debts(&view, customer, scope).into_iter().map(row).collect()
    }

    #[test]
    fn what_is_past_due_is_a_debt() {
        let none = ledger(&[]);
        assert_eq!(found(&none, 10, None, Scope::Open), []);
        assert_eq!(found(&none, 11, None, Scope::Open), [("C0".into(), vec![])]);
        assert_eq!(found(&none, 21, None, Scope::Open).len(), 2);
        assert_eq!(found(&none, 21, Some(1), Scope::Open), [("C1".into(), vec![])]);
    }

    #[test]
    fn what_was_paid_late_is_one_where_it_is_asked_for() {
        let paid = ledger(&[(0, 15, 15, 3_650_000), (1, 18, 18, 3_650_000)]);
        assert_eq!(found(&paid, 30, None, Scope::Open), []);
        assert_eq!(found(&paid, 30, None, Scope::PaidLate), [("C0".into(), vec![3_650_000])]);
        // Until day 14 nobody knew.
        assert_eq!(found(&paid, 14, None, Scope::Open), [("C0".into(), vec![])]);
    }

    #[test]
    fn what_came_back_was_never_paid() {
        let bounced = ledger(&[(0, 15, 15, 3_650_000), (0, 20, 15, -3_650_000)]);
        assert_eq!(found(&bounced, 21, Some(0), Scope::Open), [("C0".into(), vec![])]);
    }

    #[test]
    fn disputed_invoices_are_left_out() {
        let mut ledger = ledger(&[]);
        ledger.invoices[0].disputed = Some(Day(12));
        assert_eq!(found(&ledger, 11, Some(0), Scope::Open).len(), 1);
        assert_eq!(found(&ledger, 12, Some(0), Scope::Open), []);
    }

    #[test]
    fn so_are_those_disputed_in_a_contact() {
        let mut ledger = ledger(&[]);
        ledger.activities.push(Activity {
            customer: 0,
            day: Day(12),
            invoice: None,
            channel: Channel::Call,
            outcome: Outcome::Dispute,
            step: String::new(),
        });
        assert_eq!(found(&ledger, 11, Some(0), Scope::Open).len(), 1);
        assert_eq!(found(&ledger, 12, Some(0), Scope::Open), []);
        // What the other customer owes is not touched by it.
        assert_eq!(found(&ledger, 21, Some(1), Scope::Open).len(), 1);
    }

    #[test]
    fn money_on_account_is_pointed_out() {
        let mut ledger = ledger(&[]);
        let (customer, stamp, currency) = (Some(0), Stamp::on(Day(12)), Currency::new(*b"EUR", 2));
        ledger.cash.push(CashMove { customer, stamp, currency, amount: 500, is_credit: false });
        let view = LedgerView::new(&ledger, AsOf(Day(30))).unwrap();
        let rates = ReferenceRates::read(None).unwrap();
        let agreed = Percent::parse("10");
        let basis = |_| Ok(Basis { jurisdiction: None, debtor: Debtor::Business, agreed, rates: &rates });
        let claims = Claims::of(&view, debts(&view, None, Scope::Open), basis).claims;
        let notes: Vec<Vec<String>> =
            claims.iter().map(|claim| claim.notes.iter().map(ToString::to_string).collect()).collect();
        let told =
            "5.00 EUR of the customer's money or credit are on no invoice: apply them before this is claimed";
        // The other customer has none.
        assert_eq!(notes, [vec![told.to_owned()], vec![]]);
    }

    #[test]
    fn each_debt_has_its_claim_or_the_reason_why_not() {
        let ledger = ledger(&[]);
        let view = LedgerView::new(&ledger, AsOf(Day(30))).unwrap();
        let rates = ReferenceRates::read(None).unwrap();
        let basis = |at: u32| {
            let agreed = (at == 0).then(|| Percent::parse("10")).flatten();
            let jurisdiction = (at == 1).then_some("UK");
            Ok(Basis { jurisdiction, debtor: Debtor::Business, agreed, rates: &rates })
        };
        let claims = Claims::of(&view, debts(&view, None, Scope::Open), basis);
        // 10.00 a day for twenty days. Day 20 of 1970 is before any rule of the UK that is kept.
        assert_eq!(claims.claims.iter().map(|claim| claim.interest.total).collect::<Vec<_>>(), [20_000]);
        let refused: Vec<_> =
            claims.refused.iter().map(|(debt, error)| (debt.invoice.as_str(), error.code)).collect();
        assert_eq!(refused, [("I1", Code::LegalRuleMissing)]);
    }
}
