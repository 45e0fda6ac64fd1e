//! How far each account has come on its ladder, and what is next: one step an account, in one message with all of its
//! claims that may be raised. Everything follows from facts known on the day; nothing is stored between runs.

mod next;

use std::collections::{BTreeMap, BTreeSet};

use super::contact::{Directory, Line};
use super::ladder::step::Step;
use super::ladder::{Policies, Policy};
use super::level::{Reached, Spells, reached};
use super::owed::{Facts, Item, Owed, accounts};
use super::plan::agreed::{Agreed, Plans, plans};
use super::suppress::{self, Hold, Reason};
use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::{Activity, Channel, Customer, Invoice};
use next::{Account, Verdict};

/// Where an account stands.
#[derive(Debug, Clone)]
pub struct Stage<'a> {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Currency of the account.
    pub currency: Currency,
    /// Its ladder.
    pub policy: &'a Policy,
    /// The level it has reached; 0 is none.
    pub level: usize,
    /// The last day of that level's step.
    pub level_day: Option<Day>,
    /// Positions of the items that the next step is about.
    pub items: Vec<usize>,
    /// Their balance, in minor units.
    pub balance: i64,
    /// What is next.
    pub decision: Decision<'a>,
    /// What the policy does after the step that is due, if that is taken today and nothing is paid: with its first day.
    pub after: Option<(&'a Step, Day)>,
    /// The decision in words.
    pub sentence: String,
    /// Why the customer is not called today about anything, where it is not.
    pub no_call: Option<Reason>,
}

/// What is next.
#[derive(Debug, Clone, Default)]
pub enum Decision<'a> {
    /// The step is to be taken, by this channel.
    Due(&'a Step, Option<Channel>),
    /// The step begins on a later day.
    Waits(&'a Step, Day),
    /// Nothing may be done.
    Suppressed(Reason, Option<&'a Step>),
    /// There is no further step.
    Ended,
    /// Nothing is overdue, and no notice is to be given.
    #[default]
    Quiet,
}

/// All stages, with the holds that they rest on.
#[derive(Debug)]
pub struct Stages<'a> {
    /// One for each account with anything open, by customer and currency.
    pub rows: Vec<Stage<'a>>,
    /// Why an item is not raised, by position.
    pub holds: BTreeMap<usize, Hold>,
}

impl<'a> Stages<'a> {
    /// Derives the stage of every account with anything open.
    pub fn new(view: &LedgerView, items: &[Item], policies: &'a Policies) -> Self {
        let facts = Facts::new(view);
        let plans = plans(view, policies);
        let holds = suppress::holds(view, items, &facts, &plans, policies);
        let spells = Spells::collect(view);
        let unapplied = view.unapplied();
        let directory = Directory::of(view.customers());
        let mut held = vec![false; items.len()];
        for at in holds.keys() {
            if let Some(flag) = held.get_mut(*at) {
                *flag = true;
            }
        }
        let (facts, plans, spells) = (&facts, &plans, &spells);
        let desk = Desk { view, items, facts, plans, holds: &holds, held, spells, directory };
        let stage = |owed: Owed| {
            let customer = view.customers().get(owed.customer as usize)?;
            let cash = unapplied.get(&(Some(owed.customer), owed.currency)).copied().unwrap_or(0);
            Some(desk.stage(&owed, customer, policies, cash))
        };
        let rows = accounts(view, items).into_iter().filter_map(stage).collect();
        Self { rows, holds }
    }
}

/// What all accounts are judged by.
struct Desk<'a> {
    view: &'a LedgerView<'a>,
    items: &'a [Item],
    facts: &'a Facts<'a>,
    plans: &'a Plans<'a>,
    holds: &'a BTreeMap<usize, Hold>,
    /// Whether an item is held, by position.
    held: Vec<bool>,
    spells: &'a Spells,
    directory: Directory,
}

impl Desk<'_> {
    fn stage<'p>(
        &self,
        owed: &Owed,
        customer: &Customer,
        policies: &'p Policies,
        unapplied: i64,
    ) -> Stage<'p> {
        let policy = policies.of(customer);
        let (history, today) = (self.facts.activities(owed.customer), self.view.as_of().0);
        let line = Line { customer, settings: &policy.settings, history, directory: self.directory, today };
        let account = Account { owed, policy, line, unapplied, today };
        let at = self.reached(&account);
        let verdict = match suppress::reason(self.view, owed, self.items, self.holds, unapplied, policies) {
            Some(reason) => {
                let sentence = reason.text();
                Verdict { decision: Decision::Suppressed(reason, None), sentence, ..Verdict::default() }
            }
            None => self.next(&account, at),
        };
        let Verdict { items, decision, after, mut sentence } = verdict;
        let plan = self.plans.get(&(owed.customer, owed.currency));
        if let Some(broken) = plan.and_then(Agreed::broken) {
            sentence = format!("{sentence}; {broken}");
        }
        let balance = self.balance(&items);
        let no_call = || line.no_call(account.answer(at).map(|limit| limit.until));
        let no_call = match &decision {
            // These are about the step's channels, of which a call may be none.
            Decision::Suppressed(Reason::NoValidContact | Reason::ContactedRecently(_), _) => no_call(),
            Decision::Suppressed(reason, _) => Some(reason.clone()),
            _ if policy.step(at.level).is_some_and(Step::hands_over) => Some(Reason::HandedOver),
            _ => no_call(),
        };
        Stage {
            customer: owed.customer,
            currency: owed.currency,
            policy,
            level: at.level,
            level_day: at.day,
            items,
            balance,
            decision,
            after,
            sentence,
            no_call,
        }
    }

    fn balance(&self, items: &[usize]) -> i64 {
        let balances = items.iter().filter_map(|&at| self.items.get(at)).map(|item| item.balance);
        balances.fold(0, i64::saturating_add)
    }

    fn is_held(&self, at: usize) -> bool {
        self.held.get(at) == Some(&true)
    }

    fn invoice(&self, at: usize) -> Option<&Invoice> {
        self.items.get(at).map(|item| self.view.invoice(item.invoice))
    }

    /// The level of what may be raised. What is held is left out of the count, and comes back with what was done about it.
    fn reached(&self, account: &Account) -> Reached {
        let nothing = Reached { level: 0, day: None };
        let first = account.owed.items.first().and_then(|&at| self.invoice(at));
        let Some(number) = first.map(|invoice| invoice.account) else { return nothing };
        let all_held = account.owed.items.iter().all(|at| self.is_held(*at));
        let invoice = |at: &usize| self.items.get(*at).map(|item| item.invoice);
        let held: BTreeSet<u32> = if all_held {
            BTreeSet::new()
        } else {
            account.owed.items.iter().filter(|at| self.is_held(**at)).filter_map(invoice).collect()
        };
        let left: BTreeSet<u32> = account.owed.items.iter().filter_map(invoice).collect();
        let falls = account.policy.reset.falls_on_partial_payment();
        let Some(since) = self.spells.since(number, falls, |at| !held.contains(&at)) else { return nothing };
        let is_about = |contact: &Activity| {
            contact.invoice.is_none_or(|document| {
                let is_left = || self.view.claims_of(document).any(|claim| left.contains(&claim));
                self.view.invoice(document).account == number
                    && !held.contains(&document)
                    && (!falls || is_left())
            })
        };
        reached(account.policy, account.line.history, since, is_about)
    }
}
