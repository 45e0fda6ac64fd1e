//! Ageing as a table, as text for the screen and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Aged, Ageing};
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};

/// The ageing as a table: a row a currency or, where groups are asked for, a row a currency and group.
pub fn sheet(aged: &Aged) -> Sheet {
    let rows: Vec<(Currency, &str, &str, &Ageing)> = if aged.scheme.by.is_some() {
        aged.groups
            .iter()
            .map(|one| (one.currency, one.id.as_str(), one.name.as_str(), &one.ageing))
            .collect()
    } else {
        aged.totals.iter().map(|(currency, sums)| (*currency, "", "", sums)).collect()
    };
    // Totals are wider than one amount may be, so they are written as exact decimal text.
    let text = |of: &dyn Fn(&Ageing) -> i128| {
        Cells::Text(rows.iter().map(|(currency, _, _, sums)| currency.format_total(of(sums))).collect())
    };
    let words =
        |of: fn(&(Currency, &str, &str, &Ageing)) -> String| Cells::Text(rows.iter().map(of).collect());
    let mut sheet = Sheet::new("ageing").with("currency", words(|row| row.0.code().to_owned()));
    if aged.scheme.by.is_some() {
        sheet =
            sheet.with("group", words(|row| row.1.to_owned())).with("name", words(|row| row.2.to_owned()));
    }
    sheet = sheet.with("invoices", Cells::Count(rows.iter().map(|row| row.3.invoices as i64).collect()));
    for (at, name) in aged.scheme.names().into_iter().enumerate() {
        sheet = sheet.with(name, text(&|sums| sums.buckets.get(at).copied().unwrap_or_default()));
    }
    sheet
        .with("open", text(&|sums| sums.open))
        .with("unapplied", text(&|sums| sums.unapplied))
        .with("net", text(&|sums| sums.open - sums.unapplied))
}

/// An ageing for the screen and as JSON.
#[derive(Debug, Serialize)]
pub struct AgedSummary {
    as_of: String,
    basis: &'static str,
    by: Option<&'static str>,
    totals: Vec<Row>,
    groups: Vec<Row>,
}

/// One row, its amounts as exact text.
#[derive(Debug, Serialize)]
struct Row {
    currency: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    group: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    invoices: usize,
    buckets: Vec<(String, String)>,
    open: String,
    unapplied: String,
    net: String,
}

impl AgedSummary {
    /// Sums up an ageing.
    pub fn new(aged: &Aged) -> Self {
        let row = |currency: Currency, group: &str, name: &str, sums: &Ageing| Row {
            currency: currency.code().to_owned(),
            group: group.to_owned(),
            name: name.to_owned(),
            invoices: sums.invoices,
            buckets: aged
                .scheme
                .names()
                .into_iter()
                .zip(sums.buckets.iter().map(|sum| currency.format_total(*sum)))
                .collect(),
            open: currency.format_total(sums.open),
            unapplied: currency.format_total(sums.unapplied),
            net: currency.format_total(sums.open - sums.unapplied),
        };
        let totals = aged.totals.iter().map(|(currency, sums)| row(*currency, "", "", sums));
        let groups = aged.groups.iter().map(|one| row(one.currency, &one.id, &one.name, &one.ageing));
        Self {
            as_of: aged.as_of.to_string(),
            basis: aged.scheme.basis.name(),
            by: aged.scheme.by.map(super::By::name),
            totals: totals.collect(),
            groups: groups.collect(),
        }
    }

    /// For the screen: each currency, then its groups.
    pub fn text(&self) -> String {
        let by = self.by.map_or_else(String::new, |by| format!(", by {by}"));
        let mut text = format!("Open as of {}, aged from the {} day{by}\n", self.as_of, self.counted_from());
        for total in &self.totals {
            let _ = writeln!(text, "  {} {}", total.currency, total.text());
            for group in self.groups.iter().filter(|group| group.currency == total.currency) {
                let name = if group.name.is_empty() { String::new() } else { format!(" ({})", group.name) };
                let _ = writeln!(text, "    {}{name}: {}", group.group, group.text());
            }
        }
        text
    }

    fn counted_from(&self) -> &'static str {
        if self.basis == super::Basis::Due.name() { "due" } else { "invoice" }
    }
}

impl Row {
    fn text(&self) -> String {
        let buckets: Vec<String> = self.buckets.iter().map(|(name, sum)| format!("{name} {sum}")).collect();
        format!(
            "{} on {} invoices = {}; less unapplied cash and credit {} = {}",
            self.open,
            self.invoices,
            buckets.join(" + "),
            self.unapplied,
            self.net
        )
    }
}
