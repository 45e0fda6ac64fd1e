//! The two binary formats, made by hand from their published layouts.

use super::*;

/// A BIFF12 record: type and size in groups of seven bits.
fn brt(kind: u16, data: &[u8]) -> Vec<u8> {
    let kind = if kind < 0x80 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
    assert!(data.len() < 0x80);
    [&kind, &[data.len() as u8][..], data].concat()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&(text.len() as u32).to_le_bytes()[..], &units].concat()
}

/// `B2` is `id`, `C2` 25000.5, `A3` -7, but for what `spoil` does to the parts.
pub fn xlsb(spoil: impl Fn(&mut [u8])) -> Vec<u8> {
    let cell = |column: u32, value: &[u8]| [&column.to_le_bytes()[..], &[0; 4], value].concat();
    let sheet = [vec![0; 8], wide("r0"), wide("Items")].concat();
    let mut book = [brt(0x9c, &sheet), brt(0x90, &[]), brt(0x9d, &[0; 4])].concat();
    let mut rows = [
        brt(0x94, &[0; 16]),
        brt(0x91, &[]),
        brt(0, &1_u32.to_le_bytes()),
        brt(6, &cell(1, &wide("id"))),
        brt(5, &cell(2, &25000.5_f64.to_le_bytes())),
        brt(0, &2_u32.to_le_bytes()),
        // A whole number is stored above two bits, the second of which says so.
        brt(2, &cell(0, &(-7_i32 << 2 | 2).to_le_bytes())),
        brt(0x92, &[]),
    ]
    .concat();
    spoil(&mut book);
    spoil(&mut rows);
    zipped(&[
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", relations(&[("worksheet", "worksheets/s0.bin")]).as_bytes()),
        ("xl/worksheets/s0.bin", &rows),
    ])
}

fn biff(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

fn number(row: u16, column: u16, value: f64) -> Vec<u8> {
    let place = [row, column, 0].map(u16::to_le_bytes).concat();
    biff(0x203, &[&place[..], &value.to_le_bytes()].concat())
}

/// An OLE file of a table of sectors, a directory, and the workbook in eight sectors: one sheet of these records.
fn ole(records: &[u8]) -> Vec<u8> {
    let begin = |kind: u8| biff(0x809, &[0, 6, kind, 0, 0, 0, 0, 0]);
    let sheet = |at: u32| biff(0x85, &[&at.to_le_bytes()[..], &[0, 0, 5, 0], b"Items"].concat());
    let start = (begin(5).len() + sheet(0).len() + biff(10, &[]).len()) as u32;
    let stream =
        [begin(5), sheet(start), biff(10, &[]), begin(0x10), records.to_vec(), biff(10, &[])].concat();
    let mut file = vec![0; 512 * 11];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &super::ole::MAGIC);
    put(26, &[3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    // One sector of the table, which is sector 0; the directory is sector 1; no further list.
    put(44, &[1, 0, 0, 0, 1, 0, 0, 0]);
    put(68, &0xffff_fffe_u32.to_le_bytes());
    put(76, &[0xff; 436]);
    put(76, &[0; 4]);
    put(512, &[0xff; 512]);
    for (sector, next) in [0xffff_fffd, 0xffff_fffe].into_iter().chain(3..=9).chain([0xffff_fffe]).enumerate()
    {
        put(512 + 4 * sector, &u32::to_le_bytes(next));
    }
    for (at, name, start, size) in [(0, "Root Entry", 0xffff_fffe, 0), (1, "Workbook", 2, 4096_u32)] {
        let entry = 1024 + 128 * at;
        put(entry, &name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
        put(entry + 116, &u32::to_le_bytes(start));
        put(entry + 120, &size.to_le_bytes());
    }
    put(1536, &stream);
    file
}

/// `B2` is `id`, `C2` 25000.5, `A3` -7.
pub fn xls() -> Vec<u8> {
    let label = biff(0x204, &[&[1, 0, 1, 0, 0, 0, 2, 0, 0][..], b"id"].concat());
    ole(&[label, number(1, 2, 25000.5), number(2, 0, -7.0)].concat())
}

#[test]
fn both_are_read_as_what_they_hold() {
    let expected = "Items\n2: |id|25000.5\n3: -7";
    assert_eq!(shown(&xlsb(|_| ()), None).unwrap(), expected);
    assert_eq!(shown(&xls(), Some("Items")).unwrap(), expected);
}

#[test]
fn an_xls_that_would_take_all_memory_is_refused() {
    let far = [number(0, 0, 1.0), number(65_535, 65_535, 1.0)].concat();
    assert_eq!(code(&ole(&far), None), Code::TooLarge);
    let stated = [&0_u32.to_le_bytes()[..], &u32::MAX.to_le_bytes(), &[0, 0, 0xff, 0xff, 0, 0]].concat();
    assert_eq!(code(&ole(&biff(0x200, &stated)), None), Code::TooLarge);
    // A full sheet of the format is within the limit.
    let full = [number(0, 0, 1.0), number(65_535, 255, 1.0)].concat();
    assert!(super::ole::vet(&ole(&full)).is_ok());
}

#[test]
fn an_xls_whose_chains_never_end_is_damaged() {
    let mut directory = xls();
    directory[512 + 4] = 1;
    directory[512 + 5..512 + 8].fill(0);
    assert_eq!(code(&directory, None), Code::WorkbookDamaged);
    let mut lists = xls();
    lists[68..72].copy_from_slice(&1_u32.to_le_bytes());
    assert_eq!(code(&lists, None), Code::WorkbookDamaged);
    let mut long = xls();
    long[1024 + 128 + 120..1024 + 128 + 124].fill(0xff);
    assert_eq!(code(&long, None), Code::WorkbookDamaged);
    let mut protected = xls();
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    protected[1024 + 256..1024 + 256 + name.len()].copy_from_slice(&name);
    assert!(shown(&protected, None).unwrap_err().detail.contains("password"));
}
