//! Bills that a credit note took back. A bill that was credited and billed again correctly is no duplicate, and neither is
//! one whose second booking was noticed and reversed: neither has money at stake.

use hashbrown::HashMap;

use super::bill::Bill;
use super::number::Number;

/// Days between a bill and the credit that takes it back.
const CREDIT_DAYS_MAX: i32 = 365;

/// Days by which a credit may be known before its bill: both are booked in one go, in any order.
const CREDIT_DAYS_BEFORE: i32 = 7;

/// Earlier bills of one amount that a credit looks at, the latest.
const LOOK_BACK: usize = 50;

/// For bills in order, which are taken back in full by a credit of the same supplier and amount: that which has the
/// credit's number, or else the latest before it. Each credit takes back one bill.
pub(super) fn taken_back(bills: &[Bill], numbers: &[Number]) -> Vec<bool> {
    let mut taken = vec![false; bills.len()];
    let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, bill) in bills.iter().enumerate().filter(|(_, bill)| !bill.is_credit()) {
        groups.entry((bill.supplier, bill.currency, bill.amount)).or_default().push(at);
    }
    for (credit, number) in bills.iter().zip(numbers).filter(|(bill, _)| bill.is_credit()) {
        let key = (credit.supplier, credit.currency, credit.amount.saturating_abs());
        let Some(group) = groups.get(&key) else { continue };
        let days = |at: usize| bills.get(at).map_or(i32::MAX, |bill| credit.posted.0 - bill.posted.0);
        let known = group.partition_point(|&at| days(at) >= -CREDIT_DAYS_BEFORE);
        let open = |at: &&usize| taken.get(**at).is_some_and(|taken| !taken) && days(**at) <= CREDIT_DAYS_MAX;
        let near = || group.iter().take(known).rev().take(LOOK_BACK).filter(open);
        let same = |at: &&usize| {
            number.print != 0 && numbers.get(**at).is_some_and(|other| other.print == number.print)
        };
        let chosen = near().find(same).or_else(|| near().next()).copied();
        if let Some(taken) = chosen.and_then(|at| taken.get_mut(at)) {
            *taken = true;
        }
    }
    taken
}
