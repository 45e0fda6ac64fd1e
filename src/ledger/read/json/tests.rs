//! Tests of `json`.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

struct Written {
    folder: TempDir,
    lines: bool,
}

impl Written {
    fn new(text: impl AsRef<[u8]>, lines: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), text).unwrap();
        Self { folder, lines }
    }

    fn with<T>(&self, member: Option<&str>, read: impl FnOnce(&JsonFile) -> T) -> T {
        let path = self.folder.path().join("file");
        read(&JsonFile { path: &path, encoding: None, lines: self.lines, member })
    }

    fn headers(&self) -> Result<Vec<String>> {
        self.with(None, headers)
    }

    fn all(&self) -> Vec<Records> {
        let mut blocks = Vec::new();
        let headers = self.headers().unwrap();
        let mut keep = |records| {
            blocks.push(records);
            Ok(())
        };
        self.with(None, |file| records(file, &headers, 2, &mut keep)).unwrap();
        blocks
    }
}

fn rows(blocks: &[Records]) -> Vec<(u64, Vec<String>)> {
    let row = |block: &Records, at| (block.line(at), block.cells(at).map(str::to_owned).collect());
    blocks.iter().flat_map(|block| (0..block.len()).map(move |at| row(block, at))).collect()
}

fn cells(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

#[test]
fn values_keep_their_text_and_keys_their_first_order() {
    let text = "{\"id\":\"A\\u00e4 \",\"amount\":25000.00,\"big\":12345678901234567890123}\r\n\n\
                {\"amount\":1e3,\"id\":null,\"open\":true,\"memo\":{\"a\":[1,2]}}\n {\"x\\n\":-0.10}";
    let file = Written::new(text, true);
    assert_eq!(file.headers().unwrap(), ["id", "amount", "big", "open", "memo", "x"]);
    let blocks = file.all();
    assert_eq!(blocks.iter().map(Records::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        rows(&blocks),
        [
            (1, cells(&["Aä", "25000.00", "12345678901234567890123", "", "", ""])),
            (3, cells(&["", "1e3", "", "true", "{\"a\":[1,2]}", ""])),
            (4, cells(&["", "", "", "", "", "-0.10"])),
        ]
    );
    assert!(blocks.iter().all(|block| block.faults().is_empty()));
}

#[test]
fn a_broken_line_is_a_record_with_its_fault_and_the_next_is_read() {
    let mut text = b"{\"a\":1}\n{\"a\":2\n[3]\n{\"a\":4,\"a\":5}\n{\"a\":\"\\ud800\"}\n{\"a\":\"".to_vec();
    text.extend(b"\xff\"}\n{\"a\":\"\xc3\xa4\"}\nnull\n");
    let blocks = Written::new(text, true).all();
    let faults: Vec<(u64, Code)> = blocks
        .iter()
        .flat_map(|block| block.faults().iter().map(|(record, code)| (block.line(*record as usize), *code)))
        .collect();
    let wrong = [2, 3, 4, 5, 6, 8]
        .map(|line| (line, if line == 6 { Code::TextInvalid } else { Code::RecordInvalid }));
    assert_eq!(faults, wrong);
    let rows = rows(&blocks);
    assert_eq!((&rows[0], &rows[6]), (&(1, cells(&["1"])), &(7, cells(&["ä"]))));
    assert_eq!(rows.len(), 8);
}

#[test]
fn a_list_is_found_bare_or_as_the_one_member_or_by_name() {
    let bare = Written::new(" [ {\"a\":1.50} , 7, {\"a\":2}]", false);
    assert_eq!(rows(&bare.all()), [(1, cells(&["1.50"])), (2, vec![]), (3, cells(&["2"]))]);
    assert_eq!(bare.all()[0].faults(), [(1, Code::RecordInvalid)]);

    let one = Written::new("{\"page\":[1,2],\"rows\":[{\"a\":3}],\"next\":null}", false);
    assert_eq!(rows(&one.all()), [(1, cells(&["3"]))]);

    let two = Written::new("{\"orders\":[{\"a\":1}],\"bills\":[{\"b\":2}]}", false);
    let error = two.headers().unwrap_err();
    assert_eq!(error.code, Code::NotATable);
    assert!(error.detail.contains("orders, bills"), "{error}");
    assert_eq!(two.with(Some("bills"), headers).unwrap(), ["b"]);
    let error = two.with(Some("payments"), headers).unwrap_err();
    assert_eq!(error.code, Code::MappingInvalid);
    assert!(error.detail.contains("orders, bills"), "{error}");
}

#[test]
fn what_is_no_table_is_an_error() {
    for text in ["", "7", "[]", "{}", "[{}]", "{\"a\":1}", "[{\"a\":1}", "[{\"a\":1}] x", "{\"rows\":[]}"] {
        assert_eq!(Written::new(text, false).headers().unwrap_err().code, Code::NotATable, "{text}");
    }
    assert_eq!(Written::new("x\n\n[]", true).headers().unwrap_err().code, Code::NotATable);
    assert_eq!(
        Written::new(b"[{\"\xc3\xa4\":\"\xff\"}]", false).headers().unwrap_err().code,
        Code::NotATable
    );
}

#[test]
fn deep_nesting_is_text_or_an_error_and_never_a_crash() {
    let deep = |depth| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(rows(&Written::new(deep(100_000), true).all())[0].1[0].len(), 200_000);
    for text in ["[".repeat(5_000_000), "{\"a\":".repeat(2_000_000)] {
        assert!(Written::new(&text, false).headers().is_err());
        assert!(Written::new(&text, true).headers().is_err());
    }
}

#[test]
fn a_single_line_of_ten_megabytes_is_a_list_and_not_ndjson() {
    let mut text = String::from("[");
    for id in 0..500_000 {
        write!(text, "{}{{\"id\":{id:>12}.0}}", if id > 0 { "," } else { "" }).unwrap();
    }
    text.push(']');
    assert!(text.len() > 10_000_000);
    assert_eq!(Written::new(&text, false).headers().unwrap(), ["id"]);
    let error = Written::new(&text, true).headers().unwrap_err();
    assert_eq!((error.code, error.place.row), (Code::TooLarge, Some(1)));
}

#[test]
fn keys_without_end_are_refused() {
    let lines: Vec<String> = (0..=COLUMNS_MAX).map(|id| format!("{{\"k{id}\":1}}")).collect();
    let error = Written::new(lines.join("\n"), true).headers().unwrap_err();
    assert_eq!((error.code, error.place.row), (Code::TooLarge, Some(COLUMNS_MAX as u64 + 1)));
}

#[test]
fn packed_lines_are_read_and_a_truncated_one_is_an_error() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(b"{\"a\":1}\n{\"a\":2}\n").unwrap();
    let packed = packer.finish().unwrap();
    assert_eq!(rows(&Written::new(&packed, true).all()), [(1, cells(&["1"])), (2, cells(&["2"]))]);
    let error = Written::new(&packed[..packed.len() - 9], true).headers().unwrap_err();
    assert_eq!(error.code, Code::FileUnreadable);
}

proptest! {
    #[test]
    fn any_bytes_are_an_error_or_records(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        json in "[\\[\\]{}\":,a1 \\\\un\\n]{0,80}",
        lines: bool,
    ) {
        for text in [bytes.as_slice(), json.as_bytes()] {
            let file = Written::new(text, lines);
            if file.headers().is_ok() {
                prop_assert!(file.all().iter().all(|block| (1..=2).contains(&block.len())));
            }
        }
    }
}
