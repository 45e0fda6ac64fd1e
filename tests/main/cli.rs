//! What the user sees, whole: stdout, stderr and exit code, and the files of a small run, all worked out by hand.

use std::fs;

use crate::support::{Folder, Row, duewise, rows};

#[test]
fn help_lists_every_verb() {
    let ran = duewise(&["--help"]).exits(0);
    assert_eq!(ran.stderr, "");
    for verb in [
        "run",
        "check",
        "train",
        "rollback",
        "score",
        "worklist",
        "explain",
        "drift",
        "exceptions",
        "match",
        "aging",
        "kpi",
        "backtest",
        "features",
        "synth",
    ] {
        let listed = ran.stdout.lines().any(|line| line.trim_start().starts_with(&format!("{verb} ")));
        assert!(listed, "{verb} is not in\n{}", ran.stdout);
    }
    assert!(ran.stdout.contains("Exit codes: 0 clean, 1"), "{}", ran.stdout);
}

#[test]
fn version_is_that_of_the_package() {
    let ran = duewise(&["--version"]).exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("duewise 0.1.0\n", ""));
}

#[test]
fn what_is_not_understood_is_exit_2_with_nothing_on_stdout() {
    let cases: [(&[&str], &str); 7] = [
        (&[], "Usage: duewise"),
        (&["dunn"], "unrecognized subcommand 'dunn'"),
        (&["check"], "<LEDGER>"),
        (&["run", "x", "--as-of", "2025-02-30"], "`2025-02-30` is not a day"),
        (&["run", "x", "--as-of", "01.02.2025"], "is not a day like 2026-01-31"),
        (&["backtest", "x", "--grace", "-1"], "-1"),
        (&["score", "x", "--model", "m", "--grace", "5"], "cannot be used with"),
    ];
    for (args, said) in cases {
        let ran = duewise(args).exits(2);
        assert_eq!(ran.stdout, "", "{args:?}");
        assert!(ran.stderr.contains(said), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn features_are_listed_one_a_line() {
    let ran = duewise(&["features", "--list"]).exits(0);
    let names: Vec<&str> = ran.stdout.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    let registry: Vec<&str> = duewise::asof::feature::all().map(|feature| feature.name).collect();
    assert_eq!(names, registry);
    assert_eq!(ran.stderr, "");
    let json = duewise(&["features", "--list", "--json"]).exits(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json.as_array().unwrap().len(), names.len());
}

#[test]
fn check_says_what_was_read_and_what_is_missing() {
    let folder = Folder::of(&[
        ("customers.csv", "id,name\nC1,Alder\nC2,Birch\n"),
        (
            "invoices.csv",
            "id,customer,issued,due,amount,currency,note\n\
             I1,C1,2025-01-10,2025-02-09,100.00,EUR,a\n\
             I2,C2,2025-01-12,2025-02-11,250.5,EUR,b\n\
             I3,C2,2025-01-15,2025-01-14,1200,JPY,c\n",
        ),
    ]);
    let ran = duewise(&["check", &folder.arg(), "--quiet"]).exits(1);
    // 100.00 + 250.50 = 350.50, all of it accepted; the yen are due the day before they were issued.
    let expected = "\
Ledger (rows, and the sum of their amounts: read = accepted + rejected)
  customers              2 rows =         2 accepted +      0 rejected
  invoices               3 rows =         2 accepted +      1 rejected
    EUR               350.50 =               350.50 +             0.00
    JPY                 1200 =                    0 +             1200
    columns not used: note
Rejected (with --out, rejects.csv has each row's place and remedy)
  DW212       1  due before it was issued
Not in this ledger
  no suppliers: without unknown-supplier check of bills, changed bank accounts
  no orders: without unknown-order check of lines and receipts, match of documents with orders
  no order_lines: without match of documents with orders by line
  no receipts: without match of documents with receipts and deliveries
  no instalments: without balances and lateness by instalment
  no bills: without exceptions of bills
  no invoice_lines: without match of invoices with sales orders and deliveries by line
  no bill_lines: without match of bills with orders and receipts by line
  no payments: without unapplied cash
  no allocations: without partial payments, open balances on any day
  no activities: without promises, contact history, dunning levels
  no pauses: without customers and invoices that are not chased for a while
  no plans: without payment plans: kept, late or broken, and no chasing while one is on schedule
  no dispositions: without closing and ranking of exceptions by reviewers' verdicts
  no fx: without one reporting currency
";
    assert_eq!(ran.stdout, expected);
    assert_eq!(ran.stderr, "", "quiet");
    let loud = duewise(&["check", &folder.arg()]).exits(1);
    assert_eq!(loud.stdout, expected, "stdout is data only");
    assert!(loud.stderr.starts_with("read "), "{}", loud.stderr);
    assert!(!folder.path().join("rejects.csv").exists(), "nothing is written unless asked");
}

/// One account for each way of standing on the list or not, as of 2025-06-30.
fn accounts() -> Folder {
    Folder::of(&[
        (
            "ledger/customers.csv",
            "id,name,phone,collector,do_not_contact\n\
             A,Alder,+49 30 1,Gupta,no\nB,Birch,2,,\nC,Cedar,3,,\nD,Dogwood,4,,\nE,Elm,5,,\nF,Fir,6,,\n\
             G,Ginkgo,7,,yes\nH,Hazel,8,,\nK,Kauri,9,,\n",
        ),
        (
            "ledger/invoices.csv",
            "id,customer,issued,due,amount,currency,settled,disputed\n\
             K1,K,2025-06-10,2025-07-10,100.00,EUR,,\n\
             A1,A,2025-04-01,2025-05-01,1500.00,EUR,,\n\
             B1,B,2025-05-21,2025-06-20,400.00,EUR,,\n\
             B2,B,2025-04-15,2025-05-15,300.00,EUR,,2025-06-01\n\
             C1,C,2025-05-01,2025-05-31,900.00,EUR,2025-05-30,\n\
             D1,D,2025-03-01,2025-03-31,600.00,EUR,,2025-04-10\n\
             E1,E,2025-05-31,2025-06-30,700.00,EUR,,\n\
             F1,F,2025-05-30,2025-06-29,250.00,EUR,,\n\
             G1,G,2024-12-02,2025-01-01,800.00,EUR,,\n\
             H1,H,2025-03-02,2025-04-01,20.00,EUR,,\n",
        ),
        (
            "ledger/payments.csv",
            "id,customer,day,amount,currency\nP1,A,2025-06-02,500.00,EUR\nP2,F,2025-06-27,250.00,EUR\n",
        ),
        ("ledger/allocations.csv", "payment,invoice,amount,currency\nP1,A1,500.00,EUR\n"),
        (
            "ledger/activities.csv",
            "day,customer,invoice,kind,outcome,promise_day\n2025-06-25,E,E1,call,promise,2025-07-04\n",
        ),
    ])
}

/// What the run of [`accounts`] prints, but for the model's id.
///
/// Ageing, by days past due: E1 0 and K1 not due 700 + 100 = 800; F1 1 and B1 10 250 + 400 = 650; B2 46 and A1 60
/// (1,500 − 500) 300 + 1,000 = 1,300; H1 90 20; D1 91 600; G1 180 800; in all 4,170.
///
/// Labels: A1, B1, B2, D1, F1, G1 and H1 are late, C1 is not; E1 and K1 are not due long enough. Each is looked at twice:
/// 16 snapshots, 14 of them late.
///
/// At risk: what is late already counts whole. Kauri has no history: it is taken for the portfolio,
/// (14 + 0.7) / (16 + 2) = 0.81667 of 100.00 = 81.67.
///
/// Worth: without a curve a delay of 7 days is expected, and the contact is of tomorrow: 6 days of what is late, 0.81667 x 7 = 5.7
/// of Kauri's. Being late weighs 90 days more, money costs 8 % a year, and a contact takes away a fifth: 1,000 x (6 + 90) x
/// 0.08 / 365 x 0.2 = 4.208, in 5 minutes 50.50 an hour; 400 x the same = 1.683, 20.20 an hour; 100 x (5.717 + 0.81667 x 90)
/// x 0.08 / 365 x 0.2 = 0.347, 4.17 an hour.
const RUN: &str = "\
Ledger (rows, and the sum of their amounts: read = accepted + rejected)
  customers              9 rows =         9 accepted +      0 rejected
  invoices              10 rows =        10 accepted +      0 rejected
    EUR              5570.00 =              5570.00 +             0.00
  payments               2 rows =         2 accepted +      0 rejected
    EUR               750.00 =               750.00 +             0.00
  allocations            1 rows =         1 accepted +      0 rejected
    EUR               500.00 =               500.00 +             0.00
  activities             1 rows =         1 accepted +      0 rejected

Open as of 2025-06-30
  EUR 4170.00 on 9 invoices = not_due 800.00 + 1-30 650.00 + 31-60 1300.00 + 61-90 20.00 + 91-120 600.00 + >120 800.00
    unapplied cash and credit 250.00

Model ratio ID: 16 snapshots known by 2025-06-30, late is more than 0 days after due
  The rule answers: only 16 labelled snapshots, and a model needs 100 (DW405).

Call first (of 3 accounts)
   1. EUR  Alder (A)
      worth 4.21 EUR in 5 minutes: 1,000.00 EUR may be asked for, 6.0 days late still expected of it; 1,000.00 EUR expected at risk of 1,000.00 EUR open on 1 invoice; 1,000.00 EUR past due, the oldest by 60 days
      50.50 EUR an hour, 30.30 EUR more than the next
   2. EUR  Birch (B)
      worth 1.68 EUR in 5 minutes: 400.00 EUR may be asked for, 6.0 days late still expected of it; 400.00 EUR expected at risk of 700.00 EUR open on 2 invoices; 400.00 EUR past due, the oldest by 10 days; 300.00 EUR disputed or promised, not to be raised
      20.20 EUR an hour, 16.03 EUR more than the next
   3. EUR  Kauri (K)
      worth 0.35 EUR in 5 minutes: 100.00 EUR may be asked for, 5.7 days late still expected of it; 81.67 EUR expected at risk of 100.00 EUR open on 1 invoice; nothing past due yet
      last of its list

Not to call: 1 below_minimum, 1 disputed, 1 do_not_contact, 1 paid, 1 promise_not_yet_due, 1 unapplied_cash_covers_it
Invoices not to be raised (disputed or promised): 3
";

fn of<const N: usize>(row: &Row, columns: [&str; N]) -> [String; N] {
    columns.map(|column| row[column].clone())
}

#[test]
fn a_run_ranks_who_is_to_be_called_and_says_why_the_others_are_not() {
    let folder = accounts();
    let ledger = folder.inside("ledger");
    let out = folder.inside("out");
    let ran = duewise(&["run", &ledger, "--as-of", "2025-06-30", "--out", &out]).exits(0);
    let manifest = fs::read(folder.path().join("out/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let id = manifest["model_id"].as_str().unwrap();
    assert_eq!(ran.stdout.replacen(id, "ID", 1), RUN);
    assert!(
        ran.stderr.starts_with("read ") && ran.stderr.ends_with(&format!("files in {out}\n")),
        "{}",
        ran.stderr
    );
    assert_eq!(manifest["rows"], serde_json::json!([23, 23, 0]));
    assert_eq!(manifest["as_of"], "2025-06-30");

    let calls = rows(folder.path().join("out/worklist.csv"));
    let columns = [
        "rank",
        "customer",
        "at_risk",
        "open",
        "past_due",
        "oldest_days_past_due",
        "held",
        "unapplied",
        "invoices",
        "not_to_raise",
    ];
    let expected = [
        ["1", "A", "1000.00", "1000.00", "1000.00", "60", "0.00", "0.00", "A1", ""],
        ["2", "B", "400.00", "700.00", "700.00", "10", "300.00", "0.00", "B1", "B2"],
        ["3", "K", "81.67", "100.00", "0.00", "-10", "0.00", "0.00", "K1", ""],
    ];
    assert_eq!(calls.iter().map(|row| of(row, columns)).collect::<Vec<_>>(), expected);
    assert_eq!(of(&calls[0], ["customer_name", "collector", "phone"]), ["Alder", "Gupta", "+49 30 1"]);

    let suppressed = rows(folder.path().join("out/suppressed.csv"));
    let columns = ["customer", "reason", "until", "open", "past_due", "held", "unapplied"];
    let expected = [
        ["C", "paid", "", "0.00", "0.00", "0.00", "0.00"],
        ["D", "disputed", "", "600.00", "600.00", "600.00", "0.00"],
        ["E", "promise_not_yet_due", "2025-07-04", "700.00", "0.00", "700.00", "0.00"],
        ["F", "unapplied_cash_covers_it", "", "250.00", "250.00", "0.00", "250.00"],
        ["G", "do_not_contact", "", "800.00", "800.00", "0.00", "0.00"],
        ["H", "below_minimum", "", "20.00", "20.00", "0.00", "0.00"],
    ];
    assert_eq!(suppressed.iter().map(|row| of(row, columns)).collect::<Vec<_>>(), expected);

    let holds = rows(folder.path().join("out/holds.csv"));
    let mut holds: Vec<_> =
        holds.iter().map(|row| of(row, ["invoice", "balance", "reason", "until"])).collect();
    holds.sort();
    let expected = [
        ["B2", "300.00", "disputed", ""],
        ["D1", "600.00", "disputed", ""],
        ["E1", "700.00", "promise_not_yet_due", "2025-07-04"],
    ];
    assert_eq!(holds, expected);

    let ageing = rows(folder.path().join("out/ageing.csv"));
    let columns = [
        "currency",
        "invoices",
        "not_due",
        "1-30",
        "31-60",
        "61-90",
        "91-120",
        ">120",
        "open",
        "unapplied",
        "net",
    ];
    let expected = [
        "EUR", "9", "800.00", "650.00", "1300.00", "20.00", "600.00", "800.00", "4170.00", "250.00",
        "3920.00",
    ];
    assert_eq!(ageing.iter().map(|row| of(row, columns)).collect::<Vec<_>>(), [expected]);
}

#[test]
fn one_list_ranks_across_currencies_where_a_rate_was_known_and_two_lists_where_none_was() {
    let folder = Folder::of(&[
        (
            "ledger/invoices.csv",
            "id,customer,issued,due,amount,currency\n\
             A1,A,2025-01-10,2025-02-09,100.00,EUR\nB1,B,2025-01-10,2025-02-09,111.00,USD\n",
        ),
        // The rate of May would put the dollars last; nobody knew it in April.
        ("ledger/fx.csv", "day,from,to,rate\n2025-05-01,EUR,USD,9.0\n2025-03-01,EUR,USD,1.1\n"),
    ]);
    let columns = ["rank", "customer", "value", "value_currency", "at_risk", "currency", "above_next"];
    let list = |as_of: &str| {
        let out = folder.inside("out");
        duewise(&["run", &folder.inside("ledger"), "--as-of", as_of, "--out", &out]).exits(0);
        let calls = rows(folder.path().join("out/worklist.csv"));
        calls.iter().map(|row| of(row, columns)).collect::<Vec<_>>()
    };
    // An hour is worth 12 x 96 x 0.08 / 365 x 0.2 = 0.0505 of what is asked for. 111.00 / 1.1 = 100.909…; of two currencies with one account each the first by code is the list's.
    let expected = [
        ["1", "B", "100.91", "EUR", "111.00", "USD", "5.10 EUR an hour, 0.05 EUR more than the next"],
        ["2", "A", "100.00", "EUR", "100.00", "EUR", "last of its list"],
    ];
    assert_eq!(list("2025-04-30"), expected);
    // 111.00 / 9 = 12.333…
    let expected = [
        ["1", "A", "100.00", "EUR", "100.00", "EUR", "5.05 EUR an hour, 4.43 EUR more than the next"],
        ["2", "B", "12.33", "EUR", "111.00", "USD", "last of its list"],
    ];
    assert_eq!(list("2025-05-01"), expected);
    let expected = [
        ["1", "A", "100.00", "EUR", "100.00", "EUR", "last of its list"],
        ["1", "B", "111.00", "USD", "111.00", "USD", "last of its list"],
    ];
    assert_eq!(list("2025-02-28"), expected);
}

#[test]
fn each_reason_ends_where_its_rule_ends() {
    let folder = accounts();
    let ledger = folder.inside("ledger");
    let out = folder.inside("out");
    // Promised by 4 July, and money of three days more may be under way: on the 8th it is broken. Dogwood's dispute has no end.
    for (as_of, called) in [("2025-07-07", false), ("2025-07-08", true)] {
        duewise(&["worklist", &ledger, "--as-of", as_of, "--out", &out, "--minimum", "20"]).exits(0);
        let calls = rows(folder.path().join("out/worklist.csv"));
        assert_eq!(calls.iter().any(|row| row["customer"] == "E"), called, "{as_of}");
        assert!(calls.iter().any(|row| row["customer"] == "H"), "20.00 is not below a minimum of 20");
        assert!(calls.iter().all(|row| row["customer"] != "D"));
    }
    // Before 27 June nobody knew of Fir's payment, and before 30 May Cedar had not paid.
    for (as_of, customer) in [("2025-06-26", "F"), ("2025-05-29", "C")] {
        duewise(&["worklist", &ledger, "--as-of", as_of, "--out", &out]).exits(0);
        let calls = rows(folder.path().join("out/worklist.csv"));
        // Neither is past due by then; both are open and can be spoken about.
        let suppressed = rows(folder.path().join("out/suppressed.csv"));
        assert!(suppressed.iter().all(|row| row["customer"] != customer), "{as_of}: {suppressed:?}");
        assert!(calls.iter().any(|row| row["customer"] == customer), "{as_of}");
    }
}

#[test]
fn each_verb_writes_its_own_files() {
    let folder = accounts();
    let ledger = folder.inside("ledger");
    for (verb, written) in [("score", ["scores", "customers"]), ("worklist", ["worklist", "suppressed"])] {
        let out = folder.inside(verb);
        let ran = duewise(&[verb, &ledger, "--out", &out, "--quiet", "--json"]).exits(0);
        assert_eq!(ran.stderr, "");
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        // Nothing was known after the payment of 27 June.
        assert_eq!(json["as_of"], "2025-06-27");
        for name in ["scores", "customers", "worklist", "suppressed"] {
            for format in ["csv", "parquet"] {
                let there = folder.path().join(verb).join(format!("{name}.{format}")).exists();
                assert_eq!(there, written.contains(&name), "{verb} {name}.{format}");
            }
        }
    }
}

#[test]
fn train_keeps_every_version_and_its_model_is_used_for_scoring() {
    let folder = accounts();
    let ledger = folder.inside("ledger");
    let models = folder.inside("models");
    for version in 1..=2 {
        let ran = duewise(&["train", &ledger, "--models", &models, "--name", "late", "--json"]).exits(1);
        let artefact: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let written = fs::read(folder.path().join(format!("models/late-v{version}/artefact.json"))).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&written).unwrap(), artefact);
        assert!(folder.path().join(format!("models/late-v{version}/card.md")).is_file());
    }
    let model = folder.inside("models/late-v1");
    let (with, without) = (folder.inside("with"), folder.inside("without"));
    duewise(&["score", &ledger, "--model", &model, "--out", &with]).exits(0);
    duewise(&["score", &ledger, "--out", &without]).exits(0);
    let scores = |name: &str| fs::read(folder.path().join(name).join("scores.csv")).unwrap();
    assert!(scores("with") == scores("without"), "the same ledger and day, so the same model");
}

#[test]
fn backtest_prints_a_line_per_model_with_the_agreed_figures() {
    let sample = crate::support::sample();
    let ledger = crate::support::text_of(&sample.ledger);
    let args = ["backtest", &ledger, "--as-of", "2024-12-31", "--json", "--quiet"];
    let ran = duewise(&args).exits(0);
    assert_eq!(ran.stderr, "");
    let lines: Vec<serde_json::Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let models: Vec<&str> = lines.iter().map(|line| line["model"].as_str().unwrap()).collect();
    assert_eq!(models, ["ratio", "logistic", "forest", "boost", "blend", "hazard", "both"]);
    for line in &lines {
        assert!(line["n"].as_u64().unwrap() > 0);
        assert_eq!(line["n"], lines[0]["n"], "all models are measured on the same rows");
        for figure in ["base", "auc", "ap", "brier", "log_loss", "late_amount_in_top20"] {
            assert!(line[figure].as_f64().is_some_and(f64::is_finite), "{figure}: {line}");
        }
    }
}

/// A slip of the pen, 2027 for 2025, makes everyone late: every verb that takes the day says so, and none fails.
#[test]
fn a_day_after_everything_known_is_told() {
    let folder = accounts();
    let ledger = folder.inside("ledger");
    let note = "note: nothing became known after 2025-06-27, 730 days before --as-of 2027-06-27";
    let verbs: [&[&str]; 7] = [
        &["worklist", &ledger, "--out"],
        &["letters", &ledger, "--out"],
        &["claim", &ledger, "--rate", "8", "--out"],
        &["aging", &ledger, "--out"],
        &["kpi", &ledger, "--out"],
        &["plan", &ledger, "--customer", "A", "--count", "2", "--out"],
        &["exceptions", &ledger, "--out"],
    ];
    for verb in verbs {
        for (as_of, told) in [("2027-06-27", true), ("2025-06-27", false)] {
            let out = folder.inside(&format!("{}-{as_of}", verb[0]));
            let ran = duewise(&[verb, &[&out, "--as-of", as_of]].concat()).exits(0);
            assert_eq!(ran.stderr.contains(note), told, "{verb:?}: {}", ran.stderr);
            assert_eq!(ran.stderr.contains("note: nothing became known"), told, "{verb:?}: {}", ran.stderr);
        }
    }
}

/// What changes a list is in its record, and a name of a policy that no customer has is told.
#[test]
fn a_list_records_its_options_and_tells_a_misspelt_segment() {
    let folder = accounts();
    let policy = include_str!("../../data/policy/dunning-b2b.toml");
    let policy = policy.replace("{ consumer = false }", "{ consumer = false, segments = [\"retial\"] }");
    folder.write("own.toml", policy);
    let (ledger, out, own) = (folder.inside("ledger"), folder.inside("out"), folder.inside("own.toml"));
    let asked =
        ["worklist", &ledger, "--out", &out, "--dunning", &own, "--hold-out", "0.25", "--hold-out-seed", "7"];
    let ran = duewise(&[&asked[..], &["--minimum", "20"]].concat()).exits(0);
    assert!(
        ran.stderr.contains("note: [[policy]] `b2b`: no customer has segment `retial`\n"),
        "{}",
        ran.stderr
    );
    let manifest = fs::read(folder.path().join("out/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let options = serde_json::json!({ "hold_out": "0.25, seed 7", "minimum": "20" });
    assert_eq!(manifest["options"], options);
}
