//! What a finding rests on, and when the last of it became known: a verdict holds for the facts that the reviewer could
//! see. A ledger shows no edits, so what counts is what came later: the document itself, those it was compared with, goods
//! for a rule about goods, what happened to a payment or credit note, and for a credit limit the next invoice.

use hashbrown::{HashMap, HashSet};

use super::verdicts::Decided;
use crate::asof::documents::{Documents, From};
use crate::base::day::Day;
use crate::exception::finding::{Finding, Kind, Reference};
use crate::exception::rule::{RULES, Role};
use crate::ledger::register::{DocumentKind, Side, Verdict};

/// A document as findings name it.
type Name<'a> = (Kind, &'a str);

/// The days of what findings rest on.
pub(super) struct Rests<'a> {
    documents: &'a Documents,
    /// When documents became known, with their parties: several may have one number.
    known: HashMap<Name<'a>, Vec<(&'a str, Day)>>,
    /// When something last happened to them: money applied or back, goods received.
    moved: HashMap<Name<'a>, Day>,
}

impl<'a> Rests<'a> {
    /// Looks up what these findings name.
    pub(super) fn of(documents: &'a Documents, findings: impl Iterator<Item = &'a Finding>) -> Self {
        let mut named: HashSet<Name> = HashSet::new();
        for finding in findings {
            let all = std::iter::once(&finding.document).chain(&finding.others);
            named.extend(all.map(|one| (one.kind, one.id.as_str())));
        }
        let mut rests = Self { documents, known: HashMap::new(), moved: HashMap::new() };
        if !named.is_empty() {
            rests.look_up(&named);
        }
        rests
    }

    fn look_up(&mut self, named: &HashSet<Name>) {
        let documents = self.documents;
        let text = |word| documents.text(word);
        let billed = documents.documents.iter().map(|one| {
            let kind = if one.side == Side::Payable { Kind::Bill } else { Kind::Invoice };
            ((kind, text(one.id)), text(one.party), one.stamp.known)
        });
        let paid = documents.payments.iter();
        let paid = paid.map(|one| ((Kind::Payment, text(one.id)), text(one.customer), one.stamp.known));
        let ordered = documents.orders.iter().map(|one| ((Kind::Order, text(one.id)), "", one.ordered));
        for (name, party, day) in billed.chain(paid).chain(ordered).filter(|one| named.contains(&one.0)) {
            self.known.entry(name).or_default().push((party, day));
        }

        let back = documents.payments.iter();
        let back = back.filter_map(|one| Some(((Kind::Payment, text(one.id)), one.returned?)));
        let applied = documents.applied.iter().filter_map(|one| {
            let name = match one.from {
                From::Payment(at) => (Kind::Payment, text(documents.payments.get(at as usize)?.id)),
                From::Credit(at) => (Kind::Invoice, text(documents.documents.get(at as usize)?.id)),
                From::Nothing => return None,
            };
            Some((name, one.allocated.day?))
        });
        let received = documents.order_lines.iter().enumerate().filter_map(|(at, line)| {
            let last = documents.receipts_of(at).iter().map(|receipt| receipt.received).max();
            Some(((Kind::Order, text(line.order)), last?))
        });
        for (name, day) in back.chain(applied).chain(received).filter(|one| named.contains(&one.0)) {
            self.moved.entry(name).and_modify(|last| *last = day.max(*last)).or_insert(day);
        }
    }

    /// Why a finding is open again although it was judged; `None` if it is closed.
    pub(super) fn reopened(&self, finding: &Finding, decided: Decided) -> Option<String> {
        let Decided { day, verdict } = decided;
        let judged = format!("judged {} on {day}", verdict.name());
        let last = self.last(finding);
        if last > day {
            return Some(format!("{judged}; something it rests on became known on {last}"));
        }
        let paid = if verdict == Verdict::True { self.paid(finding) } else { None };
        paid.filter(|paid| *paid > day).map(|paid| format!("{judged}, and paid on {paid}"))
    }

    /// The last day on which anything that a finding rests on became known.
    fn last(&self, finding: &Finding) -> Day {
        let own = match finding.document.kind {
            Kind::Party => self.last_billed(finding).unwrap_or(finding.known),
            _ => finding.known,
        };
        let moved = self.moved.get(&(finding.document.kind, finding.document.id.as_str())).copied();
        let others = finding.others.iter().filter_map(|other| self.last_of(other, finding));
        others.chain(moved).fold(own, Day::max)
    }

    /// That of a document that a finding was compared with.
    fn last_of(&self, other: &Reference, finding: &Finding) -> Option<Day> {
        let name = (other.kind, other.id.as_str());
        let is_about_goods =
            || RULES.iter().any(|rule| rule.code == finding.code && rule.role == Role::Receiving);
        let moved = match other.kind {
            Kind::Payment => self.moved.get(&name).copied(),
            Kind::Order if is_about_goods() => self.moved.get(&name).copied(),
            _ => None,
        };
        let bearers = self.known.get(&name).map(Vec::as_slice).unwrap_or_default();
        let is_own = |party: &str| party == finding.party;
        let has_own = bearers.iter().any(|(party, _)| is_own(party));
        let known = bearers.iter().filter(|(party, _)| is_own(party) || !has_own).map(|(_, day)| *day).max();
        known.max(moved)
    }

    /// The day on which a customer's last invoice in the finding's currency became known.
    fn last_billed(&self, finding: &Finding) -> Option<Day> {
        let customer = self.documents.word(&finding.document.id)?;
        let own = self.documents.documents.get(self.documents.of_party(Side::Receivable, customer))?;
        let claims = own.iter().filter(|one| one.kind != DocumentKind::CreditNote && !one.is_void);
        claims.filter(|one| one.currency == finding.currency).map(|one| one.stamp.known).max()
    }

    /// The day on which a finding's bill was paid.
    fn paid(&self, finding: &Finding) -> Option<Day> {
        if finding.document.kind != Kind::Bill {
            return None;
        }
        let mut own = self.documents.bearing(Side::Payable, &finding.party, &finding.document.id);
        own.find(|(_, one)| one.stamp.known == finding.known)?.1.settled
    }
}
