//! Finding exceptions, step by step.

use std::path::Path;

use super::{Job, PARTIES_FILE, REJECTS_FILE, Watch, after_the_end, inputs, keep_rejects, rows};
use crate::asof::documents::Documents;
use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::base::digest;
use crate::base::error::{Code, Error, Result};
use crate::exception;
use crate::exception::case::Case;
use crate::exception::finding::Finding;
use crate::exception::outlooks::outlooks;
use crate::exception::policy::{Policy, SHIPPED};
use crate::exception::route;
use crate::exception::triage::{self, Verdicts};
use crate::exception::twins::Learned;
use crate::ledger::Ledger;
use crate::ledger::intake::Intake;
use crate::ledger::load::{self, Loaded};
use crate::ledger::register::Register;
use crate::report::exceptions::{List, Made, Summary, precision, queue, sheet};
use crate::report::manifest::FileHash;
use crate::report::{ageing, blocked, write};

/// What a run found.
#[derive(Debug)]
pub struct Exceptions {
    /// Rejects and problems of the ledger.
    pub intake: Intake,
    /// By rule and amount at stake.
    pub findings: Vec<Finding>,
    /// By rule.
    pub summary: Summary,
}

/// Finds what does not fit; writes it if a folder is given.
pub fn exceptions(job: &Job, policy: Option<&Path>, out: Option<&Path>, watch: Watch) -> Result<Exceptions> {
    // Before the ledger is read: a wrong key should not take minutes to tell.
    let (rules, policy_sha256) = (Policy::read(policy)?, policy_digest(policy)?);
    watch("read");
    let (Loaded { ledger, mut intake, control }, register) = load::with_register(&job.opening)?;
    intake.problems.extend(ageing::control(&ledger, &control)?);
    keep_rejects(&job.opening, out, &mut intake)?;
    intake.refuse_empty(&job.opening.ledger, !register.documents.is_empty())?;
    let as_of = as_of(job.as_of, &ledger, &register, &mut intake)?;
    let documents = Documents::new(register, as_of);
    intake.notes.extend(rules.strangers(&documents));
    // A ledger of bills alone has no claims.
    let claims = LedgerView::new(&ledger, as_of).ok();
    watch("learn");
    let verdicts = Verdicts::of(&documents);
    let learned = Learned::of(&documents, &rules, &verdicts)?;
    let outlooks = outlooks(&documents)?;
    watch("compare");
    let case = Case::new(&documents, claims, &rules, learned);
    let findings = exception::find(&case);
    let triaged = triage::triage(&documents, &findings, &verdicts, &rules);
    let list = List { findings: &findings, triaged: &triaged, verdicts: &verdicts };
    let summary = Summary::new(as_of.0, &rules.version, list, case.relisted.len());
    if let Some(out) = out {
        watch("write");
        let queue = queue(list, &route::tasks(&findings, &triaged, &rules, as_of));
        let mut outputs = Vec::new();
        let blocked = outlooks.map(|all| blocked::sheet(&documents, &all));
        for sheet in [sheet(list), queue, precision(&summary.triage)].into_iter().chain(blocked) {
            outputs.extend([write::csv(out, &sheet)?, write::parquet(out, &sheet)?]);
        }
        outputs.extend([REJECTS_FILE, PARTIES_FILE].map(|file| out.join(file)));
        let made = Made {
            duewise: env!("CARGO_PKG_VERSION"),
            command: "exceptions",
            as_of: as_of.0,
            policy_version: rules.version.clone(),
            policy_sha256,
            rows: rows(&intake),
            inputs: inputs(job, &intake)?,
            outputs: outputs.iter().map(|path| FileHash::new(out, path)).collect::<Result<_>>()?,
        };
        write::text(&out.join("manifest.json"), &made.json()?)?;
    }
    Ok(Exceptions { intake, findings, summary })
}

pub(super) fn policy_digest(policy: Option<&Path>) -> Result<String> {
    policy.map_or_else(|| Ok(digest::of_bytes(SHIPPED.as_bytes())), digest::of_file)
}

/// The day asked for, or the last one on which anything became known, of documents and of what happened to them.
pub(super) fn as_of(
    asked: Option<Day>,
    ledger: &Ledger,
    register: &Register,
    intake: &mut Intake,
) -> Result<AsOf> {
    let known = ledger.last_known().map(|as_of| as_of.0).max(register.last_known());
    intake.notes.extend(after_the_end(asked, known));
    let first = register.documents.iter().map(|document| document.stamp.known).min();
    match asked.or(known) {
        Some(day) if first.is_some_and(|first| first <= day) => Ok(AsOf(day)),
        _ => Err(Error::new(Code::AsOfTooEarly).column("--as-of")),
    }
}
