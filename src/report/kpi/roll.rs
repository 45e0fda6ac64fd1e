//! How balances move on: from one bucket of 30 days into the next, and accounts back to nothing past due. Steps are of 30 days,
//! so that what is not paid is in the very next bucket.

use super::before;
use super::figure::{Formula, Frame, Input, Kpi, Period, Unit, percent};
use super::tally::Tally;

pub const ROLL_RATE: Formula = Formula {
    name: "roll_rate",
    unit: Unit::Percent,
    text: "balance in the next bucket at the end / balance in the bucket 30 days before x 100",
};

pub const CURE_RATE: Formula = Formula {
    name: "cure_rate",
    unit: Unit::Percent,
    text: "accounts past due before the period that have nothing past due at its end / accounts past due before the period x 100",
};

/// Days of a step, and of a bucket.
pub(super) const STEP_DAYS: i32 = 30;

/// Buckets between which balances roll: what is not due, and five of 30 days. What is older than the last stays.
pub(super) const ROLLING: [&str; 6] = ["not_due", "1-30", "31-60", "61-90", "91-120", "121-150"];

pub(super) fn all(frame: &Frame, tally: &Tally) -> Vec<Kpi> {
    let steps = tally.positions.windows(2).zip(0_i32..);
    let mut figures: Vec<Kpi> = steps
        .flat_map(|(pair, step)| {
            let to = before(frame.period.to, STEP_DAYS * step);
            rates(
                frame,
                Period { from: before(to, STEP_DAYS - 1), to },
                (pair[1].as_slice(), pair[0].as_slice()),
            )
        })
        .collect();
    let (past_due, cured) = (tally.past_due_accounts, tally.cured_accounts);
    let inputs = [("accounts past due", Input::Count(past_due)), ("of them cured", Input::Count(cured))];
    let value = percent(cured.into(), past_due.into(), "no account was past due when the period began");
    figures.push(frame.kpi(&CURE_RATE, &inputs, frame.whole(value)));
    figures
}

fn rates(frame: &Frame, period: Period, (then, now): (&[i128], &[i128])) -> Vec<Kpi> {
    let pairs = ROLLING.windows(2).zip(then.iter().zip(now.iter().skip(1)));
    let rate = |(names, (then, now)): (&[&str], (&i128, &i128))| {
        let inputs =
            [("balance before", Input::Money(*then)), ("balance in the next bucket", Input::Money(*now))];
        let mut kpi = frame.kpi(&ROLL_RATE, &inputs, percent(*now, *then, "the bucket was empty"));
        kpi.part = names.join(" to ");
        kpi.period = period;
        kpi
    };
    pairs.map(rate).collect()
}
