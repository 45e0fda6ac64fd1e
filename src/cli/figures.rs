//! Ageing and key figures on the command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::args::{LedgerArgs, currency};
use super::print::Printer;
use super::{Ended, found};
use crate::base::error::Result;
use crate::flow;
use crate::report::ageing::{Basis, Buckets, By, Scheme};

/// What `aging` is asked.
#[derive(Debug, ClapArgs)]
pub struct AgingArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Day from which age is counted.
    #[arg(long, value_enum, default_value_t = BasisArg::Due)]
    basis: BasisArg,
    /// Last day of each bucket, ascending.
    #[arg(long, default_value = "30,60,90,120", value_parser = Buckets::parse)]
    buckets: Buckets,
    /// Give a row for each of these, besides currencies.
    #[arg(long, value_enum)]
    by: Option<ByArg>,
    /// Folder for ageing.csv, rejects.csv, parties.csv and manifest.json.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `kpi` is asked.
#[derive(Debug, ClapArgs)]
pub struct KpiArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Days of the period, which ends with the as-of day.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i32).range(1..=3650))]
    days: i32,
    /// Give the figures over all currencies too, in this one (ISO 4217), at the rates of `fx`.
    #[arg(long, value_parser = currency)]
    reporting_currency: Option<String>,
    /// The cash.csv of an earlier run: what it predicted is held against what came (with --out, in `cash_actual.csv`).
    #[arg(long, requires = "out")]
    predicted: Option<PathBuf>,
    /// Dunning policy (docs/DUNNING.md), more than once for several: says until when a promise can be kept.
    #[arg(long)]
    dunning: Vec<PathBuf>,
    /// Folder for kpi.csv, rejects.csv, parties.csv and manifest.json.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BasisArg {
    Due,
    Issued,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ByArg {
    Customer,
    Collector,
    Segment,
}

impl AgingArgs {
    fn scheme(&self) -> Scheme {
        let basis = match self.basis {
            BasisArg::Due => Basis::Due,
            BasisArg::Issued => Basis::Issued,
        };
        let by = self.by.map(|by| match by {
            ByArg::Customer => By::Customer,
            ByArg::Collector => By::Collector,
            ByArg::Segment => By::Segment,
        });
        Scheme { basis, buckets: self.buckets.clone(), by }
    }
}

/// Ages a ledger.
pub fn aging(args: &AgingArgs, printer: &Printer) -> Result<Ended> {
    let watch = |step| printer.step(step);
    let (intake, aged) = flow::aging(&args.ledger.job(0), &args.scheme(), args.out.as_deref(), &watch)?;
    found(args.json, &aged, &aged.text(), &intake, printer)
}

/// Gives the key figures of a ledger.
pub fn kpi(args: &KpiArgs, printer: &Printer) -> Result<Ended> {
    let watch = |step| printer.step(step);
    let asked = flow::KpiJob {
        days: args.days,
        reporting_currency: args.reporting_currency.as_deref().and_then(crate::statute::currency::find),
        predicted: args.predicted.clone(),
        dunning: args.dunning.clone(),
    };
    let (intake, kpis) = flow::kpi(&args.ledger.job(0), &asked, args.out.as_deref(), &watch)?;
    found(args.json, &kpis, &kpis.text(), &intake, printer)
}
