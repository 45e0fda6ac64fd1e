//! Files to records. Every format becomes the same: blocks of records of cells, the header row among them, each record
//! with its line or row. Nothing is interpreted here. Blocks are handed over as they are read, so that the memory needed
//! does not grow with the file.

mod bytes;
mod files;
mod json;
mod parquet;
mod quiet;
mod records;
mod sniff;
mod split;
mod text;
mod workbook;

use std::ops::ControlFlow;

use encoding_rs::Encoding;

pub use files::{Format, Source, find, inside, list};
pub use records::Records;
pub use text::TextColumn;

use crate::base::error::{Code, Error, Result};
use crate::base::limits::HEADER_SEARCH_RECORDS;

/// What must be known to read a file, where its bytes do not prove it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dialect {
    /// Sheet of a workbook, or member of a JSON object.
    pub sheet: Option<String>,
    /// WHATWG label of a text's encoding, as stated.
    pub encoding: Option<String>,
    /// How a text is encoded, once it was looked at.
    pub proved: Option<&'static Encoding>,
    /// Character between fields; found out when the text is looked at.
    pub delimiter: Option<u8>,
}

impl Dialect {
    fn encoding(&self) -> Option<&'static Encoding> {
        Encoding::for_label(self.encoding.as_ref()?.as_bytes())
    }
}

/// How a file turned out to be written, for the user: `UTF-8`, `gzip`, `sheet Open`.
pub type Manner = Vec<String>;

/// Takes blocks of records in the order of the file, until it has seen enough.
pub type Take<'a> = &'a mut (dyn FnMut(Vec<Records>) -> Result<ControlFlow<()>> + Send);

/// Hands over all records of a file. Of a typed format, only the columns `wanted` are read; the cells of the others are
/// empty.
pub fn each(source: &Source, dialect: &Dialect, wanted: Option<&[usize]>, take: Take) -> Result<Manner> {
    let read = match source.format {
        Format::Text => delimited(source, dialect, take),
        Format::Workbook => {
            let (records, sheets) = workbook::read(&source.path, dialect.sheet.as_deref())?;
            let _ = take(vec![records])?;
            let (read, others) = sheets.split_at(1.min(sheets.len()));
            let mut manner = vec![format!("sheet {}", read.concat())];
            if !others.is_empty() {
                manner.push(format!("sheets not read: {}", others.join(", ")));
            }
            Ok(manner)
        }
        Format::Parquet => parquet::read(&source.path, wanted, take).map(|()| Vec::new()),
        Format::Json | Format::JsonLines => json::read(source, dialect, take),
    };
    read.map_err(|error| if error.place.file.is_some() { error } else { error.file(&source.path) })
}

/// The first records of a file, among which its header is.
pub fn head(source: &Source, dialect: &Dialect) -> Result<Records> {
    let mut head = Records::default();
    let mut copy = |blocks: Vec<Records>| {
        for block in &blocks {
            for at in 0..block.len().min(HEADER_SEARCH_RECORDS - head.len()) {
                block.cells(at).for_each(|cell| head.push_cell(cell));
                head.end_record(block.line(at));
            }
        }
        let enough = head.len() >= HEADER_SEARCH_RECORDS;
        Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    };
    each(source, dialect, Some(&[]), &mut copy)?;
    Ok(head)
}

/// Finds out, once for all readings of a text, what its bytes prove: encoding and delimiter.
pub fn look(source: &Source, dialect: &mut Dialect) -> Result<()> {
    if source.format == Format::Text {
        let opened = bytes::open(&source.path, dialect.encoding())?;
        dialect.proved = Some(opened.encoding);
        if dialect.delimiter.is_none() {
            dialect.delimiter =
                Some(sniff::delimiter(opened.reader).map_err(|error| error.file(&source.path))?);
        }
    }
    Ok(())
}

/// While blocks are taken, the next ones are read and split.
fn delimited(source: &Source, dialect: &Dialect, take: Take) -> Result<Manner> {
    let encoding = dialect.proved.or(dialect.encoding()).unwrap_or(encoding_rs::UTF_8);
    let opened = bytes::reopen(&source.path, encoding)?;
    let mut splitter = split::Splitter::new(opened.reader, dialect.delimiter.unwrap_or(b','));
    let mut blocks = splitter.next()?;
    while !blocks.is_empty() {
        let (next, taken) = rayon::join(|| splitter.next(), || take(blocks));
        if taken?.is_break() {
            break;
        }
        blocks = next?;
    }
    let mut manner = vec![encoding.name().to_owned()];
    manner.extend(opened.packed.map(str::to_owned));
    Ok(manner)
}

/// A file that has no header and no rows.
pub fn empty(source: &Source) -> Error {
    Error::new(Code::NotATable).file(&source.path).detail("it has no header: it is empty")
}
