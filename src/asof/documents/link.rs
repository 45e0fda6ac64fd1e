//! Which position belongs to which. All links are lists of positions, found by the numbers of texts: no map per row.

use rayon::slice::ParallelSliceMut as _;

use super::build::Ranks;
use super::{Applied, From, Links};
use crate::ledger::register::words::{Word, Words};
use crate::ledger::register::{Document, GoodsReceipt, Line, Order, OrderLine};

const NONE: u32 = u32::MAX;

/// Position of the first thing with each text as its id.
pub(super) fn positions(words: usize, ids: impl Iterator<Item = Word>) -> Vec<u32> {
    let mut positions = vec![NONE; words];
    for (at, id) in (0..).zip(ids) {
        if let Some(slot) = positions.get_mut(id.at()).filter(|slot| **slot == NONE && !id.is_empty()) {
            *slot = at;
        }
    }
    positions
}

/// The position of an id.
pub(super) fn at(positions: &[u32], id: Word) -> Option<u32> {
    positions.get(id.at()).copied().filter(|at| *at != NONE)
}

/// Where the things of each owner begin, for things that stand by owner; one entry more ends the last. Things of no owner
/// stand last and are counted nowhere.
pub(super) fn starts(owners: impl Iterator<Item = Option<u32>>, count: usize) -> Vec<u32> {
    let mut starts = vec![0_u32; count + 1];
    for owner in owners.flatten() {
        if let Some(slot) = starts.get_mut(owner as usize + 1) {
            *slot += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// Line numbers in their natural order: by figure, then by text.
pub(super) fn numeric(words: &Words, line: Word, ranks: &Ranks) -> (u64, u32) {
    (words.text(line).parse().unwrap_or(u64::MAX), ranks.of(line))
}

/// Gives every line its document and sorts lines by it; drops those of unknown documents. Where several documents bear the
/// number, it is the one of the line's own order, or else the one that was known first.
pub(super) fn own_lines(
    words: &Words,
    documents: &[Document],
    lines: &mut Vec<Line>,
    ranks: &Ranks,
) -> Vec<u32> {
    let mut numbers: Vec<(u32, u32)> =
        (0..).zip(documents).map(|(at, one)| (one.id.at() as u32, at)).collect();
    numbers.par_sort_unstable_by_key(|&(id, at)| (id, documents.get(at as usize).map(|one| one.stamp), at));
    let mut first = vec![NONE; words.len()];
    for (at, (id, _)) in (0..).zip(&numbers) {
        if let Some(slot) = first.get_mut(*id as usize).filter(|slot| **slot == NONE) {
            *slot = at;
        }
    }
    let owner = |line: &Line| {
        let from = at(&first, line.document)? as usize;
        let same = numbers.get(from..).unwrap_or_default().iter();
        let same = same.take_while(|(id, _)| *id as usize == line.document.at()).map(|(_, at)| *at);
        let same = same.filter(|at| documents.get(*at as usize).is_some_and(|one| one.side == line.side));
        let of_order = |at: &u32| documents.get(*at as usize).is_some_and(|one| one.order == line.order);
        same.clone().find(of_order).or_else(|| same.clone().next())
    };
    let mut owned: Vec<(u32, Line)> =
        lines.drain(..).filter_map(|line| Some((owner(&line)?, line))).collect();
    owned.par_sort_unstable_by_key(|(document, line)| (*document, numeric(words, line.line, ranks)));
    *lines = owned.iter().map(|(_, line)| *line).collect();
    owned.into_iter().map(|(document, _)| document).collect()
}

/// The order of each document: the one it names, or that of its first line that names one.
pub(super) fn document_orders(
    documents: &[Document],
    lines: &[Line],
    links: &Links,
    order_at: &[u32],
    orders: &[Order],
) -> Vec<Option<u32>> {
    let of_side = |document: &Document, id: Word| {
        at(order_at, id)
            .filter(|at| orders.get(*at as usize).is_some_and(|order| order.side == document.side))
    };
    let order = |(document, one): (usize, &Document)| {
        let (from, to) = super::range(&links.lines, document);
        let mut of_lines = lines.get(from..to).unwrap_or_default().iter();
        of_side(one, one.order).or_else(|| of_lines.find_map(|line| of_side(one, line.order)))
    };
    documents.iter().enumerate().map(order).collect()
}

/// The line of an order that each line bills: the one it names, or the only one with its article.
pub(super) fn line_orders(
    lines: &[Line],
    links: &Links,
    order_at: &[u32],
    order_lines: &[OrderLine],
    documents: &[Document],
    orders: &[Order],
) -> Vec<Option<u32>> {
    let ordered = |(position, line): (usize, &Line)| {
        let document = *links.line_document.get(position)? as usize;
        let named = at(order_at, line.order);
        let order = named.or_else(|| links.document_order.get(document).copied().flatten())? as usize;
        let side = |order: &Order| documents.get(document).is_some_and(|one| one.side == order.side);
        if !orders.get(order).is_some_and(side) {
            return None;
        }
        let (from, to) = super::range(&links.order_lines, order);
        let candidates = || (from as u32..).zip(order_lines.get(from..to).unwrap_or_default());
        if !line.order_line.is_empty() {
            return candidates().find(|(_, one)| one.line == line.order_line).map(|(at, _)| at);
        }
        let mut same = candidates().filter(|(_, one)| !line.item.is_empty() && one.item == line.item);
        let only = same.next();
        only.filter(|_| same.next().is_none()).map(|(at, _)| at)
    };
    lines.iter().enumerate().map(ordered).collect()
}

/// Sorts receipts by the line of the order they are for, and says where those of each begin.
pub(super) fn place_receipts(
    receipts: &mut Vec<GoodsReceipt>,
    links: &Links,
    order_at: &[u32],
    order_lines: &[OrderLine],
    ranks: &Ranks,
) -> Vec<u32> {
    let line = |receipt: &GoodsReceipt| {
        let (from, to) = super::range(&links.order_lines, at(order_at, receipt.order)? as usize);
        let found = order_lines.get(from..to)?.iter().position(|one| one.line == receipt.order_line)?;
        Some((from + found) as u32)
    };
    let mut placed: Vec<(u32, GoodsReceipt)> =
        receipts.drain(..).map(|receipt| (line(&receipt).unwrap_or(NONE), receipt)).collect();
    placed.par_sort_unstable_by_key(|(line, receipt)| (*line, receipt.received, ranks.of(receipt.id)));
    *receipts = placed.iter().map(|(_, receipt)| *receipt).collect();
    starts(placed.iter().map(|(line, _)| Some(*line).filter(|line| *line != NONE)), order_lines.len())
}

/// The lines that bill each line of an order, in the order in which they became known, and where they begin.
pub(super) fn billed(links: &Links, documents: &[Document], order_lines: usize) -> (Vec<u32>, Vec<u32>) {
    let known = |line: u32| {
        let document = links.line_document.get(line as usize).copied().unwrap_or(NONE);
        (documents.get(document as usize).map(|one| one.stamp), document, line)
    };
    let ordered = (0..).zip(&links.line_ordered).filter_map(|(line, ordered)| Some(((*ordered)?, line)));
    let mut billed: Vec<(u32, u32)> = ordered.collect();
    billed.par_sort_unstable_by_key(|&(ordered, line)| (ordered, known(line)));
    let starts = starts(billed.iter().map(|(ordered, _)| Some(*ordered)), order_lines);
    (billed.into_iter().map(|(_, line)| line).collect(), starts)
}

/// Positions of what was applied of each payment, and where they begin.
pub(super) fn by_payment(applied: &[Applied], payments: usize) -> (Vec<u32>, Vec<u32>) {
    let mut of: Vec<(u32, u32)> = (0..)
        .zip(applied)
        .filter_map(|(at, one)| match one.from {
            From::Payment(payment) => Some((payment, at)),
            _ => None,
        })
        .collect();
    of.sort_unstable();
    let starts = starts(of.iter().map(|(payment, _)| Some(*payment)), payments);
    (of.into_iter().map(|(_, at)| at).collect(), starts)
}
