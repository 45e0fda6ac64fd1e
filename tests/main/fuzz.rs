//! Damaged and made-up files of every format and mapping: whatever the bytes, the reader ends with a ledger or an error.
//! The ordinary suite tries a few; the fuzz target runs for as long as it is told:
//! `DUEWISE_FUZZ_SECONDS=600 cargo test --test main fuzz -- --nocapture`.

use std::path::Path;
use std::time::{Duration, Instant};

use duewise::ledger::load::{self, Opening};
use duewise::ledger::mapping::Mapping;
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::support::{Folder, files};

/// Bytes that mean something to a reader.
const TOKENS: &[&[u8]] = &[
    b",",
    b";",
    b"\t",
    b"|",
    b"\"",
    b"\"\"",
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"=",
    b"-",
    b"(",
    b")",
    b".",
    b"1.234,56",
    b"1,234.56",
    b"03/04/2025",
    b"2025-02-30",
    b"05:23.4",
    b"NaN",
    b"99999999999999999999",
    b"Total",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"sep=;",
    b"PK\x03\x04",
    b"PAR1",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"EUR",
    b"CR",
    b"\xc3\xa4",
    b"id",
    b"amount",
];

/// Names under which the bytes are offered.
const NAMES: &[&str] = &[
    "invoices.csv",
    "invoices.tsv",
    "invoices.csv.gz",
    "invoices.csv.zst",
    "invoices.ndjson",
    "invoices.json",
    "invoices.xlsx",
    "invoices.xls",
    "invoices.xlsb",
    "invoices.parquet",
    "export.csv",
    "payments.csv",
    "ledger.toml",
];

/// Files to start from: fixtures, the sample, and mappings.
fn corpus() -> Vec<Vec<u8>> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["tests/fixtures", "data/mappings"].map(|folder| home.join(folder));
    let mut corpus: Vec<Vec<u8>> = folders
        .iter()
        .filter(|folder| folder.is_dir())
        .flat_map(|folder| files(folder).into_values())
        .collect();
    corpus.push(b"id,customer,issued,due,amount,currency\nI1,C1,2025-01-10,2025-02-09,1.00,EUR\n".to_vec());
    corpus.retain(|bytes| bytes.len() < 64 * 1024);
    corpus
}

fn damage(bytes: &mut Vec<u8>, random: &mut Xoshiro256PlusPlus) {
    for _ in 0..random.gen_range(1..8) {
        let at = random.gen_range(0..=bytes.len());
        let end = (at + random.gen_range(0..40)).min(bytes.len());
        match random.gen_range(0..6) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at.max(1)),
            2 => bytes[at..end].iter_mut().for_each(|byte| *byte = random.gen_range(0..=255)),
            3 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => {
                let token = TOKENS[random.gen_range(0..TOKENS.len())];
                bytes.splice(at..at, token.iter().copied());
            }
        }
    }
}

/// One try: some damaged file, alone or beside a mapping; anything but a panic will do.
fn attempt(corpus: &[Vec<u8>], random: &mut Xoshiro256PlusPlus) {
    let folder = Folder::new();
    for _ in 0..random.gen_range(1..3) {
        let mut bytes = corpus[random.gen_range(0..corpus.len())].clone();
        if random.gen_bool(0.1) {
            bytes = vec![0; random.gen_range(0..400)];
            random.fill_bytes(&mut bytes);
        }
        damage(&mut bytes, random);
        let name = NAMES[random.gen_range(0..NAMES.len())];
        let _ = Mapping::parse(&String::from_utf8_lossy(&bytes));
        folder.write(name, &bytes);
        let alone = Opening { currency: Some("EUR".to_owned()), ..Opening::of(&folder.path().join(name)) };
        let _ = load::check(&alone);
    }
    if let Ok(loaded) = load::load(&Opening::of(folder.path())) {
        let tables = &loaded.intake.tables;
        assert_eq!(
            tables.iter().map(|table| table.rows).sum::<usize>(),
            tables.iter().map(|table| table.accepted).sum::<usize>() + loaded.intake.rejects.len(),
        );
        assert!(loaded.ledger.settlement.control().is_empty());
    }
}

fn fuzz(seed: u64, time: Duration) -> usize {
    let corpus = corpus();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let start = Instant::now();
    let mut tries = 0;
    while start.elapsed() < time {
        attempt(&corpus, &mut random);
        tries += 1;
    }
    tries
}

#[test]
fn no_bytes_make_the_reader_panic_or_lose_a_row() {
    let told = std::env::var("DUEWISE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    // Told how long, it tries other files each time; otherwise always the same few.
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let seed = if told.is_some() { now() } else { 1 };
    let seconds = told.unwrap_or(4);
    let tries = fuzz(seed, Duration::from_secs(seconds));
    assert!(tries > 20, "{tries} damaged ledgers in {seconds} s from seed {seed}");
    // Shown by `--nocapture`.
    std::io::Write::write_fmt(
        &mut std::io::stderr(),
        format_args!("{tries} damaged ledgers in {seconds} s from seed {seed}\n"),
    )
    .unwrap();
}
