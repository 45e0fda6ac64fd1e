//! Exceptions over whole ledgers: what was planted is found and little else, nothing from the future is used, and neither the
//! order of rows nor the number of threads changes a byte. Each rule's own cases stand with the rule.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use duewise::base::day::Day;
use duewise::exception::rule::RULES;

use crate::support::{Folder, cells, day, duewise, duewise_with, files, rows, synth, text_of, write_cells};

/// Ways in which a bill is there twice: which of them it is may be seen otherwise than it was planted.
const REPEATS: [&str; 5] =
    ["DUPLICATE_EXACT", "DUPLICATE_FUZZY", "DUPLICATE_VENDOR", "DUPLICATE_SPLIT", "DUPLICATE_RESENT"];
const TABLES: [&str; 13] = [
    "customers",
    "suppliers",
    "orders",
    "order_lines",
    "receipts",
    "invoices",
    "bills",
    "bill_lines",
    "payments",
    "allocations",
    "activities",
    "dispositions",
    "fx",
];
pub const CUT: &str = "2025-06-30";

/// A made-up ledger with its truth, and what was found in it.
pub struct Made {
    pub ledger: PathBuf,
    pub out: PathBuf,
}

/// See [`Made`].
pub fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("exceptions");
        let _ = std::fs::remove_dir_all(&home);
        let made = Made { ledger: home.join("ledger"), out: home.join("out") };
        synth(&made.ledger, &["--invoices", "8000", "--seed", "11"]);
        find(&made.ledger, &made.out, &[]);
        made
    })
}

/// Finds exceptions; the bytes of their list.
pub fn find(ledger: &Path, out: &Path, more: &[&str]) -> Vec<u8> {
    let (ledger, to) = (text_of(ledger), text_of(out));
    duewise(&[&["exceptions", &ledger, "--quiet", "--out", &to], more].concat()).exits(0);
    std::fs::read(out.join("exceptions.csv")).unwrap()
}

#[test]
fn what_was_planted_is_found_and_little_else() {
    let made = made();
    let mut planted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows(made.ledger.join("truth/truth.csv")) {
        planted.entry(row["code"].clone()).or_default().insert(row["document"].clone());
    }
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows(made.out.join("exceptions.csv")) {
        found.entry(row["code"].clone()).or_default().insert(row["document"].clone());
    }
    let repeats: HashSet<&String> = REPEATS.iter().filter_map(|code| planted.get(*code)).flatten().collect();
    let mut wrong = Vec::new();
    let own = planted.iter().filter(|(code, _)| RULES.iter().any(|rule| rule.code == code.as_str()));
    for (code, planted) in own {
        let found = found.remove(code).unwrap_or_default();
        let right = found.intersection(planted).count();
        let others: Vec<&String> = found
            .difference(planted)
            .filter(|id| !code.starts_with("DUPLICATE") || !repeats.contains(id))
            .collect();
        let recall = right as f64 / planted.len() as f64;
        let precision = right as f64 / (right + others.len()).max(1) as f64;
        if recall < 0.98 || precision < 0.98 {
            let missed: Vec<&String> = planted.difference(&found).collect();
            wrong.push(format!(
                "{code}: recall {recall:.3} precision {precision:.3} missed {missed:?} others {others:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_finding_says_its_arithmetic() {
    let found = rows(made().out.join("exceptions.csv"));
    assert!(found.len() > 100);
    for row in found {
        let rule = RULES.iter().find(|rule| rule.code == row["code"]).unwrap();
        assert!(rule.kinds().iter().any(|kind| kind.name() == row["kind"]), "{row:?}");
        for column in ["document", "role", "expected", "found", "currency", "at_stake", "sentence"] {
            assert!(!row[column].is_empty(), "{column} of {row:?}");
        }
        assert!(row["sentence"].ends_with('.') && row["sentence"].contains(&row["document"]), "{row:?}");
        assert!(!row["at_stake"].starts_with('-'), "{row:?}");
    }
}

#[test]
fn rows_in_another_order_and_other_threads_change_no_byte() {
    let (made, folder) = (made(), Folder::new());
    let turned = folder.path().join("turned");
    std::fs::create_dir_all(&turned).unwrap();
    for table in TABLES {
        let name = format!("{table}.csv");
        let mut cells = cells(&made.ledger.join(&name));
        cells[1..].reverse();
        write_cells(&turned.join(&name), &cells);
    }
    let first = std::fs::read(made.out.join("exceptions.csv")).unwrap();
    assert!(find(&turned, &folder.path().join("a"), &[]) == first, "rows in another order");
    for threads in ["1", "3"] {
        let (ledger, out) = (text_of(&made.ledger), folder.inside(threads));
        duewise_with(&[("RAYON_NUM_THREADS", threads)], &["exceptions", &ledger, "--out", &out]).exits(0);
        assert!(files(Path::new(&out)) == files(&made.out), "{threads} threads");
    }
}

/// The ledger as an export on the day of the cut would have held it.
fn cut_off(from: &Path, to: &Path, cut: Day) {
    std::fs::create_dir_all(to).unwrap();
    let later = |cell: &str| !cell.is_empty() && day(cell) > cut;
    let mut gone: HashSet<String> = HashSet::new();
    for table in TABLES {
        let mut cells = cells(&from.join(format!("{table}.csv")));
        let header = cells.remove(0);
        let at: HashMap<&str, usize> =
            header.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let known = ["posted", "ordered", "received", "day"].iter().find_map(|column| at.get(column));
        cells.retain(|row| {
            let is_late = known.is_some_and(|known| later(&row[*known]));
            if is_late && let Some(id) = at.get("id") {
                gone.insert(row[*id].clone());
            }
            let hangs =
                ["order", "payment", "invoice", "document"].iter().filter_map(|column| at.get(column));
            let is_line = table != "bills" && table != "invoices";
            let is_orphan = is_line && hangs.clone().any(|column| gone.contains(&row[*column]));
            !(is_late || is_orphan)
        });
        for column in ["settled", "returned", "disputed", "dispute_resolved"] {
            if let Some(column) = at.get(column) {
                cells.iter_mut().filter(|row| later(&row[*column])).for_each(|row| row[*column].clear());
            }
        }
        for column in ["open_balance", "status"] {
            if let Some(column) = at.get(column).filter(|_| table != "orders") {
                let kept = |row: &&mut Vec<String>| !["void", "draft"].contains(&row[*column].as_str());
                cells.iter_mut().filter(kept).for_each(|row| row[*column].clear());
            }
        }
        cells.insert(0, header);
        write_cells(&to.join(format!("{table}.csv")), &cells);
    }
}

#[test]
fn what_became_known_later_changes_nothing() {
    let (made, folder) = (made(), Folder::new());
    let cut = folder.path().join("cut");
    cut_off(&made.ledger, &cut, day(CUT));
    let as_of = find(&made.ledger, &folder.path().join("a"), &["--as-of", CUT]);
    let exported = find(&cut, &folder.path().join("b"), &["--as-of", CUT]);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (one, other) = (text(&as_of), text(&exported));
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let different: Vec<String> = lines(&one).symmetric_difference(&lines(&other)).take(5).cloned().collect();
    assert!(one == other, "{different:#?}");
    assert!(one.lines().count() > 50);
    assert!(as_of != std::fs::read(made.out.join("exceptions.csv")).unwrap(), "the cut changes something");
}

#[test]
fn the_screen_shows_counts_and_sums_by_rule() {
    let folder = Folder::of(&[
        ("l/orders.csv", "id,side,party,ordered,amount,currency\nPO1,purchase,S1,2025-01-02,100.00,EUR\n"),
        (
            "l/bills.csv",
            "id,supplier,issued,amount,currency,order\nR1,S1,2025-01-10,80.00,EUR,PO1\n\
             R2,S1,2025-01-11,100.00,EUR,PO1\nR3,S2,2025-01-12,7.50,EUR,\nr 3,S2,2025-01-13,7.50,EUR,\n",
        ),
    ]);
    // R1 and R2 are 180.00 of 100.00; R3 names no order, and r 3 is R3 again.
    let expected = "\
Exceptions as of 2025-01-13 by policy shipped-3
  DUPLICATE_EXACT              1  The same bill of a supplier twice (ap; 1 open)
    7.50 EUR
  NO_PO                        1  No order is behind a bill or a line of it (buyer; 1 open)
    7.50 EUR
  AMOUNT_OVER_ORDER            1  The bills of an order come to more than its total (buyer; 1 open)
    80.00 EUR
";
    let ran = duewise(&["exceptions", &folder.inside("l"), "--quiet"]).exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (expected, ""));
    let json = duewise(&["exceptions", &folder.inside("l"), "--quiet", "--json"]).exits(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rules"][2]["at_stake"]["EUR"], "80.00");
    assert_eq!((&json["rules"][2]["unpaid"], &json["reviewed"]), (&1.into(), &0.into()));
    let none = duewise(&["exceptions", &folder.inside("l"), "--as-of", "2025-01-10"]).exits(0).stdout;
    assert!(none.ends_with("policy shipped-3\n  none\n"), "{none}");
}

/// Own invoices for 10 pieces at 12.00, of which 8 were delivered, four weeks after the day agreed.
const SOLD: [(&str, &str); 4] = [
    ("l/orders.csv", "id,side,party,ordered,amount,currency\nSO1,sales,C1,2025-01-02,120.00,EUR\n"),
    (
        "l/order_lines.csv",
        "order,line,item,quantity,unit_price,amount,scheduled\nSO1,10,A,10,12.00,120.00,2025-02-03\n",
    ),
    ("l/receipts.csv", "id,order,order_line,received,quantity\nD1,SO1,10,2025-03-03,8\n"),
    (
        "l/invoices.csv",
        "id,customer,issued,due,amount,currency,order\nI1,C1,2025-03-03,2025-04-02,91.00,EUR,SO1\n\
         I2,C1,2025-03-10,2025-04-09,48.00,EUR,SO1\nI3,C2,2025-03-11,2025-04-10,12.00,EUR,SO1\n\
         I4,C1,2025-03-20,2025-04-19,91.00,EUR,SO1\n",
    ),
];

#[test]
fn own_invoices_are_matched_with_sales_orders_and_deliveries() {
    // 7 at 13.00 for 12.00, then 4, of which 8 - 7 = 1 was delivered and 10 - 7 = 3 ordered; I4 is I1 again.
    let lines = "document,line,item,quantity,unit_price,amount,order,order_line\n\
                 I1,1,A,7,13.00,91.00,SO1,10\nI2,1,A,4,12.00,48.00,SO1,10\nI4,1,A,7,13.00,91.00,SO1,10\n";
    let folder = Folder::of(&[SOLD.as_slice(), &[("l/invoice_lines.csv", lines)]].concat());
    let (ledger, out) = (folder.path().join("l"), folder.path().join("out"));
    find(&ledger, &out, &[]);
    let found = rows(out.join("exceptions.csv"));
    let own = found.iter().filter(|row| row["kind"] == "invoice");
    let own: Vec<[&str; 4]> =
        own.map(|row| ["code", "document", "role", "at_stake"].map(|name| row[name].as_str())).collect();
    let expected = [
        ["DUPLICATE_RESENT", "I4", "sales", "91.00"],
        ["WRONG_PARTY", "I3", "sales", "12.00"],
        ["PRICE_VARIANCE", "I1", "sales", "7.00"],
        ["QTY_OVER_ORDER", "I2", "sales", "12.00"],
        ["QTY_OVER_RECEIPT", "I2", "sales", "36.00"],
        ["AMOUNT_OVER_ORDER", "I3", "sales", "12.00"],
        ["DELIVERY_DATE", "I1", "sales", "91.00"],
    ];
    assert_eq!(own, expected);
    // If I4 is no repeat, it brings what is billed to 18 of 10: all of its own 7 at 13.00 are too many.
    let verdict = "document,code,verdict,day\nI4,DUPLICATE_RESENT,false,2025-03-21\n";
    folder.write("l/dispositions.csv", verdict);
    find(&ledger, &out, &[]);
    let found = rows(out.join("exceptions.csv"));
    let of_i4 = found.iter().filter(|row| row["document"] == "I4" && row["code"] != "PRICE_VARIANCE");
    let of_i4: Vec<[&str; 3]> =
        of_i4.map(|row| ["code", "state", "at_stake"].map(|name| row[name].as_str())).collect();
    let expected = [
        ["DUPLICATE_RESENT", "judged", "91.00"],
        ["QTY_OVER_ORDER", "open", "91.00"],
        ["QTY_OVER_RECEIPT", "open", "91.00"],
    ];
    assert_eq!(of_i4, expected);
}

const BILLS: &str = "id,supplier,issued,currency,amount\nR1,S1,2025-01-10,EUR,5.00\n";

#[test]
fn scopes_of_nobody_are_told_and_those_of_somebody_are_not() {
    let folder = Folder::of(&[
        ("l/bills.csv", BILLS),
        ("l/suppliers.csv", "id,name,segment\nS1,Elm,tools\nS2,Oak,rent\n"),
        ("l/bill_lines.csv", "document,line,item,quantity,unit_price,amount\nR1,1,A,1,5.00,5.00\n"),
    ]);
    let scope = |key: &str, id: &str| format!("[[NO_PO.scope]]\n{key} = \"{id}\"\nstate = \"off\"\n\n");
    let all = [("party", "S1"), ("party", "S9"), ("item", "A"), ("item", "B"), ("category", "rent")];
    let scopes: String = all.iter().chain(&[("category", "rnet")]).map(|(key, id)| scope(key, id)).collect();
    let shipped = include_str!("../../data/policy/exceptions.toml");
    folder.write("policy.toml", shipped.replacen("[PO_CLOSED]", &format!("{scopes}[PO_CLOSED]"), 1));
    let args = ["exceptions", &folder.inside("l"), "--policy", &folder.inside("policy.toml")];
    let told = duewise(&args).exits(0).stderr;
    let notes: Vec<&str> = told.lines().filter(|line| line.starts_with("note: [[")).collect();
    let nothing_has = |what: &str| format!("note: [[NO_PO.scope]]: nothing has {what}");
    assert_eq!(notes, ["party `S9`", "item `B`", "category `rnet`"].map(nothing_has));
    let shipped = duewise(&["exceptions", &folder.inside("l")]).exits(0).stderr;
    assert!(!shipped.contains("note: [["), "{shipped}");
}

#[test]
fn rejected_bills_are_told_as_such_and_where_they_are() {
    let folder = Folder::of(&[("l/bills.csv", &format!("{BILLS}R2,S1,2025-01-40,EUR,5.00\n"))]);
    let (ledger, out) = (folder.inside("l"), folder.inside("out"));
    let told = duewise(&["exceptions", &ledger]).exits(1).stderr;
    let hint = "1 row rejected: `duewise check LEDGER --out FOLDER` writes each with its place and remedy\n";
    assert!(told.contains(hint), "{told}");
    let told = duewise(&["exceptions", &ledger, "--out", &out]).exits(1).stderr;
    let file = Path::new(&out).join("rejects.csv");
    let hint = format!("1 row rejected: {} has each with its place and remedy\n", text_of(&file));
    assert!(told.contains(&hint) && file.exists(), "{told}");

    // No bill is left: it is not invoices that are missing.
    folder.write("l/bills.csv", BILLS.replace("2025-01-10", "10"));
    let told = duewise(&["exceptions", &ledger]).exits(2).stderr;
    let found =
        "found: bills: 0 of 1 row accepted; 1 × not a day of the calendar in this column's format (DW204)";
    assert!(told.contains(found) && !told.contains("invoice"), "{told}");
    // Of neither table.
    std::fs::remove_file(folder.path().join("l/bills.csv")).unwrap();
    folder.write("l/suppliers.csv", "id,name\nS1,Elm\n");
    let told = duewise(&["exceptions", &ledger]).exits(2).stderr;
    assert!(told.contains("it has no bills table either"), "{told}");
}
