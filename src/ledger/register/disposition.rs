//! Reviewers' verdicts on findings.

use super::words::Word;
use crate::base::day::Day;

/// What a reviewer decided of a finding.
#[derive(Debug, Clone, Copy)]
pub struct Disposition {
    /// Number of what the finding is on.
    pub document: Word,
    /// Code of the finding.
    pub code: Word,
    /// Id of the supplier or customer; empty where the number is enough.
    pub party: Word,
    /// Line of the document; empty is all of it.
    pub line: Word,
    /// What was decided.
    pub verdict: Verdict,
    /// On which day.
    pub day: Day,
}

/// A reviewer's verdict, the most cautious last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing is wrong: what was compared belongs together.
    RightMatch,
    /// Nothing is wrong.
    False,
    /// It is as the finding says, and is let pass.
    AcceptedVariance,
    /// It is as the finding says.
    True,
}

impl Verdict {
    /// Whether something is as the finding says, be it let pass or not.
    pub fn is_real(self) -> bool {
        matches!(self, Self::True | Self::AcceptedVariance)
    }

    /// The word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::False => "false",
            Self::RightMatch => "right_match",
            Self::AcceptedVariance => "accepted_variance",
            Self::True => "true",
        }
    }
}
