//! Claims, payment plans, letters and replays on the command line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use serde::Serialize;

use super::args::{LedgerArgs, currency, day};
use super::print::Printer;
use super::{Ended, found};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::base::percent::Percent;
use crate::collect::plan::{Every, Roll};
use crate::collect::replay::{Capacity, Plan};
use crate::flow::{self, ClaimJob, Law, LetterJob, PlanJob};
use crate::report::{claims, plans, replayed};
use crate::statute::interest::Debtor;

/// Under what interest is claimed.
#[derive(Debug, ClapArgs)]
struct LawArgs {
    /// Whose law, of customers of whom the ledger names none: EU, UK, DE, FR, SE, IN, US (docs/CLAIMS.md says what is kept of each).
    #[arg(long)]
    jurisdiction: Option<String>,
    /// Who owes: B2B, B2G or consumer; otherwise consumers by their mark in the ledger, and businesses.
    #[arg(long, value_parser = debtor)]
    debtor: Option<Debtor>,
    /// Agreed rate of interest a year, in percent, instead of the law's.
    #[arg(long, value_parser = percent)]
    rate: Option<Percent>,
    /// CSV file of reference rates; docs/CLAIMS.md lists its columns.
    #[arg(long)]
    rates: Option<PathBuf>,
}

/// What `claim` is asked.
#[derive(Debug, ClapArgs)]
pub struct ClaimArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this customer's invoices.
    #[arg(long)]
    customer: Option<String>,
    #[command(flatten)]
    law: LawArgs,
    /// Claim interest on what was paid late too.
    #[arg(long)]
    paid_late: bool,
    /// Dunning policy (docs/DUNNING.md), more than once for several: what letters and being late cost.
    #[arg(long)]
    dunning: Vec<PathBuf>,
    /// Folder for claims.csv, segments.csv, rejects.csv, parties.csv and manifest.json.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `plan` is asked.
#[derive(Debug, ClapArgs)]
pub struct PlanArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Customer whose past-due invoices are to be paid off.
    #[arg(long)]
    customer: String,
    /// Currency of what is paid off, where the customer owes in several (ISO 4217).
    #[arg(long, value_parser = currency)]
    plan_currency: Option<String>,
    /// Number of instalments; without it and --amount they are proposed from what the customer paid before.
    #[arg(long, conflicts_with = "amount")]
    count: Option<usize>,
    /// Amount of an instalment.
    #[arg(long)]
    amount: Option<String>,
    /// How often.
    #[arg(long, value_enum, default_value_t = EveryArg::Month)]
    every: EveryArg,
    /// Day of the first instalment; otherwise one period after the as-of day.
    #[arg(long, value_parser = day)]
    first: Option<Day>,
    /// What becomes of a day on which no payment settles.
    #[arg(long, value_enum, default_value_t = RollArg::Following)]
    roll: RollArg,
    /// A fee, paid with the first instalment.
    #[arg(long, conflicts_with = "interest")]
    fee: Option<String>,
    /// Simple interest a year on what is still owed, in percent.
    #[arg(long, value_parser = percent)]
    interest: Option<Percent>,
    /// Dunning policy (docs/DUNNING.md), more than once for several: says how long a part of an agreed plan may be on its way.
    #[arg(long)]
    dunning: Vec<PathBuf>,
    /// Folder for plan.csv, `plan_progress.csv`, rejects.csv, parties.csv and manifest.json.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `letters` is asked.
#[derive(Debug, ClapArgs)]
pub struct LettersArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Dunning policy (docs/DUNNING.md), more than once for several; otherwise those shipped.
    #[arg(long)]
    dunning: Vec<PathBuf>,
    /// Who writes (docs/LETTERS.md); otherwise a brand with gaps in brackets.
    #[arg(long)]
    brand: Option<PathBuf>,
    /// Folder of own templates, which go before those shipped.
    #[arg(long)]
    templates: Option<PathBuf>,
    /// The collectors (docs/DUNNING.md), whose telephone numbers letters give.
    #[arg(long)]
    team: Option<PathBuf>,
    #[command(flatten)]
    law: LawArgs,
    /// Folder for letters/, letters.csv, rejects.csv, parties.csv and manifest.json.
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `replay` is asked.
#[derive(Debug, ClapArgs)]
pub struct ReplayArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Mondays from this day on (YYYY-MM-DD).
    #[arg(long, value_parser = day)]
    from: Day,
    /// The last day.
    #[arg(long, value_parser = day)]
    to: Day,
    /// Contacts a week, as a number or as a share of what could be called about, `20%`.
    #[arg(long, value_parser = Capacity::parse)]
    capacity: Capacity,
    /// Dunning policy (docs/DUNNING.md), more than once for several: whom to leave alone, and what a contact is worth.
    #[arg(long)]
    dunning: Vec<PathBuf>,
    /// Folder for replay.csv, rejects.csv, parties.csv and manifest.json.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EveryArg {
    Week,
    Fortnight,
    Month,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RollArg {
    None,
    Following,
    ModifiedFollowing,
    Preceding,
}

impl LawArgs {
    fn law(&self) -> Law {
        Law {
            jurisdiction: self.jurisdiction.clone(),
            debtor: self.debtor,
            agreed: self.rate,
            rates: self.rates.clone(),
        }
    }
}

impl ClaimArgs {
    fn job(&self) -> ClaimJob {
        ClaimJob {
            customer: self.customer.clone(),
            law: self.law.law(),
            paid_late: self.paid_late,
            dunning: self.dunning.clone(),
        }
    }
}

impl PlanArgs {
    fn job(&self) -> PlanJob {
        PlanJob {
            customer: self.customer.clone(),
            currency: self.plan_currency.as_deref().and_then(crate::statute::currency::find),
            count: self.count,
            amount: self.amount.clone(),
            every: match self.every {
                EveryArg::Week => Every::Week,
                EveryArg::Fortnight => Every::Fortnight,
                EveryArg::Month => Every::Month,
            },
            first: self.first,
            roll: match self.roll {
                RollArg::None => Roll::None,
                RollArg::Following => Roll::Following,
                RollArg::ModifiedFollowing => Roll::ModifiedFollowing,
                RollArg::Preceding => Roll::Preceding,
            },
            fee: self.fee.clone(),
            interest: self.interest,
            dunning: self.dunning.clone(),
        }
    }
}

/// Works out what may be claimed. Debts for which there is no claim end in exit code 1, as rejected rows do.
pub fn claim(args: &ClaimArgs, printer: &Printer) -> Result<Ended> {
    let watch = |step| printer.step(step);
    let (intake, all) = flow::claim(&args.ledger.job(0), &args.job(), args.out.as_deref(), &watch)?;
    let summary = claims::Summary::new(&all);
    let told = found(args.json, &summary, &summary.text(), &intake, printer)?;
    Ok(if all.refused.is_empty() { told } else { Ended::WithRejects })
}

/// Cuts what a customer owes into instalments.
pub fn plan(args: &PlanArgs, printer: &Printer) -> Result<Ended> {
    let watch = |step| printer.step(step);
    let planned = flow::plan(&args.ledger.job(0), &args.job(), args.out.as_deref(), &watch)?;
    let text = plans::text(&planned.plan, &planned.reason);
    found(args.json, &planned.plan, &text, &planned.intake, printer)
}

/// Writes letters, drafts and scripts. Letters without the claim that they might have end in exit code 1, as debts without one do.
pub fn letters(args: &LettersArgs, printer: &Printer) -> Result<Ended> {
    let asked = LetterJob {
        dunning: args.dunning.clone(),
        brand: args.brand.clone(),
        templates: args.templates.clone(),
        team: args.team.clone(),
        law: args.law.law(),
    };
    let watch = |step| printer.step(step);
    let lettered = flow::letters(&args.ledger.job(0), &asked, &args.out, &watch)?;
    if args.brand.is_none() {
        printer.talk("letters without --brand have gaps in brackets: docs/LETTERS.md says how to fill them");
    }
    let written = Count {
        letters: lettered.letters.rows(),
        to_review: lettered.to_review,
        without_claim: &lettered.without_claim,
    };
    let mut text = format!("{} letters and scripts in {}\n", written.letters, args.out.display());
    if written.to_review > 0 {
        let _ = writeln!(
            text,
            "{} of them to be looked at first: letters.csv says why under review",
            written.to_review
        );
    }
    for (reason, count) in written.without_claim {
        let _ = writeln!(text, "in {count} of them {reason}");
    }
    let told = found(args.json, &written, &text, &lettered.intake, printer)?;
    Ok(if lettered.without_claim.is_empty() { told } else { Ended::WithRejects })
}

/// How many letters were written, how many a person should look at first, and how many lack the claim that they might have.
#[derive(Debug, Serialize)]
struct Count<'a> {
    letters: usize,
    to_review: usize,
    without_claim: &'a BTreeMap<String, usize>,
}

/// Works through past weeks again.
pub fn replay(args: &ReplayArgs, printer: &Printer) -> Result<Ended> {
    let plan = Plan { from: args.from, to: args.to, capacity: args.capacity };
    let watch = |step| printer.step(step);
    let (intake, replay) =
        flow::replay(&args.ledger.job(0), &plan, &args.dunning, args.out.as_deref(), &watch)?;
    let summary = replayed::Summary::new(&replay);
    found(args.json, &summary, &summary.text(), &intake, printer)
}

fn debtor(text: &str) -> std::result::Result<Debtor, String> {
    Debtor::parse(text).ok_or_else(|| format!("`{text}` is none of B2B, B2G, consumer"))
}

fn percent(text: &str) -> std::result::Result<Percent, String> {
    let parsed = Percent::parse(text).filter(|rate| *rate >= Percent::default());
    parsed.ok_or_else(|| format!("`{text}` is not a percentage like 8.5"))
}
