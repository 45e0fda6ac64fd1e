//! Fees.

use super::*;

fn charged(mut debt: Debt, charges: &[(&str, ChargeKind, i64)]) -> Debt {
    let charge =
        |(on, kind, amount): &(&str, ChargeKind, i64)| Charge { day: day(on), kind: *kind, amount: *amount };
    debt.charges = charges.iter().map(charge).collect();
    debt
}

const REMINDER: ChargeKind = ChargeKind::Letter(Letter::Reminder);
const DEMAND: ChargeKind = ChargeKind::Letter(Letter::Demand);

#[test]
fn in_sweden_letters_are_capped() {
    let sek = Currency::new(*b"SEK", 2);
    let rates = rates(&["SE_REFERENCE 2025-01-01 2025-12-31 2"]);
    let owed = charged(
        debt(3_650_000, sek, "2025-06-20"),
        &[("2025-06-25", REMINDER, 10_000), ("2025-07-05", DEMAND, 18_000), ("2025-07-11", DEMAND, 18_000)],
    );
    let claim = claim(&owed, &basis("SE", &rates), "2025-07-10");
    assert_eq!(claim.costs.total, 6_000 + 18_000);
    assert_eq!(
        claim.notes[0].to_string(),
        "of 100.00 SEK charged on 2025-06-25, 60.00 SEK are claimed: the law caps it (Lag (1981:739) section 4)"
    );
    assert_eq!(claim.notes.len(), 1);
}

#[test]
fn in_norway_letters_are_counted_and_leave_time_to_pay() {
    // A twentieth of 700 is 35. The second comes after 13 days, which is too soon; of those in time the third is one too many.
    let nok = Currency::new(*b"NOK", 2);
    let rates = rates(&["NO_INKASSO 2025-01-01 2025-12-31 700"]);
    let owed = charged(
        debt(3_650_000, nok, "2025-06-20"),
        &[
            ("2025-07-01", REMINDER, 3_500),
            ("2025-07-14", REMINDER, 3_500),
            ("2025-07-15", REMINDER, 3_600),
            ("2025-07-29", REMINDER, 3_500),
        ],
    );
    let agreed = Basis { agreed: Some(percent("10")), ..basis("NO", &rates) };
    let found = claim(&owed, &agreed, "2025-07-31");
    assert_eq!(found.costs.total, 7_000);
    let whys: Vec<&str> = found
        .notes
        .iter()
        .filter_map(|note| match note {
            Note::FeeCut { why, .. } => Some(*why),
            _ => None,
        })
        .collect();
    assert_eq!(
        whys,
        [
            "the letter before it left too little time to pay",
            "the law caps it",
            "the law allows no more of them"
        ]
    );
    // The amount of the year is needed, and not guessed.
    let error = Claim::new(&owed, &Basis { rates: &super::rates(&[]), ..agreed }, AsOf(day("2025-07-31")));
    assert_eq!(error.unwrap_err().code, Code::LegalRateMissing);
}

#[test]
fn a_fee_cuts_no_segment() {
    // 11 % on 36,500.00 are 11.00 a day; 10 days of one balance and one rate are one segment of 110.00, whatever was charged between.
    let rates = rates(&["DE_BASE 2025-01-01 2025-12-31 2"]);
    let fees = [("2025-06-23", REMINDER, 500), ("2025-06-27", ChargeKind::LateFee, 2_500)];
    let owed = charged(debt(3_650_000, EUR, "2025-06-20"), &fees);
    let found = claim(&owed, &basis("DE", &rates), "2025-06-30");
    assert_eq!(segments(&found), [row("2025-06-21", "2025-06-30", 10, 3_650_000, "11")]);
    assert_eq!((found.interest.total, found.costs.total), (11_000, 3_000));
}

#[test]
fn a_payment_clears_costs_first_where_the_law_says_so() {
    // Interest of 10.00 a day for ten days and a late fee of 25.00, then 150.00 are paid: 25.00, 100.00 and 25.00 of principal.
    let rates = rates(&["DE_BASE 2025-01-01 2025-12-31 1"]);
    let owed = charged(debt(3_650_000, EUR, "2025-06-20"), &[("2025-06-30", ChargeKind::LateFee, 2_500)]);
    let owed = paid(owed, &[("2025-06-30", 15_000)]);
    let claim = claim(&owed, &basis("DE", &rates), "2025-06-30");
    assert_eq!(
        (claim.costs, claim.interest, claim.principal),
        (
            Part { total: 2_500, paid: 2_500 },
            Part { total: 10_000, paid: 10_000 },
            Part { total: 3_650_000, paid: 2_500 }
        )
    );
}
