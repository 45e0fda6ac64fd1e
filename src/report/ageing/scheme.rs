//! How open balances are aged: from which day, in which buckets, and whose are summed together.

use std::collections::BTreeSet;
use std::fmt;

use crate::asof::view::LedgerView;
use crate::base::day::AsOf;
use crate::ledger::{Customer, Invoice};

/// The day from which age is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Basis {
    /// The due day: what is not due yet has a bucket of its own.
    #[default]
    Due,
    /// The day of issue.
    Issued,
}

/// Whose balances are summed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Each customer's.
    Customer,
    /// Those of each collector's customers.
    Collector,
    /// Those of each segment's customers.
    Segment,
}

/// Last day of each bucket but the open-ended one, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buckets(Vec<i32>);

/// How to age.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scheme {
    /// From which day.
    pub basis: Basis,
    /// In which buckets.
    pub buckets: Buckets,
    /// Whose; `None` sums each currency only.
    pub by: Option<By>,
}

/// Latest day that may end a bucket: ten years.
const BUCKET_DAYS_MAX: i32 = 3_650;

/// Most buckets: a row that is read by people.
const BUCKETS_MAX: usize = 24;

/// Group of customers without a collector or segment.
const NONE: &str = "(none)";

/// Group of money whose payer is unidentified.
const UNIDENTIFIED: &str = "(payer unidentified)";

impl Default for Buckets {
    fn default() -> Self {
        Self::of_30_days(4)
    }
}

impl Buckets {
    /// So many buckets of 30 days, and the open-ended one.
    pub fn of_30_days(count: i32) -> Self {
        Self((1..=count).map(|end| 30 * end).collect())
    }

    /// Reads `30,60,90`: the last day of each bucket, ascending. What is wrong with it otherwise.
    pub fn parse(text: &str) -> Result<Self, String> {
        let ends: Result<Vec<i32>, _> = text.split(',').map(|end| end.trim().parse::<i32>()).collect();
        let ends = ends.map_err(|_| format!("`{text}` is not a list of days like 30,60,90"))?;
        if ends.len() > BUCKETS_MAX {
            return Err(format!("at most {BUCKETS_MAX} buckets"));
        }
        let allowed = |end: &i32| (1..=BUCKET_DAYS_MAX).contains(end);
        if !ends.iter().all(allowed) || !ends.is_sorted_by(|left, right| left < right) {
            return Err(format!("days must ascend, from 1 to {BUCKET_DAYS_MAX}"));
        }
        Ok(Self(ends))
    }
}

impl fmt::Display for Buckets {
    /// As [`Buckets::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&ends.join(","))
    }
}

impl Basis {
    /// What the age is counted from.
    pub fn name(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Issued => "issued",
        }
    }
}

impl By {
    /// What the groups are.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Collector => "collector",
            Self::Segment => "segment",
        }
    }

    fn of(self, customer: &Customer) -> &str {
        match self {
            Self::Customer => &customer.id,
            Self::Collector => &customer.collector,
            Self::Segment => &customer.segment,
        }
    }
}

impl Scheme {
    /// Names of the buckets, in order.
    pub fn names(&self) -> Vec<String> {
        let ends = &self.buckets.0;
        let (mut names, mut from) = match self.basis {
            Basis::Due => (vec!["not_due".to_owned()], 1),
            Basis::Issued => (Vec::new(), 0),
        };
        for end in ends {
            names.push(format!("{from}-{end}"));
            from = end + 1;
        }
        names.push(format!(">{}", from - 1));
        names
    }

    /// The bucket of an invoice on a day, by its place among the names.
    pub fn bucket(&self, invoice: &Invoice, on: AsOf) -> usize {
        let past = |days: i32| self.buckets.0.partition_point(|end| *end < days);
        match self.basis {
            Basis::Issued => past(on.0.0 - invoice.stamp.happened.0),
            Basis::Due if invoice.due >= on.0 => 0,
            Basis::Due => 1 + past(on.0.0 - invoice.due.0),
        }
    }
}

/// The group of every customer.
pub(super) struct Labels<'a> {
    by: Option<By>,
    customers: &'a [Customer],
    /// Names of collectors or segments, ascending.
    names: Vec<&'a str>,
    /// Group of each customer.
    of: Vec<usize>,
    /// One customer of each group.
    member: Vec<usize>,
}

/// Sorts the customers of a view into groups.
pub(super) fn labels<'a>(view: &LedgerView<'a>, by: Option<By>) -> Labels<'a> {
    let customers = view.customers();
    let name = |customer: &'a Customer| by.map_or("", |by| by.of(customer));
    let names: BTreeSet<&str> = customers.iter().map(name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let of: Vec<usize> =
        customers.iter().map(|customer| names.partition_point(|other| *other < name(customer))).collect();
    let mut member = vec![0; names.len()];
    for (customer, group) in of.iter().enumerate() {
        member[*group] = customer;
    }
    Labels { by, customers, names, of, member }
}

impl Labels<'_> {
    /// The group of a customer, by number; money without a payer comes after all others.
    pub(super) fn of(&self, customer: Option<u32>) -> usize {
        let known = customer.and_then(|customer| self.of.get(customer as usize)).copied();
        known.unwrap_or(if self.by.is_some() { self.names.len() } else { 0 })
    }

    /// What a group is called: id, and the name if it is one customer.
    pub(super) fn text(&self, group: usize) -> (String, String) {
        let id = match self.names.get(group) {
            None => UNIDENTIFIED,
            Some(&"") => NONE,
            Some(id) => *id,
        };
        let member = self.member.get(group).filter(|_| self.by == Some(By::Customer));
        let customer = member.and_then(|member| self.customers.get(*member));
        (id.to_owned(), customer.map_or_else(String::new, |one| one.name.clone()))
    }
}
