//! What is learned of bills beside what is defined: those that are likely there twice ([`super::duplicate`]) and those that are
//! unlike the others ([`super::anomaly`]), by the positions of documents.

use std::collections::{BTreeMap, BTreeSet};

use super::anomaly;
use super::case::Case;
use super::duplicate::{self, Bill, BillKind, Judge, Search};
use super::finding::{Finding, Kind};
use super::policy::{Policy, Subject};
use super::relisted::relisted;
use super::rule::Rule;
use super::rules::{
    duplicate_exact, duplicate_fuzzy, duplicate_resent, duplicate_split, duplicate_vendor, unusual_bill,
};
use super::triage::{Decided, Verdicts};
use crate::asof::documents::Documents;
use crate::base::error::{Code, Error, Result};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, DocumentKind, Side};

/// Seed of what is drawn while learning.
const SEED: u64 = 1;

/// Rules that find a bill to be there twice, and those of them that name one twin.
const REPEATS: [&str; 5] = [
    duplicate_exact::RULE.code,
    duplicate_fuzzy::RULE.code,
    duplicate_vendor::RULE.code,
    duplicate_split::RULE.code,
    duplicate_resent::RULE.code,
];
const PAIRS: [&str; 3] =
    [duplicate_exact::RULE.code, duplicate_fuzzy::RULE.code, duplicate_vendor::RULE.code];

/// What was learned of bills.
#[derive(Debug, Default)]
pub struct Learned {
    /// Bills that are likely there twice.
    pub twins: Vec<duplicate::Finding>,
    /// Bills unlike the others, the oddest first.
    pub odd: Vec<anomaly::Anomaly>,
    /// Bills and invoices that reviewers said are there once.
    pub cleared: BTreeSet<usize>,
}

impl Learned {
    /// Looks at the bills that were known; finds nothing among too few.
    pub fn of(documents: &Documents, policy: &Policy, verdicts: &Verdicts) -> Result<Self> {
        let again = relisted(documents);
        let (places, bills): (Vec<usize>, Vec<Bill>) = documents
            .documents
            .iter()
            .enumerate()
            .filter(|(at, _)| !again.contains(at))
            .filter_map(|(at, one)| Some((at, bill(documents, at, one)?)))
            .unzip();
        let place = |at: usize| places.get(at).copied().unwrap_or(usize::MAX);
        let paired = judged(documents, verdicts, Side::Payable, &PAIRS);
        let search = Search {
            window_days: policy.settings.duplicate_days,
            exempt: exempt(documents, policy),
            ..Search::default()
        };
        let mut twins = twins(&bills, &search, |at| paired.get(&place(at)).copied())?;
        for twin in &mut twins {
            (twin.bill, twin.twin) = (place(twin.bill), place(twin.twin));
            twin.others.iter_mut().for_each(|other| *other = place(*other));
        }
        twins.retain(|twin| !is_nameless(documents, twin));
        let reviewed = judged(documents, verdicts, Side::Payable, &[unusual_bill::RULE.code]);
        let is_reviewed = |at: usize| reviewed.contains_key(&place(at));
        let mut odd = odd(&bills, policy.settings.unusual_bills, reviewed.len(), is_reviewed)?;
        for one in &mut odd {
            one.bill = place(one.bill);
        }
        let sides = [Side::Payable, Side::Receivable].into_iter();
        let cleared = sides.flat_map(|side| judged(documents, verdicts, side, &REPEATS));
        let cleared = cleared.filter(|(_, decided)| !decided.verdict.is_real()).map(|(at, _)| at).collect();
        Ok(Self { twins, odd, cleared })
    }
}

/// Bills that are likely there twice. Where reviewers judged some of those that are found without their verdicts, it learns
/// and looks again with them: a verdict names the bill, and the search names its twin.
fn twins(
    bills: &[Bill],
    search: &Search,
    decided: impl Fn(usize) -> Option<Decided>,
) -> Result<Vec<duplicate::Finding>> {
    let find = |taught: &[duplicate::Verdict]| -> Result<Vec<duplicate::Finding>> {
        let judge = few(Judge::learn(bills, taught, search.window_days, SEED))?;
        Ok(judge.map_or_else(Vec::new, |judge| search.find(bills, &judge)))
    };
    let found = find(&[])?;
    let taught: Vec<duplicate::Verdict> =
        found.iter().filter_map(|one| taught(bills, one, decided(one.bill)?)).collect();
    if taught.is_empty() { Ok(found) } else { find(&taught) }
}

/// Whether two bills of different days have no number: then their amount is all that they share, as with every fee.
fn is_nameless(documents: &Documents, found: &duplicate::Finding) -> bool {
    let both = [found.bill, found.twin].map(|at| documents.documents.get(at));
    let has_number = |one: &Document| duplicate_exact::is_number(documents.text(one.id));
    match both {
        [Some(one), Some(other)] => {
            one.stamp.happened != other.stamp.happened && !has_number(one) && !has_number(other)
        }
        _ => false,
    }
}

/// The oddest bills, as many as will be reviewed; what was reviewed is shown beside them and takes no place of theirs.
fn odd(
    bills: &[Bill],
    most: usize,
    reviewed: usize,
    is_reviewed: impl Fn(usize) -> bool,
) -> Result<Vec<anomaly::Anomaly>> {
    let asked = if most == 0 { 0 } else { most.saturating_add(reviewed) };
    let mut odd = few(anomaly::oddest(bills, asked, SEED))?.unwrap_or_default();
    let mut left = most;
    odd.retain(|one| {
        let is_new = !is_reviewed(one.bill);
        let is_shown = left > 0 || !is_new;
        left = left.saturating_sub(usize::from(is_new));
        is_shown
    });
    Ok(odd)
}

/// Positions of the bills or invoices that reviewers judged by any of these rules, with the last verdict, if they could see
/// them.
fn judged(
    documents: &Documents,
    verdicts: &Verdicts,
    side: Side,
    codes: &[&str],
) -> BTreeMap<usize, Decided> {
    let mut judged: BTreeMap<usize, Decided> = BTreeMap::new();
    for (party, number, decided) in verdicts.on_documents(side, codes) {
        let own = documents.bearing(side, party, number);
        for (at, _) in own.filter(|(_, one)| one.stamp.known <= decided.day) {
            judged.entry(at).and_modify(|last| *last = decided.max(*last)).or_insert(decided);
        }
    }
    judged
}

/// What a verdict on a bill says of it and the twin that is named. Sums in two parts have no model to be taught.
fn taught(bills: &[Bill], found: &duplicate::Finding, decided: Decided) -> Option<duplicate::Verdict> {
    let is_known = bills.get(found.twin)?.posted <= decided.day;
    (is_known && found.kind != duplicate::Kind::Split).then_some(duplicate::Verdict {
        bill: found.bill,
        twin: found.twin,
        duplicate: decided.verdict.is_real(),
    })
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
        voucher: documents.text(one.voucher),
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
