//! Customers whose names are like a payer's: compared by letters with those that share a word, or, where the name is nobody's, pieces
//! of words.

use hashbrown::HashMap;
use strsim::jaro_winkler;

use super::text::sharing_most;
use crate::ledger::party::name;

/// Signs of a name that are looked at; more is no name, and comparing takes the square of them.
const NAME_SIGNS_MAX: usize = 200;

/// Customers that a payer's name is compared with for each of its words; words that more have say too little.
const WORD_CUSTOMERS_MAX: usize = 40;

/// Signs of a piece of a name, by which misspelt names are found, and customers that share most pieces with one.
const PIECE_SIGNS: usize = 4;
const BY_PIECE_MAX: usize = 8;

/// Likeness of a name of two words or more with one that goes on after it: `Bell Tower` and `Bell Tower Treasury`.
const GOES_ON: f32 = 0.95;

/// Customers a payer's name is kept with, and the least likeness.
pub(super) const ALIKE_MAX: usize = 4;
const ALIKE_MIN: f32 = 0.7;

/// The normal form of a name.
pub(super) fn normal(text: &str) -> String {
    let end = text.char_indices().nth(NAME_SIGNS_MAX).map_or(text.len(), |(at, _)| at);
    name::normal(text.get(..end).unwrap_or(text))
}

/// How alike two normal forms are, 0 to 1: by their letters; one that only goes on with further words is nearly the same.
fn likeness(left: &str, right: &str) -> f32 {
    let goes_on = |short: &str, long: &str| {
        short.contains(' ') && long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
    };
    let letters = jaro_winkler(left, right) as f32;
    if goes_on(left, right) || goes_on(right, left) { letters.max(GOES_ON) } else { letters }
}

/// Customers' names by their words.
pub(super) struct Names<'a> {
    normals: &'a [Vec<String>],
    by_word: HashMap<&'a str, Vec<u32>>,
    by_name: HashMap<&'a str, Vec<u32>>,
    by_piece: HashMap<&'a [u8], Vec<u32>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(names: &'a [Vec<String>]) -> Self {
        let (by_word, by_name, by_piece) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut this = Self { normals: names, by_word, by_name, by_piece };
        for (customer, names) in (0..).zip(names) {
            for name in names {
                this.by_name.entry(name).or_default().push(customer);
                name.split(' ').for_each(|word| this.by_word.entry(word).or_default().push(customer));
                pieces(name).for_each(|piece| this.by_piece.entry(piece).or_default().push(customer));
            }
        }
        this
    }

    pub(super) fn alike(&self, payer: &str) -> Vec<(u32, f32)> {
        let same = self.by_name.get(payer).into_iter().flatten().take(ALIKE_MAX);
        let rare = |customers: &&Vec<u32>| customers.len() <= WORD_CUSTOMERS_MAX;
        let words = payer.split(' ').filter_map(|word| self.by_word.get(word)).filter(rare);
        let mut found: Vec<u32> = words.flatten().chain(same).copied().collect();
        if !self.by_name.contains_key(payer) {
            found.extend(self.sharing_pieces(payer));
        }
        found.sort_unstable();
        found.dedup();
        let of = |customer: u32| {
            let names = self.normals.get(customer as usize).into_iter().flatten();
            names.map(|name| likeness(name, payer)).fold(0.0, f32::max)
        };
        let mut found: Vec<(u32, f32)> = found.into_iter().map(|at| (at, of(at))).collect();
        found.retain(|(_, likeness)| *likeness >= ALIKE_MIN);
        found.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
        found.truncate(ALIKE_MAX);
        found
    }

    /// Customers that share most pieces with a name that is nobody's: one letter may be wrong in each of its words.
    fn sharing_pieces(&self, payer: &str) -> impl Iterator<Item = u32> {
        let rare = |customers: &&Vec<u32>| customers.len() <= WORD_CUSTOMERS_MAX;
        let shared = pieces(payer).filter_map(|piece| self.by_piece.get(piece)).filter(rare);
        sharing_most(shared.flatten().copied().collect(), BY_PIECE_MAX)
    }
}

fn pieces(name: &str) -> impl Iterator<Item = &[u8]> {
    name.as_bytes().windows(PIECE_SIGNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_goes_on_is_nearly_the_same() {
        assert!(likeness("bell tower", "bell tower treasury") >= GOES_ON);
        assert!(likeness("bell", "bell labs") < GOES_ON);
        assert!((likeness("bell tower", "bell tower") - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_misspelt_name_is_found_by_its_pieces_unless_it_is_somebodys() {
        let normals =
            ["bertolini costruzioni", "bridgewater foods", "bertolino"].map(|name| vec![name.to_owned()]);
        let names = Names::new(&normals);
        let alike =
            |payer: &str| names.alike(payer).iter().map(|(customer, _)| *customer).collect::<Vec<u32>>();
        // No word of it is right.
        assert_eq!(alike("bertolimi costruzoni").first(), Some(&0));
        assert_eq!(alike("bridgewatr fods"), [1]);
        assert_eq!(alike("bertolino"), [2]);
        assert!(alike("harbour").is_empty());
    }
}
