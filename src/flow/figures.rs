//! Ageing and key figures, step by step.

use std::path::{Path, PathBuf};

use super::kept::keep;
use super::{Job, Watch, as_of, read};
use crate::asof::view::LedgerView;
use crate::base::digest;
use crate::base::error::Result;
use crate::base::money::Currency;
use crate::collect::ladder::Policies;
use crate::collect::promise;
use crate::ledger::intake::Intake;
use crate::ledger::load::Loaded;
use crate::report::ageing::{self, AgedSummary, Scheme};
use crate::report::kpi::{self, KpiSummary, Period, PromisesDue, cash};
use crate::report::manifest::Under;

/// What the key figures are asked for.
#[derive(Debug, Clone)]
pub struct KpiJob {
    /// Days of the period, which ends with the as-of day.
    pub days: i32,
    /// Currency in which figures over all currencies are given besides.
    pub reporting_currency: Option<Currency>,
    /// The `cash.csv` of an earlier run.
    pub predicted: Option<PathBuf>,
    /// Dunning policies, which say until when a promise can be kept.
    pub dunning: Vec<PathBuf>,
}

/// Ages a ledger; writes it if a folder is given.
pub fn aging(job: &Job, scheme: &Scheme, out: Option<&Path>, watch: Watch) -> Result<(Intake, AgedSummary)> {
    let Loaded { ledger, intake, .. } = read(job, out, watch)?;
    let view = LedgerView::new(&ledger, as_of(job, &ledger)?)?;
    watch("age");
    let aged = ageing::age(&view, scheme)?;
    if let Some(out) = out {
        watch("write");
        let under = Under::default()
            .with("basis", Some(scheme.basis.name()))
            .with("buckets", Some(&scheme.buckets))
            .with("by", scheme.by.map(ageing::By::name));
        keep(job, ("aging", &view), &intake, (out, &[ageing::sheet(&aged)]), under)?;
    }
    Ok((intake, AgedSummary::new(&aged)))
}

/// The key figures of a period; writes them if a folder is given. A currency without a rate is left out of those over all
/// currencies, and is a problem of the ledger.
pub fn kpi(job: &Job, asked: &KpiJob, out: Option<&Path>, watch: Watch) -> Result<(Intake, KpiSummary)> {
    // Before the ledger is read: a wrong column should not take minutes to tell.
    let predicted = asked.predicted.as_deref().map(cash::read).transpose()?;
    let policies = Policies::read(&asked.dunning)?;
    let Loaded { ledger, mut intake, .. } = read(job, out, watch)?;
    let as_of = as_of(job, &ledger)?;
    let view = LedgerView::new(&ledger, as_of)?;
    watch("figures");
    let period = Period { from: as_of.0.plus(1 - asked.days), to: as_of.0 };
    let promised = PromisesDue::of(&promise::states(&view, &policies), period);
    let figures = |currency| kpi::kpis(&ledger, as_of, asked.days, currency, &promised);
    let kpis = match figures(asked.reporting_currency) {
        Err(missing) if missing.code == crate::base::error::Code::RateMissing => {
            intake.problems.push(missing);
            figures(None)?
        }
        all => all?,
    };
    if let Some(out) = out {
        watch("write");
        let mut sheets = vec![kpi::sheet(&kpis)];
        if let Some(predicted) = &predicted {
            sheets.push(cash::sheet(&cash::compare(&ledger, &view, predicted)?));
        }
        let under = Under::policies(&policies)
            .with("days", Some(asked.days))
            .with("reporting_currency", asked.reporting_currency.as_ref().map(Currency::code))
            .with("predicted_sha256", asked.predicted.as_deref().map(digest::of_file).transpose()?);
        keep(job, ("kpi", &view), &intake, (out, &sheets), under)?;
    }
    Ok((intake, KpiSummary::new(&kpis)))
}
