//! Shares: of money and of credit on no invoice, of what is disputed, of what was given up, of promises that were kept.

use std::collections::BTreeMap;

use super::figure::{Formula, Frame, Input, Kpi, Period, Unit, percent};
use super::tally::Tally;
use crate::base::money::Currency;
use crate::collect::promise::{Promised, State};

pub const UNAPPLIED_CASH: Formula = Formula {
    name: "unapplied_cash_share",
    unit: Unit::Percent,
    text: "cash on no invoice at the end / open receivables at the end x 100",
};

pub const UNAPPLIED_CREDIT: Formula = Formula {
    name: "unapplied_credit_share",
    unit: Unit::Percent,
    text: "credit notes on no invoice at the end / open receivables at the end x 100",
};

pub const WRITTEN_OFF: Formula = Formula {
    name: "written_off_share",
    unit: Unit::Percent,
    text: "written off in the period / settled in the period x 100",
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

impl PromisesDue {
    /// Those of some promises that fell due in a period, by currency. One falls due on the day after the last on which it can be kept:
    /// by then it is kept or not, so it counts in one period and never changes.
    pub fn of(promises: &[Promised], period: Period) -> BTreeMap<Currency, Self> {
        let mut all: BTreeMap<Currency, Self> = BTreeMap::new();
        let fell_due = |promise: &&Promised| {
            promise.state.counts() && (period.from..=period.to).contains(&promise.last.plus(1))
        };
        for promise in promises.iter().filter(fell_due) {
            let sums = all.entry(promise.currency).or_default();
            sums.due += 1;
            sums.kept += i64::from(promise.state == State::Kept);
            sums.amount_due += i128::from(promise.amount);
            sums.amount_kept += i128::from(promise.kept);
        }
        all
    }
}

pub(super) fn all(frame: &Frame, tally: &Tally, promised: Option<&PromisesDue>) -> Vec<Kpi> {
    let open = ("open receivables", Input::Money(tally.ending));
    let of_open = |part: i128| percent(part, tally.ending, "nothing is open");
    let mut figures = vec![
        frame.kpi(
            &UNAPPLIED_CASH,
            &[("cash on no invoice", Input::Money(tally.unapplied_cash)), open],
            of_open(tally.unapplied_cash),
        ),
        frame.kpi(
            &UNAPPLIED_CREDIT,
            &[("credit notes on no invoice", Input::Money(tally.unapplied_credit)), open],
            of_open(tally.unapplied_credit),
        ),
        frame.kpi(&DISPUTED, &[("disputed", Input::Money(tally.disputed)), open], of_open(tally.disputed)),
    ];
    if let Some(given_up) = tally.written_off {
        let inputs = [("written off", Input::Money(given_up)), ("settled", Input::Money(tally.settled))];
        let share = percent(given_up, tally.settled, "nothing was settled in the period");
        figures.push(frame.kpi(&WRITTEN_OFF, &inputs, frame.whole(share)));
    }
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
