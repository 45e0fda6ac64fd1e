//! Books under construction: what was billed, received and applied, in the order of the files. [`Books::close`] turns it
//! into the lasting facts: [`claims`] says what is a claim, [`course`] goes through time, event by event, and says which
//! money settled what and when that was known, [`policy`] applies what the ledger does not allocate, and [`notes`] sums
//! everything up.

mod apply;
mod claims;
mod course;
pub mod notes;
mod policy;
mod reference;

use hashbrown::HashMap;
use rayon::slice::ParallelSliceMut as _;

use super::event::{Activity, CashMove, Customer, Invoice, Outcome, Pause, PlanPart, Rate, Settlement};
use super::{Ledger, key};
use crate::base::day::Day;
use crate::base::money::Currency;
use claims::Claims;
use notes::SettlementNotes;

/// Facts in the order of the files, until [`Books::close`].
#[derive(Debug, Default)]
pub struct Books {
    /// Parties, known by their table or from a document.
    pub customers: Vec<Customer>,
    by_id: HashMap<String, u32>,
    /// The document that gave a customer without a table its name: the first one, by day and number.
    named_by: HashMap<u32, (Day, String)>,
    /// Claims.
    pub invoices: Vec<Billed>,
    /// Positions of the claims by the prints of their numbers, once they are asked for.
    claims: HashMap<u128, u32>,
    /// Parts of claims that are due one after the other.
    pub instalments: Vec<Instalment>,
    /// Receipts and credit notes.
    sources: Vec<Source>,
    /// Which money went to which invoice.
    pub allocations: Vec<Allocation>,
    /// Whether the ledger has a table of allocations, be it empty: its word is then all there is.
    pub allocates: bool,
    /// Whether payments say what is not applied of them.
    pub states_applied: bool,
    /// How money is applied that the ledger does not allocate. Where nobody says: by reference and oldest first, if the
    /// ledger neither allocates nor says what is open.
    policy: Option<Policy>,
    /// Contacts. The invoice of one is a position among [`Books::invoices`].
    pub activities: Vec<Activity>,
    /// What is not to be chased; invoices as in activities.
    pub pauses: Vec<Pause>,
    /// Agreed payment plans.
    pub plans: Vec<PlanPart>,
    /// Exchange rates.
    pub rates: Vec<Rate>,
    notes: SettlementNotes,
}

/// A claim as it was billed.
#[derive(Debug)]
pub struct Billed {
    /// The claim; its account and document are numbered in the end.
    pub invoice: Invoice,
    /// Day it was settled in full, where the ledger says so.
    pub settled: Option<Day>,
    /// Whether it is marked paid.
    pub is_paid: bool,
    /// What the ledger says is open of it, in minor units.
    pub open_balance: Option<i64>,
}

/// A row of the payments table.
#[derive(Debug)]
pub struct Receipt {
    /// Number of the payment.
    pub id: String,
    /// The money.
    pub cash: CashMove,
    /// What the payer wrote.
    pub reference: String,
    /// Day it came back.
    pub returned: Option<Day>,
    /// Day by which all of it had been applied.
    pub applied: Option<Day>,
    /// What the ledger says is not applied of it.
    pub open_balance: Option<i64>,
}

/// A row of the instalments table.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instalment {
    /// Invoice.
    pub invoice: String,
    /// Last day to pay it on time.
    pub due: Day,
    /// Number within the invoice.
    pub number: String,
    /// Minor units.
    pub amount: i64,
}

/// A row of the allocations table.
#[derive(Debug)]
pub struct Allocation {
    /// Payment or credit note; empty where none is behind it.
    pub payment: String,
    /// Invoice.
    pub invoice: String,
    /// What settles it.
    pub kind: AllocationKind,
    /// Minor units.
    pub amount: i64,
    /// Day it was applied; `None` is the payment's.
    pub day: Option<Day>,
}

/// What an allocation settles an invoice with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AllocationKind {
    /// Money of a payment, or the credit of a credit note.
    Payment,
    /// A deduction that was granted, mostly for early payment.
    Discount,
    /// The claim was given up.
    WriteOff,
}

/// How money is applied that the ledger does not allocate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// To the invoices whose numbers the payment's reference names.
    pub by_reference: bool,
    /// To the customer's invoice that is due first.
    pub oldest_first: bool,
}

/// Money that can be applied.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Source {
    id: String,
    /// A credit note comes before a payment of the same id, which no allocation can mean.
    is_payment: bool,
    cash: CashMove,
    /// Day by which all of it was used, where the ledger says so without allocations.
    used_up: Option<Day>,
    /// Day from which it never counted.
    returned: Option<Day>,
    /// What the payer wrote.
    reference: String,
    /// What the ledger says is left of it.
    open_balance: Option<i64>,
}

impl Source {
    /// Whether it had come back by the time it was known.
    fn never_counted(&self) -> bool {
        self.returned.is_some_and(|day| day <= self.cash.stamp.known)
    }
}

impl Books {
    /// Empty books, in which money is applied by this policy where the ledger does not allocate it.
    pub fn new(policy: Option<Policy>) -> Self {
        Self { policy, ..Self::default() }
    }

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
        self.customers.push(Customer { id: id.to_owned(), name: id.to_owned(), ..Customer::default() });
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

    /// Position of a claim by its number.
    pub fn claim(&mut self, id: &str) -> Option<u32> {
        if id.is_empty() {
            return None;
        }
        let known = self.claims.len();
        for (at, billed) in (known as u32..).zip(&self.invoices[known..]) {
            self.claims.insert(key::one(&billed.invoice.id), at);
        }
        self.claims.get(&key::one(id)).copied()
    }

    /// Books a claim.
    pub fn bill(&mut self, billed: Billed) {
        self.notes.of(billed.invoice.currency).billed += i128::from(billed.invoice.amount);
        self.invoices.push(billed);
    }

    /// Notes a document that is no claim: void, or a draft.
    pub fn leave_out(&mut self, amount: i64, currency: Currency) {
        self.notes.of(currency).not_claimed += i128::from(amount);
    }

    /// Books money received.
    pub fn receive(&mut self, receipt: Receipt) {
        let Receipt { id, cash, reference, returned, applied: used_up, open_balance } = receipt;
        self.notes.of(cash.currency).received += i128::from(cash.amount);
        self.sources.push(Source { id, is_payment: true, cash, used_up, returned, reference, open_balance });
    }

    /// Books a credit note, with the day by which it was used up and what is left of it, where the ledger says so.
    pub fn credit(&mut self, id: String, cash: CashMove, used_up: Option<Day>, open_balance: Option<i64>) {
        self.notes.of(cash.currency).credited += i128::from(cash.amount);
        let (returned, reference) = (None, String::new());
        self.sources.push(Source { id, is_payment: false, cash, used_up, returned, reference, open_balance });
    }

    /// Settles the invoices and puts everything in its lasting order.
    pub fn close(mut self) -> Ledger {
        let mut notes = std::mem::take(&mut self.notes);
        let ranks = self.rank_customers();
        let policy = self.prepare(&mut notes);
        let stated = self.open_balances();
        let claims = Claims::new(&mut self, &mut notes);
        let sources = std::mem::take(&mut self.sources);
        let course::Done { mut settlements, mut written_off, mut cash } =
            course::run(&claims, &self.allocations, sources, policy, &mut notes);
        settlements.par_sort_unstable();
        written_off.sort_unstable();
        let written_off = self.allocates().then_some(written_off);
        cash.par_sort_unstable();
        self.place_activities(&ranks, &claims);
        self.place_pauses_and_plans(&ranks, &claims);
        self.rates.sort_unstable();
        self.customers.sort_by(|left, right| left.id.cmp(&right.id));
        let document = |(booked, open)| Some((claims.document(booked)?, open));
        let stated: Vec<(u32, i64)> = stated.into_iter().filter_map(document).collect();
        let mut ledger = Ledger {
            settlement_starts: starts(&settlements, claims.invoices.len()),
            customers: self.customers,
            instalments: claims.instalments,
            invoices: claims.invoices,
            settlements,
            written_off,
            cash,
            activities: self.activities,
            pauses: self.pauses,
            plans: self.plans,
            rates: self.rates,
            settlement: SettlementNotes::default(),
        };
        notes.close(&ledger, &stated);
        ledger.settlement = notes;
        ledger
    }

    /// Makes the sources what can be applied, and says by which policy they are.
    fn prepare(&mut self, notes: &mut SettlementNotes) -> Option<Policy> {
        let is_dated =
            self.allocates() || !self.states_applied && self.sources.iter().any(|source| source.is_payment);
        let settles = self.invoices.iter().any(|billed| billed.settled.is_some()) && !self.allocates();
        if settles && !self.states_applied {
            self.drop_settling_payments(notes);
        }
        self.sources.par_sort_unstable();
        let has_balances = !is_dated && self.stand_at_open_balances(notes);
        let policy = match self.policy {
            _ if settles => None,
            None if self.allocates() || self.states_applied || has_balances => None,
            None => Some(Policy { by_reference: true, oldest_first: true }),
            given => given,
        };
        policy.filter(|policy| policy.by_reference || policy.oldest_first)
    }

    /// Gives activities their customers and documents, in their lasting order.
    fn place_activities(&mut self, ranks: &[u32], claims: &Claims) {
        for activity in &mut self.activities {
            activity.customer = ranks[activity.customer as usize];
            if let Some(booked) = activity.invoice {
                activity.invoice = claims.document(booked);
                // About what is no claim, nothing was promised or disputed of the account.
                if activity.invoice.is_none() {
                    activity.outcome = Outcome::Void;
                }
            }
        }
        self.activities.sort_unstable();
    }

    /// The same for pauses, those about what is no claim left out, and plans.
    fn place_pauses_and_plans(&mut self, ranks: &[u32], claims: &Claims) {
        self.pauses.retain_mut(|pause| {
            pause.customer = ranks[pause.customer as usize];
            let was_about = pause.invoice.is_some();
            pause.invoice = pause.invoice.and_then(|booked| claims.document(booked));
            pause.invoice.is_some() == was_about
        });
        self.pauses.sort_unstable();
        for part in &mut self.plans {
            part.customer = ranks[part.customer as usize];
        }
        self.plans.sort_unstable();
    }

    /// Whether the ledger says which money went where.
    fn allocates(&self) -> bool {
        self.allocates || !self.allocations.is_empty()
    }

    /// Where invoices say when they were settled and nothing says by which payments, the payments are those that settled
    /// them: as money on account they would cover what is open for ever.
    fn drop_settling_payments(&mut self, notes: &mut SettlementNotes) {
        for source in self.sources.extract_if(.., |source| source.is_payment) {
            notes.of(source.cash.currency).settling += i128::from(source.cash.amount);
        }
    }

    /// Where nothing says when anything was paid, documents stand at the balances they are exported with: what is missing
    /// was paid, or used, on a day nobody knows. Says whether there was any such balance.
    fn stand_at_open_balances(&mut self, notes: &mut SettlementNotes) -> bool {
        let mut any = false;
        for Billed { invoice, settled, is_paid, open_balance, .. } in &mut self.invoices {
            let open = open_balance.filter(|open| settled.is_none() && *open <= invoice.amount);
            let Some(open) = open else { continue };
            any = true;
            *open_balance = None;
            // One without a balance tells nothing of how long it took: it is left out as those marked paid are.
            if open == 0 {
                *is_paid |= invoice.amount > 0;
            } else if !*is_paid {
                notes.of(invoice.currency).paid_on_unknown_days += i128::from(invoice.amount - open);
                invoice.amount = open;
            }
        }
        for source in self.sources.iter_mut().filter(|source| source.used_up.is_none()) {
            if let Some(open) = source.open_balance.filter(|open| *open <= source.cash.amount) {
                any = true;
                notes.of(source.cash.currency).used_on_unknown_days += i128::from(source.cash.amount - open);
                source.cash.amount = open;
            }
        }
        any
    }

    /// Balances that the ledger states and that are not used, by position in the books.
    fn open_balances(&self) -> Vec<(u32, i64)> {
        let stated = |(at, billed): (usize, &Billed)| billed.open_balance.map(|open| (at as u32, open));
        self.invoices.iter().enumerate().filter_map(stated).collect()
    }

    /// Gives customers their rank by id, everywhere but in the activities; returns old position → new.
    fn rank_customers(&mut self) -> Vec<u32> {
        let mut by_id: Vec<u32> = (0..self.customers.len() as u32).collect();
        by_id.sort_by(|&left, &right| {
            self.customers[left as usize].id.cmp(&self.customers[right as usize].id)
        });
        let mut ranks = vec![0; by_id.len()];
        for (new, &old) in by_id.iter().enumerate() {
            ranks[old as usize] = new as u32;
        }
        let rank = |customer: &mut u32| *customer = ranks[*customer as usize];
        self.sources.iter_mut().filter_map(|source| source.cash.customer.as_mut()).for_each(rank);
        self.invoices.iter_mut().map(|billed| &mut billed.invoice.customer).for_each(rank);
        ranks
    }
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
