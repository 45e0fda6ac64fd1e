//! A score taken apart: prior + parts = log-odds, the parts gathered into reasons that a collector understands.

use ndarray::{ArrayView1, ArrayView2};

use super::calibrate::Calibrated;
use super::payment::log_odds;
use super::players::Players;
use crate::asof::feature::seen::Seen;
use crate::base::error::Result;

/// What is known when a day has ended is asked about on the next one; a person is told how it stood on that day.
const ASKED_AFTER_DAYS: f64 = 1.0;

/// Why a score is what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Log-odds that any invoice starts from: with all parts, those of this one.
    pub prior: f64,
    /// What moved it, the strongest first.
    pub reasons: Vec<Reason>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// Group of features.
    pub group: &'static str,
    /// What it adds to the log-odds; above zero is later.
    pub part: f64,
    /// The group's figures in a sentence.
    pub text: String,
}

/// Takes the scores of rows apart, in their order.
pub fn explain(model: &Calibrated, rows: ArrayView2<f64>) -> Result<Vec<Explanation>> {
    let players = Players::new(&model.features);
    let (prior, parts) = model.parts(rows, &players)?;
    let each = rows.rows().into_iter().zip(parts.rows());
    Ok(each
        .map(|(row, parts)| Explanation::new(prior, &players, parts, &Figures { row, seen: &model.features }))
        .collect())
}

impl Explanation {
    fn new(prior: f64, players: &Players, parts: ArrayView1<f64>, figures: &Figures) -> Self {
        let mut groups: Vec<(&'static str, f64)> =
            players.names().iter().copied().zip(parts.iter().copied()).collect();
        groups.retain(|(_, part)| *part != 0.0);
        groups.sort_by(|left, right| right.1.abs().total_cmp(&left.1.abs()));
        let reason = |(group, part)| Reason { group, part, text: figures.sentence(group) };
        Self { prior, reasons: groups.into_iter().map(reason).collect() }
    }
}

impl Explanation {
    /// Gives another probability of being late a share in the log-odds: what was there is drawn in, and what the other says is
    /// a reason of its own, counted from the same prior.
    pub fn weigh_in(&mut self, late: f64, share: f64) {
        if share == 0.0 {
            return;
        }
        for reason in &mut self.reasons {
            reason.part *= 1.0 - share;
        }
        let text =
            format!("on the days on which such invoices are paid, {:.0} % would be late", 100.0 * late);
        let part = share * (log_odds(late) - self.prior);
        self.reasons.push(Reason { group: "timing", part, text });
        self.reasons.sort_by(|left, right| right.part.abs().total_cmp(&left.part.abs()));
    }
}

/// A row's figures by name.
struct Figures<'a> {
    row: ArrayView1<'a, f64>,
    seen: &'a Seen,
}

impl Figures<'_> {
    fn of(&self, name: &str) -> Option<f64> {
        let figure = self.row[self.seen.position(name)?];
        figure.is_finite().then_some(figure)
    }

    fn count(&self, name: &str) -> f64 {
        self.of(name).unwrap_or(0.0)
    }

    fn sentence(&self, group: &str) -> String {
        let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        match group {
            "habit" => match self.of("late_ratio") {
                None => "no payments seen yet, so taken for an average customer".to_owned(),
                Some(_) => format!(
                    "paid {:.0} of {:.0} invoices late, on average {}",
                    self.count("paid_late_count"),
                    self.count("paid_count"),
                    days_after_due(self.count("delay_mean"))
                ),
            },
            "recent" => match self.of("delay_decayed") {
                None => "no recent payments".to_owned(),
                Some(delay) => format!("the last payments came {}", days_after_due(delay)),
            },
            "invoice" => format!(
                "terms of {}, {} old, {}",
                days(self.count("terms_days")),
                days(self.count("age_days") - ASKED_AFTER_DAYS),
                match self.count("days_to_due") + ASKED_AFTER_DAYS {
                    left if left < 0.0 => format!("{} past due", days(-left)),
                    left => format!("due in {}", days(left)),
                }
            ),
            "calendar" => {
                let due = weekdays.iter().find(|day| self.count(&format!("due_{day}")) > 0.5);
                let name = due.map_or_else(String::new, |day| day[..1].to_uppercase() + &day[1..]);
                format!("due on a {name}, {} before the month's end", days(self.count("due_to_month_end")))
            }
            "open" => format!(
                "{:.0} of {:.0} open invoices are past due",
                self.count("overdue_count"),
                self.count("open_count")
            ),
            "rhythm" => match self.of("since_paid_days") {
                None => "no payment rhythm yet".to_owned(),
                Some(since) => format!("last paid {} ago", days(since - ASKED_AFTER_DAYS)),
            },
            "exposure" => match self.of("amount_to_usual") {
                None => "first invoice".to_owned(),
                Some(times) => format!("{times:.1} times the usual amount"),
            },
            "alike" => match self.of("alike_count_terms_weekday").filter(|weight| *weight > 0.0) {
                None => "no past invoice of like terms and weekday".to_owned(),
                Some(_) => format!(
                    "of past invoices like it (terms, weekday, amount) {:.0} % were late",
                    100.0 * self.count("alike_late_amount_35")
                ),
            },
            "conduct" => format!(
                "{:.0} disputes raised, {:.0} of {:.0} promises broken",
                self.count("disputes_count"),
                self.count("promises_broken_count"),
                self.count("promises_count")
            ),
            other => other.to_owned(),
        }
    }
}

fn days_after_due(delay: f64) -> String {
    match delay.round() {
        0.0 => "on the due day".to_owned(),
        early if early < 0.0 => format!("{} before due", days(-early)),
        late => format!("{} after due", days(late)),
    }
}

/// `1 day`, `2 days`.
pub fn days(number: f64) -> String {
    let number = number.round() as i64;
    format!("{number} day{}", if number == 1 { "" } else { "s" })
}
