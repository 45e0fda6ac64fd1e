//! Why two bills are taken for one, in sentences with the values behind them.

use strsim::damerau_levenshtein;

use super::bill::Bill;
use super::book::Book;
use super::number::{self, Number};
use super::split::Split;

type Numbered<'a> = (&'a Bill<'a>, &'a Number);

/// Of a pair: numbers, amounts, days, parties, in this order.
pub(super) fn of_pair(book: &Book, copy: Numbered, twin: Numbered) -> Vec<String> {
    let mut reasons = Vec::new();
    reasons.extend(numbers(copy, twin));
    reasons.push(amounts(book, copy.0, twin.0));
    reasons.push(days(copy.0, twin.0));
    reasons.extend(parties(book, copy.0, twin.0));
    if !copy.0.order.is_empty() && copy.0.order == twin.0.order {
        reasons.push(format!("both name order {}", copy.0.order));
    }
    reasons
}

fn numbers((copy_bill, copy): Numbered, (twin_bill, twin): Numbered) -> Option<String> {
    if copy.print == 0 || twin.print == 0 {
        return None;
    }
    let (one, other) = (copy_bill.number, twin_bill.number);
    let slips = damerau_levenshtein(&copy.signs, &twin.signs);
    Some(if one == other {
        format!("the same number {one}")
    } else if copy.print == twin.print {
        format!("number {one} is {other} but for punctuation, case and zeros")
    } else if copy.unconfused == twin.unconfused {
        format!("number {one} is {other} with a letter for a digit")
    } else if let Some(signs) = number::appended(&copy.signs, &twin.signs) {
        format!("number {one} is {other} with {signs} more or fewer signs at an end")
    } else if slips <= 2 {
        format!("number {one} is {slips} slips from {other}")
    } else {
        format!("sent again under another number: {one} for {other}")
    })
}

fn amounts(book: &Book, copy: &Bill, twin: &Bill) -> String {
    let shown = copy.currency.display(i128::from(copy.amount));
    if copy.amount != twin.amount || copy.currency != twin.currency {
        return format!("{shown} is near {}", twin.currency.display(i128::from(twin.amount)));
    }
    match book.amount_uses(copy).0 {
        0..=2 => format!("the same amount {shown}, which the supplier billed no other time"),
        uses => format!("the same amount {shown}, which the supplier billed {uses} times"),
    }
}

fn days(copy: &Bill, twin: &Bill) -> String {
    let issued = (copy.issued.0 - twin.issued.0).abs();
    let posted = (copy.posted.0 - twin.posted.0).abs();
    let issued =
        if issued == 0 { "issued on one day".to_owned() } else { format!("issued {issued} days apart") };
    if posted == 0 {
        format!("{issued}, booked on one day")
    } else {
        format!("{issued}, booked {posted} days apart")
    }
}

fn parties(book: &Book, copy: &Bill, twin: &Bill) -> Vec<String> {
    let mut reasons = Vec::new();
    if copy.supplier == twin.supplier {
        return reasons;
    }
    if !copy.account.is_empty() && copy.account == twin.account {
        reasons.push(format!("both suppliers are paid to account {}", copy.account));
    }
    if copy.name.is_empty() || twin.name.is_empty() {
        return reasons;
    }
    let (root, of_twin) = (book.root(copy.name).0, book.root(twin.name).0);
    reasons.push(if root == of_twin && !root.is_empty() {
        format!("suppliers {} and {} have one name", copy.name, twin.name)
    } else {
        format!("suppliers {} and {}", copy.name, twin.name)
    });
    reasons
}

/// Of a whole and its parts.
pub(super) fn of_split(book: &Book, split: &Split) -> Vec<String> {
    let bill = |at: u32| book.bills.get(at as usize);
    let [Some(whole), Some(first), Some(second)] = [split.whole, split.parts[0], split.parts[1]].map(bill)
    else {
        return Vec::new();
    };
    let plain = |bill: &Bill| bill.currency.format(bill.amount);
    let mut reasons = vec![format!(
        "{} on {} + {} on {} = {} on {}",
        plain(first),
        first.number,
        plain(second),
        second.number,
        whole.currency.display(i128::from(whole.amount)),
        whole.number
    )];
    if split.of_order {
        reasons.push(format!("all three name order {}", whole.order));
    }
    reasons.push(format!(
        "chance would make {:.6} such sums among the supplier's bills around it",
        split.chance
    ));
    reasons
}
