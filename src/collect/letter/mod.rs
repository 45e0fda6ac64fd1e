//! Letters and call scripts: a request becomes plain text, HTML and a draft of a message. Nothing is sent.
//!
//! [`Letters::new`] reads a brand and the templates and tries every one of them; [`Letters::write`] then writes one message to
//! one customer in one currency, with all its items in it. It is a pure function of the request, so that letters can be written
//! side by side; who calls it decides what may be raised.

mod address;
mod bank;
pub mod brand;
mod claimed;
#[cfg(test)]
mod documented;
mod engine;
mod fields;
mod language;
mod logo;
mod mail;
mod paragraph;
mod pattern;
mod pay;
pub mod request;
mod review;
pub mod row;
mod sample;
mod source;
#[cfg(test)]
mod tests;
mod totals;

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::value::{Serde, Value};

use crate::base::error::{Code, Error, Result};
use crate::collect::ladder::Policies;
use crate::collect::ladder::step::Step;
use crate::ledger::{Channel, Customer};
use brand::Brand;
use engine::{Engine, Page};
use fields::Shared;
use language::Language;
use request::{Request, THANK_YOU};
use row::{Chosen, Row, State};
use totals::Totals;

/// The language in which every template is shipped.
const LAST_RESORT: &str = "en";

/// A brand and all templates, ready to write.
pub struct Letters {
    brand: Brand,
    brand_fields: Value,
    languages: BTreeMap<String, (Language, Value)>,
    engine: Engine,
    templates_sha256: String,
}

/// A letter.
#[derive(Debug)]
pub struct Written {
    /// Its entry in the list of letters.
    pub row: Row,
    /// Its files, by name; none where nothing was written.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Letters {
    /// Takes a brand, the templates shipped, and those of a folder in their place. All are tried.
    pub fn new(brand: Brand, templates: Option<&Path>) -> Result<Self> {
        let sources = source::read(templates)?;
        let mut languages = BTreeMap::new();
        for (path, source) in &sources {
            if let Some(code) = path.strip_suffix("/language.toml") {
                let unusable =
                    |cause: String| Error::new(Code::TemplateInvalid).file(&source.place).detail(cause);
                let language = Language::parse(code, &source.text).map_err(unusable)?;
                let words = Value::from(Serde(&language.words));
                languages.insert(code.to_owned(), (language, words));
            }
        }
        let brand_fields = fields::brand(&brand);
        let templates_sha256 = source::digest(&sources);
        let engine = Engine::new(&sources)?;
        let letters = Self { brand, brand_fields, languages, engine, templates_sha256 };
        letters.check()?;
        Ok(letters)
    }

    /// Who writes.
    pub fn brand(&self) -> &Brand {
        &self.brand
    }

    /// One SHA-256 over all templates, in hex.
    pub fn templates_sha256(&self) -> &str {
        &self.templates_sha256
    }

    /// Refuses policies with a step whose template is not there for every customer: in the brand's language, or in English.
    pub fn check_steps(&self, policies: &Policies) -> Result<()> {
        let own = self.brand.texts.language.as_str();
        let is_there = |name: &str| [own, LAST_RESORT].iter().any(|code| self.engine.has(code, name));
        for policy in policies.all() {
            let lacks = |step: &&Step| !step.template.is_empty() && !is_there(&step.template);
            if let Some(step) = policy.steps().iter().find(lacks) {
                let (policy, step, name) = (&policy.name, &step.name, &step.template);
                let languages =
                    if own == LAST_RESORT { own.to_owned() } else { format!("{own} or {LAST_RESORT}") };
                return Err(Error::new(Code::TemplateInvalid).detail(format!(
                    "[[policy]] `{policy}`, [[policy.step]] `{step}`: no template is called `{name}` in {languages}"
                )));
            }
        }
        Ok(())
    }

    /// Writes a letter. An error is one of the template's; what keeps a letter from a customer is in its row.
    pub fn write(&self, request: &Request) -> Result<Written> {
        let (language, chosen) = self.language_of(request.customer, request.template)?;
        let totals = Totals::of(request);
        let mut row = Row {
            customer: request.customer.id.clone(),
            currency: request.currency,
            step: request.step.to_owned(),
            template: request.template.to_owned(),
            language: language.to_owned(),
            chosen,
            channel: request.channel,
            to: String::new(),
            subject: String::new(),
            files: Vec::new(),
            items: request.items.len(),
            total: i64::try_from(totals.to_pay.max(0)).unwrap_or(i64::MAX),
            review: review::of(request),
            state: State::Written,
            reason: String::new(),
        };
        if request.customer.do_not_contact {
            return Ok(not_written(row, State::DoNotContact, "the customer must not be contacted"));
        }
        if request.template != THANK_YOU && request.items.is_empty() {
            return Ok(not_written(row, State::NothingToPay, "there is no invoice to raise"));
        }
        if request.template != THANK_YOU && totals.to_pay <= 0 {
            return Ok(not_written(row, State::NothingToPay, "what is held on account covers it"));
        }
        let page = self.page(request, totals, language)?;
        row.subject.clone_from(&page.subject);
        let draft =
            if request.channel == Channel::Email { self.draft(request, &page, &mut row) } else { None };
        let stem = row::stem(&request.customer.id, request.currency, request.step, request.template);
        let files =
            row::KINDS.into_iter().zip([Some(page.text.into_bytes()), Some(page.html.into_bytes()), draft]);
        let files: Vec<_> =
            files.filter_map(|(kind, bytes)| Some((format!("{stem}.{kind}"), bytes?))).collect();
        row.files = files.iter().map(|(name, _)| name.clone()).collect();
        Ok(Written { row, files })
    }

    fn page(&self, request: &Request, totals: Totals, language: &str) -> Result<Page> {
        let Some((language, words)) = self.languages.get(language) else {
            return Err(no_template(request.template));
        };
        let shared = Shared { brand: &self.brand, fields: &self.brand_fields, language, words };
        let fields = fields::of_request(request, totals, &shared);
        self.engine.render(&language.code, request.template, &fields)
    }

    /// The message, or why there can be none: the letter then goes on paper.
    fn draft(&self, request: &Request, page: &Page, row: &mut Row) -> Option<Vec<u8>> {
        let customer = request.customer;
        let named = if customer.name.chars().any(char::is_control) {
            Err("the customer's name holds control characters")
        } else {
            address::addresses(&customer.email)
        };
        match named {
            Ok(to) => {
                row.to = to.join(", ");
                let envelope = mail::Envelope {
                    name: &customer.name,
                    to: &to,
                    day: request.as_of,
                    language: &row.language,
                    key: &[customer.id.as_str(), request.currency.code(), request.step, request.template]
                        .join("\u{0}"),
                };
                Some(mail::draft(&self.brand, page, &envelope))
            }
            Err(reason) => {
                row.state = State::NoAddress;
                row.channel = Channel::Letter;
                row.reason = format!("{reason}: print it, or call");
                None
            }
        }
    }

    /// The customer's language if the template exists in it, else what is usual in its country, else the brand's, else English.
    fn language_of(&self, customer: &Customer, template: &str) -> Result<(&str, Chosen)> {
        let own = customer.language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let country = customer.country.to_ascii_uppercase();
        let usual = self.languages.values().find(|(language, _)| language.countries.contains(&country));
        let wished = [
            (own.as_str(), Chosen::Customer),
            (usual.map_or("", |(language, _)| language.code.as_str()), Chosen::Country),
            (self.brand.texts.language.as_str(), Chosen::Brand),
            (LAST_RESORT, Chosen::LastResort),
        ];
        let there = |(code, chosen): &(&str, Chosen)| {
            let (code, _) = self.languages.get_key_value(*code)?;
            self.engine.has(code, template).then_some((code.as_str(), *chosen))
        };
        wished.iter().find_map(there).ok_or_else(|| no_template(template))
    }

    /// Tries every template with the samples.
    fn check(&self) -> Result<()> {
        self.check_languages()?;
        let customers = sample::customers();
        for (language, template) in self.engine.templates() {
            let Some((parsed, words)) = self.languages.get(language) else {
                let place = format!("{language}/language.toml");
                let error = Error::new(Code::TemplateInvalid).file(Path::new(&place));
                return Err(error.detail("it is missing: templates of a new language need one"));
            };
            for (at, request) in sample::requests(&customers, template).iter().enumerate() {
                let totals = Totals::of(request);
                let shared =
                    Shared { brand: &self.brand, fields: &self.brand_fields, language: parsed, words };
                let fields = fields::of_request(request, totals, &shared);
                if at == 0 {
                    self.engine.check_fields(language, template, &fields)?;
                    self.engine.check_pages(&fields)?;
                }
                self.engine.render(language, template, &fields)?;
            }
        }
        Ok(())
    }

    fn check_languages(&self) -> Result<()> {
        let unusable = |code: &str, detail: String| {
            Error::new(Code::TemplateInvalid).file(Path::new(&format!("{code}/language.toml"))).detail(detail)
        };
        let english = self.languages.get(LAST_RESORT).map(|(language, _)| language);
        let mut countries: BTreeMap<&str, &str> = BTreeMap::new();
        for (language, _) in self.languages.values() {
            if let Some(word) = english.and_then(|english| language.lacks(english)) {
                return Err(unusable(&language.code, format!("[words] {word} is missing or empty")));
            }
            for country in &language.countries {
                if let Some(other) = countries.insert(country, &language.code) {
                    return Err(unusable(
                        &language.code,
                        format!("countries: `{country}` is taken by `{other}`"),
                    ));
                }
            }
        }
        let known = |code: &str| self.languages.contains_key(code);
        let unknown = |key: &str, code: &str| {
            let error =
                Error::new(Code::BrandInvalid).detail(format!("{key}: there are no letters in `{code}`"));
            self.brand.file.as_ref().map_or(error.clone(), |file| error.file(file))
        };
        if !known(&self.brand.texts.language) {
            return Err(unknown("language", &self.brand.texts.language));
        }
        let codes = self.brand.ways.iter().filter_map(|(_, _, language)| language.as_deref());
        codes
            .filter(|code| !known(code))
            .map(|code| Err(unknown("[[way]] language", code)))
            .next()
            .unwrap_or(Ok(()))
    }
}

fn not_written(mut row: Row, state: State, reason: &str) -> Written {
    row.state = state;
    row.review.clear();
    reason.clone_into(&mut row.reason);
    Written { row, files: Vec::new() }
}

fn no_template(template: &str) -> Error {
    Error::new(Code::TemplateInvalid).detail(format!("no template is called `{template}`"))
}
