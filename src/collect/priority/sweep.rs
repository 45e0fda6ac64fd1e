//! What hangs on the assumption: the list made anew under others. Where both shares are the same the order does not move,
//! whatever they are: a common factor moves no rank. What moves it is how much less a contact does before due than after.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::money::Currency;

use super::Assumptions;
use super::order::Contact;

/// Shares of the late days that a contact is taken to save.
pub const SHARES: [f64; 4] = [0.0, 0.1, 0.2, 0.3];

/// Share of each list that is looked at, in percent: about what is called of it within a day or two.
const FIRST_PERCENT: usize = 20;

/// The first contacts of a list under one assumption.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swept {
    /// Currency of the list.
    pub list: Currency,
    /// Share before due.
    pub before_due: f64,
    /// Share past due.
    pub past_due: f64,
    /// How many are the first.
    pub first: usize,
    /// What the first contacts save, in major units.
    pub value: f64,
    /// Share of them that are among the first under the assumption that the list is made with.
    pub same: f64,
}

/// The first fifth of each list under every pair of [`SHARES`] but nothing at all, under which no order is better
/// than another.
pub fn sweep(contacts: &[Contact], assumed: &Assumptions) -> Vec<Swept> {
    let mut lists: BTreeMap<Currency, Vec<&Contact>> = BTreeMap::new();
    for contact in contacts {
        lists.entry(contact.list).or_default().push(contact);
    }
    let mut swept = Vec::new();
    for (list, contacts) in lists {
        let first = (contacts.len() * FIRST_PERCENT).div_ceil(100);
        let usual: BTreeSet<usize> =
            top(&contacts, assumed, first).iter().map(|contact| contact.call).collect();
        let pairs = SHARES.iter().flat_map(|before| SHARES.map(|past| (*before, past)));
        for (before_due, past_due) in pairs.filter(|pair| *pair != (0.0, 0.0)) {
            let other = Assumptions { speed_up_before_due: before_due, speed_up: past_due, ..*assumed };
            let taken = top(&contacts, &other, first);
            let same = taken.iter().filter(|contact| usual.contains(&contact.call)).count();
            let value = taken.iter().map(|contact| contact.value(&other)).sum();
            let same = same as f64 / taken.len().max(1) as f64;
            swept.push(Swept { list, before_due, past_due, first, value, same });
        }
    }
    swept
}

fn top<'a>(contacts: &[&'a Contact], assumed: &Assumptions, first: usize) -> Vec<&'a Contact> {
    let mut order = contacts.to_vec();
    order.sort_by(|left, right| right.hourly(assumed).total_cmp(&left.hourly(assumed)));
    order.truncate(first);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    const EUR: Currency = Currency::new(*b"EUR", 2);

    fn contact(call: usize, before_due: f64, past_due: f64) -> Contact {
        let costs = [before_due, past_due];
        Contact { call, list: EUR, costs, minutes: 6.0, amount: 100, late_days: 1.0, waits: None }
    }

    #[test]
    fn a_common_factor_moves_no_rank_and_a_difference_does() {
        let contacts = [contact(0, 100.0, 0.0), contact(1, 0.0, 60.0), contact(2, 30.0, 0.0)];
        let swept = sweep(&contacts, &Assumptions::default());
        // A fifth of three is the first alone.
        assert_eq!((swept.len(), swept[0].first), (15, 1));
        let of = |before: f64, past: f64| {
            swept.iter().find(|one| (one.before_due, one.past_due) == (before, past)).unwrap()
        };
        // The first saves .2 × 100 by the usual assumption; .1 of it is less than .3 of the second's 60.
        assert_eq!((of(0.2, 0.2).value, of(0.2, 0.2).same), (20.0, 1.0));
        assert!([0.1, 0.3].iter().all(|share| of(*share, *share).same > 0.999));
        assert_eq!((of(0.1, 0.3).value, of(0.1, 0.3).same), (18.0, 0.0));
        assert_eq!((of(0.0, 0.1).value, of(0.0, 0.1).same), (6.0, 0.0));
    }
}
