//! Cash application over a whole ledger: payments whose allocation is taken away find their invoices again, learned from those
//! that are left.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::support::{Folder, cells, day, duewise, duewise_with, files, rows, sample, text_of, write_cells};

/// What was allocated after this day is taken away.
const CUT: &str = "2025-09-30";

/// Invoices of each payment, or payments of each invoice.
type Pairs = BTreeSet<(String, String)>;

/// The shared ledger without its last allocations, those, and what was found.
struct Books {
    _folder: Folder,
    ledger: PathBuf,
    out: PathBuf,
    /// What was allocated after the cut.
    taken: Pairs,
    /// Payments that were left on nothing, with the invoice that each is for.
    planted: Pairs,
}

fn books() -> &'static Books {
    static BOOKS: OnceLock<Books> = OnceLock::new();
    BOOKS.get_or_init(|| {
        let folder = Folder::new();
        let (ledger, out) = (folder.path().join("ledger"), folder.path().join("out"));
        std::fs::create_dir(&ledger).unwrap();
        for table in ["customers", "invoices", "payments"] {
            let name = format!("{table}.csv");
            let mut all = cells(&sample().ledger.join(&name));
            // What the ledger says of an invoice's end is taken away too.
            for column in ["settled", "open_balance", "status"] {
                if let Some(at) = all[0].iter().position(|header| header == column) {
                    all[1..].iter_mut().for_each(|row| row[at].clear());
                }
            }
            write_cells(&ledger.join(&name), &all);
        }
        let mut allocations = cells(&sample().ledger.join("allocations.csv"));
        let at = |name: &str| allocations[0].iter().position(|header| header == name).unwrap();
        let [payment, invoice, applied] = ["payment", "invoice", "day"].map(at);
        let is_taken = |row: &[String]| row[applied] != "day" && day(&row[applied]) > day(CUT);
        let pair = |row: &Vec<String>| (row[payment].clone(), row[invoice].clone());
        // Credit notes are allocated too, and are no payments.
        let is_money = |row: &&Vec<String>| row[payment].starts_with("PAY-");
        let taken = allocations.iter().filter(|row| is_taken(row)).filter(is_money).map(pair).collect();
        allocations.retain(|row| !is_taken(row));
        write_cells(&ledger.join("allocations.csv"), &allocations);
        find(&ledger, &out, &[]);
        let truth = rows(sample().ledger.join("truth/truth.csv"));
        let unapplied = truth.iter().filter(|row| row["code"] == "UNAPPLIED_CASH");
        let planted = unapplied.map(|row| (row["document"].clone(), row["twin"].clone())).collect();
        Books { _folder: folder, ledger, out, taken, planted }
    })
}

fn find(ledger: &std::path::Path, out: &std::path::Path, environment: &[(&str, &str)]) {
    duewise_with(environment, &["match", &text_of(ledger), "--out", &text_of(out), "--quiet"]).exits(0);
}

fn ids(cell: &str) -> impl Iterator<Item = &str> {
    cell.split("; ")
}

#[test]
fn what_was_allocated_is_found_again_and_little_else() {
    let books = books();
    assert!(books.taken.len() > 60, "{}", books.taken.len());
    let mut found: BTreeMap<String, Pairs> = BTreeMap::new();
    for row in rows(books.out.join("matches.csv")) {
        let pairs = ids(&row["payments"]).flat_map(|payment| {
            ids(&row["invoices"]).map(move |invoice| (payment.to_owned(), invoice.to_owned()))
        });
        found.entry(row["standing"].clone()).or_default().extend(pairs);
    }
    let all: Pairs = found.values().flatten().cloned().collect();
    let recall = all.intersection(&books.taken).count() as f64 / books.taken.len() as f64;
    assert!(recall > 0.9, "{recall}");
    let automatic = &found["automatic"];
    let wrong: Vec<_> =
        automatic.difference(&books.taken).filter(|pair| !books.planted.contains(*pair)).collect();
    assert!(automatic.len() > 30, "{}", automatic.len());
    assert!(wrong.len() * 50 <= automatic.len(), "{wrong:?}");
}

#[test]
fn nothing_has_two_owners_and_every_payment_is_somewhere() {
    let books = books();
    let matches = rows(books.out.join("matches.csv"));
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &matches {
        for id in ids(&row["payments"]).chain(ids(&row["invoices"])) {
            *owners.entry(id).or_default() += 1;
        }
        assert!(!row["reasons"].is_empty(), "{row:?}");
        let confidence: f64 = row["confidence"].parse().unwrap();
        assert!((0.0..=1.0).contains(&confidence));
        let asked = ["paid", "asked", "short"].map(|column| crate::support::exact(&row[column]));
        assert_eq!(asked[1] - asked[0], asked[2], "{row:?}");
    }
    assert!(owners.values().all(|count| *count == 1));
    let left: BTreeSet<String> =
        rows(books.out.join("unmatched.csv")).into_iter().map(|row| row["payment"].clone()).collect();
    for (payment, _) in &books.taken {
        assert!(owners.contains_key(payment.as_str()) != left.contains(payment), "{payment}");
    }
}

#[test]
fn rows_in_another_order_and_other_threads_change_no_match() {
    let (books, folder) = (books(), Folder::new());
    let turned = folder.path().join("turned");
    std::fs::create_dir(&turned).unwrap();
    for table in ["customers", "invoices", "payments", "allocations"] {
        let name = format!("{table}.csv");
        let mut all = cells(&books.ledger.join(&name));
        all[1..].reverse();
        write_cells(&turned.join(&name), &all);
    }
    let first = files(&books.out);
    find(&turned, &folder.path().join("a"), &[("RAYON_NUM_THREADS", "1")]);
    let other = files(&folder.path().join("a"));
    for name in ["matches.csv", "unmatched.csv"] {
        assert!(first[name] == other[name], "{name}");
    }
}

#[test]
fn a_share_of_errors_is_above_nothing_and_at_most_all() {
    for error in ["0", "-1", "2", "NaN", "much"] {
        duewise(&["match", "nowhere", &format!("--error={error}")]).exits(2);
    }
}
