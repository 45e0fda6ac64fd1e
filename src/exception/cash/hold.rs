//! Money that is not to be applied, whatever it names: a cheque of another day, money meant for another company of the
//! group, money that came back.

use super::Receipt;
use crate::base::day::Day;
use crate::exception::policy::Cash;

/// Why money is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// The cheque bears a day that has not come: it may be paid in from then on.
    PostDated(Day),
    /// The cheque is too old for a bank to pay: it goes back to who wrote it.
    Stale(Day),
    /// It is meant for another company of the group: it is handed over or goes back.
    OtherEntity,
    /// No money came in: it was returned or reversed.
    Returned,
}

impl Hold {
    /// Whether a receipt is held back on a day, and why. `cheque` is the day written on it.
    pub fn of(receipt: &Receipt, cheque: Option<Day>, as_of: Day, policy: &Cash) -> Option<Self> {
        let names =
            |text: &str, words: &[String]| words.iter().any(|word| padded(text).contains(&padded(word)));
        if names(&receipt.memo, &policy.return_words) {
            return Some(Self::Returned);
        }
        if names(&receipt.memo, &policy.other_entities) {
            return Some(Self::OtherEntity);
        }
        match cheque? {
            day if day > as_of => Some(Self::PostDated(day)),
            day if day.plus(policy.stale_cheque_days) < receipt.day => Some(Self::Stale(day)),
            _ => None,
        }
    }
}

/// A text's words in small letters, a blank before and after each: a word is found only whole.
fn padded(text: &str) -> String {
    let small = text.to_lowercase();
    let words = small.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |text, word| text + word + " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::money::Currency;
    use crate::exception::policy::tolerance::Tolerance;

    fn hold(memo: &str, cheque: Option<i32>) -> Option<Hold> {
        let receipt = Receipt {
            id: String::new(),
            customer: None,
            payer: String::new(),
            account: String::new(),
            memo: memo.to_owned(),
            amount: Some(100),
            currency: Currency::new(*b"USD", 2),
            day: Day(1_000),
            held: None,
        };
        let texts = |texts: [&str; 1]| texts.map(str::to_owned).to_vec();
        let policy = Cash {
            small_difference: Tolerance::Exact,
            stale_cheque_days: 180,
            other_entities: texts(["Alder North Ltd."]),
            return_words: texts(["NSF"]),
        };
        Hold::of(&receipt, cheque.map(Day), Day(1_005), &policy)
    }

    #[test]
    fn a_cheque_is_good_from_its_day_until_it_is_stale() {
        assert_eq!(hold("", Some(1_006)), Some(Hold::PostDated(Day(1_006))));
        // Paid in early, and its day has come since.
        assert_eq!(hold("", Some(1_005)), None);
        assert_eq!(hold("", Some(820)), None);
        assert_eq!(hold("", Some(819)), Some(Hold::Stale(Day(819))));
        assert_eq!(hold("", None), None);
    }

    #[test]
    fn names_and_words_are_found_only_whole() {
        assert_eq!(hold("for ALDER-NORTH LTD inv 7", None), Some(Hold::OtherEntity));
        assert_eq!(hold("for Alder Northern Ltd inv 7", None), None);
        assert_eq!(hold("ACH nsf: reversal", None), Some(Hold::Returned));
        assert_eq!(hold("TRANSFER", None), None);
    }
}
