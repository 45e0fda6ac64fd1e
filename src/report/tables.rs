//! Scores and call lists as tables.

use std::collections::BTreeMap;

use crate::asof::view::LedgerView;
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::collect::worklist::{Account, Suppressed, Worklist};
use crate::model::score::{BUCKET_ENDS, RiskScore, WITHIN_DAYS, When};

/// Reasons written out per score; the rest is summed.
const REASONS: usize = 3;

/// Ageing buckets in which an invoice may be when it is paid.
const BUCKETS: [&str; BUCKET_ENDS.len() + 1] = ["by_due", "1_30", "31_60", "61_90", "91_120", "over_120"];

/// One row per open invoice.
pub fn scores(view: &LedgerView, scores: &[RiskScore]) -> Sheet {
    let invoice = |score: &RiskScore| view.invoice(score.item.invoice);
    let customer = |score: &RiskScore| &view.customers()[invoice(score).customer as usize];
    let text = |of: &dyn Fn(&RiskScore) -> String| Cells::Text(scores.iter().map(of).collect());
    let money = |of: &dyn Fn(&RiskScore) -> i64| {
        Cells::Money(scores.iter().map(|score| Some((of(score), invoice(score).currency))).collect())
    };
    let number = |of: &dyn Fn(&RiskScore) -> f64| Cells::Number(scores.iter().map(of).collect());
    let mut sheet = Sheet::new("scores")
        .with("invoice", text(&|score| invoice(score).id.clone()))
        .with("customer", text(&|score| customer(score).id.clone()))
        .with("customer_name", text(&|score| customer(score).name.clone()))
        .with("currency", text(&|score| invoice(score).currency.code().to_owned()))
        .with("amount", money(&|score| invoice(score).amount))
        .with("balance", money(&|score| score.item.balance))
        .with("issued", Cells::Day(scores.iter().map(|score| Some(invoice(score).stamp.happened)).collect()))
        .with("due", Cells::Day(scores.iter().map(|score| Some(invoice(score).due)).collect()))
        .with(
            "days_past_due",
            Cells::Count(scores.iter().map(|score| i64::from(score.days_past_due)).collect()),
        )
        .with("p_late", number(&|score| score.late))
        .with("expected_days_late", number(&|score| score.expected_days_late))
        .with("amount_at_risk", money(&|score| score.at_risk))
        .with("band", Cells::Word(scores.iter().map(|score| score.band.name()).collect()))
        .with("log_odds", number(&|score| score.log_odds.unwrap_or(f64::NAN)))
        .with("prior_log_odds", number(&|score| score.prior.unwrap_or(f64::NAN)));
    let when = |of: &dyn Fn(&When) -> f64| {
        Cells::Number(scores.iter().map(|score| score.when.as_ref().map_or(f64::NAN, of)).collect())
    };
    for (at, days) in WITHIN_DAYS.iter().enumerate() {
        sheet = sheet.with(format!("p_paid_{days}d"), when(&|when| when.paid_within[at]));
    }
    for (at, share) in ["p10", "p50", "p90"].iter().enumerate() {
        sheet = sheet.with(format!("days_late_{share}"), when(&|when| f64::from(when.days_late[at])));
    }
    for (at, bucket) in BUCKETS.iter().enumerate() {
        sheet = sheet.with(format!("p_{bucket}"), when(&|when| when.buckets[at]));
    }
    for at in 0..REASONS {
        sheet = sheet
            .with(
                format!("reason_{}", at + 1),
                text(&|score| score.reasons.get(at).map_or_else(String::new, |reason| reason.text.clone())),
            )
            .with(format!("part_{}", at + 1), number(&|score| part(score, at)));
    }
    sheet.with("other_parts", number(&|score| (REASONS..score.reasons.len()).map(|at| part(score, at)).sum()))
}

/// What a reason adds to the log-odds; none where nothing was predicted.
fn part(score: &RiskScore, at: usize) -> f64 {
    let predicted = score.reasons.get(at).filter(|_| score.log_odds.is_some());
    predicted.map_or(f64::NAN, |reason| reason.part)
}

/// One row per customer and currency with anything open.
pub fn customers(view: &LedgerView, scores: &[RiskScore]) -> Sheet {
    #[derive(Default)]
    struct Sums {
        invoices: i64,
        open: i64,
        past_due: i64,
        at_risk: i64,
        late_weight: f64,
        days_weight: f64,
    }
    let mut accounts: BTreeMap<(u32, Currency), Sums> = BTreeMap::new();
    for score in scores {
        let invoice = view.invoice(score.item.invoice);
        let sums = accounts.entry((invoice.customer, invoice.currency)).or_default();
        let balance = score.item.balance;
        sums.invoices += 1;
        sums.open = sums.open.saturating_add(balance);
        sums.past_due = sums.past_due.saturating_add(if score.days_past_due > 0 { balance } else { 0 });
        sums.at_risk = sums.at_risk.saturating_add(score.at_risk);
        sums.late_weight += score.late * balance as f64;
        sums.days_weight += score.expected_days_late * balance as f64;
    }
    let customer = |&(at, _): &(u32, Currency)| &view.customers()[at as usize];
    let text = |of: &dyn Fn(&(u32, Currency)) -> String| Cells::Text(accounts.keys().map(of).collect());
    let money = |of: fn(&Sums) -> i64| {
        Cells::Money(accounts.iter().map(|((_, currency), sums)| Some((of(sums), *currency))).collect())
    };
    let mean = |of: fn(&Sums) -> f64| {
        Cells::Number(accounts.values().map(|sums| of(sums) / sums.open as f64).collect())
    };
    Sheet::new("customers")
        .with("customer", text(&|key| customer(key).id.clone()))
        .with("customer_name", text(&|key| customer(key).name.clone()))
        .with("currency", text(&|(_, currency)| currency.code().to_owned()))
        .with("open_invoices", Cells::Count(accounts.values().map(|sums| sums.invoices).collect()))
        .with("open", money(|sums| sums.open))
        .with("past_due", money(|sums| sums.past_due))
        .with("amount_at_risk", money(|sums| sums.at_risk))
        .with("p_late_by_amount", mean(|sums| sums.late_weight))
        .with("expected_days_late_by_amount", mean(|sums| sums.days_weight))
}

/// The call list.
pub fn calls(view: &LedgerView, scores: &[RiskScore], worklist: &Worklist) -> Sheet {
    let calls = &worklist.calls;
    let accounts: Vec<&Account> = calls.iter().map(|call| &call.account).collect();
    let count = |of: &dyn Fn(usize) -> i64| Cells::Count((0..calls.len()).map(of).collect());
    let invoices = |held: bool| {
        let about = |account: &&Account| {
            let of = account.scores.iter().filter(|at| worklist.holds.contains_key(at) == held);
            let ids: Vec<&str> = of.map(|&at| view.invoice(scores[at].item.invoice).id.as_str()).collect();
            ids.join(" ")
        };
        Cells::Text(accounts.iter().map(about).collect())
    };
    let sheet = Sheet::new("worklist").with("rank", count(&|at| calls[at].rank as i64));
    party(sheet, view, &accounts)
        .with(
            "value",
            Cells::Money(accounts.iter().map(|account| Some((account.value, account.list))).collect()),
        )
        .with(
            "value_currency",
            Cells::Text(accounts.iter().map(|account| account.list.code().to_owned()).collect()),
        )
        .with("at_risk", money(&accounts, |account| account.at_risk))
        .with("open", money(&accounts, |account| account.open))
        .with("past_due", money(&accounts, |account| account.past_due))
        .with("oldest_days_past_due", count(&|at| i64::from(accounts[at].oldest_days_past_due)))
        .with("held", money(&accounts, |account| account.held))
        .with("unapplied", money(&accounts, |account| account.unapplied))
        .with("reason", Cells::Text(calls.iter().map(|call| call.reason.clone()).collect()))
        .with("above_next", Cells::Text(calls.iter().map(|call| call.above_next.clone()).collect()))
        .with(
            "first_reason",
            Cells::Text(accounts.iter().map(|account| first_reason(scores, worklist, account)).collect()),
        )
        .with("invoices", invoices(false))
        .with("not_to_raise", invoices(true))
}

/// Why the riskiest invoice that can be raised is risky.
fn first_reason(scores: &[RiskScore], worklist: &Worklist, account: &Account) -> String {
    let reason = worklist.first_raised(account).and_then(|at| scores[at].reasons.first());
    reason.map_or_else(String::new, |reason| reason.text.clone())
}

/// What is not called, with the reason.
pub fn suppressed(view: &LedgerView, worklist: &Worklist) -> Sheet {
    let rows = &worklist.suppressed;
    let accounts: Vec<&Account> = rows.iter().map(|row| &row.account).collect();
    let until = rows.iter().map(|row| row.reason.until());
    let rank = |row: &Suppressed| row.reason.rank().map_or_else(String::new, |rank| rank.to_string());
    party(Sheet::new("suppressed"), view, &accounts)
        .with("reason", Cells::Word(rows.iter().map(|row| row.reason.name()).collect()))
        .with("until", Cells::Day(until.collect()))
        .with("rank", Cells::Text(rows.iter().map(rank).collect()))
        .with("open", money(&accounts, |account| account.open))
        .with("past_due", money(&accounts, |account| account.past_due))
        .with("held", money(&accounts, |account| account.held))
        .with("unapplied", money(&accounts, |account| account.unapplied))
}

/// Invoices not to be spoken about, with the reason.
pub fn holds(view: &LedgerView, scores: &[RiskScore], worklist: &Worklist) -> Sheet {
    let items = || worklist.holds.iter().map(|(&at, hold)| (scores[at].item, hold));
    let invoice = |at: u32| view.invoice(at);
    let customer = |at: u32| view.customers()[invoice(at).customer as usize].id.clone();
    let balance = items().map(|(item, _)| Some((item.balance, invoice(item.invoice).currency)));
    Sheet::new("holds")
        .with("invoice", Cells::Text(items().map(|(item, _)| invoice(item.invoice).id.clone()).collect()))
        .with("customer", Cells::Text(items().map(|(item, _)| customer(item.invoice)).collect()))
        .with("balance", Cells::Money(balance.collect()))
        .with("reason", Cells::Word(items().map(|(_, hold)| hold.name()).collect()))
        .with("until", Cells::Day(items().map(|(_, hold)| hold.until()).collect()))
}

fn party(sheet: Sheet, view: &LedgerView, accounts: &[&Account]) -> Sheet {
    let customer = |account: &&Account| &view.customers()[account.customer as usize];
    let currencies = accounts.iter().map(|account| account.currency.code().to_owned()).collect();
    sheet
        .with("currency", Cells::Text(currencies))
        .with("customer", Cells::Text(accounts.iter().map(|account| customer(account).id.clone()).collect()))
        .with(
            "customer_name",
            Cells::Text(accounts.iter().map(|account| customer(account).name.clone()).collect()),
        )
        .with(
            "collector",
            Cells::Text(accounts.iter().map(|account| customer(account).collector.clone()).collect()),
        )
        .with("phone", Cells::Text(accounts.iter().map(|account| customer(account).phone.clone()).collect()))
}

fn money(accounts: &[&Account], of: fn(&Account) -> i64) -> Cells {
    Cells::Money(accounts.iter().map(|account| Some((of(account), account.currency))).collect())
}
