//! How well was collected, and how long customers took: collection effectiveness, days beyond terms, days to pay.

use super::figure::{Formula, Frame, Input, Kpi, Unit, percent, quotient};
use super::tally::Tally;

pub const CEI_PERIOD: Formula = Formula {
    name: "cei_period",
    unit: Unit::Percent,
    text: "(beginning receivables + credit sales of the period - ending receivables) / (beginning receivables + credit sales of \
           the period - ending receivables not past due) x 100",
};

pub const CEI_MONTHLY: Formula = Formula {
    name: "cei_monthly",
    unit: Unit::Percent,
    text: "as cei_period with the credit sales of an average 30 days of the period: credit sales / (days / 30)",
};

pub const DBT: Formula = Formula {
    name: "dbt",
    unit: Unit::Days,
    text: "sum of what was settled in the period x (day of payment - due day) / sum of what was settled",
};

pub const ADTP: Formula = Formula {
    name: "adtp",
    unit: Unit::Days,
    text: "sum of what was settled in the period x (day of payment - day of issue) / sum of what was settled",
};

/// Days of a month in `cei_monthly`.
const MONTH_DAYS: i128 = 30;

pub(super) fn all(frame: &Frame, tally: &Tally) -> Vec<Kpi> {
    let beginning = ("beginning receivables", Input::Money(tally.beginning));
    let sales = ("credit sales", Input::Money(tally.sales));
    let ending = ("ending receivables", Input::Money(tally.ending));
    let current = ("not past due", Input::Money(tally.current));
    let days = ("days", Input::Count(i64::from(frame.period.days())));
    let settled = ("settled", Input::Money(tally.settled));
    let beyond = ("settled x days beyond terms", Input::MoneyDays(tally.beyond_terms));
    let since = ("settled x days since issue", Input::MoneyDays(tally.since_issue));
    let of_days =
        |amount: i128| frame.whole(quotient(amount, tally.settled, "nothing was settled in the period"));
    vec![
        frame.kpi(&CEI_PERIOD, &[beginning, sales, ending, current], frame.whole(cei(tally, 1, 1))),
        frame.kpi(
            &CEI_MONTHLY,
            &[beginning, sales, days, ending, current],
            frame.whole(cei(tally, MONTH_DAYS, frame.days())),
        ),
        frame.kpi(&DBT, &[beyond, settled], of_days(tally.beyond_terms)),
        frame.kpi(&ADTP, &[since, settled], of_days(tally.since_issue)),
    ]
}

/// The index with the sales multiplied by `times / over`.
fn cei(tally: &Tally, times: i128, over: i128) -> Result<super::Tenths, String> {
    let due = |ending: i128| (tally.beginning - ending) * over + tally.sales * times;
    percent(due(tally.ending), due(tally.current), "nothing was there to be collected in the period")
}
