//! Shares: of money on no invoice, of what is disputed, of promises that were kept.

use super::figure::{Formula, Frame, Input, Kpi, Unit, percent};
use super::tally::Tally;

pub const UNAPPLIED: Formula = Formula {
    name: "unapplied_share",
    unit: Unit::Percent,
    text: "cash and credit on no invoice at the end / open receivables at the end x 100",
};

pub const DISPUTED: Formula = Formula {
    name: "disputed_share",
    unit: Unit::Percent,
    text: "open balance of disputed invoices at the end / open receivables at the end x 100",
};

pub const KEPT_COUNT: Formula = Formula {
    name: "promise_kept_rate",
    unit: Unit::Percent,
    text: "promises kept in full / promises that fell due in the period x 100",
};

pub const KEPT_AMOUNT: Formula = Formula {
    name: "promise_kept_amount",
    unit: Unit::Percent,
    text: "amount kept of the promises that fell due in the period, in part or in full / amount promised x 100",
};

/// What became of the promises in one currency that fell due in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PromisesDue {
    /// Promises fallen due.
    pub due: i64,
    /// Of them, kept in full.
    pub kept: i64,
    /// Amount promised, in minor units.
    pub amount_due: i128,
    /// Of it, what came, in minor units; never more than was promised.
    pub amount_kept: i128,
}

pub(super) fn all(frame: &Frame, tally: &Tally, promised: Option<&PromisesDue>) -> Vec<Kpi> {
    let open = ("open receivables", Input::Money(tally.ending));
    let of_open = |part: i128| percent(part, tally.ending, "nothing is open");
    let mut figures = vec![
        frame.kpi(
            &UNAPPLIED,
            &[("cash and credit on no invoice", Input::Money(tally.unapplied)), open],
            of_open(tally.unapplied),
        ),
        frame.kpi(&DISPUTED, &[("disputed", Input::Money(tally.disputed)), open], of_open(tally.disputed)),
    ];
    if let Some(promised) = promised {
        figures.extend(kept(frame, promised));
    }
    figures
}

fn kept(frame: &Frame, promised: &PromisesDue) -> [Kpi; 2] {
    let none = "no promise fell due in the period";
    let counts =
        [("promises fallen due", Input::Count(promised.due)), ("kept in full", Input::Count(promised.kept))];
    let amounts =
        [("promised", Input::Money(promised.amount_due)), ("of it kept", Input::Money(promised.amount_kept))];
    [
        frame.kpi(&KEPT_COUNT, &counts, percent(promised.kept.into(), promised.due.into(), none)),
        frame.kpi(&KEPT_AMOUNT, &amounts, percent(promised.amount_kept, promised.amount_due, none)),
    ]
}
