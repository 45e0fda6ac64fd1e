//! Invoice numbers in what payers write. A number is found as a whole word only: `INV-100` in `paid INV-100, thanks`, and
//! not in `INV-1000`.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::Source;
use super::claims::Claims;
use crate::base::day::Day;

/// Shortest number that is looked for, and shortest of digits alone: short ones stand in any text as dates and counts.
const ID_CHARS_MIN: usize = 3;
const DIGITS_MIN: usize = 4;
/// Most parts, between the signs that join them, of a number that is found within a longer word.
const PARTS_MAX: usize = 6;
/// Signs that stand within numbers as well as between them.
const JOINS: [char; 4] = ['-', '_', '/', '.'];

/// Which payments name which claims.
#[derive(Debug, Default)]
pub(super) struct References {
    /// By payment: the claims it may mean.
    names: HashMap<u32, Vec<Named>>,
    /// By claim: the payments that may mean it.
    pub(super) named_by: HashMap<u32, Vec<u32>>,
}

/// A claim that a payment may mean, and where in the text its number stands, in bytes. Ordered by the place, wider first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    from: usize,
    to: Reverse<usize>,
    claim: u32,
}

impl References {
    /// Reads every payment's reference. Documents of all days are looked for; [`References::of`] tells those known.
    pub(super) fn new(claims: &Claims, sources: &[Source]) -> Self {
        let ids = ids(claims);
        let mut this = Self::default();
        for (at, source) in (0..).zip(sources).filter(|(_, source)| !source.reference.is_empty()) {
            let names = named(claims, &ids, source);
            for named in &names {
                this.named_by.entry(named.claim).or_default().push(at);
            }
            if !names.is_empty() {
                this.names.insert(at, names);
            }
        }
        this
    }

    /// The claims that a payment names, of those known by a day, in the order in which they are due. A number within
    /// another that is known is not meant: `4711` in `RE-4711`.
    pub(super) fn of(&self, source: u32, claims: &Claims, day: Day) -> Vec<u32> {
        let known = |named: &&Named| claims.invoices[named.claim as usize].stamp.known <= day;
        let mut widest = (0, 0);
        let mut ordered = BTreeSet::new();
        for named in self.names.get(&source).into_iter().flatten().filter(known) {
            let place = (named.from, named.to.0);
            if place == widest || place.1 > widest.1 {
                widest = place;
                let invoice = &claims.invoices[named.claim as usize];
                ordered.insert((invoice.due, invoice.stamp.happened, named.claim));
            }
        }
        ordered.into_iter().map(|(_, _, claim)| claim).collect()
    }
}

/// Claims by number in small letters, those numbers left out that stand in any text.
fn ids(claims: &Claims) -> HashMap<String, Vec<u32>> {
    let mut ids: HashMap<String, Vec<u32>> = HashMap::new();
    let mut add = |id: &str, found: &[u32]| {
        let id = id.to_lowercase();
        let chars = id.chars().count();
        let digits = id.chars().filter(char::is_ascii_digit).count();
        if chars >= ID_CHARS_MIN && digits > 0 && (digits < chars || digits >= DIGITS_MIN) {
            ids.entry(id).or_default().extend(found);
        }
    };
    for (at, invoice) in (0..).zip(&claims.invoices) {
        add(&invoice.id, &[at]);
    }
    for (id, document) in &claims.parents {
        add(id, &claims.of(*document));
    }
    ids
}

/// The claims that a payment may mean: in its currency, and of its payer where that is known.
fn named(claims: &Claims, ids: &HashMap<String, Vec<u32>>, source: &Source) -> Vec<Named> {
    let cash = &source.cash;
    let fits = |claim: &&u32| {
        let invoice = &claims.invoices[**claim as usize];
        invoice.currency == cash.currency && cash.customer.is_none_or(|payer| payer == invoice.customer)
    };
    let text = source.reference.to_lowercase();
    let mut names = Vec::new();
    for (from, to) in spans(&text) {
        let found = ids.get(&text[from..to]).into_iter().flatten().filter(fits);
        names.extend(found.map(|&claim| Named { from, to: Reverse(to), claim }));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Every word of a text that a number may be, by its place: whole words, and runs of the parts they are joined of.
fn spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for (at, sign) in text.char_indices().chain([(text.len(), ' ')]) {
        if sign.is_alphanumeric() {
            continue;
        }
        if at > from {
            parts.push((from, at));
        }
        from = at + sign.len_utf8();
        if !JOINS.contains(&sign) {
            for (first, part) in parts.iter().enumerate() {
                spans.extend(parts[first..].iter().take(PARTS_MAX).map(|last| (part.0, last.1)));
            }
            parts.clear();
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::money::Currency;
    use crate::ledger::event::{CashMove, Invoice, Stamp};

    const EUR: Currency = Currency::new(*b"EUR", 2);

    fn claims(ids: &[(&str, u32, i32)]) -> Claims {
        let invoice = |&(id, customer, known): &(&str, u32, i32)| Invoice {
            id: id.to_owned(),
            customer,
            account: 0,
            document: 0,
            stamp: Stamp::on(Day(known)),
            due: Day(known + 30),
            amount: 100,
            currency: EUR,
            discount: None,
            disputed: None,
            dispute_resolved: None,
        };
        Claims { invoices: ids.iter().map(invoice).collect(), ..Claims::default() }
    }

    /// Positions of the claims that a text names by a day.
    fn found(claims: &Claims, text: &str, customer: Option<u32>, day: i32) -> Vec<u32> {
        let cash =
            CashMove { customer, stamp: Stamp::on(Day(1)), currency: EUR, amount: 100, is_credit: false };
        let source = Source {
            id: "P".to_owned(),
            is_payment: true,
            cash,
            used_up: None,
            returned: None,
            reference: text.to_owned(),
            open_balance: None,
        };
        References::new(claims, &[source]).of(0, claims, Day(day))
    }

    #[test]
    fn numbers_are_found_as_whole_words_in_any_case() {
        let claims =
            claims(&[("INV-100", 0, 1), ("INV-1000", 0, 2), ("R7", 0, 3), ("R77", 0, 4), ("300", 0, 5)]);
        let cases: [(&str, &[u32]); 10] = [
            ("paid inv-100, thanks", &[0]),
            ("INV-1000/INV-100", &[0, 1]),
            ("INV-100.", &[0]),
            ("INV-100_2", &[0]),
            ("(INV-1000)", &[1]),
            ("xINV-100", &[]),
            ("INV 100", &[]),
            // Too short, or a short bare number.
            ("R7", &[]),
            ("R77", &[3]),
            ("300", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(&claims, text, Some(0), 9), expected, "{text}");
        }
    }

    #[test]
    fn a_number_within_a_longer_one_counts_until_the_longer_one_is_known() {
        let claims = claims(&[("4711", 0, 1), ("RE-4711", 0, 5)]);
        assert_eq!(found(&claims, "RE-4711", Some(0), 4), [0]);
        assert_eq!(found(&claims, "RE-4711", Some(0), 5), [1]);
    }

    #[test]
    fn only_the_payers_known_invoices_are_meant() {
        let claims = claims(&[("INV-1", 0, 1), ("INV-2", 1, 8)]);
        assert_eq!(found(&claims, "INV-1 INV-2", Some(1), 8), [1]);
        assert_eq!(found(&claims, "INV-1 INV-2", Some(1), 7), [0; 0]);
        assert_eq!(found(&claims, "INV-1 INV-2", None, 8), [0, 1]);
    }
}
