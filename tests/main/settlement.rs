//! What settles an invoice, and when: small ledgers whose balances and days are worked out by hand.

use duewise::asof::feature::seen::Seen;
use duewise::asof::frame::FeatureTable;
use duewise::asof::history::History;
use duewise::asof::label::{self, Label};
use duewise::asof::matrix::matrix;
use duewise::asof::prior::Prior;
use duewise::asof::view::LedgerView;
use duewise::base::day::AsOf;
use duewise::base::error::Code;
use duewise::base::money::Currency;
use duewise::ledger::event::{CashMove, Invoice, Stamp};
use duewise::ledger::load::{self, Loaded};
use duewise::ledger::settle::notes::MoneyNotes;
use duewise::ledger::settle::{Allocation, AllocationKind, Billed, Books, Policy, Receipt};
use duewise::ledger::{Customer, Ledger};
use duewise::statute::currency;

use crate::support::{Folder, day, duewise, rows};

const INVOICES: &str = "id,customer,issued,due,amount,currency";
const PAYMENTS: &str = "id,customer,day,posted,amount,currency,returned";
const ALLOCATIONS: &str = "payment,invoice,amount,currency,day,kind";

/// A ledger read from tables of a header and rows.
struct Case(Loaded);

impl Case {
    fn new(tables: &[(&str, &str, &[&str])]) -> Self {
        let folder = Folder::new();
        for (name, header, rows) in tables {
            folder.write(&format!("{name}.csv"), format!("{header}\n{}\n", rows.join("\n")));
        }
        let case = Self(load::load(&load::Opening::of(folder.path())).unwrap());
        assert!(case.0.intake.problems.is_empty(), "{:?}", case.0.intake.problems);
        assert_eq!(case.0.ledger.settlement.control(), [], "{:?}", case.0.ledger.settlement);
        case
    }

    /// As [`Case::new`], with every row accepted.
    fn clean(tables: &[(&str, &str, &[&str])]) -> Self {
        let case = Self::new(tables);
        assert!(case.0.intake.rejects.is_empty(), "{:?}", case.0.intake.rejects);
        case
    }

    fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    fn view(&self, on: &str) -> LedgerView<'_> {
        LedgerView::new(self.ledger(), AsOf(day(on))).unwrap()
    }

    fn at(&self, invoice: &str) -> u32 {
        position(self.ledger(), invoice)
    }

    /// What is open of an invoice on these days, in minor units.
    #[track_caller]
    fn balances(&self, invoice: &str, expected: &[(&str, i64)]) {
        for (on, balance) in expected {
            assert_eq!(self.view(on).balance(self.at(invoice)), *balance, "{invoice} on {on}");
        }
    }

    /// The days on which an invoice was settled and that was known, as of a day.
    fn settled(&self, invoice: &str, on: &str) -> Option<(String, String)> {
        let stamp = self.view(on).settled(self.at(invoice))?;
        Some((stamp.happened.to_string(), stamp.known.to_string()))
    }

    /// Money of a customer on no invoice, on these days, in minor units; an empty id is nobody known.
    #[track_caller]
    fn unapplied(&self, customer: &str, expected: &[(&str, i64)]) {
        for (on, sum) in expected {
            let view = self.view(on);
            let id = |at: Option<u32>| at.map_or("", |at| view.customers()[at as usize].id.as_str());
            let found =
                view.unapplied().iter().find(|((at, _), _)| id(*at) == customer).map_or(0, |(_, sum)| *sum);
            assert_eq!(found, *sum, "{customer} on {on}");
        }
    }

    fn notes(&self) -> MoneyNotes {
        self.ledger().settlement.currencies[&eur()]
    }

    /// Features of an invoice, asked on a day, as known on the last day of the ledger and on the day before the question.
    #[track_caller]
    fn features(&self, invoice: &str, on: &str, expected: &[(&str, f64)]) {
        let end = self.ledger().last_known().unwrap();
        for as_of in [AsOf(day(on).plus(-1)), end] {
            let view = LedgerView::new(self.ledger(), as_of).unwrap();
            let history = History::new(&view, 0).unwrap();
            let table = FeatureTable::new(&view, &history, [(self.at(invoice), day(on))]).unwrap();
            let prior = Prior { late_ratio: 0.35, late_delay_days: 7.0 };
            let row = matrix(&table, &[0], &prior, &Seen::all()).unwrap().row(0).to_vec();
            for (name, value) in expected {
                let found = row[Seen::all().position(name).unwrap_or_else(|| panic!("no feature {name}"))];
                assert!((found - value).abs() < 1e-6, "{name} on {on}, known {as_of}: {found}, not {value}");
            }
        }
    }
}

fn position(ledger: &Ledger, invoice: &str) -> u32 {
    let at = ledger.invoices.iter().position(|candidate| candidate.id == invoice);
    at.unwrap_or_else(|| panic!("no claim {invoice}")) as u32
}

fn eur() -> Currency {
    currency::find("EUR").unwrap()
}

fn days(happened: &str, known: &str) -> (String, String) {
    (happened.to_owned(), known.to_owned())
}

/// A payment of 02-05 settles I1 four days before it is due, comes back on 03-03, and is paid again on 03-20.
fn bounced() -> Case {
    Case::clean(&[
        (
            "invoices",
            INVOICES,
            &["I1,C1,2025-01-10,2025-02-09,100.00,EUR", "I2,C1,2025-02-15,2025-03-17,70.00,EUR"],
        ),
        (
            "payments",
            PAYMENTS,
            &["P1,C1,2025-02-05,2025-02-06,100.00,EUR,2025-03-03", "P2,C1,2025-03-20,2025-03-20,100.00,EUR,"],
        ),
        ("allocations", ALLOCATIONS, &["P1,I1,100.00,EUR,,", "P2,I1,100.00,EUR,,"]),
    ])
}

#[test]
fn what_a_returned_payment_settled_is_open_again_from_the_day_it_came_back() {
    let case = bounced();
    case.balances(
        "I1",
        &[
            ("2025-02-05", 10_000),
            ("2025-02-06", 0),
            ("2025-03-02", 0),
            ("2025-03-03", 10_000),
            ("2025-03-19", 10_000),
            ("2025-03-20", 0),
        ],
    );
    assert_eq!(case.settled("I1", "2025-03-02"), Some(days("2025-02-05", "2025-02-06")));
    assert_eq!(case.settled("I1", "2025-03-03"), None);
    assert_eq!(case.settled("I1", "2025-03-20"), Some(days("2025-03-20", "2025-03-20")));
    case.unapplied("C1", &[("2025-02-06", 0), ("2025-03-03", 0), ("2025-03-20", 0)]);
    let (notes, open) = (case.notes(), 7000);
    assert_eq!((notes.billed, notes.received, notes.returned), (17_000, 20_000, 10_000));
    assert_eq!((notes.settled.by_allocation, notes.unapplied, notes.open), (10_000, 0, open));
    // Owed on any day: what was billed less what came and stayed.
    for (on, net) in [("2025-02-05", 10_000), ("2025-02-06", 0), ("2025-02-20", 7000), ("2025-03-10", 17_000)]
    {
        assert_eq!(case.view(on).net_receivable()[&eur()], net, "{on}");
    }
}

#[test]
fn an_invoice_is_late_by_the_payment_that_stayed_since_the_day_that_showed() {
    let case = bounced();
    let label = |on: &str| label::late(&case.view(on), case.at("I1"), 0);
    assert_eq!(label("2025-02-28"), Some(Label { late: false, known: day("2025-02-06") }));
    let late = Some(Label { late: true, known: day("2025-03-03") });
    assert_eq!((label("2025-03-10"), label("2025-04-01")), (late, late));
    // With thirty days of grace, to 03-11, it was not late on the day it came back.
    let lenient = |on: &str| label::late(&case.view(on), case.at("I1"), 30);
    assert_eq!(lenient("2025-03-10"), None);
    assert_eq!(lenient("2025-03-12"), Some(Label { late: true, known: day("2025-03-12") }));
}

#[test]
fn figures_of_a_customer_drop_a_payment_from_the_day_after_it_came_back_and_not_before() {
    let case = bounced();
    case.features("I2", "2025-02-20", &[("paid_count", 1.0), ("paid_late_count", 0.0), ("open_count", 1.0)]);
    case.features(
        "I2",
        "2025-03-03",
        &[("paid_count", 1.0), ("paid_count_30d", 1.0), ("overdue_count", 0.0)],
    );
    // Known on 03-03; the window of thirty days still has the payment of 02-06, which did not last.
    case.features(
        "I2",
        "2025-03-04",
        &[
            ("paid_count", 0.0),
            ("paid_amount", 0.0),
            ("paid_count_30d", 0.0),
            ("open_count", 2.0),
            ("open_amount", 170.0),
            ("overdue_count", 1.0),
            ("overdue_amount", 100.0),
            // 02-09 to 03-04.
            ("overdue_days_mean", 23.0),
            // How the customer pays it still tells: four days early.
            ("delay_last_1", -4.0),
            ("same_weekday_count", 0.0),
        ],
    );
    // On 03-30 the window begins on 02-28: the payment is out of it, its return within.
    case.features(
        "I2",
        "2025-03-30",
        &[
            ("paid_count_30d", 1.0),
            ("late_ratio_30d", 1.0),
            ("delay_mean_30d", 39.0),
            ("paid_count", 1.0),
            ("paid_late_count", 1.0),
            ("paid_count_90d", 1.0),
            ("delay_mean", 39.0),
        ],
    );
}

#[test]
fn a_payment_that_came_back_before_it_was_known_never_counted() {
    let case = Case::clean(&[
        ("invoices", INVOICES, &["I1,C1,2025-01-10,2025-02-09,100.00,EUR"]),
        ("payments", PAYMENTS, &["P1,C1,2025-02-05,2025-02-10,100.00,EUR,2025-02-08"]),
        ("allocations", ALLOCATIONS, &["P1,I1,100.00,EUR,,"]),
    ]);
    case.balances("I1", &[("2025-02-08", 10_000), ("2025-02-10", 10_000)]);
    assert!(case.ledger().settlements.is_empty() && case.ledger().cash.is_empty());
    assert_eq!((case.notes().received, case.notes().returned), (10_000, 10_000));
}

#[test]
fn money_for_a_paid_invoice_waits_until_what_paid_it_comes_back() {
    // Paid twice: on 02-05 and on 02-10. The first comes back on 03-03.
    let case = Case::clean(&[
        ("invoices", INVOICES, &["I1,C1,2025-01-10,2025-02-09,100.00,EUR"]),
        ("payments", PAYMENTS, &["P1,C1,2025-02-05,,100.00,EUR,2025-03-03", "P2,C1,2025-02-10,,100.00,EUR,"]),
        ("allocations", ALLOCATIONS, &["P1,I1,100.00,EUR,,", "P2,I1,100.00,EUR,,"]),
    ]);
    case.balances("I1", &[("2025-02-05", 0), ("2025-02-10", 0), ("2025-03-03", 0)]);
    case.unapplied(
        "C1",
        &[("2025-02-09", 0), ("2025-02-10", 10_000), ("2025-03-02", 10_000), ("2025-03-03", 0)],
    );
    assert_eq!(case.settled("I1", "2025-03-02"), Some(days("2025-02-05", "2025-02-05")));
    // It was never open again; in the end it was paid a day late.
    assert_eq!(case.settled("I1", "2025-03-03"), Some(days("2025-02-10", "2025-03-03")));
}

#[test]
fn discounts_and_write_offs_settle_without_money() {
    let case = Case::clean(&[
        (
            "invoices",
            INVOICES,
            &[
                "I1,C1,2025-01-10,2025-02-09,100.00,EUR",
                "I2,C1,2025-01-10,2025-02-09,50.00,EUR",
                "I3,C1,2025-01-10,2025-02-09,100.00,EUR",
            ],
        ),
        (
            "payments",
            PAYMENTS,
            &["P1,C1,2025-01-15,,98.00,EUR,2025-02-01", "P3,C1,2025-01-20,,90.00,EUR,2025-05-01"],
        ),
        (
            "allocations",
            ALLOCATIONS,
            &[
                "P1,I1,98.00,EUR,,payment",
                "P1,I1,2.00,EUR,,discount",
                ",I2,50.00,EUR,2025-06-30,write_off",
                "P3,I3,90.00,EUR,,",
                ",I3,7.00,EUR,2025-03-01,discount",
                "P3,I3,3.00,EUR,2025-04-01,write_off",
            ],
        ),
    ]);
    // The discount goes with its payment.
    case.balances(
        "I1",
        &[("2025-01-14", 10_000), ("2025-01-15", 0), ("2025-01-31", 0), ("2025-02-01", 10_000)],
    );
    case.balances("I2", &[("2025-06-29", 5000), ("2025-06-30", 0)]);
    // Of I3 only the money comes back: the discount of no payment and the write-off stay.
    case.balances(
        "I3",
        &[("2025-01-20", 1000), ("2025-03-01", 300), ("2025-04-01", 0), ("2025-05-01", 9000)],
    );
    case.unapplied("C1", &[("2025-01-20", 0), ("2025-06-30", 0)]);
    let notes = case.notes();
    assert_eq!(
        (notes.settled.by_allocation, notes.settled.by_discount, notes.settled.written_off),
        (0, 700, 5300)
    );
    assert_eq!((notes.returned, notes.open), (18_800, 19_000));
}

#[test]
fn a_settled_day_is_confirmed_by_later_allocations_and_undone_with_their_money() {
    let case = Case::clean(&[
        (
            "invoices",
            "id,customer,issued,due,amount,currency,settled",
            &["I1,C1,2025-01-10,2025-02-09,100.00,EUR,2025-02-05"],
        ),
        ("payments", PAYMENTS, &["P1,C1,2025-02-05,2025-02-07,100.00,EUR,2025-03-01"]),
        ("allocations", ALLOCATIONS, &["P1,I1,100.00,EUR,2025-02-08,"]),
    ]);
    case.balances(
        "I1",
        &[("2025-02-04", 10_000), ("2025-02-05", 0), ("2025-02-28", 0), ("2025-03-01", 10_000)],
    );
    case.unapplied("C1", &[("2025-02-07", 10_000), ("2025-02-08", 0), ("2025-03-01", 0)]);
    assert_eq!(case.settled("I1", "2025-02-28"), Some(days("2025-02-05", "2025-02-05")));
}

/// 300 in three parts; 150 of 02-05 that come back on 04-01, and 150 of 03-20.
fn in_parts(activities: &[&str]) -> [(&'static str, &'static str, Vec<String>); 5] {
    let own = |rows: &[&str]| rows.iter().map(|row| (*row).to_owned()).collect();
    [
        (
            "invoices",
            "id,customer,issued,due,amount,currency",
            own(&["I1,C1,2025-01-10,2025-04-10,300.00,EUR", "I2,C1,2025-01-11,2025-04-11,40.00,EUR"]),
        ),
        (
            "instalments",
            "invoice,number,due,amount,currency",
            // Not in the order of their days.
            own(&["I1,2,2025-03-10,100.00,EUR", "I1,1,2025-02-10,100.00,EUR", "I1,3,2025-04-10,100.00,EUR"]),
        ),
        (
            "payments",
            PAYMENTS,
            own(&["P1,C1,2025-02-05,,150.00,EUR,2025-04-01", "P2,C1,2025-03-20,,150.00,EUR,"]),
        ),
        ("allocations", ALLOCATIONS, own(&["P2,I1,150.00,EUR,,", "P1,I1,150.00,EUR,,"])),
        (
            "activities",
            "day,customer,invoice,kind,outcome,promise_day,promise_amount,currency",
            own(activities),
        ),
    ]
}

fn in_parts_case(activities: &[&str]) -> Case {
    let tables = in_parts(activities);
    let rows: Vec<Vec<&str>> =
        tables.iter().map(|(_, _, rows)| rows.iter().map(String::as_str).collect()).collect();
    let tables: Vec<_> =
        tables.iter().zip(&rows).map(|((name, head, _), rows)| (*name, *head, &rows[..])).collect();
    Case::clean(&tables)
}

#[test]
fn an_invoice_due_in_parts_is_settled_from_the_part_due_first() {
    let case = in_parts_case(&[]);
    assert_eq!(case.ledger().invoices.len(), 4);
    case.balances(
        "I1/1",
        &[("2025-02-04", 10_000), ("2025-02-05", 0), ("2025-03-31", 0), ("2025-04-01", 10_000)],
    );
    case.balances("I1/2", &[("2025-02-05", 5000), ("2025-03-20", 0), ("2025-04-01", 5000)]);
    case.balances("I1/3", &[("2025-02-05", 10_000), ("2025-03-20", 0), ("2025-04-01", 0)]);
    assert_eq!(case.settled("I1/1", "2025-02-05"), Some(days("2025-02-05", "2025-02-05")));
    // Ten days after its own due day, and three weeks before that of the last part.
    assert_eq!(case.settled("I1/2", "2025-03-20"), Some(days("2025-03-20", "2025-03-20")));
    let late = |part: &str| label::late(&case.view("2025-03-31"), case.at(part), 0).unwrap().late;
    assert_eq!([late("I1/1"), late("I1/2"), late("I1/3")], [false, true, false]);
    let parts = ["I1/1", "I1/2", "I1/3"].map(|part| case.at(part));
    assert_eq!(case.ledger().claims_of(parts[0]).collect::<Vec<_>>(), parts);
}

#[test]
fn promises_and_disputes_of_an_invoice_hold_its_parts() {
    let held = |activity: &str, as_of: &str| {
        let folder = Folder::new();
        for (name, header, rows) in in_parts(&[activity]) {
            folder.write(&format!("ledger/{name}.csv"), format!("{header}\n{}\n", rows.join("\n")));
        }
        let (ledger, out) = (folder.inside("ledger"), folder.inside("out"));
        duewise(&["run", &ledger, "--out", &out, "--as-of", as_of]).exits(0);
        let held = rows(folder.path().join("out/holds.csv"));
        held.iter().map(|row| format!("{} {}", row["invoice"], row["reason"])).collect::<Vec<_>>()
    };
    // On 01-20 all is open.
    assert_eq!(
        held("2025-01-20,C1,I1,call,promise,2025-02-20,,", "2025-01-20"),
        ["I1/1 promise_not_yet_due", "I1/2 promise_not_yet_due", "I1/3 promise_not_yet_due"]
    );
    // 250.00 pay two parts and half of the third.
    assert_eq!(
        held("2025-01-20,C1,I1,call,promise,2025-02-20,250.00,EUR", "2025-01-20"),
        ["I1/1 promise_not_yet_due", "I1/2 promise_not_yet_due"]
    );
    assert_eq!(
        held("2025-01-20,C1,I1,call,dispute,,,", "2025-01-20"),
        ["I1/1 disputed", "I1/2 disputed", "I1/3 disputed"]
    );
}

#[test]
fn a_promise_is_broken_when_the_money_that_kept_it_comes_back() {
    let broken = |activity: &str, on: &str, count: f64| {
        in_parts_case(&[activity]).features(
            "I2",
            on,
            &[("promises_count", 1.0), ("promises_broken_count", count)],
        );
    };
    // All of I1 by 03-25: paid on 03-20, half of it came back on 04-01.
    let whole = "2025-02-01,C1,I1,call,promise,2025-03-25,,";
    broken(whole, "2025-03-30", 0.0);
    broken(whole, "2025-04-01", 0.0);
    broken(whole, "2025-04-02", 1.0);
    // 140.00 by 02-10: 150.00 came, and went.
    let part = "2025-02-01,C1,,call,promise,2025-02-10,140.00,EUR";
    broken(part, "2025-04-01", 0.0);
    broken(part, "2025-04-02", 1.0);
    // 151.00 never came by then.
    broken("2025-02-01,C1,,call,promise,2025-02-10,151.00,EUR", "2025-02-11", 0.0);
    broken("2025-02-01,C1,,call,promise,2025-02-10,151.00,EUR", "2025-02-12", 1.0);
}

#[test]
fn instalments_that_are_not_the_whole_invoice_are_left_out_and_it_stays_whole() {
    let reject = |rows: &[&str]| {
        let case = Case::new(&[
            (
                "invoices",
                "id,customer,issued,due,amount,currency,type",
                &[
                    "I1,C1,2025-01-10,2025-04-10,300.00,EUR,",
                    "G1,C2,2025-01-10,2025-04-10,30.00,EUR,credit_note",
                ],
            ),
            ("instalments", "invoice,number,due,amount,currency", rows),
        ]);
        case.balances("I1", &[("2025-01-10", 30_000)]);
        let rejects = &case.0.intake.rejects;
        rejects.iter().map(|reject| (reject.code, reject.place.column.clone().unwrap())).collect::<Vec<_>>()
    };
    let found = |code: Code, column: &str| (code, column.to_owned());
    let differ = || found(Code::InstalmentsDiffer, "amount");
    assert_eq!(reject(&["I1,1,2025-02-10,100.00,EUR", "I1,2,2025-03-10,199.99,EUR"]), [differ(), differ()]);
    assert_eq!(
        reject(&["I1,1,2025-02-10,100.00,EUR", "I1,2,2025-03-10,200.00,USD"]),
        [differ(), found(Code::InstalmentsDiffer, "currency")]
    );
    assert_eq!(
        reject(&["I1,1,2025-02-10,100.00,EUR", "I1,2,2025-01-09,200.00,EUR"]),
        [differ(), found(Code::DueBeforeIssue, "due")]
    );
    assert_eq!(reject(&["G1,1,2025-02-10,30.00,EUR"]), [found(Code::DocumentUnknown, "invoice")]);
}

#[test]
fn rows_that_cannot_be_booked_are_rejected_where_they_are_wrong() {
    let case = Case::new(&[
        (
            "invoices",
            INVOICES,
            &["I1,C1,2025-01-10,2025-02-09,100.00,EUR", "I2,C1,2025-01-10,2025-02-09,100.00,EUR"],
        ),
        (
            "payments",
            PAYMENTS,
            &[
                "P1,C1,2025-02-05,,60.00,EUR,2025-02-04",
                "P2,C1,2025-02-05,,80.00,EUR,",
                "P3,C1,2025-02-05,,90.00,EUR,2025-03-01",
            ],
        ),
        (
            "allocations",
            ALLOCATIONS,
            &[
                ",I1,10.00,EUR,2025-02-05,payment",
                ",I1,10.00,EUR,,write_off",
                "P9,I1,10.00,EUR,,discount",
                // Over all kinds: 80.00 and 20.01 are more than 100.00.
                "P2,I1,80.00,EUR,,",
                "P2,I1,20.01,EUR,,discount",
                // A payment that came back is held against the invoice by itself.
                "P3,I1,90.00,EUR,,",
                "P3,I1,10.01,EUR,,discount",
                // A discount takes nothing of the payment.
                "P3,I2,50.00,EUR,,discount",
            ],
        ),
    ]);
    let found: Vec<(Code, &str)> = case
        .0
        .intake
        .rejects
        .iter()
        .map(|reject| (reject.code, reject.place.column.as_deref().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            (Code::DayInvalid, "returned"),
            (Code::ValueMissing, "payment"),
            (Code::ValueMissing, "day"),
            (Code::DocumentUnknown, "payment"),
            (Code::OverAllocated, "amount"),
            (Code::OverAllocated, "amount"),
        ]
    );
}

const REFERENCED: &str = "id,customer,day,amount,currency,reference,returned";

#[test]
fn money_the_ledger_does_not_allocate_goes_by_reference_and_then_to_the_oldest() {
    let case = Case::clean(&[
        (
            "invoices",
            INVOICES,
            &[
                "I-101,C1,2025-01-10,2025-02-09,100.00,EUR",
                "I-102,C1,2025-01-21,2025-02-20,200.00,EUR",
                "I-103,C1,2025-03-01,2025-03-31,50.00,EUR",
            ],
        ),
        (
            "payments",
            REFERENCED,
            &[
                "P1,C1,2025-02-01,200.00,EUR,payment i-102,",
                "P2,C1,2025-02-05,130.00,EUR,thank you,",
                "P3,,2025-03-05,20.00,EUR,I-103.,",
                "P4,,2025-03-06,10.00,EUR,I-103,",
                "P5,,2025-03-06,5.00,EUR,whose,",
            ],
        ),
    ]);
    case.balances("I-102", &[("2025-01-31", 20_000), ("2025-02-01", 0)]);
    case.balances("I-101", &[("2025-02-04", 10_000), ("2025-02-05", 0)]);
    // 30.00 waited for I-103, which was paid by them on its day of issue; the rest is named by one who is not known.
    case.unapplied(
        "C1",
        &[("2025-02-05", 3000), ("2025-02-28", 3000), ("2025-03-01", 0), ("2025-03-06", 1000)],
    );
    case.balances("I-103", &[("2025-03-01", 2000), ("2025-03-04", 2000), ("2025-03-05", 0)]);
    assert_eq!(case.settled("I-103", "2025-03-05"), Some(days("2025-03-05", "2025-03-05")));
    // P4 names a paid invoice: it is the customer's, on account. Nobody knows whose P5 is.
    case.unapplied("", &[("2025-03-04", 0), ("2025-03-05", 0), ("2025-03-06", 500)]);
    let notes = case.notes();
    assert_eq!((notes.settled.by_reference, notes.settled.oldest_first), (22_000, 13_000));
    assert_eq!((notes.unapplied, notes.open), (1500, 0));
}

#[test]
fn money_that_names_an_invoice_not_yet_known_waits_for_it() {
    let case = Case::clean(&[
        (
            "invoices",
            INVOICES,
            &["I-1,C1,2025-01-10,2025-02-09,10.00,EUR", "I-2,C2,2025-02-01,2025-03-03,100.00,EUR"],
        ),
        ("payments", REFERENCED, &["P1,,2025-01-20,100.00,EUR,I-2 in advance,"]),
    ]);
    // Until the invoice is there nobody knows whose the money is; then it is paid on its day of issue.
    case.unapplied("", &[("2025-01-20", 10_000), ("2025-01-31", 10_000), ("2025-02-01", 0)]);
    case.balances("I-2", &[("2025-02-01", 0)]);
    assert_eq!(case.settled("I-2", "2025-02-01"), Some(days("2025-02-01", "2025-02-01")));
}

#[test]
fn the_oldest_is_the_one_due_first_and_a_return_gives_its_place_to_the_money_that_waits() {
    let case = Case::clean(&[
        (
            "invoices",
            "id,customer,issued,due,amount,currency,type",
            &[
                "A,C1,2025-01-10,2025-03-01,100.00,EUR,",
                "B,C1,2025-01-20,2025-02-01,100.00,EUR,",
                "G,C1,2025-01-25,2025-01-25,30.00,EUR,credit_note",
                "D,C2,2025-01-10,2025-01-11,999.00,EUR,",
            ],
        ),
        (
            "payments",
            REFERENCED,
            &["P1,C1,2025-01-22,100.00,EUR,,2025-02-10", "P2,C1,2025-01-30,90.00,EUR,,"],
        ),
    ]);
    // P1 pays B; the credit note and 70.00 of P2 pay A, 20.00 wait and go to B when P1 comes back.
    case.balances("B", &[("2025-01-21", 10_000), ("2025-01-22", 0), ("2025-02-09", 0), ("2025-02-10", 8000)]);
    case.balances("A", &[("2025-01-24", 10_000), ("2025-01-25", 7000), ("2025-01-30", 0), ("2025-02-10", 0)]);
    case.unapplied("C1", &[("2025-01-29", 0), ("2025-01-30", 2000), ("2025-02-10", 0)]);
    case.balances("D", &[("2025-02-10", 99_900)]);
}

#[test]
fn a_payment_short_by_the_discount_of_its_terms_settles_in_time_only() {
    let case = Case::clean(&[
        (
            "invoices",
            "id,customer,issued,due,amount,currency,terms",
            &[
                "I-201,C1,2025-01-10,2025-02-09,100.25,EUR,2/10 net 30",
                "I-202,C2,2025-01-10,2025-02-09,100.25,EUR,2/10 net 30",
                "I-203,C3,2025-01-10,2025-02-09,100.25,EUR,net 30",
            ],
        ),
        (
            "payments",
            REFERENCED,
            &[
                // 2 % of 100.25 is 2.005: 2.01.
                "P1,C1,2025-01-20,98.24,EUR,I-201,2025-03-01",
                "P2,C2,2025-01-21,98.24,EUR,I-202,",
                "P3,C3,2025-01-20,98.24,EUR,I-203,",
            ],
        ),
    ]);
    case.balances(
        "I-201",
        &[("2025-01-19", 10_025), ("2025-01-20", 0), ("2025-02-28", 0), ("2025-03-01", 10_025)],
    );
    case.balances("I-202", &[("2025-01-21", 201)]);
    case.balances("I-203", &[("2025-01-20", 201)]);
    assert_eq!(case.notes().settled.by_discount, 0);
}

#[test]
fn references_name_a_document_due_in_parts_and_not_the_invoices_of_another() {
    let case = Case::clean(&[
        (
            "invoices",
            INVOICES,
            &[
                "R-1,C1,2025-01-10,2025-03-10,200.00,EUR",
                "R-2,C1,2025-01-10,2025-01-20,50.00,EUR",
                "R-3,C2,2025-01-10,2025-01-15,70.00,EUR",
            ],
        ),
        (
            "instalments",
            "invoice,number,due,amount,currency",
            &["R-1,a,2025-02-10,120.00,EUR", "R-1,b,2025-03-10,80.00,EUR"],
        ),
        ("payments", REFERENCED, &["P1,C1,2025-01-15,150.00,EUR,R-1 R-3,"]),
    ]);
    case.balances("R-1/a", &[("2025-01-15", 0)]);
    case.balances("R-1/b", &[("2025-01-15", 5000)]);
    case.balances("R-2", &[("2025-01-15", 5000)]);
    case.balances("R-3", &[("2025-01-15", 7000)]);
}

#[test]
fn settled_days_without_allocations_leave_nothing_to_the_policy() {
    let case = Case::clean(&[
        (
            "invoices",
            "id,customer,issued,due,amount,currency,settled",
            &[
                "I-1,C1,2025-01-10,2025-02-09,100.00,EUR,2025-02-05",
                "I-2,C1,2025-01-10,2025-02-09,80.00,EUR,",
            ],
        ),
        ("payments", REFERENCED, &["P1,C1,2025-02-05,100.00,EUR,I-2,"]),
    ]);
    case.balances("I-1", &[("2025-02-05", 0)]);
    case.balances("I-2", &[("2025-02-05", 8000)]);
    case.unapplied("C1", &[("2025-02-05", 0)]);
    assert_eq!((case.notes().settling, case.notes().settled.by_settled_day), (10_000, 10_000));
}

#[test]
fn open_balances_stand_where_nothing_says_when_anything_was_paid() {
    let invoices = (
        "invoices",
        "id,customer,issued,due,amount,currency,type,settled,open_balance",
        &[
            "I1,C1,2025-01-10,2025-02-09,100.00,EUR,,,40.00",
            "I2,C1,2025-01-10,2025-02-09,100.00,EUR,,,0",
            "I3,C1,2025-01-10,2025-02-09,100.00,EUR,,2025-02-05,5.00",
            "I4,C1,2025-01-10,2025-02-09,100.00,EUR,,,120.00",
            "I5,C1,2025-01-10,2025-02-09,100.00,EUR,,,",
            "G1,C1,2025-01-10,2025-02-09,30.00,EUR,credit_note,,10.00",
        ][..],
    );
    let case = Case::clean(&[invoices]);
    case.balances("I1", &[("2025-01-10", 4000), ("2025-02-05", 4000)]);
    assert!(case.ledger().invoices.iter().all(|invoice| invoice.id != "I2"));
    case.balances("I3", &[("2025-02-04", 10_000), ("2025-02-05", 0)]);
    case.balances("I4", &[("2025-02-05", 10_000)]);
    case.balances("I5", &[("2025-02-05", 10_000)]);
    case.unapplied("C1", &[("2025-02-05", 1000)]);
    let notes = case.notes();
    assert_eq!((notes.billed, notes.paid_on_unknown_days, notes.paid_without_day), (50_000, 6000, 10_000));
    assert_eq!((notes.credited, notes.used_on_unknown_days, notes.unapplied), (3000, 2000, 1000));
    // I3 is settled and said to have 5.00 open, I4 has 20.00 more than it asks.
    assert_eq!((notes.differing_invoices, notes.differing), (2, 2500));
    // With a payment anywhere the days are known, and open balances are compared only: 60.00 of I1 and 100.00 of I2
    // besides; the settled day of I3 takes the payment.
    let case = Case::clean(&[invoices, ("payments", PAYMENTS, &["P1,C9,2025-02-05,,1.00,EUR,"])]);
    case.balances("I1", &[("2025-02-05", 10_000)]);
    assert_eq!((case.notes().paid_on_unknown_days, case.notes().differing_invoices), (0, 4));
    assert_eq!(case.notes().differing, 18_500);
}

#[test]
fn what_is_no_claim_is_counted() {
    let case = Case::clean(&[(
        "invoices",
        "id,customer,issued,due,amount,currency,status",
        &[
            "I1,C1,2025-01-10,2025-02-09,100.00,EUR,void",
            "I2,C1,2025-01-10,2025-02-09,50.00,EUR,draft",
            "I3,C1,2025-01-10,2025-02-09,25.00,EUR,paid",
            "I4,C1,2025-01-10,2025-02-09,10.00,EUR,open",
        ],
    )]);
    let notes = case.notes();
    assert_eq!(
        (notes.not_claimed, notes.billed, notes.paid_without_day, notes.open),
        (15_000, 3500, 2500, 1000)
    );
}

/// Two invoices of one customer and a payment, under a policy, with what the ledger allocates on 02-10.
fn under(policy: Option<Policy>, invoice: &str) -> Ledger {
    let mut books = Books::new(policy);
    books.customers.push(Customer { id: "C1".to_owned(), name: "Alder".to_owned(), ..Customer::default() });
    for (id, due) in [("I-1", "2025-02-09"), ("I-2", "2025-02-20")] {
        let invoice = Invoice {
            id: id.to_owned(),
            customer: 0,
            account: 0,
            document: 0,
            stamp: Stamp::on(day("2025-01-10")),
            due: day(due),
            amount: 10_000,
            currency: eur(),
            discount: None,
            disputed: None,
            dispute_resolved: None,
        };
        books.bill(Billed { invoice, settled: None, is_paid: false, open_balance: None });
    }
    for (id, on, amount) in [("P1", "2025-02-01", 10_000), ("P2", "2025-02-03", 3000)] {
        let stamp = Stamp::on(day(on));
        let cash = CashMove { customer: Some(0), stamp, currency: eur(), amount, is_credit: false };
        books.receive(Receipt {
            id: id.to_owned(),
            cash,
            reference: String::new(),
            returned: None,
            applied: None,
            open_balance: None,
        });
    }
    books.allocations.push(Allocation {
        payment: "P1".to_owned(),
        invoice: invoice.to_owned(),
        kind: AllocationKind::Payment,
        amount: 10_000,
        day: Some(day("2025-02-10")),
    });
    let ledger = books.close();
    assert_eq!(ledger.settlement.control(), []);
    ledger
}

#[test]
fn the_ledgers_word_goes_before_the_policys() {
    let oldest = Policy { by_reference: false, oldest_first: true };
    let balances = |ledger: &Ledger, on: &str| {
        let view = LedgerView::new(ledger, AsOf(day(on))).unwrap();
        ["I-1", "I-2"].map(|id| view.balance(position(ledger, id)))
    };
    // Without a policy nothing is done before the allocation, and P2 stays on account.
    let ledger = under(None, "I-2");
    assert_eq!(balances(&ledger, "2025-02-09"), [10_000, 10_000]);
    assert_eq!(balances(&ledger, "2025-02-10"), [10_000, 0]);
    // Oldest first, P1 pays I-1 on 02-01 and P2 goes to I-2; on 02-10 the ledger says that P1 paid I-2: what P2 did there
    // is taken back, and goes to I-1.
    let ledger = under(Some(oldest), "I-2");
    assert_eq!(balances(&ledger, "2025-02-01"), [0, 10_000]);
    assert_eq!(balances(&ledger, "2025-02-03"), [0, 7000]);
    assert_eq!(balances(&ledger, "2025-02-10"), [7000, 0]);
    // Where it says what was done already, it stays so.
    let ledger = under(Some(oldest), "I-1");
    assert_eq!(balances(&ledger, "2025-02-09"), [0, 7000]);
    assert_eq!(balances(&ledger, "2025-02-10"), [0, 7000]);
    assert_eq!(ledger.settlement.currencies[&eur()].settled.by_allocation, 10_000);
}
