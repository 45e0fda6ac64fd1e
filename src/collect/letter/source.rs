//! Where templates come from: those shipped, and a folder's own in their place. All are read before the first letter is
//! written, so that a template cannot reach a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::base::digest::of_bytes;
use crate::base::error::{Code, Error, Result};

/// Largest template: ten pages of text.
const TEMPLATE_BYTES_MAX: u64 = 64 * 1024;

/// A template or a language's file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its text.
    pub text: String,
    /// Where it is, for messages.
    pub place: PathBuf,
}

macro_rules! shipped {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../../data/templates/", $path)))),*]
    };
}

macro_rules! language {
    ($($code:literal)*) => {
        &[$(shipped_of!($code "language.toml" "pre_due_notice.txt" "friendly_reminder.txt" "follow_up.txt" "call_script.txt"
            "final_notice.txt" "payment_plan_offer.txt" "suspension_notice.txt" "agency_handover.txt" "thank_you.txt")),*]
    };
}

macro_rules! shipped_of {
    ($code:literal $($name:literal)*) => {
        &[$((
            concat!($code, "/", $name),
            include_str!(concat!("../../../data/templates/", $code, "/", $name)),
        )),*]
    };
}

/// The pages that every letter shares.
const PAGES: &[(&str, &str)] = shipped!("letter.txt" "letter.html" "script.txt" "script.html" "style.html");

const LANGUAGES: &[&[(&str, &str)]] = language!("en" "de" "fr" "es");

/// The files shipped, by path.
pub fn shipped() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.iter().chain(LANGUAGES.iter().copied().flatten()).copied()
}

/// The files shipped, and those of a folder in their place, by path within it.
pub fn read(folder: Option<&Path>) -> Result<BTreeMap<String, Source>> {
    let mut sources: BTreeMap<String, Source> = shipped()
        .map(|(path, text)| (path.to_owned(), Source { text: text.to_owned(), place: PathBuf::from(path) }))
        .collect();
    let Some(folder) = folder else { return Ok(sources) };
    for (name, path) in entries(folder)? {
        if path.is_dir() {
            if !is_code(&name) {
                return Err(unusable(&path, &"the folder's name is no language code such as `de`"));
            }
            for (file, path) in entries(&path)? {
                if file != "language.toml" && !is_template(&file) {
                    let detail = "neither a template (name.txt, name.html) nor language.toml";
                    return Err(unusable(&path, &detail));
                }
                sources.insert(format!("{name}/{file}"), load(path)?);
            }
        } else if PAGES.iter().any(|(page, _)| *page == name) {
            sources.insert(name, load(path)?);
        } else {
            let pages: Vec<_> = PAGES.iter().map(|(page, _)| *page).collect();
            let detail = format!(
                "no shared page: they are {}; templates are in a folder per language",
                pages.join(", ")
            );
            return Err(unusable(&path, &detail));
        }
    }
    Ok(sources)
}

/// One hash over some files, by path and content.
pub fn digest(sources: &BTreeMap<String, Source>) -> String {
    let one = |(path, source): (&String, &Source)| format!("{} {path}\n", of_bytes(source.text.as_bytes()));
    of_bytes(sources.iter().map(one).collect::<String>().as_bytes())
}

/// What a folder holds, sorted by name; hidden files are no concern of ours.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|cause| unreadable(folder, &cause))? {
        let path = entry.map_err(|cause| unusable(folder, &cause))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with('.') {
            entries.push((name, path));
        }
    }
    entries.sort();
    Ok(entries)
}

fn load(path: PathBuf) -> Result<Source> {
    let size = std::fs::metadata(&path).map_err(|cause| unusable(&path, &cause))?.len();
    if size > TEMPLATE_BYTES_MAX {
        return Err(unusable(&path, &format!("{size} bytes; a template has at most {TEMPLATE_BYTES_MAX}")));
    }
    let text = std::fs::read_to_string(&path).map_err(|cause| unusable(&path, &cause))?;
    Ok(Source { text, place: path })
}

fn is_code(name: &str) -> bool {
    matches!(name.len(), 2 | 3) && name.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_template(file: &str) -> bool {
    let stem = file.strip_suffix(".txt").or_else(|| file.strip_suffix(".html")).unwrap_or_default();
    !stem.is_empty()
        && stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// It is not there, or not ours to read: no line of it is wrong.
fn unreadable(path: &Path, cause: &std::io::Error) -> Error {
    Error::new(Code::FileUnreadable).file(path).detail(cause)
}

fn unusable(path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::new(Code::TemplateInvalid).file(path).detail(cause)
}
