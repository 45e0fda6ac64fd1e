//! The sums that key figures are made of, each strictly as known on its day: what was open when the period began is open in the
//! view of that day, whatever was paid since.

use std::collections::{BTreeMap, BTreeSet};

use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::base::error::Result;
use crate::base::money::Currency;
use crate::collect::suppress::Disputes;
use crate::ledger::{Invoice, Ledger, Settlement};

use super::figure::Period;
use super::{before, roll};
use crate::report::ageing::{Basis, Buckets, Scheme};

/// Buckets of a position: what is not due, five of 30 days, and what is older.
const POSITION: usize = roll::ROLLING.len() + 1;

/// The sums of one currency, in minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Invoiced, and known, within the period: gross, credit notes not taken off.
    pub sales: i128,
    /// Open when the period began.
    pub beginning: i128,
    /// Open at its end.
    pub ending: i128,
    /// Of it, not past due.
    pub current: i128,
    /// Of it, in dispute.
    pub disputed: i128,
    /// Cash on no invoice at its end.
    pub unapplied_cash: i128,
    /// Credit notes on no invoice at its end.
    pub unapplied_credit: i128,
    /// Of what was settled within the period, what was given up; `None` where the ledger does not say.
    pub written_off: Option<i128>,
    /// Known within the period to settle invoices, less what came back.
    pub collected: i128,
    /// Of what was settled within the period, what did not come back within it.
    pub settled: i128,
    /// The same, each part times the days from the due day to its payment.
    pub beyond_terms: i128,
    /// The same, each part times the days from issue to its payment.
    pub since_issue: i128,
    /// Calendar months from the first of the ledger to that of the last day, with their sales.
    pub months: Vec<Month>,
    /// Balances by bucket of 30 days: at the end, and every 30 days before.
    pub positions: Vec<[i128; POSITION]>,
    /// Accounts with anything past due when the period began.
    pub past_due_accounts: i64,
    /// Of them, those with nothing past due at its end.
    pub cured_accounts: i64,
}

/// One calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub start: Day,
    /// Its days, up to the last day of the period.
    pub days: i32,
    /// Invoiced in it.
    pub sales: i128,
    /// Of that, still open.
    pub open: i128,
    /// What is still open, each balance times the days since issue.
    pub aged: i128,
}

/// The sums of a period.
#[derive(Debug)]
pub struct Books {
    /// First and last day.
    pub period: Period,
    /// First day of the ledger, if it is later than that of the period.
    pub begins: Option<Day>,
    /// By currency.
    pub tallies: BTreeMap<Currency, Tally>,
}

/// Sums up the `days` that end with the view's day.
pub fn collect(ledger: &Ledger, view: &LedgerView, days: i32) -> Result<Books> {
    let to = view.as_of().0;
    let start = before(to, days);
    let first = view.invoices().map(|(_, invoice)| invoice.stamp.known).min().unwrap_or(to);
    let (disputes, calendar) = (Disputes::collect(view), Calendar::new(first, to));
    let mut book = Book { view, disputes, start, calendar, tallies: BTreeMap::new() };
    for (at, invoice) in view.invoices() {
        book.take(at, invoice);
    }
    for ((_, currency), amount) in view.unapplied() {
        book.tally(currency).unapplied_cash += i128::from(amount);
    }
    for (currency, amount) in view.unapplied_credit() {
        let tally = book.tally(currency);
        tally.unapplied_cash -= amount;
        tally.unapplied_credit += amount;
    }
    if let Some(parts) = view.written_off() {
        book.tallies.values_mut().for_each(|tally| tally.written_off = Some(0));
        for part in parts.filter(|part| part.stamp.known > start) {
            let tally = book.tally(view.invoice(part.invoice).currency);
            tally.written_off = tally.written_off.map(|sum| sum + i128::from(part.amount));
        }
    }
    // Where nothing was known yet, nothing was open.
    if start >= first {
        book.begin(&LedgerView::new(ledger, AsOf(start))?);
    }
    for step in 0..=(days / roll::STEP_DAYS).max(1) {
        let day = before(to, step * roll::STEP_DAYS);
        if day >= first {
            book.position(&LedgerView::new(ledger, AsOf(day))?);
        }
    }
    let period = Period { from: start.plus(1), to };
    Ok(Books { period, begins: Some(first).filter(|first| *first > period.from), tallies: book.tallies })
}

/// Sums in the making.
struct Book<'a, 'b> {
    view: &'b LedgerView<'a>,
    disputes: Disputes,
    /// Last day before the period.
    start: Day,
    calendar: Calendar,
    tallies: BTreeMap<Currency, Tally>,
}

impl Book<'_, '_> {
    fn tally(&mut self, currency: Currency) -> &mut Tally {
        let months = &self.calendar.months;
        self.tallies.entry(currency).or_insert_with(|| Tally { months: months.clone(), ..Tally::default() })
    }

    /// One invoice as it stands at the end.
    fn take(&mut self, at: u32, invoice: &Invoice) {
        let (view, start, to) = (self.view, self.start, self.view.as_of().0);
        let month = self.calendar.month(invoice.stamp.known);
        let open = i128::from(view.balance(at).max(0));
        let disputed = open > 0 && self.disputes.hold(view, at);
        let settlements = view.settlements_of(at);
        let recent = &settlements[settlements.partition_point(|one| one.stamp.known <= start)..];
        let tally = self.tally(invoice.currency);
        let amount = i128::from(invoice.amount);
        if invoice.stamp.known > start {
            tally.sales += amount;
        }
        tally.ending += open;
        tally.current += if invoice.due >= to { open } else { 0 };
        tally.disputed += if disputed { open } else { 0 };
        if let Some(month) = tally.months.get_mut(month) {
            month.sales += amount;
            month.open += open;
            month.aged += open * i128::from(to.0 - invoice.stamp.happened.0);
        }
        tally.collected += recent.iter().map(|one| i128::from(one.amount)).sum::<i128>();
        for (day, part) in lasting(recent) {
            tally.settled += part;
            tally.beyond_terms += part * i128::from(day.0 - invoice.due.0);
            tally.since_issue += part * i128::from(day.0 - invoice.stamp.happened.0);
        }
    }

    /// What was open when the period began, and which accounts were past due then.
    fn begin(&mut self, then: &LedgerView) {
        let now = past_due(self.view);
        for item in then.open_items() {
            let currency = then.invoice(item.invoice).currency;
            self.tally(currency).beginning += i128::from(item.balance);
        }
        for (currency, account) in past_due(then) {
            let cured = !now.contains(&(currency, account));
            let tally = self.tally(currency);
            tally.past_due_accounts += 1;
            tally.cured_accounts += i64::from(cured);
        }
    }

    /// Adds the balances by bucket of a view.
    fn position(&mut self, then: &LedgerView) {
        let rolling =
            Scheme { basis: Basis::Due, buckets: Buckets::of_30_days(POSITION as i32 - 2), by: None };
        let mut sums: BTreeMap<Currency, [i128; POSITION]> =
            self.tallies.keys().map(|currency| (*currency, [0; POSITION])).collect();
        for item in then.open_items() {
            let invoice = then.invoice(item.invoice);
            let bucket = rolling.bucket(invoice, then.as_of());
            if let Some(sum) = sums.entry(invoice.currency).or_default().get_mut(bucket) {
                *sum += i128::from(item.balance);
            }
        }
        for (currency, position) in sums {
            self.tally(currency).positions.push(position);
        }
    }
}

/// What was settled on each day and did not come back; a part of an earlier time that came back is nothing settled now.
fn lasting(settlements: &[Settlement]) -> impl Iterator<Item = (Day, i128)> + use<> {
    let mut days: BTreeMap<Day, i128> = BTreeMap::new();
    for one in settlements {
        *days.entry(one.stamp.happened).or_default() += i128::from(one.amount);
    }
    days.into_iter().filter(|(_, sum)| *sum > 0)
}

/// Accounts with anything past due, by currency.
fn past_due(view: &LedgerView) -> BTreeSet<(Currency, u32)> {
    let invoices = view.open_items().into_iter().map(|item| view.invoice(item.invoice));
    let late = invoices.filter(|invoice| invoice.due < view.as_of().0);
    late.map(|invoice| (invoice.currency, invoice.account)).collect()
}

/// The calendar months of a ledger.
struct Calendar {
    /// First day of each, ascending.
    starts: Vec<Day>,
    /// The same with their days, their sums still nothing.
    months: Vec<Month>,
}

impl Calendar {
    fn new(first: Day, last: Day) -> Self {
        let mut starts = Vec::new();
        let mut months = Vec::new();
        let mut start = first.month_start();
        while start <= last {
            let next = start.next_month_start();
            starts.push(start);
            let days = next.0.min(last.0 + 1) - start.0;
            months.push(Month { start, days, sales: 0, open: 0, aged: 0 });
            // The last month that can be counted has no next.
            if next <= start {
                break;
            }
            start = next;
        }
        Self { starts, months }
    }

    fn month(&self, day: Day) -> usize {
        self.starts.partition_point(|start| *start <= day).saturating_sub(1)
    }
}

impl Tally {
    /// Every sum of money in it.
    fn money(&mut self) -> impl Iterator<Item = &mut i128> {
        let sums = [
            &mut self.sales,
            &mut self.beginning,
            &mut self.ending,
            &mut self.current,
            &mut self.disputed,
            &mut self.unapplied_cash,
            &mut self.unapplied_credit,
            &mut self.collected,
            &mut self.settled,
            &mut self.beyond_terms,
            &mut self.since_issue,
        ];
        let months = self.months.iter_mut();
        let months = months.flat_map(|month| [&mut month.sales, &mut month.open, &mut month.aged]);
        let rest = months.chain(self.written_off.iter_mut());
        sums.into_iter().chain(rest).chain(self.positions.iter_mut().flatten())
    }

    /// The same in another currency; `None` where a sum cannot be converted.
    pub fn converted(&self, convert: impl Fn(i128) -> Option<i128>) -> Option<Self> {
        let mut other = self.clone();
        for sum in other.money() {
            *sum = convert(*sum)?;
        }
        Some(other)
    }

    /// Adds the sums of the same period in the same currency.
    pub fn add(&mut self, other: &Self) {
        let mut other = other.clone();
        for (sum, part) in self.money().zip(other.money()) {
            *sum += *part;
        }
        self.past_due_accounts += other.past_due_accounts;
        self.cured_accounts += other.cured_accounts;
    }
}
