//! One step of a ladder: when it begins, by which channels, and what it is.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::figure::Figure;
use super::settings::DAYS_MAX;
use super::when::When;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::collect::misread;
use crate::ledger::Channel;
use crate::statute::currency;
use crate::statute::fee_cap::Letter;

/// Most minutes that a contact may be said to take: a working day.
const MINUTES_MAX: u32 = 480;

/// What a policy may say of a channel. Visits are facts, and no step.
const CHANNELS: [(&str, Channel); 4] =
    [("email", Channel::Email), ("letter", Channel::Letter), ("call", Channel::Call), ("sms", Channel::Sms)];

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name, as activities give it.
    pub name: String,
    /// Days from its basis on which it begins.
    pub from_days: i32,
    /// What they are counted from.
    pub basis: Basis,
    /// How contact is made: by the first of these that the customer can be reached by. None is no contact.
    pub channels: Vec<Channel>,
    /// Name of the template; empty without a contact.
    pub template: String,
    /// How it is said; `None` without a contact.
    pub tone: Option<Tone>,
    /// Minutes of a person.
    pub minutes: u32,
    /// A person must release it.
    pub requires_review: bool,
    /// Days that the customer is given to answer: the next step is not before they have passed.
    pub reply_days: i32,
    /// What ends with it.
    pub end: Option<End>,
    /// Of what is collected, the share that is given away.
    pub fee_percent: Option<Figure>,
    /// What a letter of it costs the customer, in minor units of each currency.
    fees: Vec<(Currency, i64)>,
    /// What the law takes such a letter for.
    pub fee_as: Letter,
    /// Whether its letter claims interest, compensation and fees.
    pub claim: bool,
    /// When it is taken.
    pub when: When,
}

/// What the days of a step are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The due day of the oldest claim that may be spoken about.
    Due,
    /// The last day of the month of that day.
    EndOfMonth,
    /// The day of the last step that was taken.
    PreviousStep,
}

/// How something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As a service.
    Friendly,
    /// As a matter of fact.
    Neutral,
    /// With what comes next.
    Firm,
    /// For the last time.
    Final,
}

/// What ends with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Nothing more is delivered; the customer is still spoken to.
    SuspendService,
    /// A collection agency has it.
    Agency,
    /// Lawyers have it.
    Legal,
    /// It is given up.
    WriteOff,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    from_days: i32,
    basis: Basis,
    channels: Vec<String>,
    template: Option<String>,
    tone: Option<Tone>,
    #[serde(default)]
    minutes: u32,
    requires_review: bool,
    #[serde(default)]
    reply_days: i32,
    end: Option<End>,
    fee_percent: Option<Figure>,
    #[serde(default)]
    fee: BTreeMap<String, String>,
    fee_as: Option<String>,
    #[serde(default)]
    claim: bool,
    #[serde(default)]
    when: When,
}

impl Step {
    pub(super) fn read(raw: toml::Value) -> Result<Self, String> {
        let raw: Raw = raw.try_into().map_err(|cause| misread::in_table(&cause))?;
        let channels: Vec<Channel> =
            raw.channels.iter().map(|word| channel(word)).collect::<Result<_, _>>()?;
        let out_of_range = |days: i32| !(-DAYS_MAX..=DAYS_MAX).contains(&days);
        let fault = if raw.name.trim().is_empty() {
            Some("name is empty".to_owned())
        } else if out_of_range(raw.from_days) || out_of_range(raw.reply_days) || raw.reply_days < 0 {
            Some(format!("from_days and reply_days are at most {DAYS_MAX}, reply_days not below 0"))
        } else if raw.from_days < 0 && raw.basis != Basis::Due {
            Some("from_days below 0 is for basis = \"due\"".to_owned())
        } else if raw.minutes > MINUTES_MAX {
            Some(format!("minutes: at most {MINUTES_MAX}"))
        } else if channels.is_empty() == raw.template.is_some() || channels.is_empty() == raw.tone.is_some() {
            Some("template and tone are for steps with channels, which need both".to_owned())
        } else if raw.fee_percent.is_some() && raw.end != Some(End::Agency) {
            Some("fee_percent is only for end = \"agency\"".to_owned())
        } else if raw.fee_percent.is_some_and(|share| share > Figure::whole(100)) {
            Some("fee_percent: more than 100".to_owned())
        } else if raw.from_days < 0 && (channels.is_empty() || raw.end.is_some()) {
            Some("a notice, from_days below 0, has channels and no `end`".to_owned())
        } else if raw.claim && (channels.is_empty() || raw.from_days < 0) {
            Some("claim is for steps with channels, after the due day".to_owned())
        } else if !raw.claim && !raw.fee.is_empty() {
            Some("a step with a fee has claim = true, so that the letter names it".to_owned())
        } else if raw.fee_as.is_some() && raw.fee.is_empty() {
            Some("fee_as is only for a step with a fee".to_owned())
        } else if raw.end.is_some() && !raw.requires_review {
            Some("a step with `end` requires_review".to_owned())
        } else {
            raw.when.fault()
        };
        if let Some(fault) = fault {
            return Err(fault);
        }
        let fees = fees(&raw.fee)?;
        let fee_as = raw.fee_as.as_deref().map_or(Ok(Letter::Reminder), letter)?;
        let Raw {
            claim,
            name,
            from_days,
            basis,
            minutes,
            requires_review,
            reply_days,
            end,
            fee_percent,
            when,
            ..
        } = raw;
        let (template, tone) = (raw.template.unwrap_or_default(), raw.tone);
        Ok(Self {
            name,
            from_days,
            basis,
            channels,
            template,
            tone,
            minutes,
            requires_review,
            reply_days,
            end,
            fee_percent,
            fees,
            fee_as,
            claim,
            when,
        })
    }

    /// What a letter of it costs the customer in a currency, in minor units.
    pub fn fee_in(&self, currency: Currency) -> Option<i64> {
        self.fees.iter().find(|(own, _)| *own == currency).map(|(_, amount)| *amount)
    }

    /// Whether it comes before anything is due.
    pub fn is_notice(&self) -> bool {
        self.from_days < 0
    }

    /// Whether a contact that names no step may be taken for this one.
    pub fn is_routine(&self) -> bool {
        !self.requires_review && !self.channels.is_empty()
    }

    /// Whether others deal with the customer once it was taken.
    pub fn hands_over(&self) -> bool {
        matches!(self.end, Some(End::Agency | End::Legal | End::WriteOff))
    }

    /// The day on which it begins for a claim due on a day, where the step before it was taken on another.
    pub fn begins(&self, due: Day, previous: Option<Day>) -> Day {
        let basis = match self.basis {
            Basis::Due => due,
            Basis::EndOfMonth => due.next_month_start().plus(-1),
            Basis::PreviousStep => previous.unwrap_or(due),
        };
        basis.plus(self.from_days)
    }
}

impl Tone {
    /// The word in policies and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Friendly => "friendly",
            Self::Neutral => "neutral",
            Self::Firm => "firm",
            Self::Final => "final",
        }
    }
}

impl End {
    /// The word in policies and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::SuspendService => "suspend_service",
            Self::Agency => "agency",
            Self::Legal => "legal",
            Self::WriteOff => "write_off",
        }
    }
}

/// The word of a channel.
pub fn channel_name(channel: Channel) -> &'static str {
    let known = CHANNELS.iter().find(|(_, own)| *own == channel);
    known.map_or("visit", |(name, _)| name)
}

fn fees(written: &BTreeMap<String, String>) -> Result<Vec<(Currency, i64)>, String> {
    let fee = |(code, amount): (&String, &String)| {
        let known = currency::find(code).filter(|found| found.code() == code);
        let own = known.ok_or_else(|| format!("fee: `{code}` is no currency"))?;
        let minor = own.parse(amount).ok().filter(|minor| *minor >= 0);
        Ok((own, minor.ok_or_else(|| format!("fee: `{amount}` is no fee in {code}"))?))
    };
    written.iter().map(fee).collect()
}

fn letter(word: &str) -> Result<Letter, String> {
    let all = [Letter::Reminder, Letter::Demand];
    let known = all.into_iter().find(|letter| letter.name() == word);
    known.ok_or_else(|| format!("fee_as: `{word}` is none of {}", all.map(Letter::name).join(", ")))
}

fn channel(word: &str) -> Result<Channel, String> {
    let known = CHANNELS.iter().find(|(name, _)| *name == word);
    known
        .map(|(_, channel)| *channel)
        .ok_or_else(|| format!("channels: `{word}` is none of {}", CHANNELS.map(|(name, _)| name).join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_each_basis() {
        let step = |basis: &str, from_days: i32| {
            let text = format!(
                "name = \"a\"\nfrom_days = {from_days}\nbasis = \"{basis}\"\nchannels = []\nrequires_review = true\n"
            );
            Step::read(toml::from_str(&text).unwrap()).unwrap()
        };
        let day = |text| Day::from_iso(text).unwrap();
        let (due, previous) = (day("2026-02-10"), Some(day("2026-03-01")));
        assert_eq!(step("due", 10).begins(due, previous), day("2026-02-20"));
        // The month of the due day ends on the 28th.
        assert_eq!(step("end_of_month", 10).begins(due, previous), day("2026-03-10"));
        assert_eq!(step("previous_step", 10).begins(due, previous), day("2026-03-11"));
        assert_eq!(step("previous_step", 10).begins(due, None), day("2026-02-20"));
    }
}
