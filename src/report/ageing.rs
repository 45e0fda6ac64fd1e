//! Open balances by days past due, per currency; the buckets sum to the open balance to the minor unit.

use std::collections::BTreeMap;

use crate::asof::view::LedgerView;
use crate::base::day::AsOf;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::ledger::Ledger;
use crate::ledger::mapping::Control;
use crate::statute::currency;

/// Buckets by days past due: name, and the first day that belongs to the next one.
pub const BUCKETS: [(&str, i32); 6] =
    [("not_due", 1), ("1-30", 31), ("31-60", 61), ("61-90", 91), ("91-120", 121), (">120", i32::MAX)];

/// One currency's ageing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ageing {
    /// Open balance by bucket, in minor units.
    pub buckets: [i128; BUCKETS.len()],
    /// Open balance over all invoices, summed on its own.
    pub open: i128,
    /// Open invoices.
    pub invoices: usize,
    /// Cash and credit on no invoice, payers unidentified included.
    pub unapplied: i128,
}

/// Ages a view by due day.
pub fn age(view: &LedgerView) -> Result<BTreeMap<Currency, Ageing>> {
    let mut ageing: BTreeMap<Currency, Ageing> = BTreeMap::new();
    for item in view.open_items() {
        let invoice = view.invoice(item.invoice);
        let days = view.as_of().0.0 - invoice.due.0;
        let bucket = BUCKETS.iter().position(|(_, next)| days < *next).unwrap_or(BUCKETS.len() - 1);
        let sums = ageing.entry(invoice.currency).or_default();
        sums.buckets[bucket] += i128::from(item.balance);
        sums.invoices += 1;
    }
    // The control total takes another way to the same figure: all that was invoiced less all that was paid.
    for (at, invoice) in view.invoices() {
        let paid: i64 = view.settlements_of(at).iter().map(|settlement| settlement.amount).sum();
        ageing.entry(invoice.currency).or_default().open += i128::from(invoice.amount - paid);
    }
    for ((_, currency), amount) in view.unapplied() {
        ageing.entry(currency).or_default().unapplied += i128::from(amount);
    }
    for (currency, sums) in &ageing {
        let bucketed: i128 = sums.buckets.iter().sum();
        if bucketed != sums.open {
            return Err(Error::new(Code::NotConserved).detail(format!(
                "ageing of {} is {}, open is {}",
                currency.code(),
                currency.display(bucketed),
                currency.display(sums.open)
            )));
        }
    }
    Ok(ageing)
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

fn rate_missing(view: &LedgerView, from: Currency, to: Currency) -> Error {
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

/// The ageing as a table, a row a currency.
pub fn sheet(ageing: &BTreeMap<Currency, Ageing>) -> Sheet {
    // Totals are wider than one amount may be, so they are written as exact decimal text.
    let text = |of: &dyn Fn(&Ageing) -> i128| {
        Cells::Text(ageing.iter().map(|(currency, sums)| currency.format_total(of(sums))).collect())
    };
    let mut sheet = Sheet::new("ageing")
        .with("currency", Cells::Text(ageing.keys().map(|currency| currency.code().to_owned()).collect()))
        .with("invoices", Cells::Count(ageing.values().map(|sums| sums.invoices as i64).collect()));
    for (at, (name, _)) in BUCKETS.iter().enumerate() {
        sheet = sheet.with(*name, text(&|sums| sums.buckets[at]));
    }
    sheet
        .with("open", text(&|sums| sums.open))
        .with("unapplied", text(&|sums| sums.unapplied))
        .with("net", text(&|sums| sums.open - sums.unapplied))
}
