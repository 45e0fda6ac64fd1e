//! Letters and call scripts for the steps that are due, step by step. Nothing is sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::kept::keep;
use super::{Job, Watch, as_of, read};
use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::base::sheet::Sheet;
use crate::collect::ladder::step::End;
use crate::collect::ladder::{Policies, Policy};
use crate::collect::letter::brand::Brand;
use crate::collect::letter::request::{Consequence, Contact, Held, Item, Next, Part, Request};
use crate::collect::letter::row::{self, Row};
use crate::collect::letter::{Letters, Written};
use crate::collect::owed;
use crate::collect::plan::agreed::history;
use crate::collect::plan::capacity::propose;
use crate::collect::plan::{Ask, Every, Plan, Price, Roll, Split};
use crate::collect::stage::{Decision, Stage, Stages};
use crate::collect::suppress::Hold;
use crate::ledger::intake::Intake;
use crate::ledger::load::Loaded;
use crate::report::write;

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
}

/// Writes a letter or script for every account of which a step with a template is due.
pub fn letters(job: &Job, asked: &LetterJob, out: &Path, watch: Watch) -> Result<(Intake, Sheet)> {
    // Before the ledger is read: a wrong field should not take minutes to tell.
    let policies = Policies::read(&asked.dunning)?;
    let letters = Letters::new(Brand::read(asked.brand.as_deref())?, asked.templates.as_deref())?;
    let Loaded { ledger, intake, .. } = read(job, Some(out), watch)?;
    let view = LedgerView::new(&ledger, as_of(job, &ledger)?)?;
    watch("stages");
    let items: Vec<owed::Item> = view.open_items().iter().map(owed::Item::unscored).collect();
    let stages = Stages::new(&view, &items, &policies);
    let maker =
        Maker { view: &view, items: &items, held: held(&view, &items, &stages), cash: view.unapplied() };
    let requests: Vec<Request> = stages.rows.iter().filter_map(|stage| maker.request(stage)).collect();
    watch("write");
    let folder = out.join(FOLDER);
    write::folder(&folder)?;
    let mut rows: Vec<Row> = Vec::with_capacity(requests.len());
    for batch in requests.chunks(BATCH) {
        let written: Vec<Written> =
            batch.par_iter().map(|request| letters.write(request)).collect::<Result<_>>()?;
        for Written { row, files } in written {
            files.iter().try_for_each(|(name, bytes)| write::bytes(&folder.join(name), bytes))?;
            rows.push(row);
        }
    }
    let sheet = row::sheet(rows);
    keep(job, ("letters", &view), &intake, (out, std::slice::from_ref(&sheet)))?;
    Ok((intake, sheet))
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
    cash: BTreeMap<(Option<u32>, crate::base::money::Currency), i64>,
}

impl<'a> Maker<'a> {
    /// The request of an account of which a step with a template is due.
    fn request(&self, stage: &Stage<'a>) -> Option<Request<'a>> {
        let Decision::Due(step, Some(channel)) = stage.decision else { return None };
        let customer = self.view.customers().get(stage.customer as usize)?;
        if step.template.is_empty() {
            return None;
        }
        let as_of = self.view.as_of().0;
        let reply_by = as_of.plus(if step.reply_days > 0 { step.reply_days } else { REPLY_DAYS });
        let items = stage.items.iter().filter_map(|at| self.items.get(*at)).map(|item| self.item(item));
        let named = Some(customer.collector.clone()).filter(|name| !name.is_empty());
        Some(Request {
            customer,
            currency: stage.currency,
            as_of,
            step: &step.name,
            template: &step.template,
            channel,
            reply_by,
            items: items.collect(),
            held: self.held_of(stage),
            unapplied: self.cash.get(&(Some(stage.customer), stage.currency)).copied().unwrap_or(0).max(0),
            charges: None,
            promise: None,
            plan: if step.template == "payment_plan_offer" { self.offer(stage) } else { Vec::new() },
            next: next(stage.policy, &step.name, reply_by),
            contact: named.map(|name| Contact { name, phone: String::new(), email: String::new() }),
        })
    }

    fn item(&self, item: &owed::Item) -> Item {
        let invoice = self.view.invoice(item.invoice);
        Item {
            number: invoice.id.clone(),
            issued: invoice.stamp.happened,
            due: invoice.due,
            amount: invoice.amount,
            open: item.balance,
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
                    split: Split::Amount(one.amount),
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

/// What the policy does next, if that is more than another message.
fn next(policy: &Policy, step: &str, from: Day) -> Option<Next> {
    let level = policy.level_of(step)?;
    let what = match policy.step(level + 1)?.end? {
        End::SuspendService => Consequence::Suspension,
        End::Agency => Consequence::Agency,
        End::Legal => Consequence::Legal,
        End::WriteOff => return None,
    };
    Some(Next { what, from: from.plus(1) })
}
