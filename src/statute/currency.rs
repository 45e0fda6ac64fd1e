//! ISO 4217 currencies and the decimals of their minor units, from `data/statute/currencies.csv`.

use std::sync::LazyLock;

use crate::base::money::Currency;

const TABLE: &str = include_str!("../../data/statute/currencies.csv");

static CURRENCIES: LazyLock<Vec<Currency>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(parse).collect());

/// The currency of a code, written in capitals or not.
pub fn find(code: &str) -> Option<Currency> {
    let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
    let code = bytes.map(|byte| byte.to_ascii_uppercase());
    let at = CURRENCIES.binary_search_by(|currency| currency.code().as_bytes().cmp(&code)).ok()?;
    CURRENCIES.get(at).copied()
}

fn parse(line: &str) -> Option<Currency> {
    let mut fields = line.split(',');
    let code = fields.next()?.as_bytes().try_into().ok()?;
    Some(Currency::new(code, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_whole_and_right_on_the_odd_ones() {
        assert_eq!(CURRENCIES.len(), TABLE.lines().count() - 1);
        assert!(CURRENCIES.windows(2).all(|pair| pair[0].code() < pair[1].code()));
        let decimals = |code| find(code).map(Currency::decimals);
        assert_eq!(decimals("JPY"), Some(0));
        assert_eq!(decimals("kwd"), Some(3));
        assert_eq!(decimals("EUR"), Some(2));
        assert_eq!(decimals("XXX"), None);
        assert_eq!(decimals("€"), None);
    }
}
