//! Promises to pay, and those that were broken: what was promised had not come by its day, or what had come came back.

use std::collections::BTreeMap;

use super::log::key;
use super::view::{LedgerView, Promise};
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::life;

/// Keys of the promises made, and of those broken: on the day after it was due, or the later one on which it showed that it
/// was not kept.
pub(super) fn promises(view: &LedgerView) -> (Vec<i64>, Vec<i64>) {
    let receipts = Receipts::collect(view);
    let (mut made, mut broken) = (Vec::new(), Vec::new());
    for promise in view.promises() {
        made.push(key(promise.customer, promise.made));
        if promise.by < view.as_of().0
            && let Some(day) = broken_from(view, &receipts, &promise)
        {
            broken.push(key(promise.customer, day));
        }
    }
    (made, broken)
}

/// The day from which a promise that has come due is a broken one.
fn broken_from(view: &LedgerView, receipts: &Receipts, promise: &Promise) -> Option<Day> {
    let until = promise.by.max(promise.made);
    let whole = promise.invoice.map(|document| settled_until(view, document, until));
    if promise.amount.is_none()
        && let Some(whole) = whole
    {
        return whole;
    }
    let came = match promise.amount {
        Some((amount, currency)) => {
            receipts.enough(promise.customer, currency, (promise.made, until), amount)
        }
        // Without an amount, anything that came is a sign of good will.
        None => receipts.any(promise.customer, (promise.made, until)),
    };
    // Either way of keeping it will do: it is broken when neither is left.
    match whole {
        Some(whole) => Some(whole?.max(came?)),
        None => came,
    }
}

/// The day from which a document that was to be settled by a day was not, if there is one.
fn settled_until(view: &LedgerView, document: u32, by: Day) -> Option<Day> {
    let until = |claim: u32| {
        let mut lapsed = Some(by.plus(1));
        view.each_settled(claim, |time| {
            if time.stamp.known <= by && time.until.is_none_or(|until| until > by) {
                lapsed = time.until;
            }
        });
        lapsed
    };
    view.claims_of(document).filter_map(until).min()
}

/// What customers paid, for promises that are not about one whole invoice.
#[derive(Default)]
struct Receipts {
    accounts: BTreeMap<(u32, Currency), Account>,
}

/// What came on an account.
#[derive(Default)]
struct Account {
    /// Days known, ascending, and the sums of all amounts before each; one sum more than days.
    days: Vec<Day>,
    sums: Vec<i64>,
    /// What did not last: the day from which it no longer counted, the day known, and the amount.
    lapsed: Vec<(Day, Day, i64)>,
}

impl Receipts {
    fn collect(view: &LedgerView) -> Self {
        let mut rows: BTreeMap<(u32, Currency), Vec<life::Part>> = BTreeMap::new();
        for (at, invoice) in view.invoices() {
            let parts = life::parts(view.settlements_of(at));
            rows.entry((invoice.customer, invoice.currency)).or_default().extend(parts);
        }
        Self { accounts: rows.into_iter().map(|(key, parts)| (key, Account::new(parts))).collect() }
    }

    /// The day from which what came after the first day and by the second was less than an amount.
    fn enough(&self, customer: u32, currency: Currency, (from, to): (Day, Day), amount: i64) -> Option<Day> {
        match self.accounts.get(&(customer, currency)) {
            Some(account) => account.less_than(from, to, amount),
            None => (amount > 0).then(|| to.plus(1)),
        }
    }

    /// The day from which nothing had come after the first day and by the second.
    fn any(&self, customer: u32, (from, to): (Day, Day)) -> Option<Day> {
        let first = (customer, Currency::new([0; 3], 0));
        let accounts = self.accounts.range(first..).take_while(|((owner, _), _)| *owner == customer);
        let mut nothing = to.plus(1);
        for (_, account) in accounts {
            nothing = nothing.max(account.less_than(from, to, 1)?);
        }
        Some(nothing)
    }
}

impl Account {
    fn new(mut parts: Vec<life::Part>) -> Self {
        parts.sort_unstable_by_key(|part| part.known);
        let mut sum = 0_i64;
        let sums = std::iter::once(0).chain(parts.iter().map(|part| {
            sum = sum.wrapping_add(part.amount);
            sum
        }));
        let sums = sums.collect();
        let lapsed = parts.iter().filter_map(|part| Some((part.until?, part.known, part.amount)));
        let mut lapsed: Vec<_> = lapsed.collect();
        lapsed.sort_unstable();
        Self { days: parts.iter().map(|part| part.known).collect(), sums, lapsed }
    }

    /// The first day after `to` on which what had been paid after `from` and by `to` was known to be less than an amount.
    fn less_than(&self, from: Day, to: Day, amount: i64) -> Option<Day> {
        let until = |day: Day| self.sums[self.days.partition_point(|known| *known <= day)];
        let mut sum = until(to).wrapping_sub(until(from));
        let within = |(_, known, _): &&(Day, Day, i64)| from < *known && *known <= to;
        for (day, _, back) in self.lapsed.iter().filter(within) {
            if *day > to && sum < amount {
                break;
            }
            sum = sum.wrapping_sub(*back);
            // What came back later than it was due is seen on the day it did.
            if *day > to && sum < amount {
                return Some(*day);
            }
        }
        (sum < amount).then(|| to.plus(1))
    }
}
