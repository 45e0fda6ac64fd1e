//! How right cash application is on payments and invoices whose matches are known.
//!
//! `cargo bench --bench matching -- FOLDER` reads there `invoices.csv`, `payments.csv` and `matches.csv`. The customers are
//! divided in two halves; each is matched by a model that learned from the other, as it is and with evidence taken away. A set
//! is right only if its payments and its invoices both equal the truth. Rows are shuffled and ids replaced, so that no order
//! gives anything away.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench stops and says why")]

use std::collections::{BTreeMap, HashMap, HashSet};

use duewise::base::day::Day;
use duewise::base::money::Currency;
use duewise::base::seed::{self, Stream};
use duewise::exception::cash::{CashModel, Item, Known, Past, Receipt, Set, Standing, blocked};
use duewise::exception::policy::Policy;
use rand::Rng as _;
use rand::seq::SliceRandom as _;

/// Share of automatic sets that may be wrong.
const ERROR_MAX: f64 = 0.005;
const SEED: u64 = 1;
/// Share of invoices and of payments that is kept where some are withheld.
const KEPT: f64 = 0.85;

type Row = HashMap<String, String>;

fn main() {
    // Cargo passes --bench; without a folder there is nothing to measure.
    let Some(folder) = std::env::args().skip(1).find(|arg| !arg.starts_with("--")) else { return };
    let past = read(&folder);
    let halves = [0, 1].map(|which| half(&past, which));
    let mut tallies: BTreeMap<(usize, &str), Tally> = BTreeMap::new();
    for (taught, asked) in [(0, 1), (1, 0)] {
        let model = CashModel::learn(&halves[taught], ERROR_MAX, SEED).unwrap();
        for (number, (name, asked)) in (1..).zip(variants(&halves[asked])) {
            tallies.entry((number, name)).or_default().judge(&asked, &model);
        }
    }
    println!(
        "{:32}{:>9}{:>7}{:>7}{:>11}{:>14}{:>9}{:>9}",
        "", "F1", "sets", "wrong", "automatic", "wrong autom.", "partial", "blocked"
    );
    for ((number, name), tally) in tallies {
        tally.print(&format!("{number} {name}"));
    }
}

fn table(folder: &str, name: &str, random: &mut Stream) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(format!("{folder}/{name}.csv")).unwrap();
    let mut rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    rows.shuffle(random);
    rows
}

fn minor(text: &str) -> i64 {
    (text.parse::<f64>().unwrap() * 100.0).round() as i64
}

fn day(text: &str) -> Day {
    Day::from_iso(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])).unwrap()
}

fn currency(text: &str) -> Currency {
    Currency::new(text.as_bytes().try_into().unwrap(), 2)
}

/// A number that says nothing of the order of the file.
fn hashed(text: &str, purpose: &str) -> u64 {
    let index = text.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(131).wrapping_add(u64::from(byte)));
    seed::stream(SEED, purpose, index).gen_range(0..u64::MAX)
}

fn item(row: &Row) -> Item {
    Item {
        id: format!("{:016x}", hashed(&row["invoice_id"], "invoice")),
        references: ["Document Number", "Assignment Number", "Billing Number"]
            .map(|name| row[name].clone())
            .to_vec(),
        customer: row["Customer ID"].clone(),
        name: row["Customer Name"].clone(),
        amount: minor(&row["Amount"]),
        currency: currency(&row["Currency Code"]),
        issued: day(&row["Document Date"]),
        due: day(&row["Due Date"]),
        discount: None,
        held: false,
    }
}

fn receipt(row: &Row) -> Receipt {
    Receipt {
        id: format!("{:016x}", hashed(&row["payment_id"], "payment")),
        customer: None,
        payer: row["Business Partner"].clone(),
        account: row["Account Number"].clone(),
        memo: row["Memo Line"].clone(),
        amount: Some(minor(&row["Amount"])),
        currency: currency(&row["Currency"]),
        day: day(&row["Posting Date"]),
        held: None,
    }
}

fn read(folder: &str) -> Past {
    let mut random = seed::stream(SEED, "shuffle", 0);
    let places = |rows: &[Row], key: &str| -> HashMap<String, u32> {
        rows.iter().map(|row| row[key].clone()).zip(0..).collect()
    };
    let invoices = table(folder, "invoices", &mut random);
    let payments = table(folder, "payments", &mut random);
    let (of_invoice, of_payment) = (places(&invoices, "invoice_id"), places(&payments, "payment_id"));
    let members = |list: &str, places: &HashMap<String, u32>| {
        let numbers: Vec<u64> = serde_json::from_str(list).unwrap();
        let mut members: Vec<u32> = numbers.iter().map(|number| places[&number.to_string()]).collect();
        members.sort_unstable();
        members
    };
    let set = |row: &Row| Set {
        receipts: members(&row["payment_ids"], &of_payment),
        items: members(&row["invoice_ids"], &of_invoice),
    };
    Past {
        items: invoices.iter().map(item).collect(),
        receipts: payments.iter().map(receipt).collect(),
        sets: table(folder, "matches", &mut random).iter().map(set).collect(),
    }
}

/// The past with some members only; a set that lost one is none.
fn kept(past: &Past, items: &[bool], receipts: &[bool]) -> Past {
    let places = |kept: &[bool]| -> Vec<Option<u32>> {
        let mut next = 0..;
        kept.iter().map(|kept| kept.then(|| next.next()).flatten()).collect()
    };
    let (of_item, of_receipt) = (places(items), places(receipts));
    let members = |list: &[u32], places: &[Option<u32>]| {
        list.iter().map(|&at| places[at as usize]).collect::<Option<_>>()
    };
    let set = |set: &Set| {
        Some(Set { receipts: members(&set.receipts, &of_receipt)?, items: members(&set.items, &of_item)? })
    };
    let chosen = |kept: &[bool]| (0..kept.len()).filter(|&at| kept[at]).collect::<Vec<usize>>();
    Past {
        items: chosen(items).into_iter().map(|at| past.items[at].clone()).collect(),
        receipts: chosen(receipts).into_iter().map(|at| past.receipts[at].clone()).collect(),
        sets: past.sets.iter().filter_map(set).collect(),
    }
}

/// Half of the customers.
fn half(past: &Past, which: u64) -> Past {
    let is_of = |item: &Item| hashed(&item.customer, "half") % 2 == which;
    let mut receipts = vec![false; past.receipts.len()];
    for set in past.sets.iter().filter(|set| is_of(&past.items[set.items[0] as usize])) {
        set.receipts.iter().for_each(|&at| receipts[at as usize] = true);
    }
    kept(past, &past.items.iter().map(is_of).collect::<Vec<_>>(), &receipts)
}

/// The past as it is and with evidence taken away.
fn variants(past: &Past) -> Vec<(&'static str, Past)> {
    let changed = |past: &Past, change: &mut dyn FnMut(&mut Receipt)| {
        let mut past = past.clone();
        past.receipts.iter_mut().for_each(change);
        past
    };
    let mut random = seed::stream(SEED, "withheld", 0);
    let mut draw = |count: usize| (0..count).map(|_| random.gen_bool(KEPT)).collect::<Vec<bool>>();
    let withheld = kept(past, &draw(past.items.len()), &draw(past.receipts.len()));
    let mut random = seed::stream(SEED, "slips", 0);
    let [mut numbers, mut names, mut charges, mut each] =
        ["numbers", "names", "charges", "each"].map(|purpose| seed::stream(SEED, purpose, 0));
    vec![
        ("as it is", past.clone()),
        ("15 % withheld", withheld.clone()),
        ("no references", changed(past, &mut |one| one.memo.clear())),
        ("no amounts", changed(past, &mut |one| one.amount = None)),
        ("no references, withheld", changed(&withheld, &mut |one| one.memo.clear())),
        ("no amounts, withheld", changed(&withheld, &mut |one| one.amount = None)),
        (
            "slips in references, withheld",
            changed(&withheld, &mut |one| one.memo = slips(&one.memo, &mut random)),
        ),
        ("ends of references", changed(past, &mut |one| one.memo = ends(&one.memo))),
        ("others' references", changed(past, &mut |one| one.memo = others(&one.memo, &mut numbers))),
        ("no references, misspelt payers", changed(past, &mut |one| unnamed(one, &mut names))),
        ("no references, no payers", changed(past, &mut |one| unknown(one))),
        ("bank charges", changed(past, &mut |one| charge(one, &mut charges))),
        ("one of these each, withheld", changed(&withheld, &mut |one| worse(one, &mut each))),
    ]
}

/// The last five signs of each word with digits: payers leave out what all numbers have in common.
fn ends(memo: &str) -> String {
    let end = |word: &str| match word.char_indices().rev().nth(4) {
        Some((at, _)) if word.contains(|sign: char| sign.is_ascii_digit()) => word[at..].to_owned(),
        _ => word.to_owned(),
    };
    memo.split(' ').map(end).collect::<Vec<_>>().join(" ")
}

/// The payer's own numbers, which the ledger does not know.
fn others(memo: &str, random: &mut Stream) -> String {
    let sign = |sign: char| {
        if sign.is_ascii_digit() { char::from(random.gen_range(b'0'..=b'9')) } else { sign }
    };
    memo.chars().map(sign).collect()
}

/// No memo and no account, and one letter in eight of the payer's name is changed or left out.
fn unnamed(receipt: &mut Receipt, random: &mut Stream) {
    receipt.memo.clear();
    receipt.account.clear();
    let sign = |sign: char| match (sign.is_alphabetic() && random.gen_ratio(1, 8), random.gen_bool(0.5)) {
        (true, true) => None,
        (true, false) => Some(char::from(random.gen_range(b'a'..=b'z'))),
        (false, _) => Some(sign),
    };
    receipt.payer = receipt.payer.chars().filter_map(sign).collect();
}

fn unknown(receipt: &mut Receipt) {
    receipt.memo.clear();
    receipt.account.clear();
    receipt.payer.clear();
}

/// A third of payments arrives less what a bank kept, 2.00 to 25.00.
fn charge(receipt: &mut Receipt, random: &mut Stream) {
    let charge = random.gen_range(200..=2_500);
    if random.gen_ratio(1, 3) {
        receipt.amount =
            receipt.amount.map(|amount| if amount > 200 * charge { amount - charge } else { amount });
    }
}

/// One thing of many goes wrong with each.
fn worse(receipt: &mut Receipt, random: &mut Stream) {
    match random.gen_range(0..9) {
        0 => receipt.memo.clear(),
        1 => receipt.memo = slips(&receipt.memo, random),
        2 => receipt.memo = ends(&receipt.memo),
        3 => receipt.memo = others(&receipt.memo, random),
        4 => receipt.amount = None,
        5 => unnamed(receipt, random),
        6 => unknown(receipt),
        7 => charge(receipt, random),
        _ => {}
    }
}

/// A memo with digits left out, doubled, changed or taken for letters.
fn slips(memo: &str, random: &mut Stream) -> String {
    let mut out = String::with_capacity(memo.len());
    for sign in memo.chars() {
        let slip = sign.is_ascii_digit() && random.gen_bool(0.06);
        match (slip, random.gen_range(0..4)) {
            (true, 0) => {}
            (true, 1) => out.extend([sign, sign]),
            (true, 2) => out.push(char::from(random.gen_range(b'0'..=b'9'))),
            (true, _) => out.push(if sign == '0' { 'O' } else { 'l' }),
            (false, _) => out.push(sign),
        }
    }
    out
}

/// Counts over both halves.
#[derive(Default)]
struct Tally {
    truth: usize,
    found: usize,
    right: usize,
    automatic: usize,
    automatic_wrong: usize,
    partial: usize,
    pairs: (usize, usize),
}

impl Tally {
    fn judge(&mut self, asked: &Past, model: &CashModel) {
        let small = Policy::read(None).unwrap().cash.small_difference;
        let applied = model.apply(&asked.items, &asked.receipts, &Known::default(), small);
        let truth: HashSet<&Set> = asked.sets.iter().collect();
        self.truth += truth.len();
        for one in &applied.proposals {
            if one.standing == Standing::Partial {
                self.partial += 1;
                continue;
            }
            let right = truth.contains(&one.set);
            self.found += 1;
            self.right += usize::from(right);
            if one.standing == Standing::Automatic {
                self.automatic += 1;
                self.automatic_wrong += usize::from(!right);
            }
        }
        let (pairs, found) = blocked(asked);
        self.pairs = (self.pairs.0 + pairs, self.pairs.1 + found);
    }

    fn print(&self, name: &str) {
        println!(
            "{name:32}{:9.5}{:7}{:7}{:11.4}{:14}{:9}{:9.5}",
            2.0 * self.right as f64 / (self.found + self.truth) as f64,
            self.truth,
            self.found - self.right,
            self.automatic as f64 / self.truth as f64,
            self.automatic_wrong,
            self.partial,
            self.pairs.1 as f64 / self.pairs.0 as f64
        );
    }
}
