//! The life of a model as its user sees it: trained, compared, brought into use, taken back, watched; and a score explained.

use std::fs;
use std::sync::OnceLock;

use duewise::model::probability;

use crate::support::{Folder, SAMPLE_AS_OF, cells, day, duewise, exact, rows, sample, text_of, write_cells};

/// The last day of the shared ledger's receivables.
const LAST_DAY: &str = "2025-12-30";

/// The shared ledger.
fn ledger() -> String {
    text_of(&sample().ledger)
}

/// Models trained on it as of its middle and as of its end, each asked to be brought into use; with the exit codes of the two.
fn models() -> &'static (Folder, [i32; 2]) {
    static MODELS: OnceLock<(Folder, [i32; 2])> = OnceLock::new();
    MODELS.get_or_init(|| {
        let folder = Folder::new();
        let codes = [SAMPLE_AS_OF, LAST_DAY].map(|as_of| {
            let models = folder.inside("models");
            let args = ["train", &ledger(), "--as-of", as_of, "--models", &models, "--promote", "--quiet"];
            duewise(&args).code
        });
        (folder, codes)
    })
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_first_model_that_beats_the_rule_comes_into_use_and_the_next_must_beat_it() {
    let (folder, codes) = models();
    let log = fs::read_to_string(folder.path().join("models/late.promotions.jsonl")).unwrap();
    let changes: Vec<serde_json::Value> = log.lines().map(json).collect();
    assert_eq!(codes[0], 0, "the first has only the rule to beat");
    assert_eq!(changes[0]["version"], "late-v1");
    assert_eq!(changes[0]["replaces"], serde_json::Value::Null);
    let card = fs::read_to_string(folder.path().join("models/late-v2/card.md")).unwrap();
    assert!(card.contains("Beside the model in use"), "{card}");
    // Its table decides, and nothing else.
    let is_won = card.contains("It surely beats it.");
    assert_eq!(codes[1], i32::from(!is_won), "{card}");
    assert_eq!(changes.len(), 1 + usize::from(is_won), "a line for each change and no other");
    if is_won {
        assert_eq!(changes[1]["replaces"], "late-v1");
    }
}

#[test]
fn a_rollback_brings_back_the_version_before_and_is_logged() {
    let folder = Folder::new();
    let versions = folder.path().join("models");
    // Two versions in use one after the other, as two promotions leave them.
    let trained = models().0.path().join("models/late-v1");
    for version in ["late-v1", "late-v2"] {
        fs::create_dir_all(versions.join(version)).unwrap();
        fs::copy(trained.join("artefact.json"), versions.join(version).join("artefact.json")).unwrap();
    }
    let line = |version: &str, replaces: &str| {
        format!(
            "{{\"action\":\"promote\",\"version\":\"{version}\",\"replaces\":{replaces},\"model_id\":\"x\",\"training_cut\":\"2025-07-01\"}}\n"
        )
    };
    let log = line("late-v1", "null") + &line("late-v2", "\"late-v1\"");
    folder.write("models/late.promotions.jsonl", &log);
    let args = ["rollback", "--models", &folder.inside("models")];
    assert!(duewise(&args).exits(0).stdout.contains("`late-v1` is in use now"));
    let after = fs::read_to_string(versions.join("late.promotions.jsonl")).unwrap();
    assert!(after.starts_with(&log), "the log is never rewritten");
    assert_eq!(json(after.lines().last().unwrap())["action"], "rollback");
    // Nothing is left to go back to.
    assert!(duewise(&args).exits(2).stderr.contains("DW410"));
}

#[test]
fn the_name_of_a_model_stands_for_the_version_in_use() {
    let (folder, _) = models();
    let explain = |model: &str| {
        let args =
            ["explain", &ledger(), &open_invoice(), "--model", &folder.inside(model), "--json", "--quiet"];
        duewise(&args).exits(0).stdout
    };
    let log = fs::read_to_string(folder.path().join("models/late.promotions.jsonl")).unwrap();
    let in_use = json(log.lines().last().unwrap())["version"].as_str().unwrap().to_owned();
    assert_eq!(explain("models/late"), explain(&format!("models/{in_use}")));
}

/// An invoice that is open on the last day, and not late yet.
fn open_invoice() -> String {
    static INVOICE: OnceLock<String> = OnceLock::new();
    let find = || {
        let (folder, _) = models();
        let (out, model) = (folder.inside("scores"), folder.inside("models/late-v1"));
        duewise(&["score", &ledger(), "--model", &model, "--out", &out, "--quiet"]).exits(0);
        let scores = rows(folder.path().join("scores/scores.csv"));
        let open = scores.iter().find(|row| row["band"] != "late").expect("something not late");
        open["invoice"].clone()
    };
    INVOICE.get_or_init(find).clone()
}

#[test]
fn an_explanation_sums_to_the_score_on_the_list() {
    let (folder, _) = models();
    let invoice = open_invoice();
    let model = folder.inside("models/late-v1");
    let args = ["explain", &ledger(), &invoice, "--model", &model, "--json", "--quiet"];
    let explained = &json(&duewise(&args).exits(0).stdout)[0];
    let number = |name: &str| explained[name].as_f64().unwrap();
    let parts = explained["parts"].as_array().unwrap();
    let sum =
        number("prior_log_odds") + parts.iter().map(|part| part["log_odds"].as_f64().unwrap()).sum::<f64>();
    assert!((sum - number("log_odds")).abs() < 1e-9);
    assert!((probability(sum) - number("p_late")).abs() < 1e-9);
    let scores = rows(folder.path().join("scores/scores.csv"));
    let row = scores.iter().find(|row| row["invoice"] == invoice).unwrap();
    assert!((row["p_late"].parse::<f64>().unwrap() - number("p_late")).abs() < 1e-6);
    // In words too, the strongest reason first.
    let text = duewise(&args[..5]).exits(0).stdout;
    assert!(text.contains(&invoice) && text.contains(parts[0]["reason"].as_str().unwrap()), "{text}");
}

#[test]
fn the_probabilities_of_a_score_are_of_one_curve() {
    open_invoice();
    let number = |row: &crate::support::Row, name: &str| row[name].parse::<f64>().unwrap();
    for row in &rows(models().0.path().join("scores/scores.csv")) {
        let buckets = ["p_by_due", "p_1_30", "p_31_60", "p_61_90", "p_91_120", "p_over_120"];
        let sum: f64 = buckets.iter().map(|bucket| number(row, bucket)).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{row:?}");
        let within = ["p_paid_7d", "p_paid_14d", "p_paid_30d"].map(|within| number(row, within));
        assert!(within.is_sorted(), "{row:?}");
        assert!(
            ["days_late_p10", "days_late_p50", "days_late_p90"].map(|days| number(row, days)).is_sorted()
        );
        if row["band"] != "late" {
            // Not late is paid by the due day.
            assert!((1.0 - number(row, "p_by_due") - number(row, "p_late")).abs() < 1e-4, "{row:?}");
        }
    }
    let cash = rows(models().0.path().join("scores/cash.csv"));
    let ageing = rows(models().0.path().join("scores/ageing.csv"));
    for open in &ageing {
        let of_currency = cash.iter().filter(|row| row["currency"] == open["currency"]);
        let sum: i128 = of_currency.map(|row| exact(&row["expected"])).sum();
        assert_eq!(sum, exact(&open["open"]), "{}", open["currency"]);
    }
}

#[test]
fn an_invoice_that_is_not_open_has_no_explanation() {
    let (folder, _) = models();
    let args = ["explain", &ledger(), "no such", "--model", &folder.inside("models/late-v1")];
    assert!(duewise(&args).exits(2).stderr.contains("DW409"));
}

#[test]
fn drift_is_told_and_asks_for_training_only_with_a_reason() {
    let (folder, _) = models();
    let model = folder.inside("models/late-v1");
    let ran = duewise(&["drift", &ledger(), "--model", &model, "--json", "--quiet"]);
    let drift = json(&ran.stdout);
    assert!(drift["issued"].as_u64().unwrap() >= drift["ripe"].as_u64().unwrap());
    assert!(drift["ripe"].as_u64().unwrap() > 100, "half a year has passed: {drift}");
    assert!(
        drift["features"].as_array().unwrap().iter().all(|feature| feature["shift"].as_f64().unwrap() >= 0.0)
    );
    let reasons = drift["reasons"].as_array().unwrap().len();
    assert_eq!(ran.code, i32::from(reasons > 0), "{drift}");
    // On the day of training nothing has been issued since.
    let same_day = ["drift", &ledger(), "--model", &model, "--as-of", SAMPLE_AS_OF];
    assert!(duewise(&same_day).exits(0).stdout.contains("Too few invoices since to tell"));
}

#[test]
fn a_customer_base_that_changed_is_noticed() {
    let (folder, _) = models();
    // Since the training every invoice is paid two months late.
    let changed = folder.path().join("changed");
    fs::create_dir_all(&changed).unwrap();
    let mut invoices = cells(&sample().ledger.join("invoices.csv"));
    let at = |name: &str, headers: &[String]| headers.iter().position(|header| header == name).unwrap();
    let headers = invoices[0].clone();
    let [issued, due, settled, balance] =
        ["issued", "due", "settled", "open_balance"].map(|name| at(name, &headers));
    for row in invoices.iter_mut().skip(1) {
        let due = day(&row[due]);
        let delay = if row[issued].as_str() > SAMPLE_AS_OF { 60 } else { 0 };
        let paid = due.plus(delay);
        let is_paid = paid <= day(LAST_DAY);
        row[settled] = if is_paid { paid.to_string() } else { String::new() };
        row[balance].clear();
    }
    write_cells(&changed.join("invoices.csv"), &invoices);
    let args =
        ["drift", &text_of(&changed), "--model", &folder.inside("models/late-v1"), "--as-of", LAST_DAY];
    let ran = duewise(&args);
    assert!(ran.stdout.contains("Train anew"), "{} {}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, 1);
}
