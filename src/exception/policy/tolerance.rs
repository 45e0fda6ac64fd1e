//! How far something may be off: not looked at, exactly right, or within a limit. Which of the three is always said; it is
//! never read out of a blank or a zero, which other systems take for any of them.

use crate::base::money::Currency;

/// Units of the last place of every exact figure here: those of [`crate::ledger::table::DECIMAL_PLACES`].
pub const ONE: i128 = 1_000_000_000;

/// How far something may be off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tolerance {
    /// It is not looked at.
    Off,
    /// Any difference is an exception.
    Exact,
    /// Differences beyond the limit are.
    Limit(Limit),
}

/// The most that is let pass. Figures are in units of [`ONE`]; what is not given does not limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Percent of what was expected.
    pub percent: Option<i128>,
    /// Amount in whole units of the document's currency.
    pub amount: Option<i128>,
    /// Quantity in the unit of the line.
    pub quantity: Option<i128>,
    /// Days.
    pub days: Option<i128>,
    /// How two limits are joined.
    pub join: Join,
    /// Which differences count.
    pub sides: Sides,
}

/// How a share and an absolute limit are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// An exception is beyond both.
    And,
    /// An exception is beyond either.
    Or,
}

impl Join {
    /// How the limits of these names are joined. One that was taken away and left its word behind would be missed.
    pub(super) fn read(word: Option<&str>, given: &[&str]) -> Result<Self, String> {
        match (word, given) {
            (Some(other), _) if !["and", "or"].contains(&other) => {
                Err(format!("join: `{other}` is none of and, or"))
            }
            (Some(_), [only]) => Err(format!("join: {only} is the only limit, and two are joined")),
            (Some("and"), _) => Ok(Self::And),
            (Some(_), _) | (None, [_]) => Ok(Self::Or),
            (None, _) => Err("join is missing: two limits are joined by `and` or `or`".to_owned()),
        }
    }
}

/// Which differences count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Too much only.
    Upper,
    /// Too little too.
    Both,
}

/// A difference to be judged, in units of [`ONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// What was found less what was expected, in the measure of the absolute limits.
    pub by: i128,
    /// What was expected, in the same measure; percentages are of it.
    pub of: i128,
    /// What it is worth in whole units of the currency, where the absolute limit is an amount and `by` is none.
    pub worth: Option<i128>,
}

impl Difference {
    /// A difference of amounts.
    pub fn of_amounts(found: i128, expected: i128) -> Self {
        Self { by: found - expected, of: expected, worth: None }
    }
}

impl Tolerance {
    /// Whether a difference is an exception. `per` multiplies absolute limits: so many lines may each be off.
    pub fn is_broken(&self, difference: Difference, per: i128) -> bool {
        match self {
            Self::Off => false,
            // What stands exactly is two-sided: nothing says that too little is right.
            Self::Exact => difference.by != 0,
            Self::Limit(limit) => limit.is_broken(difference, per.max(1)),
        }
    }

    /// Whether it is looked at.
    pub fn is_on(&self) -> bool {
        *self != Self::Off
    }

    /// The limit, where there is one.
    pub fn limit(&self) -> Option<&Limit> {
        match self {
            Self::Limit(limit) => Some(limit),
            _ => None,
        }
    }

    /// In words, as a finding states it.
    pub fn text(&self, currency: Currency) -> String {
        match self {
            Self::Off => "not looked at".to_owned(),
            Self::Exact => "none".to_owned(),
            Self::Limit(limit) => limit.text(currency),
        }
    }
}

impl Limit {
    fn is_broken(&self, difference: Difference, per: i128) -> bool {
        let Difference { by, of, worth } = difference;
        if self.sides == Sides::Upper && by <= 0 {
            return false;
        }
        let by = by.abs();
        // by / of > percent / 100, without dividing.
        let share = self
            .percent
            .map(|percent| by.saturating_mul(100).saturating_mul(ONE) > of.abs().saturating_mul(percent));
        let beyond = |limit: Option<i128>, by: i128| limit.map(|limit| by > limit.saturating_mul(per));
        let worth = worth.map_or(by, i128::abs);
        let parts = [share, beyond(self.amount, worth), beyond(self.quantity, by), beyond(self.days, by)];
        let mut given = parts.into_iter().flatten();
        match self.join {
            Join::Or => given.any(|broken| broken),
            Join::And => given.all(|broken| broken),
        }
    }

    fn text(&self, currency: Currency) -> String {
        let parts = [
            self.percent.map(|percent| format!("{} %", plain(percent))),
            self.amount.map(|amount| format!("{} {}", plain(amount), currency.code())),
            self.quantity.map(|quantity| format!("{} units", plain(quantity))),
            self.days.map(|days| format!("{} days", plain(days))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(if self.join == Join::Or { " or " } else { " and " })
    }
}

/// An exact figure without superfluous zeros: `2`, `0.05`.
pub fn plain(figure: i128) -> String {
    let sign = if figure < 0 { "-" } else { "" };
    let (whole, rest) =
        (figure.unsigned_abs() / ONE.unsigned_abs(), figure.unsigned_abs() % ONE.unsigned_abs());
    let rest = format!("{rest:09}");
    match rest.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}.{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(join: Join, sides: Sides) -> Tolerance {
        let (percent, amount) = (Some(2 * ONE), Some(50 * ONE));
        Tolerance::Limit(Limit { percent, amount, quantity: None, days: None, join, sides })
    }

    #[test]
    fn off_exact_and_limit_are_three_things() {
        let by_one = Difference { by: 1, of: 0, worth: None };
        let none = Difference { by: 0, of: 0, worth: None };
        assert!(!Tolerance::Off.is_broken(by_one, 1));
        assert!(Tolerance::Exact.is_broken(by_one, 1) && !Tolerance::Exact.is_broken(none, 1));
    }

    #[test]
    fn a_limit_itself_is_let_pass() {
        // 2 % of 1,000.00 is 20.00; 50.00 is the absolute limit.
        let broken = |join, by: i128, of: i128| {
            limit(join, Sides::Upper).is_broken(Difference { by: by * ONE, of: of * ONE, worth: None }, 1)
        };
        assert!(!broken(Join::Or, 20, 1_000), "2 % exactly");
        assert!(broken(Join::Or, 21, 1_000), "beyond the share");
        assert!(!broken(Join::Or, 50, 10_000), "50.00 exactly, and .5 %");
        assert!(broken(Join::Or, 51, 10_000), "beyond the amount");
        assert!(!broken(Join::And, 21, 1_000), "beyond the share only");
        assert!(broken(Join::And, 51, 1_000), "beyond both");
    }

    #[test]
    fn one_sided_limits_let_too_little_pass() {
        let less = Difference { by: -100 * ONE, of: 1_000 * ONE, worth: None };
        assert!(!limit(Join::Or, Sides::Upper).is_broken(less, 1));
        assert!(limit(Join::Or, Sides::Both).is_broken(less, 1));
    }

    #[test]
    fn figures_are_written_without_superfluous_zeros() {
        assert_eq!([2 * ONE, ONE / 20, -ONE / 2, 0].map(plain), ["2", "0.05", "-0.5", "0"]);
        assert_eq!(limit(Join::Or, Sides::Both).text(Currency::new(*b"EUR", 2)), "2 % or 50 EUR");
    }
}
