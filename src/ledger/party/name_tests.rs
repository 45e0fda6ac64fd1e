//! Tests of `name`.

use proptest::prelude::*;

use super::name::{folded, normal, root, spelled_out, words};
use crate::statute::legal_form;

#[test]
fn spellings_of_one_name_have_one_normal_form() {
    for (form, spellings) in [
        (
            "acme",
            &[
                "ACME",
                " Acme, Inc.",
                "acme l.l.c.",
                "Acme L. L. C.",
                "ACME (deleted)",
                "Acme Ltd (deleted-2)",
            ][..],
        ),
        (
            "acme",
            &[
                "Acme & Co. KG",
                "Acme GmbH & Co. KG",
                "ACME Co., Ltd.",
                "Acme und Co",
                "Acme A/S",
                "ACME K.K.",
            ],
        ),
        (
            "acme",
            &[
                "Acme sp. z o.o.",
                "Acme Sp.z o.o.",
                "Acme S.A. de C.V.",
                "Acme UG (haftungsbeschränkt)",
                "Acme OÜ",
            ],
        ),
        (
            "acme",
            &["Acme Pvt. Ltd.", "Acme Private Limited", "Acme Sdn. Bhd.", "Acme spol. s r.o.", "Acme y Cía."],
        ),
        (
            "smith and jones",
            &["Smith & Jones", "SMITH+JONES LLP", "Smith und Jones", "Smith et Jones SA", "Smith y Jones"],
        ),
        ("jp morgan", &["J.P. Morgan", "J P MORGAN", "JP Morgan plc"]),
        ("muller", &["MÜLLER", "Mu\u{308}ller AG", "Muller"]),
        ("strasse", &["Straße", "STRASSE", "STRAẞE"]),
        ("angies", &["Angie's", "ANGIE’S", "Angie´s", "Angie`s"]),
        ("soro lodz", &["Sørø Łódź", "SORO LODZ"]),
        (
            "acme foods",
            &["Acme\u{a0}Foods", "Acme\u{200b} Foods", "ＡＣＭＥ　Ｆｏｏｄｓ", "Acme-Foods", "Acme/Foods."],
        ),
    ] {
        for spelling in spellings {
            assert_eq!(normal(spelling), form, "{spelling}");
        }
    }
}

#[test]
fn something_is_always_left_of_letters_and_digits() {
    for (name, form) in [
        ("AG", "ag"),
        ("AG & Co. KG", "ag"),
        ("Co", "co"),
        ("Private Limited", "private"),
        ("(deleted)", "deleted"),
        ("3M", "3m"),
        ("y", "y"),
        ("und", "und"),
        ("Max y", "max y"),
        ("A & B", "a and b"),
        ("And Digital", "and digital"),
        ("", ""),
        (" -- ", ""),
        ("&", ""),
        ("\u{301}", ""),
        ("& AG", "ag"),
    ] {
        assert_eq!(normal(name), form, "{name}");
    }
}

#[test]
fn different_names_stay_different() {
    for (left, right) in [
        ("Co Acme", "Acme"),
        ("Acme 1", "Acme 2"),
        ("Michael", "Michal"),
        ("Acme Foods", "Acme"),
        ("Limited Brands", "Brands"),
        ("Acme Trust", "Acme"),
        ("Cola", "Co La"),
        ("Deleted Acme", "Acme"),
    ] {
        assert_ne!(normal(left), normal(right));
    }
}

#[test]
fn other_scripts_survive_in_small_letters() {
    for (name, form) in [
        ("ΟΔΟΣ Α", "οδοσ α"),
        ("РОМАШКА ООО", "ромашка"),
        ("トヨタ自動車", "トヨタ自動車"),
        ("삼성전자", "삼성전자"),
        ("हिन्दी", "हिन्दी"),
    ] {
        assert_eq!(normal(name), form);
    }
}

#[test]
fn the_root_drops_generic_words_too() {
    for (name, form) in [
        ("Acme Foods Systems Inc", "acme foods"),
        ("Acme Holdings (UK) Ltd.", "acme"),
        ("ACME in", "acme"),
        ("US us", "us"),
        ("Group Associates", "group"),
        ("International Foods", "international foods"),
        ("", ""),
    ] {
        assert_eq!(root(name), form, "{name}");
    }
}

#[test]
fn umlauts_can_be_spelled_out() {
    assert_eq!(spelled_out("MÜLLER & Söhne GmbH").as_deref(), Some("mueller and soehne"));
    assert_eq!(spelled_out("Mu\u{308}ller").as_deref(), Some("mueller"));
    assert_eq!(spelled_out("Mueller é"), None);
}

#[test]
fn every_legal_form_is_written_as_names_are() {
    for form in legal_form::all() {
        assert_eq!(words(&folded(form)).join(" "), form);
        assert_eq!(normal(&format!("acme {form}")), "acme", "{form}");
    }
}

#[test]
fn every_sign_has_a_settled_normal_form() {
    let signs = ('\0'..='\u{33ff}').chain('\u{a000}'..='\u{ac80}').chain('\u{f900}'..='\u{1ffff}');
    for sign in signs {
        for text in [format!("{sign}"), format!("ab{sign}か{sign}\u{3099}c")] {
            let form = normal(&text);
            assert_eq!(normal(&form), form, "{text:?}");
        }
    }
}

proptest! {
    #[test]
    fn normal_and_root_are_idempotent_and_never_panic(text in any::<String>(), parts in mixed_name()) {
        for text in [text, parts] {
            let form = normal(&text);
            prop_assert_eq!(&normal(&form), &form);
            prop_assert_eq!(form.is_empty(), root(&text).is_empty());
            prop_assert_eq!(root(&root(&text)), root(&text));
            let _ = spelled_out(&text);
        }
    }
}

/// Words that the rules are about, in any order.
fn mixed_name() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "acme",
        "a",
        "y",
        "und",
        "&",
        "+",
        " ",
        " ",
        ".",
        "s",
        "l",
        "gmbh",
        "co",
        "kg",
        "private",
        "limited",
        "sp",
        "z o.o.",
        "(deleted)",
        "(",
        "ü",
        "\u{308}",
        "'",
        "か",
        "\u{3099}",
        "us",
        "systems",
        "-",
        "ᄒ",
        "ᅡ",
        "\u{200b}",
    ]);
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}
