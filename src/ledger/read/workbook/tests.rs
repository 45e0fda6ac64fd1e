//! Tests of `workbook`, on books made by hand.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use proptest::prelude::*;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

mod binary;

/// A file of these bytes.
fn written(bytes: &[u8], name: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// A sheet as text: name, then each row's number and cells.
fn shown(bytes: &[u8], sheet: Option<&str>) -> Result<String> {
    let (_folder, path) = written(bytes, "book.xls");
    let (records, names) = read(&path, sheet)?;
    let name = names[0].clone();
    let row = |at| format!("\n{}: {}", records.line(at), records.cells(at).collect::<Vec<_>>().join("|"));
    Ok(name + &(0..records.len()).map(row).collect::<String>())
}

fn code(bytes: &[u8], sheet: Option<&str>) -> Code {
    shown(bytes, sheet).unwrap_err().code
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(kind_and_target: &[(&str, &str)]) -> String {
    let one = |(at, (kind, target)): (usize, &(&str, &str))| {
        format!("<Relationship Id=\"r{at}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let all: String = kind_and_target.iter().enumerate().map(one).collect();
    format!("<Relationships>{all}</Relationships>")
}

/// A workbook whose sheets hold these rows, with styles 1 to 3 for a day, a day with a time, and hours beyond a day.
fn xlsx(sheets: &[(&str, &str)], strings: &str) -> Vec<u8> {
    let targets: Vec<String> = (0..sheets.len()).map(|at| format!("worksheets/s{at}.xml")).collect();
    let targets: Vec<(&str, &str)> = targets.iter().map(|target| ("worksheet", target.as_str())).collect();
    let named = |(at, (name, _)): (usize, &(&str, &str))| {
        format!("<sheet name=\"{name}\" sheetId=\"{at}\" r:id=\"r{at}\"/>")
    };
    let names: String = sheets.iter().enumerate().map(named).collect();
    let mut parts = vec![
        ("_rels/.rels".to_owned(), relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml".to_owned(), format!("<workbook><sheets>{names}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels".to_owned(), relations(&targets)),
        (
            "xl/styles.xml".to_owned(),
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy hh:mm\"/></numFmts><cellXfs>\
             <xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>"
                .to_owned(),
        ),
        ("xl/sharedStrings.xml".to_owned(), strings.to_owned()),
    ];
    for (at, (_, rows)) in sheets.iter().enumerate() {
        let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        parts.push((format!("xl/worksheets/s{at}.xml"), sheet));
    }
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zipped(&parts)
}

const STRINGS: &str = "<sst uniqueCount=\"2\"><si><t>id</t></si><si><r><t xml:space=\"preserve\">A </t></r><r><t>&amp; B</t></r></si></sst>";

const ROWS: &str = "<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c><c r=\"D3\" t=\"inlineStr\"><is><t>due</t></is></c></row>\
    <row r=\"4\"><c r=\"A4\" s=\"1\"/></row>\
    <row r=\"6\"><c r=\"A6\"><v>0.30000000000000004</v></c><c r=\"B6\" t=\"s\"><v>1</v></c>\
    <c r=\"C6\" s=\"2\"><v>45688.75</v></c><c r=\"D6\" s=\"1\"><v>45688</v></c><c r=\"E6\" s=\"3\"><v>1.5</v></c>\
    <c r=\"F6\" t=\"b\"><v>1</v></c><c r=\"G6\" t=\"e\"><v>#REF!</v></c><c r=\"H6\" t=\"str\"><f>x</f><v>y</v></c></row>";

#[test]
fn cells_keep_their_place_and_are_written_plainly() {
    let book = xlsx(&[("Cover", ""), ("Open items", ROWS), ("Last", ROWS)], STRINGS);
    let expected = "\n3: |id||due\n6: 0.3|A & B|2025-01-31T18:00:00|2025-01-31|36:00:00|true|#REF!|y";
    assert_eq!(shown(&book, None).unwrap(), format!("Open items{expected}"));
    assert_eq!(shown(&book, Some("Last")).unwrap(), format!("Last{expected}"));
    let error = shown(&book, Some("Nowhere")).unwrap_err();
    assert_eq!(error.code, Code::MappingInvalid);
    assert!(error.detail.contains("Cover, Open items, Last"), "{error}");
    assert!(error.place.file.is_some());
    assert_eq!(code(&book, Some("Cover")), Code::NotATable);
    assert_eq!(code(&xlsx(&[], STRINGS), None), Code::NotATable);
}

#[test]
fn a_workbook_cut_short_anywhere_is_an_error() {
    let book = xlsx(&[("a", ROWS)], STRINGS);
    for size in (0..book.len()).step_by(7) {
        assert_eq!(code(&book[..size], None), Code::WorkbookDamaged, "{size}");
    }
    for other in [&b"<html><table>"[..], b"id\tdue\n1\t2\n", b"PK\x03\x04", &ole::MAGIC] {
        assert_eq!(code(other, None), Code::WorkbookDamaged);
    }
}

#[test]
fn far_and_disordered_cells_are_no_trouble() {
    let far = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>";
    let (_folder, path) = written(&xlsx(&[("a", far)], STRINGS), "far.xlsx");
    let (records, _) = read(&path, None).unwrap();
    assert_eq!((records.len(), records.line(1), records.width(1)), (2, 1_048_576, 16_384));
    for rows in [
        "<row><c r=\"XFE1\"><v>1</v></c></row>",
        "<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row><c r=\"A2\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row><c r=\"A99999999999\"><v>1</v></c></row>",
        "<row><c r=\"A1\" t=\"s\"><v>9</v></c></row>",
    ] {
        assert_eq!(code(&xlsx(&[("a", rows)], STRINGS), None), Code::WorkbookDamaged, "{rows}");
    }
    let rows: Vec<String> =
        (1..4_000).map(|row| format!("<row><c r=\"XFD{row}\"><v>1</v></c></row>")).collect();
    assert_eq!(code(&xlsx(&[("a", &rows.concat())], STRINGS), None), Code::TooLarge);
}

#[test]
fn bombs_and_false_counts_are_refused_soon() {
    let start = Instant::now();
    let spaces = " ".repeat(100 << 20);
    let bomb = xlsx(&[("a", &spaces)], STRINGS);
    assert!(bomb.len() < 200_000);
    assert_eq!(code(&bomb, None), Code::TooLarge);
    // The same, but stated to be small wherever its size is written.
    let mut lying = bomb;
    let size = "<worksheet><sheetData></sheetData></worksheet>".len() + spaces.len();
    let size = (size as u32).to_le_bytes();
    let places: Vec<usize> = (0..lying.len() - 4).filter(|at| lying[*at..*at + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        lying[at..at + 4].copy_from_slice(&[9, 0, 0, 0]);
    }
    assert!(matches!(code(&lying, None), Code::TooLarge | Code::WorkbookDamaged));
    let strings = "<sst uniqueCount=\"4000000000000\"><si><t>id</t></si></sst>";
    assert_eq!(code(&xlsx(&[("a", ROWS)], strings), None), Code::WorkbookDamaged);
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn any_bytes_and_any_damage_are_an_error_or_records(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        for magic in [&b""[..], b"PK\x03\x04", &ole::MAGIC] {
            prop_assert!(shown(&[magic, bytes.as_slice()].concat(), None).is_err());
        }
        // Damage of a whole file, which checksums find, and of its parts, which they do not.
        let spoil = |bytes: &mut [u8]| {
            for (place, byte) in &places {
                bytes[place.index(bytes.len())] = *byte;
            }
        };
        let spoilt = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            spoil(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let mut whole = [xlsx(&[("a", ROWS)], STRINGS), binary::xlsb(|_| ()), binary::xls()];
        for book in &mut whole {
            spoil(book);
        }
        let parts = [xlsx(&[("a", &spoilt(ROWS))], &spoilt(STRINGS)), binary::xlsb(spoil)];
        for book in whole.iter().chain(&parts) {
            if let Err(error) = shown(book, None) {
                prop_assert!(matches!(error.code, Code::WorkbookDamaged | Code::TooLarge | Code::NotATable));
            }
        }
    }
}
