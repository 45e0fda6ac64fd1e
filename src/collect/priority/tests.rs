//! Orders by hand, and a small ledger ranked from its facts.

use crate::asof::view::{LedgerView, OpenItem};
use crate::base::day::{AsOf, Day};
use crate::base::money::Currency;
use crate::collect::ladder::Policies;
use crate::collect::owed::Item;
use crate::collect::stage::Stages;
use crate::collect::worklist::{self, Worklist};
use crate::ledger::{Activity, CashMove, Channel, Customer, Invoice, Ledger, Outcome, Stamp};
use crate::model::score::{Band, RiskScore};

use super::holdout::HoldOut;
use super::order::{Contact, Place, contacts, rank};
use super::*;

const EUR: Currency = Currency::new(*b"EUR", 2);
const TODAY: Day = Day(18_049);

/// An invoice: customer, days past due, amount.
type Facts = (u32, i32, i64);

fn ledger(facts: &[Facts]) -> Ledger {
    let mut ledger = Ledger { settlement_starts: vec![0], ..Ledger::default() };
    let customers = facts.iter().map(|(customer, ..)| customer + 1).max().unwrap_or(0);
    let customer = |id: u32| Customer { id: format!("C{id:02}"), ..Customer::default() };
    ledger.customers = (0..customers).map(customer).collect();
    for (at, &(customer, past_due, amount)) in facts.iter().enumerate() {
        ledger.invoices.push(Invoice {
            id: at.to_string(),
            customer,
            account: customer,
            document: at as u32,
            stamp: Stamp::on(TODAY.plus(-past_due - 30)),
            due: TODAY.plus(-past_due),
            amount,
            currency: EUR,
            discount: None,
            disputed: None,
            dispute_resolved: None,
        });
        ledger.settlement_starts.push(0);
    }
    ledger
}

/// Everything late for sure, or with an even chance before due.
fn scores(view: &LedgerView) -> Vec<RiskScore> {
    let score = |item: OpenItem| {
        let days_past_due = view.as_of().0.0 - view.invoice(item.invoice).due.0;
        RiskScore {
            item,
            days_past_due,
            late: if days_past_due > 0 { 1.0 } else { 0.5 },
            expected_days_late: 0.0,
            at_risk: item.balance,
            band: Band::Late,
            late_days: 10.0,
            log_odds: None,
            prior: None,
            when: None,
            reasons: Vec::new(),
        }
    };
    view.open_items().into_iter().map(score).collect()
}

/// The list of a ledger, every item expected to be ten days late yet, every contact taking five minutes.
fn listed(ledger: &Ledger, assumed: &Assumptions) -> (Worklist, Vec<Contact>) {
    let view = LedgerView::new(ledger, AsOf(TODAY)).unwrap();
    let scores = scores(&view);
    let policies = Policies::read(&[]).unwrap();
    let open: Vec<Item> = scores.iter().map(Item::of).collect();
    let stages = Stages::new(&view, &open, &policies);
    let list = worklist::rank(&view, &scores, &stages).unwrap();
    let contacts = contacts(&view, &scores, &list, &|_| 5.0, assumed);
    (list, contacts)
}

fn ranked(
    ledger: &Ledger,
    assumed: &Assumptions,
    hold_out: Option<&HoldOut>,
) -> (Vec<(u32, Place)>, Vec<u32>) {
    let (list, contacts) = listed(ledger, assumed);
    let view = LedgerView::new(ledger, AsOf(TODAY)).unwrap();
    let priority = rank(&view, &list, contacts, assumed, hold_out);
    let customer = |place: &Place| list.calls[place.contact.call].account.customer;
    let held_out = priority.held_out.iter().map(customer).collect();
    (priority.places.iter().map(|place| (customer(place), place.clone())).collect(), held_out)
}

fn near(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-9, "{left} {right}");
}

#[test]
fn an_account_is_worth_what_its_items_are_less_what_will_be_settled_anyway() {
    let mut ledger = ledger(&[(0, 5, 73_000), (0, -3, 36_500), (1, 5, 73_000)]);
    let assumed = Assumptions::default();
    // 730.00 past due and 365.00 that may be: at 8 % a year .16 and .08 a day. 10 days expected, and 90 more for being
    // late: 16.00 and, at an even chance, 4.40; a fifth of them is 4.08.
    let (_, contacts) = listed(&ledger, &assumed);
    near(contacts[0].value(&assumed), 4.08);
    near(contacts[0].hourly(&assumed), 4.08 * 12.0);
    near(contacts[1].value(&assumed), 3.2);
    assert_eq!((contacts[0].amount, contacts[0].late_days, contacts[0].waits), (109_500, 10.0, Some(5)));
    // A third of it is covered by money on no invoice, and a vip counts half.
    let stamp = Stamp::on(TODAY);
    ledger.cash.push(CashMove { customer: Some(0), stamp, currency: EUR, amount: 36_500, is_credit: false });
    ledger.customers[0].vip = true;
    let assumed = Assumptions { vip_weight: 0.5, ..assumed };
    let (list, contacts) = listed(&ledger, &assumed);
    let first = contacts.iter().find(|contact| list.calls[contact.call].account.customer == 0).unwrap();
    near(first.value(&assumed), 4.08 * 2.0 / 3.0 / 2.0);
    assert_eq!(first.amount, 73_000);
}

#[test]
fn each_rank_says_in_numbers_what_puts_it_above_the_next() {
    let ledger = ledger(&[(0, 5, 73_000), (1, 5, 36_500), (2, 5, 36_500)]);
    let (places, _) = ranked(&ledger, &Assumptions::default(), None);
    let order: Vec<(u32, usize)> = places.iter().map(|(customer, place)| (*customer, place.rank)).collect();
    assert_eq!(order, [(0, 1), (1, 2), (2, 3)]);
    // 3.20 in five minutes is 38.40 an hour, twice that of half the amount.
    let above: Vec<&str> = places.iter().map(|(_, place)| place.above_next.as_str()).collect();
    assert_eq!(above[0], "38.40 EUR an hour, 19.20 EUR more than the next");
    assert_eq!(
        above[1],
        "19.20 EUR an hour, as the next; then what is more at risk, older, of a lower customer id"
    );
    assert_eq!(above[2], "last of its list");
    let why = "worth 3.20 EUR in 5 minutes: 730.00 EUR may be asked for, 10.0 days late still expected of it";
    assert_eq!(places[0].1.reason, why);
}

#[test]
fn small_old_debts_get_the_places_kept_for_them() {
    // Ten accounts, each smaller than the one before; the last two are 80 and 40 days overdue, the third from last was.
    let mut facts: Vec<Facts> =
        (0..10).map(|customer| (customer, 5, 100_000 - 9_000 * i64::from(customer))).collect();
    (facts[7].1, facts[8].1, facts[9].1) = (90, 40, 80);
    let mut ledger = ledger(&facts);
    let assumed = Assumptions { neglected_every: 3, ..Assumptions::default() };
    let order = |ledger: &Ledger, assumed: &Assumptions| -> Vec<u32> {
        ranked(ledger, assumed, None).0.into_iter().map(|(customer, _)| customer).collect()
    };
    assert_eq!(order(&ledger, &assumed), [0, 1, 7, 2, 3, 9, 4, 5, 8, 6]);
    // Written to ten days ago is not neglected; nobody answering is no contact.
    let contact = |customer, outcome| Activity {
        customer,
        day: TODAY.plus(-10),
        invoice: None,
        channel: Channel::Email,
        outcome,
        step: String::new(),
    };
    ledger.activities = vec![contact(7, Outcome::Sent), contact(9, Outcome::NoAnswer)];
    assert_eq!(order(&ledger, &assumed), [0, 1, 9, 2, 3, 8, 4, 5, 6, 7]);
    let (places, _) = ranked(&ledger, &assumed, None);
    let kept =
        "one place in 3 is kept for the account that has waited longest: 80 days overdue without a contact";
    assert_eq!((places[2].1.waited, places[2].1.above_next.as_str()), (true, kept));
    let none = Assumptions { neglected_every: 0, ..assumed };
    assert_eq!(order(&ledger, &none), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn who_is_held_out_is_named_with_the_rank_of_who_is_called_instead() {
    let facts: Vec<Facts> =
        (0..40).map(|customer| (customer, 5, 100_000 - 1_000 * i64::from(customer))).collect();
    let ledger = ledger(&facts);
    let hold_out = HoldOut::new(0.25, 3).unwrap();
    let (places, held_out) = ranked(&ledger, &Assumptions::default(), Some(&hold_out));
    let drawn: Vec<u32> = (0..40).filter(|id| hold_out.draws(&format!("C{id:02}"))).collect();
    assert!(!drawn.is_empty() && drawn.len() < 40);
    assert_eq!(held_out, drawn);
    assert_eq!(places.len() + held_out.len(), 40);
    let view = LedgerView::new(&ledger, AsOf(TODAY)).unwrap();
    let (list, contacts) = listed(&ledger, &Assumptions::default());
    let priority = rank(&view, &list, contacts, &Assumptions::default(), Some(&hold_out));
    let ordered = list.ordered(&priority);
    let out: Vec<(u32, Option<usize>)> =
        ordered.suppressed.iter().map(|one| (one.account.customer, one.reason.rank())).collect();
    // Customers stand in the order of their ids: each has the rank after the called ones before it.
    let expected =
        drawn.iter().map(|id| (*id, Some((0..*id).filter(|other| !drawn.contains(other)).count() + 1)));
    assert_eq!(out, expected.collect::<Vec<_>>());
}
