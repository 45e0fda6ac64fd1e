//! A payment plan is one agreement: of one customer, of one day, in one currency, in parts that follow each other. One that is not is
//! left out with all its parts, as is one of which a part is rejected: half a plan would look kept, or broken, for no reason. Whether
//! they agree is known when all have been seen, so their table is read twice: once to gather, once to judge.

use hashbrown::HashMap;

use super::{Check, Run};
use crate::base::day::Day;
use crate::base::error::Code;
use crate::base::money::Currency;
use crate::ledger::draft::Draft;
use crate::ledger::key;

pub const CHECK: Check = Check {
    name: "plans",
    doc: "a payment plan is of one customer, agreed on one day and in one currency; each part is above zero, due on or after that day and not before a part of a lower number; a plan is taken with all its parts or not at all",
    run: Run::InOrder(|draft, _, memory| {
        if draft.table.name != "plans" {
            return;
        }
        for row in 0..draft.rows() {
            if draft.sound(row)
                && let Some((code, column)) = fault(draft, row)
            {
                draft.reject(row, code, column);
            }
            let print = key::one(&draft.text("plan", row));
            if draft.sound(row) {
                if let Some((code, column)) = memory.plans.agree(print, || part(draft, row)) {
                    draft.reject(row, code, column);
                }
            } else if draft.faults[row].iter().any(|fault| fault.code != Code::RowRepeated) {
                memory.plans.spoil(print);
            }
        }
    }),
};

/// What is wrong with one row by itself.
fn fault(draft: &Draft, row: usize) -> Option<(Code, &'static str)> {
    if draft.whole("amount", row) == Some(0) {
        return Some((Code::PlanPartInvalid, "amount"));
    }
    let days = draft.day("agreed", row).zip(draft.day("due", row));
    days.is_some_and(|(agreed, due)| due < agreed).then_some((Code::DueBeforeIssue, "due"))
}

/// What a row says of its plan.
struct Part {
    customer: u128,
    agreed: Option<Day>,
    currency: Option<Currency>,
    /// Where it has one by which parts can be put in order.
    number: Option<u64>,
    due: Option<Day>,
}

fn part(draft: &Draft, row: usize) -> Part {
    Part {
        customer: key::one(&draft.text("customer", row)),
        agreed: draft.day("agreed", row),
        currency: draft.currency("currency", row),
        number: draft.text("number", row).parse().ok(),
        due: draft.day("due", row),
    }
}

/// Plans by the print of their number.
#[derive(Debug, Default)]
pub struct Plans {
    plans: HashMap<u128, Plan>,
    /// Whether all have been gathered.
    whole: bool,
}

#[derive(Debug, Default)]
struct Plan {
    /// The first part's.
    terms: Option<(u128, Option<Day>, Option<Currency>)>,
    /// What is wrong with the plan.
    fault: Option<(Code, &'static str)>,
    /// Numbers and days of the parts, where they have numbers.
    days: Vec<(u64, Option<Day>)>,
}

impl Plans {
    /// Nothing more is gathered: from now on plans are judged.
    pub(super) fn close(&mut self) {
        self.whole = true;
        for plan in self.plans.values_mut() {
            plan.days.sort_unstable();
            let falls = plan.days.windows(2).any(|pair| pair[1].1 < pair[0].1);
            plan.fault = plan.fault.or(falls.then_some((Code::PlanPartInvalid, "due")));
        }
    }

    /// While gathering, notes a part; then says what is wrong with its plan.
    fn agree(&mut self, plan: u128, part: impl Fn() -> Part) -> Option<(Code, &'static str)> {
        if self.whole {
            return self.plans.get(&plan).and_then(|plan| plan.fault);
        }
        let Part { customer, agreed, currency, number, due } = part();
        let plan = self.plans.entry(plan).or_default();
        let first = *plan.terms.get_or_insert((customer, agreed, currency));
        let differs = match first {
            (of, ..) if of != customer => Some("customer"),
            (_, on, _) if on != agreed => Some("agreed"),
            (.., in_it) if in_it != currency => Some("currency"),
            _ => None,
        };
        plan.fault = plan.fault.or(differs.map(|column| (Code::PlanPartInvalid, column)));
        plan.days.extend(number.map(|number| (number, due)));
        None
    }

    /// Notes that a part of a plan is rejected.
    fn spoil(&mut self, plan: u128) {
        if !self.whole {
            self.plans.entry(plan).or_default().fault.get_or_insert((Code::LineRejected, "plan"));
        }
    }
}
