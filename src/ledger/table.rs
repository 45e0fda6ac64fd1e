//! The canonical tables and their columns: the contract that `docs/LEDGER.md` shows and every reader follows.

/// How a cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, kept as it is but for blanks around it; ids are text.
    Text,
    /// A calendar day, `YYYY-MM-DD` or by the table's `date_format`.
    Day,
    /// ISO 4217 code.
    Currency,
    /// Exact amount in the row's currency.
    Amount,
    /// Plain decimal number (quantities, prices, rates), kept to [`DECIMAL_PLACES`].
    Decimal,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `true`/`false`, `yes`/`no`, `1`/`0`; empty is no.
    Flag,
}

/// Decimal places kept of a [`Kind::Decimal`]: enough for an exchange rate, and nine digits remain before the point.
pub const DECIMAL_PLACES: u8 = 9;

/// Whether a column must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Every row has a value.
    Required,
    /// May be missing or empty.
    Optional,
}

/// One column of a canonical table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Canonical name.
    pub name: &'static str,
    /// How its cells are read.
    pub kind: Kind,
    /// Whether it must be there.
    pub need: Need,
    /// The table whose key its values must be in, if that table is there.
    pub refers_to: Option<&'static str>,
    /// What it means, with its unit.
    pub doc: &'static str,
}

/// One canonical table.
#[derive(Debug)]
pub struct Table {
    /// Name, and stem of its files.
    pub name: &'static str,
    /// Columns that together identify a row; empty for logs.
    pub key: &'static [&'static str],
    /// Whether a row that repeats the key of another is a row of its own. A supplier's bill that came twice must not be
    /// lost: it is an exception to be found, not a fault of the export.
    pub repeats: bool,
    /// Its columns.
    pub columns: &'static [Column],
    /// What having it switches on; empty where it is only checked and counted so far.
    pub enables: &'static str,
}

impl Table {
    /// The table of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// Position of a column.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|candidate| candidate.name == column)
    }
}

const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Column {
    Column { name, kind, need: Need::Required, refers_to: None, doc }
}

const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Column {
    Column { name, kind, need: Need::Optional, refers_to: None, doc }
}

const fn to(table: &'static str, column: Column) -> Column {
    Column { refers_to: Some(table), ..column }
}

use Kind::{Amount, Choice, Currency, Day, Decimal, Flag, Text};

/// Words of `invoices.type` and `bills.type`.
pub const DOCUMENT_TYPES: &[&str] = &["invoice", "credit_note", "debit_note"];
/// Words of `status` on documents. Void and draft documents are no claim and are left out of every balance.
pub const DOCUMENT_STATUSES: &[&str] = &["open", "paid", "void", "draft"];
/// Words of `orders.side`.
pub const ORDER_SIDES: &[&str] = &["purchase", "sales"];
/// Words of `activities.kind`.
pub const ACTIVITY_KINDS: &[&str] = &["call", "email", "letter", "sms", "visit"];
/// Words of `activities.outcome`.
pub const OUTCOMES: &[&str] = &["reached", "voicemail", "no_answer", "promise", "dispute", "refusal", "sent"];
/// Words of `allocations.kind`.
pub const ALLOCATION_KINDS: &[&str] = &["payment", "discount", "write_off"];
/// Words of `dispositions.verdict`.
pub const VERDICTS: &[&str] = &["true", "false", "accepted_variance", "right_match"];

const PARTY_COLUMNS: &[Column] = &[
    required("id", Text, "identifies the party; text, leading zeros count"),
    optional("name", Text, "name as printed on documents"),
    optional("parent", Text, "id of the group it belongs to"),
    optional("segment", Text, "the company's own grouping"),
    optional("country", Text, "ISO 3166 alpha-2 country"),
    optional("language", Text, "ISO 639-1 language for letters"),
    optional("currency", Currency, "usual currency; needed where credit_limit is given"),
    optional("time_zone", Text, "IANA time zone for calls"),
    optional("terms", Text, "usual payment terms, `net 30`"),
    optional("credit_limit", Amount, "most it may owe"),
    optional("email", Text, "address for letters"),
    optional("phone", Text, "number for calls"),
    optional("collector", Text, "who calls it"),
    optional("vip", Flag, "handled with special care"),
    optional("do_not_contact", Flag, "must not be contacted"),
    optional("consumer", Flag, "a natural person outside business"),
    optional(
        "jurisdiction",
        Text,
        "whose law on late payment its contracts are under, as docs/CLAIMS.md names it; empty is that of `--jurisdiction`",
    ),
    optional("bank_account", Text, "account it pays from or is paid to"),
    optional("closed", Day, "day from which no more documents are exchanged with it"),
];

/// Documents of both sides have the same columns but for the party's.
macro_rules! documents {
    ($party:literal, $parties:literal, $due:expr $(, $more:expr)*) => {
        &[
            required("id", Text, "document number; text, unique"),
            to($parties, required($party, Text, "id of the party")),
            required("issued", Day, "day on the document"),
            $due,
            required("amount", Amount, "gross amount, never negative"),
            required("currency", Currency, "ISO 4217 code"),
            optional("type", Choice(DOCUMENT_TYPES), "empty is `invoice`"),
            optional("tax", Amount, "tax within the amount"),
            optional("order", Text, "order number as printed on the document"),
            optional("terms", Text, "payment terms, `2/10 net 30`"),
            optional(
                "status",
                Choice(DOCUMENT_STATUSES),
                "void and draft documents are left out of every balance",
            ),
            optional("settled", Day, "day it was paid in full; empty while open"),
            optional(
                "open_balance",
                Amount,
                "balance on the day of the export; compared, and used only where nothing says when anything was paid",
            ),
            optional("disputed", Day, "day a dispute was raised"),
            optional("dispute_resolved", Day, "day the dispute was settled; empty while it lasts"),
            optional("posted", Day, "day it became known; empty is the day of issue"),
            optional("bank_account", Text, "account it asks to be paid to"),
            optional("party_name", Text, "name as printed, for ledgers without a party table"),
            $($more,)*
        ]
    };
}

const LINE_COLUMNS: &[Column] = &[
    required("document", Text, "id of the document"),
    required("line", Text, "line number within the document"),
    optional("item", Text, "article"),
    optional("description", Text, "text of the line"),
    required("quantity", Decimal, "billed quantity"),
    required("unit_price", Decimal, "price of one, in the document's currency"),
    required("amount", Decimal, "line amount, in the document's currency"),
    optional("tax", Decimal, "tax of the line, in the document's currency"),
    optional("order", Text, "order number"),
    optional("order_line", Text, "line of the order"),
];

/// Every canonical table, those that others refer to first.
pub const TABLES: &[Table] = &[
    Table {
        name: "customers",
        key: &["id"],
        repeats: false,
        columns: PARTY_COLUMNS,
        enables: "do-not-contact, names, unknown-customer check",
    },
    Table {
        name: "suppliers",
        key: &["id"],
        repeats: false,
        columns: PARTY_COLUMNS,
        enables: "unknown-supplier check of bills, changed bank accounts",
    },
    Table {
        name: "orders",
        key: &["id"],
        repeats: false,
        columns: &[
            required("id", Text, "order number"),
            required("side", Choice(ORDER_SIDES), "bought or sold"),
            required("party", Text, "id of the supplier or customer"),
            required("ordered", Day, "day of the order"),
            required("amount", Amount, "ordered total before tax"),
            required("currency", Currency, "ISO 4217 code"),
            optional("status", Choice(&["open", "closed"]), "closed orders take no more bills"),
            optional("terms", Text, "agreed payment terms"),
            optional("category", Text, "what is bought, or how it is matched; the company's own grouping"),
            optional(
                "closed",
                Day,
                "day from which it takes no more bills; empty while open, or where it is unknown",
            ),
        ],
        enables: "unknown-order check of lines and receipts, match of documents with orders",
    },
    Table {
        name: "order_lines",
        key: &["order", "line"],
        repeats: false,
        columns: &[
            to("orders", required("order", Text, "order number")),
            required("line", Text, "line number"),
            optional("item", Text, "article"),
            optional("description", Text, "text of the line"),
            required("quantity", Decimal, "ordered quantity"),
            required("unit_price", Decimal, "agreed price of one"),
            required("amount", Decimal, "line amount"),
            optional("scheduled", Day, "agreed delivery day"),
        ],
        enables: "match of documents with orders by line",
    },
    Table {
        name: "receipts",
        key: &["id"],
        repeats: false,
        columns: &[
            required("id", Text, "goods receipt or delivery number"),
            to("orders", required("order", Text, "order number")),
            required("order_line", Text, "line of the order"),
            required("received", Day, "day of receipt or delivery"),
            required("quantity", Decimal, "quantity received; negative is returned"),
            optional("accepted", Decimal, "quantity accepted on inspection; empty is not inspected"),
        ],
        enables: "match of documents with receipts and deliveries",
    },
    Table {
        name: "invoices",
        key: &["id"],
        repeats: false,
        columns: documents!("customer", "customers", required("due", Day, "last day to pay on time")),
        enables: "history, training, scores, call list",
    },
    Table {
        name: "instalments",
        key: &["invoice", "number"],
        repeats: false,
        columns: &[
            to("invoices", required("invoice", Text, "id of the invoice that is due in parts")),
            required("number", Text, "number of the part within the invoice"),
            required("due", Day, "last day to pay the part on time"),
            required("amount", Amount, "amount of the part; all of an invoice sum to its amount"),
            required("currency", Currency, "ISO 4217 code; the invoice's"),
        ],
        enables: "balances and lateness by instalment",
    },
    Table {
        name: "bills",
        key: &["id", "supplier"],
        repeats: true,
        columns: documents!(
            "supplier",
            "suppliers",
            optional("due", Day, "last day to pay on time"),
            optional("released", Day, "day a payment block on it was first removed by hand"),
            optional(
                "voucher",
                Text,
                "the ledger's own number of its posting; bills that share it are no second bills"
            )
        ),
        enables: "exceptions of bills",
    },
    Table {
        name: "invoice_lines",
        key: &["document", "line"],
        repeats: false,
        columns: LINE_COLUMNS,
        enables: "match of invoices with sales orders and deliveries by line",
    },
    Table {
        name: "bill_lines",
        key: &["document", "line"],
        repeats: false,
        columns: LINE_COLUMNS,
        enables: "match of bills with orders and receipts by line",
    },
    Table {
        name: "payments",
        key: &["id"],
        repeats: false,
        columns: &[
            required("id", Text, "payment or bank line number"),
            to("customers", optional("customer", Text, "id of the payer; empty is unidentified")),
            optional("payer", Text, "payer as the bank writes it"),
            required("day", Day, "value day"),
            required("amount", Amount, "received amount, never negative"),
            required("currency", Currency, "ISO 4217 code"),
            optional("reference", Text, "memo or remittance text"),
            optional("method", Text, "transfer, cheque, card…"),
            optional("account", Text, "account paid from"),
            optional("cheque_day", Day, "day written on the cheque; empty for other payments"),
            optional("posted", Day, "day it became known; empty is the value day"),
            optional("applied", Day, "day by which all of it had been applied; empty while some is not"),
            optional("open_balance", Amount, "what is not applied of it on the day of the export"),
            optional(
                "returned",
                Day,
                "day it came back unpaid (NSF, chargeback) or was reversed; what it settled is open again from then",
            ),
        ],
        enables: "unapplied cash",
    },
    Table {
        name: "allocations",
        key: &[],
        repeats: false,
        columns: &[
            optional("payment", Text, "id of the payment or of the credit note; needed for kind `payment`"),
            to("invoices", required("invoice", Text, "id of the invoice it settles")),
            required("amount", Amount, "amount applied"),
            required("currency", Currency, "ISO 4217 code"),
            optional(
                "day",
                Day,
                "day it was applied; empty is the payment's, and needed where there is none",
            ),
            optional("kind", Choice(ALLOCATION_KINDS), "what settles it; empty is `payment`"),
        ],
        enables: "partial payments, open balances on any day",
    },
    Table {
        name: "activities",
        key: &[],
        repeats: false,
        columns: &[
            required("day", Day, "day of the contact"),
            to("customers", required("customer", Text, "id of the customer")),
            to("invoices", optional("invoice", Text, "id of the invoice it was about; empty is the account")),
            required("kind", Choice(ACTIVITY_KINDS), "how contact was made"),
            required("outcome", Choice(OUTCOMES), "what came of it"),
            optional("promise_day", Day, "day the customer promised to pay"),
            optional("promise_amount", Amount, "amount promised; empty is all that was open"),
            optional("currency", Currency, "currency of the promised amount"),
            optional("collector", Text, "who made contact"),
            optional("step", Text, "step of the dunning policy it carried out"),
        ],
        enables: "promises, contact history, dunning levels",
    },
    Table {
        name: "pauses",
        key: &[],
        repeats: false,
        columns: &[
            to("customers", required("customer", Text, "id of the customer")),
            to(
                "invoices",
                optional("invoice", Text, "id of the invoice not to be chased; empty is the account"),
            ),
            required("from", Day, "first day of the pause, and the day it was known"),
            optional("until", Day, "last day of the pause; empty until it is taken back"),
            required("reason", Text, "why"),
        ],
        enables: "customers and invoices that are not chased for a while",
    },
    Table {
        name: "plans",
        key: &["plan", "number"],
        repeats: false,
        columns: &[
            required("plan", Text, "number of the payment plan"),
            required("number", Text, "number of the part within the plan"),
            to("customers", required("customer", Text, "id of the customer")),
            required("agreed", Day, "day on which the plan was agreed"),
            required("due", Day, "last day to pay the part"),
            required("amount", Amount, "amount of the part"),
            required("currency", Currency, "ISO 4217 code"),
        ],
        enables: "payment plans: kept, late or broken, and no chasing while one is on schedule",
    },
    Table {
        name: "dispositions",
        key: &[],
        repeats: false,
        columns: &[
            required("document", Text, "number of what the finding is on, as in `exceptions.csv`"),
            required("code", Text, "code of the finding"),
            required("verdict", Choice(VERDICTS), "the reviewer's verdict"),
            required("day", Day, "day of the verdict"),
            optional("party", Text, "its supplier or customer; needed where several have the number"),
            optional("line", Text, "line of the document; empty is all of it"),
        ],
        enables: "closing and ranking of exceptions by reviewers' verdicts",
    },
    Table {
        name: "fx",
        key: &["day", "from", "to"],
        repeats: false,
        columns: &[
            required("day", Day, "day the rate holds from"),
            required("from", Currency, "currency converted"),
            required("to", Currency, "currency converted to"),
            required("rate", Decimal, "units of `to` for one of `from`"),
        ],
        enables: "one reporting currency",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A table as docs/LEDGER.md shows it.
    fn section(table: &Table) -> String {
        let key = table.key.join("`, `");
        let unique = match key.as_str() {
            "" => String::new(),
            key if table.repeats => format!(" Known by `{key}`, which may repeat."),
            key => format!(" Unique by `{key}`."),
        };
        let rows: String = table.columns.iter().map(row).collect();
        let head = "| column | kind | needed | meaning |\n|---|---|---|---|\n";
        let enables = match table.enables {
            "" => "Checked and counted; nothing uses it yet.".to_owned(),
            enables => format!("Switches on: {enables}."),
        };
        format!("### {}\n\n{enables}{unique}\n\n{head}{rows}", table.name)
    }

    fn row(column: &Column) -> String {
        let kind = match column.kind {
            Kind::Choice(words) => format!("`{}`", words.join("`, `")),
            plain => format!("{plain:?}").to_lowercase(),
        };
        let needed = if column.need == Need::Required { "yes" } else { "" };
        let refers =
            column.refers_to.map_or_else(String::new, |table| format!("; in `{table}` if there is one"));
        format!("| `{}` | {kind} | {needed} | {}{refers} |\n", column.name, column.doc)
    }

    #[test]
    fn the_documentation_shows_every_table_as_it_is() {
        let documentation = include_str!("../../docs/LEDGER.md");
        let missing: String =
            TABLES.iter().map(section).filter(|section| !documentation.contains(section.as_str())).collect();
        assert_eq!(missing, "", "docs/LEDGER.md lacks what stands on the left");
    }

    #[test]
    fn the_contract_is_consistent() {
        for (at, table) in TABLES.iter().enumerate() {
            assert!(TABLES[..at].iter().all(|other| other.name != table.name), "{}", table.name);
            for key in table.key {
                let column = table.columns.iter().find(|column| column.name == *key);
                assert!(column.is_some_and(|column| column.need == Need::Required), "{} {key}", table.name);
            }
            for (position, column) in table.columns.iter().enumerate() {
                assert_eq!(table.position(column.name), Some(position), "{} {}", table.name, column.name);
                assert!(!column.doc.is_empty());
                if let Some(target) = column.refers_to {
                    // A table is read after those it refers to.
                    assert!(TABLES[..at].iter().any(|other| other.name == target), "{target}");
                }
                if column.kind == Kind::Amount {
                    assert!(
                        table.position("currency").is_some(),
                        "{} has amounts but no currency",
                        table.name
                    );
                }
            }
        }
    }
}
