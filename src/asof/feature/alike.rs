//! What became of invoices like this one: the customer's own and, drawn upon where those are few, those of all customers of
//! one name root. Each share is drawn towards that of a broader likeness, so that one like invoice of one does not read as
//! "always late".

use rayon::prelude::*;

use super::{Family, Feature, Figures, Scope, Unit, feature};
use crate::asof::alike::{Kernel, Likeness, Question, log_amount};
use crate::asof::prior::Prior;

pub const FAMILY: Family = Family {
    name: "alike",
    features: FEATURES,
    compute: |scope| {
        let rows: Vec<[f64; FEATURES.len()]> =
            (0..scope.queries.len()).into_par_iter().map(|at| figures(scope, at)).collect();
        let column = |feature: usize| scope.queries.numbers(|at| rows[at][feature]);
        Ok((0..FEATURES.len()).map(column).collect::<Vec<Figures>>())
    },
};

const fn kernel(half_life: usize, likeness: &str, amount: Option<usize>) -> Kernel {
    let letters = likeness.as_bytes();
    let mut kernel = Kernel { half_life, terms: false, due_weekday: false, issue_weekday: false, amount };
    let mut at = 0;
    while at < letters.len() {
        match letters[at] {
            b'T' => kernel.terms = true,
            b'D' => kernel.due_weekday = true,
            _ => kernel.issue_weekday = true,
        }
        at += 1;
    }
    kernel
}

/// Kernels of the customer's own past: T by terms, D by weekday of the due day, I by weekday of issue, and by amount.
const OWN: [Kernel; 18] = [
    kernel(0, "", None),
    kernel(1, "", None),
    kernel(1, "D", None),
    kernel(1, "T", None),
    kernel(1, "TD", None),
    kernel(3, "TD", None),
    kernel(0, "TD", None),
    kernel(2, "TDI", None),
    kernel(2, "TD", Some(0)),
    kernel(2, "TD", Some(1)),
    kernel(3, "TD", Some(2)),
    kernel(3, "TD", Some(4)),
    kernel(3, "", Some(1)),
    kernel(3, "", Some(2)),
    kernel(3, "", Some(4)),
    kernel(3, "T", Some(2)),
    kernel(3, "T", Some(3)),
    kernel(3, "D", Some(2)),
];

/// Kernels of the past of all customers of one name root.
const ROOT: [Kernel; 5] = [
    kernel(0, "", None),
    kernel(1, "", None),
    kernel(1, "T", None),
    kernel(1, "TD", None),
    kernel(2, "TD", Some(1)),
];

/// Share late by a kernel, drawn towards another share as if one more invoice were known.
fn share<const N: usize>(of: &Likeness<N>, kernel: usize, towards: f64) -> f64 {
    (of.late[kernel] + towards) / (of.weights[kernel] + 1.0)
}

/// Mean days after due by a kernel, drawn towards another mean as if one more invoice were known.
fn mean_delay<const N: usize>(of: &Likeness<N>, kernel: usize, towards: f64) -> f64 {
    (of.delay[kernel] + towards) / (of.weights[kernel] + 1.0)
}

fn figures(scope: &Scope, at: usize) -> [f64; FEATURES.len()] {
    let queries = scope.queries;
    let question = Question {
        invoice: queries.invoices[at],
        day: queries.days[at],
        issued: queries.issued[at],
        due: queries.due[at],
        log_amount: log_amount(queries.amounts[at].1),
    };
    let account = queries.accounts[at];
    let root = scope.history.ripe_by_root.likeness(scope.history.root_of(account), &question, &ROOT);
    let own = scope.history.ripe.likeness(account, &question, &OWN);
    let all_of_root = Prior::late_ratio(root.counts[1], root.counts[0]);
    let of_root = {
        let base = share(&root, 1, all_of_root);
        let terms_weekday = share(&root, 3, share(&root, 2, base));
        [base, share(&root, 0, base), terms_weekday, share(&root, 4, terms_weekday)]
    };
    let all = (own.counts[1] + 2.0 * all_of_root) / (own.counts[0] + 2.0);
    let base = share(&own, 1, all);
    let (weekday, terms) = (share(&own, 2, base), share(&own, 3, base));
    let both = f64::midpoint(weekday, terms);
    let terms_weekday = share(&own, 4, both);
    let amount_70 = share(&own, 8, terms_weekday);
    let amount_35 = share(&own, 9, amount_70);
    let amount_10 = share(&own, 10, amount_35);
    let only_35 = share(&own, 12, base);
    let only_10 = share(&own, 13, only_35);
    let terms_10 = share(&own, 15, only_10);
    let delay = mean_delay(&own, 5, mean_delay(&own, 1, 0.0));
    let mean_square = own.delay_squared[5] / own.weights[5];
    let mean = own.delay[5] / own.weights[5];
    [
        base,
        share(&own, 0, base),
        weekday,
        terms,
        terms_weekday,
        share(&own, 5, both),
        share(&own, 6, terms_weekday),
        share(&own, 7, terms_weekday),
        amount_70,
        amount_35,
        amount_10,
        share(&own, 11, amount_10),
        only_35,
        only_10,
        share(&own, 14, only_10),
        terms_10,
        share(&own, 16, terms_10),
        share(&own, 17, only_10),
        own.weights[5],
        own.weights[9],
        own.weights[13],
        delay,
        (mean_square - mean * mean).max(0.0).sqrt(),
        mean_delay(&own, 9, delay),
        own.last_amount.mean(),
        own.last_amount.days_until(question.day),
        own.last_weekday.mean(),
        of_root[0],
        of_root[1],
        of_root[2],
        of_root[3],
        root.counts[0],
    ]
}

const FEATURES: &[Feature] = &[
    feature("alike_late", Unit::Ratio, "share late of the customer's invoices, half as much after 120 days"),
    feature("alike_late_30d", Unit::Ratio, "the same, half as much after 30 days"),
    feature("alike_late_weekday", Unit::Ratio, "of those due on the same weekday"),
    feature("alike_late_terms", Unit::Ratio, "of those of like terms"),
    feature("alike_late_terms_weekday", Unit::Ratio, "of those of like terms due on the same weekday"),
    feature("alike_late_terms_weekday_long", Unit::Ratio, "the same, half as much after a year"),
    feature("alike_late_terms_weekday_30d", Unit::Ratio, "the same, half as much after 30 days"),
    feature("alike_late_issue_weekday", Unit::Ratio, "of those issued on the same weekday too"),
    feature("alike_late_amount_70", Unit::Ratio, "of those of an amount within about 70 % too"),
    feature("alike_late_amount_35", Unit::Ratio, "of those of an amount within about 35 % too"),
    feature("alike_late_amount_10", Unit::Ratio, "of those of an amount within about 10 % too"),
    feature("alike_late_amount_2", Unit::Ratio, "of those of an amount within about 2 % too"),
    feature("alike_late_any_amount_35", Unit::Ratio, "of those of an amount within about 35 %, of any terms"),
    feature("alike_late_any_amount_10", Unit::Ratio, "of those of an amount within about 10 %, of any terms"),
    feature("alike_late_any_amount_2", Unit::Ratio, "of those of an amount within about 2 %, of any terms"),
    feature(
        "alike_late_terms_amount_10",
        Unit::Ratio,
        "of those of like terms and an amount within about 10 %",
    ),
    feature(
        "alike_late_terms_amount_3",
        Unit::Ratio,
        "of those of like terms and an amount within about 3 %",
    ),
    feature(
        "alike_late_weekday_amount_10",
        Unit::Ratio,
        "of those of the same weekday and an amount within 10 %",
    ),
    feature("alike_count_terms_weekday", Unit::Count, "weight of the invoices of like terms and weekday"),
    feature("alike_count_amount_35", Unit::Count, "weight of those of an amount within about 35 % too"),
    feature("alike_count_any_amount_10", Unit::Count, "weight of those of an amount within about 10 %"),
    feature("alike_delay", Unit::Days, "mean days after due of those of like terms and weekday"),
    feature("alike_delay_sd", Unit::Days, "standard deviation of these days"),
    feature("alike_delay_amount_35", Unit::Days, "mean days after due of those of a like amount too"),
    feature("alike_delay_last_amount", Unit::Days, "days after due of the last one of a like amount"),
    feature("alike_last_amount_days", Unit::Days, "days since that was due"),
    feature("alike_delay_last_weekday", Unit::Days, "days after due of the last one due on the same weekday"),
    feature("root_late", Unit::Ratio, "share late of the invoices of all customers of one name root"),
    feature("root_late_30d", Unit::Ratio, "the same, half as much after 30 days"),
    feature("root_late_terms_weekday", Unit::Ratio, "of those of like terms due on the same weekday"),
    feature("root_late_amount_35", Unit::Ratio, "of those of an amount within about 35 % too"),
    feature("root_count", Unit::Count, "invoices of the name root that could have been late"),
];
