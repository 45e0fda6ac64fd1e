//! A bill asks to be paid to an account that is new for the supplier.

use super::amount_over_order::capital;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind};
use crate::exception::policy::tolerance::Difference;
use crate::exception::rule::{Page, Role, Rule};
use crate::ledger::register::Document;
use crate::ledger::register::words::Word;

pub const RULE: Rule = Rule {
    code: "REMIT_BANK_CHANGED",
    title: "To be paid to an account that is new for the supplier",
    role: Role::Payables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "the account on a bill against that of the supplier's table and those on its earlier bills; an account is new until it has been on the supplier's bills for `new_account_days`. The table's own account is new only if two earlier bills had another and none had it",
        why: "a changed account is how most payment fraud begins",
        example: "twelve bills to DE1, the next one to GB9",
        false_alarms: "suppliers with several accounts, and factoring that began lately",
        action: "call the supplier on a number known before, not on one from the bill; until then nothing is paid",
    },
    run,
};

/// An account of a supplier.
struct Account {
    id: Word,
    /// Day of the first bill with it, and bills with other accounts before that.
    first: i32,
    others_before: usize,
}

fn run(case: &Case) -> Vec<Finding> {
    let bills: Vec<(usize, &Document)> =
        case.bills().filter(|(_, one)| !one.bank_account.is_empty()).collect();
    let mut found = Vec::new();
    for of_party in bills.chunk_by(|(_, left), (_, right)| left.party == right.party) {
        let mut seen: Vec<Account> = Vec::new();
        for (before, (at, document)) in of_party.iter().enumerate() {
            let own = case.documents.party_of(*at).map_or(Word::EMPTY, |party| party.bank_account);
            let known = document.stamp.known.0;
            let account = document.bank_account;
            if !seen.iter().any(|one| one.id == account) {
                seen.push(Account { id: account, first: known, others_before: before });
            }
            let Some(one) = seen.iter().find(|one| one.id == account) else { continue };
            let is_young = known - one.first < case.policy.settings.new_account_days;
            let is_new = is_young
                && match (own.is_empty(), account == own) {
                    (true, _) => one.others_before > 0,
                    (false, true) => one.others_before > 1,
                    (false, false) => true,
                };
            let tolerance = case.tolerance(&RULE, *at, Word::EMPTY);
            if tolerance.is_broken(Difference { by: i128::from(is_new), of: 0, worth: None }, 1) {
                let usual = if own.is_empty() || own == account {
                    seen.first().map_or(Word::EMPTY, |one| one.id)
                } else {
                    own
                };
                found.push(finding(case, *at, document, usual));
            }
        }
    }
    found
}

fn finding(case: &Case, at: usize, document: &Document, usual: Word) -> Finding {
    let (own, usual) = (case.text(document.bank_account), case.text(usual));
    let sentence = format!(
        "{} over {} is to be paid to {own}, which is new for supplier {}; so far it was {usual}",
        capital(&case.name(document)),
        document.currency.display(document.amount.into()),
        case.text(document.party),
    );
    let finding = case.finding(&RULE, at, document).with(Kind::Party, case.text(document.party));
    let finding = finding.figures(usual.to_owned(), own.to_owned(), "another account".to_owned());
    finding.stake(document.amount).confidence(80).because(&sentence)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{billed, stakes};

    fn paid_to(rows: &[(&str, &str, &str)]) -> Vec<(String, i64)> {
        let row = |(id, day, account): &(&str, &str, &str)| {
            format!("{id},S1,{day},,100.00,EUR,invoice,0.00,PO1,net 30,{day},{account}\n")
        };
        let found = billed("REMIT_BANK_CHANGED", &rows.iter().map(row).collect::<String>(), "");
        stakes(&found).into_iter().map(|(id, stake)| (id.to_owned(), stake)).collect()
    }

    #[test]
    fn another_account_than_the_suppliers_is_found_until_it_is_old() {
        let found = paid_to(&[
            ("R1", "2025-01-10", "DE1"),
            ("R2", "2025-02-10", "GB9"),
            ("R3", "2025-02-20", "GB9"),
            ("R4", "2025-06-20", "GB9"),
        ]);
        assert_eq!(found, [("R2".to_owned(), 10_000), ("R3".to_owned(), 10_000)]);
        // The table was changed to the account of the third bill.
        let found =
            paid_to(&[("R1", "2025-01-10", "GB9"), ("R2", "2025-06-10", "GB9"), ("R3", "2025-06-20", "DE1")]);
        assert_eq!(found, [("R1".to_owned(), 10_000), ("R3".to_owned(), 10_000)]);
    }

    #[test]
    fn the_suppliers_own_account_passes() {
        assert!(
            paid_to(&[("R1", "2025-01-10", "DE1"), ("R2", "2025-02-10", "DE1"), ("R3", "2025-02-10", "")])
                .is_empty()
        );
    }
}
