//! Triage on small ledgers written out as files.

use super::*;
use crate::exception::rule::RULES;
use crate::exception::rules::fixture::{bills, replaced, with_case};

const VERDICTS: &str = "document,code,verdict,day,party,line\n";

/// What is to be done about the findings of a rule, by document and line.
fn triaged(
    code: &str,
    files: &[(&str, &str)],
    changes: &[(&str, &str)],
    as_of: Option<&str>,
) -> Vec<(String, Triaged)> {
    with_case(files, changes, as_of, |case| {
        let rule = RULES.iter().find(|rule| rule.code == code).unwrap();
        let mut found = (rule.run)(case);
        found.sort_by(Finding::before);
        let verdicts = Verdicts::of(case.documents);
        let triaged = triage(case.documents, &found, &verdicts, case.policy);
        let name = |one: &Finding| format!("{}{}", one.document.id, one.line);
        found.iter().map(name).zip(triaged).collect()
    })
}

/// States with their reasons.
fn states(triaged: &[(String, Triaged)]) -> Vec<(&str, State, &str)> {
    triaged.iter().map(|(name, one)| (name.as_str(), one.state, one.note.as_str())).collect()
}

/// Two bills of two suppliers without an order, one number, and these verdicts.
fn without_order(verdicts: &str, changes: &[(&str, &str)], as_of: &str) -> Vec<(String, Triaged)> {
    let (own, lines) = (
        "R1,S1,2025-01-10,,120.00,EUR,invoice,,,net 30,2025-01-10,DE1\n\
         R1,S2,2025-01-11,,240.00,EUR,invoice,,,net 30,2025-01-11,DE2\n",
        "",
    );
    let [own, lines] = bills(own, lines);
    let verdicts = format!("{VERDICTS}{verdicts}");
    let mut files = replaced("dispositions.csv", &verdicts);
    files.extend([(own.0, own.1.as_str()), (lines.0, lines.1.as_str())]);
    triaged("NO_PO", &files, changes, Some(as_of))
}

#[test]
fn a_verdict_closes_what_it_names_and_is_never_put_by_a_guess() {
    // S2's bill has more at stake and stands first.
    let open = [("R1", State::Open, ""), ("R1", State::Open, "")];
    let guess = without_order("R1,NO_PO,false,2025-01-20,,\n", &[], "2025-01-31");
    assert_eq!(states(&guess), open);
    // It counts for the rule all the same: (10 × .8 + 0) / 11 = .7273, and 240.00 × .7273 / 10 minutes = 17.46.
    assert_eq!((guess[0].1.chance.real, guess[0].1.worth), (0.7273, 1_746));
    let named = without_order("R1,NO_PO,false,2025-01-20,S1,\n", &[], "2025-01-31");
    assert_eq!(
        states(&named),
        [("R1", State::Open, ""), ("R1", State::Judged, "judged false on 2025-01-20")]
    );
    assert_eq!(states(&without_order("R1,NO_PO,false,2025-01-20,S1,\n", &[], "2025-01-19")), open);
    assert_eq!(states(&without_order("R1,TAX_VARIANCE,false,2025-01-20,S1,\n", &[], "2025-01-31")), open);
    assert_eq!(states(&without_order("R1,NO_PO,false,2025-01-20,S1,20\n", &[], "2025-01-31")), open);
}

#[test]
fn the_last_verdict_counts_and_of_one_day_the_most_cautious() {
    let (first, last) = ("R1,NO_PO,false,2025-01-20,S1,\n", "R1,NO_PO,accepted_variance,2025-01-21,S1,\n");
    let same = "R1,NO_PO,true,2025-01-20,S1,\n";
    for (rows, verdict) in [
        ([first, last].concat(), "judged accepted_variance on 2025-01-21"),
        ([last, first].concat(), "judged accepted_variance on 2025-01-21"),
        ([first, same].concat(), "judged true on 2025-01-20"),
        ([same, first].concat(), "judged true on 2025-01-20"),
    ] {
        let found = without_order(&rows, &[], "2025-01-31");
        assert_eq!(states(&found)[1], ("R1", State::Judged, verdict));
        // One finding was judged, once: (8 + 1) / 11 or, on S1, (4 × .8182 + 1) / 5 = .8545.
        assert_eq!((found[0].1.chance.real, found[1].1.chance.real), (0.8182, 0.8545));
    }
}

#[test]
fn what_a_minute_is_worth_is_stake_times_chance_by_minutes() {
    // 240.00 × .8 / 10 minutes = 19.20; with S1's bill let pass: real (8 + 1) / 11 = .8182, let pass 1 / 11 = .0909, so
    // 240.00 × .8182 × .9091 / 10 = 17.85.
    assert_eq!(without_order("", &[], "2025-01-31")[0].1.worth, 1_920);
    let let_pass = without_order("R1,NO_PO,accepted_variance,2025-01-20,S1,\n", &[], "2025-01-31");
    assert_eq!((let_pass[0].1.chance.let_pass, let_pass[0].1.worth), (0.0909, 1_785));
    let quick = without_order("", &[("default = 10 ", "default = 10\nNO_PO = 4 ")], "2025-01-31");
    assert_eq!((quick[0].1.minutes, quick[0].1.worth), (4, 4_800));
}

#[test]
fn a_suppression_holds_to_its_last_day_for_whom_it_names() {
    let aside = "[[suppress]]\ncode = \"NO_PO\"\nparty = \"S1\"\nreason = \"rent\"\nuntil = \"2025-01-31\"\n";
    let change = format!("{aside}\n[[approver]]");
    let on = |day: &str| without_order("", &[("[[approver]]", &change)], day);
    assert_eq!(
        states(&on("2025-01-31")),
        [("R1", State::Open, ""), ("R1", State::Suppressed, "set aside until 2025-01-31: rent")]
    );
    assert_eq!(on("2025-02-01")[1].1.state, State::Open);
    let change = change.replace("party = \"S1\"", "document = \"R2\"");
    let other = without_order("", &[("[[approver]]", &change)], "2025-01-31");
    assert!(other.iter().all(|(_, one)| one.state == State::Open));
}

/// A bill of which 10 are billed and fewer were received, and these verdicts.
fn received(receipts: &str, verdict: &str, as_of: &str) -> Vec<(String, Triaged)> {
    let bill = "R1,S1,2025-01-10,,120.00,EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n";
    let [own, lines] = bills(bill, "R1,10,A,,10,12.00,120.00,0.00,PO1,10\n");
    let receipts = format!("id,order,order_line,received,quantity\nG1,PO1,10,2025-01-08,8\n{receipts}");
    let verdicts = format!("{VERDICTS}{verdict}");
    let mut files = replaced("receipts.csv", &receipts);
    files.extend([(own.0, own.1.as_str()), (lines.0, lines.1.as_str()), ("dispositions.csv", &verdicts)]);
    triaged("QTY_OVER_RECEIPT", &files, &[], Some(as_of))
}

#[test]
fn a_judged_finding_is_open_again_when_what_it_rests_on_changed() {
    let (back, verdict) = ("G2,PO1,10,2025-01-25,-1\n", "R1,QTY_OVER_RECEIPT,false,2025-01-20,,10\n");
    let judged = [("R110", State::Judged, "judged false on 2025-01-20")];
    assert_eq!(states(&received("", verdict, "2025-01-31")), judged);
    assert_eq!(states(&received(back, verdict, "2025-01-24")), judged);
    let again = "judged false on 2025-01-20; something it rests on became known on 2025-01-25";
    assert_eq!(states(&received(back, verdict, "2025-01-25")), [("R110", State::Open, again)]);
    // The reviewer of that day knew of it.
    let later = verdict.replace("-20", "-25");
    assert_eq!(received(back, &later, "2025-01-31")[0].1.state, State::Judged);
}

/// A bill without an order that was paid on the 30th, and this verdict of the 20th.
fn paid(verdict: &str) -> Vec<(String, Triaged)> {
    let bill = "id,supplier,issued,amount,currency,settled\nR1,S1,2025-01-10,120.00,EUR,2025-01-30\n";
    let verdicts = format!("document,code,verdict,day\nR1,NO_PO,{verdict},2025-01-20\n");
    let mut files = replaced("bills.csv", bill);
    files.push(("dispositions.csv", &verdicts));
    triaged("NO_PO", &files, &[], Some("2025-01-31"))
}

#[test]
fn what_was_judged_true_and_paid_all_the_same_is_open_again() {
    let again = "judged true on 2025-01-20, and paid on 2025-01-30";
    assert_eq!(states(&paid("true")), [("R1", State::Open, again)]);
    for verdict in ["false", "accepted_variance", "right_match"] {
        assert_eq!(paid(verdict)[0].1.state, State::Judged, "{verdict}");
    }
}

#[test]
fn verdicts_are_counted_by_rule_and_those_that_fit_nothing_by_themselves() {
    let rows = "R1,NO_PO,true,2025-01-20,S1,\nR1,NO_PO,right_match,2025-01-20,S2,\nR9,NO_PO,false,2025-01-20,,\n\
                R1,NO_POO,false,2025-01-20,,\nR1,NO_PO,false,2025-01-20,,\n";
    let [own, lines] = bills(
        "R1,S1,2025-01-10,,120.00,EUR,invoice,,,net 30,2025-01-10,DE1\n\
         R1,S2,2025-01-11,,240.00,EUR,invoice,,,net 30,2025-01-11,DE2\n",
        "",
    );
    let verdicts = format!("{VERDICTS}{rows}");
    let mut files = replaced("dispositions.csv", &verdicts);
    files.extend([(own.0, own.1.as_str()), (lines.0, lines.1.as_str())]);
    with_case(&files, &[], None, |case| {
        let found = crate::exception::find(case);
        let verdicts = Verdicts::of(case.documents);
        let triaged = triage(case.documents, &found, &verdicts, case.policy);
        assert_eq!((verdicts.count(), verdicts.documents_unknown, verdicts.codes_unknown), (4, 2, 1));
        let rules = by_rule(&found, &triaged, &verdicts);
        let own = rules.iter().find(|rule| rule.code == "NO_PO").unwrap();
        assert_eq!((own.open, own.judged, own.suppressed), (0, 2, 0));
        assert_eq!([own.confirmed, own.accepted_variance, own.refuted, own.right_match], [1, 0, 2, 1]);
        assert_eq!(own.precision.map(|share| share.share), Some(0.25));
    });
}
