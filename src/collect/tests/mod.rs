//! Ledgers of a few rows, and what they lead to on a day.

mod contacts;
mod promises;
mod properties;
mod stages;
mod suppressed;

use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::ledger::Ledger;
use crate::ledger::load::{Opening, load};

use super::ladder::{BUSINESS, Policies};
use super::owed::Item;
use super::stage::{Decision, Stage, Stages};

const HEADERS: [(&str, &str); 7] = [
    ("customers", "id,name,segment,country,language,time_zone,email,phone,vip,do_not_contact,consumer"),
    ("invoices", "id,customer,issued,due,amount,currency,disputed,dispute_resolved"),
    ("payments", "id,customer,day,amount,currency"),
    ("allocations", "payment,invoice,amount,currency"),
    ("activities", "day,customer,invoice,kind,outcome,promise_day,promise_amount,currency,step"),
    ("pauses", "customer,invoice,from,until,reason"),
    ("plans", "plan,number,customer,agreed,due,amount,currency"),
];

/// A ledger of rows, each with its table. One more customer, 0, has paid: its allocation says that allocations are kept.
pub fn ledger(rows: &[(&str, &str)]) -> Ledger {
    let own = [
        ("customers", "0,Zero,,,,,z@example.com,1,false,false,false"),
        ("invoices", "Z,0,2026-01-01,2026-01-02,1.00,EUR,,"),
        ("payments", "PZ,0,2026-01-02,1.00,EUR"),
        ("allocations", "PZ,Z,1.00,EUR"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (table, header) in HEADERS {
        let of = |(name, row): &&(&str, &str)| (*name == table).then(|| (*row).to_owned());
        let lines: Vec<String> = own.iter().chain(rows).filter_map(|row| of(&row)).collect();
        std::fs::write(
            folder.path().join(format!("{table}.csv")),
            format!("{header}\n{}\n", lines.join("\n")),
        )
        .unwrap();
    }
    let loaded = load(&Opening { ledger: folder.path().into(), mapping: None, currency: None }).unwrap();
    assert_eq!(loaded.intake.rejected(), 0, "{:?}", loaded.intake.problems);
    loaded.ledger
}

pub fn day(text: &str) -> Day {
    Day::from_iso(text).unwrap()
}

/// What is open on a day, each even odds.
pub fn items(view: &LedgerView) -> Vec<Item> {
    let item = |open: crate::asof::view::OpenItem| Item {
        invoice: open.invoice,
        balance: open.balance,
        risk: 0.5,
        at_risk: open.balance / 2,
    };
    view.open_items().into_iter().map(item).collect()
}

/// Judges a ledger on a day.
pub fn judge<T>(
    ledger: &Ledger,
    on: &str,
    policies: &Policies,
    look: impl Fn(&LedgerView, &[Item], &Stages) -> T,
) -> T {
    let view = LedgerView::new(ledger, AsOf(day(on))).unwrap();
    let items = items(&view);
    look(&view, &items, &Stages::new(&view, &items, policies))
}

/// The shipped ladders, or the business one changed.
pub fn policies(changes: &[(&str, &str)]) -> Policies {
    let text = changes.iter().fold(BUSINESS.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    std::fs::write(&file, text).unwrap();
    Policies::read(&[file]).unwrap()
}

/// A stage in short: its level, then the step that is due, the day waited for, or the reason of its being suppressed.
pub fn short(stage: &Stage) -> String {
    let next = match &stage.decision {
        Decision::Due(step, _) => format!("due {}", step.name),
        Decision::Waits(step, until) => format!("waits {} {until}", step.name),
        Decision::Suppressed(reason, _) => reason.name().to_owned(),
        Decision::Ended => "ended".to_owned(),
        Decision::Quiet => "quiet".to_owned(),
    };
    format!("{} {next}", stage.level)
}

/// Stages of a ledger on a day, in short, by the shipped ladders.
pub fn shorts(rows: &[(&str, &str)], on: &str) -> Vec<String> {
    let own = Policies::read(&[]).unwrap();
    judge(&ledger(rows), on, &own, |_, _, stages| stages.rows.iter().map(short).collect())
}

/// The sentence of the only account.
pub fn sentence(rows: &[(&str, &str)], on: &str, policies: &Policies) -> String {
    judge(&ledger(rows), on, policies, |_, _, stages| {
        let [stage] = stages.rows.as_slice() else { unreachable!("one account") };
        stage.sentence.clone()
    })
}

/// A customer with everything, and one invoice due on 2026-03-01.
pub const C1: (&str, &str) =
    ("customers", "c1,One,retail,DE,de,Europe/Berlin,a@example.com,12,false,false,false");
pub const A1: (&str, &str) = ("invoices", "A1,c1,2026-02-01,2026-03-01,1000.00,EUR,,");
