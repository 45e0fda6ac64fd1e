//! The past worked through again, week by week: the list as it would have been on each Monday, and how much of what came late
//! its contacts would have reached, beside other orders of calling ([`rules`]).
//!
//! What a list is made of was known when the Sunday before ended, the model included, which is fitted anew for the first
//! Monday of each month. A contact is taken to reach what it is about, not to change it: an export tells nothing of that.
//! Two currencies are two lists, each with its own capacity: without a rate they cannot be compared.

pub mod measure;
pub mod rules;
pub mod week;

use std::collections::BTreeMap;
use std::fmt;

use crate::asof::history::History;
use crate::asof::timing::Timing;
use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::ledger::Ledger;
use crate::model::artefact::Artefact;
use crate::model::train::internal;

use crate::collect::ladder::Policies;
use measure::{Standing, standings};
use rules::{Candidate, MEASURES, RULES, Rule};

/// What a replay is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// The first day: Mondays from it on are worked through.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// How much is called about each week.
    pub capacity: Capacity,
}

/// How many contacts are made in a week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Capacity {
    /// So many, divided among currencies as there is to call about in each.
    Contacts(usize),
    /// This share of what could be called about, in each currency.
    Share(f64),
}

impl Capacity {
    /// Reads `50` or `20%`; the error says what is wrong, for a command line.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let wrong = || format!("`{text}` is not a number of contacts like 50, nor a share like 20%");
        match text.strip_suffix('%') {
            None => text.parse().map(Self::Contacts).map_err(|_| wrong()),
            Some(share) => {
                let share = share.parse::<f64>().ok().filter(|share| (0.0..=100.0).contains(share));
                share.map(|share| Self::Share(share / 100.0)).ok_or_else(wrong)
            }
        }
    }
}

impl fmt::Display for Capacity {
    /// As [`Capacity::parse`] reads it; a share to a millionth of a percent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contacts(count) => write!(f, "{count}"),
            Self::Share(share) => write!(f, "{}%", (share * 1e8).round() / 1e6),
        }
    }
}

/// What one contact reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// One invoice.
    Item,
    /// Everything a customer owes in a currency.
    Account,
}

impl Unit {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Account => "account",
        }
    }
}

/// What one order of calling reached in one week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// What a contact reaches.
    pub unit: Unit,
    /// Currency of the list.
    pub currency: Currency,
    /// Its Monday.
    pub monday: Day,
    /// The order.
    pub rule: Rule,
    /// How many could be called about.
    pub candidates: usize,
    /// How many were.
    pub contacts: usize,
    /// What they reached, by [`MEASURES`]: minor units × days, and minor units.
    pub reached: [f64; MEASURES.len()],
    /// What there was to reach.
    pub all: [f64; MEASURES.len()],
}

/// A model trained on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trained {
    /// The first Monday that it answered on.
    pub monday: Day,
    /// Why it and not another.
    pub verdict: String,
}

/// A past worked through.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// By unit, currency, Monday and rule.
    pub lines: Vec<Line>,
    /// How the rules stand by unit and currency, over all weeks.
    pub standings: Vec<Standing>,
    /// The models.
    pub trained: Vec<Trained>,
    /// The day to which it is known what became of everything.
    pub end: AsOf,
    /// Items called about that were open to that day: their days late are more than were counted. Of all weeks together.
    pub open_to_the_end: usize,
}

/// Trains the model that is used from the day after a view's on; of the one used before, if there was one, the kind may be kept.
pub type Train<'a> = &'a dyn Fn(&LedgerView, Option<&Artefact>) -> Result<Artefact>;

/// Works through the Mondays of a plan, what became of everything being known to a day. Whom to leave alone and what a contact is
/// worth are the policies' words.
pub fn replay(ledger: &Ledger, end: AsOf, plan: &Plan, policies: &Policies, train: Train) -> Result<Replay> {
    let end_view = LedgerView::new(ledger, end)?;
    let mut artefact: Option<Artefact> = None;
    let (mut lines, mut trained, mut open_to_the_end) = (Vec::new(), Vec::new(), 0);
    let mut month = 0;
    for monday in mondays(plan, end)? {
        let view = LedgerView::new(ledger, AsOf(monday.plus(-1)))?;
        let answering = match artefact.take() {
            Some(artefact) if monday.month() == month => artefact,
            before => train(&view, before.as_ref())?,
        };
        if monday.month() != month {
            month = monday.month();
            trained.push(Trained { monday, verdict: answering.verdict.clone() });
        }
        let items = week::items(&view, &end_view, &answering, policies)?;
        open_to_the_end += items.iter().filter(|(_, item)| item.outcome.open > 0).count();
        for unit in [Unit::Item, Unit::Account] {
            lines.extend(compare(unit, monday, &items, plan.capacity));
        }
        artefact = Some(answering);
    }
    lines.sort_by_key(|line| (line.unit, line.currency, line.monday, line.rule));
    let standings = standings(&lines);
    Ok(Replay { lines, standings, trained, end, open_to_the_end })
}

/// The Mondays of a plan. All must be before the end: of later ones it is not known what became.
fn mondays(plan: &Plan, end: AsOf) -> Result<Vec<Day>> {
    let first = plan.from.plus((7 - plan.from.weekday()) % 7);
    let weeks = (plan.to.0.saturating_sub(first.0)).div_euclid(7).saturating_add(1);
    let mondays: Vec<Day> = (0..weeks).map(|week| first.plus(7 * week)).collect();
    let detail = match mondays.last() {
        None => format!("no Monday from {} to {}", plan.from, plan.to),
        Some(last) if *last > end.0 => {
            format!("{last} is after {end}, the last day of which anything is known")
        }
        Some(_) => return Ok(mondays),
    };
    Err(Error::new(Code::OptionInvalid).column("--to").detail(detail))
}

/// The training of every verb: a model is kept if it surely beats the rule, otherwise the rule answers. Once a kind was kept,
/// it is only fitted anew: to judge all kinds again each month would take most of the time, and change little.
pub fn train(view: &LedgerView, before: Option<&Artefact>) -> Result<Artefact> {
    let history = History::new(view, 0).map_err(internal)?;
    let timing = Timing::new(view);
    match before {
        Some(before) => before.refit(view, &history, &timing),
        None => Artefact::train(view, &history, &timing, "", None),
    }
}

/// What each rule reaches in a week, list by list.
fn compare(unit: Unit, monday: Day, items: &[week::Item], capacity: Capacity) -> Vec<Line> {
    let mut lists: BTreeMap<Currency, Vec<Candidate>> = BTreeMap::new();
    match unit {
        Unit::Item => {
            for ((_, currency), item) in items {
                lists.entry(*currency).or_default().push(*item);
            }
        }
        Unit::Account => {
            let mut accounts: BTreeMap<(u32, Currency), Candidate> = BTreeMap::new();
            for (account, item) in items {
                accounts.entry(*account).and_modify(|joined| *joined = joined.joined(*item)).or_insert(*item);
            }
            for ((_, currency), account) in accounts {
                lists.entry(currency).or_default().push(account);
            }
        }
    }
    let sizes: Vec<usize> = lists.values().map(Vec::len).collect();
    let line = |(currency, candidates): (Currency, Vec<Candidate>), contacts: usize| {
        RULES.map(|rule| Line {
            unit,
            currency,
            monday,
            rule,
            candidates: candidates.len(),
            contacts,
            reached: MEASURES.map(|measure| rule.reached(&candidates, measure, contacts)),
            all: MEASURES.map(|measure| candidates.iter().map(|one| one.worth(measure)).sum()),
        })
    };
    lists
        .into_iter()
        .zip(contacts(capacity, &sizes))
        .flat_map(|(list, contacts)| line(list, contacts))
        .collect()
}

/// How many contacts each list gets: never more in all than there are, rounded down, what is left over going to the lists
/// that lost most by rounding, of equals the first.
fn contacts(capacity: Capacity, sizes: &[usize]) -> Vec<usize> {
    let all: usize = sizes.iter().sum();
    match capacity {
        Capacity::Share(share) => {
            sizes.iter().map(|size| (*size as f64 * share.clamp(0.0, 1.0)) as usize).collect()
        }
        Capacity::Contacts(most) if most >= all => sizes.to_vec(),
        Capacity::Contacts(most) => {
            let mut contacts: Vec<usize> = sizes.iter().map(|size| most * size / all).collect();
            let mut by_loss: Vec<usize> = (0..sizes.len()).collect();
            by_loss.sort_by_key(|&at| std::cmp::Reverse(most * sizes[at] % all));
            let left = most - contacts.iter().sum::<usize>();
            by_loss.into_iter().take(left).for_each(|at| contacts[at] += 1);
            contacts
        }
    }
}

#[cfg(test)]
mod tests;
