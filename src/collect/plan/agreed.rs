//! Payment plans that a ledger says were agreed, and how they fare, for the ladder and for `plan` alike; and what a customer paid, for
//! what it can afford.

use std::collections::BTreeMap;

use super::track::{Progress, Share, Standing, State, Tracked, track};
use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::collect::claim::Payment;
use crate::collect::ladder::Policies;
use crate::ledger::Invoice;

/// A plan in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed<'a> {
    /// Position of the customer in the ledger.
    pub customer: u32,
    /// Number of the plan.
    pub plan: &'a str,
    /// Currency of every amount.
    pub currency: Currency,
    /// Day on which it was agreed.
    pub agreed: Day,
    /// How it fares.
    pub tracked: Tracked,
}

/// The plan in force of each account that has one, by customer and currency.
pub type Plans<'a> = BTreeMap<(u32, Currency), Agreed<'a>>;

/// The instalments of each plan, by the day on which it was agreed and its number.
type Shares<'a> = BTreeMap<(Day, &'a str), Vec<Share>>;

impl Agreed<'_> {
    /// Whether it keeps what it is about from being chased: nothing past the tolerance is missing, and parts are still to come.
    pub fn holds(&self) -> bool {
        matches!(self.tracked.standing, Standing::OnSchedule | Standing::Behind)
    }

    /// What is missing, in words, where it is broken.
    pub fn broken(&self) -> Option<String> {
        let missed = |one: &&Progress| one.state == State::Broken;
        let last = self.tracked.progress.iter().filter(missed).map(|one| one.share.day).max()?;
        let expected = self.tracked.progress.iter().filter(|one| one.share.day <= last);
        let (came, due) = expected.fold((0_i128, 0_i128), |(came, due), one| {
            (came + i128::from(one.paid), due + i128::from(one.share.amount))
        });
        let (came, due) = (self.currency.display(came), self.currency.display(due));
        Some(format!("plan {} is broken: {came} of {due} due by {last} came", self.plan))
    }
}

/// The plans in force as of the view's day: of several of an account, the one agreed last. What was paid since then on invoices that
/// were there already counts, and so does money on no invoice that came since, each on the day it came. How long a part may be on its way
/// is the dunning policy's word.
pub fn plans<'a>(view: &LedgerView<'a>, policies: &Policies) -> Plans<'a> {
    let mut all: BTreeMap<(u32, Currency), Shares<'a>> = BTreeMap::new();
    for part in view.plan_parts() {
        let plans = all.entry((part.customer, part.currency)).or_default();
        let share = Share { day: part.due, amount: part.amount };
        plans.entry((part.agreed, part.plan.as_str())).or_default().push(share);
    }
    if all.is_empty() {
        return Plans::new();
    }
    let latest = |plans: &Shares| plans.last_key_value().map(|((agreed, _), _)| *agreed);
    let since = all.iter().filter_map(|(key, plans)| Some((*key, latest(plans)?))).collect();
    let mut paid = paid_since(view, &since);
    let plan = |((customer, currency), mut plans): ((u32, Currency), Shares<'a>)| {
        let ((agreed, plan), mut shares) = plans.pop_last()?;
        shares.sort_unstable();
        let payments = paid.remove(&(customer, currency)).unwrap_or_default();
        let owner = view.customers().get(customer as usize);
        let tolerance_days = owner.map_or(0, |owner| policies.of(owner).settings.plan_tolerance_days);
        let tracked = track(&shares, &payments, view.as_of(), tolerance_days);
        Some(((customer, currency), Agreed { customer, plan, currency, agreed, tracked }))
    };
    all.into_iter().filter_map(plan).collect()
}

/// What was paid, from the day of each plan on, on invoices that were known by then, and what came since and is on no invoice. What was
/// on account before is no payment of a plan: it was there to be taken off when the plan was made.
fn paid_since(
    view: &LedgerView,
    plans: &BTreeMap<(u32, Currency), Day>,
) -> BTreeMap<(u32, Currency), Vec<Payment>> {
    let mut paid: BTreeMap<(u32, Currency), Vec<Payment>> = BTreeMap::new();
    for (at, invoice) in view.invoices() {
        let key = (invoice.customer, invoice.currency);
        let Some(agreed) = plans.get(&key).filter(|agreed| invoice.stamp.known <= **agreed) else {
            continue;
        };
        let since = view.settlements_of(at).iter().filter(|one| one.stamp.happened >= *agreed);
        let payments = since.map(|one| Payment { day: one.stamp.happened, amount: one.amount });
        paid.entry(key).or_default().extend(payments);
    }
    for (key, days) in view.unapplied_by_day() {
        let Some(agreed) = plans.get(&key) else { continue };
        let since = days.range(*agreed..).map(|(day, amount)| Payment { day: *day, amount: *amount });
        paid.entry(key).or_default().extend(since);
    }
    paid
}

/// What a customer paid on its invoices in a currency, and the day from which it was one.
pub fn history(view: &LedgerView, customer: u32, currency: Currency) -> (Vec<Payment>, Option<Day>) {
    let mut payments = Vec::new();
    let mut first: Option<Day> = None;
    let of_it = |invoice: &Invoice| (invoice.customer, invoice.currency) == (customer, currency);
    for (at, invoice) in view.invoices().filter(|(_, invoice)| of_it(invoice)) {
        first = Some(first.map_or(invoice.stamp.known, |first| first.min(invoice.stamp.known)));
        let settlements = view.settlements_of(at).iter();
        payments.extend(settlements.map(|one| Payment { day: one.stamp.happened, amount: one.amount }));
    }
    (payments, first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::AsOf;
    use crate::ledger::{CashMove, Customer, Ledger, PlanPart, Settlement, Stamp};

    const EUR: Currency = Currency::new(*b"EUR", 2);

    /// One customer with an invoice of 300 known on day 1 and one of 500 known on day 55.
    fn ledger(settled: &[(u32, i32, i64)], plans: &[(&str, i32, i32, i64)]) -> Ledger {
        let invoice = |at: u32, day: i32, amount: i64| Invoice {
            id: at.to_string(),
            customer: 0,
            account: 0,
            document: at,
            stamp: Stamp::on(Day(day)),
            due: Day(day + 10),
            amount,
            currency: EUR,
            discount: None,
            disputed: None,
            dispute_resolved: None,
        };
        let mut ledger = Ledger { settlement_starts: vec![0], ..Ledger::default() };
        ledger.customers.push(Customer { id: "C".into(), ..Customer::default() });
        ledger.invoices = vec![invoice(0, 1, 300), invoice(1, 55, 500)];
        for at in 0..2 {
            let of_it = settled.iter().filter(|(invoice, ..)| *invoice == at);
            let settlement = |(invoice, day, amount): &(u32, i32, i64)| Settlement {
                invoice: *invoice,
                stamp: Stamp::on(Day(*day)),
                amount: *amount,
            };
            ledger.settlements.extend(of_it.map(settlement));
            ledger.settlement_starts.push(ledger.settlements.len() as u32);
        }
        let part = |(plan, agreed, due, amount): &(&str, i32, i32, i64)| PlanPart {
            customer: 0,
            plan: (*plan).into(),
            due: Day(*due),
            number: due.to_string(),
            amount: *amount,
            currency: EUR,
            agreed: Day(*agreed),
        };
        ledger.plans = plans.iter().map(part).collect();
        ledger
    }

    fn seen(ledger: &Ledger, as_of: i32) -> Vec<(String, Standing, Vec<State>)> {
        let view = LedgerView::new(ledger, AsOf(Day(as_of))).unwrap();
        let states = |tracked: &Tracked| tracked.progress.iter().map(|one| one.state).collect();
        let row = |one: &Agreed| (one.plan.to_owned(), one.tracked.standing, states(&one.tracked));
        plans(&view, &Policies::read(&[]).unwrap()).values().map(row).collect()
    }

    const PLAN: [(&str, i32, i32, i64); 3] = [("P", 50, 60, 100), ("P", 50, 70, 100), ("P", 50, 80, 100)];

    #[test]
    fn what_is_paid_on_invoices_of_the_time_counts_towards_the_plan() {
        use State::{Broken, Kept, Upcoming};
        // 20 before it was agreed and 500 on the later invoice do not count; 100 on day 60 do.
        let paid = ledger(&[(0, 49, 20), (0, 60, 100), (1, 60, 500)], &PLAN);
        assert_eq!(seen(&paid, 65), [("P".into(), Standing::OnSchedule, vec![Kept, Upcoming, Upcoming])]);
        // The shipped policy's five days of tolerance after day 70 end with day 75.
        assert_eq!(seen(&paid, 75)[0].1, Standing::Behind);
        assert_eq!(seen(&paid, 76), [("P".into(), Standing::Broken, vec![Kept, Broken, Upcoming])]);
        // Not agreed yet.
        assert_eq!(seen(&paid, 49), []);
    }

    #[test]
    fn money_on_no_invoice_counts_too() {
        let mut paid = ledger(&[], &PLAN);
        let stamp = Stamp::on(Day(59));
        paid.cash.push(CashMove { customer: Some(0), stamp, currency: EUR, amount: 100, is_credit: false });
        assert_eq!(seen(&paid, 60)[0].1, Standing::OnSchedule);
        assert_eq!(seen(&paid, 60)[0].2[0], State::Kept);
    }

    #[test]
    fn money_on_no_invoice_counts_from_the_day_it_came() {
        use State::{Broken, Kept, Upcoming};
        let mut paid = ledger(&[], &PLAN);
        let moved = |known: i32, happened: i32, amount: i64| CashMove {
            customer: Some(0),
            stamp: Stamp { known: Day(known), happened: Day(happened) },
            currency: EUR,
            amount,
            is_credit: false,
        };
        // 100 of day 64 cover the part of day 60 within its five days, whenever one looks.
        paid.cash.push(moved(64, 64, 100));
        assert_eq!(seen(&paid, 75)[0].2, [Kept, State::Due, Upcoming]);
        // Half of it went back on day 66: what is left of day 64 is not enough.
        paid.cash.push(moved(66, 64, -50));
        assert_eq!(seen(&paid, 65)[0].2[0], Kept);
        assert_eq!(seen(&paid, 66)[0].2[0], Broken);
        // What was on account before the plan was agreed is no payment of it.
        let mut before = ledger(&[], &PLAN);
        before.cash.push(moved(49, 49, 300));
        assert_eq!(seen(&before, 66)[0].2, [Broken, Upcoming, Upcoming]);
    }

    #[test]
    fn the_plan_agreed_last_is_the_one_in_force() {
        let paid = ledger(&[], &[("P", 50, 60, 100), ("Q", 64, 90, 100)]);
        assert_eq!(seen(&paid, 70), [("Q".into(), Standing::OnSchedule, vec![State::Upcoming])]);
        assert_eq!(seen(&paid, 63)[0].0, "P");
    }

    #[test]
    fn history_is_that_of_the_customer_in_the_currency() {
        let paid = ledger(&[(0, 49, 20), (1, 60, 500)], &[]);
        let view = LedgerView::new(&paid, AsOf(Day(59))).unwrap();
        assert_eq!(history(&view, 0, EUR), (vec![Payment { day: Day(49), amount: 20 }], Some(Day(1))));
        assert_eq!(history(&view, 1, EUR), (Vec::new(), None));
    }
}
