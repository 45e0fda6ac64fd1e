//! What the documents of a day hold of cash application: who paid what in the past, what is open, and what came in that is
//! on nothing yet.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::text::{Folded, reference};
use super::{Closed, Customer, Discount, Hold, Item, Known, Past, Receipt, Set};
use crate::asof::documents::From;
use crate::base::day::Day;
use crate::exception::case::Case;
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, DocumentKind, Payment, Side};
use crate::ledger::settle::AllocationKind;
use crate::ledger::terms;

/// Most sets of the past that are learned from, the latest: more are hardly better, and a fit stays within minutes.
const PAST_SETS_MAX: usize = 4_000;

/// What is there to be matched, and the past to learn from.
#[derive(Debug, Default)]
pub struct Books {
    /// Open invoices and credit notes.
    pub items: Vec<Item>,
    /// Payments that are not applied, or only in part.
    pub receipts: Vec<Receipt>,
    /// What was allocated before.
    pub past: Past,
    /// What speaks against a match.
    pub known: Known,
}

/// What a claim says besides its document.
struct Claim {
    due: Day,
    is_disputed: bool,
}

impl Books {
    /// Reads the books of a day.
    pub fn of(case: &Case) -> Self {
        let claims = claims(case);
        let mut books = Self { past: past(case, &claims), ..Self::default() };
        for (at, document) in invoices(case) {
            let open = case.open_of(at);
            if open > 0 && (case.documents.allocates || document.settled.is_none()) {
                books.items.extend(item(case, document, open, &claims));
            }
        }
        books.items.extend(credits(case));
        for (at, payment) in case.documents.payments.iter().enumerate() {
            let unapplied = case.unapplied_of(at, payment);
            if payment.returned.is_none() && unapplied > 0 {
                let receipt = receipt(case, payment, unapplied);
                let as_of = case.documents.as_of().0;
                let held = Hold::of(&receipt, payment.cheque, as_of, &case.policy.cash);
                books.receipts.push(Receipt { held, ..receipt });
            }
        }
        let closed = closed(case, &books);
        books.known = Known { customers: customers(case), closed };
        books
    }
}

/// Every customer that is on file or was billed.
fn customers(case: &Case) -> Vec<Customer> {
    let documents = case.documents;
    let on_file =
        documents.parties.iter().filter(|party| party.side == Side::Receivable).map(|party| party.id);
    let billed = documents.documents.iter().filter(|one| one.side == Side::Receivable).map(|one| one.party);
    let all = on_file.chain(billed).filter(|word| !word.is_empty());
    let all: BTreeMap<&str, Word> = all.map(|word| (case.text(word), word)).collect();
    let customer = |id: Word| {
        let party = documents.party(Side::Receivable, id);
        let text = |word: Option<Word>| word.map_or(String::new(), |word| case.text(word).to_owned());
        Customer {
            number: text(Some(id)),
            name: text(Some(party.map_or(id, |party| party.name))),
            account: text(party.map(|party| party.bank_account)),
        }
    };
    all.into_values().map(customer).collect()
}

/// The receivable documents that are not open and that a payment on nothing names.
fn closed(case: &Case, books: &Books) -> Vec<Closed> {
    let documents = case.documents;
    let open: HashSet<&str> = books.items.iter().map(|item| item.id.as_str()).collect();
    let memos: Vec<Folded> = books.receipts.iter().map(|receipt| Folded::new(&receipt.memo)).collect();
    let named: HashSet<&[u8]> = memos.iter().flat_map(Folded::runs).map(|(_, signs)| signs).collect();
    let closed = |(at, one): (usize, &Document)| {
        let references = references(case, one);
        let is_named = references.iter().any(|text| named.contains(reference(text).as_slice()));
        let id = case.text(one.id);
        (is_named && !open.contains(id)).then(|| Closed {
            id: id.to_owned(),
            references,
            customer: case.text(one.party).to_owned(),
            paid_by: paid_by(case, at),
        })
    };
    let all = documents.documents.iter().enumerate();
    all.filter(|(_, one)| one.side == Side::Receivable).filter_map(closed).collect()
}

/// The payments that were applied to a document.
fn paid_by(case: &Case, document: usize) -> Vec<String> {
    let payment = |from: From| match from {
        From::Payment(at) => case.payment(at).map(|payment| case.text(payment.id).to_owned()),
        From::Credit(_) | From::Nothing => None,
    };
    case.documents.applied_to(document).iter().filter_map(|one| payment(one.from)).collect()
}

/// The numbers that a payer may write for a document.
fn references(case: &Case, document: &Document) -> Vec<String> {
    let words = [document.id, document.order].into_iter().filter(|word| !word.is_empty());
    words.map(|word| case.text(word).to_owned()).collect()
}

/// The first claim of each invoice by its number.
fn claims(case: &Case) -> HashMap<String, Claim> {
    let mut claims = HashMap::new();
    let Some(view) = &case.claims else { return claims };
    for (_, invoice) in view.invoices() {
        let claim = Claim { due: invoice.due, is_disputed: view.disputed(invoice) };
        claims.entry(invoice.id.clone()).or_insert(claim);
    }
    claims
}

fn invoices<'a>(case: &Case<'a>) -> impl Iterator<Item = (usize, &'a Document)> {
    let documents = case.documents.documents.iter().enumerate();
    documents.filter(|(_, one)| {
        one.side == Side::Receivable && one.kind != DocumentKind::CreditNote && !one.is_void
    })
}

/// What is left of customers' credit notes; nothing where the ledger does not say what they were used for.
fn credits(case: &Case) -> Vec<Item> {
    let documents = case.documents;
    let mut left: Vec<i64> = documents.documents.iter().map(|one| one.amount).collect();
    for applied in &documents.applied {
        if let From::Credit(at) = applied.from
            && let Some(left) = left.get_mut(at as usize)
        {
            *left -= applied.allocated.amount;
        }
    }
    let open = documents.documents.iter().zip(left).filter(|(note, left)| {
        let is_credit = note.side == Side::Receivable && note.kind == DocumentKind::CreditNote;
        is_credit && !note.is_void && note.settled.is_none() && documents.allocates && *left > 0
    });
    open.map(|(note, left)| {
        let claim = Claim { due: note.stamp.happened, is_disputed: false };
        Item { discount: None, ..claimed(case, note, -left, &claim) }
    })
    .collect()
}

fn item(case: &Case, document: &Document, amount: i64, claims: &HashMap<String, Claim>) -> Option<Item> {
    claims.get(case.text(document.id)).map(|claim| claimed(case, document, amount, claim))
}

fn claimed(case: &Case, document: &Document, amount: i64, claim: &Claim) -> Item {
    let text = |word| case.text(word).to_owned();
    let issued = document.stamp.happened;
    let discount = terms::parse(case.text(document.terms)).and_then(|terms| terms.discount);
    let name = case.documents.party(document.side, document.party).map_or(document.party, |party| party.name);
    Item {
        id: text(document.id),
        references: references(case, document),
        customer: text(document.party),
        name: text(name),
        amount,
        currency: document.currency,
        issued,
        due: claim.due,
        discount: discount
            .map(|discount| Discount { amount: discount.of(document.amount), until: discount.until(issued) }),
        held: claim.is_disputed,
    }
}

fn receipt(case: &Case, payment: &Payment, amount: i64) -> Receipt {
    let text = |word| case.text(word).to_owned();
    Receipt {
        id: text(payment.id),
        customer: Some(text(payment.customer)).filter(|customer| !customer.is_empty()),
        payer: text(payment.payer),
        account: text(payment.account),
        memo: text(payment.reference),
        amount: Some(amount),
        currency: payment.currency,
        day: payment.stamp.happened,
        held: None,
    }
}

/// Payments and the invoices that their money was applied to, where one payment is behind several invoices or several behind
/// one, but not both.
fn past(case: &Case, claims: &HashMap<String, Claim>) -> Past {
    let documents = case.documents;
    let invoices_of = |payment: u32| {
        let money = documents.applied_of(payment as usize);
        let money = money.filter(|one| one.allocated.kind == AllocationKind::Payment);
        distinct(money.map(|one| one.invoice))
    };
    let payments_of = |invoice: u32| {
        let applied = documents.applied_to(invoice as usize).iter();
        distinct(applied.filter_map(|one| match one.from {
            From::Payment(payment) if one.allocated.kind == AllocationKind::Payment => Some(payment),
            _ => None,
        }))
    };
    let set = |payment: u32| -> Option<(Vec<u32>, Vec<u32>)> {
        let invoices = invoices_of(payment);
        match invoices.as_slice() {
            [] => None,
            [only] => {
                let payments = payments_of(*only);
                let alone = payments.iter().all(|one| invoices_of(*one) == invoices);
                // Told once, by the first of its payments.
                (alone && payments.first() == Some(&payment)).then_some((payments, invoices))
            }
            several => several
                .iter()
                .all(|invoice| payments_of(*invoice) == [payment])
                .then(|| (vec![payment], invoices.clone())),
        }
    };
    let mut sets: Vec<(Vec<u32>, Vec<u32>)> = (0..documents.payments.len() as u32).filter_map(set).collect();
    let stayed = |at: &u32| documents.payments.get(*at as usize).is_some_and(|one| one.returned.is_none());
    sets.retain(|(payments, _)| payments.iter().all(stayed));
    let paid = |payments: &[u32]| {
        payments
            .iter()
            .filter_map(|at| documents.payments.get(*at as usize))
            .map(|one| one.stamp.happened)
            .max()
    };
    sets.sort_by_key(|(payments, _)| paid(payments));
    let latest = sets.split_off(sets.len().saturating_sub(PAST_SETS_MAX));
    let mut past = Past::default();
    for (payments, invoices) in latest {
        add(case, &mut past, &payments, &invoices, claims);
    }
    past
}

/// Adds a set with its members as they were before it; nothing if a member is not known.
fn add(case: &Case, past: &mut Past, payments: &[u32], invoices: &[u32], claims: &HashMap<String, Claim>) {
    let documents = case.documents;
    let item = |at: &u32| {
        let document = documents.documents.get(*at as usize)?;
        let credited = documents.applied_to(*at as usize).iter();
        let credited = credited.filter(|one| matches!(one.from, From::Credit(_)));
        let asked = document.amount - credited.map(|one| one.allocated.amount).sum::<i64>();
        item(case, document, asked, claims).map(|item| Item { held: false, ..item })
    };
    let items: Option<Vec<Item>> = invoices.iter().map(item).collect();
    let receipts: Option<Vec<Receipt>> = payments
        .iter()
        .map(|at| documents.payments.get(*at as usize).map(|one| receipt(case, one, one.amount)))
        .collect();
    let (Some(items), Some(receipts)) = (items, receipts) else { return };
    let positions = |from: usize, count: usize| (from as u32..(from + count) as u32).collect();
    past.sets.push(Set {
        receipts: positions(past.receipts.len(), receipts.len()),
        items: positions(past.items.len(), items.len()),
    });
    past.items.extend(items);
    past.receipts.extend(receipts);
}

fn distinct(positions: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut positions: Vec<u32> = positions.collect();
    positions.sort_unstable();
    positions.dedup();
    positions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exception::rules::fixture::with_case;

    /// Open items of a customer with an invoice over 1,000.00 and three credit notes, one of them settled otherwise.
    fn items(files: &[(&str, &str)]) -> Vec<(String, i64)> {
        let invoices = "id,customer,issued,due,amount,currency,type,settled\n\
             I1,C1,2025-02-01,2025-03-03,1000.00,EUR,invoice,\n\
             K1,C1,2025-02-10,2025-02-10,75.00,EUR,credit_note,\n\
             K2,C1,2025-02-10,2025-02-10,10.00,EUR,credit_note,\n\
             K3,C1,2025-02-10,2025-02-10,30.00,EUR,credit_note,2025-02-20\n";
        let files = [&[("invoices.csv", invoices)], files].concat();
        with_case(&files, &[], Some("2025-03-01"), |case| {
            Books::of(case).items.into_iter().map(|item| (item.id, item.amount)).collect()
        })
    }

    #[test]
    fn what_is_left_of_credit_notes_is_open_below_zero() {
        let used =
            "payment,invoice,amount,currency,day\nK1,I1,25.00,EUR,2025-02-11\nK2,I1,10.00,EUR,2025-02-11\n";
        let found = items(&[("allocations.csv", used)]);
        assert_eq!(found, [("I1".to_owned(), 96_500), ("K1".to_owned(), -5_000)]);
    }

    #[test]
    fn where_nothing_says_what_they_were_used_for_there_are_none() {
        assert_eq!(items(&[]), [("I1".to_owned(), 100_000)]);
    }
}
