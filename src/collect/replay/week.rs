//! One Monday of a replay: what could have been called about, by facts known when Sunday ended.

use std::collections::BTreeMap;

use crate::asof::history::History;
use crate::asof::label;
use crate::asof::prior::Prior;
use crate::asof::timing::Timing;
use crate::asof::view::LedgerView;
use crate::base::error::Result;
use crate::base::money::Currency;
use crate::collect::worklist;
use crate::model::artefact::Artefact;
use crate::model::score::{Detail, Scoring};

use super::rules::Candidate;
use crate::collect::ladder::Policies;
use crate::collect::priority::order::ahead;
use crate::collect::stage::Stages;
use crate::collect::{outcome, owed};

/// Items due later than so many days after the contact are not called about.
pub const DUE_WITHIN_DAYS: i32 = 14;

/// An item of an account: a customer in one currency.
pub type Item = ((u32, Currency), Candidate);

/// Everything that may be called about: the callable items of the accounts on the call list, in the ledger's order, due
/// within [`DUE_WITHIN_DAYS`] or past due; with what became of them by what was known at the end.
pub fn items(
    view: &LedgerView,
    end: &LedgerView,
    artefact: &Artefact,
    policies: &Policies,
) -> Result<Vec<Item>> {
    let history = History::new(view, artefact.grace_days).map_err(crate::model::train::internal)?;
    let timing = Timing::new(view);
    let scoring = Scoring { view, history: &history, timing: &timing, artefact };
    let scores = scoring.all(Detail::Figures)?;
    let open: Vec<owed::Item> = scores.iter().map(owed::Item::of).collect();
    let stages = Stages::new(view, &open, policies);
    let list = worklist::rank(view, &scores, &stages)?;
    let ratios = ratios(view);
    let last_due = view.as_of().0.plus(1 + DUE_WITHIN_DAYS);
    let mut items: BTreeMap<usize, Item> = BTreeMap::new();
    for account in list.calls.iter().map(|call| &call.account) {
        let callable = account.scores.iter().filter(|at| !list.holds.contains_key(at));
        // What unapplied money will settle is not asked for.
        let free = (account.open - account.held - account.unapplied.max(0)) as f64;
        let free = free / (account.open - account.held) as f64;
        for &at in callable.filter(|&&at| view.invoice(scores[at].item.invoice).due <= last_due) {
            let score = &scores[at];
            let candidate = Candidate {
                value: policies.assumptions().value(&ahead(score, free, account.currency)),
                days_past_due: score.days_past_due,
                balance: score.item.balance,
                late: score.late,
                at_risk: score.item.balance as f64 * score.late,
                ratio_amount: score.item.balance as f64 * ratios.of(account.customer),
                outcome: outcome::late(end, score.item, view.as_of()),
            };
            items.insert(at, ((account.customer, account.currency), candidate));
        }
    }
    Ok(items.into_values().collect())
}

/// Each customer's past share late, drawn towards the portfolio's as if two more invoices were known.
struct Ratios {
    by_customer: BTreeMap<u32, f64>,
    portfolio: f64,
}

/// Learns them from what a view shows.
fn ratios(view: &LedgerView) -> Ratios {
    let mut counts: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (at, invoice) in view.invoices().filter(|(_, invoice)| invoice.amount > 0) {
        if let Some(label) = label::late(view, at, 0) {
            let (late, all) = counts.entry(invoice.customer).or_default();
            *late += f64::from(u8::from(label.late));
            *all += 1.0;
        }
    }
    let sums = counts.values().fold((0.0, 0.0), |sums, counts| (sums.0 + counts.0, sums.1 + counts.1));
    let portfolio = Prior::late_ratio(sums.0, sums.1);
    let drawn = |(late, all): (f64, f64)| (late + 2.0 * portfolio) / (all + 2.0);
    let by_customer = counts.into_iter().map(|(customer, counts)| (customer, drawn(counts))).collect();
    Ratios { by_customer, portfolio }
}

impl Ratios {
    fn of(&self, customer: u32) -> f64 {
        self.by_customer.get(&customer).copied().unwrap_or(self.portfolio)
    }
}
