//! A draft mapping for a file that no preset knows: for each canonical column the header that fits it best by its name
//! and by what its cells hold, with how sure that is. A person corrects it; nothing is read by it before that.

use std::fmt::Write as _;

use super::{Header, fold};
use crate::ledger::notation::amount::{self, AmountEvidence, DecimalSign};
use crate::ledger::notation::day::{self, DateOrder, DayEvidence, DayNotation};
use crate::ledger::notation::{Conclusion, Example};
use crate::ledger::read::Records;
use crate::ledger::table::{Column, Kind, Need, Table};
use crate::statute::currency;

/// What headers call the columns of receivables, payables and payments, best known first.
const NAMES: &[(&str, &[&str])] = &[
    (
        "id",
        &[
            "invoice number",
            "invoice no",
            "invoice id",
            "invoice",
            "document number",
            "document no",
            "doc no",
            "number",
            "num",
            "no",
            "belegnummer",
            "rechnungsnummer",
            "rechnungsnr",
            "numéro",
            "factuurnr",
            "transaction number",
            "reference",
            "id",
        ],
    ),
    (
        "customer",
        &[
            "customer number",
            "customer no",
            "customer id",
            "customer code",
            "customer",
            "account number",
            "account",
            "client",
            "debtor",
            "kundennummer",
            "kunde",
            "debitor",
            "cust",
            "cust number",
        ],
    ),
    (
        "supplier",
        &[
            "supplier id",
            "supplier number",
            "supplier",
            "vendor number",
            "vendor id",
            "vendornum",
            "vendor",
            "creditor",
            "lieferant",
            "kreditor",
        ],
    ),
    (
        "party_name",
        &["customer name", "supplier name", "vendor name", "name", "name customer", "kundenname", "company"],
    ),
    (
        "issued",
        &[
            "invoice date",
            "document date",
            "issue date",
            "issued",
            "date",
            "rechnungsdatum",
            "belegdatum",
            "posting date",
        ],
    ),
    (
        "due",
        &[
            "due date",
            "net due date",
            "due in date",
            "due",
            "fällig",
            "fälligkeit",
            "fälligkeitsdatum",
            "vervaldatum",
            "échéance",
        ],
    ),
    (
        "amount",
        &[
            "amount",
            "invoice amount",
            "total amount",
            "total",
            "gross amount",
            "total open amount",
            "betrag",
            "bruttobetrag",
            "montant",
            "importe",
            "bedrag",
        ],
    ),
    (
        "currency",
        &["currency", "currency code", "invoice currency", "währung", "waers", "devise", "moneda", "valuta"],
    ),
    ("type", &["document type", "transaction type", "type", "belegart"]),
    ("tax", &["tax", "tax amount", "vat", "vat amount", "mwst", "steuer"]),
    ("order", &["order", "order number", "po number", "purchase order", "p.o. #", "bestellnummer"]),
    ("terms", &["terms", "payment terms", "zahlungsbedingung"]),
    ("status", &["status", "invoice status", "payment status"]),
    (
        "settled",
        &[
            "settled",
            "cleared date",
            "clear date",
            "clearing date",
            "paid date",
            "payment date",
            "closed at date",
            "bezahlt am",
            "ausgleichsdatum",
        ],
    ),
    (
        "open_balance",
        &["open balance", "balance", "amount due", "open amount", "remaining amount", "outstanding", "saldo"],
    ),
    ("posted", &["posting date", "posted", "entry date", "created", "buchungsdatum"]),
    ("day", &["payment date", "value date", "date", "posting date", "receipt date", "valuta"]),
    ("payer", &["payer", "business partner", "payer name", "auftraggeber"]),
];

/// Below this a header is no candidate.
const SURE_MIN: f64 = 0.45;

/// A draft mapping of a table.
#[derive(Debug)]
pub struct Guess {
    table: &'static Table,
    /// Canonical column, header, how sure (0 to 1) and why.
    columns: Vec<(&'static Column, String, f64, String)>,
    lines: Vec<String>,
    unused: Vec<String>,
}

impl Guess {
    /// Guesses the columns of a table from a header and a sample of rows.
    pub fn new(table: &'static Table, header: &Header, sample: &Records, first: usize) -> Self {
        let mut candidates = Vec::new();
        for column in table.columns {
            for (at, name) in header.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                let (fits, why) = content(column.kind, sample, first, at);
                let sure = name_fits(column.name, name) * (0.4 + 0.6 * fits);
                if sure >= SURE_MIN {
                    candidates.push((sure, column, at, why));
                }
            }
        }
        // The surest first; each header serves one column, each column has one header.
        candidates.sort_by(|left, right| right.0.total_cmp(&left.0));
        let mut guess = Self { table, columns: Vec::new(), lines: Vec::new(), unused: Vec::new() };
        let mut taken: Vec<usize> = Vec::new();
        for (sure, column, at, why) in candidates {
            if taken.contains(&at) || guess.columns.iter().any(|(other, ..)| other.name == column.name) {
                continue;
            }
            taken.push(at);
            guess.notation(column, sample, first, at);
            guess.columns.push((column, header.names[at].clone(), sure, why));
        }
        let order = |column: &Column| table.position(column.name);
        guess.columns.sort_by_key(|(column, ..)| order(column));
        let free =
            header.names.iter().enumerate().filter(|(at, name)| !taken.contains(at) && !name.is_empty());
        guess.unused = free.map(|(_, name)| name.clone()).collect();
        guess
    }

    /// How sure the required columns are, for choosing between tables.
    pub fn score(&self) -> f64 {
        let required = self.columns.iter().filter(|(column, ..)| column.need == Need::Required);
        required.map(|(_, _, sure, _)| sure).sum()
    }

    /// Lines for the mapping that the sample does not prove.
    fn notation(&mut self, column: &Column, sample: &Records, first: usize, at: usize) {
        let rows = first..sample.len();
        let shown = |examples: &[Example]| {
            let cells: Vec<String> =
                examples.iter().map(|(row, text)| format!("row {row} `{text}`")).collect();
            cells.join(", ")
        };
        match column.kind {
            Kind::Day => {
                let mut evidence = DayEvidence::default();
                rows.for_each(|row| evidence.see(sample.cell(row, at), sample.line(row)));
                if let Conclusion::Ambiguous { examples } = evidence.conclude() {
                    self.lines.push(format!(
                        "# date_order = \"day_first\"   # or \"month_first\": {} may be either",
                        shown(&examples)
                    ));
                }
            }
            Kind::Amount | Kind::Decimal => {
                let mut evidence = AmountEvidence::default();
                rows.for_each(|row| evidence.see(sample.cell(row, at), sample.line(row)));
                if let Conclusion::Ambiguous { examples } = evidence.conclude() {
                    let cells = shown(&examples);
                    self.lines.push(format!("# decimal = \".\"   # or \",\": {cells} may be either"));
                }
            }
            _ => {}
        }
    }

    /// The draft as TOML.
    pub fn toml(&self, file: &str) -> String {
        let name = self.table.name;
        let mut text = format!("[{name}]\nfiles = [{}]\n", quoted(file));
        for line in &self.lines {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "\n[{name}.columns]");
        for (column, header, sure, why) in &self.columns {
            let _ =
                writeln!(text, "{} = {}   # {:.0} % sure: {why}", column.name, quoted(header), 100.0 * sure);
        }
        let found = |column: &Column| self.columns.iter().any(|(other, ..)| other.name == column.name);
        for column in
            self.table.columns.iter().filter(|column| column.need == Need::Required && !found(column))
        {
            let _ = writeln!(text, "# {} = \"…\"   # needed: {}", column.name, column.doc);
        }
        if !self.unused.is_empty() {
            let _ = writeln!(text, "# not used: {}", self.unused.join(", "));
        }
        if self.table.position("currency").is_some()
            && !self.columns.iter().any(|(column, ..)| column.name == "currency")
        {
            let _ = writeln!(
                text,
                "\n[{name}.defaults]\n# currency = \"EUR\"   # if all rows are in one currency"
            );
        }
        text
    }
}

/// As a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// How well a header names a column, 0 to 1.
fn name_fits(column: &str, header: &str) -> f64 {
    let plain = |text: &str| {
        fold(text)
            .replace(['_', '.', '-', '/', '#', ':'], " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let header = plain(header);
    let canonical = column.replace('_', " ");
    let names = NAMES.iter().find(|(name, _)| *name == column).map_or(&[][..], |(_, names)| names);
    let listed = names.iter().enumerate().map(|(rank, name)| {
        let name = plain(name);
        let first = 1.0 - 0.01 * rank as f64;
        if name == header {
            first
        } else if name.contains(' ') && header.contains(&name) {
            0.85 * first
        } else if strsim::jaro_winkler(&name, &header) > 0.93 {
            0.8 * first
        } else {
            0.0
        }
    });
    let exact = if canonical == header { 1.0 } else { 0.0 };
    listed.fold(exact, f64::max)
}

/// Share of filled cells that can be read as a kind, and how to say it.
fn content(kind: Kind, sample: &Records, first: usize, at: usize) -> (f64, String) {
    let cells: Vec<&str> =
        (first..sample.len()).map(|row| sample.cell(row, at)).filter(|cell| !cell.is_empty()).collect();
    if cells.is_empty() {
        return (0.5, "by its name; no cell is filled".to_owned());
    }
    let fits = |cell: &&&str| match kind {
        Kind::Day => [Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)]
            .into_iter()
            .any(|order| day::read(cell, DayNotation { order, serial: false }).is_ok()),
        Kind::Amount | Kind::Decimal => [DecimalSign::Point, DecimalSign::Comma]
            .into_iter()
            .any(|sign| amount::plain(cell, sign, &mut String::new()).is_ok()),
        Kind::Currency => currency::find(cell).is_some(),
        _ => true,
    };
    let count = cells.iter().filter(fits).count();
    let what = match kind {
        Kind::Day => "days",
        Kind::Amount | Kind::Decimal => "amounts",
        Kind::Currency => "currency codes",
        _ => return (1.0, "by its name".to_owned()),
    };
    (count as f64 / cells.len() as f64, format!("{count} of {} cells are {what}", cells.len()))
}
