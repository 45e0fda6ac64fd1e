//! Working through the past, step by step.

use std::path::{Path, PathBuf};

use super::kept::keep;
use super::{Job, Watch, as_of, read};
use crate::asof::view::LedgerView;
use crate::base::error::Result;
use crate::collect::ladder::Policies;
use crate::collect::replay::{self, Plan, Replay};
use crate::ledger::intake::Intake;
use crate::ledger::load::Loaded;
use crate::report::manifest::Under;
use crate::report::replayed::sheet;

/// Replays the past of a ledger; writes its lines if a folder is given.
pub fn replay(
    job: &Job,
    plan: &Plan,
    dunning: &[PathBuf],
    out: Option<&Path>,
    watch: Watch,
) -> Result<(Intake, Replay)> {
    let policies = Policies::read(dunning)?;
    let Loaded { ledger, intake, .. } = read(job, out, watch)?;
    let end = as_of(job, &ledger)?;
    watch("replay");
    let replay = replay::replay(&ledger, end, plan, &policies, &replay::train)?;
    if let Some(out) = out {
        watch("write");
        let view = LedgerView::new(&ledger, end)?;
        let under = Under::policies(&policies)
            .with("from", Some(plan.from))
            .with("to", Some(plan.to))
            .with("capacity", Some(plan.capacity));
        keep(job, ("replay", &view), &intake, (out, &[sheet(&replay.lines)]), under)?;
    }
    Ok((intake, replay))
}
