//! What a run was made of: enough to make it again and to see that it was. It holds no time of day and no paths of the
//! machine, so that two runs on the same input write the same manifest.

use std::path::Path;

use serde::Serialize;

use crate::base::day::Day;
use crate::base::digest;
use crate::base::error::{Code, Error, Result};

/// A file by its name and content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FileHash {
    /// Name inside its folder.
    pub name: String,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// The record of a run.
#[derive(Debug, Serialize)]
pub struct Manifest {
    /// Version of duewise.
    pub duewise: &'static str,
    /// What was asked.
    pub command: &'static str,
    /// Nothing known after this day was used.
    pub as_of: Day,
    /// Days after the due day from which an invoice counts as late.
    pub grace_days: i32,
    /// Least amount worth a contact, in major units, where it was given in place of the policies'.
    pub minimum_major: Option<u32>,
    /// Identifies the model.
    pub model_id: String,
    /// Identifies the set of features.
    pub feature_hash: String,
    /// Rows read, accepted and rejected, over all tables.
    pub rows: [usize; 3],
    /// Files read.
    pub inputs: Vec<FileHash>,
    /// Files written.
    pub outputs: Vec<FileHash>,
}

/// The record of figures that take neither a model nor a policy.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// Version of duewise.
    pub duewise: &'static str,
    /// What was asked.
    pub command: &'static str,
    /// Nothing known after this day was used.
    pub as_of: Day,
    /// Rows read, accepted and rejected, over all tables.
    pub rows: [usize; 3],
    /// Files read.
    pub inputs: Vec<FileHash>,
    /// Files written.
    pub outputs: Vec<FileHash>,
}

impl FileHash {
    /// Hashes a file, named within `folder`.
    pub fn new(folder: &Path, path: &Path) -> Result<Self> {
        let inside = path.strip_prefix(folder).ok().filter(|name| !name.as_os_str().is_empty());
        let name = inside.or_else(|| path.file_name().map(Path::new)).unwrap_or(path);
        Ok(Self { name: name.display().to_string(), sha256: digest::of_file(path)? })
    }

    /// One hash over several files.
    pub fn combine(files: &[Self]) -> String {
        let lines: Vec<String> = files.iter().map(|file| format!("{} {}", file.sha256, file.name)).collect();
        digest::of_bytes(lines.join("\n").as_bytes())
    }
}

impl Manifest {
    /// The manifest as it is written to a file.
    pub fn json(&self) -> Result<String> {
        json(self)
    }
}

impl Figures {
    /// As it is written to a file.
    pub fn json(&self) -> Result<String> {
        json(self)
    }
}

fn json(record: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(record);
    text.map(|text| text + "\n").map_err(|cause| Error::new(Code::OutputUnwritable).detail(cause))
}
