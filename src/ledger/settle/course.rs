//! The course of events: day by day, what was billed, came in, came back, was allocated and was settled by its day. What
//! is done on a day depends on nothing that became known later; within a day the kinds of events have one order, and
//! equals stand in that of their ids, so that the order of rows decides nothing.

use hashbrown::HashMap;
use rayon::slice::ParallelSliceMut as _;

use super::claims::Claims;
use super::notes::{SettlementNotes, Step};
use super::policy::Market;
use super::{Allocation, AllocationKind, Policy, Source};
use crate::base::day::Day;
use crate::ledger::event::{CashMove, Settlement, Stamp};

/// No use: the end of a chain.
pub(super) const NONE: u32 = u32::MAX;

/// What may happen on a day, in the order within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A claim becomes known.
    Billed(u32),
    /// Money comes back.
    Returned(u32),
    /// Money or credit becomes known.
    Received(u32),
    /// An allocation becomes known.
    Allocated(u32),
    /// A claim is settled by its `settled` day.
    Settled(u32),
    /// A credit note is used up by its `settled` day.
    UsedUp(u32),
}

/// An allocation with what it joins found. Ordered by the day known and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Applied {
    pub(super) stamp: Stamp,
    pub(super) document: u32,
    pub(super) kind: AllocationKind,
    pub(super) source: Option<u32>,
    /// Minor units still to be applied.
    pub(super) amount: i64,
}

/// Part of a claim settled by something that may be taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use {
    pub(super) source: u32,
    pub(super) claim: u32,
    pub(super) amount: i64,
    pub(super) happened: Day,
    pub(super) step: Step,
    /// Whether the policy did it and not the ledger.
    pub(super) automatic: bool,
    /// The uses before it of the same source, and on the same claim.
    pub(super) before: [u32; 2],
}

/// What was done so far.
pub(super) struct Course<'a> {
    pub(super) claims: &'a Claims,
    pub(super) sources: Vec<Source>,
    pub(super) notes: &'a mut SettlementNotes,
    /// What is open of each claim, and left of each source that has come in.
    pub(super) open: Vec<i64>,
    pub(super) left: Vec<i64>,
    pub(super) applied: Vec<Applied>,
    pub(super) uses: Vec<Use>,
    /// The last use of each source, and on each claim.
    pub(super) last_of_source: Vec<u32>,
    pub(super) last_on_claim: Vec<u32>,
    /// What `settled` days settled and no allocation has confirmed, by claim.
    pub(super) unconfirmed: HashMap<u32, i64>,
    /// What `settled` days used up of credit notes.
    pub(super) spent: HashMap<u32, i64>,
    /// Allocations that found nothing open, by document.
    pub(super) waiting: HashMap<u32, Vec<u32>>,
    pub(super) market: Option<Market>,
    pub(super) settlements: Vec<Settlement>,
    /// Of the settlements, what was given up.
    pub(super) written_off: Vec<Settlement>,
    pub(super) cash: Vec<CashMove>,
}

/// What came of all events, unordered.
pub(super) struct Done {
    pub(super) settlements: Vec<Settlement>,
    /// Of those, what was given up.
    pub(super) written_off: Vec<Settlement>,
    /// Every move of money that is on no invoice.
    pub(super) cash: Vec<CashMove>,
}

/// Goes through all events.
pub(super) fn run(
    claims: &Claims,
    allocations: &[Allocation],
    sources: Vec<Source>,
    policy: Option<Policy>,
    notes: &mut SettlementNotes,
) -> Done {
    let market = policy.map(|policy| Market::new(policy, claims, &sources));
    let applied = resolve(claims, allocations, &sources);
    let mut course = Course {
        open: claims.invoices.iter().map(|invoice| invoice.amount).collect(),
        left: vec![0; sources.len()],
        uses: Vec::new(),
        last_of_source: vec![NONE; sources.len()],
        last_on_claim: vec![NONE; claims.invoices.len()],
        unconfirmed: HashMap::new(),
        spent: HashMap::new(),
        waiting: HashMap::new(),
        settlements: Vec::with_capacity(applied.len()),
        written_off: Vec::new(),
        cash: Vec::with_capacity(applied.len() + sources.len()),
        claims,
        sources,
        notes,
        applied,
        market,
    };
    for today in course.events().chunk_by(|left, right| left.0 == right.0) {
        let day = today[0].0;
        for (_, event) in today {
            course.take(*event, day);
        }
        if let Some(mut market) = course.market.take() {
            market.trade(&mut course, day);
            course.market = Some(market);
        }
    }
    for (source, left) in course.sources.iter().zip(&course.left) {
        course.notes.of(source.cash.currency).unapplied += i128::from(*left);
    }
    Done { settlements: course.settlements, written_off: course.written_off, cash: course.cash }
}

/// Finds what allocations join. Those of money that had come back by the time they were known settle nothing.
fn resolve(claims: &Claims, allocations: &[Allocation], sources: &[Source]) -> Vec<Applied> {
    let documents = claims.by_id();
    let mut by_id: HashMap<&str, u32> = HashMap::new();
    if !allocations.is_empty() {
        for (at, source) in (0..).zip(sources) {
            by_id.entry(source.id.as_str()).or_insert(at);
        }
    }
    let find = |allocation: &Allocation| {
        let document = *documents.get(allocation.invoice.as_str())?;
        let kind = allocation.kind;
        let source = by_id.get(allocation.payment.as_str()).copied();
        let paid = source.map(|at| sources[at as usize].cash.stamp);
        let on = |day: Day| allocation.day.map_or(day, |applied| applied.max(day));
        // Money for an invoice that is not known yet is money on account until it is.
        let billed = claims.invoices[document as usize].stamp.known;
        let stamp = match paid {
            Some(paid) => Stamp { happened: on(paid.happened), known: on(paid.known).max(billed) },
            None if kind == AllocationKind::Payment => return None,
            None => Stamp::new(allocation.day?, billed),
        };
        // A claim once given up stays so, whatever becomes of the money.
        let source = source.filter(|_| kind != AllocationKind::WriteOff);
        let returned = source.and_then(|at| sources[at as usize].returned);
        let counts = returned.is_none_or(|day| stamp.known < day);
        counts.then_some(Applied { stamp, document, kind, source, amount: allocation.amount })
    };
    let mut applied: Vec<Applied> = allocations.iter().filter_map(find).collect();
    applied.par_sort_unstable();
    applied
}

impl Course<'_> {
    /// All events, by day.
    fn events(&self) -> Vec<(Day, Event)> {
        let mut events = Vec::with_capacity(self.sources.len() + self.applied.len());
        for (at, invoice) in (0..).zip(&self.claims.invoices) {
            if self.market.is_some() {
                events.push((invoice.stamp.known, Event::Billed(at)));
            }
            if let Some(day) = self.claims.settled[at as usize] {
                events.push((day.max(invoice.stamp.known), Event::Settled(at)));
            }
        }
        for (at, source) in (0..).zip(&self.sources) {
            let known = source.cash.stamp.known;
            events.push((known, Event::Received(at)));
            events.extend(source.returned.filter(|day| *day > known).map(|day| (day, Event::Returned(at))));
            events.extend(source.used_up.map(|day| (day.max(known), Event::UsedUp(at))));
        }
        let allocated =
            (0..).zip(&self.applied).map(|(at, applied)| (applied.stamp.known, Event::Allocated(at)));
        events.extend(allocated);
        events.par_sort_unstable();
        events
    }

    fn take(&mut self, event: Event, day: Day) {
        match event {
            Event::Billed(claim) => self.offer_claim(claim),
            Event::Returned(source) => self.give_back(source, day),
            Event::Received(source) => self.receive(source),
            Event::Allocated(at) => self.allocate(at, day),
            Event::Settled(claim) => self.settle_by_day(claim, day),
            Event::UsedUp(source) => self.use_up(source, day),
        }
    }
}
