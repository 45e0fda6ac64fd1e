//! Many open items of one customer with one amount, as rents and subscriptions are.

use super::*;

/// Items and as many receipts of one amount and day, of which the first `naming` name their own item.
fn crowd(count: u32, naming: u32) -> (Vec<Item>, Vec<Receipt>) {
    let one = item(1_000, 3, 7_700);
    let alike = |number| Item { issued: one.issued, due: one.due, ..item(number, 3, 7_700) };
    let items: Vec<Item> = (1_000..1_000 + count).map(alike).collect();
    let day = one.due.plus(3);
    let paid = |at: u32| {
        let named = items.get(at as usize).filter(|_| at < naming);
        // Those that name theirs come last by number.
        Receipt { day, ..receipt(9_000 - at, 3, 7_700, named.as_slice()) }
    };
    let receipts = (0..count).map(paid).collect();
    (items, receipts)
}

#[test]
fn who_names_one_of_many_alike_has_it_and_the_others_have_the_rest() {
    let (items, receipts) = crowd(40, 15);
    let (proposals, leftovers) = apply(&items, &receipts);
    for (item, receipt) in items.iter().zip(&receipts).take(15) {
        let found = proposals.iter().find(|found| found.0.contains(&receipt.id));
        let found = found.unwrap_or_else(|| panic!("{} is left: {leftovers:?}", receipt.id));
        assert_eq!((&found.0, &found.1), (&vec![receipt.id.clone()], &vec![item.id.clone()]));
        assert_eq!(found.3, Standing::Automatic);
    }
    // Nothing tells the other invoices apart: each payment gets one, and somebody confirms it.
    for receipt in &receipts[15..] {
        let found = proposals.iter().find(|found| found.0.contains(&receipt.id));
        let found = found.unwrap_or_else(|| panic!("{} is left: {leftovers:?}", receipt.id));
        assert_eq!((found.1.len(), found.3), (1, Standing::Proposed));
    }
}

#[test]
fn nothing_repeats_a_payment_while_an_item_of_its_amount_is_open() {
    // More than a payment is compared with.
    let (items, receipts) = crowd(300, 0);
    let applied = model().apply(&items, &receipts, &Known::default(), SMALL);
    let open = items.len() - applied.proposals.len();
    let twice = |left: &&Leftover| matches!(left.why, Why::Duplicate { .. });
    assert_eq!((applied.leftovers.len(), applied.leftovers.iter().filter(twice).count()), (open, 0));
    // What names again the one that another payment settled is one, though another is open,
    let (items, mut receipts) = crowd(2, 1);
    receipts[1] = Receipt { day: receipts[0].day.plus(9), id: "again".to_owned(), ..receipts[0].clone() };
    let applied = model().apply(&items, &receipts, &Known::default(), SMALL);
    let left: Vec<Why> = applied.leftovers.iter().map(|left| left.why).collect();
    assert_eq!(left, [Why::Duplicate { of: 0, item: 0 }]);
    // and so is one payment more than there are items.
    let (items, mut receipts) = crowd(2, 2);
    receipts.push(Receipt { id: "again".to_owned(), day: receipts[1].day.plus(9), ..receipts[1].clone() });
    let applied = model().apply(&items, &receipts, &Known::default(), SMALL);
    let left: Vec<Why> = applied.leftovers.iter().map(|left| left.why).collect();
    assert_eq!(left, [Why::Duplicate { of: 1, item: 1 }]);
}
