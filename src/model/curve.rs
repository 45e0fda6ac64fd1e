//! When an invoice will be paid, as one falling curve: the probability that it is still open so many days after its due day.
//! Every answer is read off that curve, so that no two of them can disagree, and none needs another model: late by more than
//! any grace, paid within so many days, days late, ageing bucket.

use std::ops::Range;

/// Room for the points of a curve over the whole grid: a curve is made for every open invoice.
const GRID_DAYS: usize = 256;

/// Probability of being still open at the end of each day of a grid, given that it was open when the as-of day ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Days after due, rising; the first is the as-of day itself.
    days: Vec<i32>,
    /// Probability of being open when that day has ended; the first is 1, and none is above the one before it.
    open: Vec<f64>,
}

impl Curve {
    /// A curve from the as-of day on, which is `today` days after due, through points of later days. What rises is levelled,
    /// what is no probability is drawn to its nearest.
    pub fn new(today: i32, points: impl Iterator<Item = (i32, f64)>) -> Self {
        let mut curve = Self { days: Vec::with_capacity(GRID_DAYS), open: Vec::with_capacity(GRID_DAYS) };
        curve.days.push(today);
        curve.open.push(1.0);
        let mut least = 1.0_f64;
        for (day, open) in points {
            if curve.days.last().is_some_and(|last| day > *last) {
                least = least.min(open.clamp(0.0, 1.0));
                curve.days.push(day);
                curve.open.push(least);
            }
        }
        curve
    }

    /// Probability of being still open when a day, counted from due, has ended. Between the days of the grid it is a straight
    /// line; beyond the last it stays as it was there.
    pub fn open_after(&self, day: i32) -> f64 {
        self.open_between(self.days.partition_point(|point| *point <= day), day)
    }

    /// The same of each of these days, in order.
    fn open_after_each(&self, days: Range<i32>) -> impl Iterator<Item = f64> {
        let mut above = self.days.partition_point(|point| *point <= days.start);
        days.map(move |day| {
            while self.days.get(above).is_some_and(|point| *point <= day) {
                above += 1;
            }
            self.open_between(above, day)
        })
    }

    /// The same of a day before the point `above`, which is the first after it.
    fn open_between(&self, above: usize, day: i32) -> f64 {
        match (above.checked_sub(1), self.days.get(above)) {
            (None, _) => 1.0,
            (Some(last), None) => self.open[last],
            (Some(below), Some(next)) => {
                let share = f64::from(day - self.days[below]) / f64::from(next - self.days[below]);
                self.open[below] + share * (self.open[above] - self.open[below])
            }
        }
    }

    /// Probability of being paid in the next so many days.
    pub fn paid_within(&self, days: i32) -> f64 {
        1.0 - self.open_after(self.days[0] + days)
    }

    /// The first day after due by which it is paid with at least this probability; the last day of the grid where that is
    /// later than the grid looks.
    pub fn quantile(&self, share: f64) -> i32 {
        let wanted = 1.0 - share;
        let Some(at) = self.open.iter().position(|open| *open <= wanted) else {
            return self.days[self.days.len() - 1];
        };
        let Some(before) = at.checked_sub(1) else { return self.days[0] };
        let fall = self.open[before] - self.open[at];
        let days = f64::from(self.days[at] - self.days[before]);
        let step = (self.open[before] - wanted) / fall * days;
        // Days are whole, and the one on which the line crosses has ended when it is paid; a hair of rounding adds no day.
        self.days[before] + (step - 1e-9).ceil().max(1.0) as i32
    }

    /// Mean day of payment, counted from due, what is open after the last day of the grid being taken to be paid then.
    pub fn mean_day(&self) -> f64 {
        let steps = self.days.windows(2).zip(self.open.windows(2));
        // A straight line from one day to another pays as much on each of the days after the first.
        let paid = steps.map(|(days, open)| {
            let middle = f64::from(days[0] + 1 + days[1]) / 2.0;
            (open[0] - open[1]) * middle
        });
        let last = self.days.len() - 1;
        paid.sum::<f64>() + self.open[last] * f64::from(self.days[last])
    }

    /// Mean days after due, early payment counting as none.
    pub fn mean_days_late(&self) -> f64 {
        let first = self.days[0];
        let last = self.days[self.days.len() - 1];
        // Each day that is still open when it begins, after the due day, is a day late.
        f64::from(first.max(0)) + self.open_after_each(first.max(0)..last).sum::<f64>()
    }

    /// Mean days late still to come from a day on, counted from due, of which at most `horizon` count. Each day after due that
    /// is still open when it begins is one, the day of contact itself not.
    pub fn late_days(&self, contact: i32, horizon: i32) -> f64 {
        let from = contact.max(0);
        self.open_after_each(from..from.saturating_add(horizon)).sum()
    }

    /// The same curve with the odds of being open multiplied alike on every later day, so that it says `late` of one day. It
    /// stays a falling curve, and one that has nothing left to decide on that day stays as it is.
    #[must_use]
    pub fn tilted(mut self, day: i32, late: f64) -> Self {
        let odds = |p: f64| p / (1.0 - p);
        let times = odds(late) / odds(self.open_after(day));
        if times.is_normal() && day > self.days[0] {
            for open in &mut self.open[1..] {
                *open = *open * times / (1.0 - *open + *open * times);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Open today, three days before due: half is paid by the due day, the rest by ten days after but a tenth.
    fn curve() -> Curve {
        Curve::new(-3, [(-4, 0.7), (0, 0.5), (10, 0.1)].into_iter())
    }

    fn near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} {right}");
    }

    #[test]
    fn answers_are_read_off_one_curve() {
        let curve = curve();
        near(curve.open_after(-3), 1.0);
        near(curve.open_after(-10), 1.0);
        near(curve.open_after(0), 0.5);
        near(curve.open_after(5), 0.3);
        near(curve.open_after(99), 0.1);
        near(curve.paid_within(3), 0.5);
        near(curve.paid_within(13), 0.9);
        // 10 % of the way is passed on the first of three days; half on the third, the due day; 90 % on the tenth after it.
        assert_eq!([0.1, 0.5, 0.9, 0.95].map(|share| curve.quantile(share)), [-2, 0, 10, 10]);
    }

    #[test]
    fn means_weigh_the_days_of_payment() {
        // A sixth on each of -2, -1, 0; then .04 on each of the ten days after due, and a tenth left to the tenth.
        let day = -3.0 / 6.0 + 0.04 * 55.0 + 0.1 * 10.0;
        near(curve().mean_day(), day);
        near(curve().mean_days_late(), 0.04 * 55.0 + 0.1 * 10.0);
        // Late already: the days so far count.
        near(Curve::new(4, [(6, 0.0)].into_iter()).mean_days_late(), 5.5);
        near(Curve::new(4, [(6, 0.0)].into_iter()).mean_day(), 5.5);
    }

    #[test]
    fn each_day_open_as_it_begins_counts_up_to_the_horizon() {
        // Three days before due: half is open after the due day, a tenth from ten days after it on, a line between.
        let early = Curve::new(-3, [(0, 0.5), (10, 0.1)].into_iter());
        // Open after due and the nine days that follow: .5, .46 … .14.
        near(early.late_days(-2, 10), 5.0 - 0.04 * 45.0);
        // Behind the end of the curve a tenth stays open.
        near(early.late_days(-2, 30), 3.2 + 0.1 * 20.0);
        near(early.late_days(-2, 1), 0.5);
        // Five days late when contacted the day after: what begins that day open, .25 a day less until nothing is.
        let late = Curve::new(4, [(8, 0.0)].into_iter());
        near(late.late_days(5, 90), 0.75 + 0.5 + 0.25);
        near(late.late_days(5, 2), 0.75 + 0.5);
        // Older than the curve looks: it stays open as long as the horizon.
        near(Curve::new(200, std::iter::empty()).late_days(201, 90), 90.0);
    }

    #[test]
    fn what_rises_or_is_no_probability_is_mended() {
        let curve = Curve::new(0, [(1, 1.2), (2, 0.4), (3, 0.6), (4, -1.0)].into_iter());
        let open: Vec<f64> = (0..6).map(|day| curve.open_after(day)).collect();
        assert_eq!(open, [1.0, 1.0, 0.4, 0.4, 0.0, 0.0]);
    }

    #[test]
    fn a_tilted_curve_says_what_it_was_told_and_still_falls() {
        let tilted = curve().tilted(0, 0.8);
        near(tilted.open_after(0), 0.8);
        near(tilted.open_after(-3), 1.0);
        // Odds of 1 on the due day became 4; those of the tenth day, 1 to 9, are multiplied alike.
        near(tilted.open_after(10), (4.0 / 9.0) / (1.0 + 4.0 / 9.0));
        assert_eq!(curve().tilted(-3, 0.2), curve());
        assert_eq!(curve().tilted(0, 1.0), curve());
    }
}
