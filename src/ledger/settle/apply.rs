//! What one event does: money comes in, is put to claims, and is taken back.

use super::AllocationKind;
use super::course::{Applied, Course, NONE, Use};
use super::notes::Step;
use crate::base::day::Day;
use crate::ledger::event::{CashMove, Settlement, Stamp};

impl Course<'_> {
    pub(super) fn receive(&mut self, at: u32) {
        let source = &self.sources[at as usize];
        if source.never_counted() {
            self.notes.of(source.cash.currency).returned += i128::from(source.cash.amount);
            return;
        }
        self.cash.push(source.cash);
        self.left[at as usize] = source.cash.amount;
        self.offer_source(at);
    }

    /// What came back never counted from that day on: what it settled is open again.
    pub(super) fn give_back(&mut self, source: u32, day: Day) {
        let mut documents = Vec::new();
        let mut at = self.last_of_source[source as usize];
        while at != NONE {
            self.take_back(at, day);
            let Use { claim, before, .. } = self.uses[at as usize];
            documents.push(self.claims.invoices[claim as usize].document);
            at = before[0];
        }
        let left = std::mem::take(&mut self.left[source as usize]);
        self.move_cash(source, day, -left);
        let cash = self.sources[source as usize].cash;
        self.notes.of(cash.currency).returned += i128::from(cash.amount);
        documents.sort_unstable();
        documents.dedup();
        for document in documents {
            self.retry(document, day);
        }
    }

    /// Takes one use back on a day: the claim is open again, and the money is on none.
    fn take_back(&mut self, at: u32, day: Day) {
        let Use { source, claim, happened, step, .. } = self.uses[at as usize];
        let amount = std::mem::take(&mut self.uses[at as usize].amount);
        if amount == 0 {
            return;
        }
        self.open[claim as usize] += amount;
        // It says when it had happened, so that it is known what no longer counts.
        self.settlements.push(Settlement {
            invoice: claim,
            stamp: Stamp { known: day, happened },
            amount: -amount,
        });
        *self.notes.of(self.sources[source as usize].cash.currency).settled.by(step) -= i128::from(amount);
        if step.takes_money() {
            self.left[source as usize] += amount;
            self.move_cash(source, day, amount);
            self.offer_source(source);
        }
        self.offer_claim(claim);
    }

    pub(super) fn allocate(&mut self, at: u32, day: Day) {
        let Applied { document, kind, source, amount, .. } = self.applied[at as usize];
        if self.market.is_some() {
            self.make_room(document, source.filter(|_| kind == AllocationKind::Payment), amount, day);
        }
        self.settle_allocated(at, day);
        self.confirm(at, day);
        if self.applied[at as usize].amount > 0 {
            // Paid already: it waits until what paid it comes back.
            self.waiting.entry(document).or_default().push(at);
        }
    }

    /// The ledger's word goes before the policy's: what that did with the money, or on the document, is taken back.
    fn make_room(&mut self, document: u32, source: Option<u32>, amount: i64, day: Day) {
        if let Some(source) = source.filter(|&source| self.left[source as usize] < amount) {
            self.take_back_automatic(self.last_of_source[source as usize], 0, day);
        }
        let claims = self.claims.of(document);
        if claims.iter().map(|&claim| self.open[claim as usize]).sum::<i64>() < amount {
            for claim in claims {
                self.take_back_automatic(self.last_on_claim[claim as usize], 1, day);
            }
        }
    }

    fn take_back_automatic(&mut self, mut at: u32, chain: usize, day: Day) {
        while at != NONE {
            if self.uses[at as usize].automatic {
                self.take_back(at, day);
            }
            at = self.uses[at as usize].before[chain];
        }
    }

    /// Settles what is open of an allocation's document, from the claim due first.
    fn settle_allocated(&mut self, at: u32, day: Day) {
        let Applied { stamp, document, kind, source, mut amount } = self.applied[at as usize];
        let step = kind.step();
        let stamp = Stamp { known: day, ..stamp };
        for claim in self.claims.of(document) {
            let most = self.available(source.filter(|_| step.takes_money()), amount, day);
            let part = most.min(self.open[claim as usize]);
            self.settle(claim, source, (part, stamp), step, false);
            amount -= part;
        }
        self.applied[at as usize].amount = amount;
    }

    /// What a `settled` day settled before the ledger says by which money was settled by that money.
    fn confirm(&mut self, at: u32, day: Day) {
        let Applied { document, kind, source, mut amount, .. } = self.applied[at as usize];
        if self.unconfirmed.is_empty() {
            return;
        }
        let step = kind.step();
        for claim in self.claims.of(document) {
            let Some(happened) = self.claims.settled[claim as usize] else { continue };
            let most = self.available(source.filter(|_| step.takes_money()), amount, day);
            let part = most.min(self.unconfirmed.get(&claim).copied().unwrap_or(0));
            if part == 0 {
                continue;
            }
            self.unconfirmed.entry(claim).and_modify(|rest| *rest -= part);
            let settled = &mut self.notes.of(self.claims.invoices[claim as usize].currency).settled;
            *settled.by(Step::SettledDay) -= i128::from(part);
            self.note_written_off(claim, Stamp { known: day, happened }, part, step);
            self.note_use(claim, source, (part, happened), step, false);
            self.spend(source, part, step, day);
            amount -= part;
        }
        self.applied[at as usize].amount = amount;
    }

    /// Lets the allocations that found a document paid have what is open of it again.
    fn retry(&mut self, document: u32, day: Day) {
        for at in self.waiting.remove(&document).unwrap_or_default() {
            let source = self.applied[at as usize].source;
            let returned = source.and_then(|source| self.sources[source as usize].returned);
            if returned.is_none_or(|returned| day < returned) {
                self.settle_allocated(at, day);
                if self.applied[at as usize].amount > 0 {
                    self.waiting.entry(document).or_default().push(at);
                }
            }
        }
    }

    pub(super) fn settle_by_day(&mut self, claim: u32, day: Day) {
        let rest = self.open[claim as usize];
        let Some(happened) = self.claims.settled[claim as usize].filter(|_| rest > 0) else { return };
        // Paid before the invoice was known counts from when both were.
        self.settle(claim, None, (rest, Stamp { known: day, happened }), Step::SettledDay, false);
        if !self.applied.is_empty() {
            self.unconfirmed.insert(claim, rest);
        }
    }

    pub(super) fn use_up(&mut self, source: u32, day: Day) {
        let left = std::mem::take(&mut self.left[source as usize]);
        self.move_cash(source, day, -left);
        self.spent.insert(source, left);
        self.notes.of(self.sources[source as usize].cash.currency).used_up += i128::from(left);
    }

    /// How much of a wanted amount a source can give; one that was used up by its day is told here what for.
    fn available(&mut self, source: Option<u32>, wanted: i64, day: Day) -> i64 {
        let Some(source) = source else { return wanted };
        let lacking = wanted - self.left[source as usize];
        if let Some(spent) = self.spent.get_mut(&source).filter(|spent| lacking > 0 && **spent > 0) {
            let back = lacking.min(*spent);
            *spent -= back;
            self.left[source as usize] += back;
            self.move_cash(source, day, back);
            self.notes.of(self.sources[source as usize].cash.currency).used_up -= i128::from(back);
        }
        wanted.min(self.left[source as usize])
    }

    /// Settles part of a claim.
    pub(super) fn settle(
        &mut self,
        claim: u32,
        source: Option<u32>,
        (amount, stamp): (i64, Stamp),
        step: Step,
        automatic: bool,
    ) {
        if amount == 0 {
            return;
        }
        self.open[claim as usize] -= amount;
        self.settlements.push(Settlement { invoice: claim, stamp, amount });
        self.note_written_off(claim, stamp, amount, step);
        self.note_use(claim, source, (amount, stamp.happened), step, automatic);
        self.spend(source, amount, step, stamp.known);
    }

    /// A claim once given up stays so: no money is behind it that could come back.
    fn note_written_off(&mut self, claim: u32, stamp: Stamp, amount: i64, step: Step) {
        if step == Step::WriteOff {
            self.written_off.push(Settlement { invoice: claim, stamp, amount });
        }
    }

    fn spend(&mut self, source: Option<u32>, amount: i64, step: Step, day: Day) {
        if let Some(source) = source.filter(|_| step.takes_money()) {
            self.left[source as usize] -= amount;
            self.move_cash(source, day, -amount);
        }
    }

    fn note_use(
        &mut self,
        claim: u32,
        source: Option<u32>,
        (amount, happened): (i64, Day),
        step: Step,
        automatic: bool,
    ) {
        *self.notes.of(self.claims.invoices[claim as usize].currency).settled.by(step) += i128::from(amount);
        let Some(source) = source else { return };
        // Only what may be taken back is remembered.
        if self.market.is_none() && !automatic && self.sources[source as usize].returned.is_none() {
            return;
        }
        let at = self.uses.len() as u32;
        let of_source = std::mem::replace(&mut self.last_of_source[source as usize], at);
        let on_claim = std::mem::replace(&mut self.last_on_claim[claim as usize], at);
        let before = [of_source, on_claim];
        self.uses.push(Use { source, claim, amount, happened, step, automatic, before });
    }

    /// Moves money or credit that is on no invoice. It says on which day that had come, so that what is left is known by its day.
    pub(super) fn move_cash(&mut self, source: u32, day: Day, amount: i64) {
        if amount != 0 {
            let cash = self.sources[source as usize].cash;
            self.cash.push(CashMove { stamp: Stamp { known: day, ..cash.stamp }, amount, ..cash });
        }
    }

    pub(super) fn offer_claim(&mut self, claim: u32) {
        if let Some(market) = &mut self.market {
            market.claims.push(claim);
        }
    }

    fn offer_source(&mut self, source: u32) {
        if let Some(market) = &mut self.market {
            market.sources.push(source);
        }
    }
}

impl AllocationKind {
    fn step(self) -> Step {
        match self {
            Self::Payment => Step::Allocation,
            Self::Discount => Step::Discount,
            Self::WriteOff => Step::WriteOff,
        }
    }
}
