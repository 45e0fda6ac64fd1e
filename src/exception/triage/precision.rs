//! How often each rule was right, by what reviewers said of it.

use serde::Serialize;

use super::chance::{Chances, Counts, kept};
use super::verdicts::Verdicts;
use super::{State, Triaged};
use crate::exception::finding::Finding;
use crate::exception::rule::RULES;

/// The quantile of the normal distribution that leaves 5 % on either side.
const QUANTILE_95: f64 = 1.644_853_626_951_472_2;

/// A rule's findings by their state, and the verdicts on it, those on findings that are gone included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Precision {
    /// The rule's code.
    pub code: &'static str,
    /// Findings in the queue.
    pub open: usize,
    /// Findings that are closed by a verdict.
    pub judged: usize,
    /// Findings that are set aside.
    pub suppressed: usize,
    /// Verdicts, the last on each finding.
    pub reviewed: usize,
    /// Of them `true`.
    pub confirmed: usize,
    /// Of them `accepted_variance`.
    pub accepted_variance: usize,
    /// Of them `false`.
    pub refuted: usize,
    /// Of them `right_match`.
    pub right_match: usize,
    /// Share of the reviewed that were real, with the ends of its 90 % interval; `None` where none was reviewed.
    pub precision: Option<Share>,
}

/// A share with the ends of its 90 % interval, by Wilson's score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The share.
    pub share: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Share {
    /// So many of so many; `None` of none.
    pub fn of(hits: usize, of: usize) -> Option<Self> {
        if of == 0 {
            return None;
        }
        let (count, share, square) = (of as f64, hits as f64 / of as f64, QUANTILE_95 * QUANTILE_95);
        let middle = share + square / (2.0 * count);
        let half = QUANTILE_95 * (share * (1.0 - share) / count + square / (4.0 * count * count)).sqrt();
        let end = |end: f64| kept((end / (1.0 + square / count)).clamp(0.0, 1.0));
        Some(Self { share: kept(share), low: end(middle - half), high: end(middle + half) })
    }
}

/// Every rule that found anything or was judged, in the order of the rules.
pub fn by_rule(findings: &[Finding], triaged: &[Triaged], verdicts: &Verdicts) -> Vec<Precision> {
    let chances = Chances::new(&[], verdicts);
    let of_rule = |code: &'static str| {
        let own = || findings.iter().zip(triaged).filter(|(finding, _)| finding.code == code);
        let count = |state: State| own().filter(|(_, one)| one.state == state).count();
        let counts = chances.of_rule(code);
        let Counts { confirmed, accepted, refuted, right_match } = counts;
        let precision = Precision {
            code,
            open: count(State::Open),
            judged: count(State::Judged),
            suppressed: count(State::Suppressed),
            reviewed: counts.reviewed(),
            confirmed,
            accepted_variance: accepted,
            refuted,
            right_match,
            precision: Share::of(counts.real(), counts.reviewed()),
        };
        (own().next().is_some() || precision.reviewed > 0).then_some(precision)
    };
    RULES.iter().filter_map(|rule| of_rule(rule.code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // 8 of 10 with z² = 2.705543: middle .8 + .135277 = .935277; half 1.644854 × √(.016 + .006764) = .248171;
        // over 1 + z² / 10 = 1.270554: .540793 and .931442.
        let share = Share::of(8, 10).unwrap();
        assert_eq!((share.share, share.low, share.high), (0.8, 0.5408, 0.9314));
        // None of 3: from 0 to z² / (3 + z²) = 2.705543 / 5.705543 = .474195.
        let none = Share::of(0, 3).unwrap();
        assert_eq!((none.low, none.high), (0.0, 0.4742));
        assert_eq!(Share::of(0, 0), None);
    }
}
