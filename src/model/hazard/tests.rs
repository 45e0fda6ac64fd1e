//! Lives and curves worked out by hand, and a small ledger learned from.

use rayon::ThreadPoolBuilder;

use super::*;
use crate::asof::frame::Snapshots;
use crate::asof::history::History;
use crate::asof::view::LedgerView;
use crate::base::day::AsOf;
use crate::base::money::Currency;
use crate::ledger::{Invoice, Ledger, Settlement, Stamp};

/// An invoice of an account: days of issue and due, and when it was paid: day known and day it happened.
type Facts = (u32, i32, i32, Option<(i32, i32)>);

fn ledger(facts: &[Facts]) -> Ledger {
    let mut ledger = Ledger { settlement_starts: vec![0], ..Ledger::default() };
    for (at, &(account, issued, due, paid)) in facts.iter().enumerate() {
        ledger.invoices.push(Invoice {
            id: at.to_string(),
            customer: account,
            account,
            document: at as u32,
            stamp: Stamp::on(Day(issued)),
            due: Day(due),
            amount: 100,
            currency: Currency::new(*b"EUR", 2),
            discount: None,
            disputed: None,
            dispute_resolved: None,
        });
        ledger.settlements.extend(paid.map(|(known, happened)| Settlement {
            invoice: at as u32,
            stamp: Stamp { known: Day(known), happened: Day(happened) },
            amount: 100,
        }));
        ledger.settlement_starts.push(ledger.settlements.len() as u32);
    }
    ledger
}

/// What a ledger shows by a day.
fn seen(ledger: &Ledger, as_of: i32) -> (TrainingTable, Timing) {
    let view = LedgerView::new(ledger, AsOf(Day(as_of))).unwrap();
    let history = History::new(&view, 0).unwrap();
    (TrainingTable::new(&view, &history, Snapshots::Issue).unwrap(), Timing::new(&view))
}

const PRIOR: Prior = Prior { late_ratio: 0.4, late_delay_days: 5.0 };

/// Three hundred invoices of five accounts, one every second day, some paid early and some late, the last ones open.
fn portfolio() -> Vec<Facts> {
    (0..300)
        .map(|at| {
            let due = 1_010 + 2 * at;
            let paid = due + (at * 7 + at / 5) % 11 - 4 + at % 5;
            (at as u32 % 5, due - 10, due, (paid < 1_605).then_some((paid, paid)))
        })
        .collect()
}

fn near(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-12, "{left} {right}");
}

/// Cells of the first question's life: the first and last days, how many cells, and whether it ends with a payment.
fn life(facts: Facts, is_later: bool, cut: i32) -> Option<(i32, i32, usize, bool)> {
    let ledger = ledger(&[facts]);
    let (table, timing) = seen(&ledger, 2_000);
    let habits = timing.habits(Day(cut));
    let cells = Life::new(&table, 0, is_later, Day(cut), &habits).cells;
    let (first, last) = (cells.first()?, cells.last()?);
    assert!(cells[..cells.len() - 1].iter().all(|(_, paid)| !paid));
    Some((first.0.from, last.0.to, cells.len(), last.1))
}

#[test]
fn an_invoice_lives_until_it_is_paid_or_the_cut_hides_it() {
    // Issued ten days before it is due, paid three days after.
    assert_eq!(life((0, 1_000, 1_010, Some((1_013, 1_013))), false, 1_050), Some((-10, 3, 14, true)));
    // Of day 1009 nothing is left out, of day 1010 the end was not seen.
    assert_eq!(life((0, 1_000, 1_010, None), false, 1_010), Some((-10, -1, 10, false)));
    // Paid before the cut, but known on its day: open for all that was known.
    assert_eq!(life((0, 1_000, 1_010, Some((1_012, 1_003))), false, 1_012), Some((-10, 1, 12, false)));
    assert_eq!(life((0, 1_000, 1_010, Some((1_012, 1_003))), false, 1_013), Some((-10, -7, 4, true)));
    // A week that the cut is in was not seen to its end.
    assert_eq!(life((0, 1_000, 1_010, None), false, 1_037), Some((-10, 20, 31, false)));
    assert_eq!(life((0, 1_000, 1_010, None), false, 1_038), Some((-10, 27, 32, false)));
    // 45 days ahead of a later question: the week of the 28th day after due is the last to begin.
    assert_eq!(life((0, 1_000, 1_010, None), true, 1_900), Some((-10, 34, 33, false)));
    assert_eq!(life((0, 1_000, 1_010, None), false, 1_900), Some((-10, 125, 46, false)));
    // Paid before it could be asked about.
    let ledger = ledger(&[(0, 1_000, 1_010, Some((999, 999))), (0, 1_000, 1_010, None)]);
    let (table, timing) = seen(&ledger, 1_100);
    let lives = lives(&table, Day(1_050), &timing.habits(Day(1_050)));
    assert_eq!(lives.iter().map(|life| life.row).collect::<Vec<_>>(), [1]);
}

#[test]
fn the_same_cells_are_drawn_and_no_payment_is_lost() {
    let ledger = ledger(&portfolio());
    let (table, timing) = seen(&ledger, 1_610);
    let habits = timing.habits(Day(1_611));
    let drawn = |share: f64| {
        let mut lives = lives(&table, Day(1_611), &habits);
        for life in &mut lives {
            life.draw(&table.features.queries, share);
        }
        lives.into_iter().flat_map(|life| life.cells.into_iter().map(move |cell| (life.row, cell)))
    };
    let all: Vec<_> = drawn(1.0).collect();
    let half: Vec<_> = drawn(0.5).collect();
    let paid = |cells: &[(usize, (Cell, bool))]| cells.iter().filter(|(_, (_, paid))| *paid).count();
    let ledger_paid = portfolio().iter().filter(|facts| facts.3.is_some()).count();
    assert_eq!((paid(&all), paid(&half)), (ledger_paid, ledger_paid));
    let zeros = |cells: &[(usize, (Cell, bool))]| (cells.len() - paid(cells)) as f64;
    // Some 4000 cells: half of them within five standard deviations.
    assert!((zeros(&half) / zeros(&all) - 0.5).abs() < 0.04, "{} {}", zeros(&half), zeros(&all));
    // Fewer are some of the same.
    assert!(drawn(0.1).all(|cell| half.contains(&cell)));
}

#[test]
fn a_curve_falls_by_its_cells() {
    let ledger = ledger(&[(0, 1_000, 1_010, None)]);
    let habits = seen(&ledger, 1_000).1.habits(Day(1_001));
    let days = |from: i32, to: i32, fall: f64| (Cell { from, to }, fall);
    let (two, four) = (2.0_f64.ln(), 4.0_f64.ln());
    // Halved on the day before due; nothing for two days that are no cells; a quarter of that left after a week, whose days
    // are all alike to a portfolio without payments.
    let falls = [days(-1, -1, two), days(2, 2, two), days(3, 9, four)];
    let curve = curve(-1, Day(1_010), &falls, &habits);
    for (day, open) in [(-2, 1.0), (-1, 0.5), (0, 0.5), (1, 0.5), (2, 0.25), (9, 0.0625), (125, 0.0625)] {
        near(curve.open_after(day), open);
    }
    near(curve.open_after(3), 0.25 * 0.25_f64.powf(1.0 / 7.0));
    // Long before the grid nothing falls.
    let early = super::curve(-90, Day(1_010), &[days(-90, -64, two)], &habits);
    near(early.open_after(-71), 1.0);
    near(early.open_after(-64), 0.5);
    // Past its end nothing is known.
    near(super::curve(300, Day(1_010), &[], &habits).open_after(400), 1.0);
}

#[test]
fn a_hazard_learns_when_invoices_are_paid() {
    let ledger = ledger(&portfolio());
    let (table, timing) = seen(&ledger, 1_610);
    let fit = |threads: usize| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let hazard = Hazard::fit(&table, &timing, Day(1_500), &PRIOR, &Seen::all()).unwrap();
            let rows: Vec<usize> = (0..table.features.len()).collect();
            let curves = hazard.curves(&table.features, &timing, &rows).unwrap();
            (hazard, curves)
        })
    };
    let (hazard, curves) = fit(1);
    assert_eq!((&hazard, &curves), (&fit(2).0, &fit(2).1));
    assert!(hazard.is_sound());
    // Nothing had to be left out.
    near(hazard.log_rate, 0.0);
    // From -4 to +10, the mean of 15 days; a curve is asked from the day before issue on.
    let known: Vec<&Curve> = curves[100..240].iter().collect();
    let mean = |of: &dyn Fn(&Curve) -> f64| known.iter().map(|curve| of(curve)).sum::<f64>() / 140.0;
    let late =
        portfolio()[100..240].iter().filter(|facts| facts.3.is_some_and(|paid| paid.1 > facts.2)).count();
    let expected = mean(&|curve| curve.open_after(0));
    assert!((expected - late as f64 / 140.0).abs() < 0.05, "{expected} {late}");
    assert!(mean(&|curve| curve.open_after(-5)) > 0.95 && mean(&|curve| curve.open_after(15)) < 0.05);
    near(known[0].open_after(-11), 1.0);

    let written = serde_json::to_string(&hazard).unwrap();
    assert_eq!(serde_json::from_str::<Hazard>(&written).unwrap(), hazard);
    let damaged = Hazard { log_rate: f64::NEG_INFINITY, ..hazard.clone() };
    assert!(!damaged.is_sound());
    let narrow = Hazard { features: Seen::named(&["late_odds"]).unwrap(), ..hazard };
    assert!(!narrow.is_sound());
}

#[test]
fn what_was_not_known_at_the_cut_changes_nothing() {
    // Another future: what was not paid by the cut is paid weeks later, and nothing more is issued.
    let issued = portfolio().into_iter().filter(|facts| facts.1 < 1_300);
    let other = issued.map(|(account, issued, due, paid)| {
        let paid = paid.filter(|(known, _)| *known < 1_300);
        (account, issued, due, paid.or(Some((1_400, 1_350 + due % 9))))
    });
    let [whole, other] = [portfolio(), other.collect()].map(|facts| ledger(&facts));
    let fit = |ledger: &Ledger, as_of: i32| {
        let (table, timing) = seen(ledger, as_of);
        Hazard::fit(&table, &timing, Day(1_300), &PRIOR, &Seen::all()).unwrap()
    };
    let then = fit(&whole, 1_299);
    assert_eq!(fit(&whole, 1_610), then);
    assert_eq!(fit(&other, 1_610), then);
}

#[test]
fn too_few_payments_are_refused() {
    let ledger = ledger(&portfolio()[..40]);
    let (table, timing) = seen(&ledger, 1_610);
    let refused = Hazard::fit(&table, &timing, Day(1_500), &PRIOR, &Seen::all()).unwrap_err();
    assert_eq!(refused.code, Code::HistoryTooShort);
}
