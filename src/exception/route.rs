//! Who looks at a finding, until when, and who must agree: the first route that fits it names the role and the working days
//! it may take, the chain of approvers follows from the amount at stake, and whoever is away has a delegate.

use serde::Serialize;

use super::finding::Finding;
use super::policy::{Delegate, Policy, Route, whole};
use super::triage::{State, Triaged};
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

/// Every open finding as a task. Those past their day come first, since their time is lost already whatever is looked at
/// first: among them goes what a minute is worth. Of the others those due soonest come first, and of one day what a minute is
/// worth decides.
pub fn tasks(findings: &[Finding], triaged: &[Triaged], policy: &Policy, as_of: AsOf) -> Vec<Task> {
    let open = findings.iter().zip(triaged).enumerate().filter(|(_, (_, one))| one.state == State::Open);
    let mut tasks: Vec<Task> = open.map(|(at, (finding, _))| task(at, finding, policy, as_of.0)).collect();
    let worth = |task: &Task| {
        let (finding, triaged) = (findings.get(task.finding)?, triaged.get(task.finding)?);
        Some((finding.currency, -triaged.worth, -finding.stake))
    };
    let due = |task: &Task| if task.overdue_days > 0 { None } else { Some(task.due) };
    tasks.sort_by_key(|task| (due(task), worth(task), task.finding));
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
    use crate::exception::triage::Chance;

    fn finding(code: &str, known: &str, stake: i64) -> Finding {
        let rule = RULES.iter().find(|rule| rule.code == code).unwrap();
        let document = Reference { kind: Kind::Bill, id: "R1".to_owned() };
        let eur = Currency::new(*b"EUR", 2);
        Finding::new(rule, document, Day::from_iso(known).unwrap(), eur).stake(stake)
    }

    /// What is open, worth a hundredth of its stake a minute.
    fn open(findings: &[Finding]) -> Vec<Triaged> {
        let chance = Chance { real: 1.0, let_pass: 0.0, why: String::new() };
        let open = |finding: &Finding| Triaged {
            state: State::Open,
            note: String::new(),
            decided: None,
            chance: chance.clone(),
            minutes: 100,
            worth: finding.stake / 100,
        };
        findings.iter().map(open).collect()
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
        let tasks = tasks(&found, &open(&found), &policy(), AsOf(Day::from_iso("2025-07-08").unwrap()));
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
    fn what_is_past_its_day_goes_by_worth_and_the_rest_by_day() {
        // Three working days from Tuesday 1 July end on the 4th, from Monday 7 July on the 10th, from Tuesday on the 11th.
        let known = ["2025-07-01", "2025-06-02", "2025-07-08", "2025-07-07", "2025-07-07"];
        let found: Vec<Finding> = known
            .iter()
            .zip([20_000, 10_000, 50_000, 10_000, 20_000])
            .map(|(known, stake)| finding("NO_PO", known, stake))
            .collect();
        let mut triaged = open(&found);
        let ranked = |triaged: &[Triaged]| {
            let tasks = tasks(&found, triaged, &policy(), AsOf(Day::from_iso("2025-07-09").unwrap()));
            tasks.iter().map(|task| task.finding).collect::<Vec<_>>()
        };
        assert_eq!(ranked(&triaged), [0, 1, 4, 3, 2]);
        triaged[1].worth = 1_000;
        triaged[4].state = State::Judged;
        triaged[2].state = State::Suppressed;
        assert_eq!(ranked(&triaged), [1, 0, 3]);
    }

    #[test]
    fn the_chain_of_approvers_ends_with_whose_limit_is_enough() {
        let chain = |stake, day: &str| {
            let found = [finding("NO_PO", "2025-07-04", stake)];
            let as_of = AsOf(Day::from_iso(day).unwrap());
            tasks(&found, &open(&found), &policy(), as_of)[0].approvers.clone()
        };
        assert_eq!(chain(50_000, "2025-07-20"), ["lead"]);
        assert_eq!(chain(50_001, "2025-07-20"), ["lead", "controller"]);
        assert_eq!(chain(50_001, "2025-07-14"), ["lead", "deputy for controller"]);
        assert_eq!(chain(1_000_001, "2025-07-20"), ["lead", "controller", "cfo"]);
    }
}
