//! From pairs to findings: every bill that is a copy, once, with the twin that it most likely repeats.

use std::cmp::Reverse;

use hashbrown::HashMap;

use super::bill::Bill;
use super::book::Book;
use super::reason;
use super::split::Split;
use crate::base::money::Currency;

/// How a bill is there twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The numbers are equal but for punctuation, case and zeros.
    Exact,
    /// The number was retyped, read wrongly, lengthened or given anew.
    Fuzzy,
    /// From another supplier.
    Vendor,
    /// One of two parts of a bill, or a bill of which the parts are there.
    Split,
}

impl Kind {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Exact => "DUPLICATE_EXACT",
            Self::Fuzzy => "DUPLICATE_FUZZY",
            Self::Vendor => "DUPLICATE_VENDOR",
            Self::Split => "DUPLICATE_SPLIT",
        }
    }
}

/// A bill that is likely there twice. Bills are positions among those given.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The copy: what came later, or is written less as usual.
    pub bill: usize,
    /// What it repeats.
    pub twin: usize,
    /// The other bills that are linked to the two, in the order in which they came.
    pub others: Vec<usize>,
    /// How it repeats it.
    pub kind: Kind,
    /// Probability that it is paid twice if nobody looks.
    pub probability: f64,
    /// What would be paid twice, in minor units of the bill's currency.
    pub at_stake: i64,
    /// Why, with the values, strongest first.
    pub reasons: Vec<String>,
}

/// A copy and its twin by places in the book.
struct Link {
    copy: u32,
    twin: u32,
    kind: Kind,
    probability: f64,
    split: Option<Split>,
}

/// The findings of likely pairs and splits, ranked.
pub(super) fn findings(book: &Book, pairs: Vec<((u32, u32), f64)>, splits: &[Split]) -> Vec<Finding> {
    let mut links: Vec<Link> =
        pairs.into_iter().filter_map(|(pair, likely)| link(book, pair, likely)).collect();
    links.extend(splits.iter().flat_map(of_split));
    let clusters = clusters(&links);
    links.sort_by(|one, other| {
        let surest_first = other.probability.total_cmp(&one.probability);
        one.copy.cmp(&other.copy).then(surest_first).then(one.twin.cmp(&other.twin))
    });
    links.dedup_by_key(|link| link.copy);
    let medians = medians(book);
    let rank = |link: &Link| {
        let amount = book
            .bills
            .get(link.copy as usize)
            .map_or((0, 1), |bill| (bill.amount, medians.get(&bill.currency).copied().unwrap_or(1).max(1)));
        let percent = (link.probability * 100.0).round() as i64;
        // Amounts of different currencies are compared by their own medians, in thousandths.
        (Reverse(percent), Reverse(i128::from(amount.0) * 1_000 / i128::from(amount.1)), link.copy)
    };
    links.sort_by_cached_key(rank);
    links.iter().filter_map(|link| finding(book, link, &clusters)).collect()
}

/// The later bill is the copy; of one day's, that which is written less as its supplier usually does.
fn link(book: &Book, (earlier, later): (u32, u32), probability: f64) -> Option<Link> {
    let (one, other) = (book.at(earlier as usize)?, book.at(later as usize)?);
    let one_day = (one.0.posted, one.0.issued) == (other.0.posted, other.0.issued);
    let turned = one_day && book.shape_share(one.0, one.1) < book.shape_share(other.0, other.1);
    let (copy, twin) = if turned { (earlier, later) } else { (later, earlier) };
    let kind = if one.0.supplier != other.0.supplier {
        Kind::Vendor
    } else if one.1.print == other.1.print && one.1.print != 0 {
        Kind::Exact
    } else {
        Kind::Fuzzy
    };
    Some(Link { copy, twin, kind, probability, split: None })
}

/// Parts that came after the whole are copies of it; a whole that came after its parts is a copy of them.
fn of_split(split: &Split) -> Vec<Link> {
    let link = |copy, twin| Link {
        copy,
        twin,
        kind: Kind::Split,
        probability: split.probability(),
        split: Some(*split),
    };
    let [first, second] = split.parts;
    if first > split.whole {
        vec![link(first, split.whole), link(second, split.whole)]
    } else {
        vec![link(split.whole, first)]
    }
}

/// For each bill of a link, all that are linked to it over any number of others.
fn clusters(links: &[Link]) -> HashMap<u32, Vec<u32>> {
    let mut roots: HashMap<u32, u32> = HashMap::new();
    for link in links {
        let third = link.split.map_or(link.twin, |split| split.parts[1]);
        for (one, other) in [(link.copy, link.twin), (link.twin, third)] {
            let (one, other) = (root(&mut roots, one), root(&mut roots, other));
            roots.insert(one.max(other), one.min(other));
        }
    }
    let mut members: Vec<u32> = roots.keys().copied().collect();
    members.sort_unstable();
    let mut clusters: HashMap<u32, Vec<u32>> = HashMap::new();
    for member in members {
        let root = root(&mut roots, member);
        clusters.entry(root).or_default().push(member);
    }
    let each = clusters
        .into_values()
        .flat_map(|all| all.clone().into_iter().map(move |member| (member, all.clone())));
    each.collect()
}

/// The first of the bills that one is linked to, shortening the way to it.
fn root(roots: &mut HashMap<u32, u32>, at: u32) -> u32 {
    let mut root = at;
    while let Some(&next) = roots.get(&root).filter(|next| **next != root) {
        root = next;
    }
    let mut step = at;
    while step != root {
        step = roots.insert(step, root).unwrap_or(root);
    }
    roots.insert(root, root);
    root
}

/// Median amount in each currency.
fn medians(book: &Book) -> HashMap<Currency, i64> {
    let mut amounts: Vec<(Currency, i64)> =
        book.bills.iter().map(|bill| (bill.currency, bill.amount.saturating_abs())).collect();
    amounts.sort_unstable();
    let groups = amounts.chunk_by(|left, right| left.0 == right.0);
    groups.filter_map(|group| group.get(group.len() / 2)).copied().collect()
}

fn finding(book: &Book, link: &Link, clusters: &HashMap<u32, Vec<u32>>) -> Option<Finding> {
    let (copy, twin) = (book.at(link.copy as usize)?, book.at(link.twin as usize)?);
    let given = |at: u32| book.given.get(at as usize).copied();
    let all = clusters.get(&link.copy).map(Vec::as_slice).unwrap_or_default();
    let others = all.iter().filter(|at| **at != link.copy && **at != link.twin).filter_map(|at| given(*at));
    let reasons = match &link.split {
        Some(split) => reason::of_split(book, split),
        None => reason::of_pair(book, copy, twin),
    };
    Some(Finding {
        bill: given(link.copy)?,
        twin: given(link.twin)?,
        others: others.collect(),
        kind: link.kind,
        probability: link.probability,
        at_stake: at_stake(copy.0, twin.0, link.kind),
        reasons,
    })
}

/// A part or a wrong amount is paid beyond what is owed as far as the twin's amount goes.
fn at_stake(copy: &Bill, twin: &Bill, kind: Kind) -> i64 {
    if kind == Kind::Split || copy.currency != twin.currency {
        copy.amount
    } else {
        copy.amount.min(twin.amount)
    }
}
