//! Matches of payments and invoices as tables, and their count for a screen.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::base::day::Day;
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::exception::cash::books::Books;
use crate::exception::cash::{Applied, Cause, Hold, Item, Proposal, Receipt, Standing, Why};

/// One row per set of payments and invoices that belong together.
pub fn matches(books: &Books, applied: &Applied) -> Sheet {
    let all = &applied.proposals;
    let text = |of: &dyn Fn(&Proposal) -> String| Cells::Text(all.iter().map(of).collect());
    let money = |of: &dyn Fn(&Proposal) -> Option<i64>| {
        Cells::Money(all.iter().map(|one| Some((of(one)?, currency(books, one)?))).collect())
    };
    Sheet::new("matches")
        .with("match", Cells::Count((1..=all.len() as i64).collect()))
        .with("standing", Cells::Word(all.iter().map(|one| standing(one.standing)).collect()))
        .with("confidence", Cells::Number(all.iter().map(|one| one.confidence).collect()))
        .with("payments", text(&|one| list(receipts(books, one).map(|receipt| receipt.id.as_str()))))
        .with("invoices", text(&|one| list(items(books, one).map(|item| item.id.as_str()))))
        .with("customer", text(&|one| first(items(books, one).map(|item| item.customer.as_str()))))
        .with("paid", money(&|one| Some(receipts(books, one).filter_map(|receipt| receipt.amount).sum())))
        .with("asked", money(&|one| Some(items(books, one).map(|item| item.amount).sum())))
        .with("short", money(&|one| one.difference.short))
        .with(
            "currency",
            text(&|one| currency(books, one).map_or_else(String::new, |of| of.code().to_owned())),
        )
        .with("difference", Cells::Word(all.iter().map(|one| cause(one.difference.cause)).collect()))
        .with("reasons", text(&|one| one.reasons.join("; ")))
}

/// One row per payment that is in no match, with the reason.
pub fn unmatched(books: &Books, applied: &Applied) -> Sheet {
    let rows: Vec<(&Receipt, Why)> = applied
        .leftovers
        .iter()
        .filter_map(|left| Some((books.receipts.get(left.receipt as usize)?, left.why)))
        .collect();
    let text = |of: &dyn Fn(&Receipt) -> String| Cells::Text(rows.iter().map(|(one, _)| of(one)).collect());
    let twin = |of: &dyn Fn(u32, u32) -> Option<String>| {
        let cell = |why: &Why| match why {
            Why::Duplicate { of: other, item } => of(*other, *item).unwrap_or_default(),
            _ => String::new(),
        };
        Cells::Text(rows.iter().map(|(_, why)| cell(why)).collect())
    };
    Sheet::new("unmatched")
        .with("payment", text(&|one| one.id.clone()))
        .with("why", Cells::Word(rows.iter().map(|(_, why)| why_word(*why)).collect()))
        .with("twin", twin(&|other, _| books.receipts.get(other as usize).map(|one| one.id.clone())))
        .with("invoice", twin(&|_, item| books.items.get(item as usize).map(|one| one.id.clone())))
        .with("customer", text(&|one| one.customer.clone().unwrap_or_default()))
        .with("payer", text(&|one| one.payer.clone()))
        .with("day", Cells::Day(rows.iter().map(|(one, _)| Some(one.day)).collect()))
        .with("amount", Cells::Money(rows.iter().map(|(one, _)| Some((one.amount?, one.currency))).collect()))
        .with("currency", text(&|one| one.currency.code().to_owned()))
        .with("reference", text(&|one| one.memo.clone()))
}

fn receipts<'a>(books: &'a Books, one: &'a Proposal) -> impl Iterator<Item = &'a Receipt> {
    one.set.receipts.iter().filter_map(|at| books.receipts.get(*at as usize))
}

fn items<'a>(books: &'a Books, one: &'a Proposal) -> impl Iterator<Item = &'a Item> {
    one.set.items.iter().filter_map(|at| books.items.get(*at as usize))
}

fn currency(books: &Books, one: &Proposal) -> Option<Currency> {
    items(books, one).next().map(|item| item.currency)
}

fn list<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    ids.collect::<Vec<_>>().join("; ")
}

fn first<'a>(mut texts: impl Iterator<Item = &'a str>) -> String {
    texts.next().unwrap_or_default().to_owned()
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Automatic => "automatic",
        Standing::Proposed => "proposed",
        Standing::Partial => "partial",
    }
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::None => "",
        Cause::Unknown => "unknown",
        Cause::Small => "small",
        Cause::AllowedDiscount => "allowed_discount",
        Cause::UnearnedDiscount => "unearned_discount",
        Cause::Deduction => "deduction",
        Cause::PartPayment => "part_payment",
        Cause::OverPay => "over_pay",
    }
}

fn why_word(why: Why) -> &'static str {
    match why {
        Why::Held(Hold::Returned) => "returned",
        Why::Held(Hold::PostDated(_)) => "post_dated_cheque",
        Why::Held(Hold::Stale(_)) => "stale_cheque",
        Why::Held(Hold::OtherEntity) => "other_entity",
        Why::Duplicate { .. } => "duplicate_payment",
        Why::Unapplied => "nothing_fits",
        Why::Unidentified => "unidentified",
    }
}

/// What matching came to.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Nothing known after this day was used.
    pub as_of: Day,
    /// Sets of the past that were learned from.
    pub learned_from: usize,
    /// Confidence from which a match is automatic.
    pub automatic_from: f64,
    /// Open invoices.
    pub invoices: usize,
    /// Payments on nothing, wholly or in part.
    pub payments: usize,
    /// Matches and payments left, by what they are, in a fixed order.
    pub found: Vec<Found>,
}

/// Matches or payments of one kind.
#[derive(Debug, Serialize)]
pub struct Found {
    /// What they are: a standing, or why they are left.
    pub what: &'static str,
    /// How many matches, or payments left.
    pub count: usize,
    /// What was paid, by currency, as exact text.
    pub paid: BTreeMap<String, String>,
}

/// Kinds in the order in which they are shown.
const KINDS: [&str; 10] = [
    "automatic",
    "proposed",
    "partial",
    "duplicate_payment",
    "nothing_fits",
    "unidentified",
    "returned",
    "post_dated_cheque",
    "stale_cheque",
    "other_entity",
];

impl Summary {
    /// Counts what came of matching.
    pub fn new(
        as_of: Day,
        learned_from: usize,
        automatic_from: f64,
        books: &Books,
        applied: &Applied,
    ) -> Self {
        let mut sums: BTreeMap<&str, (usize, BTreeMap<Currency, i128>)> = BTreeMap::new();
        let mut add = |what: &'static str, paid: &mut dyn Iterator<Item = &Receipt>| {
            let (count, sums) = sums.entry(what).or_default();
            *count += 1;
            for receipt in paid {
                *sums.entry(receipt.currency).or_default() += i128::from(receipt.amount.unwrap_or_default());
            }
        };
        for one in &applied.proposals {
            add(standing(one.standing), &mut receipts(books, one));
        }
        for left in &applied.leftovers {
            add(why_word(left.why), &mut books.receipts.get(left.receipt as usize).into_iter());
        }
        let found = KINDS.iter().filter_map(|what| {
            let (count, paid) = sums.remove(what)?;
            let text = |(of, sum): (Currency, i128)| (of.code().to_owned(), of.format_total(sum));
            Some(Found { what, count, paid: paid.into_iter().map(text).collect() })
        });
        Self {
            as_of,
            learned_from,
            automatic_from,
            invoices: books.items.iter().filter(|item| item.amount >= 0).count(),
            payments: books.receipts.len(),
            found: found.collect(),
        }
    }

    /// As a table for a screen.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{} payments on nothing and {} open invoices as of {}; learned from {} allocations, automatic from {:.4}\n",
            self.payments, self.invoices, self.as_of, self.learned_from, self.automatic_from
        );
        for Found { what, count, paid } in &self.found {
            let sums: Vec<String> = paid.iter().map(|(currency, sum)| format!("{sum} {currency}")).collect();
            let _ = writeln!(text, "  {what:<18} {count:>7}  {}", sums.join(", "));
        }
        text
    }
}
