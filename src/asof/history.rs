//! The facts of a view as logs, one per kind of event, each sorted by account (a customer in one currency, so that
//! money is never summed across currencies) and day known. Promises are a customer's, in whatever currency.

use hashbrown::HashMap;
use polars::prelude::PolarsResult;

use super::alike::Ripe;
use super::log::{Log, key};
use super::paid::{Paid, Periods};
use super::promises::promises;
use super::view::LedgerView;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::ledger::party::name::root;
use crate::ledger::{Invoice, Settlement};

/// What happened, ready for questions.
#[derive(Debug)]
pub struct History {
    /// Days after the due day from which a payment counts as late.
    pub grace_days: i32,
    /// Invoices issued: `amount`.
    pub issued: Log,
    /// Invoices that could have been late, by account.
    pub ripe: Ripe,
    /// The same by name root and currency.
    pub ripe_by_root: Ripe,
    /// Group of name root and currency, by account.
    roots: Vec<u32>,
    /// Invoices settled in full.
    pub paid: Paid,
    /// The same by customer and weekday of the due day (plus), less those whose money came back (minus): `count`, `delay`,
    /// `late`.
    pub paid_by_due_weekday: Log,
    /// What comes to be open (plus) and ceases to be (minus): `count`, `amount`.
    pub open: Log,
    /// What comes to be past due (plus) and ceases to be (minus): `count`, `amount`, `due` (day).
    pub overdue: Log,
    /// Disputes raised: no figures.
    pub disputes: Log,
    /// Promises made: no figures.
    pub promises: Log,
    /// Promises broken, on the day after they were due: no figures.
    pub promises_broken: Log,
}

/// Group of an account's invoices due on one weekday.
pub fn weekday_group(account: u32, due: Day) -> u32 {
    account * 7 + due.weekday() as u32
}

impl History {
    /// Group of an account's name root and currency.
    pub fn root_of(&self, account: u32) -> u32 {
        self.roots[account as usize]
    }

    /// Sorts what a view shows.
    pub fn new(view: &LedgerView, grace_days: i32) -> PolarsResult<Self> {
        let settled = Periods::collect(view, grace_days);
        let (open, overdue) = open_and_overdue(view);
        let issued: Vec<&Invoice> = view.invoices().map(|(_, invoice)| invoice).collect();
        // A dispute is about the whole document, whatever parts it is due in.
        let documents = view.invoices().filter(|(at, invoice)| invoice.document == *at);
        let disputes: Vec<i64> = documents
            .filter_map(|(_, invoice)| {
                let raised = invoice.disputed.filter(|day| *day <= view.as_of().0)?;
                Some(key(invoice.account, raised.max(invoice.stamp.known)))
            })
            .collect();
        let (promises, promises_broken) = promises(view);
        let roots = roots(view);
        Ok(Self {
            grace_days,
            ripe: Ripe::new(view, grace_days, |invoice| invoice.account),
            ripe_by_root: Ripe::new(view, grace_days, |invoice| roots[invoice.account as usize]),
            roots,
            issued: Log::new(
                &issued.iter().map(|invoice| key(invoice.account, invoice.stamp.known)).collect::<Vec<_>>(),
                vec![("amount", issued.iter().map(|invoice| invoice.amount).collect())],
            )?,
            paid: settled.paid()?,
            paid_by_due_weekday: settled.by_due_weekday()?,
            open: open.log(["count", "amount"])?,
            overdue: overdue.log(["count", "amount", "due"])?,
            disputes: Log::new(&disputes, Vec::new())?,
            promises: Log::new(&promises, Vec::new())?,
            promises_broken: Log::new(&promises_broken, Vec::new())?,
        })
    }
}

/// For each account, a group of all accounts whose customers' names have one root, in one currency. Names have no day: who a
/// customer is was known when its first invoice was.
fn roots(view: &LedgerView) -> Vec<u32> {
    let names: Vec<String> = view.customers().iter().map(|customer| root(&customer.name)).collect();
    let mut groups: HashMap<(&str, Currency), u32> = HashMap::new();
    let mut of_account: Vec<u32> = Vec::new();
    for (_, invoice) in view.invoices() {
        let name = names.get(invoice.customer as usize).map_or("", String::as_str);
        let next = groups.len() as u32;
        let group = *groups.entry((name, invoice.currency)).or_insert(next);
        let account = invoice.account as usize;
        of_account.resize(of_account.len().max(account + 1), group);
        of_account[account] = group;
    }
    of_account
}

/// Signed events under construction.
#[derive(Default)]
struct Moves<const N: usize> {
    keys: Vec<i64>,
    figures: Vec<[i64; N]>,
}

impl<const N: usize> Moves<N> {
    fn push(&mut self, account: u32, day: Day, figures: [i64; N]) {
        self.keys.push(key(account, day));
        self.figures.push(figures);
    }

    fn log(&self, names: [&'static str; N]) -> PolarsResult<Log> {
        let column = |at: usize| self.figures.iter().map(|figures| figures[at]).collect();
        Log::new(&self.keys, names.into_iter().enumerate().map(|(at, name)| (name, column(at))).collect())
    }
}

/// When each invoice's balance came to be open and past due, changed and ceased, and came back.
fn open_and_overdue(view: &LedgerView) -> (Moves<2>, Moves<3>) {
    let (mut open, mut overdue) = (Moves::default(), Moves::default());
    for (at, invoice) in view.invoices().filter(|(_, invoice)| invoice.amount > 0) {
        let account = invoice.account;
        let due = i64::from(invoice.due.0);
        let overdue_from = invoice.due.plus(1).max(invoice.stamp.known);
        open.push(account, invoice.stamp.known, [1, invoice.amount]);
        let mut balance = invoice.amount;
        let mut is_past_due = false;
        for Settlement { stamp, amount, .. } in view.settlements_of(at) {
            if stamp.known >= overdue_from && !is_past_due {
                is_past_due = true;
                if balance > 0 {
                    overdue.push(account, overdue_from, [1, balance, due]);
                }
            }
            let after = balance - amount;
            let count = i64::from(after > 0) - i64::from(balance > 0);
            open.push(account, stamp.known, [count, -amount]);
            if is_past_due {
                overdue.push(account, stamp.known, [count, -amount, count * due]);
            }
            balance = after;
        }
        if balance > 0 && !is_past_due && overdue_from <= view.as_of().0 {
            overdue.push(account, overdue_from, [1, balance, due]);
        }
    }
    (open, overdue)
}
