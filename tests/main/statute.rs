//! ISO 4217: how many decimals an amount has is the currency's, from the file to the printed total. And claims by the rates shipped.

use crate::support::{Folder, duewise, rows};

#[test]
fn totals_have_the_decimals_of_their_currency() {
    let folder = Folder::of(&[(
        "invoices.csv",
        "id,customer,issued,due,amount,currency\n\
         I1,C1,2025-01-10,2025-02-09,1000,JPY\n\
         I2,C1,2025-01-10,2025-02-09,234.00,JPY\n\
         I3,C1,2025-01-10,2025-02-09,1.5,kwd\n\
         I4,C1,2025-01-10,2025-02-09,0.001,KWD\n\
         I5,C1,2025-01-10,2025-02-09,7,USD\n\
         I6,C1,2025-01-10,2025-02-09,0.05,USD\n\
         I7,C1,2025-01-10,2025-02-09,0.0001,CLF\n",
    )]);
    let json = duewise(&["check", &folder.arg(), "--json"]).exits(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let totals = json["tables"][0]["totals"].as_array().unwrap();
    let text = |total: &serde_json::Value, key: &str| total[key].as_str().unwrap().to_owned();
    let found: Vec<_> =
        totals.iter().map(|total| (text(total, "currency"), text(total, "accepted"))).collect();
    // 1,000 + 234; 1.500 + 0.001; 7.00 + 0.05.
    let expected = [("CLF", "0.0001"), ("JPY", "1234"), ("KWD", "1.501"), ("USD", "7.05")];
    assert_eq!(found, expected.map(|(currency, total)| (currency.to_owned(), total.to_owned())));
    // The same through a run: nothing is settled, so the ageing is the total.
    duewise(&["run", &folder.arg(), "--out", &folder.inside("out")]).exits(0);
    let ageing = rows(folder.path().join("out/ageing.csv"));
    let open: Vec<_> = ageing.iter().map(|row| (row["currency"].as_str(), row["open"].as_str())).collect();
    assert_eq!(open, expected);
}

#[test]
fn one_decimal_too_many_is_refused_and_zeros_are_not() {
    for (amount, currency, accepted) in [
        ("1.0", "JPY", true),
        ("1.1", "JPY", false),
        ("1.120", "USD", true),
        ("1.123", "USD", false),
        ("1.1230", "KWD", true),
        ("1.1234", "KWD", false),
    ] {
        let text = format!(
            "id,customer,issued,due,amount,currency\nI1,C,2025-01-10,2025-02-09,1,EUR\nI2,C,2025-01-10,2025-02-09,{amount},{currency}\n"
        );
        let folder = Folder::of(&[("invoices.csv", &text)]);
        duewise(&["check", &folder.arg()]).exits(i32::from(!accepted));
    }
}

/// Law, debtor, currency, amount, due day, day of the claim, its interest, its fixed sum.
type Claimed = [&'static str; 8];

/// Claims by hand across a day on which the rate changes, with nothing but what is shipped.
const CLAIMED: [Claimed; 10] = [
    // The directive, ECB 2.15 then 2.40: 10,000 x (10.15 % x 15 + 10.40 % x 15) / 365 = 41.71233 + 42.73973.
    ["EU", "B2B", "EUR", "10000.00", "2026-06-15", "2026-07-15", "84.45", "40.00"],
    // ECB 2.15 then 2.40, and ten points: 10,000 x (12.15 % x 15 + 12.40 % x 15) / 365 = 49.93151 + 50.95890.
    ["FR", "B2B", "EUR", "10000.00", "2026-06-15", "2026-07-15", "100.89", "40.00"],
    // Basiszinssatz 2.27 then 1.27, and nine points: 10,000 x (11.27 % x 15 + 10.27 % x 15) / 365 = 46.31507 + 42.20548.
    ["DE", "B2B", "EUR", "10000.00", "2025-06-15", "2025-07-15", "88.52", "40.00"],
    // The same and five points: 10,000 x (7.27 % x 15 + 6.27 % x 15) / 365 = 29.87671 + 25.76712.
    ["DE", "consumer", "EUR", "10000.00", "2025-06-15", "2025-07-15", "55.64", "0.00"],
    // Basiszinssatz -0.88 then 1.62: 10,000 x (8.12 % x 15 + 10.62 % x 15) / 365 = 33.36986 + 43.64384.
    ["DE", "B2B", "EUR", "10000.00", "2022-12-16", "2023-01-15", "77.01", "40.00"],
    // Referensränta 4.00 then 3.00: 10,000 x (12 % x 15 + 11 % x 15) / 365 = 49.31507 + 45.20548.
    ["SE", "B2B", "SEK", "10000.00", "2024-12-16", "2025-01-15", "94.52", "0.00"],
    // Late in June 2025: 4.75 and eight points hold in July too: 10,000 x 12.75 % x 30 / 365 = 104.79452.
    ["UK", "B2B", "GBP", "10000.00", "2025-06-15", "2025-07-15", "104.79", "100.00"],
    // Late on 1 July 2025: 4.25 and eight points: 10,000 x 12.25 % x 15 / 365 = 50.34247.
    ["UK", "B2B", "GBP", "10000.00", "2025-06-30", "2025-07-15", "50.34", "100.00"],
    // Bank rate 5.75 to 4 December and 5.50 after, three times: 100,000 x (17.25 % x 9 + 16.5 % x 10) / 365 = 425.34247 + 452.05479,
    // within the first month, before interest bears interest.
    ["IN", "B2B", "INR", "100000.00", "2025-11-25", "2025-12-14", "877.40", "0.00"],
    // Late in December 2025: 4.625 holds in January too: 10,000 x 4.625 % x 30 / 360 = 38.54167.
    ["US", "B2G", "USD", "10000.00", "2025-12-15", "2026-01-14", "38.54", "0.00"],
];

#[test]
fn each_law_claims_by_the_rates_shipped() {
    for [law, debtor, currency, amount, due, as_of, interest, fixed_sum] in CLAIMED {
        let issued = format!("{}-01-01", &due[..4]);
        let invoices =
            format!("id,customer,issued,due,amount,currency\nI1,C1,{issued},{due},{amount},{currency}\n");
        let folder = Folder::of(&[("l/invoices.csv", &invoices)]);
        let (ledger, out) = (folder.inside("l"), folder.inside("out"));
        let args =
            ["claim", &ledger, "--as-of", as_of, "--jurisdiction", law, "--debtor", debtor, "--out", &out];
        duewise(&args).exits(0);
        let claims = rows(folder.path().join("out/claims.csv"));
        let found = ["interest", "fixed_sum"].map(|column| claims[0][column].as_str());
        assert_eq!((claims.len(), found), (1, [interest, fixed_sum]), "{law} {debtor} {due}");
    }
}
