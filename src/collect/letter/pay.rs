//! How a letter can be paid: bank details, the brand's other ways, and a link for each invoice.

use serde::Serialize;

use super::bank;
use super::brand::Brand;
use super::fields::{Shared, clean, filled};
use super::request::{Item, Request};

/// Most invoice numbers in a payment reference: more do not fit into one.
const REFERENCE_NUMBERS: usize = 5;

/// Where to transfer to.
#[derive(Serialize)]
pub struct Account<'a> {
    holder: &'a str,
    iban: String,
    bic: Option<&'a str>,
    name: Option<&'a str>,
}

/// Another way to pay.
#[derive(Serialize)]
pub struct Way<'a> {
    label: &'a str,
    text: String,
}

/// The brand's bank account.
pub fn account(brand: &Brand) -> Option<Account<'_>> {
    let (bank, iban) = (brand.texts.bank.as_ref()?, brand.iban.as_ref()?);
    Some(Account {
        holder: &bank.holder,
        iban: bank::grouped(iban),
        bic: filled(&bank.bic),
        name: filled(&bank.name),
    })
}

/// The brand's other ways, as far as they are for this language.
pub fn ways<'a>(shared: &Shared<'a>, id: &str, numbers: &str) -> Vec<Way<'a>> {
    let here = |language: &Option<String>| language.as_ref().is_none_or(|code| *code == shared.language.code);
    let fields = |field: &str| if field == "invoice" { numbers } else { id };
    let ways = shared.brand.ways.iter().filter(|(_, _, language)| here(language));
    ways.map(|(label, text, _)| Way { label, text: text.fill(fields) }).collect()
}

/// The link to pay an invoice by.
pub fn link(request: &Request, item: &Item, brand: &Brand) -> Option<String> {
    let amount = request.currency.format(item.open);
    Some(brand.link.as_ref()?.fill_link(|field| match field {
        "invoice" => &item.number,
        "customer" => &request.customer.id,
        "amount" => &amount,
        _ => request.currency.code(),
    }))
}

/// The invoices' numbers as far as they fit into a payment reference.
pub fn numbers(items: &[&Item]) -> String {
    let numbers: Vec<_> = items.iter().take(REFERENCE_NUMBERS).map(|item| clean(&item.number)).collect();
    let more = if items.len() > REFERENCE_NUMBERS { ", …" } else { "" };
    format!("{}{more}", numbers.join(", "))
}
