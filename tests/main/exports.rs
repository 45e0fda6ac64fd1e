//! Exports as real systems write them: each shipped mapping reads the export of its fixture as the canonical tables
//! that were made of it by hand, and each trap of foreign files is read right or refused.
//!
//! A fixture is a folder with its export (`export.*`, or a folder `export` or `ledger`), its `twin` of canonical
//! tables, and `expect.toml`: what `check` must say of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use duewise::ledger::load::{self, Loaded, Opening};
use duewise::ledger::mapping::preset;
use serde::Deserialize;
use serde_json::Value;

use crate::support::{Folder, Ran, duewise, rows, text_of};

/// Fixtures of traps: one that is not reached would be missed.
const TRAPS: usize = 44;

/// What `expect.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// More arguments of the command.
    #[serde(default)]
    args: Vec<String>,
    /// The file meant, where the ledger has several.
    file: Option<String>,
    /// The preset that knows it.
    preset: Option<String>,
    #[serde(default)]
    rejected: Vec<Rejected>,
    /// Records that are no rows, of the first table that the file feeds. What is not named is none; titles may be
    /// left out for formats that have none.
    #[serde(default)]
    aside: BTreeMap<String, u64>,
    /// Why all of it is refused.
    error: Option<Refused>,
}

#[derive(Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Rejected {
    #[serde(default = "invoices")]
    table: String,
    row: u64,
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    code: String,
    row: Option<u64>,
    column: Option<String>,
}

fn invoices() -> String {
    "invoices".to_owned()
}

struct Fixture {
    name: String,
    home: PathBuf,
    expect: Expect,
}

impl Fixture {
    /// Every fixture of a kind, by name.
    fn all(kind: &str) -> Vec<Self> {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(kind);
        let mut homes: Vec<PathBuf> =
            fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path()).collect();
        homes.sort();
        homes.into_iter().map(Self::of).collect()
    }

    fn of(home: PathBuf) -> Self {
        let name = home.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(home.join("expect.toml")).unwrap();
        let expect = toml::from_str(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        Self { name, home, expect }
    }

    /// The export: a file or a folder.
    fn ledger(&self) -> PathBuf {
        let is_export = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name == "ledger" || name.split('.').next() == Some("export")
        };
        let mut found =
            fs::read_dir(&self.home).unwrap().map(|entry| entry.unwrap().path()).filter(is_export);
        found.next().unwrap_or_else(|| panic!("{} has no export", self.name))
    }

    fn check(&self, out: &Folder) -> Ran {
        let (ledger, out) = (text_of(&self.ledger()), out.arg());
        let mut args: Vec<&str> = vec!["check", &ledger, "--json", "--out", &out];
        args.extend(self.expect.args.iter().map(String::as_str));
        duewise(&args)
    }

    fn load(&self) -> duewise::base::error::Result<Loaded> {
        let given = self.expect.args.iter().skip_while(|arg| *arg != "--currency").nth(1);
        load::load(&Opening { ledger: self.ledger(), currency: given.cloned(), ..Opening::default() })
    }

    /// Compares what `check` says with what is expected; says what differs.
    fn compare(&self) -> Vec<String> {
        let out = Folder::new();
        let ran = self.check(&out);
        let mut problems = Vec::new();
        let mut differ = |what: &str, found: String, expected: String| {
            if found != expected {
                problems.push(format!("{}: {what} {found}, expected {expected}", self.name));
            }
        };
        let any = i32::from(!self.expect.rejected.is_empty());
        differ("exit code", ran.code.to_string(), any.to_string());
        let Ok(said) = serde_json::from_str::<Value>(&ran.stdout) else {
            problems.push(format!("{}: {}", self.name, ran.stderr));
            return problems;
        };
        let mut expected: Vec<&Rejected> = self.expect.rejected.iter().collect();
        expected.sort();
        differ(
            "rejects",
            format!("{:?}", Self::rejected(&out).iter().collect::<Vec<_>>()),
            format!("{expected:?}"),
        );
        for file in self.files(&said) {
            differ(
                "preset",
                format!("{:?}", file["preset"].as_str()),
                format!("{:?}", self.expect.preset.as_deref()),
            );
        }
        let aside = self.tables(&said).next().map(|table| &table["aside"]);
        for kind in ["titles", "blank", "totals", "groups", "ignored", "elsewhere"] {
            let expected = self.expect.aside.get(kind).copied();
            if kind == "titles" && expected.is_none() {
                continue;
            }
            let found = aside.and_then(|aside| aside[kind].as_u64());
            differ(kind, format!("{found:?}"), format!("{:?}", Some(expected.unwrap_or(0))));
        }
        problems
    }

    /// The tables that the file meant feeds, or all.
    fn tables<'a>(&'a self, said: &'a Value) -> impl Iterator<Item = &'a Value> {
        let tables = said["tables"].as_array().unwrap().iter();
        tables.filter(move |table| table["files"].as_array().unwrap().iter().any(|file| self.is_meant(file)))
    }

    fn files<'a>(&'a self, said: &'a Value) -> impl Iterator<Item = &'a Value> {
        self.tables(said)
            .flat_map(|table| table["files"].as_array().unwrap())
            .filter(move |file| self.is_meant(file))
    }

    fn is_meant(&self, file: &Value) -> bool {
        let name = file["file"].as_str().unwrap();
        self.expect.file.as_ref().is_none_or(|meant| name.ends_with(meant.as_str()))
    }

    fn rejected(out: &Folder) -> Vec<Rejected> {
        let reject = |row: crate::support::Row| Rejected {
            table: row["table"].clone(),
            row: row["row"].parse().unwrap(),
            code: row["code"].clone(),
        };
        let path = out.path().join("rejects.csv");
        let mut found: Vec<Rejected> =
            if path.exists() { rows(path).into_iter().map(reject).collect() } else { Vec::new() };
        found.sort();
        found
    }

    /// Compares the facts read with those of the canonical twin.
    fn compare_with_twin(&self) -> Vec<String> {
        let twin = load::load(&Opening::of(&self.home.join("twin"))).unwrap();
        assert!(twin.intake.is_clean(), "{}: its twin is not: {:?}", self.name, twin.intake.rejects);
        let read = match self.load() {
            Ok(read) => read.ledger,
            Err(error) => return vec![format!("{}: {error}", self.name)],
        };
        let twin = twin.ledger;
        let facts = [
            ("customers", format!("{:#?}", read.customers), format!("{:#?}", twin.customers)),
            ("invoices", format!("{:#?}", read.invoices), format!("{:#?}", twin.invoices)),
            ("settlements", format!("{:#?}", read.settlements), format!("{:#?}", twin.settlements)),
            ("cash", format!("{:#?}", read.cash), format!("{:#?}", twin.cash)),
        ];
        let differ = facts.into_iter().filter(|(_, read, twin)| read != twin);
        differ.map(|(what, read, twin)| format!("{}: {what}\n{read}\nexpected\n{twin}", self.name)).collect()
    }

    /// Compares the error that stops the reading with the one expected.
    fn compare_refusal(&self, expected: &Refused) -> Vec<String> {
        let Err(error) = self.load() else { return vec![format!("{} is not refused", self.name)] };
        let is = error.code.id() == expected.code
            && expected.row.is_none_or(|row| error.place.row == Some(row))
            && expected.column.as_ref().is_none_or(|column| error.place.column.as_ref() == Some(column));
        let code = self.check(&Folder::new()).code;
        let is = is && code == 2;
        if is { Vec::new() } else { vec![format!("{}: refused by {error:?}, exit code {code}", self.name)] }
    }

    fn problems(&self) -> Vec<String> {
        match &self.expect.error {
            Some(expected) => self.compare_refusal(expected),
            None => [self.compare(), self.compare_with_twin()].concat(),
        }
    }
}

#[test]
fn every_export_is_known_by_its_own_preset_and_read_as_its_twin() {
    let fixtures = Fixture::all("exports");
    let names: Vec<&str> = fixtures.iter().map(|fixture| fixture.name.as_str()).collect();
    let mut presets: Vec<&str> = preset::all().iter().map(|preset| preset.name).collect();
    presets.sort_unstable();
    assert_eq!(names, presets, "each preset has a fixture, and each fixture a preset");
    for fixture in &fixtures {
        assert_eq!(fixture.expect.preset.as_ref(), Some(&fixture.name));
    }
    let problems: Vec<String> = fixtures.iter().flat_map(Fixture::problems).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_trap_is_read_right_or_refused() {
    let fixtures = Fixture::all("traps");
    assert_eq!(fixtures.len(), TRAPS, "fixtures reached");
    let problems: Vec<String> = fixtures.iter().flat_map(Fixture::problems).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
