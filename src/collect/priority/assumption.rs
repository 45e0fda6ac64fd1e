//! What is assumed about contacts and money, and the value of a contact that follows.

use crate::base::error::{Code, Error, Result};
use serde::Deserialize;

/// Days in a year of interest.
const YEAR_DAYS: f64 = 365.0;

/// What no export shows. In a dunning policy it is the table `[priority]`; what that leaves out is as it is here.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Assumptions {
    /// Yearly cost of money that comes late, as a share of it.
    pub money_cost: f64,
    /// Share of the days late still to come that a contact takes away, of what is past due.
    pub speed_up: f64,
    /// The same of what is not due yet.
    pub speed_up_before_due: f64,
    /// What being late at all weighs, in days late: chasing, reporting and refinancing cost something however short it is.
    pub lateness_days: f64,
    /// Share that is never paid of what is open 120 days after due, the end of what the curve of payment foretells.
    pub loss: f64,
    /// What the value of a vip customer's account is multiplied by: below 1 it is called less readily.
    pub vip_weight: f64,
    /// Days without contact after which overdue debt is due for a place of its own.
    pub neglected_days: i32,
    /// Each of so many places goes to the account that has waited longest of those; 0 for none.
    pub neglected_every: usize,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            money_cost: 0.08,
            speed_up: 0.2,
            speed_up_before_due: 0.2,
            lateness_days: 90.0,
            loss: 0.0,
            vip_weight: 1.0,
            neglected_days: 30,
            neglected_every: 10,
        }
    }
}

/// What is known of an item's future without a contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// Balance that can be spoken about, in major units.
    pub amount: f64,
    /// Whether its due day has passed.
    pub past_due: bool,
    /// Probability of being late; 1 where it is.
    pub late: f64,
    /// Days late still expected.
    pub late_days: f64,
    /// Probability of being open 120 days after due.
    pub open_at_end: f64,
}

impl Assumptions {
    /// These, if they can be used; otherwise an error that names the key.
    pub fn checked(self) -> Result<Self> {
        let shares = [
            ("money_cost", self.money_cost),
            ("speed_up", self.speed_up),
            ("speed_up_before_due", self.speed_up_before_due),
            ("loss", self.loss),
        ];
        let wrong = |key: &str, why: &str| {
            Err(Error::new(Code::PolicyInvalid).column(key).detail(format!("`priority.{key}` {why}")))
        };
        if let Some((key, _)) = shares.iter().find(|(_, share)| !(0.0..=1.0).contains(share)) {
            return wrong(key, "must be from 0 to 1");
        }
        if !(0.0..=3_650.0).contains(&self.lateness_days) {
            return wrong("lateness_days", "must be from 0 to 3650");
        }
        if !(0.0..=100.0).contains(&self.vip_weight) {
            return wrong("vip_weight", "must be from 0 to 100");
        }
        if self.neglected_days < 1 {
            return wrong("neglected_days", "must be at least 1");
        }
        Ok(self)
    }

    /// What an item is expected to cost without a contact, in major units: interest of the days late, that of
    /// [`Assumptions::lateness_days`] if it is late, and loss.
    pub fn cost(&self, ahead: &Ahead) -> f64 {
        let days = ahead.late_days + ahead.late * self.lateness_days;
        ahead.amount * (days * self.money_cost / YEAR_DAYS + ahead.open_at_end * self.loss)
    }

    /// Expected value, in major units, of a contact about an item: the part of its cost that the contact saves.
    pub fn value(&self, ahead: &Ahead) -> f64 {
        self.cost(ahead) * if ahead.past_due { self.speed_up } else { self.speed_up_before_due }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AHEAD: Ahead =
        Ahead { amount: 3_650.0, past_due: true, late: 0.5, late_days: 10.0, open_at_end: 0.02 };

    fn near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} {right}");
    }

    #[test]
    fn a_contact_is_worth_the_interest_and_the_loss_that_it_saves() {
        let assumed = Assumptions { speed_up_before_due: 0.1, lateness_days: 0.0, ..Assumptions::default() };
        // 3,650 × 8 % / 365 is .80 a day; ten days of it are 8.00, and a fifth of them 1.60.
        near(assumed.value(&AHEAD), 1.6);
        near(assumed.value(&Ahead { past_due: false, ..AHEAD }), 0.8);
        // Half of the 2 % that stay open is lost, 36.50: a fifth of it is 7.30.
        near(Assumptions { loss: 0.5, ..assumed }.value(&AHEAD), 1.6 + 7.3);
        // Late with an even chance, which weighs 90 days: 45 more days at .80, and a fifth of them.
        near(Assumptions { lateness_days: 90.0, ..assumed }.value(&AHEAD), 1.6 + 7.2);
    }

    #[test]
    fn what_is_no_share_is_refused_by_its_key() {
        let refused = |assumed: Assumptions| assumed.checked().unwrap_err().detail;
        let fine = Assumptions::default();
        assert_eq!(fine.checked(), Ok(fine));
        assert!(refused(Assumptions { money_cost: -0.1, ..fine }).contains("priority.money_cost"));
        assert!(refused(Assumptions { speed_up: 1.1, ..fine }).contains("priority.speed_up"));
        assert!(
            refused(Assumptions { speed_up_before_due: f64::NAN, ..fine }).contains("speed_up_before_due")
        );
        assert!(refused(Assumptions { loss: 2.0, ..fine }).contains("priority.loss"));
        assert!(refused(Assumptions { lateness_days: -1.0, ..fine }).contains("priority.lateness_days"));
        assert!(refused(Assumptions { vip_weight: -1.0, ..fine }).contains("priority.vip_weight"));
        assert!(refused(Assumptions { neglected_days: 0, ..fine }).contains("priority.neglected_days"));
    }
}
