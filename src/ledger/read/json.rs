//! JSON: one object a line (NDJSON), or a list of objects. Values stay the text they are written as, so that `25000.00`
//! keeps its cents and an id its digits.

mod object;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use encoding_rs::Encoding;
use serde_json::value::RawValue;

use super::bytes::{open, unreadable};
use super::records::Records;
use super::{Dialect, Format, Manner, Source, Take};
use crate::base::error::{Code, Error, Result};
use crate::base::limits::{BLOCK_BYTES, COLUMNS_MAX, FILE_BYTES_MAX, JSON_LINE_BYTES_MAX};
use object::Object;

/// A JSON file and what the mapping says of it.
#[derive(Debug, Clone, Copy)]
struct JsonFile<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// Its encoding, where the bytes do not tell.
    pub encoding: Option<&'static Encoding>,
    /// Whether it has one object a line.
    pub lines: bool,
    /// The member of the outermost object that holds the rows, where several do.
    pub member: Option<&'a str>,
}

/// Objects in a block of records.
const BLOCK_RECORDS: usize = 20_000;

/// Hands over the header, then the records.
pub fn read(source: &Source, dialect: &Dialect, take: Take) -> Result<Manner> {
    let encoding = dialect.encoding();
    let lines = source.format == Format::JsonLines;
    let file = JsonFile { path: &source.path, encoding, lines, member: dialect.sheet.as_deref() };
    let names = headers(&file)?;
    let mut header = Records::default();
    for name in &names {
        header.push_cell(name);
    }
    header.end_record(0);
    let mut goes_on = take(vec![header])?.is_continue();
    if goes_on {
        records(&file, &names, BLOCK_RECORDS, &mut |block| {
            // What is not wanted any more is read, but not taken.
            goes_on = goes_on && take(vec![block])?.is_continue();
            Ok(())
        })?;
    }
    Ok(Vec::new())
}

/// The keys of all objects, in order of first appearance.
fn headers(file: &JsonFile) -> Result<Vec<String>> {
    let mut keys = Keys::default();
    file.each(&mut |row, text| {
        let Some(Ok(object)) = text.map(Object::parse) else { return Ok(()) };
        for (at, (key, _)) in object.pairs.iter().enumerate() {
            if keys.position(key, at).is_none() {
                keys.add(key);
            }
        }
        if keys.names.len() > COLUMNS_MAX {
            let found = format!("its objects have more than {COLUMNS_MAX} different keys");
            return Err(Error::new(Code::TooLarge).file(file.path).row(row).detail(found));
        }
        Ok(())
    })?;
    if keys.names.is_empty() {
        return Err(Error::new(Code::NotATable).file(file.path).detail("it has no object with a key"));
    }
    Ok(keys.names)
}

/// Hands on all records in blocks of at most `block`, the cells in the order of `headers`. A record is on the line it is
/// written on, or at its position in the list, from 1. Text is unescaped, `null` is empty, and what is nested is its JSON.
///
/// What is no object, or has a key twice, is a record with the fault [`Code::RecordInvalid`]; a line that is not UTF-8 has
/// [`Code::TextInvalid`]. Where nothing could be read, such a record has no cells.
fn records(
    file: &JsonFile,
    headers: &[String],
    block: usize,
    each: &mut dyn FnMut(Records) -> Result<()>,
) -> Result<()> {
    let mut keys = Keys::default();
    for header in headers {
        keys.add(header);
    }
    let mut records = Records::default();
    file.each(&mut |row, text| {
        match text.map(Object::parse) {
            None => records.fault(Code::TextInvalid),
            Some(Err(_)) => records.fault(Code::RecordInvalid),
            Some(Ok(object)) => push(&object, &keys, &mut records),
        }
        records.end_record(row);
        if records.len() >= block || records.text_len() >= BLOCK_BYTES {
            each(std::mem::take(&mut records))?;
        }
        Ok(())
    })?;
    if records.is_empty() { Ok(()) } else { each(records) }
}

fn push(object: &Object, keys: &Keys, records: &mut Records) {
    let mut cells = vec![None; keys.names.len()];
    for (at, (key, value)) in object.pairs.iter().enumerate() {
        let Some(cell) = keys.position(key, at).and_then(|position| cells.get_mut(position)) else {
            continue;
        };
        if cell.replace(value.get()).is_some() {
            records.fault(Code::RecordInvalid);
        }
    }
    for cell in cells {
        if !object::push_value(cell.unwrap_or_default(), records) {
            records.fault(Code::RecordInvalid);
        }
    }
}

/// Called with each record's row and text; `None` is text that is not UTF-8.
type Each<'a> = &'a mut dyn FnMut(u64, Option<&str>) -> Result<()>;

impl JsonFile<'_> {
    fn each(&self, each: Each) -> Result<()> {
        if self.lines { self.each_line(each) } else { self.each_element(each) }
    }

    fn each_line(&self, each: Each) -> Result<()> {
        let mut reader = BufReader::with_capacity(1 << 18, open(self.path, self.encoding)?.reader);
        let mut line = Vec::new();
        for row in 1.. {
            line.clear();
            let limit = JSON_LINE_BYTES_MAX as u64 + 1;
            let read = reader.by_ref().take(limit).read_until(b'\n', &mut line);
            if read.map_err(|cause| unreadable(self.path, &cause))? == 0 {
                break;
            }
            if line.len() > JSON_LINE_BYTES_MAX {
                let found =
                    format!("the line is longer than {JSON_LINE_BYTES_MAX} bytes: one list is named .json");
                return Err(Error::new(Code::TooLarge).file(self.path).row(row).detail(found));
            }
            let bytes = line.trim_ascii();
            if !bytes.is_empty() {
                each(row, std::str::from_utf8(bytes).ok())?;
            }
        }
        Ok(())
    }

    fn each_element(&self, each: Each) -> Result<()> {
        let invalid = |found: String| Error::new(Code::NotATable).file(self.path).detail(found);
        let mut bytes = Vec::new();
        open(self.path, self.encoding)?
            .reader
            .take(FILE_BYTES_MAX + 1)
            .read_to_end(&mut bytes)
            .map_err(|cause| unreadable(self.path, &cause))?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            let found =
                format!("plain JSON is read up to {FILE_BYTES_MAX} bytes; beyond, write one object a line");
            return Err(Error::new(Code::TooLarge).file(self.path).detail(found));
        }
        let text = String::from_utf8(bytes).map_err(|cause| invalid(cause.to_string()))?;
        let list = if text.trim_start().starts_with('[') { text.as_str() } else { self.list_in(&text)? };
        let elements: Vec<&RawValue> =
            serde_json::from_str(list).map_err(|cause| invalid(cause.to_string()))?;
        (1..).zip(elements).try_for_each(|(row, element)| each(row, Some(element.get())))
    }

    /// The list of objects that the outermost object holds.
    fn list_in<'t>(&self, text: &'t str) -> Result<&'t str> {
        let invalid = |found: String| Error::new(Code::NotATable).file(self.path).detail(found);
        let outer = Object::parse(text).map_err(|cause| invalid(cause.to_string()))?;
        let lists: Vec<(&str, &str)> = outer
            .pairs
            .iter()
            .map(|(key, value)| (key.as_ref(), value.get()))
            .filter(|(_, value)| is_list_of_objects(value))
            .collect();
        let names = || lists.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
        match (self.member, lists.as_slice()) {
            (Some(member), _) => {
                lists.iter().find(|(key, _)| *key == member).map(|(_, list)| *list).ok_or_else(|| {
                    let found =
                        format!("no member `{member}` is a list of objects; those that are: {}", names());
                    Error::new(Code::MappingInvalid).file(self.path).detail(found)
                })
            }
            (None, [(_, list)]) => Ok(list),
            (None, []) => {
                let all: Vec<&str> = outer.pairs.iter().map(|(key, _)| key.as_ref()).collect();
                Err(invalid(format!("no member is a list of objects; its members are: {}", all.join(", "))))
            }
            (None, _) => Err(invalid(format!("several members are lists of objects, name one: {}", names()))),
        }
    }
}

fn is_list_of_objects(value: &str) -> bool {
    value.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'))
}

/// Keys with their positions.
#[derive(Default)]
struct Keys {
    names: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Keys {
    fn add(&mut self, name: &str) {
        self.positions.insert(name.to_owned(), self.names.len());
        self.names.push(name.to_owned());
    }

    /// Where a key stands. Most objects of a file have the same keys in the same order, so the position asked for is tried first.
    fn position(&self, key: &str, usual: usize) -> Option<usize> {
        if self.names.get(usual).is_some_and(|name| name == key) {
            return Some(usual);
        }
        self.positions.get(key).copied()
    }
}

#[cfg(test)]
mod tests;
