//! A debt from its due day to the day of the claim: days of one balance and one rate become a segment, and what happened on a day
//! changes the balance of the next.

use std::collections::BTreeMap;

use super::basis::{Basis, Course};
use super::books::{Books, Part};
use super::note::Note;
use super::{Claim, Debt, Exact, Segment, fees, too_large};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::statute::interest::{Order, Rests};

/// What happened on a day: costs come before payments, whatever the order of the rows.
#[derive(Debug, Default)]
struct Event {
    charged: i64,
    paid: i64,
}

/// The claim as of a day.
pub(super) fn run(debt: &Debt, basis: &Basis, as_of: Day) -> Result<Claim> {
    let mut notes = Vec::new();
    let course = basis.course(debt, &mut notes)?;
    let (order, rests) =
        course.as_ref().map_or((Order::PrincipalFirst, Rests::None), |course| (course.order, course.rests));
    let mut books = Books::new(debt.principal.max(0), order, rests);
    let mut before = events(debt, basis, as_of, &mut notes)?;
    let start = course.as_ref().map_or(debt.due.plus(1), |course| course.start);
    let after = before.split_off(&start);
    before.values().try_for_each(|event| books.happen(event)).ok_or_else(too_large)?;

    // The law grants its sum once interest begins, by what is owed then.
    let owed = books.principal.open();
    let band = if owed > 0 && start <= as_of { basis.fixed_sum(debt, owed, &mut notes) } else { None };
    let mut fixed_sum = Part { total: band.map_or(0, |band| band.amount), paid: 0 };
    let segments = accrue(course.as_ref(), &mut books, &after, start, as_of)?;
    let course = course.filter(|_| !segments.is_empty());
    notes.extend(course.as_ref().and_then(|course| course.rates_end_before(as_of)));
    // Money that nothing else was left for.
    fixed_sum.paid = fixed_sum.total.min(books.surplus);
    Ok(Claim {
        invoice: debt.invoice.clone(),
        customer: debt.customer.clone(),
        due: debt.due,
        as_of,
        currency: debt.currency,
        principal: books.principal,
        interest: books.interest().ok_or_else(too_large)?,
        fixed_sum,
        costs: books.costs,
        surplus: books.surplus - fixed_sum.paid,
        segments,
        source: course.map(|course| course.source).unwrap_or_default(),
        fixed_sum_source: band.map_or("", |band| band.source),
        notes,
    })
}

/// What happened until a day, by day. Letters are charged as far as the law allows.
fn events(debt: &Debt, basis: &Basis, as_of: Day, notes: &mut Vec<Note>) -> Result<BTreeMap<Day, Event>> {
    let mut events: BTreeMap<Day, Event> = BTreeMap::new();
    let add = |sum: &mut i64, amount: i64| -> Result<()> {
        *sum = sum.checked_add(amount).ok_or_else(too_large)?;
        Ok(())
    };
    for payment in debt.payments.iter().filter(|payment| payment.day <= as_of) {
        add(&mut events.entry(payment.day).or_default().paid, payment.amount)?;
    }
    for charge in fees::allowed(debt, basis, as_of, notes)? {
        add(&mut events.entry(charge.day).or_default().charged, charge.amount)?;
    }
    Ok(events)
}

impl Books {
    fn happen(&mut self, event: &Event) -> Option<()> {
        self.charge(event.charged)?;
        self.pay(event.paid)
    }
}

/// Lets time pass from the first day of interest on.
fn accrue(
    course: Option<&Course>,
    books: &mut Books,
    events: &BTreeMap<Day, Event>,
    start: Day,
    as_of: Day,
) -> Result<Vec<Segment>> {
    let mut segments = Vec::new();
    let (mut day, mut rests) = (start, 1);
    while day <= as_of {
        let rest = course.and_then(|course| course.rests.nth(start, rests)).filter(|rest| *rest > day);
        let event = events.range(day..).next();
        let mut end = event.map_or(as_of, |(on, _)| *on).min(as_of);
        end = rest.map_or(end, |rest| end.min(rest.plus(-1)));
        if let Some(course) = course.filter(|course| course.last.is_none_or(|last| day <= last))
            && books.bearing() > 0
        {
            let segment = segment(course, books.bearing(), day, end)?;
            end = segment.to;
            books.accrue(segment.interest).ok_or_else(too_large)?;
            add(&mut segments, segment)?;
        }
        if let Some((_, event)) = event.filter(|(on, _)| **on == end) {
            books.happen(event).ok_or_else(too_large)?;
        }
        if rest.is_some_and(|rest| rest.plus(-1) == end) {
            books.rest().ok_or_else(too_large)?;
            rests += 1;
        }
        day = end.plus(1);
    }
    Ok(segments)
}

/// Adds a segment, as more days of the one before where it goes on with it: a fee or a rest of no interest changes neither rate nor balance.
fn add(segments: &mut Vec<Segment>, next: Segment) -> Result<()> {
    match segments.last_mut().filter(|last| last.goes_on_as(&next)) {
        Some(last) => {
            last.interest = last.interest.plus(next.interest).ok_or_else(too_large)?;
            last.to = next.to;
        }
        None => segments.push(next),
    }
    Ok(())
}

/// The longest time from a day on, within an end, that has one rate and one length of year.
fn segment(course: &Course, balance: i64, from: Day, end: Day) -> Result<Segment> {
    let rate = course.rate(from)?;
    let (year_days, year_end) = course.day_count.year(from);
    let ends = [Some(end), Some(rate.until), year_end, course.last];
    let to = ends.into_iter().flatten().fold(end, Day::min);
    let interest =
        Exact::simple(balance, rate.percent, to.0 - from.0 + 1, year_days).ok_or_else(too_large)?;
    Ok(Segment { from, to, balance, rate: rate.percent, year_days, interest, origin: rate.origin })
}
