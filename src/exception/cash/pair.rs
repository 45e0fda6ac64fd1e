//! What speaks for one receipt and one item belonging together. What is not known is a gap (NaN), never a guess.

use super::desk::{self, Desk, Rest, rounding};
use super::text::{Found, find};

/// Number of features of a pair.
pub(super) const FEATURES: usize = 20;

/// A receipt's item with what speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    pub item: u32,
    /// How the item's best reference is found in the memo.
    pub found: Found,
    pub row: [f64; FEATURES],
}

/// What of a pair its rivals are compared by.
struct Sight {
    item: u32,
    best: Found,
    second: f32,
    /// What was paid less than asked, if the amount is known.
    short: Option<i64>,
    name: f32,
}

/// Compares a receipt with items, and each item with the others.
pub(super) fn compare(desk: &Desk, rest: &Rest, receipt: usize, items: &[u32]) -> Vec<Compared> {
    let sights: Vec<Sight> = items.iter().map(|&item| Sight::new(desk, receipt, item)).collect();
    let tops = Tops::new(&sights);
    let row = |sight: &Sight| Compared {
        item: sight.item,
        found: sight.best,
        row: row(desk, rest, receipt, sight, &tops, sights.len()),
    };
    sights.iter().map(row).collect()
}

impl Sight {
    fn new(desk: &Desk, receipt: usize, item: u32) -> Self {
        let at = item as usize;
        let (mut best, mut second) = (Found::default(), 0.0);
        for reference in desk.references.of(at) {
            let found = own(find(reference, &desk.memos[receipt]), &desk.spoken_for[receipt]);
            if (found.exact, found.likeness, found.run) > (best.exact, best.likeness, best.run) {
                second = best.likeness;
                best = found;
            } else if found.likeness > second {
                second = found.likeness;
            }
        }
        let customer = desk.directory.of_item[at];
        let alike = desk.directory.alike(receipt).iter().find(|(other, _)| *other == customer);
        Self {
            item,
            best,
            second,
            short: desk.receipts[receipt].amount.map(|paid| desk.items[at].amount.saturating_sub(paid)),
            name: alike.map_or(0.0, |(_, likeness)| *likeness),
        }
    }
}

/// What was found of a reference; nothing where it is nearly found in what is another item's whole reference.
fn own(found: Found, spoken_for: &[(u16, u16)]) -> Found {
    let overlaps = |&(from, to): &(u16, u16)| from < found.span.1 && found.span.0 < to;
    if !found.exact && spoken_for.iter().any(overlaps) {
        return Found { length: found.length, ..Found::default() };
    }
    found
}

/// The best and the next best of all candidates of a receipt.
struct Tops {
    likeness: [f32; 2],
    name: [f32; 2],
    /// Ascending: edits aside, what the amounts differ by.
    shorts: Vec<i64>,
    likenesses: Vec<f32>,
}

impl Tops {
    fn new(sights: &[Sight]) -> Self {
        let top = |of: fn(&Sight) -> f32| {
            sights.iter().map(of).fold([0.0; 2], |[best, next], value| {
                if value > best { [value, best] } else { [best, next.max(value)] }
            })
        };
        let mut shorts: Vec<i64> =
            sights.iter().filter_map(|sight| sight.short).map(i64::saturating_abs).collect();
        shorts.sort_unstable();
        let mut likenesses: Vec<f32> = sights.iter().map(|sight| sight.best.likeness).collect();
        likenesses.sort_by(f32::total_cmp);
        Self { likeness: top(|sight| sight.best.likeness), name: top(|sight| sight.name), shorts, likenesses }
    }
}

/// How far a value is above the best of the others: negative if another is better.
fn lead(value: f32, [best, next]: [f32; 2]) -> f64 {
    f64::from(value - if value >= best { next } else { best })
}

fn row(
    desk: &Desk,
    rest: &Rest,
    receipt: usize,
    sight: &Sight,
    tops: &Tops,
    candidates: usize,
) -> [f64; FEATURES] {
    let mut row = [f64::NAN; FEATURES];
    let (paid, item) = (desk.receipts[receipt], desk.items[sight.item as usize]);
    let numbers = desk.memos[receipt].numbers();
    if numbers > 0 {
        row[0] = f64::from(u8::from(sight.best.exact));
        row[1] = f64::from(sight.best.likeness);
        row[2] = f64::from(sight.second);
        row[3] = f64::from(sight.best.run);
        row[4] = f64::from(sight.best.run) / f64::from(sight.best.length.max(1));
        row[5] = lead(sight.best.likeness, tops.likeness);
        let below = tops.likenesses.partition_point(|&other| other < sight.best.likeness);
        row[6] = (tops.likenesses.len() - below) as f64;
        row[7] = numbers as f64;
    }
    if let (Some(amount), Some(short)) = (paid.amount, sight.short) {
        let off = short.saturating_abs();
        row[8] = short as f64 / (item.amount.saturating_abs().max(1)) as f64;
        row[9] = off as f64 / rounding(item.amount) as f64;
        row[10] = tops.shorts.partition_point(|&other| other < off) as f64;
        row[11] = tops.shorts.partition_point(|&other| other <= rounding(amount)) as f64;
        let discount = item.discount.filter(|discount| discount.amount > 0);
        row[12] = discount
            .map_or(f64::NAN, |discount| desk::off(short, discount.amount) as f64 / rounding(amount) as f64);
    }
    let customer = desk.directory.of_item[sight.item as usize];
    if let Some(stated) = desk.directory.stated[receipt] {
        row[13] = f64::from(u8::from(stated == customer));
    }
    if desk.directory.payer[receipt].is_some() {
        row[14] = f64::from(sight.name);
        row[15] = lead(sight.name, tops.name);
    }
    if let Some(share) = desk.directory.share(&rest.votes, receipt, customer) {
        row[16] = f64::from(share);
    }
    row[17] = f64::from(paid.day.0) - f64::from(item.issued.0);
    row[18] = f64::from(paid.day.0) - f64::from(item.due.0);
    row[19] = candidates as f64;
    row
}
