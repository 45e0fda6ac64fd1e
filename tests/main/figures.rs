//! Ageing and key figures as a user asks for them: text, JSON, files and exit codes, worked out by hand.

use crate::support::{Folder, duewise, rows};

/// On 30 June: I1 is 51 days past due, I2 not due, I3 in dollars is due that day. P1 paid 40.00 of I1 on 9 June and holds 10.00 more;
/// P2 pays the rest on 3 July.
fn ledger() -> Folder {
    Folder::of(&[
        ("l/customers.csv", "id,name,collector,segment\nA,Ash,Kim,retail\nB,Birch,,retail\n"),
        (
            "l/invoices.csv",
            "id,customer,issued,due,amount,currency\nI1,A,2025-04-10,2025-05-10,100.00,EUR\nI2,B,2025-06-02,2025-07-02,50.00,EUR\n\
             I3,B,2025-06-01,2025-06-30,7.00,USD\n",
        ),
        (
            "l/payments.csv",
            "id,customer,day,amount,currency\nP1,A,2025-06-09,50.00,EUR\nP2,A,2025-07-03,60.00,EUR\n",
        ),
        // Kept by P1.
        (
            "l/activities.csv",
            "day,customer,invoice,kind,outcome,promise_day,promise_amount,currency\n2025-06-05,A,I1,call,promise,2025-06-10,40.00,EUR\n",
        ),
        (
            "l/allocations.csv",
            "payment,invoice,amount,currency,day\nP1,I1,40.00,EUR,2025-06-09\nP2,I1,60.00,EUR,2025-07-03\n",
        ),
    ])
}

#[test]
fn aging_is_as_of_any_day_with_the_buckets_and_groups_asked_for() {
    let folder = ledger();
    let asked = ["aging", &folder.inside("l"), "--as-of", "2025-06-30", "--buckets", "15,60"];
    let ran = duewise(&asked).exits(0);
    let expected = "Open as of 2025-06-30, aged from the due day
  EUR 110.00 on 2 invoices = not_due 50.00 + 1-15 0.00 + 16-60 60.00 + >60 0.00; less unapplied cash and credit 10.00 = 100.00
  USD 7.00 on 1 invoices = not_due 7.00 + 1-15 0.00 + 16-60 0.00 + >60 0.00; less unapplied cash and credit 0.00 = 7.00
";
    assert_eq!(ran.stdout, expected);
    let out = folder.inside("out");
    let by = [&asked[..], &["--by", "collector", "--basis", "issued", "--out", &out, "--json"]].concat();
    let json: serde_json::Value = serde_json::from_str(&duewise(&by).exits(0).stdout).unwrap();
    assert_eq!((&json["basis"], &json["by"]), (&"issued".into(), &"collector".into()));
    // Days since issue: I1 81, I2 28, I3 29.
    let found: Vec<String> = rows(folder.path().join("out/ageing.csv"))
        .iter()
        .map(|row| {
            ["currency", "group", "0-15", "16-60", ">60", "open", "net"]
                .map(|name| row[name].as_str())
                .join(" ")
        })
        .collect();
    let expected = [
        "EUR (none) 0.00 50.00 0.00 50.00 50.00",
        "EUR Kim 0.00 0.00 60.00 60.00 50.00",
        "USD (none) 0.00 7.00 0.00 7.00 7.00",
    ];
    assert_eq!(found, expected);
    assert!(folder.path().join("out/manifest.json").is_file());
}

#[test]
fn aging_that_differs_from_the_control_total_exits_with_1() {
    let folder = ledger();
    // 110.00 less 10.00 unapplied.
    folder
        .write("l/ledger.toml", "[control]\nas_of = \"2025-06-30\"\n[control.net_open]\nEUR = \"100.00\"\n");
    duewise(&["aging", &folder.inside("l")]).exits(0);
    folder
        .write("l/ledger.toml", "[control]\nas_of = \"2025-06-30\"\n[control.net_open]\nEUR = \"100.01\"\n");
    let ran = duewise(&["aging", &folder.inside("l")]).exits(1);
    assert!(ran.stderr.contains("DW301"), "{}", ran.stderr);
    let ran = duewise(&["aging", &folder.inside("l"), "--buckets", "60,30"]).exits(2);
    assert!(ran.stderr.contains("days must ascend"), "{}", ran.stderr);
}

#[test]
fn key_figures_say_their_formula_and_inputs() {
    let folder = ledger();
    let out = folder.inside("out");
    folder.write("cash.csv", "currency,from,to,expected\nEUR,2025-06-08,2025-06-14,30.00\n");
    let asked = [
        "kpi",
        &folder.inside("l"),
        "--as-of",
        "2025-06-30",
        "--days",
        "30",
        "--predicted",
        &folder.inside("cash.csv"),
        "--out",
        &out,
    ];
    let ran = duewise(&asked).exits(0);
    // 110.00 / 50.00 x 30.
    let line = "  dso: 66.0 days (open receivables 110.00 EUR; credit sales 50.00 EUR; days 30)\n";
    assert!(ran.stdout.starts_with(&format!("2025-06-01 to 2025-06-30\nEUR\n{line}")), "{}", ran.stdout);
    let figures = rows(folder.path().join("out/kpi.csv"));
    let dbt = figures.iter().find(|row| row["kpi"] == "dbt" && row["currency"] == "EUR").unwrap();
    // 9 June is 30 days after 10 May.
    assert_eq!((dbt["value"].as_str(), dbt["unit"].as_str()), ("30.0", "days"));
    assert_eq!(dbt["inputs"], "settled x days beyond terms 1,200.00 EUR x days; settled 40.00 EUR");
    let kept = figures.iter().find(|row| row["kpi"] == "promise_kept_rate").unwrap();
    assert_eq!(
        (kept["value"].as_str(), kept["inputs"].as_str()),
        ("100.0", "promises fallen due 1; kept in full 1")
    );
    let usd = figures.iter().find(|row| row["kpi"] == "dbt" && row["currency"] == "USD").unwrap();
    assert_eq!(
        (usd["value"].as_str(), usd["note"].as_str()),
        ("", "not defined: nothing was settled in the period")
    );
    let weeks = rows(folder.path().join("out/cash_actual.csv"));
    assert_eq!((weeks[0]["actual"].as_str(), weeks[0]["actual_percent"].as_str()), ("40.00", "133.3"));
    // Without a rate there is no figure over both currencies.
    let ran = duewise(&[&asked[..], &["--reporting-currency", "EUR"]].concat()).exits(1);
    assert!(ran.stderr.contains("DW303") && !ran.stdout.contains("all currencies"), "{}", ran.stderr);
}
