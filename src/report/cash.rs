//! The cash that is expected, week by week, from what is open: balances times the probability of being paid in that week.

use std::collections::BTreeMap;

use crate::asof::view::LedgerView;
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::model::score::{CASH_WEEKS, RiskScore};

/// One row per currency and week after the as-of day, and one without days for what is expected later or never. The rows of a
/// currency sum to its open balance.
pub fn sheet(view: &LedgerView, scores: &[RiskScore]) -> Sheet {
    let mut sums: BTreeMap<Currency, [f64; CASH_WEEKS + 1]> = BTreeMap::new();
    let mut open: BTreeMap<Currency, i64> = BTreeMap::new();
    for score in scores {
        let currency = view.invoice(score.item.invoice).currency;
        let balance = score.item.balance;
        let sum = open.entry(currency).or_default();
        *sum = sum.saturating_add(balance);
        let sums = sums.entry(currency).or_default();
        if let Some(when) = score.when {
            for (sum, share) in sums.iter_mut().zip(when.weeks) {
                *sum += share * balance as f64;
            }
        }
    }
    let rows: Vec<(Currency, usize, i64)> = sums
        .into_iter()
        .flat_map(|(currency, sums)| {
            let weeks: Vec<i64> = sums[..CASH_WEEKS].iter().map(|sum| sum.round() as i64).collect();
            let later = open[&currency] - weeks.iter().sum::<i64>();
            let all = weeks.into_iter().chain([later]).enumerate();
            all.map(move |(week, sum)| (currency, week, sum)).collect::<Vec<_>>()
        })
        .collect();
    let day =
        |week: usize, days: i32| (week < CASH_WEEKS).then(|| view.as_of().0.plus(7 * week as i32 + days));
    let text = |of: fn(&(Currency, usize, i64)) -> String| Cells::Text(rows.iter().map(of).collect());
    Sheet::new("cash")
        .with("currency", text(|(currency, ..)| currency.code().to_owned()))
        .with("from", Cells::Day(rows.iter().map(|(_, week, _)| day(*week, 1)).collect()))
        .with("to", Cells::Day(rows.iter().map(|(_, week, _)| day(*week, 7)).collect()))
        .with(
            "expected",
            Cells::Money(rows.iter().map(|(currency, _, sum)| Some((*sum, *currency))).collect()),
        )
}
