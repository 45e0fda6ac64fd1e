//! How invoices are paid: whole, in parts, in one sum for many, by credit note, and wrongly. Only what is
//! known on the day of the export is made; the exceptions planted on the way are noted.

use crate::base::day::Day;

use super::calendar::{next_business_day, on_or_after, on_or_before};
use super::draw::{between, chance, unit, weighted};
use super::planted::PaymentFault;
use super::receivable::{Account, Desk, Invoice, Kind, Standing, tax_within};
use super::world::Discount;

/// Share of discounts taken within their time, and of those taken after it.
const DISCOUNT_TAKEN_SHARE: f64 = 0.8;
const DISCOUNT_UNEARNED_SHARE: f64 = 0.06;
/// Payments on account: no invoice is meant yet. And payments that belong to somebody else.
const ON_ACCOUNT_SHARE: f64 = 0.007;
const STRAY_SHARE: f64 = 0.001;
const POSTED_NEXT_DAY_SHARE: f64 = 0.3;
const PAID_BY_PARENT_SHARE: f64 = 0.1;
/// Days before the export in which cash may still lie unapplied.
const UNAPPLIED_DAYS: i32 = 45;

/// A way of paying one invoice.
#[derive(Debug, Clone, Copy)]
enum Way {
    Whole,
    InParts,
    Bounced,
    Returned,
    LooseCredit,
    Short,
    Over,
    Twice,
    ByAnother,
    Unapplied,
    Unidentified,
}

/// Ways of paying per thousand. Old cash has been applied long ago.
static WAYS: [(u32, Way); 9] = [
    (920, Way::Whole),
    (4, Way::Bounced),
    (40, Way::InParts),
    (19, Way::Returned),
    (3, Way::LooseCredit),
    (4, Way::Short),
    (4, Way::Over),
    (3, Way::Twice),
    (3, Way::ByAnother),
];
static WAYS_RECENT: [(u32, Way); 11] = [
    (874, Way::Whole),
    (4, Way::Bounced),
    (40, Way::InParts),
    (19, Way::Returned),
    (3, Way::LooseCredit),
    (4, Way::Short),
    (4, Way::Over),
    (3, Way::Twice),
    (3, Way::ByAnother),
    (34, Way::Unapplied),
    (12, Way::Unidentified),
];

/// A receipt of money. Its number is given when all payments are known.
#[derive(Debug, Clone)]
pub(super) struct Payment {
    pub(super) day: Day,
    pub(super) posted: Day,
    /// Day the bank took it back.
    pub(super) returned: Option<Day>,
    pub(super) amount: i64,
    /// Index of the customer it is booked to.
    pub(super) customer: Option<u32>,
    /// Index of the customer that the bank names.
    pub(super) payer: u32,
    /// Invoices of the account that the memo names.
    pub(super) about: Vec<u32>,
    pub(super) memo: Memo,
}

/// How well the memo names the invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Memo {
    Clear,
    /// Numbers without prefix and zeros.
    Digits,
    /// A letter O for every zero, blanks for hyphens.
    Mangled,
    /// Cut in the middle of a number.
    Cut,
    None,
}

static MEMOS: [(u32, Memo); 5] =
    [(72, Memo::Clear), (12, Memo::Digits), (5, Memo::Mangled), (4, Memo::Cut), (7, Memo::None)];

/// Where an allocation comes from: a payment or a credit note of the account.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    Payment(u32),
    CreditNote(u32),
}

/// Money put to an invoice of the account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allocation {
    pub(super) source: Source,
    pub(super) invoice: u32,
    pub(super) amount: i64,
    pub(super) day: Day,
}

/// A document of the account, as the truth table names it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Document {
    Invoice(u32),
    Payment(u32),
}

/// A planted exception of the account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planted {
    pub(super) document: Document,
    pub(super) fault: PaymentFault,
    pub(super) twin: Option<Document>,
}

/// Money for one invoice on one day, not yet in a payment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    invoice: u32,
    amount: i64,
    day: Day,
}

/// Pays the account's latest invoice: adds its parts, and at most one credit note if there is `room`.
pub(super) fn pay(desk: &mut Desk, room: bool, parts: &mut Vec<Part>) {
    let Some(at) = desk.account.invoices.len().checked_sub(1) else { return };
    let Some(invoice) = desk.account.invoices.get(at).cloned() else { return };
    let Some(day) = invoice.pays else { return };
    let at = at as u32;
    let whole = Part { invoice: at, amount: invoice.amount, day };
    if let Some(discount) = invoice.terms.discount
        && pay_with_discount(desk, &invoice, whole, discount, room, parts)
    {
        return;
    }
    let recent = day > desk.span.last.plus(-UNAPPLIED_DAYS);
    let way = if recent { weighted(&mut desk.rng, &WAYS_RECENT) } else { weighted(&mut desk.rng, &WAYS) };
    match way {
        Way::Whole => {
            pay_on_account(desk, day);
            parts.push(whole);
        }
        Way::InParts => pay_in_parts(desk, &invoice, whole, parts),
        Way::Bounced => pay_without_funds(desk, whole, parts),
        Way::Returned if room => pay_after_return(desk, &invoice, whole, parts),
        Way::LooseCredit if room => {
            leave_credit(desk, &invoice);
            parts.push(whole);
        }
        Way::Returned | Way::LooseCredit => parts.push(whole),
        Way::Short => pay_short(desk, whole),
        Way::Over => pay_over(desk, whole),
        Way::Twice => pay_twice(desk, whole),
        Way::ByAnother => pay_by_another(desk, whole),
        Way::Unapplied => pay_unapplied(desk, whole),
        Way::Unidentified => pay_unidentified(desk, whole),
    }
}

/// Puts parts into payments, those of one day into one where the customer does so.
pub(super) fn bank(desk: &mut Desk, mut parts: Vec<Part>) {
    parts.sort_by_key(|part| part.day);
    let joins = desk.customer.joins_payments;
    for together in parts.chunk_by(|one, next| joins && one.day == next.day) {
        receive(desk, together, 0);
    }
}

/// Works out what is left of every document and when it was settled.
pub(super) fn close(account: &mut Account) {
    let Account { invoices, payments, allocations, .. } = account;
    for allocation in allocations.iter() {
        let credit = match allocation.source {
            Source::CreditNote(credit) => Some(credit),
            // What the bank took back settled nothing.
            Source::Payment(at) if payments.get(at as usize).is_some_and(|paid| paid.returned.is_some()) => {
                continue;
            }
            Source::Payment(_) => None,
        };
        for at in credit.into_iter().chain([allocation.invoice]) {
            if let Some(document) = invoices.get_mut(at as usize) {
                document.open -= allocation.amount;
                document.first_paid =
                    Some(document.first_paid.map_or(allocation.day, |day| day.min(allocation.day)));
                // Holds the last day until it is known whether anything is left.
                document.settled = document.settled.max(Some(allocation.day));
            }
        }
    }
    for document in invoices {
        if document.open != 0 {
            document.settled = None;
        }
    }
}

/// Receives one payment for these parts with `extra` on top, and applies it. None if the export is before it.
fn receive(desk: &mut Desk, parts: &[Part], extra: i64) -> Option<u32> {
    let day = parts.first()?.day;
    let at = book(desk, parts, extra)?;
    let applied = parts.iter().map(|part| Allocation {
        source: Source::Payment(at),
        invoice: part.invoice,
        amount: part.amount,
        day,
    });
    desk.account.allocations.extend(applied);
    Some(at)
}

/// Books one payment for these parts without applying it.
fn book(desk: &mut Desk, parts: &[Part], extra: i64) -> Option<u32> {
    let day = parts.first()?.day;
    let rng = &mut desk.rng;
    let posted = if chance(rng, POSTED_NEXT_DAY_SHARE) { next_business_day(day) } else { day };
    let memo = weighted(rng, &MEMOS);
    let parent = desk.customer.parent.filter(|_| chance(rng, PAID_BY_PARENT_SHARE));
    if posted > desk.span.last {
        return None;
    }
    desk.account.payments.push(Payment {
        day,
        posted,
        returned: None,
        amount: parts.iter().map(|part| part.amount).sum::<i64>() + extra,
        customer: Some(desk.index),
        payer: parent.unwrap_or(desk.index),
        about: parts.iter().map(|part| part.invoice).collect(),
        memo,
    });
    Some(desk.account.payments.len() as u32 - 1)
}

fn plant(desk: &mut Desk, fault: PaymentFault, payment: u32, twin: Option<Document>) {
    desk.account.truth.push(Planted { document: Document::Payment(payment), fault, twin });
}

/// A part of an amount, at least one minor unit and less than all.
fn cut(amount: i64, share: f64) -> i64 {
    ((amount as f64 * share).round() as i64).clamp(1, (amount - 1).max(1))
}

/// Pays less by the discount, earned or not; false where the discount is not taken.
fn pay_with_discount(
    desk: &mut Desk,
    invoice: &Invoice,
    whole: Part,
    discount: Discount,
    room: bool,
    parts: &mut Vec<Part>,
) -> bool {
    let granted = invoice.amount * discount.percent / 100;
    let part = Part { amount: invoice.amount - granted, ..whole };
    if whole.day <= invoice.issued.plus(discount.days) {
        // The discount is granted by a credit note; it needs a row, and the payment before the export.
        let known = next_business_day(whole.day) <= desk.span.last;
        let taken = room && known && chance(&mut desk.rng, DISCOUNT_TAKEN_SHARE);
        if taken {
            credit(desk, invoice, whole, granted, whole.day);
            parts.push(part);
        }
        return taken;
    }
    let taken = chance(&mut desk.rng, DISCOUNT_UNEARNED_SHARE);
    // What was deducted stays open.
    if taken && let Some(payment) = receive(desk, &[part], 0) {
        plant(desk, PaymentFault::UnearnedDiscount, payment, Some(Document::Invoice(whole.invoice)));
    }
    taken
}

/// Issues a credit note on `day` and applies it to the invoice.
fn credit(desk: &mut Desk, invoice: &Invoice, whole: Part, amount: i64, day: Day) {
    let note = issue_credit(desk, invoice, amount, day);
    desk.account.allocations.push(Allocation {
        source: Source::CreditNote(note),
        invoice: whole.invoice,
        amount,
        day,
    });
}

fn issue_credit(desk: &mut Desk, invoice: &Invoice, amount: i64, day: Day) -> u32 {
    let rate = desk.customer.party.place.tax_basis_points;
    desk.account.invoices.push(Invoice {
        kind: Kind::CreditNote,
        standing: Standing::Claim,
        issued: day,
        posted: day,
        due: day,
        amount,
        tax: tax_within(amount, rate),
        disputed: None,
        resolved: None,
        pays: None,
        first_paid: None,
        settled: None,
        open: amount,
        ..*invoice
    });
    desk.account.invoices.len() as u32 - 1
}

/// Two or three parts, the last on the day the invoice would have been paid.
fn pay_in_parts(desk: &mut Desk, invoice: &Invoice, whole: Part, parts: &mut Vec<Part>) {
    let rng = &mut desk.rng;
    let mut left = invoice.amount;
    let mut day = whole.day;
    for _ in 0..between(rng, 1, 2) {
        let earlier = on_or_before(day.plus(-between(rng, 5, 20)));
        if earlier <= invoice.posted || left < 2 {
            break;
        }
        let amount = cut(left, 0.2 + 0.5 * unit(rng));
        parts.push(Part { amount, day, ..whole });
        left -= amount;
        day = earlier;
    }
    parts.push(Part { amount: left, day, ..whole });
}

/// The account was empty: the bank takes the money back, and it is paid again some days later.
fn pay_without_funds(desk: &mut Desk, whole: Part, parts: &mut Vec<Part>) {
    let rng = &mut desk.rng;
    let back = on_or_after(whole.day.plus(between(rng, 4, 12)));
    let again = on_or_after(back.plus(between(rng, 2, 25)));
    let Some(at) = receive(desk, &[whole], 0) else { return };
    // An export before it bounced shows a payment like any other.
    if back > desk.span.last {
        return;
    }
    if let Some(payment) = desk.account.payments.last_mut() {
        payment.returned = Some(back);
    }
    plant(desk, PaymentFault::Returned, at, Some(Document::Invoice(whole.invoice)));
    parts.push(Part { day: again, ..whole });
}

/// Goods came back: a credit note for some or all of the invoice, and cash for the rest.
fn pay_after_return(desk: &mut Desk, invoice: &Invoice, whole: Part, parts: &mut Vec<Part>) {
    let rng = &mut desk.rng;
    let day = on_or_after(invoice.posted.plus(between(rng, 1, whole.day.0 - invoice.posted.0)));
    if day > whole.day || day > desk.span.last {
        parts.push(whole);
        return;
    }
    let all = chance(rng, 0.25);
    let amount = if all { invoice.amount } else { cut(invoice.amount, 0.05 + 0.45 * unit(rng)) };
    credit(desk, invoice, whole, amount, day);
    if amount < invoice.amount {
        parts.push(Part { amount: invoice.amount - amount, ..whole });
    }
}

/// A credit note that nobody applies.
fn leave_credit(desk: &mut Desk, invoice: &Invoice) {
    let day = on_or_after(invoice.posted.plus(between(&mut desk.rng, 1, 40)));
    if day > desk.span.last {
        return;
    }
    let amount = cut(invoice.amount, 0.05 + 0.3 * unit(&mut desk.rng));
    let note = issue_credit(desk, invoice, amount, day);
    let truth =
        Planted { document: Document::Invoice(note), fault: PaymentFault::CreditUnapplied, twin: None };
    desk.account.truth.push(truth);
}

fn pay_short(desk: &mut Desk, whole: Part) {
    let kept = cut(whole.amount, 0.01 + 0.12 * unit(&mut desk.rng));
    let part = Part { amount: whole.amount - kept, ..whole };
    if let Some(payment) = receive(desk, &[part], 0) {
        plant(desk, PaymentFault::ShortPay, payment, Some(Document::Invoice(whole.invoice)));
    }
}

fn pay_over(desk: &mut Desk, whole: Part) {
    let extra = cut(whole.amount, 0.01 + 0.15 * unit(&mut desk.rng));
    if let Some(payment) = receive(desk, &[whole], extra) {
        plant(desk, PaymentFault::OverPay, payment, Some(Document::Invoice(whole.invoice)));
    }
}

fn pay_twice(desk: &mut Desk, whole: Part) {
    let first = receive(desk, &[whole], 0);
    let day = on_or_after(whole.day.plus(between(&mut desk.rng, 1, 12)));
    if let Some(first) = first
        && let Some(second) = book(desk, &[Part { day, ..whole }], 0)
    {
        plant(desk, PaymentFault::DuplicatePayment, second, Some(Document::Payment(first)));
    }
}

/// Another customer's payment, booked to that customer and applied here.
fn pay_by_another(desk: &mut Desk, whole: Part) {
    let Some(at) = receive(desk, &[whole], 0) else { return };
    let step = between(&mut desk.rng, 1, desk.customers as i32 - 1).unsigned_abs();
    let other = (desk.index + step) % desk.customers.max(1);
    if let Some(payment) = desk.account.payments.last_mut() {
        payment.customer = Some(other);
        payment.payer = other;
    }
    plant(desk, PaymentFault::WrongPayer, at, Some(Document::Invoice(whole.invoice)));
}

fn pay_unapplied(desk: &mut Desk, whole: Part) {
    if let Some(at) = book(desk, &[whole], 0) {
        plant(desk, PaymentFault::Unapplied, at, Some(Document::Invoice(whole.invoice)));
    }
}

fn pay_unidentified(desk: &mut Desk, whole: Part) {
    if let Some(at) = book(desk, &[whole], 0) {
        anonymous(desk);
        plant(desk, PaymentFault::Unidentified, at, Some(Document::Invoice(whole.invoice)));
    }
}

/// Money that belongs to no invoice: on account, or from somebody who meant another firm.
fn pay_on_account(desk: &mut Desk, day: Day) {
    let (on_account, stray) = (ON_ACCOUNT_SHARE, ON_ACCOUNT_SHARE + STRAY_SHARE);
    let draw = unit(&mut desk.rng);
    if draw >= stray {
        return;
    }
    // Round in the customer's own currency.
    let round = desk.coin().units(10);
    let dollars = 100.0 * f64::from(between(&mut desk.rng, 2, 60));
    let amount = (desk.coin().minor(dollars) / round).max(1) * round;
    let sum = Part { invoice: 0, amount, day };
    let Some(at) = book(desk, &[sum], 0) else { return };
    if let Some(payment) = desk.account.payments.last_mut() {
        payment.about.clear();
    }
    if draw < on_account {
        plant(desk, PaymentFault::Unapplied, at, None);
    } else {
        anonymous(desk);
        plant(desk, PaymentFault::Unidentified, at, None);
    }
}

/// Takes the customer off the latest payment: only the bank's text is left.
fn anonymous(desk: &mut Desk) {
    if let Some(payment) = desk.account.payments.last_mut() {
        payment.customer = None;
        payment.memo = Memo::Cut;
    }
}
