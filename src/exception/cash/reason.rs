//! Why a set, in sentences with the figures behind them.

use super::Set;
use super::desk::{Desk, Rest};
use super::difference::{Cause, Difference};
use super::set_row::members;
use super::sets::Pairs;

/// Items that are spelled out; of more the count is given.
const NAMED_MAX: usize = 3;

/// The reasons of a set: what is written, what is paid, who paid and when.
pub(super) fn of(desk: &Desk, rest: &Rest, pairs: &Pairs, set: &Set, difference: Difference) -> Vec<String> {
    let mut reasons = vec![written(desk, pairs, set), paid(desk, set, difference)];
    reasons.extend(credited(desk, set));
    reasons.extend(payer(desk, rest, set));
    reasons.push(waited(desk, set));
    reasons
}

fn written(desk: &Desk, pairs: &Pairs, set: &Set) -> String {
    let found: Vec<_> = members(desk, pairs, set).flatten().collect();
    let exact = found.iter().filter(|pair| pair.found.exact).count();
    let alike = found.iter().filter(|pair| !pair.found.exact && pair.found.likeness >= 0.6).count();
    let ids: Vec<&str> =
        desk.claims(set).take(NAMED_MAX).map(|item| desk.items[item as usize].id.as_str()).collect();
    let more = desk.claims(set).count().saturating_sub(NAMED_MAX);
    let ids = if more > 0 { format!("{} and {more} more", ids.join(", ")) } else { ids.join(", ") };
    match (exact, alike) {
        (0, 0) => format!("no reference names {ids}"),
        (exact, 0) => format!("{exact} of {} references name {ids} exactly", found.len()),
        (0, alike) => format!("{alike} of {} references nearly name {ids}", found.len()),
        (exact, alike) => format!("{exact} references name {ids} exactly, {alike} nearly"),
    }
}

fn paid(desk: &Desk, set: &Set, difference: Difference) -> String {
    let Some(currency) = set.items.first().map(|&item| desk.items[item as usize].currency) else {
        return String::new();
    };
    let show = |minor: i64| currency.display(i128::from(minor));
    let asked = show(desk.asked(set));
    let short = show(difference.short.unwrap_or(0).saturating_abs());
    match difference.cause {
        Cause::None => format!("what was paid equals the {asked} asked for"),
        Cause::Unknown => format!("what was paid of {asked} is not known"),
        Cause::Small => format!("what was paid differs from {asked} by only {short}"),
        Cause::AllowedDiscount => format!("{short} less than {asked} is the discount, taken in time"),
        Cause::UnearnedDiscount => format!("{short} less than {asked} is the discount, taken too late"),
        Cause::Deduction => format!("{short} of {asked} was kept back"),
        Cause::PartPayment => format!("{short} of {asked} is still missing"),
        Cause::OverPay => format!("{short} more than {asked} was paid"),
    }
}

fn credited(desk: &Desk, set: &Set) -> Option<String> {
    let items = || set.items.iter().map(|&item| desk.items[item as usize]);
    let credits = items().filter(|item| item.amount < 0);
    let ids: Vec<&str> = credits.clone().map(|credit| credit.id.as_str()).collect();
    let sum: i128 = credits.map(|credit| i128::from(credit.amount)).sum();
    let currency = items().next()?.currency;
    (!ids.is_empty()).then(|| format!("{} of {} is set off", currency.display(-sum), ids.join(", ")))
}

pub(super) fn payer(desk: &Desk, rest: &Rest, set: &Set) -> Option<String> {
    let (&receipt, &item) = (set.receipts.first()?, set.items.first()?);
    let at = receipt as usize;
    let customer = desk.directory.of_item[item as usize];
    if desk.directory.stated[at] == Some(customer) {
        return Some("the receipt states the customer".to_owned());
    }
    let alike = desk.directory.alike(at).iter().find(|(other, _)| *other == customer);
    let name = &desk.items[item as usize].name;
    let payer = &desk.receipts[at].payer;
    if let Some((_, likeness)) = alike {
        return Some(format!("payer `{payer}` is {:.0} % like `{name}`", likeness * 100.0));
    }
    let share = desk.directory.share(&rest.votes, at, customer).filter(|share| *share > 0.0)?;
    Some(format!("payer `{payer}` was seen to pay for `{name}` ({:.0} % of times)", share * 100.0))
}

fn waited(desk: &Desk, set: &Set) -> String {
    let paid = set.receipts.iter().map(|&receipt| desk.receipts[receipt as usize].day).max();
    let due = set.items.iter().map(|&item| desk.items[item as usize].due).min();
    match paid.zip(due) {
        Some((paid, due)) if paid > due => {
            format!("paid {} days after the first due day", paid.0.abs_diff(due.0))
        }
        Some((paid, due)) => format!("paid {} days before the first due day", due.0.abs_diff(paid.0)),
        None => String::new(),
    }
}
