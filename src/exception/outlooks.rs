//! Which of a ledger's open bills will be blocked ([`super::blocked`]), by the positions of documents.

use super::blocked::{self, BlockModel, Duel, Outlook};
use crate::asof::documents::Documents;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::ledger::register::{Document, DocumentKind, Side};

/// Seed of what is drawn while learning.
const SEED: u64 = 1;

/// What is to be expected of open bills, and how the model that says so did against the rule.
#[derive(Debug)]
pub struct Outlooks {
    /// The likeliest first; bills are positions of documents.
    pub bills: Vec<Outlook>,
    /// How the model and the rule did.
    pub duel: Duel,
}

/// The outlooks of the bills that can still come to a release; none where too few were released to learn from.
pub fn outlooks(documents: &Documents) -> Result<Option<Outlooks>> {
    let (places, bills): (Vec<usize>, Vec<blocked::Bill>) = documents
        .documents
        .iter()
        .enumerate()
        .filter(|(_, one)| one.side == Side::Payable && one.kind != DocumentKind::CreditNote && !one.is_void)
        .map(|(at, one)| (at, bill(documents, at, one)))
        .unzip();
    let as_of = documents.as_of();
    let model = match BlockModel::learn(&bills, as_of, SEED) {
        Err(Error { code: Code::HistoryTooShort, .. }) => return Ok(None),
        learned => learned?,
    };
    let asked = blocked::open(&bills, as_of);
    let mut bills = model.outlooks(&bills, &asked)?;
    for outlook in &mut bills {
        outlook.bill = places.get(outlook.bill).copied().unwrap_or(usize::MAX);
    }
    Ok(Some(Outlooks { bills, duel: *model.duel() }))
}

fn bill<'a>(documents: &'a Documents, at: usize, one: &Document) -> blocked::Bill<'a> {
    let order = documents.order_of(at).map(|(_, order)| order);
    let category = order.map(|order| order.category).filter(|category| !category.is_empty());
    let segment = documents.party_of(at).map(|party| party.segment);
    let ordered = documents.lines_of(at).filter_map(|(line, _)| documents.ordered_by(line));
    let received = ordered.flat_map(|(line, _)| documents.receipts_of(line)).map(|receipt| receipt.received);
    let received: Vec<Day> = received.filter(|day| *day <= one.stamp.known).collect();
    blocked::Bill {
        number: documents.text(one.id),
        supplier: documents.text(one.party),
        order: documents.text(one.order),
        category: category.or(segment).map_or("", |word| documents.text(word)),
        posted: one.stamp.known,
        issued: Some(one.stamp.happened),
        ordered: order.map(|order| order.ordered),
        received: received.iter().copied().max(),
        receipts: received.len() as u32,
        lines: documents.lines_of(at).count() as u32,
        amount: one.amount,
        currency: one.currency,
        settled: one.settled,
        released: one.released,
    }
}
