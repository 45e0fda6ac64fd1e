//! One supplier's orders, receipts and bills: a clean case per bill, which `spoil` then makes wrong where a
//! fault is planned. A pure function of the seed and the supplier.

use crate::base::day::Day;
use crate::base::seed::{self, Stream};

use super::calendar::{Span, next_business_day, on_or_after, on_or_before};
use super::draw::{between, chance, log_normal, pick};
use super::party::Supplier;
use super::planted::{BillFault, Plant};
use super::receivable::{tax_on, tax_within};
use super::spoil::spoil;
use super::world::{Coin, Terms};

/// Bills per receivable invoice, and the fewest.
const INVOICES_PER_BILL: usize = 10;
const BILLS_MIN: usize = 200;
/// Days kept free at the start of the history, so that a first bill's order is in it.
const LEAD_DAYS: i32 = 40;
const LINES_MAX: i32 = 4;
/// Limit from which a bill needs approval, in whole units of its currency.
pub(super) const APPROVAL_LIMIT_UNITS: i64 = 10_000;
/// How near below the limit an amount is suspect; clean bills keep out of here.
pub(super) const BELOW_LIMIT_UNITS: i64 = 150;
/// Amounts that are a multiple of this many whole units are suspect; clean bills keep out of here too.
pub(super) const ROUND_UNITS: i64 = 500;
const PRICE_SPREAD: f64 = 1.0;
const QUANTITY_MEDIAN: f64 = 12.0;
/// Near misses: differences within the usual tolerances, and deliveries and bills that come in two halves.
const NEAR_PRICE_SHARE: f64 = 0.02;
const NEAR_PRICE_UNITS_MAX: i64 = 45;
const TWO_RECEIPTS_SHARE: f64 = 0.06;
const TWO_BILLS_SHARE: f64 = 0.04;
const HEADER_ONLY_SHARE: f64 = 0.02;
const CANCELLED_ORDER_SHARE: f64 = 0.01;

static ITEMS: [(&str, &str); 12] = [
    ("A100", "Corrugated boxes"),
    ("A210", "Stretch film"),
    ("B300", "Hydraulic oil"),
    ("B345", "Filter cartridges"),
    ("C120", "Office paper"),
    ("C455", "Toner"),
    ("D010", "Steel brackets"),
    ("D077", "Fasteners, mixed"),
    ("E500", "Maintenance hours"),
    ("E610", "Cleaning service"),
    ("F200", "Cable, per metre"),
    ("F830", "Safety gloves"),
];

/// A line of an order.
#[derive(Debug, Clone)]
pub(super) struct OrderLine {
    /// Article and its text.
    pub(super) item: (&'static str, &'static str),
    pub(super) quantity: i64,
    /// Price of one, in minor units.
    pub(super) price: i64,
    pub(super) scheduled: Day,
}

/// A purchase order. Its amount is the sum of its lines, before tax.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) ordered: Day,
    pub(super) coin: &'static Coin,
    pub(super) terms: &'static Terms,
    pub(super) closed: bool,
    pub(super) lines: Vec<OrderLine>,
}

impl Order {
    pub(super) fn amount(&self) -> i64 {
        self.lines.iter().map(|line| line.quantity * line.price).sum()
    }
}

/// A goods receipt.
#[derive(Debug, Clone)]
pub(super) struct Receipt {
    /// Index of the order in the trade.
    pub(super) order: u32,
    /// Index of the line in the order.
    pub(super) line: u32,
    pub(super) received: Day,
    pub(super) quantity: i64,
    /// What of it was refused on inspection.
    pub(super) refused: i64,
}

/// A line of a bill.
#[derive(Debug, Clone)]
pub(super) struct BillLine {
    pub(super) item: &'static str,
    pub(super) description: &'static str,
    /// Index of the line in the order; none for what was not ordered.
    pub(super) order_line: Option<u32>,
    pub(super) quantity: i64,
    pub(super) price: i64,
    pub(super) tax: i64,
}

impl BillLine {
    pub(super) fn amount(&self) -> i64 {
        self.quantity * self.price
    }
}

/// A supplier's bill.
#[derive(Debug, Clone)]
pub(super) struct Bill {
    /// Index of the supplier.
    pub(super) supplier: u32,
    pub(super) number: String,
    pub(super) issued: Day,
    pub(super) posted: Day,
    pub(super) due: Day,
    pub(super) coin: &'static Coin,
    pub(super) terms: &'static Terms,
    pub(super) amount: i64,
    pub(super) tax: i64,
    /// Index of the order in the trade.
    pub(super) order: Option<u32>,
    pub(super) settled: Option<Day>,
    /// The account it asks to be paid to, where that is not the supplier's own.
    pub(super) account: Option<String>,
    pub(super) lines: Vec<BillLine>,
}

impl Bill {
    /// Sets the tax and the amount to what the lines sum to.
    pub(super) fn total(&mut self) {
        self.tax = self.lines.iter().map(|line| line.tax).sum();
        self.amount = self.tax + self.lines.iter().map(BillLine::amount).sum::<i64>();
    }
}

/// A planted exception: the number of the bill, and that of its twin.
#[derive(Debug, Clone)]
pub(super) struct Planted {
    pub(super) number: String,
    pub(super) fault: BillFault,
    pub(super) twin: Option<String>,
}

/// All that is made for one supplier, or for one bill.
#[derive(Debug, Default)]
pub(super) struct Trade {
    pub(super) orders: Vec<Order>,
    pub(super) receipts: Vec<Receipt>,
    pub(super) bills: Vec<Bill>,
    pub(super) truth: Vec<Planted>,
}

impl Trade {
    fn absorb(&mut self, mut case: Self) {
        let base = self.orders.len() as u32;
        for receipt in &mut case.receipts {
            receipt.order += base;
        }
        for order in case.bills.iter_mut().filter_map(|bill| bill.order.as_mut()) {
            *order += base;
        }
        self.orders.append(&mut case.orders);
        self.receipts.append(&mut case.receipts);
        self.bills.append(&mut case.bills);
        self.truth.append(&mut case.truth);
    }
}

/// The supplier's own bill numbers.
pub(super) struct Numbers {
    prefix: String,
    latest: i32,
    step_max: i32,
}

impl Numbers {
    fn new(supplier: &Supplier, rng: &mut Stream) -> Self {
        let letters = pick(rng, &["R", "RE", "F", "INV", "A"]);
        Self {
            // The supplier's number keeps the numbers of different suppliers apart.
            prefix: format!("{letters}{}", supplier.party.number),
            latest: between(rng, 1, 9_000),
            step_max: if supplier.gapless { 1 } else { 60 },
        }
    }

    /// The next number.
    pub(super) fn next(&mut self, rng: &mut Stream) -> String {
        self.latest += between(rng, 1, self.step_max);
        self.latest()
    }

    /// The number given last.
    pub(super) fn latest(&self) -> String {
        format!("{}-{:05}", self.prefix, self.latest)
    }

    /// Leaves out so many numbers.
    pub(super) fn skip(&mut self, numbers: i32) {
        self.latest += numbers;
    }
}

/// How many bills a ledger of so many invoices has, but for the planted ones.
pub(super) fn bill_count(invoices: usize) -> usize {
    (invoices / INVOICES_PER_BILL).max(BILLS_MIN)
}

/// What a case is made from.
pub(super) struct Maker<'a> {
    pub(super) span: Span,
    pub(super) supplier: &'a Supplier,
    pub(super) index: u32,
    pub(super) rng: Stream,
    pub(super) numbers: Numbers,
}

/// The trade with one supplier: a case for every entry of `plan`. `shadows` is the index of the first
/// supplier that was added to share another's bank account.
pub(super) fn trade(
    seed: u64,
    span: Span,
    suppliers: &[Supplier],
    index: u32,
    shadows: u32,
    plan: &[Option<Plant>],
) -> Trade {
    let Some(supplier) = suppliers.get(index as usize) else { return Trade::default() };
    let mut rng = seed::stream(seed, "synth trade", u64::from(index));
    let numbers = Numbers::new(supplier, &mut rng);
    let mut maker = Maker { span, supplier, index, rng, numbers };
    let mut days: Vec<Day> = plan.iter().map(|_| maker.issue_day()).collect();
    days.sort_unstable();
    let mut trade = Trade::default();
    for (&issued, plant) in days.iter().zip(plan) {
        let case = match plant {
            Some(plant) => spoil(&mut maker, issued, *plant, shadows),
            None => maker.usual(issued),
        };
        trade.absorb(case);
        if chance(&mut maker.rng, CANCELLED_ORDER_SHARE) {
            trade.orders.push(maker.cancelled(issued));
        }
    }
    trade
}

impl Maker<'_> {
    fn issue_day(&mut self) -> Day {
        let first = self.span.first.plus(LEAD_DAYS.min(self.span.days() / 2));
        let day = first.plus(between(&mut self.rng, 0, self.span.last.0 - first.0));
        self.span.business_day(day)
    }

    /// An order, its receipts and its bill, all agreeing.
    pub(super) fn clean(&mut self, issued: Day) -> Trade {
        let order = self.order(issued);
        self.case(issued, order)
    }

    /// A case with a single line of one piece, so that the bill comes to `gross`.
    pub(super) fn single(&mut self, issued: Day, gross: i64) -> Trade {
        let rate = self.supplier.party.place.tax_basis_points;
        let tax = tax_within(gross, rate);
        let mut order = self.order(issued);
        order.lines.truncate(1);
        for line in &mut order.lines {
            (line.quantity, line.price) = (1, gross - tax);
        }
        let mut case = self.case(issued, order);
        for bill in &mut case.bills {
            for line in &mut bill.lines {
                line.tax = tax;
            }
            bill.total();
        }
        case
    }

    /// A case without a fault: clean, or a near miss.
    fn usual(&mut self, issued: Day) -> Trade {
        let mut case = self.clean(issued);
        if !self.supplier.gapless && chance(&mut self.rng, TWO_BILLS_SHARE) {
            self.bill_in_halves(&mut case);
        } else if chance(&mut self.rng, TWO_RECEIPTS_SHARE) {
            receive_in_halves(&mut case);
        } else if chance(&mut self.rng, NEAR_PRICE_SHARE) {
            raise_price_a_little(&mut case, self.supplier.party.place.tax_basis_points);
        } else if chance(&mut self.rng, HEADER_ONLY_SHARE) {
            for bill in &mut case.bills {
                bill.lines.clear();
            }
        }
        case
    }

    /// An order that could be billed on `issued`, its total not suspect in itself.
    fn order(&mut self, issued: Day) -> Order {
        let rate = self.supplier.party.place.tax_basis_points;
        loop {
            let order = self.any_order(issued);
            let gross: i64 = order
                .lines
                .iter()
                .map(|line| line.quantity * line.price)
                .map(|net| net + tax_on(net, rate))
                .sum();
            if !suspect(gross, order.coin) {
                return order;
            }
        }
    }

    fn any_order(&mut self, issued: Day) -> Order {
        let rng = &mut self.rng;
        let coin = self.supplier.party.place.coin;
        let received = on_or_before(issued.plus(-between(rng, 0, 6)));
        let ordered = on_or_before(received.plus(-between(rng, 5, 25)));
        let count = between(rng, 1, LINES_MAX);
        let price = self.supplier.party.usual_dollars / QUANTITY_MEDIAN / 2.0;
        let lines = (0..count)
            .map(|_| OrderLine {
                item: pick(rng, &ITEMS),
                quantity: (log_normal(rng, QUANTITY_MEDIAN, 0.7).round() as i64).max(2),
                price: coin.minor(log_normal(rng, price, PRICE_SPREAD)).max(coin.units(1)),
                scheduled: received,
            })
            .collect();
        Order { ordered, coin, terms: self.supplier.party.terms, closed: false, lines }
    }

    fn cancelled(&mut self, issued: Day) -> Order {
        Order { closed: true, ..self.order(issued) }
    }

    fn case(&mut self, issued: Day, order: Order) -> Trade {
        let receipts = order
            .lines
            .iter()
            .zip(0..)
            .map(|(line, at)| Receipt {
                order: 0,
                line: at,
                received: line.scheduled,
                quantity: line.quantity,
                refused: 0,
            })
            .collect();
        let bill = self.bill(issued, &order);
        Trade { orders: vec![order], receipts, bills: vec![bill], truth: Vec::new() }
    }

    /// The bill for a whole order.
    fn bill(&mut self, issued: Day, order: &Order) -> Bill {
        let rate = self.supplier.party.place.tax_basis_points;
        let lines = order
            .lines
            .iter()
            .zip(0..)
            .map(|(line, at)| BillLine {
                item: line.item.0,
                description: line.item.1,
                order_line: Some(at),
                quantity: line.quantity,
                price: line.price,
                tax: tax_on(line.quantity * line.price, rate),
            })
            .collect();
        let mut bill = Bill {
            supplier: self.index,
            number: self.numbers.next(&mut self.rng),
            issued,
            posted: issued,
            due: issued,
            coin: order.coin,
            terms: order.terms,
            amount: 0,
            tax: 0,
            order: Some(0),
            settled: None,
            account: None,
            lines,
        };
        bill.total();
        self.date(&mut bill, issued);
        bill
    }

    /// Dates a bill: when it became known, is due and was paid.
    pub(super) fn date(&mut self, bill: &mut Bill, issued: Day) {
        let rng = &mut self.rng;
        bill.issued = issued;
        bill.posted = on_or_after(issued.plus(between(rng, 0, 3))).min(self.span.last);
        bill.due = issued.plus(bill.terms.days);
        let paid = on_or_after(bill.due.plus(between(rng, -3, 5))).max(next_business_day(bill.posted));
        bill.settled = (paid <= self.span.last).then_some(paid);
    }

    /// Halves the quantities of a case over two bills and two deliveries, weeks apart.
    fn bill_in_halves(&mut self, case: &mut Trade) {
        let rate = self.supplier.party.place.tax_basis_points;
        let [bill] = case.bills.as_mut_slice() else { return };
        let apart = between(&mut self.rng, 15, 40);
        let mut earlier = bill.clone();
        // The number it has is the earlier one.
        bill.number = self.numbers.next(&mut self.rng);
        for (first, second) in earlier.lines.iter_mut().zip(&mut bill.lines) {
            first.quantity /= 2;
            second.quantity -= first.quantity;
            first.tax = tax_on(first.amount(), rate);
            second.tax = tax_on(second.amount(), rate);
        }
        bill.total();
        earlier.total();
        let coin = bill.coin;
        if suspect(bill.amount, coin) || suspect(earlier.amount, coin) {
            // A half that happens to look planted: leave this case as it was, on one bill of the later
            // number.
            for (second, first) in bill.lines.iter_mut().zip(&earlier.lines) {
                second.quantity += first.quantity;
                second.tax = tax_on(second.amount(), rate);
            }
            bill.total();
            return;
        }
        self.date(&mut earlier, on_or_before(bill.issued.plus(-apart)));
        receive_in_halves(case);
        let half = case.receipts.len() / 2;
        for receipt in case.receipts.iter_mut().take(half) {
            receipt.received = on_or_before(receipt.received.plus(-apart));
        }
        for order in &mut case.orders {
            order.ordered = on_or_before(order.ordered.plus(-apart));
        }
        case.bills.insert(0, earlier);
    }
}

/// Whether a gross amount looks planted: just below the approval limit, or round.
fn suspect(gross: i64, coin: &Coin) -> bool {
    let limit = coin.units(APPROVAL_LIMIT_UNITS);
    (limit - coin.units(BELOW_LIMIT_UNITS)..limit).contains(&gross) || gross % coin.units(ROUND_UNITS) == 0
}

/// Splits every receipt in two, the first half a few days earlier.
fn receive_in_halves(case: &mut Trade) {
    let mut first = case.receipts.clone();
    for (early, late) in first.iter_mut().zip(&mut case.receipts) {
        early.quantity /= 2;
        late.quantity -= early.quantity;
        early.received = on_or_before(early.received.plus(-3));
    }
    first.append(&mut case.receipts);
    case.receipts = first;
}

/// Raises the first line's price by at most one percent, and little in all.
fn raise_price_a_little(case: &mut Trade, rate: i64) {
    for bill in &mut case.bills {
        let most = bill.coin.units(NEAR_PRICE_UNITS_MAX);
        if let Some(line) = bill.lines.first_mut() {
            line.price += (line.price / 100).min(most / line.quantity.max(1));
            line.tax = tax_on(line.amount(), rate);
        }
        bill.total();
    }
}
