//! From the register to documents: what is too late is dropped, the rest is put into its lasting order and linked.

use rayon::slice::ParallelSliceMut as _;

use super::link::{self, starts};
use super::{Applied, Documents, From, Links};
use crate::base::day::{AsOf, Day};
use crate::ledger::register::words::{Word, Words};
use crate::ledger::register::{Allocated, DocumentKind, Register, Side};

pub(super) fn build(mut register: Register, as_of: AsOf) -> Documents {
    forget(&mut register, as_of.0);
    let ranks = Ranks(register.words.ranks());
    sort(&mut register, &ranks);
    let Register {
        words,
        parties,
        orders,
        order_lines,
        mut receipts,
        documents,
        mut lines,
        payments,
        allocations,
        dispositions,
        allocates,
    } = register;
    let order_at = link::positions(words.len(), orders.iter().map(|order| order.id));
    let party_at = |side: Side| {
        let of_side =
            |at: usize, id: Word| (parties.get(at).is_some_and(|one| one.side == side)).then_some(id);
        let ids = parties.iter().enumerate().map(|(at, party)| of_side(at, party.id).unwrap_or(Word::EMPTY));
        link::positions(words.len(), ids)
    };
    let (payable, receivable) = (party_at(Side::Payable), party_at(Side::Receivable));
    let party =
        |side: Side, id: Word| link::at(if side == Side::Payable { &payable } else { &receivable }, id);

    let mut links = Links {
        document_party: documents.iter().map(|one| party(one.side, one.party)).collect(),
        order_lines: starts(order_lines.iter().map(|line| link::at(&order_at, line.order)), orders.len()),
        ..Links::default()
    };
    let owners = link::own_lines(&words, &documents, &mut lines, &ranks);
    links.lines = starts(owners.iter().map(|at| Some(*at)), documents.len());
    links.line_document = owners;
    links.document_order = link::document_orders(&documents, &lines, &links, &order_at, &orders);
    links.line_ordered = link::line_orders(&lines, &links, &order_at, &order_lines, &documents, &orders);
    links.receipts = link::place_receipts(&mut receipts, &links, &order_at, &order_lines, &ranks);
    (links.billed, links.billed_starts) = link::billed(&links, &documents, order_lines.len());
    let applied = apply(&words, allocations, &documents, &payments, as_of.0, &ranks);
    links.applied = starts(applied.iter().map(|one| Some(one.invoice)), documents.len());
    (links.by_payment, links.by_payment_starts) = link::by_payment(&applied, payments.len());
    Documents {
        as_of,
        words,
        parties,
        orders,
        order_lines,
        receipts,
        documents,
        lines,
        payments,
        applied,
        dispositions,
        allocates,
        links,
    }
}

/// The place of each text in the alphabet.
pub(super) struct Ranks(Vec<u32>);

impl Ranks {
    pub(super) fn of(&self, word: Word) -> u32 {
        self.0.get(word.at()).copied().unwrap_or(u32::MAX)
    }
}

/// Drops what was not known by a day, and of what was, what happened to it later.
fn forget(register: &mut Register, day: Day) {
    let later = |on: &mut Option<Day>| *on = on.filter(|on| *on <= day);
    register.orders.retain(|order| order.ordered <= day);
    for order in &mut register.orders {
        if order.closed.is_some_and(|closed| closed > day) {
            (order.is_closed, order.closed) = (false, None);
        }
    }
    register.receipts.retain(|receipt| receipt.received <= day);
    register.documents.retain(|document| document.stamp.known <= day);
    for document in &mut register.documents {
        later(&mut document.settled);
        later(&mut document.released);
    }
    register.payments.retain(|payment| payment.stamp.known <= day);
    register.payments.iter_mut().for_each(|payment| later(&mut payment.returned));
    register.parties.iter_mut().for_each(|party| later(&mut party.closed));
    register.allocations.retain(|allocated| allocated.day.is_none_or(|applied| applied <= day));
    register.dispositions.retain(|disposition| disposition.day <= day);
}

/// Puts everything that does not hang on something else into its order. Rows that are alike in all of it are alike.
fn sort(register: &mut Register, ranks: &Ranks) {
    register.parties.par_sort_unstable_by_key(|party| (party.side, ranks.of(party.id)));
    register.orders.par_sort_unstable_by_key(|order| ranks.of(order.id));
    register.order_lines.par_sort_unstable_by_key(|line| {
        (ranks.of(line.order), link::numeric(&register.words, line.line, ranks))
    });
    register.documents.par_sort_unstable_by_key(|one| {
        let texts = [one.order, one.terms, one.bank_account, one.voucher].map(|word| ranks.of(word));
        let ends = (one.settled, one.released, one.is_void, one.tax);
        (
            one.side,
            ranks.of(one.party),
            one.stamp,
            ranks.of(one.id),
            one.kind,
            one.amount,
            one.currency,
            texts,
            ends,
        )
    });
    register
        .payments
        .par_sort_unstable_by_key(|one| (ranks.of(one.customer), one.stamp.happened, ranks.of(one.id)));
    register.dispositions.par_sort_unstable_by_key(|one| {
        let texts = [one.document, one.code, one.party, one.line].map(|word| ranks.of(word));
        (texts, one.day, one.verdict)
    });
}

/// Gives allocations their ends. What is applied on no day is applied on the day of the payment; nothing is before both
/// ends are known.
fn apply(
    words: &Words,
    allocations: Vec<Allocated>,
    documents: &[crate::ledger::register::Document],
    payments: &[crate::ledger::register::Payment],
    as_of: Day,
    ranks: &Ranks,
) -> Vec<Applied> {
    let own = |one: &crate::ledger::register::Document| one.side == Side::Receivable;
    let is_credit = |one: &crate::ledger::register::Document| one.kind == DocumentKind::CreditNote;
    let ids = |wanted: bool| {
        let id = move |one: &crate::ledger::register::Document| {
            if own(one) && is_credit(one) == wanted { one.id } else { Word::EMPTY }
        };
        link::positions(words.len(), documents.iter().map(id))
    };
    let (invoices, credits) = (ids(false), ids(true));
    let paid = link::positions(words.len(), payments.iter().map(|payment| payment.id));
    let applied = allocations.into_iter().filter_map(|mut allocated| {
        let invoice = link::at(&invoices, allocated.invoice)?;
        let credit = link::at(&credits, allocated.payment).map(From::Credit);
        let from = credit.or_else(|| link::at(&paid, allocated.payment).map(From::Payment));
        if from.is_none() && !allocated.payment.is_empty() {
            // It is not known yet.
            return None;
        }
        let from = from.unwrap_or(From::Nothing);
        let day = allocated.day.or_else(|| match from {
            From::Payment(at) => payments.get(at as usize).map(|one| one.stamp.happened),
            From::Credit(at) => documents.get(at as usize).map(|one| one.stamp.happened),
            From::Nothing => None,
        });
        allocated.day = Some(day?).filter(|day| *day <= as_of);
        allocated.day.map(|_| Applied { allocated, invoice, from })
    });
    let mut applied: Vec<Applied> = applied.collect();
    applied.par_sort_unstable_by_key(|one| {
        let allocated = &one.allocated;
        (one.invoice, allocated.day, ranks.of(allocated.payment), allocated.kind, allocated.amount)
    });
    applied
}
