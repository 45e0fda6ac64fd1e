//! Claims and plans as a user asks for them: laws by customer, disputes, what a run records, and hostile options.

use duewise::base::error::Code;

use crate::support::{Folder, duewise, rows};

/// A debtor of each law, all due on 2025-01-31: A of the Directive, B of a law that is not kept, C of Germany, D of none.
fn ledger() -> Folder {
    Folder::of(&[
        (
            "l/customers.csv",
            "id,name,country,jurisdiction\nA,Ash,IE,EU\nB,Birch,PT,PT\nC,Cedar,FR,DE\nD,Dogwood,GB,\n",
        ),
        (
            "l/invoices.csv",
            "id,customer,issued,due,amount,currency\nIA,A,2025-01-01,2025-01-31,36500.00,EUR\nIB,B,2025-01-01,2025-01-31,36500.00,EUR\n\
             IC,C,2025-01-01,2025-01-31,36500.00,EUR\nID,D,2025-01-01,2025-01-31,36500.00,EUR\n",
        ),
        (
            "rates.csv",
            "series,valid_from,valid_to,value,source\nECB_MAIN,2025-01-01,2025-06-30,2,made up\nDE_BASE,2025-01-01,2025-06-30,1,made up\n",
        ),
    ])
}

fn claims(folder: &Folder, more: &[&str], code: i32) -> Vec<[String; 4]> {
    let (ledger, rates, out) = (folder.inside("l"), folder.inside("rates.csv"), folder.inside("out"));
    let args = ["claim", &ledger, "--rates", &rates, "--as-of", "2025-02-10", "--out", &out];
    duewise(&[&args[..], more].concat()).exits(code);
    let rows = rows(folder.path().join("out/claims.csv"));
    let cells = ["customer", "interest", "fixed_sum", "notes"];
    rows.iter().map(|row| cells.map(|name| row[name].clone())).collect()
}

#[test]
fn each_customer_is_claimed_of_under_its_own_law() {
    // 36,500.00 for ten days at 10 % of a year of 365 days, by either law, are 100.00. Where customers are at home is not asked.
    let found = claims(&ledger(), &[], 1);
    let short: Vec<[&str; 3]> = found.iter().map(|[a, b, c, _]| [&**a, &**b, &**c]).collect();
    assert_eq!(short, [["A", "100.00", "40.00"], ["C", "100.00", "40.00"], ["B", "", ""], ["D", "", ""]]);
    let title = Code::LegalRuleMissing.title();
    assert!(found[2][3].starts_with(title) && found[2][3].contains("PT"), "{}", found[2][3]);
    let none = format!("{title}: neither the ledger nor --jurisdiction names a law for customer D");
    assert_eq!(found[3][3], none);
}

#[test]
fn the_law_asked_for_is_that_of_customers_without_one() {
    let found = claims(&ledger(), &["--jurisdiction", "DE"], 1);
    let customers: Vec<&str> = found.iter().filter(|row| row[1] == "100.00").map(|row| &*row[0]).collect();
    assert_eq!(customers, ["A", "C", "D"]);
}

#[test]
fn without_any_law_nothing_is_claimed() {
    let folder = ledger();
    folder.write("l/customers.csv", "id,name\nA,Ash\nB,Birch\nC,Cedar\nD,Dogwood\n");
    let ran = duewise(&["claim", &folder.inside("l"), "--as-of", "2025-02-10"]).exits(2);
    assert!(ran.stderr.contains("DW502") && ran.stderr.contains("neither is ever guessed"), "{}", ran.stderr);
}

/// The options that the manifest of a run records.
fn options(folder: &Folder, args: &[&str]) -> String {
    let (ledger, out) = (folder.inside("l"), folder.inside("out"));
    let args = [&args[..1], &[&ledger, "--as-of", "2025-02-10", "--out", &out], &args[1..]].concat();
    duewise(&args);
    let text = std::fs::read_to_string(folder.path().join("out/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    manifest["options"].to_string()
}

#[test]
fn what_changes_the_output_is_in_the_manifest() {
    let folder = ledger();
    let claim = ["claim", "--rate", "10", "--customer", "A", "--paid-late", "--currency", "EUR"];
    assert_eq!(
        options(&folder, &claim),
        r#"{"agreed_rate":"10","currency":"EUR","customer":"A","paid_late":"true"}"#
    );
    let plan = ["plan", "--customer", "A", "--count", "3", "--interest", "5", "--first", "2025-03-31"];
    let recorded = r#"{"count":"3","customer":"A","every":"month","first":"2025-03-31","interest":"5","roll":"following"}"#;
    assert_eq!(options(&folder, &plan), recorded);
    let aging = ["aging", "--basis", "issued", "--buckets", "10,20", "--by", "customer"];
    assert_eq!(options(&folder, &aging), r#"{"basis":"issued","buckets":"10,20","by":"customer"}"#);
    assert_eq!(options(&folder, &["kpi", "--days", "30"]), r#"{"days":"30"}"#);
}

#[test]
fn plans_that_cannot_be_are_refused_with_the_reason() {
    let folder = ledger();
    let refused = |more: &[&str], reason: &str| {
        let args = ["plan", &folder.inside("l"), "--customer", "A", "--as-of", "2025-02-10"];
        let ran = duewise(&[&args[..], more].concat()).exits(2);
        assert!(ran.stderr.contains(reason), "{more:?}: {}", ran.stderr);
    };
    refused(&["--count", "3", "--amount", "100"], "cannot be used with");
    refused(&["--count", "1001"], "1001 instalments, more than 520");
    refused(&["--amount", "0"], "instalments of nothing");
    refused(&["--amount=-5"], "instalments of nothing");
    refused(&["--amount", "1e9"], "`1e9` is no amount");
    refused(&["--amount", "0.001"], "`0.001` is no amount");
    refused(&["--count", "3", "--fee=-1"], "a fee or interest below zero");
    refused(&["--count", "3", "--first", "2025-02-09"], "its first day 2025-02-09 is before 2025-02-10");
    refused(&["--count", "3", "--plan-currency", "USD"], "nothing is past due");
    // From 31 March on: the last day of April, and the 31st again in May; the last part takes what is left of 36,500.00.
    let ran = duewise(&[
        "plan",
        &folder.inside("l"),
        "--customer",
        "A",
        "--as-of",
        "2025-02-10",
        "--amount",
        "12166.67",
        "--first",
        "2025-03-31",
        "--roll",
        "none",
        "--json",
    ])
    .exits(0);
    let plan: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let parts = plan["instalments"].as_array().unwrap();
    let found: Vec<(&str, i64)> =
        parts.iter().map(|one| (one["due"].as_str().unwrap(), one["amount"].as_i64().unwrap())).collect();
    assert_eq!(found, [("2025-03-31", 1_216_667), ("2025-04-30", 1_216_667), ("2025-05-31", 1_216_666)]);
}

#[test]
fn a_plan_that_was_made_is_one_that_a_ledger_takes() {
    let folder = ledger();
    let (ledger, out) = (folder.inside("l"), folder.inside("out"));
    let args =
        ["plan", &ledger, "--customer", "A", "--count", "12", "--interest", "7", "--as-of", "2025-02-10"];
    duewise(&[&args[..], &["--out", &out]].concat()).exits(0);
    std::fs::copy(folder.path().join("out/plan.csv"), folder.path().join("l/plans.csv")).unwrap();
    let checked = duewise(&["check", &ledger]).exits(0);
    assert!(!checked.stdout.contains("plans: without"), "{}", checked.stdout);
    // On the day after, the plan is on its way: twelve parts are to come.
    duewise(&["plan", &ledger, "--customer", "A", "--count", "2", "--as-of", "2025-02-11", "--out", &out])
        .exits(0);
    let progress = rows(folder.path().join("out/plan_progress.csv"));
    assert_eq!(progress.iter().filter(|row| row["state"] == "upcoming").count(), 12);
}

#[test]
fn a_second_plan_over_one_on_schedule_is_told() {
    let folder = ledger();
    folder.write(
        "l/plans.csv",
        "plan,number,customer,agreed,due,amount,currency\nP7,1,A,2025-02-05,2025-03-05,36500.00,EUR\n",
    );
    let plan = |customer: &str, day: &str| {
        duewise(&["plan", &folder.inside("l"), "--as-of", day, "--customer", customer, "--count", "2"])
            .exits(0)
    };
    let told = "plan P7 of 2025-02-05 is on schedule: this one would take its place";
    let ran = plan("A", "2025-02-10");
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    // Nothing of it came in 40 days: it is broken, and a new one takes the place of none. C has none.
    for (customer, day) in [("A", "2025-04-14"), ("C", "2025-02-10")] {
        let ran = plan(customer, day);
        assert!(!ran.stderr.contains("P7"), "{}", ran.stderr);
    }
}
