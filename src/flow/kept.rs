//! What verbs write that take no model: their tables, and the record of what they were made of.

use std::path::{Path, PathBuf};

use super::{Job, PARTIES_FILE, REJECTS_FILE, inputs, rows};
use crate::asof::view::LedgerView;
use crate::base::error::Result;
use crate::base::sheet::Sheet;
use crate::ledger::intake::Intake;
use crate::report::manifest::{Figures, FileHash, Under};
use crate::report::write;

/// Writes sheets and the record of what they were made of.
pub(super) fn keep(
    job: &Job,
    command: (&'static str, &LedgerView),
    intake: &Intake,
    sheets: (&Path, &[Sheet]),
    under: Under,
) -> Result<()> {
    keep_beside(job, command, intake, sheets, (under, Vec::new()))
}

/// The same beside files that were written already.
pub(super) fn keep_beside(
    job: &Job,
    (command, view): (&'static str, &LedgerView),
    intake: &Intake,
    (out, sheets): (&Path, &[Sheet]),
    (under, files): (Under, Vec<FileHash>),
) -> Result<()> {
    let written = sheets.iter().map(|sheet| write::csv(out, sheet));
    let mut outputs: Vec<PathBuf> = written.collect::<Result<_>>()?;
    outputs.extend([REJECTS_FILE, PARTIES_FILE].map(|file| out.join(file)));
    let hashed = outputs.iter().map(|path| FileHash::new(out, path));
    let record = Figures {
        duewise: env!("CARGO_PKG_VERSION"),
        command,
        as_of: view.as_of().0,
        under: under.with("currency", job.opening.currency.as_ref()),
        rows: rows(intake),
        inputs: inputs(job, intake)?,
        outputs: hashed.chain(files.into_iter().map(Ok)).collect::<Result<_>>()?,
    };
    write::text(&out.join("manifest.json"), &record.json()?)
}
