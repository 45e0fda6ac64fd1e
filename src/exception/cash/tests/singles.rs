//! A past in which every payment settled one invoice: what the memo names and the amounts confirm is proposed all the same.

use super::*;

/// Learned from payments of one item each.
fn model() -> CashModel {
    let mut past = Past::default();
    for number in 0..150 {
        let (customer, amount) = (number % 10, 10_000 + i64::from(number) * 7_919 % 90_001);
        let one = item(number, customer, amount);
        let paid = receipt(number, customer, amount, &[&one]);
        past.add(vec![one], vec![paid]);
    }
    CashModel::learn(&past, 0.01, 7).unwrap()
}

/// What settles what, but for what is proposed as partial.
fn settled(items: &[Item], receipts: &[Receipt]) -> Vec<(Vec<u32>, Vec<u32>)> {
    let applied = model().apply(items, receipts, &Known::default(), SMALL);
    let settled = applied.proposals.into_iter().filter(|one| one.standing != Standing::Partial);
    settled.map(|one| (one.set.receipts, one.set.items)).collect()
}

#[test]
fn several_that_are_named_are_settled_together() {
    let items = [item(900, 3, 54_321), item(901, 3, 11_111), item(902, 3, 7_007), item(903, 5, 80_000)];
    let several = receipt(900, 3, 72_439, &[&items[0], &items[1], &items[2]]);
    let parts = [receipt(902, 5, 30_000, &[&items[3]]), receipt(903, 5, 50_000, &[&items[3]])];
    let receipts = [&[several][..], &parts].concat();
    assert_eq!(settled(&items, &receipts), [(vec![0], vec![0, 1, 2]), (vec![1, 2], vec![3])]);
}

#[test]
fn a_credit_note_is_set_off_against_what_is_named() {
    let items = [item(900, 3, 54_321), item(901, 3, -4_321), item(902, 3, -4_321), item(903, 3, 80_000)];
    let of = |named: &[&Item]| settled(&items, &[receipt(900, 3, 50_000, named)]);
    // 543.21 less 43.21 are 500.00: of two credit notes alike the older, or the one that is named.
    assert_eq!(of(&[&items[0]]), [(vec![0], vec![0, 1])]);
    assert_eq!(of(&[&items[0], &items[2]]), [(vec![0], vec![0, 2])]);
    // 800.00 less a credit note are not 500.00.
    assert!(of(&[&items[3]]).is_empty());
}
