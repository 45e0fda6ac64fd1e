//! A finding: what was expected, what was found, and what follows, with the documents and the arithmetic.

use std::cmp::Ordering;

use serde::Serialize;

use super::policy::tolerance::{ONE, Tolerance, plain};
use super::policy::whole;
use super::rule::{Role, Rule};
use crate::base::day::Day;
use crate::base::money::Currency;

/// What kind of document a finding names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A supplier's bill or credit note.
    Bill,
    /// An own invoice or credit note.
    Invoice,
    /// An order of either side.
    Order,
    /// A goods receipt or delivery.
    Receipt,
    /// A payment.
    Payment,
    /// A supplier or customer.
    Party,
}

impl Kind {
    /// The word in files and sentences.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bill => "bill",
            Self::Invoice => "invoice",
            Self::Order => "order",
            Self::Receipt => "receipt",
            Self::Payment => "payment",
            Self::Party => "party",
        }
    }
}

/// A document that a finding names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reference {
    /// Its kind.
    pub kind: Kind,
    /// Its number.
    pub id: String,
}

/// One exception.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule's code.
    pub code: &'static str,
    /// Whose matter it is.
    pub role: Role,
    /// What is to be looked at.
    pub document: Reference,
    /// What it was compared with.
    pub others: Vec<Reference>,
    /// Line of the document; empty where it is all of it.
    pub line: String,
    /// Id of the supplier or customer; empty where it is unknown.
    pub party: String,
    /// Day on which the document became known.
    pub known: Day,
    /// Whether the document was paid already: then it is money to get back, not to hold back.
    pub is_settled: bool,
    /// What it should be.
    pub expected: String,
    /// What it is.
    pub found: String,
    /// What lies between.
    pub difference: String,
    /// What the policy would let pass.
    pub limit: String,
    /// Amount at stake, in minor units of the currency.
    pub stake: i64,
    /// Its currency.
    pub currency: Currency,
    /// How likely it is that something is wrong, in percent: the rule's own estimate until reviewers have judged.
    pub confidence: u8,
    /// All of it in words.
    pub sentence: String,
}

impl Finding {
    /// An exception of a rule, its figures still empty.
    pub fn new(rule: &Rule, document: Reference, known: Day, currency: Currency) -> Self {
        Self {
            code: rule.code,
            role: rule.role,
            document,
            others: Vec::new(),
            line: String::new(),
            party: String::new(),
            known,
            is_settled: false,
            expected: String::new(),
            found: String::new(),
            difference: String::new(),
            limit: String::new(),
            stake: 0,
            currency,
            confidence: 100,
            sentence: String::new(),
        }
    }

    /// Names a document that it was compared with.
    #[must_use]
    pub fn with(mut self, kind: Kind, id: &str) -> Self {
        self.others.push(Reference { kind, id: id.to_owned() });
        self
    }

    /// Says on which line.
    #[must_use]
    pub fn on_line(mut self, line: &str) -> Self {
        line.clone_into(&mut self.line);
        self
    }

    /// Says what was expected, what was found and what lies between.
    #[must_use]
    pub fn figures(mut self, expected: String, found: String, difference: String) -> Self {
        (self.expected, self.found, self.difference) = (expected, found, difference);
        self
    }

    /// Says what would have passed.
    #[must_use]
    pub fn limit(mut self, tolerance: Tolerance) -> Self {
        self.limit = tolerance.text(self.currency);
        self
    }

    /// Says what is at stake, in minor units.
    #[must_use]
    pub fn stake(mut self, minor: i64) -> Self {
        self.stake = minor.saturating_abs();
        self
    }

    /// Says how sure it is, in percent.
    #[must_use]
    pub fn confidence(mut self, percent: u8) -> Self {
        self.confidence = percent;
        self
    }

    /// Says it in words; what would have passed stands at the end.
    #[must_use]
    pub fn because(mut self, sentence: &str) -> Self {
        self.sentence = match self.limit.as_str() {
            "" | "none" => format!("{sentence}."),
            limit => format!("{sentence}; up to {limit} would pass."),
        };
        self
    }

    /// Order within a rule: by currency, the largest stake first.
    pub fn before(&self, other: &Self) -> Ordering {
        let key = |one: &Self| (one.currency, -one.stake);
        let texts =
            |one: &Self| (one.document.clone(), one.line.clone(), one.party.clone(), one.sentence.clone());
        key(self).cmp(&key(other)).then_with(|| texts(self).cmp(&texts(other)))
    }
}

/// An amount in units of [`ONE`], with as many decimals as it has, at least the currency's.
pub fn amount(figure: i128, currency: Currency) -> String {
    let unit = whole(1, currency).max(1);
    if figure % unit == 0 {
        return currency.display(figure / unit);
    }
    format!("{} {}", plain(figure), currency.code())
}

/// A share as a percentage with one decimal, rounded; `n/a` where nothing was expected.
pub fn percent(by: i128, of: i128) -> String {
    if of == 0 {
        return "n/a".to_owned();
    }
    let tenths = (by.abs() * 1_000 + of.abs() / 2) / of.abs();
    format!("{} %", plain(tenths * (ONE / 10)))
}

/// A number of days in words.
pub fn days(count: i128) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_shares_are_exact_or_rounded_as_they_say() {
        let eur = Currency::new(*b"EUR", 2);
        assert_eq!(amount(1_880 * ONE, eur), "1,880.00 EUR");
        assert_eq!(amount(ONE / 8, eur), "0.125 EUR");
        // 20 of 1,000 are 2 %; 1 of 3 is 33.3 %.
        assert_eq!(
            (percent(20, 1_000), percent(-1, 3), percent(1, 0)),
            ("2 %".into(), "33.3 %".into(), "n/a".into())
        );
    }
}
