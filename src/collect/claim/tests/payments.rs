//! What payments do to a claim. 36,500.00 bear 10.00 a day at 10 %.

use super::*;

#[test]
fn paid_by_the_due_day_bears_nothing() {
    let rates = rates(&[]);
    let due = || debt(3_650_000, EUR, "2025-06-20");
    for on in ["2025-06-01", "2025-06-20"] {
        let claim = claim(&paid(due(), &[(on, 3_650_000)]), &agreed("10", &rates), "2025-12-31");
        assert_eq!((claim.interest.total, claim.total(), claim.segments.len()), (0, Some(0), 0));
        assert_eq!(claim.source, "");
    }
    // A day late is one day.
    let late = claim(&paid(due(), &[("2025-06-21", 3_650_000)]), &agreed("10", &rates), "2025-12-31");
    assert_eq!(late.interest.total, 1_000);
    // Half of it in time, half unpaid: 5.00 a day.
    let half = claim(&paid(due(), &[("2025-06-01", 1_825_000)]), &agreed("10", &rates), "2025-06-30");
    assert_eq!((half.interest.total, half.principal.open()), (5_000, 1_825_000));
}

#[test]
fn a_payment_lowers_the_balance_from_the_next_day_on() {
    // Ten days at 10.00; then 3,650.00 are paid and ten days at 9.00.
    let rates = rates(&[]);
    let owed = paid(debt(3_650_000, EUR, "2025-06-20"), &[("2025-06-30", 365_000)]);
    let claim = claim(&owed, &agreed("10", &rates), "2025-07-10");
    assert_eq!(
        segments(&claim),
        [
            row("2025-06-21", "2025-06-30", 10, 3_650_000, "10"),
            row("2025-07-01", "2025-07-10", 10, 3_285_000, "10")
        ]
    );
    assert_eq!((claim.interest.total, claim.principal.open()), (19_000, 3_285_000));
    assert_eq!(claim.total(), Some(3_304_000));
}

#[test]
fn in_germany_a_payment_clears_interest_before_principal() {
    // Of 3,750.00 on the tenth day 100.00 are interest; so 3,650.00 are principal, and 9.00 a day follow.
    let rates = rates(&["DE_BASE 2025-01-01 2025-12-31 1"]);
    let owed = paid(debt(3_650_000, EUR, "2025-06-20"), &[("2025-06-30", 375_000)]);
    let claim = claim(&owed, &basis("DE", &rates), "2025-07-10");
    assert_eq!(claim.interest, Part { total: 19_000, paid: 10_000 });
    assert_eq!(claim.principal, Part { total: 3_650_000, paid: 365_000 });
    // 32,850.00 + 90.00 + the fixed sum of 40.00.
    assert_eq!(claim.total(), Some(3_298_000));
}

#[test]
fn interest_is_owed_after_the_principal_is_paid() {
    let rates = rates(&[]);
    let owed = paid(debt(3_650_000, EUR, "2025-06-20"), &[("2025-06-30", 3_650_000)]);
    let later = claim(&owed, &agreed("10", &rates), "2025-12-31");
    assert_eq!((later.principal.open(), later.interest.open(), later.total()), (0, 10_000, Some(10_000)));
    // And no more of it: interest bears none.
    assert_eq!(later.segments.len(), 1);
    assert_eq!(later.a_day(), None);
}

#[test]
fn what_is_paid_too_much_pays_the_fixed_sum_and_is_left_over() {
    // Interest of 100.00 and the sum of 40.00: of 36,700.00 there remain 60.00.
    let rates = rates(&["DE_BASE 2025-01-01 2025-12-31 1"]);
    let owed = paid(debt(3_650_000, EUR, "2025-06-20"), &[("2025-06-30", 3_670_000)]);
    let claim = claim(&owed, &basis("DE", &rates), "2025-07-10");
    assert_eq!((claim.fixed_sum, claim.surplus), (Part { total: 4_000, paid: 4_000 }, 6_000));
    assert_eq!(claim.total(), Some(0));
}

#[test]
fn what_was_paid_after_the_day_of_the_claim_is_not_seen() {
    let rates = rates(&[]);
    let owed = debt(3_650_000, EUR, "2025-06-20");
    let later = paid(owed.clone(), &[("2025-07-11", 3_650_000)]);
    let of = |debt: &Debt| claim(debt, &agreed("10", &rates), "2025-07-10");
    assert_eq!(of(&later), of(&owed));
}

#[test]
fn money_that_came_back_bears_interest_again() {
    // Paid on the tenth day and back ten days later: ten days of interest, none for ten, and ten again.
    let rates = rates(&[]);
    let owed =
        paid(debt(3_650_000, EUR, "2025-06-20"), &[("2025-06-30", 3_650_000), ("2025-07-10", -3_650_000)]);
    let claim = claim(&owed, &agreed("10", &rates), "2025-07-20");
    assert_eq!((claim.interest.total, claim.principal.open()), (20_000, 3_650_000));
}

#[test]
fn each_currency_is_rounded_to_its_own_unit() {
    let rates = rates(&[]);
    let interest = |code, decimals, principal, rate| {
        let owed = debt(principal, Currency::new(code, decimals), "2025-06-20");
        claim(&owed, &agreed(rate, &rates), "2025-06-23").interest.total
    };
    // 1,000,000 yen at 14.6 % are 400 a day; 1,000.000 dinars at 3.65 % are 0.100 a day.
    assert_eq!(interest(*b"JPY", 0, 1_000_000, "14.6"), 1_200);
    assert_eq!(interest(*b"KWD", 3, 1_000_000, "3.65"), 300);
    // 1,000 yen at 14.6 % for three days are 1.2; 1,300 yen 1.56.
    assert_eq!(interest(*b"JPY", 0, 1_000, "14.6"), 1);
    assert_eq!(interest(*b"JPY", 0, 1_300, "14.6"), 2);
}

#[test]
fn without_principal_there_is_no_claim() {
    let rates = ReferenceRates::read(None).unwrap();
    for principal in [0, -100] {
        let claim = claim(&debt(principal, GBP, "2026-05-31"), &basis("UK", &rates), "2026-06-30");
        assert_eq!((claim.total(), claim.segments.len()), (Some(0), 0));
    }
    // Neither law nor agreement: principal alone.
    let nothing = Basis { jurisdiction: None, debtor: Debtor::Business, agreed: None, rates: &rates };
    let claim = claim(&debt(100, GBP, "2026-05-31"), &nothing, "2026-06-30");
    assert_eq!((claim.total(), claim.source.as_str()), (Some(100), ""));
}
