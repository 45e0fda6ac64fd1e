//! What a run was made of: enough to make it again and to see that it was. It holds no time of day and no paths of the
//! machine, so that two runs on the same input write the same manifest.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::base::day::Day;
use crate::base::digest;
use crate::base::error::{Code, Error, Result};
use crate::collect::capacity::team::Team;
use crate::collect::ladder::{Policies, Policy};
use crate::statute::reference::ReferenceRates;

/// A file by its name and content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FileHash {
    /// Name inside its folder.
    pub name: String,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// What a run was made under besides its ledger; what was not used is left out.
#[derive(Debug, Default, Serialize)]
pub struct Under {
    /// The dunning policies, those shipped last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dunning: Vec<Versioned>,
    /// Who makes the contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<Versioned>,
    /// Who writes: SHA-256 of the brand's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_sha256: Option<String>,
    /// One hash over all templates, the folder's own and those shipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub templates_sha256: Option<String>,
    /// Picture of the brand: SHA-256 of its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_sha256: Option<String>,
    /// Tables of reference rates, the user's first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<RateTable>,
    /// Options that change what is written, by name, those that stand by default among them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<&'static str, String>,
}

/// A file of the user's with its own version.
#[derive(Debug, Serialize)]
pub struct Versioned {
    /// What it calls itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its version, as it says.
    pub version: String,
    /// SHA-256 of the file in hex.
    pub sha256: String,
}

/// A table of rates.
#[derive(Debug, Serialize)]
pub struct RateTable {
    /// SHA-256 of the file in hex.
    pub sha256: String,
    /// The last day for which it has any rate.
    pub last_day: Option<Day>,
}

impl Under {
    /// Some dunning policies.
    pub fn policies(policies: &Policies) -> Self {
        let versioned = |policy: &Policy| Versioned {
            name: policy.name.clone(),
            version: policy.version.clone(),
            sha256: policy.sha256.clone(),
        };
        Self { dunning: policies.all().map(versioned).collect(), ..Self::default() }
    }

    /// The same with a team, if there is one.
    #[must_use]
    pub fn with_team(self, team: Option<&Team>) -> Self {
        let versioned = |team: &Team| Versioned {
            name: String::new(),
            version: team.version.clone(),
            sha256: team.sha256.clone(),
        };
        Self { team: team.map(versioned), ..self }
    }

    /// The same with an option, if it was given.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "values are made in place")]
    pub fn with(mut self, option: &'static str, value: Option<impl ToString>) -> Self {
        self.options.extend(value.map(|value| (option, value.to_string())));
        self
    }

    /// The same with reference rates.
    #[must_use]
    pub fn with_rates(self, rates: &ReferenceRates) -> Self {
        let table =
            |(sha256, last_day): (&str, Option<Day>)| RateTable { sha256: sha256.to_owned(), last_day };
        Self { rates: rates.versions().map(table).collect(), ..self }
    }
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
    /// What it was made under.
    #[serde(flatten)]
    pub under: Under,
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

/// The record of what takes no model.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// Version of duewise.
    pub duewise: &'static str,
    /// What was asked.
    pub command: &'static str,
    /// Nothing known after this day was used.
    pub as_of: Day,
    /// What it was made under.
    #[serde(flatten)]
    pub under: Under,
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

    /// Hashes the bytes of a file by a name.
    pub fn of_bytes(name: String, bytes: &[u8]) -> Self {
        Self { name, sha256: digest::of_bytes(bytes) }
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
