//! What speaks against booking a set unseen, whatever the models say: the payer is another customer, or the memo names
//! something else. Here all customers of the ledger and all its invoices are asked, not only those with something open.

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

use super::alike::normal;
use super::desk::{Desk, Rest, SPOKEN_FOR_SIGNS_MIN};
use super::leftover::NAME_MIN;
use super::payer::{By, Directory, Habit, NEAR, Votes, key, signs};
use super::set_row::pair;
use super::sets::{Pair, Pairs};
use super::text::{Folded, reference};
use super::{Closed, Known, Set, reason};

/// Payments for somebody else from which that is a habit: once may have been a slip.
const HABIT_TIMES_MIN: f32 = 2.0;

/// Signs from which a name of two words or more is no chance.
const NAME_SIGNS_MIN: usize = 8;

/// Digits up to which a number may be a day or a number of the payer's own that is a stranger's invoice by accident.
const ACCIDENT_DIGITS_MAX: usize = 6;

/// What whole words of a memo are the number or the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Item(u32),
    /// Position among the documents that are not open.
    Closed(u32),
    Customer(u32),
}

/// Words of a memo that name something, and do not stand within others that do.
struct Mention {
    named: Vec<Named>,
    /// Too short a number to be no accident.
    is_short: bool,
}

/// What is known against sets.
pub(super) struct Guard<'a> {
    desk: &'a Desk<'a>,
    closed: &'a [Closed],
    /// Every customer, with the receipts of the desk; the items' come first.
    everyone: Directory,
    /// Each customer as it is shown.
    labels: Vec<String>,
    /// Customers by their names to the last letter, legal forms included.
    printed: HashMap<String, Vec<u32>>,
    /// Who paid for whom in the past, and whose accounts are on file.
    past: Votes,
    /// Whose very name came with an account today.
    today: Votes,
    mentions: Vec<Vec<Mention>>,
}

impl<'a> Guard<'a> {
    pub(super) fn new(desk: &'a Desk, known: &'a Known, habits: &[Habit]) -> Self {
        let of_items = desk.items.iter().map(|item| (key(item), item.name.as_str()));
        let others = known.customers.iter().map(|one| (one.number.as_str(), one.name.as_str()));
        let parties: Vec<(&str, &str)> = of_items.chain(others).collect();
        let everyone = Directory::new(parties.iter().copied(), &desk.receipts);
        let mut past = Votes::default();
        everyone.recall(habits, &mut past);
        for customer in &known.customers {
            everyone.owns(&mut past, &customer.account, &customer.number, HABIT_TIMES_MIN);
        }
        let mut labels = vec![String::new(); everyone.customers];
        let mut names = documents(desk, &known.closed);
        let mut printed: HashMap<String, Vec<u32>> = HashMap::new();
        let mut seen = HashSet::new();
        for (&(key, name), &customer) in parties.iter().zip(&everyone.of_item) {
            if !seen.insert((customer, name)) {
                continue;
            }
            printed.entry(signs(name)).or_default().push(customer);
            let label = &mut labels[customer as usize];
            if label.is_empty() {
                *label = if key == name { name.to_owned() } else { format!("{name} ({key})") };
            }
            for text in [reference(key), whole_name(name)] {
                add(&mut names, text, Named::Customer(customer));
            }
        }
        let mentions = desk.memos.par_iter().map(|memo| mentions(memo, &names)).collect();
        let today = everyone.namesakes();
        Self { desk, closed: &known.closed, everyone, labels, printed, past, today, mentions }
    }

    /// What speaks against a set, in sentences; nothing where nothing does.
    pub(super) fn against(&self, rest: &Rest, pairs: &Pairs, set: &Set) -> Vec<String> {
        let mut against: Vec<String> = Vec::new();
        for &receipt in &set.receipts {
            let all = self.payer(receipt as usize, set).into_iter();
            for reason in all.chain(self.memo(rest, pairs, receipt, set)) {
                if !against.contains(&reason) {
                    against.push(reason);
                }
            }
        }
        against
    }

    /// Whether a receipt of a set names a document of its payer, and the set is of others: what it means is not open here, or in
    /// another currency.
    pub(super) fn means_own(&self, set: &Set) -> bool {
        let customers = self.customers(set);
        let is_payers = |receipt: u32, named: Named| {
            let owner = self.owner(named).filter(|owner| !customers.contains(owner));
            owner.is_some_and(|owner| self.is_payer(receipt as usize, owner))
        };
        let means_own = |&receipt: &u32| {
            let named = self.mentions[receipt as usize].iter().flat_map(|mention| &mention.named).copied();
            let mut documents = named.filter(|named| !matches!(named, Named::Customer(_)));
            documents.clone().any(|named| is_payers(receipt, named))
                && !documents.any(|named| self.is_own(named, receipt, set, &customers))
        };
        set.receipts.iter().any(means_own)
    }

    /// Takes the pairs that make no set: they would only keep others from their items.
    pub(super) fn clear(&self, pairs: &mut Pairs) {
        let clear = |(receipt, pairs): (usize, &mut Vec<Pair>)| {
            pairs.retain(|pair| pair.found.exact || !self.means_own(&Set::one(receipt as u32, pair.item)));
        };
        pairs.par_iter_mut().enumerate().for_each(clear);
    }

    /// Customers whose items are in a set.
    fn customers(&self, set: &Set) -> Vec<u32> {
        let mut customers: Vec<u32> =
            set.items.iter().map(|&item| self.everyone.of_item[item as usize]).collect();
        customers.sort_unstable();
        customers.dedup();
        customers
    }

    /// That a receipt is somebody else's money: its customer in the ledger, its payer's name and its account each have a say.
    fn payer(&self, receipt: usize, set: &Set) -> Option<String> {
        let against = |customer: u32| {
            self.stated(receipt, customer)
                .or_else(|| self.name(receipt, customer))
                .or_else(|| self.account(receipt, customer))
        };
        self.customers(set).into_iter().find_map(against)
    }

    fn stated(&self, receipt: usize, customer: u32) -> Option<String> {
        let stated = self.desk.receipts[receipt].customer.as_deref()?;
        let number = self.everyone.stated[receipt];
        if number == Some(customer) || self.is_habit(By::Stated, receipt, customer) {
            return None;
        }
        let label = number.map_or(stated, |number| &self.labels[number as usize]);
        Some(format!("against it: the payment is booked to customer {label}"))
    }

    fn name(&self, receipt: usize, customer: u32) -> Option<String> {
        let payer = &self.desk.receipts[receipt].payer;
        let like = |other: u32| {
            format!("against it: payer `{payer}` is named like customer {}", self.labels[other as usize])
        };
        let alike = self.everyone.alike(receipt);
        let own = alike.iter().find(|(other, _)| *other == customer).map_or(0.0, |(_, likeness)| *likeness);
        let namesake = self.namesake(payer, customer);
        // Names that differ by their legal form alone are one in the past: only an account tells whose habit it was.
        if own >= 1.0
            && let Some(other) = namesake
            && !self.is_habit(By::Account, receipt, customer)
        {
            return Some(like(other));
        }
        if self.is_habit(By::Name, receipt, customer) {
            return None;
        }
        if let Some(&(other, best)) = alike.first()
            && best >= NAME_MIN
            && (own < best - NEAR || best >= 1.0 && own < best)
        {
            return Some(like(namesake.unwrap_or(other)));
        }
        if own >= NAME_MIN {
            return None;
        }
        let other = self.other(&self.past, By::Name, receipt, customer)?;
        Some(format!(
            "against it: payer `{payer}` was seen to pay for customer {}",
            self.labels[other as usize]
        ))
    }

    /// Another customer who has a payer's name to the last letter, where this one has not.
    fn namesake(&self, payer: &str, customer: u32) -> Option<u32> {
        let bearers = self.printed.get(&signs(payer))?;
        if bearers.contains(&customer) { None } else { bearers.first().copied() }
    }

    fn account(&self, receipt: usize, customer: u32) -> Option<String> {
        let past = self.everyone.heard(&self.past, By::Account, receipt);
        let votes = if past.is_empty() { &self.today } else { &self.past };
        let other = self.other(votes, By::Account, receipt, customer)?;
        Some(format!("against it: the payer's account is that of customer {}", self.labels[other as usize]))
    }

    /// Whom a receipt's payer was seen with most, if it was not seen with this customer alone, nor made a habit of it.
    fn other(&self, votes: &Votes, by: By, receipt: usize, customer: u32) -> Option<u32> {
        let heard = self.everyone.heard(votes, by, receipt);
        let others = heard.iter().filter(|vote| vote.0 != customer);
        let most = others.max_by(|left, right| left.1.total_cmp(&right.1).then(right.0.cmp(&left.0)))?;
        (!self.is_habit(by, receipt, customer)).then_some(most.0)
    }

    /// Whether a receipt's payer has paid for a customer before, more than once.
    fn is_habit(&self, by: By, receipt: usize, customer: u32) -> bool {
        let heard = self.everyone.heard(&self.past, by, receipt).iter();
        heard.filter(|vote| vote.0 == customer).map(|vote| vote.1).sum::<f32>() >= HABIT_TIMES_MIN
    }

    /// What the memo of a receipt names that is not in a set.
    fn memo(&self, rest: &Rest, pairs: &Pairs, receipt: u32, set: &Set) -> Vec<String> {
        let customers = self.customers(set);
        let is_sure = || {
            let named = |item: u32| pair(pairs, receipt, item).is_some_and(|pair| pair.found.exact);
            self.desk.claims(set).all(named)
                && self.desk.short(set) == Some(0)
                && reason::payer(self.desk, rest, set).is_some()
        };
        let others = self.mentions[receipt as usize].iter().filter(|mention| {
            !mention.named.iter().any(|named| self.is_own(*named, receipt, set, &customers))
        });
        let others = others.filter(|one| !(self.may_be_accident(one, &customers) && is_sure()));
        others.filter_map(|mention| mention.named.first()).map(|named| self.told(*named)).collect()
    }

    /// Whether what a receipt names belongs to a set of these customers.
    fn is_own(&self, named: Named, receipt: u32, set: &Set, customers: &[u32]) -> bool {
        match named {
            Named::Item(item) => set.items.binary_search(&item).is_ok(),
            // What this payment has paid a part of is named rightly.
            Named::Closed(at) => {
                self.closed[at as usize].paid_by.contains(&self.desk.receipts[receipt as usize].id)
            }
            Named::Customer(customer) => {
                customers.contains(&customer) || self.is_payer(receipt as usize, customer)
            }
        }
    }

    /// Whether a mention is too short to be no accident, and of none of these customers.
    fn may_be_accident(&self, mention: &Mention, customers: &[u32]) -> bool {
        let is_stranger = |named: &Named| self.owner(*named).is_none_or(|owner| !customers.contains(&owner));
        mention.is_short && mention.named.iter().all(is_stranger)
    }

    /// Whether a customer is whom a receipt says it comes from, which is judged apart.
    fn is_payer(&self, receipt: usize, customer: u32) -> bool {
        let named = |(other, likeness): &(u32, f32)| *other == customer && *likeness >= NAME_MIN;
        self.everyone.stated[receipt] == Some(customer) || self.everyone.alike(receipt).iter().any(named)
    }

    fn owner(&self, named: Named) -> Option<u32> {
        match named {
            Named::Item(item) => self.everyone.of_item.get(item as usize).copied(),
            Named::Closed(at) => self.everyone.number(&self.closed[at as usize].customer),
            Named::Customer(customer) => Some(customer),
        }
    }

    fn told(&self, named: Named) -> String {
        let owner = || self.owner(named).map_or("", |owner| &self.labels[owner as usize]);
        match named {
            Named::Item(item) => {
                format!("against it: the memo names {} of {}", self.desk.items[item as usize].id, owner())
            }
            Named::Closed(at) => {
                format!(
                    "against it: the memo names {} of {}, which is not open",
                    self.closed[at as usize].id,
                    owner()
                )
            }
            Named::Customer(_) => format!("against it: the memo names customer {}", owner()),
        }
    }
}

/// Folded texts with what they name.
type Names = HashMap<Vec<u8>, Vec<Named>>;

fn add(names: &mut Names, text: Vec<u8>, named: Named) {
    if text.len() >= SPOKEN_FOR_SIGNS_MIN {
        names.entry(text).or_default().push(named);
    }
}

/// The references of all documents, open ones first.
fn documents(desk: &Desk, closed: &[Closed]) -> Names {
    let mut names = Names::new();
    for item in 0..desk.items.len() {
        for text in desk.references.of(item) {
            add(&mut names, text.to_vec(), Named::Item(item as u32));
        }
    }
    for (at, closed) in (0..).zip(closed) {
        for text in &closed.references {
            add(&mut names, reference(text), Named::Closed(at));
        }
    }
    names
}

/// A name of two words or more as it may stand in a memo; nothing of one that may be any word.
fn whole_name(name: &str) -> Vec<u8> {
    let normal = normal(name);
    let signs = reference(&normal);
    if normal.contains(' ') && signs.len() >= NAME_SIGNS_MIN { signs } else { Vec::new() }
}

/// What a memo names.
fn mentions(memo: &Folded, names: &Names) -> Vec<Mention> {
    let known = memo.runs().filter_map(|(span, signs)| Some((span, names.get(signs)?)));
    let known: Vec<((u16, u16), &Vec<Named>)> = known.collect();
    let is_within = |span: (u16, u16)| {
        known.iter().any(|&(other, _)| other != span && other.0 <= span.0 && span.1 <= other.1)
    };
    let whole = known.iter().filter(|(span, _)| !is_within(*span));
    let mention = |&(span, named): &((u16, u16), &Vec<Named>)| {
        let digits = memo.digits(span);
        // Signs taken for one another make words of numbers: SOLO is no 5010.
        let is_told = |named: &&Named| digits > 0 || matches!(named, Named::Customer(_));
        let is_short = digits == usize::from(span.1 - span.0) && digits <= ACCIDENT_DIGITS_MAX;
        Mention { named: named.iter().filter(is_told).copied().collect(), is_short }
    };
    whole.map(mention).filter(|mention| !mention.named.is_empty()).collect()
}
