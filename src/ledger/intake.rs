//! What became of every input row: counts, totals per currency, rejects with their place and remedy, and whether it all
//! adds up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::draft::Draft;
use super::mapping::TableMapping;
use crate::base::error::{Code, Error, Place};
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};

/// What was read of a whole ledger.
#[derive(Debug, Default)]
pub struct Intake {
    /// By table, in the order of the contract.
    pub tables: Vec<TableIntake>,
    /// Every rejected row.
    pub rejects: Vec<Reject>,
    /// What does not add up.
    pub problems: Vec<Error>,
}

/// What was read of one table.
#[derive(Debug)]
pub struct TableIntake {
    /// Its name.
    pub table: &'static str,
    /// Its files.
    pub files: Vec<PathBuf>,
    /// Rows read.
    pub rows: usize,
    /// Rows accepted.
    pub accepted: usize,
    /// Sums of `amount` by currency.
    pub totals: BTreeMap<Currency, Total>,
    /// Rejected rows whose amount or currency could not be read, so that no total has them.
    pub unreadable_amounts: usize,
    /// Headers no canonical column takes.
    pub unused: Vec<String>,
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

    /// Whether everything was accepted and adds up.
    pub fn is_clean(&self) -> bool {
        self.rejects.is_empty() && self.problems.is_empty()
    }

    /// Adds a checked table.
    pub fn add(&mut self, draft: &Draft, mapping: &TableMapping, ledger: &Path) {
        let raw = draft.raw;
        let mut intake = TableIntake {
            table: draft.table.name,
            files: raw.files.clone(),
            rows: draft.rows(),
            accepted: 0,
            totals: BTreeMap::new(),
            unreadable_amounts: 0,
            unused: raw.unused.clone(),
        };
        let has_amount =
            draft.table.position("amount").is_some() && draft.table.position("currency").is_some();
        for row in 0..draft.rows() {
            let sound = draft.sound(row);
            intake.accepted += usize::from(sound);
            match draft.currency("currency", row).zip(draft.whole("amount", row)) {
                Some((currency, amount)) => {
                    let total = intake.totals.entry(currency).or_default();
                    total.read += i128::from(amount);
                    *(if sound { &mut total.accepted } else { &mut total.rejected }) += i128::from(amount);
                }
                None => intake.unreadable_amounts += usize::from(has_amount),
            }
            if !sound {
                self.rejects.push(Reject::new(draft, mapping, ledger, row));
            }
        }
        self.problems.extend(control(&intake, mapping));
        self.tables.push(intake);
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

/// Longest piece of a bad value shown; the row can be looked up for the rest.
const VALUE_SHOWN_CHARS: usize = 120;

impl Reject {
    fn new(draft: &Draft, mapping: &TableMapping, ledger: &Path, row: usize) -> Self {
        let mut faults = draft.faults[row].clone();
        // The order of the checks is not that of precedence; a stable sort keeps columns in theirs.
        faults.sort_by_key(|fault| fault.code);
        let (first, others) =
            faults.split_first().map_or((None, &[][..]), |(first, others)| (Some(*first), others));
        let code = first.map_or(Code::NotConserved, |fault| fault.code);
        let column = first.map_or("", |fault| fault.column);
        let (file, line) = draft.raw.origin[row];
        let path = &draft.raw.files[usize::from(file)];
        // Paths inside the ledger are shown as the user knows them, so that runs on moved folders compare equal.
        let name = path.strip_prefix(ledger).ok().filter(|rest| !rest.as_os_str().is_empty());
        let name = name.unwrap_or_else(|| path.file_name().map_or(path.as_path(), Path::new));
        let mut also: Vec<Code> =
            others.iter().map(|fault| fault.code).filter(|other| *other != code).collect();
        also.dedup();
        Self {
            table: draft.table.name,
            code,
            place: Place {
                file: Some(name.display().to_string()),
                row: Some(line),
                column: Some(mapping.header(column).to_owned()),
            },
            value: draft.text(column, row).chars().take(VALUE_SHOWN_CHARS).collect(),
            also,
        }
    }
}

/// Compares a table's totals with those the mapping states.
fn control(intake: &TableIntake, mapping: &TableMapping) -> Vec<Error> {
    let mut problems = Vec::new();
    for (code, stated) in &mapping.totals {
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
