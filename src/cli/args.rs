//! What may be asked on the command line. Filling these touches nothing: no file, no environment.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::collecting::{ClaimArgs, LettersArgs, PlanArgs, ReplayArgs};
use super::figures::{AgingArgs, KpiArgs};
use super::invalid;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::collect::priority::holdout::HoldOut;
use crate::flow::{DeskJob, Job, Ranking};
use crate::ledger::load::Opening;
use crate::synth;

/// Reads exported ledgers, predicts which invoices will be paid late, and writes the ranked list of whom to call.
///
/// Exit codes: 0 clean, 1 done with rejects (or a model that was not promoted), 2 could not run.
#[derive(Debug, Parser)]
#[command(name = "duewise", version, max_term_width = 110)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say nothing on stderr but errors.
    #[arg(long, global = true)]
    pub quiet: bool,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole job: check, train if no model is given, score, and rank whom to call.
    Run(RankArgs),
    /// Validate a ledger: rejects, control totals, and what its tables switch on.
    Check {
        #[command(flatten)]
        ledger: LedgerArgs,
        /// Folder for rejects.csv and parties.csv.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the mapping of exported files: the preset that knows a header, or a draft to be corrected.
    Map {
        /// Exported files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Train a model on a ledger and keep it as a new version; exit 1 if it does not beat the rule and the version in use.
    Train {
        #[command(flatten)]
        ledger: LedgerArgs,
        /// Days after the due day from which an invoice counts as late.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..=3650))]
        grace: i32,
        /// Folder the version is written under.
        #[arg(long, default_value = "models")]
        models: PathBuf,
        /// Name of the model.
        #[arg(long, default_value = "late")]
        name: String,
        /// Bring it into use if it beats the rule and the version in use: `--model MODELS/NAME` then means this version.
        #[arg(long)]
        promote: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Bring the version before the one in use into use again.
    Rollback {
        /// Folder of the versions.
        #[arg(long, default_value = "models")]
        models: PathBuf,
        /// Name of the model.
        #[arg(long, default_value = "late")]
        name: String,
    },
    /// Why an open invoice has the risk that it has.
    Explain {
        #[command(flatten)]
        ledger: LedgerArgs,
        /// Number of the invoice.
        invoice: String,
        /// Folder of a trained model, or MODELS/NAME for the version in use; otherwise one is trained on the ledger itself.
        #[arg(long)]
        model: Option<PathBuf>,
        /// Days after the due day from which an invoice counts as late, for the model trained here.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..=3650), conflicts_with = "model")]
        grace: i32,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Whether a model still fits a ledger: what has moved since it was trained; exit 1 if it should be trained anew.
    Drift {
        #[command(flatten)]
        ledger: LedgerArgs,
        /// Folder of the model, or MODELS/NAME for the version in use.
        #[arg(long)]
        model: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Risk of every open invoice, and of every customer.
    Score(RankArgs),
    /// Whom to call, ranked, and whom not to call.
    Worklist(RankArgs),
    /// What does not fit: bills and invoices against orders, receipts and their own sums, payments against invoices.
    Exceptions {
        #[command(flatten)]
        ledger: LedgerArgs,
        /// What every rule lets pass; otherwise the policy shipped, data/policy/exceptions.toml.
        #[arg(long)]
        policy: Option<PathBuf>,
        /// Folder for the findings, the queue, how often rules were right, rejects.csv, parties.csv and manifest.json.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Which payment settles which invoices: learned from the allocations of the past, each with its confidence and reasons.
    Match {
        #[command(flatten)]
        ledger: LedgerArgs,
        /// What is held back and what is too little to ask about, under [cash]; otherwise data/policy/exceptions.toml.
        #[arg(long)]
        policy: Option<PathBuf>,
        /// Share of automatic matches that may be wrong; the confidence from which a match is automatic follows from it.
        #[arg(long, default_value_t = 0.005, value_parser = error_share)]
        error: f64,
        /// Folder for matches, unmatched payments, rejects.csv, parties.csv and manifest.json.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// What may be claimed for invoices past due: principal, interest by law or agreement, fixed sums, with every segment.
    Claim(ClaimArgs),
    /// Cut what a customer owes past due into instalments, and say how agreed plans fare.
    Plan(PlanArgs),
    /// Letters, mail drafts and call scripts for the steps of the dunning policy that are due. Nothing is sent.
    Letters(LettersArgs),
    /// Work through past weeks again: how much of what came late the list would have reached, beside other orders of calling.
    Replay(ReplayArgs),
    /// What is open by age, as of any day: the buckets sum to the open balance, and that to the receivables account.
    Aging(AgingArgs),
    /// Key figures of a period (DSO, CEI, days beyond terms, roll rates …), each with its formula and inputs.
    Kpi(KpiArgs),
    /// Compare the models on rolling monthly origins.
    Backtest {
        #[command(flatten)]
        ledger: LedgerArgs,
        /// Days after the due day from which an invoice counts as late.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..=3650))]
        grace: i32,
        /// Print one JSON object per model.
        #[arg(long)]
        json: bool,
    },
    /// What a model sees of an invoice: name, family, unit and meaning of every feature.
    Features {
        /// List the features.
        #[arg(long, required = true)]
        list: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a realistic ledger from a seed, with planted exceptions and their truth.
    Synth(SynthArgs),
}

impl Command {
    /// Steps that the command's flow announces, for the progress bar.
    pub fn steps(&self) -> u64 {
        match self {
            Self::Run(_) | Self::Score(_) | Self::Worklist(_) => 6,
            Self::Explain { .. } => 4,
            Self::Backtest { .. } | Self::Letters(_) => 3,
            Self::Exceptions { out, .. } | Self::Match { out, .. } => 3 + u64::from(out.is_some()),
            Self::Replay(ReplayArgs { out, .. })
            | Self::Aging(AgingArgs { out, .. })
            | Self::Kpi(KpiArgs { out, .. })
            | Self::Claim(ClaimArgs { out, .. })
            | Self::Plan(PlanArgs { out, .. }) => 2 + u64::from(out.is_some()),
            Self::Train { .. } | Self::Drift { .. } | Self::Synth(_) => 2,
            Self::Check { .. } => 1,
            Self::Features { .. } | Self::Map { .. } | Self::Rollback { .. } => 0,
        }
    }
}

/// The ledger, and the day from which it is looked at.
#[derive(Debug, ClapArgs)]
pub struct LedgerArgs {
    /// Folder of tables or exports, or one file of invoices.
    ledger: PathBuf,
    /// Mapping of foreign files; otherwise ledger.toml in the folder.
    #[arg(long)]
    mapping: Option<PathBuf>,
    /// Currency of rows that do not say theirs (ISO 4217).
    #[arg(long, value_parser = currency)]
    currency: Option<String>,
    /// Use only what was known when this day ended (YYYY-MM-DD); otherwise the last day anything became known, and for
    /// `backtest` the day through which settlements are complete.
    #[arg(long, value_parser = day)]
    as_of: Option<Day>,
}

/// What the verbs that rank are asked.
#[derive(Debug, ClapArgs)]
pub struct RankArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Folder of a trained model, or MODELS/NAME for the version in use; otherwise one is trained on the ledger itself.
    #[arg(long)]
    model: Option<PathBuf>,
    /// Days after the due day from which an invoice counts as late, for the model trained here.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..=3650), conflicts_with = "model")]
    grace: i32,
    /// State what is open in this currency too (ISO 4217), at the rates of `fx`.
    #[arg(long, value_parser = currency)]
    reporting_currency: Option<String>,
    /// Make no contact about less than this many units of the account's currency, whatever the dunning policy's minimum is.
    #[arg(long)]
    minimum: Option<u32>,
    /// Dunning policy (docs/DUNNING.md), more than once for several; otherwise those shipped.
    #[arg(long)]
    dunning: Vec<PathBuf>,
    /// Who makes contacts, and when (docs/DUNNING.md): adds the week's schedule.
    #[arg(long)]
    team: Option<PathBuf>,
    /// Leave this share of customers alone by lot, so that the effect of contacts can be measured.
    #[arg(long, value_parser = hold_out)]
    hold_out: Option<f64>,
    /// Seed of the lot: another one draws other customers.
    #[arg(long, default_value_t = 1)]
    hold_out_seed: u64,
    /// Folder for the files.
    #[arg(long, default_value = "out")]
    pub out: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// What the generator is asked.
#[derive(Debug, ClapArgs)]
pub struct SynthArgs {
    /// Invoices to make.
    #[arg(long, default_value_t = 10_000)]
    invoices: usize,
    /// Seed; the same seed makes the same ledger.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// First day of the history.
    #[arg(long, value_parser = day, default_value = "2024-01-01")]
    first_day: Day,
    /// Days of history.
    #[arg(long, default_value_t = synth::Settings::DAYS_DEFAULT)]
    days: i32,
    /// Folder for the tables.
    #[arg(long)]
    pub out: PathBuf,
    /// How the tables are written.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
}

/// File formats of the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Parquet,
}

impl LedgerArgs {
    /// The job they ask for.
    pub fn job(&self, grace_days: i32) -> Job {
        Job { opening: self.opening(), as_of: self.as_of, grace_days }
    }

    /// The ledger they name.
    pub fn opening(&self) -> Opening {
        Opening {
            ledger: self.ledger.clone(),
            mapping: self.mapping.clone(),
            currency: self.currency.clone(),
        }
    }
}

impl RankArgs {
    /// The job they ask for.
    pub fn job(&self) -> Job {
        self.ledger.job(self.grace)
    }

    /// How they ask for the ranking.
    pub fn ranking(&self) -> Result<Ranking> {
        let hold_out = self.hold_out.map(|share| HoldOut::new(share, self.hold_out_seed)).transpose()?;
        Ok(Ranking {
            desk: DeskJob {
                dunning: self.dunning.clone(),
                minimum: self.minimum,
                team: self.team.clone(),
                hold_out,
            },
            model: self.model.clone(),
            reporting_currency: self.reporting_currency.as_deref().and_then(crate::statute::currency::find),
            out: self.out.clone(),
        })
    }
}

impl SynthArgs {
    /// The settings they ask for.
    pub fn settings(&self) -> Result<synth::Settings> {
        if !(1..=36_500).contains(&self.days) {
            return Err(invalid("--days must be from 1 to 36500"));
        }
        Ok(synth::Settings {
            invoices: self.invoices,
            seed: self.seed,
            first_day: self.first_day,
            days: self.days,
        })
    }

    /// Whether Parquet is asked for.
    pub fn is_parquet(&self) -> bool {
        self.format == Format::Parquet
    }
}

pub(super) fn currency(text: &str) -> std::result::Result<String, String> {
    let known = crate::statute::currency::find(text);
    known.map(|found| found.code().to_owned()).ok_or_else(|| format!("`{text}` is not an ISO 4217 code"))
}

pub(super) fn day(text: &str) -> std::result::Result<Day, String> {
    Day::from_iso(text).ok_or_else(|| format!("`{text}` is not a day like 2026-01-31"))
}

/// A share of customers: from none to below all.
fn hold_out(text: &str) -> std::result::Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if (0.0..1.0).contains(&share) { Ok(share) } else { Err("must be from 0 to below 1".to_owned()) }
}

/// A share of errors: above nothing, at most all.
fn error_share(text: &str) -> std::result::Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if share > 0.0 && share <= 1.0 { Ok(share) } else { Err("must be above 0 and at most 1".to_owned()) }
}
