//! Stub.
use super::{Manner, Source, Take};
use crate::base::error::{Code, Error, Result};
pub fn read(source: &Source, _member: Option<&str>, _take: Take) -> Result<Manner> {
    Err(Error::new(Code::NotATable).file(&source.path))
}
