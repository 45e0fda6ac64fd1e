//! Bills that are likely to be blocked, as a table.

use crate::asof::documents::Documents;
use crate::base::sheet::{Cells, Sheet};
use crate::exception::blocked::Outlook;
use crate::exception::outlooks::Outlooks;
use crate::ledger::register::Document;

/// Reasons that are given for each bill.
const REASONS: usize = 3;

/// One row per bill that can still come to a release by hand, the likeliest first.
pub fn sheet(documents: &Documents, all: &Outlooks) -> Sheet {
    let of = |one: &Outlook| documents.documents.get(one.bill);
    let rows: Vec<(&Outlook, &Document)> = all.bills.iter().filter_map(|one| Some((one, of(one)?))).collect();
    let text = |of: &dyn Fn(&Document) -> String| Cells::Text(rows.iter().map(|(_, one)| of(one)).collect());
    let reasons = |one: &Outlook| {
        one.reasons.iter().take(REASONS).map(|reason| reason.text.as_str()).collect::<Vec<_>>().join("; ")
    };
    let answer = if all.duel.is_won() { "model" } else { "rule" };
    Sheet::new("blocked")
        .with("bill", text(&|one| documents.text(one.id).to_owned()))
        .with("supplier", text(&|one| documents.text(one.party).to_owned()))
        .with("posted", Cells::Day(rows.iter().map(|(_, one)| Some(one.stamp.known)).collect()))
        .with("amount", Cells::Money(rows.iter().map(|(_, one)| Some((one.amount, one.currency))).collect()))
        .with("currency", text(&|one| one.currency.code().to_owned()))
        .with("p_blocked", Cells::Number(rows.iter().map(|(one, _)| one.probability).collect()))
        .with("supplier_rate", Cells::Number(rows.iter().map(|(one, _)| one.rule).collect()))
        .with("answered_by", Cells::Word(vec![answer; rows.len()]))
        .with("reasons", Cells::Text(rows.iter().map(|(one, _)| reasons(one)).collect()))
}
