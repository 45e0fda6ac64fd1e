//! What became of the money, per currency: billed is settled or open, received is applied, unapplied or returned. A sum
//! that does not come out is a defect of duewise, and is said.

use std::collections::BTreeMap;

use crate::base::error::{Code, Error};
use crate::base::money::Currency;
use crate::ledger::Ledger;

/// The account of a settlement, by currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettlementNotes {
    /// By currency, minor units.
    pub currencies: BTreeMap<Currency, MoneyNotes>,
}

/// One currency's sums, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MoneyNotes {
    /// Accepted invoices and debit notes, but for those that are no claim.
    pub billed: i128,
    /// Accepted credit notes, but for those that are no claim.
    pub credited: i128,
    /// Accepted payments.
    pub received: i128,
    /// Void and draft documents, left out.
    pub not_claimed: i128,
    /// Of what was billed: marked paid though nothing says when, left out.
    pub paid_without_day: i128,
    /// Of what was billed: paid on days nobody knows, by the open balances.
    pub paid_on_unknown_days: i128,
    /// Of what was credited: used on days nobody knows, by the open balances.
    pub used_on_unknown_days: i128,
    /// Of what was received: payments taken to be those behind the `settled` days.
    pub settling: i128,
    /// What settled invoices, by step.
    pub settled: Settled,
    /// Received, and returned.
    pub returned: i128,
    /// Of what was credited: used up by a `settled` day without an allocation.
    pub used_up: i128,
    /// Received or credited, and in the end on no invoice.
    pub unapplied: i128,
    /// Billed, and in the end not settled.
    pub open: i128,
    /// Invoices whose stated open balance is another than the one computed as of the last day known.
    pub differing_invoices: usize,
    /// Sum of those differences, each without its sign.
    pub differing: i128,
    /// The same from the finished facts, to be compared.
    facts: Facts,
}

/// What settled invoices, in minor units. What came back is not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// Payments and credit notes as the ledger allocates them.
    pub by_allocation: i128,
    /// Payments to the invoices that their references name.
    pub by_reference: i128,
    /// Payments and credit notes to the invoices due first.
    pub oldest_first: i128,
    /// What `settled` days say beyond the allocations.
    pub by_settled_day: i128,
    /// Discounts.
    pub by_discount: i128,
    /// Write-offs.
    pub written_off: i128,
}

/// What settles an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Allocation,
    Reference,
    OldestFirst,
    SettledDay,
    Discount,
    WriteOff,
}

/// Sums over the finished facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Facts {
    claims: i128,
    settled: i128,
    open: i128,
    cash: i128,
}

impl Step {
    /// Whether it takes money of a payment or credit note.
    pub(super) fn takes_money(self) -> bool {
        matches!(self, Self::Allocation | Self::Reference | Self::OldestFirst)
    }
}

impl Settled {
    /// The sum of one step.
    pub(super) fn by(&mut self, step: Step) -> &mut i128 {
        match step {
            Step::Allocation => &mut self.by_allocation,
            Step::Reference => &mut self.by_reference,
            Step::OldestFirst => &mut self.oldest_first,
            Step::SettledDay => &mut self.by_settled_day,
            Step::Discount => &mut self.by_discount,
            Step::WriteOff => &mut self.written_off,
        }
    }

    /// Money and credit that settled something.
    pub fn applied(&self) -> i128 {
        self.by_allocation + self.by_reference + self.oldest_first
    }

    /// All that settled something.
    pub fn all(&self) -> i128 {
        self.applied() + self.by_settled_day + self.by_discount + self.written_off
    }
}

impl SettlementNotes {
    /// The sums of a currency.
    pub(super) fn of(&mut self, currency: Currency) -> &mut MoneyNotes {
        self.currencies.entry(currency).or_default()
    }

    /// Sums up the finished facts, and compares the stated open balances of documents with them.
    pub(super) fn close(&mut self, ledger: &Ledger, stated: &[(u32, i64)]) {
        let mut open: Vec<i64> = ledger.invoices.iter().map(|invoice| invoice.amount).collect();
        for settlement in &ledger.settlements {
            open[settlement.invoice as usize] -= settlement.amount;
            let currency = ledger.invoices[settlement.invoice as usize].currency;
            self.of(currency).facts.settled += i128::from(settlement.amount);
        }
        for (invoice, open) in ledger.invoices.iter().zip(&open) {
            let facts = &mut self.of(invoice.currency).facts;
            facts.claims += i128::from(invoice.amount);
            facts.open += i128::from((*open).max(0));
        }
        for cash in &ledger.cash {
            self.of(cash.currency).facts.cash += i128::from(cash.amount);
        }
        for notes in self.currencies.values_mut() {
            notes.open = notes.facts.open;
        }
        for (document, stated) in stated {
            let computed: i64 = ledger.claims_of(*document).map(|claim| open[claim as usize]).sum();
            if computed != *stated {
                let notes = self.of(ledger.invoices[*document as usize].currency);
                notes.differing_invoices += 1;
                notes.differing += (i128::from(computed) - i128::from(*stated)).abs();
            }
        }
    }

    /// Every sum that does not come out: the facts' money must be that of the accepted rows.
    pub fn control(&self) -> Vec<Error> {
        let faults = |(currency, notes): (&Currency, &MoneyNotes)| {
            let equations = notes.equations().into_iter().filter(|(_, left, right)| left != right);
            let error = |(name, left, right)| {
                let [left, right] = [left, right].map(|sum| currency.display(sum));
                Error::new(Code::NotConserved).detail(format!("{name}: {left} is not {right}"))
            };
            equations.map(error).collect::<Vec<_>>()
        };
        self.currencies.iter().flat_map(faults).collect()
    }
}

impl MoneyNotes {
    /// What must be equal, with its name.
    fn equations(&self) -> [(&'static str, i128, i128); 5] {
        let Facts { claims, settled, open, cash } = self.facts;
        let money = self.settled.applied() + self.unapplied + self.returned;
        [
            (
                "billed = claims + left out as paid",
                self.billed,
                claims + self.paid_without_day + self.paid_on_unknown_days,
            ),
            ("claims = settled + open", claims, settled + open),
            ("settled = the sum of its steps", settled, self.settled.all()),
            (
                "received + credited = applied + unapplied + returned + used otherwise",
                self.received + self.credited,
                money + self.settling + self.used_up + self.used_on_unknown_days,
            ),
            ("unapplied = the sum of its moves", self.unapplied, cash),
        ]
    }
}
