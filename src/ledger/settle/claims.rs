//! From documents as they were billed to claims in their lasting order: what is no claim is left out, and an invoice that
//! is due in parts becomes a claim for each.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rayon::slice::ParallelSliceMut as _;

use super::notes::SettlementNotes;
use super::{AllocationKind, Billed, Books, Instalment};
use crate::base::day::Day;
use crate::ledger::event::Invoice;

/// Claims in their lasting order: by customer, day of issue, due day and id.
#[derive(Debug, Default)]
pub(super) struct Claims {
    pub(super) invoices: Vec<Invoice>,
    /// Day each was settled in full, where the ledger says so.
    pub(super) settled: Vec<Option<Day>>,
    /// The claims of each document that is due in parts, by its first one, in the order in which they are due.
    pub(super) instalments: BTreeMap<u32, Vec<u32>>,
    /// Numbers of the documents that are due in parts, with their documents.
    pub(super) parents: Vec<(String, u32)>,
    /// Document by position in the books; none where it is left out.
    pub(super) documents: Vec<Option<u32>>,
}

/// A claim on its way, with its position in the books.
struct Claim {
    invoice: Invoice,
    settled: Option<Day>,
    booked: u32,
}

impl Claims {
    /// Takes the claims out of the books.
    pub(super) fn new(books: &mut Books, notes: &mut SettlementNotes) -> Self {
        let uncovered = uncovered(books);
        let mut instalments: HashMap<String, Vec<Instalment>> = HashMap::new();
        for instalment in std::mem::take(&mut books.instalments) {
            instalments.entry(instalment.invoice.clone()).or_default().push(instalment);
        }
        let billed = std::mem::take(&mut books.invoices);
        let documents = vec![None; billed.len()];
        let mut claims = Vec::with_capacity(billed.len());
        let mut parents: Vec<(String, u32)> = Vec::new();
        for (booked, Billed { invoice, settled, is_paid, .. }) in (0..).zip(billed) {
            // Marked paid, and nothing says when: it is no claim, and tells nothing of how long it took.
            if is_paid && settled.is_none() && uncovered.get(&invoice.id).is_none_or(|rest| *rest > 0) {
                notes.of(invoice.currency).paid_without_day += i128::from(invoice.amount);
            } else if let Some(parts) = instalments.remove(&invoice.id) {
                let split = split(&invoice, parts);
                claims.extend(split.map(|invoice| Claim { invoice, settled, booked }));
                parents.push((invoice.id, booked));
            } else {
                claims.push(Claim { invoice, settled, booked });
            }
        }
        claims.par_sort_by(|left: &Claim, right: &Claim| compare(&left.invoice, &right.invoice));
        Self::number(claims, Self { parents, documents, ..Self::default() })
    }

    /// Numbers accounts and documents.
    fn number(claims: Vec<Claim>, mut this: Self) -> Self {
        for (at, Claim { invoice, settled, booked }) in (0..).zip(claims) {
            let document = *this.documents[booked as usize].get_or_insert(at);
            if document != at {
                this.instalments.entry(document).or_insert_with(|| vec![document]).push(at);
            }
            this.invoices.push(Invoice { document, ..invoice });
            this.settled.push(settled);
        }
        let documents = &this.documents;
        this.parents.retain_mut(|(_, at)| match documents[*at as usize] {
            Some(document) => {
                *at = document;
                true
            }
            None => false,
        });
        number_accounts(&mut this.invoices);
        this
    }

    /// Document of a position in the books, if it is a claim.
    pub(super) fn document(&self, booked: u32) -> Option<u32> {
        self.documents.get(booked as usize).copied().flatten()
    }

    /// The claims of a document, in the order in which they are due.
    pub(super) fn of(&self, document: u32) -> Vec<u32> {
        self.instalments.get(&document).cloned().unwrap_or_else(|| vec![document])
    }

    /// Every document by its number.
    pub(super) fn by_id(&self) -> HashMap<&str, u32> {
        let whole = (0..)
            .zip(&self.invoices)
            .filter(|(at, invoice)| invoice.document == *at && !self.instalments.contains_key(at));
        let whole = whole.map(|(at, invoice)| (invoice.id.as_str(), at));
        whole.chain(self.parents.iter().map(|(id, document)| (id.as_str(), *document))).collect()
    }
}

/// What the lasting allocations leave of the documents marked paid, by number.
fn uncovered(books: &Books) -> HashMap<String, i64> {
    let paid = books.invoices.iter().filter(|billed| billed.is_paid);
    let mut rest: HashMap<String, i64> =
        paid.map(|billed| (billed.invoice.id.clone(), billed.invoice.amount)).collect();
    if rest.is_empty() {
        return rest;
    }
    let returned = books.sources.iter().filter(|source| source.returned.is_some());
    let returned: hashbrown::HashSet<&str> = returned.map(|source| source.id.as_str()).collect();
    for allocation in &books.allocations {
        let lasts =
            allocation.kind == AllocationKind::WriteOff || !returned.contains(allocation.payment.as_str());
        if lasts && let Some(rest) = rest.get_mut(&allocation.invoice) {
            *rest -= allocation.amount;
        }
    }
    rest
}

/// A claim for each instalment. What was paid of the whole on days nobody knows was paid on those due first.
fn split(invoice: &Invoice, mut parts: Vec<Instalment>) -> impl Iterator<Item = Invoice> {
    parts.sort_unstable();
    let mut paid = parts.iter().map(|part| part.amount).sum::<i64>() - invoice.amount;
    parts.into_iter().filter_map(move |part| {
        let gone = paid.clamp(0, part.amount);
        paid -= gone;
        (part.amount > gone || gone == 0).then(|| Invoice {
            id: format!("{}/{}", part.invoice, part.number),
            due: part.due,
            amount: part.amount - gone,
            discount: None,
            ..invoice.clone()
        })
    })
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
