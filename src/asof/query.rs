//! Questions to the past: "what was known of this invoice's customer before this day?", one row a question.

use polars::prelude::{Float64Chunked, NewChunkedArray, PlSmallStr};

use super::view::LedgerView;
use crate::base::day::Day;
use crate::base::money::Currency;

/// A batch of questions, with what the invoice itself says.
#[derive(Debug)]
pub struct Queries {
    /// The invoice of each question.
    pub invoices: Vec<u32>,
    /// The day of each question: only what was known before it counts.
    pub days: Vec<Day>,
    /// Customer of each question's invoice.
    pub customers: Vec<u32>,
    /// Account, a customer in one currency, of each question's invoice.
    pub accounts: Vec<u32>,
    /// Currency of each question's invoice.
    pub currencies: Vec<Currency>,
    /// Minor units in a major one, of each question's currency.
    pub minor_per_major: Vec<f64>,
    /// Due day of each question's invoice.
    pub due: Vec<Day>,
    /// Issue day of each question's invoice.
    pub issued: Vec<Day>,
    /// Amount of each question's invoice in minor units, and in major ones for ratios between currencies' scales.
    pub amounts: Vec<(i64, f64)>,
}

impl Queries {
    /// Asks about these invoices, each on its day.
    pub fn new(view: &LedgerView, questions: impl IntoIterator<Item = (u32, Day)>) -> Self {
        let (invoices, days): (Vec<u32>, Vec<Day>) = questions.into_iter().unzip();
        let facts = || invoices.iter().map(|&at| view.invoice(at));
        Self {
            customers: facts().map(|invoice| invoice.customer).collect(),
            accounts: facts().map(|invoice| invoice.account).collect(),
            currencies: facts().map(|invoice| invoice.currency).collect(),
            minor_per_major: facts().map(|invoice| 1.0 / invoice.currency.to_major(1)).collect(),
            due: facts().map(|invoice| invoice.due).collect(),
            issued: facts().map(|invoice| invoice.stamp.happened).collect(),
            amounts: facts()
                .map(|invoice| (invoice.amount, invoice.currency.to_major(invoice.amount)))
                .collect(),
            days,
            invoices,
        }
    }

    /// Number of questions.
    pub fn len(&self) -> usize {
        self.invoices.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.invoices.is_empty()
    }

    /// A number per question, from its position.
    pub fn numbers(&self, of: impl Fn(usize) -> f64) -> Float64Chunked {
        Float64Chunked::from_iter_values(PlSmallStr::EMPTY, (0..self.len()).map(of))
    }
}
