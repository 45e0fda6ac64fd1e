//! The call list: one call covers all that a customer owes in a currency. Accounts are ranked by expected value at risk,
//! and every account that is not called is listed with the reason.
//!
//! Amounts of two currencies cannot be compared without a rate: with dated rates for all of them there is one list, in the
//! currency that most accounts have among those that all can be converted to; without, there is a list per currency.

use std::collections::BTreeMap;

use super::priority::order::{Place, Priority};
use super::stage::{Stage, Stages};
use super::suppress::{Hold, Reason, amount_reason};
use crate::asof::view::LedgerView;
use crate::base::counted;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::model::score::RiskScore;

/// One account to call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// 1 is first, within its list.
    pub rank: usize,
    /// What it owes, and what of that can be spoken about.
    pub account: Account,
    /// Why it stands here.
    pub reason: String,
    /// What puts it above the next.
    pub above_next: String,
}

/// One account not to call.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppressed {
    /// What it owes.
    pub account: Account,
    /// Why it is not called.
    pub reason: Reason,
}

/// A customer's position in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Currency of everything here.
    pub currency: Currency,
    /// Positions of the scores of all that is open, the most at risk first.
    pub scores: Vec<usize>,
    /// Open balance.
    pub open: i64,
    /// Of it, past due.
    pub past_due: i64,
    /// Of that, what can be spoken about.
    pub callable_past_due: i64,
    /// Of what is open, disputed or promised, so not spoken about.
    pub held: i64,
    /// Invoices not held.
    pub callable: usize,
    /// Most days past due among those not held.
    pub oldest_days_past_due: i32,
    /// Cash and credit on no invoice.
    pub unapplied: i64,
    /// Expected value at risk of what is not held, and no more than what unapplied money leaves open of it.
    pub at_risk: i64,
    /// The same in the currency of its list.
    pub value: i64,
    /// Currency of its list.
    pub list: Currency,
}

/// The call list with everything that is not on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Worklist {
    /// Accounts to call, by currency and rank.
    pub calls: Vec<Call>,
    /// Accounts not to call, by customer and currency.
    pub suppressed: Vec<Suppressed>,
    /// Why an invoice of either is not spoken about, by position of its score.
    pub holds: BTreeMap<usize, Hold>,
}

impl Worklist {
    /// Position of the score of the riskiest invoice of an account that can be raised.
    pub fn first_raised(&self, account: &Account) -> Option<usize> {
        account.scores.iter().copied().find(|at| !self.holds.contains_key(at))
    }

    /// The same list in the order of a priority made of it; who is held out by lot is not called.
    #[must_use]
    pub fn ordered(self, priority: &Priority) -> Self {
        let call = |place: &Place| {
            let Call { account, reason, .. } = self.calls[place.contact.call].clone();
            let reason = format!("{}; {reason}", place.reason);
            Call { rank: place.rank, account, reason, above_next: place.above_next.clone() }
        };
        let held_out = priority.held_out.iter().map(call);
        let held_out = held_out.map(|call| {
            let reason = Reason::HeldOut(call.rank);
            Suppressed { account: call.account, reason }
        });
        let mut suppressed: Vec<Suppressed> = self.suppressed.iter().cloned().chain(held_out).collect();
        suppressed.sort_by_key(|one| (one.account.customer, one.account.currency));
        Self { calls: priority.places.iter().map(call).collect(), suppressed, holds: self.holds.clone() }
    }
}

/// Ranks the accounts of a view by their scores, without those that the dunning policy leaves alone. The items of the
/// stages are the scores, in their order.
pub fn rank(view: &LedgerView, scores: &[RiskScore], stages: &Stages) -> Result<Worklist> {
    let unapplied = view.unapplied();
    let holds = stages.holds.clone();
    let stage_of: BTreeMap<(u32, Currency), &Stage> =
        stages.rows.iter().map(|stage| ((stage.customer, stage.currency), stage)).collect();
    let mut accounts: BTreeMap<(u32, Currency), Account> = BTreeMap::new();
    for (_, invoice) in view.invoices() {
        let key = (invoice.customer, invoice.currency);
        let credit = unapplied.get(&(Some(invoice.customer), invoice.currency)).copied().unwrap_or(0);
        accounts.entry(key).or_insert_with(|| Account::new(key, credit));
    }
    for (at, score) in scores.iter().enumerate() {
        let invoice = view.invoice(score.item.invoice);
        if let Some(account) = accounts.get_mut(&(invoice.customer, invoice.currency)) {
            account.add(at, score, holds.contains_key(&at));
        }
    }
    let (mut callable, mut suppressed) = (Vec::new(), Vec::new());
    for mut account in accounts.into_values() {
        account.scores.sort_by_key(|&at| (std::cmp::Reverse(scores[at].at_risk), at));
        account.at_risk = account.at_risk.min(account.open - account.held - account.unapplied).max(0);
        match reason(view, &account, stage_of.get(&(account.customer, account.currency)).copied()) {
            Some(reason) => suppressed.push(Suppressed { account, reason }),
            None => callable.push(account),
        }
    }
    let listed = callable.iter().chain(suppressed.iter().map(|suppressed| &suppressed.account));
    let (listed, open) = (listed.map(|account| i128::from(account.open)).sum::<i128>(), open(scores));
    if listed != open {
        return Err(Error::new(Code::NotConserved).detail(format!("open {open}, listed {listed}")));
    }
    value(view, &mut callable);
    Ok(Worklist { calls: order(callable), suppressed, holds })
}

fn open(scores: &[RiskScore]) -> i128 {
    scores.iter().map(|score| i128::from(score.item.balance)).sum()
}

impl Account {
    fn new((customer, currency): (u32, Currency), unapplied: i64) -> Self {
        Self {
            customer,
            currency,
            scores: Vec::new(),
            open: 0,
            past_due: 0,
            callable_past_due: 0,
            held: 0,
            callable: 0,
            oldest_days_past_due: i32::MIN,
            unapplied,
            at_risk: 0,
            value: 0,
            list: currency,
        }
    }

    fn add(&mut self, at: usize, score: &RiskScore, held: bool) {
        let balance = score.item.balance;
        self.scores.push(at);
        self.open = self.open.saturating_add(balance);
        let past_due = if score.days_past_due > 0 { balance } else { 0 };
        self.past_due = self.past_due.saturating_add(past_due);
        if held {
            self.held = self.held.saturating_add(balance);
        } else {
            self.callable += 1;
            self.callable_past_due = self.callable_past_due.saturating_add(past_due);
            self.at_risk = self.at_risk.saturating_add(score.at_risk);
            self.oldest_days_past_due = self.oldest_days_past_due.max(score.days_past_due);
        }
    }
}

/// Why an account must not be called, if it must not.
fn reason(view: &LedgerView, account: &Account, stage: Option<&Stage>) -> Option<Reason> {
    if account.open == 0 {
        return Some(Reason::Paid);
    }
    if view.customers()[account.customer as usize].do_not_contact {
        return Some(Reason::DoNotContact);
    }
    if account.unapplied >= account.open {
        return Some(Reason::UnappliedCovers);
    }
    // What the next message is about may be too little for it, where all that a call is about is not.
    let no_call = stage.and_then(|stage| stage.no_call.as_ref());
    if let Some(reason) = no_call.filter(|reason| **reason != Reason::BelowMinimum) {
        return Some(reason.clone());
    }
    let minimum = stage.and_then(|stage| stage.policy.settings.minimum(account.currency));
    amount_reason(account.open - account.held, account.unapplied, account.currency, minimum)
}

/// Values every account in the currency of its list: one for all where rates allow it, otherwise each its own.
fn value(view: &LedgerView, accounts: &mut [Account]) {
    let mut counts: BTreeMap<Currency, usize> = BTreeMap::new();
    for account in accounts.iter() {
        *counts.entry(account.currency).or_default() += 1;
    }
    let convertible = |to: Currency| counts.keys().all(|&from| view.convert(1, from, to).is_some());
    let shared = counts.iter().filter(|(to, _)| convertible(**to));
    let shared = shared.max_by_key(|(to, accounts)| (**accounts, std::cmp::Reverse(**to))).map(|(to, _)| *to);
    for account in accounts {
        let own = (account.at_risk, account.currency);
        let converted = |to| view.convert(account.at_risk, account.currency, to).map(|value| (value, to));
        (account.value, account.list) = shared.and_then(converted).unwrap_or(own);
    }
}

/// Puts accounts in the order of calling. Equals stand by age, then customer.
fn order(mut accounts: Vec<Account>) -> Vec<Call> {
    use std::cmp::Reverse;
    accounts.sort_by_key(|account| {
        (
            account.list,
            Reverse(account.value),
            Reverse(account.oldest_days_past_due),
            account.customer,
            account.currency,
        )
    });
    let mut calls: Vec<Call> = Vec::with_capacity(accounts.len());
    for (at, account) in accounts.iter().enumerate() {
        let same_list = |other: &&Account| other.list == account.list;
        let above_next = above(account, accounts.get(at + 1).filter(same_list));
        let rank = calls.last().filter(|call| same_list(&&call.account)).map_or(1, |call| call.rank + 1);
        calls.push(Call { rank, account: account.clone(), reason: why(account), above_next });
    }
    calls
}

fn why(account: &Account) -> String {
    let money = |minor: i64| account.currency.display(i128::from(minor));
    let mut parts = vec![format!(
        "{} expected at risk of {} open on {}",
        money(account.at_risk),
        money(account.open),
        counted(account.scores.len(), "invoice")
    )];
    parts.push(match account.callable_past_due {
        0 => "nothing past due yet".to_owned(),
        past_due => {
            let oldest = counted(account.oldest_days_past_due as usize, "day");
            format!("{} past due, the oldest by {oldest}", money(past_due))
        }
    });
    if account.held > 0 {
        parts.push(format!("{} disputed or promised, not to be raised", money(account.held)));
    }
    if account.unapplied > 0 {
        parts.push(format!("{} unapplied cash or credit, to be cleared first", money(account.unapplied)));
    }
    parts.join("; ")
}

fn above(account: &Account, next: Option<&Account>) -> String {
    match next {
        None => "last of its list".to_owned(),
        Some(next) if next.value < account.value => {
            let more = i128::from(account.value - next.value);
            format!("{} more at risk than the next", account.list.display(more))
        }
        Some(next) if next.oldest_days_past_due < account.oldest_days_past_due => {
            "as much at risk as the next, and older".to_owned()
        }
        Some(_) => "equal to the next; the lower customer id first".to_owned(),
    }
}
