//! Who pays: names of payers compared with those of customers, and accounts and names seen with a customer before.

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::alike::{ALIKE_MAX, Names, normal};
use super::{Item, Receipt};

/// How much less alike than the best a name may be to be asked as well.
const NEAR: f32 = 0.1;

/// Customers, payers and accounts, each with a number.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// The customer of each item.
    pub of_item: Vec<u32>,
    /// The customer that a receipt states, where it is one of an item's.
    pub stated: Vec<Option<u32>>,
    /// The payer's name of each receipt, if it has one.
    pub payer: Vec<Option<u32>>,
    /// The account of each receipt, if it has one.
    pub account: Vec<Option<u32>>,
    /// Number of customers.
    pub customers: usize,
    /// By payer: customers of like names, the most alike first.
    alike: Vec<Vec<(u32, f32)>>,
    /// Numbers of customers' keys, of accounts, and of payers' normal forms.
    known: [HashMap<String, u32>; 3],
}

/// An account or a payer's name with a customer whose items it settled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Habit {
    /// The account without signs; else the normal form of the name.
    pub is_account: bool,
    pub payer: String,
    /// The customer's number, or name where it has none.
    pub customer: String,
    pub times: u32,
}

/// How often accounts and payers' names were seen with customers.
#[derive(Debug, Clone, Default)]
pub(super) struct Votes {
    by_account: HashMap<u32, Vec<(u32, f32)>>,
    by_payer: HashMap<u32, Vec<(u32, f32)>>,
}

/// Gives texts numbers in the order in which they come.
#[derive(Default)]
struct Numbers(HashMap<String, u32>);

impl Numbers {
    fn of(&mut self, text: String) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(text).or_insert(next)
    }

    fn optional(&mut self, text: String) -> Option<u32> {
        if text.is_empty() { None } else { Some(self.of(text)) }
    }
}

impl Directory {
    pub(super) fn new(items: &[&Item], receipts: &[&Receipt]) -> Self {
        let (mut customers, mut payers, mut accounts) =
            (Numbers::default(), Numbers::default(), Numbers::default());
        let mut names: Vec<Vec<String>> = Vec::new();
        let mut seen = HashSet::new();
        let mut of_item = Vec::with_capacity(items.len());
        for &item in items {
            let key = if item.customer.is_empty() { &item.name } else { &item.customer };
            let customer = customers.of(key.clone());
            if names.len() <= customer as usize {
                names.push(Vec::new());
            }
            if seen.insert((customer, item.name.as_str())) {
                names[customer as usize].push(normal(&item.name));
            }
            of_item.push(customer);
        }
        let stated = |receipt: &&Receipt| customers.0.get(receipt.customer.as_ref()?).copied();
        let stated = receipts.iter().map(stated).collect();
        let mut normals: HashMap<&str, String> = HashMap::new();
        let mut payer = Vec::with_capacity(receipts.len());
        let mut account = Vec::with_capacity(receipts.len());
        for &receipt in receipts {
            let normal = normals.entry(&receipt.payer).or_insert_with(|| normal(&receipt.payer));
            payer.push(payers.optional(normal.clone()));
            let letters = receipt.account.chars().filter(|sign| sign.is_alphanumeric());
            account.push(accounts.optional(letters.flat_map(char::to_uppercase).collect()));
        }
        let mut sorted: Vec<(&String, u32)> = payers.0.iter().map(|(name, at)| (name, *at)).collect();
        sorted.sort_unstable_by_key(|(_, number)| *number);
        let names = Names::new(&names);
        let alike = sorted.par_iter().map(|(payer, _)| names.alike(payer)).collect();
        let known = [customers.0, accounts.0, payers.0];
        Self { of_item, stated, payer, account, customers: known[0].len(), alike, known }
    }

    /// Adds votes of the past, as far as account, name and customer occur again.
    pub(super) fn recall(&self, habits: &[Habit], votes: &mut Votes) {
        let [customers, accounts, payers] = &self.known;
        for habit in habits {
            let payer = if habit.is_account { accounts } else { payers }.get(&habit.payer);
            if let (Some(&payer), Some(&customer)) = (payer, customers.get(&habit.customer)) {
                let map = if habit.is_account { &mut votes.by_account } else { &mut votes.by_payer };
                add(map, payer, customer, habit.times as f32);
            }
        }
    }

    /// The votes, to be recalled another time.
    pub(super) fn habits(&self, votes: &Votes) -> Vec<Habit> {
        let [customers, accounts, payers] = &self.known;
        let of = |is_account: bool, map: &HashMap<u32, Vec<(u32, f32)>>, texts: &HashMap<String, u32>| {
            let names: HashMap<u32, &String> = customers.iter().map(|(name, at)| (*at, name)).collect();
            let mut habits: Vec<Habit> = Vec::new();
            for (payer, at) in texts {
                for (customer, times) in map.get(at).into_iter().flatten() {
                    let Some(&customer) = names.get(customer) else { continue };
                    let (payer, customer) = (payer.clone(), customer.clone());
                    habits.push(Habit { is_account, payer, customer, times: *times as u32 });
                }
            }
            habits.sort_unstable();
            habits
        };
        [of(true, &votes.by_account, accounts), of(false, &votes.by_payer, payers)].concat()
    }

    /// Customers whose names are like the payer's of a receipt, the most alike first.
    pub(super) fn alike(&self, receipt: usize) -> &[(u32, f32)] {
        let payer = self.payer.get(receipt).copied().flatten();
        payer.and_then(|payer| self.alike.get(payer as usize)).map_or(&[], Vec::as_slice)
    }

    /// Votes of the receipts themselves: an account belongs to the customer whose very name its payer bears.
    pub(super) fn namesakes(&self) -> Votes {
        let mut votes = Votes::default();
        for (receipt, account) in self.account.iter().enumerate() {
            if let (Some(account), [(customer, 1.0..), rest @ ..]) = (account, self.alike(receipt))
                && rest.first().is_none_or(|next| next.1 < 1.0)
            {
                add(&mut votes.by_account, *account, *customer, 1.0);
            }
        }
        votes
    }

    /// Adds that a receipt's account and name were seen with a customer.
    pub(super) fn vote(&self, votes: &mut Votes, receipt: u32, customer: u32) {
        let at = receipt as usize;
        if let Some(account) = self.account.get(at).copied().flatten() {
            add(&mut votes.by_account, account, customer, 1.0);
        }
        if let Some(payer) = self.payer.get(at).copied().flatten() {
            add(&mut votes.by_payer, payer, customer, 1.0);
        }
    }

    /// Votes for customers by a receipt's account, and by its name.
    fn heard<'a>(&self, votes: &'a Votes, receipt: usize) -> [&'a [(u32, f32)]; 2] {
        let of = |map: &'a HashMap<u32, Vec<(u32, f32)>>, key: Option<&Option<u32>>| {
            key.copied().flatten().and_then(|key| map.get(&key)).map_or(&[][..], Vec::as_slice)
        };
        [of(&votes.by_account, self.account.get(receipt)), of(&votes.by_payer, self.payer.get(receipt))]
    }

    /// Customers that may have paid a receipt, without order, each once.
    pub(super) fn suspects(&self, votes: &Votes, receipt: usize) -> Vec<u32> {
        if let Some(stated) = self.stated.get(receipt).copied().flatten() {
            return vec![stated];
        }
        let alike = self.alike(receipt);
        // Beside a customer of this very name the merely alike are not asked.
        let near = alike.first().map_or(0.0, |best| best.1 - NEAR);
        let alike = alike.iter().filter(|(_, likeness)| *likeness >= near);
        let heard = self.heard(votes, receipt).into_iter().flat_map(|votes| votes.iter().take(ALIKE_MAX));
        let mut suspects: Vec<u32> = alike.chain(heard).map(|(customer, _)| *customer).collect();
        suspects.sort_unstable();
        suspects.dedup();
        suspects
    }

    /// The customer's part of the votes of a receipt's account or name, the greater; nothing if neither was seen.
    pub(super) fn share(&self, votes: &Votes, receipt: usize, customer: u32) -> Option<f32> {
        let share = |votes: &[(u32, f32)]| {
            let own: f32 = votes.iter().filter(|vote| vote.0 == customer).map(|vote| vote.1).sum();
            let all: f32 = votes.iter().map(|vote| vote.1).sum();
            (all > 0.0).then(|| own / all)
        };
        self.heard(votes, receipt).into_iter().filter_map(share).reduce(f32::max)
    }
}

fn add(votes: &mut HashMap<u32, Vec<(u32, f32)>>, key: u32, customer: u32, times: f32) {
    let votes = votes.entry(key).or_default();
    match votes.iter_mut().find(|vote| vote.0 == customer) {
        Some(vote) => vote.1 += times,
        None => votes.push((customer, times)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::Day;
    use crate::base::money::Currency;

    const EUR: Currency = Currency::new(*b"EUR", 2);

    fn item(customer: &str, name: &str) -> Item {
        let (customer, name) = (customer.to_owned(), name.to_owned());
        let (issued, due) = (Day(0), Day(30));
        let (id, references) = (customer.clone(), Vec::new());
        Item {
            id,
            references,
            customer,
            name,
            amount: 1,
            currency: EUR,
            issued,
            due,
            discount: None,
            held: false,
        }
    }

    fn receipt(payer: &str, account: &str) -> Receipt {
        let (id, payer, account) = (payer.to_owned(), payer.to_owned(), account.to_owned());
        let memo = String::new();
        Receipt {
            id,
            customer: None,
            payer,
            account,
            memo,
            amount: None,
            currency: EUR,
            day: Day(9),
            held: None,
        }
    }

    #[test]
    fn an_account_belongs_to_the_customer_whose_name_was_used_with_it() {
        let items = [item("A", "Bell Tower Ltd"), item("B", "Stone Bridge GmbH")];
        let receipts =
            [receipt("BELL TOWER", "DE 12-3"), receipt("XY Trading", "DE123"), receipt("XY Trading", "")];
        let directory =
            Directory::new(&items.iter().collect::<Vec<_>>(), &receipts.iter().collect::<Vec<_>>());
        let mut votes = directory.namesakes();
        assert_eq!(directory.suspects(&votes, 0), [0]);
        assert_eq!(directory.suspects(&votes, 1), [0]);
        assert_eq!(directory.share(&votes, 1, 0), Some(1.0));
        // The name alone says nothing until it was seen to pay.
        assert!(directory.suspects(&votes, 2).is_empty());
        directory.vote(&mut votes, 1, 0);
        assert_eq!(directory.suspects(&votes, 2), [0]);
        let habits = directory.habits(&votes);
        let mut recalled = Votes::default();
        directory.recall(&habits, &mut recalled);
        assert_eq!(directory.share(&recalled, 2, 0), Some(1.0));
    }
}
