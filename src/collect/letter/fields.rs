//! A request as the fields that templates print: amounts and days in the letter's language. docs/LETTERS.md lists them all.

use std::borrow::Cow;

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::brand::Brand;
use super::language::Language;
use super::pay::{self, Account, Way};
use super::request::{Charges, Item, Part, Request, Segment, THANK_YOU};
use super::totals::Totals;
use crate::collect::discount::Offer;

#[derive(Serialize)]
struct Fields<'a> {
    language: &'a str,
    words: &'a Value,
    brand: &'a Value,
    asks: bool,
    as_of: String,
    as_of_short: String,
    salutation: String,
    customer: Party<'a>,
    contact: Person<'a>,
    items: Vec<Line<'a>>,
    count: usize,
    count_overdue: usize,
    first_due: Option<String>,
    oldest_days: i32,
    total_open: String,
    total_overdue: String,
    unapplied: Option<String>,
    claim: Option<Claim<'a>>,
    to_pay: String,
    currency: &'a str,
    reply_by: String,
    reply_by_short: String,
    next: Option<&'static str>,
    next_from: Option<String>,
    promise: Option<Promised>,
    plan: Vec<Instalment>,
    plan_total: String,
    held: Vec<Kept<'a>>,
    bank: Option<Account<'a>>,
    ways: Vec<Way<'a>>,
    reference: &'a str,
}

#[derive(Serialize)]
struct Party<'a> {
    id: Cow<'a, str>,
    name: &'a str,
    country: Cow<'a, str>,
    phone: Option<Cow<'a, str>>,
    consumer: bool,
}

#[derive(Serialize)]
struct Person<'a> {
    name: Cow<'a, str>,
    phone: Option<Cow<'a, str>>,
    email: Cow<'a, str>,
}

#[derive(Serialize)]
struct Line<'a> {
    number: Cow<'a, str>,
    issued: String,
    issued_short: String,
    due: String,
    due_short: String,
    days_overdue: i32,
    amount: String,
    open: String,
    discount: Option<Discount>,
    link: Option<String>,
}

#[derive(Serialize)]
struct Discount {
    until: String,
    until_short: String,
    off: String,
    pay: String,
    a_year: Option<String>,
}

#[derive(Serialize)]
struct Claim<'a> {
    interest: Option<String>,
    compensation: Option<String>,
    fees: Option<String>,
    total: String,
    segments: Vec<Stretch<'a>>,
}

#[derive(Serialize)]
struct Stretch<'a> {
    number: Cow<'a, str>,
    from_short: String,
    to_short: String,
    days: i32,
    balance: String,
    rate: String,
    interest: String,
}

#[derive(Serialize)]
struct Promised {
    by: String,
    amount: Option<String>,
}

#[derive(Serialize)]
struct Instalment {
    number: usize,
    due: String,
    due_short: String,
    amount: String,
}

#[derive(Serialize)]
struct Kept<'a> {
    number: Cow<'a, str>,
    open: String,
    reason: Cow<'a, str>,
}

/// What all letters of a brand share.
pub fn brand(brand: &Brand) -> Value {
    #[derive(Serialize)]
    struct Shared<'a> {
        company: &'a str,
        address: &'a [String],
        register: Option<&'a str>,
        signature: &'a [String],
        accent: &'a str,
        ink: &'a str,
        logo: Option<Value>,
    }
    let texts = &brand.texts;
    Value::from(Serde(&Shared {
        company: &texts.company.name,
        address: &texts.company.address,
        register: filled(&texts.company.register),
        signature: &texts.sender.signature,
        accent: &texts.look.accent,
        ink: &texts.look.ink,
        // Base64 holds no sign that HTML would want escaped.
        logo: brand.logo.as_ref().map(|logo| Value::from_safe_string(logo.uri.clone())),
    }))
}

/// What does not change from letter to letter.
pub struct Shared<'a> {
    /// The brand.
    pub brand: &'a Brand,
    /// It as templates see it.
    pub fields: &'a Value,
    /// The language.
    pub language: &'a Language,
    /// Its words as templates see them.
    pub words: &'a Value,
}

/// The fields of a letter.
pub fn of_request(request: &Request, totals: Totals, shared: &Shared) -> Value {
    let language = shared.language;
    let money = |minor: i128| language.amount(minor, request.currency);
    let some = |minor: i64| (minor != 0).then(|| money(i128::from(minor)));
    let name = clean(&request.customer.name);
    let id = clean(&request.customer.id);
    let mut items: Vec<&Item> = request.items.iter().collect();
    items.sort_by(|one, other| (one.due, &one.number, one.open).cmp(&(other.due, &other.number, other.open)));
    let numbers = pay::numbers(&items);
    let reference = format!("{id} {numbers}");
    let late = |item: &Item| late(request, item);
    let held = request.held.iter().map(|held| Kept {
        number: clean(&held.number),
        open: money(i128::from(held.open)),
        reason: clean(&held.reason),
    });
    let planned: i128 = request.plan.iter().map(|part| i128::from(part.amount)).sum();
    let charges = request.charges.as_ref();
    Value::from(Serde(&Fields {
        language: &language.code,
        words: shared.words,
        brand: shared.fields,
        asks: request.template != THANK_YOU,
        as_of: language.day(request.as_of),
        as_of_short: language.day_short(request.as_of),
        salutation: language.salutation(request.customer, &name),
        customer: Party {
            id: clean(&id),
            name: &name,
            country: clean(&request.customer.country),
            phone: known(&request.customer.phone),
            consumer: request.customer.consumer,
        },
        contact: contact(request, shared.brand),
        items: lines(&items, request, shared),
        count: items.len(),
        count_overdue: items.iter().filter(|item| late(item) > 0).count(),
        first_due: items.first().map(|item| language.day(item.due)),
        oldest_days: items.iter().map(|item| late(item)).max().unwrap_or(0),
        total_open: money(totals.open),
        total_overdue: money(totals.overdue),
        unapplied: some(request.unapplied),
        claim: charges.map(|charges| Claim {
            interest: some(charges.interest),
            compensation: some(charges.compensation),
            fees: some(charges.fees),
            total: money(totals.to_pay - totals.open + i128::from(request.unapplied)),
            segments: stretches(charges, request, language),
        }),
        to_pay: money(totals.to_pay),
        currency: request.currency.code(),
        reply_by: language.day(request.reply_by),
        reply_by_short: language.day_short(request.reply_by),
        next: request.next.map(|next| next.what.name()),
        next_from: request.next.map(|next| language.day(next.from)),
        promise: request.promise.map(|promise| Promised {
            by: language.day(promise.by),
            amount: promise.amount.map(|amount| money(i128::from(amount))),
        }),
        plan: plan(request, language),
        plan_total: money(planned),
        held: held.collect(),
        bank: pay::account(shared.brand),
        ways: pay::ways(shared, &id, &numbers),
        reference: reference.trim(),
    }))
}

fn late(request: &Request, item: &Item) -> i32 {
    (request.as_of.0 - item.due.0).max(0)
}

fn lines<'a>(items: &[&'a Item], request: &Request, shared: &Shared) -> Vec<Line<'a>> {
    let language = shared.language;
    let money = |minor: i64| language.amount(i128::from(minor), request.currency);
    let mut lines = Vec::with_capacity(items.len());
    for item in items {
        lines.push(Line {
            number: clean(&item.number),
            issued: language.day(item.issued),
            issued_short: language.day_short(item.issued),
            due: language.day(item.due),
            due_short: language.day_short(item.due),
            days_overdue: late(request, item),
            amount: money(item.amount),
            open: money(item.open),
            discount: item.discount.map(|offer| discount(&offer, request, language)),
            link: pay::link(request, item, shared.brand),
        });
    }
    lines
}

fn discount(offer: &Offer, request: &Request, language: &Language) -> Discount {
    let money = |minor: i64| language.amount(i128::from(minor), request.currency);
    // Hundredths of a percent.
    let percent =
        |rate: i64| format!("{}\u{a0}%", language.number(&format!("{}.{:02}", rate / 100, rate % 100)));
    Discount {
        until: language.day(offer.until),
        until_short: language.day_short(offer.until),
        off: money(offer.off),
        pay: money(offer.pay),
        a_year: offer.a_year.map(percent),
    }
}

fn stretches<'a>(charges: &'a Charges, request: &Request, language: &Language) -> Vec<Stretch<'a>> {
    let stretch = |segment: &'a Segment| Stretch {
        number: clean(&segment.number),
        from_short: language.day_short(segment.from),
        to_short: language.day_short(segment.to),
        days: segment.days,
        balance: language.amount(i128::from(segment.balance), request.currency),
        rate: format!("{}\u{a0}%", language.number(&segment.rate)),
        interest: language.number(&segment.interest),
    };
    charges.segments.iter().map(stretch).collect()
}

fn plan(request: &Request, language: &Language) -> Vec<Instalment> {
    let mut parts = request.plan.clone();
    parts.sort_by_key(|part| (part.due, part.amount));
    let instalment = |(at, part): (usize, &Part)| Instalment {
        number: at + 1,
        due: language.day(part.due),
        due_short: language.day_short(part.due),
        amount: language.amount(i128::from(part.amount), request.currency),
    };
    parts.iter().enumerate().map(instalment).collect()
}

fn contact<'a>(request: &'a Request, brand: &'a Brand) -> Person<'a> {
    let sender = &brand.texts.sender;
    let contact = request.contact.as_ref();
    let or = |own: Option<&'a String>, ours: &'a str| own.and_then(|text| filled(text)).unwrap_or(ours);
    Person {
        name: clean(or(contact.map(|contact| &contact.name), &sender.name)),
        phone: known(or(contact.map(|contact| &contact.phone), &sender.phone)),
        email: clean(&sender.email),
    }
}

/// The text, if there is any.
pub fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.trim().is_empty())
}

fn known(text: &str) -> Option<Cow<'_, str>> {
    filled(text).map(clean)
}

/// A ledger's text on one line: line ends and other control characters become spaces, so that they cannot make paragraphs.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect())
    } else {
        Cow::Borrowed(text)
    }
}
