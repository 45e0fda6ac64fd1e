//! Which records of a file are rows of a table. Reports have blank lines, names of groups, totals and rows of other kinds
//! between their rows: each record is counted as one of these, none is passed over in silence.

use serde::Serialize;

use super::layout::{Conditions, Place};
use super::mapping::Rows;
use super::plan::Feed;
use super::read::{Records, TextColumn};
use super::table::Kind;

/// Words that begin the first cell of a total, folded.
const TOTALS: &[&str] =
    &["total", "subtotal", "sub-total", "grand total", "sum", "summe", "gesamt", "totaal", "totale"];

/// Most cells with text in a total without such a word: a name, a currency and the amount.
const TOTAL_CELLS_MAX: usize = 3;

/// Records that are no rows of a table, by what they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Aside {
    /// Up to and with the header.
    pub titles: usize,
    /// Without any text.
    pub blank: usize,
    /// Totals and subtotals.
    pub totals: usize,
    /// A single cell of text: the name of a group, or a note.
    pub groups: usize,
    /// Left out by the mapping's `ignore`.
    pub ignored: usize,
    /// Rows of another table in the same file.
    pub elsewhere: usize,
}

impl Aside {
    /// Says what was set aside besides the header, if anything.
    pub fn write(self, text: &mut String) {
        let counts = [
            (self.titles, "titles or headers"),
            (self.blank, "blank"),
            (self.totals, "totals"),
            (self.groups, "names of groups or notes"),
            (self.ignored, "ignored by the mapping"),
            (self.elsewhere, "rows of other tables"),
        ];
        let counts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if counts.len() > 1 || self.titles > 1 {
            text.push_str("    set aside: ");
            text.push_str(&counts.join(", "));
            text.push('\n');
        }
    }

    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        self.titles += other.titles;
        self.blank += other.blank;
        self.totals += other.totals;
        self.groups += other.groups;
        self.ignored += other.ignored;
        self.elsewhere += other.elsewhere;
    }
}

/// A block whose rows are known.
#[derive(Debug)]
pub struct Shaped {
    /// The block.
    pub records: Records,
    /// The records that are rows.
    pub rows: Vec<u32>,
    /// Rows that no table takes, by position in `rows`.
    pub strays: Vec<u32>,
    /// Columns whose cells come from the rows above: canonical column, and its cell for each row.
    pub made: Vec<(usize, TextColumn)>,
    /// What the other records are.
    pub aside: Aside,
}

/// What the rows above a block pass down to it.
pub struct Shaper<'a> {
    feed: &'a Feed,
    /// Conditions of the other tables that take rows of the file.
    others: Vec<&'a Conditions>,
    /// Conditions of rows to be left out, of every table of the file.
    ignored: Vec<&'a Conditions>,
    /// Whether this table rejects the rows that none takes.
    rejects_strays: bool,
    /// Records still to be skipped up to and with the header.
    skip: usize,
    /// Columns that take the value above, with that value.
    above: Vec<(usize, String)>,
    group: Option<(usize, String)>,
    /// Texts above the header, which reports repeat at the top of every page.
    titles: Vec<String>,
    /// The first column of the key.
    key: Option<usize>,
    /// Columns of days, and of amounts.
    days: Vec<usize>,
    amounts: Vec<usize>,
    /// With a row per line: the last document of the block before, which may go on in this one.
    pending: Records,
}

/// What a record is.
enum Is {
    Row,
    /// The header or a title once more, at the top of a page.
    Title,
    Stray,
    Blank,
    Total,
    Group,
    Ignored,
    Elsewhere,
}

impl<'a> Shaper<'a> {
    /// A shaper of one of a file's feeds.
    pub fn new(feed: &'a Feed, siblings: &[&'a Feed]) -> Self {
        let place = |column: &String| feed.table.position(column);
        let of_kind = |wanted: fn(Kind) -> bool| {
            let columns = feed.table.columns.iter().zip(&feed.layout.places);
            let at = |place: &Place| if let Place::At(at) = place { Some(*at) } else { None };
            columns.filter(|(column, _)| wanted(column.kind)).filter_map(|(_, place)| at(place)).collect()
        };
        let is_first = siblings.first().is_none_or(|first| first.table.name == feed.table.name);
        Self {
            feed,
            others: siblings
                .iter()
                .filter(|other| other.table.name != feed.table.name)
                .map(|other| &other.layout.own)
                .collect(),
            ignored: siblings.iter().map(|other| &other.layout.ignored).filter(|of| !of.is_empty()).collect(),
            rejects_strays: is_first,
            skip: feed.skipped,
            above: feed.section.fill_down.iter().filter_map(place).map(|at| (at, String::new())).collect(),
            group: feed.section.group.as_ref().and_then(place).map(|at| (at, String::new())),
            titles: Vec::new(),
            key: feed.table.key.first().and_then(|key| feed.table.position(key)),
            days: of_kind(|kind| kind == Kind::Day),
            amounts: of_kind(|kind| matches!(kind, Kind::Amount | Kind::Decimal)),
            pending: Records::default(),
        }
    }

    /// Tells rows from other records. Blocks must come in the order of the file; after the last one, an empty block with
    /// nothing `more` to come ends the last document.
    pub fn shape(&mut self, records: Records, more: bool) -> Shaped {
        let records = self.joined(records);
        let end = if more { self.hold_back(&records) } else { records.len() };
        let made = self.passed_down().map(|at| (at, TextColumn::default())).collect();
        let (rows, strays) = (Vec::with_capacity(end), Vec::new());
        let mut shaped = Shaped { rows, strays, made, aside: Aside::default(), records };
        for at in 0..end {
            if self.skip > 0 {
                self.skip -= 1;
                shaped.aside.titles += 1;
                self.titles
                    .extend(shaped.records.cells(at).filter(|cell| !cell.is_empty()).map(str::to_owned));
            } else {
                self.record(&mut shaped, at);
            }
        }
        shaped
    }

    fn record(&mut self, shaped: &mut Shaped, at: usize) {
        let is = match self.what(&shaped.records, at) {
            Is::Group if self.is_title(&shaped.records, at) => Is::Title,
            is => is,
        };
        // Rows of other tables pass their values down as well.
        if !matches!(is, Is::Blank | Is::Total | Is::Title) {
            self.pass_down(&shaped.records, at);
        }
        match is {
            Is::Row => self.row(shaped, at),
            Is::Stray => {
                shaped.strays.push(shaped.rows.len() as u32);
                self.row(shaped, at);
            }
            Is::Title => shaped.aside.titles += 1,
            Is::Blank => shaped.aside.blank += 1,
            Is::Total => {
                // What follows the total of a group is not in it.
                if let Some((_, group)) = &mut self.group {
                    group.clear();
                }
                shaped.aside.totals += 1;
            }
            Is::Group => {
                self.begin_group(&shaped.records, at);
                shaped.aside.groups += 1;
            }
            Is::Ignored => shaped.aside.ignored += 1,
            Is::Elsewhere => shaped.aside.elsewhere += 1,
        }
    }

    /// Whether a text above the header stands in a record: reports repeat their titles at the top of every page.
    fn is_title(&self, records: &Records, at: usize) -> bool {
        records.cells(at).any(|cell| self.titles.iter().any(|title| title == cell))
    }

    /// A lone text names the group of the rows below.
    fn begin_group(&mut self, records: &Records, at: usize) {
        if let Some((_, group)) = &mut self.group {
            records.cells(at).find(|cell| !cell.is_empty()).unwrap_or_default().clone_into(group);
        }
    }

    fn pass_down(&mut self, records: &Records, at: usize) {
        let layout = &self.feed.layout;
        let begun = self.above.iter().any(|(column, above)| {
            let own = layout.text(*column, records, at);
            Some(*column) == self.key && !own.is_empty() && own != above.as_str()
        });
        if begun {
            // A new document takes nothing from the one above.
            self.above.iter_mut().for_each(|(_, above)| above.clear());
        }
        for (column, above) in &mut self.above {
            let own = layout.text(*column, records, at);
            if !own.is_empty() {
                own.as_ref().clone_into(above);
            }
        }
    }

    fn row(&mut self, shaped: &mut Shaped, at: usize) {
        shaped.rows.push(at as u32);
        let above = self.above.iter().chain(&self.group);
        for ((column, above), (_, made)) in above.zip(&mut shaped.made) {
            let own = self.feed.layout.text(*column, &shaped.records, at);
            made.push(if own.is_empty() { above } else { &own });
        }
    }

    /// Columns that take values from above, in the order in which they are filled.
    fn passed_down(&self) -> impl Iterator<Item = usize> {
        self.above.iter().chain(&self.group).map(|(at, _)| *at)
    }

    fn what(&self, records: &Records, at: usize) -> Is {
        let cell = |position| records.cell(at, position);
        let mut filled = records.cells(at).filter(|cell| !cell.is_empty());
        let faulty = records.is_faulty(at);
        if filled.next().is_none() {
            // What could not be read is not blank.
            return if faulty { Is::Row } else { Is::Blank };
        }
        if self.feed.section.is_foreign() && records.cells(at).eq(self.feed.header.names.iter()) {
            return Is::Title;
        }
        if self.feed.section.is_foreign()
            && !faulty
            && let Some(furniture) = self.furniture(records, at, 1 + filled.count())
        {
            return furniture;
        }
        let own = &self.feed.layout.own;
        if own.met(cell) && !self.ignored.iter().any(|ignored| ignored.met(cell)) {
            Is::Row
        } else if self.ignored.iter().any(|ignored| ignored.met(cell)) {
            Is::Ignored
        } else if self.others.iter().any(|other| other.met(cell)) || !self.rejects_strays {
            Is::Elsewhere
        } else {
            Is::Stray
        }
    }

    /// Whether a record is the name of a group, a note, or a total. None of them has a day or the document's id, and a total
    /// has an amount; a row that lacks day and id could not be booked anyway.
    fn furniture(&self, records: &Records, at: usize, filled: usize) -> Option<Is> {
        let mut cells = records.cells(at).enumerate().filter(|(_, cell)| !cell.is_empty());
        let (place, first) = cells.next()?;
        let any = |positions: &[usize], has: fn(&str) -> bool| {
            positions.iter().any(|position| has(records.cell(at, *position)))
        };
        let amount = any(&self.amounts, |cell| !cell.is_empty());
        if filled == 1 && !amount {
            return Some(if self.ends_group(first) { Is::Total } else { Is::Group });
        }
        let key = self.key.filter(|_| amount)?;
        let id = self.feed.layout.text(key, records, at);
        let is_day =
            |cell: &str| cell.contains(|sign: char| sign.is_ascii_digit()) && !starts_like_total(cell);
        if any(&self.days, is_day) {
            // Where everything stands in its column, the total may be a document; a person has to look.
            return (starts_like_total(&id) && starts_like_total(first)).then_some(Is::Stray);
        }
        if !id.is_empty() && !starts_like_total(&id) {
            return None;
        }
        // A line that goes on with the document above has no id of its own, and may be called anything.
        let goes_on = self.above.iter().any(|(column, above)| *column == key && !above.is_empty());
        let named = starts_like_total(first)
            && (!goes_on || place == 0 || self.feed.layout.used().any(|at| at == place));
        (named || filled <= TOTAL_CELLS_MAX && !goes_on).then_some(Is::Total)
    }

    /// Whether a lone cell is a total without its amount: the word alone, or of the group that it ends. A group may be
    /// called `Total Energies`.
    fn ends_group(&self, text: &str) -> bool {
        let folded = super::mapping::fold(text);
        let rest = TOTALS.iter().find_map(|word| folded.strip_prefix(word));
        let of = rest.map(|rest| rest.trim_start_matches([' ', ':', '-']).trim_start_matches("for "));
        let group = self.group.as_ref().map_or("", |(_, group)| group.as_str());
        of.is_some_and(|of| of.is_empty() || of == super::mapping::fold(group))
    }

    /// What was held back and a block, as one.
    fn joined(&mut self, records: Records) -> Records {
        if self.pending.is_empty() {
            return records;
        }
        let mut joined = std::mem::take(&mut self.pending);
        copy(&records, 0, &mut joined);
        joined
    }

    /// With a row per line, keeps the last document of a block until it is known to be whole; returns where it begins.
    fn hold_back(&mut self, records: &Records) -> usize {
        let Some(key) = self.key.filter(|_| self.feed.section.rows == Rows::Line && !records.is_empty())
        else {
            return records.len();
        };
        let id = |at: usize| self.feed.layout.text(key, records, at);
        let goes_on = |at: usize| id(at).is_empty() || id(at) == id(at - 1);
        let mut start = records.len() - 1;
        while start > 0 && goes_on(start) {
            start -= 1;
        }
        copy(records, start, &mut self.pending);
        start
    }
}

fn copy(from: &Records, start: usize, to: &mut Records) {
    for at in start..from.len() {
        for (_, code) in from.faults().iter().filter(|(record, _)| *record as usize == at) {
            to.fault(*code);
        }
        from.cells(at).for_each(|cell| to.push_cell(cell));
        to.end_record(from.line(at));
    }
}

fn starts_like_total(text: &str) -> bool {
    let folded = super::mapping::fold(text);
    TOTALS.iter().any(|word| {
        folded.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|sign: char| sign.is_alphanumeric()))
    })
}
