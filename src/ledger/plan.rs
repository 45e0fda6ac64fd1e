//! Which file feeds which tables, and how: by the mapping, by its name and the canonical headers, or by a preset that
//! knows its header.

use std::path::Path;

use super::layout::Layout;
use super::mapping::guess::Guess;
use super::mapping::preset::{self, Preset};
use super::mapping::{Header, Mapping, Section};
use super::read::{self, Dialect, Records, Source};
use super::table::{TABLES, Table};
use crate::base::digest;
use crate::base::error::{Code, Error, Result};

/// What is to be read.
#[derive(Debug, Default)]
pub struct Plan {
    /// In the order of the tables, then of the files.
    pub feeds: Vec<Feed>,
    /// Files that no table takes.
    pub untaken: Vec<Error>,
}

/// A table taking rows of a file.
#[derive(Debug)]
pub struct Feed {
    /// The table.
    pub table: &'static Table,
    /// The file.
    pub source: Source,
    /// How it is mapped.
    pub section: Section,
    /// The preset that knew its header.
    pub preset: Option<&'static Preset>,
    /// How it is opened.
    pub dialect: Dialect,
    /// Its header row.
    pub header: Header,
    /// Records up to and with the header row.
    pub skipped: usize,
    /// Where the table's columns stand.
    pub layout: Layout,
}

impl Plan {
    /// Looks at the head of every file.
    pub fn new(ledger: &Path, mapping: &Mapping, currency: Option<&str>) -> Result<Self> {
        let sources = read::list(ledger)?;
        let mut plan = Self::default();
        let mut left = sources.clone();
        for table in TABLES {
            let section = mapping.of(table);
            for source in candidates(ledger, &sources, table, &section, mapping)? {
                left.retain(|other| *other != source);
                plan.add(&source, table, &section, mapping, currency)?;
            }
        }
        let aliases = mapping.parties.aliases.as_ref().map(|name| ledger.join(name));
        for source in left.into_iter().filter(|source| aliases.as_ref() != Some(&source.path)) {
            plan.add_known(&source, mapping, currency)?;
        }
        plan.feeds.sort_by_key(|feed| TABLES.iter().position(|table| table.name == feed.table.name));
        plan.check_shared()?;
        plan.check_repeated()?;
        if plan.feeds.is_empty() {
            let detail =
                plan.untaken.iter().map(|error| error.place.to_string()).collect::<Vec<_>>().join("; ");
            return Err(match plan.untaken.pop() {
                Some(only) if plan.untaken.is_empty() => only,
                _ => Error::new(Code::InvoicesMissing).file(ledger).detail(detail),
            });
        }
        Ok(plan)
    }

    /// No row of a file may be two documents: where several tables of them take its rows, each must say which.
    fn check_shared(&self) -> Result<()> {
        let document = |feed: &&Feed| matches!(feed.table.name, "invoices" | "bills" | "payments");
        for feed in self.feeds.iter().filter(document).filter(|feed| feed.layout.own.is_empty()) {
            let shares = |other: &&Feed| other.source == feed.source && other.table.name != feed.table.name;
            if let Some(other) = self.feeds.iter().filter(document).find(shares) {
                let (own, other) = (feed.table.name, other.table.name);
                return Err(Error::new(Code::MappingInvalid).file(&feed.source.path).detail(format!(
                    "[{own}] and [{other}] both take its rows, and there is no [{own}.where] to say which are whose"
                )));
            }
        }
        Ok(())
    }

    /// Rows that are known by their place alone would count twice in a file that is there twice.
    fn check_repeated(&self) -> Result<()> {
        let placed = |feed: &&Feed| {
            feed.table.key.is_empty()
                || feed.table.repeats
                || feed.section.defaults.values().any(|default| default.contains('{'))
        };
        let mut seen: Vec<(&str, String, &Path)> = Vec::new();
        for feed in self.feeds.iter().filter(placed) {
            let name = feed.table.name;
            if self.feeds.iter().filter(|other| other.table.name == name).count() == 1 {
                continue;
            }
            let path = feed.source.path.as_path();
            let digest = digest::of_file(path)?;
            if let Some((.., other)) = seen.iter().find(|(table, seen, _)| *table == name && *seen == digest)
            {
                let detail = format!("it is the same as {}", other.display());
                return Err(Error::new(Code::FileRepeated).file(path).detail(detail));
            }
            seen.push((name, digest, path));
        }
        Ok(())
    }

    /// Adds a file that is the table's by its name or by the mapping.
    fn add(
        &mut self,
        source: &Source,
        table: &'static Table,
        section: &Section,
        mapping: &Mapping,
        currency: Option<&str>,
    ) -> Result<()> {
        let head = Head::new(source, section)?;
        let section = &with_currency(section.clone(), table, currency);
        if let Some((at, header, layout)) = head.resolve(table, section) {
            self.feeds.push(head.feed(table, section.clone(), None, (at, header, layout)));
            return Ok(());
        }
        if let Some((at, header, preset)) = head.recognise() {
            return self.add_preset(&head, at, &header, preset, mapping, currency);
        }
        Err(head.missing(table, section))
    }

    /// Adds a file that only its header tells of.
    fn add_known(&mut self, source: &Source, mapping: &Mapping, currency: Option<&str>) -> Result<()> {
        let head = Head::new(source, &Section::default());
        let head = match head {
            Ok(head) => head,
            Err(error) => {
                self.untaken.push(error);
                return Ok(());
            }
        };
        if let Some((at, header, preset)) = head.recognise() {
            return self.add_preset(&head, at, &header, preset, mapping, currency);
        }
        let detail = head.first().names.join(", ");
        self.untaken.push(Error::new(Code::LayoutUnknown).file(&source.path).detail(detail));
        Ok(())
    }

    fn add_preset(
        &mut self,
        head: &Head,
        at: usize,
        header: &Header,
        preset: &'static Preset,
        mapping: &Mapping,
        currency: Option<&str>,
    ) -> Result<()> {
        if self.feeds.iter().any(|feed| feed.source == head.source) {
            // The mapping describes several of its tables.
            return Ok(());
        }
        for (table, section) in preset.sections() {
            let section = with_currency(mapping.of(table).over(section), table, currency);
            let layout =
                Layout::new(table, &section, header).map_err(|error| error.file(&head.source.path))?;
            if !layout.lacks_only_currency() {
                return Err(head.missing(table, &section));
            }
            if !layout.missing.is_empty() {
                let detail = format!(
                    "the {} {} does not say the currency: give it with --currency, or under [{}.defaults]",
                    preset.system, preset.report, table.name
                );
                return Err(Error::new(Code::ColumnMissing)
                    .file(&head.source.path)
                    .column(layout.missing.join(", "))
                    .detail(detail));
            }
            self.feeds.push(head.feed(table, section, Some(preset), (at, header.clone(), layout)));
        }
        Ok(())
    }
}

/// The files of a table. A ledger that is a file is every table's that the mapping describes, and otherwise its invoices.
fn candidates(
    ledger: &Path,
    sources: &[Source],
    table: &Table,
    section: &Section,
    mapping: &Mapping,
) -> Result<Vec<Source>> {
    if ledger.is_file() {
        let described = TABLES.iter().any(|table| mapping.of(table).is_foreign());
        let takes = if described { section.is_foreign() } else { table.name == "invoices" };
        return Ok(if takes { sources.to_vec() } else { Vec::new() });
    }
    read::find(ledger, sources, table, section)
}

/// The currency of the call, where neither the file nor the mapping says it.
fn with_currency(mut section: Section, table: &Table, currency: Option<&str>) -> Section {
    if let Some(currency) = currency.filter(|_| table.position("currency").is_some()) {
        section.defaults.entry("currency".to_owned()).or_insert_with(|| currency.to_owned());
    }
    section
}

/// A mapping for one file: of the preset that knows its header, or a draft.
pub fn draft_mapping(path: &Path) -> Result<String> {
    let [source] = read::list(path)?.try_into().map_err(|_| Error::new(Code::NotATable).file(path))?;
    let head = Head::new(&source, &Section::default())?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let delimiter = head.dialect.delimiter.map_or_else(String::new, |delimiter| {
        format!(", fields are separated by {:?}", char::from(delimiter))
    });
    if let Some((_, header, preset)) = head.recognise() {
        return Ok(format!(
            "# {file}: {} {}, known by its header on row {}{delimiter}.\n# It is read so without any mapping; to change \
             something, keep only the changed lines as ledger.toml.\n\n{}",
            preset.system,
            preset.report,
            header.line,
            preset.text_for(&header)
        ));
    }
    let header = head.first();
    let first = (0..head.records.len()).find(|at| head.records.line(*at) > header.line);
    let first = first.unwrap_or(head.records.len());
    let guesses = ["invoices", "bills", "payments"].iter().filter_map(|name| Table::find(name));
    let guesses = guesses.map(|table| Guess::new(table, &header, &head.records, first));
    let best = guesses.reduce(|best, next| if next.score() > best.score() { next } else { best });
    let draft = best.map_or_else(String::new, |guess| guess.toml(&file));
    Ok(format!(
        "# {file}: no preset knows its header on row {}{delimiter}.\n# A draft from the first {} rows, to be corrected \
         and kept as ledger.toml beside the file.\n\n{draft}",
        header.line,
        head.records.len()
    ))
}

/// The first records of a file.
struct Head {
    source: Source,
    dialect: Dialect,
    records: Records,
}

impl Head {
    fn new(source: &Source, section: &Section) -> Result<Self> {
        let tabs = source.path.to_str().is_some_and(|name| name.to_ascii_lowercase().contains(".tsv"));
        let delimiter = section.delimiter.map(|delimiter| delimiter as u8).or(tabs.then_some(b'\t'));
        let (sheet, encoding) = (section.sheet.clone(), section.encoding.clone());
        let mut dialect = Dialect { sheet, encoding, delimiter, ..Dialect::default() };
        read::look(source, &mut dialect)?;
        let records = read::head(source, &dialect)?;
        if (0..records.len()).all(|at| records.is_blank(at)) {
            return Err(read::empty(source));
        }
        Ok(Self { source: source.clone(), dialect, records })
    }

    fn headers(&self) -> impl Iterator<Item = (usize, Header)> {
        (0..self.records.len()).map(|at| (at, Header::new(self.records.cells(at), self.records.line(at))))
    }

    /// The first record that has all that a table needs. Only a foreign file has titles above its header.
    fn resolve(&self, table: &'static Table, section: &Section) -> Option<(usize, Header, Layout)> {
        // A line that tells spreadsheets the delimiter is no title.
        let told = self.records.cell(0, 0).starts_with("sep=");
        let rows = if section.is_foreign() { self.records.len() } else { 1 + usize::from(told) };
        self.headers().take(rows).find_map(|(at, header)| {
            let layout = Layout::new(table, section, &header).ok()?;
            layout.missing.is_empty().then_some((at, header, layout))
        })
    }

    fn recognise(&self) -> Option<(usize, Header, &'static Preset)> {
        self.headers().find_map(|(at, header)| preset::recognise(&header).map(|preset| (at, header, preset)))
    }

    /// The record that looks most like a header: the first with the most cells of text.
    fn first(&self) -> Header {
        let filled = |header: &Header| header.names.iter().filter(|name| !name.is_empty()).count();
        let best = self.headers().max_by_key(|(at, header)| (filled(header), std::cmp::Reverse(*at)));
        best.map(|(_, header)| header).unwrap_or_default()
    }

    /// Why no record is the header of a table.
    fn missing(&self, table: &'static Table, section: &Section) -> Error {
        let place = |error: Error| error.file(&self.source.path);
        let tried = self.headers().map(|(_, header)| {
            let layout = Layout::new(table, section, &header);
            (layout, header)
        });
        let lacks = |layout: &Result<Layout>| match layout {
            Ok(layout) => layout.missing.len(),
            // All mapped headers are there, one of them twice.
            Err(error) if error.code == Code::ColumnRepeated => 0,
            Err(_) => table.columns.len(),
        };
        let fewest = tried.min_by_key(|(layout, _)| lacks(layout));
        let Some((layout, header)) = fewest else { return read::empty(&self.source) };
        match layout {
            Err(error) => place(error),
            Ok(layout) if !section.is_foreign() && layout.used().next().is_none() => {
                place(Error::new(Code::LayoutUnknown)).detail(self.first().names.join(", "))
            }
            Ok(layout) => {
                let column = layout.missing.first().copied().unwrap_or_default();
                place(Error::new(Code::ColumnMissing))
                    .column(section.header(column))
                    .detail(format!("the columns are: {}", header.names.join(", ")))
            }
        }
    }

    fn feed(
        &self,
        table: &'static Table,
        section: Section,
        preset: Option<&'static Preset>,
        (at, header, layout): (usize, Header, Layout),
    ) -> Feed {
        Feed {
            table,
            source: self.source.clone(),
            section,
            preset,
            dialect: self.dialect.clone(),
            header,
            skipped: at + 1,
            layout,
        }
    }
}
