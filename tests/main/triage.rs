//! Verdicts on findings: what was judged leaves the queue, what is seldom real sinks in it, and nothing that was decided
//! later, and no order of rows, changes a byte.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::exceptions::{CUT, find, made};
use crate::support::{Folder, Row, day, duewise, rows, write_cells};

const SHEETS: [&str; 3] = ["exceptions.csv", "queue.csv", "triage.csv"];

/// Bills of two suppliers without an order, beside one that has one: R1 to R3 of S1 in January, then R4 of S1 and R5 of S2 on
/// one day in February.
const BILLS: &str = "id,supplier,issued,amount,currency,order\n\
    R0,S3,2025-01-06,80.00,EUR,PO1\n\
    R1,S1,2025-01-10,110.00,EUR,\nR2,S1,2025-01-13,120.00,EUR,\nR3,S1,2025-01-14,130.00,EUR,\n\
    R4,S1,2025-02-03,100.00,EUR,\nR5,S2,2025-02-03,100.00,EUR,\n";
const ORDERS: &str = "id,side,party,ordered,amount,currency\nPO1,purchase,S3,2025-01-02,100.00,EUR\n";
const FALSE_OF_S1: &str = "document,code,verdict,day\nR1,NO_PO,false,2025-01-20\nR2,NO_PO,false,2025-01-20\n\
    R3,NO_PO,false,2025-01-21\n";

/// The folder of that ledger with these verdicts, and what was found by 4 February with these further arguments.
fn judged(verdicts: &str, more: &[&str]) -> Folder {
    let folder =
        Folder::of(&[("l/orders.csv", ORDERS), ("l/bills.csv", BILLS), ("l/dispositions.csv", verdicts)]);
    let more = [&["--as-of", "2025-02-04"], more].concat();
    find(&folder.path().join("l"), &folder.path().join("out"), &more);
    folder
}

fn sheet(folder: &Folder, name: &str) -> Vec<Row> {
    rows(folder.path().join("out").join(name))
}

fn column(rows: &[Row], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].clone()).collect()
}

#[test]
fn what_was_judged_leaves_the_queue_and_what_is_seldom_real_sinks() {
    // R1 to R3 are past their day; R4 and R5 are worth the same, and S1 comes before S2.
    let before = judged("document,code,verdict,day\n", &[]);
    assert_eq!(column(&sheet(&before, "queue.csv"), "document"), ["R3", "R2", "R1", "R4", "R5"]);
    let after = judged(FALSE_OF_S1, &[]);
    let queue = sheet(&after, "queue.csv");
    assert_eq!(column(&queue, "document"), ["R5", "R4"]);
    // Of the rule (10 × .8 + 0) / 13 = .6154, of S1 (4 × .6154 + 0) / 7 = .3516; 100.00 in ten minutes.
    assert_eq!(column(&queue, "p_real"), ["0.6154", "0.3516"]);
    assert_eq!(column(&queue, "worth_per_minute"), ["6.15", "3.52"]);
    assert_eq!(
        queue[1]["p_reason"],
        "0 of 3 judged findings of this kind on S1 were real, 0 of 3 on all, the rule says 80 %"
    );
    let found = sheet(&after, "exceptions.csv");
    let states: BTreeSet<(String, String, String)> = found
        .iter()
        .map(|row| (row["document"].clone(), row["state"].clone(), row["verdict"].clone()))
        .collect();
    let expected = [("R1", "judged", "false"), ("R2", "judged", "false"), ("R3", "judged", "false")];
    let expected = expected.into_iter().chain([("R4", "open", ""), ("R5", "open", "")]);
    assert_eq!(
        states,
        expected.map(|(id, state, verdict)| (id.into(), state.into(), verdict.into())).collect()
    );
}

#[test]
fn how_often_a_rule_was_right_is_told() {
    let verdicts = FALSE_OF_S1.replace("R2,NO_PO,false", "R2,NO_PO,true") + "R9,NO_PO,false,2025-01-21\n";
    let folder = judged(&verdicts, &[]);
    let triage = sheet(&folder, "triage.csv");
    assert_eq!(column(&triage, "code"), ["NO_PO"]);
    for (name, cell) in [
        ("open", "2"),
        ("judged", "3"),
        ("reviewed", "4"),
        ("true", "1"),
        ("false", "3"),
        ("precision", "0.25"),
    ] {
        assert_eq!(triage[0][name], cell, "{name}");
    }
    // Wilson's interval of 1 of 4 at 90 %: middle .25 + 2.705543 / 8 = .588193, half 1.644854 × √(.25 × .75 / 4 + 2.705543 /
    // 64) = .491118, over 1 + 2.705543 / 4 = 1.676386: .0579 and .6438.
    assert_eq!(
        (triage[0]["precision_low"].as_str(), triage[0]["precision_high"].as_str()),
        ("0.0579", "0.6438")
    );
    let args = ["exceptions", &folder.inside("l"), "--quiet"];
    let text = duewise(&args).exits(0).stdout;
    let told = "Judged by then: 4 findings\n  NO_PO                        4  25 % real, 6 to 64 % (90 % interval)\n  \
                1 on a document that is not here, or not the only one of its number\n";
    assert!(text.ends_with(told), "{text}");
    let json = duewise(&[args.as_slice(), &["--json"]].concat()).exits(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["triage"][0]["refuted"], &json["rules"][0]["open"]), (&3.into(), &2.into()));
}

#[test]
fn a_suppression_is_shown_with_its_reason_and_ends() {
    let shipped = include_str!("../../data/policy/exceptions.toml");
    let folder = Folder::new();
    let states = |until: &str| {
        let aside = format!(
            "[[suppress]]\ncode = \"NO_PO\"\nparty = \"S1\"\nreason = \"rent\"\nuntil = \"{until}\"\n\n[[approver]]"
        );
        folder.write("policy.toml", shipped.replacen("[[approver]]", &aside, 1));
        let found = judged("document,code,verdict,day\n", &["--policy", &folder.inside("policy.toml")]);
        let of_r4 = sheet(&found, "exceptions.csv").into_iter().find(|row| row["document"] == "R4").unwrap();
        let queue = column(&sheet(&found, "queue.csv"), "document");
        (of_r4["state"].clone(), of_r4["state_reason"].clone(), queue.join(" "))
    };
    let set_aside = "set aside until 2025-02-04: rent".to_owned();
    assert_eq!(states("2025-02-04"), ("suppressed".into(), set_aside, "R5".into()));
    assert_eq!(states("2025-02-03"), ("open".into(), String::new(), "R3 R2 R1 R4 R5".into()));
}

/// The large ledger with these rows of verdicts; what was found in it by the day of the cut.
fn large(home: &Path, verdicts: &[Vec<String>]) -> Vec<Vec<u8>> {
    let ledger = home.join("l");
    fs::create_dir_all(&ledger).unwrap();
    for entry in fs::read_dir(&made().ledger).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, ledger.join(path.file_name().unwrap())).unwrap();
        }
    }
    write_cells(&ledger.join("dispositions.csv"), verdicts);
    find(&ledger, &home.join("out"), &["--as-of", CUT]);
    SHEETS.iter().map(|name| fs::read(home.join("out").join(name)).unwrap()).collect()
}

/// Verdicts on every third finding of the large ledger, up to 60 days after its document was known.
fn verdicts() -> Vec<Vec<String>> {
    let header = ["document", "code", "verdict", "day", "party", "line"].map(str::to_owned).to_vec();
    let words = ["true", "false", "accepted_variance", "right_match"];
    let found = rows(made().out.join("exceptions.csv"));
    let verdict = |(at, row): (usize, &Row)| {
        let decided = day(&row["known"]).plus(at as i32 % 61).to_string();
        let [document, code, party, line] =
            ["document", "code", "party", "line"].map(|name| row[name].clone());
        vec![document, code, words[at / 3 % 4].to_owned(), decided, party, line]
    };
    std::iter::once(header).chain(found.iter().enumerate().step_by(3).map(verdict)).collect()
}

#[test]
fn later_verdicts_and_the_order_of_their_rows_change_nothing() {
    let folder = Folder::new();
    let all = verdicts();
    let mut known = all.clone();
    known.retain(|row| row[3] == "day" || day(&row[3]) <= day(CUT));
    assert!(known.len() > 50 && known.len() + 50 < all.len(), "{} of {}", known.len(), all.len());
    known[1..].reverse();
    let one = large(&folder.path().join("all"), &all);
    assert!(one == large(&folder.path().join("known"), &known), "later verdicts, or the order of rows");
    let none = large(&folder.path().join("none"), &all[..1]);
    assert!(SHEETS.iter().zip(one.iter().zip(&none)).all(|(_, (one, none))| one != none), "verdicts count");
}

#[test]
fn a_repeat_that_a_reviewer_cleared_is_a_bill_like_any_other() {
    let bills = "id,supplier,issued,amount,currency,order\nR1,S1,2025-01-10,80.00,EUR,PO1\n\
                 r-1,S1,2025-01-12,80.00,EUR,PO1\n";
    let orders = ORDERS.replace("S3", "S1");
    let found = |verdicts: &str| {
        let folder = Folder::of(&[
            ("l/orders.csv", orders.as_str()),
            ("l/bills.csv", bills),
            ("l/dispositions.csv", verdicts),
        ]);
        find(&folder.path().join("l"), &folder.path().join("out"), &[]);
        let found = sheet(&folder, "exceptions.csv");
        found
            .iter()
            .map(|row| format!("{} {} {}", row["code"], row["state"], row["at_stake"]))
            .collect::<Vec<_>>()
    };
    let header = "document,code,verdict,day\n";
    assert_eq!(found(header), ["DUPLICATE_EXACT open 80.00"]);
    // Two bills of 80.00 on an order of 100.00: 60.00 too much.
    let cleared = format!("{header}r-1,DUPLICATE_EXACT,false,2025-01-15\n");
    assert_eq!(found(&cleared), ["DUPLICATE_EXACT judged 80.00", "AMOUNT_OVER_ORDER open 60.00"]);
    let confirmed = cleared.replace("false", "true");
    assert_eq!(found(&confirmed), ["DUPLICATE_EXACT judged 80.00"]);
}

#[test]
fn verdicts_teach_what_is_a_repeat() {
    let folder = Folder::new();
    let header = ["document", "code", "verdict", "day", "party"].map(str::to_owned).to_vec();
    let fuzzy = |name: &str| {
        let found = rows(folder.path().join(name).join("out/exceptions.csv"));
        found.into_iter().filter(|row| row["code"] == "DUPLICATE_FUZZY").collect::<Vec<_>>()
    };
    let confidence = |found: &[Row]| -> i32 {
        found.iter().map(|row| row["confidence_percent"].parse::<i32>().unwrap()).sum()
    };
    large(&folder.path().join("a"), std::slice::from_ref(&header));
    let before = fuzzy("a");
    assert!(!before.is_empty() && before.iter().all(|row| row["state"] == "open"));
    let verdict = |row: &Row| {
        vec![row["document"].clone(), row["code"].clone(), "false".into(), CUT.into(), row["party"].clone()]
    };
    let verdicts: Vec<Vec<String>> = std::iter::once(header).chain(before.iter().map(verdict)).collect();
    large(&folder.path().join("b"), &verdicts);
    let after = fuzzy("b");
    assert!(after.iter().all(|row| row["state"] == "judged"), "{after:?}");
    assert!(confidence(&after) < confidence(&before), "as sure as before that they are repeats");
}

#[test]
fn a_verdict_on_a_supplier_closes_what_was_found_on_all_its_bills() {
    // Each first digit 40 times, over four orders of magnitude.
    let row = |at: usize| {
        let amount = (at % 9 + 1) * 10_usize.pow(1 + (at / 9 % 4) as u32);
        format!("R{at},S1,2025-01-10,{amount}.00,EUR\n")
    };
    let bills = (0..360).map(row).collect::<String>();
    let folder = Folder::of(&[
        ("l/suppliers.csv", "id,name\nS1,Alder\n"),
        ("l/bills.csv", &format!("id,supplier,issued,amount,currency\n{bills}")),
        ("l/dispositions.csv", "document,code,verdict,day\nS1,BENFORD,false,2025-01-20\n"),
    ]);
    let shipped = include_str!("../../data/policy/exceptions.toml");
    let (off, on) = ("[BENFORD]\nstate = \"off\"", "[BENFORD]\nstate = \"exact\"");
    folder.write("policy.toml", shipped.replacen(off, on, 1));
    find(&folder.path().join("l"), &folder.path().join("out"), &["--policy", &folder.inside("policy.toml")]);
    let found = sheet(&folder, "exceptions.csv");
    let found: Vec<&Row> = found.iter().filter(|row| row["code"] == "BENFORD").collect();
    assert_eq!(found.len(), 1);
    assert_eq!([&found[0]["document"], &found[0]["kind"], &found[0]["state"]], ["S1", "party", "judged"]);
}
