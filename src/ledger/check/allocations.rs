//! Allocations fit the payments and invoices they join: same currency, and no more than there is on either side. What
//! came back is no longer on the invoice, and so each payment that did is held against it by itself.

use hashbrown::HashMap;

use super::{Check, Known, Run};
use crate::base::error::Code;
use crate::ledger::draft::Draft;
use crate::ledger::facts::allocation_kind;
use crate::ledger::key;
use crate::ledger::settle::AllocationKind;

pub const CHECK: Check = Check {
    name: "allocations",
    doc: "an allocation joins a known payment or credit note, or a discount or write-off with its day, to an invoice, in one currency, and within both amounts",
    run: Run::InOrder(|draft, known, memory| {
        if draft.table.name != "allocations" {
            return;
        }
        for row in 0..draft.rows() {
            if draft.sound(row)
                && let Some((code, column)) = fault(draft, known, &mut memory.used, row)
            {
                draft.reject(row, code, column);
            }
        }
    }),
};

/// What earlier rows have allocated, by the prints of payment, and of invoice and, where it came back, payment.
#[derive(Debug, Default)]
pub struct Used {
    payments: HashMap<u128, i64>,
    invoices: HashMap<(u128, u128), i64>,
}

fn fault(draft: &Draft, known: &Known, used: &mut Used, row: usize) -> Option<(Code, &'static str)> {
    let (payment, invoice) = (&draft.text("payment", row), &draft.text("invoice", row));
    let amount = draft.whole("amount", row)?;
    let currency = draft.currency("currency", row)?;
    let kind = allocation_kind(draft, row);
    if payment.is_empty() {
        if kind == AllocationKind::Payment {
            return Some((Code::ValueMissing, "payment"));
        }
        if draft.day("day", row).is_none() {
            return Some((Code::ValueMissing, "day"));
        }
    }
    let credit = known.worth("invoices", payment).filter(|worth| worth.is_credit && !worth.is_void);
    let paid = credit.or_else(|| known.worth("payments", payment));
    if paid.is_none() && !payment.is_empty() {
        return Some((Code::DocumentUnknown, "payment"));
    }
    // Credit notes and void documents are no claims that anything could be applied to.
    let Some(billed) = known.worth("invoices", invoice).filter(|worth| !worth.is_credit && !worth.is_void)
    else {
        return Some((Code::DocumentUnknown, "invoice"));
    };
    if paid.is_some_and(|paid| paid.currency != currency) || billed.currency != currency {
        return Some((Code::CurrencyDiffers, "currency"));
    }
    // Discounts and write-offs take nothing of the payment.
    let taken = if kind == AllocationKind::Payment { amount } else { 0 };
    let came_back = kind != AllocationKind::WriteOff && paid.is_some_and(|paid| paid.is_returned);
    let from = used.payments.entry(key::one(payment)).or_default();
    let onto =
        used.invoices.entry((key::one(invoice), if came_back { key::one(payment) } else { 0 })).or_default();
    let there_is = paid.map_or(0, |paid| paid.amount);
    if from.saturating_add(taken) > there_is || onto.saturating_add(amount) > billed.amount {
        return Some((Code::OverAllocated, "amount"));
    }
    *from += taken;
    *onto += amount;
    None
}
