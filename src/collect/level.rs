//! The level that an account has reached: derived from the contacts since anything began to be overdue, never stored.

use super::contact::is_contact;
use super::ladder::Policy;
use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::ledger::Activity;

/// A time during which an invoice was overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    account: u32,
    /// The first day at whose end it was.
    pub from: Day,
    /// The first at whose end it no longer was; `None` is still.
    until: Option<Day>,
    /// Position of the invoice.
    pub invoice: u32,
}

/// All of them, by account and first day.
#[derive(Debug)]
pub struct Spells {
    rows: Vec<Spell>,
}

/// How far an account has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// 0 is nothing yet.
    pub level: usize,
    /// The last day of its step.
    pub day: Option<Day>,
}

impl Spells {
    /// Those known to a view.
    pub fn collect(view: &LedgerView) -> Self {
        let today = view.as_of().0;
        let mut rows = Vec::new();
        for (at, invoice) in view.invoices() {
            let mut from = invoice.due.plus(1).max(invoice.stamp.known);
            let mut tell = |from: Day, until: Option<Day>| {
                if from <= today && until.is_none_or(|until| from < until) {
                    rows.push(Spell { account: invoice.account, from, until, invoice: at });
                }
            };
            let mut is_settled = false;
            view.each_settled(at, |settled| {
                tell(from, Some(settled.stamp.known));
                is_settled = settled.until.is_none();
                from = settled.until.map_or(from, |until| until.max(from));
            });
            if !is_settled {
                tell(from, None);
            }
        }
        rows.sort_unstable();
        Self { rows }
    }

    /// The first day of the time, lasting still, in which something of an account was always overdue, among the invoices
    /// that count. With `left`, only what is overdue still: what was paid in between holds nothing together.
    pub fn since(&self, account: u32, left: bool, counts: impl Fn(u32) -> bool) -> Option<Day> {
        let start = self.rows.partition_point(|spell| spell.account < account);
        let own = self.rows.iter().skip(start).take_while(|spell| spell.account == account);
        let mut run: Option<(Day, Option<Day>)> = None;
        for spell in own.filter(|spell| counts(spell.invoice) && (!left || spell.until.is_none())) {
            run = Some(match run {
                // At the end of the day on which one was paid another was overdue already.
                Some((from, until)) if until.is_none_or(|until| spell.from <= until) => {
                    (from, until.zip(spell.until).map(|(one, other)| one.max(other)))
                }
                _ => (spell.from, spell.until),
            });
        }
        run.filter(|(_, until)| until.is_none()).map(|(from, _)| from)
    }
}

/// The level that contacts from a day on have led to. One that names no step of the ladder raises the level by one at most,
/// and only to what is done without a person's word, while a step of its channel is still to come.
pub fn reached(
    policy: &Policy,
    contacts: &[&Activity],
    since: Day,
    is_about: impl Fn(&Activity) -> bool,
) -> Reached {
    let mut reached = Reached { level: 0, day: None };
    let counted =
        contacts.iter().filter(|contact| contact.day >= since && is_contact(contact) && is_about(contact));
    for contact in counted {
        let level = match policy.level_of(&contact.step) {
            Some(level) => level,
            None if policy.is_notice(&contact.step) => continue,
            None => match unnamed(policy, reached.level, contact) {
                Some(level) => level,
                None => continue,
            },
        };
        if level >= reached.level {
            reached = Reached { level, day: Some(contact.day) };
        }
    }
    reached
}

fn unnamed(policy: &Policy, level: usize, contact: &Activity) -> Option<usize> {
    let next = policy.step(level + 1).filter(|step| step.is_routine());
    let to_come = policy.levels().iter().skip(level);
    let mut alike = to_come.filter(|step| step.is_routine() && step.channels.contains(&contact.channel));
    next.and(alike.next()).map(|_| level + 1)
}
