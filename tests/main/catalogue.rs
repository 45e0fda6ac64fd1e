//! The error catalogue: every code is provoked by a real file or call, with its exit code, place and remedy.

use std::fmt::Write as _;
use std::fs;

use duewise::base::error::Code;
use duewise::model::Labelled;
use duewise::model::logistic::LogisticParams;
use linfa::ParamGuard as _;
use linfa::traits::Fit as _;
use polars::prelude::{Column, DataFrame, NamedFrom as _, ParquetWriter, Series};

use crate::support::{Folder, duewise, rows};

/// A small ledger with nothing wrong, to which bad rows are added: name, header and rows.
const GOOD: [(&str, &str); 5] = [
    ("customers.csv", "id,name,do_not_contact\nC1,Alder,no\nC2,Birch,no\n"),
    (
        "invoices.csv",
        "id,customer,issued,due,amount,currency,type,settled\n\
         I1,C1,2025-01-10,2025-02-09,100.00,EUR,invoice,\n\
         I2,C2,2025-01-12,2025-02-11,250.00,EUR,,\n\
         I3,C2,2025-01-15,2025-02-14,1200,JPY,invoice,\n",
    ),
    (
        "payments.csv",
        "id,customer,day,amount,currency\nP1,C1,2025-02-01,60.00,EUR\nP2,,2025-02-01,500.00,EUR\n",
    ),
    ("allocations.csv", "payment,invoice,amount,currency\nP1,I1,40.00,EUR\n"),
    ("fx.csv", "day,from,to,rate\n2025-01-01,EUR,USD,1.1\n"),
];
/// Rows of [`GOOD`]: 2 + 3 + 2 + 1 + 1.
const GOOD_ROWS: u64 = 9;

/// A row to add to a table of [`GOOD`], and where its fault is: file, column and value.
struct BadRow {
    code: Code,
    file: &'static str,
    row: &'static [u8],
    column: &'static str,
    value: &'static str,
}

const fn bad(
    code: Code,
    file: &'static str,
    row: &'static [u8],
    column: &'static str,
    value: &'static str,
) -> BadRow {
    BadRow { code, file, row, column, value }
}

const BAD_ROWS: &[BadRow] = &[
    // An unquoted thousands comma makes nine fields of eight.
    bad(Code::FieldCount, "invoices.csv", b"I9,C1,2025-01-10,2025-02-09,1,000.00,EUR,invoice,", "id", "I9"),
    bad(Code::FieldCount, "invoices.csv", b"I9,C1", "id", "I9"),
    bad(Code::TextInvalid, "customers.csv", b"C9,M\xc3\xbcller \xfc,no", "name", "M\u{fc}ller \u{fffd}"),
    bad(Code::ValueMissing, "invoices.csv", b",C1,2025-01-10,2025-02-09,5.00,EUR,invoice,", "id", ""),
    // A blank before the line end is no part of the currency; the row after it has no customer.
    bad(
        Code::ValueMissing,
        "invoices.csv",
        b"I9,C1,2025-01-10,2025-02-09,5.00, EUR ,invoice,\nI10,,2025-01-10,2025-02-09,5.00,EUR,,",
        "customer",
        "",
    ),
    bad(
        Code::DayInvalid,
        "invoices.csv",
        b"I9,C1,2025-01-10,2025-02-30,5.00,EUR,invoice,",
        "due",
        "2025-02-30",
    ),
    bad(Code::DayInvalid, "payments.csv", b"P9,C1,01/02/2025,5.00,EUR", "day", "01/02/2025"),
    bad(
        Code::CurrencyUnknown,
        "invoices.csv",
        b"I9,C1,2025-01-10,2025-02-09,5.00,EUX,invoice,",
        "currency",
        "EUX",
    ),
    bad(
        Code::AmountInvalid,
        "invoices.csv",
        b"I9,C1,2025-01-10,2025-02-09,\"1,00.00\",EUR,invoice,",
        "amount",
        "1,00.00",
    ),
    bad(Code::AmountInvalid, "payments.csv", b"P9,C1,2025-02-01,NaN,EUR", "amount", "NaN"),
    bad(
        Code::AmountTooPrecise,
        "invoices.csv",
        b"I9,C1,2025-01-10,2025-02-09,10.5,JPY,invoice,",
        "amount",
        "10.5",
    ),
    bad(
        Code::AmountTooLarge,
        "invoices.csv",
        b"I9,C1,2025-01-10,2025-02-09,10000000000000.01,EUR,invoice,",
        "amount",
        "10000000000000.01",
    ),
    bad(Code::NumberInvalid, "fx.csv", b"2025-02-01,EUR,USD,\"1,1\"", "rate", "1,1"),
    bad(Code::RateNotPositive, "fx.csv", b"2025-02-01,EUR,USD,0", "rate", "0"),
    bad(
        Code::ChoiceUnknown,
        "invoices.csv",
        b"I9,C1,2025-01-10,2025-02-09,5.00,EUR,Rechnung,",
        "type",
        "Rechnung",
    ),
    bad(Code::ChoiceUnknown, "customers.csv", b"C9,Cedar,perhaps", "do_not_contact", "perhaps"),
    bad(
        Code::AmountNegative,
        "invoices.csv",
        b"I9,C1,2025-01-10,2025-02-09,-5.00,EUR,invoice,",
        "amount",
        "-5.00",
    ),
    bad(
        Code::DueBeforeIssue,
        "invoices.csv",
        b"I9,C1,2025-01-10,2025-01-09,5.00,EUR,invoice,",
        "due",
        "2025-01-09",
    ),
    bad(Code::RowRepeated, "invoices.csv", b"I1,C1,2025-01-10,2025-02-09,100.00,EUR,invoice,", "id", "I1"),
    bad(Code::DayCutOff, "invoices.csv", b"I9,C1,05:23.4,2025-02-09,5.00,EUR,invoice,", "issued", "05:23.4"),
    bad(Code::IdRepeated, "invoices.csv", b"I1,C1,2025-01-10,2025-02-09,101.00,EUR,invoice,", "id", "I1"),
    bad(
        Code::CustomerUnknown,
        "invoices.csv",
        b"I9,C7,2025-01-10,2025-02-09,5.00,EUR,invoice,",
        "customer",
        "C7",
    ),
    bad(Code::DocumentUnknown, "allocations.csv", b"P1,I7,5.00,EUR", "invoice", "I7"),
    bad(Code::DocumentUnknown, "allocations.csv", b"P7,I1,5.00,EUR", "payment", "P7"),
    bad(Code::CurrencyDiffers, "allocations.csv", b"P1,I3,5,JPY", "currency", "JPY"),
    // P1 is 60.00, of which 40.00 are used: 20.01 are more than is left.
    bad(Code::OverAllocated, "allocations.csv", b"P1,I2,20.01,EUR", "amount", "20.01"),
    // I1 is 100.00, of which 40.00 are paid: 60.01 are more than it asks, though P2 has them.
    bad(Code::OverAllocated, "allocations.csv", b"P2,I1,60.01,EUR", "amount", "60.01"),
];

/// What makes a run impossible: code, the arguments (made from a folder with [`GOOD`] in `ledger`), and what the place
/// must name (nothing where the fault has no place).
struct Fatal {
    code: Code,
    name: &'static str,
    args: fn(&Folder) -> Vec<String>,
    place: &'static str,
}

const fn fatal(
    code: Code,
    name: &'static str,
    place: &'static str,
    args: fn(&Folder) -> Vec<String>,
) -> Fatal {
    Fatal { code, name, args, place }
}

const FATALS: &[Fatal] = &[
    fatal(Code::LedgerNotFound, "no such path", "nowhere", |folder| check(&folder.inside("nowhere"))),
    fatal(Code::InvoicesMissing, "an empty folder", "empty", |folder| {
        fs::create_dir(folder.path().join("empty")).unwrap();
        check(&folder.inside("empty"))
    }),
    fatal(Code::InvoicesMissing, "a folder of other tables", "ledger", |folder| {
        fs::remove_file(folder.path().join("ledger/invoices.csv")).unwrap();
        ["run", &folder.inside("ledger"), "--out", &folder.inside("out")].map(str::to_owned).to_vec()
    }),
    fatal(Code::FileUnreadable, "a mapped file that is not there", "ledger/gone.csv", |folder| {
        mapped(folder, "[invoices]\nfiles = ['gone.csv']\n")
    }),
    fatal(Code::FileUnreadable, "a mapping that is not there", "gone.toml", |folder| {
        [check(&folder.inside("ledger")), vec!["--mapping".to_owned(), folder.inside("gone.toml")]].concat()
    }),
    fatal(Code::NotATable, "a binary file called .csv", "ledger/invoices.csv", |folder| {
        with(folder, "invoices.csv", b"PK\x03\x04\x00\x00id,customer\n\x00")
    }),
    fatal(Code::NotATable, "a single file of another kind", "ledger.docx", |folder| {
        folder.write("ledger.docx", "PK");
        check(&folder.inside("ledger.docx"))
    }),
    fatal(Code::WorkbookDamaged, "a workbook cut short", "ledger.xlsx", |folder| {
        folder.write("ledger.xlsx", "PK");
        check(&folder.inside("ledger.xlsx"))
    }),
    fatal(Code::TooLarge, "more columns than any export has", "invoices.csv, row 1", |folder| {
        with(folder, "invoices.csv", "x,".repeat(5_000).as_bytes())
    }),
    fatal(Code::PathRefused, "a mapped file outside the ledger", "../x.csv", |folder| {
        folder.write("x.csv", GOOD[1].1);
        mapped(folder, "[invoices]\nfiles = ['../x.csv']\n")
    }),
    fatal(Code::FileRepeated, "a log under two names", "ledger/allocations_2.csv", |folder| {
        with(folder, "allocations_2.csv", GOOD[3].1.as_bytes())
    }),
    fatal(Code::MappingInvalid, "rows that are claims and payments", "ledger/invoices.csv", |folder| {
        mapped(folder, "[payments]\nfiles = ['invoices.csv']\n[payments.columns]\nday = 'issued'\n")
    }),
    fatal(Code::LayoutUnknown, "a header that nobody knows", "other.csv", |folder| {
        folder.write("other.csv", "colour,shape\nred,round\n");
        check(&folder.inside("other.csv"))
    }),
    fatal(
        Code::NotationAmbiguous,
        "days that may be of either order",
        "ledger/invoices.csv, row 2, column `issued`",
        |folder| {
            let text = "id,customer,issued,due,amount,currency\nI1,C1,01/02/2025,2025-02-09,100.00,EUR\n";
            folder.write("ledger/invoices.csv", text);
            mapped(folder, "[invoices.columns]\nissued = 'issued'\n")
        },
    ),
    fatal(Code::ParquetDamaged, "a Parquet file cut in half", "ledger/invoices.parquet", |folder| {
        let whole = parquet();
        with_parquet(folder, &whole[..whole.len() / 2])
    }),
    fatal(
        Code::ParquetDamaged,
        "a Parquet file cut within its footer",
        "ledger/invoices.parquet",
        |folder| {
            let whole = parquet();
            with_parquet(folder, &whole[..whole.len() - 5])
        },
    ),
    fatal(Code::ParquetDamaged, "a Parquet file with a hole", "ledger/invoices.parquet", |folder| {
        let mut holed = parquet();
        let middle = holed.len() / 2;
        holed.drain(middle - 40..middle);
        with_parquet(folder, &holed)
    }),
    fatal(Code::ParquetDamaged, "an empty file called .parquet", "ledger/invoices.parquet", |folder| {
        with_parquet(folder, b"")
    }),
    fatal(Code::ColumnMissing, "no due day", "ledger/invoices.csv, column `due`", |folder| {
        with(folder, "invoices.csv", b"id,customer,issued,amount,currency\nI1,C1,2025-01-10,100.00,EUR\n")
    }),
    fatal(Code::ColumnMissing, "a mapped header that is not there", "column `Faellig am`", |folder| {
        mapped(folder, "[invoices.columns]\ndue = 'Faellig am'\n")
    }),
    fatal(Code::ColumnRepeated, "two due days", "ledger/invoices.csv, column `due`", |folder| {
        with(folder, "invoices.csv", b"id,customer,issued,due,due,amount,currency\n")
    }),
    fatal(Code::MappingInvalid, "an unknown key", "ledger/ledger.toml", |folder| {
        mapped(folder, "[invoices]\ndateformat = '%d.%m.%Y'\n")
    }),
    fatal(Code::MappingInvalid, "an unknown column", "ledger/ledger.toml", |folder| {
        mapped(folder, "[invoices.columns]\nclient = 'Kunde'\n")
    }),
    fatal(Code::QuoteUnclosed, "a quote to the end of the file", "ledger/customers.csv, row 3", |folder| {
        with(folder, "customers.csv", b"id,name\nC1,Alder\nC2,\"Birch\nC3,Cedar\n")
    }),
    fatal(
        Code::FieldTooLong,
        "a quote closed late",
        "ledger/customers.csv, row 3, column `field 2`",
        |folder| {
            let name = "x\n".repeat(40_000);
            with(folder, "customers.csv", format!("id,name\nC1,Alder\nC2,\"{name}\"\n").as_bytes())
        },
    ),
    fatal(Code::NoRows, "all rows bad", "ledger", |folder| {
        let text = "id,customer,issued,due,amount,currency\nI1,C1,10.01.2025,09.02.2025,100.00,EUR\n";
        with(folder, "invoices.csv", text.as_bytes())
    }),
    fatal(Code::ColumnType, "a due day of bytes", "ledger/invoices.parquet, column `due`", |folder| {
        with_parquet(folder, &parquet_of_bytes())
    }),
    fatal(Code::ArtefactUnreadable, "no model there", "nowhere/artefact.json", |folder| {
        score(folder, &folder.inside("nowhere"))
    }),
    fatal(Code::ArtefactUnreadable, "a model cut short", "model-v1/artefact.json", |folder| {
        let path = trained(folder);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, &text[..text.len() - 20]).unwrap();
        score(folder, &folder.inside("models/model-v1"))
    }),
    fatal(
        Code::ArtefactUnreadable,
        "a model that points outside its features",
        "model-v1/artefact.json",
        |folder| edited(folder, |model| model["model"]["fitted"]["column"] = 100_000.into()),
    ),
    fatal(Code::ArtefactFormat, "a model of a later format", "model-v1/artefact.json", |folder| {
        edited(folder, |model| model["format_version"] = 999.into())
    }),
    fatal(Code::ArtefactFeatures, "a model of other features", "model-v1/artefact.json", |folder| {
        edited(folder, |model| model["model"]["features"][0] = "phase_of_the_moon".into())
    }),
    fatal(Code::AsOfTooEarly, "a day before the first invoice", "column `--as-of`", |folder| {
        let ledger = folder.inside("ledger");
        words(&["run", &ledger, "--as-of", "2025-01-09", "--out", &folder.inside("out")])
    }),
    fatal(Code::HistoryTooShort, "a back-test of three invoices", "", |folder| {
        let settled = GOOD[1].1.replace(",invoice,\n", ",invoice,2025-02-20\n");
        folder.write("ledger/invoices.csv", settled);
        words(&["backtest", &folder.inside("ledger")])
    }),
    fatal(Code::ModelFromFuture, "a model of a later day", "model-v1/artefact.json", |folder| {
        trained(folder);
        let mut args = score(folder, &folder.inside("models/model-v1"));
        args.extend(words(&["--as-of", "2025-01-20"]));
        args
    }),
    fatal(Code::OutputUnwritable, "a file where the folder should be", "taken", |folder| {
        folder.write("taken", "");
        words(&["run", &folder.inside("ledger"), "--out", &folder.inside("taken")])
    }),
    fatal(Code::OptionInvalid, "a model name that is a path", "", |folder| {
        words(&["train", &folder.inside("ledger"), "--models", &folder.inside("models"), "--name", "../late"])
    }),
    fatal(Code::OptionInvalid, "a history of no days", "", |folder| {
        words(&["synth", "--days", "0", "--out", &folder.inside("made")])
    }),
    fatal(Code::AllocationsTooFew, "payments without a past", "", |folder| {
        words(&["match", &folder.inside("ledger")])
    }),
    fatal(Code::PolicyInvalid, "a policy without its version", "policy.toml", |folder| {
        folder.write("policy.toml", "[settings]\n");
        words(&["exceptions", &folder.inside("ledger"), "--policy", &folder.inside("policy.toml")])
    }),
    fatal(Code::TemplateInvalid, "a field that no letter has", "friendly_reminder.txt, row 1", |folder| {
        folder.write("mine/en/friendly_reminder.txt", "Dear {{ custmer.name }}\n");
        let mut args = words(&["letters", &folder.inside("ledger"), "--out", &folder.inside("out")]);
        args.extend(words(&["--templates", &folder.inside("mine")]));
        args
    }),
    fatal(Code::BrandInvalid, "a brand without a name", "brand.toml", |folder| {
        folder.write("brand.toml", "colour = 'red'\n");
        let mut args = words(&["letters", &folder.inside("ledger"), "--out", &folder.inside("out")]);
        args.extend(words(&["--brand", &folder.inside("brand.toml")]));
        args
    }),
    fatal(Code::LegalRateMissing, "a half-year without a reference rate", "", |folder| {
        words(&["claim", &folder.inside("ledger"), "--as-of", "2100-01-01", "--jurisdiction", "DE"])
    }),
    fatal(Code::LegalRuleMissing, "a law that is not kept", "`--jurisdiction`", |folder| {
        claim(folder, &["--jurisdiction", "FR", "--debtor", "consumer"])
    }),
    fatal(Code::RatesInvalid, "two rates of one day", "rates.csv", |folder| {
        let row = "UK_BASE,2025-01-01,2025-06-30,4.75,made up\n";
        folder.write("rates.csv", format!("series,valid_from,valid_to,value,source\n{row}{row}"));
        claim(folder, &["--jurisdiction", "UK", "--rates", &folder.inside("rates.csv")])
    }),
    fatal(Code::LettersPresent, "a folder with a letter of an earlier run", "out/letters", |folder| {
        folder.write("out/letters/C1-EUR-follow_up-0123456789.eml", "To: c1@example.com\n");
        words(&["letters", &folder.inside("ledger"), "--out", &folder.inside("out")])
    }),
    fatal(Code::PlanImpossible, "no instalments", "", |folder| plan(folder, "C2", &["--count", "0"])),
    fatal(Code::CustomerNotFound, "a plan for a stranger", "", |folder| plan(folder, "C9", &[])),
];

/// A claim on the day after both invoices in euros fell due.
fn claim(folder: &Folder, more: &[&str]) -> Vec<String> {
    let mut args = words(&["claim", &folder.inside("ledger"), "--as-of", "2025-02-13"]);
    args.extend(words(more));
    args
}

fn plan(folder: &Folder, customer: &str, more: &[&str]) -> Vec<String> {
    let ledger = folder.inside("ledger");
    let mut args = words(&["plan", &ledger, "--as-of", "2025-02-13", "--customer", customer]);
    args.extend(words(more));
    args
}

/// Codes provoked by tests of their own, below, in `settlement`, in `lifecycle`, in `plans` or in `foreign`.
const ALONE: &[Code] = &[
    Code::ControlTotal,
    Code::OneClass,
    Code::NotPromoted,
    Code::InstalmentsDiffer,
    Code::PlanPartInvalid,
    Code::LinesDiffer,
    Code::LineRejected,
    Code::KindUnknown,
    Code::RecordInvalid,
    Code::RateMissing,
    Code::InvoiceNotOpen,
    Code::NoVersionBefore,
];

/// Codes that nothing outside can provoke, with the reason.
const NOT_PROVOKED: &[(Code, &str)] =
    &[(Code::NotConserved, "a defect of duewise itself: every other test is there so that it never shows")];

fn words(args: &[&str]) -> Vec<String> {
    args.iter().map(|&arg| arg.to_owned()).collect()
}

fn check(ledger: &str) -> Vec<String> {
    words(&["check", ledger])
}

/// Checks the ledger with one of its files replaced.
fn with(folder: &Folder, name: &str, bytes: &[u8]) -> Vec<String> {
    folder.write(&format!("ledger/{name}"), bytes);
    check(&folder.inside("ledger"))
}

/// Checks the ledger with its invoices in Parquet.
fn with_parquet(folder: &Folder, bytes: &[u8]) -> Vec<String> {
    fs::remove_file(folder.path().join("ledger/invoices.csv")).unwrap();
    with(folder, "invoices.parquet", bytes)
}

/// Checks the ledger with this mapping.
fn mapped(folder: &Folder, text: &str) -> Vec<String> {
    with(folder, "ledger.toml", text.as_bytes())
}

/// A whole Parquet file of invoices.
fn parquet() -> Vec<u8> {
    let folder = Folder::new();
    let out = folder.arg();
    duewise(&["synth", "--invoices", "300", "--format", "parquet", "--out", &out]).exits(0);
    fs::read(folder.path().join("invoices.parquet")).unwrap()
}

/// Invoices whose due day is a column of bytes.
fn parquet_of_bytes() -> Vec<u8> {
    let text = |name: &str, cell: &str| Column::from(Series::new(name.into(), [cell]));
    let columns = vec![
        text("id", "I1"),
        text("customer", "C1"),
        text("issued", "2025-01-10"),
        Column::from(Series::new("due".into(), [b"2025-02-09".as_slice()])),
        text("amount", "100.00"),
        text("currency", "EUR"),
    ];
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut DataFrame::new(1, columns).unwrap()).unwrap();
    bytes
}

fn score(folder: &Folder, model: &str) -> Vec<String> {
    words(&["score", &folder.inside("ledger"), "--model", model, "--out", &folder.inside("out")])
}

/// Trains on the ledger; returns the artefact's path.
fn trained(folder: &Folder) -> std::path::PathBuf {
    let models = folder.inside("models");
    // A tiny ledger: the rule answers, which is exit 1.
    duewise(&["train", &folder.inside("ledger"), "--models", &models, "--name", "model"]).exits(1);
    folder.path().join("models/model-v1/artefact.json")
}

/// Scores with a model in which something was changed.
fn edited(folder: &Folder, change: fn(&mut serde_json::Value)) -> Vec<String> {
    let path = trained(folder);
    let mut model = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut model);
    fs::write(&path, serde_json::to_vec(&model).unwrap()).unwrap();
    score(folder, &folder.inside("models/model-v1"))
}

/// A folder with the good ledger in `ledger`.
fn good() -> Folder {
    let folder = Folder::new();
    for (name, text) in GOOD {
        folder.write(&format!("ledger/{name}"), text);
    }
    folder
}

#[test]
fn every_code_is_in_the_catalogue() {
    let rows = BAD_ROWS.iter().map(|row| row.code);
    let fatals = FATALS.iter().map(|fatal| fatal.code);
    let alone = ALONE.iter().copied();
    let provoked: Vec<Code> = rows.chain(fatals).chain(alone).collect();
    for code in Code::ALL {
        let excused = NOT_PROVOKED.iter().any(|(excused, reason)| excused == code && !reason.is_empty());
        assert_ne!(provoked.contains(code), excused, "{}", code.id());
    }
}

#[test]
fn the_good_ledger_is_clean() {
    let folder = good();
    let json = duewise(&["check", &folder.inside("ledger"), "--json"]).exits(0).stdout;
    assert_eq!(counts(&json), (GOOD_ROWS, GOOD_ROWS, 0));
}

/// Rows, accepted and rejected over all tables of `check --json`.
fn counts(json: &str) -> (u64, u64, u64) {
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    let tables = json["tables"].as_array().unwrap();
    let sum = |key: &str| tables.iter().map(|table| table[key].as_u64().unwrap()).sum();
    (sum("rows"), sum("accepted"), sum("rejected"))
}

#[test]
fn a_bad_row_is_rejected_with_its_place_and_remedy_and_the_good_ones_are_used() {
    let mut wrong = Vec::new();
    for bad in BAD_ROWS {
        let folder = good();
        let path = folder.path().join("ledger").join(bad.file);
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend(bad.row);
        bytes.push(b'\n');
        // The bad row is the last line of the file.
        let line = bytes.split(|byte| *byte == b'\n').count() - 1;
        let added = line as u64 - fs::read_to_string(&path).unwrap().lines().count() as u64;
        fs::write(&path, bytes).unwrap();

        let ledger = folder.inside("ledger");
        let json = duewise(&["check", &ledger, "--json"]).exits(1).stdout;
        assert_eq!(counts(&json), (GOOD_ROWS + added, GOOD_ROWS + added - 1, 1), "{}", bad.code.id());
        duewise(&["run", &ledger, "--out", &folder.inside("out")]).exits(1);
        let scored: Vec<String> =
            rows(folder.path().join("out/scores.csv")).iter().map(|row| row["invoice"].clone()).collect();
        for id in ["I1", "I2", "I3"] {
            assert!(scored.iter().any(|scored| scored == id), "{} lost {id}", bad.code.id());
        }

        let rejects = rows(folder.path().join("out/rejects.csv"));
        assert_eq!(rejects.len(), 1, "{rejects:?}");
        let reject = &rejects[0];
        assert_eq!(reject["code"], bad.code.id());
        assert_eq!(reject["remedy"], bad.code.remedy());
        assert_eq!(reject["problem"], bad.code.title());
        assert_eq!(format!("{}.csv", reject["table"]), bad.file);
        let place = |cell: &str| reject[cell].clone();
        let found = [place("file"), place("row"), place("column"), place("value")];
        let expected = [bad.file, &line.to_string(), bad.column, bad.value].map(str::to_owned);
        if found != expected {
            wrong.push(format!("{}: {found:?} instead of {expected:?}", bad.code.id()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_makes_a_run_impossible_is_said_on_stderr_with_place_and_remedy() {
    for fatal in FATALS {
        let folder = good();
        let ran = duewise(&(fatal.args)(&folder)).exits(2);
        let name = fatal.name;
        assert_eq!(ran.stdout, "", "{name}");
        let first = format!("error[{}]: {}\n", fatal.code.id(), fatal.code.title());
        assert!(ran.stderr.starts_with(&first), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(&format!("remedy: {}\n", fatal.code.remedy())), "{name}: {}", ran.stderr);
        let place = ran.stderr.lines().find_map(|line| line.strip_prefix("  at: ")).unwrap_or_default();
        assert!(place.ends_with(fatal.place), "{name}: {place}");
        assert_eq!(place.is_empty(), fatal.place.is_empty(), "{name}: {place}");
        let found = ran.stderr.contains("\n  found: ");
        assert!(found || !fatal.place.is_empty(), "neither place nor finding: {}", ran.stderr);
    }
}

#[test]
fn a_reject_names_the_header_of_the_file_and_not_of_the_contract() {
    let folder = Folder::of(&[
        (
            "ledger/rechnungen.csv",
            "Beleg;Kunde;Datum;Netto faellig;Betrag\nI1;C1;10.01.2025;09.02.2025;100.00\nI2;C1;10.01.2025;31.02.2025;5.00\n",
        ),
        (
            "ledger/ledger.toml",
            "[invoices]\nfiles = ['rechnungen.csv']\ndelimiter = ';'\ndate_format = '%d.%m.%Y'\n\
             [invoices.columns]\nid = 'Beleg'\ncustomer = 'Kunde'\nissued = 'Datum'\ndue = 'Netto faellig'\namount = 'Betrag'\n\
             [invoices.defaults]\ncurrency = 'EUR'\n",
        ),
    ]);
    duewise(&["check", &folder.inside("ledger"), "--out", &folder.inside("out")]).exits(1);
    let reject = &rows(folder.path().join("out/rejects.csv"))[0];
    let place = ["code", "file", "row", "column", "value"].map(|cell| reject[cell].as_str());
    assert_eq!(place, ["DW204", "rechnungen.csv", "3", "Netto faellig", "31.02.2025"]);
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    const HEADER: &str = "id,customer,issued,due,amount,currency,party_name";
    const GOOD: &str = "I1,C1,2025-01-10,2025-02-09,100.00,EUR,Alder";
    const BAD: &str = "I2,C1,2025-01-10,2025-02-30,100.00,EUR,Alder";
    let quoted = GOOD.replace("Alder", "\"Alder\nand Sons\"");
    // Name, text, and the line on which the bad row begins.
    let cases = [
        ("Unix line ends", format!("{HEADER}\n{GOOD}\n{BAD}\n"), "3"),
        ("Windows line ends", format!("{HEADER}\r\n{GOOD}\r\n{BAD}\r\n"), "3"),
        ("a byte order mark", format!("\u{feff}{HEADER}\n{GOOD}\n{BAD}\n"), "3"),
        ("no line end at the end", format!("{HEADER}\n{GOOD}\n{BAD}"), "3"),
        ("a line break inside quotes", format!("{HEADER}\n{quoted}\n{BAD}\n"), "4"),
        ("blank lines before it", format!("{HEADER}\n{GOOD}\n\n\n{BAD}\n"), "5"),
    ];
    let mut wrong = Vec::new();
    for (name, text, line) in cases {
        let folder = Folder::of(&[("invoices.csv", &text)]);
        duewise(&["check", &folder.inside("invoices.csv"), "--out", &folder.inside("out")]).exits(1);
        let found = rows(folder.path().join("out/rejects.csv"))[0]["row"].clone();
        if found != line {
            wrong.push(format!("{name}: line {found} instead of {line}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_total_that_differs_from_the_control_total_is_a_finding() {
    // The invoices sum to 350.00 EUR.
    for (stated, code) in [("350.00", 0), ("350.01", 1)] {
        let folder = good();
        folder.write("ledger/ledger.toml", format!("[invoices.totals]\nEUR = '{stated}'\nJPY = '1200'\n"));
        let ran = duewise(&["check", &folder.inside("ledger")]).exits(code);
        if code == 1 {
            for part in [
                "error[DW301]",
                "[invoices.totals] EUR",
                "350.00 EUR",
                "350.01 EUR",
                "-0.01 EUR",
                Code::ControlTotal.remedy(),
            ] {
                assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
            }
            assert!(!ran.stdout.contains("[invoices.totals] JPY"));
        }
    }
}

#[test]
fn too_little_history_is_said_and_the_rule_answers() {
    let folder = good();
    let models = folder.inside("models");
    let ran = duewise(&["train", &folder.inside("ledger"), "--models", &models]).exits(1);
    assert!(ran.stdout.contains("DW405"), "{}", ran.stdout);
    // A run is for the list: with the rule it is clean.
    let ran = duewise(&["run", &folder.inside("ledger"), "--out", &folder.inside("out")]).exits(0);
    assert!(ran.stdout.contains("DW405"), "{}", ran.stdout);
}

/// Two years of invoices that are all paid on time.
fn all_on_time() -> Folder {
    let mut text = String::from("id,customer,issued,due,amount,currency,settled\n");
    let first = crate::support::day("2023-01-02");
    for at in 0..300 {
        let issued = first.plus(at * 2);
        let (due, settled) = (issued.plus(30), issued.plus(28));
        let _ = writeln!(text, "I{at:03},C{},{issued},{due},{}.00,EUR,{settled}", at % 7, 100 + at);
    }
    text += "I999,C1,2024-09-01,2024-10-01,50.00,EUR,\n";
    Folder::of(&[("ledger/invoices.csv", &text)])
}

#[test]
fn a_model_that_does_not_beat_the_rule_is_not_promoted() {
    let folder = all_on_time();
    let ledger = folder.inside("ledger");
    let ran =
        duewise(&["train", &ledger, "--as-of", "2024-09-15", "--models", &folder.inside("models")]).exits(1);
    assert!(ran.stdout.contains("DW407"), "{}", ran.stdout);
}

#[test]
fn a_model_of_a_ledger_without_late_payers_can_be_used() {
    let folder = all_on_time();
    let ledger = folder.inside("ledger");
    let models = folder.inside("models");
    duewise(&["train", &ledger, "--as-of", "2024-09-15", "--models", &models, "--name", "model"]).exits(1);
    duewise(
        &[&score(&folder, &folder.inside("models/model-v1"))[..], &words(&["--as-of", "2024-09-15"])]
            .concat(),
    )
    .exits(0);
}

#[test]
fn one_class_only_cannot_be_learned_from() {
    let units: Vec<_> = duewise::asof::feature::all().map(|feature| feature.unit).collect();
    for late in [false, true] {
        let data = Labelled::new(
            ndarray::Array2::from_shape_fn((50, units.len()), |(row, column)| (row * column) as f64),
            ndarray::Array1::from_elem(50, late),
        );
        let error = LogisticParams::new(units.clone()).check().unwrap().fit(&data).unwrap_err();
        assert_eq!(error.code, Code::OneClass);
        assert!(error.to_string().contains(Code::OneClass.remedy()));
    }
}

#[test]
fn a_rate_that_cannot_be_used_is_rejected_and_not_dropped_in_silence() {
    for rate in ["0", "-1.1"] {
        let folder = good();
        folder.write("ledger/fx.csv", format!("day,from,to,rate\n2025-01-01,EUR,JPY,{rate}\n"));
        duewise(&["check", &folder.inside("ledger")]).exits(1);
    }
}

#[test]
fn where_no_invoice_is_accepted_the_rejects_are_there_as_the_remedy_says() {
    let folder = Folder::of(&[(
        "invoices.csv",
        "id,customer,issued,due,amount,currency\nI1,C1,1/2/25,2/2/25,5.00,EUR\n",
    )]);
    for verb in ["check", "run"] {
        let out = folder.inside(verb);
        let ran = duewise(&[verb, &folder.inside("invoices.csv"), "--out", &out]).exits(2);
        assert!(ran.stderr.contains("read rejects.csv"), "{}", ran.stderr);
        let path = folder.path().join(verb).join("rejects.csv");
        assert!(path.is_file(), "`{verb}` says \"read rejects.csv\" and wrote none");
        assert_eq!(rows(path).len(), 1);
    }
}

#[test]
fn a_run_never_writes_over_its_ledger() {
    let folder = good();
    let ledger = folder.path().join("ledger");
    let before = crate::support::files(&ledger);
    let ran = duewise(&["run", &folder.inside("ledger"), "--out", &folder.inside("ledger")]);
    let after = crate::support::files(&ledger);
    for (name, bytes) in &before {
        assert!(after.get(name) == Some(bytes), "{name} was overwritten, exit code {}", ran.code);
    }
}
