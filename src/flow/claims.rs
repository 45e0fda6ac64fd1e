//! Claims and payment plans, step by step.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::kept::keep;
use super::{Job, Watch, as_of, read};
use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::base::percent::Percent;
use crate::collect::claim::Basis;
use crate::collect::claim::charges::charge;
use crate::collect::claim::debts::{Claims, Scope, debts};
use crate::collect::ladder::Policies;
use crate::collect::plan::agreed::{Agreed, history, plans};
use crate::collect::plan::capacity::propose;
use crate::collect::plan::{Ask, Every, Plan, Price, Roll, Split};
use crate::collect::suppress::Disputes;
use crate::ledger::Customer;
use crate::ledger::intake::Intake;
use crate::ledger::load::Loaded;
use crate::report::manifest::Under;
use crate::report::{claims, plans as plan_report};
use crate::statute::fee_cap;
use crate::statute::interest::{self, Debtor};
use crate::statute::reference::ReferenceRates;

/// Under what interest is claimed.
#[derive(Debug, Clone, Default)]
pub struct Law {
    /// Whose law, where the ledger does not say it of a customer.
    pub jurisdiction: Option<String>,
    /// Who owes; otherwise consumers by their mark in the ledger, and businesses.
    pub debtor: Option<Debtor>,
    /// Agreed rate a year.
    pub agreed: Option<Percent>,
    /// Reference rates besides those shipped.
    pub rates: Option<PathBuf>,
}

/// What is claimed.
#[derive(Debug, Clone)]
pub struct ClaimJob {
    /// Id of the customer; all where none is given.
    pub customer: Option<String>,
    /// Under what.
    pub law: Law,
    /// Interest on what was paid late is claimed too.
    pub paid_late: bool,
    /// Dunning policies, which say what letters and being late cost.
    pub dunning: Vec<PathBuf>,
}

impl Law {
    /// Whether it says by what law or rate: neither is ever guessed.
    pub(super) fn is_named(&self) -> bool {
        self.jurisdiction.is_some() || self.agreed.is_some()
    }

    /// Refuses what no ledger can make right, before one is read: a jurisdiction of which nothing is kept, or no rule for the
    /// debtors named.
    pub(super) fn check(&self) -> Result<()> {
        let Some(asked) = self.jurisdiction.as_deref() else { return Ok(()) };
        let missing =
            |detail: String| Err(Error::new(Code::LegalRuleMissing).column("--jurisdiction").detail(detail));
        let own = interest::kept().filter(|(kept, _)| kept.eq_ignore_ascii_case(asked));
        let debtors: BTreeSet<Debtor> = own.map(|(_, debtor)| debtor).collect();
        if debtors.is_empty() && !fee_cap::knows(asked) {
            let all: BTreeSet<&str> = interest::kept().map(|(kept, _)| kept).collect();
            return missing(format!("`{asked}` is none of {}", Vec::from_iter(all).join(", ")));
        }
        match self.debtor {
            // An agreed rate needs no rule.
            _ if self.agreed.is_some() => Ok(()),
            Some(debtor) if !debtors.contains(&debtor) => {
                missing(format!("`{asked}` has none for {}", debtor.name()))
            }
            None if debtors.is_empty() => missing(format!("`{asked}` has none of interest")),
            _ => Ok(()),
        }
    }

    /// For the record of a run.
    pub(super) fn record(&self, under: Under) -> Under {
        under
            .with("jurisdiction", self.jurisdiction.as_ref())
            .with("debtor", self.debtor.map(Debtor::name))
            .with("agreed_rate", self.agreed)
    }

    /// What is claimed of a customer under.
    ///
    /// It is the law that the ledger names for it, or else the one that was asked for: where a customer is at home says nothing of that.
    pub(super) fn basis<'a>(
        &'a self,
        customer: &'a Customer,
        rates: &'a ReferenceRates,
    ) -> Result<Basis<'a>> {
        let own = if customer.consumer { Debtor::Consumer } else { Debtor::Business };
        let jurisdiction = stated(customer).or(self.jurisdiction.as_deref());
        if jurisdiction.is_none() && self.agreed.is_none() {
            let detail =
                format!("neither the ledger nor --jurisdiction names a law for customer {}", customer.id);
            return Err(Error::new(Code::LegalRuleMissing).detail(detail));
        }
        Ok(Basis { jurisdiction, debtor: self.debtor.unwrap_or(own), agreed: self.agreed, rates })
    }
}

/// The law that the ledger names for a customer.
fn stated(customer: &Customer) -> Option<&str> {
    Some(customer.jurisdiction.as_str()).filter(|law| !law.is_empty())
}

/// Works out what may be claimed; writes it if a folder is given.
pub fn claim(job: &Job, asked: &ClaimJob, out: Option<&Path>, watch: Watch) -> Result<(Intake, Claims)> {
    // Before the ledger is read: a wrong row should not take minutes to tell.
    asked.law.check()?;
    let rates = ReferenceRates::read(asked.law.rates.as_deref())?;
    let policies = Policies::read(&asked.dunning)?;
    let Loaded { ledger, intake, .. } = read(job, out, watch)?;
    if !asked.law.is_named() && !ledger.customers.iter().any(|one| stated(one).is_some()) {
        let detail = "a law (--jurisdiction, or in the ledger's customers) or an agreed rate (--rate) is needed: neither is ever guessed";
        return Err(Error::new(Code::OptionInvalid).detail(detail));
    }
    let view = LedgerView::new(&ledger, as_of(job, &ledger)?)?;
    let customer = asked.customer.as_deref().map(|id| position(&view, id)).transpose()?;
    let scope = if asked.paid_late { Scope::PaidLate } else { Scope::Open };
    watch("claim");
    let mut debts = debts(&view, customer, scope);
    charge(&view, &mut debts, &policies)?;
    let customer_of = |at: u32| &view.customers()[view.invoice(at).customer as usize];
    let all = Claims::of(&view, debts, |at| asked.law.basis(customer_of(at), &rates));
    // A law asked for that knows none of the debts is the wrong one, not a fault of each.
    if let (true, Some((_, error))) = (asked.law.is_named() && all.claims.is_empty(), all.refused.first()) {
        return Err(error.clone());
    }
    if let Some(out) = out {
        watch("write");
        let sheets = [claims::sheet(&all), claims::segments(&all.claims)];
        let under = asked.law.record(Under::policies(&policies)).with_rates(&rates);
        let under = under
            .with("customer", asked.customer.as_ref())
            .with("paid_late", asked.paid_late.then_some(true));
        keep(job, ("claim", &view), &intake, (out, &sheets), under)?;
    }
    Ok((intake, all))
}

/// What a plan is to be; what is not said is proposed from what the customer paid before.
#[derive(Debug, Clone)]
pub struct PlanJob {
    /// Id of the customer.
    pub customer: String,
    /// Currency of what is paid off; needed where the customer owes in several.
    pub currency: Option<Currency>,
    /// Number of instalments.
    pub count: Option<usize>,
    /// Amount of an instalment, as it is written.
    pub amount: Option<String>,
    /// How often.
    pub every: Every,
    /// Day of the first instalment; otherwise one period after the as-of day.
    pub first: Option<Day>,
    /// What becomes of a day on which no payment settles.
    pub roll: Roll,
    /// Fee, as it is written.
    pub fee: Option<String>,
    /// Interest a year.
    pub interest: Option<Percent>,
    /// Dunning policies, which say how long a part of a plan may be on its way.
    pub dunning: Vec<PathBuf>,
}

impl PlanJob {
    /// For the record of a run.
    fn record(&self, first: Day, under: Under) -> Under {
        under
            .with("customer", Some(&self.customer))
            .with("plan_currency", self.currency.as_ref().map(Currency::code))
            .with("count", self.count)
            .with("amount", self.amount.as_ref())
            .with("every", Some(self.every.name()))
            .with("first", Some(first))
            .with("roll", Some(self.roll.name()))
            .with("fee", self.fee.as_ref())
            .with("interest", self.interest)
    }
}

/// A plan that was made.
#[derive(Debug)]
pub struct Planned {
    /// Rejects and problems of the ledger.
    pub intake: Intake,
    /// The plan.
    pub plan: Plan,
    /// Day from which it is reckoned.
    pub agreed: Day,
    /// Why its instalments are as they are, where they were proposed.
    pub reason: String,
}

/// Cuts what a customer owes past due, less what it has on account, into instalments; writes the plan if a folder is given.
pub fn plan(job: &Job, asked: &PlanJob, out: Option<&Path>, watch: Watch) -> Result<Planned> {
    let policies = Policies::read(&asked.dunning)?;
    let Loaded { ledger, mut intake, .. } = read(job, out, watch)?;
    let view = LedgerView::new(&ledger, as_of(job, &ledger)?)?;
    watch("plan");
    let customer = position(&view, &asked.customer)?;
    let (currency, claim) = owed(&view, customer, asked.currency)?;
    let minor = |option: &str, text: &str| {
        currency.parse(text).map_err(|_| {
            Error::new(Code::OptionInvalid).column(option).detail(format!("`{text}` is no amount"))
        })
    };
    let agreed = view.as_of().0;
    let (split, reason) = match (asked.count, &asked.amount) {
        (Some(count), _) => (Split::Count(count), String::new()),
        (None, Some(amount)) => (Split::Amount(minor("--amount", amount)?), String::new()),
        (None, None) => {
            let (payments, known_from) = history(&view, customer, currency);
            let from = known_from.unwrap_or(agreed);
            let proposal = propose(&payments, from, view.as_of(), claim, asked.every)?;
            let paid = currency.display(i128::from(proposal.median));
            let reason = format!(
                "proposed from a median of {paid} paid a month, of the last {} months",
                proposal.months
            );
            (Split::Proposed(proposal.amount), reason)
        }
    };
    let price = match (&asked.fee, asked.interest) {
        (Some(fee), _) => Price::Fee(minor("--fee", fee)?),
        (None, Some(rate)) => Price::Interest(rate),
        (None, None) => Price::Free,
    };
    let in_force = plans(&view, &policies);
    intake.notes.extend(in_force.get(&(customer, currency)).filter(|held| held.holds()).map(replaced));
    let first = asked.first.unwrap_or_else(|| asked.every.after(agreed, 1));
    let (every, roll) = (asked.every, asked.roll);
    let plan = Plan::new(&Ask { claim, currency, split, every, agreed, first, roll, price })?;
    if let Some(out) = out {
        watch("write");
        // One plan is in one currency.
        let number = format!("{}-{agreed}-{}", asked.customer, currency.code());
        let sheets = [
            plan_report::plan(&plan, &number, &asked.customer, agreed),
            plan_report::progress(&view, &in_force),
        ];
        let under = asked.record(first, Under::policies(&policies));
        keep(job, ("plan", &view), &intake, (out, &sheets), under)?;
    }
    Ok(Planned { intake, plan, agreed, reason })
}

/// Says which plan stands already where another one is made.
fn replaced(held: &Agreed) -> String {
    let (plan, agreed, standing) = (held.plan, held.agreed, held.tracked.standing.name().replace('_', " "));
    format!("plan {plan} of {agreed} is {standing}: this one would take its place, not come on top of it")
}

/// What a customer owes past due and not in dispute, less what it has on account, in its only currency or the one asked for.
fn owed(view: &LedgerView, customer: u32, currency: Option<Currency>) -> Result<(Currency, i64)> {
    let disputes = Disputes::collect(view);
    let mut sums = std::collections::BTreeMap::<Currency, i64>::new();
    for (at, invoice) in view.invoices().filter(|(_, invoice)| invoice.customer == customer) {
        if invoice.due < view.as_of().0 && !disputes.hold(view, at) {
            let sum = sums.entry(invoice.currency).or_default();
            *sum = sum.saturating_add(view.balance(at).max(0));
        }
    }
    sums.retain(|asked, sum| *sum > 0 && currency.is_none_or(|currency| currency == *asked));
    let impossible = |detail: &str| Error::new(Code::PlanImpossible).detail(detail);
    if sums.len() > 1 {
        return Err(impossible("the customer owes in several currencies: name one with --plan-currency"));
    }
    let (currency, sum) = sums.pop_first().ok_or_else(|| impossible("nothing is past due"))?;
    let on_account = view.unapplied().get(&(Some(customer), currency)).copied().unwrap_or(0);
    match sum.saturating_sub(on_account.max(0)) {
        left if left > 0 => Ok((currency, left)),
        _ => Err(impossible("money or credit on account covers all that is past due")),
    }
}

fn position(view: &LedgerView, id: &str) -> Result<u32> {
    let at = view.customers().binary_search_by(|customer| customer.id.as_str().cmp(id));
    at.map(|at| at as u32).map_err(|_| Error::new(Code::CustomerNotFound).detail(format!("`{id}`")))
}
