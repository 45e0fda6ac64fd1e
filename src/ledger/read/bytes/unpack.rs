//! Streams that unpack and streams that decode, both without holding more than a buffer.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek};

use encoding_rs::{CoderResult, Decoder, Encoding};
use flate2::read::MultiGzDecoder;

use crate::base::limits::{UNPACKED_FREE_BYTES, UNPACKED_RATIO_MAX};

/// Bytes taken from the source at a time.
const BUFFER_BYTES: usize = 32 * 1024;

/// What a file is packed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Nothing.
    Plain,
    /// gzip, of one or more members.
    Gzip,
    /// Zstandard, of one or more frames.
    Zstd,
}

impl Packing {
    /// By the first bytes, not by the name.
    pub fn of(mut file: &File) -> io::Result<Self> {
        let mut magic = Vec::new();
        file.take(4).read_to_end(&mut magic)?;
        file.rewind()?;
        Ok(match magic.as_slice() {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] => Self::Zstd,
            _ => Self::Plain,
        })
    }

    /// Its name; `None` where nothing is packed.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
        }
    }

    /// The unpacked bytes from the file's beginning. Readers of one file share its position: use one after another.
    pub fn reader(self, file: &File) -> io::Result<Box<dyn Read + Send>> {
        let packed = file.metadata()?.len();
        let mut source = file.try_clone()?;
        source.rewind()?;
        Ok(match self {
            Self::Plain => Box::new(source),
            Self::Gzip => Box::new(Bounded::new(MultiGzDecoder::new(BufReader::new(source)), packed)),
            Self::Zstd => Box::new(Bounded::new(zstd::stream::read::Decoder::new(source)?, packed)),
        })
    }
}

/// Fails once far more was unpacked than any real table has.
struct Bounded<R> {
    source: R,
    unpacked: u64,
    limit: u64,
}

impl<R> Bounded<R> {
    fn new(source: R, packed: u64) -> Self {
        Self {
            source,
            unpacked: 0,
            limit: packed.saturating_mul(UNPACKED_RATIO_MAX).max(UNPACKED_FREE_BYTES),
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.unpacked += read as u64;
        if self.unpacked > self.limit {
            let found = format!("it unpacks to more than {UNPACKED_RATIO_MAX} times its size");
            return Err(io::Error::new(ErrorKind::FileTooLarge, found));
        }
        Ok(read)
    }
}

/// Turns bytes of an encoding into UTF-8; what the encoding does not have becomes U+FFFD.
pub struct Decoded {
    source: Box<dyn Read + Send>,
    decoder: Decoder,
    raw: Vec<u8>,
    /// The part of `raw` not decoded yet.
    raw_left: std::ops::Range<usize>,
    text: Vec<u8>,
    /// The part of `text` not handed out yet.
    text_left: std::ops::Range<usize>,
    source_ended: bool,
    ended: bool,
}

impl Decoded {
    /// Decodes a source that has no byte order mark, or none any more.
    pub fn new(source: Box<dyn Read + Send>, encoding: &'static Encoding) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: vec![0; BUFFER_BYTES],
            raw_left: 0..0,
            text: vec![0; 2 * BUFFER_BYTES],
            text_left: 0..0,
            source_ended: false,
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        if self.raw_left.is_empty() && !self.source_ended {
            let read = self.source.read(&mut self.raw)?;
            self.raw_left = 0..read;
            self.source_ended = read == 0;
        }
        let raw = &self.raw[self.raw_left.clone()];
        let (result, read, written, _) = self.decoder.decode_to_utf8(raw, &mut self.text, self.source_ended);
        self.raw_left.start += read;
        self.text_left = 0..written;
        self.ended = self.source_ended && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.text_left.is_empty() && !self.ended {
            self.refill()?;
        }
        let size = buffer.len().min(self.text_left.len());
        let start = self.text_left.start;
        buffer[..size].copy_from_slice(&self.text[start..start + size]);
        self.text_left.start += size;
        Ok(size)
    }
}
