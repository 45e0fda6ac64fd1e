//! Why two parties are likely the same, in words.

use std::fmt;

use super::id::{Mangled, mangled};

/// One reason; the values of the left party stand first. Stronger reasons stand above weaker ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The ids differ only by leading zeros, or one of them was written as a number by a spreadsheet.
    SameId(String, String),
    /// Both have this bank account.
    SameBankAccount(String),
    /// A name of each, equal in normal form.
    SameName(String, String),
    /// Both have this e-mail address.
    SameEmail(String),
    /// Both have a phone number of these digits.
    SamePhone(String),
    /// A name of each that look alike, and how much, in per cent.
    SimilarName(String, String, u8),
    /// A name of each, equal but for generic words at the end.
    SameRoot(String, String),
}

impl Evidence {
    /// How much it counts for the order of a report. Not a probability: two weak reasons may outweigh a
    /// strong one.
    pub(super) fn weight(&self) -> u32 {
        match self {
            Self::SameId(..) => 8,
            Self::SameBankAccount(_) => 6,
            Self::SameName(..) => 5,
            Self::SameEmail(_) => 4,
            Self::SamePhone(_) => 3,
            Self::SimilarName(..) => 2,
            Self::SameRoot(..) => 1,
        }
    }

    /// Whether it is about names: of those only the strongest counts, for they say the same thing more and less well.
    pub(super) fn is_name(&self) -> bool {
        matches!(self, Self::SameName(..) | Self::SimilarName(..) | Self::SameRoot(..))
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameId(left, right) => same_id(left, right, f),
            Self::SameBankAccount(account) => write!(f, "both are paid from bank account `{account}`"),
            Self::SameName(left, right) if left == right => write!(f, "both are named `{left}`"),
            Self::SameName(left, right) => {
                write!(f, "names `{left}` and `{right}` are equal without case, accents and legal forms")
            }
            Self::SameEmail(email) => write!(f, "both have the e-mail address `{email}`"),
            Self::SamePhone(digits) => write!(f, "both have the phone number {digits}"),
            Self::SimilarName(left, right, per_cent) => {
                write!(f, "names `{left}` and `{right}` are {per_cent} % alike")
            }
            Self::SameRoot(left, right) => {
                write!(f, "names `{left}` and `{right}` differ only by generic words at the end")
            }
        }
    }
}

fn same_id(left: &str, right: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (written, other) = match (mangled(left), mangled(right)) {
        (None, None) => return write!(f, "ids `{left}` and `{right}` differ only by leading zeros"),
        (Some(_), Some(_)) => return write!(f, "ids `{left}` and `{right}` are the same number"),
        (Some(written), None) => (written, right),
        (None, Some(written)) => (written, left),
    };
    write!(f, "{written}")?;
    match &written {
        Mangled::Decimal { id, .. } | Mangled::Power { id, .. } if id != other => {
            write!(f, ", which drops the leading zeros of `{other}`")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_reads_as_a_sentence_with_the_values() {
        let two = |left: &str, right: &str| (left.to_owned(), right.to_owned());
        let id = |(left, right)| Evidence::SameId(left, right).to_string();
        assert_eq!(id(two("0042", "42")), "ids `0042` and `42` differ only by leading zeros");
        let decimal = "id `42.0` is `42` with a decimal: a spreadsheet wrote it as a number";
        assert_eq!(id(two("42.0", "42")), decimal);
        assert_eq!(id(two("42", "42.0")), decimal);
        assert_eq!(id(two("42.0", "0042")), format!("{decimal}, which drops the leading zeros of `0042`"));
        assert_eq!(id(two("42.0", "4.2E+01")), "ids `42.0` and `4.2E+01` are the same number");
        let name = |(left, right)| Evidence::SameName(left, right).to_string();
        assert_eq!(
            name(two("ACME Ltd", "Acme Limited")),
            "names `ACME Ltd` and `Acme Limited` are equal without case, accents and legal forms"
        );
        assert_eq!(name(two("Acme", "Acme")), "both are named `Acme`");
        let (left, right) = two("Acme", "Acmee");
        assert_eq!(
            Evidence::SimilarName(left, right, 96).to_string(),
            "names `Acme` and `Acmee` are 96 % alike"
        );
    }
}
