//! What speaks against a set keeps it from being booked unseen: each case is automatic but for the one thing.

use super::*;
use crate::exception::cash::payer::{By, Habit};

/// A customer of whom nothing is open.
fn closed_customer() -> Customer {
    let [number, name, account] = ["C-7700", "Granite Park Ltd", "GB 77 0000 1111"].map(str::to_owned);
    Customer { number, name, account }
}

/// A settled invoice.
fn settled(id: &str, customer: &str) -> Closed {
    let (id, customer) = (id.to_owned(), customer.to_owned());
    Closed { references: vec![id.clone()], id, customer, paid_by: Vec::new() }
}

fn known(closed: Vec<Closed>) -> Known {
    Known { customers: vec![closed_customer()], closed }
}

/// A habit of the closed customer's name or account, or of what is booked to it, to pay for customer 3.
fn habit(by: By, customer: &str, times: u32) -> Habit {
    let payer = match by {
        By::Name => "granite park",
        By::Account => "GB7700001111",
        By::Stated => "C-7700",
    };
    Habit { by, payer: payer.to_owned(), customer: customer.to_owned(), times }
}

/// Standing and reasons of the set that the receipt is in.
fn judged(items: &[Item], receipt: &Receipt, known: &Known, habits: &[Habit]) -> (Standing, String) {
    let mut model = model().clone();
    model.habits.extend_from_slice(habits);
    let mut today = world(200..230);
    today.items.extend_from_slice(items);
    today.receipts.push(receipt.clone());
    let applied = model.apply(&today.items, &today.receipts, known, SMALL);
    let at = today.receipts.len() as u32 - 1;
    let found = applied.proposals.iter().find(|one| one.set.receipts.contains(&at)).unwrap();
    let settles = found.set.items.iter().map(|&at| &today.items[at as usize].id);
    assert!(settles.eq([&items[0].id]), "{found:?}");
    (found.standing, found.reasons.join("; "))
}

fn assert_booked(items: &[Item], receipt: &Receipt, known: &Known, habits: &[Habit]) {
    let (standing, reasons) = judged(items, receipt, known, habits);
    assert_eq!(standing, Standing::Automatic, "{reasons}");
    assert!(!reasons.contains("against it"), "{reasons}");
}

fn assert_asked(items: &[Item], receipt: &Receipt, known: &Known, habits: &[Habit], reason: &str) {
    let (standing, reasons) = judged(items, receipt, known, habits);
    assert_eq!(standing, Standing::Proposed, "{reasons}");
    assert!(reasons.contains(&format!("against it: {reason}")), "{reasons}");
}

#[test]
fn money_of_another_customer_is_not_booked_unseen() {
    let items = [item(900, 3, 54_321)];
    let own = receipt(900, 3, 54_321, &[&items[0]]);
    let known = known(Vec::new());
    assert_booked(&items, &own, &known, &[]);
    let booked = Receipt { customer: Some("C-7700".to_owned()), ..own.clone() };
    let named = Receipt { payer: "GRANITE PARK LTD.".to_owned(), ..own.clone() };
    let from = Receipt { account: "GB77 00001111".to_owned(), ..own.clone() };
    for (receipt, by, reason) in [
        (&booked, By::Stated, "the payment is booked to customer Granite Park Ltd (C-7700)"),
        (&named, By::Name, "payer `GRANITE PARK LTD.` is named like customer Granite Park Ltd (C-7700)"),
        (&from, By::Account, "the payer's account is that of customer Granite Park Ltd (C-7700)"),
    ] {
        assert_asked(&items, receipt, &known, &[], reason);
        // Once may have been a slip; twice it is a habit.
        assert_asked(&items, receipt, &known, &[habit(by, "C3", 1)], reason);
        assert_booked(&items, receipt, &known, &[habit(by, "C3", 2)]);
    }
    // An account on file for both is as good as a habit.
    let mut both = known.clone();
    both.customers.push(Customer { number: "C3".to_owned(), name: name(3), ..closed_customer() });
    assert_booked(&items, &from, &both, &[]);
    // A customer that is on no list is another one too.
    let unknown = Receipt { customer: Some("C-8811".to_owned()), ..own };
    assert_asked(&items, &unknown, &known, &[], "the payment is booked to customer C-8811");
}

/// Two companies of a group may have one name but for the legal form, and both pay.
#[test]
fn a_name_that_is_another_customers_to_the_legal_form_is_asked_about() {
    let items = [item(900, 3, 54_321)];
    let sister = Customer { name: name(3).replace("Ltd", "GmbH"), ..closed_customer() };
    let known = Known { customers: vec![sister.clone()], closed: Vec::new() };
    let own = Receipt { account: String::new(), ..receipt(900, 3, 54_321, &[&items[0]]) };
    assert_booked(&items, &own, &known, &[]);
    let hers = Receipt { payer: sister.name.to_uppercase(), ..own };
    let reason = format!("payer `{}` is named like customer {} (C-7700)", hers.payer, sister.name);
    assert_asked(&items, &hers, &known, &[], &reason);
    // From the account that this customer always pays from, the form was written wrongly; a form of nobody's says nothing.
    let account = receipt(900, 3, 54_321, &[&items[0]]).account;
    assert_booked(&items, &Receipt { account, ..hers.clone() }, &known, &[]);
    assert_booked(&items, &Receipt { payer: hers.payer.replace("GMBH", "AG"), ..hers }, &known, &[]);
}

#[test]
fn a_payer_that_was_seen_to_pay_only_for_others_is_asked_about() {
    let items = [item(900, 3, 54_321)];
    let own = receipt(900, 3, 54_321, &[&items[0]]);
    let pool = Receipt { payer: "ZX POOL".to_owned(), account: String::new(), ..own };
    let paid =
        |customer: &str, times| Habit { payer: "zx pool".to_owned(), ..habit(By::Name, customer, times) };
    let known = known(Vec::new());
    // Nobody knows who that is; or it is known to pay for this customer, among others.
    assert_booked(&items, &pool, &known, &[]);
    assert_booked(&items, &pool, &known, &[paid("C3", 1)]);
    assert_booked(&items, &pool, &known, &[paid("C3", 2), paid("C-7700", 9)]);
    let reason = "payer `ZX POOL` was seen to pay for customer Granite Park Ltd (C-7700)";
    assert_asked(&items, &pool, &known, &[paid("C-7700", 1)], reason);
    assert_asked(&items, &pool, &known, &[paid("C3", 1), paid("C-7700", 9)], reason);
}

#[test]
fn an_account_that_another_used_today_is_asked_about() {
    let items = [item(900, 3, 54_321), item(901, 5, 70_000)];
    let own = receipt(900, 3, 54_321, &[&items[0]]);
    // Customer 5 pays, by its very name, from an account; then money comes from there without a name.
    let account = "FR7612345".to_owned();
    let other = Receipt { account: account.clone(), ..receipt(901, 5, 70_000, &[&items[1]]) };
    let nameless = Receipt { payer: String::new(), account, ..own };
    let today = Past { items: items.to_vec(), receipts: vec![nameless, other], sets: Vec::new() };
    let applied = model().apply(&today.items, &today.receipts, &Known::default(), SMALL);
    let standing = |at: u32| applied.proposals.iter().find(|one| one.set.receipts == [at]).unwrap().standing;
    assert_eq!([standing(0), standing(1)], [Standing::Proposed, Standing::Automatic]);
}

#[test]
fn money_whose_memo_names_something_else_too_is_not_booked_unseen() {
    let own = item(900, 3, 54_321);
    let receipt = receipt(900, 3, 54_321, &[&own]);
    let known = known(vec![settled("RE-5550123", "C3"), settled("RE-5550124", "C5"), settled("RE-77", "C3")]);
    let others = [
        Item { currency: USD, ..item(901, 3, 80_000) },
        item(902, 5, 70_000),
        item(903, 3, 44_000),
        item(904, 3, -9_000),
    ];
    let items = [&[own], &others[..]].concat();
    let with = |text: &str| Receipt { memo: format!("{} {text}", receipt.memo), ..receipt.clone() };
    assert_booked(&items, &receipt, &known, &[]);
    for other in &others {
        let reason = format!("the memo names {} of {} ({})", other.id, other.name, other.customer);
        assert_asked(&items, &with(&other.references[0]), &known, &[], &reason);
    }
    for (text, reason) in [
        ("RE 5550123", "the memo names RE-5550123 of Oak Works Ltd (C3), which is not open"),
        ("RE5550124", "the memo names RE-5550124 of Summit Tower Ltd (C5), which is not open"),
        ("RE-77", "the memo names RE-77 of Oak Works Ltd (C3), which is not open"),
        ("for Granite-Park", "the memo names customer Granite Park Ltd (C-7700)"),
        ("acct C7700", "the memo names customer Granite Park Ltd (C-7700)"),
    ] {
        assert_asked(&items, &with(text), &known, &[], reason);
    }
    // Only words that are whole name something, and those of the own customer are none of another.
    for text in ["RE-55501230", "5550123", "Granite", "Oak Works", "C3"] {
        assert_booked(&items, &with(text), &known, &[]);
    }
}

#[test]
fn a_number_within_the_own_one_and_one_this_payment_paid_name_nothing_else() {
    let items = [Item { references: vec!["RE-2024-7368".to_owned()], ..item(900, 3, 54_321) }];
    let receipt = receipt(900, 3, 54_321, &[&items[0]]);
    // The number without its letters is another one's.
    assert_booked(&items, &receipt, &known(vec![settled("2024-7368", "C5")]), &[]);
    let memo = format!("{} RE-2024-1112", receipt.memo);
    let both = Receipt { memo, ..receipt };
    let closed = settled("RE-2024-1112", "C3");
    let reason = "the memo names RE-2024-1112 of Oak Works Ltd (C3), which is not open";
    assert_asked(&items, &both, &known(vec![closed.clone()]), &[], reason);
    let paid_by = vec![both.id.clone()];
    assert_booked(&items, &both, &known(vec![Closed { paid_by, ..closed }]), &[]);
}

#[test]
fn a_short_number_is_a_strangers_by_accident_only_where_all_else_is_sure() {
    let items = [item(900, 3, 54_321)];
    let receipt = receipt(900, 3, 54_321, &[&items[0]]);
    let dated = Receipt { memo: format!("{} 250630", receipt.memo), ..receipt };
    let of = |id: &str, customer: &str| known(vec![settled(id, customer)]);
    assert_booked(&items, &dated, &of("250630", "C5"), &[]);
    let own = "the memo names 250630 of Oak Works Ltd (C3), which is not open";
    assert_asked(&items, &dated, &of("250630", "C3"), &[], own);
    // Ten short, who paid is not known, or the invoice itself is not named.
    let strangers = "the memo names 250630 of Summit Tower Ltd (C5), which is not open";
    let short = Receipt { amount: Some(54_311), ..dated.clone() };
    let unknown = Receipt { payer: String::new(), account: String::new(), ..dated.clone() };
    let unnamed = Receipt { memo: "250630".to_owned(), ..dated };
    for receipt in [short, unknown, unnamed] {
        assert_asked(&items, &receipt, &of("250630", "C5"), &[], strangers);
    }
}

#[test]
fn a_payment_that_names_its_payers_own_invoice_takes_no_strangers() {
    let of = |reference: &str, item: Item| Item { references: vec![reference.to_owned()], ..item };
    let foreign = Item { currency: USD, ..of("RE-5550016", item(900, 3, 555_503)) };
    let strangers = of("RE-5550017", item(901, 5, 555_504));
    let own = item(902, 3, 555_503);
    let paying = |memo: &str| Receipt { memo: memo.to_owned(), ..receipt(900, 3, 555_503, &[]) };
    let mut known = known(vec![settled("RE-5550018", "C3")]);
    let (number, name) = (own.customer.clone(), own.name.clone());
    known.customers.push(Customer { number, name, account: String::new() });
    let left = |items: &[Item], memo: &str| {
        let applied = model().apply(items, &[paying(memo)], &known, SMALL);
        applied.leftovers.first().map(|left| left.why)
    };
    // Its own in another currency, and its own settled one: the next number is another customer's.
    assert_eq!(left(&[foreign.clone(), strangers.clone()], "RE-5550016"), Some(Why::Unapplied));
    assert_eq!(left(&[strangers], "RE 5550018"), Some(Why::Unidentified));
    // Another of its own is asked about.
    for memo in ["", "RE-5550016", "RE-5550018", "for Granite Park"] {
        assert_eq!(left(&[foreign.clone(), own.clone()], memo), None, "{memo}");
    }
}
