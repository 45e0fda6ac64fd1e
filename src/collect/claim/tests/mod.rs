//! Claims by hand: sums chosen so that a day's interest is a round figure, or published by who makes the rule.

mod costs;
mod law;
mod payments;
mod properties;

use super::*;
use crate::statute::interest::Debtor;
use crate::statute::reference::ReferenceRates;

const EUR: Currency = Currency::new(*b"EUR", 2);
const GBP: Currency = Currency::new(*b"GBP", 2);

fn day(text: &str) -> Day {
    Day::from_iso(text).unwrap()
}

fn percent(text: &str) -> Percent {
    Percent::parse(text).unwrap()
}

/// Rates made up, as `series from to value`; nothing that is shipped.
fn rates(rows: &[&str]) -> ReferenceRates {
    let row = |row: &&str| format!("{},made up\n", row.replace(' ', ","));
    let rows: String = rows.iter().map(row).collect();
    ReferenceRates::of(&[&format!("series,valid_from,valid_to,value,source\n{rows}")]).unwrap()
}

fn basis<'a>(jurisdiction: &'a str, rates: &'a ReferenceRates) -> Basis<'a> {
    Basis { jurisdiction: Some(jurisdiction), debtor: Debtor::Business, agreed: None, rates }
}

/// A basis of an agreed rate alone.
fn agreed<'a>(rate: &str, rates: &'a ReferenceRates) -> Basis<'a> {
    Basis { jurisdiction: None, debtor: Debtor::Business, agreed: Some(percent(rate)), rates }
}

/// An unpaid invoice of thirty days.
fn debt(principal: i64, currency: Currency, due: &str) -> Debt {
    Debt {
        invoice: "INV-1".into(),
        customer: "C-1".into(),
        issued: day(due).plus(-30),
        due: day(due),
        principal,
        currency,
        payments: Vec::new(),
        charges: Vec::new(),
    }
}

/// With payments of minor units.
fn paid(mut debt: Debt, payments: &[(&str, i64)]) -> Debt {
    debt.payments = payments.iter().map(|(on, amount)| Payment { day: day(on), amount: *amount }).collect();
    debt
}

fn claim(debt: &Debt, basis: &Basis, as_of: &str) -> Claim {
    Claim::new(debt, basis, AsOf(day(as_of))).unwrap()
}

/// First day, last day, days, balance, rate of each segment.
fn segments(claim: &Claim) -> Vec<(String, String, i32, i64, String)> {
    let row = |one: &Segment| {
        (one.from.to_string(), one.to.to_string(), one.days(), one.balance, one.rate.to_string())
    };
    claim.segments.iter().map(row).collect()
}

fn row(from: &str, to: &str, days: i32, balance: i64, rate: &str) -> (String, String, i32, i64, String) {
    (from.to_owned(), to.to_owned(), days, balance, rate.to_owned())
}
