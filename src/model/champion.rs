//! Which version of a model is in use, and which were before: a log beside the versions, a line for each change, never
//! rewritten. The model in use is what its lines come to.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::artefact::{ARTEFACT_FILE, Artefact};
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};

/// A change of the model in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What was done.
    pub action: Action,
    /// The version in use since, a folder beside the log.
    pub version: String,
    /// The version in use before.
    pub replaces: Option<String>,
    /// Identifies the model in use since by its content.
    pub model_id: String,
    /// Nothing known after this day was learned from.
    pub training_cut: Day,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A version that passed its test came into use.
    Promote,
    /// The version before came into use again.
    Rollback,
}

/// The models of one name.
#[derive(Debug, Clone)]
pub struct Versions<'a> {
    models: &'a Path,
    name: &'a str,
}

impl<'a> Versions<'a> {
    /// Those of a name under a folder.
    pub fn new(models: &'a Path, name: &'a str) -> Result<Self> {
        if name.is_empty()
            || !name.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_'))
        {
            return Err(Error::new(Code::OptionInvalid)
                .detail(format!("`{name}` is not a name of letters, digits, - and _")));
        }
        Ok(Self { models, name })
    }

    /// The first `name-vN` that does not exist: versions are kept, never overwritten.
    pub fn next(&self) -> Result<PathBuf> {
        let versions = (1..).map(|version: u32| self.models.join(format!("{}-v{version}", self.name)));
        versions
            .into_iter()
            .find(|folder| !folder.exists())
            .ok_or_else(|| Error::new(Code::OutputUnwritable).file(self.models))
    }

    fn log(&self) -> PathBuf {
        self.models.join(format!("{}.promotions.jsonl", self.name))
    }

    /// Every change so far, the first first.
    pub fn changes(&self) -> Result<Vec<Change>> {
        let path = self.log();
        if !path.exists() {
            return Ok(Vec::new());
        }
        let damaged =
            |cause: &dyn std::fmt::Display| Error::new(Code::ArtefactUnreadable).file(&path).detail(cause);
        let text = std::fs::read_to_string(&path).map_err(|cause| damaged(&cause))?;
        text.lines().map(|line| serde_json::from_str(line).map_err(|cause| damaged(&cause))).collect()
    }

    /// Folder of the version in use.
    pub fn in_use(&self) -> Result<Option<PathBuf>> {
        Ok(self.changes()?.last().map(|change| self.models.join(&change.version)))
    }

    /// Brings a version, a folder beside the log, into use.
    pub fn promote(&self, folder: &Path, artefact: &Artefact) -> Result<Change> {
        let version = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let replaces = self.changes()?.pop().map(|change| change.version);
        self.write(Action::Promote, version, replaces, artefact)
    }

    /// Brings the version before the one in use into use again.
    pub fn roll_back(&self) -> Result<Change> {
        let nothing = |detail: &str| Error::new(Code::NoVersionBefore).file(&self.log()).detail(detail);
        let mut versions: Vec<String> = Vec::new();
        for change in self.changes()? {
            match change.action {
                Action::Promote => versions.push(change.version),
                Action::Rollback => drop(versions.pop()),
            }
        }
        let current = versions.pop().ok_or_else(|| nothing("no version is in use"))?;
        let before = versions.pop().ok_or_else(|| nothing(&format!("`{current}` is the first")))?;
        let artefact = Artefact::read(&self.models.join(&before))?;
        self.write(Action::Rollback, before, Some(current), &artefact)
    }

    fn write(
        &self,
        action: Action,
        version: String,
        replaces: Option<String>,
        artefact: &Artefact,
    ) -> Result<Change> {
        let path = self.log();
        let training_cut = artefact.training_cut;
        let change = Change { action, version, replaces, model_id: artefact.id()?, training_cut };
        let failed =
            |cause: &dyn std::fmt::Display| Error::new(Code::OutputUnwritable).file(&path).detail(cause);
        let line = serde_json::to_string(&change).map_err(|cause| failed(&cause))?;
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&path);
        log.and_then(|mut log| writeln!(log, "{line}")).map_err(|cause| failed(&cause))?;
        Ok(change)
    }
}

/// The folder that holds a model: the one given, or the version in use of the name that it ends with.
pub fn resolve(given: &Path) -> Result<PathBuf> {
    if given.join(ARTEFACT_FILE).exists() {
        return Ok(given.to_owned());
    }
    let name = given.file_name().unwrap_or_default().to_string_lossy();
    let models = given.parent().unwrap_or(Path::new(""));
    let in_use = Versions::new(models, &name).and_then(|versions| versions.in_use());
    // What is no name has no versions: the folder itself is then what cannot be read.
    Ok(in_use.ok().flatten().unwrap_or_else(|| given.to_owned()))
}
