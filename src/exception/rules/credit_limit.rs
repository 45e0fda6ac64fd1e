//! A customer owes more than it may.

use std::collections::BTreeMap;

use crate::base::money::Currency;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, Reference, percent};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::whole;
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::Side;
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "CREDIT_LIMIT",
    title: "A customer owes more than its credit limit",
    role: Role::Receivables,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: true,
    page: Page {
        what: "what is open on a customer's invoices on the as-of day, less its unapplied cash and credit, against its credit limit; in the currency of the limit only",
        why: "what is delivered beyond the limit was lent without anyone deciding so",
        example: "a limit of 10,000.00 and 12,500.00 open: 25 % over",
        false_alarms: "limits in one currency for customers who buy in several: the others are not added",
        action: "hold further deliveries, or have the limit raised by whoever decides on it",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let Some(claims) = &case.claims else { return Vec::new() };
    let mut owed: BTreeMap<(u32, Currency), i64> = BTreeMap::new();
    for item in claims.open_items() {
        let invoice = claims.invoice(item.invoice);
        *owed.entry((invoice.customer, invoice.currency)).or_default() += item.balance;
    }
    for ((customer, currency), amount) in claims.unapplied() {
        if let Some(owed) = customer.and_then(|customer| owed.get_mut(&(customer, currency))) {
            *owed -= amount;
        }
    }
    let finding = |((customer, currency), owed): ((u32, Currency), i64)| {
        let id = &claims.customers().get(customer as usize)?.id;
        let word = case.documents.word(id)?;
        let party = case.documents.party(Side::Receivable, word)?;
        let (limit, _) = party.credit_limit.filter(|(_, own)| *own == currency)?;
        let difference = Difference::of_amounts(whole(owed, currency), whole(limit, currency));
        let tolerance = case.tolerance_of(&RULE, Side::Receivable, word, Word::EMPTY);
        if owed <= limit || !tolerance.is_broken(difference, 1) {
            return None;
        }
        let money = |minor: i64| currency.display(minor.into());
        let sentence = format!(
            "{} ({id}) owes {}, {} or {} more than its limit of {}",
            case.text(party.name),
            money(owed),
            money(owed - limit),
            percent(difference.by, difference.of),
            money(limit),
        );
        let reference = Reference { kind: Kind::Party, id: id.clone() };
        let mut finding = Finding::new(&RULE, reference, claims.as_of().0, currency);
        finding.party.clone_from(id);
        let finding = finding.figures(money(limit), money(owed), money(owed - limit)).limit(tolerance);
        Some(finding.stake(owed - limit).confidence(90).because(&sentence))
    };
    owed.into_iter().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{found, stakes};

    fn limited(limit: &str) -> Vec<(String, i64)> {
        let customers = format!("id,name,currency,credit_limit\nC1,Ash,EUR,{limit}\n");
        let files = [
            ("customers.csv", customers.as_str()),
            (
                "invoices.csv",
                "id,customer,issued,due,amount,currency\nI1,C1,2025-03-01,2025-03-31,700.00,EUR\n\
                 I2,C1,2025-03-02,2025-03-31,400.00,EUR\nI3,C1,2025-03-02,2025-03-31,900.00,USD\n",
            ),
            ("payments.csv", "id,customer,day,amount,currency\nP1,C1,2025-03-05,200.00,EUR\n"),
            ("allocations.csv", "payment,invoice,amount,currency\nP1,I1,150.00,EUR\n"),
        ];
        let found = found("CREDIT_LIMIT", &files, &[], None);
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn what_is_open_beyond_the_limit_is_at_stake() {
        // 700 + 400 - 200 received, 50 of it not applied: 900.00 owed.
        assert_eq!(limited("800.00"), [("C1".to_owned(), 10_000)]);
    }

    #[test]
    fn the_limit_itself_and_no_limit_pass() {
        assert!(limited("900.00").is_empty());
        assert!(limited("").is_empty());
    }
}
