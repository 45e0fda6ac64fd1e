//! What docs/LETTERS.md says is so: its example can be used, and it lists every field.

use std::path::Path;

use super::brand::{Brand, SHIPPED};
use super::fields::{self, Shared};
use super::totals::Totals;
use super::{Letters, sample};

const PAGE: &str = include_str!("../../../docs/LETTERS.md");

#[test]
fn the_worked_example_can_be_used() {
    let (_, example) = PAGE.split_once("```text\n{% extends").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("en")).unwrap();
    let path = folder.path().join("en/friendly_reminder.txt");
    std::fs::write(&path, format!("{{% extends{example}")).unwrap();
    let load = || Letters::new(Brand::parse(SHIPPED, Path::new(".")).unwrap(), Some(folder.path()));
    assert!(load().is_ok());
    // The page says what happens without the condition, and on which line.
    let unconditional =
        example.replace("{% if contact.phone %}: {{ contact.phone }}{% endif %}", "{{ contact.phone }}");
    assert_ne!(unconditional, example);
    std::fs::write(&path, format!("{{% extends{unconditional}")).unwrap();
    assert_eq!(load().err().unwrap().place.row, Some(11));
}

#[test]
fn every_field_is_listed() {
    let letters = Letters::new(Brand::parse(SHIPPED, Path::new(".")).unwrap(), None).unwrap();
    let (language, words) = letters.languages.get("en").unwrap();
    let shared = Shared { brand: &letters.brand, fields: &letters.brand_fields, language, words };
    let customers = sample::customers();
    for request in sample::requests(&customers, "final_notice") {
        let fields = fields::of_request(&request, Totals::of(&request), &shared);
        for key in fields.try_iter().unwrap() {
            assert!(PAGE.contains(&format!("`{key}")), "{key}");
        }
    }
}
