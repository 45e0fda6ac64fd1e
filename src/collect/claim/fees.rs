//! Charges as far as a law lets them be passed on: letters up to the cap, so many of them, each after the time to pay that the one
//! before it gave.

use super::note::Note;
use super::{Basis, Charge, ChargeKind, Debt};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::statute::fee_cap::{self, FeeCap, Letter};

/// The charges of a debt known by a day, by day, cut to what the law allows.
pub(super) fn allowed(debt: &Debt, basis: &Basis, as_of: Day, notes: &mut Vec<Note>) -> Result<Vec<Charge>> {
    let mut charges: Vec<Charge> =
        debt.charges.iter().filter(|charge| charge.day <= as_of && charge.amount > 0).copied().collect();
    charges.sort_unstable();
    let mut taken: Vec<(Letter, Day)> = Vec::new();
    for charge in &mut charges {
        let ChargeKind::Letter(letter) = charge.kind else { continue };
        let Some(cap) = basis.jurisdiction.and_then(|of| fee_cap::find(of, letter, charge.day)) else {
            continue;
        };
        let (most, why) = most(cap, debt, basis, letter, charge.day, &taken)?;
        if most > 0 {
            taken.push((letter, charge.day));
        }
        if charge.amount > most {
            notes.push(Note::FeeCut {
                day: charge.day,
                charged: charge.amount,
                claimed: most,
                currency: debt.currency,
                why,
                source: cap.source,
            });
            charge.amount = most;
        }
    }
    Ok(charges)
}

/// The most that a letter may cost after those taken, and why not more.
fn most(
    cap: &FeeCap,
    debt: &Debt,
    basis: &Basis,
    letter: Letter,
    day: Day,
    taken: &[(Letter, Day)],
) -> Result<(i64, &'static str)> {
    let count = taken.iter().filter(|(other, _)| *other == letter).count();
    let last = taken.last().map(|(_, day)| *day);
    if cap.currency != debt.currency {
        return Ok((0, "the law sets its cap in another currency"));
    }
    if cap.count_max.is_some_and(|max| count >= max) {
        return Ok((0, "the law allows no more of them"));
    }
    if cap.notice_days_min.zip(last).is_some_and(|(days, last)| day < last.plus(days)) {
        return Ok((0, "the letter before it left too little time to pay"));
    }
    Ok((cap.most(basis.rates, day)?, "the law caps it"))
}
