//! Credit advice per customer: what it owes against its limit, how it pays, and what limit, terms and review follow from that by
//! stated rules. It is advice: it knows the ledger, and neither balance sheets nor what was agreed in person.

mod behaviour;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::Customer;
use crate::model::score::RiskScore;

pub use behaviour::{Band, Behaviour};
pub use rule::{Incentive, Terms};

use behaviour::Account;

/// What the rules take as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// What money costs a year, in hundredths of a percent.
    pub cost_of_money_basis_points: u32,
}

impl Default for Policy {
    fn default() -> Self {
        // An assumption: about what a bank asks of a sound company. It only scales the discount that is offered.
        Self { cost_of_money_basis_points: 800 }
    }
}

/// Advice on one customer, in one currency; amounts in its minor units.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Its limit's currency or, without a limit, the one it was billed most often in.
    pub currency: Currency,
    /// Most it may owe now.
    pub limit: Option<i64>,
    /// Open invoices less unapplied cash and credit.
    pub exposure: i64,
    /// How far the exposure is above the limit.
    pub breach: Option<i64>,
    /// How it pays.
    pub behaviour: Behaviour,
    /// What that makes it.
    pub band: Band,
    /// Most that was billed in one of the last twelve calendar months.
    pub peak_monthly: i64,
    /// Days it is given to pay, by the median of its invoices.
    pub terms_days: i32,
    /// Probability that what it owes is paid late, as far as it was given.
    pub late: Option<f64>,
    /// Limit that follows from its use and behaviour.
    pub suggested_limit: i64,
    /// Terms that follow.
    pub terms: Terms,
    /// What may be offered for paying reliably.
    pub incentive: Option<Incentive>,
    /// When to look at it again.
    pub review: Day,
    /// Why, as sentences.
    pub reasons: Vec<String>,
}

/// Advice on every company that was billed within the last year and may be contacted, by customer: it was not made for natural
/// persons. `late` is the probability that what a customer owes is paid late, by its position, for those of which it is known.
pub fn advise(view: &LedgerView, late: &BTreeMap<u32, f64>, policy: Policy) -> Vec<Advice> {
    let accounts = behaviour::accounts(view);
    let mut advice = Vec::new();
    let customers = accounts.chunk_by(|left, right| left.customer == right.customer);
    for own in customers {
        let Some((customer, account)) = chosen(view, own) else { continue };
        if customer.do_not_contact || customer.consumer || account.peak_monthly == 0 {
            continue;
        }
        let limit = customer.credit_limit.filter(|(_, currency)| *currency == account.currency);
        let limit = limit.map(|(limit, _)| limit);
        advice.push(rule::advise(
            account,
            limit,
            late.get(&account.customer).copied(),
            policy,
            view.as_of().0,
        ));
    }
    advice
}

/// The mean probability of being paid late over each customer's open invoices that are not late yet: those that are show in its
/// behaviour already.
pub fn lateness(view: &LedgerView, scores: &[RiskScore]) -> BTreeMap<u32, f64> {
    let mut sums: BTreeMap<u32, (f64, usize)> = BTreeMap::new();
    for score in scores.iter().filter(|score| score.log_odds.is_some()) {
        let (sum, count) = sums.entry(view.invoice(score.item.invoice).customer).or_default();
        *sum += score.late;
        *count += 1;
    }
    sums.into_iter().map(|(customer, (sum, count))| (customer, sum / count as f64)).collect()
}

/// The account of a customer that the advice is about.
fn chosen<'a>(view: &LedgerView<'a>, own: &'a [Account]) -> Option<(&'a Customer, &'a Account)> {
    let customer = view.customers().get(own.first()?.customer as usize)?;
    let account = match customer.credit_limit {
        Some((_, currency)) => own.iter().find(|account| account.currency == currency)?,
        // Of equally many the first currency by code.
        None => own.iter().rev().max_by_key(|account| account.billed)?,
    };
    Some((customer, account))
}
