//! Floor 2: from exported files to facts. Files become text ([`read`]), text becomes typed cells ([`draft`]), cells pass
//! the checks ([`check`]), and what is left becomes a [`Ledger`]; every row that is not is in [`intake::Intake`] with
//! code, place and remedy.

pub mod check;
pub mod draft;
pub mod event;
mod facts;
pub mod intake;
mod key;
pub mod layout;
pub mod life;
pub mod load;
pub mod mapping;
pub mod notation;
pub mod party;
pub mod plan;
pub mod prove;
pub mod read;
pub mod register;
pub mod settle;
pub mod shape;
pub mod table;
pub mod terms;

pub use event::{
    Activity, CashMove, Channel, Customer, Invoice, Outcome, Pause, PlanPart, Rate, Settlement, Stamp,
};

use std::collections::BTreeMap;

use crate::base::day::{AsOf, Day};
use settle::notes::SettlementNotes;

/// The facts of a receivables ledger, in an order that does not depend on that of the files' rows.
///
/// Nothing here is filtered by a day. Features, balances and lists are taken through
/// [`crate::asof::view::LedgerView`], which lets nothing pass that was not known yet.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Parties by id.
    pub customers: Vec<Customer>,
    /// Invoices and debit notes by customer, day of issue, due day and id; one for each instalment of those due in parts.
    pub invoices: Vec<Invoice>,
    /// The claims of each document that is due in parts, by its first one, in the order in which they are due.
    pub instalments: BTreeMap<u32, Vec<u32>>,
    /// What was paid on them, by invoice and day known.
    pub settlements: Vec<Settlement>,
    /// For each invoice, where its settlements begin; one more entry ends the last.
    pub settlement_starts: Vec<u32>,
    /// Of those, the parts of claims that were given up, by invoice and day known; `None` where the ledger does not say what settled its
    /// invoices.
    pub written_off: Option<Vec<Settlement>>,
    /// Money received or credited and what was done with it, by customer and day known.
    pub cash: Vec<CashMove>,
    /// Contacts with customers, by customer and day.
    pub activities: Vec<Activity>,
    /// What is not to be chased, by customer.
    pub pauses: Vec<Pause>,
    /// Agreed payment plans, by customer, plan and due day.
    pub plans: Vec<PlanPart>,
    /// Exchange rates, by currencies and day.
    pub rates: Vec<Rate>,
    /// What became of the money, and whether it adds up.
    pub settlement: SettlementNotes,
}

/// A ledger seems cut off when no invoice of so many times the median days to pay, and so many days more, is settled.
const CUT_OFF_MEDIANS: i32 = 3;
const CUT_OFF_DAYS: i32 = 14;

impl Ledger {
    /// The settlements of one invoice, in the order in which they became known.
    pub fn settlements_of(&self, invoice: u32) -> &[Settlement] {
        let at = invoice as usize;
        &self.settlements[self.settlement_starts[at] as usize..self.settlement_starts[at + 1] as usize]
    }

    /// The last day on which anything became known: the day of the export, as far as the facts show it.
    pub fn last_known(&self) -> Option<AsOf> {
        let invoices = self.invoices.iter().map(|invoice| invoice.stamp.known);
        let settlements = self.settlements.iter().map(|settlement| settlement.stamp.known);
        let cash = self.cash.iter().map(|cash| cash.stamp.known);
        let activities = self.activities.iter().map(|activity| activity.day);
        invoices.chain(settlements).chain(cash).chain(activities).max().map(AsOf)
    }

    /// The first day on which an invoice was known.
    pub fn first_known(&self) -> Option<Day> {
        self.invoices.iter().map(|invoice| invoice.stamp.known).min()
    }

    /// The day through which the record of settlements can be taken as complete, for back-tests: the last day of issue
    /// of an invoice that was settled, or the last settlement if all are settled. After it "not settled" may only mean
    /// "cut off by the extract".
    pub fn settled_through(&self) -> Option<AsOf> {
        let paid = |at: usize| self.settled_in_full(at as u32).is_some();
        let all = (0..self.invoices.len()).all(paid);
        if all {
            return self.settlements.iter().map(|settlement| settlement.stamp.happened).max().map(AsOf);
        }
        let issued = |(at, invoice): (usize, &Invoice)| paid(at).then_some(invoice.stamp.happened);
        self.invoices.iter().enumerate().filter_map(issued).max().map(AsOf)
    }

    /// Whether invoices seem to be missing their payments: none issued in the last weeks is settled, for longer than this
    /// ledger's customers take to pay. The extract was then cut off, and its last days show everyone as late.
    pub fn seems_cut_off(&self) -> bool {
        let settled = |at: usize| self.settled_in_full(at as u32).map(|stamp| stamp.happened.0);
        let pay_days =
            |(at, invoice): (usize, &Invoice)| settled(at).map(|day| day - invoice.stamp.happened.0);
        let mut pay_days: Vec<i32> = self.invoices.iter().enumerate().filter_map(pay_days).collect();
        pay_days.sort_unstable();
        let (Some(&median), Some(through), Some(last)) =
            (pay_days.get(pay_days.len() / 2), self.settled_through(), self.last_known())
        else {
            return false;
        };
        last.0.0 - through.0.0 > CUT_OFF_MEDIANS * median.max(0) + CUT_OFF_DAYS
    }

    /// When an invoice was settled in full, if it is in the end.
    pub fn settled_in_full(&self, invoice: u32) -> Option<Stamp> {
        life::settled(self.invoices[invoice as usize].amount, self.settlements_of(invoice))
    }

    /// The claims of a document, in the order in which they are due: mostly one.
    pub fn claims_of(&self, document: u32) -> impl Iterator<Item = u32> + use<'_> {
        let parts = self.instalments.get(&document);
        parts.into_iter().flatten().copied().chain(parts.is_none().then_some(document))
    }
}
