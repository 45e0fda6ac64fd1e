//! How the rules stand over all weeks of a list, and how far chance could have moved the difference.

use crate::base::money::Currency;
use crate::base::seed;
use rand::Rng as _;

use super::rules::{MEASURES, RULES, Rule};
use super::{Line, Unit};

/// Resamples of the weeks; the ends of a 95 % interval are then the 25th from either end.
const RESAMPLES: u64 = 1_000;
const SEED: u64 = 1;

/// How the rules stand in one list, by the measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// What a contact reaches.
    pub unit: Unit,
    /// Currency of the list.
    pub currency: Currency,
    /// Weeks.
    pub weeks: usize,
    /// What could be called about, of all weeks.
    pub candidates: usize,
    /// Contacts of all weeks.
    pub contacts: usize,
    /// By [`RULES`] and measure: the share that was reached of what there was, over all weeks.
    pub shares: [[f64; MEASURES.len()]; RULES.len()],
    /// By measure: the best of the rules that are to be beaten.
    pub best: [Rival; MEASURES.len()],
}

/// The rule that came nearest, and how far ours is above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rival {
    /// The rule.
    pub rule: Rule,
    /// Our share less its share.
    pub gain: f64,
    /// 95 % of resamples of the weeks lie in this: the same weeks of both, so that a good week is no gain.
    pub interval: [f64; 2],
}

/// What was reached and what there was, week by week, by rule and measure.
struct Weeks<'a> {
    /// The lines of each week, by rule.
    lines: Vec<&'a [Line]>,
}

/// Of lines by unit, currency, Monday and rule.
pub fn standings(lines: &[Line]) -> Vec<Standing> {
    let lists = lines.chunk_by(|left, right| (left.unit, left.currency) == (right.unit, right.currency));
    lists.filter_map(standing).collect()
}

fn standing(lines: &[Line]) -> Option<Standing> {
    let first = lines.first()?;
    let weeks = Weeks { lines: lines.chunk_by(|left, right| left.monday == right.monday).collect() };
    let every: Vec<usize> = (0..weeks.lines.len()).collect();
    let shares =
        std::array::from_fn(|rule| std::array::from_fn(|measure| weeks.share(&every, rule, measure)));
    let sum = |of: fn(&Line) -> usize| weeks.lines.iter().filter_map(|week| week.first()).map(of).sum();
    Some(Standing {
        unit: first.unit,
        currency: first.currency,
        weeks: weeks.lines.len(),
        candidates: sum(|line| line.candidates),
        contacts: sum(|line| line.contacts),
        shares,
        best: std::array::from_fn(|measure| weeks.rival(&shares, measure)),
    })
}

impl Weeks<'_> {
    /// Share that a rule reached in some weeks, each as often as it is named; nothing of nothing is nothing.
    fn share(&self, named: &[usize], rule: usize, measure: usize) -> f64 {
        let lines = || named.iter().filter_map(|&week| self.lines.get(week)?.get(rule));
        let reached: f64 = lines().map(|line| line.reached[measure]).sum();
        let all: f64 = lines().map(|line| line.all[measure]).sum();
        if all > 0.0 { reached / all } else { 0.0 }
    }

    /// The best rival by a measure. Of equals it is the first.
    fn rival(&self, shares: &[[f64; MEASURES.len()]; RULES.len()], measure: usize) -> Rival {
        let ours = place(Rule::Ours);
        let rivals = RULES.into_iter().filter(|rule| rule.is_rival()).rev();
        let share = |rule: &Rule| shares[place(*rule)][measure];
        let best = rivals.max_by(|left, right| share(left).total_cmp(&share(right))).unwrap_or(Rule::Random);
        let mut gains: Vec<f64> = (0..RESAMPLES)
            .map(|resample| {
                let drawn = self.draw(resample);
                self.share(&drawn, ours, measure) - self.share(&drawn, place(best), measure)
            })
            .collect();
        gains.sort_by(f64::total_cmp);
        let from_either_end = gains.len() / 40;
        let interval = [gains[from_either_end], gains[gains.len() - 1 - from_either_end]];
        Rival { rule: best, gain: shares[ours][measure] - share(&best), interval }
    }

    /// As many weeks as there are, drawn with replacement: the same ones in every run.
    fn draw(&self, resample: u64) -> Vec<usize> {
        let mut random = seed::stream(SEED, "replay", resample);
        let weeks = self.lines.len();
        (0..weeks).map(|_| random.gen_range(0..weeks)).collect()
    }
}

/// Where a rule stands in [`RULES`].
fn place(rule: Rule) -> usize {
    RULES.iter().position(|other| *other == rule).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::Day;

    #[test]
    fn shares_are_of_all_weeks_and_the_interval_is_that_of_whole_weeks() {
        let week = |monday: i32, ours: f64, others: f64, all: f64| {
            RULES.map(|rule| Line {
                unit: Unit::Item,
                currency: Currency::new(*b"EUR", 2),
                monday: Day(monday),
                rule,
                candidates: 10,
                contacts: 2,
                reached: [if rule == Rule::Ours { ours } else { others }; 2],
                all: [all; 2],
            })
        };
        let lines = [week(4, 50.0, 40.0, 100.0), week(11, 150.0, 150.0, 300.0)].concat();
        let found = standings(&lines);
        assert_eq!((found.len(), found[0].weeks, found[0].candidates, found[0].contacts), (1, 2, 20, 4));
        assert_eq!((found[0].shares[0], found[0].shares[1]), ([0.5; 2], [0.475; 2]));
        let Rival { rule, gain, interval: [low, high] } = found[0].best[0];
        // Of two drawn weeks both are the first in a quarter of the cases, then .5 - .4; and both the second, then nothing.
        assert_eq!(rule, Rule::Random);
        assert!(
            (gain - 0.025).abs() < 1e-12 && low.abs() < 1e-12 && (high - 0.1).abs() < 1e-12,
            "{gain} {low} {high}"
        );
    }
}
