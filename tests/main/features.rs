//! Golden values of the features, worked out by hand for one customer, and the strictness of "before the question's day".

use duewise::asof::feature::seen::Seen;
use duewise::asof::frame::FeatureTable;
use duewise::asof::history::History;
use duewise::asof::matrix::matrix;
use duewise::asof::prior::Prior;
use duewise::asof::view::LedgerView;
use duewise::base::day::AsOf;

use crate::support::{Folder, day, ledger};

/// Weekdays: due P1 Fri, P2 Wed, P3 Wed, P4 Thu, P5 Fri, O1 Wed, O2 Wed; paid P1 to P4 Wed, P5 Mon.
///
/// | | issued | due | paid | delay | days to pay | amount |
/// |---|---|---|---|---|---|---|
/// | P1 | 01-01 | 01-31 | 01-29 | −2 | 28 | 100 |
/// | P2 | 02-03 | 03-05 | 03-05 | 0 | 30 | 200 |
/// | P3 | 03-03 | 04-02 | 04-09 | 7 | 37 | 300 |
/// | P4 | 04-01 | 05-01 | 05-14 | 13 | 43 | 400 |
/// | P5 | 05-01 | 05-30 | 06-02 | 3 | 32 | 500 |
/// | O1 | 05-20 | 06-11 | | | | 600 |
/// | O2 | 06-10 | 07-09 | | | | 700 |
const INVOICES: &str = "\
id,customer,issued,due,amount,currency,settled,disputed,dispute_resolved
P1,C,2025-01-01,2025-01-31,100.00,EUR,2025-01-29,,
P2,C,2025-02-03,2025-03-05,200.00,EUR,2025-03-05,,
P3,C,2025-03-03,2025-04-02,300.00,EUR,2025-04-09,,
P4,C,2025-04-01,2025-05-01,400.00,EUR,2025-05-14,2025-05-05,2025-05-10
P5,C,2025-05-01,2025-05-30,500.00,EUR,2025-06-02,,
O1,C,2025-05-20,2025-06-11,600.00,EUR,,,
O2,C,2025-06-10,2025-07-09,700.00,EUR,,,
X1,D,2025-01-01,2025-01-31,9999.00,EUR,2025-06-01,2025-02-02,
X2,C,2025-01-01,2025-01-31,8888.00,USD,2025-06-01,,
";

/// The first promise was due before P4 was paid; the second is not due on 2025-06-20.
const ACTIVITIES: &str = "\
day,customer,invoice,kind,outcome,promise_day
2025-05-06,C,P4,call,promise,2025-05-12
2025-06-13,C,O1,call,promise,2025-06-25
2025-06-14,C,O1,email,sent,
";

/// The portfolio that ratios are drawn towards.
const PRIOR: Prior = Prior { late_ratio: 0.35, late_delay_days: 7.0 };

/// Features of an invoice, asked on a day, of the ledger as it was known on the last day of June.
struct Asked(Vec<f64>);

impl Asked {
    fn new(folder: &Folder, invoice: &str, on: &str, grace_days: i32) -> Self {
        let ledger = ledger(folder.path());
        let view = LedgerView::new(&ledger, AsOf(day("2025-06-30"))).unwrap();
        let history = History::new(&view, grace_days).unwrap();
        let at = view.invoices().find(|(_, candidate)| candidate.id == invoice).unwrap().0;
        let table = FeatureTable::new(&view, &history, [(at, day(on))]).unwrap();
        Self(matrix(&table, &[0], &PRIOR, &Seen::all()).unwrap().row(0).to_vec())
    }

    fn of(&self, name: &str) -> f64 {
        self.0[Seen::all().position(name).unwrap_or_else(|| panic!("no feature {name}"))]
    }

    #[track_caller]
    fn are(&self, expected: &[(&str, f64)]) {
        for &(name, value) in expected {
            let found = self.of(name);
            // Plain features are kept as f32.
            assert!((found - value).abs() <= value.abs().max(1.0) * 1e-6, "{name} is {found}, not {value}");
        }
    }
}

fn folder() -> Folder {
    Folder::of(&[("invoices.csv", INVOICES), ("activities.csv", ACTIVITIES)])
}

fn log_odds(ratio: f64) -> f64 {
    (ratio / (1.0 - ratio)).ln()
}

#[test]
fn the_history_of_payments() {
    Asked::new(&folder(), "O2", "2025-06-20", 0).are(&[
        ("paid_amount", 1500.0),
        ("paid_late_amount", 1200.0),
        ("paid_count", 5.0),
        ("paid_late_count", 3.0),
        ("late_ratio", 0.6),
        ("late_amount_ratio", 0.8),
        // (−2 + 0 + 7 + 13 + 3) / 5 and (7 + 13 + 3) / 3.
        ("delay_mean", 4.2),
        ("late_delay_mean", 23.0 / 3.0),
        // Mean square (4 + 0 + 49 + 169 + 9) / 5 = 46.2, less 4.2² = 17.64.
        ("delay_sd", 28.56_f64.sqrt()),
        // (28 + 30 + 37 + 43 + 32) / 5.
        ("pay_days_mean", 34.0),
        // From 05-21: P5 alone.
        ("paid_count_30d", 1.0),
        ("late_ratio_30d", 1.0),
        ("delay_mean_30d", 3.0),
        // From 03-22: P3, P4, P5.
        ("paid_count_90d", 3.0),
        ("late_ratio_90d", 1.0),
        ("delay_mean_90d", 23.0 / 3.0),
        ("paid_count_180d", 5.0),
        ("late_ratio_180d", 0.6),
        ("delay_mean_180d", 4.2),
        // Nearest rank in −2, 0, 3, 7, 13: places 1, 2, 3, 4, 5.
        ("delay_q10", -2.0),
        ("delay_q25", 0.0),
        ("delay_q50", 3.0),
        ("delay_q75", 7.0),
        ("delay_q90", 13.0),
    ]);
}

#[test]
fn the_last_payments() {
    Asked::new(&folder(), "O2", "2025-06-20", 0).are(&[
        ("delay_last_1", 3.0),
        ("delay_last_2", 13.0),
        ("delay_last_3", 7.0),
        ("delay_last_4", 0.0),
        ("delay_last_5", -2.0),
        // Weights 81, 54, 36, 24, 16 of 211: 243 + 702 + 252 + 0 − 32 = 1165.
        ("delay_decayed", 1165.0 / 211.0),
        ("late_decayed", (81.0 + 54.0 + 36.0) / 211.0),
        ("late_ratio_last_10", 0.6),
        // Of five payments the last ten are all.
        ("delay_trend", 0.0),
        // O2 grants 29 days; 30, 37, 43 and 32 are more.
        ("over_terms_ratio_last_20", 0.8),
    ]);
}

#[test]
fn the_rhythm_and_what_is_open() {
    Asked::new(&folder(), "O2", "2025-06-20", 0).are(&[
        // 06-02 to 06-20.
        ("since_paid_days", 18.0),
        // Four of five on a Wednesday, the weekday O2 is due on.
        ("run_weekday_ratio", 0.8),
        ("run_after_due_days", 0.0),
        // P2 and P3 were due on a Wednesday: delays 0 and 7.
        ("same_weekday_count", 2.0),
        ("same_weekday_late_ratio", 0.5),
        ("same_weekday_delay_mean", 3.5),
        // O1 was issued 31 days before: only O2, of seven in 180 days (from 2024-12-22).
        ("issued_count_30d", 1.0),
        ("issued_surge_ratio", 1.0 / 7.0),
        // O1 600 and O2 700; O1 is past due since 06-12.
        ("open_amount", 1300.0),
        ("open_count", 2.0),
        ("overdue_amount", 600.0),
        ("overdue_count", 1.0),
        ("overdue_ratio", 0.5),
        ("overdue_amount_ratio", 600.0 / 1300.0),
        ("overdue_days_mean", 9.0),
        // Mean invoice 2800 / 7 = 400; billed in 90 days (from 03-22) 400 + 500 + 600 + 700.
        ("amount_to_usual", 1.75),
        ("open_to_quarter", 1300.0 / 2200.0),
    ]);
}

#[test]
fn the_invoice_its_calendar_and_the_customers_conduct() {
    let july = std::f64::consts::TAU * 7.0 / 12.0;
    Asked::new(&folder(), "O2", "2025-06-20", 0).are(&[
        ("terms_days", 29.0),
        ("amount", 700.0),
        ("age_days", 10.0),
        ("days_to_due", 19.0),
        ("due_monday", 0.0),
        ("due_wednesday", 1.0),
        ("due_sunday", 0.0),
        ("due_day_of_month", 9.0),
        ("due_to_month_end", 22.0),
        ("issued_day_of_month", 10.0),
        // A Tuesday.
        ("issued_weekday", 1.0),
        ("due_season_sin", july.sin()),
        ("due_season_cos", july.cos()),
        ("disputes_count", 1.0),
        ("disputes_ratio", 1.0 / 7.0),
        ("promises_count", 2.0),
        ("promises_broken_count", 1.0),
        ("promises_broken_ratio", 0.5),
    ]);
}

#[test]
fn ratios_are_drawn_towards_the_portfolio_and_parts_towards_the_customer() {
    let own = (3.0 + 2.0 * 0.35) / (5.0 + 2.0);
    Asked::new(&folder(), "O2", "2025-06-20", 0).are(&[
        ("late_ratio_shrunk", own),
        ("late_odds", log_odds(own)),
        ("late_odds_90d", log_odds((3.0 + 3.0 * own) / (3.0 + 3.0))),
        ("late_odds_30d", log_odds((1.0 + 3.0 * own) / (1.0 + 3.0))),
        ("late_odds_same_weekday", log_odds((1.0 + 3.0 * own) / (2.0 + 3.0))),
        // Three payments' weight at the most, and the portfolio's ratio once.
        ("late_odds_decayed", log_odds((3.0 * 171.0 / 211.0 + 0.35) / 4.0)),
        // 23 days late over three payments, and the portfolio's seven days twice.
        ("late_delay_shrunk", (23.0 + 2.0 * 7.0) / (3.0 + 2.0)),
    ]);
}

#[test]
fn grace_moves_what_is_late_and_nothing_else() {
    // With seven days of grace only P4's 13 days are late.
    Asked::new(&folder(), "O2", "2025-06-20", 7).are(&[
        ("paid_count", 5.0),
        ("paid_late_count", 1.0),
        ("late_ratio", 0.2),
        ("late_delay_mean", 13.0),
        ("delay_mean", 4.2),
        ("late_ratio_last_10", 0.2),
    ]);
}

#[test]
fn what_happened_on_the_questions_day_does_not_count_and_the_day_before_does() {
    // P5 was paid on 06-02.
    let folder = folder();
    let on_the_day = Asked::new(&folder, "O1", "2025-06-02", 0);
    on_the_day.are(&[
        ("paid_count", 4.0),
        ("delay_last_1", 13.0),
        ("open_count", 2.0),
        ("since_paid_days", 19.0),
    ]);
    let after = Asked::new(&folder, "O1", "2025-06-03", 0);
    after.are(&[("paid_count", 5.0), ("delay_last_1", 3.0), ("open_count", 1.0), ("since_paid_days", 1.0)]);
    // A window of 30 days before 07-02 begins on 06-02, and on 07-03 no more has it.
    Asked::new(&folder, "O2", "2025-07-02", 0).are(&[("paid_count_30d", 1.0)]);
    Asked::new(&folder, "O2", "2025-07-03", 0).are(&[("paid_count_30d", 0.0)]);
    // O1 is due on 06-11: not past due on that day, past due from the next on, which a question sees a day later.
    for (on, overdue) in [("2025-06-11", 0.0), ("2025-06-12", 0.0), ("2025-06-13", 1.0)] {
        Asked::new(&folder, "O2", on, 0).are(&[("overdue_count", overdue)]);
    }
    // The promise for 05-12 is broken on 05-13, which a question sees a day later.
    for (on, broken) in [("2025-05-13", 0.0), ("2025-05-14", 1.0)] {
        Asked::new(&folder, "P5", on, 0).are(&[("promises_broken_count", broken)]);
    }
}

#[test]
fn a_payment_counts_from_the_day_it_was_known() {
    // P4 is paid by a transfer of Wednesday 05-14 that was posted on Friday 05-16.
    let invoices = INVOICES.replace("EUR,2025-05-14,", "EUR,,");
    let folder = Folder::of(&[
        ("invoices.csv", invoices.as_str()),
        ("payments.csv", "id,customer,day,amount,currency,posted\nT,C,2025-05-14,400.00,EUR,2025-05-16\n"),
        ("allocations.csv", "payment,invoice,amount,currency\nT,P4,400.00,EUR\n"),
    ]);
    Asked::new(&folder, "P5", "2025-05-16", 0).are(&[("paid_count", 3.0), ("open_count", 2.0)]);
    // How late it was is counted from the value day; how long ago from the day it was known.
    Asked::new(&folder, "P5", "2025-05-17", 0).are(&[
        ("paid_count", 4.0),
        ("open_count", 1.0),
        ("delay_last_1", 13.0),
        ("since_paid_days", 1.0),
    ]);
}

#[test]
fn nothing_known_is_no_number() {
    let asked = Asked::new(&folder(), "P1", "2025-01-01", 0);
    for name in
        ["late_ratio", "delay_mean", "delay_last_1", "delay_q50", "since_paid_days", "amount_to_usual"]
    {
        assert!(asked.of(name).is_nan(), "{name} is {}", asked.of(name));
    }
    asked.are(&[
        ("paid_count", 0.0),
        ("open_count", 0.0),
        ("late_ratio_shrunk", 0.35),
        ("late_delay_shrunk", 7.0),
    ]);
}
