//! The world parties live in: places, currencies, terms and names. Invented but plausible; nothing here is
//! law.

use crate::base::money::Currency;
use crate::base::seed::Stream;

use super::draw::{between, pick, weighted};

/// A currency as this module needs it.
#[derive(Debug)]
pub(super) struct Coin {
    pub(super) currency: Currency,
    /// The code again, as a word that lives for ever.
    pub(super) code: &'static str,
    /// US dollars for one unit, in millionths: the level that made-up rates move around.
    pub(super) dollars_millionths: i64,
}

const MILLIONTHS: f64 = 1_000_000.0;

impl Coin {
    /// An amount of dollars in minor units of this currency, at least one.
    pub(super) fn minor(&self, dollars: f64) -> i64 {
        let units = dollars * MILLIONTHS / self.dollars_millionths as f64;
        ((units * self.units(1) as f64).round() as i64).max(1)
    }

    /// So many whole units in minor units.
    pub(super) fn units(&self, units: i64) -> i64 {
        units * 10_i64.pow(u32::from(self.currency.decimals()))
    }
}

pub(super) static USD: Coin =
    Coin { currency: Currency::new(*b"USD", 2), code: "USD", dollars_millionths: 1_000_000 };
pub(super) static EUR: Coin =
    Coin { currency: Currency::new(*b"EUR", 2), code: "EUR", dollars_millionths: 1_085_000 };
pub(super) static GBP: Coin =
    Coin { currency: Currency::new(*b"GBP", 2), code: "GBP", dollars_millionths: 1_270_000 };
pub(super) static JPY: Coin =
    Coin { currency: Currency::new(*b"JPY", 0), code: "JPY", dollars_millionths: 6_700 };
pub(super) static KWD: Coin =
    Coin { currency: Currency::new(*b"KWD", 3), code: "KWD", dollars_millionths: 3_250_000 };

/// Every currency in use.
pub(super) static COINS: [&Coin; 5] = [&USD, &EUR, &GBP, &JPY, &KWD];

/// Where a party sits and what follows from it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) country: &'static str,
    pub(super) language: &'static str,
    pub(super) coin: &'static Coin,
    pub(super) time_zone: &'static str,
    /// Tax on sales, in hundredths of a percent.
    pub(super) tax_basis_points: i64,
    pub(super) dial: &'static str,
    pub(super) company: &'static str,
    pub(super) domain: &'static str,
}

macro_rules! place {
    ($country:literal, $language:literal, $coin:ident, $zone:literal, $tax:literal, $dial:literal,
     $company:literal, $domain:literal) => {
        Place {
            country: $country,
            language: $language,
            coin: &$coin,
            time_zone: $zone,
            tax_basis_points: $tax,
            dial: $dial,
            company: $company,
            domain: $domain,
        }
    };
}

/// Places by weight: mostly dollars and euros, few of the currencies with other decimals.
static PLACES: [(u32, &Place); 13] = [
    (22, &place!("US", "en", USD, "America/New_York", 0, "+1", "Inc.", "com")),
    (12, &place!("US", "en", USD, "America/Chicago", 0, "+1", "LLC", "com")),
    (8, &place!("US", "en", USD, "America/Los_Angeles", 0, "+1", "Corp.", "com")),
    (14, &place!("DE", "de", EUR, "Europe/Berlin", 1900, "+49", "GmbH", "de")),
    (9, &place!("FR", "fr", EUR, "Europe/Paris", 2000, "+33", "SAS", "fr")),
    (6, &place!("NL", "nl", EUR, "Europe/Amsterdam", 2100, "+31", "B.V.", "nl")),
    (6, &place!("ES", "es", EUR, "Europe/Madrid", 2100, "+34", "S.L.", "es")),
    (6, &place!("IT", "it", EUR, "Europe/Rome", 2200, "+39", "S.r.l.", "it")),
    (3, &place!("AT", "de", EUR, "Europe/Vienna", 2000, "+43", "GmbH", "at")),
    (2, &place!("IE", "en", EUR, "Europe/Dublin", 2300, "+353", "Ltd", "ie")),
    (7, &place!("GB", "en", GBP, "Europe/London", 2000, "+44", "Ltd", "co.uk")),
    (3, &place!("JP", "ja", JPY, "Asia/Tokyo", 1000, "+81", "K.K.", "co.jp")),
    (2, &place!("KW", "ar", KWD, "Asia/Kuwait", 0, "+965", "W.L.L.", "com.kw")),
];

impl Place {
    /// A place for a customer.
    pub(super) fn draw(rng: &mut Stream) -> &'static Self {
        weighted(rng, &PLACES)
    }

    /// A place for a supplier: only currencies of two decimals, so that a currency can be swapped on a bill.
    pub(super) fn draw_two_decimals(rng: &mut Stream) -> &'static Self {
        loop {
            let place = Self::draw(rng);
            if place.coin.currency.decimals() == 2 {
                return place;
            }
        }
    }

    /// A bank account as the place writes it.
    pub(super) fn bank_account(&self, rng: &mut Stream) -> String {
        let mut digits = || between(rng, 0, 999_999_999);
        match self.country {
            "US" => format!("{:09}/{:09}", digits(), digits()),
            country => format!("{country}{:02}{:09}{:09}", digits() % 98 + 2, digits(), digits()),
        }
    }
}

/// Payment terms.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) text: &'static str,
    pub(super) days: i32,
    pub(super) discount: Option<Discount>,
}

/// A discount for paying early.
#[derive(Debug, Clone, Copy)]
pub(super) struct Discount {
    pub(super) percent: i64,
    pub(super) days: i32,
}

const fn net(text: &'static str, days: i32) -> Terms {
    Terms { text, days, discount: None }
}

/// Terms by weight.
static TERMS: [(u32, &Terms); 7] = [
    (44, &net("net 30", 30)),
    (16, &net("net 14", 14)),
    (12, &net("net 45", 45)),
    (12, &net("net 60", 60)),
    (6, &net("net 7", 7)),
    (8, &Terms { text: "2/10 net 30", days: 30, discount: Some(Discount { percent: 2, days: 10 }) }),
    (2, &Terms { text: "1/14 net 45", days: 45, discount: Some(Discount { percent: 1, days: 14 }) }),
];

impl Terms {
    /// Terms, by how common they are.
    pub(super) fn draw(rng: &mut Stream) -> &'static Self {
        weighted(rng, &TERMS)
    }

    /// Terms of another length than these, as found on a bill that ignores the order.
    pub(super) fn other(&self) -> &'static Self {
        static SHORTER: Terms = net("net 14", 14);
        static SHORTEST: Terms = net("net 7", 7);
        if self.days > SHORTER.days { &SHORTER } else { &SHORTEST }
    }
}

/// A company's name. Different companies may share one, as they do.
pub(super) fn company(rng: &mut Stream, place: &Place) -> String {
    let (start, middle, end) = (pick(rng, &STARTS), pick(rng, &MIDDLES), pick(rng, &ENDS));
    format!("{start}{middle}{end} {} {}", pick(rng, &TRADES), place.company)
}

/// A private person's name.
pub(super) fn person(rng: &mut Stream) -> String {
    format!("{} {}{}{}", pick(rng, &FIRST_NAMES), pick(rng, &STARTS), pick(rng, &MIDDLES), pick(rng, &ENDS))
}

/// A mail host from a party's name.
pub(super) fn host(name: &str, place: &Place) -> String {
    let word: String = name.chars().take_while(|letter| *letter != ' ').collect();
    format!("{}.{}", word.to_lowercase(), place.domain)
}

/// A telephone number.
pub(super) fn phone(rng: &mut Stream, place: &Place) -> String {
    format!("{} {} {:07}", place.dial, between(rng, 201, 989), between(rng, 0, 9_999_999))
}

static STARTS: [&str; 28] = [
    "Al", "Bren", "Cor", "Dal", "El", "Far", "Gar", "Hal", "Ing", "Jor", "Kel", "Lan", "Mar", "Nor", "Os",
    "Pel", "Quin", "Ros", "Sal", "Tor", "Ul", "Val", "Wes", "Yar", "Zan", "Brix", "Stein", "Thorn",
];
static MIDDLES: [&str; 22] = [
    "a", "be", "co", "di", "e", "fo", "ga", "i", "ka", "le", "ma", "ne", "o", "pi", "ra", "se", "ta", "u",
    "ve", "wi", "ya", "zo",
];
static ENDS: [&str; 24] = [
    "bach", "berg", "borne", "by", "dale", "den", "field", "ford", "gate", "ham", "land", "lin", "mann",
    "mark", "mont", "nell", "ridge", "row", "stad", "ton", "vale", "well", "wick", "worth",
];
static TRADES: [&str; 16] = [
    "Foods",
    "Trading",
    "Logistics",
    "Retail",
    "Building",
    "Medical",
    "Packaging",
    "Electric",
    "Paper",
    "Chemicals",
    "Textiles",
    "Tools",
    "Hotels",
    "Motors",
    "Farms",
    "Systems",
];
static FIRST_NAMES: [&str; 10] =
    ["Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Hugo", "Ines", "Jonas"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statute::currency;

    #[test]
    fn currencies_agree_with_the_statute_table() {
        for coin in COINS {
            assert_eq!(currency::find(coin.code), Some(coin.currency));
        }
        assert_eq!(KWD.minor(3.25), 1_000);
        assert_eq!(JPY.minor(67.0), 10_000);
    }
}
