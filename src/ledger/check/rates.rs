//! Exchange rates are above zero: nothing can be divided by the others.

use super::{Check, Run};
use crate::base::error::Code;

pub const CHECK: Check = Check {
    name: "rates",
    doc: "every exchange rate is above zero",
    run: Run::Block(|draft, _| {
        for row in 0..draft.rows() {
            if draft.whole("rate", row).is_some_and(|rate| rate <= 0) {
                draft.reject(row, Code::RateNotPositive, "rate");
            }
        }
    }),
};
