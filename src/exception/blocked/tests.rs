//! On made ledgers: of six suppliers four have every bill above a limit blocked, and two have none.

use super::book::Book;
use super::feature::{Feature, rows};
use super::pace::Pace;
use super::rate::{Evidence, Question, decayed};
use super::*;
use crate::base::day::{AsOf, Day};
use crate::base::error::Code;
use crate::base::money::Currency;

const SUPPLIERS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
const AS_OF: AsOf = AsOf(Day(300));

fn bill(supplier: &'static str, number: &'static str, posted: i32) -> Bill<'static> {
    Bill {
        number,
        supplier,
        order: "",
        category: "",
        posted: Day(posted),
        issued: Some(Day(posted - 2)),
        ordered: Some(Day(posted - 30)),
        received: Some(Day(posted - 4)),
        receipts: 1,
        lines: 1,
        amount: 10_000,
        currency: Currency::new(*b"EUR", 2),
        settled: None,
        released: None,
    }
}

/// A bill of each supplier every three days, one in three above the limit. Releases come after five days, money after thirty.
fn ledger() -> Vec<Bill<'static>> {
    let of_day = |day: i32| {
        SUPPLIERS.into_iter().zip(0..).map(move |(supplier, at)| {
            let large = (day / 3 + at) % 3 == 0;
            let released = (large && at < 4).then_some(Day(day + 5));
            let amount = if large { 500_000 } else { 10_000 } + i64::from(day);
            Bill { amount, released, settled: Some(Day(day + 30)), ..bill(supplier, "", day) }
        })
    };
    (0..300).step_by(3).flat_map(of_day).collect()
}

/// As it was exported on the day.
fn known(bills: &[Bill<'static>], as_of: AsOf) -> Vec<Bill<'static>> {
    let seen = |day: Option<Day>| day.filter(|day| *day <= as_of.0);
    let past = bills.iter().filter(|bill| bill.posted <= as_of.0);
    past.map(|bill| Bill { settled: seen(bill.settled), released: seen(bill.released), ..*bill }).collect()
}

fn near(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-12, "{left} {right}");
}

#[test]
fn a_decayed_rate_by_hand() {
    // Asked as day 120 begins. Booked 120 days before, released: weighs 1/4. Booked 60 days before, paid: 1/2. Booked 10 days
    // before and open: 2^(-1/6), times 10/21 of the releases that would have come. Another supplier's says nothing.
    let bills = [
        Bill { released: Some(Day(10)), ..bill("A", "1", 0) },
        Bill { settled: Some(Day(70)), ..bill("A", "2", 60) },
        bill("A", "3", 110),
        Bill { released: Some(Day(101)), ..bill("B", "4", 100) },
    ];
    let pace = Pace::new(&bills);
    let asked = |except| Question { group: 0, morning: Day(120), except };
    let asked = [asked(None), asked(Some(Day(110)))];
    let found = decayed(&bills, &[0, 0, 0, 1], &asked, 60.0, &pace);
    let open = (-1.0_f64 / 6.0).exp2() * 10.0 / 21.0;
    near(found[0].yes, 0.25);
    near(found[0].all, 0.75 + open);
    // The open bill does not speak of itself.
    near(found[1].all, 0.75);
    // A quarter of three quarters, with two bills of one half: (1/4 + 1) / (3/4 + 2).
    near(found[1].rate(0.5, 2.0), 1.25 / 2.75);
}

#[test]
fn a_release_says_no_before_it_is_known() {
    // Released on its 90th day: until then a bill that waited too long is a no, from the day after a yes.
    let bills = [Bill { released: Some(Day(90)), ..bill("A", "1", 0) }];
    let pace = Pace::new(&bills);
    let at = |day: i32| {
        let asked = Question { group: 0, morning: Day(day), except: None };
        decayed(&bills, &[0], &[asked], f64::INFINITY, &pace)[0]
    };
    assert_eq!(at(0), Evidence::default());
    near(at(7).all, 7.0 / 21.0);
    assert_eq!(at(60), Evidence { yes: 0.0, all: 1.0 });
    assert_eq!(at(90), Evidence { yes: 0.0, all: 1.0 });
    assert_eq!(at(91), Evidence { yes: 1.0, all: 1.0 });
}

#[test]
fn the_pace_is_that_of_bills_that_had_their_time() {
    // 20 bills of day 0: half released after two days, half after fifty. Known from day 60 on; until then even over 21 days.
    let released = |after: i32| (0..10).map(move |_| Bill { released: Some(Day(after)), ..bill("A", "", 0) });
    let bills: Vec<Bill> = released(2).chain(released(50)).collect();
    let pace = Pace::new(&bills);
    for (age, share) in [(0, 0.0), (2, 0.0), (3, 0.5), (50, 0.5), (51, 1.0), (60, 1.0)] {
        near(pace.share(Day(60), age), share);
    }
    near(pace.share(Day(59), 3), 3.0 / 21.0);
    near(pace.share(Day(59), 30), 1.0);
}

#[test]
fn bills_of_one_day_do_not_give_each_other_away() {
    let twins = |released| {
        let mut bills = ledger();
        bills.extend([bill("A", "one", 200), Bill { released, ..bill("A", "other", 200) }]);
        let book = Book::new(&bills);
        let at = book.bills.iter().position(|bill| bill.number == "one").unwrap();
        rows(&book, &[(at as u32, Day(200))])
    };
    assert_eq!(twins(Some(Day(200))), twins(None));
    // Two days later it is known.
    let later = |released| {
        let bills = [Bill { released, ..bill("A", "other", 200) }, bill("A", "one", 202)];
        rows(&Book::new(&bills), &[(1, Day(202))]).remove(0)
    };
    assert!(later(Some(Day(200))).rule > later(None).rule);
}

#[test]
fn what_comes_later_changes_nothing() {
    let bills = ledger();
    let as_of = AsOf(Day(240));
    let past = known(&bills, as_of);
    let asked = open(&past, as_of);
    assert!(asked.len() > 10);
    let outlooks = |bills: &[Bill]| {
        let model = BlockModel::learn(bills, as_of, 1).unwrap();
        (*model.duel(), model.outlooks(bills, &asked).unwrap())
    };
    // The bills known then come first in the whole ledger.
    assert_eq!(outlooks(&past), outlooks(&bills));
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let bills = ledger();
    let turned: Vec<Bill<'static>> = bills.iter().rev().copied().collect();
    let outlooks = |bills: &[Bill<'static>]| {
        let model = BlockModel::learn(bills, AsOf(Day(270)), 1).unwrap();
        let outlooks = model.outlooks(bills, &open(bills, AsOf(Day(270)))).unwrap();
        let mut named: Vec<_> = outlooks
            .into_iter()
            .map(|outlook| {
                let bill = bills[outlook.bill];
                let texts: Vec<String> = outlook.reasons.into_iter().map(|reason| reason.text).collect();
                (bill.posted, bill.supplier, outlook.probability.to_bits(), texts)
            })
            .collect();
        named.sort();
        named
    };
    assert_eq!(outlooks(&bills), outlooks(&turned));
}

#[test]
fn the_model_sees_what_the_rule_cannot() {
    let mut bills = known(&ledger(), AS_OF);
    let first = bills.len();
    // Of day 300 itself: a large and a small bill of a supplier with a limit, a large one of a supplier without.
    let day = AS_OF.0.0;
    bills.extend(
        [("A", 500_000), ("A", 10_000), ("F", 500_000)]
            .map(|(supplier, amount)| Bill { amount, ..bill(supplier, "new", day) }),
    );
    let model = BlockModel::learn(&bills, AS_OF, 1).unwrap();
    assert!(model.is_used(), "{:?}", model.duel());
    let asked: Vec<Asked> =
        (first..first + 3).map(|bill| Asked { bill, as_of: AsOf(Day(day - 1)) }).collect();
    let outlooks = model.outlooks(&bills, &asked).unwrap();
    let of = |at: usize| outlooks.iter().find(|outlook| outlook.bill == first + at).unwrap();
    assert!(of(0).probability > 0.8 && of(1).probability < 0.2 && of(2).probability < 0.2, "{outlooks:?}");
    // To the rule the two of one supplier are the same.
    assert!((of(0).rule - of(1).rule).abs() < 1e-12);
    assert_eq!(outlooks[0].bill, first);
    assert!(
        of(0).reasons[0].text.starts_with("33 of the supplier's last 100 bills so far released by hand"),
        "{:?}",
        of(0)
    );
}

#[test]
fn reasons_sum_to_the_score() {
    let bills = known(&ledger(), AS_OF);
    let model = BlockModel::learn(&bills, AS_OF, 1).unwrap();
    let outlooks = model.outlooks(&bills, &open(&bills, AS_OF)).unwrap();
    assert!(!outlooks.is_empty());
    for outlook in outlooks {
        let log_odds = outlook.prior + outlook.reasons.iter().map(|reason| reason.part).sum::<f64>();
        near(crate::model::probability(log_odds), outlook.probability);
        assert!(outlook.reasons.is_sorted_by(|one, other| one.part.abs() >= other.part.abs()));
    }
}

#[test]
fn waiting_without_a_release_lowers_it_by_those_that_came() {
    // A bill of day 290 asked when day 300 ended: ten days, and all releases come after five. Of what may come a hundredth
    // is left, which is ln(1/100) on the log-odds.
    let mut bills = known(&ledger(), AS_OF);
    bills.push(bill("A", "waits", 290));
    let model = BlockModel::learn(&bills, AS_OF, 1).unwrap();
    let asked = [Asked { bill: bills.len() - 1, as_of: AS_OF }];
    let outlook = model.outlooks(&bills, &asked).unwrap().remove(0);
    let waited = outlook.reasons.iter().find(|reason| reason.text.contains("without a release")).unwrap();
    near(waited.part, 0.01_f64.ln());
    assert_eq!(waited.text, "10 days without a release, and 99 % of releases come sooner");
}

#[test]
fn too_short_a_past_is_said() {
    let bills = known(&ledger(), AsOf(Day(20)));
    let error = BlockModel::learn(&bills, AsOf(Day(20)), 1).unwrap_err();
    assert_eq!(error.code, Code::HistoryTooShort);
    // Seven days of six bills; of those of days 0 to 15 the large ones of four suppliers are known: 1 or 2 a day.
    assert!(error.detail.starts_with("42 bills of which 8 were released by hand"), "{}", error.detail);
}

#[test]
fn a_duel_without_figures_is_not_won() {
    let nothing = Figures { auc: f64::NAN, ap: f64::NAN };
    let some = Figures { auc: 0.5, ap: 0.1 };
    let duel = |model, rule| Duel { bills: 0, released: 0, model, rule }.is_won();
    assert!(!duel(nothing, nothing) && !duel(some, some) && !duel(some, nothing));
    assert!(duel(Figures { auc: 0.6, ap: 0.2 }, some));
    assert!(!duel(Figures { auc: 0.6, ap: 0.1 }, some));
}

#[test]
fn days_that_are_not_known_are_gaps() {
    let bills = [Bill { issued: None, ordered: None, received: None, ..bill("A", "1", 5) }];
    let row = rows(&Book::new(&bills), &[(0, Day(5))]).remove(0);
    for feature in [Feature::Ordered, Feature::Received, Feature::Issued, Feature::AmountOfUsual] {
        assert!(row.values[feature as usize].is_nan());
    }
    // Nothing is known of any bill: none as likely as any.
    near(row.rule, 0.5);
}
