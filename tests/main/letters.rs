//! Letters as a user asks for them: what they claim besides the invoices, worked out by hand.

use crate::support::{Folder, duewise, rows};

/// On 5 April 2026 three customers come to the final notice of the shipped ladder. A promised to pay by 25 March and did not.
fn ledger() -> Folder {
    let call = |customer: &str| match customer {
        "A" => "promise,2026-03-25,500.00,GBP",
        _ => "reached,,,",
    };
    let steps = ["A", "B", "C"].map(|customer| {
        format!(
            "2026-03-05,{customer},,email,sent,,,,friendly\n2026-03-12,{customer},,email,sent,,,,follow_up\n\
             2026-03-20,{customer},,call,{},call\n",
            call(customer)
        )
    });
    let steps = format!(
        "day,customer,invoice,kind,outcome,promise_day,promise_amount,currency,step\n{}",
        steps.concat()
    );
    Folder::of(&[
        (
            "l/customers.csv",
            "id,name,email,collector,consumer\nA,Ash Ltd,a@example.com,Kim,false\nB,Birch Ltd,b@example.com,,false\n\
             C,Cedar Ltd,c@example.com,,false\nD,Dale Ltd,d@example.com,,false\n",
        ),
        (
            "l/invoices.csv",
            "id,customer,issued,due,amount,currency,terms\nA1,A,2026-02-01,2026-03-01,10000.00,GBP,\n\
             B1,B,2019-08-01,2019-09-01,700.00,GBP,\nC1,C,2026-02-01,2026-03-01,800.00,GBP,\n\
             D1,D,2026-04-03,2026-04-09,500.00,GBP,2/4 net 6\n",
        ),
        ("l/activities.csv", &steps),
    ])
}

const TEAM: &str = "version = \"t\"\n[settings]\nvip_first = false\nquiet_hours = []\ndays_off = []\nholidays = {}\n[[collector]]\nname = \"Kim\"\n\
    phone = \"+44 20 7946 0958\"\nminutes_per_day = 60\nhours = [\"09:00\", \"17:00\"]\ntime_zone = \"Europe/London\"\n";

/// The text of a customer's letter.
fn letter(folder: &Folder, customer: &str) -> String {
    let files = std::fs::read_dir(folder.path().join("out/letters")).unwrap();
    let mut own = files.map(|file| file.unwrap().path()).filter(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with(&format!("{customer}-")) && path.extension().unwrap() == "txt"
    });
    std::fs::read_to_string(own.next().unwrap()).unwrap()
}

#[test]
fn the_final_notice_claims_interest_where_a_law_and_its_rate_are_known() {
    let folder = ledger();
    let policy = include_str!("../../data/policy/dunning-b2b.toml");
    let policy = policy.replacen("claim = true ", "claim = true\nfee = { GBP = \"12.00\" } ", 1);
    folder.write("own.toml", &policy);
    folder.write("team.toml", TEAM);
    let (l, out, own, team) =
        (folder.inside("l"), folder.inside("out"), folder.inside("own.toml"), folder.inside("team.toml"));
    let asked = ["letters", &l, "--as-of", "2026-04-05", "--out", &out, "--dunning", &own, "--team", &team];
    let ran = duewise(&[&asked[..], &["--jurisdiction", "UK"]].concat()).exits(1);
    // B's interest began in a half-year of which no rate is known: its letter is written without.
    let told =
        "in 1 of them no interest is claimed: DW506 there is no legal or reference rate for this day\n";
    assert!(ran.stdout.ends_with(told), "{}", ran.stdout);
    let list = rows(folder.path().join("out/letters.csv"));
    let found = |customer: &str| list.iter().find(|row| row["customer"] == customer).unwrap();
    assert_eq!(found("B")["total"], "700.00");
    assert!(found("B")["reason"].contains("no UK_BASE on 2019-09-02"), "{}", found("B")["reason"]);
    // From 2 March to 5 April are 35 days: 10,000.00 x 11.75 % x 35 / 365 = 112.67; the Act's 100.00; and the letter's own 12.00.
    assert_eq!(found("A")["total"], "10224.67");
    // Entries of lists go on in lines that are indented.
    let text = letter(&folder, "A").replace("\n  ", " ");
    for line in [
        "Interest for late payment: GBP\u{a0}112.67",
        "Fixed compensation for late payment: GBP\u{a0}100.00",
        "Fees: GBP\u{a0}12.00",
        "Invoice A1; From 2 Mar 2026; To 5 Apr 2026; Days 35; Balance GBP\u{a0}10,000.00; Annual rate 11.75\u{a0}%;",
        "The payment that you announced for 25\u{a0}March 2026 has not reached us in full.",
        "Phone: +44 20 7946 0958",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    // 800.00 x 11.75 % x 35 / 365 = 9.01; 40.00 below 1,000.00; no promise.
    assert_eq!(found("C")["total"], "861.01");
    assert!(!letter(&folder, "C").contains("announced"));
    let manifest = std::fs::read_to_string(folder.path().join("out/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let names: Vec<&str> =
        manifest["dunning"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["b2b", "b2b", "consumer"]);
    // As `sha256sum` prints it.
    let of_file = |name: &str| duewise::base::digest::of_file(&folder.path().join(name)).unwrap();
    assert_eq!(manifest["dunning"][0]["sha256"], of_file("own.toml").as_str());
    assert_eq!(
        (&manifest["team"]["version"], &manifest["team"]["sha256"]),
        (&"t".into(), &of_file("team.toml").into())
    );
    assert_eq!(manifest["rates"][0]["last_day"], "2026-12-31");
    assert!(
        ["brand_sha256", "templates_sha256"].iter().all(|key| manifest[key].as_str().unwrap().len() == 64)
    );
    // Without a law nothing is claimed, whatever the policy's step says.
    let ran = duewise(&asked).exits(0);
    assert!(!ran.stdout.contains("no interest"), "{}", ran.stdout);
    assert_eq!(rows(folder.path().join("out/letters.csv"))[0]["total"], "10000.00");
    let ran = duewise(&[&asked[..], &["--debtor", "B2G"]].concat()).exits(2);
    assert!(ran.stderr.contains("--debtor and --rates need a law"), "{}", ran.stderr);
}

#[test]
fn a_notice_names_the_discount_that_can_still_be_taken() {
    let folder = ledger();
    let (l, out) = (folder.inside("l"), folder.inside("out"));
    let asked = ["letters", &l, "--as-of", "2026-04-05", "--out", &out];
    duewise(&asked).exits(0);
    // 2 % of 500.00 until 7 April, two days before it is due: 2 / 98 x 360 / 2 = 367.35 % a year.
    let text = letter(&folder, "D").replace('\n', " ");
    let line = "If you pay invoice D1 by 7\u{a0}April 2026, GBP\u{a0}490.00 is enough: you may deduct GBP\u{a0}10.00 for early payment, \
                which is worth 367.35\u{a0}% a year.";
    assert!(text.contains(line), "{text}");
    duewise(&["letters", &l, "--as-of", "2026-04-08", "--out", &folder.inside("later")]).exits(0);
    let later = std::fs::read_dir(folder.path().join("later/letters")).unwrap();
    for path in later.map(|file| file.unwrap().path()) {
        assert!(!std::fs::read_to_string(path).unwrap().contains("early payment"));
    }
}

#[test]
fn a_claim_has_the_fees_that_the_policy_states() {
    let folder = ledger();
    // 1 % of what is open after five days, and 5.00 for each follow-up.
    let policy = include_str!("../../data/policy/dunning-b2b.toml")
        .replacen(
            "[policy.reset]",
            "[policy.late_fee]\nkind = \"percent\"\npercent = \"1\"\ngrace_days = 5\n\n[policy.reset]",
            1,
        )
        .replacen(
            "name = \"follow_up\"",
            "name = \"follow_up\"\nclaim = true\nfee = { GBP = \"5.00\", SEK = \"100\" }",
            1,
        );
    folder.write("own.toml", &policy);
    let claim = |more: &[&str]| {
        let (l, own, out) = (folder.inside("l"), folder.inside("own.toml"), folder.inside("out"));
        let asked =
            ["claim", &l, "--as-of", "2026-04-05", "--customer", "A", "--dunning", &own, "--out", &out];
        duewise(&[&asked[..], more].concat()).exits(0);
        let claims = rows(folder.path().join("out/claims.csv"));
        (claims[0]["costs"].clone(), claims[0]["notes"].clone())
    };
    // 100.00 on 7 March and 5.00 on the 12th.
    assert_eq!(claim(&["--jurisdiction", "UK"]).0, "105.00");
    // In Sweden a letter's fee is capped, in crowns: none in pounds.
    let (costs, notes) = claim(&["--jurisdiction", "SE", "--rate", "8"]);
    assert_eq!(costs, "100.00");
    assert!(notes.contains("of 5.00 GBP charged on 2026-03-12, 0.00 GBP are claimed"), "{notes}");
}
