//! A replay on a screen and as a table.

use std::fmt::Write as _;

use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use serde::Serialize;

use crate::collect::replay::measure::Standing;
use crate::collect::replay::rules::{MEASURES, RULES};
use crate::collect::replay::week::DUE_WITHIN_DAYS;
use crate::collect::replay::{Line, Replay};

/// How the rules did, list by list.
#[derive(Debug, Serialize)]
pub struct Summary {
    lists: Vec<List>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct List {
    unit: &'static str,
    currency: String,
    weeks: usize,
    candidates: usize,
    contacts: usize,
    rules: Vec<RuleShares>,
    best_rules: [Best; MEASURES.len()],
}

#[derive(Debug, Serialize)]
struct RuleShares {
    rule: &'static str,
    late_money_days: f64,
    late_money: f64,
}

#[derive(Debug, Serialize)]
struct Best {
    measure: &'static str,
    rule: &'static str,
    gain: f64,
    interval: [f64; 2],
    of_oracle: f64,
}

impl Summary {
    /// Sums up a replay.
    pub fn new(replay: &Replay) -> Self {
        let mut notes: Vec<String> =
            replay.trained.iter().map(|model| format!("From {}: {}", model.monday, model.verdict)).collect();
        notes.push(format!(
            "Called about is what is due within {DUE_WITHIN_DAYS} days or past due; what became of it is known to {}, {}.",
            replay.end,
            match replay.open_to_the_end {
                0 => "by when all of it was paid".to_owned(),
                open => format!("when {open} items of all weeks were open: they are later than was counted"),
            }
        ));
        Self { lists: replay.standings.iter().map(List::new).collect(), notes }
    }

    /// The same as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for list in &self.lists {
            let List { unit, currency, weeks, candidates, contacts, .. } = list;
            let _ = writeln!(
                text,
                "{currency}, by {unit}: {contacts} contacts about {candidates} in {weeks} weeks\n  {:<22} {:>15} {:>12}",
                "reached of", "late money-days", "late money"
            );
            for RuleShares { rule, late_money_days, late_money } in &list.rules {
                let _ = writeln!(text, "  {rule:<22} {late_money_days:>15.4} {late_money:>12.4}");
            }
            for Best { measure, rule, gain, interval: [low, high], of_oracle } in &list.best_rules {
                let _ = writeln!(
                    text,
                    "  {measure}: ours {gain:+.4} ({low:+.4} to {high:+.4}) on the best rule, {rule}; {:.1} % of the oracle",
                    100.0 * of_oracle
                );
            }
            text.push('\n');
        }
        for note in &self.notes {
            let _ = writeln!(text, "{note}");
        }
        text
    }
}

impl List {
    fn new(standing: &Standing) -> Self {
        let [ours, .., oracle] = &standing.shares;
        let best = |measure: usize| Best {
            measure: ["late money-days", "late money"][measure],
            rule: standing.best[measure].rule.name(),
            gain: standing.best[measure].gain,
            interval: standing.best[measure].interval,
            of_oracle: if oracle[measure] > 0.0 { ours[measure] / oracle[measure] } else { 1.0 },
        };
        let shares = RULES.iter().zip(&standing.shares);
        Self {
            unit: standing.unit.name(),
            currency: standing.currency.code().to_owned(),
            weeks: standing.weeks,
            candidates: standing.candidates,
            contacts: standing.contacts,
            rules: shares
                .map(|(rule, shares)| RuleShares {
                    rule: rule.name(),
                    late_money_days: shares[0],
                    late_money: shares[1],
                })
                .collect(),
            best_rules: [best(0), best(1)],
        }
    }
}

/// One row per unit, currency, week and rule: what was reached, in major units × days and in major units.
pub fn sheet(lines: &[Line]) -> Sheet {
    let number = |of: &dyn Fn(&Line) -> f64| Cells::Number(lines.iter().map(of).collect());
    let count = |of: fn(&Line) -> usize| Cells::Count(lines.iter().map(|line| of(line) as i64).collect());
    // What was reached of equals is a mean: to the minor unit is enough.
    let major = |minor: f64, currency: Currency| minor.round() / 10_f64.powi(i32::from(currency.decimals()));
    Sheet::new("replay")
        .with("unit", Cells::Word(lines.iter().map(|line| line.unit.name()).collect()))
        .with("currency", Cells::Text(lines.iter().map(|line| line.currency.code().to_owned()).collect()))
        .with("week", Cells::Day(lines.iter().map(|line| Some(line.monday)).collect()))
        .with("rule", Cells::Word(lines.iter().map(|line| line.rule.name()).collect()))
        .with("candidates", count(|line| line.candidates))
        .with("contacts", count(|line| line.contacts))
        .with("late_money_days_reached", number(&|line| major(line.reached[0], line.currency)))
        .with("late_money_days", number(&|line| major(line.all[0], line.currency)))
        .with("late_money_reached", number(&|line| major(line.reached[1], line.currency)))
        .with("late_money", number(&|line| major(line.all[1], line.currency)))
}
