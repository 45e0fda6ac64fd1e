//! What letters claim besides their invoices, where the policy's step claims it and a law or a rate is named. A rate that is not known
//! keeps the claim out of its letter, and is told; the letter is written without it.

use std::collections::BTreeMap;

use super::Law;
use crate::asof::view::LedgerView;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::collect::claim::charges::{charge, charge_letter};
use crate::collect::claim::debts::debt;
use crate::collect::claim::{Claim, Debt};
use crate::collect::ladder::Policies;
use crate::collect::ladder::step::Step;
use crate::collect::letter::request::Charges;
use crate::collect::owed::Item;
use crate::collect::stage::{Decision, Stage, Stages};
use crate::statute::reference::ReferenceRates;

/// What is claimed of each account, or why nothing is.
pub(super) type Claimed = BTreeMap<(u32, Currency), Result<Charges>>;

/// Works out what the letters of the stages claim.
pub(super) fn claimed(
    view: &LedgerView,
    items: &[Item],
    stages: &Stages,
    policies: &Policies,
    (law, rates): (&Law, &ReferenceRates),
) -> Result<Claimed> {
    let mut all = Claimed::new();
    if !law.is_named() {
        return Ok(all);
    }
    let claiming = stages.rows.iter().filter_map(|stage| Some((stage, step(stage)?)));
    let mut debts: Vec<(u32, Debt)> = Vec::new();
    let mut accounts: Vec<(&Stage, &Step, Vec<usize>)> = Vec::new();
    for (stage, step) in claiming {
        let own = stage.items.iter().filter_map(|at| items.get(*at));
        let from = debts.len();
        debts.extend(own.map(|item| (item.invoice, debt(view, item.invoice))));
        // Items stand by their due day.
        accounts.push((stage, step, (from..debts.len()).collect()));
    }
    charge(view, &mut debts, policies)?;
    for (stage, step, own) in accounts {
        // What this letter costs.
        charge_letter(&mut debts, &own, (step, view.as_of().0), |_| true);
        let claims = claims(view, own.iter().filter_map(|at| debts.get(*at)), (law, rates));
        let too_large = || Error::new(Code::AmountTooLarge).detail("the sum of a claim is beyond any amount");
        let charges = claims.and_then(|claims| Charges::of(&claims, stage.balance).ok_or_else(too_large));
        all.insert((stage.customer, stage.currency), charges);
    }
    Ok(all)
}

/// The step with a claim whose letter an account is to get.
fn step<'a>(stage: &Stage<'a>) -> Option<&'a Step> {
    match stage.decision {
        Decision::Due(step, Some(_)) if step.claim => Some(step),
        _ => None,
    }
}

fn claims<'a>(
    view: &LedgerView,
    debts: impl Iterator<Item = &'a (u32, Debt)>,
    (law, rates): (&Law, &ReferenceRates),
) -> Result<Vec<Claim>> {
    let claim = |(at, debt): &(u32, Debt)| {
        let customer = &view.customers()[view.invoice(*at).customer as usize];
        Claim::new(debt, &law.basis(customer, rates)?, view.as_of())
    };
    debts.map(claim).collect()
}
