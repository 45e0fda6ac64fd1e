//! Open balances by age, per currency and, if asked, per customer, collector or segment; the buckets sum to the open balance
//! and that to the receivables account, to the minor unit.

mod render;
mod scheme;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use crate::asof::view::LedgerView;
use crate::base::day::AsOf;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::ledger::Ledger;
use crate::ledger::mapping::Control;
use crate::statute::currency;

pub use render::{AgedSummary, sheet};
pub use scheme::{Basis, Buckets, By, Scheme};

/// One group's ageing in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ageing {
    /// Open balance by bucket, in minor units, in the order of [`Scheme::names`].
    pub buckets: Vec<i128>,
    /// Open balance over all invoices, summed on its own.
    pub open: i128,
    /// Open invoices; each instalment is one.
    pub invoices: usize,
    /// Cash and credit on no invoice, payers unidentified included.
    pub unapplied: i128,
}

/// A ledger aged on a day.
#[derive(Debug, Clone)]
pub struct Aged {
    /// Nothing known after this day is in it.
    pub as_of: AsOf,
    /// How it was aged.
    pub scheme: Scheme,
    /// All of a currency, by currency.
    pub totals: BTreeMap<Currency, Ageing>,
    /// Its parts, by currency and group, where groups are asked for.
    pub groups: Vec<Group>,
}

/// One group of customers in one currency.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its currency.
    pub currency: Currency,
    /// Id of the customer, name of the collector or of the segment.
    pub id: String,
    /// Name of the customer; empty for other groups.
    pub name: String,
    /// Its ageing.
    pub ageing: Ageing,
}

/// Ages a view.
pub fn age(view: &LedgerView, scheme: &Scheme) -> Result<Aged> {
    let labels = scheme::labels(view, scheme.by);
    let mut sums = Sums { buckets: scheme.names().len(), rows: BTreeMap::new() };
    for item in view.open_items() {
        let invoice = view.invoice(item.invoice);
        let own = sums.of(invoice.currency, labels.of(Some(invoice.customer)));
        let bucket = scheme.bucket(invoice, view.as_of());
        if let Some(sum) = own.buckets.get_mut(bucket) {
            *sum += i128::from(item.balance);
        }
        own.invoices += 1;
    }
    // The open balance takes another way to the same figure: all that was invoiced less all that was paid.
    for (at, invoice) in view.invoices() {
        let label = labels.of(Some(invoice.customer));
        sums.of(invoice.currency, label).open += i128::from(view.balance(at));
    }
    for ((customer, currency), amount) in view.unapplied() {
        sums.of(currency, labels.of(customer)).unapplied += i128::from(amount);
    }
    let mut aged =
        Aged { as_of: view.as_of(), scheme: scheme.clone(), totals: BTreeMap::new(), groups: Vec::new() };
    for ((currency, label), ageing) in sums.rows {
        conserved(currency, &ageing)?;
        aged.totals.entry(currency).or_default().add(&ageing);
        if scheme.by.is_some() && (ageing.invoices > 0 || ageing.unapplied != 0) {
            let (id, name) = labels.text(label);
            aged.groups.push(Group { currency, id, name, ageing });
        }
    }
    balanced(view, &aged)?;
    Ok(aged)
}

/// Ageing by currency and group, in the making.
struct Sums {
    buckets: usize,
    rows: BTreeMap<(Currency, usize), Ageing>,
}

impl Sums {
    fn of(&mut self, currency: Currency, group: usize) -> &mut Ageing {
        let empty = || Ageing { buckets: vec![0; self.buckets], ..Ageing::default() };
        self.rows.entry((currency, group)).or_insert_with(empty)
    }
}

impl Ageing {
    fn add(&mut self, other: &Self) {
        self.buckets.resize(other.buckets.len(), 0);
        for (sum, part) in self.buckets.iter_mut().zip(&other.buckets) {
            *sum += part;
        }
        self.open += other.open;
        self.invoices += other.invoices;
        self.unapplied += other.unapplied;
    }
}

/// The buckets hold what is open.
fn conserved(currency: Currency, ageing: &Ageing) -> Result<()> {
    let bucketed: i128 = ageing.buckets.iter().sum();
    if bucketed == ageing.open {
        return Ok(());
    }
    Err(Error::new(Code::NotConserved).detail(format!(
        "ageing of {} is {}, open is {}",
        currency.code(),
        currency.display(bucketed),
        currency.display(ageing.open)
    )))
}

/// The groups together come to the receivables account.
fn balanced(view: &LedgerView, aged: &Aged) -> Result<()> {
    for (currency, net) in view.net_receivable() {
        let found = aged.totals.get(&currency).map_or(0, |sums| sums.open - sums.unapplied);
        if found != net {
            return Err(Error::new(Code::NotConserved).detail(format!(
                "ageing less unapplied is {}, the receivables account is {}",
                currency.display(found),
                currency.display(net)
            )));
        }
    }
    Ok(())
}

/// Compares what a mapping states for its day with what the facts come to on it, to the minor unit.
pub fn control(ledger: &Ledger, control: &Control) -> Result<Vec<Error>> {
    if control.net_open.is_empty() {
        return Ok(Vec::new());
    }
    let day = control.as_of.map(AsOf).or_else(|| ledger.last_known());
    let day = day.ok_or_else(|| Error::new(Code::AsOfTooEarly))?;
    let found = LedgerView::new(ledger, day)?.net_receivable();
    let mut problems = Vec::new();
    for (code, stated) in &control.net_open {
        let Some(currency) = currency::find(code) else { continue };
        let found = found.get(&currency).copied().unwrap_or_default();
        let stated = currency.parse(stated).map_or(0, i128::from);
        if found != stated {
            problems.push(Error::new(Code::ControlTotal).column(format!("[control.net_open] {code}")).detail(format!(
                "as of {day}, open invoices less unapplied cash and credit are {}, the control total is {}, the \
                 difference is {}",
                currency.display(found),
                currency.display(stated),
                currency.display(found - stated)
            )));
        }
    }
    Ok(problems)
}

/// The net receivable in one currency, at the rates of the view's day. A rate that is missing is an error that names it and
/// the open invoices that need it.
pub fn converted(view: &LedgerView, to: Currency) -> Result<i128> {
    let mut sum = 0;
    for (from, net) in view.net_receivable() {
        let whole = i64::try_from(net).ok().and_then(|net| view.convert(net, from, to));
        let Some(whole) = whole else { return Err(rate_missing(view, from, to)) };
        sum += i128::from(whole);
    }
    Ok(sum)
}

/// Invoices named where a rate is missing.
const NAMED_INVOICES: usize = 10;

/// The error that names a missing rate and the open invoices that need it.
pub(super) fn rate_missing(view: &LedgerView, from: Currency, to: Currency) -> Error {
    let items = view.open_items();
    let open = items.iter().map(|item| view.invoice(item.invoice)).filter(|invoice| invoice.currency == from);
    let ids: Vec<&str> = open.map(|invoice| invoice.id.as_str()).collect();
    let named = ids.iter().take(NAMED_INVOICES).copied().collect::<Vec<_>>().join(", ");
    let more = if ids.len() > NAMED_INVOICES { ", …" } else { "" };
    Error::new(Code::RateMissing).column("--reporting-currency").detail(format!(
        "{} to {} as of {}, for {} open invoices: {named}{more}",
        from.code(),
        to.code(),
        view.as_of(),
        ids.len()
    ))
}
