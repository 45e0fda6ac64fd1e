//! The rules: from behaviour to a band, from the band to limit, terms, review and incentive. The thresholds are ours, not a
//! standard; docs/KPIS.md says where each comes from.

use crate::base::day::Day;
use crate::base::money::Currency;

use super::behaviour::{Account, Band, is_known};
use super::{Advice, Policy};

/// Suggested terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// As they are.
    Keep,
    /// To so many days.
    Shorten(i32),
    /// To so many days, as a reward.
    Longer(i32),
    /// Nothing more on credit until what is overdue is paid.
    Prepayment,
}

/// What may be offered for paying reliably.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incentive {
    /// A limit that its use has outgrown is raised to the one suggested.
    HigherLimit,
    /// A discount that costs no more than the money.
    EarlyPayment {
        /// Hundredths of a percent of the invoice.
        basis_points: u32,
        /// For payment within so many days of issue.
        within_days: i32,
    },
}

/// Latest median that counts as reliable, usual, slow and poor, in days after due. A company's average of 10 to 15 days beyond terms
/// is held to be healthy; from a month on a debt is commonly put on hold.
const RELIABLE_DAYS: i32 = 0;
const USUAL_DAYS: i32 = 10;
const SLOW_DAYS: i32 = 30;
const POOR_DAYS: i32 = 60;

/// Most late invoices of a reliable payer, in percent.
const RELIABLE_LATE_PERCENT: usize = 20;

/// An undisputed invoice past due for longer is one that may not be paid at all.
const FAILING_DAYS: i32 = 90;

/// Days by which the median must have moved to count.
const TREND_DAYS: i32 = 7;

/// Probability of paying late above which a band is not trusted, and below which a reward is given.
const LATE_HIGH: f64 = 0.7;
const LATE_LOW: f64 = 0.2;

/// Invoices after which a reliable payer may be given longer terms: two a month for a year.
const LONGER_INVOICES: usize = 24;

/// Terms in common use, in days.
const TERMS_DAYS: [i32; 6] = [7, 14, 30, 45, 60, 90];

/// Terms from which on none longer are suggested: more than 60 days are grossly unfair to a creditor in much of the law.
const LONGER_FROM_DAYS_MAX: i32 = 30;

/// Days after issue within which a discount is to be taken.
const DISCOUNT_DAYS: i32 = 10;

/// Days for which credit is used at least: money is on its way for some, even if it is due at once.
const USE_DAYS_MIN: i32 = 7;

/// Days of a year and of a month in trade credit.
const YEAR_DAYS: i64 = 360;
const MONTH_DAYS: i128 = 30;

/// All the advice on an account.
pub(super) fn advise(
    account: &Account,
    limit: Option<i64>,
    late: Option<f64>,
    policy: Policy,
    today: Day,
) -> Advice {
    let behaviour = account.behaviour;
    let mut reasons = Vec::new();
    let band = band(account, late, &mut reasons);
    let suggested_limit = suggested_limit(account, band, &mut reasons);
    let terms = terms(account, band, late, &mut reasons);
    let advice = Advice {
        customer: account.customer,
        currency: account.currency,
        limit,
        exposure: account.exposure,
        breach: limit.map(|limit| account.exposure.saturating_sub(limit)).filter(|over| *over > 0),
        behaviour,
        band,
        peak_monthly: account.peak_monthly,
        terms_days: account.terms_days,
        late,
        suggested_limit,
        terms,
        incentive: incentive(account, band, limit, suggested_limit, policy),
        review: today.plus(review_days(band)),
        reasons,
    };
    told(advice)
}

fn band(account: &Account, late: Option<f64>, reasons: &mut Vec<String>) -> Band {
    let seen = &account.behaviour;
    let Some(median) = seen.median_days_late.filter(|_| is_known(seen)) else {
        reasons.push(format!("Only {} invoices of the last year were settled or fell due.", seen.invoices));
        return if seen.oldest_days > FAILING_DAYS { Band::Failing } else { Band::New };
    };
    let late_percent = seen.late_percent().unwrap_or_default();
    reasons.push(format!(
        "Of {} invoices of the last year {late_percent} % were late; the median is paid {median} days after due.",
        seen.invoices
    ));
    if seen.oldest_days > FAILING_DAYS {
        reasons.push(format!("An invoice is {} days past due and not disputed.", seen.oldest_days));
        return Band::Failing;
    }
    let mut band = match median {
        days if days <= RELIABLE_DAYS && late_percent <= RELIABLE_LATE_PERCENT => Band::Reliable,
        days if days <= USUAL_DAYS => Band::Usual,
        days if days <= SLOW_DAYS => Band::Slow,
        days if days <= POOR_DAYS => Band::Poor,
        _ => Band::Failing,
    };
    if let Some(trend) = seen.trend_days.filter(|days| *days >= TREND_DAYS) {
        reasons
            .push(format!("It paid {trend} days later in the last six months than before: one band down."));
        band = down(band);
    }
    if let Some(late) = late.filter(|late| *late >= LATE_HIGH) {
        reasons.push(format!(
            "What it owes will be late with a probability of {:.0} %: one band down.",
            100.0 * late
        ));
        band = down(band);
    }
    band
}

fn down(band: Band) -> Band {
    match band {
        Band::Reliable => Band::Usual,
        Band::Usual | Band::New => Band::Slow,
        Band::Slow => Band::Poor,
        Band::Poor | Band::Failing => Band::Failing,
    }
}

/// Expected use: the busiest month, for as long as it takes to be paid.
fn suggested_limit(account: &Account, band: Band, reasons: &mut Vec<String>) -> i64 {
    let late = account.behaviour.median_days_late.unwrap_or_default().max(0);
    let days = account.terms_days.saturating_add(late).max(USE_DAYS_MIN);
    let factor = factor_percent(band);
    let use_of = i128::from(account.peak_monthly) * i128::from(days) * i128::from(factor);
    let limit = two_digits(use_of / (MONTH_DAYS * 100));
    let money = |minor: i64| account.currency.display(minor.into());
    reasons.push(format!(
        "Limit: {} billed in the busiest month x {days} days ({} to pay + {late} late) / 30 x {factor} % for a {} payer = {}.",
        money(account.peak_monthly),
        account.terms_days,
        band.name(),
        money(limit),
    ));
    limit
}

/// Part of its expected use that a payer is trusted with.
fn factor_percent(band: Band) -> i64 {
    match band {
        Band::Reliable => 125,
        Band::Usual => 100,
        Band::New | Band::Slow => 75,
        Band::Poor => 50,
        Band::Failing => 0,
    }
}

/// Rounded to two significant digits, half up, since a limit is no measurement.
fn two_digits(minor: i128) -> i64 {
    let mut unit = 1;
    while minor / unit >= 100 {
        unit *= 10;
    }
    i64::try_from((minor + unit / 2) / unit * unit).unwrap_or(i64::MAX)
}

fn terms(account: &Account, band: Band, late: Option<f64>, reasons: &mut Vec<String>) -> Terms {
    let days = account.terms_days;
    let shorter = TERMS_DAYS.iter().rev().find(|other| **other < days);
    let longer = TERMS_DAYS.iter().find(|other| **other > days);
    let trusted = band == Band::Reliable
        && account.behaviour.invoices >= LONGER_INVOICES
        && late.is_some_and(|late| late <= LATE_LOW)
        && days <= LONGER_FROM_DAYS_MAX;
    let terms = match band {
        Band::Failing => Terms::Prepayment,
        Band::Slow | Band::Poor => shorter.map_or(Terms::Keep, |days| Terms::Shorten(*days)),
        _ if trusted => longer.map_or(Terms::Keep, |days| Terms::Longer(*days)),
        _ => Terms::Keep,
    };
    match terms {
        Terms::Keep => {}
        Terms::Shorten(to) => reasons
            .push(format!("Terms: {to} days instead of {days}, since it takes longer than it is given.")),
        Terms::Longer(to) => {
            reasons.push(format!(
                "Terms: {to} days instead of {days} may be offered as a reward for paying on time."
            ));
        }
        Terms::Prepayment => {
            reasons.push("Terms: payment before delivery until what is overdue is paid.".to_owned());
        }
    }
    terms
}

/// Something for a reliable payer: the limit that its use asks for, or else a discount worth what the money costs.
fn incentive(
    account: &Account,
    band: Band,
    limit: Option<i64>,
    suggested: i64,
    policy: Policy,
) -> Option<Incentive> {
    if band != Band::Reliable {
        return None;
    }
    if limit.is_some_and(|limit| limit < suggested) {
        return Some(Incentive::HigherLimit);
    }
    let earlier = account.terms_days - DISCOUNT_DAYS;
    let basis_points = i64::from(policy.cost_of_money_basis_points) * i64::from(earlier) / YEAR_DAYS;
    let basis_points = u32::try_from(basis_points).ok().filter(|points| *points > 0)?;
    Some(Incentive::EarlyPayment { basis_points, within_days: DISCOUNT_DAYS })
}

/// Half a year, and sooner for those who give cause.
fn review_days(band: Band) -> i32 {
    match band {
        Band::Reliable | Band::Usual => 182,
        Band::New | Band::Slow => 91,
        Band::Poor | Band::Failing => 30,
    }
}

/// The advice with the sentences on breach and incentive.
fn told(mut advice: Advice) -> Advice {
    let money = |minor: i64| advice.currency.display(minor.into());
    let breach = advice.breach.zip(advice.limit).map(|(over, limit)| {
        format!(
            "It owes {}, {} more than its limit of {}.",
            money(advice.exposure),
            money(over),
            money(limit)
        )
    });
    let incentive =
        advice.incentive.map(|incentive| told_incentive(incentive, advice.suggested_limit, advice.currency));
    let review = format!("Look again on {}: a {} payer.", advice.review, advice.band.name());
    advice.reasons.extend(breach.into_iter().chain(incentive).chain([review]));
    advice
}

fn told_incentive(incentive: Incentive, suggested: i64, currency: Currency) -> String {
    match incentive {
        Incentive::HigherLimit => {
            format!("Its limit may be raised to {}.", currency.display(suggested.into()))
        }
        Incentive::EarlyPayment { basis_points, within_days } => format!(
            "Up to {}.{:02} % for payment within {within_days} days costs no more than the money does.",
            basis_points / 100,
            basis_points % 100
        ),
    }
}
