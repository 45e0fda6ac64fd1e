//! What is to be expected of bills, with reasons that sum to it.

use super::bill::Bill;
use super::book::Book;
use super::feature::{FEATURES, Feature, Row, rows};
use super::learn::{BlockModel, blend, matrix};
use super::reason::{self, About, Reason};
use crate::base::day::{AsOf, Day};
use crate::base::error::Result;
use crate::model::payment::log_odds;
use crate::model::probability;

/// Releases that may still come are never none: those that came were not all that can.
const CAME_MAX: f64 = 0.99;

/// A part smaller than this against the whole is no ground to stretch the others by.
const WHOLE_MIN: f64 = 1e-12;

/// Asks about a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Its position among those given.
    pub bill: usize,
    /// What others had come to, and whether it was released, is looked at as of this day: of a bill booked later only its own
    /// facts are known.
    pub as_of: AsOf,
}

/// What is to be expected of a bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// Its position among those given.
    pub bill: usize,
    /// Probability that a payment block has to be removed by hand.
    pub probability: f64,
    /// What the rule says: the supplier's decayed past rate, of any bill on the day of its booking.
    pub rule: f64,
    /// Log-odds that any bill starts from.
    pub prior: f64,
    /// What moved it, the strongest first; with the prior they sum to the log-odds of the probability.
    pub reasons: Vec<Reason>,
}

/// The bills that were open, unreleased and young enough to come to a release when a day had ended.
pub fn open(bills: &[Bill], as_of: AsOf) -> Vec<Asked> {
    let open = bills.iter().enumerate().filter(|(_, bill)| bill.is_open(as_of.0));
    open.map(|(bill, _)| Asked { bill, as_of }).collect()
}

impl BlockModel {
    /// The outlooks of bills, the likeliest first, and of equals that which was booked first. The model must have been learned
    /// as of no later day than is asked about.
    pub fn outlooks(&self, bills: &[Bill], asked: &[Asked]) -> Result<Vec<Outlook>> {
        let book = Book::new(bills);
        let mut places = vec![0; bills.len()];
        for (place, &given) in (0..).zip(&book.given) {
            if let Some(slot) = places.get_mut(given) {
                *slot = place;
            }
        }
        let mut wanted: Vec<(u32, Day)> = asked
            .iter()
            .filter_map(|asked| Some((*places.get(asked.bill)?, asked.as_of.0.plus(1))))
            .collect();
        wanted.sort_unstable();
        let rows = rows(&book, &wanted);
        let explained = if self.is_used() { self.by_model(&rows)? } else { self.by_rule(&rows) };
        let each = wanted.iter().zip(&rows).zip(explained);
        let mut outlooks: Vec<Outlook> =
            each.filter_map(|((wanted, row), explained)| outlook(&book, *wanted, row, explained)).collect();
        outlooks.sort_by(|one, other| other.probability.total_cmp(&one.probability));
        Ok(outlooks)
    }

    /// Prior and parts: those of the forest and of the rate among those most like it, half each, read as the calibration says.
    fn by_model(&self, rows: &[Row]) -> Result<Vec<Explained>> {
        let matrix = matrix(rows.iter());
        let explainer = self.forest.explainer(&PLAYERS)?;
        let start = log_odds(explainer.expected());
        let prior = self.calibration.read(start);
        let raw = blend(&self.forest, matrix.view());
        let shares = explainer.parts_of(matrix.view());
        let explained = shares.outer_iter().zip(raw).zip(rows).map(|((shares, raw), row)| {
            let alike = (row.values[Feature::Alike as usize] - start) / 2.0;
            let mut parts = [0.0; ABOUT.len()];
            parts.iter_mut().zip(shares).for_each(|(part, share)| *part = *share);
            stretch(&mut parts, raw - start - alike);
            parts[PLAYERS[Feature::Alike as usize]] += alike;
            stretch(&mut parts, self.calibration.read(raw) - prior);
            Explained { prior, parts: ABOUT.into_iter().zip(parts).collect() }
        });
        Ok(explained.collect())
    }

    fn by_rule(&self, rows: &[Row]) -> Vec<Explained> {
        let prior = log_odds(self.base);
        let explained =
            |row: &Row| Explained { prior, parts: vec![(About::Rule, log_odds(row.rule) - prior)] };
        rows.iter().map(explained).collect()
    }
}

/// The reasons that the forest's features are parts of, in the order of their numbers.
const ABOUT: [About; 7] = [
    About::Habit,
    About::Ordered,
    About::Received,
    About::Issued,
    About::Lines,
    About::Receipts,
    About::Amount,
];

/// The reason of each feature.
const PLAYERS: [usize; FEATURES] = [0, 0, 0, 1, 2, 3, 4, 5, 6, 6];

/// A score taken apart.
struct Explained {
    prior: f64,
    parts: Vec<(About, f64)>,
}

fn outlook(book: &Book, (at, morning): (u32, Day), row: &Row, explained: Explained) -> Option<Outlook> {
    let bill = book.bills.get(at as usize)?;
    let Explained { prior, mut parts } = explained;
    let age = morning.0.saturating_sub(bill.posted.0);
    if age > 0 {
        // P(release later | none so far) has the odds of P(release), times the share of releases that did not come yet.
        let came = book.pace.share(morning, age).min(CAME_MAX);
        parts.push((About::Waited { days: age - 1, came }, (1.0 - came).ln()));
    }
    parts.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    let log_odds = prior + parts.iter().map(|(_, part)| part).sum::<f64>();
    let reasons =
        parts.into_iter().map(|(about, part)| Reason { part, text: reason::text(about, bill, row) });
    Some(Outlook {
        bill: *book.given.get(at as usize)?,
        probability: probability(log_odds),
        rule: row.rule,
        prior,
        reasons: reasons.collect(),
    })
}

/// Stretches parts alike, so that they sum to a whole.
fn stretch(parts: &mut [f64], whole: f64) {
    let sum: f64 = parts.iter().sum();
    if sum.abs() > WHOLE_MIN {
        for part in parts {
            *part *= whole / sum;
        }
    }
}
