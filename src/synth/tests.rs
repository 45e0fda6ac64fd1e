//! What every made-up ledger must be, whatever its size.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::*;
use crate::base::sheet::Cells;
use crate::ledger::table::{Kind, Need, Table};

const INVOICES: usize = 20_000;

static LEDGER: LazyLock<Synthetic> = LazyLock::new(|| generate(&settings(INVOICES, 7)));

fn settings(invoices: usize, seed: u64) -> Settings {
    // 2024-01-01.
    Settings { invoices, seed, first_day: Day(19_723), days: Settings::DAYS_DEFAULT }
}

fn sheet<'a>(ledger: &'a Synthetic, name: &str) -> &'a Sheet {
    ledger.tables.iter().find(|table| table.name == name).unwrap()
}

fn cells<'a>(sheet: &'a Sheet, column: &str) -> &'a Cells {
    &sheet.columns.iter().find(|(name, _)| name == column).unwrap().1
}

fn texts<'a>(sheet: &'a Sheet, column: &str) -> &'a [String] {
    let Cells::Text(cells) = cells(sheet, column) else { panic!("{column} is not text") };
    cells
}

fn words<'a>(sheet: &'a Sheet, column: &str) -> &'a [&'static str] {
    let Cells::Word(cells) = cells(sheet, column) else { panic!("{column} is not a word") };
    cells
}

fn days<'a>(sheet: &'a Sheet, column: &str) -> &'a [Option<Day>] {
    let Cells::Day(cells) = cells(sheet, column) else { panic!("{column} is not a day") };
    cells
}

fn amounts(sheet: &Sheet, column: &str) -> Vec<Option<i64>> {
    let Cells::Money(cells) = cells(sheet, column) else { panic!("{column} is not money") };
    cells.iter().map(|cell| cell.map(|(minor, _)| minor)).collect()
}

fn written(ledger: &Synthetic) -> String {
    format!("{:?} {:?}", ledger.tables, ledger.truth)
}

/// Sum and last day of the allocations by invoice, but for those of payments that came back, and sum by source.
struct Applied {
    to: HashMap<String, (i64, Day)>,
    from: HashMap<String, (i64, Day)>,
}

fn applied(ledger: &Synthetic) -> Applied {
    let table = sheet(ledger, "allocations");
    let mut applied = Applied { to: HashMap::new(), from: HashMap::new() };
    let payments = sheet(ledger, "payments");
    let returned = texts(payments, "id").iter().zip(days(payments, "returned"));
    let returned: HashSet<&String> = returned.filter_map(|(id, day)| day.map(|_| id)).collect();
    assert!(!returned.is_empty());
    let rows = texts(table, "payment").iter().zip(texts(table, "invoice"));
    for ((source, invoice), (amount, day)) in
        rows.zip(amounts(table, "amount").iter().zip(days(table, "day")))
    {
        let (amount, day) = (amount.unwrap(), day.unwrap());
        assert!(amount > 0);
        let lasts = !returned.contains(source);
        for (sums, key, _) in [(&mut applied.to, invoice, lasts), (&mut applied.from, source, true)]
            .into_iter()
            .filter(|(.., counts)| *counts)
        {
            let sum = sums.entry(key.clone()).or_insert((0, day));
            *sum = (sum.0 + amount, sum.1.max(day));
        }
    }
    applied
}

#[test]
fn the_same_settings_give_the_same_ledger_on_any_number_of_threads() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let small = settings(2_000, 3);
    let alone = one.install(|| written(&generate(&small)));
    assert!(alone == written(&generate(&small)));
    assert!(alone != written(&generate(&settings(2_000, 4))));
}

#[test]
fn any_size_has_exactly_its_rows() {
    for invoices in [0, 1, 10, 333] {
        let ledger = generate(&settings(invoices, 1));
        assert_eq!(sheet(&ledger, "invoices").rows(), invoices);
    }
    for days in [-5, 0, 1, 30] {
        let ledger = generate(&Settings { days, ..settings(300, 1) });
        assert_eq!(sheet(&ledger, "invoices").rows(), 300);
    }
    assert_eq!(sheet(&LEDGER, "invoices").rows(), INVOICES);
}

#[test]
fn the_tables_keep_the_contract() {
    for sheet in &LEDGER.tables {
        let table = Table::find(&sheet.name).unwrap();
        assert!(sheet.rows() > 0, "{}", sheet.name);
        let mut latest = None;
        for (name, cells) in &sheet.columns {
            let position = table.position(name).unwrap_or_else(|| panic!("{}.{name}", sheet.name));
            assert!(latest < Some(position), "{}.{name} is out of order", sheet.name);
            latest = Some(position);
            assert_eq!(cells.len(), sheet.rows(), "{}.{name}", sheet.name);
            let column = &table.columns[position];
            if let (Kind::Choice(allowed), Cells::Word(words)) = (column.kind, cells) {
                assert!(words.iter().all(|word| allowed.contains(word)), "{}.{name}", sheet.name);
            } else {
                assert!(!matches!(column.kind, Kind::Choice(_)), "{}.{name}", sheet.name);
            }
        }
        for column in table.columns.iter().filter(|column| column.need == Need::Required) {
            let cells = cells(sheet, column.name);
            let whole = match cells {
                Cells::Text(cells) => cells.iter().all(|cell| !cell.trim().is_empty()),
                Cells::Word(cells) => cells.iter().all(|cell| !cell.is_empty()),
                Cells::Day(cells) => cells.iter().all(Option::is_some),
                Cells::Money(cells) => cells.iter().all(|cell| cell.is_some_and(|(minor, _)| minor >= 0)),
                _ => true,
            };
            assert!(whole, "{}.{}", sheet.name, column.name);
        }
    }
}

#[test]
fn keys_are_unique_and_references_lead_somewhere() {
    for sheet in &LEDGER.tables {
        let table = Table::find(&sheet.name).unwrap();
        let mut seen = HashSet::new();
        for row in 0..if table.key.is_empty() { 0 } else { sheet.rows() } {
            let part = |column: &&str| match cells(sheet, column) {
                Cells::Text(cells) => cells[row].clone(),
                Cells::Word(cells) => cells[row].to_owned(),
                Cells::Day(cells) => format!("{:?}", cells[row]),
                _ => panic!("{column} is no key"),
            };
            let key: Vec<String> = table.key.iter().map(part).collect();
            assert!(seen.insert(key.clone()), "{} {key:?}", sheet.name);
        }
        for (name, cells) in &sheet.columns {
            let target = table.columns[table.position(name).unwrap()].refers_to;
            if let (Some(target), Cells::Text(cells)) = (target, cells) {
                let known: HashSet<&String> = texts(self::sheet(&LEDGER, target), "id").iter().collect();
                assert!(
                    cells.iter().all(|cell| cell.is_empty() || known.contains(cell)),
                    "{}.{name}",
                    sheet.name
                );
            }
        }
    }
}

#[test]
fn nothing_is_later_than_the_export() {
    // A due day, a delivery day and a promise are known before they come.
    let foreseen = ["due", "promise_day", "scheduled"];
    let short = [1, 20, 60].map(|days| generate(&Settings { days, ..settings(500, 2) }));
    for ledger in short.iter().chain([&*LEDGER]) {
        for sheet in &ledger.tables {
            for (name, cells) in sheet.columns.iter().filter(|(name, _)| !foreseen.contains(&name.as_str())) {
                if let Cells::Day(cells) = cells {
                    let latest = cells.iter().max().copied().flatten();
                    assert!(latest <= Some(ledger.as_of), "{}.{name} {latest:?}", sheet.name);
                }
            }
        }
    }
    let promised = days(sheet(&LEDGER, "activities"), "promise_day");
    assert!(promised.iter().flatten().any(|day| *day > LEDGER.as_of), "no promise is still to be kept");
}

#[test]
fn no_money_is_made_or_lost() {
    let applied = applied(&LEDGER);
    let table = sheet(&LEDGER, "invoices");
    let (types, statuses, settled) = (words(table, "type"), words(table, "status"), days(table, "settled"));
    let (amounts_due, open) = (amounts(table, "amount"), amounts(table, "open_balance"));
    for (row, id) in texts(table, "id").iter().enumerate() {
        let of = if types[row] == "credit_note" { &applied.from } else { &applied.to };
        let (used, last) = of.get(id).copied().map_or((0, None), |(sum, day)| (sum, Some(day)));
        let left = amounts_due[row].unwrap() - used;
        assert!(left >= 0, "{id}");
        if ["void", "draft"].contains(&statuses[row]) {
            assert_eq!((used, open[row], settled[row]), (0, None, None), "{id}");
        } else {
            assert_eq!(open[row], Some(left), "{id}");
            assert_eq!(settled[row], last.filter(|_| left == 0), "{id}");
            assert_eq!(statuses[row], if left == 0 { "paid" } else { "open" }, "{id}");
        }
    }
    let table = sheet(&LEDGER, "payments");
    for (id, amount) in texts(table, "id").iter().zip(amounts(table, "amount")) {
        let used = applied.from.get(id).map_or(0, |(sum, _)| *sum);
        assert!(used <= amount.unwrap(), "{id}");
    }
}

#[test]
fn lateness_is_common_but_not_the_rule() {
    let table = sheet(&LEDGER, "invoices");
    let paid = days(table, "settled").iter().zip(days(table, "due")).zip(words(table, "type"));
    let paid: Vec<bool> = paid
        .filter(|(_, kind)| **kind == "invoice")
        .filter_map(|((settled, due), _)| settled.map(|day| Some(day) > *due))
        .collect();
    let share = paid.iter().filter(|late| **late).count() as f64 / paid.len() as f64;
    assert!((0.3..0.4).contains(&share), "{share}");
}

#[test]
fn every_kind_of_exception_is_planted_and_names_documents() {
    let truth = &LEDGER.truth;
    let ids = |table| (table, texts(sheet(&LEDGER, table), "id").iter().collect::<HashSet<_>>());
    let ids = HashMap::from(["bills", "payments", "invoices"].map(ids));
    let mut found: HashMap<&str, usize> = HashMap::new();
    for (row, code) in words(truth, "code").iter().enumerate() {
        *found.entry(code).or_default() += 1;
        let table = words(truth, "table")[row];
        assert!(ids[table].contains(&texts(truth, "document")[row]), "{code}");
        let twin = &texts(truth, "twin")[row];
        assert!(twin.is_empty() || ids.values().any(|ids| ids.contains(twin)), "{code} {twin}");
    }
    let codes: HashSet<&str> = codes().into_iter().collect();
    for code in &codes {
        assert!(found.get(code).copied().unwrap_or_default() >= 3, "{code} {found:?}");
    }
    assert_eq!(found.len(), codes.len());
}

#[test]
fn bills_are_right_but_for_the_planted() {
    let planted: HashSet<&String> = texts(&LEDGER.truth, "document").iter().collect();
    let lines = sheet(&LEDGER, "bill_lines");
    let mut sums: HashMap<&String, i64> = HashMap::new();
    for ((id, net), tax) in
        texts(lines, "document").iter().zip(amounts(lines, "amount")).zip(amounts(lines, "tax"))
    {
        *sums.entry(id).or_default() += net.unwrap() + tax.unwrap();
    }
    let bills = sheet(&LEDGER, "bills");
    let ordered: HashMap<&String, Day> = {
        let orders = sheet(&LEDGER, "orders");
        texts(orders, "id").iter().zip(days(orders, "ordered")).map(|(id, day)| (id, day.unwrap())).collect()
    };
    let billed = amounts(bills, "amount");
    for (row, id) in texts(bills, "id").iter().enumerate().filter(|(_, id)| !planted.contains(id)) {
        if let Some(sum) = sums.get(id) {
            assert_eq!(billed[row], Some(*sum), "{id}");
        }
        let order = &texts(bills, "order")[row];
        assert!(ordered[order] <= days(bills, "issued")[row].unwrap(), "{id}");
    }
}

/// Quantities by order and line.
fn quantities<'a>(
    sheet: &'a Sheet,
    order: &str,
    line: &str,
    skip: &HashSet<&String>,
) -> HashMap<[&'a str; 2], i64> {
    let Cells::Count(counts) = cells(sheet, "quantity") else { panic!("quantities are counts") };
    let mut sums = HashMap::new();
    for ((order, line), count) in texts(sheet, order).iter().zip(texts(sheet, line)).zip(counts) {
        if !skip.contains(order) {
            *sums.entry([order.as_str(), line.as_str()]).or_default() += count;
        }
    }
    sums
}

#[test]
fn orders_without_a_planted_bill_are_received_and_billed_as_ordered() {
    let planted: HashSet<&String> = texts(&LEDGER.truth, "document").iter().collect();
    let bills = sheet(&LEDGER, "bills");
    let of_bills = texts(bills, "id").iter().zip(texts(bills, "order"));
    let mut skip: HashSet<&String> =
        of_bills.filter(|(id, _)| planted.contains(id)).map(|(_, order)| order).collect();
    let no_order = String::new();
    skip.insert(&no_order);
    let ordered = quantities(sheet(&LEDGER, "order_lines"), "order", "line", &skip);
    let received = quantities(sheet(&LEDGER, "receipts"), "order", "order_line", &skip);
    let billed = quantities(sheet(&LEDGER, "bill_lines"), "order", "order_line", &skip);
    assert!(billed.len() > 3_000);
    for (key, quantity) in billed {
        assert_eq!((Some(&quantity), Some(&quantity)), (ordered.get(&key), received.get(&key)), "{key:?}");
    }
}
