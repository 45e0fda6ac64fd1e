//! What became of an invoice: the only file that looks past the day for which features are computed. What it sees is
//! still bounded by a view, the day on which the training is done.

use super::view::LedgerView;
use crate::base::day::Day;

/// Whether an invoice was paid late, and since when that could be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Paid, or still open, more than the grace after the due day.
    pub late: bool,
    /// First day on which this was known: the day its payment was, if on time; otherwise the first day late.
    pub known: Day,
}

/// The label of an invoice, if it is known in the view. Late is later than `grace` days after the due day.
pub fn late(view: &LedgerView, invoice: u32, grace: i32) -> Option<Label> {
    let limit = view.invoice(invoice).due.plus(grace);
    let first_late_day = limit.plus(1);
    if let Some(settled) = view.settled(invoice) {
        let late = settled.happened > limit;
        return Some(Label { late, known: if late { first_late_day } else { settled.known } });
    }
    (limit < view.as_of().0).then_some(Label { late: true, known: first_late_day })
}
