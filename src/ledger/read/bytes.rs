//! A file as a stream of UTF-8, whatever it was packed and encoded with, in bounded memory.

mod unpack;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::base::error::{Code, Error, Result};
use unpack::{Decoded, Packing};

/// Bytes looked at for a byte order mark or the pattern of UTF-16.
const SAMPLE_BYTES: usize = 4096;

/// Longest byte order mark.
const MARK_BYTES_MAX: usize = 3;

/// A stream of text, and what it took to read it.
pub struct Opened {
    /// UTF-8 without a byte order mark. Bytes that are not UTF-8 come through unchanged where the file is mostly UTF-8, so that
    /// each row that has them can be named. What it fails with, [`unreadable`] turns into an error.
    pub reader: Box<dyn Read + Send>,
    /// How it is encoded.
    pub encoding: &'static Encoding,
    /// What it was packed with: `gzip` or `zstd`.
    pub packed: Option<&'static str>,
}

/// Opens a file that is one: not a link, a folder, a pipe or a device.
pub fn regular(path: &Path) -> Result<File> {
    let failed = |cause: io::Error| unreadable(path, &cause);
    let irregular = || Error::new(Code::FileUnreadable).file(path).detail("it is not a regular file");
    // Asked before it is opened: opening a pipe would wait for its other end.
    let kind = fs::symlink_metadata(path).map_err(failed)?.file_type();
    if kind.is_symlink() {
        return Err(Error::new(Code::PathRefused).file(path).detail("it is a link"));
    }
    if !kind.is_file() {
        return Err(irregular());
    }
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_file() { Ok(file) } else { Err(irregular()) }
}

/// Opens a file of text and finds out how it is encoded. A byte order mark tells; else it is as stated; else the bytes
/// themselves tell, all of which are looked at.
pub fn open(path: &Path, stated: Option<&'static Encoding>) -> Result<Opened> {
    let failed = |cause: io::Error| unreadable(path, &cause);
    let (mut source, _) = unpacked(path)?;
    let mut sample = Vec::with_capacity(SAMPLE_BYTES);
    source.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut sample).map_err(failed)?;
    let mark = Encoding::for_bom(&sample).map(|(encoding, _)| encoding);
    let told = mark.or(stated).or_else(|| utf16_by_pattern(&sample));
    // The scan also proves that a packed file is whole before a row of it is taken.
    let scan = Scan::of(reopen(path, told.unwrap_or(UTF_8))?.reader).map_err(failed)?;
    if scan.nul {
        let found = "it has NUL bytes: a binary file, or UTF-16 text without a byte order mark";
        return Err(Error::new(Code::NotATable).file(path).detail(found));
    }
    let guessed = if scan.invalid && !scan.multibyte { WINDOWS_1252 } else { UTF_8 };
    reopen(path, told.unwrap_or(guessed))
}

/// Opens a file whose encoding is known.
pub fn reopen(path: &Path, encoding: &'static Encoding) -> Result<Opened> {
    let failed = |cause: io::Error| unreadable(path, &cause);
    let (mut source, packed) = unpacked(path)?;
    let mut start = Vec::with_capacity(MARK_BYTES_MAX);
    source.by_ref().take(MARK_BYTES_MAX as u64).read_to_end(&mut start).map_err(failed)?;
    let mark_bytes = Encoding::for_bom(&start).map_or(0, |(_, bytes)| bytes);
    let source = io::Cursor::new(start.split_off(mark_bytes)).chain(source);
    let reader: Box<dyn Read + Send> =
        if encoding == UTF_8 { Box::new(source) } else { Box::new(Decoded::new(Box::new(source), encoding)) };
    Ok(Opened { reader, encoding, packed })
}

/// The unpacked bytes of a file, and what it is packed with.
fn unpacked(path: &Path) -> Result<(Box<dyn Read + Send>, Option<&'static str>)> {
    let failed = |cause: io::Error| unreadable(path, &cause);
    let file = regular(path)?;
    let packing = Packing::of(&file).map_err(failed)?;
    Ok((packing.reader(&file).map_err(failed)?, packing.name()))
}

/// What a failed read of a file means to the user.
pub fn unreadable(path: &Path, cause: &io::Error) -> Error {
    let code = if cause.kind() == ErrorKind::FileTooLarge { Code::TooLarge } else { Code::FileUnreadable };
    Error::new(code).file(path).detail(cause)
}

/// UTF-16 without a mark: Latin letters and digits have a zero in every pair, always on the same side.
fn utf16_by_pattern(sample: &[u8]) -> Option<&'static Encoding> {
    let zeros = |side: usize| sample.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let enough = (sample.len() / 8).max(1);
    match (zeros(0), zeros(1)) {
        (0, odd) if odd >= enough => Some(UTF_16LE),
        (even, 0) if even >= enough => Some(UTF_16BE),
        _ => None,
    }
}

/// What there is in a stream of bytes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Scan {
    /// A byte of zero.
    nul: bool,
    /// Something that is not UTF-8.
    invalid: bool,
    /// A character of several bytes.
    multibyte: bool,
}

impl Scan {
    /// Reads a stream to its end, or to its first zero.
    fn of(mut source: impl Read) -> io::Result<Self> {
        let mut scan = Self::default();
        let mut buffer = vec![0; 64 * 1024];
        let mut kept = 0;
        while !scan.nul {
            let read = match source.read(&mut buffer[kept..]) {
                Ok(0) => break,
                Ok(read) => read,
                Err(cause) if cause.kind() == ErrorKind::Interrupted => continue,
                Err(cause) => return Err(cause),
            };
            let filled = kept + read;
            scan.nul = buffer[kept..filled].contains(&0);
            let rest = scan.take(&buffer[..filled]);
            buffer.copy_within(filled - rest..filled, 0);
            kept = rest;
        }
        scan.invalid |= kept > 0;
        Ok(scan)
    }

    /// Looks at some bytes; how many at the end are the beginning of a character cut in two.
    fn take(&mut self, mut bytes: &[u8]) -> usize {
        loop {
            let (valid, wrong) = match std::str::from_utf8(bytes) {
                Ok(_) => (bytes.len(), Some(0)),
                Err(cause) => (cause.valid_up_to(), cause.error_len()),
            };
            self.multibyte |= !bytes[..valid].is_ascii();
            bytes = &bytes[valid..];
            let Some(wrong) = wrong else { return bytes.len() };
            if wrong == 0 {
                return 0;
            }
            self.invalid = true;
            bytes = &bytes[wrong..];
        }
    }
}

#[cfg(test)]
mod tests;
