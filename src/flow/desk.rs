//! The collector's desk: what is next for each account, in what order accounts are called, and when.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::asof::view::LedgerView;
use crate::base::error::Result;
use crate::base::money::Currency;
use crate::base::sheet::Sheet;
use crate::collect::capacity::assign::{Task, assign};
use crate::collect::capacity::team::Team;
use crate::collect::ladder::Policies;
use crate::collect::ladder::step::Step;
use crate::collect::owed::Item;
use crate::collect::priority::holdout::HoldOut;
use crate::collect::priority::{order, sweep};
use crate::collect::promise;
use crate::collect::stage::{Decision, Stage, Stages};
use crate::collect::worklist::{self, Account, Worklist};
use crate::ledger::Customer;
use crate::model::score::RiskScore;
use crate::report::manifest::Under;
use crate::report::{stages, swept};

/// Minutes of a contact of which no step says how long it takes.
const CONTACT_MINUTES: u32 = 5;

/// How the desk is run.
#[derive(Debug, Clone, Default)]
pub struct DeskJob {
    /// Dunning policies; customers they do not fit get those shipped.
    pub dunning: Vec<PathBuf>,
    /// Least amount worth a contact, in whole units of every currency, in place of the policies'.
    pub minimum: Option<u32>,
    /// Who makes the contacts, and when; without it there is no schedule.
    pub team: Option<PathBuf>,
    /// Customers left alone by lot.
    pub hold_out: Option<HoldOut>,
}

/// The policies and people that a desk is run by.
#[derive(Debug)]
pub(super) struct Desk {
    policies: Policies,
    team: Option<Team>,
    minimum: Option<u32>,
    hold_out: Option<HoldOut>,
}

/// The call list, and the tables beside it.
#[derive(Debug)]
pub(super) struct Laid {
    pub worklist: Worklist,
    pub sheets: Vec<Sheet>,
}

impl Desk {
    /// Reads policies and team.
    pub(super) fn read(job: &DeskJob) -> Result<Self> {
        Ok(Self {
            policies: Policies::read(&job.dunning)?.with_minimum(job.minimum),
            team: job.team.as_deref().map(Team::read).transpose()?,
            minimum: job.minimum,
            hold_out: job.hold_out,
        })
    }

    /// What it is run by, for the record.
    pub(super) fn under(&self) -> Under {
        Under::policies(&self.policies)
            .with_team(self.team.as_ref())
            .with("minimum", self.minimum)
            .with("hold_out", self.hold_out)
    }

    /// What its policies name that no customer has.
    pub(super) fn strangers(&self, customers: &[Customer]) -> Vec<String> {
        self.policies.strangers(customers)
    }

    /// Ranks whom to call, says what is next for everyone, and lays this week's contacts into the team's days.
    pub(super) fn lay(&self, view: &LedgerView, scores: &[RiskScore]) -> Result<Laid> {
        let items: Vec<Item> = scores.iter().map(Item::of).collect();
        let all = Stages::new(view, &items, &self.policies);
        let steps: BTreeMap<(u32, Currency), &Step> = all.rows.iter().filter_map(next_step).collect();
        let minutes = |account: &Account| {
            let step = steps.get(&(account.customer, account.currency));
            let minutes = step.map(|step| step.minutes).filter(|minutes| *minutes > 0);
            f64::from(minutes.unwrap_or(CONTACT_MINUTES))
        };
        let assumed = self.policies.assumptions();
        let list = worklist::rank(view, scores, &all)?;
        let contacts = order::contacts(view, scores, &list, &minutes, assumed);
        let swept = swept::sheet(&sweep::sweep(&contacts, assumed));
        let priority = order::rank(view, &list, contacts, assumed, self.hold_out.as_ref());
        let worklist = list.ordered(&priority);
        let mut sheets = vec![
            stages::stages(view, &items, &all),
            stages::promises(view, &promise::states(view, &self.policies)),
            swept,
        ];
        if let Some(team) = &self.team {
            let tasks = tasks(&all, &worklist);
            let week = assign(team, view.customers(), &tasks, view.as_of().0.plus(1));
            sheets.push(stages::schedule(view, team, &tasks, &week));
        }
        Ok(Laid { worklist, sheets })
    }
}

/// The step that an account is at or comes to next.
fn next_step<'a>(row: &Stage<'a>) -> Option<((u32, Currency), &'a Step)> {
    match row.decision {
        Decision::Due(step, _) | Decision::Waits(step, _) => Some(((row.customer, row.currency), step)),
        _ => None,
    }
}

/// The contacts that take a person's time and are due, in the order of the call list.
fn tasks(all: &Stages, worklist: &Worklist) -> Vec<Task> {
    let due: BTreeMap<(u32, Currency), &Stage> =
        all.rows.iter().map(|row| ((row.customer, row.currency), row)).collect();
    let task = |account: &Account| {
        let row = due.get(&(account.customer, account.currency))?;
        let Decision::Due(step, Some(channel)) = row.decision else { return None };
        (step.minutes > 0).then_some(Task {
            customer: account.customer,
            currency: account.currency,
            value: account.value,
            list: account.list,
            minutes: step.minutes,
            channel,
            hours: row.policy.settings.call_hours,
        })
    };
    worklist.calls.iter().filter_map(|call| task(&call.account)).collect()
}
