//! The policy of dunning: a versioned TOML file with one ladder or several, each with the customers it is for, its limits
//! and its steps. An unknown or missing value is an error that names the key.

mod contradiction;
pub mod figure;
pub mod hours;
pub mod settings;
pub mod step;
mod template;
pub mod when;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::base::digest;
use crate::base::error::{Code, Error, Result};
use crate::collect::late_fee::LateFee;
use crate::collect::misread;
use crate::collect::priority::Assumptions;
use crate::ledger::Customer;
use figure::Figure;
use settings::{Reset, Settings};
use step::Step;
use when::Who;

/// The ladder shipped for businesses.
pub const BUSINESS: &str = include_str!("../../../data/policy/dunning-b2b.toml");
/// The ladder shipped for consumers.
pub const CONSUMER: &str = include_str!("../../../data/policy/dunning-consumer.toml");

/// The ladders in use.
#[derive(Debug, Clone)]
pub struct Policies {
    given: Vec<Policy>,
    business: Policy,
    consumer: Policy,
    assumed: Assumptions,
}

/// One ladder.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Names it in tables.
    pub name: String,
    /// Version of its file; the user's own.
    pub version: String,
    /// SHA-256 of its file in hex.
    pub sha256: String,
    /// Who decides what it says.
    pub owner: String,
    /// What all steps share.
    pub settings: Settings,
    /// What a partial payment does.
    pub reset: Reset,
    /// What being late was agreed to cost.
    pub late_fee: Option<LateFee>,
    applies_to: Who,
    /// Those before the due day first.
    steps: Vec<Step>,
    notices: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    priority: Option<Assumptions>,
    policy: Vec<toml::Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    owner: String,
    applies_to: Who,
    settings: Settings,
    reset: Reset,
    late_fee: Option<toml::Value>,
    step: Vec<toml::Value>,
}

impl Policies {
    /// The ladders of files, in their order, and those shipped for whom none of them is.
    pub fn read(files: &[PathBuf]) -> Result<Self> {
        let (mut given, mut assumed) = (Vec::new(), None);
        for file in files {
            let text = std::fs::read_to_string(file)
                .map_err(|cause| Error::new(Code::FileUnreadable).file(file).detail(cause))?;
            let (policies, own) = Policy::parse_all(&text).map_err(|error| error.file(file))?;
            given.extend(policies);
            if let Some(fault) = contradiction::of_policies(&given) {
                return Err(Error::new(Code::PolicyInvalid).file(file).detail(fault));
            }
            // All accounts stand on one list: it is made by one word on what a contact is worth.
            if assumed.is_some() && own.is_some() && assumed != own {
                let detail = "[priority] is not that of the file before it";
                return Err(Error::new(Code::PolicyInvalid).file(file).detail(detail));
            }
            assumed = assumed.or(own);
        }
        let assumed = assumed.unwrap_or_default();
        Ok(Self { given, business: shipped(BUSINESS)?, consumer: shipped(CONSUMER)?, assumed })
    }

    /// The same with another minimum, in whole units of every currency, where one is given.
    #[must_use]
    pub fn with_minimum(mut self, major: Option<u32>) -> Self {
        if let Some(major) = major {
            let all = self.given.iter_mut().chain([&mut self.business, &mut self.consumer]);
            all.for_each(|policy| policy.settings.set_minimum(Figure::whole(major)));
        }
        self
    }

    /// All of them, in the order in which they are asked whether a customer is theirs.
    pub fn all(&self) -> impl Iterator<Item = &Policy> {
        self.given.iter().chain([&self.business, &self.consumer])
    }

    /// What is assumed of contacts and money.
    pub fn assumptions(&self) -> &Assumptions {
        &self.assumed
    }

    /// What the given ladders name that no customer has: most likely misspelt.
    pub fn strangers(&self, customers: &[Customer]) -> Vec<String> {
        let of = |policy: &Policy| {
            let steps = policy.steps.iter().map(|step| (Some(&step.name), &step.when.who));
            let named = std::iter::once((None, &policy.applies_to)).chain(steps);
            let told = named.flat_map(|(step, who)| {
                let place = step.map_or_else(String::new, |step| format!(", [[policy.step]] `{step}`"));
                let place = format!("[[policy]] `{}`{place}", policy.name);
                who.strangers(customers)
                    .into_iter()
                    .map(move |one| format!("note: {place}: no customer has {one}"))
            });
            told.collect::<Vec<_>>()
        };
        self.given.iter().flat_map(of).collect()
    }

    /// The ladder of a customer: the first given that is for it, or the one shipped.
    pub fn of(&self, customer: &Customer) -> &Policy {
        let shipped = if customer.consumer { &self.consumer } else { &self.business };
        self.given.iter().find(|policy| policy.applies_to.misfit(customer).is_none()).unwrap_or(shipped)
    }
}

fn shipped(text: &str) -> Result<Policy> {
    let first = Policy::parse_all(text)?.0.into_iter().next();
    first.ok_or_else(|| Error::new(Code::PolicyInvalid).file(Path::new("data/policy")))
}

impl Policy {
    /// The ladders of a file's text, and what it assumes of contacts and money, if it says so.
    fn parse_all(text: &str) -> Result<(Vec<Self>, Option<Assumptions>)> {
        let invalid = |detail: String| Error::new(Code::PolicyInvalid).detail(detail);
        let file: File = toml::from_str(text).map_err(|cause| misread::in_text(text, &cause))?;
        if file.version.is_empty() {
            return Err(invalid("`version` is empty".to_owned()));
        }
        if file.policy.is_empty() {
            return Err(invalid("[[policy]] is missing".to_owned()));
        }
        let sha256 = digest::of_bytes(text.as_bytes());
        let read = |table: toml::Table| Self::read((&file.version, &sha256), table).map_err(invalid);
        let assumed = file.priority.map(Assumptions::checked).transpose()?;
        Ok((file.policy.into_iter().map(read).collect::<Result<_>>()?, assumed))
    }

    fn read((version, sha256): (&str, &str), table: toml::Table) -> std::result::Result<Self, String> {
        let name = table.get("name").and_then(toml::Value::as_str).unwrap_or("").to_owned();
        let place = |fault: &str| format!("[[policy]] `{name}`: {fault}");
        let raw: Raw = table.try_into().map_err(|cause| place(&misread::in_table(&cause)))?;
        if raw.name.trim().is_empty() {
            return Err(place("name is empty"));
        }
        if raw.applies_to.consumer.is_none() {
            return Err(place(
                "[policy.applies_to] consumer is missing: no ladder is for consumers by mistake",
            ));
        }
        if let Some(fault) = raw.applies_to.fault() {
            return Err(place(&format!("[policy.applies_to] {fault}")));
        }
        if let Some(fault) = raw.settings.fault() {
            return Err(place(&format!("[policy.settings] {fault}")));
        }
        let late_fee = raw.late_fee.map(LateFee::read).transpose();
        let late_fee = late_fee.map_err(|fault| place(&format!("[policy.late_fee] {fault}")))?;
        let mut steps = Vec::new();
        for raw in raw.step {
            let step = raw.get("name").and_then(toml::Value::as_str).unwrap_or("").to_owned();
            let read =
                Step::read(raw).map_err(|fault| place(&format!("[[policy.step]] `{step}`: {fault}")))?;
            steps.push(read);
        }
        if let Some(fault) = contradiction::of_steps(&steps, &raw.settings, &raw.applies_to) {
            return Err(place(&fault));
        }
        let notices = steps.iter().take_while(|step| step.is_notice()).count();
        Ok(Self {
            name: raw.name,
            version: version.to_owned(),
            sha256: sha256.to_owned(),
            owner: raw.owner,
            settings: raw.settings,
            reset: raw.reset,
            late_fee,
            applies_to: raw.applies_to,
            steps,
            notices,
        })
    }

    /// All steps, those before the due day first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Steps before the due day. They raise no level.
    pub fn notices(&self) -> &[Step] {
        self.steps.get(..self.notices).unwrap_or_default()
    }

    /// Steps after it, the first of which is level 1.
    pub fn levels(&self) -> &[Step] {
        self.steps.get(self.notices..).unwrap_or_default()
    }

    /// The step of a level; `None` for level 0.
    pub fn step(&self, level: usize) -> Option<&Step> {
        self.levels().get(level.checked_sub(1)?)
    }

    /// The level of a step by its name.
    pub fn level_of(&self, name: &str) -> Option<usize> {
        self.levels().iter().position(|step| step.name == name).map(|at| at + 1)
    }

    /// A step by its name.
    pub fn named(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// Whether a name is that of a step before the due day.
    pub fn is_notice(&self, name: &str) -> bool {
        self.notices().iter().any(|step| step.name == name)
    }
}
