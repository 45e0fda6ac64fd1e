//! What is looked at of a bill: how others fared, and its own facts.

use rayon::prelude::*;

use super::alike::{Alike, alike, amount};
use super::bill::Bill;
use super::book::Book;
use super::rate::{Evidence, Question, decayed};
use crate::base::day::Day;
use crate::model::payment::log_odds;

macro_rules! features {
    ($($name:ident $doc:literal;)*) => {
        /// A column.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Feature { $(#[doc = $doc] $name),* }

        /// Number of columns.
        pub(super) const FEATURES: usize = [$(Feature::$name),*].len();
    };
}

features! {
    Alike "Log-odds of a release among the supplier's bills most like it.";
    Supplier "Log-odds of a release among the supplier's bills.";
    Bills "Logarithm of the supplier's bills with an outcome.";
    Ordered "Days from the order to booking.";
    Received "Days from the last receipt to booking.";
    Issued "Days from the day on the bill to booking.";
    Lines "Logarithm of the lines.";
    Receipts "Logarithm of the receipts for each line.";
    Amount "Logarithm of the amount.";
    AmountOfUsual "Logarithm of the amount against the supplier's median.";
}

/// Days after which a bill counts half in the rates of all and of a supplier, and in that of a category.
const HALF_LIFE_DAYS: f64 = 60.0;
const CATEGORY_HALF_LIFE_DAYS: f64 = 120.0;

/// Bills that a wider rate weighs as when a narrower one is drawn towards it: few bills of its own prove no habit.
const CATEGORY_BILLS: f64 = 5.0;
const SUPPLIER_BILLS: f64 = 2.0;
const ALIKE_BILLS: f64 = 0.5;

/// What is known of a bill when a day begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) values: [f64; FEATURES],
    /// The rule: the supplier's decayed past rate, drawn towards that of all.
    pub(super) rule: f64,
    /// The rate among those most like it.
    pub(super) alike_rate: f64,
    pub(super) alike: Alike,
}

/// What is known of bills, by position, each when a day begins. A bill says nothing of itself.
pub(super) fn rows(book: &Book, asked: &[(u32, Day)]) -> Vec<Row> {
    let all = vec![0; book.bills.len()];
    let evidence = |groups: &[u32], half_life: f64| {
        let question = |&(at, morning): &(u32, Day)| {
            let posted =
                book.bills.get(at as usize).map(|bill| bill.posted).filter(|posted| *posted < morning);
            let group = groups.get(at as usize).copied().unwrap_or(u32::MAX);
            Question { group, morning, except: posted }
        };
        let questions: Vec<Question> = asked.iter().map(question).collect();
        decayed(&book.bills, groups, &questions, half_life, &book.pace)
    };
    let (of_all, (of_category, of_supplier)) = rayon::join(
        || evidence(&all, HALF_LIFE_DAYS),
        || {
            rayon::join(
                || evidence(&book.categories, CATEGORY_HALF_LIFE_DAYS),
                || evidence(&book.suppliers, HALF_LIFE_DAYS),
            )
        },
    );
    let evidences = of_all.into_par_iter().zip(of_category).zip(of_supplier);
    let rows = asked.par_iter().zip(evidences).filter_map(|(&(at, morning), ((all, category), supplier))| {
        row(book, at, morning, [all, category, supplier])
    });
    rows.collect()
}

fn row(book: &Book, at: u32, morning: Day, [all, category, supplier]: [Evidence; 3]) -> Option<Row> {
    let bill = book.bills.get(at as usize)?;
    let alike = alike(book, at, morning)?;
    // Half a release in one bill: before any is known none is as likely as any.
    let all = all.rate(0.5, 1.0);
    let of_category = category.rate(all, CATEGORY_BILLS);
    let of_supplier = supplier.rate(of_category, SUPPLIER_BILLS);
    let alike_rate = alike.evidence.rate(of_supplier, ALIKE_BILLS);
    let mut values = [f64::NAN; FEATURES];
    let mut set = |feature: Feature, value: f64| values[feature as usize] = value;
    set(Feature::Alike, log_odds(alike_rate));
    set(Feature::Supplier, log_odds(of_supplier));
    set(Feature::Bills, supplier.all.ln_1p());
    set(Feature::Ordered, since(bill, bill.ordered));
    set(Feature::Received, since(bill, bill.received));
    set(Feature::Issued, since(bill, bill.issued));
    set(Feature::Lines, f64::from(bill.lines).ln_1p());
    set(Feature::Receipts, (f64::from(bill.receipts) / f64::from(bill.lines.max(1))).ln_1p());
    set(Feature::Amount, amount(bill));
    set(Feature::AmountOfUsual, alike.amount_of_usual);
    Some(Row { values, rule: supplier.rate(all, SUPPLIER_BILLS), alike_rate, alike })
}

/// Days until booking; NaN where the day is not known.
fn since(bill: &Bill, day: Option<Day>) -> f64 {
    day.map_or(f64::NAN, |day| f64::from(bill.posted.0.saturating_sub(day.0)))
}
