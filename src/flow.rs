//! Floor 8: the only module that knows the order of the work. Each verb is a straight line of named steps.

mod claims;
mod desk;
mod exceptions;
mod figures;
mod kept;
mod letter_claims;
mod letters;
mod matching;
mod replay;

use std::path::{Path, PathBuf};

pub use claims::{ClaimJob, Law, PlanJob, Planned, claim, plan};
pub use desk::DeskJob;
pub use exceptions::{Exceptions, exceptions};
pub use figures::{KpiJob, aging, kpi};
pub use letters::{LetterJob, Lettered, letters};
pub use matching::{Matched, matching};
pub use replay::replay;

use crate::asof::frame::{Snapshots, TrainingTable};
use crate::asof::history::History;
use crate::asof::timing::Timing;
use crate::asof::view::{LedgerView, OpenItem};
use crate::base::day::{AsOf, Day};
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::base::sheet::Sheet;
use crate::collect::credit;
use crate::collect::worklist::Worklist;
use crate::ledger::Ledger;
use crate::ledger::intake::Intake;
use crate::ledger::load::{self, Loaded, Opening};
use crate::ledger::party::census;
use crate::ledger::plan;
use crate::model::artefact::{ARTEFACT_FILE, Artefact};
use crate::model::backtest::{self, Backtest};
use crate::model::card::card;
use crate::model::champion::{self, Change, Versions};
use crate::model::drift::{self, Drift};
use crate::model::score::{Detail, RiskScore, Scoring};
use crate::model::train::internal;
use crate::report::ageing::Scheme;
use crate::report::credit::sheet as credit_sheet;
use crate::report::explained::Explained;
use crate::report::manifest::{FileHash, Manifest};
use crate::report::summary::Summary;
use crate::report::{ageing, cash, settlement, tables, write};
use crate::synth;
use desk::{Desk, Laid};

/// File of the rejected rows.
const REJECTS_FILE: &str = "rejects.csv";

/// File of the parties that should be looked at.
const PARTIES_FILE: &str = "parties.csv";

/// Is told the name of each step as it begins.
pub type Watch<'a> = &'a dyn Fn(&'static str);

/// What every verb on a ledger is asked.
#[derive(Debug, Clone)]
pub struct Job {
    /// The ledger, and how it is mapped.
    pub opening: Opening,
    /// Nothing known after this day is used; otherwise the last day on which anything became known.
    pub as_of: Option<Day>,
    /// Days after the due day from which an invoice counts as late.
    pub grace_days: i32,
}

/// What the verbs that rank are asked besides.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// Folder of a trained model; otherwise one is trained on the ledger itself.
    pub model: Option<PathBuf>,
    /// How accounts are dunned, and by whom.
    pub desk: DeskJob,
    /// Currency in which the net receivable is stated besides.
    pub reporting_currency: Option<Currency>,
    /// Folder the files are written to.
    pub out: PathBuf,
}

/// Which of the files of a run are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All of them.
    Everything,
    /// Scores and the customers' roll-up.
    Scores,
    /// The call list and what is not on it.
    Worklist,
}

/// Checks a ledger; writes its rejects if a folder is given.
pub fn check(opening: &Opening, out: Option<&Path>, watch: Watch) -> Result<Intake> {
    watch("read");
    // Only a stated balance needs the facts; without one, a file of any size is checked within the memory of its ids.
    let mut intake = if opening.mapping()?.states_control() {
        let Loaded { ledger, mut intake, control } = load::load(opening)?;
        intake.problems.extend(ageing::control(&ledger, &control)?);
        intake
    } else {
        load::check(opening)?
    };
    keep_rejects(opening, out, &mut intake)?;
    intake.refuse_empty(&opening.ledger, intake.has_rows())?;
    Ok(intake)
}

/// Mappings for files: of the presets that know their headers, or drafts.
pub fn map(files: &[PathBuf]) -> Result<String> {
    let mappings: Vec<String> = files.iter().map(|file| plan::draft_mapping(file)).collect::<Result<_>>()?;
    Ok(mappings.join("\n"))
}

/// Measures every kind of model on rolling origins, by default as of the day through which the record of settlements can
/// be taken as complete.
pub fn backtest(job: &Job, watch: Watch) -> Result<(Intake, Backtest)> {
    let Loaded { ledger, intake, .. } = read(job, None, watch)?;
    let as_of = job.as_of.map(AsOf).or_else(|| ledger.settled_through());
    let as_of =
        as_of.ok_or_else(|| Error::new(Code::HistoryTooShort).detail("no invoice was ever settled"))?;
    let view = LedgerView::new(&ledger, as_of)?;
    let history = History::new(&view, job.grace_days).map_err(internal)?;
    watch("features");
    let table = TrainingTable::new(&view, &history, Snapshots::Issue).map_err(internal)?;
    watch("back-test");
    let backtest = backtest::run(&table, &Timing::new(&view))?;
    Ok((intake, backtest))
}

/// A model that was trained and kept.
#[derive(Debug)]
pub struct Trained {
    /// The model.
    pub artefact: Artefact,
    /// Where it was written.
    pub folder: PathBuf,
    /// The change of the model in use, if it was asked for and the model passed.
    pub change: Option<Change>,
}

/// Trains a model and writes it as the next version of `name` under `models`; brings it into use if that is wanted and it beats
/// the rule and the version in use.
pub fn train(job: &Job, models: &Path, name: &str, promote: bool, watch: Watch) -> Result<(Intake, Trained)> {
    let versions = Versions::new(models, name)?;
    let in_use = versions.in_use()?.map(|folder| Artefact::read(&folder)).transpose()?;
    let loaded = read(job, None, watch)?;
    let inputs = inputs(job, &loaded.intake)?;
    let view = LedgerView::new(&loaded.ledger, as_of(job, &loaded.ledger)?)?;
    let history = History::new(&view, job.grace_days).map_err(internal)?;
    watch("train");
    let hash = FileHash::combine(&inputs);
    let artefact = Artefact::train(&view, &history, &Timing::new(&view), &hash, in_use.as_ref())?;
    let folder = versions.next()?;
    save(&artefact, &folder)?;
    let wanted = promote && artefact.passes();
    let change = wanted.then(|| versions.promote(&folder, &artefact)).transpose()?;
    Ok((loaded.intake, Trained { artefact, folder, change }))
}

/// Brings the version before the one in use into use again.
pub fn roll_back(models: &Path, name: &str) -> Result<Change> {
    Versions::new(models, name)?.roll_back()
}

/// One open invoice's risk, taken apart.
pub fn explain(
    job: &Job,
    invoice: &str,
    model: Option<&Path>,
    watch: Watch,
) -> Result<(Intake, Vec<Explained>)> {
    let Loaded { ledger, intake, .. } = read(job, None, watch)?;
    let view = LedgerView::new(&ledger, as_of(job, &ledger)?)?;
    // Before anything is trained: a wrong number should not take minutes to tell.
    let asked = |item: &OpenItem| view.invoice(item.invoice).id == invoice;
    let items: Vec<OpenItem> = view.open_items().into_iter().filter(asked).collect();
    if items.is_empty() {
        let detail = format!("`{invoice}` as of {}", view.as_of());
        return Err(Error::new(Code::InvoiceNotOpen).detail(detail));
    }
    let timing = Timing::new(&view);
    let (history, artefact) = answering(job, model, &view, &timing, &[], watch)?;
    watch("explain");
    let scoring = Scoring { view: &view, history: &history, timing: &timing, artefact: &artefact };
    let scores = scoring.items(&items, Detail::Reasons)?;
    Ok((intake, scores.iter().map(|score| Explained::new(&view, &artefact, score)).collect()))
}

/// Whether a model still fits a ledger.
pub fn drift(job: &Job, model: &Path, watch: Watch) -> Result<(Intake, Drift)> {
    let Loaded { ledger, intake, .. } = read(job, None, watch)?;
    let view = LedgerView::new(&ledger, as_of(job, &ledger)?)?;
    let artefact = Artefact::read_as_of(&champion::resolve(model)?, view.as_of())?;
    let history = History::new(&view, artefact.grace_days).map_err(internal)?;
    watch("drift");
    let drift = drift::drift(&view, &history, &Timing::new(&view), &artefact)?;
    Ok((intake, drift))
}

/// The model that was named or, without one, one trained on the ledger itself; with the history that it reads.
fn answering(
    job: &Job,
    named: Option<&Path>,
    view: &LedgerView,
    timing: &Timing,
    inputs: &[FileHash],
    watch: Watch,
) -> Result<(History, Artefact)> {
    let named = named.map(|folder| Artefact::read_as_of(&champion::resolve(folder)?, view.as_of()));
    let named = named.transpose()?;
    watch("history");
    let grace_days = named.as_ref().map_or(job.grace_days, |artefact| artefact.grace_days);
    let history = History::new(view, grace_days).map_err(internal)?;
    watch("model");
    let artefact = match named {
        Some(artefact) => artefact,
        None => Artefact::train(view, &history, timing, &FileHash::combine(inputs), None)?,
    };
    Ok((history, artefact))
}

/// A finished run.
#[derive(Debug)]
pub struct Finished {
    /// What it found.
    pub summary: Summary,
    /// Whether every row was accepted and everything adds up.
    pub clean: bool,
    /// What should be looked at besides.
    pub notes: Vec<String>,
}

/// The whole job: check, train if no model is given, score, rank, write.
pub fn run(job: &Job, ranking: &Ranking, wanted: Wanted, watch: Watch) -> Result<Finished> {
    // Before the ledger is read: a wrong key should not take minutes to tell.
    let desk = Desk::read(&ranking.desk)?;
    let Loaded { ledger, mut intake, .. } = read(job, Some(&ranking.out), watch)?;
    intake.notes.extend(desk.strangers(&ledger.customers));
    let inputs = inputs(job, &intake)?;
    let view = LedgerView::new(&ledger, as_of(job, &ledger)?)?;
    let timing = Timing::new(&view);
    let (history, artefact) = answering(job, ranking.model.as_deref(), &view, &timing, &inputs, watch)?;
    watch("score");
    let scoring = Scoring { view: &view, history: &history, timing: &timing, artefact: &artefact };
    let detail = if wanted == Wanted::Worklist { Detail::Figures } else { Detail::Reasons };
    let mut scores = scoring.all(detail)?;
    watch("rank");
    let Laid { worklist, sheets: laid } = desk.lay(&view, &scores)?;
    // The call list says why of one invoice an account.
    let told = worklist.calls.iter().filter_map(|call| worklist.first_raised(&call.account));
    scoring.give_reasons(&mut scores, told.collect())?;
    let ageing = ageing::age(&view, &Scheme::default())?;
    let converted = match ranking.reporting_currency {
        Some(currency) => ageing::converted(&view, currency).map(|net| Some((currency, net))),
        None => Ok(None),
    };
    let converted = converted.unwrap_or_else(|missing| {
        intake.problems.push(missing);
        None
    });
    watch("write");
    let mut outputs = Vec::new();
    let laid = laid.into_iter().filter(|_| wanted != Wanted::Scores);
    for sheet in sheets(wanted, &view, &scores, &worklist).into_iter().chain(laid) {
        outputs.push(write::csv(&ranking.out, &sheet)?);
        outputs.push(write::parquet(&ranking.out, &sheet)?);
    }
    outputs.extend([REJECTS_FILE, PARTIES_FILE].map(|file| ranking.out.join(file)));
    outputs.push(write::csv(&ranking.out, &ageing::sheet(&ageing))?);
    if ranking.model.is_none() {
        outputs.extend(save(&artefact, &ranking.out.join("model"))?);
    }
    let model_id = artefact.id()?;
    let manifest = Manifest {
        duewise: env!("CARGO_PKG_VERSION"),
        command: wanted.command(),
        as_of: view.as_of().0,
        grace_days: artefact.grace_days,
        under: desk
            .under()
            .with("reporting_currency", ranking.reporting_currency.as_ref().map(Currency::code)),
        model_id: model_id.clone(),
        feature_hash: artefact.model.features.hash(),
        rows: rows(&intake),
        inputs,
        outputs: outputs.iter().map(|path| FileHash::new(&ranking.out, path)).collect::<Result<_>>()?,
    };
    write::text(&ranking.out.join("manifest.json"), &manifest.json()?)?;
    let mut summary = Summary::new(&view, &intake, &ageing, (&model_id, &artefact), &worklist);
    if let Some((currency, net)) = converted {
        summary.note(format!(
            "Open less unapplied is {} in all, at the rates of {}.",
            currency.display(net),
            view.as_of()
        ));
    }
    for note in settlement::notes(&ledger.settlement) {
        summary.note(note);
    }
    if job.as_of.is_none() && ledger.seems_cut_off() {
        summary.note(format!(
            "No invoice issued after {} is settled: if the extract was cut off there, give that day with --as-of.",
            ledger.settled_through().map_or_else(String::new, |day| day.to_string())
        ));
    }
    Ok(Finished { summary, clean: intake.is_clean(), notes: intake.notes })
}

/// Makes a ledger and writes it with its truth; `parquet` instead of CSV.
pub fn synthesise(
    settings: &synth::Settings,
    out: &Path,
    parquet: bool,
    watch: Watch,
) -> Result<Vec<(String, usize)>> {
    watch("generate");
    let ledger = synth::generate(settings);
    watch("write");
    write::folder(out)?;
    let mut written = Vec::new();
    for sheet in ledger.tables {
        if parquet {
            write::parquet(out, &sheet)?
        } else {
            write::csv(out, &sheet)?
        };
        written.push((sheet.name.clone(), sheet.rows()));
    }
    // The truth is no table of the ledger, and is read by people: always CSV, in a folder of its own.
    let truth = out.join("truth");
    write::folder(&truth)?;
    write::csv(&truth, &ledger.truth)?;
    written.push(("truth".to_owned(), ledger.truth.rows()));
    Ok(written)
}

/// Reads a ledger and writes its rejects first of all, so that they are there whatever goes wrong later.
fn read(job: &Job, out: Option<&Path>, watch: Watch) -> Result<Loaded> {
    watch("read");
    let mut loaded = load::load(&job.opening)?;
    loaded.intake.problems.extend(ageing::control(&loaded.ledger, &loaded.control)?);
    keep_rejects(&job.opening, out, &mut loaded.intake)?;
    loaded.intake.refuse_empty(&job.opening.ledger, !loaded.ledger.invoices.is_empty())?;
    let note = after_the_end(job.as_of, loaded.ledger.last_known().map(|last| last.0));
    loaded.intake.notes.extend(note);
    Ok(loaded)
}

/// A note where a day is asked for that comes after everything known: a slip of the pen makes every customer late.
fn after_the_end(asked: Option<Day>, last_known: Option<Day>) -> Option<String> {
    let (asked, last) = asked.zip(last_known).filter(|(asked, last)| asked > last)?;
    let days = asked.0 - last.0;
    let s = if days == 1 { "" } else { "s" };
    Some(format!(
        "note: nothing became known after {last}, {days} day{s} before --as-of {asked}: what was not paid by then counts as unpaid"
    ))
}

fn keep_rejects(opening: &Opening, out: Option<&Path>, intake: &mut Intake) -> Result<()> {
    if let Some(out) = out {
        write::folder(out)?;
        refuse_own_folder(&opening.ledger, out)?;
        intake.kept = Some(write::csv(out, &intake.rejects_sheet())?);
        write::csv(out, &census::sheet(&intake.parties))?;
    }
    Ok(())
}

/// No ledger is ever written to: files of a run share names with tables.
fn refuse_own_folder(ledger: &Path, out: &Path) -> Result<()> {
    let real = |path: &Path| {
        path.canonicalize().map_err(|cause| Error::new(Code::FileUnreadable).file(path).detail(cause))
    };
    let ledger = real(ledger)?;
    let folder = if ledger.is_dir() { ledger.as_path() } else { ledger.parent().unwrap_or(&ledger) };
    if real(out)? == folder {
        return Err(Error::new(Code::OptionInvalid)
            .file(out)
            .detail("--out is the folder of the ledger itself"));
    }
    Ok(())
}

fn as_of(job: &Job, ledger: &Ledger) -> Result<AsOf> {
    job.as_of.map(AsOf).or_else(|| ledger.last_known()).ok_or_else(|| Error::new(Code::AsOfTooEarly))
}

/// Hashes of every file read, the mapping's included.
fn inputs(job: &Job, intake: &Intake) -> Result<Vec<FileHash>> {
    let mapping = job.opening.mapping_file().into_iter().chain(job.opening.aliases_file()?);
    let mapping: Vec<PathBuf> = mapping.collect();
    let files = intake.tables.iter().flat_map(|table| &table.files).map(|file| &file.path).chain(&mapping);
    let mut read: Vec<FileHash> =
        files.map(|path| FileHash::new(&job.opening.ledger, path)).collect::<Result<_>>()?;
    read.sort();
    // A file may feed several tables.
    read.dedup();
    Ok(read)
}

fn rows(intake: &Intake) -> [usize; 3] {
    let sum = |of: fn(&crate::ledger::intake::TableIntake) -> usize| intake.tables.iter().map(of).sum();
    [sum(|table| table.rows), sum(|table| table.accepted), intake.rejected()]
}

fn sheets(wanted: Wanted, view: &LedgerView, scores: &[RiskScore], worklist: &Worklist) -> Vec<Sheet> {
    let scored =
        || vec![tables::scores(view, scores), tables::customers(view, scores), cash::sheet(view, scores)];
    let listed = || {
        vec![
            tables::calls(view, scores, worklist),
            tables::suppressed(view, worklist),
            tables::holds(view, scores, worklist),
        ]
    };
    let advice = || {
        let late = credit::lateness(view, scores);
        credit_sheet(view, &credit::advise(view, &late, credit::Policy::default()))
    };
    match wanted {
        Wanted::Everything => scored().into_iter().chain(listed()).chain([advice()]).collect(),
        Wanted::Scores => scored(),
        Wanted::Worklist => listed(),
    }
}

impl Wanted {
    fn command(self) -> &'static str {
        match self {
            Self::Everything => "run",
            Self::Scores => "score",
            Self::Worklist => "worklist",
        }
    }
}

fn save(artefact: &Artefact, folder: &Path) -> Result<[PathBuf; 2]> {
    write::folder(folder)?;
    let files = [folder.join(ARTEFACT_FILE), folder.join("card.md")];
    write::text(&files[0], &artefact.json()?)?;
    write::text(&files[1], &card(artefact))?;
    Ok(files)
}
