//! What a letter claims besides its invoices: the interest, compensation and fees of their claims.

use super::request::{Charges, Segment};
use crate::collect::claim::Claim;

impl Charges {
    /// Of claims of which the ledger says so much, in minor units, to be open: with it the letter asks for what the claims come to,
    /// whatever a payment cleared first by law. `None` beyond any amount.
    pub fn of(claims: &[Claim], open: i64) -> Option<Self> {
        let sum = |of: &dyn Fn(&Claim) -> Option<i64>| {
            claims.iter().try_fold(0_i64, |sum, claim| sum.checked_add(of(claim)?))
        };
        let total = sum(&Claim::total)?;
        let compensation = sum(&|claim| Some(claim.fixed_sum.total))?;
        let fees = sum(&|claim| Some(claim.costs.total))?;
        let interest = total.checked_sub(open)?.checked_sub(compensation)?.checked_sub(fees)?;
        Some(Self { interest, compensation, fees, segments: claims.iter().flat_map(segments).collect() })
    }
}

fn segments(claim: &Claim) -> impl Iterator<Item = Segment> + '_ {
    claim.segments.iter().map(|one| Segment {
        number: claim.invoice.clone(),
        from: one.from,
        to: one.to,
        days: one.days(),
        balance: one.balance,
        rate: one.rate.to_string(),
        interest: one.interest.display(claim.currency),
    })
}
