//! Cases made by hand, among bills of three suppliers that repeat nothing but a rent.

use super::*;
use crate::base::day::Day;
use crate::base::money::Currency;

const EUR: Currency = Currency::new(*b"EUR", 2);

fn bill(number: &str, supplier: u32, day: i32, amount: i64) -> Bill<'_> {
    let (name, account) = match supplier {
        0 => ("Northern Tools Ltd", "DE111111122222"),
        1 => ("Harbour Paper GmbH", "DE333333344444"),
        2 => ("City Estates", "DE555555566666"),
        _ => ("Northern-Tools", "DE111111122222"),
    };
    let day = Day(18_000 + day);
    Bill {
        number,
        supplier,
        name,
        account,
        issued: day,
        posted: day.plus(2),
        amount,
        currency: EUR,
        order: "",
        voucher: "",
        kind: BillKind::Invoice,
    }
}

/// Numbers of the usual bills.
fn numbers() -> Vec<String> {
    (0..400).map(|nth| format!("{}-{:05}", ["T", "HP", "RENT"][nth % 3], 1_000 + 17 * nth)).collect()
}

/// Every supplier bills weekly; the third always the same rent.
fn usual(numbers: &[String]) -> Vec<Bill<'_>> {
    let each = numbers.iter().enumerate();
    each.map(|(nth, number)| {
        let supplier = (nth % 3) as u32;
        let amount = if supplier == 2 { 250_000 } else { 10_007 + 7_919 * nth as i64 };
        bill(number, supplier, nth as i32 / 3 * 7, amount)
    })
    .collect()
}

fn judge() -> Judge {
    Judge::learn(&usual(&numbers()), &[], 365, 1).unwrap()
}

/// Findings of the usual bills with these added, as copy, twin and kind; positions count from the first added.
fn found(added: &[Bill]) -> Vec<(usize, usize, Kind)> {
    let numbers = numbers();
    let usual = usual(&numbers);
    let bills: Vec<Bill> = usual.iter().chain(added).copied().collect();
    let findings = Search::default().find(&bills, &judge());
    let first = usual.len();
    findings.iter().map(|finding| (finding.bill - first, finding.twin - first, finding.kind)).collect()
}

#[test]
fn a_ledger_without_duplicates_has_none_though_it_has_a_rent() {
    assert_eq!(found(&[]), []);
}

#[test]
fn each_kind_is_found_and_names_its_twin() {
    let one = bill("T-77031", 0, 500, 1_234_567);
    for (number, kind) in [
        ("t77031", Kind::Exact),
        ("T-77031", Kind::Exact),
        ("T-77O31", Kind::Fuzzy),
        ("T-77031A", Kind::Fuzzy),
        ("T-70731", Kind::Fuzzy),
    ] {
        let copy = Bill { number, posted: one.posted.plus(6), ..one };
        assert_eq!(found(&[one, copy]), [(1, 0, kind)], "{number}");
    }
    let double = Bill { supplier: 3, name: "Northern-Tools", posted: one.posted.plus(6), ..one };
    assert_eq!(found(&[one, double]), [(1, 0, Kind::Vendor)]);
}

#[test]
fn the_next_of_a_rent_and_another_purchase_are_no_duplicates() {
    assert_eq!(found(&[bill("RENT-91000", 2, 960, 250_000), bill("RENT-91017", 2, 967, 250_000)]), []);
    assert_eq!(found(&[bill("T-91000", 0, 500, 555_501), bill("T-93411", 0, 640, 555_501)]), []);
    // Two lines of one bill.
    assert_eq!(found(&[bill("T-91000", 0, 500, 555_501), bill("T-91000", 0, 500, 81_203)]), []);
}

#[test]
fn what_a_credit_note_took_back_is_not_at_stake() {
    let one = bill("T-77031", 0, 500, 1_234_567);
    let copy = Bill { posted: one.posted.plus(6), ..one };
    let credit = Bill { number: "C-1", kind: BillKind::CreditNote, posted: one.posted.plus(20), ..one };
    assert_eq!(found(&[one, copy, credit]), []);
    let other = Bill { amount: 999, ..credit };
    assert_eq!(found(&[one, copy, other]), [(1, 0, Kind::Exact)]);
}

#[test]
fn an_exempt_supplier_is_left_alone() {
    let one = bill("T-77031", 0, 500, 1_234_567);
    let bills = [one, Bill { posted: one.posted.plus(6), ..one }];
    let judge = judge();
    assert_eq!(Search::default().find(&bills, &judge).len(), 1);
    let search = Search { exempt: BTreeSet::from([0]), ..Search::default() };
    assert!(search.find(&bills, &judge).is_empty());
}

#[test]
fn two_parts_are_named_with_their_whole_and_sums_by_chance_are_not() {
    let whole = Bill { order: "PO-1", ..bill("T-77031", 0, 500, 1_234_567) };
    let first = Bill { order: "PO-1", ..bill("T-77048", 0, 505, 1_000_001) };
    let second = Bill { order: "PO-1", ..bill("T-77065", 0, 509, 234_566) };
    assert_eq!(found(&[whole, first, second]), [(1, 0, Kind::Split), (2, 0, Kind::Split)]);
    let late = Bill { order: "PO-1", ..bill("T-77031", 0, 520, 1_234_567) };
    assert_eq!(found(&[late, first, second]), [(0, 1, Kind::Split)]);
    // In whole hundreds of a small range some two of fifty amounts always make a third.
    let texts: Vec<String> = (0..50).map(|nth| format!("H-{nth:03}")).collect();
    let round: Vec<Bill> = texts
        .iter()
        .zip(0..)
        .map(|(number, nth)| bill(number, 7, nth, 10_000 * i64::from(nth + 1)))
        .collect();
    assert_eq!(found(&round), []);
}

#[test]
fn the_order_of_rows_and_the_numbers_of_suppliers_do_not_matter() {
    let numbers = numbers();
    let mut bills = usual(&numbers);
    let one = bill("T-77031", 0, 500, 1_234_567);
    bills.push(one);
    bills.push(Bill { number: "T-77O31", posted: one.posted.plus(6), ..one });
    let mut turned: Vec<Bill> = bills.iter().rev().copied().collect();
    for bill in &mut turned {
        bill.supplier = 90 - bill.supplier;
    }
    let judged = |bills: &[Bill]| {
        let judge = Judge::learn(bills, &[], 365, 1).unwrap();
        let findings = Search::default().find(bills, &judge);
        findings
            .into_iter()
            .map(|finding| (finding.bill, finding.twin, finding.probability))
            .collect::<Vec<_>>()
    };
    let last = bills.len() - 1;
    let mirrored: Vec<_> =
        judged(&turned).into_iter().map(|(bill, twin, p)| (last - bill, last - twin, p)).collect();
    assert_eq!(judged(&bills), mirrored);
    assert_eq!(mirrored.len(), 1);
}

#[test]
fn a_verdict_teaches_and_too_few_bills_do_not() {
    let numbers = numbers();
    let mut bills = usual(&numbers);
    let one = bill("T-77031", 0, 500, 1_234_567);
    // Two dozen pairs with an added sign, which the reviewer all called different bills.
    let texts: Vec<(String, String)> =
        (0..24).map(|nth| (format!("T-8{nth:03}7"), format!("T-8{nth:03}7A"))).collect();
    let mut verdicts = Vec::new();
    for (nth, (plain, marked)) in texts.iter().enumerate() {
        let first = Bill { number: plain, amount: 400_003 + 911 * nth as i64, ..one };
        bills.push(first);
        bills.push(Bill { number: marked, posted: one.posted.plus(6), ..first });
        verdicts.push(Verdict { bill: bills.len() - 1, twin: bills.len() - 2, duplicate: false });
    }
    let count = |verdicts: &[Verdict]| {
        let judge = Judge::learn(&bills, verdicts, 365, 1).unwrap();
        Search::default().find(&bills, &judge).len()
    };
    assert_eq!((count(&[]), count(&verdicts)), (24, 0));
    assert!(Judge::learn(&bills[..10], &[], 365, 1).is_err());
}

#[test]
fn blocks_of_any_size_make_few_pairs() {
    let texts: Vec<String> = (0..3_000).map(|nth| format!("F-{nth:05}")).collect();
    let fees: Vec<Bill> =
        texts.iter().zip(0..).map(|(number, nth)| bill(number, 0, nth % 200, 5_000)).collect();
    let pairs = block::pairs(&Book::new(&fees), 365);
    assert!(pairs.len() <= 2 * 5 * fees.len(), "{}", pairs.len());
    assert!(pairs.iter().all(|(earlier, later)| earlier < later));
}

#[test]
fn hostile_bills_do_not_stop_the_search() {
    let mut bills = vec![bill("", 0, 0, 0), bill("Ⅻ-é-\u{0}", 1, i32::MAX - 18_000, i64::MAX)];
    bills.extend([bill("A", 0, i32::MIN + 19_000, i64::MIN), bill("0000", 2, 5, -1)]);
    bills.extend((0..30).map(|nth| bill("7", 5, nth, 1)));
    if let Ok(judge) = Judge::learn(&bills, &[], 365, 1) {
        Search::default().find(&bills, &judge);
    }
}
