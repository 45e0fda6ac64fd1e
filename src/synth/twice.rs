//! Own invoices that are sent twice under two numbers: every other void one becomes the repeat of an invoice shortly before
//! it, on the same order of the customer. It stays on its day and in its place, so that nothing else of the ledger changes;
//! the customer knows better than to pay it.

use crate::base::seed;

use super::cash::{Document, Planted};
use super::draw::chance;
use super::planted::PaymentFault;
use super::receivable::{Account, Invoice, Kind, Standing};

/// Share of the void invoices that are repeats instead.
const SHARE: f64 = 0.5;
/// Most days between an invoice and its repeat: nearer than invoices of a month after another.
const DAYS_MAX: i32 = 24;

/// Makes repeats of an account's void invoices.
pub(super) fn send_twice(seed: u64, index: u32, account: &mut Account) {
    let mut rng = seed::stream(seed, "synth twice", index.into());
    for at in 0..account.invoices.len() {
        let Some(void) = account.invoices.get(at).filter(|one| one.standing == Standing::Void) else {
            continue;
        };
        if !chance(&mut rng, SHARE) {
            continue;
        }
        let Some((twin, first)) = twin(&account.invoices, void) else { continue };
        let repeat = Invoice {
            standing: Standing::Claim,
            issued: void.issued,
            posted: void.posted,
            due: void.issued.plus(first.terms.days),
            disputed: None,
            resolved: None,
            pays: None,
            first_paid: None,
            settled: None,
            open: first.amount,
            ..first.clone()
        };
        if let Some(place) = account.invoices.get_mut(at) {
            *place = repeat;
        }
        account.truth.push(Planted {
            document: Document::Invoice(at as u32),
            fault: PaymentFault::InvoiceTwice,
            twin: Some(Document::Invoice(twin as u32)),
        });
    }
}

/// The invoice that a later one can repeat: it names an order that is on no other document.
fn twin<'a>(invoices: &'a [Invoice], later: &Invoice) -> Option<(usize, &'a Invoice)> {
    let fits = |one: &Invoice| {
        let days = later.issued.0 - one.issued.0;
        one.kind == Kind::Invoice
            && one.standing == Standing::Claim
            && one.order != 0
            && (1..=DAYS_MAX).contains(&days)
            && one.posted < later.posted
            && invoices.iter().filter(|other| other.order == one.order).count() == 1
    };
    invoices.iter().enumerate().find(|(_, one)| fits(one))
}
