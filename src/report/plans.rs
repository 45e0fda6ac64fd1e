//! Payment plans as tables: a plan as it would be agreed, in the columns of a ledger's `plans`, and how those agreed fare.

use std::fmt::Write as _;

use crate::asof::view::LedgerView;
use crate::base::day::Day;
use crate::base::sheet::{Cells, Sheet};
use crate::collect::plan::agreed::{Agreed, Plans};
use crate::collect::plan::track::Progress;
use crate::collect::plan::{Instalment, Plan};

/// One row per instalment. In a ledger's folder, as `plans.csv`, it is the plan agreed.
pub fn plan(plan: &Plan, number: &str, customer: &str, agreed: Day) -> Sheet {
    let rows = &plan.instalments;
    let same = |text: &str| Cells::Text(vec![text.to_owned(); rows.len()]);
    let money = |of: fn(&Instalment) -> i64| {
        Cells::Money(rows.iter().map(|one| Some((of(one), plan.currency))).collect())
    };
    Sheet::new("plan")
        .with("plan", same(number))
        .with("number", Cells::Count(rows.iter().map(|one| one.number as i64).collect()))
        .with("customer", same(customer))
        .with("agreed", Cells::Day(vec![Some(agreed); rows.len()]))
        .with("due", Cells::Day(rows.iter().map(|one| Some(one.due)).collect()))
        .with("amount", money(|one| one.amount))
        .with("currency", same(plan.currency.code()))
        .with("part", money(|one| one.part))
        .with("charge", money(|one| one.charge))
        .with("left", money(|one| one.left))
}

/// A plan as it is printed.
pub fn text(plan: &Plan, reason: &str) -> String {
    let money = |minor: i64| plan.currency.display(i128::from(minor));
    let mut text = format!("{} in {} instalments", money(plan.claim), plan.instalments.len());
    if plan.charge > 0 {
        let _ = write!(text, ", and {} of fee or interest", money(plan.charge));
    }
    if !reason.is_empty() {
        let _ = write!(text, "; {reason}");
    }
    text.push('\n');
    for one in &plan.instalments {
        let _ = writeln!(text, "{:>4}  {}  {:>22}", one.number, one.due, money(one.amount));
    }
    text
}

/// One row per instalment of the plans in force.
pub fn progress(view: &LedgerView, plans: &Plans) -> Sheet {
    let rows: Vec<(&Agreed, usize, &Progress)> = plans
        .values()
        .flat_map(|plan| plan.tracked.progress.iter().enumerate().map(move |(at, one)| (plan, at + 1, one)))
        .collect();
    let text = |of: &dyn Fn(&Agreed) -> String| Cells::Text(rows.iter().map(|(plan, ..)| of(plan)).collect());
    let day = |of: &dyn Fn(&Agreed, &Progress) -> Option<Day>| {
        Cells::Day(rows.iter().map(|(plan, _, one)| of(plan, one)).collect())
    };
    let money = |of: &dyn Fn(&Progress) -> i64| {
        Cells::Money(rows.iter().map(|(plan, _, one)| Some((of(one), plan.currency))).collect())
    };
    Sheet::new("plan_progress")
        .with("plan", text(&|plan| plan.plan.to_owned()))
        .with("customer", text(&|plan| customer(view, plan)))
        .with("agreed", day(&|plan, _| Some(plan.agreed)))
        .with("standing", Cells::Word(rows.iter().map(|(plan, ..)| plan.tracked.standing.name()).collect()))
        .with("instalment", Cells::Count(rows.iter().map(|(_, number, _)| *number as i64).collect()))
        .with("due", day(&|_, one| Some(one.share.day)))
        .with("amount", money(&|one| one.share.amount))
        .with("paid", money(&|one| one.paid))
        .with("currency", text(&|plan| plan.currency.code().to_owned()))
        .with("state", Cells::Word(rows.iter().map(|(_, _, one)| one.state.name()).collect()))
        .with("covered", day(&|_, one| one.covered))
}

fn customer(view: &LedgerView, plan: &Agreed) -> String {
    let customer = view.customers().get(plan.customer as usize);
    customer.map(|customer| customer.id.clone()).unwrap_or_default()
}
