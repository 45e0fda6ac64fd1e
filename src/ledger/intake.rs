//! What became of every input row: counts, totals per currency, rejects with their place and remedy, and whether it all
//! adds up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::draft::Draft;
use super::mapping::preset::Preset;
use super::mapping::{Mapping, Section};
use super::party::census::Notice;
use super::plan::Feed;
use super::shape::Aside;
use super::table::TABLES;
use crate::base::counted;
use crate::base::error::{Code, Error, Place, Result};
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};

/// What was read of a whole ledger.
#[derive(Debug, Default)]
pub struct Intake {
    /// By table, in the order of the contract.
    pub tables: Vec<TableIntake>,
    /// Every rejected row.
    pub rejects: Vec<Reject>,
    /// Parties that are likely one, or whose ids are likely spoilt.
    pub parties: Vec<Notice>,
    /// What does not add up.
    pub problems: Vec<Error>,
    /// What should be looked at, and is no fault of the ledger.
    pub notes: Vec<String>,
    /// Where the rejects were written, if they were.
    pub kept: Option<PathBuf>,
}

/// What was read of one table.
#[derive(Debug)]
pub struct TableIntake {
    /// Its name.
    pub table: &'static str,
    /// Its files.
    pub files: Vec<FileIntake>,
    /// Rows read.
    pub rows: usize,
    /// Rows accepted.
    pub accepted: usize,
    /// Documents among the accepted rows: as many, but where a row is a line of one.
    pub documents: usize,
    /// Records of the files that are no rows of the table.
    pub aside: Aside,
    /// Sums of `amount` by currency.
    pub totals: BTreeMap<Currency, Total>,
    /// Rejected rows whose amount or currency could not be read, so that no total has them.
    pub unreadable_amounts: usize,
    /// Headers no canonical column takes.
    pub unused: Vec<String>,
}

/// One file of a table.
#[derive(Debug)]
pub struct FileIntake {
    /// Where it is.
    pub path: PathBuf,
    /// The preset that knew its header.
    pub preset: Option<&'static Preset>,
    /// What was recognised of it: preset, header line, encoding, delimiter, sheet.
    pub read_as: String,
}

/// One currency's sums over a table, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// Over all rows read.
    pub read: i128,
    /// Over accepted rows.
    pub accepted: i128,
    /// Over rejected rows.
    pub rejected: i128,
}

/// One rejected row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Its table.
    pub table: &'static str,
    /// The first thing wrong with it.
    pub code: Code,
    /// File, row and column.
    pub place: Place,
    /// What stands there.
    pub value: String,
    /// What else is wrong with it.
    pub also: Vec<Code>,
}

impl Intake {
    /// Rows rejected over all tables.
    pub fn rejected(&self) -> usize {
        self.rejects.len()
    }

    /// Refuses a ledger without a single accepted row of its main table: nothing can be done with it. What was read of invoices and
    /// bills, and its rejects, say why it is so.
    pub fn refuse_empty(&self, path: &Path, any: bool) -> Result<()> {
        if any {
            return Ok(());
        }
        let reason =
            |(code, (rows, _)): (Code, (usize, usize))| format!("{rows} × {} ({})", code.title(), code.id());
        let main = self.tables.iter().filter(|table| matches!(table.table, "invoices" | "bills"));
        let read = main
            .map(|one| format!("{}: {} of {} accepted", one.table, one.accepted, counted(one.rows, "row")));
        let reasons = self.counts().into_iter().filter(|(_, (rows, _))| *rows > 0).map(reason);
        let reasons: Vec<String> = read.chain(reasons).collect();
        Err(Error::new(Code::NoRows).file(path).detail(reasons.join("; ")))
    }

    /// Whether any invoice was accepted; in a ledger without that table, any row.
    pub fn has_rows(&self) -> bool {
        let invoices = |table: &&TableIntake| table.table == "invoices";
        let main = self.tables.iter().find(invoices);
        main.map_or_else(|| self.tables.iter().any(|table| table.accepted > 0), |table| table.accepted > 0)
    }

    /// Whether everything was accepted and adds up.
    pub fn is_clean(&self) -> bool {
        self.rejects.is_empty() && self.problems.is_empty()
    }

    /// Opens the account of a table.
    pub fn open(&mut self, feeds: &[&Feed]) {
        let Some(first) = feeds.first() else { return };
        let mut unused = Vec::new();
        for feed in feeds {
            let takes = |at: usize| feed.layout.used().any(|used| used == at);
            let free =
                feed.header.names.iter().enumerate().filter(|(at, name)| !name.is_empty() && !takes(*at));
            unused.extend(
                free.map(|(_, name)| name.clone()).filter(|name| !unused.contains(name)).collect::<Vec<_>>(),
            );
        }
        self.tables.push(TableIntake { unused, ..TableIntake::of(first.table.name) });
    }

    /// Adds a checked block to the table opened last.
    pub fn add(&mut self, draft: &Draft, ledger: &Path) {
        let Some(table) = self.tables.last_mut() else { return };
        table.add(draft);
        let rejected = (0..draft.rows()).filter(|&row| !draft.sound(row));
        self.rejects.extend(rejected.map(|row| Reject::new(draft, ledger, row)));
    }

    /// Notes a file of the table opened last, and how it turned out to be written.
    pub fn file(&mut self, feed: &Feed, manner: &[String]) {
        if let Some(table) = self.tables.last_mut() {
            let named = |preset: &Preset| format!("{} {} ({})", preset.system, preset.report, preset.name);
            let preset = feed.preset.map(named);
            let header = (feed.header.line > 1).then(|| format!("header on row {}", feed.header.line));
            let delimiter = feed.dialect.delimiter.filter(|delimiter| *delimiter != b',');
            let delimiter = delimiter.map(|delimiter| format!("delimiter {:?}", char::from(delimiter)));
            let manner = manner.iter().filter(|word| *word != "UTF-8").cloned();
            let read_as: Vec<String> =
                preset.into_iter().chain(header).chain(delimiter).chain(manner).collect();
            let (path, read_as) = (feed.source.path.clone(), read_as.join(", "));
            table.files.push(FileIntake { path, preset: feed.preset, read_as });
        }
    }

    /// Closes the account of the table opened last: compares it with what the mapping states.
    pub fn close(&mut self, section: &Section) {
        if let Some(table) = self.tables.last() {
            self.problems.extend(control(table, section));
        }
    }

    /// Compares the totals that are stated of tables which have no file: nothing is what they come to.
    pub fn control_absent(&mut self, mapping: &Mapping) {
        for table in TABLES.iter().filter(|table| self.tables.iter().all(|read| read.table != table.name)) {
            self.problems.extend(control(&TableIntake::of(table.name), &mapping.of(table)));
        }
    }

    /// How often each code was the reason of a reject, and how often it stood beside another.
    pub fn counts(&self) -> BTreeMap<Code, (usize, usize)> {
        let mut counts: BTreeMap<Code, (usize, usize)> = BTreeMap::new();
        for reject in &self.rejects {
            counts.entry(reject.code).or_default().0 += 1;
            for code in &reject.also {
                counts.entry(*code).or_default().1 += 1;
            }
        }
        counts
    }

    /// The rejects as a table.
    pub fn rejects_sheet(&self) -> Sheet {
        let text = |cell: fn(&Reject) -> String| Cells::Text(self.rejects.iter().map(cell).collect());
        let word = |cell: fn(&Reject) -> &'static str| Cells::Word(self.rejects.iter().map(cell).collect());
        let rows = self.rejects.iter().map(|reject| reject.place.row.unwrap_or(0) as i64).collect();
        Sheet::new("rejects")
            .with("code", word(|reject| reject.code.id()))
            .with("table", word(|reject| reject.table))
            .with("file", text(|reject| reject.place.file.clone().unwrap_or_default()))
            .with("row", Cells::Count(rows))
            .with("column", text(|reject| reject.place.column.clone().unwrap_or_default()))
            .with("value", text(|reject| reject.value.clone()))
            .with("problem", word(|reject| reject.code.title()))
            .with("remedy", word(|reject| reject.code.remedy()))
            .with(
                "also",
                text(|reject| reject.also.iter().map(|code| code.id()).collect::<Vec<_>>().join(" ")),
            )
    }
}

impl TableIntake {
    fn of(table: &'static str) -> Self {
        Self {
            table,
            files: Vec::new(),
            rows: 0,
            accepted: 0,
            documents: 0,
            aside: Aside::default(),
            totals: BTreeMap::new(),
            unreadable_amounts: 0,
            unused: Vec::new(),
        }
    }

    fn add(&mut self, draft: &Draft) {
        let amounts = draft.wholes("amount");
        let has_amount =
            draft.table.position("amount").is_some() && draft.table.position("currency").is_some();
        let currencies = draft.all_currencies("currency");
        self.rows += draft.rows();
        self.aside.add(draft.aside);
        // Neighbours mostly share their currency.
        let (mut last, mut sums) = (None, Total::default());
        for row in 0..draft.rows() {
            let sound = draft.sound(row);
            self.accepted += usize::from(sound);
            // The amount of a document stands on its first line.
            if draft.parts[row] {
                continue;
            }
            self.documents += usize::from(sound);
            if !has_amount {
                continue;
            }
            let Some((currency, amount)) = currencies[row].zip(amounts[row]) else {
                self.unreadable_amounts += 1;
                continue;
            };
            if last != Some(currency) {
                self.add_total(last, sums);
                (last, sums) = (Some(currency), Total::default());
            }
            sums.read += i128::from(amount);
            *(if sound { &mut sums.accepted } else { &mut sums.rejected }) += i128::from(amount);
        }
        self.add_total(last, sums);
    }

    fn add_total(&mut self, currency: Option<Currency>, sums: Total) {
        let Some(currency) = currency else { return };
        let total = self.totals.entry(currency).or_default();
        total.read += sums.read;
        total.accepted += sums.accepted;
        total.rejected += sums.rejected;
    }
}

/// Longest piece of a bad value shown; the row can be looked up for the rest.
const VALUE_SHOWN_CHARS: usize = 120;

impl Reject {
    fn new(draft: &Draft, ledger: &Path, row: usize) -> Self {
        let mut faults = draft.faults[row].clone();
        // The order of the checks is not that of precedence; a stable sort keeps columns in theirs.
        faults.sort_by_key(|fault| fault.code);
        let (first, others) =
            faults.split_first().map_or((None, &[][..]), |(first, others)| (Some(*first), others));
        let code = first.map_or(Code::NotConserved, |fault| fault.code);
        let column = first.map_or("", |fault| fault.column);
        let path = &draft.feed.source.path;
        // Paths inside the ledger are shown as the user knows them, so that runs on moved folders compare equal.
        let name = path.strip_prefix(ledger).ok().filter(|rest| !rest.as_os_str().is_empty());
        let name = name.unwrap_or_else(|| path.file_name().map_or(path.as_path(), Path::new));
        let mut also: Vec<Code> =
            others.iter().map(|fault| fault.code).filter(|other| *other != code).collect();
        also.dedup();
        let (header, value) = shown(draft, code, column, row);
        Self {
            table: draft.table.name,
            code,
            place: Place {
                file: Some(name.display().to_string()),
                row: Some(draft.line(row)),
                column: Some(header),
            },
            value: value.chars().take(VALUE_SHOWN_CHARS).collect(),
            also,
        }
    }
}

/// Header and text of the cell that is at fault. The kind of a row is told by a column that the mapping names.
fn shown(draft: &Draft, code: Code, column: &str, row: usize) -> (String, String) {
    let Some((at, _)) = draft.feed.layout.own.0.first().filter(|_| code == Code::KindUnknown) else {
        return (draft.feed.section.header(column).to_owned(), draft.text(column, row).into_owned());
    };
    (draft.feed.header.names[*at].clone(), draft.foreign_text(*at, row).to_owned())
}

/// Compares a table's totals with those the mapping states.
fn control(intake: &TableIntake, section: &Section) -> Vec<Error> {
    let mut problems = Vec::new();
    for (code, stated) in &section.totals {
        let problem = |detail: String| {
            Error::new(Code::ControlTotal).column(format!("[{}.totals] {code}", intake.table)).detail(detail)
        };
        let Some(currency) = crate::statute::currency::find(code) else {
            problems.push(problem(format!("`{code}` is not an ISO 4217 code")));
            continue;
        };
        let read = intake.totals.get(&currency).map_or(0, |total| total.read);
        match currency.parse(stated) {
            Ok(stated) if i128::from(stated) == read => {}
            Ok(stated) => problems.push(problem(format!(
                "the rows sum to {}, the control total is {}, the difference is {}",
                currency.display(read),
                currency.display(i128::from(stated)),
                currency.display(read - i128::from(stated))
            ))),
            Err(_) => problems.push(problem(format!("`{stated}` is not an amount"))),
        }
    }
    let split: i128 = intake.totals.values().map(|total| total.read - total.accepted - total.rejected).sum();
    if split != 0 {
        problems.push(Error::new(Code::NotConserved).detail(format!("{} differs by {split}", intake.table)));
    }
    problems
}
