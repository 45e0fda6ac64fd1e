//! The register as it was known on a day: the only door to documents. What was not known yet is dropped before anything is
//! linked, so that no rule can look at it. What is left stands in an order that does not depend on that of the files, with
//! its links: a document to its order and lines, a line to the line of the order, that to its receipts and to what was
//! billed for it.

mod build;
mod link;

use crate::base::day::AsOf;
use crate::ledger::register::words::{Word, Words};
use crate::ledger::register::{
    Allocated, Disposition, Document, GoodsReceipt, Line, Order, OrderLine, Party, Payment, Register, Side,
};

/// Documents, orders, receipts, payments and allocations that were known by a day. Positions are those in their lists.
#[derive(Debug)]
pub struct Documents {
    as_of: AsOf,
    words: Words,
    /// By side and id.
    pub parties: Vec<Party>,
    /// By number.
    pub orders: Vec<Order>,
    /// By order and line.
    pub order_lines: Vec<OrderLine>,
    /// By line of the order and day; those of unknown lines come last.
    pub receipts: Vec<GoodsReceipt>,
    /// By side, party, day known, day of issue and number.
    pub documents: Vec<Document>,
    /// By document and line number; those of unknown documents are left out.
    pub lines: Vec<Line>,
    /// By customer, day and number.
    pub payments: Vec<Payment>,
    /// By invoice, day and payment; with the day on which each was known.
    pub applied: Vec<Applied>,
    /// What reviewers decided, by document, code, party, line, day and verdict.
    pub dispositions: Vec<Disposition>,
    /// Whether the ledger says what was applied to what.
    pub allocates: bool,
    links: Links,
}

/// An allocation, with its ends.
#[derive(Debug, Clone, Copy)]
pub struct Applied {
    /// The allocation.
    pub allocated: Allocated,
    /// Position of the invoice.
    pub invoice: u32,
    /// Where the money came from.
    pub from: From,
}

/// Where what was applied came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// The payment at this position.
    Payment(u32),
    /// The credit note at this position of the documents.
    Credit(u32),
    /// A deduction that no document is behind.
    Nothing,
}

/// Positions that belong together.
#[derive(Debug, Default)]
struct Links {
    /// Party of each document.
    document_party: Vec<Option<u32>>,
    /// Order of each document, and whether any of its side is there.
    document_order: Vec<Option<u32>>,
    /// Where the lines of each document begin, of each order, and the receipts of each line of an order; one entry more
    /// ends the last.
    lines: Vec<u32>,
    order_lines: Vec<u32>,
    receipts: Vec<u32>,
    /// Line of an order that each line bills, and its document.
    line_ordered: Vec<Option<u32>>,
    line_document: Vec<u32>,
    /// Positions of the lines that bill each line of an order, in the order in which they became known.
    billed: Vec<u32>,
    billed_starts: Vec<u32>,
    /// Positions among `applied`, by the payment, with starts.
    by_payment: Vec<u32>,
    by_payment_starts: Vec<u32>,
    /// Where the allocations of each document begin.
    applied: Vec<u32>,
}

impl Documents {
    /// What was known when `as_of` ended.
    pub fn new(register: Register, as_of: AsOf) -> Self {
        build::build(register, as_of)
    }

    /// The day.
    pub fn as_of(&self) -> AsOf {
        self.as_of
    }

    /// The text of an id, article or account.
    pub fn text(&self, word: Word) -> &str {
        self.words.text(word)
    }

    /// The number of a text, where anything has it.
    pub fn word(&self, text: &str) -> Option<Word> {
        self.words.find(text)
    }

    /// Whether there is any order of a side.
    pub fn has_orders(&self, side: Side) -> bool {
        self.orders.iter().any(|order| order.side == side)
    }

    /// The party of a document, where its table has it.
    pub fn party_of(&self, document: usize) -> Option<&Party> {
        linked(&self.links.document_party, document).and_then(|at| self.parties.get(at))
    }

    /// The party of an id, where its table has it.
    pub fn party(&self, side: Side, id: Word) -> Option<&Party> {
        let key = (side, self.text(id));
        let at = self.parties.binary_search_by(|party| (party.side, self.text(party.id)).cmp(&key));
        at.ok().and_then(|at| self.parties.get(at))
    }

    /// The positions of a party's documents.
    pub fn of_party(&self, side: Side, id: Word) -> std::ops::Range<usize> {
        let key = (side, self.text(id));
        let of = |one: &Document| (one.side, self.text(one.party));
        let from = self.documents.partition_point(|one| of(one) < key);
        let to = self.documents.partition_point(|one| of(one) <= key);
        from..to
    }

    /// The documents of a party that have a number, with their positions.
    pub fn bearing<'a>(
        &'a self,
        side: Side,
        party: &str,
        number: &'a str,
    ) -> impl Iterator<Item = (usize, &'a Document)> {
        let range = self.word(party).map_or(0..0, |party| self.of_party(side, party));
        let own = self.documents.get(range.clone()).unwrap_or_default();
        (range.start..).zip(own).filter(move |(_, one)| self.text(one.id) == number)
    }

    /// The order of a document: the one it names, or that of its first line that names one.
    pub fn order_of(&self, document: usize) -> Option<(usize, &Order)> {
        let at = linked(&self.links.document_order, document)?;
        self.orders.get(at).map(|order| (at, order))
    }

    /// The lines of a document, with their positions.
    pub fn lines_of(&self, document: usize) -> impl Iterator<Item = (usize, &Line)> {
        let (from, to) = range(&self.links.lines, document);
        (from..).zip(self.lines.get(from..to).unwrap_or_default())
    }

    /// The line of an order that a line bills.
    pub fn ordered_by(&self, line: usize) -> Option<(usize, &OrderLine)> {
        let at = linked(&self.links.line_ordered, line)?;
        self.order_lines.get(at).map(|ordered| (at, ordered))
    }

    /// The document of a line.
    pub fn document_of(&self, line: usize) -> usize {
        self.links.line_document.get(line).map_or(usize::MAX, |at| *at as usize)
    }

    /// The receipts of a line of an order, by day.
    pub fn receipts_of(&self, order_line: usize) -> &[GoodsReceipt] {
        let (from, to) = range(&self.links.receipts, order_line);
        self.receipts.get(from..to).unwrap_or_default()
    }

    /// The lines that bill a line of an order, by position, in the order in which they became known.
    pub fn billed_for(&self, order_line: usize) -> impl Iterator<Item = usize> + '_ {
        let (from, to) = range(&self.links.billed_starts, order_line);
        self.links.billed.get(from..to).unwrap_or_default().iter().map(|at| *at as usize)
    }

    /// What was applied of a payment.
    pub fn applied_of(&self, payment: usize) -> impl Iterator<Item = &Applied> {
        let (from, to) = range(&self.links.by_payment_starts, payment);
        let positions = self.links.by_payment.get(from..to).unwrap_or_default();
        positions.iter().filter_map(|at| self.applied.get(*at as usize))
    }

    /// What was applied to an invoice.
    pub fn applied_to(&self, document: usize) -> &[Applied] {
        let (from, to) = range(&self.links.applied, document);
        self.applied.get(from..to).unwrap_or_default()
    }
}

fn linked(links: &[Option<u32>], at: usize) -> Option<usize> {
    links.get(at).copied().flatten().map(|at| at as usize)
}

fn range(starts: &[u32], at: usize) -> (usize, usize) {
    let of = |at: usize| starts.get(at).map_or(0, |start| *start as usize);
    (of(at), of(at.saturating_add(1)))
}
