//! Books under construction: which money settled which invoice, and when that was known. An allocation settles on the
//! later of its own day and its payment's; what a `settled` day says beyond the allocations is settled on that day.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rayon::slice::ParallelSliceMut as _;

use super::Ledger;
use super::event::{Activity, CashMove, Customer, Invoice, Outcome, Rate, Settlement, Stamp};
use crate::base::day::Day;

/// Facts in the order of the files, until [`Books::close`].
#[derive(Debug, Default)]
pub struct Books {
    /// Parties, known by their table or from a document.
    pub customers: Vec<Customer>,
    by_id: HashMap<String, u32>,
    /// The document that gave a customer without a table its name: the first one, by day and number.
    named_by: HashMap<u32, (Day, String)>,
    /// Claims, with the day they were settled in full where the ledger says so.
    pub invoices: Vec<(Invoice, Option<Day>)>,
    /// Amounts of claims marked paid, by document id.
    pub paid: HashMap<String, i64>,
    /// Receipts and credit notes, by document id.
    sources: HashMap<String, Source>,
    unnamed: Vec<CashMove>,
    /// Which money went to which invoice.
    pub allocations: Vec<Allocation>,
    /// Contacts.
    pub activities: Vec<Activity>,
    /// Exchange rates.
    pub rates: Vec<Rate>,
}

/// A row of the allocations table.
#[derive(Debug)]
pub struct Allocation {
    /// Payment or credit note.
    pub payment: String,
    /// Invoice.
    pub invoice: String,
    /// Minor units.
    pub amount: i64,
    /// Day it was applied; `None` is the payment's.
    pub day: Option<Day>,
}

/// Money that can be applied.
#[derive(Debug)]
struct Source {
    cash: CashMove,
    /// Day by which all of it was used, where the ledger says so without allocations.
    used_up: Option<Day>,
    is_payment: bool,
}

impl Books {
    /// Position of a customer, a new one where no table has it.
    pub fn customer(&mut self, id: &str) -> u32 {
        if self.by_id.len() < self.customers.len() {
            let rest = self.customers.iter().enumerate().skip(self.by_id.len());
            let rest: Vec<_> = rest.map(|(at, customer)| (customer.id.clone(), at as u32)).collect();
            self.by_id.extend(rest);
        }
        if let Some(&at) = self.by_id.get(id) {
            return at;
        }
        let at = self.customers.len() as u32;
        self.customers.push(Customer {
            id: id.to_owned(),
            name: id.to_owned(),
            collector: String::new(),
            phone: String::new(),
            do_not_contact: false,
        });
        self.by_id.insert(id.to_owned(), at);
        self.named_by.insert(at, (Day(i32::MAX), String::new()));
        at
    }

    /// Names a customer that no table names, after its first document: neither the order of rows nor a later document
    /// changes what it is called.
    pub fn name(&mut self, customer: u32, name: &str, (day, document): (Day, &str)) {
        let Some(named_by) = self.named_by.get_mut(&customer).filter(|_| !name.is_empty()) else { return };
        if (day, document) < (named_by.0, named_by.1.as_str()) {
            *named_by = (day, document.to_owned());
            name.clone_into(&mut self.customers[customer as usize].name);
        }
    }

    /// Books a claim.
    pub fn bill(&mut self, invoice: Invoice, settled: Option<Day>) {
        self.invoices.push((invoice, settled));
    }

    /// Books money received.
    pub fn receive(&mut self, id: String, cash: CashMove) {
        if self.sources.contains_key(&id) {
            // A payment that shares its id with a credit note cannot be allocated by it, but is not lost.
            self.unnamed.push(cash);
        } else {
            self.sources.insert(id, Source { cash, used_up: None, is_payment: true });
        }
    }

    /// Books a credit note.
    pub fn credit(&mut self, id: String, cash: CashMove, used_up: Option<Day>) {
        self.sources.insert(id, Source { cash, used_up, is_payment: false });
    }

    /// Settles the invoices and puts everything in its lasting order.
    pub fn close(mut self) -> Ledger {
        self.drop_paid_without_day();
        self.drop_settling_payments();
        let order = self.rank_customers();
        let invoice_order = self.order_invoices();
        let invoice_rank = inverse(&invoice_order);
        let mut settlements = Vec::new();
        let mut cash: Vec<CashMove> = std::mem::take(&mut self.unnamed);
        self.apply(&mut settlements, &mut cash);
        self.settle_by_day(&mut settlements);
        for activity in &mut self.activities {
            activity.customer = order[activity.customer as usize];
            activity.invoice = activity.invoice.map(|invoice| invoice_rank[invoice as usize]);
        }
        for settlement in &mut settlements {
            settlement.invoice = invoice_rank[settlement.invoice as usize];
        }
        settlements.par_sort_unstable();
        cash.par_sort_unstable();
        self.activities.sort_unstable();
        self.rates.sort_unstable();
        let mut unordered: Vec<Option<Invoice>> =
            self.invoices.into_iter().map(|(invoice, _)| Some(invoice)).collect();
        let mut invoices: Vec<Invoice> =
            invoice_order.iter().filter_map(|&old| unordered[old as usize].take()).collect();
        number_accounts(&mut invoices);
        self.customers.sort_by(|left, right| left.id.cmp(&right.id));
        Ledger {
            settlement_starts: starts(&settlements, invoices.len()),
            customers: self.customers,
            invoices,
            settlements,
            cash,
            activities: self.activities,
            rates: self.rates,
        }
    }

    /// Where invoices say when they were settled and nothing says by which payments, the payments are those that settled
    /// them: as money on account they would cover what is open for ever.
    fn drop_settling_payments(&mut self) {
        if self.allocations.is_empty() && self.invoices.iter().any(|(_, settled)| settled.is_some()) {
            self.sources.retain(|_, source| !source.is_payment);
            self.unnamed.clear();
        }
    }

    /// Gives customers their rank by id, everywhere but in the activities; returns old position → new.
    fn rank_customers(&mut self) -> Vec<u32> {
        let mut by_id: Vec<u32> = (0..self.customers.len() as u32).collect();
        by_id.sort_by(|&left, &right| {
            self.customers[left as usize].id.cmp(&self.customers[right as usize].id)
        });
        let rank = inverse(&by_id);
        let cash = self.sources.values_mut().map(|source| &mut source.cash).chain(&mut self.unnamed);
        for customer in cash.filter_map(|cash| cash.customer.as_mut()) {
            *customer = rank[*customer as usize];
        }
        for (invoice, _) in &mut self.invoices {
            invoice.customer = rank[invoice.customer as usize];
        }
        rank
    }

    /// Old positions of the invoices in their lasting order.
    fn order_invoices(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.invoices.len() as u32).collect();
        order.par_sort_by(|&left, &right| {
            compare(&self.invoices[left as usize].0, &self.invoices[right as usize].0)
        });
        order
    }

    /// Applies payments and credit notes to invoices; what is left of them stays with the customer.
    fn apply(&self, settlements: &mut Vec<Settlement>, cash: &mut Vec<CashMove>) {
        let by_id: HashMap<&str, u32> = self
            .invoices
            .iter()
            .enumerate()
            .map(|(at, (invoice, _))| (invoice.id.as_str(), at as u32))
            .collect();
        let mut left: HashMap<&str, i64> = HashMap::new();
        cash.extend(self.sources.values().map(|source| source.cash));
        for allocation in &self.allocations {
            let source = self.sources.get_key_value(allocation.payment.as_str());
            let (Some((id, source)), Some(&invoice)) = (source, by_id.get(allocation.invoice.as_str()))
            else {
                continue;
            };
            let day = |day: Day| allocation.day.map_or(day, |applied| applied.max(day));
            let paid = source.cash.stamp;
            // Money for an invoice that is not known yet is money on account until it is.
            let known = day(paid.known).max(self.invoices[invoice as usize].0.stamp.known);
            let stamp = Stamp::new(day(paid.happened), known);
            settlements.push(Settlement { invoice, stamp, amount: allocation.amount });
            // A credit note that was used up by then has nothing left that this could take.
            if source.used_up().is_none_or(|used_up| stamp.known <= used_up.known) {
                cash.push(CashMove { stamp, amount: -allocation.amount, ..source.cash });
                *left.entry(id).or_insert(source.cash.amount) -= allocation.amount;
            }
        }
        for (id, source) in &self.sources {
            let rest = left.get(id.as_str()).copied().unwrap_or(source.cash.amount);
            if let Some(stamp) = source.used_up().filter(|_| rest > 0) {
                cash.push(CashMove { stamp, amount: -rest, ..source.cash });
            }
        }
    }

    /// Settles on its `settled` day what the allocations known by then leave open of an invoice. Those known later say no
    /// more of it: what was settled on a day must not depend on what came after.
    fn settle_by_day(&self, settlements: &mut Vec<Settlement>) {
        // Paid before the invoice was known counts from when both were.
        let stamp = |at: usize| {
            let (invoice, settled) = &self.invoices[at];
            settled.map(|day| Stamp::new(day, day.max(invoice.stamp.known)))
        };
        settlements.retain(|settlement| {
            stamp(settlement.invoice as usize).is_none_or(|settled| settlement.stamp.known <= settled.known)
        });
        let mut rest: Vec<i64> = self.invoices.iter().map(|(invoice, _)| invoice.amount).collect();
        for settlement in settlements.iter() {
            rest[settlement.invoice as usize] -= settlement.amount;
        }
        let settled = (0..rest.len()).filter(|&at| rest[at] > 0).filter_map(|at| stamp(at).zip(Some(at)));
        settlements.extend(settled.map(|(stamp, at)| Settlement {
            invoice: at as u32,
            stamp,
            amount: rest[at],
        }));
    }

    /// Leaves out what is marked paid though nothing says when: it is no claim, and tells nothing of how long it took.
    fn drop_paid_without_day(&mut self) {
        let mut rest: HashMap<&str, i64> =
            self.paid.iter().map(|(id, amount)| (id.as_str(), *amount)).collect();
        for allocation in &self.allocations {
            if let Some(rest) = rest.get_mut(allocation.invoice.as_str()) {
                *rest -= allocation.amount;
            }
        }
        let kept: Vec<bool> = self
            .invoices
            .iter()
            .map(|(invoice, settled)| {
                settled.is_some() || rest.get(invoice.id.as_str()).is_none_or(|rest| *rest <= 0)
            })
            .collect();
        let mut position = 0;
        let positions: Vec<Option<u32>> = kept
            .iter()
            .map(|kept| {
                let at = kept.then_some(position);
                position += u32::from(*kept);
                at
            })
            .collect();
        let mut keep = kept.iter();
        self.invoices.retain(|_| keep.next() == Some(&true));
        for activity in &mut self.activities {
            let Some(invoice) = activity.invoice else { continue };
            activity.invoice = positions[invoice as usize];
            if activity.invoice.is_none() {
                activity.outcome = Outcome::Other;
            }
        }
    }
}

impl Source {
    /// When all of it had been used, if the ledger says so.
    fn used_up(&self) -> Option<Stamp> {
        let paid = self.cash.stamp;
        self.used_up.map(|day| Stamp::new(day.max(paid.happened), day.max(paid.known)))
    }
}

fn compare(left: &Invoice, right: &Invoice) -> std::cmp::Ordering {
    let key = |invoice: &Invoice| (invoice.customer, invoice.stamp.happened, invoice.due);
    key(left).cmp(&key(right)).then_with(|| left.id.cmp(&right.id))
}

fn number_accounts(invoices: &mut [Invoice]) {
    let mut accounts: BTreeMap<_, u32> =
        invoices.iter().map(|invoice| ((invoice.customer, invoice.currency), 0)).collect();
    accounts.values_mut().zip(0..).for_each(|(account, number)| *account = number);
    for invoice in invoices {
        invoice.account = accounts[&(invoice.customer, invoice.currency)];
    }
}

fn inverse(order: &[u32]) -> Vec<u32> {
    let mut rank = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        rank[old as usize] = new as u32;
    }
    rank
}

fn starts(settlements: &[Settlement], invoices: usize) -> Vec<u32> {
    let mut starts = vec![0_u32; invoices + 1];
    for settlement in settlements {
        starts[settlement.invoice as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}
