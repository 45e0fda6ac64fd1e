//! What is seen of a pair of bills: how alike they are, and how usual that is for this supplier. NaN where nothing is known.

use strsim::{generic_damerau_levenshtein, jaro_winkler};

use super::alike::Alike;
use super::bill::Bill;
use super::book::Book;
use super::number::{self, Number};

macro_rules! features {
    ($($name:ident $sign:literal $doc:literal;)*) => {
        /// A column of the pairs' table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Feature { $(#[doc = $doc] $name),* }

        impl Feature {
            /// How many there are.
            pub(super) const COUNT: usize = [$(Self::$name),*].len();

            /// For each, 1 if more of it can only speak for a duplicate, -1 if only against, 0 if either.
            pub(super) const SIGNS: [i8; Self::COUNT] = [$($sign),*];
        }
    };
}

features! {
    NumberEqual 1 "2 if the numbers are written alike, 1 if they differ in punctuation, case and zeros only, else 0.";
    NumberJaro 0 "Jaro similarity of the numbers.";
    NumberJaroReversed 0 "Jaro similarity of the numbers read from the end.";
    NumberSlips 0 "Slips between the numbers.";
    NumberBigrams 0 "Share of pairs of signs that both numbers have.";
    NumberCommonRun 0 "Longest common run of the numbers.";
    NumberConfused 1 "Whether they are equal but for letters that are mistaken for digits.";
    NumberAppended 0 "Signs that one number has more, being otherwise the same.";
    NumberStep 0 "Logarithm of the distance of running numbers.";
    NumberStepUnusual 0 "The same against the supplier's usual step.";
    NumberDifferenceUses -1 "Logarithm of the supplier's pairs of numbers that differ as these do: series side by side.";
    NumberSigns 0 "Signs of the shorter number.";
    NumberDigits 0 "Digits of the number that has fewer.";
    NumberDate -1 "Whether one number is a date.";
    NumberNear -1 "Share of the supplier's numbers that are a slip from their neighbour.";
    NumberSuppliers -1 "Logarithm of the suppliers that use one of the numbers.";
    NumberUses 0 "Logarithm of this supplier's bills with one of the numbers.";
    NumberAmounts -1 "Different amounts of this supplier's bills with one of the numbers: lines of one bill.";
    ShapeRare 1 "How unusual the rarer of the two ways of writing the number is for its supplier.";
    AmountEqual 1 "Whether the amounts are equal.";
    AmountApart -1 "Absolute logarithm of their quotient.";
    AmountSlips 0 "Slips between the amounts' digits.";
    AmountUses -1 "Logarithm of this supplier's bills with one of the amounts.";
    AmountDays -1 "Logarithm of the days on which it issued them.";
    AmountShare -1 "Share of its bills that have the amount, where the supplier is the same.";
    AmountBills -1 "Logarithm of all suppliers' bills with the amount.";
    AmountZeros -1 "Zeros at the end of the amount.";
    IssuedDays 0 "Days between the days of issue.";
    PostedDays 0 "Days between the days of booking.";
    MonthsApart 0 "Months between the days of issue.";
    DayOfMonthApart 0 "Days by which they lie apart in their months, where the months differ.";
    WholeWeeks 0 "Whether whole weeks lie between them, at least one.";
    OrderEqual 1 "Whether they name the same order.";
    SupplierSame 0 "Whether they are of one supplier.";
    NameAlike 1 "Similarity of the suppliers' names, where the suppliers differ.";
    AccountEqual 1 "Whether they ask to be paid to the same account.";
    SupplierBills 0 "Logarithm of the bills of the supplier.";
}

/// Largest count of slips that tells anything.
const SLIPS_MAX: f64 = 9.0;

/// One pair's features, the earlier bill first.
pub(super) type Row = [f64; Feature::COUNT];

/// The row under construction.
struct Seen(Row);

impl Seen {
    fn set(&mut self, feature: Feature, value: f64) {
        if let Some(place) = self.0.get_mut(feature as usize) {
            *place = value;
        }
    }

    fn flag(&mut self, feature: Feature, value: bool) {
        self.set(feature, f64::from(u8::from(value)));
    }
}

/// The features of a pair by places in the book.
pub(super) fn features(book: &Book, (earlier, later): (u32, u32)) -> Row {
    let mut seen = Seen([f64::NAN; Feature::COUNT]);
    if let (Some(left), Some(right)) = (book.at(earlier as usize), book.at(later as usize)) {
        numbers(&mut seen, book, left, right);
        company(&mut seen, book, left, right);
        amounts(&mut seen, book, left.0, right.0);
        days(&mut seen, left.0, right.0);
        parties(&mut seen, book, (earlier, left.0), (later, right.0));
    }
    seen.0
}

type Numbered<'a> = (&'a Bill<'a>, &'a Number);

fn log(count: u32) -> f64 {
    f64::from(count).ln_1p()
}

fn numbers(seen: &mut Seen, book: &Book, (left_bill, left): Numbered, (_, right): Numbered) {
    let Some(alike) = Alike::of(&left.signs, &right.signs) else { return };
    if left.print != 0 && right.print != 0 {
        let same_key = left.print == right.print;
        let same_shape = same_key && left.shape == right.shape;
        seen.set(Feature::NumberEqual, f64::from(u8::from(same_key) + u8::from(same_shape)));
    }
    seen.set(Feature::NumberJaro, alike.jaro);
    seen.set(Feature::NumberJaroReversed, alike.jaro_reversed);
    seen.set(Feature::NumberSlips, (alike.slips as f64).min(SLIPS_MAX));
    seen.set(Feature::NumberBigrams, alike.bigrams);
    seen.set(Feature::NumberCommonRun, alike.common_run);
    seen.flag(Feature::NumberConfused, left.unconfused == right.unconfused);
    if let Some(signs) = number::appended(&left.signs, &right.signs) {
        seen.set(Feature::NumberAppended, signs as f64);
    }
    if let Some(step) = number::step(&left.signs, &right.signs) {
        let step = (step as f64).ln_1p();
        seen.set(Feature::NumberStep, step);
        seen.set(Feature::NumberStepUnusual, step - book.habits(left_bill.supplier).step.ln_1p());
    }
    let uses = book.difference_uses(left_bill.supplier, left, right);
    seen.set(Feature::NumberDifferenceUses, log(uses));
    let digits = [left, right].map(|number| number.signs.bytes().filter(u8::is_ascii_digit).count());
    seen.set(Feature::NumberDigits, digits[0].min(digits[1]) as f64);
    seen.flag(Feature::NumberDate, left.is_date || right.is_date);
    seen.set(Feature::NumberNear, book.habits(left_bill.supplier).near);
    seen.set(Feature::NumberSigns, left.signs.len().min(right.signs.len()) as f64);
}

/// How usual the numbers are.
fn company(seen: &mut Seen, book: &Book, left: Numbered, right: Numbered) {
    if left.1.print != 0 && right.1.print != 0 {
        let suppliers = [left, right].map(|(_, number)| book.number_suppliers(number));
        seen.set(Feature::NumberSuppliers, log(suppliers[0].max(suppliers[1])));
        let uses = [left, right].map(|(bill, number)| book.number_uses(bill, number));
        seen.set(Feature::NumberUses, log(uses[0].0.max(uses[1].0)));
        seen.set(Feature::NumberAmounts, f64::from(uses[0].1.max(uses[1].1)));
    }
    let share = [left, right].map(|(bill, number)| book.shape_share(bill, number));
    seen.set(Feature::ShapeRare, -share[0].min(share[1]).ln());
}

fn amounts(seen: &mut Seen, book: &Book, left: &Bill, right: &Bill) {
    seen.flag(Feature::AmountEqual, left.amount == right.amount && left.currency == right.currency);
    seen.set(Feature::AmountApart, (left.amount as f64 / right.amount as f64).ln().abs());
    let [left_digits, right_digits] = [left, right].map(|bill| bill.amount.to_string().into_bytes());
    let slips = generic_damerau_levenshtein(&left_digits, &right_digits) as f64;
    seen.set(Feature::AmountSlips, slips.min(SLIPS_MAX));
    let uses = [left, right].map(|bill| book.amount_uses(bill));
    seen.set(Feature::AmountUses, log(uses[0].0.max(uses[1].0)));
    seen.set(Feature::AmountDays, log(uses[0].1.max(uses[1].1)));
    let share = |bill: &Bill, uses: u32| f64::from(uses) / f64::from(book.habits(bill.supplier).bills.max(1));
    if left.supplier == right.supplier {
        seen.set(Feature::AmountShare, share(left, uses[0].0).max(share(right, uses[1].0)));
    }
    seen.set(Feature::AmountBills, log(book.amount_bills(left).max(book.amount_bills(right))));
    let zeros = left_digits.iter().rev().take_while(|digit| **digit == b'0').count();
    seen.set(Feature::AmountZeros, zeros as f64);
}

fn days(seen: &mut Seen, left: &Bill, right: &Bill) {
    let issued = (left.issued.0 - right.issued.0).abs();
    seen.set(Feature::IssuedDays, f64::from(issued));
    seen.set(Feature::PostedDays, f64::from((left.posted.0 - right.posted.0).abs()));
    let month = |bill: &Bill| bill.issued.year() * 12 + bill.issued.month() as i32;
    let months = (month(left) - month(right)).abs();
    seen.set(Feature::MonthsApart, f64::from(months));
    if months > 0 {
        let apart = left.issued.day_of_month().abs_diff(right.issued.day_of_month());
        // The last of a month is near the first of another.
        seen.set(Feature::DayOfMonthApart, f64::from(apart.min(31_u32.saturating_sub(apart))));
    }
    seen.flag(Feature::WholeWeeks, issued > 0 && issued % 7 == 0);
}

fn parties(seen: &mut Seen, book: &Book, (left_at, left): (u32, &Bill), (right_at, right): (u32, &Bill)) {
    if !left.order.is_empty() && !right.order.is_empty() {
        seen.flag(Feature::OrderEqual, left.order == right.order);
    }
    seen.flag(Feature::SupplierSame, left.supplier == right.supplier);
    let roots = [left, right].map(|bill| book.root(bill.name).0);
    if left.supplier != right.supplier && roots.iter().all(|root| !root.is_empty()) {
        seen.set(Feature::NameAlike, jaro_winkler(roots[0], roots[1]));
    }
    let account = |at: u32| book.accounts.get(at as usize).copied().unwrap_or(0);
    if account(left_at) != 0 && account(right_at) != 0 {
        seen.flag(Feature::AccountEqual, account(left_at) == account(right_at));
    }
    let bills = [left, right].map(|bill| book.habits(bill.supplier).bills);
    seen.set(Feature::SupplierBills, log(bills[0].max(bills[1])));
}
