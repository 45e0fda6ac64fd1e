//! A bill is just below a limit from which it would need another approval.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, amount, percent};
use crate::exception::policy::tolerance::Difference;
use crate::exception::policy::{minor, whole};
use crate::exception::rule::{Measure, Page, Role, Rule};
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "BELOW_APPROVAL_LIMIT",
    title: "Just below a limit of approval",
    role: Role::Payables,
    measures: &[Measure::Percent, Measure::Amount],
    takes_exact: false,
    page: Page {
        what: "the amount of a bill against the next of the `approval_limits` above it, in the bill's currency; the tolerance is how near is too near",
        why: "who may approve up to a limit and gains by it asks for bills that stay below it",
        example: "a limit of 10,000.00 and a bill of 9,950.00, .5 % below",
        false_alarms: "by chance some 1 in 300 bills of that size; prices that are set just below round figures",
        action: "look at this supplier's and approver's other bills near the limit, and for a second part of the same purchase",
    },
    run,
};

fn run(case: &Case) -> Vec<Finding> {
    let limits = case.policy.settings.approval_limits();
    let mut found = Vec::new();
    for (at, document) in case.bills() {
        let own = whole(document.amount, document.currency);
        let Some(limit) = limits.iter().copied().find(|limit| *limit > own) else { continue };
        let tolerance = case.tolerance(&RULE, at, Word::EMPTY);
        let below = limit - own;
        // Near is what a tolerance of that width would let pass.
        let far = tolerance.is_broken(Difference { by: below, of: limit, worth: None }, 1);
        if tolerance.limit().is_none() || far {
            continue;
        }
        let money = |figure: i128| amount(figure, document.currency);
        let sentence = format!(
            "{} over {} stays {} or {} below the limit of approval of {}",
            capital(&case.name(document)),
            money(own),
            money(below),
            percent(below, limit),
            money(limit),
        );
        let finding = case.finding(&RULE, at, document);
        let finding =
            finding.figures(format!("not within reach of {}", money(limit)), money(own), money(below));
        let finding = finding.stake(minor(own, document.currency)).confidence(30).because(&sentence);
        // After the sentence, which would say that up to so much passes.
        found.push(finding.limit(tolerance));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn over(amount: &str) -> String {
        format!("R1,S1,2025-01-10,2025-02-09,{amount},EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n")
    }

    #[test]
    fn within_one_and_a_half_percent_below_ten_thousand_is_found() {
        let found = billed("BELOW_APPROVAL_LIMIT", &over("9850.00"), "");
        assert_eq!(stakes(&found), [("R1", 985_000)]);
        assert_eq!(found[0].limit, "1.5 %");
        assert_eq!(
            found[0].sentence,
            "Bill R1 over 9,850.00 EUR stays 150.00 EUR or 1.5 % below the limit of approval of 10,000.00 EUR."
        );
        assert_eq!(billed("BELOW_APPROVAL_LIMIT", &over("9999.99"), "").len(), 1);
    }

    #[test]
    fn the_limit_itself_and_what_is_farther_pass() {
        assert!(billed("BELOW_APPROVAL_LIMIT", &over("10000.00"), "").is_empty());
        assert!(billed("BELOW_APPROVAL_LIMIT", &over("9849.99"), "").is_empty());
    }
}
