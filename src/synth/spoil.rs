//! Makes a clean case wrong in one way, by more than any usual tolerance, and notes the truth.

use crate::base::day::Day;

use super::calendar::{on_or_after, on_or_before};
use super::draw::{between, chance, unit};
use super::payable::{
    APPROVAL_LIMIT_UNITS, BELOW_LIMIT_UNITS, Bill, BillLine, Maker, Order, Planted, ROUND_UNITS, Receipt,
    Trade,
};
use super::planted::{BillFault, Plant};
use super::receivable::tax_on;
use super::world::{EUR, USD};

/// Smallest differences planted, in whole units: above what clerks wave through.
const PRICE_UNITS_MIN: i64 = 60;
const TAX_UNITS_MIN: i64 = 2;
const LINES_UNITS_MIN: i64 = 5;
const FREIGHT_UNITS_MIN: i64 = 15;
/// A large first bill, in dollars.
const LARGE_DOLLARS: (i32, i32) = (45_000, 160_000);
/// Days before the export in which a new supplier appears.
const NEW_DAYS: i32 = 60;
/// Days kept before the export by faults that need a later day to exist.
const ROOM_DAYS: i32 = 20;
/// Numbers left out by a gap.
const GAP_NUMBERS: (i32, i32) = (40, 300);
/// Days by which goods come late, and days from a bill to its sending again.
const LATE_DAYS: (i32, i32) = (18, 40);
const RESENT_DAYS: (i32, i32) = (3, 20);

/// A case with this fault.
pub(super) fn spoil(maker: &mut Maker, issued: Day, plant: Plant, shadows: u32) -> Trade {
    let before_gap = maker.numbers.latest();
    let mut case = start(maker, issued, plant.fault);
    let twin = match plant.fault {
        BillFault::DuplicateExact
        | BillFault::DuplicateFuzzy
        | BillFault::DuplicateVendor
        | BillFault::DuplicateResent => {
            return repeat(maker, case, plant, shadows);
        }
        BillFault::DuplicateSplit => return repeat_in_parts(maker, case),
        BillFault::NumberGap => Some(before_gap),
        _ => None,
    };
    break_case(maker, &mut case, plant.fault);
    let truth = case.bills.iter().map(|bill| Planted {
        number: bill.number.clone(),
        fault: plant.fault,
        twin: twin.clone(),
    });
    case.truth = truth.collect();
    case
}

/// The clean case that a fault starts from.
fn start(maker: &mut Maker, issued: Day, fault: BillFault) -> Trade {
    let coin = maker.supplier.party.place.coin;
    let roomy = on_or_before(issued.min(maker.span.last.plus(-ROOM_DAYS)));
    match fault {
        BillFault::BeforeOrder | BillFault::DuplicateSplit | BillFault::DuplicateResent => maker.clean(roomy),
        BillFault::BelowLimit => {
            let below = between(&mut maker.rng, 1, (coin.units(BELOW_LIMIT_UNITS) - 1) as i32);
            maker.single(issued, coin.units(APPROVAL_LIMIT_UNITS) - i64::from(below))
        }
        BillFault::Round => {
            let times = i64::from(between(&mut maker.rng, 4, 60));
            maker.single(issued, coin.units(ROUND_UNITS * times))
        }
        BillFault::NewSupplier => {
            let day = maker.span.last.plus(-between(&mut maker.rng, 0, NEW_DAYS.min(maker.span.days())));
            let dollars = f64::from(between(&mut maker.rng, LARGE_DOLLARS.0, LARGE_DOLLARS.1));
            // An odd amount: this case is not about round ones.
            maker.single(maker.span.business_day(day), coin.minor(dollars) + 37)
        }
        BillFault::NumberGap => {
            let gap = between(&mut maker.rng, GAP_NUMBERS.0, GAP_NUMBERS.1);
            maker.numbers.skip(gap);
            maker.clean(issued)
        }
        _ => maker.clean(issued),
    }
}

fn break_case(maker: &mut Maker, case: &mut Trade, fault: BillFault) {
    let Trade { orders, receipts, bills, .. } = case;
    let (Some(order), Some(bill)) = (orders.first_mut(), bills.first_mut()) else { return };
    let rate = maker.supplier.party.place.tax_basis_points;
    match fault {
        BillFault::Price => raise_price(maker, bill, rate),
        BillFault::QuantityOverOrder => {
            let more = bill_more(maker, bill, rate);
            // All of it was received.
            for receipt in receipts.iter_mut().filter(|receipt| receipt.line == 0) {
                receipt.quantity += more;
            }
        }
        BillFault::QuantityOverReceipt => {
            for receipt in receipts.iter_mut().filter(|receipt| receipt.line == 0) {
                receipt.quantity -= (receipt.quantity / 5).max(1);
            }
        }
        BillFault::QuantityOverAccepted => {
            for receipt in receipts.iter_mut().filter(|receipt| receipt.line == 0) {
                receipt.refused = (receipt.quantity / 5).max(1);
            }
        }
        BillFault::Late => agree_earlier(maker, order),
        BillFault::AmountOverOrder => {
            let share = 1.06 + 0.3 * unit(&mut maker.rng);
            let net = (order.amount() as f64 * share).round() as i64 + bill.coin.units(PRICE_UNITS_MIN);
            bill.lines.clear();
            bill.tax = tax_on(net, rate);
            bill.amount = net + bill.tax;
        }
        BillFault::BeforeReceipt => receive_after(maker, bill.issued, order, receipts),
        BillFault::NoOrder => {
            // No order was ever made, so nothing could be received against it.
            bill.order = None;
            for line in &mut bill.lines {
                line.order_line = None;
            }
            orders.clear();
            receipts.clear();
        }
        BillFault::OrderClosed => order.closed = true,
        BillFault::BeforeOrder => {
            order.ordered = on_or_after(bill.issued.plus(between(&mut maker.rng, 2, 15)));
        }
        BillFault::Currency => bill.coin = if order.coin.code == USD.code { &EUR } else { &USD },
        BillFault::Tax => {
            let wrong =
                bill.tax / 20 + bill.coin.units(TAX_UNITS_MIN) + i64::from(between(&mut maker.rng, 0, 900));
            bill.tax += wrong;
            bill.amount += wrong;
        }
        BillFault::Lines => {
            let wrong = bill.amount / 100 + bill.coin.units(LINES_UNITS_MIN);
            // Both ways: a sum may also be too low.
            bill.amount += if chance(&mut maker.rng, 0.7) { wrong } else { -wrong.min(bill.amount / 3) };
        }
        BillFault::Freight => add_freight(maker, bill, rate),
        BillFault::BankChanged => {
            bill.account = Some(maker.supplier.party.place.bank_account(&mut maker.rng));
        }
        BillFault::Terms => {
            bill.terms = order.terms.other();
            maker.date(bill, bill.issued);
        }
        BillFault::DuplicateExact
        | BillFault::DuplicateFuzzy
        | BillFault::DuplicateVendor
        | BillFault::DuplicateSplit
        | BillFault::DuplicateResent
        | BillFault::BelowLimit
        | BillFault::Round
        | BillFault::NumberGap
        | BillFault::NewSupplier => {}
    }
}

/// Raises the price of the first line by at least five percent and an amount that matters.
fn raise_price(maker: &mut Maker, bill: &mut Bill, rate: i64) {
    let share = 0.05 + 0.2 * unit(&mut maker.rng);
    let least = bill.coin.units(PRICE_UNITS_MIN);
    if let Some(line) = bill.lines.first_mut() {
        line.price += (line.price as f64 * share).ceil() as i64 + least / line.quantity.max(1) + 1;
        line.tax = tax_on(line.amount(), rate);
    }
    bill.total();
}

/// Bills more of the first line; says how much more.
fn bill_more(maker: &mut Maker, bill: &mut Bill, rate: i64) -> i64 {
    let share = 0.1 + 0.3 * unit(&mut maker.rng);
    let mut more = 0;
    if let Some(line) = bill.lines.first_mut() {
        more = ((line.quantity as f64 * share).round() as i64).max(1);
        line.quantity += more;
        line.tax = tax_on(line.amount(), rate);
    }
    bill.total();
    more
}

/// Moves the agreed delivery of an order weeks before what came, and the order before that.
fn agree_earlier(maker: &mut Maker, order: &mut Order) {
    let (least, most) = LATE_DAYS;
    let late = between(&mut maker.rng, least, most);
    for line in &mut order.lines {
        line.scheduled = on_or_before(line.scheduled.plus(-late));
    }
    order.ordered = on_or_before(order.ordered.plus(-late));
}

/// Moves the agreed delivery and the receipts behind the bill; those that the export does not know of are left out.
fn receive_after(maker: &mut Maker, issued: Day, order: &mut Order, receipts: &mut Vec<Receipt>) {
    let late = on_or_after(issued.plus(between(&mut maker.rng, 4, 20)));
    for line in &mut order.lines {
        line.scheduled = late;
    }
    if late > maker.span.last {
        receipts.clear();
    }
    for receipt in receipts {
        receipt.received = late;
    }
}

fn add_freight(maker: &mut Maker, bill: &mut Bill, rate: i64) {
    let net: i64 = bill.lines.iter().map(BillLine::amount).sum();
    let price = net * i64::from(between(&mut maker.rng, 2, 8)) / 100 + bill.coin.units(FREIGHT_UNITS_MIN);
    let tax = tax_on(price, rate);
    let line = BillLine {
        item: "FREIGHT",
        description: "Freight and handling",
        order_line: None,
        quantity: 1,
        price,
        tax,
    };
    bill.lines.push(line);
    bill.total();
}

/// Bills the same thing once more.
fn repeat(maker: &mut Maker, mut case: Trade, plant: Plant, shadows: u32) -> Trade {
    let Some(first) = case.bills.first().cloned() else { return case };
    let number = match plant.fault {
        BillFault::DuplicateExact => same_number(&first.number, plant.ordinal),
        BillFault::DuplicateVendor => first.number.replace('-', "/"),
        BillFault::DuplicateResent => maker.numbers.next(&mut maker.rng),
        _ => near_number(&first.number, plant.ordinal),
    };
    let (least, most) = match plant.fault {
        BillFault::DuplicateExact => (0, 0),
        BillFault::DuplicateResent => RESENT_DAYS,
        _ => (0, 5),
    };
    let days_later = between(&mut maker.rng, least, most);
    let mut second = Bill { number, ..first.clone() };
    maker.date(&mut second, maker.span.business_day(first.issued.plus(days_later)));
    // A copy arrives some days later.
    second.posted = on_or_after(second.posted.plus(between(&mut maker.rng, 2, 12))).min(maker.span.last);
    second.settled = second.settled.filter(|paid| *paid > second.posted);
    if plant.fault == BillFault::DuplicateVendor {
        second.supplier = shadows + plant.ordinal;
    }
    case.truth.push(Planted { number: second.number.clone(), fault: plant.fault, twin: Some(first.number) });
    case.bills.push(second);
    case
}

/// Bills the same thing once more, in two parts without lines.
fn repeat_in_parts(maker: &mut Maker, mut case: Trade) -> Trade {
    let Some(whole) = case.bills.first().cloned() else { return case };
    let share = 0.3 + 0.4 * unit(&mut maker.rng);
    let first = ((whole.amount as f64 * share).round() as i64).clamp(1, (whole.amount - 1).max(1));
    let first_tax = whole.tax * first / whole.amount.max(1);
    let parts = [(first, first_tax), (whole.amount - first, whole.tax - first_tax)];
    for (amount, tax) in parts {
        let issued = on_or_after(whole.issued.plus(between(&mut maker.rng, 2, ROOM_DAYS - 4)));
        let number = maker.numbers.next(&mut maker.rng);
        let mut part = Bill { number, amount, tax, lines: Vec::new(), ..whole.clone() };
        maker.date(&mut part, issued);
        let fault = BillFault::DuplicateSplit;
        case.truth.push(Planted { number: part.number.clone(), fault, twin: Some(whole.number.clone()) });
        case.bills.push(part);
    }
    case
}

/// The same number by any reading that ignores punctuation, case and zeros.
fn same_number(number: &str, ordinal: u32) -> String {
    match ordinal % 3 {
        0 => number.replace('-', ""),
        1 => number.to_lowercase(),
        _ => number.replace('-', " "),
    }
}

/// The same number as somebody in a hurry types it, or with a suffix. A letter or a second hyphen keeps it
/// apart from every true number.
fn near_number(number: &str, ordinal: u32) -> String {
    let (prefix, serial) = number.split_once('-').unwrap_or((number, ""));
    match ordinal % 4 {
        0 if serial.contains('0') => format!("{prefix}-{}", serial.replacen('0', "O", 1)),
        1 if serial.contains('1') => format!("{prefix}-{}", serial.replacen('1', "I", 1)),
        2 => format!("{number}-1"),
        _ => format!("{number}A"),
    }
}
