//! All bills in one order, with what is known of the company that each one keeps: how often its number, its amount and its
//! way of writing numbers occur. That tells a duplicate from a rent.

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use strsim::damerau_levenshtein;

use super::bill::Bill;
use super::credit;
use super::number::{self, Number};
use super::reference::Key;
use crate::base::money::Currency;
use crate::ledger::party::name;

/// A number's neighbours farther apart than this are of two series.
const STEP_MAX: u64 = 1_000_000;

/// Most suppliers that share a name or an account as one party does. What more of them share is a placeholder, a name that
/// was blacked out, or a bank that collects for them.
const SHARING_MAX: usize = 50;

/// Bills in order, and counts over them.
pub(super) struct Book<'a> {
    /// In order; what is credited is there too.
    pub(super) bills: Vec<Bill<'a>>,
    /// Position of each bill among those given.
    pub(super) given: Vec<usize>,
    pub(super) numbers: Vec<Number>,
    /// Whether a bill can be a duplicate or have one: it asks for money and was not taken back.
    pub(super) stands: Vec<bool>,
    /// Print of the supplier's bank account; zero if not known.
    pub(super) accounts: Vec<u64>,
    /// What the supplier's name comes down to, and its print, by name as written.
    roots: HashMap<&'a str, (String, u64)>,
    suppliers: HashMap<u32, Habits>,
    /// Suppliers that use a number.
    number_suppliers: HashMap<u64, u32>,
    /// Bills of a supplier that have a number, and how many different amounts they have.
    number_uses: HashMap<(u32, u64), (u32, u32)>,
    /// Bills of a supplier with an amount, and the days on which they were issued.
    amount_uses: HashMap<(u32, Currency, i64), (u32, u32)>,
    /// Bills of all suppliers with an amount.
    amount_bills: HashMap<(Currency, i64), u32>,
    shape_uses: HashMap<(u32, u64), u32>,
    /// Pairs of a supplier's bills whose numbers differ in the same way.
    difference_uses: HashMap<(u32, u64), u32>,
}

/// What a supplier usually does.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Habits {
    pub(super) bills: u32,
    /// Median distance of neighbouring numbers; NaN if they do not run.
    pub(super) step: f64,
    /// Share of its numbers that are one slip from the next: of a supplier that counts, a slip leads to another bill.
    pub(super) near: f64,
}

impl<'a> Book<'a> {
    pub(super) fn new(given: &[Bill<'a>]) -> Self {
        let mut order: Vec<usize> = (0..given.len()).collect();
        order.par_sort_by(|&left, &right| match (given.get(left), given.get(right)) {
            (Some(left), Some(right)) => left.order_key().cmp(&right.order_key()),
            _ => left.cmp(&right),
        });
        let bills: Vec<Bill> = order.iter().filter_map(|&at| given.get(at)).copied().collect();
        let numbers: Vec<Number> = bills.par_iter().map(|bill| Number::new(bill.number)).collect();
        let taken = credit::taken_back(&bills, &numbers);
        let stands =
            bills.iter().zip(taken).map(|(bill, taken)| !taken && !bill.is_credit() && bill.amount > 0);
        let mut book = Self {
            stands: stands.collect(),
            accounts: bills.par_iter().map(|bill| account_print(bill.account)).collect(),
            roots: HashMap::new(),
            suppliers: HashMap::new(),
            number_suppliers: HashMap::new(),
            number_uses: HashMap::new(),
            amount_uses: HashMap::new(),
            amount_bills: HashMap::new(),
            shape_uses: HashMap::new(),
            difference_uses: HashMap::new(),
            bills,
            given: order,
            numbers,
        };
        book.name_parties();
        book.count();
        book.learn_steps();
        book
    }

    /// A bill by its place in the order, with its number.
    pub(super) fn at(&self, at: usize) -> Option<(&Bill<'a>, &Number)> {
        self.bills.get(at).zip(self.numbers.get(at))
    }

    /// The suppliers, each with the number, and the days of issue of two bills that have one number and amount.
    pub(super) fn sharing(&self, (earlier, later): (u32, u32)) -> Option<([Key; 2], [i32; 2])> {
        let both = [self.at(earlier as usize)?, self.at(later as usize)?];
        let [one, other] = both.map(|(bill, number)| (number.print, bill.currency, bill.amount));
        let keys = both.map(|(bill, number)| (bill.supplier, number.print));
        (one.0 != 0 && one == other).then_some((keys, both.map(|(bill, _)| bill.issued.0)))
    }

    /// Whether two bills are of one posting, and so no bill and its copy.
    pub(super) fn are_of_voucher(&self, (earlier, later): (u32, u32)) -> bool {
        let voucher = |at: u32| self.at(at as usize).map(|(bill, _)| bill.voucher);
        voucher(earlier).is_some_and(|voucher| !voucher.is_empty()) && voucher(earlier) == voucher(later)
    }

    /// Whether the numbers of a pair name different things.
    pub(super) fn name_apart(&self, (earlier, later): (u32, u32)) -> bool {
        let numbers = self.at(earlier as usize).zip(self.at(later as usize));
        numbers.is_some_and(|((_, left), (_, right))| number::name_apart(left, right))
    }

    /// What a name comes down to, and its print, which is zero if nothing is left.
    pub(super) fn root(&self, name: &str) -> (&str, u64) {
        self.roots.get(name).map_or(("", 0), |(root, print)| (root, *print))
    }

    pub(super) fn habits(&self, supplier: u32) -> Habits {
        self.suppliers.get(&supplier).copied().unwrap_or_default()
    }

    /// Suppliers that use a bill's number.
    pub(super) fn number_suppliers(&self, number: &Number) -> u32 {
        self.number_suppliers.get(&number.print).copied().unwrap_or_default()
    }

    /// Bills of its supplier that have a bill's number, and the different amounts among them.
    pub(super) fn number_uses(&self, bill: &Bill, number: &Number) -> (u32, u32) {
        self.number_uses.get(&(bill.supplier, number.print)).copied().unwrap_or_default()
    }

    /// Bills of its supplier that have a bill's amount, and the different days among them.
    pub(super) fn amount_uses(&self, bill: &Bill) -> (u32, u32) {
        let key = (bill.supplier, bill.currency, bill.amount);
        self.amount_uses.get(&key).copied().unwrap_or_default()
    }

    /// Bills of all suppliers that have a bill's amount.
    pub(super) fn amount_bills(&self, bill: &Bill) -> u32 {
        self.amount_bills.get(&(bill.currency, bill.amount)).copied().unwrap_or_default()
    }

    /// Share of its supplier's bills whose numbers are written as this one.
    pub(super) fn shape_share(&self, bill: &Bill, number: &Number) -> f64 {
        let uses = self.shape_uses.get(&(bill.supplier, number.shape)).copied().unwrap_or_default();
        f64::from(uses) / f64::from(self.habits(bill.supplier).bills.max(1))
    }

    /// Counts in what the numbers of these pairs differ.
    pub(super) fn compare(&mut self, pairs: &[(u32, u32)]) {
        for &(left, right) in pairs {
            let (Some(left), Some(right)) = (self.at(left as usize), self.at(right as usize)) else {
                continue;
            };
            let supplier = left.0.supplier;
            if let Some(difference) =
                number::difference(&left.1.signs, &right.1.signs).filter(|_| supplier == right.0.supplier)
            {
                *self.difference_uses.entry((supplier, difference)).or_default() += 1;
            }
        }
    }

    /// Compared pairs of a supplier whose numbers differ as these do: zero if they are of different lengths.
    pub(super) fn difference_uses(&self, supplier: u32, left: &Number, right: &Number) -> u32 {
        let difference = number::difference(&left.signs, &right.signs);
        let uses = difference.and_then(|difference| self.difference_uses.get(&(supplier, difference)));
        uses.copied().unwrap_or_default()
    }

    fn name_parties(&mut self) {
        let names: HashSet<&str> = self.bills.iter().map(|bill| bill.name).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let rooted = names.into_par_iter().map(|written| {
            let root = name::root(written);
            let print = if root.chars().nth(2).is_some() { number::print(&root) } else { 0 };
            (written, (root, print))
        });
        self.roots = rooted.collect::<Vec<_>>().into_iter().collect();
        let named = self.bills.iter().map(|bill| (self.root(bill.name).1, bill.supplier));
        let placeholders = shared_by_many(named);
        for root in self.roots.values_mut().filter(|(_, print)| placeholders.contains(print)) {
            *root = (String::new(), 0);
        }
        let paid = self.accounts.iter().zip(&self.bills).map(|(account, bill)| (*account, bill.supplier));
        let collecting = shared_by_many(paid);
        for account in self.accounts.iter_mut().filter(|account| collecting.contains(*account)) {
            *account = 0;
        }
    }

    fn count(&mut self) {
        let mut seen = HashSet::new();
        for (bill, number) in self.bills.iter().zip(&self.numbers) {
            self.suppliers.entry(bill.supplier).or_default().bills += 1;
            *self.shape_uses.entry((bill.supplier, number.shape)).or_default() += 1;
            *self.amount_bills.entry((bill.currency, bill.amount)).or_default() += 1;
            let uses = self.amount_uses.entry((bill.supplier, bill.currency, bill.amount)).or_default();
            let day = i64::from(bill.issued.0);
            let new_day = seen.insert((Seen::Day, bill.supplier, bill.currency, bill.amount as u64, day));
            (uses.0, uses.1) = (uses.0 + 1, uses.1 + u32::from(new_day));
            if number.print == 0 {
                continue;
            }
            let uses = self.number_uses.entry((bill.supplier, number.print)).or_default();
            if uses.0 == 0 {
                *self.number_suppliers.entry(number.print).or_default() += 1;
            }
            let of_number = (Seen::Amount, bill.supplier, bill.currency, number.print, bill.amount);
            (uses.0, uses.1) = (uses.0 + 1, uses.1 + u32::from(seen.insert(of_number)));
        }
    }

    fn learn_steps(&mut self) {
        let numbered = self.bills.iter().zip(&self.numbers).filter(|(_, number)| number.print != 0);
        let mut order: Vec<(u32, &str)> =
            numbered.map(|(bill, number)| (bill.supplier, number.signs.as_str())).collect();
        order.par_sort_unstable();
        order.dedup();
        let groups: Vec<&[(u32, &str)]> = order.chunk_by(|left, right| left.0 == right.0).collect();
        let learned = groups.par_iter().filter_map(|group| Some((group.first()?.0, steps(group))));
        for (supplier, (step, near)) in learned.collect::<Vec<_>>() {
            if let Some(habits) = self.suppliers.get_mut(&supplier) {
                (habits.step, habits.near) = (step, near);
            }
        }
    }
}

/// Median step between a supplier's numbers, in their order, and the share of steps that are one slip.
fn steps(group: &[(u32, &str)]) -> (f64, f64) {
    let pairs = || group.iter().zip(group.iter().skip(1)).map(|(left, right)| (left.1, right.1));
    let near = pairs().filter(|(left, right)| damerau_levenshtein(left, right) == 1).count();
    let mut steps: Vec<u64> = pairs()
        .filter_map(|(left, right)| number::step(left, right))
        .filter(|step| *step <= STEP_MAX)
        .collect();
    steps.sort_unstable();
    let median = steps.get(steps.len() / 2).map_or(f64::NAN, |step| *step as f64);
    (median, near as f64 / group.len() as f64)
}

/// The prints that more suppliers share than one party has.
fn shared_by_many(marks: impl Iterator<Item = (u64, u32)>) -> HashSet<u64> {
    let mut suppliers: HashMap<u64, HashSet<u32>> = HashMap::new();
    for (print, supplier) in marks.filter(|(print, _)| *print != 0) {
        let known = suppliers.entry(print).or_default();
        if known.len() <= SHARING_MAX {
            known.insert(supplier);
        }
    }
    suppliers.into_iter().filter(|(_, known)| known.len() > SHARING_MAX).map(|(print, _)| print).collect()
}

/// What was seen already.
#[derive(PartialEq, Eq, Hash)]
enum Seen {
    Day,
    Amount,
}

/// The print of an account number in any writing; zero if there are too few signs, or only one over and over.
fn account_print(account: &str) -> u64 {
    const SIGNS_MIN: usize = 5;
    let signs = account.chars().filter(char::is_ascii_alphanumeric);
    let key: String = signs.map(|sign| sign.to_ascii_uppercase()).collect();
    let filler = key.bytes().zip(key.bytes().skip(1)).all(|(sign, next)| sign == next);
    if key.len() < SIGNS_MIN || filler { 0 } else { number::print(&key) }
}
