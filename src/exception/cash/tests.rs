//! Cash application as a whole: learned from a made-up past, then applied to a day of receipts.

mod crowd;
mod guard;
mod singles;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::*;
use crate::exception::policy::tolerance::Tolerance;

const EUR: Currency = Currency::new(*b"EUR", 2);
const USD: Currency = Currency::new(*b"USD", 2);
const SMALL: Tolerance = Tolerance::Exact;

fn name(customer: u32) -> String {
    const FIRST: [&str; 8] = ["Bell", "Stone", "River", "Oak", "Harbour", "Summit", "Copper", "Meadow"];
    const SECOND: [&str; 5] = ["Tower", "Bridge", "Valley", "Works", "Mill"];
    format!("{} {} Ltd", FIRST[customer as usize % 8], SECOND[customer as usize % 5])
}

/// The item of this number. Neighbouring numbers have unlike references.
fn item(number: u32, customer: u32, amount: i64) -> Item {
    let issued = Day(18_000 + number as i32 % 300);
    Item {
        id: format!("item {number:05}"),
        references: vec![format!("RE-{:07}", u64::from(number) * 7_368_787 % 9_999_991)],
        customer: format!("C{customer}"),
        name: name(customer),
        amount,
        currency: EUR,
        issued,
        due: issued.plus(30),
        discount: None,
        held: false,
    }
}

/// What a customer pays for items: named in the memo, some days after the last is due.
fn receipt(number: u32, customer: u32, amount: i64, items: &[&Item]) -> Receipt {
    let memo = items.iter().map(|item| item.references.concat()).collect::<Vec<_>>().join(" ");
    Receipt {
        id: format!("receipt {number:05}"),
        customer: None,
        payer: name(customer).to_uppercase(),
        account: format!("DE{customer:018}"),
        memo,
        amount: Some(amount),
        currency: EUR,
        day: items.iter().map(|item| item.due).max().unwrap_or(Day(18_100)).plus(number as i32 % 9 - 2),
        held: None,
    }
}

impl Past {
    fn add(&mut self, items: Vec<Item>, receipts: Vec<Receipt>) {
        let set = Set {
            items: (self.items.len() as u32..).take(items.len()).collect(),
            receipts: (self.receipts.len() as u32..).take(receipts.len()).collect(),
        };
        self.items.extend(items);
        self.receipts.extend(receipts);
        self.sets.push(set);
    }
}

/// Sets of which a sixth pay two items at once and a sixth one item in two parts; items left open, receipts of strangers.
fn world(numbers: std::ops::Range<u32>) -> Past {
    let mut world = Past::default();
    for number in numbers {
        let (customer, amount) = (number % 20, 10_000 + i64::from(number) * 7_919 % 90_001);
        let (one, other) = (2 * number, 2 * number + 1);
        let first = item(one, customer, amount);
        match number % 6 {
            4 => {
                let second = item(other, customer, amount / 3 + 777);
                let both = receipt(one, customer, amount + second.amount, &[&first, &second]);
                world.add(vec![first, second], vec![both]);
            }
            5 => {
                let part = |number, amount| receipt(number, customer, amount, &[&first]);
                let parts = vec![part(one, amount / 5 * 2), part(other, amount - amount / 5 * 2)];
                world.add(vec![first], parts);
            }
            _ => {
                let whole = receipt(one, customer, amount, &[&first]);
                world.add(vec![first], vec![whole]);
                world.items.extend(number.is_multiple_of(3).then(|| item(other, customer, 2 * amount + 7)));
            }
        }
        world.receipts.extend(number.is_multiple_of(10).then(|| stranger(other + 50_000)));
    }
    world
}

/// A receipt that nobody knows, of an amount that nothing asks for.
fn stranger(number: u32) -> Receipt {
    let known = receipt(number, 0, 700_000 + i64::from(number), &[]);
    Receipt { payer: format!("Quartz{number} Zenith"), account: String::new(), ..known }
}

fn model() -> &'static CashModel {
    static MODEL: OnceLock<CashModel> = OnceLock::new();
    MODEL.get_or_init(|| CashModel::learn(&world(0..150), 0.01, 7).unwrap())
}

/// A proposal with names for positions.
type Named = (Vec<String>, Vec<String>, u64, Standing, Difference, Vec<String>);

fn named(applied: &Applied, items: &[Item], receipts: &[Receipt]) -> (BTreeSet<Named>, BTreeSet<String>) {
    let item = |at: u32| items[at as usize].id.clone();
    let receipt = |at: u32| receipts[at as usize].id.clone();
    let sorted = |ids: &mut dyn Iterator<Item = String>| ids.collect::<BTreeSet<_>>().into_iter().collect();
    let proposals = applied.proposals.iter().map(|proposal| {
        (
            sorted(&mut proposal.set.receipts.iter().map(|&at| receipt(at))),
            sorted(&mut proposal.set.items.iter().map(|&at| item(at))),
            proposal.confidence.to_bits(),
            proposal.standing,
            proposal.difference,
            proposal.reasons.clone(),
        )
    });
    let leftovers = applied.leftovers.iter().map(|left| match left.why {
        Why::Duplicate { of, item: at } => {
            format!("{} repeats {} for {}", receipt(left.receipt), receipt(of), item(at))
        }
        why => format!("{} {why:?}", receipt(left.receipt)),
    });
    (proposals.collect(), leftovers.collect())
}

/// Applies the model to other sets than it has learned from and these, which come last.
fn apply(items: &[Item], receipts: &[Receipt]) -> (BTreeSet<Named>, BTreeSet<String>) {
    let mut today = world(200..230);
    today.items.extend_from_slice(items);
    today.receipts.extend_from_slice(receipts);
    let applied = model().apply(&today.items, &today.receipts, &Known::default(), SMALL);
    named(&applied, &today.items, &today.receipts)
}

/// The proposal for a receipt.
fn proposal(items: &[Item], receipts: &[Receipt]) -> Named {
    let (proposals, leftovers) = apply(items, receipts);
    let own = |proposal: &Named| proposal.0.contains(&receipts[0].id);
    proposals.into_iter().find(own).unwrap_or_else(|| panic!("no proposal: {leftovers:?}"))
}

fn ids(items: &[Item]) -> Vec<String> {
    items.iter().map(|item| item.id.clone()).collect()
}

#[test]
fn a_receipt_that_names_its_item_is_automatic_unless_the_item_is_held() {
    let item = item(900, 3, 54_321);
    let receipt = receipt(900, 3, 54_321, &[&item]);
    for (held, standing) in [(false, Standing::Automatic), (true, Standing::Proposed)] {
        let item = Item { held, ..item.clone() };
        let found = proposal(std::slice::from_ref(&item), std::slice::from_ref(&receipt));
        assert_eq!((found.1, found.3), (ids(&[item]), standing));
        assert_eq!(found.4, Difference { short: Some(0), cause: Cause::None });
    }
}

#[test]
fn two_items_may_have_one_receipt_and_one_item_two() {
    let items = [item(900, 3, 54_321), item(901, 3, 11_111)];
    let both = receipt(900, 3, 65_432, &[&items[0], &items[1]]);
    // With the numbers or without: the amounts add up.
    for receipt in [both.clone(), Receipt { memo: String::new(), ..both }] {
        let found = proposal(&items, &[receipt]);
        assert_eq!(found.1, ids(&items));
        assert_ne!(found.3, Standing::Partial);
    }
    let item = item(902, 5, 80_000);
    let parts = [receipt(902, 5, 30_000, &[&item]), receipt(903, 5, 50_000, &[&item])];
    let found = proposal(std::slice::from_ref(&item), &parts);
    assert_eq!((found.0.len(), found.1), (2, ids(&[item])));
    assert_eq!(found.4.short, Some(0));
    assert_ne!(found.3, Standing::Partial);
}

#[test]
fn a_stranger_is_unidentified_and_a_known_payer_unapplied() {
    let known = receipt(905, 3, 912_345, &[]);
    let (_, leftovers) = apply(&[], &[stranger(904), known]);
    assert!(leftovers.contains("receipt 00904 Unidentified"), "{leftovers:?}");
    assert!(leftovers.contains("receipt 00905 Unapplied"), "{leftovers:?}");
}

#[test]
fn a_second_payment_names_the_first() {
    let item = item(900, 3, 54_321);
    let first = receipt(909, 3, 54_321, &[&item]);
    // The later one has the lower number: the day decides.
    let second = Receipt { id: "receipt 00908".to_owned(), day: first.day.plus(20), ..first.clone() };
    let (proposals, leftovers) = apply(&[item], &[second, first]);
    assert!(leftovers.contains("receipt 00908 repeats receipt 00909 for item 00900"), "{leftovers:?}");
    assert!(proposals.iter().any(|found| found.0 == ["receipt 00909"] && found.3 == Standing::Automatic));
}

#[test]
fn a_short_pay_is_not_automatic_and_says_by_how_much() {
    let item = item(900, 3, 50_000);
    let receipt = receipt(900, 3, 45_000, &[&item]);
    let found = proposal(&[item], &[receipt]);
    assert_eq!(found.3, Standing::Partial);
    assert_eq!(found.4, Difference { short: Some(5_000), cause: Cause::Deduction });
    assert!(found.5.iter().any(|reason| reason == "50.00 EUR of 500.00 EUR was kept back"), "{:?}", found.5);
}

#[test]
fn what_a_payer_names_goes_before_what_adds_up() {
    // The receipt names the first and is 50.00 short of it; the second asks for just what was paid.
    let items = [item(900, 3, 50_000), item(901, 3, 45_000)];
    let receipt = receipt(900, 3, 45_000, &[&items[0]]);
    let found = proposal(&items, &[receipt]);
    assert_eq!((found.1, found.3), (ids(&items[..1]), Standing::Partial));
}

#[test]
fn of_several_items_that_a_payer_names_none_is_left_out() {
    // 200.00 are kept back of two items, and the rest is more than either asks for.
    let items = [item(900, 3, 50_000), item(901, 3, 30_000)];
    let short = receipt(900, 3, 60_000, &[&items[0], &items[1]]);
    let found = proposal(&items, &[short]);
    assert_eq!((found.1, found.3), (ids(&items), Standing::Partial));
    // The last of three is issued the day after the money came in.
    let paid = receipt(902, 5, 90_000, &[]).day;
    let item = |number, amount, issued| Item { issued, due: issued.plus(30), ..item(number, 5, amount) };
    let items = [
        item(902, 40_000, paid.plus(-20)),
        item(903, 35_000, paid.plus(-10)),
        item(904, 15_000, paid.plus(1)),
    ];
    let all = receipt(902, 5, 90_000, &[&items[0], &items[1], &items[2]]);
    let found = proposal(&items, &[Receipt { day: paid, ..all }]);
    assert_eq!((found.1, found.4.short), (ids(&items), Some(0)));
    assert_ne!(found.3, Standing::Partial);
}

#[test]
fn an_amount_that_a_sum_asks_for_too_is_not_booked_unseen() {
    // 543.21 is asked for by one item, and by two others together.
    let one = item(900, 3, 54_321);
    let parts = [item(901, 3, 34_320), item(902, 3, 20_001)];
    let unnamed = receipt(900, 3, 54_321, &[]);
    let alone = proposal(std::slice::from_ref(&one), std::slice::from_ref(&unnamed));
    assert_eq!((alone.1, alone.3), (ids(std::slice::from_ref(&one)), Standing::Automatic));
    let rivalled = proposal(&[&parts[..], std::slice::from_ref(&one)].concat(), &[unnamed]);
    assert_eq!(rivalled.3, Standing::Proposed);
}

#[test]
fn an_amount_alone_of_a_payer_that_nobody_knows_is_not_booked_unseen() {
    let one = [item(900, 3, 54_321)];
    let known = receipt(900, 3, 54_321, &[]);
    let unknown = Receipt { payer: "Quartz Zenith".to_owned(), account: String::new(), ..known.clone() };
    // The amount is asked for but once, and to the last unit.
    assert_eq!(proposal(&one, &[known]).3, Standing::Automatic);
    let (found, _) = apply(&one, std::slice::from_ref(&unknown));
    let automatic = |found: &Named| found.3 == Standing::Automatic && found.0.contains(&unknown.id);
    assert!(!found.iter().any(automatic), "{found:?}");
    let named = Receipt { memo: one[0].references.concat(), ..unknown };
    assert_eq!(proposal(&one, &[named]).3, Standing::Automatic);
}

#[test]
fn a_credit_note_is_set_off_once_and_not_unseen() {
    let items = [item(900, 3, 54_321), item(901, 3, 80_000), item(902, 3, -4_321)];
    let net = receipt(900, 3, 50_000, &[&items[0]]);
    // The same is kept back from the other invoice.
    let again = receipt(910, 3, 75_679, &[&items[1]]);
    let (proposals, _) = apply(&items, &[net, again]);
    let of = |id: &str| proposals.iter().find(|found| found.0 == [id]).unwrap();
    let (first, second) = (of("receipt 00900"), of("receipt 00910"));
    let uses = |found: &Named| found.1.contains(&items[2].id);
    assert!(uses(first) != uses(second), "{first:?} {second:?}");
    let (net, short) = if uses(first) { (first, second) } else { (second, first) };
    assert_eq!((net.3, net.4), (Standing::Proposed, Difference { short: Some(0), cause: Cause::None }));
    assert!(net.5.iter().any(|reason| reason == "43.21 EUR of item 00902 is set off"), "{:?}", net.5);
    assert_eq!((short.3, short.4.cause), (Standing::Partial, Cause::Deduction));
}

#[test]
fn a_credit_note_is_set_off_as_well_where_the_memo_names_it() {
    let items = [item(900, 3, 50_137), item(902, 3, -7_111), item(904, 3, -7_111)];
    let net = receipt(900, 3, 43_026, &[&items[0]]);
    // 501.37 less 71.11 are 430.26; of two credit notes alike the one that is named.
    for credit in [&items[1], &items[2]] {
        let number = credit.references.concat();
        for text in [number.clone(), format!("less credit note {number}")] {
            let named = Receipt { memo: format!("{} {text}", net.memo), ..net.clone() };
            let found = proposal(&items, &[named]);
            assert_eq!(found.1, [items[0].id.clone(), credit.id.clone()], "{text}: {:?}", found.5);
            assert_eq!((found.3, found.4.short), (Standing::Proposed, Some(0)));
            assert!(!found.5.iter().any(|reason| reason.contains("against it")), "{:?}", found.5);
        }
    }
}

#[test]
fn a_credit_note_alone_is_settled_by_nothing() {
    let credit = item(900, 3, -54_321);
    let receipt = receipt(900, 3, 54_321, &[&credit]);
    let (proposals, leftovers) = apply(&[credit], &[receipt]);
    assert!(proposals.iter().all(|found| found.0 != ["receipt 00900"]));
    assert!(leftovers.contains("receipt 00900 Unapplied"), "{leftovers:?}");
}

#[test]
fn without_an_amount_nothing_is_booked_unseen() {
    let item = item(900, 3, 54_321);
    let receipt = Receipt { amount: None, ..receipt(900, 3, 54_321, &[&item]) };
    let found = proposal(std::slice::from_ref(&item), &[receipt]);
    assert_eq!((found.1, found.3), (ids(&[item]), Standing::Proposed));
}

/// Sets with doubtful ones among them: paid twice, short, without a memo, and without an amount.
fn crowded() -> Past {
    let mut past = world(300..350);
    let again = |receipt: &Receipt| Receipt {
        id: format!("{} again", receipt.id),
        amount: receipt.amount.map(|amount| amount - 300),
        ..receipt.clone()
    };
    let again: Vec<Receipt> = past.receipts.iter().step_by(3).map(again).collect();
    past.receipts.extend(again);
    past.receipts.iter_mut().step_by(4).for_each(|receipt| receipt.memo.clear());
    past.receipts.iter_mut().step_by(5).for_each(|receipt| receipt.amount = None);
    past
}

#[test]
fn nothing_has_two_owners_and_nothing_is_lost() {
    let past = crowded();
    let applied = model().apply(&past.items, &past.receipts, &Known::default(), SMALL);
    let sets = || applied.proposals.iter().map(|proposal| &proposal.set);
    let mut items: Vec<u32> = sets().flat_map(|set| set.items.clone()).collect();
    items.sort_unstable();
    assert!(items.windows(2).all(|pair| pair[0] < pair[1]), "an item has two owners");
    let left = applied.leftovers.iter().map(|left| left.receipt);
    let mut receipts: Vec<u32> = sets().flat_map(|set| set.receipts.clone()).chain(left).collect();
    receipts.sort_unstable();
    assert_eq!(receipts, (0..past.receipts.len() as u32).collect::<Vec<_>>());
    assert!(sets().all(|set| set.items.len().min(set.receipts.len()) == 1));
}

#[test]
fn order_of_rows_threads_and_storage_change_nothing() {
    let mut past = crowded();
    let on_threads = |threads: usize, model: &CashModel, past: &Past| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let applied = pool.install(|| model.apply(&past.items, &past.receipts, &Known::default(), SMALL));
        named(&applied, &past.items, &past.receipts)
    };
    let expected = on_threads(1, model(), &past);
    assert_eq!(on_threads(2, model(), &past), expected);
    let stored: CashModel = serde_json::from_str(&serde_json::to_string(model()).unwrap()).unwrap();
    assert_eq!(on_threads(2, &stored, &past), expected);
    past.items.reverse();
    past.receipts.rotate_left(17);
    assert_eq!(on_threads(2, model(), &past), expected);
}

#[test]
fn currencies_do_not_mix() {
    let item = item(900, 3, 54_321);
    let receipt = Receipt { currency: USD, ..receipt(900, 3, 54_321, &[&item]) };
    let (proposals, leftovers) = apply(&[item], &[receipt]);
    assert!(proposals.iter().all(|found| !found.0.contains(&"receipt 00900".to_owned())));
    assert!(leftovers.contains("receipt 00900 Unapplied"), "{leftovers:?}");
}

#[test]
fn no_input_is_too_strange() {
    let base = item(900, 3, 54_321);
    let paid = receipt(900, 3, 54_321, &[&base]);
    assert!(model().apply(&[], &[], &Known::default(), SMALL).leftovers.is_empty());
    assert!(model().apply(std::slice::from_ref(&base), &[], &Known::default(), SMALL).proposals.is_empty());
    assert_eq!(model().apply(&[], std::slice::from_ref(&paid), &Known::default(), SMALL).leftovers.len(), 1);
    let discount = Some(Discount { amount: i64::MIN, until: Day(i32::MAX) });
    let amounts = [0, 1, -1, 54_321, -54_321, i64::MAX, i64::MAX, i64::MIN];
    let texts = [String::new(), " ".repeat(10_000), "RE 1234567 ".repeat(909), "語".repeat(10_000)];
    let mut past = Past::default();
    for (at, (text, amount)) in texts.iter().flat_map(|text| amounts.map(|amount| (text, amount))).enumerate()
    {
        let (id, day) = (format!("{at:02}"), Day(if at % 2 == 0 { i32::MIN } else { i32::MAX }));
        let (name, references) = (text.clone(), vec![text.clone(), base.references.concat()]);
        past.items.push(Item {
            id: id.clone(),
            name,
            references,
            amount,
            due: day,
            discount,
            ..base.clone()
        });
        let (payer, memo) = (text.clone(), format!("{} {text}", paid.memo));
        past.receipts.push(Receipt { id, payer, memo, amount: Some(amount), day, ..paid.clone() });
    }
    let applied = model().apply(&past.items, &past.receipts, &Known::default(), SMALL);
    let nothing = |set: &Set| set.receipts.iter().any(|&at| past.receipts[at as usize].amount <= Some(0));
    assert!(!applied.proposals.iter().any(|proposal| nothing(&proposal.set)), "no money settles nothing");
    let returned = applied.leftovers.iter().filter(|left| left.why == Why::Held(Hold::Returned)).count();
    assert_eq!(returned, 4 * 4, "four of the amounts bring nothing, with each text");
    past.sets.push(Set { receipts: vec![0, 9], items: vec![9, 0] });
    assert!(CashModel::learn(&past, 0.01, 1).is_err(), "too little to learn from");
    assert!(CashModel::learn(&Past::default(), 0.01, 1).is_err());
}
