//! Allocations fit the payments and invoices they join: same currency, and no more than there is on either side.

use hashbrown::HashMap;

use super::{Check, Known, Run};
use crate::base::error::Code;
use crate::ledger::draft::Draft;
use crate::ledger::key;

pub const CHECK: Check = Check {
    name: "allocations",
    doc: "an allocation joins a known payment or credit note to an invoice, in one currency, and within both amounts",
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

/// What earlier rows have allocated, by the prints of payment and invoice.
#[derive(Debug, Default)]
pub struct Used {
    payments: HashMap<u128, i64>,
    invoices: HashMap<u128, i64>,
}

fn fault(draft: &Draft, known: &Known, used: &mut Used, row: usize) -> Option<(Code, &'static str)> {
    let (payment, invoice) = (&draft.text("payment", row), &draft.text("invoice", row));
    let amount = draft.whole("amount", row)?;
    let currency = draft.currency("currency", row)?;
    let credit = known.worth("invoices", payment).filter(|worth| worth.is_credit && !worth.is_void);
    let Some(paid) = credit.or_else(|| known.worth("payments", payment)) else {
        return Some((Code::DocumentUnknown, "payment"));
    };
    // Credit notes and void documents are no claims that anything could be applied to.
    let Some(billed) = known.worth("invoices", invoice).filter(|worth| !worth.is_credit && !worth.is_void)
    else {
        return Some((Code::DocumentUnknown, "invoice"));
    };
    if paid.currency != currency || billed.currency != currency {
        return Some((Code::CurrencyDiffers, "currency"));
    }
    let from = used.payments.entry(key::one(payment)).or_default();
    let onto = used.invoices.entry(key::one(invoice)).or_default();
    if from.saturating_add(amount) > paid.amount || onto.saturating_add(amount) > billed.amount {
        return Some((Code::OverAllocated, "amount"));
    }
    *from += amount;
    *onto += amount;
    None
}
