//! The order in which a ledger is read: every table as text, typed, checked, accounted for, and turned into facts
//! before the next one is opened, so that only one table's text is in memory at a time.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::check::{self, Ids, Known, Memory};
use super::draft::Draft;
use super::intake::Intake;
use super::mapping::{Control, Mapping};
use super::party::Aliases;
use super::party::census::{self, Census};
use super::plan::{Feed, Plan};
use super::prove::{self, Notations};
use super::read::{self, Manner, Records};
use super::register::Register;
use super::settle::Books;
use super::shape::{Shaped, Shaper};
use super::table::{TABLES, Table};
use super::{Ledger, facts};
use crate::base::error::{Code, Error, Result};

/// Name of the mapping file inside a ledger folder.
pub const MAPPING_FILE: &str = "ledger.toml";

/// A ledger and the account of its reading.
#[derive(Debug)]
pub struct Loaded {
    /// The facts.
    pub ledger: Ledger,
    /// What became of every row.
    pub intake: Intake,
    /// What the mapping says the ledger must come to.
    pub control: Control,
}

/// What is to be opened.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// A folder of tables, or one file.
    pub ledger: PathBuf,
    /// Mapping file; otherwise the folder's own `ledger.toml`, if it has one.
    pub mapping: Option<PathBuf>,
    /// Currency of rows that do not say theirs.
    pub currency: Option<String>,
}

/// Reads a ledger into facts.
pub fn load(opening: &Opening) -> Result<Loaded> {
    let mapping = opening.mapping()?;
    let mut books = Books::new(mapping.settlement.policy());
    let intake = read_into(opening, &mapping, &mut |draft| facts::take(draft, &mut books))?;
    if intake.tables.iter().all(|table| table.table != "invoices") {
        return Err(Error::new(Code::InvoicesMissing).file(&opening.ledger));
    }
    Ok(closed(books, intake, mapping))
}

/// Reads a ledger into facts and its documents into a register. One with bills needs no invoices.
pub fn with_register(opening: &Opening) -> Result<(Loaded, Register)> {
    let mapping = opening.mapping()?;
    let mut books = Books::new(mapping.settlement.policy());
    let mut register = Register::default();
    let intake = read_into(opening, &mapping, &mut |draft| {
        facts::take(draft, &mut books);
        register.take(draft);
    })?;
    if intake.tables.iter().all(|table| !matches!(table.table, "invoices" | "bills")) {
        let detail = "it has no bills table either, and exceptions are found with one of the two";
        return Err(Error::new(Code::InvoicesMissing).file(&opening.ledger).detail(detail));
    }
    Ok((closed(books, intake, mapping), register))
}

fn closed(books: Books, mut intake: Intake, mapping: Mapping) -> Loaded {
    let ledger = books.close();
    intake.problems.extend(ledger.settlement.control());
    Loaded { ledger, intake, control: mapping.control }
}

/// Reads and checks a ledger without keeping its facts: the memory needed is that of the ids.
pub fn check(opening: &Opening) -> Result<Intake> {
    read_into(opening, &opening.mapping()?, &mut |_| {})
}

impl Opening {
    /// A ledger with its own mapping, if it has one.
    pub fn of(ledger: &Path) -> Self {
        Self { ledger: ledger.to_path_buf(), ..Self::default() }
    }

    /// The mapping; an empty one where there is no file.
    pub fn mapping(&self) -> Result<Mapping> {
        if !self.ledger.exists() {
            return Err(Error::new(Code::LedgerNotFound).file(&self.ledger));
        }
        self.mapping_file().map_or_else(|| Ok(Mapping::default()), |file| Mapping::read(&file))
    }

    /// The user's list of other names of parties, which lies in the ledger's folder.
    pub fn aliases_file(&self) -> Result<Option<PathBuf>> {
        self.aliases_of(&self.mapping()?)
    }

    fn aliases_of(&self, mapping: &Mapping) -> Result<Option<PathBuf>> {
        let Some(name) = &mapping.parties.aliases else { return Ok(None) };
        let folder = if self.ledger.is_dir() {
            self.ledger.as_path()
        } else {
            self.ledger.parent().unwrap_or(&self.ledger)
        };
        read::inside(folder, name).map(Some)
    }

    /// The mapping file that is used.
    pub fn mapping_file(&self) -> Option<PathBuf> {
        let own = self.ledger.join(MAPPING_FILE);
        self.mapping.clone().or_else(|| own.is_file().then_some(own))
    }
}

/// Takes what is to be kept of checked rows.
type Keep<'a> = dyn FnMut(&Draft) + Send + 'a;

fn read_into(opening: &Opening, mapping: &Mapping, keep: &mut Keep) -> Result<Intake> {
    let path = opening.ledger.as_path();
    let plan = Plan::new(path, mapping, opening.currency.as_deref())?;
    let tables: Vec<&'static Table> = plan.feeds.iter().map(|feed| feed.table).collect();
    let mut reading = Reading {
        ledger: path,
        plan: &plan,
        aliases: opening.aliases_of(mapping)?.map(|path| Aliases::read(&path)).transpose()?,
        known: Known::new(&tables),
        census: BTreeMap::new(),
        intake: Intake::default(),
    };
    for table in TABLES {
        reading.table(table, keep)?;
    }
    let mut intake = reading.intake;
    intake.control_absent(mapping);
    intake.parties = reading.census.iter().flat_map(|(side, census)| census.notices(side)).collect();
    intake.problems.extend(plan.untaken);
    Ok(intake)
}

/// A ledger being read, table by table.
struct Reading<'a> {
    ledger: &'a Path,
    plan: &'a Plan,
    aliases: Option<Aliases>,
    known: Known,
    census: BTreeMap<&'static str, Census>,
    intake: Intake,
}

impl Reading<'_> {
    fn table(&mut self, table: &'static Table, keep: &mut Keep) -> Result<()> {
        let feeds: Vec<&Feed> = self.plan.feeds.iter().filter(|feed| feed.table.name == table.name).collect();
        let Some(first) = feeds.first() else { return Ok(()) };
        let notations = prove::notations(&feeds)?;
        let mut memory = Memory::default();
        if check::READ_TWICE.contains(&table.name) {
            for (feed, notations) in feeds.iter().zip(&notations) {
                shaped(self.plan, feed, &mut |blocks| {
                    for mut draft in drafts(feed, notations, self.aliases.as_ref(), &self.known, blocks) {
                        check::in_order(&mut draft, &self.known, &mut memory);
                    }
                })?;
            }
            memory = memory.of_second_reading();
        }
        self.intake.open(&feeds);
        let mut own = Ids::default();
        for (feed, notations) in feeds.iter().zip(&notations) {
            self.file(feed, notations, (&mut memory, &mut own), keep)?;
        }
        self.known.keep(table.name, own);
        self.intake.close(&first.section);
        Ok(())
    }

    /// Reads one file: blocks are split, typed and checked side by side, and accounted for in the order of the file, some
    /// while the next are typed. `memory` is of the table's earlier rows, and `own` of its ids.
    fn file(
        &mut self,
        feed: &Feed,
        notations: &Notations,
        (memory, own): (&mut Memory, &mut Ids),
        keep: &mut Keep,
    ) -> Result<()> {
        let Self { ledger, plan, aliases, known, census, intake } = self;
        let known: &Known = known;
        let mut account = |drafts: Vec<Draft>| {
            for mut draft in drafts {
                check::in_order(&mut draft, known, memory);
                known.learn(&draft, own);
                if let Some(side) = census::side(&draft) {
                    census.entry(side).or_default().add(&draft);
                }
                intake.add(&draft, ledger);
                keep(&draft);
            }
        };
        let mut typed = Vec::new();
        let manner = shaped(plan, feed, &mut |blocks| {
            let before = std::mem::take(&mut typed);
            let typing = || drafts(feed, notations, aliases.as_ref(), known, blocks);
            (typed, ()) = rayon::join(typing, || account(before));
        })?;
        account(typed);
        self.intake.file(feed, &manner);
        Ok(())
    }
}

/// Hands over the blocks of a file, its rows told from the rest.
fn shaped(plan: &Plan, feed: &Feed, each: &mut (dyn FnMut(Vec<Shaped>) + Send)) -> Result<Manner> {
    let siblings: Vec<&Feed> = plan.feeds.iter().filter(|other| other.source == feed.source).collect();
    let mut wanted: Vec<usize> = siblings.iter().flat_map(|feed| feed.layout.used()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut shaper = Shaper::new(feed, &siblings);
    let manner = read::each(&feed.source, &feed.dialect, Some(&wanted), &mut |blocks| {
        each(blocks.into_iter().map(|block| shaper.shape(block, true)).collect());
        Ok(ControlFlow::Continue(()))
    })?;
    each(vec![shaper.shape(Records::default(), false)]);
    Ok(manner)
}

/// Types blocks and runs the checks that look at each by itself.
fn drafts<'a>(
    feed: &'a Feed,
    notations: &Notations,
    aliases: Option<&Aliases>,
    known: &Known,
    blocks: Vec<Shaped>,
) -> Vec<Draft<'a>> {
    let draft = |shaped| {
        let mut draft = Draft::new(feed, notations, aliases, shaped);
        check::block(&mut draft, known);
        draft
    };
    blocks.into_par_iter().map(draft).collect()
}
