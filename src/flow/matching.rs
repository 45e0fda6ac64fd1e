//! Cash application, step by step.

use std::path::Path;

use super::exceptions::{as_of, policy_digest};
use super::{Job, PARTIES_FILE, REJECTS_FILE, Watch, inputs, keep_rejects, rows};
use crate::asof::documents::Documents;
use crate::asof::view::LedgerView;
use crate::base::error::{Code, Error, Result};
use crate::exception::case::Case;
use crate::exception::cash::CashModel;
use crate::exception::cash::books::Books;
use crate::exception::policy::Policy;
use crate::exception::twins::Learned;
use crate::ledger::intake::Intake;
use crate::ledger::load::{self, Loaded};
use crate::report::exceptions::Made;
use crate::report::manifest::FileHash;
use crate::report::matches::{Summary, matches, unmatched};
use crate::report::{ageing, write};

/// Fewest allocations of the past to learn from.
const PAST_SETS_MIN: usize = 50;

/// Seed of what is drawn while learning.
const SEED: u64 = 1;

/// What came of matching.
#[derive(Debug)]
pub struct Matched {
    /// Rejects and problems of the ledger.
    pub intake: Intake,
    /// By standing and by reason.
    pub summary: Summary,
}

/// Matches payments that are on nothing with open invoices; writes the proposals if a folder is given. `error_max` is the share
/// of automatic matches that may be wrong.
pub fn matching(
    job: &Job,
    policy: Option<&Path>,
    error_max: f64,
    out: Option<&Path>,
    watch: Watch,
) -> Result<Matched> {
    // Before the ledger is read: a wrong key should not take minutes to tell.
    let (rules, policy_sha256) = (Policy::read(policy)?, policy_digest(policy)?);
    watch("read");
    let (Loaded { ledger, mut intake, control }, register) = load::with_register(&job.opening)?;
    intake.problems.extend(ageing::control(&ledger, &control)?);
    keep_rejects(&job.opening, out, &mut intake)?;
    intake.refuse_empty(&job.opening.ledger, !ledger.invoices.is_empty())?;
    let as_of = as_of(job.as_of, &ledger, &register, &mut intake)?;
    let documents = Documents::new(register, as_of);
    let books =
        Books::of(&Case::new(&documents, LedgerView::new(&ledger, as_of).ok(), &rules, Learned::default()));
    let known = books.past.sets.len();
    if known < PAST_SETS_MIN {
        return Err(Error::new(Code::AllocationsTooFew)
            .detail(format!("{known} payments were allocated by {as_of}; learning takes {PAST_SETS_MIN}")));
    }
    watch("learn");
    let model = CashModel::learn(&books.past, error_max, SEED)?;
    watch("match");
    let applied = model.apply(&books.items, &books.receipts, &books.known, rules.cash.small_difference);
    let summary = Summary::new(as_of.0, known, model.automatic_from(), &books, &applied);
    if let Some(out) = out {
        watch("write");
        let mut outputs = Vec::new();
        for sheet in [matches(&books, &applied), unmatched(&books, &applied)] {
            outputs.extend([write::csv(out, &sheet)?, write::parquet(out, &sheet)?]);
        }
        outputs.extend([REJECTS_FILE, PARTIES_FILE].map(|file| out.join(file)));
        let made = Made {
            duewise: env!("CARGO_PKG_VERSION"),
            command: "match",
            as_of: as_of.0,
            policy_version: rules.version.clone(),
            policy_sha256,
            rows: rows(&intake),
            inputs: inputs(job, &intake)?,
            outputs: outputs.iter().map(|path| FileHash::new(out, path)).collect::<Result<_>>()?,
        };
        write::text(&out.join("manifest.json"), &made.json()?)?;
    }
    Ok(Matched { intake, summary })
}
