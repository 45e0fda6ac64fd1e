//! What a customer can pay off beside its current invoices, by what it paid: a quarter of the median of its last twelve whole months.
//! The median, since one large payment proves nothing of the months after it; a quarter, since current invoices have to be paid too.

use super::{Every, fair_parts, impossible};
use crate::base::day::{AsOf, Day};
use crate::base::error::Result;
use crate::collect::claim::Payment;

/// Percent of what a customer pays in a month that a plan may take on top.
pub const SHARE_PERCENT: i64 = 25;

/// Whole months looked back on, and fewest that say anything.
const MONTHS: usize = 12;
const MONTHS_MIN: usize = 3;

/// Longest plan that is proposed, in years.
const YEARS_MAX: i64 = 2;

/// A plan's size, by what the customer paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// Whole months looked back on.
    pub months: usize,
    /// Median of what was paid in each, in minor units.
    pub median: i64,
    /// For each instalment; the last one also takes less than half of it.
    pub amount: i64,
    /// How many instalments.
    pub count: i64,
}

/// Proposes the instalments of a claim in minor units, or says why none are. Payments are in the claim's currency; months before
/// that of `known_from`, the customer's first invoice, are no evidence.
pub fn propose(
    payments: &[Payment],
    known_from: Day,
    as_of: AsOf,
    claim: i64,
    every: Every,
) -> Result<Proposal> {
    let sums = monthly(payments, known_from, as_of.0);
    if sums.len() < MONTHS_MIN {
        let found = format!("{} whole months of history, fewer than {MONTHS_MIN}", sums.len());
        return Err(impossible(found));
    }
    let median = median(&sums);
    let a_year = i128::from(median) * 12 * i128::from(SHARE_PERCENT) / 100;
    let amount = i64::try_from(a_year / i128::from(every.a_year())).unwrap_or(i64::MAX).min(claim);
    if claim <= 0 || amount <= 0 {
        return Err(impossible("in most months nothing was paid".to_owned()));
    }
    let count = fair_parts(claim, amount);
    if count > YEARS_MAX * every.a_year() {
        return Err(impossible(format!("it would take {count} instalments, more than {YEARS_MAX} years")));
    }
    Ok(Proposal { months: sums.len(), median, amount, count })
}

/// What was paid in each of the whole months before a day, the latest first.
fn monthly(payments: &[Payment], known_from: Day, as_of: Day) -> Vec<i64> {
    let mut end = as_of.month_start();
    let mut sums = Vec::with_capacity(MONTHS);
    while sums.len() < MONTHS && end > known_from.month_start() {
        let start = end.plus(-1).month_start();
        let within = |payment: &&Payment| (start..end).contains(&payment.day);
        let sum = payments.iter().filter(within).fold(0_i64, |sum, one| sum.saturating_add(one.amount));
        sums.push(sum);
        end = start;
    }
    sums
}

/// The middle one, or the mean of the middle two, rounded down.
fn median(sums: &[i64]) -> i64 {
    let mut sums = sums.to_vec();
    sums.sort_unstable();
    let middle = |at: usize| i128::from(sums.get(at).copied().unwrap_or_default());
    let mean = (middle((sums.len().max(1) - 1) / 2) + middle(sums.len() / 2)).div_euclid(2);
    i64::try_from(mean).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).unwrap()
    }

    fn paid(amounts: &[(&str, i64)]) -> Vec<Payment> {
        amounts.iter().map(|(on, amount)| Payment { day: day(on), amount: *amount }).collect()
    }

    fn found(payments: &[Payment], known_from: &str, claim: i64, every: Every) -> Result<Proposal> {
        propose(payments, day(known_from), AsOf(day("2026-05-20")), claim, every)
    }

    /// January to April of 2026: 400.00, 600.00, nothing, 1,000.00; what May brought is of a month that is not whole.
    fn history() -> Vec<Payment> {
        paid(&[
            ("2026-01-05", 30_000),
            ("2026-01-31", 10_000),
            ("2026-02-01", 60_000),
            ("2026-04-30", 100_000),
            ("2026-05-01", 900_000),
        ])
    }

    #[test]
    fn a_quarter_of_the_median_month_is_proposed() {
        // The middle two of 0, 400, 600, 1,000 are 400 and 600: 500, a quarter is 125.00. 1,000.00 take eight of them.
        let proposal = found(&history(), "2026-01-20", 100_000, Every::Month).unwrap();
        assert_eq!(proposal, Proposal { months: 4, median: 50_000, amount: 12_500, count: 8 });
        // 125.00 a month are 1,500.00 a year and 28.84 a week; 1,000.00 take 35 of them.
        let weekly = found(&history(), "2026-01-20", 100_000, Every::Week).unwrap();
        assert_eq!((weekly.amount, weekly.count), (2_884, 35));
        // A cent more, and 62.49 more, are paid with the eighth; 62.50, half an instalment, is a ninth.
        let count = |claim| found(&history(), "2026-01-20", claim, Every::Month).unwrap().count;
        assert_eq!([100_001, 106_249, 106_250].map(count), [8, 8, 9]);
        // Less than one instalment is one.
        let small = found(&history(), "2026-01-20", 5_000, Every::Month).unwrap();
        assert_eq!((small.amount, small.count), (5_000, 1));
    }

    #[test]
    fn without_evidence_nothing_is_proposed() {
        let why = |known_from, claim| found(&history(), known_from, claim, Every::Month).unwrap_err().detail;
        assert_eq!(why("2026-03-01", 100_000), "2 whole months of history, fewer than 3");
        // Twelve months, of which nine had nothing.
        assert_eq!(why("2020-01-01", 100_000), "in most months nothing was paid");
        assert_eq!(why("2026-01-20", 12_500 * 24 + 6_250), "it would take 25 instalments, more than 2 years");
    }

    #[test]
    fn the_order_of_payments_does_not_matter() {
        let mut other = history();
        other.reverse();
        let of = |payments: &[Payment]| found(payments, "2026-01-20", 100_000, Every::Month).unwrap();
        assert_eq!(of(&other), of(&history()));
    }
}
