//! Who is in a ledger: every party's id with all its spellings, as its rows are read.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::{Party, likely_same, mangled};
use crate::base::sheet::{Cells, Sheet};
use crate::ledger::draft::Draft;
use crate::ledger::key;

/// Most spellings kept of one party: the real record is some twenty.
const SPELLINGS_MAX: usize = 100;

/// The parties of one side of a ledger.
#[derive(Debug, Default)]
pub struct Census {
    by_id: HashMap<u128, usize>,
    people: Vec<Person>,
}

#[derive(Debug, Default)]
struct Person {
    id: String,
    names: Vec<String>,
    email: String,
    phone: String,
    bank_account: String,
}

/// Something about parties that people should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `customers` or `suppliers`.
    pub side: &'static str,
    /// Ids of the parties: two that are likely one, or one that goes by several names or by an id that is none.
    pub ids: Vec<String>,
    /// What shows it.
    pub evidence: String,
}

impl Census {
    /// Takes in the parties of a block; rows that were rejected show who there is as well as others.
    pub fn add(&mut self, draft: &Draft) {
        let own = matches!(draft.table.name, "customers" | "suppliers");
        let (id, name) = if own { ("id", "name") } else { (party_column(draft), "party_name") };
        let Some(id) = draft.table.position(id) else { return };
        let named = draft.has(name);
        // Neighbours are often of one party.
        let mut last = None;
        for row in 0..draft.rows() {
            let text = draft.text_at(id, row);
            if text.is_empty() {
                continue;
            }
            let print = key::one(&text);
            if last == Some(print) && !own && !named {
                continue;
            }
            let next = self.people.len();
            let at = *self.by_id.entry(print).or_insert(next);
            last = Some(print);
            if at == next {
                self.people.push(Person { id: text.as_ref().to_owned(), ..Person::default() });
            }
            let person = &mut self.people[at];
            if named {
                person.spelled(&draft.text(name, row));
            }
            if own {
                draft.text("email", row).as_ref().clone_into(&mut person.email);
                draft.text("phone", row).as_ref().clone_into(&mut person.phone);
                draft.text("bank_account", row).as_ref().clone_into(&mut person.bank_account);
            }
        }
    }

    /// What should be looked at: likely doubles, ids that a spreadsheet spoilt, parties of several names.
    pub fn notices(&self, side: &'static str) -> Vec<Notice> {
        // By id, so that the order of rows does not matter.
        let people: BTreeMap<&str, &Person> =
            self.people.iter().map(|person| (person.id.as_str(), person)).collect();
        let parties: Vec<Party> = people.values().map(|person| person.party()).collect();
        let one = |id: &str, evidence: String| Notice { side, ids: vec![id.to_owned()], evidence };
        let alike = likely_same(&parties).into_iter().map(|alike| {
            let evidence: Vec<String> = alike.evidence.iter().map(ToString::to_string).collect();
            let ids = [alike.left, alike.right].map(|at| parties[at].id.to_owned());
            Notice { side, ids: ids.to_vec(), evidence: evidence.join("; ") }
        });
        let spoilt = people.keys().filter_map(|id| Some(one(id, mangled(id)?.to_string())));
        let several = parties.iter().filter(|party| party.names.len() > 1);
        let several = several.map(|party| {
            one(party.id, format!("goes by {} names: {}", party.names.len(), party.names.join(" | ")))
        });
        alike.chain(spoilt).chain(several).collect()
    }
}

impl Person {
    fn spelled(&mut self, name: &str) {
        if !name.is_empty()
            && self.names.len() < SPELLINGS_MAX
            && !self.names.iter().any(|known| known == name)
        {
            self.names.push(name.to_owned());
        }
    }

    fn party(&self) -> Party<'_> {
        let mut names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        names.sort_unstable();
        Party {
            id: &self.id,
            names,
            email: &self.email,
            phone: &self.phone,
            bank_account: &self.bank_account,
        }
    }
}

/// The column of a table that names its customer or supplier.
fn party_column(draft: &Draft) -> &'static str {
    let party =
        |column: &&crate::ledger::table::Column| matches!(column.refers_to, Some("customers" | "suppliers"));
    draft.table.columns.iter().find(party).map_or("", |column| column.name)
}

/// The side of a table's party: `customers` or `suppliers`.
pub fn side(draft: &Draft) -> Option<&'static str> {
    match draft.table.name {
        name @ ("customers" | "suppliers") => Some(name),
        _ => {
            draft.table.columns.iter().find_map(|column| {
                column.refers_to.filter(|table| matches!(*table, "customers" | "suppliers"))
            })
        }
    }
}

/// The notices as a table.
pub fn sheet(notices: &[Notice]) -> Sheet {
    let id =
        |at: usize| notices.iter().map(|notice| notice.ids.get(at).cloned().unwrap_or_default()).collect();
    Sheet::new("parties")
        .with("side", Cells::Word(notices.iter().map(|notice| notice.side).collect()))
        .with("id", Cells::Text(id(0)))
        .with("likely_same_as", Cells::Text(id(1)))
        .with("evidence", Cells::Text(notices.iter().map(|notice| notice.evidence.clone()).collect()))
}
