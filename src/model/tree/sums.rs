//! Sums of gradients and weights as fixed-point integers, the heart of the kernel.
//!
//! Every row's (gradient, weight) is rounded once per tree to whole numbers of *levels* and packed into one `i64`:
//! the gradient in the upper 32 bits, the weight (the hessian, for a loss that has one) in the lower 32. Three things
//! follow:
//!
//! - A histogram cell takes both with one addition of one word.
//! - Integer addition has no rounding, so it does not matter in which order, or on how many threads, rows are added:
//!   the same data grows the same tree everywhere. Floats would make every sum depend on how the rows were divided.
//! - A sibling's histogram is the parent's less the child's, exactly; no error builds up on the way down, and a cell
//!   without rows is exactly zero.
//!
//! [`Scale`] chooses the size of a level from the totals over *all* rows, so that no sum of any subset can leave its
//! half: weights are never negative and sum to less than 2^31, so they never carry into the gradient; gradients sum
//! to less than 2^31 either way. A level is a power of two, so that whole weights, and halves and quarters, are
//! represented exactly. With a million rows an average row still has a thousand levels: rounding moves a sum of n
//! rows by about √n / 3 levels, far below the sampling error of the sum itself.

use std::ops::{Add, AddAssign, Sub, SubAssign};

/// A packed sum of gradients and weights, both in levels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum(i64);

/// Units of one level, powers of two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// Levels for a gradient of one.
    gradient: f64,
    /// Levels for a weight of one.
    weight: f64,
}

/// What a half may sum to at most: one bit less than it has, so that both halves convert as signed numbers.
const HALF_MAX: f64 = (i32::MAX - 1) as f64;

/// Largest exponent of a level.
const EXPONENT_MAX: f64 = 400.0;

/// Most rows whose roundings alone cannot fill a half.
pub(super) const ROWS_MAX: usize = 1 << 30;

impl Sum {
    pub(super) const ZERO: Self = Self(0);

    /// The gradient in levels.
    pub(super) fn gradient(self) -> f64 {
        f64::from((self.0 >> 32) as i32)
    }

    /// Whether all targets are zero, or all are one, where a gradient is target times weight on an even scale.
    pub(super) fn is_of_one_class(self) -> bool {
        let gradient = self.0 >> 32;
        gradient == 0 || gradient == i64::from(self.0 as i32)
    }

    /// The weight in levels.
    pub(super) fn weight(self) -> f64 {
        f64::from(self.0 as i32)
    }
}

impl Add for Sum {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

impl Sub for Sum {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Sum {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Sum {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::ZERO, Add::add)
    }
}

impl Scale {
    /// The finest scale on which `rows` rows cannot overflow whose gradients sum to `gradient`, signs left off, and
    /// whose weights sum to `weight`.
    pub(super) fn of(rows: usize, gradient: f64, weight: f64) -> Self {
        Self { gradient: levels(rows, gradient), weight: levels(rows, weight) }
    }

    /// As [`Scale::of`] with levels of one size, for gradients that are parts of their weights.
    pub(super) fn even(rows: usize, weight: f64) -> Self {
        let levels = levels(rows, weight);
        Self { gradient: levels, weight: levels }
    }

    /// Rounds and packs a row. A weight is zero or more.
    pub(super) fn pack(self, gradient: f64, weight: f64) -> Sum {
        Sum(((whole(gradient * self.gradient)) << 32).wrapping_add(whole(weight * self.weight)))
    }

    /// The weight of a sum.
    pub(super) fn weight(self, sum: Sum) -> f64 {
        sum.weight() / self.weight
    }

    /// Levels of a weight.
    pub(super) fn levels(self, weight: f64) -> f64 {
        weight * self.weight
    }

    /// Units of gradient per weight in a quotient of levels.
    pub(super) fn value(self, quotient: f64) -> f64 {
        quotient * (self.weight / self.gradient)
    }

    /// A gain in units of levels: gradients squared per weight.
    pub(super) fn gain_levels(self, gain: f64) -> f64 {
        gain * self.gradient * (self.gradient / self.weight)
    }
}

/// The nearest whole number, halves away from zero. Adding and cutting off costs a third of `f64::round`.
fn whole(levels: f64) -> i64 {
    (levels + 0.5_f64.copysign(levels)) as i64
}

/// The largest power of two by which values that sum to `total` can be multiplied: each may round up by half a level.
fn levels(rows: usize, total: f64) -> f64 {
    let room = (HALF_MAX - rows as f64 / 2.0).max(1.0);
    if total.is_nan() || total <= 0.0 {
        return 1.0;
    }
    // Far beyond any real total; within them products of levels stay finite.
    (room / total).log2().floor().clamp(-EXPONENT_MAX, EXPONENT_MAX).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_do_not_disturb_each_other() {
        let scale = Scale { gradient: 4.0, weight: 8.0 };
        let sum = scale.pack(-1.25, 0.5) + scale.pack(0.5, 1.0) + scale.pack(-0.25, 0.0);
        assert_eq!((sum.gradient(), sum.weight()), (-4.0, 12.0));
        let rest = sum - scale.pack(-1.25, 0.5);
        assert_eq!((rest.gradient(), rest.weight(), scale.weight(rest)), (1.0, 8.0, 1.0));
        // -1 of gradient on 1.5 of weight: quotient of levels -4 / 12, times 8 / 4.
        assert!((scale.value(-4.0 / 12.0) - (-1.0 / 1.5)).abs() < 1e-15);
        assert_eq!(sum - sum, Sum::ZERO);
    }

    #[test]
    fn totals_fill_their_halves_but_never_overflow() {
        for (rows, each) in [(1, 1.0), (3, 0.7), (1_000, 1e-9), (1_000_000, 3.3), (7, 1e100), (5, 1e-100)] {
            let scale = Scale::even(rows, rows as f64 * each);
            let row = scale.pack(-each, each);
            let levels = row.weight();
            assert!(levels * rows as f64 <= f64::from(i32::MAX), "{rows} rows of {each}");
            assert!(
                levels * rows as f64 >= f64::from(i32::MAX) / 5.0,
                "{rows} rows of {each} waste precision"
            );
            assert_eq!(Some(row.gradient()), Some(-levels));
        }
    }

    #[test]
    fn whole_weights_are_exact() {
        let scale = Scale::even(1_000_000, 1_000_000.0);
        let sum: Sum = (0..1_000_000).map(|row| scale.pack(f64::from(row % 2), 1.0)).sum();
        let mean = scale.value(sum.gradient() / sum.weight());
        assert_eq!((scale.weight(sum), mean), (1_000_000.0, 0.5));
    }
}
