//! Monthly rates to the dollar of the currencies in use, wandering around a level and pulled back to it.

use crate::base::seed;
use crate::base::sheet::{Cells, Sheet};

use super::calendar::Span;
use super::draw::between;
use super::world::{COINS, Coin, USD};

/// Largest move in a month, in ten-thousandths, and the part of a deviation that lasts, in tenths.
const MOVE_MAX: i32 = 150;
const LASTING_TENTHS: i64 = 9;

/// The table of rates of the currencies that `used` names.
pub(super) fn sheet(seed: u64, span: Span, used: impl Fn(&Coin) -> bool) -> Sheet {
    let (mut days, mut from, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    for (coin, index) in COINS.into_iter().zip(0..).filter(|(coin, _)| coin.code != USD.code && used(coin)) {
        let mut rng = seed::stream(seed, "synth fx", index);
        let mut deviation = 0;
        let mut day = span.first.month_start();
        while day <= span.last {
            let moved = coin.dollars_millionths * i64::from(between(&mut rng, -MOVE_MAX, MOVE_MAX)) / 10_000;
            deviation = deviation * LASTING_TENTHS / 10 + moved;
            days.push(Some(day));
            from.push(coin.code);
            rates.push(decimal(coin.dollars_millionths + deviation));
            day = day.next_month_start();
        }
    }
    let to = vec![USD.code; days.len()];
    Sheet::new("fx")
        .with("day", Cells::Day(days))
        .with("from", Cells::Word(from))
        .with("to", Cells::Word(to))
        .with("rate", Cells::Text(rates))
}

/// Millionths as an exact decimal number: a rate is not a model figure to be rounded.
fn decimal(millionths: i64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}
