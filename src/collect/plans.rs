//! Agreed payment plans: whether what was to come by now has come. The latest plan of an account counts; money clears its
//! oldest part first.

use std::collections::BTreeMap;

use super::ladder::Policies;
use super::owed::{Facts, Receipts};
use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::PlanPart;

/// Where a plan stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its number.
    pub plan: String,
    /// Day on which it was agreed. What was known by then is in it.
    pub agreed: Day,
    /// All its parts, in minor units.
    pub total: i64,
    /// Those that were to come by now, tolerance passed.
    pub expected: i64,
    /// Day of the last of them.
    pub expected_by: Option<Day>,
    /// What came since it was agreed.
    pub came: i64,
}

impl Standing {
    /// Whether parts are still to come, and none is missing.
    pub fn is_on_schedule(&self) -> bool {
        self.came >= self.expected && self.came < self.total
    }

    /// What is missing, in words, where anything is.
    pub fn behind(&self, currency: Currency) -> Option<String> {
        let expected_by = self.expected_by.filter(|_| self.came < self.expected)?;
        let money = |minor: i64| currency.display(i128::from(minor));
        let (came, expected) = (money(self.came), money(self.expected));
        Some(format!("plan {} is behind: {came} of {expected} due by {expected_by} came", self.plan))
    }
}

/// The latest plan of each account that has one.
pub fn standings(
    view: &LedgerView,
    facts: &Facts,
    policies: &Policies,
) -> BTreeMap<(u32, Currency), Standing> {
    let mut latest: BTreeMap<(u32, Currency), (Day, &str)> = BTreeMap::new();
    for part in facts.parts() {
        let own = (part.agreed, part.plan.as_str());
        let known = latest.entry((part.customer, part.currency)).or_insert(own);
        *known = own.max(*known);
    }
    let receipts = Receipts::collect(view, latest.keys().map(|(customer, _)| *customer));
    let unapplied = view.unapplied();
    let mut standings = BTreeMap::new();
    for part in facts.parts() {
        let account = (part.customer, part.currency);
        let Some((agreed, plan)) = latest.get(&account).filter(|(_, plan)| *plan == part.plan) else {
            continue;
        };
        let (agreed, plan) = (*agreed, *plan);
        let standing = standings.entry(account).or_insert_with(|| {
            let in_it = |document: u32| view.invoice(document).stamp.known <= agreed;
            let on_invoices = receipts.between(account, (agreed, view.as_of().0), in_it);
            // Money on no invoice may be a part of it that nobody has booked yet.
            let on_account = unapplied.get(&(Some(account.0), account.1)).copied().unwrap_or(0).max(0);
            let came = on_invoices.saturating_add(on_account);
            Standing { plan: plan.to_owned(), agreed, total: 0, expected: 0, expected_by: None, came }
        });
        let customer = view.customers().get(part.customer as usize);
        let tolerance = customer.map_or(0, |customer| policies.of(customer).settings.plan_tolerance_days);
        standing.add(part, part.due.plus(tolerance) < view.as_of().0);
    }
    standings
}

impl Standing {
    fn add(&mut self, part: &PlanPart, is_expected: bool) {
        self.total = self.total.saturating_add(part.amount);
        if is_expected {
            self.expected = self.expected.saturating_add(part.amount);
            self.expected_by = self.expected_by.max(Some(part.due));
        }
    }
}
