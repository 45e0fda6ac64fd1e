//! Who pays: names of payers compared with those of customers, and accounts and names seen with a customer before.

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::alike::{ALIKE_MAX, Names, normal};
use super::{Item, Receipt};

/// How much less alike than the best a name may be to be asked as well.
pub(super) const NEAR: f32 = 0.1;

/// What a payer is known by when it pays for somebody again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum By {
    /// The account without signs.
    Account,
    /// The normal form of the name.
    Name,
    /// The number of the customer that the receipt states.
    Stated,
}

impl By {
    const ALL: [Self; 3] = [Self::Account, Self::Name, Self::Stated];
}

/// Customers, payers and accounts, each with a number.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// The customer of each party that was given, those of the items first.
    pub of_item: Vec<u32>,
    /// The customer that a receipt states, where it is one of an item's.
    pub stated: Vec<Option<u32>>,
    /// The payer's name of each receipt, if it has one.
    pub payer: Vec<Option<u32>>,
    /// The account of each receipt, if it has one.
    account: Vec<Option<u32>>,
    /// The customer's number that a receipt states, of an item or not.
    booked_to: Vec<Option<u32>>,
    /// Number of customers.
    pub customers: usize,
    /// By payer: customers of like names, the most alike first.
    alike: Vec<Vec<(u32, f32)>>,
    /// Numbers of customers' keys.
    keys: HashMap<String, u32>,
    /// Numbers of what payers are known by, in the order of [`By`].
    known: [HashMap<String, u32>; 3],
}

/// What a payer is known by, with a customer whose items it settled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Habit {
    pub by: By,
    pub payer: String,
    /// The customer's number, or name where it has none.
    pub customer: String,
    pub times: u32,
}

/// How often payers were seen with customers, in the order of [`By`].
#[derive(Debug, Clone, Default)]
pub(super) struct Votes([HashMap<u32, Vec<(u32, f32)>>; 3]);

/// Customers with the times they were paid for.
type Times = [(u32, f32)];

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

/// The number of an item's customer, or its name where it has none.
pub(super) fn key(item: &Item) -> &str {
    if item.customer.is_empty() { &item.name } else { &item.customer }
}

impl Directory {
    /// Of customers, each with its key and one of its names, and of what came in.
    pub(super) fn new<'a>(parties: impl Iterator<Item = (&'a str, &'a str)>, receipts: &[&Receipt]) -> Self {
        let mut customers = Numbers::default();
        let mut known: [Numbers; 3] = Default::default();
        let mut names: Vec<Vec<String>> = Vec::new();
        let mut seen = HashSet::new();
        let mut of_item = Vec::new();
        for (key, name) in parties {
            let customer = customers.of(key.to_owned());
            if names.len() <= customer as usize {
                names.push(Vec::new());
            }
            if seen.insert((customer, name)) {
                names[customer as usize].push(normal(name));
            }
            of_item.push(customer);
        }
        let stated = |receipt: &&Receipt| customers.0.get(receipt.customer.as_ref()?).copied();
        let stated = receipts.iter().map(stated).collect();
        let mut normals: HashMap<&str, String> = HashMap::new();
        let [accounts, payers, numbers] = &mut known;
        let mut payer = Vec::with_capacity(receipts.len());
        let mut account = Vec::with_capacity(receipts.len());
        let mut booked_to = Vec::with_capacity(receipts.len());
        for &receipt in receipts {
            let normal = normals.entry(&receipt.payer).or_insert_with(|| normal(&receipt.payer));
            payer.push(payers.optional(normal.clone()));
            account.push(accounts.optional(signs(&receipt.account)));
            booked_to.push(numbers.optional(receipt.customer.clone().unwrap_or_default()));
        }
        let mut sorted: Vec<(&String, u32)> = payers.0.iter().map(|(name, at)| (name, *at)).collect();
        sorted.sort_unstable_by_key(|(_, number)| *number);
        let names = Names::new(&names);
        let alike = sorted.par_iter().map(|(payer, _)| names.alike(payer)).collect();
        let (keys, known) = (customers.0, known.map(|numbers| numbers.0));
        Self { of_item, stated, payer, account, booked_to, customers: keys.len(), alike, keys, known }
    }

    /// Adds votes of the past, as far as payer and customer occur again.
    pub(super) fn recall(&self, habits: &[Habit], votes: &mut Votes) {
        for habit in habits {
            let payer = self.known[habit.by as usize].get(&habit.payer);
            if let (Some(&payer), Some(&customer)) = (payer, self.keys.get(&habit.customer)) {
                add(&mut votes.0[habit.by as usize], payer, customer, habit.times as f32);
            }
        }
    }

    /// The votes, to be recalled another time.
    pub(super) fn habits(&self, votes: &Votes) -> Vec<Habit> {
        let names: HashMap<u32, &String> = self.keys.iter().map(|(name, at)| (*at, name)).collect();
        let mut habits: Vec<Habit> = Vec::new();
        for by in By::ALL {
            for (payer, at) in &self.known[by as usize] {
                for (customer, times) in votes.0[by as usize].get(at).into_iter().flatten() {
                    let Some(&customer) = names.get(customer) else { continue };
                    let (payer, customer) = (payer.clone(), customer.clone());
                    habits.push(Habit { by, payer, customer, times: *times as u32 });
                }
            }
        }
        habits.sort_unstable();
        habits
    }

    /// Adds that an account is on file as a customer's, which is worth so many payments.
    pub(super) fn owns(&self, votes: &mut Votes, account: &str, customer: &str, times: f32) {
        let account = self.known[By::Account as usize].get(&signs(account));
        if let (Some(&account), Some(&customer)) = (account, self.keys.get(customer)) {
            add(&mut votes.0[By::Account as usize], account, customer, times);
        }
    }

    /// The number of a customer by its key.
    pub(super) fn number(&self, key: &str) -> Option<u32> {
        self.keys.get(key).copied()
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
                add(&mut votes.0[By::Account as usize], *account, *customer, 1.0);
            }
        }
        votes
    }

    /// Adds that a receipt's payer was seen with a customer.
    pub(super) fn vote(&self, votes: &mut Votes, receipt: u32, customer: u32) {
        for by in By::ALL {
            if let Some(payer) = self.payer_by(by, receipt as usize) {
                add(&mut votes.0[by as usize], payer, customer, 1.0);
            }
        }
    }

    fn payer_by(&self, by: By, receipt: usize) -> Option<u32> {
        let of = match by {
            By::Account => &self.account,
            By::Name => &self.payer,
            By::Stated => &self.booked_to,
        };
        of.get(receipt).copied().flatten()
    }

    /// Votes for customers by what is known of a receipt's payer.
    pub(super) fn heard<'a>(&self, votes: &'a Votes, by: By, receipt: usize) -> &'a Times {
        let payer = self.payer_by(by, receipt);
        payer.and_then(|payer| votes.0[by as usize].get(&payer)).map_or(&[][..], Vec::as_slice)
    }

    /// Votes by a receipt's account, and by its name.
    fn overheard<'a>(&self, votes: &'a Votes, receipt: usize) -> [&'a Times; 2] {
        [By::Account, By::Name].map(|by| self.heard(votes, by, receipt))
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
        let heard = self.overheard(votes, receipt).into_iter().flat_map(|votes| votes.iter().take(ALIKE_MAX));
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
        self.overheard(votes, receipt).into_iter().filter_map(share).reduce(f32::max)
    }
}

/// An account or a name without blanks and signs, in capital letters.
pub(super) fn signs(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_uppercase).collect()
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
        let parties = items.iter().map(|item| (key(item), item.name.as_str()));
        let directory = Directory::new(parties, &receipts.iter().collect::<Vec<_>>());
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
