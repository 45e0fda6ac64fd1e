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

/// The label of an invoice, if it is known in the view. Late is later than `grace` days after the due day. A payment that
/// came back was none: what lasted tells.
pub fn late(view: &LedgerView, invoice: u32, grace: i32) -> Option<Label> {
    let limit = view.invoice(invoice).due.plus(grace);
    let mut settled = None;
    // Since when it could be said of a late one: from the first day late, or from the day on which the money came back
    // that had settled it on time.
    let mut late_since = limit.plus(1);
    view.each_settled(invoice, |time| match time.until {
        Some(until) if time.stamp.happened <= limit => late_since = late_since.max(until),
        Some(_) => {}
        None => settled = Some(time.stamp),
    });
    match settled {
        Some(settled) if settled.happened <= limit => Some(Label { late: false, known: settled.known }),
        Some(_) => Some(Label { late: true, known: late_since }),
        None => (limit < view.as_of().0).then_some(Label { late: true, known: late_since }),
    }
}
