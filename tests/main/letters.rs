//! Letters as a user asks for them: what they claim besides the invoices, worked out by hand.

use std::collections::BTreeMap;
use std::path::Path;

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
    letter_in(&folder.inside("out"), customer)
}

/// The same in a folder of a run.
fn letter_in(out: &str, customer: &str) -> String {
    let files = std::fs::read_dir(Path::new(out).join("letters")).unwrap();
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
    assert_eq!(manifest["options"], serde_json::json!({ "jurisdiction": "UK" }));
    // Every file of a letter is in the record, as `sha256sum` prints it.
    let written: BTreeMap<String, String> = manifest["outputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["name"].as_str().unwrap().to_owned(), file["sha256"].as_str().unwrap().to_owned()))
        .filter(|(name, _)| name.starts_with("letters/"))
        .collect();
    let there = std::fs::read_dir(folder.path().join("out/letters")).unwrap();
    let there = there.map(|file| format!("letters/{}", file.unwrap().file_name().to_str().unwrap()));
    let there: BTreeMap<String, String> =
        there.map(|name| (name.clone(), of_file(&format!("out/{name}")))).collect();
    // A, B and C each as text and HTML, D's notice as a draft too: letters go before e-mail in a final notice.
    assert_eq!((written.len(), &written), (9, &there));
    // Without a law nothing is claimed, whatever the policy's step says.
    let bare = asked.map(|word| if word == out { folder.inside("bare") } else { word.to_owned() });
    let ran = duewise(&bare).exits(0);
    assert!(!ran.stdout.contains("no interest"), "{}", ran.stdout);
    assert_eq!(rows(folder.path().join("bare/letters.csv"))[0]["total"], "10000.00");
}

/// Old letters among new ones could go to who has paid since: nothing is written beside them, and nothing deleted.
#[test]
fn letters_of_an_earlier_run_are_left_alone_and_none_is_put_beside_them() {
    let folder = ledger();
    let (l, out) = (folder.inside("l"), folder.inside("out"));
    let asked = ["letters", &l, "--as-of", "2026-04-05", "--out", &out];
    duewise(&asked).exits(0);
    let before = crate::support::files(folder.path());
    // A has paid; so has its letter to go.
    folder.write("l/payments.csv", "id,customer,day,amount,currency\nP1,A,2026-04-06,10000.00,GBP\n");
    folder.write("l/allocations.csv", "payment,invoice,amount,currency\nP1,A1,10000.00,GBP\n");
    let later = |out: &str| ["letters", &l, "--as-of", "2026-04-07", "--out", out].map(str::to_owned);
    let ran = duewise(&later(&out)).exits(2);
    // A, B and C as text and HTML, D as text, HTML and a draft.
    for part in ["error[DW511]", "at: ", "out/letters", "found: 9 files", "an empty or a new folder"] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    let after = crate::support::files(folder.path());
    assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)));
    assert_eq!(after.len(), before.len() + 2, "the payment and its allocation alone");
    // What is no letter is no hindrance, nor is an empty folder.
    folder.write("new/letters/sent/A.eml", "moved away");
    duewise(&later(&folder.inside("new"))).exits(0);
    let names = crate::support::files(&folder.path().join("new/letters"));
    assert!(!names.keys().any(|name| name.starts_with("A-")), "{:?}", names.keys());
}

/// What no ledger can make right is told before one is read: there is none here.
#[test]
fn options_templates_and_laws_are_checked_before_the_ledger_is_read() {
    let folder = Folder::new();
    folder.write(
        "own.toml",
        include_str!("../../data/policy/dunning-b2b.toml").replace("\"follow_up\"\n", "\"our_second\"\n"),
    );
    folder.write("field/de/follow_up.txt", "{% extends \"letter\" %}\n{{ custmer.name }}\n");
    folder.write("polish/pl/follow_up.txt", "{% extends \"letter\" %}{% block subject %}S{% endblock %}\n");
    folder.write("words/pl/language.toml", "countries = [\"PL\"]\n");
    let brand = include_str!("../../data/brand/default.toml");
    folder.write("brand.toml", brand.replacen("language = \"en\"", "language = \"xx\"", 1));
    let inside = |name: &str| folder.inside(name);
    for (more, code, part) in [
        (
            ["--dunning", &inside("own.toml")],
            "DW504",
            "[[policy.step]] `our_second`: no template is called `our_second` in en",
        ),
        (["--templates", &inside("field")], "DW504", "follow_up.txt, row 2"),
        (["--templates", &inside("polish")], "DW504", "pl/language.toml"),
        (["--templates", &inside("words")], "DW504", "missing field `format`"),
        // No line is wrong of a folder that is not there.
        (["--templates", &inside("nothere")], "DW103", "check that it exists"),
        (["--brand", &inside("brand.toml")], "DW505", "brand.toml"),
        (["--jurisdiction", "XX"], "DW510", "`XX` is none of DE, EU, FR, IN, SE, UK, US"),
        (["--jurisdiction", "NO"], "DW510", "`NO` has none of interest"),
        (["--debtor", "B2G"], "DW502", "--debtor and --rates need a law"),
    ] {
        let asked = ["letters", &inside("nowhere"), "--out", &inside("out")];
        let ran = duewise(&[&asked[..], &more].concat()).exits(2);
        assert!(ran.stderr.contains(code) && ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    let asked = ["letters", &inside("nowhere"), "--jurisdiction", "FR", "--debtor", "consumer"];
    let ran = duewise(&asked).exits(2);
    assert!(ran.stderr.contains("`FR` has none for consumer"), "{}", ran.stderr);
    // An agreed rate makes no law known: the remedy is not to give what is given.
    let asked = ["letters", &inside("nowhere"), "--jurisdiction", "XX", "--rate", "8"];
    let ran = duewise(&asked).exits(2);
    assert!(ran.stderr.contains("name a law that docs/CLAIMS.md lists"), "{}", ran.stderr);
    // With an agreed rate no rule of interest is needed: the ledger is looked for.
    let asked = ["letters", &inside("nowhere"), "--jurisdiction", "NO", "--rate", "8"];
    assert!(duewise(&asked).exits(2).stderr.contains("DW101"));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn the_list_says_what_a_person_should_look_at_before_a_letter_goes_out() {
    let folder = ledger();
    // D has 20.00 on account and another invoice in dispute. A promise of A's was not kept.
    folder.write("l/payments.csv", "id,customer,day,amount,currency\nP1,D,2026-04-04,20.00,GBP\n");
    folder.write("l/allocations.csv", "payment,invoice,amount,currency\n");
    folder.write(
        "l/invoices.csv",
        "id,customer,issued,due,amount,currency,disputed\nA1,A,2026-02-01,2026-03-01,10000.00,GBP,\n\
         D1,D,2026-04-03,2026-04-09,500.00,GBP,\nD2,D,2026-02-03,2026-04-09,70.00,GBP,2026-04-01\n\
         E1,E,2026-04-03,2026-04-09,500.00,GBP,\n",
    );
    let text = std::fs::read_to_string(folder.path().join("l/customers.csv")).unwrap();
    folder.write("l/customers.csv", text + "E,Elm Ltd,e@example.com,,false\n");
    let ran =
        duewise(&["letters", &folder.inside("l"), "--as-of", "2026-04-05", "--out", &folder.inside("out")]);
    let ran = ran.exits(0);
    assert!(ran.stdout.contains("\n2 of them to be looked at first"), "{}", ran.stdout);
    let list = rows(folder.path().join("out/letters.csv"));
    let review: Vec<(&str, &str)> = list.iter().map(|row| (&*row["customer"], &*row["review"])).collect();
    assert_eq!(
        review,
        [
            (
                "A",
                "step `final_notice` is to be released by a person; a payment was promised by 2026-03-25 and did not come in full"
            ),
            (
                "D",
                "20.00 GBP on account is on no invoice: assign it first, the letter deducts it; not in the letter: D2 (disputed)"
            ),
            ("E", ""),
        ]
    );
    // Nothing was scored: a step for what is risky is written, and the list says so.
    let risky = include_str!("../../data/policy/dunning-b2b.toml");
    folder.write(
        "own.toml",
        risky.replacen(
            "requires_review = false",
            "requires_review = false\nwhen = { min_risk_percent = 60 }",
            1,
        ),
    );
    let (l, out, own) = (folder.inside("l"), folder.inside("risky"), folder.inside("own.toml"));
    duewise(&["letters", &l, "--as-of", "2026-04-05", "--out", &out, "--dunning", &own]).exits(0);
    let list = rows(folder.path().join("risky/letters.csv"));
    let elm = list.iter().find(|row| row["customer"] == "E").unwrap();
    assert_eq!(elm["review"], "step `pre_due` is for what is risky, and letters take no model");
}

/// What a final notice announces is what the ladder does next for this customer, and from when.
#[test]
fn a_final_notice_announces_the_step_that_is_truly_next() {
    let folder = ledger();
    let said = |customer: &str, policy: &str, out: &str| {
        folder.write("own.toml", policy);
        let (l, own, out) = (folder.inside("l"), folder.inside("own.toml"), folder.inside(out));
        duewise(&["letters", &l, "--as-of", "2026-04-05", "--out", &out, "--dunning", &own]).exits(0);
        letter_in(&out, customer).replace('\n', " ")
    };
    let shipped = include_str!("../../data/policy/dunning-b2b.toml");
    // C owes 800.00: an offer of instalments is next, which is no threat.
    assert!(!said("C", shipped, "one").contains("If the amount has not reached us by then"));
    // The offer only from 900.00: for C the suspension is next, from 15 April on (1 March and 45 days), which is the last day to
    // answer (5 April and 10 days): so from the 16th. A owes 10,000.00 and gets the offer first.
    let dearer = shipped.replace("min_balance = \"500\"", "min_balance = \"900\"");
    let text = said("C", &dearer, "two");
    assert!(
        text.contains("we will suspend further deliveries and services from 16\u{a0}April 2026."),
        "{text}"
    );
    assert!(!letter_in(&folder.inside("two"), "A").contains("suspend"));
    // Suspension 50 days after the due day, on 20 April.
    let text = said("C", &dearer.replace("from_days = 45", "from_days = 50"), "three");
    assert!(text.contains("from 20\u{a0}April 2026."), "{text}");
    // No contact within 14 days of one: 19 April.
    let text = said("C", &dearer.replace("cool_down_days = 7 ", "cool_down_days = 14 "), "four");
    assert!(text.contains("from 19\u{a0}April 2026."), "{text}");
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
