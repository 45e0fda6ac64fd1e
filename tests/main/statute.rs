//! ISO 4217: how many decimals an amount has is the currency's, from the file to the printed total.

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
