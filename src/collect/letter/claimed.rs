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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::{AsOf, Day};
    use crate::base::money::Currency;
    use crate::collect::claim::{Basis, Charge, ChargeKind, Debt, Payment};
    use crate::statute::interest::Debtor;
    use crate::statute::reference::ReferenceRates;

    #[test]
    fn a_letter_asks_for_what_its_claims_come_to_whatever_a_payment_cleared_first() {
        // 36,500.00 at 1 + 9 % are 10.00 a day. On the tenth day a fee of 25.00 is charged and 150.00 are paid: they clear the fee, 100.00 of
        // interest and 25.00 of principal (BGB section 367). To the ledger all 150.00 are off the invoice: fee and interest are still to pay.
        let rates = "series,valid_from,valid_to,value,source\nDE_BASE,2025-01-01,2025-12-31,1,made up\n";
        let rates = ReferenceRates::of(&[rates]).unwrap();
        let day = |text| Day::from_iso(text).unwrap();
        let (due, paid) = (day("2025-06-20"), day("2025-06-30"));
        let debt = Debt {
            invoice: "I".into(),
            customer: "C".into(),
            issued: due.plus(-30),
            due,
            principal: 3_650_000,
            currency: Currency::new(*b"EUR", 2),
            payments: vec![Payment { day: paid, amount: 15_000 }],
            charges: vec![Charge { day: paid, kind: ChargeKind::LateFee, amount: 2_500 }],
        };
        let basis = Basis { jurisdiction: Some("DE"), debtor: Debtor::Business, agreed: None, rates: &rates };
        let claim = Claim::new(&debt, &basis, AsOf(paid)).unwrap();
        let open = 3_650_000 - 15_000;
        let total = claim.total().unwrap();
        let charges = Charges::of(&[claim], open).unwrap();
        assert_eq!((charges.interest, charges.compensation, charges.fees), (10_000, 4_000, 2_500));
        assert_eq!(open + 10_000 + 4_000 + 2_500, total);
        assert_eq!(charges.segments.len(), 1);
        assert_eq!((charges.segments[0].number.as_str(), charges.segments[0].days), ("I", 10));
    }
}
