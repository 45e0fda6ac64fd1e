//! The cash that was predicted for each week against what came: of the invoices that were open when it was predicted, since the
//! prediction was about no others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::ledger::{Ledger, Settlement};
use crate::statute::currency;

use super::figure::percent;

/// What was predicted for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Predicted {
    /// Its currency.
    pub currency: Currency,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Minor units expected.
    pub expected: i64,
}

/// A week of which it is known what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// What was predicted.
    pub predicted: Predicted,
    /// What settled the invoices that were open then, by the day of payment, less what came back or was given up; minor units.
    pub actual: i128,
}

/// Columns of the prediction, as `cash.csv` of a run has them.
const COLUMNS: [&str; 4] = ["currency", "from", "to", "expected"];

/// Reads the `cash.csv` of an earlier run. What is expected later than its last week has no days, and is left out.
pub fn read(path: &Path) -> Result<Vec<Predicted>> {
    let unreadable = |cause: csv::Error| Error::new(Code::FileUnreadable).file(path).detail(cause);
    let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let place = |name: &str| {
        let missing = || Error::new(Code::ColumnMissing).file(path).column(name);
        header.iter().position(|other| other == name).ok_or_else(missing)
    };
    let [currency, from, to, expected] = COLUMNS;
    let places = [place(currency)?, place(from)?, place(to)?, place(expected)?];
    let mut predicted = Vec::new();
    for (record, line) in reader.records().zip(2..) {
        let record = record.map_err(unreadable)?;
        let cells = places.map(|at| record.get(at).unwrap_or_default());
        if !cells[1].is_empty() {
            let wrong = |(code, column): (Code, &str)| Error::new(code).file(path).row(line).column(column);
            predicted.push(Predicted::parse(cells).map_err(wrong)?);
        }
    }
    Ok(predicted)
}

impl Predicted {
    fn parse([code, from, to, expected]: [&str; 4]) -> std::result::Result<Self, (Code, &'static str)> {
        let currency = currency::find(code).ok_or((Code::CurrencyUnknown, COLUMNS[0]))?;
        Ok(Self {
            currency,
            from: Day::from_iso(from).ok_or((Code::DayInvalid, COLUMNS[1]))?,
            to: Day::from_iso(to).ok_or((Code::DayInvalid, COLUMNS[2]))?,
            expected: currency.parse(expected).map_err(|_| (Code::AmountInvalid, COLUMNS[3]))?,
        })
    }
}

/// The weeks that were over by the view's day, with what came in them.
pub fn compare(ledger: &Ledger, now: &LedgerView, predicted: &[Predicted]) -> Result<Vec<Week>> {
    let Some(first) = predicted.iter().map(|week| week.from).min() else { return Ok(Vec::new()) };
    let then = LedgerView::new(ledger, AsOf(first.plus(-1)))?;
    let came = receipts(&then, now);
    let week = |predicted: &Predicted| {
        let days = (predicted.currency, predicted.from)..=(predicted.currency, predicted.to);
        let actual: i128 =
            if predicted.from <= predicted.to { came.range(days).map(|(_, sum)| sum).sum() } else { 0 };
        Week { predicted: *predicted, actual }
    };
    Ok(predicted.iter().filter(|week| week.to <= now.as_of().0).map(week).collect())
}

/// What settled the invoices of a view after its day, as known later: by currency and day of payment. What was given up never came.
fn receipts(then: &LedgerView, now: &LedgerView) -> BTreeMap<(Currency, Day), i128> {
    let mut came: BTreeMap<(Currency, Day), i128> = BTreeMap::new();
    let mut add = |one: &Settlement, amount: i128| {
        let currency = then.invoice(one.invoice).currency;
        *came.entry((currency, one.stamp.happened)).or_default() += amount;
    };
    let open: BTreeSet<u32> = then.open_items().iter().map(|item| item.invoice).collect();
    let since = |one: &&Settlement| one.stamp.known > then.as_of().0;
    for one in open.iter().flat_map(|at| now.settlements_of(*at)).filter(since) {
        add(one, one.amount.into());
    }
    let given_up = now.written_off().into_iter().flatten().filter(since);
    for one in given_up.filter(|one| open.contains(&one.invoice)) {
        add(one, -i128::from(one.amount));
    }
    came
}

/// One row per week and currency.
pub fn sheet(weeks: &[Week]) -> Sheet {
    let text = |of: &dyn Fn(&Week) -> String| Cells::Text(weeks.iter().map(of).collect());
    let money = |of: fn(&Week) -> i128| text(&|week| week.predicted.currency.format_total(of(week)));
    let day =
        |of: fn(&Predicted) -> Day| Cells::Day(weeks.iter().map(|week| Some(of(&week.predicted))).collect());
    let share = |week: &Week| {
        let share = percent(week.actual, week.predicted.expected.into(), "");
        share.map_or_else(|_| String::new(), |share| share.to_string())
    };
    Sheet::new("cash_actual")
        .with("currency", text(&|week| week.predicted.currency.code().to_owned()))
        .with("from", day(|week| week.from))
        .with("to", day(|week| week.to))
        .with("predicted", money(|week| week.predicted.expected.into()))
        .with("actual", money(|week| week.actual))
        .with("difference", money(|week| week.actual - i128::from(week.predicted.expected)))
        .with("actual_percent", text(&share))
}
