//! Small ledgers for the rules' tests, written out as files and read as any other.

use crate::asof::documents::Documents;
use crate::asof::view::LedgerView;
use crate::base::day::{AsOf, Day};
use crate::exception::case::Case;
use crate::exception::finding::Finding;
use crate::exception::policy::{Policy, SHIPPED};
use crate::exception::rule::RULES;
use crate::exception::twins::Learned;
use crate::ledger::load::{self, Opening};

/// Two lines were ordered and received in full: 10 of A at 12.00, and 4 of B at 50.00; 320.00 in all. Nothing was billed yet.
pub const ORDERED: [(&str, &str); 4] = [
    (
        "suppliers.csv",
        "id,name,segment,terms,bank_account\nS1,Alder,tools,net 30,DE1\nS2,Birch,,net 30,DE2\n",
    ),
    (
        "orders.csv",
        "id,side,party,ordered,amount,currency,status,terms,closed\n\
         PO1,purchase,S1,2025-01-02,320.00,EUR,open,net 30,\n",
    ),
    (
        "order_lines.csv",
        "order,line,item,quantity,unit_price,amount\nPO1,10,A,10,12.00,120.00\nPO1,20,B,4,50.00,200.00\n",
    ),
    (
        "receipts.csv",
        "id,order,order_line,received,quantity\nG1,PO1,10,2025-01-08,10\nG2,PO1,20,2025-01-08,4\n",
    ),
];

const BILLS: &str = "id,supplier,issued,due,amount,currency,type,tax,order,terms,posted,bank_account\n";
const LINES: &str = "document,line,item,description,quantity,unit_price,amount,tax,order,order_line\n";

/// What a rule finds in [`ORDERED`] with these bills and lines of bills besides, under the policy shipped.
pub fn billed(code: &str, bills: &str, lines: &str) -> Vec<Finding> {
    let (bills, lines) = (format!("{BILLS}{bills}"), format!("{LINES}{lines}"));
    let mut files = ORDERED.to_vec();
    files.extend([("bills.csv", bills.as_str()), ("bill_lines.csv", lines.as_str())]);
    found(code, &files, &[], None)
}

/// The files of [`ORDERED`], one of them with another text.
pub fn replaced<'a>(name: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = ORDERED.iter().copied().filter(|(other, _)| *other != name);
    others.chain([(name, text)]).collect()
}

/// Bills and their lines with their headers.
pub fn bills(rows: &str, lines: &str) -> [(&'static str, String); 2] {
    [("bills.csv", format!("{BILLS}{rows}")), ("bill_lines.csv", format!("{LINES}{lines}"))]
}

/// What a rule finds in these files as of a day, or the last one known, with these changes of the policy shipped.
pub fn found(
    code: &str,
    files: &[(&str, &str)],
    changes: &[(&str, &str)],
    as_of: Option<&str>,
) -> Vec<Finding> {
    let rule = RULES.iter().find(|rule| rule.code == code).unwrap();
    with_case(files, changes, as_of, |case| {
        let mut found = (rule.run)(case);
        found.sort_by(Finding::before);
        found
    })
}

/// What is made of the case of these files, with nothing learned.
pub fn with_case<T>(
    files: &[(&str, &str)],
    changes: &[(&str, &str)],
    as_of: Option<&str>,
    make: impl FnOnce(&Case) -> T,
) -> T {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let (loaded, register) = load::with_register(&Opening::of(folder.path())).unwrap();
    assert_eq!(loaded.intake.rejects, [], "the fixture is sound");
    let day = as_of.and_then(Day::from_iso).or_else(|| register.last_known()).unwrap();
    let documents = Documents::new(register, AsOf(day));
    let mut policy = SHIPPED.to_owned();
    for (from, to) in changes {
        assert!(policy.contains(from), "{from}");
        policy = policy.replacen(from, to, 1);
    }
    let policy = Policy::parse(&policy).unwrap();
    let claims = LedgerView::new(&loaded.ledger, AsOf(day)).ok();
    make(&Case::new(&documents, claims, &policy, Learned::default()))
}

/// Numbers of the documents found, with the stakes in minor units.
pub fn stakes(found: &[Finding]) -> Vec<(&str, i64)> {
    found.iter().map(|finding| (finding.document.id.as_str(), finding.stake)).collect()
}
