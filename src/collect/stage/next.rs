//! What is next for one account: the first step above its level that is for it, and whether it may be taken today.

use super::super::contact::{Limit, Line, Reach, ago, is_contact};
use super::super::ladder::Policy;
use super::super::ladder::step::Step;
use super::super::ladder::when::Case;
use super::super::level::Reached;
use super::super::owed::Owed;
use super::super::suppress::{self, Reason};
use super::{Decision, Desk};
use crate::base::day::Day;
use crate::ledger::{Activity, Invoice};

/// An account being judged.
pub(super) struct Account<'a, 'p> {
    pub owed: &'a Owed,
    pub policy: &'p Policy,
    pub line: Line<'a>,
    pub unapplied: i64,
    pub today: Day,
}

/// What was decided: the items it is about, what comes after, and why.
#[derive(Default)]
pub(super) struct Verdict<'p> {
    pub items: Vec<usize>,
    pub decision: Decision<'p>,
    pub after: Option<(&'p Step, Day)>,
    pub sentence: String,
}

impl Desk<'_> {
    /// What is next for an account of which something may be raised.
    pub(super) fn next<'p>(&self, account: &Account<'_, 'p>, at: Reached) -> Verdict<'p> {
        let free = || account.owed.items.iter().copied().filter(|at| !self.is_held(*at));
        let is_overdue = |at: &usize| self.invoice(*at).is_some_and(|invoice| invoice.due < account.today);
        let overdue: Vec<usize> = free().filter(is_overdue).collect();
        // Items stand by their due day.
        let oldest = overdue.first().and_then(|&at| self.invoice(at)).map(|invoice| invoice.due);
        match oldest {
            Some(due) => self.dun(account, at, overdue, due),
            None => self.notify(account, &free().collect::<Vec<_>>()),
        }
    }

    /// The next step of an account with something overdue since a day.
    fn dun<'p>(&self, account: &Account<'_, 'p>, at: Reached, items: Vec<usize>, due: Day) -> Verdict<'p> {
        let case = self.case(account, &items);
        if let Some(reason) = account.too_little(case.balance) {
            let sentence = reason.text();
            return Verdict {
                items,
                decision: Decision::Suppressed(reason, None),
                sentence,
                ..Verdict::default()
            };
        }
        let (next, passed_over) = climb(account.policy, at.level, &case);
        let is_handed_over = account.policy.step(at.level).is_some_and(Step::hands_over);
        let next = next.filter(|(_, step)| !is_handed_over || step.end.is_some());
        let (decision, sentence) = match next {
            Some((level, step)) => account.take((level, step), at, due, case.balance),
            None if is_handed_over => {
                let text = format!("{}{}", Reason::HandedOver.text(), account.since(at));
                (Decision::Suppressed(Reason::HandedOver, None), text)
            }
            None => (Decision::Ended, format!("the ladder ends here{}", account.since(at))),
        };
        let after = match decision {
            Decision::Due(..) => next.and_then(|taken| account.after(taken, due, &case)),
            _ => None,
        };
        Verdict { items, decision, after, sentence: format!("{sentence}{passed_over}") }
    }

    /// A notice to an account with nothing overdue.
    fn notify<'p>(&self, account: &Account<'_, 'p>, free: &[usize]) -> Verdict<'p> {
        let quiet = |sentence: String| Verdict { sentence, ..Verdict::default() };
        let dues: Vec<(usize, &Invoice)> =
            free.iter().filter_map(|&at| Some((at, self.invoice(at)?))).collect();
        let pending = |step: &&Step| dues.iter().any(|(_, invoice)| account.is_pending(step, invoice));
        let first = dues.first().map(|(_, invoice)| format!("; the next is due on {}", invoice.due));
        let first = first.unwrap_or_default();
        let Some(step) = account.policy.notices().iter().rev().find(pending) else {
            return quiet(format!("nothing is overdue{first}"));
        };
        let about = dues.iter().filter(|(_, invoice)| account.is_pending(step, invoice));
        let items: Vec<usize> = about.map(|(at, _)| *at).collect();
        let case = self.case(account, &items);
        if let Some(reason) = account.too_little(case.balance) {
            return quiet(format!("nothing is overdue{first}; no notice: {}", reason.text()));
        }
        if let Some(misfit) = step.when.misfit(&case) {
            return quiet(format!(
                "nothing is overdue{first}; notice `{}` is passed over: {misfit}",
                step.name
            ));
        }
        let (decision, sentence) = account.reach(step, &format!("notice `{}`", step.name), &first);
        Verdict { items, decision, sentence, after: None }
    }

    fn case<'a>(&self, account: &Account<'a, '_>, items: &[usize]) -> Case<'a> {
        let balance = self.balance(items);
        let own = || items.iter().filter_map(|&at| self.items.get(at));
        // By balance; a float is enough to be compared with a percentage.
        let weighed: f64 = own().map(|item| item.risk * item.balance as f64).sum();
        Case {
            customer: account.line.customer,
            currency: account.owed.currency,
            balance,
            items: items.len(),
            risk: if balance > 0 { weighed / balance as f64 } else { 0.0 },
            at_risk: own().map(|item| item.at_risk).fold(0, i64::saturating_add),
        }
    }
}

/// The first step above a level that is for an account, with its own level, and what was passed over on the way.
fn climb<'p>(policy: &'p Policy, level: usize, case: &Case) -> (Option<(usize, &'p Step)>, String) {
    let mut passed_over = String::new();
    for (number, step) in (level + 1..).zip(policy.levels().iter().skip(level)) {
        let Some(misfit) = step.when.misfit(case) else { return (Some((number, step)), passed_over) };
        passed_over = format!("{passed_over}; step {number} `{}` is passed over: {misfit}", step.name);
    }
    (None, passed_over)
}

impl<'p> Account<'_, 'p> {
    fn too_little(&self, balance: i64) -> Option<Reason> {
        let minimum = self.policy.settings.minimum(self.owed.currency);
        suppress::amount_reason(balance, self.unapplied, self.owed.currency, minimum)
    }

    /// How long ago the last step was, as the end of a sentence.
    fn since(&self, at: Reached) -> String {
        match at.day {
            Some(day) => format!(", step {} was {}", at.level, ago(day, self.today)),
            None => ", no step was taken yet".to_owned(),
        }
    }

    /// Whether a step is taken today, for claims of which the oldest was due on a day.
    fn take(
        &self,
        (level, step): (usize, &'p Step),
        at: Reached,
        due: Day,
        balance: i64,
    ) -> (Decision<'p>, String) {
        let (named, days) = (format!("step {level} `{}`", step.name), count_days(self.today.0 - due.0));
        let Some(Limit { until, why }) = self.wait(step, at, due) else {
            let why = format!(": {days} past due{}{}", self.since(at), self.fee(step, balance));
            return self.reach(step, &named, &why);
        };
        if self.policy.step(at.level).is_some_and(Step::hands_over) {
            let text = format!("{}; {named} waits until {until}", Reason::HandedOver.text());
            return (Decision::Suppressed(Reason::HandedOver, Some(step)), text);
        }
        (Decision::Waits(step, until), format!("{named} waits until {until}: {why}, {days} past due"))
    }

    /// The step that comes after one taken today, if nothing is paid, and the first day on which it may be taken.
    fn after(&self, (level, step): (usize, &'p Step), due: Day, case: &Case) -> Option<(&'p Step, Day)> {
        let (_, after) = climb(self.policy, level, case).0?;
        let taken = Reached { level, day: Some(self.today) };
        let waited = self.wait(after, taken, due).map_or(self.today, |limit| limit.until);
        let reached =
            if after.channels.is_empty() { waited } else { waited.max(self.line.rested_from_today()) };
        (!step.hands_over() || after.end.is_some()).then_some((after, reached))
    }

    /// What others keep of what they collect, as the end of a sentence.
    fn fee(&self, step: &Step, balance: i64) -> String {
        let text = step.fee_percent.map(|share| {
            let fee = self.owed.currency.display(i128::from(share.percent_of(balance)));
            format!("; {share} % of what is collected is kept, {fee} of all")
        });
        text.unwrap_or_default()
    }

    /// Until when the last step gave time to answer, if it did.
    pub(super) fn answer(&self, at: Reached) -> Option<Limit> {
        let last = self.policy.step(at.level).filter(|last| last.reply_days > 0);
        let answer = last.zip(at.day).map(|(last, day)| Limit {
            // The last of those days is the customer's still.
            until: day.plus(last.reply_days + 1),
            why: format!("{} to answer step {}", count_days(last.reply_days), at.level),
        });
        answer.filter(|limit| limit.until > self.today)
    }

    /// Until when a step waits for its day, or for the answer to the last one.
    fn wait(&self, step: &Step, at: Reached, due: Day) -> Option<Limit> {
        let begins = Limit { until: step.begins(due, at.day), why: "it begins then".to_owned() };
        let latest = self.answer(at).into_iter().chain([begins]).max_by_key(|limit| limit.until);
        latest.filter(|limit| limit.until > self.today)
    }

    /// A step whose day has come, if the customer can be reached for it. `why` ends the sentence if it is to be taken.
    fn reach(&self, step: &'p Step, named: &str, why: &str) -> (Decision<'p>, String) {
        match self.line.reach(step) {
            Reach::By(channel) => (Decision::Due(step, channel), format!("{named} is due{why}")),
            Reach::Later(Limit { until, why }) => {
                let reason = Reason::ContactedRecently(until);
                (Decision::Suppressed(reason, Some(step)), format!("{named} waits until {until}: {why}"))
            }
            Reach::Missing(what) => {
                let reason = Reason::NoValidContact;
                (Decision::Suppressed(reason, Some(step)), format!("{named} cannot be taken: {what}"))
            }
        }
    }

    /// Whether a notice of an invoice is to be given still.
    fn is_pending(&self, step: &Step, invoice: &Invoice) -> bool {
        let from = step.begins(invoice.due, None).max(invoice.stamp.known);
        let about = |contact: &Activity| contact.invoice.is_none_or(|document| document == invoice.document);
        // A step about what was overdue then told nothing of this one.
        let is_step = |contact: &Activity| self.policy.level_of(&contact.step).is_some();
        let given = |contact: &Activity| {
            contact.day >= from && is_contact(contact) && about(contact) && !is_step(contact)
        };
        from <= self.today && !self.line.history.iter().any(|contact| given(contact))
    }
}

fn count_days(days: i32) -> String {
    format!("{days} day{}", if days == 1 { "" } else { "s" })
}
