//! Errors as data: a code that never changes its meaning, the place, what was found, and the remedy.
//!
//! [`Error`] stops a run (exit 2). [`Fault`] is about one row: it is collected, the row is rejected, and the run
//! goes on (exit 1). Both draw on the one [`Code`] table below, in order of precedence, never reused.

use std::fmt;
use std::path::Path;

/// Result of anything that may stop a run.
pub type Result<T> = std::result::Result<T, Error>;

macro_rules! codes {
    ($($name:ident $id:literal $title:literal => $remedy:literal;)*) => {
        /// What went wrong. The number's first digit is the part: 1 files, 2 rows, 3 totals, 4 models, 5 the call.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $name),* }

        impl Code {
            /// Every code, in order of precedence.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable identifier, `DW201`.
            pub const fn id(self) -> &'static str { match self { $(Self::$name => $id),* } }

            /// What is wrong, in one line.
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title),* } }

            /// What to do about it.
            pub const fn remedy(self) -> &'static str { match self { $(Self::$name => $remedy),* } }
        }
    };
}

codes! {
    LedgerNotFound "DW101" "there is no ledger at this path" => "give a folder of tables, or one invoice file";
    InvoicesMissing "DW102" "the ledger has no invoices table" => "add invoices.csv or invoices.parquet, or name the file under [invoices] in ledger.toml";
    FileUnreadable "DW103" "the file cannot be read" => "check that it exists and that you may read it";
    NotATable "DW104" "the file is not a table in a format that is read" => "export it as CSV, XLSX, NDJSON or Parquet";
    ParquetDamaged "DW105" "the file is not a whole Parquet file" => "export or copy it again: it is damaged or cut short";
    ColumnMissing "DW106" "a required column is missing" => "map it in ledger.toml under [TABLE.columns], or give it a constant under [TABLE.defaults]";
    ColumnRepeated "DW107" "two columns have the same header" => "rename one of them in the file, so that the mapping is not a guess";
    MappingInvalid "DW108" "the mapping is not valid" => "correct the line named here; docs/LEDGER.md lists every key";
    FieldTooLong "DW109" "a field is longer than any real one" => "look for an unclosed quote on or before this line";
    NoRows "DW110" "nothing was accepted that this works on" => "read rejects.csv: most often one date format or column is mapped wrongly";
    ColumnType "DW111" "the column's Parquet type cannot be read as this kind" => "write it as text, a whole number or a date";

    QuoteUnclosed "DW112" "a quote is opened and never closed" => "close it, or double it where it is part of the text; what follows it was read as one field";
    NotationAmbiguous "DW113" "nothing in the column proves how it is written" => "put the line named here into the mapping, as the exporting system writes it";
    WorkbookDamaged "DW114" "the file is not a whole workbook" => "save or copy it again: it is damaged, protected or cut short";
    TooLarge "DW115" "the file is larger than a limit that no real one reaches" => "split it, or look for what blew it up";
    PathRefused "DW116" "the path leads out of the ledger folder" => "copy the file into the folder: links and paths that leave it are not followed";
    LayoutUnknown "DW117" "no table and no preset has this header" => "run `duewise map FILE` for a draft mapping, correct it, and keep it as ledger.toml";
    FileRepeated "DW118" "the file is there twice" => "remove one of the two: its rows have no numbers by which repeats could be told";

    FieldCount "DW201" "the row has another number of fields than the header" => "look for an unquoted comma or a line break inside a field";
    TextInvalid "DW202" "the field is not UTF-8 text" => "export the file as UTF-8";
    ValueMissing "DW203" "a required value is empty" => "fill it in at the source; nothing can be booked without it";
    DayInvalid "DW204" "not a day of the calendar in this column's format" => "set date_format for the table in ledger.toml, or correct the day";
    CurrencyUnknown "DW205" "not an ISO 4217 currency code" => "use the three-letter code, or give one under [TABLE.defaults]";
    AmountInvalid "DW206" "not a plain decimal amount" => "write it as 1234.56, without thousands separators or symbols";
    AmountTooPrecise "DW207" "more decimals than the currency has" => "round it at the source, so that it equals the ledger";
    AmountTooLarge "DW208" "the amount is beyond any real one" => "look for a missing decimal point or a joined number";
    NumberInvalid "DW209" "not a plain decimal number" => "write it as 1234.5";
    ChoiceUnknown "DW210" "not one of the words this column takes" => "use a word that docs/LEDGER.md lists for it";
    AmountNegative "DW211" "the amount is negative" => "a credit is a row of type credit_note with a positive amount";
    DueBeforeIssue "DW212" "due before it was issued" => "correct one of the two days; a lateness counted from it would be wrong";
    RowRepeated "DW213" "the row repeats an earlier one exactly" => "remove one of them at the source; the first is kept";
    IdRepeated "DW214" "another row already has this id" => "give each document its own id; the first is kept";
    CustomerUnknown "DW215" "no such party among the accepted rows of its table" => "add the party, or correct its id here";
    DocumentUnknown "DW216" "no such document among the accepted rows of its table" => "export the table that holds it over a longer period, or correct the id";
    CurrencyDiffers "DW217" "the currency differs from that of the document it settles" => "allocate in the document's currency";
    OverAllocated "DW218" "more is allocated than was paid or billed" => "correct the allocated amounts; the whole row was left out";
    RateNotPositive "DW219" "the exchange rate is not above zero" => "correct it: units of `to` for one of `from`";
    LinesDiffer "DW220" "the lines of one document disagree" => "correct the column at the source: it belongs to the document, not to the line";
    LineRejected "DW221" "another line of this document was rejected" => "correct that line: a document is taken with all its lines or not at all";
    KindUnknown "DW222" "no table takes rows of this kind" => "name the kind under [TABLE.where] of the table it belongs to, or under [TABLE.ignore]";
    RecordInvalid "DW223" "the line is not one JSON object of plain values" => "write one object a line, without lists or objects in it";
    DayCutOff "DW224" "a time without its day: a spreadsheet cut the date off" => "export it again without opening it in a spreadsheet: the day is not in the file";
    InstalmentsDiffer "DW225" "the instalments do not sum to their invoice" => "export the whole schedule, in the invoice's currency";
    PlanPartInvalid "DW226" "the part does not fit a payment plan" => "a plan is of one customer, agreed on one day, in one currency, in parts above zero that are due in the order of their numbers: correct it, or give each plan its own number";

    ControlTotal "DW301" "the total differs from the control total" => "the file is not the one the total was taken from, or rows are missing";
    NotConserved "DW302" "rows or money went missing inside duewise" => "this is a defect of duewise: please report it with the manifest";
    RateMissing "DW303" "there is no exchange rate for this currency and day" => "add the rate to `fx`, or do without the reporting currency";

    ArtefactUnreadable "DW401" "the model cannot be read" => "name a folder that holds an artefact.json written by duewise train, or train anew";
    ArtefactFormat "DW402" "the model was written in another format version" => "train it anew with this version of duewise";
    ArtefactFeatures "DW403" "the model was trained on other features" => "train it anew with this version of duewise";
    AsOfTooEarly "DW404" "nothing was known yet on the as-of day" => "choose a day on or after the first invoice";
    HistoryTooShort "DW405" "too little settled history" => "export a longer period; until then `run` ranks by the shrunk ratio of past lateness";
    OneClass "DW406" "the labelled invoices are all late or all on time" => "export a longer period, or choose another grace";
    NotPromoted "DW407" "the model does not beat the rule it would replace" => "keep using the rule; try again with more history";
    ModelFromFuture "DW408" "the model knows more than the as-of day" => "use a model trained on or before that day, or train one as of it";
    InvoiceNotOpen "DW409" "no open invoice has this number" => "check the number and the as-of day: what is paid, void or not known yet has no risk";
    NoVersionBefore "DW410" "there is no version to go back to" => "train one, and bring it into use with --promote";
    AllocationsTooFew "DW411" "too few past allocations to learn who pays what" => "export `allocations` (which payment settled which invoice) of a longer time";

    OutputUnwritable "DW501" "the output cannot be written" => "check the folder given with --out";
    OptionInvalid "DW502" "an option's value cannot be used" => "see `duewise help`";
    PolicyInvalid "DW503" "the policy is not valid" => "correct the key named here; docs/EXCEPTIONS.md and docs/DUNNING.md say what each takes";
    TemplateInvalid "DW504" "the template cannot be used" => "correct the file or line named here; docs/LETTERS.md lists every field";
    BrandInvalid "DW505" "the brand file is not valid" => "correct the key named here; docs/LETTERS.md says what each takes";
    LegalRateMissing "DW506" "there is no legal or reference rate for this day" => "add it to a rates file and give that with --rates: duewise never guesses one";
    PlanImpossible "DW507" "no payment plan can be made of this" => "see docs/CLAIMS.md for what a plan takes";
    CustomerNotFound "DW508" "no customer has this id" => "check the id: it is text, leading zeros count";
    RatesInvalid "DW509" "the rates file is not valid" => "correct the row named here; docs/CLAIMS.md lists the columns";
    LegalRuleMissing "DW510" "no rule of late payment is kept for this jurisdiction, debtor and day" => "name a law that docs/CLAIMS.md lists, or give the agreed rate with --rate, alone or beside such a law";
    LettersPresent "DW511" "the folder holds letters of an earlier run" => "give an empty or a new folder with --out, or move the old letters away: who has paid since must not be sent one";
}

/// Where it is: any part may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// File name as the user gave it.
    pub file: Option<String>,
    /// 1-based line of a text file (the header is a line), or row of a Parquet file.
    pub row: Option<u64>,
    /// Header of the column.
    pub column: Option<String>,
}

/// Stops a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What went wrong.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// What exactly was found, if more is known than the code says.
    pub detail: String,
}

/// One thing wrong with one row, which is rejected for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// What is wrong.
    pub code: Code,
    /// Name of the canonical column it is about.
    pub column: &'static str,
}

impl Error {
    /// An error of this code, its place and detail still empty.
    pub fn new(code: Code) -> Self {
        Self { code, place: Place::default(), detail: String::new() }
    }

    /// Says in which file.
    #[must_use]
    pub fn file(mut self, path: &Path) -> Self {
        self.place.file = Some(path.display().to_string());
        self
    }

    /// Says in which row.
    #[must_use]
    pub fn row(mut self, row: u64) -> Self {
        self.place.row = Some(row);
        self
    }

    /// Says in which column.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.place.column = Some(column.into());
        self
    }

    /// Says what was found.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "causes are handed over and texts written in place")]
    pub fn detail(mut self, detail: impl ToString) -> Self {
        self.detail = detail.to_string();
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.iter().cloned();
        let row = self.row.iter().map(|row| format!("row {row}"));
        let column = self.column.iter().map(|column| format!("column `{column}`"));
        f.write_str(&file.chain(row).chain(column).collect::<Vec<_>>().join(", "))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.code.id(), self.code.title())?;
        let place = self.place.to_string();
        if !place.is_empty() {
            write!(f, "\n  at: {place}")?;
        }
        if !self.detail.is_empty() {
            write!(f, "\n  found: {}", self.detail)?;
        }
        write!(f, "\n  remedy: {}", self.code.remedy())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_ordered() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].id() < pair[1].id()));
    }

    #[test]
    fn the_documentation_lists_every_code_as_it_is() {
        let documentation = include_str!("../../docs/ERRORS.md");
        for code in Code::ALL {
            let row = format!("| {} | {} | {} |", code.id(), code.title(), code.remedy());
            assert!(documentation.contains(&row), "docs/ERRORS.md lacks:\n{row}");
        }
    }

    #[test]
    fn an_error_says_code_place_finding_and_remedy() {
        let error = Error::new(Code::ColumnMissing)
            .file(Path::new("invoices.csv"))
            .column("due")
            .detail("id, customer");
        let text = error.to_string();
        for part in ["DW106", "invoices.csv, column `due`", "found: id, customer", "remedy: map it"] {
            assert!(text.contains(part), "{text}");
        }
    }
}
