//! Stub.
use super::Records;
use crate::base::error::{Code, Error, Result};
use std::path::Path;
pub fn read(path: &Path, _sheet: Option<&str>) -> Result<(Records, String)> {
    Err(Error::new(Code::WorkbookDamaged).file(path))
}
