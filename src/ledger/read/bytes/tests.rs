//! Tests of `bytes`: encodings, packings, and files that are none.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::base::limits::UNPACKED_FREE_BYTES;

fn written(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Text, encoding and packing of a file of these bytes.
fn read(
    bytes: &[u8],
    stated: Option<&'static Encoding>,
) -> Result<(Vec<u8>, &'static str, Option<&'static str>)> {
    let (_folder, path) = written(bytes);
    let mut opened = open(&path, stated)?;
    let mut text = Vec::new();
    opened.reader.read_to_end(&mut text).map_err(|cause| unreadable(&path, &cause))?;
    Ok((text, opened.encoding.name(), opened.packed))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn the_encoding_is_told_by_mark_then_statement_then_bytes() {
    let text = "id;Größe\n1;5 €\n";
    let (le, be) = (utf16(text, u16::to_le_bytes), utf16(text, u16::to_be_bytes));
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    let western = b"id;Gr\xf6\xdfe\n1;5 \x80\n";
    for (bytes, stated, encoding) in [
        (text.as_bytes().to_vec(), None, "UTF-8"),
        (marked(b"\xef\xbb\xbf", text.as_bytes()), Some(WINDOWS_1252), "UTF-8"),
        (marked(b"\xff\xfe", &le), None, "UTF-16LE"),
        (marked(b"\xfe\xff", &be), None, "UTF-16BE"),
        (le, None, "UTF-16LE"),
        (be, None, "UTF-16BE"),
        (western.to_vec(), None, "windows-1252"),
        (western.to_vec(), Some(WINDOWS_1252), "windows-1252"),
    ] {
        let found = read(&bytes, stated).unwrap();
        assert_eq!((String::from_utf8(found.0).unwrap().as_str(), found.1, found.2), (text, encoding, None));
    }
    assert_eq!(read(b"", None).unwrap(), (vec![], "UTF-8", None));
    assert_eq!(read(b"\x81\x8c", Some(encoding_rs::SHIFT_JIS)).unwrap().1, "Shift_JIS");
}

#[test]
fn a_mixture_comes_through_unchanged() {
    for mixture in [&b"\xc3\xa4,\xff\n"[..], b"\xff,\xc3\xa4", b"\xe2\x82\xac \xe2\x82"] {
        assert_eq!(read(mixture, None).unwrap(), (mixture.to_vec(), "UTF-8", None));
    }
}

#[test]
fn characters_cut_by_a_buffer_are_characters() {
    // Odd lengths before three-byte characters, so that cuts fall on each of their bytes.
    for ahead in 0..3 {
        let text = "x".repeat(ahead) + &"€".repeat(100_000);
        assert_eq!(read(text.as_bytes(), None).unwrap(), (text.into_bytes(), "UTF-8", None));
    }
    let text = "x€".repeat(60_000);
    let found = read(&[b"\xff\xfe", utf16(&text, u16::to_le_bytes).as_slice()].concat(), None).unwrap();
    assert_eq!(found.0, text.as_bytes());
}

#[test]
fn zeros_are_no_table() {
    for (bytes, stated) in [
        (&b"a,b\n1,\0\0\n"[..], None),
        (b"\xef\xbb\xbfa\0", None),
        (b"a,b\n1,\0", Some(WINDOWS_1252)),
        (b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0", None),
    ] {
        assert_eq!(read(bytes, stated).unwrap_err().code, Code::NotATable);
    }
}

#[test]
fn packed_files_are_known_by_their_bytes_member_by_member() {
    let members = [gzip(b"a,b\n"), gzip(b"1,\xc3\xa4\n")].concat();
    assert_eq!(read(&members, None).unwrap(), ("a,b\n1,ä\n".into(), "UTF-8", Some("gzip")));
    let pack = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    let frames = [pack(b"\xff\xfea\0\n\0"), pack(b"b\0")].concat();
    assert_eq!(read(&frames, None).unwrap(), (b"a\nb".to_vec(), "UTF-16LE", Some("zstd")));
}

#[test]
fn what_is_cut_short_or_damaged_is_unreadable() {
    let text: Vec<u8> = (0..20_000_u32).flat_map(|id| format!("{id},{}\n", id % 7919).into_bytes()).collect();
    // As the command line tools pack: with a checksum, without which damage cannot be seen.
    let mut packer = zstd::Encoder::new(Vec::new(), 3).unwrap();
    packer.include_checksum(true).unwrap();
    packer.write_all(&text).unwrap();
    for packed in [gzip(&text), packer.finish().unwrap()] {
        let mut damaged = packed.clone();
        damaged[packed.len() / 2] ^= 0x55;
        damaged[packed.len() / 2 + 1] ^= 0x55;
        for bytes in [&packed[..packed.len() - 5], &packed[..packed.len() / 2], &packed[..5], &damaged] {
            let found = read(bytes, None).map(|_| ()).map_err(|error| (error.code, error.detail.is_empty()));
            assert_eq!(found, Err((Code::FileUnreadable, false)));
        }
    }
}

#[test]
fn a_bomb_is_refused_soon() {
    let start = Instant::now();
    // Twice what unpacks freely, of members of a mebibyte and of one frame.
    let members = |byte: u8| gzip(&vec![byte; 1 << 20]).repeat(128);
    let frame = zstd::encode_all(io::repeat(b' ').take(1 << 27), 1).unwrap();
    for (bomb, code) in
        [(members(0), Code::NotATable), (members(b' '), Code::TooLarge), (frame, Code::TooLarge)]
    {
        assert_eq!(read(&bomb, None).unwrap_err().code, code);
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    // The same ratio does no harm where the whole is small.
    let little = vec![b' '; UNPACKED_FREE_BYTES as usize];
    assert_eq!(read(&zstd::encode_all(little.as_slice(), 1).unwrap(), None).unwrap().0.len(), little.len());
}

#[test]
fn only_a_regular_file_is_opened() {
    let (folder, path) = written(b"a\n");
    assert!(regular(&path).is_ok());
    assert_eq!(regular(folder.path()).unwrap_err().code, Code::FileUnreadable);
    assert_eq!(regular(&folder.path().join("none")).unwrap_err().code, Code::FileUnreadable);
    #[cfg(unix)]
    {
        let link = folder.path().join("link.csv");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(open(&link, None).err().unwrap().code, Code::PathRefused);
        // Nobody writes to the pipe: opening it would never return.
        let pipe = folder.path().join("pipe.csv");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(open(&pipe, None).err().unwrap().code, Code::FileUnreadable);
        assert_eq!(regular(Path::new("/dev/zero")).unwrap_err().code, Code::FileUnreadable);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_error_or_text(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        magic in prop::sample::select(vec![&b""[..], b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\xff\xfe", b"\xfe\xff"]),
    ) {
        if let Ok((text, encoding, _)) = read(&[magic, bytes.as_slice()].concat(), None) {
            prop_assert!(encoding == "UTF-8" || std::str::from_utf8(&text).is_ok());
            prop_assert!(!text.contains(&0));
        }
    }
}
