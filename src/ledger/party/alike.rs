//! Parties that are likely the same. Nothing is merged: every pair is reported with its evidence, for a person to judge.
//!
//! Parties are not compared each with each but within groups that share a value, so 100,000 of them take seconds.

use std::cmp::Reverse;

use super::evidence::Evidence;
use super::{id, name, similar};

/// Most parties that a shared value is evidence for. What more of them share is a placeholder (`none@example.com`), a
/// collector's bank account or a chain's name on each of its branches, and its pairs would bury the others.
const SHARED_PARTIES_MAX: usize = 50;

/// Fewest digits of a phone number with its area code; fewer are an extension.
const PHONE_DIGITS_MIN: usize = 7;

/// Fewest letters and digits of a bank account number.
const ACCOUNT_SIGNS_MIN: usize = 5;

/// What is known of a party. Empty where nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party<'a> {
    /// As in its table; each party has its own.
    pub id: &'a str,
    /// Its distinct spellings.
    pub names: Vec<&'a str>,
    /// One address.
    pub email: &'a str,
    /// In any writing.
    pub phone: &'a str,
    /// IBAN or local number, in any writing.
    pub bank_account: &'a str,
}

/// Two parties that are likely the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Position of the one that stands first.
    pub left: usize,
    /// Position of the other.
    pub right: usize,
    /// Why, strongest first; never empty.
    pub evidence: Vec<Evidence>,
}

impl Alike {
    fn weight(&self) -> u32 {
        self.evidence.iter().map(Evidence::weight).sum()
    }
}

/// A value of a party as it is compared, the party's position, and the value as it is written.
type Mark<'a> = (String, usize, &'a str);

/// One reason for one pair, left before right.
type Finding = (usize, usize, Evidence);

/// All pairs with evidence, each once, those with most evidence first and then by position.
///
/// The order of the parties does not change which pairs are found.
pub fn likely_same(parties: &[Party]) -> Vec<Alike> {
    let mut found = Vec::new();
    let each = |key: fn(&Party) -> String| -> Vec<Mark> {
        parties.iter().enumerate().map(|(at, party)| (key(party), at, party.id)).collect()
    };
    share(each(|party| id::key(party.id)), &mut found, |_, left, right| {
        Evidence::SameId(left.to_owned(), right.to_owned())
    });
    let account = each(|party| account_key(party.bank_account));
    share(account, &mut found, |key, _, _| Evidence::SameBankAccount(key.to_owned()));
    let email = each(|party| email_key(party.email));
    share(email, &mut found, |key, _, _| Evidence::SameEmail(key.to_owned()));
    let phone = each(|party| phone_key(party.phone));
    share(phone, &mut found, |key, _, _| Evidence::SamePhone(key.to_owned()));
    names(parties, &mut found);
    gathered(found)
}

fn names(parties: &[Party], found: &mut Vec<Finding>) {
    let spellings =
        || parties.iter().enumerate().flat_map(|(at, party)| party.names.iter().map(move |&text| (at, text)));
    let mut normals: Vec<Mark> = spellings().map(|(at, text)| (name::normal(text), at, text)).collect();
    normals.retain(|(normal, ..)| !normal.is_empty());
    let roots = normals.iter().map(|&(ref normal, at, text)| (name::root_of(normal), at, text));
    // Generic words at the end would make any two names more alike than they are.
    let mut roots: Vec<Mark> = roots.filter(|(root, ..)| similar::long_enough(root)).collect();
    similar_names(&mut roots, found);
    share(roots, found, |_, left, right| Evidence::SameRoot(left.to_owned(), right.to_owned()));
    normals.extend(spellings().filter_map(|(at, text)| Some((name::spelled_out(text)?, at, text))));
    // One letter is an initial, or a name cut off.
    normals.retain(|(normal, ..)| normal.chars().nth(1).is_some());
    share(normals, found, |_, left, right| Evidence::SameName(left.to_owned(), right.to_owned()));
}

/// Adds evidence for every two parties that share a key.
fn share(mut marks: Vec<Mark>, found: &mut Vec<Finding>, evidence: impl Fn(&str, &str, &str) -> Evidence) {
    marks.retain(|(key, ..)| !key.is_empty());
    for group in groups(&mut marks) {
        if group.len() > SHARED_PARTIES_MAX {
            continue;
        }
        for (at, (key, left, left_text)) in group.iter().enumerate() {
            for (_, right, right_text) in group.iter().skip(at + 1) {
                found.push((*left, *right, evidence(key, left_text, right_text)));
            }
        }
    }
}

fn similar_names(roots: &mut Vec<Mark>, found: &mut Vec<Finding>) {
    let groups: Vec<&[Mark]> = groups(roots).collect();
    let distinct: Vec<&str> = groups.iter().filter_map(|group| Some(group.first()?.0.as_str())).collect();
    for (left, right, per_cent) in similar::pairs(&distinct) {
        let (Some(left), Some(right)) = (groups.get(left), groups.get(right)) else { continue };
        if left.len() * right.len() > SHARED_PARTIES_MAX {
            continue;
        }
        for one in *left {
            for other in *right {
                let (one, other) = if one.1 < other.1 { (one, other) } else { (other, one) };
                let evidence = Evidence::SimilarName(one.2.to_owned(), other.2.to_owned(), per_cent);
                found.push((one.1, other.1, evidence));
            }
        }
    }
}

/// The marks of each key, each party once, in order.
fn groups<'m, 'a>(marks: &'m mut Vec<Mark<'a>>) -> impl Iterator<Item = &'m [Mark<'a>]> {
    marks.sort_unstable();
    marks.dedup_by(|later, earlier| (&later.0, later.1) == (&earlier.0, earlier.1));
    marks.chunk_by(|left, right| left.0 == right.0)
}

/// Puts the findings of each pair together. Of a kind only the best counts, and of the kinds about names only the
/// strongest. An id on two rows is a fault of their table, not evidence.
fn gathered(mut found: Vec<Finding>) -> Vec<Alike> {
    found.retain(|(left, right, evidence)| {
        left != right && !matches!(evidence, Evidence::SameId(one, other) if one == other)
    });
    let per_cent = |evidence: &Evidence| match evidence {
        Evidence::SimilarName(_, _, per_cent) => *per_cent,
        _ => 0,
    };
    found.sort_by(|one, other| {
        let rank = |(left, right, evidence): &Finding| {
            (*left, *right, Reverse(evidence.weight()), Reverse(per_cent(evidence)))
        };
        rank(one).cmp(&rank(other)).then_with(|| one.2.cmp(&other.2))
    });
    found.dedup_by(|later, earlier| {
        let names = later.2.is_name() && earlier.2.is_name();
        (later.0, later.1) == (earlier.0, earlier.1) && (names || later.2.weight() == earlier.2.weight())
    });
    let mut pairs: Vec<Alike> = Vec::new();
    for (left, right, evidence) in found {
        match pairs.last_mut() {
            Some(pair) if (pair.left, pair.right) == (left, right) => pair.evidence.push(evidence),
            _ => pairs.push(Alike { left, right, evidence: vec![evidence] }),
        }
    }
    pairs.sort_by_key(|pair| (Reverse(pair.weight()), pair.left, pair.right));
    pairs
}

fn email_key(email: &str) -> String {
    let email = email.trim().to_lowercase();
    let whole = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if whole { email } else { String::new() }
}

/// Digits without the zeros in front, as which the sign before a country code is often written.
fn phone_key(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    value_key(digits.trim_start_matches('0').to_owned(), PHONE_DIGITS_MIN)
}

fn account_key(account: &str) -> String {
    let signs = account.chars().filter(char::is_ascii_alphanumeric);
    value_key(signs.map(|sign| sign.to_ascii_uppercase()).collect(), ACCOUNT_SIGNS_MIN)
}

/// The value, unless it is too short or the same sign over and over: `99999999` fills a field that must not be empty.
fn value_key(value: String, fewest: usize) -> String {
    let filler = value.chars().zip(value.chars().skip(1)).all(|(sign, next)| sign == next);
    if value.len() < fewest || filler { String::new() } else { value }
}
