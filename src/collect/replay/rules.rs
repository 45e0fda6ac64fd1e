//! The orders in which a week's contacts could have been made, and what each would have reached.

use crate::collect::outcome::Late;

/// An order of calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// As the call list ranks: by the expected value of contact.
    Ours,
    /// Any order: what is expected of it.
    Random,
    /// Most days past due first.
    Oldest,
    /// Largest balance first.
    Largest,
    /// Likeliest to be late first.
    Probability,
    /// Largest balance × probability first.
    ProbabilityAmount,
    /// Largest balance × the customer's own past share late first.
    RatioAmount,
    /// By what became of it: no order reaches more.
    Oracle,
}

/// Every rule, in the order of tables.
pub const RULES: [Rule; 8] = [
    Rule::Ours,
    Rule::Random,
    Rule::Oldest,
    Rule::Largest,
    Rule::Probability,
    Rule::ProbabilityAmount,
    Rule::RatioAmount,
    Rule::Oracle,
];

/// What a list is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Amounts × the days that they were late after the contact.
    MoneyDays,
    /// Amounts paid after due.
    Money,
}

/// Both measures, in the order of tables.
pub const MEASURES: [Measure; 2] = [Measure::MoneyDays, Measure::Money];

/// Something that one contact reaches, an item or an account: what was known of it then, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Expected value of the contact.
    pub value: f64,
    /// Days past due, the most of any item.
    pub days_past_due: i32,
    /// Balance in minor units.
    pub balance: i64,
    /// Probability of being late, the highest of any item.
    pub late: f64,
    /// Balance × probability of being late.
    pub at_risk: f64,
    /// Balance × the customer's past share late.
    pub ratio_amount: f64,
    /// What became of it.
    pub outcome: Late,
}

impl Candidate {
    /// Both as one: reached by the same contact.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            days_past_due: self.days_past_due.max(other.days_past_due),
            balance: self.balance.saturating_add(other.balance),
            late: self.late.max(other.late),
            at_risk: self.at_risk + other.at_risk,
            ratio_amount: self.ratio_amount + other.ratio_amount,
            outcome: self.outcome.plus(other.outcome),
        }
    }

    /// How much of what is measured was in it.
    pub fn worth(&self, measure: Measure) -> f64 {
        match measure {
            Measure::MoneyDays => self.outcome.money_days as f64,
            Measure::Money => self.outcome.money as f64,
        }
    }
}

impl Rule {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Random => "random",
            Self::Oldest => "oldest first",
            Self::Largest => "largest first",
            Self::Probability => "probability only",
            Self::ProbabilityAmount => "P x amount",
            Self::RatioAmount => "prior ratio x amount",
            Self::Oracle => "oracle",
        }
    }

    /// Whether it is one that the list is to beat.
    pub fn is_rival(self) -> bool {
        !matches!(self, Self::Ours | Self::Oracle)
    }

    /// What it sorts by, the highest first.
    fn key(self, of: &Candidate, measure: Measure) -> f64 {
        match self {
            Self::Ours => of.value,
            Self::Random => 0.0,
            Self::Oldest => f64::from(of.days_past_due),
            Self::Largest => of.balance as f64,
            Self::Probability => of.late,
            Self::ProbabilityAmount => of.at_risk,
            Self::RatioAmount => of.ratio_amount,
            Self::Oracle => of.worth(measure),
        }
    }

    /// How much of what is measured so many contacts reach in its order. Of equals, among which the order is nobody's
    /// choice, the mean counts.
    pub fn reached(self, candidates: &[Candidate], measure: Measure, contacts: usize) -> f64 {
        let keyed = |of: &Candidate| (self.key(of, measure), of.worth(measure));
        let mut order: Vec<(f64, f64)> = candidates.iter().map(keyed).collect();
        order.sort_by(|left, right| right.0.total_cmp(&left.0));
        let (mut reached, mut left) = (0.0, contacts);
        for equals in order.chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq()) {
            let taken = left.min(equals.len());
            let worth: f64 = equals.iter().map(|(_, worth)| worth).sum();
            reached += worth * taken as f64 / equals.len() as f64;
            left -= taken;
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six items: balance, days past due, days late after contact, probability.
    fn six() -> Vec<Candidate> {
        let facts = [
            (900, 0, 0, 0.1),
            (100, 40, 50, 1.0),
            (400, 3, 2, 1.0),
            (300, -5, 10, 0.6),
            (300, -9, 0, 0.2),
            (50, -1, 4, 0.9),
        ];
        let candidate = |(balance, days_past_due, days, late): (i64, i32, i128, f64)| {
            let (whole, share) = (i128::from(balance), balance as f64);
            let money = if days > 0 { whole } else { 0 };
            let outcome = Late { money, money_days: whole * days, open: 0 };
            Candidate {
                value: late,
                days_past_due,
                balance,
                late,
                at_risk: late * share,
                ratio_amount: share,
                outcome,
            }
        };
        facts.map(candidate).to_vec()
    }

    #[test]
    fn shares_of_two_contacts_by_hand() {
        // Late money-days: 5,000 + 800 + 3,000 + 200 = 9,000; late money: 100 + 400 + 300 + 50 = 850.
        let six = six();
        let reached = |rule: Rule| MEASURES.map(|measure| rule.reached(&six, measure, 2).round() as i64);
        assert_eq!(reached(Rule::Oldest), [5_800, 500]);
        assert_eq!(reached(Rule::Largest), [800, 400]);
        // Two of six, any two.
        assert_eq!(reached(Rule::Random), [3_000, 283]);
        // 400 and .6 × 300 before 100 and .1 × 900.
        assert_eq!(reached(Rule::ProbabilityAmount), [3_800, 700]);
        assert_eq!(reached(Rule::Probability), [5_800, 500]);
        assert_eq!(reached(Rule::Oracle), [8_000, 700]);
        // The third of the largest is one of the two of 300.
        assert_eq!(Rule::Largest.reached(&six, Measure::MoneyDays, 3).round() as i64, 800 + 1_500);
    }

    #[test]
    fn no_rule_reaches_more_than_the_oracle_or_than_there_is() {
        let six = six();
        for measure in MEASURES {
            for contacts in 0..=7 {
                let most = Rule::Oracle.reached(&six, measure, contacts);
                for rule in RULES {
                    let reached = rule.reached(&six, measure, contacts);
                    assert!(reached <= most + 1e-9, "{rule:?} {measure:?} {contacts}: {reached} of {most}");
                }
            }
            let all: f64 = six.iter().map(|one| one.worth(measure)).sum();
            assert!(RULES.iter().all(|rule| (rule.reached(&six, measure, 9) - all).abs() < 1e-9));
        }
    }

    #[test]
    fn items_of_an_account_are_reached_together() {
        let [first, second] = [six()[1], six()[3]];
        let both = first.joined(second);
        assert_eq!((both.balance, both.days_past_due, both.late.round() as i64), (400, 40, 1));
        assert_eq!(both.outcome, Late { money: 400, money_days: 8_000, open: 0 });
        assert!((both.at_risk - (100.0 + 0.6 * 300.0)).abs() < 1e-9);
    }
}
