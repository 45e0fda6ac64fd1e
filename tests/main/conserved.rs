//! Over random ledgers with returns, discounts, write-offs, instalments and policies: money is conserved, the order of rows
//! decides nothing, and what is said as of a day is what a ledger would say that ends on it.

use std::collections::{BTreeMap, BTreeSet};

use duewise::asof::feature;
use duewise::asof::frame::FeatureTable;
use duewise::asof::history::History;
use duewise::asof::label;
use duewise::asof::view::LedgerView;
use duewise::base::day::{AsOf, Day};
use duewise::base::seed;
use duewise::ledger::load::{self, Loaded};
use duewise::ledger::{Ledger, Stamp};
use proptest::prelude::*;
use rand::Rng as _;
use rand::seq::SliceRandom as _;

use crate::support::{Folder, day};

/// The first day of every ledger here, and how many days things happen in.
const START: &str = "2025-01-01";
const SPAN: i32 = 120;

/// A table: header and rows.
type Table = (&'static str, &'static [&'static str], Vec<Vec<String>>);

/// A made-up ledger as text.
#[derive(Clone)]
struct Made {
    tables: Vec<Table>,
    /// What customers owe at the end of each day by an independent count, in minor units by currency; only where no day of
    /// settlement and no terms decide besides.
    owed: Option<BTreeMap<(Day, &'static str), i64>>,
}

/// What is made.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    /// The ledger allocates; invoices may have `settled` days.
    Allocated,
    /// The policy does, with discounts by terms.
    Policy,
}

const CURRENCIES: [(&str, i64); 2] = [("EUR", 100), ("JPY", 1)];

fn money(minor: i64, (_, scale): (&str, i64)) -> String {
    if scale == 1 { minor.to_string() } else { format!("{}.{:02}", minor / scale, minor % scale) }
}

/// A claim in the making.
struct Claim {
    id: String,
    customer: usize,
    known: i32,
    amount: i64,
    currency: usize,
    /// Parts of it settled: from, to, amount.
    held: Vec<(i32, i32, i64)>,
}

impl Claim {
    /// What nothing else settles at any time between two days.
    fn room(&self, from: i32, to: i32) -> i64 {
        let beside = self.held.iter().filter(|held| held.0 < to && from < held.1);
        self.amount - beside.map(|held| held.2).sum::<i64>()
    }
}

const FOREVER: i32 = 10_000;

struct Maker {
    rng: seed::Stream,
    mode: Mode,
    claims: Vec<Claim>,
    invoices: Vec<Vec<String>>,
    instalments: Vec<Vec<String>>,
    payments: Vec<Vec<String>>,
    allocations: Vec<Vec<String>>,
    activities: Vec<Vec<String>>,
    /// Changes of what is owed: day, currency, amount.
    owed: Vec<(i32, usize, i64)>,
    is_countable: bool,
}

fn iso(at: i32) -> String {
    day(START).plus(at).to_string()
}

impl Maker {
    fn draw(&mut self, from: i32, to: i32) -> i32 {
        self.rng.gen_range(from..=to)
    }

    fn one_in(&mut self, chances: i32) -> bool {
        self.draw(1, chances) == 1
    }

    fn invoice(&mut self, at: usize) {
        let (customer, currency) = (self.draw(0, 2) as usize, usize::from(self.one_in(4)));
        let issued = self.draw(0, SPAN);
        let known = issued + if self.one_in(3) { self.draw(1, 4) } else { 0 };
        let due = issued + self.draw(0, 40);
        let amount = i64::from(self.draw(1, 20_000));
        let id = format!("INV-{}", 1000 + at);
        let is_credit = self.one_in(8);
        let terms = if self.mode == Mode::Policy && self.one_in(3) { "2/10 net 30" } else { "" };
        self.is_countable &= terms.is_empty();
        let settled = self.mode == Mode::Allocated && !is_credit && self.one_in(8);
        self.is_countable &= !settled;
        let settled = if settled { iso(issued + self.draw(0, 60)) } else { String::new() };
        let disputed = if self.one_in(6) { iso(issued + self.draw(0, 30)) } else { String::new() };
        self.invoices.push(vec![
            id.clone(),
            format!("C{customer}"),
            iso(issued),
            iso(due),
            money(amount, CURRENCIES[currency]),
            CURRENCIES[currency].0.to_owned(),
            if is_credit { "credit_note" } else { "" }.to_owned(),
            terms.to_owned(),
            settled,
            disputed,
            iso(known),
        ]);
        self.owed.push((known, currency, if is_credit { -amount } else { amount }));
        if is_credit {
            // Credit is applied as money is.
            self.apply(&id, (customer, currency), known, FOREVER, amount);
            return;
        }
        if self.one_in(4) {
            self.parts(&id, issued, amount, currency);
        }
        self.claims.push(Claim { id, customer, known, amount, currency, held: Vec::new() });
    }

    fn parts(&mut self, id: &str, issued: i32, amount: i64, currency: usize) {
        let mut left = amount;
        for number in 1..=3 {
            let part = if number == 3 { left } else { left / 3 };
            left -= part;
            let due = issued + self.draw(0, 60);
            self.instalments.push(vec![
                id.to_owned(),
                number.to_string(),
                iso(due),
                money(part, CURRENCIES[currency]),
                CURRENCIES[currency].0.to_owned(),
            ]);
        }
    }

    fn payment(&mut self, at: usize) {
        let (customer, currency) = (self.draw(0, 2) as usize, usize::from(self.one_in(4)));
        let mut on = self.draw(0, SPAN);
        let (mut customer, mut currency) = (customer, currency);
        let mut amount = i64::from(self.draw(1, 20_000));
        let mut named: Vec<String> = Vec::new();
        // Every other one means a claim, and may come before it.
        if !self.claims.is_empty() && self.one_in(2) {
            let at = self.draw(0, self.claims.len() as i32 - 1) as usize;
            let near = self.draw(-8, 15);
            let claim = &self.claims[at];
            (customer, currency, on) = (claim.customer, claim.currency, (claim.known + near).max(0));
            amount = claim.amount;
            named.push(claim.id.to_lowercase());
        }
        let known = on + if self.one_in(3) { self.draw(1, 4) } else { 0 };
        let returned = if self.one_in(3) { on + self.draw(0, 40) } else { FOREVER };
        let id = format!("P{at}");
        let is_unknown = self.one_in(4);
        for _ in 0..self.draw(-1, 1) {
            let invoices = self.invoices.len().max(1) as i32;
            named.push(format!("inv-{}", 1000 + self.draw(0, invoices - 1)));
        }
        self.payments.push(vec![
            id.clone(),
            if is_unknown { String::new() } else { format!("C{customer}") },
            iso(on),
            iso(known),
            money(amount, CURRENCIES[currency]),
            CURRENCIES[currency].0.to_owned(),
            format!("for {}", named.join(" and ")),
            if returned < FOREVER { iso(returned) } else { String::new() },
        ]);
        if known < returned {
            self.owed.extend([(known, currency, -amount), (returned, currency, amount)]);
        }
        self.apply(&id, (customer, currency), known, returned, amount);
    }

    /// Allocates a source to some of the claims, within what both have, and now and then with a discount.
    fn apply(&mut self, id: &str, (customer, currency): (usize, usize), known: i32, until: i32, amount: i64) {
        if self.mode != Mode::Allocated {
            return;
        }
        let mut left = amount;
        for _ in 0..self.draw(0, 3) {
            let Some(at) = (!self.claims.is_empty()).then(|| self.draw(0, self.claims.len() as i32 - 1))
            else {
                return;
            };
            let applied = self.one_in(3).then(|| known + self.draw(0, 20));
            let claim = &self.claims[at as usize];
            if claim.currency != currency || (claim.customer != customer && left % 5 != 0) {
                continue;
            }
            let from = applied.unwrap_or(known).max(claim.known).max(known);
            let room = claim.room(from, until);
            let part = room.min(left);
            let (claim_id, to) = (claim.id.clone(), until);
            if part <= 0 || from >= until {
                continue;
            }
            let part = if self.one_in(2) { part } else { (part / 2).max(1) };
            left -= part;
            self.allocate(id, &claim_id, part, (applied, currency), "");
            self.claims[at as usize].held.push((from, to, part));
            if room - part > 2 && self.one_in(2) {
                self.allocate(id, &claim_id, 2, (applied, currency), "discount");
                self.claims[at as usize].held.push((from, to, 2));
                self.owed.extend([(from, currency, -2), (until, currency, 2)]);
            }
        }
    }

    fn write_off(&mut self) {
        let Some(at) = (!self.claims.is_empty()).then(|| self.draw(0, self.claims.len() as i32 - 1)) else {
            return;
        };
        let on = self.draw(0, SPAN);
        let claim = &mut self.claims[at as usize];
        let from = on.max(claim.known);
        let rest = claim.room(from, FOREVER);
        if self.mode == Mode::Allocated && rest > 0 {
            claim.held.push((from, FOREVER, rest));
            let (id, currency) = (claim.id.clone(), claim.currency);
            self.allocate("", &id, rest, (Some(on), currency), "write_off");
            self.owed.push((from, currency, -rest));
        }
    }

    fn allocate(
        &mut self,
        source: &str,
        claim: &str,
        amount: i64,
        (on, currency): (Option<i32>, usize),
        kind: &str,
    ) {
        self.allocations.push(vec![
            source.to_owned(),
            claim.to_owned(),
            money(amount, CURRENCIES[currency]),
            CURRENCIES[currency].0.to_owned(),
            on.map_or_else(String::new, iso),
            kind.to_owned(),
        ]);
    }

    fn activity(&mut self) {
        let Some(at) = (!self.claims.is_empty()).then(|| self.draw(0, self.claims.len() as i32 - 1)) else {
            return;
        };
        let claim = &self.claims[at as usize];
        let (id, customer, known) = (claim.id.clone(), claim.customer, claim.known);
        let (amount, currency) =
            (money(claim.amount / 2, CURRENCIES[claim.currency]), CURRENCIES[claim.currency].0);
        let made = known + self.draw(0, 30);
        let (whole, about) = (self.one_in(2), self.one_in(2));
        let by = iso(made + self.draw(0, 20));
        self.activities.push(vec![
            iso(made),
            format!("C{customer}"),
            if about { id } else { String::new() },
            "call".to_owned(),
            "promise".to_owned(),
            by,
            if whole { String::new() } else { amount },
            if whole { "" } else { currency }.to_owned(),
        ]);
    }
}

fn make(number: u64, mode: Mode) -> Made {
    let rng = seed::stream(number, "conserved", 0);
    let mut maker = Maker {
        rng,
        mode,
        claims: Vec::new(),
        invoices: Vec::new(),
        instalments: Vec::new(),
        payments: Vec::new(),
        allocations: Vec::new(),
        activities: Vec::new(),
        owed: Vec::new(),
        is_countable: true,
    };
    for at in 0..maker.draw(1, 14) as usize {
        maker.invoice(at);
    }
    for at in 0..maker.draw(0, 14) as usize {
        maker.payment(at);
    }
    for _ in 0..maker.draw(0, 2) {
        maker.write_off();
    }
    for _ in 0..maker.draw(0, 9) {
        maker.activity();
    }
    let owed = maker.is_countable.then(|| {
        let mut owed: BTreeMap<(Day, &str), i64> = BTreeMap::new();
        for (currency, (code, _)) in CURRENCIES.iter().enumerate() {
            for at in 0..SPAN * 2 {
                let so_far = maker.owed.iter().filter(|(on, of, _)| *on <= at && *of == currency);
                owed.insert((day(START).plus(at), *code), so_far.map(|(.., amount)| amount).sum());
            }
        }
        owed
    });
    let invoices: &[&str] = &[
        "id", "customer", "issued", "due", "amount", "currency", "type", "terms", "settled", "disputed",
        "posted",
    ];
    let payments: &[&str] =
        &["id", "customer", "day", "posted", "amount", "currency", "reference", "returned"];
    let activities: &[&str] =
        &["day", "customer", "invoice", "kind", "outcome", "promise_day", "promise_amount", "currency"];
    let mut tables = vec![
        ("invoices", invoices, maker.invoices),
        ("instalments", &["invoice", "number", "due", "amount", "currency"][..], maker.instalments),
        ("payments", payments, maker.payments),
        ("activities", activities, maker.activities),
    ];
    if mode == Mode::Allocated {
        let header: &[&str] = &["payment", "invoice", "amount", "currency", "day", "kind"];
        tables.push(("allocations", header, maker.allocations));
    }
    Made { tables, owed }
}

impl Made {
    fn load(&self) -> Loaded {
        let folder = Folder::new();
        for (name, header, rows) in &self.tables {
            let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
            folder.write(&format!("{name}.csv"), format!("{}\n{}\n", header.join(","), lines.join("\n")));
        }
        let loaded = load::load(&load::Opening::of(folder.path())).unwrap();
        assert!(loaded.intake.rejects.is_empty(), "{:?}", loaded.intake.rejects);
        loaded
    }

    /// The ledger as it would have been exported on a day.
    fn truncated(mut self, cut: Day) -> Self {
        let later = |cell: &str| !cell.is_empty() && day(cell) > cut;
        let mut gone: BTreeSet<String> = BTreeSet::new();
        for (name, header, rows) in &mut self.tables {
            let at = |column: &str| header.iter().position(|header| *header == column).unwrap();
            match *name {
                "invoices" | "payments" => {
                    let posted = at("posted");
                    gone.extend(rows.iter().filter(|row| later(&row[posted])).map(|row| row[0].clone()));
                    rows.retain(|row| !later(&row[posted]));
                    let ends: &[&str] =
                        if *name == "invoices" { &["settled", "disputed"] } else { &["returned"] };
                    for column in ends.iter().map(|end| at(end)) {
                        rows.iter_mut().filter(|row| later(&row[column])).for_each(|row| row[column].clear());
                    }
                }
                "instalments" => rows.retain(|row| !gone.contains(&row[0])),
                "allocations" => {
                    rows.retain(|row| !later(&row[4]) && !gone.contains(&row[0]) && !gone.contains(&row[1]));
                }
                _ => rows.retain(|row| !later(&row[0])),
            }
        }
        self
    }

    fn shuffled(mut self, number: u64) -> Self {
        for (at, (_, _, rows)) in self.tables.iter_mut().enumerate() {
            rows.shuffle(&mut seed::stream(number, "shuffled", at as u64));
        }
        self
    }
}

/// What is said of every claim known by a day: balance, settlement, label.
type Said = BTreeMap<String, (i64, Option<Stamp>, Option<label::Label>)>;

fn said(ledger: &Ledger, as_of: Day) -> Option<(Said, String)> {
    let view = LedgerView::new(ledger, AsOf(as_of)).ok()?;
    let of = |at: u32| (view.balance(at), view.settled(at), label::late(&view, at, 0));
    let claims = view.invoices().map(|(at, invoice)| (invoice.id.clone(), of(at))).collect();
    let id = |at: Option<u32>| at.map(|at| view.customers()[at as usize].id.clone());
    let unapplied: Vec<_> =
        view.unapplied().into_iter().map(|((at, currency), sum)| (id(at), currency, sum)).collect();
    Some((claims, format!("{unapplied:?}")))
}

/// Features of every claim known before a day, asked on that day, by what was known as of another: bits, so that NaN is NaN.
fn features(ledger: &Ledger, as_of: Day, on: Day) -> BTreeMap<String, Vec<u32>> {
    let Ok(view) = LedgerView::new(ledger, AsOf(as_of)) else { return BTreeMap::new() };
    let history = History::new(&view, 0).unwrap();
    let known: Vec<(u32, String)> = view
        .invoices()
        .filter(|(_, invoice)| invoice.stamp.known < on)
        .map(|(at, invoice)| (at, invoice.id.clone()))
        .collect();
    let table = FeatureTable::new(&view, &history, known.iter().map(|(at, _)| (*at, on))).unwrap();
    let row = |row: usize| {
        let cell = |column: &polars::prelude::Column| column.f32().unwrap().get(row).unwrap().to_bits();
        table.frame.columns().iter().map(cell).collect()
    };
    known.into_iter().enumerate().map(|(at, (_, id))| (id, row(at))).collect()
}

#[track_caller]
fn same(left: &BTreeMap<String, Vec<u32>>, right: &BTreeMap<String, Vec<u32>>, what: &str) {
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>(), "{what}");
    for (id, figures) in left {
        for (at, feature) in feature::plain().enumerate() {
            let (left, right) = (f32::from_bits(figures[at]), f32::from_bits(right[id][at]));
            assert!(
                figures[at] == right.to_bits(),
                "{what}: {} of {id} is {left}, not {right}",
                feature.name
            );
        }
    }
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn money_is_conserved(number in any::<u64>(), allocated in any::<bool>()) {
        let made = make(number, if allocated { Mode::Allocated } else { Mode::Policy });
        let ledger = made.load().ledger;
        prop_assert_eq!(ledger.settlement.control(), []);
        for at in 0..SPAN * 2 {
            let on = day(START).plus(at);
            let Ok(view) = LedgerView::new(&ledger, AsOf(on)) else { continue };
            prop_assert!(view.invoices().all(|(at, _)| view.balance(at) >= 0), "below nothing on {}", on);
            prop_assert!(view.unapplied().values().all(|sum| *sum >= 0), "{:?} on {}", view.unapplied(), on);
            if let Some(owed) = &made.owed {
                for (currency, net) in view.net_receivable() {
                    prop_assert_eq!(net, i128::from(owed[&(on, currency.code())]), "{} on {}", currency.code(), on);
                }
            }
        }
    }

    #[test]
    fn the_order_of_rows_decides_nothing(number in any::<u64>(), allocated in any::<bool>()) {
        let made = make(number, if allocated { Mode::Allocated } else { Mode::Policy });
        let (one, other) = (made.load().ledger, made.clone().shuffled(number).load().ledger);
        prop_assert_eq!(&one.invoices, &other.invoices);
        prop_assert_eq!(&one.settlements, &other.settlements);
        prop_assert_eq!(&one.cash, &other.cash);
        prop_assert_eq!(&one.activities, &other.activities);
        prop_assert_eq!(&one.settlement, &other.settlement);
    }

    #[test]
    fn what_is_said_as_of_a_day_is_what_a_ledger_says_that_ends_on_it(
        number in any::<u64>(),
        allocated in any::<bool>(),
        cut in 0..SPAN + 40,
        before in 0..60_i32,
    ) {
        let made = make(number, if allocated { Mode::Allocated } else { Mode::Policy });
        let cut = day(START).plus(cut);
        let (whole, ended) = (made.load().ledger, made.clone().truncated(cut).load().ledger);
        prop_assert_eq!(said(&whole, cut), said(&ended, cut));
        let end = whole.last_known().map_or(cut, |end| end.0.max(cut));
        for on in [cut.plus(1), cut.plus(-before)] {
            let then = features(&ended, cut, on);
            same(&then, &features(&whole, cut, on), "known then");
            same(&then, &features(&whole, end, on), "known in the end");
        }
    }
}
