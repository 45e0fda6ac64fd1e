//! Ageing on a small ledger that is aged by hand.

use super::*;
use crate::base::day::Day;
use crate::ledger::load::{self, Opening};

const EUR: Currency = Currency::new(*b"EUR", 2);
const USD: Currency = Currency::new(*b"USD", 2);

/// A ledger of these files, and whether its rows were all taken.
pub(crate) fn ledger(files: &[(&str, &str)]) -> Ledger {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let loaded = load::load(&Opening::of(folder.path())).unwrap();
    assert_eq!(loaded.intake.rejects, [], "the fixture is sound");
    assert!(loaded.intake.problems.is_empty(), "{:?}", loaded.intake.problems);
    loaded.ledger
}

pub(crate) fn view<'a>(ledger: &'a Ledger, day: &str) -> LedgerView<'a> {
    LedgerView::new(ledger, AsOf(Day::from_iso(day).unwrap())).unwrap()
}

const CUSTOMERS: &str = "id,name,segment,collector\nA,Ash,retail,Kim\nB,Birch,retail,Lee\nC,Cedar,,Kim\n";

/// I1 is due in two instalments; I4 is paid after the day on which it is looked at.
const FILES: [(&str, &str); 5] = [
    ("customers.csv", CUSTOMERS),
    (
        "invoices.csv",
        "id,customer,issued,due,amount,currency\n\
         I1,A,2025-01-10,2025-03-11,300.00,EUR\n\
         I2,A,2025-03-01,2025-03-31,50.00,EUR\n\
         I3,B,2025-01-31,2025-03-02,70.00,EUR\n\
         I4,B,2025-02-01,2025-03-03,11.00,USD\n\
         I5,C,2024-10-01,2024-10-31,9.00,EUR\n",
    ),
    (
        "instalments.csv",
        "invoice,number,due,amount,currency\nI1,1,2025-02-09,100.00,EUR\nI1,2,2025-03-11,200.00,EUR\n",
    ),
    (
        "payments.csv",
        "id,customer,day,amount,currency\nP1,A,2025-03-20,40.00,EUR\nP2,B,2025-04-05,11.00,USD\nP3,,2025-03-21,5.00,EUR\n",
    ),
    (
        "allocations.csv",
        "payment,invoice,amount,currency,day\nP1,I2,30.00,EUR,2025-03-20\nP2,I4,11.00,USD,2025-04-05\n",
    ),
];

fn of<'a>(aged: &'a Aged, currency: Currency, id: &str) -> &'a Ageing {
    &aged.groups.iter().find(|one| (one.currency, one.id.as_str()) == (currency, id)).unwrap().ageing
}

#[test]
fn each_instalment_is_aged_from_its_own_due_day() {
    // On 31 March: I2 is due that day, 20 of it open. I1: 100 by 50 days, 200 by 20. I3: 29 days. I5: 151 days.
    let ledger = ledger(&FILES);
    let aged = age(&view(&ledger, "2025-03-31"), &Scheme::default()).unwrap();
    let eur = &aged.totals[&EUR];
    assert_eq!(eur.buckets, [2_000, 27_000, 10_000, 0, 0, 900]);
    assert_eq!((eur.open, eur.invoices, eur.unapplied), (39_900, 5, 1_500));
    assert_eq!(aged.totals[&USD].buckets, [0, 1_100, 0, 0, 0, 0]);
}

#[test]
fn from_the_day_of_issue_nothing_is_undue() {
    // On 31 March, days since issue: I1 80, I2 30, I3 59, I5 181; I1's instalments were issued with it.
    let ledger = ledger(&FILES);
    let buckets = Buckets::parse("30, 59,60,90").unwrap();
    let scheme = Scheme { basis: Basis::Issued, buckets, by: None };
    assert_eq!(scheme.names(), ["0-30", "31-59", "60-60", "61-90", ">90"]);
    let aged = age(&view(&ledger, "2025-03-31"), &scheme).unwrap();
    assert_eq!(aged.totals[&EUR].buckets, [2_000, 7_000, 0, 30_000, 900]);
}

#[test]
fn groups_have_their_own_cash_and_sum_to_the_currency() {
    let ledger = ledger(&FILES);
    let by = |by| age(&view(&ledger, "2025-03-31"), &Scheme { by: Some(by), ..Scheme::default() }).unwrap();
    let customers = by(By::Customer);
    assert_eq!(of(&customers, EUR, "A").buckets, [2_000, 20_000, 10_000, 0, 0, 0]);
    // 40 received, 30 of it applied.
    assert_eq!(of(&customers, EUR, "A").unapplied, 1_000);
    assert_eq!(of(&customers, EUR, "(payer unidentified)").unapplied, 500);
    assert_eq!(customers.groups[0].name, "Ash");
    let collectors = by(By::Collector);
    assert_eq!(of(&collectors, EUR, "Kim").open, 32_900);
    assert_eq!(of(&collectors, EUR, "Lee").open, 7_000);
    let segments = by(By::Segment);
    assert_eq!(of(&segments, EUR, "(none)").buckets, [0, 0, 0, 0, 0, 900]);
    for aged in [customers, collectors, segments] {
        let eur = aged.groups.iter().filter(|one| one.currency == EUR);
        assert_eq!(eur.map(|one| one.ageing.open).sum::<i128>(), 39_900);
    }
}

#[test]
fn what_is_paid_later_is_open_on_the_day() {
    let ledger = ledger(&FILES);
    assert_eq!(age(&view(&ledger, "2025-04-04"), &Scheme::default()).unwrap().totals[&USD].open, 1_100);
    assert_eq!(age(&view(&ledger, "2025-04-05"), &Scheme::default()).unwrap().totals[&USD].open, 0);
}

#[test]
fn buckets_that_do_not_ascend_are_refused() {
    for text in ["", "30,30", "60,30", "0,30", "-1", "30,x", "30,4000", "1.5"] {
        assert!(Buckets::parse(text).is_err(), "{text}");
    }
    assert_eq!(Buckets::parse("7").unwrap(), Buckets::parse(" 7 ").unwrap());
}

#[test]
fn the_sheet_states_what_the_buckets_come_to() {
    let ledger = ledger(&FILES);
    let aged = age(&view(&ledger, "2025-03-31"), &Scheme::default()).unwrap();
    let text = AgedSummary::new(&aged).text();
    assert!(text.contains(
        "EUR 399.00 on 5 invoices = not_due 20.00 + 1-30 270.00 + 31-60 100.00 + 61-90 0.00 + 91-120 0.00 + >120 9.00; \
         less unapplied cash and credit 15.00 = 384.00"
    ));
    let names: Vec<String> = sheet(&aged).columns.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.join(" "), "currency invoices not_due 1-30 31-60 61-90 91-120 >120 open unapplied net");
}

/// The sample of the repository: several currencies, part payments, credit notes, payments that came back.
pub(crate) fn sample() -> Ledger {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    load::load(&Opening::of(&folder)).unwrap().ledger
}

#[test]
fn the_sample_is_aged_whole_on_any_day_and_by_any_group() {
    let ledger = sample();
    let mut open_days = 0;
    for day in ["2024-01-31", "2024-06-30", "2024-12-31", "2025-03-15", "2025-08-31", "2025-12-30"] {
        let view = view(&ledger, day);
        let net = view.net_receivable();
        for basis in [Basis::Due, Basis::Issued] {
            for by in [None, Some(By::Customer), Some(By::Collector), Some(By::Segment)] {
                let scheme = Scheme { basis, buckets: Buckets::parse("10,45").unwrap(), by };
                let aged = age(&view, &scheme).unwrap();
                for (currency, total) in &aged.totals {
                    assert_eq!(total.buckets.iter().sum::<i128>() - total.unapplied, net[currency], "{day}");
                    let own = aged.groups.iter().filter(|one| one.currency == *currency);
                    let sum: i128 = own.map(|one| one.ageing.buckets.iter().sum::<i128>()).sum();
                    assert_eq!(sum, if by.is_some() { total.open } else { 0 }, "{day}");
                    open_days += usize::from(total.open > 0);
                }
            }
        }
    }
    assert!(open_days > 100, "the sample has open balances on these days");
}

#[test]
fn the_sample_on_its_last_day_is_as_it_always_was() {
    // README.md shows the same, from the code that this replaced.
    let ledger = sample();
    let aged = age(&view(&ledger, "2025-12-30"), &Scheme::default()).unwrap();
    let eur = &aged.totals[&EUR];
    assert_eq!(eur.buckets, [17_314_409, 2_195_202, 0, 18_527, 2_062, 23_527]);
    assert_eq!((eur.open, eur.invoices, eur.unapplied), (19_553_727, 87, 9_243_249));
}
