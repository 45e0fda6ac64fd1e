//! What must hold for any ledger: nothing lost, row order irrelevant, explanations that add up, one result from CSV and
//! Parquet, and no panic whatever the bytes.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use duewise::base::error::Code;
use duewise::base::limits::AMOUNT_MINOR_MAX;
use duewise::base::money::Currency;
use duewise::base::seed;
use duewise::flow::{self, DeskJob, Job, Ranking, Wanted};
use duewise::ledger::load;
use duewise::statute::currency;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use rand::seq::SliceRandom as _;

use crate::support::{
    Folder, SAMPLE_AS_OF, SAMPLE_SYNTH, cells, duewise, exact, files, rows, run_as_of, sample, synth,
    text_of, write_cells,
};

fn config(cases: u32) -> ProptestConfig {
    let failure_persistence: Option<Box<dyn proptest::test_runner::FailurePersistence>> =
        Some(Box::new(FileFailurePersistence::Off));
    ProptestConfig { cases, failure_persistence, ..ProptestConfig::default() }
}

const HEADER: &str = "id,customer,issued,due,amount,currency,type,settled";

/// A cell of these, the good ones more often than the bad.
fn cell(good: &'static [&'static str], bad: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop_oneof![9 => prop::sample::select(good), 1 => prop::sample::select(bad)]
}

/// A row of an invoices file, some of its cells bad, and seldom with a field too many or too few.
fn row() -> impl Strategy<Value = Vec<&'static str>> {
    let cells = (
        cell(&["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"], &["", "I1 "]),
        cell(&["C1", "C2"], &[""]),
        cell(&["2025-01-10", "2025-01-20"], &["2025-01-32", "", "10.01.2025", "9999-12-31"]),
        cell(&["2025-02-09", "2025-02-10"], &["2024-12-31", "", "2025-02-29", "tomorrow"]),
        cell(
            &["100.00", "0.05", "12", "0", "7.5"],
            &["-1", "", "1e3", "1.005", "99999999999999999999", "five"],
        ),
        cell(&["EUR", "JPY", "KWD"], &["", "EUX", "E"]),
        cell(&["", "invoice", "credit_note", "debit_note"], &["bill"]),
        cell(&["", "2025-02-20"], &["2025-13-01"]),
    );
    let cells = cells.prop_map(|(a, b, c, d, e, f, g, h)| vec![a, b, c, d, e, f, g, h]);
    (cells, 0..20_u32).prop_map(|(mut row, length)| {
        match length {
            0 => row.push("more"),
            1 => row.truncate(7),
            _ => {}
        }
        row
    })
}

/// What an independent count says that the rows sum to, by currency: whatever has a readable amount and currency.
fn totals(rows: &[Vec<&str>]) -> BTreeMap<Currency, i128> {
    let minor = |amount: &str, decimals: usize| -> Option<i128> {
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let (kept, beyond) = fraction.split_at(fraction.len().min(decimals));
        let plain = !whole.is_empty() && whole.len() < 16 && beyond.chars().all(|digit| digit == '0');
        plain.then(|| format!("{whole}{kept:0<decimals$}").parse().ok()).flatten()
    };
    let mut totals = BTreeMap::new();
    for row in rows {
        let Some(currency) = currency::find(row[5]) else { continue };
        if let Some(amount) = minor(row[4], usize::from(currency.decimals())) {
            *totals.entry(currency).or_default() += amount;
        }
    }
    totals
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn no_row_and_no_money_is_lost(ledger in prop::collection::vec(row(), 1..24)) {
        let lines: Vec<String> = ledger.iter().map(|row| row.join(",")).collect();
        let folder = Folder::of(&[("invoices.csv", &format!("{HEADER}\n{}\n", lines.join("\n")))]);
        match load::load(&load::Opening::of(folder.path())) {
            Ok(loaded) => {
                prop_assert!(loaded.intake.problems.is_empty());
                let table = &loaded.intake.tables[0];
                prop_assert_eq!(table.rows, ledger.len());
                prop_assert_eq!(table.rows, table.accepted + loaded.intake.rejects.len());
                let read: BTreeMap<Currency, i128> =
                    table.totals.iter().map(|(currency, total)| (*currency, total.read)).collect();
                prop_assert_eq!(&read, &totals(&ledger));
                for total in table.totals.values() {
                    prop_assert_eq!(total.read, total.accepted + total.rejected);
                }
                let claimed = loaded.ledger.invoices.len();
                let credits = loaded.ledger.cash.iter().filter(|cash| cash.amount >= 0).count();
                // Every accepted row is a claim or a credit, which a settled day may use up.
                prop_assert!(claimed + credits == table.accepted, "{} {} {}", claimed, credits, table.accepted);
                for reject in &loaded.intake.rejects {
                    let line = usize::try_from(reject.place.row.unwrap()).unwrap();
                    prop_assert!((2..=ledger.len() + 1).contains(&line), "line {}", line);
                }
            }
            // Nothing was accepted, so there is nothing to go on with; or all that was accepted are credits.
            Err(error) => prop_assert_eq!(error.code, Code::NoRows, "{}", error),
        }
    }

    #[test]
    fn a_run_on_what_is_left_adds_up(ledger in prop::collection::vec(row(), 1..24)) {
        let lines: Vec<String> = ledger.iter().map(|row| row.join(",")).collect();
        let folder = Folder::of(&[("invoices.csv", &format!("{HEADER}\n{}\n", lines.join("\n")))]);
        let out = folder.path().join("out");
        let job = Job { opening: load::Opening::of(folder.path()), as_of: None, grace_days: 0 };
        let ranking = Ranking {
            model: None,
            desk: DeskJob::default(),
            reporting_currency: None,
            out: out.clone(),
        };
        match flow::run(&job, &ranking, Wanted::Everything, &|_| ()) {
            Ok(_) => accounts_add_up(&out),
            Err(error) => prop_assert_eq!(error.code, Code::NoRows, "{}", error),
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), headed in any::<bool>()) {
        let folder = Folder::new();
        let text = if headed { format!("{HEADER}\n").into_bytes() } else { Vec::new() };
        folder.write("invoices.csv", [text, bytes.clone()].concat());
        folder.write("invoices_2.csv", format!("{HEADER}\nI0,C1,2025-01-10,2025-02-09,100.00,EUR,,\n"));
        if let Ok(loaded) = load::load(&load::Opening::of(folder.path())) {
            let table = &loaded.intake.tables[0];
            prop_assert_eq!(table.rows, table.accepted + loaded.intake.rejects.len());
        }
        folder.write("invoices.parquet", [b"PAR1".as_slice(), &bytes, b"PAR1"].concat());
        prop_assert!(load::load(&load::Opening::of(folder.path())).is_err());
    }

    #[test]
    fn text_like_csv_is_read_or_refused(text in "[a-zI1-3,\"\n\r 0.€-]{0,200}") {
        let folder = Folder::of(&[("invoices.csv", &format!("{HEADER}\n{text}"))]);
        if let Ok(loaded) = load::load(&load::Opening::of(folder.path())) {
            let table = &loaded.intake.tables[0];
            prop_assert_eq!(table.rows, table.accepted + loaded.intake.rejects.len());
        }
    }

    #[test]
    fn money_comes_back_as_it_was_written(minor in -AMOUNT_MINOR_MAX..=AMOUNT_MINOR_MAX, at in 0_usize..4) {
        let currency = currency::find(["JPY", "EUR", "KWD", "CLF"][at]).unwrap();
        prop_assert_eq!(usize::from(currency.decimals()), [0, 2, 3, 4][at]);
        let text = currency.format(minor);
        prop_assert_eq!(currency.parse(&text), Ok(minor));
        prop_assert_eq!(currency.format_total(i128::from(minor)), text);
        // For people: the same digits, grouped by three.
        let display = currency.display(i128::from(minor)).replace(',', "");
        prop_assert_eq!(display, format!("{} {}", currency.format(minor), currency.code()));
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,12}", digits in "[-+]?[0-9.]{0,30}") {
        for text in [text, digits] {
            for code in ["JPY", "EUR", "KWD"] {
                let currency = currency::find(code).unwrap();
                if let Ok(minor) = currency.parse(&text) {
                    prop_assert_eq!(currency.parse(&currency.format(minor)), Ok(minor));
                }
            }
            let _ = duewise::base::day::Day::from_iso(&text);
        }
    }
}

#[test]
fn files_that_are_no_tables_end_with_an_exit_code_of_the_three() {
    let cases: [&[u8]; 8] = [
        b"",
        b"\n\n\n",
        b"\xff\xfe\x00\x01",
        b"\"",
        b"id,customer,issued,due,amount,currency",
        b"id,customer,issued,due,amount,currency\n,,,,,\n",
        b"id,customer,issued,due,amount,currency\n\"\"\"\"\"\"",
        b"\r\r\r\n,,,\r",
    ];
    for bytes in cases {
        let folder = Folder::new();
        folder.write("invoices.csv", bytes);
        let ran = duewise(&["run", &folder.arg(), "--out", &folder.inside("out")]);
        assert_eq!(ran.code, 2, "{bytes:?}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("error[DW1"), "{bytes:?}: {}", ran.stderr);
    }
}

/// Every open invoice of a run is on the list or suppressed, once; sums by currency are those of the ageing.
fn accounts_add_up(out: &Path) {
    let account = |row: &crate::support::Row| (row["customer"].clone(), row["currency"].clone());
    let mut scored: HashMap<(String, String), (i128, Vec<String>)> = HashMap::new();
    for row in rows(out.join("scores.csv")) {
        let entry = scored.entry(account(&row)).or_default();
        entry.0 += exact(&row["balance"]);
        entry.1.push(row["invoice"].clone());
    }
    let mut listed: HashMap<String, i128> = HashMap::new();
    let calls = rows(out.join("worklist.csv"));
    let suppressed = rows(out.join("suppressed.csv"));
    for row in calls.iter().chain(&suppressed) {
        let (open, _) = scored.get(&account(row)).cloned().unwrap_or_default();
        assert_eq!(exact(&row["open"]), open, "{row:?}");
        *listed.entry(row["currency"].clone()).or_default() += open;
    }
    for row in &calls {
        let (_, mut invoices) = scored.remove(&account(row)).expect("one call an account");
        let named = [row["invoices"].as_str(), row["not_to_raise"].as_str()].join(" ");
        let mut named: Vec<&str> = named.split_whitespace().collect();
        named.sort_unstable();
        invoices.sort();
        assert_eq!(named, invoices, "{row:?}");
    }
    for row in &suppressed {
        let invoices = scored.remove(&account(row)).map_or(0, |(_, invoices)| invoices.len());
        assert_eq!(invoices == 0, row["reason"] == "paid", "{row:?}");
    }
    assert!(scored.is_empty(), "neither called nor suppressed: {scored:?}");
    for row in rows(out.join("ageing.csv")) {
        let buckets =
            ["not_due", "1-30", "31-60", "61-90", "91-120", ">120"].map(|bucket| exact(&row[bucket]));
        assert_eq!(buckets.iter().sum::<i128>(), exact(&row["open"]), "{row:?}");
        assert_eq!(listed.remove(&row["currency"]).unwrap_or_default(), exact(&row["open"]), "{row:?}");
        assert_eq!(exact(&row["open"]) - exact(&row["unapplied"]), exact(&row["net"]), "{row:?}");
    }
    assert!(listed.values().all(|open| *open == 0), "not in the ageing: {listed:?}");
}

#[test]
fn every_open_invoice_is_called_about_or_suppressed_and_the_ageing_agrees() {
    accounts_add_up(&sample().out);
    assert!(rows(sample().out.join("worklist.csv")).len() > 5);
}

#[test]
fn the_customers_roll_up_is_the_sum_of_their_invoices() {
    let mut sums: HashMap<(String, String), [i128; 3]> = HashMap::new();
    for row in rows(sample().out.join("scores.csv")) {
        let sum = sums.entry((row["customer"].clone(), row["currency"].clone())).or_default();
        let late = row["days_past_due"].parse::<i32>().unwrap() > 0;
        sum[0] += exact(&row["balance"]);
        sum[1] += if late { exact(&row["balance"]) } else { 0 };
        sum[2] += exact(&row["amount_at_risk"]);
    }
    for row in rows(sample().out.join("customers.csv")) {
        let sum = sums.remove(&(row["customer"].clone(), row["currency"].clone())).unwrap();
        assert_eq!(["open", "past_due", "amount_at_risk"].map(|column| exact(&row[column])), sum, "{row:?}");
    }
    assert!(sums.is_empty());
}

#[test]
fn the_parts_of_a_score_sum_to_it() {
    let scores = rows(sample().out.join("scores.csv"));
    let mut predicted = 0;
    for row in &scores {
        let number = |column: &str| row[column].parse::<f64>().ok();
        let late = number("p_late").unwrap();
        let balance = number("balance").unwrap();
        // At risk is balance × probability, to the smallest unit of any currency here (yen).
        assert!((number("amount_at_risk").unwrap() - balance * late).abs() <= 0.51, "{row:?}");
        let Some(log_odds) = number("log_odds") else {
            assert_eq!((row["band"].as_str(), row["p_late"].as_str()), ("late", "1"), "{row:?}");
            assert!(number("days_past_due").unwrap() > 0.0, "{row:?}");
            continue;
        };
        predicted += 1;
        let parts = ["part_1", "part_2", "part_3", "other_parts"].map(|part| number(part).unwrap());
        let sum = number("prior_log_odds").unwrap() + parts.iter().sum::<f64>();
        assert!((sum - log_odds).abs() < 1e-9, "{sum} is not {log_odds}: {row:?}");
        assert!((late - 1.0 / (1.0 + (-log_odds).exp())).abs() < 1e-9, "{row:?}");
        assert!(parts[0].abs() >= parts[1].abs() && parts[1].abs() >= parts[2].abs(), "{row:?}");
        assert!((1..=3).all(|at| !row[&format!("reason_{at}")].is_empty()), "{row:?}");
        let band = if late < 0.2 {
            "low"
        } else if late < 0.5 {
            "medium"
        } else {
            "high"
        };
        assert_eq!(row["band"], band, "{row:?}");
    }
    assert!(predicted >= 10 && predicted < scores.len(), "both kinds: {predicted} of {}", scores.len());
}

#[test]
fn the_list_falls_by_value_and_has_no_gaps() {
    let calls = rows(sample().out.join("worklist.csv"));
    for pair in calls.windows(2) {
        let rank = |row: &crate::support::Row| row["rank"].parse::<usize>().unwrap();
        if pair[0]["value_currency"] == pair[1]["value_currency"] {
            assert_eq!(rank(&pair[0]) + 1, rank(&pair[1]));
            assert!(exact(&pair[0]["value"]) >= exact(&pair[1]["value"]), "{pair:?}");
        } else {
            assert_eq!(rank(&pair[1]), 1);
        }
    }
    for row in calls.iter().filter(|row| row["value_currency"] == row["currency"]) {
        assert_eq!(row["value"], row["at_risk"]);
    }
    assert_eq!(calls[0]["rank"], "1");
}

/// The files that say what to do, apart from hashes of the input.
fn results(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = files(out);
    found.retain(|name, _| {
        !["manifest.json", "model/artefact.json", "model/card.md"].contains(&name.as_str())
    });
    assert!(found.len() > 10, "{:?}", found.keys());
    found
}

#[track_caller]
fn same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) {
    let different: Vec<&String> =
        left.keys().chain(right.keys()).filter(|name| left.get(*name) != right.get(*name)).collect();
    assert!(different.is_empty(), "different: {different:?}");
}

#[test]
fn the_order_of_rows_is_irrelevant() {
    let folder = Folder::new();
    let shuffled = folder.path().join("ledger");
    std::fs::create_dir(&shuffled).unwrap();
    let mut moved = 0;
    for (index, entry) in std::fs::read_dir(&sample().ledger).unwrap().enumerate() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "csv") {
            let mut table = cells(&path);
            let before = table.clone();
            table[1..].shuffle(&mut seed::stream(7, "shuffle", index as u64));
            moved += usize::from(table != before);
            write_cells(&shuffled.join(path.file_name().unwrap()), &table);
        }
    }
    assert!(moved >= 10, "{moved} tables shuffled");
    let out = folder.path().join("out");
    run_as_of(&shuffled, &out, SAMPLE_AS_OF).exits(0);
    same(&results(&sample().out), &results(&out));
}

#[test]
fn a_customers_name_does_not_depend_on_the_order_of_rows() {
    // Without a customers table the name is what the documents print, and two documents may print it differently.
    const HEADER: &str = "id,customer,issued,due,amount,currency,party_name\n";
    const FIRST: &str = "I1,C1,2025-01-10,2025-02-09,100.00,EUR,Alder GmbH\n";
    const SECOND: &str = "I2,C1,2025-02-10,2025-03-12,100.00,EUR,Alder Holding SE\n";
    let results = [[FIRST, SECOND], [SECOND, FIRST]].map(|rows| {
        let folder = Folder::of(&[("invoices.csv", &format!("{HEADER}{}", rows.concat()))]);
        run_as_of(&folder.path().join("invoices.csv"), &folder.path().join("out"), "2025-03-31").exits(0);
        std::fs::read_to_string(folder.path().join("out/worklist.csv")).unwrap()
    });
    assert_eq!(results[0], results[1]);
}

#[test]
fn csv_and_parquet_of_one_ledger_give_one_result() {
    let folder = Folder::new();
    let ledger = folder.path().join("ledger");
    synth(&ledger, &[&SAMPLE_SYNTH[..], &["--format", "parquet"]].concat());
    assert!(!ledger.join("invoices.csv").exists() && ledger.join("invoices.parquet").exists());
    let out = folder.path().join("out");
    run_as_of(&ledger, &out, SAMPLE_AS_OF).exits(0);
    same(&results(&sample().out), &results(&out));
    // What was written as Parquet says the same as the CSV beside it.
    let both = duewise(&["check", &text_of(&ledger), "--json", "--quiet"]).exits(0).stdout;
    let csv = duewise(&["check", &text_of(&sample().ledger), "--json", "--quiet"]).exits(0).stdout;
    assert_eq!(both.replace(".parquet", ".csv"), csv);
}
