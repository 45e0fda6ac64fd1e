//! Cash application from files to files, on made-up cases each of which has one thing that sets it apart: what a controller
//! would want of it is written beside it.

use std::path::Path;

use duewise::exception::policy::SHIPPED;

use crate::support::{Folder, cells, duewise, rows, sample, text_of, write_cells};

/// What is to come of a payment.
#[derive(Clone, Copy)]
enum Wanted {
    /// On its invoice, which this difference does not keep open.
    Settled(&'static str),
    /// On its invoice, not before somebody agreed, with this difference.
    Asked(&'static str),
    /// On its invoice, not before somebody agreed, as this speaks against it.
    Doubted(&'static str),
    /// On nothing, for this reason.
    Left(&'static str),
}

/// An open invoice of a customer of its own, issued on 2025-11-20, and a payment.
#[derive(Clone, Copy)]
struct Small {
    customer: &'static str,
    invoice: &'static str,
    asked: &'static str,
    terms: &'static str,
    disputed: &'static str,
    payer: &'static str,
    paid: &'static str,
    day: &'static str,
    cheque_day: &'static str,
    text: &'static str,
    wanted: Wanted,
}

const PLAIN: Small = Small {
    customer: "",
    invoice: "",
    asked: "",
    terms: "net 30",
    disputed: "",
    payer: "",
    paid: "",
    day: "2025-12-18",
    cheque_day: "",
    text: "",
    wanted: Wanted::Settled(""),
};

/// The day as of which the cases stand.
const SMALL_AS_OF: &str = "2025-12-31";

/// Who pays for the customer `Wetherlam Quarries` under a name of its own, once before and now without a number.
const ALIAS: &str = "ZX TREASURY POOL";

/// Made up, each with one thing that sets it apart. Discounts are 2 % until 2025-11-30.
fn small() -> Vec<Small> {
    use Wanted::{Asked, Doubted, Left, Settled};
    let of = |customer, invoice, asked, paid, text, wanted| Small {
        customer,
        invoice,
        asked,
        payer: customer,
        paid,
        text,
        wanted,
        ..PLAIN
    };
    let terms = "2/10 net 30";
    vec![
        Small {
            terms,
            day: "2025-11-28",
            ..of("Larkmoor Foods", "H204417", "1000.00", "980.00", "H204417", Settled("allowed_discount"))
        },
        Small {
            terms,
            day: "2025-12-12",
            ..of("Pendragon Glass", "H318852", "2400.00", "2352.00", "H318852", Asked("unearned_discount"))
        },
        of("Tamarisk Freight", "H577031", "1500.00", "1550.00", "H577031", Asked("over_pay")),
        of("Osprey Joinery", "H641298", "1230.00", "410.00", "H641298 1 of 3", Asked("part_payment")),
        Small {
            cheque_day: "2026-01-20",
            ..of("Calder Textiles", "H709346", "730.00", "730.00", "H709346", Left("post_dated_cheque"))
        },
        // 230 days old when it came in, of 180.
        Small {
            cheque_day: "2025-05-02",
            ..of("Fenwick Marine", "H815523", "845.50", "845.50", "H815523", Left("stale_cheque"))
        },
        Small {
            cheque_day: "2025-12-10",
            ..of("Ingleby Ceramics", "H926074", "618.20", "618.20", "H926074", Settled(""))
        },
        of("Juniper Optics", "H133869", "999.90", "999.90", "H133869 Alder North Ltd", Left("other_entity")),
        of("Kestrel Packing", "H250716", "415.75", "415.75", "H250716 returned unpaid", Left("returned")),
        Small {
            disputed: "2025-12-05",
            ..of("Maplin Hydraulics", "H362145", "2260.40", "2260.40", "H362145", Asked(""))
        },
        Small { payer: ALIAS, ..of("Wetherlam Quarries", "H478590", "3141.27", "3141.27", "", Settled("")) },
        // Paid by another customer; with the number of another's open invoice; and with that of a settled one.
        Small {
            payer: "Ingleby Ceramics",
            ..of(
                "Marchbank Cables",
                "H690114",
                "812.40",
                "812.40",
                "H690114",
                Doubted("payer `Ingleby Ceramics` is named like customer Ingleby Ceramics (S06)"),
            )
        },
        of(
            "Nutbourne Dairies",
            "H701992",
            "466.10",
            "466.10",
            "H701992 H577031",
            Doubted("the memo names H577031 of Tamarisk Freight (S02)"),
        ),
        of(
            "Oldbury Castings",
            "H819253",
            "923.75",
            "923.75",
            "H819253 and H090017",
            Doubted("the memo names H090017 of Wetherlam Quarries (S10), which is not open"),
        ),
        of("Larkspur Tools", "H584201", "1718.60", "5555.55", "advance on a new order", Left("nothing_fits")),
    ]
}

/// A row of a table as its header says, other cells blank.
fn row(header: &[String], named: &[(&str, &str)]) -> Vec<String> {
    let cell = |name: &String| named.iter().find(|(key, _)| key == name).map_or("", |(_, cell)| *cell);
    header.iter().map(|name| cell(name).to_owned()).collect()
}

/// The shared ledger, for its past, with the cases on top.
fn small_ledger(folder: &Path) {
    let table = |name: &str| cells(&sample().ledger.join(format!("{name}.csv")));
    let [mut customers, mut invoices, mut payments, mut allocations] =
        ["customers", "invoices", "payments", "allocations"].map(table);
    for (at, cells) in payments.iter_mut().enumerate() {
        cells.push(if at == 0 { "cheque_day" } else { "" }.to_owned());
    }
    let eur = ("currency", "EUR");
    for (at, one) in small().into_iter().enumerate() {
        let (customer, payment) = (format!("S{at:02}"), format!("P{at:02}"));
        let of = ("customer", customer.as_str());
        customers.push(row(&customers[0], &[("id", customer.as_str()), ("name", one.customer), eur]));
        let due = [("issued", "2025-11-20"), ("due", "2025-12-20"), ("type", "invoice"), ("status", "open")];
        let open = [("id", one.invoice), of, ("amount", one.asked), eur, ("open_balance", one.asked)];
        let rest = [("terms", one.terms), ("disputed", one.disputed)];
        invoices.push(row(&invoices[0], &[&open[..], &due, &rest].concat()));
        let paid = [("id", payment.as_str()), ("payer", one.payer), ("amount", one.paid), eur];
        let told = [("day", one.day), ("cheque_day", one.cheque_day), ("reference", one.text)];
        payments.push(row(&payments[0], &[&paid[..], &told].concat()));
        if one.payer == ALIAS {
            let due = [("issued", "2025-09-01"), ("due", "2025-10-01"), ("type", "invoice")];
            let end = [("status", "paid"), ("settled", "2025-10-06"), ("open_balance", "0.00")];
            let before = [("id", "H090017"), of, ("amount", "2200.00"), eur, ("terms", "net 30")];
            invoices.push(row(&invoices[0], &[&before[..], &due, &end].concat()));
            let paid = [("id", "P99"), ("payer", ALIAS), ("amount", "2200.00"), eur, ("day", "2025-10-06")];
            payments.push(row(&payments[0], &[&paid[..], &[("reference", "H090017")]].concat()));
            let applied = [("payment", "P99"), ("invoice", "H090017"), ("amount", "2200.00"), eur];
            allocations.push(row(&allocations[0], &[&applied[..], &[("day", "2025-10-06")]].concat()));
        }
    }
    for (name, cells) in [
        ("customers", customers),
        ("invoices", invoices),
        ("payments", payments),
        ("allocations", allocations),
    ] {
        write_cells(&folder.join(format!("{name}.csv")), &cells);
    }
}

#[test]
fn made_up_receipts_end_as_a_controller_wants() {
    let (folder, ledger) = (Folder::new(), Folder::new());
    small_ledger(ledger.path());
    let policy = SHIPPED.replace("other_entities = []", "other_entities = [\"Alder North Ltd.\"]");
    assert_ne!(policy, SHIPPED);
    folder.write("policy.toml", policy);
    let (out, policy) = (folder.path().join("out"), folder.inside("policy.toml"));
    let asked = ["--as-of", SMALL_AS_OF, "--policy", &policy, "--quiet", "--out", &text_of(&out)];
    duewise(&[&["match", &ledger.arg()], &asked[..]].concat()).exits(0);
    let [matches, unmatched] = ["matches.csv", "unmatched.csv"].map(|name| rows(out.join(name)));
    let mut off = Vec::new();
    for (at, one) in small().into_iter().enumerate() {
        let id = format!("P{at:02}");
        let matched = matches.iter().find(|row| row["payments"] == id && row["invoices"] == one.invoice);
        let left = unmatched.iter().find(|row| row["payment"] == id);
        let is_right = match one.wanted {
            Wanted::Settled(difference) => {
                matched.is_some_and(|row| row["standing"] != "partial" && row["difference"] == difference)
            }
            Wanted::Asked(difference) => {
                matched.is_some_and(|row| row["standing"] != "automatic" && row["difference"] == difference)
            }
            Wanted::Doubted(why) => matched.is_some_and(|row| {
                row["standing"] == "proposed" && row["reasons"].contains(&format!("against it: {why}"))
            }),
            Wanted::Left(why) => left.is_some_and(|row| row["why"] == why),
        };
        if !is_right {
            let elsewhere = matches.iter().find(|row| row["payments"].contains(&id));
            off.push((one.customer, elsewhere.or(left)));
        }
        if one.payer == ALIAS {
            let reasons = matched.map_or("", |row| row["reasons"].as_str());
            assert!(reasons.contains("was seen to pay for `Wetherlam Quarries`"), "{reasons}");
        }
    }
    assert!(off.is_empty(), "{off:#?}");
}
