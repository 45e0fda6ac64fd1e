//! Key figures of a small ledger, calculated by hand: what is summed, as it was known on its days.

use super::tests::{EUR, day, text};
use super::*;
use crate::report::ageing::tests::{ledger, sample, view};

const USD: Currency = Currency::new(*b"USD", 2);

/// The period looked at is June 2025. A: 1,000 of 10 April due 10 May, of which 400 are paid on 20 May and the rest on 9 June;
/// 500 of 2 June, open. B: 300 of 1 May due 31 May, paid on 2 July; a part of 100 comes on 15 June and goes back on 25 June. C: in
/// dollars. D owes 200 since March.
const FILES: [(&str, &str); 4] = [
    ("customers.csv", "id,name\nA,Ash\nB,Birch\nC,Cedar\nD,Dogwood\n"),
    (
        "invoices.csv",
        "id,customer,issued,due,amount,currency,disputed\n\
         I1,A,2025-04-10,2025-05-10,1000.00,EUR,\n\
         I2,A,2025-06-02,2025-07-02,500.00,EUR,\n\
         I3,B,2025-05-01,2025-05-31,300.00,EUR,\n\
         I4,C,2025-06-01,2025-06-30,50.00,USD,\n\
         I5,D,2025-03-01,2025-03-31,200.00,EUR,2025-06-20\n",
    ),
    (
        "payments.csv",
        "id,customer,day,amount,currency,returned\n\
         P1,A,2025-05-20,400.00,EUR,\nP2,A,2025-06-09,640.00,EUR,\nP3,B,2025-06-15,100.00,EUR,2025-06-25\n\
         P4,B,2025-07-02,300.00,EUR,\n",
    ),
    (
        "allocations.csv",
        "payment,invoice,amount,currency,day\n\
         P1,I1,400.00,EUR,2025-05-20\nP2,I1,600.00,EUR,2025-06-09\nP3,I3,100.00,EUR,2025-06-15\nP4,I3,300.00,EUR,2025-07-02\n",
    ),
];

fn june(reporting: Option<Currency>, files: &[(&str, &str)]) -> Result<Kpis> {
    kpis(&ledger(files), AsOf(day("2025-06-30")), 30, reporting, &BTreeMap::new())
}

#[test]
fn a_period_is_summed_as_it_was_known_on_its_days() {
    let ledger = ledger(&FILES);
    let books = tally::collect(&ledger, &view(&ledger, "2025-06-30"), 30).unwrap();
    let eur = &books.tallies[&EUR];
    // On 31 May: 600 of I1, 300 of I3, 200 of I5. In June 500 are sold and 600 collected. On 30 June: I2, I3, I5.
    assert_eq!((eur.beginning, eur.sales, eur.collected, eur.ending), (110_000, 50_000, 60_000, 100_000));
    assert_eq!(eur.beginning + eur.sales - eur.collected, eur.ending);
    assert_eq!((eur.current, eur.disputed, eur.unapplied_cash), (50_000, 20_000, 4_000));
    // 600 paid 30 days after due and 60 after issue; what went back is not settled.
    assert_eq!((eur.settled, eur.beyond_terms, eur.since_issue), (60_000, 60_000 * 30, 60_000 * 60));
    // On 31 May A and D were past due, B was due that day; A is not any more.
    assert_eq!((eur.past_due_accounts, eur.cured_accounts), (2, 1));
    let months: Vec<(i32, i128, i128)> =
        eur.months.iter().map(|one| (one.days, one.sales, one.open)).collect();
    assert_eq!(months, [(31, 20_000, 20_000), (30, 100_000, 0), (31, 30_000, 30_000), (30, 50_000, 50_000)]);
    // Days since issue on 30 June: I5 121, I3 60, I2 28.
    assert_eq!(
        eur.months.iter().map(|one| one.aged).collect::<Vec<_>>(),
        [2_420_000, 0, 1_800_000, 1_400_000]
    );
    // Due days behind: now I3 30, I5 91. Thirty days before: I1 21, I5 61; I3 is due that day.
    assert_eq!(eur.positions, [[50_000, 30_000, 0, 0, 20_000, 0, 0], [30_000, 60_000, 0, 20_000, 0, 0, 0]]);
}

#[test]
fn what_happens_later_changes_nothing() {
    let without = FILES.map(|(name, text)| {
        let kept = text.lines().filter(|line| !line.starts_with("P4"));
        (name, kept.collect::<Vec<_>>().join("\n"))
    });
    let without: Vec<(&str, &str)> = without.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let text = |kpis: &Kpis| KpiSummary::new(kpis).text();
    assert_eq!(text(&june(None, &FILES).unwrap()), text(&june(None, &without).unwrap()));
}

#[test]
fn figures_of_a_ledger() {
    let kpis = june(None, &FILES).unwrap();
    let eur: Vec<Kpi> = kpis.figures.iter().filter(|kpi| kpi.currency == EUR).cloned().collect();
    let expected = [
        // 1,000 / 500 x 30; the same with 500 and with 500.
        ("dso", "60.0"),
        ("bpdso", "30.0"),
        ("ddso", "30.0"),
        // 500 of June, 300 of May, 0 of 1,000 of April are left: 30 + 31 + 30 x 200 / 1,000.
        ("dso_countback", "67.0"),
        // 200 of 200, 300 of 300 and 500 of 500: 31 + 31 + 30 days.
        ("dso_sales_weighted", "92.0"),
        // 121 + 60 + 28.
        ("dso_true", "209.0"),
        // (1,100 + 500 - 1,000) / (1,100 + 500 - 500) = 600 / 1,100.
        ("cei_period", "54.5"),
        ("cei_monthly", "54.5"),
        ("dbt", "30.0"),
        ("adtp", "60.0"),
        ("cure_rate", "50.0"),
        // 40 of 1,000; no credit note; 200 of 1,000; nothing given up of 600.
        ("unapplied_cash_share", "4.0"),
        ("unapplied_credit_share", "0.0"),
        ("disputed_share", "20.0"),
        ("written_off_share", "0.0"),
    ];
    for (name, value) in expected {
        assert_eq!(text(&eur, name), value, "{name}");
    }
    let dso = eur.iter().find(|kpi| kpi.formula.name == "dso").unwrap();
    let inputs: Vec<String> = dso.inputs.iter().map(|(name, input)| format!("{name} {input}")).collect();
    assert_eq!(inputs, ["open receivables 1,000.00 EUR", "credit sales 500.00 EUR", "days 30"]);
    let months = |name: &str| {
        let figure = eur.iter().find(|kpi| kpi.formula.name == name).unwrap();
        figure.inputs.last().map(|(_, months)| months.as_str()).unwrap()
    };
    assert_eq!(months("dso_countback"), "2025-06 500.00, 2025-05 300.00, 2025-04 1000.00");
    assert_eq!(
        months("dso_sales_weighted"),
        "2025-06 500.00 of 500.00 in 30 days, 2025-05 300.00 of 300.00 in 31 days, 2025-03 200.00 of 200.00 in 31 days"
    );
    assert_eq!(
        months("dso_true"),
        "2025-06 14000.00 x days / 500.00, 2025-05 18000.00 x days / 300.00, 2025-03 24200.00 x days / 200.00"
    );
}

#[test]
fn credit_is_kept_apart_from_cash_and_what_was_given_up_from_what_was_paid() {
    // A credit note of 60.00 of which 10.00 are applied to I2, 90.00 of I5 given up, 600.00 of 630.00 put to I1: I2 and I5 are open with 600.00.
    let files = [
        (
            "invoices.csv",
            "id,customer,issued,due,amount,currency,type\n\
             I1,A,2025-04-10,2025-05-10,600.00,EUR,invoice\nI2,A,2025-06-02,2025-07-02,500.00,EUR,invoice\n\
             I5,D,2025-03-01,2025-03-31,200.00,EUR,invoice\nCN,A,2025-06-03,2025-06-03,60.00,EUR,credit_note\n",
        ),
        ("payments.csv", "id,customer,day,amount,currency\nP1,A,2025-06-09,630.00,EUR\n"),
        (
            "allocations.csv",
            "payment,invoice,amount,currency,day,kind\nP1,I1,600.00,EUR,2025-06-09,payment\n\
             CN,I2,10.00,EUR,2025-06-10,payment\n,I5,90.00,EUR,2025-06-12,write_off\n",
        ),
    ];
    let eur: Vec<Kpi> =
        june(None, &files).unwrap().figures.into_iter().filter(|kpi| kpi.currency == EUR).collect();
    // 30 of 600, 50 of 600, 90 of 700.
    assert_eq!(text(&eur, "unapplied_cash_share"), "5.0");
    assert_eq!(text(&eur, "unapplied_credit_share"), "8.3");
    assert_eq!(text(&eur, "written_off_share"), "12.9");
    // A ledger that says when invoices were settled, and not by what, has no such share.
    let settled =
        "id,customer,issued,due,amount,currency,settled\nI1,A,2025-05-10,2025-06-10,1.00,EUR,2025-06-20\n";
    let figures = june(None, &[("invoices.csv", settled)]).unwrap().figures;
    assert!(figures.iter().all(|kpi| kpi.formula.name != "written_off_share"));
}

#[test]
fn promises_count_where_their_last_day_has_passed() {
    // The policy shipped gives three days. A's of I1 is kept, B's 150.00 are broken: what came went back. D's last day is 30 June, which
    // is not over; the one of May could be kept until 30 May.
    let activities = "day,customer,invoice,kind,outcome,promise_day,promise_amount,currency\n\
        2025-06-01,A,I1,call,promise,2025-06-10,,\n2025-06-10,B,I3,call,promise,2025-06-20,150.00,EUR\n\
        2025-06-20,D,I5,call,promise,2025-06-27,,\n2025-05-20,D,I5,call,promise,2025-05-27,,\n";
    let files = [FILES[0], FILES[1], FILES[2], FILES[3], ("activities.csv", activities)];
    let ledger = ledger(&files);
    let view = view(&ledger, "2025-06-30");
    let states =
        crate::collect::promise::states(&view, &crate::collect::ladder::Policies::read(&[]).unwrap());
    let period = Period { from: day("2025-06-01"), to: day("2025-06-30") };
    let due = PromisesDue { due: 2, kept: 1, amount_due: 75_000, amount_kept: 60_000 };
    assert_eq!(PromisesDue::of(&states, period), BTreeMap::from([(EUR, due)]));
    let may = Period { from: day("2025-05-01"), to: day("2025-05-31") };
    assert_eq!(PromisesDue::of(&states, may)[&EUR].due, 1);
    // 600 of 750.
    let kpis = kpis(&ledger, AsOf(day("2025-06-30")), 30, None, &PromisesDue::of(&states, period)).unwrap();
    assert_eq!(text(&kpis.figures, "promise_kept_rate"), "50.0");
    assert_eq!(text(&kpis.figures, "promise_kept_amount"), "80.0");
}

#[test]
fn currencies_are_summed_only_at_dated_rates() {
    let mut files = FILES.to_vec();
    assert_eq!(june(Some(EUR), &files).unwrap_err().code, crate::base::error::Code::RateMissing);
    files.push(("fx.csv", "day,from,to,rate\n2025-06-01,USD,EUR,0.80\n2025-07-01,USD,EUR,9.99\n"));
    let kpis = june(Some(EUR), &files).unwrap();
    let all: Vec<Kpi> = kpis.figures.into_iter().filter(|kpi| kpi.at_rates).collect();
    // 50.00 USD are 40.00 EUR, open and sold: 1,040 x 30 / 540 = 57.78.
    assert_eq!(text(&all, "dso"), "57.8");
    // All of April to June, and March: 540 + 300, then 30 x 200 / 1,000.
    assert_eq!(text(&all, "dso_countback"), "67.0");
    assert!(all.iter().all(|kpi| kpi.currency != USD));
}

#[test]
fn a_period_before_the_ledger_is_not_made_up() {
    let kpis = kpis(&ledger(&FILES), AsOf(day("2025-06-30")), 365, None, &BTreeMap::new()).unwrap();
    let dso = text(&kpis.figures, "dso");
    assert_eq!(dso, "not defined: the ledger begins on 2025-03-01, within the period; give fewer --days");
    assert_eq!(text(&kpis.figures, "disputed_share"), "20.0");
}

#[test]
fn predicted_cash_is_held_against_what_came_for_the_same_invoices() {
    let ledger = ledger(&FILES);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cash.csv");
    let rows = "currency,from,to,expected\nEUR,2025-06-01,2025-06-07,50.00\nEUR,2025-06-08,2025-06-14,500.00\n\
                EUR,2025-06-15,2025-06-21,10.00\nEUR,2025-06-29,2025-07-05,300.00\nEUR,,,20.00\nUSD,2025-06-01,2025-06-07,0.00\n";
    std::fs::write(&path, rows).unwrap();
    let predicted = cash::read(&path).unwrap();
    assert_eq!(predicted.len(), 5);
    let weeks = cash::compare(&ledger, &view(&ledger, "2025-06-30"), &predicted).unwrap();
    // Nothing in the first week; 600 on 9 June; the 100 of 15 June went back. The week up to 5 July is not over.
    let actual: Vec<(&str, i128)> =
        weeks.iter().map(|week| (week.predicted.currency.code(), week.actual)).collect();
    assert_eq!(actual, [("EUR", 0), ("EUR", 60_000), ("EUR", 0), ("USD", 0)]);
    // By 5 July it is, with B's 300.
    let later = cash::compare(&ledger, &view(&ledger, "2025-07-05"), &predicted).unwrap();
    assert_eq!(later[3].actual, 30_000);
    std::fs::write(&path, "currency,from,to,expected\nEUR,2025-06-01,2025-06-07,fifty\n").unwrap();
    let error = cash::read(&path).unwrap_err().to_string();
    assert!(error.contains("DW206") && error.contains("row 2, column `expected`"), "{error}");
}

#[test]
fn what_was_given_up_is_no_cash_that_came() {
    // Of 600.00 open, 400.00 are paid on 9 June and 90.00 given up on 12 June.
    let files = [
        (
            "invoices.csv",
            "id,customer,issued,due,amount,currency\nI1,A,2025-04-10,2025-05-10,400.00,EUR\nI5,D,2025-03-01,2025-03-31,200.00,EUR\n",
        ),
        ("payments.csv", "id,customer,day,amount,currency\nP1,A,2025-06-09,400.00,EUR\n"),
        (
            "allocations.csv",
            "payment,invoice,amount,currency,day,kind\nP1,I1,400.00,EUR,2025-06-09,payment\n,I5,90.00,EUR,2025-06-12,write_off\n",
        ),
    ];
    let ledger = ledger(&files);
    let (from, to) = (day("2025-06-08"), day("2025-06-14"));
    let predicted = [cash::Predicted { currency: EUR, from, to, expected: 50_000 }];
    let weeks = cash::compare(&ledger, &view(&ledger, "2025-06-30"), &predicted).unwrap();
    assert_eq!(weeks.iter().map(|week| week.actual).collect::<Vec<_>>(), [40_000]);
}

#[test]
fn a_dispute_raised_in_a_contact_counts() {
    let activities = "day,customer,invoice,kind,outcome,promise_day,promise_amount,currency\n2025-06-25,A,I2,call,dispute,,,\n";
    let files = [FILES[0], FILES[1], FILES[2], FILES[3], ("activities.csv", activities)];
    // The 200.00 of I5 and the 500.00 of I2, of 1,000.00.
    assert_eq!(text(&june(None, &files).unwrap().figures, "disputed_share"), "70.0");
}

#[test]
fn what_was_open_and_sold_less_what_was_collected_is_open_in_the_sample_too() {
    let ledger = sample();
    let mut returned = 0;
    for (last, days) in
        [("2024-03-31", 60), ("2024-04-12", 2), ("2024-09-30", 90), ("2025-06-30", 365), ("2025-12-30", 30)]
    {
        let books = tally::collect(&ledger, &view(&ledger, last), days).unwrap();
        for tally in books.tallies.values() {
            assert_eq!(tally.beginning + tally.sales - tally.collected, tally.ending, "{last}");
            assert_eq!(tally.months.iter().map(|month| month.open).sum::<i128>(), tally.ending, "{last}");
            let positions = tally.positions.iter();
            let now: Vec<i128> = positions.map(|position| position.iter().sum()).collect();
            assert_eq!(now.first(), Some(&tally.ending), "{last}");
            returned += usize::from(tally.settled > tally.collected);
        }
    }
    assert!(returned > 0, "the sample has payments that came back in a later period");
}

#[test]
fn figures_of_the_sample_are_those_of_another_program() {
    // Calculated by a program of its own from the sample's invoices, payments and allocations: a `settled` day is known on that
    // day, any other part when payment and allocation are.
    let ledger = sample();
    let cases = [
        ("2025-12-30", "EUR", ["35.0", "31.0", "43.3", "95.1", "-0.6", "35.3"]),
        ("2025-06-30", "EUR", ["39.7", "37.5", "35.5", "97.5", "2.7", "41.2"]),
        ("2025-06-30", "USD", ["33.2", "32.3", "29.1", "99.1", "-0.3", "38.2"]),
    ];
    for (last, code, expected) in cases {
        let kpis = kpis(&ledger, AsOf(day(last)), 90, None, &BTreeMap::new()).unwrap();
        let own: Vec<Kpi> = kpis.figures.into_iter().filter(|kpi| kpi.currency.code() == code).collect();
        let names = ["dso", "bpdso", "dso_countback", "cei_period", "dbt", "adtp"];
        assert_eq!(names.map(|name| text(&own, name)), expected, "{last} {code}");
    }
}
