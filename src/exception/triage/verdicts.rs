//! What reviewers decided, put on what it is about. A row names a document by its number and a rule by its code; the rule
//! says what kind of document that is. Where several parties have the number the row must name the party: a verdict is
//! never put on one of several by a guess. Of several verdicts on one finding the last day's counts, and of one day's the
//! most cautious.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use crate::asof::documents::Documents;
use crate::base::day::Day;
use crate::exception::finding::{Finding, Kind};
use crate::exception::rule::{RULES, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Disposition, Side, Verdict};

/// A verdict with its day. The later one is the larger, and of one day's the more cautious.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decided {
    /// The day.
    pub day: Day,
    /// The verdict.
    pub verdict: Verdict,
}

/// What a verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct About<'a> {
    pub(super) code: &'static str,
    /// What kind of document; `None` where it is not in the ledger, or not the only one that may be meant.
    pub(super) kind: Option<Kind>,
    /// Id of the supplier or customer.
    pub(super) party: &'a str,
    document: &'a str,
    line: &'a str,
}

/// The last verdict on each finding.
#[derive(Debug, Default)]
pub struct Verdicts<'a> {
    last: BTreeMap<About<'a>, Decided>,
    /// Rows of which no rule has the code: they count for nothing.
    pub codes_unknown: usize,
    /// Rows of which the document is not in the ledger, or not the only one of its number: they close nothing, but count
    /// for their rule.
    pub documents_unknown: usize,
}

impl<'a> Verdicts<'a> {
    /// The verdicts that were known.
    pub fn of(documents: &'a Documents) -> Self {
        let bearers = bearers(documents);
        let mut verdicts = Self::default();
        for row in &documents.dispositions {
            let code = documents.text(row.code);
            let Some(rule) = RULES.iter().find(|rule| rule.code == code) else {
                verdicts.codes_unknown += 1;
                continue;
            };
            let bearer = bearer(&bearers, rule, row);
            verdicts.documents_unknown += usize::from(bearer.is_none());
            let about = About {
                code: rule.code,
                kind: bearer.map(|(kind, _)| kind),
                party: documents.text(bearer.map_or(row.party, |(_, party)| party)),
                document: documents.text(row.document),
                line: documents.text(row.line),
            };
            let decided = Decided { day: row.day, verdict: row.verdict };
            verdicts.last.entry(about).and_modify(|last| *last = decided.max(*last)).or_insert(decided);
        }
        verdicts
    }

    /// The last verdict on each finding, be it found now or not.
    pub(super) fn each(&self) -> impl Iterator<Item = (About<'a>, Verdict)> {
        self.last.iter().map(|(about, decided)| (*about, decided.verdict))
    }

    /// How many findings were judged.
    pub fn count(&self) -> usize {
        self.last.len()
    }

    /// What was decided of a finding: on its line or on all of its document.
    pub fn on(&self, finding: &Finding) -> Option<Decided> {
        let of =
            |line| self.at(finding.code, finding.document.kind, &finding.party, &finding.document.id, line);
        of(finding.line.as_str()).max(of(""))
    }

    /// The verdicts on the documents of a side by any of these rules, with party and number.
    pub fn on_documents(
        &self,
        side: Side,
        codes: &[&str],
    ) -> impl Iterator<Item = (&'a str, &'a str, Decided)> {
        let kind = if side == Side::Payable { Kind::Bill } else { Kind::Invoice };
        let own = move |about: &About| about.kind == Some(kind) && codes.contains(&about.code);
        let documents = self.last.iter().filter(move |(about, _)| own(about));
        documents.map(|(about, decided)| (about.party, about.document, *decided))
    }

    fn at(&self, code: &'static str, kind: Kind, party: &str, document: &str, line: &str) -> Option<Decided> {
        self.last.get(&About { code, kind: Some(kind), party, document, line }).copied()
    }
}

/// Who bears each number that a verdict names: the kind of document and its party.
type Bearers = HashMap<Word, Vec<(Kind, Word)>>;

fn bearers(documents: &Documents) -> Bearers {
    let wanted: HashSet<Word> = documents.dispositions.iter().map(|row| row.document).collect();
    let mut bearers = Bearers::new();
    if wanted.is_empty() {
        return bearers;
    }
    let kind = |side| if side == Side::Payable { Kind::Bill } else { Kind::Invoice };
    let billed = documents.documents.iter().map(|one| (one.id, kind(one.side), one.party));
    let paid = documents.payments.iter().map(|one| (one.id, Kind::Payment, one.customer));
    let parties = documents.parties.iter().map(|one| (one.id, Kind::Party, one.id));
    for (id, kind, party) in billed.chain(paid).chain(parties).filter(|(id, ..)| wanted.contains(id)) {
        let own = bearers.entry(id).or_default();
        if !own.contains(&(kind, party)) {
            own.push((kind, party));
        }
    }
    bearers
}

/// The only one that a row can mean.
fn bearer(bearers: &Bearers, rule: &Rule, row: &Disposition) -> Option<(Kind, Word)> {
    let all = bearers.get(&row.document).map(Vec::as_slice).unwrap_or_default();
    let is_meant = |(kind, party): &&(Kind, Word)| {
        rule.kinds().contains(kind) && (row.party.is_empty() || row.party == *party)
    };
    let mut meant = all.iter().filter(is_meant);
    let only = meant.next().copied();
    only.filter(|_| meant.next().is_none())
}
