//! What is unusual about a bill, in sentences with the values behind them.

use ndarray::Array2;

use super::feature::{Feature, Features, RARITIES};
use crate::exception::duplicate::Bill;

/// Reasons given for a bill.
const REASONS_MAX: usize = 3;

/// Usual deviations from the middle below which a value is no reason.
const DEVIATIONS_MIN: f64 = 1.5;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The features of a bill that lie farthest from the middle. A rarity below the middle is the opposite of one.
pub(super) fn reasons(features: &Features, scaled: &Array2<f64>, bill: &Bill, at: usize) -> Vec<String> {
    let mut unusual: Vec<(f64, Feature)> = Feature::ALL
        .into_iter()
        .map(|feature| {
            let value = scaled.get((at, feature as usize)).copied().unwrap_or(0.0);
            (if RARITIES.contains(&feature) { value } else { value.abs() }, feature)
        })
        .filter(|(deviations, _)| *deviations >= DEVIATIONS_MIN)
        .collect();
    unusual.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    unusual.iter().take(REASONS_MAX).map(|(_, feature)| sentence(features, bill, at, *feature)).collect()
}

fn sentence(features: &Features, bill: &Bill, at: usize, feature: Feature) -> String {
    let value = features.value(at, feature);
    let bills = features.bills.get(&bill.supplier).copied().unwrap_or(1);
    let rare = || format!("probability {:.3} for this supplier of {bills} bills", (-value).exp());
    let shown = bill.currency.display(i128::from(bill.amount));
    match feature {
        Feature::AmountOfMedian => {
            let median = features.medians.get(&(bill.supplier, bill.currency)).copied().unwrap_or(0);
            let median = bill.currency.display(i128::from(median));
            format!("amount {shown} is {} this supplier's median {median}", times(value))
        }
        Feature::AmountOfLedger => {
            format!("amount {shown} is {} the median of all bills in {}", times(value), bill.currency.code())
        }
        Feature::BookedDays => format!("booked {} days after its day", bill.posted.0 - bill.issued.0),
        Feature::SinceLast => format!("the supplier's last bill was {} as long ago as usual", times(value)),
        Feature::Known => format!("the supplier has been known for {:.0} days", value.exp_m1()),
        Feature::Zeros => format!("a round amount, {shown}"),
        Feature::Currency => format!("in {}: {}", bill.currency.code(), rare()),
        Feature::Account if bill.account.is_empty() => format!("no account: {}", rare()),
        Feature::Account => format!("to account {}: {}", bill.account, rare()),
        Feature::Weekday => {
            let day = WEEKDAYS.get(bill.posted.weekday() as usize).unwrap_or(&"a day");
            format!("booked on a {day}: {}", rare())
        }
        Feature::Order if bill.order.is_empty() => format!("without an order: {}", rare()),
        Feature::Order => format!("with an order: {}", rare()),
        Feature::Kind => format!("{}: {}", kind(bill), rare()),
    }
}

fn kind(bill: &Bill) -> &'static str {
    match bill.kind {
        crate::exception::duplicate::BillKind::Invoice => "an invoice",
        crate::exception::duplicate::BillKind::DebitNote => "a debit note",
        crate::exception::duplicate::BillKind::CreditNote => "a credit note",
    }
}

/// `14 times`, or `1/14 of`.
fn times(log: f64) -> String {
    if log >= 0.0 { format!("{:.1} times", log.exp()) } else { format!("1/{:.1} of", (-log).exp()) }
}
