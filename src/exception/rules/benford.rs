//! Amounts of a supplier that do not begin as amounts usually do: Benford's law, measured as Nigrini does.

use super::amount_over_order::capital;
use crate::base::money::Currency;
use crate::exception::case::Case;
use crate::exception::finding::{Finding, Kind, Reference};
use crate::exception::rule::{Page, Role, Rule};
use crate::ledger::register::words::Word;
use crate::ledger::register::{Document, Side};

pub const RULE: Rule = Rule {
    code: "BENFORD",
    title: "A supplier's amounts do not begin as amounts do",
    role: Role::Payables,
    measures: &[],
    takes_exact: true,
    page: Page {
        what: "first digits of the amounts of a supplier's bills in one currency against Benford's law, from 300 bills on that reach over two orders of magnitude but for the smallest and largest hundredth; found where the mean absolute deviation of the nine shares is above Nigrini's bound of nonconformity, .015, and chi-square says that chance does so less than once in a hundred. At stake are the bills of the digit that is most too often, for the part of them that is too many",
        why: "amounts that somebody makes up, or keeps below a limit, begin with other digits than amounts that came about",
        example: "400 bills, 120 of them beginning with 9, where 18 were to be expected",
        false_alarms: "price lists, subscriptions and fixed fees, which begin as their price does; for most suppliers it says no more, so it is off in the policy shipped",
        action: "look at the bills of the digit that is too often: who approved them, and for what",
    },
    run,
};

/// Fewest bills that tell, and least quotient of the largest and the smallest amount.
const BILLS_MIN: usize = 300;
const MAGNITUDES: i64 = 100;
/// Mean absolute deviation of first digits above which they do not conform (Nigrini, Benford's Law, 2012, table 7.1).
const DEVIATION_MAX: f64 = 0.015;
/// Chi-square of eight degrees of freedom that chance exceeds once in a hundred. Of 300 amounts that follow the law every third
/// set deviates by more than the bound: the deviation alone would be noise.
const CHI_SQUARE_MIN: f64 = 20.090;

fn run(case: &Case) -> Vec<Finding> {
    let bills: Vec<&Document> = case.bills().map(|(_, one)| one).collect();
    let mut found = Vec::new();
    for own in bills.chunk_by(|left, right| left.party == right.party) {
        let mut by_currency: Vec<(Currency, &Document)> =
            own.iter().map(|one| (one.currency, *one)).collect();
        by_currency.sort_by_key(|(currency, _)| *currency);
        let groups = by_currency.chunk_by(|left, right| left.0 == right.0);
        found.extend(groups.filter_map(|group| of_supplier(case, group)));
    }
    found
}

fn of_supplier(case: &Case, bills: &[(Currency, &Document)]) -> Option<Finding> {
    let (currency, one) = bills.first()?;
    if !case.tolerance_of(&RULE, Side::Payable, one.party, Word::EMPTY).is_on() {
        return None;
    }
    let mut amounts: Vec<i64> =
        bills.iter().map(|(_, one)| one.amount).filter(|amount| *amount > 0).collect();
    let departure = departure(&mut amounts)?;
    let Departure { deviation, chi_square, digit, times, expected } = departure;
    let of_digit: i128 =
        amounts.iter().filter(|amount| first_digit(**amount) == digit).map(|one| i128::from(*one)).sum();
    let stake = of_digit as f64 * (1.0 - expected / times as f64);
    let id = case.text(one.party);
    let supplier = case.documents.party(Side::Payable, one.party).map_or(id, |party| case.text(party.name));
    let sentence = format!(
        "{} ({id}): of {} bills {times} begin with {digit} where {expected:.0} were to be expected; mean absolute deviation {deviation:.4}, of which .015 is the bound, chi-square {chi_square:.1}",
        capital(supplier),
        amounts.len(),
    );
    let reference = Reference { kind: Kind::Party, id: id.to_owned() };
    let known = bills.iter().map(|(_, one)| one.stamp.known).max()?;
    let mut finding = Finding::new(&RULE, reference, known, *currency);
    id.clone_into(&mut finding.party);
    let share = |times: f64| format!("{:.1} % begin with {digit}", 100.0 * times / amounts.len() as f64);
    let finding = finding.figures(
        share(expected),
        share(times as f64),
        format!("{:.0} bills", times as f64 - expected),
    );
    Some(finding.stake(stake.round() as i64).confidence(20).because(&sentence))
}

/// How amounts depart from the law.
struct Departure {
    deviation: f64,
    chi_square: f64,
    /// The digit that is most too often, how often it is there, and how often it should be.
    digit: usize,
    times: usize,
    expected: f64,
}

/// The departure of amounts that are enough and depart enough; puts them in order.
fn departure(amounts: &mut [i64]) -> Option<Departure> {
    amounts.sort_unstable();
    let count = amounts.len();
    let (low, high) = (amounts.get(count / 100)?, amounts.get(count - 1 - count / 100)?);
    if count < BILLS_MIN || *high < low.saturating_mul(MAGNITUDES) {
        return None;
    }
    let seen = |digit: usize| amounts.iter().filter(|amount| first_digit(**amount) == digit).count();
    let digits: Vec<(usize, usize, f64)> = (1..=9)
        .map(|digit| (digit, seen(digit), (1.0 + 1.0 / digit as f64).log10() * count as f64))
        .collect();
    let apart = digits.iter().map(|(_, times, expected)| (*times as f64 - expected).abs() / count as f64);
    let deviation = apart.sum::<f64>() / digits.len() as f64;
    let chi_square =
        digits.iter().map(|(_, times, expected)| (*times as f64 - expected).powi(2) / expected).sum();
    let excess = |one: &(usize, usize, f64)| one.1 as f64 - one.2;
    let &(digit, times, expected) =
        digits.iter().max_by(|left, right| excess(left).total_cmp(&excess(right)))?;
    (deviation > DEVIATION_MAX && chi_square > CHI_SQUARE_MIN).then_some(Departure {
        deviation,
        chi_square,
        digit,
        times,
        expected,
    })
}

fn first_digit(amount: i64) -> usize {
    let mut left = amount;
    while left >= 10 {
        left /= 10;
    }
    left as usize
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{bills, found};
    use super::*;

    /// So many amounts of each first digit, over four orders of magnitude.
    fn amounts(counts: [usize; 9]) -> Vec<i64> {
        let of_digit = |(digit, count): (i64, usize)| {
            (0..count).map(move |at| digit * 10_i64.pow(2 + at as u32 % 4) + at as i64 % 90)
        };
        (1..).zip(counts).flat_map(of_digit).collect()
    }

    #[test]
    fn even_digits_deviate_as_calculated_by_hand() {
        let departure = departure(&mut amounts([100; 9])).unwrap();
        // |1/9 - log10(1 + 1/d)| is .18992 .06498 .01383 .01420 .03193 .04416 .05312 .05996 .06535: .53745 over nine.
        assert!((departure.deviation - 0.05972).abs() < 1e-5, "{}", departure.deviation);
        // 900 x the sum of (1/9 - p)^2 / p: .11982 .02398 .00153 .00208 .01288 .02912 .04865 .07028 .09333 = .40167.
        assert!((departure.chi_square - 361.5).abs() < 0.1, "{}", departure.chi_square);
        assert_eq!((departure.digit, departure.times), (9, 100));
        assert!((departure.expected - 41.18).abs() < 0.01);
    }

    #[test]
    fn the_law_itself_too_few_and_one_magnitude_pass() {
        assert!(departure(&mut amounts([301, 176, 125, 97, 79, 67, 58, 51, 46])).is_none());
        assert!(departure(&mut amounts([33; 9])).is_none(), "297 bills");
        assert!(departure(&mut (1..=900).map(|at| 1_000 + at).collect::<Vec<i64>>()).is_none());
        assert!(departure(&mut []).is_none());
    }

    #[test]
    fn it_is_off_unless_asked_for_and_names_the_supplier() {
        let row = |(at, minor): (usize, &i64)| {
            let money = Currency::new(*b"EUR", 2).display(i128::from(*minor)).replace([',', ' '], "");
            let money = money.trim_end_matches("EUR");
            format!("R{at},S1,2025-01-10,,{money},EUR,invoice,0.00,PO1,net 30,2025-01-10,DE1\n")
        };
        let rows: String = amounts([40; 9]).iter().enumerate().map(row).collect();
        let [own, lines] = bills(&rows, "");
        let suppliers = ("suppliers.csv", "id,name\nS1,Alder\n");
        let files = [suppliers, (own.0, own.1.as_str()), (lines.0, lines.1.as_str())];
        assert!(found("BENFORD", &files, &[], None).is_empty());
        let on = ("[BENFORD]\nstate = \"off\"", "[BENFORD]\nstate = \"exact\"");
        let found = found("BENFORD", &files, &[on], None);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].document.id.as_str(), found[0].document.kind), ("S1", Kind::Party));
        // 360 / 9 = 40 of 360; .045757 x 360 = 16.5.
        assert_eq!(
            (found[0].expected.as_str(), found[0].found.as_str()),
            ("4.6 % begin with 9", "11.1 % begin with 9")
        );
        assert_eq!(found[0].difference, "24 bills");
    }
}
