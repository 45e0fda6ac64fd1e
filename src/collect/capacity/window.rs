//! Hours of clocks in different zones, in minutes since 1970 by the one clock that all share.

use std::collections::BTreeMap;

use chrono::{LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _};
use chrono_tz::Tz;

use super::super::ladder::hours::Hours;
use crate::base::day::Day;

/// From a minute until another, which is no longer in it.
pub type Span = (i64, i64);

/// A zone by its IANA name.
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// The hours of a zone's clock on a day. Where the clock is put back, the narrower of two readings is taken.
pub fn span(zone: Tz, day: Day, hours: Hours) -> Option<Span> {
    let from = instant(zone, local(day, hours.from)?, true)?;
    let until = instant(zone, local(day, hours.until)?, false)?;
    (from < until).then_some((from, until))
}

/// The minute of the day that a zone's clock shows.
pub fn minute_of_day(zone: Tz, minute: i64) -> u16 {
    use chrono::Timelike as _;
    let shown =
        chrono::DateTime::from_timestamp(minute.saturating_mul(60), 0).map(|at| at.with_timezone(&zone));
    shown.map_or(0, |at| (at.hour() * 60 + at.minute()) as u16)
}

/// What of some spans lies outside another.
pub fn without(spans: Vec<Span>, (from, until): Span) -> Vec<Span> {
    let cut = |(start, end): Span| [(start, end.min(from)), (start.max(until), end)];
    spans.into_iter().flat_map(cut).filter(|(start, end)| start < end).collect()
}

/// What of some spans lies inside another.
pub fn within(spans: &[Span], (from, until): Span) -> Vec<Span> {
    let cut = spans.iter().map(|(start, end)| (*start.max(&from), *end.min(&until)));
    cut.filter(|(start, end)| start < end).collect()
}

/// Hours in which calls may be made, by the clocks of customers. Each is worked out once.
#[derive(Debug)]
pub struct CallHours<'a> {
    quiet: &'a [Hours],
    known: BTreeMap<(&'static str, Hours, Day), Vec<Span>>,
}

impl<'a> CallHours<'a> {
    /// Those outside quiet hours.
    pub fn new(quiet: &'a [Hours]) -> Self {
        Self { quiet, known: BTreeMap::new() }
    }

    /// The hours of a zone's clock on a day, and on those next to it: by the collector's clock they may be the same day.
    pub fn around(&mut self, zone: Tz, hours: Hours, day: Day) -> &[Span] {
        self.known.entry((zone.name(), hours, day)).or_insert_with(|| {
            let days = [-1, 0, 1].map(|days| day.plus(days));
            let spans = |hours: Hours| days.iter().filter_map(move |day| span(zone, *day, hours));
            let quiet = self.quiet.iter().flat_map(|quiet| spans(*quiet));
            quiet.fold(spans(hours).collect(), without)
        })
    }
}

fn local(day: Day, minute: u16) -> Option<NaiveDateTime> {
    let date = NaiveDate::from_ymd_opt(day.year(), day.month(), day.day_of_month())?;
    date.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::minutes(i64::from(minute)))
}

fn instant(zone: Tz, local: NaiveDateTime, is_start: bool) -> Option<i64> {
    let found = match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => at,
        LocalResult::Ambiguous(_, second) if is_start => second,
        LocalResult::Ambiguous(first, _) => first,
        // The hour was skipped: what begins or ends in it does so when it is over.
        LocalResult::None => {
            zone.from_local_datetime(&local.checked_add_signed(TimeDelta::hours(1))?).earliest()?
        }
    };
    Some(found.timestamp().div_euclid(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOURS: Hours = Hours { from: 480, until: 1_260 };

    fn utc(zone_name: &str, day: &str) -> (u16, u16) {
        let (from, until) = span(zone(zone_name).unwrap(), Day::from_iso(day).unwrap(), HOURS).unwrap();
        (minute_of_day(Tz::UTC, from) / 60, minute_of_day(Tz::UTC, until) / 60)
    }

    #[test]
    fn eight_to_nine_is_by_the_clock_on_the_wall() {
        // 08:00 to 21:00: Madrid is one hour ahead of UTC in winter and two in summer, Chicago six and five behind.
        assert_eq!(utc("Europe/Madrid", "2026-01-15"), (7, 20));
        assert_eq!(utc("Europe/Madrid", "2026-07-15"), (6, 19));
        assert_eq!(utc("America/Chicago", "2026-01-15"), (14, 3));
        assert_eq!(utc("America/Chicago", "2026-07-15"), (13, 2));
        assert_eq!(utc("UTC", "2026-07-15"), (8, 21));
        assert!(zone("Mars/Olympus").is_none());
    }

    #[test]
    fn clocks_that_are_put_back_or_forward_leave_the_narrower_span() {
        // Madrid, 2026-10-25: 02:00 to 03:00 is there twice; the second begins at 01:00 UTC. 2026-03-29: it is skipped.
        let madrid = zone("Europe/Madrid").unwrap();
        let hours = |from, until| Hours { from, until };
        let day = |text| Day::from_iso(text).unwrap();
        let start = |day, hours| span(madrid, day, hours).map(|(from, _)| minute_of_day(Tz::UTC, from));
        assert_eq!(start(day("2026-10-25"), hours(150, 600)), Some(90), "02:30 the second time is 01:30 UTC");
        assert_eq!(start(day("2026-03-29"), hours(150, 600)), Some(90), "02:30 is 03:30, 01:30 UTC");
    }

    #[test]
    fn spans_are_cut() {
        assert_eq!(without(vec![(0, 10)], (3, 5)), [(0, 3), (5, 10)]);
        assert_eq!(without(vec![(0, 10)], (0, 10)), []);
        assert_eq!(within(&[(0, 3), (5, 10)], (2, 6)), [(2, 3), (5, 6)]);
    }
}
