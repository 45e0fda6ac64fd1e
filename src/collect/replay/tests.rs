//! A replay of six invoices worked out by hand, and what must hold of any.

use crate::base::money::Currency;
use crate::collect::ladder::Policies;
use crate::ledger::{Customer, Invoice, Settlement, Stamp};

use super::rules::Measure;
use super::*;

/// A Monday: 2019-06-03.
const MONDAY: Day = Day(18_050);

/// An invoice: customer, days from the Monday to due, amount, and days from the Monday to payment.
type Facts = (u32, i32, i64, Option<i32>);

/// Late after the contact: 20 days, none, 1, 5, due too late to be called about, and never paid.
const SIX: [Facts; 6] = [
    (0, -10, 10_000, Some(20)),
    (0, 3, 30_000, Some(3)),
    (1, -2, 40_000, Some(1)),
    (2, 10, 20_000, Some(15)),
    (3, 20, 99_000, Some(60)),
    (4, -30, 5_000, None),
];

fn ledger(facts: &[Facts]) -> Ledger {
    let mut ledger = Ledger { settlement_starts: vec![0], ..Ledger::default() };
    ledger.customers = (0..5).map(|id| Customer { id: format!("C{id}"), ..Customer::default() }).collect();
    for (at, &(customer, due, amount, paid)) in facts.iter().enumerate() {
        ledger.invoices.push(Invoice {
            id: at.to_string(),
            customer,
            account: customer,
            document: at as u32,
            stamp: Stamp::on(MONDAY.plus(due - 30)),
            due: MONDAY.plus(due),
            amount,
            currency: Currency::new(*b"EUR", 2),
            discount: None,
            disputed: None,
            dispute_resolved: None,
        });
        let stamp = paid.map(|day| Stamp::on(MONDAY.plus(day)));
        ledger.settlements.extend(stamp.map(|stamp| Settlement { invoice: at as u32, stamp, amount }));
        ledger.settlement_starts.push(ledger.settlements.len() as u32);
    }
    ledger
}

/// One Monday with two of five items, or one of four accounts; what became is known for fifty days more.
fn plan() -> (AsOf, Plan) {
    let plan = Plan { from: MONDAY.plus(-3), to: MONDAY.plus(6), capacity: Capacity::Share(0.4) };
    (AsOf(MONDAY.plus(50)), plan)
}

fn replayed(ledger: &Ledger) -> Replay {
    let (end, plan) = plan();
    replay(ledger, end, &plan, &Policies::read(&[]).unwrap(), &train).unwrap()
}

#[test]
fn six_invoices_by_hand() {
    let replay = replayed(&ledger(&SIX));
    let line = |unit: Unit, rule: Rule| {
        *replay.lines.iter().find(|line| (line.unit, line.rule) == (unit, rule)).unwrap()
    };
    // Money-days 200,000 + 0 + 40,000 + 100,000 + 250,000; late money 10,000 + 40,000 + 20,000 + 5,000.
    let ours = line(Unit::Item, Rule::Ours);
    assert_eq!((ours.monday, ours.candidates, ours.contacts), (MONDAY, 5, 2));
    assert_eq!(ours.all.map(|all| all.round() as i64), [590_000, 75_000]);
    let reached = |unit, rule| line(unit, rule).reached.map(|reached| reached.round() as i64);
    assert_eq!(reached(Unit::Item, Rule::Oldest), [450_000, 15_000]);
    assert_eq!(reached(Unit::Item, Rule::Largest), [40_000, 40_000]);
    assert_eq!(reached(Unit::Item, Rule::Random), [236_000, 30_000]);
    assert_eq!(reached(Unit::Item, Rule::Oracle), [450_000, 60_000]);
    // Accounts: the first two items are one; of the two largest, equal ones, either may be called.
    assert_eq!(
        (line(Unit::Account, Rule::Ours).candidates, line(Unit::Account, Rule::Ours).contacts),
        (4, 1)
    );
    assert_eq!(reached(Unit::Account, Rule::Oldest), [250_000, 5_000]);
    assert_eq!(reached(Unit::Account, Rule::Largest), [120_000, 25_000]);
    assert_eq!(reached(Unit::Account, Rule::Oracle), [250_000, 40_000]);
    assert_eq!(replay.open_to_the_end, 1);
    assert_eq!(replay.trained.len(), 1);
}

#[test]
fn what_comes_later_changes_no_list() {
    let other =
        SIX.map(|(customer, due, amount, paid)| (customer, due, amount, paid.map(|day| 30 - day / 2)));
    let listed = |facts: &[Facts]| {
        let ledger = ledger(facts);
        let view = LedgerView::new(&ledger, AsOf(MONDAY.plus(-1))).unwrap();
        let end = LedgerView::new(&ledger, plan().0).unwrap();
        let mut items =
            week::items(&view, &end, &train(&view, None).unwrap(), &Policies::read(&[]).unwrap()).unwrap();
        let outcomes: Vec<i128> = items.iter().map(|(_, item)| item.outcome.money_days).collect();
        for (_, item) in &mut items {
            item.outcome = crate::collect::outcome::Late::default();
        }
        (items, outcomes)
    };
    let (now, later) = (listed(&SIX), listed(&other));
    assert_eq!(now.0, later.0);
    assert_ne!(now.1, later.1);
}

#[test]
fn the_same_past_is_replayed_alike_and_no_rule_beats_the_oracle() {
    let replay = replayed(&ledger(&SIX));
    assert_eq!(replay, replayed(&ledger(&SIX)));
    for week in replay.lines.chunk_by(|left, right| (left.unit, left.monday) == (right.unit, right.monday)) {
        let oracle = week.last().unwrap();
        assert_eq!((week.len(), oracle.rule), (RULES.len(), Rule::Oracle));
        for measure in [Measure::MoneyDays as usize, Measure::Money as usize] {
            assert!(week.iter().all(|line| line.reached[measure] <= oracle.reached[measure]));
        }
    }
}

#[test]
fn a_capacity_is_a_number_or_a_share() {
    assert_eq!(Capacity::parse("50"), Ok(Capacity::Contacts(50)));
    assert_eq!(Capacity::parse("20%"), Ok(Capacity::Share(0.2)));
    assert!(["", "-1", "1.5", "%", "101%", "NaN%", "x"].iter().all(|text| Capacity::parse(text).is_err()));
}

#[test]
fn capacity_is_never_exceeded() {
    assert_eq!(contacts(Capacity::Share(0.2), &[10, 9, 4]), [2, 1, 0]);
    assert_eq!(contacts(Capacity::Share(20.0), &[10, 9, 4]), [10, 9, 4]);
    // Seven for 10 and 5: 4 and 2, and the one left over goes where 4.67 was rounded down.
    assert_eq!(contacts(Capacity::Contacts(7), &[10, 5]), [5, 2]);
    assert_eq!(contacts(Capacity::Contacts(99), &[10, 5]), [10, 5]);
    for most in 0..20 {
        let given = contacts(Capacity::Contacts(most), &[3, 7, 1, 5]);
        assert_eq!(given.iter().sum::<usize>(), most.min(16));
        assert!(given.iter().zip([3, 7, 1, 5]).all(|(given, size)| *given <= size));
    }
}

#[test]
fn a_plan_without_a_monday_that_is_known_is_refused() {
    let (end, plan) = plan();
    assert_eq!(mondays(&plan, end).unwrap(), [MONDAY]);
    let later = Plan { to: MONDAY.plus(60), ..plan };
    assert_eq!(mondays(&later, end).unwrap_err().code, Code::OptionInvalid);
    let none = Plan { from: MONDAY.plus(1), to: MONDAY.plus(6), ..plan };
    assert_eq!(mondays(&none, end).unwrap_err().code, Code::OptionInvalid);
}
