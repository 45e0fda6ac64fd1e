//! What holds of every claim, tried on made-up ones.

use rand::Rng as _;

use super::*;
use crate::base::limits::AMOUNT_MINOR_MAX;
use crate::base::seed::{Stream, stream};

const RATES: [&str; 3] = [
    "DE_BASE 2023-01-01 2023-12-31 1.62",
    "DE_BASE 2024-01-01 2024-06-30 3.62",
    "DE_BASE 2024-07-01 2026-12-31 3.37",
];

/// A debt of 2023 with payments, some of them too early or too late to matter.
fn drawn(stream: &mut Stream) -> Debt {
    let mut owed = debt(stream.gen_range(0..5_000_000), EUR, "2023-01-15");
    owed.due = owed.due.plus(stream.gen_range(0..300));
    for _ in 0..stream.gen_range(0..5) {
        let on = owed.due.plus(stream.gen_range(-20..600));
        owed.payments.push(Payment { day: on, amount: stream.gen_range(1..1_500_000) });
    }
    owed
}

fn each(test: impl Fn(&mut Stream, &Debt, AsOf)) {
    for index in 0..300 {
        let mut stream = stream(6, "claims", index);
        let owed = drawn(&mut stream);
        let as_of = AsOf(owed.due.plus(stream.gen_range(-10..500)));
        test(&mut stream, &owed, as_of);
    }
}

#[test]
fn interest_over_a_split_time_is_the_sum_of_its_parts() {
    let rates = rates(&RATES);
    each(|stream, owed, as_of| {
        let whole = Claim::new(owed, &basis("DE", &rates), as_of).unwrap();
        // A payment of nothing ends a segment and changes nothing else.
        let mut split = owed.clone();
        for _ in 0..20 {
            split.payments.push(Payment { day: owed.due.plus(stream.gen_range(-5..500)), amount: 0 });
        }
        let parts = Claim::new(&split, &basis("DE", &rates), as_of).unwrap();
        let exact = |claim: &Claim| {
            claim.segments.iter().fold(Exact::default(), |sum, one| sum.plus(one.interest).unwrap())
        };
        assert_eq!(exact(&parts), exact(&whole));
        assert_eq!(exact(&whole).rounded(), Some(whole.interest.total));
        assert_eq!((parts.interest, parts.principal), (whole.interest, whole.principal));
    });
}

#[test]
fn nothing_is_lost_of_what_was_paid() {
    let rates = rates(&RATES);
    for jurisdiction in ["DE", "EU"] {
        each(|_, owed, as_of| {
            let basis = Basis { agreed: Some(percent("7.3")), ..basis(jurisdiction, &rates) };
            let claim = Claim::new(owed, &basis, as_of).unwrap();
            let came =
                owed.payments.iter().filter(|one| one.day <= as_of.0).map(|one| one.amount).sum::<i64>();
            let parts = [claim.principal, claim.interest, claim.fixed_sum, claim.costs];
            assert_eq!(parts.iter().map(|part| part.paid).sum::<i64>() + claim.surplus, came);
            assert!(parts.iter().all(|part| part.open() >= 0 && part.paid >= 0));
        });
    }
}

#[test]
fn segments_follow_each_other_and_their_days_are_those_of_the_delay() {
    let rates = rates(&RATES);
    each(|_, owed, as_of| {
        let claim = Claim::new(owed, &basis("DE", &rates), as_of).unwrap();
        assert!(claim.segments.windows(2).all(|pair| pair[0].to < pair[1].from));
        assert!(claim.segments.iter().all(|one| one.from <= one.to && one.balance > 0));
        if claim.principal.open() > 0 {
            let days: i32 = claim.segments.iter().map(Segment::days).sum();
            assert_eq!(days, (as_of.0.0 - owed.due.0).max(0));
        }
    });
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let rates = rates(&RATES);
    each(|_, owed, as_of| {
        let mut turned = owed.clone();
        turned.payments.reverse();
        let of = |debt: &Debt| Claim::new(debt, &basis("DE", &rates), as_of).unwrap();
        assert_eq!(of(&turned), of(owed));
    });
}

#[test]
fn the_largest_amounts_are_claimed_or_refused() {
    let rates = rates(&["IN_BANK_RATE 1990-01-01 2199-12-31 1000"]);
    let far = AsOf(day("2199-12-31"));
    let simple =
        Claim::new(&debt(AMOUNT_MINOR_MAX, EUR, "2007-01-01"), &agreed("1000", &rates), far).unwrap();
    // 10 times the principal a year for 193 years of 365 days, 47 leap days more and the first day less: 70,491 days.
    assert_eq!(simple.segments[0].days(), 70_491);
    assert_eq!(i128::from(simple.interest.total), (i128::from(AMOUNT_MINOR_MAX) * 10 * 70_491 + 182) / 365);
    let compound = Claim::new(&debt(AMOUNT_MINOR_MAX, EUR, "2007-01-01"), &basis("IN", &rates), far);
    assert_eq!(compound.unwrap_err().code, Code::AmountTooLarge);
}
