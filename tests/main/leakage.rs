//! Nothing from the future: deleting or altering all that became known after a day changes nothing that is said as of it.
//!
//! Wrong: compute a customer's figures over the whole ledger, then score an invoice of the past with them. Right: ask as
//! of the invoice's own day. [`the_wrong_way_is_seen`] shows that these tests tell the two apart.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use duewise::asof::frame::{FeatureTable, Snapshots, TrainingTable};
use duewise::asof::history::History;
use duewise::asof::timing::Timing;
use duewise::asof::view::LedgerView;
use duewise::base::day::{AsOf, Day};
use duewise::base::seed;
use duewise::ledger::Ledger;
use duewise::model::backtest;
use duewise::model::train::Kind;
use rand::seq::SliceRandom as _;

use crate::support::{
    Folder, SAMPLE_AS_OF, cells, day, ledger, run_as_of, sample, sample_as_of, synth, write_cells,
};

/// A CSV table that can be asked by header.
struct Table {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(folder: &Path, name: &str) -> Self {
        let mut cells = cells(&folder.join(name));
        Self { headers: cells.remove(0), rows: cells }
    }

    fn write(self, folder: &Path, name: &str) {
        let all: Vec<Vec<String>> = std::iter::once(self.headers).chain(self.rows).collect();
        write_cells(&folder.join(name), &all);
    }

    fn at(&self, column: &str) -> usize {
        self.headers.iter().position(|header| header == column).unwrap_or_else(|| panic!("no {column}"))
    }
}

/// Whether a cell holds a day after the cut.
fn is_after(cell: &str, cut: Day) -> bool {
    !cell.is_empty() && day(cell) > cut
}

/// The receivable tables of the sample, as they are or as they would be in another future.
struct Books {
    customers: Table,
    invoices: Table,
    payments: Table,
    allocations: Table,
    activities: Table,
    rates: Table,
    /// Documents (payments and invoices, credit notes among them) known only after the cut.
    later: HashSet<String>,
}

impl Books {
    fn read(folder: &Path, cut: Day) -> Self {
        let read = |name| Table::read(folder, name);
        let mut books = Self {
            customers: read("customers.csv"),
            invoices: read("invoices.csv"),
            payments: read("payments.csv"),
            allocations: read("allocations.csv"),
            activities: read("activities.csv"),
            rates: read("fx.csv"),
            later: HashSet::new(),
        };
        let mut posted: HashMap<String, Day> = HashMap::new();
        for table in [&books.payments, &books.invoices] {
            let (id, known) = (table.at("id"), table.at("posted"));
            posted.extend(table.rows.iter().map(|row| (row[id].clone(), day(&row[known]))));
        }
        let later = posted.iter().filter(|(_, known)| **known > cut).map(|(id, _)| id.clone());
        books.later = later.collect();
        books
    }

    /// Without anything that became known after the cut: what an export on that day would have held.
    fn deleted(mut self, cut: Day) -> Self {
        let [id, settled, disputed, resolved, status, balance] =
            ["id", "settled", "disputed", "dispute_resolved", "status", "open_balance"]
                .map(|column| self.invoices.at(column));
        self.invoices.rows.retain(|row| !self.later.contains(&row[id]));
        for row in &mut self.invoices.rows {
            if is_after(&row[settled], cut) {
                row[settled].clear();
            }
            for column in [disputed, resolved] {
                if is_after(&row[column], cut) {
                    row[column].clear();
                }
            }
            if row[status] == "paid" {
                row[status].clear();
            }
            row[balance].clear();
        }
        let [id, returned] = ["id", "returned"].map(|column| self.payments.at(column));
        self.payments.rows.retain(|row| !self.later.contains(&row[id]));
        for row in &mut self.payments.rows {
            if is_after(&row[returned], cut) {
                row[returned].clear();
            }
        }
        let [payment, invoice, applied] =
            ["payment", "invoice", "day"].map(|column| self.allocations.at(column));
        self.allocations.rows.retain(|row| {
            let known = !self.later.contains(&row[payment]) && !self.later.contains(&row[invoice]);
            known && !is_after(&row[applied], cut)
        });
        let made = self.activities.at("day");
        self.activities.rows.retain(|row| !is_after(&row[made], cut));
        let held_from = self.rates.at("day");
        self.rates.rows.retain(|row| !is_after(&row[held_from], cut));
        self
    }

    /// With everything that became known after the cut changed: later, larger, disputed, promised.
    fn altered(mut self, cut: Day) -> Self {
        let later = |cell: &mut String, days: i32| {
            if is_after(cell, cut) {
                *cell = day(cell).plus(days).to_string();
            }
        };
        let larger = |cell: &mut String| cell.insert(0, '9');
        let [id, due, amount, settled, disputed, resolved, terms] =
            ["id", "due", "amount", "settled", "disputed", "dispute_resolved", "terms"]
                .map(|column| self.invoices.at(column));
        for row in &mut self.invoices.rows {
            if self.later.contains(&row[id]) {
                larger(&mut row[amount]);
                row[due] = day(&row[due]).plus(20).to_string();
                "net 999".clone_into(&mut row[terms]);
            }
            later(&mut row[settled], 37);
            later(&mut row[resolved], 11);
            if row[disputed].is_empty() || is_after(&row[disputed], cut) {
                row[disputed] = cut.plus(3).to_string();
            }
        }
        let [id, amount, customer, returned] =
            ["id", "amount", "customer", "returned"].map(|column| self.payments.at(column));
        for row in &mut self.payments.rows {
            later(&mut row[returned], 9);
            if self.later.contains(&row[id]) {
                larger(&mut row[amount]);
                row[customer].clear();
            }
        }
        let applied = self.allocations.at("day");
        self.allocations.rows.iter_mut().for_each(|row| later(&mut row[applied], 5));
        let [made, outcome, promised] =
            ["day", "outcome", "promise_day"].map(|column| self.activities.at(column));
        for row in &mut self.activities.rows {
            if is_after(&row[made], cut) {
                "promise".clone_into(&mut row[outcome]);
                row[promised] = day(&row[made]).plus(1).to_string();
            }
        }
        let [held_from, rate] = ["day", "rate"].map(|column| self.rates.at(column));
        let later = self.rates.rows.iter_mut().filter(|row| is_after(&row[held_from], cut));
        later.for_each(|row| larger(&mut row[rate]));
        self
    }

    /// Writes the tables into a folder.
    fn write(self, folder: &Path) {
        fs::create_dir(folder).unwrap();
        self.customers.write(folder, "customers.csv");
        self.invoices.write(folder, "invoices.csv");
        self.payments.write(folder, "payments.csv");
        self.allocations.write(folder, "allocations.csv");
        self.activities.write(folder, "activities.csv");
        self.rates.write(folder, "fx.csv");
    }
}

/// The sample with another future than its own: one with none, and one with a different one.
struct Futures {
    _folder: Folder,
    deleted: PathBuf,
    altered: PathBuf,
}

impl Futures {
    fn new() -> Self {
        let folder = Folder::new();
        let cut = sample_as_of().0;
        let (deleted, altered) = (folder.path().join("deleted"), folder.path().join("altered"));
        Books::read(&sample().ledger, cut).deleted(cut).write(&deleted);
        Books::read(&sample().ledger, cut).altered(cut).write(&altered);
        Self { _folder: folder, deleted, altered }
    }
}

/// Everything a run says, the hash of its data taken out of the model.
fn said(out: &Path) -> BTreeMap<&'static str, String> {
    let files = ["scores", "customers", "worklist", "suppressed", "holds", "ageing", "credit"];
    let mut said: BTreeMap<&str, String> =
        files.map(|name| (name, fs::read_to_string(out.join(format!("{name}.csv"))).unwrap())).into();
    let artefact = fs::read_to_string(out.join("model/artefact.json")).unwrap();
    let artefact = artefact.lines().filter(|line| !line.contains("\"data_hash\"")).collect::<Vec<_>>();
    said.insert("artefact", artefact.join("\n"));
    said
}

#[test]
fn deleting_or_altering_what_was_known_later_changes_nothing_said() {
    let futures = Futures::new();
    let before = said(&sample().out);
    for ledger in [&futures.deleted, &futures.altered] {
        let out = ledger.with_extension("out");
        run_as_of(ledger, &out, SAMPLE_AS_OF).exits(0);
        let after = said(&out);
        let different: Vec<_> = before.keys().filter(|name| before.get(*name) != after.get(*name)).collect();
        assert!(different.is_empty(), "{}: {different:?}", ledger.display());
    }
}

#[test]
fn the_futures_are_other_ones() {
    // As of the last day the three ledgers say different things: the test above would see a difference.
    let futures = Futures::new();
    let [whole, deleted, altered] =
        [&sample().ledger, &futures.deleted, &futures.altered].map(|path| ledger(path));
    assert!(whole.last_known() > deleted.last_known());
    assert!(whole.invoices.len() > deleted.invoices.len() + 100);
    assert!(deleted.last_known().unwrap() <= sample_as_of());
    assert_eq!(whole.invoices.len(), altered.invoices.len());
    let end = whole.last_known().unwrap();
    let settled = |ledger: &Ledger| {
        let view = LedgerView::new(ledger, end).unwrap();
        view.invoices()
            .filter(|(at, _)| view.settled(*at).is_some_and(|settled| settled.known > sample_as_of().0))
            .count()
    };
    assert!(settled(&whole) > 100, "{}", settled(&whole));
    assert_eq!(settled(&deleted), 0);
}

/// Figures of every invoice known at the sample's day, asked on the day the question names: bits, so that NaN equals NaN.
fn figures(ledger: &Ledger, known: AsOf, asked: impl Fn(Day) -> Day) -> BTreeMap<String, Vec<(String, u32)>> {
    let view = LedgerView::new(ledger, known).unwrap();
    let history = History::new(&view, 0).unwrap();
    let invoices: Vec<_> =
        view.invoices().filter(|(_, invoice)| invoice.stamp.known <= sample_as_of().0).collect();
    let questions = invoices.iter().map(|(at, invoice)| (*at, asked(invoice.stamp.known)));
    let table = FeatureTable::new(&view, &history, questions).unwrap();
    let row = |row: usize| {
        let cell = |column: &polars::prelude::Column| {
            (column.name().to_string(), column.f32().unwrap().get(row).unwrap().to_bits())
        };
        table.frame.columns().iter().map(cell).collect()
    };
    invoices.iter().enumerate().map(|(at, (_, invoice))| (invoice.id.clone(), row(at))).collect()
}

fn differing(
    left: &BTreeMap<String, Vec<(String, u32)>>,
    right: &BTreeMap<String, Vec<(String, u32)>>,
) -> HashSet<String> {
    assert!(left.len() > 200 && left.keys().eq(right.keys()), "{} and {} invoices", left.len(), right.len());
    let pairs = left.values().zip(right.values()).flat_map(|(left, right)| left.iter().zip(right));
    pairs.filter(|(left, right)| left != right).map(|(left, _)| left.0.clone()).collect()
}

#[test]
fn features_are_equal_whatever_the_future_and_however_late_they_are_computed() {
    let futures = Futures::new();
    let cut = sample_as_of();
    let today = |_| cut.0.plus(1);
    let on_the_day = |known: Day| known;
    let ledgers = [&sample().ledger, &futures.deleted, &futures.altered].map(|path| ledger(path));
    let end = ledgers[0].last_known().unwrap();
    let (now, then) = (figures(&ledgers[0], cut, today), figures(&ledgers[0], cut, on_the_day));
    for ledger in &ledgers {
        for known in [cut, end] {
            assert_eq!(differing(&now, &figures(ledger, known, today)), HashSet::new(), "known {known}");
            assert_eq!(
                differing(&then, &figures(ledger, known, on_the_day)),
                HashSet::new(),
                "known {known}"
            );
        }
    }
}

#[test]
fn the_wrong_way_is_seen() {
    let whole = ledger(&sample().ledger);
    let end = whole.last_known().unwrap();
    let right = figures(&whole, sample_as_of(), |known| known);
    // Wrong: each invoice gets its customer's figures as they stand in the end.
    let wrong = figures(&whole, end, |_| end.0.plus(1));
    let seen = differing(&right, &wrong);
    for name in [
        "paid_count",
        "late_ratio",
        "delay_mean",
        "delay_last_1",
        "delay_q50",
        "open_amount",
        "since_paid_days",
    ] {
        assert!(seen.contains(name), "{name} should have told");
    }
    // What the document itself says is the same on any day.
    assert!(!seen.contains("terms_days") && !seen.contains("due_monday"), "{seen:?}");
}

#[test]
fn labels_at_random_cannot_be_predicted() {
    let folder = Folder::new();
    let path = folder.path().join("ledger");
    synth(&path, &["--invoices", "2400", "--seed", "6"]);
    let ledger = ledger(&path);
    let view = LedgerView::new(&ledger, ledger.last_known().unwrap()).unwrap();
    let history = History::new(&view, 0).unwrap();
    let timing = Timing::new(&view);
    let mut table = TrainingTable::new(&view, &history, Snapshots::Issue).unwrap();
    // As they are they can be: the figure moves.
    let auc = |table: &TrainingTable| {
        let metrics = backtest::run(table, &timing).unwrap().of(Kind::Logistic).unwrap().clone();
        (metrics.auc, metrics.n)
    };
    let (predicted, _) = auc(&table);
    assert!(predicted > 0.65, "{predicted}");
    let mut late: Vec<bool> = table.outcomes.iter().map(|outcome| outcome.late).collect();
    late.shuffle(&mut seed::stream(1, "shuffled labels", 0));
    table.outcomes.iter_mut().zip(late).for_each(|(outcome, late)| outcome.late = late);
    let (shuffled, n) = auc(&table);
    // With some 1,500 rows the deviation of a chance AUC is below 0.02.
    assert!(n > 1200, "{n}");
    assert!((shuffled - 0.5).abs() < 0.06, "{shuffled}");
}
