//! Who looks at a finding, until when, and who must agree: the first route that fits it names the role and the working days
//! it may take, the chain of approvers follows from the amount at stake, and whoever is away has a delegate.

use serde::Serialize;

use super::finding::Finding;
use super::policy::{Delegate, Policy, Route, whole};
use crate::base::day::{AsOf, Day};
use crate::statute::bank_day::BankDays;

/// A finding on somebody's desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Position of the finding.
    pub finding: usize,
    /// Whose matter it is.
    pub role: &'static str,
    /// Last day to deal with it.
    pub due: Day,
    /// Working days since the document was known.
    pub age_days: i32,
    /// Working days past the last one; zero while there is time.
    pub overdue_days: i32,
    /// Who must agree, in order; a delegate stands with whom it stands in for.
    pub approvers: Vec<String>,
}

/// Every finding as a task: those longest past their day first, then those due soonest; of one day the largest.
pub fn tasks(findings: &[Finding], policy: &Policy, as_of: AsOf) -> Vec<Task> {
    let task = |(at, finding)| task(at, finding, policy, as_of.0);
    let mut tasks: Vec<Task> = findings.iter().enumerate().map(task).collect();
    let stake = |task: &Task| findings.get(task.finding).map(|finding| (finding.currency, -finding.stake));
    tasks.sort_by_key(|task| (-task.overdue_days, task.due, stake(task), task.finding));
    tasks
}

fn task(at: usize, finding: &Finding, policy: &Policy, as_of: Day) -> Task {
    let stake = whole(finding.stake, finding.currency);
    let route = policy.routes.iter().find(|route| route.fits(finding.code, stake));
    let working = BankDays::of(finding.currency.code());
    let days = route.map_or(0, Route::business_days);
    let due = (0..days).fold(working.next(finding.known), |day, _| working.next(day.plus(1)));
    let mut approvers = Vec::new();
    for approver in &policy.approvers {
        approvers.push(standing_in(&approver.name, &policy.delegates, as_of));
        if approver.limit().is_none_or(|limit| limit >= stake) {
            break;
        }
    }
    Task {
        finding: at,
        role: route.and_then(Route::role).unwrap_or(finding.role).name(),
        due,
        age_days: working.between(finding.known, as_of),
        overdue_days: working.between(due, as_of),
        approvers,
    }
}

fn standing_in(name: &str, delegates: &[Delegate], as_of: Day) -> String {
    let away = delegates.iter().find(|one| one.of == name && (one.from..=one.until).contains(&as_of));
    away.map_or_else(|| name.to_owned(), |one| format!("{} for {name}", one.to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::money::Currency;
    use crate::exception::finding::{Kind, Reference};
    use crate::exception::policy::SHIPPED;
    use crate::exception::rule::RULES;

    fn finding(code: &str, known: &str, stake: i64) -> Finding {
        let rule = RULES.iter().find(|rule| rule.code == code).unwrap();
        let document = Reference { kind: Kind::Bill, id: "R1".to_owned() };
        let eur = Currency::new(*b"EUR", 2);
        Finding::new(rule, document, Day::from_iso(known).unwrap(), eur).stake(stake)
    }

    fn policy() -> Policy {
        let (rules, _) = SHIPPED.split_once("[[route]]").unwrap();
        let routes = "\
            [[route]]\ncodes = [\"PRICE_VARIANCE\"]\nabove = \"1000.00\"\nrole = \"ap\"\nbusiness_days = 1\n\
            [[route]]\ncodes = [\"*\"]\nbusiness_days = 3\n\
            [[approver]]\nname = \"lead\"\nup_to = \"500.00\"\n\
            [[approver]]\nname = \"controller\"\nup_to = \"10000.00\"\n\
            [[approver]]\nname = \"cfo\"\nup_to = \"any\"\n\
            [[delegate]]\nof = \"controller\"\nto = \"deputy\"\nfrom = \"2025-07-01\"\nuntil = \"2025-07-14\"\n";
        Policy::parse(&format!("{rules}{routes}")).unwrap()
    }

    #[test]
    fn the_first_route_that_fits_decides_and_weekends_do_not_count() {
        // Known on Friday 4 July 2025.
        let found = [
            finding("PRICE_VARIANCE", "2025-07-04", 100_001),
            finding("PRICE_VARIANCE", "2025-07-04", 100_000),
        ];
        let tasks = tasks(&found, &policy(), AsOf(Day::from_iso("2025-07-08").unwrap()));
        // 1,000.01: accounts payable until Monday 7 July, one day past it on Tuesday.
        let [first, second] = tasks.as_slice() else { panic!("two tasks") };
        assert_eq!((first.finding, first.role, first.due.to_string().as_str()), (0, "ap", "2025-07-07"));
        assert_eq!((first.age_days, first.overdue_days), (2, 1));
        // 1,000.00: the rule's own role until Wednesday 9 July.
        assert_eq!(
            (second.role, second.due.to_string().as_str(), second.overdue_days),
            ("buyer", "2025-07-09", 0)
        );
    }

    #[test]
    fn the_chain_of_approvers_ends_with_whose_limit_is_enough() {
        let chain = |stake, day: &str| {
            let found = [finding("NO_PO", "2025-07-04", stake)];
            tasks(&found, &policy(), AsOf(Day::from_iso(day).unwrap()))[0].approvers.clone()
        };
        assert_eq!(chain(50_000, "2025-07-20"), ["lead"]);
        assert_eq!(chain(50_001, "2025-07-20"), ["lead", "controller"]);
        assert_eq!(chain(50_001, "2025-07-14"), ["lead", "deputy for controller"]);
        assert_eq!(chain(1_000_001, "2025-07-20"), ["lead", "controller", "cfo"]);
    }
}
