//! Letters and call scripts for the steps that are due, step by step. Nothing is sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::kept::keep_beside;
use super::letter_claims::{Claimed, claimed};
use super::{Job, Law, Watch, as_of, read};
use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::digest;
use crate::base::error::{Code, Error, Result};
use crate::base::money::Currency;
use crate::base::sheet::Sheet;
use crate::collect::capacity::team::Team;
use crate::collect::discount::Offer;
use crate::collect::ladder::Policies;
use crate::collect::ladder::step::End;
use crate::collect::letter::brand::Brand;
use crate::collect::letter::request::{Consequence, Contact, Held, Item, Next, Part, Promise, Request};
use crate::collect::letter::row::{self, Row};
use crate::collect::letter::{Letters, Written};
use crate::collect::owed;
use crate::collect::plan::agreed::history;
use crate::collect::plan::capacity::propose;
use crate::collect::plan::{Ask, Every, Plan, Price, Roll, Split};
use crate::collect::promise::{self, Promised, State};
use crate::collect::stage::{Decision, Stage, Stages};
use crate::collect::suppress::Hold;
use crate::ledger::intake::Intake;
use crate::ledger::load::Loaded;
use crate::report::manifest::{FileHash, Under};
use crate::report::write;
use crate::statute::reference::ReferenceRates;

/// Days that a letter gives to pay or answer, where its step gives none.
const REPLY_DAYS: i32 = 7;

/// Folder of the letters, in that of the list of them.
const FOLDER: &str = "letters";

/// Letters that are held in memory before they are written.
const BATCH: usize = 1_000;

/// What letters are made of.
#[derive(Debug, Clone)]
pub struct LetterJob {
    /// Dunning policies; customers they do not fit get those shipped.
    pub dunning: Vec<PathBuf>,
    /// Who writes.
    pub brand: Option<PathBuf>,
    /// Own templates, which go before those shipped.
    pub templates: Option<PathBuf>,
    /// The collectors, whose numbers letters give.
    pub team: Option<PathBuf>,
    /// Under what interest is claimed; without it letters claim the invoices alone.
    pub law: Law,
}

/// Letters that were written.
#[derive(Debug)]
pub struct Lettered {
    /// Rejects and problems of the ledger.
    pub intake: Intake,
    /// A row for each letter, written or not.
    pub letters: Sheet,
    /// How many of them a person should look at before they go out.
    pub to_review: usize,
    /// Why letters claim less than they might, with how many.
    pub without_claim: BTreeMap<String, usize>,
}

/// Writes a letter or script for every account of which a step with a template is due.
pub fn letters(job: &Job, asked: &LetterJob, out: &Path, watch: Watch) -> Result<Lettered> {
    // Before the ledger is read: a wrong field should not take minutes to tell.
    let policies = Policies::read(&asked.dunning)?;
    let writer = Letters::new(Brand::read(asked.brand.as_deref())?, asked.templates.as_deref())?;
    writer.check_steps(&policies)?;
    let team = asked.team.as_deref().map(Team::read).transpose()?;
    if !asked.law.is_named() && (asked.law.debtor.is_some() || asked.law.rates.is_some()) {
        let detail =
            "--debtor and --rates need a law (--jurisdiction) or an agreed rate (--rate) to claim by";
        return Err(Error::new(Code::OptionInvalid).detail(detail));
    }
    asked.law.check()?;
    let rates = ReferenceRates::read(asked.law.rates.as_deref())?;
    let folder = out.join(FOLDER);
    refuse_earlier(&folder)?;
    let Loaded { ledger, mut intake, .. } = read(job, Some(out), watch)?;
    intake.notes.extend(policies.strangers(&ledger.customers));
    let view = LedgerView::new(&ledger, as_of(job, &ledger)?)?;
    watch("stages");
    let items: Vec<owed::Item> = view.open_items().iter().map(owed::Item::unscored).collect();
    let stages = Stages::new(&view, &items, &policies);
    let maker = Maker {
        view: &view,
        items: &items,
        held: held(&view, &items, &stages),
        cash: view.unapplied(),
        claimed: claimed(&view, &items, &stages, &policies, (&asked.law, &rates))?,
        promised: promised(&view, &policies),
        phones: team.iter().flat_map(|team| &team.collectors).map(|one| (&*one.name, &*one.phone)).collect(),
    };
    let requests: Vec<(Request, Option<&Error>)> =
        stages.rows.iter().filter_map(|stage| maker.request(stage)).collect();
    watch("write");
    write::folder(&folder)?;
    let mut hashes = Vec::new();
    let mut rows: Vec<Row> = Vec::with_capacity(requests.len());
    let mut without_claim: BTreeMap<String, usize> = BTreeMap::new();
    for batch in requests.chunks(BATCH) {
        let written: Vec<Written> =
            batch.par_iter().map(|(request, _)| writer.write(request)).collect::<Result<_>>()?;
        for (Written { mut row, files }, (_, lacks)) in written.into_iter().zip(batch) {
            if let Some(error) = lacks.filter(|_| !files.is_empty()) {
                row.lacks(&format!("no interest is claimed: {}: {}", error.code.title(), error.detail));
                let why = format!("no interest is claimed: {} {}", error.code.id(), error.code.title());
                *without_claim.entry(why).or_default() += 1;
            }
            for (name, bytes) in &files {
                write::bytes(&folder.join(name), bytes)?;
                hashes.push(FileHash::of_bytes(format!("{FOLDER}/{name}"), bytes));
            }
            rows.push(row);
        }
    }
    let to_review = rows.iter().filter(|row| !row.review.is_empty()).count();
    let letters = row::sheet(rows);
    let under = under(asked, (&policies, &writer, team.as_ref(), &rates));
    keep_beside(job, ("letters", &view), &intake, (out, std::slice::from_ref(&letters)), (under, hashes))?;
    Ok(Lettered { intake, letters, to_review, without_claim })
}

/// No letter of an earlier run may lie among new ones: it could be sent to who has paid since. Nothing is deleted.
fn refuse_earlier(folder: &Path) -> Result<()> {
    let unreadable = |cause: std::io::Error| Error::new(Code::FileUnreadable).file(folder).detail(cause);
    if !folder.is_dir() {
        return Ok(());
    }
    let mut earlier = 0;
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_letter = path.extension().is_some_and(|kind| row::KINDS.iter().any(|own| kind == *own));
        earlier += usize::from(is_letter);
    }
    if earlier == 0 {
        return Ok(());
    }
    let s = if earlier == 1 { "" } else { "s" };
    Err(Error::new(Code::LettersPresent).file(folder).detail(format!("{earlier} file{s}")))
}

/// What letters were made under.
fn under(
    asked: &LetterJob,
    (policies, writer, team, rates): (&Policies, &Letters, Option<&Team>, &ReferenceRates),
) -> Under {
    let brand = writer.brand();
    let under = Under {
        brand_sha256: Some(brand.sha256.clone()),
        logo_sha256: brand.logo.as_ref().map(|logo| digest::of_bytes(&logo.bytes)),
        templates_sha256: Some(writer.templates_sha256().to_owned()),
        ..Under::policies(policies).with_team(team)
    };
    if asked.law.is_named() { asked.law.record(under).with_rates(rates) } else { under }
}

/// What was promised, by customer and currency, the latest last.
fn promised(view: &LedgerView, policies: &Policies) -> BTreeMap<(u32, Currency), Vec<Promised>> {
    let mut promised: BTreeMap<(u32, Currency), Vec<Promised>> = BTreeMap::new();
    // They stand by the day on which they were made.
    for one in promise::states(view, policies) {
        promised.entry((one.customer, one.currency)).or_default().push(one);
    }
    promised
}

/// What is held of each customer, for call scripts.
fn held(view: &LedgerView, items: &[owed::Item], stages: &Stages) -> BTreeMap<u32, Vec<(owed::Item, Hold)>> {
    let mut held: BTreeMap<u32, Vec<(owed::Item, Hold)>> = BTreeMap::new();
    for (at, hold) in &stages.holds {
        if let Some(item) = items.get(*at) {
            held.entry(view.invoice(item.invoice).customer).or_default().push((*item, hold.clone()));
        }
    }
    held
}

/// Makes requests of stages.
struct Maker<'a> {
    view: &'a LedgerView<'a>,
    items: &'a [owed::Item],
    held: BTreeMap<u32, Vec<(owed::Item, Hold)>>,
    cash: BTreeMap<(Option<u32>, Currency), i64>,
    claimed: Claimed,
    promised: BTreeMap<(u32, Currency), Vec<Promised>>,
    phones: BTreeMap<&'a str, &'a str>,
}

impl<'a> Maker<'a> {
    /// The request of an account of which a step with a template is due, and why it claims nothing, if it should.
    fn request(&self, stage: &Stage<'a>) -> Option<(Request<'a>, Option<&Error>)> {
        let Decision::Due(step, Some(channel)) = stage.decision else { return None };
        let customer = self.view.customers().get(stage.customer as usize)?;
        if step.template.is_empty() {
            return None;
        }
        let as_of = self.view.as_of().0;
        let reply_by = as_of.plus(if step.reply_days > 0 { step.reply_days } else { REPLY_DAYS });
        let items = stage.items.iter().filter_map(|at| self.items.get(*at)).map(|item| self.item(item));
        let named = Some(customer.collector.clone()).filter(|name| !name.is_empty());
        let (charges, lacks) = match self.claimed.get(&(stage.customer, stage.currency)) {
            None => (None, None),
            Some(Ok(charges)) => (Some(charges.clone()), None),
            Some(Err(error)) => (None, Some(error)),
        };
        let request = Request {
            customer,
            currency: stage.currency,
            as_of,
            step: &step.name,
            requires_review: step.requires_review,
            // Items were not scored.
            risk_unknown: step.when.asks_for_risk(),
            template: &step.template,
            channel,
            reply_by,
            items: items.collect(),
            held: self.held_of(stage),
            unapplied: self.cash.get(&(Some(stage.customer), stage.currency)).copied().unwrap_or(0).max(0),
            charges,
            promise: self.broken_promise(stage),
            plan: if step.template == "payment_plan_offer" { self.offer(stage) } else { Vec::new() },
            next: next(stage, reply_by),
            contact: named.map(|name| {
                let phone =
                    self.phones.get(name.as_str()).map_or_else(String::new, |phone| (*phone).to_owned());
                Contact { name, phone }
            }),
        };
        Some((request, lacks))
    }

    /// The latest promise about anything in the letter, where it was not kept in full.
    fn broken_promise(&self, stage: &Stage) -> Option<Promise> {
        let own = || stage.items.iter().filter_map(|at| self.items.get(*at));
        let is_about = |promise: &&Promised| {
            own().map(|item| self.view.invoice(item.invoice)).any(|invoice| match promise.invoice {
                Some(document) => invoice.document == document,
                None => invoice.stamp.known <= promise.made,
            })
        };
        let all = self.promised.get(&(stage.customer, stage.currency))?;
        let last = all.iter().rev().find(is_about)?;
        let is_broken = matches!(last.state, State::Broken | State::PartiallyKept);
        is_broken.then_some(Promise { by: last.by, amount: last.is_named.then_some(last.amount) })
    }

    fn item(&self, item: &owed::Item) -> Item {
        let invoice = self.view.invoice(item.invoice);
        Item {
            number: invoice.id.clone(),
            issued: invoice.stamp.happened,
            due: invoice.due,
            amount: invoice.amount,
            open: item.balance,
            discount: Offer::standing(self.view, item.invoice),
        }
    }

    fn held_of(&self, stage: &Stage) -> Vec<Held> {
        let held = self.held.get(&stage.customer).map(Vec::as_slice).unwrap_or_default();
        let of_it =
            held.iter().filter(|(item, _)| self.view.invoice(item.invoice).currency == stage.currency);
        of_it
            .map(|(item, hold)| Held {
                number: self.view.invoice(item.invoice).id.clone(),
                open: item.balance,
                reason: hold.name().replace('_', " "),
            })
            .collect()
    }

    /// The instalments that the customer's past says it can bear; none where it says nothing.
    fn offer(&self, stage: &Stage) -> Vec<Part> {
        let as_of = self.view.as_of();
        let (payments, known_from) = history(self.view, stage.customer, stage.currency);
        let every = Every::Month;
        let plan =
            propose(&payments, known_from.unwrap_or(as_of.0), as_of, stage.balance, every).and_then(|one| {
                Plan::new(&Ask {
                    claim: stage.balance,
                    currency: stage.currency,
                    split: Split::Proposed(one.amount),
                    every,
                    agreed: as_of.0,
                    first: every.after(as_of.0, 1),
                    roll: Roll::Following,
                    price: Price::Free,
                })
            });
        let parts = plan.map(|plan| plan.instalments).unwrap_or_default();
        parts.iter().map(|one| Part { due: one.due, amount: one.amount }).collect()
    }
}

/// What the policy does next, if that is more than another message, and from when: not before the time to answer is over.
fn next(stage: &Stage, reply_by: Day) -> Option<Next> {
    let (after, day) = stage.after?;
    let what = match after.end? {
        End::SuspendService => Consequence::Suspension,
        End::Agency => Consequence::Agency,
        End::Legal => Consequence::Legal,
        End::WriteOff => return None,
    };
    Some(Next { what, from: day.max(reply_by.plus(1)) })
}
