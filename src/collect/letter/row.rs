//! The list of letters: what was written to whom, and what was not and why. Nothing is sent.

use crate::base::digest;
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::ledger::Channel;

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is written as asked for.
    Written,
    /// It is written to be printed: it cannot go by mail.
    NoAddress,
    /// Not written: what is on account covers it, or there is no invoice.
    NothingToPay,
    /// Not written: the customer must not be contacted.
    DoNotContact,
}

impl State {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::NoAddress => "no_address",
            Self::NothingToPay => "nothing_to_pay",
            Self::DoNotContact => "do_not_contact",
        }
    }
}

/// What decided on a letter's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chosen {
    /// The ledger's word on the customer.
    Customer,
    /// What is usual in its country.
    Country,
    /// The brand's language.
    Brand,
    /// English, in which every template exists.
    LastResort,
}

impl Chosen {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Country => "country",
            Self::Brand => "brand",
            Self::LastResort => "last_resort",
        }
    }
}

/// Endings of the files of a letter: plain text, HTML, and a draft of a message.
pub const KINDS: [&str; 3] = ["txt", "html", "eml"];

/// A letter in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Id of the customer.
    pub customer: String,
    /// Currency of the letter.
    pub currency: Currency,
    /// Step of the policy.
    pub step: String,
    /// Template.
    pub template: String,
    /// ISO 639 code.
    pub language: String,
    /// Why in this language.
    pub chosen: Chosen,
    /// How it is to go.
    pub channel: Channel,
    /// Addresses; empty unless it goes by mail.
    pub to: String,
    /// Subject; empty where nothing was written.
    pub subject: String,
    /// Names of its files.
    pub files: Vec<String>,
    /// Invoices in it.
    pub items: usize,
    /// Minor units to be paid.
    pub total: i64,
    /// Why a person should look at it before it goes out; empty where nothing is to be looked at.
    pub review: String,
    /// What became of it.
    pub state: State,
    /// Why it is not as asked for; empty where it is.
    pub reason: String,
}

impl Row {
    /// Says what it was written without.
    pub fn lacks(&mut self, what: &str) {
        let before = if self.reason.is_empty() { "" } else { "; " };
        self.reason = format!("{}{before}{what}", self.reason);
    }
}

/// The list as a table, sorted by customer, currency, step and template.
pub fn sheet(mut rows: Vec<Row>) -> Sheet {
    let key = |row: &Row| (row.customer.clone(), row.currency, row.step.clone(), row.template.clone());
    rows.sort_by_cached_key(key);
    let text = |of: &dyn Fn(&Row) -> String| Cells::Text(rows.iter().map(of).collect());
    Sheet::new("letters")
        .with("customer", text(&|row| row.customer.clone()))
        .with("currency", text(&|row| row.currency.code().to_owned()))
        .with("step", text(&|row| row.step.clone()))
        .with("template", text(&|row| row.template.clone()))
        .with("language", text(&|row| row.language.clone()))
        .with("language_from", Cells::Word(rows.iter().map(|row| row.chosen.name()).collect()))
        .with("channel", Cells::Word(rows.iter().map(|row| channel(row.channel)).collect()))
        .with("to", text(&|row| row.to.clone()))
        .with("subject", text(&|row| row.subject.clone()))
        .with("files", text(&|row| row.files.join(" ")))
        .with("items", Cells::Count(rows.iter().map(|row| row.items as i64).collect()))
        .with("total", Cells::Money(rows.iter().map(|row| Some((row.total, row.currency))).collect()))
        .with("review", text(&|row| row.review.clone()))
        .with("state", Cells::Word(rows.iter().map(|row| row.state.name()).collect()))
        .with("reason", text(&|row| row.reason.clone()))
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Call => "call",
        Channel::Email => "email",
        Channel::Letter => "letter",
        Channel::Sms => "sms",
        Channel::Visit => "visit",
    }
}

/// Longest part of a customer's id in a file's name.
const ID_CHARS_MAX: usize = 40;

/// Hex digits by which letters differ that would otherwise have one name.
const DIGEST_DIGITS: usize = 10;

/// Stem of a letter's files: readable, on one level, and its own.
pub fn stem(customer: &str, currency: Currency, step: &str, template: &str) -> String {
    let safe = |sign: char| if sign.is_ascii_alphanumeric() { sign } else { '_' };
    let id: String = customer.chars().take(ID_CHARS_MAX).map(safe).collect();
    let digest = digest::of_bytes([customer, currency.code(), step, template].join("\u{0}").as_bytes());
    let digest = digest.get(..DIGEST_DIGITS).unwrap_or_default();
    format!("{id}-{}-{template}-{digest}", currency.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_stay_in_their_folder_and_differ() {
        let eur = Currency::new(*b"EUR", 2);
        let name = stem("../../etc/passwd", eur, "a", "final_notice");
        assert!(name.starts_with("______etc_passwd-EUR-final_notice-"), "{name}");
        assert_ne!(stem("A/1", eur, "a", "b"), stem("A\\1", eur, "a", "b"));
        assert_ne!(stem("a", eur, "s", "t"), stem("A", eur, "s", "t"));
        assert!(stem(&"ß".repeat(500), eur, "", "t").len() < 80);
    }
}
