//! Legal forms of companies that stand at the end of a name, from `data/statute/legal_forms.csv`.
//!
//! The table writes a form as [`crate::ledger::party::name`] leaves it: small letters without accents, dots and the
//! blanks between single letters taken out (`sp zoo` for `sp. z o.o.`).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../data/statute/legal_forms.csv");

/// The forms, in words, under their last word; those of most words first.
static FORMS: LazyLock<HashMap<&str, Vec<Vec<&str>>>> = LazyLock::new(|| {
    let mut forms: HashMap<&str, Vec<Vec<&str>>> = HashMap::new();
    for form in all() {
        let words: Vec<&str> = form.split(' ').collect();
        if let Some(last) = words.last() {
            forms.entry(last).or_default().push(words);
        }
    }
    for forms in forms.values_mut() {
        forms.sort_by_key(|words| Reverse(words.len()));
    }
    forms
});

/// Every form of the table.
pub fn all() -> impl Iterator<Item = &'static str> {
    TABLE.lines().skip(1).filter_map(|line| line.split(',').next())
}

/// Number of words at the end of a name that are a legal form; 0 where there is none.
pub fn words_at_end(name: &[String]) -> usize {
    let forms = name.last().and_then(|last| FORMS.get(last.as_str()));
    let fits = |form: &&Vec<&str>| {
        form.len() <= name.len() && form.iter().rev().zip(name.iter().rev()).all(|(form, word)| form == word)
    };
    forms.and_then(|forms| forms.iter().find(fits)).map_or(0, Vec::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_each_form_once_and_a_country_for_it() {
        let mut forms: Vec<&str> = all().collect();
        forms.sort_unstable();
        assert!(forms.windows(2).all(|pair| pair[0] < pair[1]));
        for line in TABLE.lines().skip(1) {
            let countries = line.split_once(',').map_or("", |(_, countries)| countries);
            let is_code = |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
            assert!(countries.split(' ').all(is_code), "{line}");
        }
    }

    #[test]
    fn the_longest_form_at_the_end_is_counted() {
        for (name, words) in [
            ("acme ltd", 1),
            ("acme pty ltd", 2),
            ("acme s de rl de cv", 5),
            ("ltd acme", 0),
            ("acme limit", 0),
            ("bhd", 1),
            ("", 0),
        ] {
            let name: Vec<String> = name.split(' ').map(str::to_owned).collect();
            assert_eq!(words_at_end(&name), words, "{name:?}");
        }
    }
}
