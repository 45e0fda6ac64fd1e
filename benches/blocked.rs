//! Which items of the BPI Challenge 2019 extract will have a payment block removed by hand, asked at their first invoice
//! receipt.
//!
//! `cargo bench --bench blocked -- FILE` reads what `benches/peers/bpic2019.py` wrote. Items with sixty days to the end of the
//! extract are divided by day of receipt: the model learns from what was known on the first day of the later 30 %, and ranks
//! those; a bill's history goes on until the day before it was booked. `-- FILE inner` does the same at four days of the earlier
//! 70 %, as they were known at its end: for choosing. Where the duel says that the rule answers, the model's line is the rule's
//! probability. Intervals are of 95 %, by resampled suppliers.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench stops and says why")]

use std::collections::{BTreeMap, HashMap};

use duewise::base::day::{AsOf, Day};
use duewise::base::money::Currency;
use duewise::base::seed;
use duewise::exception::blocked::{Asked, Bill, BlockModel};
use duewise::model::metrics::{Metrics, Scored};
use rand::Rng as _;

/// Items must have so many days to the end of the extract.
const FOLLOWED_DAYS: i32 = 60;
/// The extract's last day of regular booking; some planned days lie up to a year later.
const END: &str = "2019-01-18";
/// Share of the items learned from.
const EARLIER: f64 = 0.7;
const HALF_LIFE_DAYS: f64 = 60.0;
const RESAMPLES: u64 = 500;
const SEED: u64 = 1;

/// A line of the file.
struct Item {
    bill: String,
    supplier: String,
    order: String,
    category: String,
    posted: Day,
    /// Issued, ordered, received, settled, released.
    days: [Option<Day>; 5],
    receipts: u32,
    amount: i64,
}

fn main() {
    // Cargo passes --bench; without a file there is nothing to measure.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| !one.starts_with("--")).collect();
    if arguments.is_empty() {
        return;
    }
    let items = read(&arguments[0]);
    let end = Day::from_iso(END).unwrap();
    let followed = |days: i32| items.iter().filter(|item| item.posted.plus(days) <= end).collect::<Vec<_>>();
    if arguments.get(1).is_some_and(|word| word == "inner") {
        return inner(&followed(FOLLOWED_DAYS));
    }
    for (name, items) in [("followed for 60 days", followed(FOLLOWED_DAYS)), ("all", followed(-1_000))] {
        let cut = items[(items.len() as f64 * EARLIER) as usize].posted;
        measure(name, &items, cut, Day(i32::MAX));
    }
}

/// For choosing, on the earlier part alone, with what was known at its end.
fn inner(items: &[&Item]) {
    let end = items[(items.len() as f64 * EARLIER) as usize].posted;
    let earlier: Vec<Item> =
        items.iter().filter(|item| item.posted < end).map(|item| item.as_known(end)).collect();
    let earlier: Vec<&Item> = earlier.iter().collect();
    let at = |share: f64| earlier[(earlier.len() as f64 * share) as usize].posted;
    for (from, to) in [(0.35, 0.5), (0.5, 0.65), (0.65, 0.8), (0.8, 0.95)] {
        measure("earlier part", &earlier, at(from), at(to));
    }
}

fn measure(name: &str, items: &[&Item], cut: Day, until: Day) {
    let groups = bills(items);
    let bills: Vec<Bill> = groups.values().map(|lines| bill(lines)).collect();
    let model = BlockModel::learn(&bills, AsOf(cut.plus(-1)), SEED).unwrap();
    let asked: Vec<Asked> = (0..bills.len())
        .filter(|&bill| bills[bill].posted >= cut && bills[bill].posted < until)
        .map(|bill| Asked { bill, as_of: AsOf(bills[bill].posted.plus(-1)) })
        .collect();
    let outlooks: HashMap<usize, (f64, f64)> = model
        .outlooks(&bills, &asked)
        .unwrap()
        .iter()
        .map(|outlook| (outlook.bill, (outlook.probability, outlook.rule)))
        .collect();
    let (mut table, mut by_bill) = (Table::default(), Table::default());
    for (at, lines) in groups.values().enumerate().filter(|(at, _)| outlooks.contains_key(at)) {
        let (probability, rule) = outlooks[&at];
        let [rate, decayed] = rates(items, &lines[0].supplier, lines[0].posted);
        let scores = [rate, decayed, rule, probability];
        for item in lines {
            table.add(&item.supplier, scores, item.days[4].is_some());
        }
        by_bill.add(&lines[0].supplier, scores, bills[at].released.is_some());
    }
    let duel = model.duel();
    println!(
        "\n{name}: {} items, {} bills; asked from {cut}: {} items, {} bills, {:.1} % released",
        items.len(),
        bills.len(),
        table.released.len(),
        asked.len(),
        100.0 * table.released.iter().filter(|released| **released).count() as f64
            / table.released.len() as f64
    );
    println!(
        "duel within the past: {} bills, {} released; model AUC {:.3} AP {:.3}, rule AUC {:.3} AP {:.3}: {}",
        duel.bills,
        duel.released,
        duel.model.auc,
        duel.model.ap,
        duel.rule.auc,
        duel.rule.ap,
        if model.is_used() { "the model answers" } else { "the rule answers" }
    );
    table.print("by item");
    by_bill.print("by bill");
}

impl Item {
    fn as_known(&self, end: Day) -> Item {
        let mut days = self.days;
        for day in &mut days {
            *day = day.filter(|day| *day < end);
        }
        let text = String::clone;
        Item {
            bill: text(&self.bill),
            supplier: text(&self.supplier),
            order: text(&self.order),
            category: text(&self.category),
            days,
            ..*self
        }
    }
}

fn read(path: &str) -> Vec<Item> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.deserialize().map(|row| {
        let row: HashMap<String, String> = row.unwrap();
        let day = |name: &str| Day::from_iso(&row[name]);
        Item {
            bill: row["bill"].clone(),
            supplier: row["supplier"].clone(),
            order: row["order"].clone(),
            category: row["category"].clone(),
            posted: day("posted").unwrap(),
            days: ["issued", "ordered", "received", "settled", "released"].map(day),
            receipts: row["receipts"].parse().unwrap(),
            amount: (row["amount"].parse::<f64>().unwrap() * 100.0).round() as i64,
        }
    });
    rows.collect()
}

/// The lines of each bill.
fn bills<'a>(items: &[&'a Item]) -> BTreeMap<&'a str, Vec<&'a Item>> {
    let mut bills: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in items {
        bills.entry(&item.bill).or_default().push(item);
    }
    bills
}

/// A bill is released with its first line, and settled with its last.
fn bill<'a>(lines: &[&'a Item]) -> Bill<'a> {
    let days = |at: usize| lines.iter().filter_map(move |item| item.days[at]);
    let first = lines[0];
    Bill {
        number: &first.bill,
        supplier: &first.supplier,
        order: &first.order,
        category: &first.category,
        posted: first.posted,
        issued: days(0).max(),
        ordered: days(1).min(),
        received: days(2).max(),
        receipts: lines.iter().map(|item| item.receipts).sum(),
        lines: lines.len() as u32,
        amount: lines.iter().map(|item| item.amount).sum(),
        currency: Currency::new(*b"EUR", 2),
        settled: days(3).max().filter(|_| days(3).count() == lines.len()),
        released: days(4).min(),
    }
}

/// Of the supplier's items before a day: the share released by then, and the same with items decaying by age.
fn rates(items: &[&Item], supplier: &str, day: Day) -> [f64; 2] {
    let past = || items.iter().filter(|item| item.posted < day);
    let released = |item: &Item| f64::from(u8::from(item.days[4].is_some_and(|released| released < day)));
    let share = |weight: &dyn Fn(&Item) -> f64, of_all: bool| {
        let counted = past().filter(|item| of_all || item.supplier == supplier);
        counted.fold((0.0, 0.0), |(yes, all), item| (yes + weight(item) * released(item), all + weight(item)))
    };
    let base = share(&|_| 1.0, true);
    let shrunk = |(yes, all): (f64, f64), bills: f64| (yes + bills * base.0 / base.1) / (all + bills);
    let decay = |item: &Item| (-f64::from(day.0 - item.posted.0) / HALF_LIFE_DAYS).exp2();
    [shrunk(share(&|_| 1.0, false), 5.0), shrunk(share(&decay, false), 2.0)]
}

const NAMES: [&str; 4] =
    ["supplier's past rate, items", "decayed past rate, items", "decayed past rate, bills (rule)", "model"];

/// Scores by item.
#[derive(Default)]
struct Table {
    suppliers: Vec<String>,
    scores: [Vec<f64>; 4],
    released: Vec<bool>,
}

impl Table {
    fn add(&mut self, supplier: &str, scores: [f64; 4], released: bool) {
        self.suppliers.push(supplier.to_owned());
        self.scores.iter_mut().zip(scores).for_each(|(column, score)| column.push(score));
        self.released.push(released);
    }

    /// AUC and AP of a column over some rows.
    fn figures(&self, column: usize, rows: &[usize]) -> [f64; 2] {
        let scored = |&row: &usize| Scored {
            probability: self.scores[column][row],
            late: self.released[row],
            amount: 1.0,
        };
        let metrics = Metrics::measure("", &rows.iter().map(scored).collect::<Vec<_>>());
        [metrics.auc, metrics.ap]
    }

    fn print(&self, unit: &str) {
        let mut own: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (row, supplier) in self.suppliers.iter().enumerate() {
            own.entry(supplier).or_default().push(row);
        }
        let own: Vec<Vec<usize>> = own.into_values().collect();
        let samples: Vec<Vec<usize>> = (0..RESAMPLES)
            .map(|resample| {
                let mut random = seed::stream(SEED, "suppliers", resample);
                (0..own.len()).flat_map(|_| own[random.gen_range(0..own.len())].clone()).collect()
            })
            .collect();
        let resampled: Vec<Vec<[f64; 2]>> =
            (0..4).map(|column| samples.iter().map(|rows| self.figures(column, rows)).collect()).collect();
        let rows: Vec<usize> = (0..self.released.len()).collect();
        println!("{unit:34}{:>6} {:>13}{:>8} {:>13}   model less this: AUC, AP", "AUC", "", "AP", "");
        for (column, name) in NAMES.iter().enumerate() {
            let [auc, ap] = self.figures(column, &rows);
            let of = |which: usize| interval(resampled[column].iter().map(|figures| figures[which]));
            let less = |which: usize| {
                let both = resampled[3].iter().zip(&resampled[column]);
                interval(both.map(|(model, this)| model[which] - this[which]))
            };
            println!("{name:34}{auc:6.3} {}{ap:8.3} {}   {}, {}", of(0), of(1), less(0), less(1));
        }
    }
}

fn interval(values: impl Iterator<Item = f64>) -> String {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let end = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
    format!("{:+.3}..{:+.3}", end(0.025), end(0.975))
}
