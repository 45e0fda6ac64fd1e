//! What is worth telling of how invoices were settled: steps that the ledger did not take itself, and money whose day
//! nobody knows.

use crate::base::money::Currency;
use crate::ledger::settle::notes::{MoneyNotes, SettlementNotes};

/// A sentence for each sum that is not zero.
pub fn notes(settlement: &SettlementNotes) -> Vec<String> {
    settlement.currencies.iter().flat_map(|(currency, notes)| of_currency(*currency, notes)).collect()
}

fn of_currency(currency: Currency, notes: &MoneyNotes) -> Vec<String> {
    let told = [
        (notes.settled.by_reference, "applied to the invoices that payments name"),
        (notes.settled.oldest_first, "applied to the oldest invoices, since nothing says to which"),
        (notes.settled.by_discount, "settled by discounts"),
        (notes.settled.written_off, "written off"),
        (notes.returned, "came back after it was paid"),
        (notes.paid_without_day, "marked paid though nothing says when: left out of balances and history"),
        (
            notes.paid_on_unknown_days,
            "paid on days that the export does not say: balances are right on its own day, and there is no history of them",
        ),
        (notes.settling, "of payments taken to be those behind the days of settlement"),
    ];
    let sentence = |(sum, what): &(i128, &str)| format!("{} {what}.", currency.display(*sum));
    let mut sentences: Vec<String> = told.iter().filter(|(sum, _)| *sum != 0).map(sentence).collect();
    if notes.differing_invoices > 0 {
        sentences.push(format!(
            "{} invoices in {} have another balance in the export than their payments leave; together {}.",
            notes.differing_invoices,
            currency.code(),
            currency.display(notes.differing)
        ));
    }
    sentences
}
