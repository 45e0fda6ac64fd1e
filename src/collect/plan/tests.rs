//! Plans by hand, and what holds of every plan.

use rand::Rng as _;

use super::*;
use crate::base::seed::stream;

const EUR: Currency = Currency::new(*b"EUR", 2);

fn day(text: &str) -> Day {
    Day::from_iso(text).unwrap()
}

fn ask(claim: i64, split: Split, price: Price) -> Ask {
    Ask {
        claim,
        currency: EUR,
        split,
        every: Every::Month,
        agreed: day("2026-01-01"),
        first: day("2026-01-31"),
        roll: Roll::None,
        price,
    }
}

fn rows(ask: &Ask) -> Vec<(String, i64, i64, i64, i64)> {
    let plan = Plan::new(ask).unwrap();
    let row = |one: &Instalment| (one.due.to_string(), one.amount, one.part, one.charge, one.left);
    plan.instalments.iter().map(row).collect()
}

fn refused(ask: &Ask) -> String {
    let error = Plan::new(ask).unwrap_err();
    assert_eq!(error.code, Code::PlanImpossible);
    error.detail
}

#[test]
fn the_last_instalment_takes_the_rounding() {
    // 1,000.00 in three: 333.33, 333.33 and 333.34.
    assert_eq!(
        rows(&ask(100_000, Split::Count(3), Price::Free)),
        [
            ("2026-01-31".into(), 33_333, 33_333, 0, 66_667),
            ("2026-02-28".into(), 33_333, 33_333, 0, 33_334),
            ("2026-03-31".into(), 33_334, 33_334, 0, 0)
        ]
    );
    // In parts of 400.00: 400.00, 400.00 and 200.00; in parts of more than it is, one.
    let amounts = |amount| -> Vec<i64> {
        rows(&ask(100_000, Split::Amount(amount), Price::Free)).into_iter().map(|row| row.1).collect()
    };
    assert_eq!(amounts(40_000), [40_000, 40_000, 20_000]);
    assert_eq!(amounts(50_000), [50_000, 50_000]);
    assert_eq!(amounts(200_000), [100_000]);
}

#[test]
fn a_proposed_plan_ends_in_no_small_rest() {
    // 1,000.01 by 100.00: with an amount that was asked for the cent is an eleventh; of ours it is paid with the tenth. So is
    // anything below 50.00, half an instalment.
    let parts = |claim, split| -> Vec<i64> {
        Plan::new(&ask(claim, split, Price::Free)).unwrap().instalments.iter().map(|one| one.part).collect()
    };
    assert_eq!(parts(100_001, Split::Amount(10_000)), [vec![10_000; 10], vec![1]].concat());
    assert_eq!(parts(100_001, Split::Proposed(10_000)), [vec![10_000; 9], vec![10_001]].concat());
    assert_eq!(parts(104_999, Split::Proposed(10_000)), [vec![10_000; 9], vec![14_999]].concat());
    assert_eq!(parts(105_000, Split::Proposed(10_000)), [vec![10_000; 10], vec![5_000]].concat());
    assert_eq!(parts(4_000, Split::Proposed(10_000)), [4_000]);
    assert_eq!(refused(&ask(1, Split::Proposed(0), Price::Free)), "instalments of nothing");
}

#[test]
fn a_fee_comes_with_the_first_instalment() {
    let rows = rows(&ask(100_000, Split::Count(2), Price::Fee(1_500)));
    assert_eq!(rows.iter().map(|row| (row.1, row.3)).collect::<Vec<_>>(), [(51_500, 1_500), (50_000, 0)]);
}

#[test]
fn interest_is_that_on_what_is_still_owed() {
    // 10 % on 36,500.00 are 10.00 a day. 30 days to 31 January: 300.00; then 18,250.00 are owed and 28 days at 5.00 are 140.00.
    let ten = Price::Interest(Percent::parse("10").unwrap());
    assert_eq!(
        rows(&ask(3_650_000, Split::Count(2), ten)),
        [
            ("2026-01-31".into(), 1_855_000, 1_825_000, 30_000, 1_825_000),
            ("2026-02-28".into(), 1_839_000, 1_825_000, 14_000, 0)
        ]
    );
    // 1.00 at 3.65 % bears a hundredth of a cent a day, half of it half as much: 0.30 and 0.14 cents round to nothing.
    let little = ask(100, Split::Count(2), Price::Interest(Percent::parse("3.65").unwrap()));
    assert_eq!(Plan::new(&little).unwrap().charge, 0);
}

#[test]
fn days_without_settlement_are_moved() {
    // 31 January 2026 is a Saturday, 28 February a Saturday, 31 March a Tuesday.
    let moved = |roll| -> Vec<String> {
        let ask = Ask { roll, ..ask(90_000, Split::Count(3), Price::Free) };
        rows(&ask).into_iter().map(|row| row.0).collect()
    };
    assert_eq!(moved(Roll::Following), ["2026-02-02", "2026-03-02", "2026-03-31"]);
    assert_eq!(moved(Roll::ModifiedFollowing), ["2026-01-30", "2026-02-27", "2026-03-31"]);
}

#[test]
fn what_makes_no_plan_is_said() {
    let free = |claim, split| refused(&ask(claim, split, Price::Free));
    assert_eq!(free(0, Split::Count(1)), "there is nothing to pay off");
    assert_eq!(free(100, Split::Count(0)), "0 instalments of one claim");
    assert_eq!(free(2, Split::Count(3)), "3 instalments of one claim");
    assert_eq!(free(100_000, Split::Count(521)), "521 instalments, more than 520");
    assert_eq!(free(100_000, Split::Amount(0)), "instalments of nothing");
    assert_eq!(free(i64::MAX, Split::Amount(1)), "9223372036854775807 instalments, more than 520");
    let early = Ask { first: day("2025-12-31"), ..ask(100, Split::Count(1), Price::Free) };
    assert_eq!(refused(&early), "its first day 2025-12-31 is before 2026-01-01");
    // Agreed on Saturday 31 January 2026 for that day, and moved to the Friday before.
    let moved =
        Ask { agreed: day("2026-01-31"), roll: Roll::Preceding, ..ask(100, Split::Count(1), Price::Free) };
    assert_eq!(refused(&moved), "its first day 2026-01-30 is before 2026-01-31");
    assert_eq!(refused(&ask(100, Split::Count(1), Price::Fee(-1))), "a fee or interest below zero");
    let less = Price::Interest(Percent::parse("-1").unwrap());
    assert_eq!(refused(&ask(100, Split::Count(1), less)), "a fee or interest below zero");
    let late = Ask { first: day("2199-12-01"), ..ask(100, Split::Count(2), Price::Free) };
    assert_eq!(refused(&late), "it would end on 2200-01-01");
    let dear = Percent::parse("1000").unwrap();
    let dear = Ask { first: day("2190-01-01"), ..ask(i64::MAX, Split::Count(2), Price::Interest(dear)) };
    assert_eq!(refused(&dear), "its interest or fee is beyond any amount");
}

#[test]
fn the_instalments_sum_to_the_claim_and_its_charge() {
    for index in 0..500 {
        let mut stream = stream(6, "plans", index);
        let claim = stream.gen_range(1..10_000_000);
        let amount = stream.gen_range(claim / 60 + 1..=claim + 10);
        let split = match index % 4 {
            0 | 2 => Split::Count(stream.gen_range(1..=claim.min(60)) as usize),
            1 => Split::Amount(amount),
            _ => Split::Proposed(amount),
        };
        let price = match index % 3 {
            0 => Price::Free,
            1 => Price::Fee(stream.gen_range(0..10_000)),
            _ => Price::Interest(Percent::parse("7.77").unwrap()),
        };
        let every = [Every::Week, Every::Fortnight, Every::Month][index as usize % 3];
        let roll =
            [Roll::None, Roll::Following, Roll::ModifiedFollowing, Roll::Preceding][index as usize % 4];
        let first = day("2026-01-01").plus(stream.gen_range(3..60));
        let plan = Plan::new(&Ask { every, first, roll, ..ask(claim, split, price) }).unwrap();
        let all = |of: &dyn Fn(&Instalment) -> i64| plan.instalments.iter().map(of).sum::<i64>();
        assert_eq!(all(&|one| one.part), claim);
        assert_eq!(all(&|one| one.amount), claim + plan.charge);
        assert!(plan.instalments.iter().all(|one| one.part > 0 && one.charge >= 0));
        assert!(
            plan.instalments.windows(2).all(|pair| pair[0].due < pair[1].due && pair[1].left < pair[0].left)
        );
        assert_eq!(plan.instalments.last().map(|one| one.left), Some(0));
    }
}
