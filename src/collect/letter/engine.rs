//! Templates compiled once and rendered often. An unknown or empty field, an endless loop and a page that does not exist are
//! errors that name the file and the line.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as _;
use std::path::PathBuf;

use minijinja::value::Value;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, escape_formatter};

use super::paragraph;
use super::source::Source;
use crate::base::error::{Code, Error, Result};

/// Work that one rendering may take, in the engine's steps: a letter with ten thousand invoices takes a tenth.
const FUEL: u64 = 20_000_000;

/// What a template may ask for besides the letter's fields.
const BUILT_IN: &[&str] =
    &["range", "dict", "namespace", "debug", "loop", "self", "super", "true", "false", "none"];

/// The shared pages with the blocks that templates fill.
const PAGES: [(&str, &[&str]); 2] = [
    ("letter", &["subject", "opening", "closing"]),
    ("script", &["subject", "opening", "ask", "answers", "note"]),
];

/// What a block is filled with to see whether a page shows it.
const MARK: &str = "duewise-";

/// All templates, compiled.
pub struct Engine {
    environment: Environment<'static>,
    places: BTreeMap<String, PathBuf>,
    /// Names of templates by language.
    templates: BTreeSet<(String, String)>,
}

/// A rendered letter.
pub struct Page {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
}

impl Engine {
    /// Compiles all templates among the sources. A template without HTML of its own is used for both.
    pub fn new(sources: &BTreeMap<String, Source>) -> Result<Self> {
        let mut engine =
            Self { environment: environment(), places: BTreeMap::new(), templates: BTreeSet::new() };
        for (path, source) in sources {
            let Some((stem, ending)) = path.rsplit_once('.').filter(|(_, ending)| *ending != "toml") else {
                continue;
            };
            engine.add(path, source)?;
            let html = format!("{stem}.html");
            let Some((language, name)) = stem.split_once('/') else { continue };
            if ending == "txt" {
                engine.templates.insert((language.to_owned(), name.to_owned()));
                if !sources.contains_key(&html) {
                    engine.add(&html, source)?;
                }
            } else if !sources.contains_key(&format!("{stem}.txt")) {
                let detail = "it has no .txt beside it, which holds the subject and the plain text";
                return Err(Error::new(Code::TemplateInvalid).file(&source.place).detail(detail));
            }
        }
        Ok(engine)
    }

    fn add(&mut self, path: &str, source: &Source) -> Result<()> {
        self.places.insert(path.to_owned(), source.place.clone());
        if let Some(at) = source.text.lines().position(|line| line.contains("autoescape")) {
            let error = Error::new(Code::TemplateInvalid).file(&source.place).row(at as u64 + 1);
            return Err(error.detail("`autoescape`: escaping is not to be changed"));
        }
        let added = self.environment.add_template_owned(path.to_owned(), source.text.clone());
        added.map_err(|cause| self.error(&cause))
    }

    /// Whether a template exists in a language.
    pub fn has(&self, language: &str, template: &str) -> bool {
        self.templates.contains(&(language.to_owned(), template.to_owned()))
    }

    /// Language and name of every template.
    pub fn templates(&self) -> impl Iterator<Item = (&str, &str)> {
        self.templates.iter().map(|(language, name)| (language.as_str(), name.as_str()))
    }

    /// Renders a template in both forms.
    pub fn render(&self, language: &str, template: &str, fields: &Value) -> Result<Page> {
        let name = format!("{language}/{template}");
        // A block that is missing is a fault of no line: the file is named all the same.
        let placed = |error: Error| match self.places.get(&format!("{name}.txt")) {
            Some(place) if error.place.file.is_none() => error.file(place),
            _ => error,
        };
        let page = self.rendered(&name, fields).map_err(|cause| placed(self.error(&cause)))?;
        if page.subject.is_empty() {
            let error = Error::new(Code::TemplateInvalid).detail("the block `subject` is missing or empty");
            return Err(placed(error));
        }
        Ok(page)
    }

    fn rendered(&self, name: &str, fields: &Value) -> std::result::Result<Page, minijinja::Error> {
        let template = self.environment.get_template(&format!("{name}.txt"))?;
        let mut text = template.render_captured(fields.clone())?;
        let subject = text.with_state_mut(|state| state.render_block("subject"))?;
        let html = self.environment.get_template(&format!("{name}.html"))?.render(fields.clone())?;
        Ok(Page {
            subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
            text: paragraph::tidy(&text.into_output()),
            html,
        })
    }

    /// Looks through a template for fields that no letter has, whether or not a letter comes by them.
    pub fn check_fields(&self, language: &str, template: &str, known: &Value) -> Result<()> {
        for ending in ["txt", "html"] {
            let name = format!("{language}/{template}.{ending}");
            let compiled = self.environment.get_template(&name).map_err(|cause| self.error(&cause))?;
            let unknown = compiled.undeclared_variables(true).into_iter().filter(|path| !knows(known, path));
            let line_of = |path: &str| compiled.source().lines().position(|line| line.contains(path));
            let first = unknown.map(|path| (line_of(&path), path)).min();
            if let Some((line, path)) = first {
                let error =
                    Error::new(Code::TemplateInvalid).detail(format!("no letter has a field `{path}`"));
                let error = self.places.get(&name).map_or(error.clone(), |place| error.file(place));
                return Err(line.map_or(error.clone(), |line| error.row(line as u64 + 1)));
            }
        }
        Ok(())
    }

    /// Refuses shared pages that leave out what templates fill them with: letters would go out without their content.
    pub fn check_pages(&self, fields: &Value) -> Result<()> {
        for (page, blocks) in PAGES {
            for ending in ["txt", "html"] {
                let name = format!("{page}.{ending}");
                let filled =
                    blocks.iter().map(|block| format!("{{% block {block} %}}{MARK}{block}{{% endblock %}}"));
                let source = format!("{{% extends \"{name}\" %}}{}", filled.collect::<String>());
                let shown = self.environment.render_named_str(&format!("page.{ending}"), &source, fields);
                let shown = shown.map_err(|cause| self.error(&cause))?;
                if let Some(block) = blocks.iter().find(|block| !shown.contains(&format!("{MARK}{block}"))) {
                    let error = Error::new(Code::TemplateInvalid)
                        .detail(format!("the page does not have the block `{block}`, which templates fill"));
                    return Err(self.places.get(&name).map_or(error.clone(), |place| error.file(place)));
                }
            }
        }
        Ok(())
    }

    /// An engine's error with the file and line of the innermost template it happened in.
    fn error(&self, cause: &minijinja::Error) -> Error {
        let (mut inner, mut placed) = (cause, cause);
        while let Some(next) = inner.source().and_then(|source| source.downcast_ref::<minijinja::Error>()) {
            inner = next;
            placed = if next.line().is_some() { next } else { placed };
        }
        let detail = match (inner.kind(), inner.detail()) {
            (ErrorKind::UndefinedError, Some(detail)) => format!("no such field: {detail}"),
            (ErrorKind::OutOfFuel, _) => "the template does not come to an end".to_owned(),
            (kind, Some(detail)) => format!("{kind}: {detail}"),
            (kind, None) => kind.to_string(),
        };
        let mut error = Error::new(Code::TemplateInvalid).detail(detail);
        if let Some(name) = placed.name() {
            error = match self.places.get(name) {
                Some(place) => error.file(place),
                None => error.file(std::path::Path::new(name)),
            };
        }
        placed.line().map_or(error.clone(), |line| error.row(line as u64))
    }
}

/// Whether a dotted path leads to a field of a letter that has all of them.
fn knows(fields: &Value, path: &str) -> bool {
    let found = |value: Value, part: &str| value.get_attr(part).ok().filter(|value| !value.is_undefined());
    BUILT_IN.contains(&path.split('.').next().unwrap_or_default())
        || path.split('.').try_fold(fields.clone(), found).is_some()
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment.set_fuel(Some(FUEL));
    environment.remove_filter("safe");
    environment.add_filter("flow", paragraph::flow);
    // `letter` is letter.txt or letter.html, as the page that asks for it.
    environment.set_path_join_callback(|name, parent| match parent.rsplit_once('.') {
        Some((_, ending)) if !name.contains('.') => format!("{name}.{ending}").into(),
        _ => name.to_owned().into(),
    });
    environment.set_formatter(|output, state, value| {
        if value.is_none() {
            let detail = "a field is printed that some letters do not have: put it into {% if … %}";
            return Err(minijinja::Error::new(ErrorKind::InvalidOperation, detail));
        }
        escape_formatter(output, state, value)
    });
    environment
}
