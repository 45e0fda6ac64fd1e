//! Foreign files beyond the shipped mappings: lines of documents, kinds of rows, other names of parties, control totals,
//! rates, draft mappings, and what reaches a spreadsheet.

use std::fmt::Write as _;
use std::path::Path;

use crate::support::{Folder, duewise, rows};

/// `check` on a folder; the code, place and value of every reject.
#[track_caller]
fn rejects(folder: &Folder, code: i32) -> Vec<[String; 4]> {
    let out = folder.inside("out");
    duewise(&["check", &folder.inside("ledger"), "--out", &out]).exits(code);
    let cell = |row: &crate::support::Row, name: &str| row[name].clone();
    rows(folder.path().join("out/rejects.csv"))
        .iter()
        .map(|row| [cell(row, "code"), cell(row, "row"), cell(row, "column"), cell(row, "value")])
        .collect()
}

fn reject(code: &str, row: &str, column: &str, value: &str) -> [String; 4] {
    [code, row, column, value].map(str::to_owned)
}

const LINES: &str = "
[invoices]
rows = 'line'
sum = ['amount']
[invoices.columns]
id = 'Num'
customer = 'Customer'
issued = 'Date'
due = 'Due'
amount = 'Amount'
[invoices.defaults]
currency = 'EUR'
";

#[test]
fn a_document_is_taken_with_all_its_lines_or_not_at_all() {
    let folder = Folder::of(&[
        ("ledger/ledger.toml", LINES),
        (
            "ledger/invoices.csv",
            "Num,Customer,Date,Due,Amount\n\
             1,Alder,2025-01-10,2025-02-09,100.00\n\
             1,,,,20.50\n\
             1,Alder,2025-01-10,,-0.25\n\
             2,Birch,2025-01-10,2025-02-09,5.00\n\
             2,Birch,2025-01-10,2025-02-10,5.00\n\
             3,Birch,2025-01-10,2025-02-09,7.00\n\
             3,Birch,2025-01-10,2025-02-09,seven\n\
             4,Birch,2025-01-10,2025-02-09,-3.00\n\
             4,Birch,2025-01-10,2025-02-09,1.00\n",
        ),
    ]);
    // Of document 2 the due days differ; a line of document 3 has no amount; document 4 comes to less than nothing.
    assert_eq!(
        rejects(&folder, 1),
        [
            reject("DW221", "5", "Num", "2"),
            reject("DW220", "6", "Due", "2025-02-10"),
            reject("DW221", "7", "Num", "3"),
            reject("DW206", "8", "Amount", "seven"),
            reject("DW211", "9", "Amount", "-3.00"),
            reject("DW221", "10", "Num", "4"),
        ]
    );
    let json = duewise(&["check", &folder.inside("ledger"), "--json"]).exits(1).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let table = &json["tables"][0];
    // 100.00 + 20.50 - 0.25 on three rows, one document.
    assert_eq!((table["accepted"].as_u64(), table["documents"].as_u64()), (Some(3), Some(1)));
    assert_eq!(table["totals"][0]["accepted"], "120.25");
}

#[test]
fn lines_stay_together_where_blocks_of_a_file_end() {
    // Ten megabytes of three-line documents: many of them lie across the ends of blocks.
    let mut text = String::from("Num,Customer,Date,Due,Amount\n");
    for id in 0..90_000 {
        for amount in ["1.00", "2.00", "3.00"] {
            writeln!(text, "{id},Customer {id},2025-01-10,2025-02-09,{amount}").unwrap();
        }
    }
    let folder = Folder::of(&[("ledger/ledger.toml", LINES), ("ledger/invoices.csv", &text)]);
    let json = duewise(&["check", &folder.inside("ledger"), "--json"]).exits(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["tables"][0]["documents"].as_u64(), Some(90_000));
    assert_eq!(json["tables"][0]["totals"][0]["accepted"], "540000.00");
}

#[test]
fn a_row_of_a_kind_that_no_table_takes_is_rejected_and_what_is_ignored_is_counted() {
    let folder = Folder::of(&[
        (
            "ledger/ledger.toml",
            "[invoices]
             files = ['all.csv']
             [invoices.columns]
             id = 'No'
             customer = 'Who'
             issued = 'Date'
             due = 'Due'
             amount = 'Amount'
             currency = 'Cur'
             [invoices.where]
             Kind = ['Invoice']
             [invoices.ignore]
             Kind = ['Memo']
             [payments]
             files = ['all.csv']
             [payments.columns]
             id = 'No'
             customer = 'Who'
             day = 'Date'
             amount = 'Amount'
             currency = 'Cur'
             [payments.where]
             Kind = ['Payment']",
        ),
        (
            "ledger/all.csv",
            "Kind,No,Who,Date,Due,Amount,Cur\n\
             Invoice,I1,C1,2025-01-10,2025-02-09,100.00,EUR\n\
             PAYMENT,P1,C1,2025-02-01,,40.00,EUR\n\
             Memo,M1,C1,2025-02-01,,0.00,EUR\n\
             Journal,J1,C1,2025-02-01,,9.00,EUR\n",
        ),
    ]);
    assert_eq!(rejects(&folder, 1), [reject("DW222", "5", "Kind", "Journal")]);
    let json = duewise(&["check", &folder.inside("ledger"), "--json"]).exits(1).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let counts = |table: usize| {
        let table = &json["tables"][table];
        let aside = |what: &str| table["aside"][what].as_u64().unwrap();
        (table["accepted"].as_u64().unwrap(), aside("titles"), aside("ignored"), aside("elsewhere"))
    };
    // Of five lines: header, own row, memo, and the other table's row (the journal is the invoices' reject).
    assert_eq!(counts(0), (1, 1, 1, 1));
    assert_eq!(counts(1), (1, 1, 1, 2));
}

#[test]
fn a_broken_json_line_is_rejected_and_the_others_are_read() {
    let folder = Folder::of(&[(
        "ledger/invoices.ndjson",
        "{\"id\":\"I1\",\"customer\":\"C1\",\"issued\":\"2025-01-10\",\"due\":\"2025-02-09\",\"amount\":100.00,\"currency\":\"EUR\"}\n\
         {\"id\":\"I2\",\n\
         {\"id\":3,\"customer\":\"C1\",\"issued\":\"2025-01-10\",\"due\":\"2025-02-09\",\"amount\":\"5\",\"currency\":\"EUR\"}\n",
    )]);
    assert_eq!(rejects(&folder, 1), [reject("DW223", "2", "id", "")]);
}

#[test]
fn other_names_of_a_party_are_resolved_by_the_users_list_only() {
    let invoices = "id,customer,issued,due,amount,currency\n\
                    I1,ACME Ltd,2025-01-10,2025-02-09,100.00,EUR\n\
                    I2,Acme Limited,2025-01-10,2025-02-09,50.00,EUR\n\
                    I3,0042,2025-01-10,2025-02-09,50.00,EUR\n\
                    I4,42,2025-01-10,2025-02-09,50.00,EUR\n";
    let folder = Folder::of(&[("ledger/invoices.csv", invoices)]);
    let customers = |folder: &Folder| {
        let args = ["run", &folder.inside("ledger"), "--out", &folder.inside("out"), "--minimum", "0"];
        duewise(&args).exits(0);
        let mut ids: Vec<String> =
            rows(folder.path().join("out/customers.csv")).iter().map(|row| row["customer"].clone()).collect();
        ids.sort();
        ids
    };
    // Likely doubles are told, not merged.
    assert_eq!(customers(&folder), ["0042", "42", "ACME Ltd", "Acme Limited"]);
    let notes = rows(folder.path().join("out/parties.csv"));
    let pairs: Vec<[&str; 2]> =
        notes.iter().map(|row| [row["id"].as_str(), row["likely_same_as"].as_str()]).collect();
    assert!(pairs.contains(&["0042", "42"]), "{pairs:?}");
    folder.write("ledger/aliases.csv", "alias,id\nAcme Limited,ACME\nACME Ltd,ACME\n");
    folder.write("ledger/ledger.toml", "[parties]\naliases = 'aliases.csv'\n");
    assert_eq!(customers(&folder), ["0042", "42", "ACME"]);
    folder.write("ledger/aliases.csv", "alias,id\nAcme Limited,ACME\nAcme Limited,OTHER\n");
    let error = duewise(&["check", &folder.inside("ledger")]).exits(2).stderr;
    assert!(error.contains("DW108") && error.contains("`ACME` and for `OTHER`"), "{error}");
}

#[test]
fn the_balance_is_compared_with_the_control_total_to_the_minor_unit() {
    let ledger = |total: &str| {
        Folder::of(&[
            (
                "ledger/invoices.csv",
                "id,customer,issued,due,amount,currency\nI1,C1,2025-01-10,2025-02-09,100.00,EUR\n",
            ),
            ("ledger/payments.csv", "id,customer,day,amount,currency\nP1,C1,2025-01-20,30.00,EUR\n"),
            (
                "ledger/ledger.toml",
                &format!("[control]\nas_of = '2025-01-31'\nnet_open = {{ EUR = '{total}' }}\n"),
            ),
        ])
    };
    // 100.00 open less 30.00 paid, applied or not.
    duewise(&["check", &ledger("70.00").inside("ledger")]).exits(0);
    let text = duewise(&["check", &ledger("70.01").inside("ledger")]).exits(1).stdout;
    assert!(text.contains("DW301") && text.contains("the difference is -0.01 EUR"), "{text}");
}

#[test]
fn one_reporting_currency_needs_every_rate() {
    let folder = Folder::of(&[
        (
            "ledger/invoices.csv",
            "id,customer,issued,due,amount,currency\n\
             I1,C1,2025-01-10,2025-02-09,100.00,EUR\nI2,C1,2025-01-10,2025-02-09,50.00,USD\n",
        ),
        ("ledger/fx.csv", "day,from,to,rate\n2025-01-01,USD,EUR,0.9\n"),
    ]);
    let run = |currency: &str, code: i32| {
        let (ledger, out) = (folder.inside("ledger"), folder.inside("out"));
        duewise(&["run", &ledger, "--out", &out, "--reporting-currency", currency]).exits(code).stdout
    };
    // 100.00 + 50.00 × 0.9
    assert!(run("EUR", 0).contains("145.00 EUR in all"));
    let missing = run("GBP", 1);
    assert!(
        missing.contains("DW303") && missing.contains("EUR to GBP") && missing.contains("I1"),
        "{missing}"
    );
}

#[test]
fn a_draft_mapping_names_the_columns_it_is_sure_of() {
    let folder = Folder::of(&[(
        "export.csv",
        "Company report\n\nInvoice No;Customer No;Invoice Date;Due Date;Total Amount;Colour\n\
         1;C1;31.01.2025;28.02.2025;1.234,56;red\n2;C2;15.01.2025;14.02.2025;10,00;blue\n",
    )]);
    let draft = duewise(&["map", &folder.inside("export.csv")]).exits(0).stdout;
    for line in [
        "id = \"Invoice No\"",
        "customer = \"Customer No\"",
        "issued = \"Invoice Date\"",
        "due = \"Due Date\"",
        "amount = \"Total Amount\"",
    ] {
        assert!(draft.contains(line), "{line} is not in\n{draft}");
    }
    assert!(draft.contains("# not used: Colour"), "{draft}");
    // The draft is a mapping: with the currency it lacks, the file is read by it.
    folder.write("ledger.toml", &draft);
    let args = [
        "check",
        &folder.inside("export.csv"),
        "--mapping",
        &folder.inside("ledger.toml"),
        "--currency",
        "EUR",
    ];
    let text = duewise(&args).exits(0).stdout;
    assert!(text.contains("1244.56"), "{text}");
}

#[test]
fn links_and_pipes_are_no_part_of_a_ledger() {
    let folder = Folder::of(&[
        ("ledger/customers.csv", "id,name\nC1,Alder\n"),
        ("secret.csv", "id,customer,issued,due,amount,currency\n"),
    ]);
    let link = folder.path().join("ledger/invoices.csv");
    std::os::unix::fs::symlink(folder.path().join("secret.csv"), link).unwrap();
    let error = duewise(&["check", &folder.inside("ledger")]).exits(2).stderr;
    assert!(error.contains("DW116") && error.contains("invoices.csv"), "{error}");
}

#[test]
fn what_a_spreadsheet_would_run_is_disarmed_in_every_file() {
    let folder = Folder::of(&[(
        "ledger/invoices.csv",
        "id,customer,issued,due,amount,currency,party_name\n\
         =1+1,@SUM(A1),2025-01-10,2025-02-09,100.00,EUR,=HYPERLINK(\"x\")\n\
         +2,@SUM(A1),2025-01-10,2025-02-30,100.00,EUR,-x\n",
    )]);
    let (ledger, out) = (folder.inside("ledger"), folder.inside("out"));
    duewise(&["run", &ledger, "--out", &out, "--minimum", "0"]).exits(1);
    let mut cells = 0;
    for (name, bytes) in crate::support::files(&folder.path().join("out")) {
        if Path::new(&name).extension() != Some("csv".as_ref()) {
            continue;
        }
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        for record in reader.records() {
            for cell in record.unwrap().iter().filter(|cell| cell.parse::<f64>().is_err()) {
                assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']), "{name}: {cell}");
                assert!(!cell.starts_with('-') || cell.len() == 1, "{name}: {cell}");
                cells += 1;
            }
        }
    }
    assert!(cells > 20, "{cells}");
}

#[test]
fn a_table_of_few_columns_has_no_totals_and_a_line_may_be_called_total() {
    let folder = Folder::of(&[
        (
            "ledger/invoices.csv",
            "id,customer,issued,due,amount,currency\n\
             I1,C1,2025-01-10,2025-02-09,100.00,EUR\nI2,C1,2025-01-10,2025-02-09,200.00,EUR\n",
        ),
        ("ledger/payments.csv", "id,customer,day,amount,currency\nP1,C1,2025-01-20,300.00,EUR\n"),
        ("ledger/log.csv", "Pay,Inv,Amt\nP1,I1,100.00\nP1,I2,200.00\n"),
        (
            "ledger/ledger.toml",
            "[allocations]
             files = ['log.csv']
             [allocations.columns]
             payment = 'Pay'
             invoice = 'Inv'
             amount = 'Amt'
             [allocations.defaults]
             currency = 'EUR'
             [control.net_open]
             EUR = '0.00'",
        ),
    ]);
    let text = duewise(&["check", &folder.inside("ledger")]).exits(0).stdout;
    assert!(text.contains("allocations            2 rows =         2 accepted"), "{text}");

    let lines = LINES.replace("sum =", "fill_down = ['id', 'customer', 'issued', 'due']\nsum =");
    let folder = Folder::of(&[
        ("ledger/ledger.toml", &lines),
        (
            "ledger/invoices.csv",
            "Num,Customer,Date,Due,Text,Amount\n\
             1,C1,2025-01-10,2025-02-09,Setup,100.00\n,,,,Total care plan,900.00\n,,,,Hours,50.00\n\
             Total,,,,,1050.00\n",
        ),
    ]);
    let text = duewise(&["check", &folder.inside("ledger")]).exits(0).stdout;
    assert!(text.contains("1050.00 =              1050.00") && text.contains("1 totals"), "{text}");
}

#[test]
fn what_comes_down_from_above_does_so_through_rows_of_other_tables_and_over_pages() {
    let folder = Folder::of(&[
        (
            "ledger/ledger.toml",
            "[invoices]
             files = ['all.csv']
             fill_down = ['customer']
             [invoices.columns]
             id = 'No'
             customer = 'Who'
             issued = 'Date'
             due = 'Due'
             amount = 'Amount'
             [invoices.defaults]
             currency = 'EUR'
             [invoices.where]
             Kind = ['Invoice']
             [payments]
             files = ['all.csv']
             fill_down = ['customer']
             [payments.columns]
             id = 'No'
             customer = 'Who'
             day = 'Date'
             amount = 'Amount'
             [payments.defaults]
             currency = 'EUR'
             [payments.where]
             Kind = ['Payment']",
        ),
        (
            "ledger/all.csv",
            "Open items\n\
             Who,Kind,No,Date,Due,Amount\n\
             Alpha,Invoice,I1,2025-01-10,2025-02-09,100.00\n\
             ,Payment,P1,2025-01-20,,20.00\n\
             Beta,Payment,P2,2025-01-20,,30.00\n\
             Open items\n\
             Who,Kind,No,Date,Due,Amount\n\
             ,Invoice,I2,2025-01-10,2025-02-09,500.00\n",
        ),
    ]);
    let (ledger, out) = (folder.inside("ledger"), folder.inside("out"));
    duewise(&["run", &ledger, "--out", &out, "--minimum", "0"]).exits(0);
    let open: Vec<[String; 2]> = rows(folder.path().join("out/scores.csv"))
        .iter()
        .map(|row| [row["invoice"].clone(), row["customer"].clone()])
        .collect();
    // I1 of Alpha is paid in part by Alpha's 20.00, I2 is Beta's, who paid 30.00.
    assert!(open.contains(&["I1".to_owned(), "Alpha".to_owned()]), "{open:?}");
    assert!(open.contains(&["I2".to_owned(), "Beta".to_owned()]), "{open:?}");
    let ageing = rows(folder.path().join("out/ageing.csv"));
    assert_eq!((ageing[0]["open"].as_str(), ageing[0]["unapplied"].as_str()), ("550.00", "0.00"));
}

#[test]
fn a_symbol_of_another_currency_and_a_total_of_an_absent_table_are_told() {
    let folder = Folder::of(&[
        (
            "ledger/invoices.csv",
            "id,customer,issued,due,amount,currency\n\
             I1,C1,2025-01-10,2025-02-09,€100.00,USD\nI2,C1,2025-01-10,2025-02-09,$5.00,USD\n\
             I3,C1,2025-01-10,2025-02-09,3 K€,EUR\n",
        ),
        ("ledger/ledger.toml", "[payments.totals]\nEUR = '150.00'\n"),
    ]);
    assert_eq!(
        rejects(&folder, 1),
        [reject("DW217", "2", "amount", "€100.00"), reject("DW206", "4", "amount", "3 K€")]
    );
    let text = duewise(&["check", &folder.inside("ledger")]).exits(1).stdout;
    assert!(
        text.contains("[payments.totals] EUR") && text.contains("the difference is -150.00 EUR"),
        "{text}"
    );
}
