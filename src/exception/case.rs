//! What a rule is given: documents and claims as they were known on a day, the policy, and which documents are set aside as
//! repeats of others. A repeat is no second delivery: it must not use up an order.

use std::collections::BTreeSet;

use super::finding::{Finding, Kind, Reference};
use super::policy::tolerance::Tolerance;
use super::policy::{Policy, Subject};
use super::relisted::relisted;
use super::rule::{Role, Rule};
use super::rules::duplicate_exact;
use super::rules::duplicate_resent::{self, Resent};
use super::twins::Learned;
use crate::asof::documents::{Documents, From};
use crate::asof::view::LedgerView;
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, DocumentKind, Line, OrderLine, Payment, Side};
use crate::ledger::settle::AllocationKind;

/// The facts and the policy.
#[derive(Debug)]
pub struct Case<'a> {
    /// Documents known on the day.
    pub documents: &'a Documents,
    /// Claims and their settlement, where there are any.
    pub claims: Option<LedgerView<'a>>,
    /// What is let pass.
    pub policy: &'a Policy,
    /// What was learned of bills.
    pub learned: Learned,
    /// Bills that are listed again: they count once.
    pub relisted: BTreeSet<usize>,
    /// Bills that repeat an earlier one to the letter, with the position of the first.
    pub exact: Vec<(usize, usize)>,
    /// Documents that bill again what an earlier one does, under another number.
    pub(super) resent: Vec<Resent>,
    aside: Vec<bool>,
}

/// A line that bills a line of an order in its currency.
#[derive(Debug, Clone, Copy)]
pub struct Matched<'a> {
    /// Position of the document.
    pub at: usize,
    /// The document.
    pub document: &'a Document,
    /// The line.
    pub line: &'a Line,
    /// Position of the line of the order.
    pub ordered_at: usize,
    /// The line of the order.
    pub ordered: &'a OrderLine,
}

impl<'a> Case<'a> {
    /// A case in which bills that are listed again are set aside, and repeats, exact ones and those that were learned, but for
    /// those that a reviewer cleared.
    pub fn new(
        documents: &'a Documents,
        claims: Option<LedgerView<'a>>,
        policy: &'a Policy,
        learned: Learned,
    ) -> Self {
        let relisted = relisted(documents);
        let aside = (0..documents.documents.len()).map(|at| relisted.contains(&at)).collect();
        let (exact, resent) = (Vec::new(), Vec::new());
        let mut case = Self { documents, claims, policy, learned, relisted, exact, resent, aside };
        case.exact = duplicate_exact::repeats(&case);
        let learned = case.learned.twins.iter().map(|twin| twin.bill);
        let repeats: Vec<usize> = case.exact.iter().map(|(at, _)| *at).chain(learned).collect();
        case.set_aside(repeats);
        case.resent = duplicate_resent::repeats(&case);
        let resent: Vec<usize> = case.resent.iter().map(|one| one.at).collect();
        case.set_aside(resent);
        case
    }

    /// Sets repeats aside, but for those that a reviewer cleared.
    fn set_aside(&mut self, repeats: Vec<usize>) {
        for at in repeats.into_iter().filter(|at| !self.learned.cleared.contains(at)) {
            if let Some(aside) = self.aside.get_mut(at) {
                *aside = true;
            }
        }
    }

    /// Whether a document counts: it is neither void nor a repeat.
    pub fn counts(&self, at: usize) -> bool {
        self.documents.documents.get(at).is_some_and(|one| !one.is_void)
            && !self.aside.get(at).copied().unwrap_or(false)
    }

    /// Documents that count and ask for money, with their positions.
    pub fn claims(&self) -> impl Iterator<Item = (usize, &'a Document)> + '_ {
        let documents = self.documents.documents.iter().enumerate();
        documents.filter(|(at, one)| one.kind != DocumentKind::CreditNote && self.counts(*at))
    }

    /// Those of suppliers.
    pub fn bills(&self) -> impl Iterator<Item = (usize, &'a Document)> + '_ {
        self.claims().filter(|(_, one)| one.side == Side::Payable)
    }

    /// The lines of claims that bill a line of an order in the order's currency.
    pub fn matched(&self) -> impl Iterator<Item = Matched<'a>> + '_ {
        let documents = self.documents;
        self.claims().flat_map(move |(at, document)| {
            let same = documents.order_of(at).is_none_or(|(_, order)| order.currency == document.currency);
            documents.lines_of(at).filter(move |_| same).filter_map(move |(position, line)| {
                let (ordered_at, ordered) = documents.ordered_by(position)?;
                Some(Matched { at, document, line, ordered_at, ordered })
            })
        })
    }

    /// What a rule lets pass of a document, and of an article on it.
    pub fn tolerance(&self, rule: &Rule, at: usize, item: Word) -> Tolerance {
        let Some(document) = self.documents.documents.get(at) else { return Tolerance::Off };
        self.tolerance_of(rule, document.side, document.party, item)
    }

    /// What a rule lets pass of a party.
    pub fn tolerance_of(&self, rule: &Rule, side: Side, party: Word, item: Word) -> Tolerance {
        self.policy.tolerance(rule, || Subject {
            party: self.text(party),
            item: self.text(item),
            category: self.documents.party(side, party).map_or("", |party| self.text(party.segment)),
        })
    }

    /// The text of an id.
    pub fn text(&self, word: Word) -> &'a str {
        self.documents.text(word)
    }

    /// A finding on a document. On the selling side it is the sales people's matter, unless it is about cash.
    pub fn finding(&self, rule: &Rule, at: usize, document: &Document) -> Finding {
        let (kind, sold) = match document.side {
            Side::Payable => (Kind::Bill, false),
            Side::Receivable => (Kind::Invoice, rule.role != Role::Receivables),
        };
        let reference = Reference { kind, id: self.text(document.id).to_owned() };
        let mut finding = Finding::new(rule, reference, document.stamp.known, document.currency);
        if sold {
            finding.role = Role::Sales;
        }
        self.text(document.party).clone_into(&mut finding.party);
        finding.is_settled = document.settled.is_some()
            || document.side == Side::Receivable && self.documents.allocates && self.open_of(at) <= 0;
        finding
    }

    /// The document in a sentence: `bill R-1`.
    pub fn name(&self, document: &Document) -> String {
        let kind = match (document.side, document.kind) {
            (Side::Payable, DocumentKind::CreditNote) => "supplier's credit note",
            (Side::Payable, _) => "bill",
            (Side::Receivable, DocumentKind::CreditNote) => "credit note",
            (Side::Receivable, _) => "invoice",
        };
        format!("{kind} {}", self.text(document.id))
    }

    /// A finding on a payment.
    pub fn finding_on(&self, rule: &Rule, payment: &Payment) -> Finding {
        let reference = Reference { kind: Kind::Payment, id: self.text(payment.id).to_owned() };
        let mut finding = Finding::new(rule, reference, payment.stamp.known, payment.currency);
        self.text(payment.customer).clone_into(&mut finding.party);
        finding
    }

    /// What of a payment is on no invoice, in minor units.
    pub fn unapplied_of(&self, at: usize, payment: &Payment) -> i64 {
        let money = self.documents.applied_of(at).filter(|one| one.allocated.kind == AllocationKind::Payment);
        payment.amount - money.map(|one| one.allocated.amount).sum::<i64>()
    }

    /// What is open of an invoice by its allocations, those of payments that came back left out.
    pub fn open_of(&self, at: usize) -> i64 {
        let Some(document) = self.documents.documents.get(at) else { return 0 };
        let applied = self.documents.applied_to(at).iter().filter(|one| match one.from {
            From::Payment(payment) => self.payment(payment).is_some_and(|one| one.returned.is_none()),
            From::Credit(_) | From::Nothing => true,
        });
        document.amount - applied.map(|one| one.allocated.amount).sum::<i64>()
    }

    /// A payment by its position.
    pub fn payment(&self, at: u32) -> Option<&'a Payment> {
        self.documents.payments.get(at as usize)
    }
}
