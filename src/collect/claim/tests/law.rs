//! The rules of each law.

use super::*;

const DE_2025: [&str; 2] = ["DE_BASE 2025-01-01 2025-06-30 2", "DE_BASE 2025-07-01 2025-12-31 1"];

#[test]
fn ten_thousand_pounds_bear_3_219_a_day() {
    // Published: GBP 10,000 x 11.75 % / 365 = 3.219 a day. Thirty days are 96.575, and the fixed sum is 100.
    let rates = ReferenceRates::read(None).unwrap();
    let claim = claim(&debt(1_000_000, GBP, "2026-05-31"), &basis("UK", &rates), "2026-06-30");
    assert_eq!(segments(&claim), [row("2026-06-01", "2026-06-30", 30, 1_000_000, "11.75")]);
    assert_eq!(claim.a_day().unwrap().display(GBP), "3.219178");
    assert_eq!((claim.interest.total, claim.fixed_sum.total), (9_658, 10_000));
    assert_eq!(claim.total(), Some(1_019_658));
    assert!(claim.notes.is_empty());
    assert_eq!(
        claim.segments[0].origin.to_string(),
        "UK_BASE 3.75 % + 8 % (2026-01-01 to 2026-06-30; usewolfx: statutory rate of June 2026 less 8); \
         Late Payment of Commercial Debts (Interest) Act 1998; SI 2002/1675 article 4"
    );
}

#[test]
fn in_the_uk_the_rate_is_that_of_the_half_year_in_which_the_debt_became_late() {
    // Base 0.25 % for the first half of 2022, 1.25 % for the second; what is due on 30 June is late on 1 July.
    let rates = ReferenceRates::read(None).unwrap();
    let rate = |due| segments(&claim(&debt(100_000, GBP, due), &basis("UK", &rates), "2023-02-01"));
    assert_eq!(rate("2022-06-29"), [row("2022-06-30", "2023-02-01", 217, 100_000, "8.25")]);
    assert_eq!(rate("2022-06-30"), [row("2022-07-01", "2023-02-01", 216, 100_000, "9.25")]);
}

#[test]
fn the_uk_sum_goes_by_what_is_owed_when_interest_begins() {
    let rates = ReferenceRates::read(None).unwrap();
    let sum = |principal| {
        claim(&debt(principal, GBP, "2026-05-31"), &basis("UK", &rates), "2026-06-01").fixed_sum.total
    };
    assert_eq!([99_999, 100_000, 999_999, 1_000_000].map(sum), [4_000, 7_000, 7_000, 10_000]);
    let part = paid(debt(1_000_000, GBP, "2026-05-31"), &[("2026-05-31", 1)]);
    let part = claim(&part, &basis("UK", &rates), "2026-06-01");
    assert_eq!(part.fixed_sum.total, 7_000);
    // Not late yet, and nothing is owed beside it.
    let none = claim(&debt(1_000_000, GBP, "2026-05-31"), &basis("UK", &rates), "2026-05-31");
    assert_eq!((none.fixed_sum.total, none.interest.total, none.total()), (0, 0, Some(1_000_000)));
}

#[test]
fn in_germany_each_half_year_has_its_rate() {
    // 36,500.00 EUR bear 10.00 a day at 10 % and 11.00 at 11 %.
    let rates = rates(&DE_2025);
    let owed = debt(3_650_000, EUR, "2025-06-20");
    let business = claim(&owed, &basis("DE", &rates), "2025-07-10");
    assert_eq!(
        segments(&business),
        [
            row("2025-06-21", "2025-06-30", 10, 3_650_000, "11"),
            row("2025-07-01", "2025-07-10", 10, 3_650_000, "10")
        ]
    );
    assert_eq!((business.interest.total, business.fixed_sum.total), (21_000, 4_000));
    // Four points less: 7.00 and 6.00 a day; and no fixed sum.
    let consumer = Basis { debtor: Debtor::Consumer, ..basis("DE", &rates) };
    let consumer = claim(&owed, &consumer, "2025-07-10");
    assert_eq!((consumer.interest.total, consumer.fixed_sum.total), (13_000, 0));
}

#[test]
fn a_rate_that_is_not_known_is_an_error_that_names_it() {
    let rates = rates(&DE_2025);
    let owed = debt(3_650_000, EUR, "2025-06-20");
    let error = Claim::new(&owed, &basis("DE", &rates), AsOf(day("2026-01-01"))).unwrap_err();
    assert_eq!(error.code, Code::LegalRateMissing);
    assert_eq!(
        error.detail,
        "invoice INV-1: no DE_BASE on 2026-01-01; the last one known ends on 2025-12-31"
    );
    // What was paid in full before needs none: 36,710.00 on 10 July pay the interest of 210.00 too.
    let settled = paid(owed, &[("2025-07-10", 3_671_000)]);
    let settled = claim(&settled, &basis("DE", &rates), "2026-01-01");
    assert_eq!((settled.interest.open(), settled.principal.open()), (0, 0));
    // A rule that the day or debtor does not have.
    let unknown = |basis: &Basis| {
        let error = Claim::new(&debt(1, EUR, "2025-01-01"), basis, AsOf(day("2025-02-01"))).unwrap_err();
        assert_eq!(error.code, Code::LegalRuleMissing);
    };
    unknown(&basis("AT", &rates));
    // Nor does an agreed rate help a jurisdiction of which nothing is kept: it may be misspelt.
    unknown(&Basis { agreed: Some(percent("10")), ..basis("UKK", &rates) });
}

#[test]
fn interest_fixed_at_the_start_says_when_the_rates_end() {
    let rates = ReferenceRates::read(None).unwrap();
    let claim = claim(&debt(1_000_000, GBP, "2026-05-31"), &basis("UK", &rates), "2027-01-01");
    let notes: Vec<String> = claim.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["the UK_BASE rates known end on 2026-12-31: add newer ones to the rates file"]);
}

#[test]
fn in_india_interest_bears_interest_month_by_month() {
    // 3 x 6.5 % = 19.5 % on 100,000.00: February 28/365 is 1,495.89; March 31/365 on 101,495.89 is 1,680.94; April 30/365 on
    // 103,176.83 is 1,653.66. Together 4,830.49.
    let inr = Currency::new(*b"INR", 2);
    let rates = rates(&["IN_BANK_RATE 2025-01-01 2025-12-31 6.5"]);
    let claim = claim(&debt(10_000_000, inr, "2025-01-31"), &basis("IN", &rates), "2025-04-30");
    assert_eq!(
        segments(&claim),
        [
            row("2025-02-01", "2025-02-28", 28, 10_000_000, "19.5"),
            row("2025-03-01", "2025-03-31", 31, 10_149_589, "19.5"),
            row("2025-04-01", "2025-04-30", 30, 10_317_683, "19.5")
        ]
    );
    assert_eq!(claim.interest.total, 483_049);
}

#[test]
fn the_published_examples_of_prompt_payment_are_met() {
    // Fiscal Service: 1,500 at 6 %, due on 1 April and paid on 15 June, compounds to 18.83; 5 CFR 1315.17: ten days at 6.5 % are 2.71.
    let usd = Currency::new(*b"USD", 2);
    let rates = rates(&["US_PROMPT_PAY 2001-01-01 2001-06-30 6", "US_PROMPT_PAY 2002-01-01 2002-06-30 6.5"]);
    let agency = Basis { debtor: Debtor::Public, ..basis("US", &rates) };
    assert_eq!(claim(&debt(150_000, usd, "2001-04-01"), &agency, "2001-06-15").interest.total, 1_883);
    assert_eq!(claim(&debt(150_000, usd, "2002-04-01"), &agency, "2002-04-11").interest.total, 271);
    // It runs for one year: the last day is 1 April 2002.
    let long = claim(&debt(150_000, usd, "2001-04-01"), &agency, "2003-01-01");
    assert_eq!(long.segments.last().map(|segment| segment.to), Some(day("2002-04-01")));
    assert_eq!(long.a_day(), None);
}

#[test]
fn a_leap_year_has_366_days_where_the_law_counts_them() {
    // A year's interest on 10,000.00 at 10 % from 1 January 2024: 1,000.00, and by 365 days 1,002.74.
    let rates = rates(&["DE_BASE 2023-07-01 2024-12-31 1"]);
    let actual = claim(&debt(1_000_000, EUR, "2023-12-31"), &basis("DE", &rates), "2024-12-31");
    assert_eq!(actual.interest.total, 100_000);
    let by_365 = claim(&debt(1_000_000, EUR, "2023-12-31"), &agreed("10", &rates), "2024-12-31");
    assert_eq!(by_365.interest.total, 100_274);
    // Across the turn of the year: 36,500.00 for ten days of 365 are 100.00, 36,600.00 would be 100.00 in ten of 366.
    let across = claim(&debt(3_650_000, EUR, "2023-12-21"), &basis("DE", &rates), "2024-01-10");
    assert_eq!(across.segments.iter().map(|one| one.year_days).collect::<Vec<_>>(), [365, 366]);
    // 100.00 + 36,500 x 10 % x 10 / 366 = 99.7268.
    assert_eq!(across.interest.total, 19_973);
}

#[test]
fn a_reference_rate_below_zero_lowers_the_rate() {
    let rates = rates(&["DE_BASE 2020-01-01 2020-06-30 -0.88", "DE_BASE 2020-07-01 2020-12-31 -12"]);
    let claim = claim(&debt(1_000_000, EUR, "2020-06-29"), &basis("DE", &rates), "2020-07-02");
    assert_eq!(
        segments(&claim),
        [
            row("2020-06-30", "2020-06-30", 1, 1_000_000, "8.12"),
            row("2020-07-01", "2020-07-02", 2, 1_000_000, "0")
        ]
    );
    // 10,000.00 x 8.12 % / 366.
    assert_eq!(claim.interest.total, 222);
}

#[test]
fn an_agreed_rate_takes_the_place_of_the_law_or_is_set_aside_by_it() {
    let rates = rates(&["IN_BANK_RATE 2025-01-01 2025-12-31 6.5"]);
    let with = |jurisdiction, currency| {
        let basis = Basis { agreed: Some(percent("10")), ..basis(jurisdiction, &rates) };
        claim(&debt(3_650_000, currency, "2025-05-31"), &basis, "2025-06-10")
    };
    // The Act's sum goes with the Act's interest; the Directive's is owed beside an agreed rate too.
    assert_eq!((with("UK", GBP).interest.total, with("UK", GBP).fixed_sum.total), (10_000, 0));
    assert_eq!((with("EU", EUR).interest.total, with("EU", EUR).fixed_sum.total), (10_000, 4_000));
    assert_eq!(with("EU", EUR).source, "agreed rate of 10 % a year");
    // Three times 6.5 % goes before it: 19.50 a day.
    let overridden = with("IN", Currency::new(*b"INR", 2));
    assert_eq!(overridden.interest.total, 19_500);
    assert_eq!(
        overridden.notes[0].to_string(),
        "the law goes before the agreed rate (MSMED Act 2006 sections 15 and 16)"
    );
}

#[test]
fn what_stands_in_another_currency_is_not_converted() {
    let rates = ReferenceRates::read(None).unwrap();
    let claim = claim(&debt(1_000_000, EUR, "2026-05-31"), &basis("UK", &rates), "2026-06-30");
    assert_eq!((claim.interest.total, claim.fixed_sum.total), (9_658, 0));
    assert!(claim.notes[0].to_string().starts_with("no fixed sum is included: it is set in GBP"));
}

#[test]
fn a_term_beyond_the_law_is_pointed_out() {
    let rates = rates(&["ECB_MAIN 2025-01-01 2025-06-30 3"]);
    let mut owed = debt(1_000_000, EUR, "2025-05-31");
    owed.issued = owed.due.plus(-61);
    let claim = claim(&owed, &basis("EU", &rates), "2025-06-30");
    assert_eq!(
        claim.notes,
        [Note::TermTooLong { days: 61, max: 60, source: "Directive 2011/7/EU articles 2 and 3" }]
    );
}
