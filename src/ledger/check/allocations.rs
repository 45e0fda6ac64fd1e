//! Allocations fit the payments and invoices they join: same currency, and no more than there is on either side.

use hashbrown::HashMap;

use super::{Check, Known};
use crate::base::error::Code;
use crate::ledger::draft::Draft;

pub const CHECK: Check = Check {
    name: "allocations",
    doc: "an allocation joins a known payment or credit note to an invoice, in one currency, and within both amounts",
    run: |draft, known| {
        if draft.table.name != "allocations" {
            return;
        }
        let mut used = Used::default();
        for row in 0..draft.rows() {
            if draft.sound(row)
                && let Some((code, column)) = fault(draft, known, &mut used, row)
            {
                draft.reject(row, code, column);
            }
        }
    },
};

/// What earlier rows have allocated, by payment and by invoice.
#[derive(Default)]
struct Used<'a> {
    payments: HashMap<&'a str, i64>,
    invoices: HashMap<&'a str, i64>,
}

fn fault<'a>(
    draft: &Draft<'a>,
    known: &Known,
    used: &mut Used<'a>,
    row: usize,
) -> Option<(Code, &'static str)> {
    let (payment, invoice) = (draft.text("payment", row), draft.text("invoice", row));
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
    let from = used.payments.entry(payment).or_default();
    let onto = used.invoices.entry(invoice).or_default();
    if from.saturating_add(amount) > paid.amount || onto.saturating_add(amount) > billed.amount {
        return Some((Code::OverAllocated, "amount"));
    }
    *from += amount;
    *onto += amount;
    None
}
