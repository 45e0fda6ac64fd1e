//! Hours of a day, as `["08:00", "21:00"]`.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// From a minute of the day until another, which is no longer in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    /// First minute, counted from midnight.
    pub from: u16,
    /// The minute after the last one, at most 1,440.
    pub until: u16,
}

impl Hours {
    /// Reads the two ends.
    pub fn parse(from: &str, until: &str) -> Option<Self> {
        let hours = Self { from: minute(from)?, until: minute(until)? };
        (hours.from < hours.until).then_some(hours)
    }
}

fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| {
        let two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        two_digits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes).filter(|minutes| *minutes < 60)?);
    Some(hours * 60 + minutes).filter(|minute| *minute <= 24 * 60)
}

/// A minute of the day as `08:00`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", clock(self.from), clock(self.until))
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [from, until] = <[String; 2]>::deserialize(deserializer)?;
        let wrong =
            || de::Error::custom(format!("`{from}` to `{until}` are no hours like \"08:00\", \"21:00\""));
        Self::parse(&from, &until).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_to_the_minute_and_never_backwards() {
        assert_eq!(Hours::parse("08:00", "21:30"), Some(Hours { from: 480, until: 1_290 }));
        assert_eq!(Hours::parse("00:00", "24:00"), Some(Hours { from: 0, until: 1_440 }));
        for (from, until) in
            [("21:00", "08:00"), ("8:00", "9:00"), ("08:60", "09:00"), ("08:00", "24:01"), ("+8:00", "09:00")]
        {
            assert_eq!(Hours::parse(from, until), None, "{from} {until}");
        }
        assert_eq!(Hours { from: 480, until: 1_290 }.to_string(), "08:00-21:30");
    }
}
