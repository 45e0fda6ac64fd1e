//! Credit advice as a table.

use crate::asof::view::LedgerView;
use crate::base::sheet::{Cells, Sheet};

use crate::collect::credit::{Advice, Incentive, Terms};

/// One row per customer.
pub fn sheet(view: &LedgerView, advice: &[Advice]) -> Sheet {
    let text = |of: &dyn Fn(&Advice) -> String| Cells::Text(advice.iter().map(of).collect());
    let word = |of: fn(&Advice) -> &'static str| Cells::Word(advice.iter().map(of).collect());
    let count = |of: fn(&Advice) -> i64| Cells::Count(advice.iter().map(of).collect());
    let money = |of: fn(&Advice) -> Option<i64>| {
        Cells::Money(advice.iter().map(|one| of(one).map(|minor| (minor, one.currency))).collect())
    };
    let customer = |one: &Advice| view.customers().get(one.customer as usize);
    let days = |of: fn(&Advice) -> Option<i32>| {
        text(&|one| of(one).map_or_else(String::new, |days| days.to_string()))
    };
    Sheet::new("credit")
        .with("customer", text(&|one| customer(one).map_or_else(String::new, |own| own.id.clone())))
        .with("name", text(&|one| customer(one).map_or_else(String::new, |own| own.name.clone())))
        .with("currency", text(&|one| one.currency.code().to_owned()))
        .with("limit", money(|one| one.limit))
        .with("exposure", money(|one| Some(one.exposure)))
        .with("breach", money(|one| one.breach))
        .with("band", word(|one| one.band.name()))
        .with("invoices", count(|one| one.behaviour.invoices as i64))
        .with("median_days_late", days(|one| one.behaviour.median_days_late))
        .with(
            "late_percent",
            text(&|one| one.behaviour.late_percent().map_or_else(String::new, |share| share.to_string())),
        )
        .with("trend_days", days(|one| one.behaviour.trend_days))
        .with("p_late", Cells::Number(advice.iter().map(|one| one.late.unwrap_or(f64::NAN)).collect()))
        .with("peak_monthly", money(|one| Some(one.peak_monthly)))
        .with("terms_days", count(|one| one.terms_days.into()))
        .with("suggested_limit", money(|one| Some(one.suggested_limit)))
        .with("suggested_terms", text(&|one| terms(one.terms)))
        .with("incentive", text(&|one| one.incentive.map_or_else(String::new, incentive)))
        .with("review", Cells::Day(advice.iter().map(|one| Some(one.review)).collect()))
        .with("reasons", text(&|one| one.reasons.join(" ")))
}

fn terms(terms: Terms) -> String {
    match terms {
        Terms::Keep => "keep".to_owned(),
        Terms::Shorten(days) => format!("shorten to {days} days"),
        Terms::Longer(days) => format!("longer, {days} days"),
        Terms::Prepayment => "prepayment".to_owned(),
    }
}

fn incentive(incentive: Incentive) -> String {
    match incentive {
        Incentive::HigherLimit => "higher limit".to_owned(),
        Incentive::EarlyPayment { basis_points, within_days } => {
            format!("{}.{:02} % within {within_days} days", basis_points / 100, basis_points % 100)
        }
    }
}
