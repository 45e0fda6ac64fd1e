//! Looks over a workbook that is a zip archive, before calamine unpacks it.

use std::fs::File;
use std::io::{self, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::damaged;
use crate::base::error::{Code, Error, Result};
use crate::base::limits::{FILE_BYTES_MAX, UNPACKED_FREE_BYTES, UNPACKED_RATIO_MAX};

/// Which kind of workbook it is, as far as reading it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `.xlsx` or `.xlsm`.
    Xlsx,
    /// `.xlsb`.
    Xlsb,
}

/// Unpacks everything once, to nowhere: that no part is damaged, and that the whole is within the limits. The sizes that the
/// archive states are asked first, but not believed.
pub fn vet(file: &File) -> Result<Kind> {
    let packed = file.metadata().map_err(damaged)?.len();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    let mut left = packed.saturating_mul(UNPACKED_RATIO_MAX).clamp(UNPACKED_FREE_BYTES, FILE_BYTES_MAX);
    let mut stated = 0_u64;
    for at in 0..archive.len() {
        stated = stated.saturating_add(archive.by_index_raw(at).map_err(damaged)?.size());
    }
    if stated > left {
        return Err(too_large());
    }
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(damaged)?;
        let strings = entry.name().map_err(damaged)?.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let size = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(damaged)?;
        left = left.checked_sub(size).ok_or_else(too_large)?;
        if strings {
            vet_strings(archive.by_index(at).map_err(damaged)?, size)?;
        }
    }
    Ok(if archive.index_for_name("xl/workbook.bin").is_some() { Kind::Xlsb } else { Kind::Xlsx })
}

/// calamine allocates for as many strings as a table of strings says it has; each takes at least a byte.
fn vet_strings(entry: impl Read, size: u64) -> Result<()> {
    let mut xml = Reader::from_reader(BufReader::new(entry));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "sst" => {
                let honest = tag.attributes().with_checks(false).flatten().all(|attribute| {
                    attribute.key.as_ref() != "uniqueCount"
                        || attribute.value.parse().is_ok_and(|count: u64| count <= size)
                });
                return if honest {
                    Ok(())
                } else {
                    Err(damaged("its table of strings states a false count"))
                };
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn too_large() -> Error {
    let found =
        format!("it unpacks to more than {UNPACKED_RATIO_MAX} times its size, or {FILE_BYTES_MAX} bytes");
    Error::new(Code::TooLarge).detail(found)
}
