//! The registry of rules. A code never changes its meaning; its page stands with the rule, and docs/EXCEPTIONS.md shows it.

use super::case::Case;
use super::finding::{Finding, Kind};
use super::rules;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// The stable code.
    pub code: &'static str,
    /// What is wrong, in one line.
    pub title: &'static str,
    /// Whose matter it is, on the payable side and in cash application.
    pub role: Role,
    /// The limits that its tolerance takes; none where it can only be off or exact.
    pub measures: &'static [Measure],
    /// Whether `exact` means anything: not where the limit is what makes something suspect.
    pub takes_exact: bool,
    /// Its page in the documentation.
    pub page: Page,
    /// Finds the exceptions.
    pub run: fn(&Case) -> Vec<Finding>,
}

impl Rule {
    /// What its findings are on.
    pub fn kinds(&self) -> &'static [Kind] {
        match (self.code, self.role) {
            ("CREDIT_LIMIT" | "BENFORD", _) => &[Kind::Party],
            ("CREDIT_UNAPPLIED", _) => &[Kind::Invoice],
            (_, Role::Receivables) => &[Kind::Payment],
            _ => &[Kind::Bill, Kind::Invoice],
        }
    }
}

/// What the documentation says of a rule.
#[derive(Debug)]
pub struct Page {
    /// What is compared with what.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// A case with its figures.
    pub example: &'static str,
    /// When it fires and nothing is wrong.
    pub false_alarms: &'static str,
    /// What to do.
    pub action: &'static str,
}

/// Whose matter an exception is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Who ordered.
    Buyer,
    /// Who takes in goods.
    Receiving,
    /// Accounts payable.
    Payables,
    /// Who sold.
    Sales,
    /// Accounts receivable and cash application.
    Receivables,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Buyer, Self::Receiving, Self::Payables, Self::Sales, Self::Receivables];

    /// The word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Receiving => "receiving",
            Self::Payables => "ap",
            Self::Sales => "sales",
            Self::Receivables => "ar",
        }
    }
}

/// What a limit is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Percent of what was expected.
    Percent,
    /// Whole units of the document's currency.
    Amount,
    /// The unit of the line.
    Quantity,
    /// Days.
    Days,
}

impl Measure {
    /// Every measure, in the order of the policy's keys.
    pub const ALL: [Self; 4] = [Self::Percent, Self::Amount, Self::Quantity, Self::Days];

    /// Its key in the policy.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::Amount => "amount",
            Self::Quantity => "quantity",
            Self::Days => "days",
        }
    }
}

/// Every rule, in the order in which findings are listed.
pub const RULES: &[&Rule] = &[
    &rules::duplicate_exact::RULE,
    &rules::duplicate_fuzzy::RULE,
    &rules::duplicate_vendor::RULE,
    &rules::duplicate_split::RULE,
    &rules::duplicate_resent::RULE,
    &rules::remit_bank_changed::RULE,
    &rules::new_supplier_large::RULE,
    &rules::wrong_party::RULE,
    &rules::party_closed::RULE,
    &rules::no_po::RULE,
    &rules::po_closed::RULE,
    &rules::po_date::RULE,
    &rules::currency_difference::RULE,
    &rules::price_variance::RULE,
    &rules::qty_over_order::RULE,
    &rules::qty_over_receipt::RULE,
    &rules::qty_over_accepted::RULE,
    &rules::amount_over_order::RULE,
    &rules::line_total_over_order::RULE,
    &rules::bill_before_receipt::RULE,
    &rules::delivery_date::RULE,
    &rules::tax_variance::RULE,
    &rules::line_variance::RULE,
    &rules::unauthorised_freight::RULE,
    &rules::terms_difference::RULE,
    &rules::below_approval_limit::RULE,
    &rules::round_amount::RULE,
    &rules::benford::RULE,
    &rules::number_gap::RULE,
    &rules::unusual_bill::RULE,
    &rules::credit_limit::RULE,
    &rules::unidentified::RULE,
    &rules::unapplied_cash::RULE,
    &rules::duplicate_payment::RULE,
    &rules::returned_payment::RULE,
    &rules::wrong_payer::RULE,
    &rules::unearned_discount::RULE,
    &rules::short_pay::RULE,
    &rules::over_pay::RULE,
    &rules::credit_unapplied::RULE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_every_page_is_written() {
        for (at, rule) in RULES.iter().enumerate() {
            assert!(RULES[..at].iter().all(|other| other.code != rule.code), "{}", rule.code);
            let Page { what, why, example, false_alarms, action } = rule.page;
            for text in [rule.title, what, why, example, false_alarms, action] {
                assert!(text.len() > 10, "{}", rule.code);
            }
        }
    }

    #[test]
    fn the_documentation_shows_every_rule_as_it_is() {
        let documentation = include_str!("../../docs/EXCEPTIONS.md");
        for rule in RULES {
            let Page { what, why, example, false_alarms, action } = rule.page;
            let limits: Vec<String> =
                rule.measures.iter().map(|measure| format!("`{}`", measure.name())).collect();
            let limits = match (limits.is_empty(), rule.takes_exact) {
                (true, _) => "none, it is `off` or `exact`".to_owned(),
                (false, true) => limits.join(", "),
                (false, false) => format!("{}; never `exact`", limits.join(", ")),
            };
            let section = format!(
                "### {}\n\n{}. Owner: {}. Limits: {limits}.\n\n- **What**: {what}\n- **Why**: {why}\n- **Example**: {example}\n- **False alarms**: {false_alarms}\n- **What to do**: {action}\n",
                rule.code,
                rule.title,
                rule.role.name()
            );
            assert!(documentation.contains(&section), "docs/EXCEPTIONS.md lacks:\n{section}");
        }
    }
}
