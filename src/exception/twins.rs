//! What is learned of bills beside what is defined: those that are likely there twice ([`super::duplicate`]) and those that are
//! unlike the others ([`super::anomaly`]), by the positions of documents.

use std::collections::BTreeSet;

use super::anomaly;
use super::case::Case;
use super::duplicate::{self, Bill, BillKind, Judge, Search};
use super::finding::{Finding, Kind};
use super::policy::{Policy, Subject};
use super::rule::Rule;
use super::rules::{duplicate_fuzzy, duplicate_split, duplicate_vendor};
use crate::asof::documents::Documents;
use crate::base::error::{Code, Error, Result};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, DocumentKind, Side};

/// Seed of what is drawn while learning.
const SEED: u64 = 1;

/// What was learned of bills.
#[derive(Debug, Default)]
pub struct Learned {
    /// Bills that are likely there twice.
    pub twins: Vec<duplicate::Finding>,
    /// Bills unlike the others, the oddest first.
    pub odd: Vec<anomaly::Anomaly>,
}

impl Learned {
    /// Looks at the bills that were known; finds nothing among too few.
    pub fn of(documents: &Documents, policy: &Policy) -> Result<Self> {
        let (places, bills): (Vec<usize>, Vec<Bill>) = documents
            .documents
            .iter()
            .enumerate()
            .filter_map(|(at, one)| Some((at, bill(documents, at, one)?)))
            .unzip();
        let place = |at: usize| places.get(at).copied().unwrap_or(usize::MAX);
        let window_days = policy.settings.duplicate_days;
        let exempt = exempt(documents, policy);
        let search = Search { window_days, exempt, ..Search::default() };
        let mut twins = few(Judge::learn(&bills, &[], window_days, SEED))?
            .map_or_else(Vec::new, |judge| search.find(&bills, &judge));
        for twin in &mut twins {
            (twin.bill, twin.twin) = (place(twin.bill), place(twin.twin));
            twin.others.iter_mut().for_each(|other| *other = place(*other));
        }
        let mut odd = few(anomaly::oddest(&bills, policy.settings.unusual_bills, SEED))?.unwrap_or_default();
        for one in &mut odd {
            one.bill = place(one.bill);
        }
        Ok(Self { twins, odd })
    }
}

/// Too few bills to learn from are no error: nothing is found among them.
fn few<T>(learned: Result<T>) -> Result<Option<T>> {
    match learned {
        Err(Error { code: Code::HistoryTooShort | Code::OneClass, .. }) => Ok(None),
        other => other.map(Some),
    }
}

fn bill<'a>(documents: &'a Documents, at: usize, one: &Document) -> Option<Bill<'a>> {
    if one.side != Side::Payable || one.is_void {
        return None;
    }
    let party = documents.party_of(at);
    let own = Some(one.bank_account).filter(|account| !account.is_empty());
    let account = own.or(party.map(|party| party.bank_account)).unwrap_or(Word::EMPTY);
    Some(Bill {
        number: documents.text(one.id),
        supplier: one.party.at() as u32,
        name: documents.text(party.map_or(one.party, |party| party.name)),
        account: documents.text(account),
        issued: one.stamp.happened,
        posted: one.stamp.known,
        amount: one.amount,
        currency: one.currency,
        order: documents.text(one.order),
        kind: match one.kind {
            DocumentKind::Invoice => BillKind::Invoice,
            DocumentKind::CreditNote => BillKind::CreditNote,
            DocumentKind::DebitNote => BillKind::DebitNote,
        },
    })
}

/// Suppliers of whose bills no repeat is looked at.
fn exempt(documents: &Documents, policy: &Policy) -> BTreeSet<u32> {
    let rules = [&duplicate_fuzzy::RULE, &duplicate_vendor::RULE, &duplicate_split::RULE];
    let suppliers = documents.documents.iter().filter(|one| one.side == Side::Payable).map(|one| one.party);
    let mut exempt: BTreeSet<u32> = BTreeSet::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for supplier in suppliers {
        if seen.insert(supplier.at()) {
            let subject = || Subject {
                party: documents.text(supplier),
                item: "",
                category: documents
                    .party(Side::Payable, supplier)
                    .map_or("", |party| documents.text(party.segment)),
            };
            if rules.iter().all(|rule| !policy.tolerance(rule, subject).is_on()) {
                exempt.insert(supplier.at() as u32);
            }
        }
    }
    exempt
}

/// The findings of a rule on bills that are there twice, in these ways.
pub(super) fn findings(case: &Case, rule: &Rule, kinds: &[duplicate::Kind]) -> Vec<Finding> {
    let documents = &case.documents.documents;
    let finding = |one: &duplicate::Finding| {
        let (own, twin) = (documents.get(one.bill)?, documents.get(one.twin)?);
        if !case.tolerance(rule, one.bill, Word::EMPTY).is_on() {
            return None;
        }
        let money = own.currency.display(one.at_stake.into());
        let sentence = format!(
            "Bill {} of {} over {} is likely bill {} of {} again: {}",
            case.text(own.id),
            own.stamp.happened,
            own.currency.display(own.amount.into()),
            case.text(twin.id),
            twin.stamp.happened,
            one.reasons.join("; ")
        );
        let mut finding = case.finding(rule, one.bill, own).with(Kind::Bill, case.text(twin.id));
        for other in one.others.iter().filter_map(|at| documents.get(*at)) {
            finding = finding.with(Kind::Bill, case.text(other.id));
        }
        let finding = finding.figures("one bill".to_owned(), "two bills".to_owned(), money);
        Some(finding.stake(one.at_stake).confidence(percent(one.probability)).because(&sentence))
    };
    let exact: BTreeSet<usize> = case.exact.iter().map(|(at, _)| *at).collect();
    let own = case.learned.twins.iter();
    own.filter(|one| kinds.contains(&one.kind) && !exact.contains(&one.bill)).filter_map(finding).collect()
}

/// A probability in whole percent; nothing that was learned is certain.
fn percent(probability: f64) -> u8 {
    (probability * 100.0).round().clamp(1.0, 99.0) as u8
}
