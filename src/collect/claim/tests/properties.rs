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

fn exact(segments: &[Segment]) -> Exact {
    segments.iter().fold(Exact::default(), |sum, one| sum.plus(one.interest).unwrap())
}

#[test]
fn interest_over_a_split_time_is_the_sum_of_its_parts() {
    let whole_rates = rates(&RATES);
    // The same rates in more rows: a segment ends with each.
    let split_rates = rates(&[
        "DE_BASE 2023-01-01 2023-05-31 1.62",
        "DE_BASE 2023-06-01 2023-12-31 1.62",
        "DE_BASE 2024-01-01 2024-02-29 3.62",
        "DE_BASE 2024-03-01 2024-06-30 3.62",
        "DE_BASE 2024-07-01 2024-08-20 3.37",
        "DE_BASE 2024-08-21 2026-12-31 3.37",
    ]);
    each(|stream, owed, as_of| {
        let of = |rates, as_of| Claim::new(owed, &basis("DE", rates), as_of).unwrap();
        let (whole, split) = (of(&whole_rates, as_of), of(&split_rates, as_of));
        assert_eq!(exact(&split.segments), exact(&whole.segments));
        assert_eq!(exact(&whole.segments).rounded(), Some(whole.interest.total));
        assert_eq!((split.interest, split.principal), (whole.interest, whole.principal));
        // Until a day within, it is what the segments give until then; one that the day cuts, by its own figures.
        let day = Day(owed.due.0 + stream.gen_range(0..=(as_of.0.0 - owed.due.0).max(0)));
        let until = whole.segments.iter().filter(|one| one.from <= day).fold(Exact::default(), |sum, one| {
            let days = one.to.min(day).0 - one.from.0 + 1;
            sum.plus(Exact::simple(one.balance, one.rate, days, one.year_days).unwrap()).unwrap()
        });
        assert_eq!(exact(&of(&whole_rates, AsOf(day.min(as_of.0))).segments), until);
    });
}

#[test]
fn what_changes_neither_rate_nor_balance_cuts_no_segment() {
    let rates = rates(&RATES);
    each(|stream, owed, as_of| {
        // Costs are charged, and nothing is paid, on any days.
        let mut more = owed.clone();
        for _ in 0..20 {
            let day = owed.due.plus(stream.gen_range(-5..500));
            more.payments.push(Payment { day, amount: 0 });
            more.charges.push(Charge { day, kind: ChargeKind::LateFee, amount: stream.gen_range(1..5_000) });
        }
        // By the Directive's order, money clears the principal first: costs leave the balance alone.
        let agreed = Basis { agreed: Some(percent("7.3")), ..basis("EU", &rates) };
        let of = |debt: &Debt| Claim::new(debt, &agreed, as_of).unwrap();
        assert_eq!(of(&more).segments, of(owed).segments);
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
