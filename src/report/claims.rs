//! Claims as tables, a row for each and a row for each segment of interest, and as text for a letter or a screen.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::base::error::Error;
use crate::base::money::Currency;
use crate::base::sheet::{Cells, Sheet};
use crate::collect::claim::debts::Claims;
use crate::collect::claim::{Claim, Debt, Part, Segment};

/// Takes a part out of a claim.
type PartOf = fn(&Claim) -> Part;

/// One row per claim, and after them one per debt for which there is none, with the reason.
pub fn sheet(all: &Claims) -> Sheet {
    let claims = &all.claims;
    let refused = all.refused.len();
    let text = |of: &dyn Fn(&Claim) -> String, other: Vec<String>| {
        Cells::Text(claims.iter().map(of).chain(other).collect())
    };
    let none = || vec![String::new(); refused];
    let money = |of: &dyn Fn(&Claim) -> Option<i64>| {
        let cells = claims.iter().map(|claim| Some((of(claim)?, claim.currency)));
        Cells::Money(cells.chain(vec![None; refused]).collect())
    };
    let debts = |of: &dyn Fn(&Debt) -> String| -> Vec<String> {
        all.refused.iter().map(|(debt, _)| of(debt)).collect()
    };
    let due = claims.iter().map(|claim| claim.due).chain(all.refused.iter().map(|(debt, _)| debt.due));
    let errors = all.refused.iter().map(|(_, error)| format!("{}: {}", error.code.title(), error.detail));
    let mut sheet = Sheet::new("claims")
        .with("invoice", text(&|one| one.invoice.clone(), debts(&|one| one.invoice.clone())))
        .with("customer", text(&|one| one.customer.clone(), debts(&|one| one.customer.clone())))
        .with("due", Cells::Day(due.map(Some).collect()))
        .with(
            "as_of",
            Cells::Day(claims.iter().map(|one| Some(one.as_of)).chain(vec![None; refused]).collect()),
        )
        .with("currency", text(&|one| code(one.currency), debts(&|one| code(one.currency))));
    let parts: [(&str, PartOf); 4] = [
        ("principal", |one| one.principal),
        ("interest", |one| one.interest),
        ("fixed_sum", |one| one.fixed_sum),
        ("costs", |one| one.costs),
    ];
    for (name, part) in parts {
        sheet = sheet
            .with(name, money(&|one| Some(part(one).total)))
            .with(format!("{name}_paid"), money(&|one| Some(part(one).paid)));
    }
    sheet
        .with("surplus", money(&|one| Some(one.surplus)))
        .with("to_pay", money(&Claim::total))
        .with("interest_a_day", text(&a_day, none()))
        .with("source", text(&|one| one.source.clone(), none()))
        .with("fixed_sum_source", text(&|one| one.fixed_sum_source.to_owned(), none()))
        .with("notes", text(&notes, errors.collect()))
}

/// One row per segment of interest.
pub fn segments(claims: &[Claim]) -> Sheet {
    let rows: Vec<(&Claim, usize, &Segment)> = claims
        .iter()
        .flat_map(|claim| claim.segments.iter().enumerate().map(move |(at, one)| (claim, at + 1, one)))
        .collect();
    let text = |of: &dyn Fn(&Claim, &Segment) -> String| {
        Cells::Text(rows.iter().map(|(claim, _, one)| of(claim, one)).collect())
    };
    let count = |of: &dyn Fn(&Segment) -> i32| {
        Cells::Count(rows.iter().map(|(_, _, one)| i64::from(of(one))).collect())
    };
    Sheet::new("segments")
        .with("invoice", text(&|claim, _| claim.invoice.clone()))
        .with("customer", text(&|claim, _| claim.customer.clone()))
        .with("segment", Cells::Count(rows.iter().map(|(_, number, _)| *number as i64).collect()))
        .with("from", Cells::Day(rows.iter().map(|(_, _, one)| Some(one.from)).collect()))
        .with("to", Cells::Day(rows.iter().map(|(_, _, one)| Some(one.to)).collect()))
        .with("days", count(&Segment::days))
        .with(
            "balance",
            Cells::Money(rows.iter().map(|(claim, _, one)| Some((one.balance, claim.currency))).collect()),
        )
        .with("currency", text(&|claim, _| code(claim.currency)))
        .with("rate_percent", text(&|_, one| one.rate.to_string()))
        .with("year_days", count(&|one| one.year_days))
        .with("interest", text(&|claim, one| one.interest.display(claim.currency)))
        .with("source", text(&|_, one| one.origin.to_string()))
}

/// So few claims are printed with their arithmetic; of more the sums are.
const SPELLED_OUT_MAX: usize = 5;

/// What may be claimed in all.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// By currency.
    pub totals: Vec<Total>,
    /// Debts for which there is no claim, by the reason.
    pub refused: BTreeMap<String, usize>,
    /// The claims with their arithmetic, where they are few, and why there is none for the others, where those are few.
    pub spelled_out: Vec<String>,
}

/// What may be claimed in one currency, in its whole units.
#[derive(Debug, Serialize)]
pub struct Total {
    /// Currency of every amount.
    pub currency: String,
    /// Claims.
    pub claims: usize,
    /// What is left of the invoices.
    pub principal: String,
    /// What is left of interest.
    pub interest: String,
    /// What is left of fixed sums.
    pub fixed_sum: String,
    /// What is left of costs.
    pub costs: String,
    /// All of it.
    pub to_pay: String,
}

impl Summary {
    /// Sums claims up.
    pub fn new(all: &Claims) -> Self {
        let mut by_currency: BTreeMap<Currency, Vec<&Claim>> = BTreeMap::new();
        for claim in &all.claims {
            by_currency.entry(claim.currency).or_default().push(claim);
        }
        let total = |(currency, claims): (Currency, Vec<&Claim>)| {
            let parts: [fn(&Claim) -> i64; 4] = [
                |one| one.principal.open(),
                |one| one.interest.open(),
                |one| one.fixed_sum.open(),
                |one| one.costs.open(),
            ];
            let sums = parts.map(|of| claims.iter().map(|one| i128::from(of(one))).sum::<i128>());
            let [principal, interest, fixed_sum, costs] = sums.map(|sum| currency.format_total(sum));
            let to_pay = currency.format_total(sums.iter().sum());
            let claims = claims.len();
            Total { currency: code(currency), claims, principal, interest, fixed_sum, costs, to_pay }
        };
        let mut refused: BTreeMap<String, usize> = BTreeMap::new();
        for (_, error) in &all.refused {
            *refused.entry(format!("{} {}", error.code.id(), error.code.title())).or_default() += 1;
        }
        let few = |count: usize| count <= SPELLED_OUT_MAX;
        let claimed = all.claims.iter().filter(|_| few(all.claims.len())).map(text);
        let not_claimed =
            all.refused.iter().filter(|_| few(all.refused.len())).map(|(_, error)| why_not(error));
        let spelled_out = claimed.chain(not_claimed).collect();
        Self { totals: by_currency.into_iter().map(total).collect(), refused, spelled_out }
    }

    /// As it is printed.
    pub fn text(&self) -> String {
        let mut text = self.spelled_out.concat();
        for total in &self.totals {
            let Total { currency, claims, principal, interest, fixed_sum, costs, to_pay } = total;
            let _ = writeln!(
                text,
                "{claims} claims, {currency}: principal {principal}, interest {interest}, fixed sums {fixed_sum}, costs {costs}: {to_pay} to pay"
            );
        }
        for (reason, count) in &self.refused {
            let _ = writeln!(text, "no claim for {count}: {reason}");
        }
        if text.is_empty() {
            text.push_str("nothing is past due\n");
        }
        text
    }
}

/// Why there is no claim for a debt, and what to do about it.
fn why_not(error: &Error) -> String {
    format!("no claim: {}\n  remedy: {}\n", error.detail, error.code.remedy())
}

/// A claim with its arithmetic.
pub fn text(claim: &Claim) -> String {
    let Claim { invoice, customer, due, as_of, currency, .. } = claim;
    let mut text = format!("{invoice} of {customer}, due {due}, as of {as_of}\n");
    part(&mut text, *currency, "principal", claim.principal, "");
    part(&mut text, *currency, "interest", claim.interest, &claim.source);
    for one in &claim.segments {
        let (balance, interest) =
            (currency.display(i128::from(one.balance)), one.interest.display(*currency));
        let (from, to, days, rate, year) = (one.from, one.to, one.days(), one.rate, one.year_days);
        let _ = writeln!(text, "    {from} to {to}: {balance} x {rate} % x {days}/{year} = {interest}");
        let _ = writeln!(text, "      {}", one.origin);
    }
    part(&mut text, *currency, "fixed sum", claim.fixed_sum, claim.fixed_sum_source);
    part(&mut text, *currency, "costs", claim.costs, "");
    let to_pay = claim.total().map_or_else(String::new, |total| currency.display(i128::from(total)));
    let _ = writeln!(text, "  {:<10} {to_pay:>22}", "to pay");
    if let Some(a_day) = claim.a_day() {
        let _ = writeln!(
            text,
            "  and {} {} of interest for each day more",
            a_day.display(*currency),
            currency.code()
        );
    }
    for note in &claim.notes {
        let _ = writeln!(text, "  note: {note}");
    }
    text
}

fn part(text: &mut String, currency: Currency, name: &str, part: Part, source: &str) {
    if part.total == 0 && part.paid == 0 {
        return;
    }
    let _ = write!(text, "  {name:<10} {:>22}", currency.display(i128::from(part.total)));
    if part.paid > 0 {
        let _ = write!(text, ", paid {}", currency.display(i128::from(part.paid)));
    }
    if !source.is_empty() {
        let _ = write!(text, "  ({source})");
    }
    text.push('\n');
}

fn a_day(claim: &Claim) -> String {
    claim.a_day().map_or_else(String::new, |a_day| a_day.display(claim.currency))
}

fn notes(claim: &Claim) -> String {
    claim.notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn code(currency: Currency) -> String {
    currency.code().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::{AsOf, Day};
    use crate::base::error::Code;
    use crate::collect::claim::Basis;
    use crate::statute::interest::Debtor;
    use crate::statute::reference::ReferenceRates;

    fn claims() -> Claims {
        let rates = ReferenceRates::read(None).unwrap();
        let basis = Basis { jurisdiction: Some("UK"), debtor: Debtor::Business, agreed: None, rates: &rates };
        let due = Day::from_ymd(2026, 5, 31).unwrap();
        let debt = Debt {
            invoice: "INV-1".into(),
            customer: "C-1".into(),
            issued: due.plus(-30),
            due,
            principal: 1_000_000,
            currency: Currency::new(*b"GBP", 2),
            payments: Vec::new(),
            charges: Vec::new(),
        };
        let claim = Claim::new(&debt, &basis, AsOf(due.plus(30))).unwrap();
        let error = Error::new(Code::LegalRateMissing).detail("no UK_BASE on 2026-07-01");
        Claims { claims: vec![claim], refused: vec![(Debt { invoice: "INV-2".into(), ..debt }, error)] }
    }

    #[test]
    fn a_claim_is_written_with_its_arithmetic() {
        // 10,000.00 x 11.75 % x 30/365 = 96.575342.
        let text = text(&claims().claims[0]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "INV-1 of C-1, due 2026-05-31, as of 2026-06-30");
        assert_eq!(lines[1], "  principal           10,000.00 GBP");
        assert_eq!(lines[3], "    2026-06-01 to 2026-06-30: 10,000.00 GBP x 11.75 % x 30/365 = 96.575342");
        assert_eq!(lines[6], "  to pay              10,196.58 GBP");
        assert_eq!(lines[7], "  and 3.219178 GBP of interest for each day more");
        assert_eq!(lines.len(), 8);
    }

    #[test]
    fn few_debts_without_a_claim_are_printed_with_the_series_and_day_that_is_missing() {
        let mut claims = claims();
        let told = Summary::new(&claims).text();
        assert!(
            told.contains("no claim: no UK_BASE on 2026-07-01\n  remedy: add it to a rates file"),
            "{told}"
        );
        assert!(told.contains("no claim for 1: DW506"), "{told}");
        // More than five are only counted.
        claims.refused = std::iter::repeat_n(claims.refused.remove(0), 6).collect();
        let told = Summary::new(&claims).text();
        assert!(!told.contains("no claim: ") && told.contains("no claim for 6: DW506"), "{told}");
    }

    #[test]
    fn a_debt_without_a_claim_has_its_row_and_the_reason() {
        let claims = claims();
        let sheet = sheet(&claims);
        assert!(sheet.columns.iter().all(|(_, cells)| cells.len() == 2));
        let notes = sheet.columns.iter().find(|(name, _)| name == "notes");
        let Some((_, Cells::Text(notes))) = notes else { panic!("no notes") };
        let reason = "there is no legal or reference rate for this day: no UK_BASE on 2026-07-01";
        assert_eq!(notes, &["", reason]);
        assert!(segments(&claims.claims).columns.iter().all(|(_, cells)| cells.len() == 1));
    }
}
