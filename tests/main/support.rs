//! Small helpers of all tests: run the binary, write a ledger from strings, read what came out.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use duewise::base::day::{AsOf, Day};
use duewise::ledger::load;
use tempfile::TempDir;

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

/// Runs the binary.
pub fn duewise<S: AsRef<str>>(args: &[S]) -> Ran {
    duewise_with(&[], args)
}

/// Runs the binary with more environment.
pub fn duewise_with<S: AsRef<str>>(environment: &[(&str, &str)], args: &[S]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_duewise"))
        .args(args.iter().map(AsRef::as_ref))
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ran = Ran {
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        code: output.status.code().expect("no signal"),
    };
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    ran
}

impl Ran {
    /// This result, if the command ended with this code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// A folder that is removed in the end.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with these files.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path as an argument.
    pub fn arg(&self) -> String {
        text_of(self.path())
    }

    /// A path inside as an argument.
    pub fn inside(&self, name: &str) -> String {
        text_of(&self.path().join(name))
    }
}

/// A path as an argument.
pub fn text_of(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// A row by its headers.
pub type Row = HashMap<String, String>;

/// The rows of a CSV file.
pub fn rows(path: impl AsRef<Path>) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// A whole CSV file as text cells, its header first.
pub fn cells(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Writes cells as a CSV file.
pub fn write_cells(path: &Path, cells: &[Vec<String>]) {
    let mut writer = csv::Writer::from_path(path).unwrap();
    for row in cells {
        writer.write_record(row).unwrap();
    }
    writer.flush().unwrap();
}

/// Every file below a folder by its name in it.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![folder.to_path_buf()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                found.insert(text_of(path.strip_prefix(folder).unwrap()), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// A decimal text as a count of ten-thousandths: exact sums for comparisons.
pub fn exact(text: &str) -> i128 {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let value: i128 = format!("{whole}{fraction:0<4}").parse().unwrap();
    if negative { -value } else { value }
}

/// A day from its text.
pub fn day(text: &str) -> Day {
    Day::from_iso(text).unwrap()
}

/// Reads a ledger through the library.
pub fn ledger(folder: &Path) -> duewise::ledger::Ledger {
    load::load(&load::Opening::of(folder)).unwrap().ledger
}

/// A made-up ledger and a run on it, shared by the tests that only look.
pub struct Sample {
    pub ledger: PathBuf,
    pub out: PathBuf,
}

/// Its size and seed are such that the logistic model is promoted, so that scores are more than the rule's.
pub const SAMPLE_SYNTH: [&str; 4] = ["--invoices", "700", "--seed", "6"];
/// The middle of the sample's two years.
pub const SAMPLE_AS_OF: &str = "2025-02-03";

/// See [`Sample`].
pub fn sample() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample");
        let _ = fs::remove_dir_all(&home);
        let sample = Sample { ledger: home.join("ledger"), out: home.join("out") };
        synth(&sample.ledger, &SAMPLE_SYNTH);
        run_as_of(&sample.ledger, &sample.out, SAMPLE_AS_OF).exits(0);
        let promoted = fs::read_to_string(sample.out.join("model/artefact.json")).unwrap();
        assert!(
            promoted.contains("\"kind\": \"logistic\""),
            "the sample proves little without a promoted model: choose another seed"
        );
        sample
    })
}

/// The day of [`sample`].
pub fn sample_as_of() -> AsOf {
    AsOf(day(SAMPLE_AS_OF))
}

/// Makes a ledger in a folder.
pub fn synth(folder: &Path, settings: &[&str]) {
    let out = text_of(folder);
    duewise(&[&["synth", "--quiet", "--out", &out], settings].concat()).exits(0);
}

/// The whole job on a ledger as of a day.
pub fn run_as_of(ledger: &Path, out: &Path, as_of: &str) -> Ran {
    duewise(&["run", &text_of(ledger), "--out", &text_of(out), "--as-of", as_of])
}
