//! Tests of `alike`.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn party<'a>(id: &'a str, names: &[&'a str]) -> Party<'a> {
    Party { id, names: names.to_vec(), ..Party::default() }
}

fn texts(parties: &[Party]) -> Vec<(usize, usize, Vec<String>)> {
    let text =
        |alike: Alike| (alike.left, alike.right, alike.evidence.iter().map(ToString::to_string).collect());
    likely_same(parties).into_iter().map(text).collect()
}

#[test]
fn each_pair_comes_once_with_all_its_evidence_the_strongest_first() {
    let contact =
        |id, email, phone, bank_account| Party { id, email, phone, bank_account, ..Party::default() };
    let parties = [
        Party { names: vec!["Acme Ltd", "Acme Systems"], ..contact("7", "A@acme.example", "", "") },
        Party { names: vec!["Zenith"], ..contact("8", "", "(089) 123 45 67", "DE02 1203 0000 0000 2020 51") },
        Party { names: vec!["ACME Limited", "Acme"], ..contact("0007", " a@ACME.example ", "", "") },
        contact("9", "", "+89-1234567", "de02120300000000202051"),
        Party { names: vec!["Zenit", "Zenith Group"], ..contact("10", "", "", "") },
    ];
    let expected = [
        (
            0,
            2,
            vec![
                "ids `7` and `0007` differ only by leading zeros",
                "names `Acme Ltd` and `ACME Limited` are equal without case, accents and legal forms",
                "both have the e-mail address `a@acme.example`",
            ],
        ),
        (
            1,
            3,
            vec![
                "both are paid from bank account `DE02120300000000202051`",
                "both have the phone number 891234567",
            ],
        ),
        (1, 4, vec!["names `Zenith` and `Zenit` are 96 % alike"]),
    ];
    let expected =
        expected.map(|(left, right, text)| (left, right, text.into_iter().map(str::to_owned).collect()));
    // Jaro of zenith and zenit: (5/6 + 5/5 + 1) / 3 = 0.9444; 4 common first letters add 0.4 * 0.0556: 0.9667.
    assert_eq!(texts(&parties), expected);
}

#[test]
fn names_and_ids_that_are_alike_are_reported() {
    for (left, right) in [
        (party("1", &["Müller AG"]), party("2", &["MUELLER"])),
        (party("1", &["IBM Inc"]), party("2", &["I.B.M."])),
        (party("1", &["Steinbeck Group"]), party("2", &["Steinbeck Systems"])),
        (party("1", &["Steinbeck Trading"]), party("2", &["Other", "Steinbek Trading"])),
        (party("100234567.0", &[]), party("0100234567", &[])),
        (party("1.00234567E+08", &[]), party("100234567", &[])),
    ] {
        assert_eq!(likely_same(&[left.clone(), right.clone()]).len(), 1, "{left:?} {right:?}");
    }
}

#[test]
fn near_misses_are_not_reported() {
    let contact = |email, phone, bank_account| Party { email, phone, bank_account, ..Party::default() };
    for (left, right) in [
        (party("1", &["Acme"]), party("2", &["Acne"])),
        (party("1", &["Store 12"]), party("2", &["Store 13"])),
        (party("1", &["M Ltd"]), party("2", &["M Inc"])),
        (party("1", &["Acme Group"]), party("2", &["Acme Systems"])),
        (party("1", &["--"]), party("2", &["&"])),
        (party("1", &[]), party("2", &[])),
        (party("10", &[]), party("1", &[])),
        (party("0", &[]), party("00", &[])),
        (party("-2147483648", &[]), party("-2147483648.0", &[])),
        (party("1", &["Steinbeck", "Steinbek"]), party("2", &[])),
        (contact("none", "", ""), contact("none", "", "")),
        (contact("@", "", ""), contact("@", "", "")),
        (contact("", "123-456", ""), contact("", "123456", "")),
        (contact("", "999 9999", ""), contact("", "9999999", "")),
        (contact("", "", "0000000"), contact("", "", "0000000")),
        (contact("", "", "12-34"), contact("", "", "1234")),
    ] {
        assert_eq!(likely_same(&[left, right]), []);
    }
}

#[test]
fn what_very_many_share_is_no_evidence() {
    for (count, pairs) in [(50, 50 * 49 / 2), (51, 0)] {
        let shared = Party { email: "none@example.com", ..Party::default() };
        assert_eq!(likely_same(&vec![shared; count]).len(), pairs);
    }
}

/// Pairs by id, with the kinds of evidence.
fn by_id(parties: &[Party]) -> BTreeSet<(String, String, Vec<u32>)> {
    let pair = |alike: Alike| {
        let mut ids = [parties[alike.left].id, parties[alike.right].id].map(str::to_owned);
        ids.sort_unstable();
        let [first, second] = ids;
        (first, second, alike.evidence.iter().map(Evidence::weight).collect())
    };
    likely_same(parties).into_iter().map(pair).collect()
}

fn parties() -> impl Strategy<Value = Vec<(String, Vec<String>, String, String, String)>> {
    let word = |words: &'static [&'static str]| prop::sample::select(words);
    let name = prop::collection::vec(
        word(&["Steinbeck", "Steinbek", "Müller", "mueller", "GmbH", "Group", "US", "12", "Trading", "&"]),
        0..4,
    );
    let names = prop::collection::btree_set(name.prop_map(|words| words.join(" ")), 0..3);
    let id = word(&["7", "07", "7.0", "70", "7E+01", "x7", "", "-2147483648"]);
    let email = word(&["", "", "a@b", "A@B "]);
    let phone = word(&["", "", "1234567", "00 123-4567"]);
    let account = word(&["", "", "ab 123", "AB123"]);
    let party = (id, names, email, phone, account).prop_map(|(id, names, email, phone, account)| {
        (id.to_owned(), names.into_iter().collect(), email.to_owned(), phone.to_owned(), account.to_owned())
    });
    prop::collection::vec(party, 0..12)
}

proptest! {
    #[test]
    fn the_order_of_the_parties_does_not_matter(
        (rows, shuffled) in parties().prop_flat_map(|mut rows| {
            // Ids of their own, so that a pair is known by them.
            rows.iter_mut().enumerate().skip(8).for_each(|(at, row)| row.0 = format!("c{at}"));
            rows.sort();
            rows.dedup_by(|later, earlier| later.0 == earlier.0);
            (Just(rows.clone()), Just(rows).prop_shuffle())
        })
    ) {
        let one: Vec<Party> = rows.iter().map(borrowed).collect();
        let other: Vec<Party> = shuffled.iter().map(borrowed).collect();
        prop_assert_eq!(by_id(&one), by_id(&other));
        for alike in likely_same(&one) {
            prop_assert!(alike.left < alike.right && !alike.evidence.is_empty());
        }
    }

    #[test]
    fn no_text_makes_it_panic(texts in prop::collection::vec(any::<String>(), 0..10)) {
        let party = |text| Party { id: text, names: vec![text, text], email: text, phone: text, bank_account: text };
        let parties: Vec<Party> = texts.iter().map(|text| party(text)).collect();
        for alike in likely_same(&parties) {
            prop_assert!(alike.evidence.iter().all(|evidence| !evidence.to_string().is_empty()));
        }
    }
}

fn borrowed(row: &(String, Vec<String>, String, String, String)) -> Party<'_> {
    let (id, names, email, phone, bank_account) = row;
    Party { id, names: names.iter().map(String::as_str).collect(), email, phone, bank_account }
}
