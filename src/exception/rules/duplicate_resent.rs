//! The same thing billed twice under numbers that have nothing in common, on either side: what bills the same of an order
//! that has no room for it, or what says the same line by line. Likeness of numbers is `DUPLICATE_FUZZY`.

use hashbrown::HashSet;
use rayon::slice::ParallelSliceMut as _;

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind};
use crate::exception::rule::{Page, Role, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, DocumentKind, Side};

pub const RULE: Rule = Rule {
    code: "DUPLICATE_RESENT",
    title: "The same thing billed again under another number",
    role: Role::Payables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "two bills of a supplier, or two own invoices to a customer, over an amount that no other one of theirs has, dated within `resent_days` of each other, and not credited since. Both bill the same of an order's lines, more than was ordered or received; or, without lines, come to over half as much again as the order. Or their order is in no table and on no other document; or neither has an order and their lines are the same: these two not about a month apart, as the first of a contract are",
        why: "a supplier's reminder with a new number is paid like any bill; an own invoice sent twice is disputed, and both are late",
        example: "R-207 and R-319 of one supplier both bill all 10 pieces of order PO1, twelve days apart",
        false_alarms: "a second purchase of the same goods without an order, or on a customer's order number that is in no table",
        action: "ask the sender which of the two stands; stop or credit the other",
    },
    run,
};

/// Days between two documents that are those of a month after another.
const MONTH_DAYS: std::ops::RangeInclusive<i32> = 25..=35;

/// A document that bills again what another does.
#[derive(Debug, Clone, Copy)]
pub(in crate::exception) struct Resent {
    /// Position of the one known later.
    pub(in crate::exception) at: usize,
    first: usize,
    what: What,
}

/// What both bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The same of an order that has no room for it.
    Order,
    /// An order that is printed on them only.
    Printed,
    /// The same lines.
    Lines,
}

fn run(case: &Case) -> Vec<Finding> {
    case.resent.iter().filter_map(|one| finding(case, *one)).collect()
}

fn finding(case: &Case, Resent { at, first, what }: Resent) -> Option<Finding> {
    let documents = &case.documents.documents;
    let (own, twin) = (documents.get(at)?, documents.get(first)?);
    let money = own.currency.display(own.amount.into());
    let order = || case.documents.order_of(at).map_or(own.order, |(_, order)| order.id);
    let (both, confidence) = match what {
        What::Order => (format!("the same of order {}, which has no room for both", case.text(order())), 85),
        What::Printed => (format!("order {}, which is on no other document", case.text(order())), 65),
        What::Lines => ("the same lines without an order".to_owned(), 50),
    };
    let sentence = format!(
        "{} of {} over {money} is likely {} of {} again under another number: both bill {both}",
        capital(&case.name(own)),
        own.stamp.happened,
        case.name(twin),
        twin.stamp.happened,
    );
    let kind = if twin.side == Side::Payable { Kind::Bill } else { Kind::Invoice };
    let finding = case.finding(&RULE, at, own).with(kind, case.text(twin.id));
    let finding = finding.figures("billed once".to_owned(), "billed twice".to_owned(), money);
    Some(finding.stake(own.amount).confidence(confidence).because(&sentence))
}

/// Documents that bill again what an earlier one does and that no other rule names as repeats.
pub(in crate::exception) fn repeats(case: &Case) -> Vec<Resent> {
    let documents = &case.documents.documents;
    let learned = case.learned.twins.iter().map(|twin| twin.bill);
    let named: HashSet<usize> = case.exact.iter().map(|(at, _)| *at).chain(learned).collect();
    let key = |at: &usize| documents.get(*at).map(|one| (one.side, one.party.at(), one.currency, one.amount));
    let asks = |at: &usize| documents.get(*at).is_some_and(|one| one.amount > 0);
    let mut standing: Vec<usize> = (0..documents.len()).filter(|at| asks(at) && case.counts(*at)).collect();
    standing.par_sort_unstable_by_key(|at| (key(at), *at));
    let groups = standing.chunk_by(|left, right| key(left) == key(right));
    let found = groups.filter_map(|group| of_group(case, group));
    let mut found: Vec<Resent> = found.filter(|one| !named.contains(&one.at)).collect();
    found.sort_unstable_by_key(|one| one.at);
    found
}

/// The repeat among documents of one party and amount, which stand in the order in which they became known. An amount that is
/// billed more often than twice is a fee.
fn of_group(case: &Case, group: &[usize]) -> Option<Resent> {
    let document = |at: &usize| case.documents.documents.get(*at);
    let is_credit = |at: &&usize| document(at).is_some_and(|one| one.kind == DocumentKind::CreditNote);
    let mut claims = group.iter().filter(|at| !is_credit(at));
    let (first, at) = (*claims.next()?, *claims.next()?);
    if claims.next().is_some() || !case.tolerance(&RULE, at, Word::EMPTY).is_on() {
        return None;
    }
    let (one, other) = (document(&first)?, document(&at)?);
    let since = one.stamp.happened.min(other.stamp.happened);
    let is_credited =
        group.iter().filter(is_credit).filter_map(document).any(|credit| credit.stamp.happened >= since);
    let apart = (one.stamp.happened.0 - other.stamp.happened.0).abs();
    let is_of_voucher = !one.voucher.is_empty() && one.voucher == other.voucher;
    if is_credited || is_of_voucher || one.id == other.id || apart > case.policy.settings.resent_days {
        return None;
    }
    let what = what(case, first, at, MONTH_DAYS.contains(&apart))?;
    Some(Resent { at, first, what })
}

/// What two documents both bill, if it is likely due once.
fn what(case: &Case, first: usize, at: usize, a_month_apart: bool) -> Option<What> {
    let documents = case.documents;
    let order = |at: usize| documents.order_of(at).map(|(order, _)| order);
    let (one, other) = (documents.documents.get(first)?, documents.documents.get(at)?);
    match (order(first), order(at)) {
        (Some(order), Some(same)) if order == same => {
            is_beyond(case, order, [first, at]).then_some(What::Order)
        }
        (None, None) if a_month_apart || one.order != other.order => None,
        (None, None) if !one.order.is_empty() => is_alone(case, one).then_some(What::Printed),
        (None, None) => has_same_lines(case, first, at).then_some(What::Lines),
        _ => None,
    }
}

/// Whether an order has no room for both of two documents that bill the same of it.
fn is_beyond(case: &Case, order: usize, both: [usize; 2]) -> bool {
    let documents = case.documents;
    let by_line = both.map(|at| {
        let lines = documents.lines_of(at);
        let mut billed: Vec<(usize, i64)> =
            lines.filter_map(|(at, line)| Some((documents.ordered_by(at)?.0, line.quantity))).collect();
        billed.sort_unstable();
        billed
    });
    if both.iter().all(|at| documents.lines_of(*at).next().is_some()) {
        let room = |ordered_at: usize| {
            let received = documents.receipts_of(ordered_at).iter().map(|one| i128::from(one.quantity)).sum();
            documents.order_lines.get(ordered_at).map_or(0, |line| i128::from(line.quantity)).max(received)
        };
        let is_over = |(ordered_at, quantity): &(usize, i64)| 2 * i128::from(*quantity) > room(*ordered_at);
        return by_line[0] == by_line[1] && by_line[0].iter().any(is_over);
    }
    let net = |at: usize| {
        documents.documents.get(at).map_or(0, |one| i128::from(one.amount) - i128::from(one.tax.unwrap_or(0)))
    };
    let sum: i128 = both.into_iter().map(net).sum();
    let ordered = documents.orders.get(order);
    let same_currency =
        |currency| documents.documents.get(both[0]).is_some_and(|one| one.currency == currency);
    // Half as much again: a tax that is not stated, or a total that was stated with it, explains less.
    ordered.is_some_and(|order| same_currency(order.currency) && 2 * sum > 3 * i128::from(order.amount))
}

/// Whether the order printed on a document is on one other claim of its party.
fn is_alone(case: &Case, document: &Document) -> bool {
    let range = case.documents.of_party(document.side, document.party);
    let own = range.clone().zip(case.documents.documents.get(range).unwrap_or_default());
    let bearing = own.filter(|(at, one)| {
        one.order == document.order && one.kind != DocumentKind::CreditNote && case.counts(*at)
    });
    bearing.count() == 2
}

fn has_same_lines(case: &Case, first: usize, at: usize) -> bool {
    let lines = |at: usize| {
        let lines = case.documents.lines_of(at);
        lines.map(|(_, line)| (line.item, line.description, line.quantity, line.unit_price, line.amount))
    };
    lines(first).next().is_some() && lines(first).eq(lines(at))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, found, stakes};

    const ALL: &str = "R1,10,A,,10,12.00,120.00,0.00,PO1,10\nX9,10,A,,10,12.00,120.00,0.00,PO1,10\n";

    /// Two bills over 120.00, the second of another day and with these orders.
    fn two(day: &str, order: &str) -> String {
        format!(
            "R1,S1,2025-01-10,2025-02-09,120.00,EUR,invoice,0.00,{order},net 30,2025-01-10,DE1\n\
             X9,S1,{day},,120.00,EUR,invoice,0.00,{order},net 30,{day},DE1\n"
        )
    }

    #[test]
    fn all_of_an_order_billed_twice_is_found_once_and_uses_up_nothing() {
        let twice = two("2025-01-22", "PO1");
        let found = billed("DUPLICATE_RESENT", &twice, ALL);
        assert_eq!(stakes(&found), [("X9", 12_000)]);
        assert_eq!(
            found[0].sentence,
            "Bill X9 of 2025-01-22 over 120.00 EUR is likely bill R1 of 2025-01-10 again under another number: both bill the same of order PO1, which has no room for both."
        );
        assert!(billed("QTY_OVER_ORDER", &twice, ALL).is_empty());
        // 240.00 is less than half as much again as 320.00; 2 x 300.00 is more.
        assert!(billed("DUPLICATE_RESENT", &twice, "").is_empty());
        let found = billed("DUPLICATE_RESENT", &twice.replace("120.00", "300.00"), "");
        assert_eq!(stakes(&found), [("X9", 30_000)]);
    }

    #[test]
    fn halves_of_an_order_other_lines_and_later_ones_pass() {
        let halves = ALL.replace(",10,12.00,120.00", ",5,24.00,120.00");
        assert!(billed("DUPLICATE_RESENT", &two("2025-01-22", "PO1"), &halves).is_empty());
        let other =
            ALL.replace("X9,10,A,,10,12.00,120.00,0.00,PO1,10", "X9,10,B,,10,12.00,120.00,0.00,PO1,20");
        assert!(billed("DUPLICATE_RESENT", &two("2025-01-22", "PO1"), &other).is_empty());
        assert!(billed("DUPLICATE_RESENT", &two("2025-03-12", "PO1"), ALL).is_empty(), "61 days");
    }

    #[test]
    fn what_was_credited_or_comes_three_times_passes() {
        let twice = two("2025-01-22", "PO1");
        let credit = "C1,S1,2025-01-15,2025-01-15,120.00,EUR,credit_note,0.00,,net 30,2025-01-15,DE1\n";
        assert!(billed("DUPLICATE_RESENT", &format!("{twice}{credit}"), ALL).is_empty());
        let third = "Q4,S1,2025-01-25,,120.00,EUR,invoice,0.00,,net 30,2025-01-25,DE1\n";
        assert!(billed("DUPLICATE_RESENT", &format!("{twice}{third}"), ALL).is_empty());
    }

    #[test]
    fn the_same_lines_without_an_order_are_found_but_not_a_month_apart() {
        let lines = ALL.replace("PO1,10\n", ",\n");
        let found = billed("DUPLICATE_RESENT", &two("2025-01-22", ""), &lines);
        assert_eq!(stakes(&found), [("X9", 12_000)]);
        assert!(billed("DUPLICATE_RESENT", &two("2025-02-10", ""), &lines).is_empty(), "31 days");
        let other = lines.replace("X9,10,A,,10,12.00", "X9,10,A,,8,15.00");
        assert!(billed("DUPLICATE_RESENT", &two("2025-01-22", ""), &other).is_empty());
        assert!(
            billed("DUPLICATE_RESENT", &two("2025-01-22", ""), "").is_empty(),
            "nothing is known of them"
        );
    }

    #[test]
    fn an_own_invoice_sent_twice_is_found_by_the_customers_order() {
        let invoices = |orders: [&str; 3]| {
            let [one, two, three] = orders;
            let text = format!(
                "id,customer,issued,due,amount,currency,order\nI1,C1,2025-03-03,2025-04-02,700.00,EUR,{one}\n\
                 I7,C1,2025-03-12,2025-04-11,700.00,EUR,{two}\nI8,C1,2025-03-12,2025-04-11,90.00,EUR,{three}\n"
            );
            let found = found("DUPLICATE_RESENT", &[("invoices.csv", &text)], &[], None);
            let named = found.iter().map(|one| (one.document.id.clone(), one.role.name(), one.stake));
            named.collect::<Vec<_>>()
        };
        assert_eq!(invoices(["4500", "4500", ""]), [("I7".to_owned(), "sales", 70_000)]);
        assert!(invoices(["4500", "4501", ""]).is_empty(), "two orders");
        assert!(invoices(["4500", "4500", "4500"]).is_empty(), "an order that is billed in parts");
        assert!(invoices(["", "", ""]).is_empty(), "nothing is known of them");
    }
}
