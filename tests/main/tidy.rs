//! The house rules a machine can check: floors, who may print, who may look at the environment, what every file says first.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Floors from the ground up: a module uses those of lower number, and its own.
const FLOORS: &[(&str, u8)] = &[
    ("base", 0),
    ("statute", 1),
    ("ledger", 2),
    ("asof", 3),
    ("synth", 3),
    ("model", 4),
    ("exception", 5),
    ("collect", 6),
    ("report", 7),
    ("flow", 8),
    ("cli", 9),
];

/// Longest file, and those that were longer when the rule was made: they may not grow.
const LINES_MAX: usize = 500;
const LONGER: &[(&str, usize)] = &[];

/// Every source file by its path under `src`, its comments taken out.
fn sources() -> BTreeMap<String, String> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    crate::support::files(&home)
        .into_iter()
        .filter(|(name, _)| Path::new(name).extension().is_some_and(|end| end == "rs"))
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect()
}

/// Code without its comments.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The module at the top of the crate that a file is in.
fn top(name: &str) -> &str {
    name.split(['/', '.']).next().unwrap()
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

/// The top modules that a file's code names, by `crate::` or by as many `super::` as lead to the top.
fn used(name: &str, code: &str) -> Vec<String> {
    let depth = name.matches('/').count() + usize::from(!name.ends_with("mod.rs") && name != "lib.rs");
    let to_top = "super::".repeat(depth.max(1));
    let mut found = Vec::new();
    for prefix in ["crate::", to_top.as_str()] {
        for (at, _) in code.match_indices(prefix) {
            let before = &code[..at];
            // `super::super::` within a longer run of supers, or `$crate`, is another path.
            if before.ends_with("::") || before.ends_with('$') {
                continue;
            }
            let rest = &code[at + prefix.len()..];
            if let Some(list) = rest.strip_prefix('{') {
                found.extend(first_names(list));
            } else {
                found.push(identifier(rest));
            }
        }
    }
    found.retain(|module| !module.is_empty() && module != "super");
    found
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect()
}

/// The first name of each path in a `{a::b, c::{d, e}}` whose opening brace is gone.
fn first_names(list: &str) -> Vec<String> {
    let (mut names, mut depth, mut fresh) = (Vec::new(), 0, true);
    for (at, sign) in list.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            sign if fresh && !sign.is_whitespace() => {
                names.push(identifier(&list[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn a_file_uses_its_own_floor_and_lower_ones_only() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (name, text) in sources() {
        if name == "lib.rs" || name == "main.rs" {
            continue;
        }
        let own = top(&name);
        let own_floor = floor(own).unwrap_or_else(|| panic!("{name} is on no floor: add it to FLOORS"));
        for module in used(&name, &code(&text)) {
            let Some(its_floor) = floor(&module) else {
                // A macro or a name re-exported at the top.
                continue;
            };
            checked += 1;
            // Two modules beside each other on one floor do not use each other.
            if module != own && its_floor >= own_floor {
                wrong.push(format!("{name} (floor {own_floor}) uses {module} (floor {its_floor})"));
            }
        }
        // The generator writes the tables of the contract, and must not share the code that reads them.
        let ledger = code(&text).replace("crate::ledger::table", "");
        if own == "synth" && ledger.contains("crate::ledger") {
            wrong.push(format!("{name} uses more of the ledger than its tables"));
        }
    }
    assert!(checked > 100, "only {checked} paths seen: the reader of paths is broken");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_paths_sees_them() {
    let text = "use crate::base::day::Day;\nuse crate::{model, report::{self, write}, flow};\nlet x = crate::cli::y;";
    assert_eq!(used("asof/view.rs", text), ["base", "model", "report", "flow", "cli"]);
    assert_eq!(used("asof/view.rs", "use super::super::model::X;"), ["model"]);
    assert_eq!(used("asof/feature/open.rs", "use super::super::super::model::X;"), ["model"]);
    assert_eq!(used("asof/mod.rs", "use super::model::X;"), ["model"]);
    assert_eq!(used("flow.rs", "use super::cli::X;"), ["cli"]);
    assert!(
        used("asof/view.rs", "use super::model::X;").is_empty(),
        "asof has a file of that name, or it does not build"
    );
}

#[test]
fn every_file_says_first_what_it_is_for() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{name}");
    }
}

#[test]
fn only_the_printer_prints() {
    for (name, text) in sources() {
        let code = code(&text);
        for call in ["println!", "print!", "eprintln!", "eprint!", "dbg!", "io::stdout", "io::stderr"] {
            assert!(name == "cli/print.rs" || !code.contains(call), "{name} has {call}");
        }
    }
}

#[test]
fn only_the_command_line_looks_at_the_process() {
    for (name, text) in sources() {
        let code = code(&text);
        for path in
            ["std::env", "env::var", "env::args", "process::exit", "SystemTime", "Utc::now", "Local::now"]
        {
            assert!(name.starts_with("cli/") || !code.contains(path), "{name} has {path}");
        }
    }
}

#[test]
fn nothing_is_left_undone() {
    for (name, text) in sources() {
        for mark in ["todo!", "unimplemented!", "dbg!", "TODO", "FIXME", "XXX:"] {
            assert!(!text.contains(mark), "{name} has {mark}");
        }
    }
}

#[test]
fn no_file_is_longer_than_a_reader_bears() {
    for (name, text) in sources() {
        let lines = text.lines().count();
        let most = LONGER.iter().find(|(longer, _)| *longer == name).map_or(LINES_MAX, |(_, lines)| *lines);
        assert!(lines <= most, "{name} has {lines} lines, at most {most}");
    }
    for (name, lines) in LONGER {
        let text = sources().remove(*name).unwrap_or_else(|| panic!("{name} is gone: take it from LONGER"));
        assert_eq!(text.lines().count(), *lines, "{name} shrank: lower its ratchet");
    }
}

#[test]
fn every_test_file_says_first_what_it_is_for_and_none_is_ignored() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/main");
    for entry in fs::read_dir(home).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{}", path.display());
        let mark = concat!("#[", "ignore");
        assert!(!text.contains(mark), "{} leaves a test out", path.display());
    }
}
