//! A message as a file that any mail program opens as a draft: RFC 5322, plain text and HTML beside each other. The same letter
//! gives the same bytes: its day is the as-of day, and its id and boundaries are taken from its content.

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;

use super::brand::Brand;
use super::engine::Page;
use crate::base::day::Day;
use crate::base::digest;

const SECONDS_A_DAY: i64 = 86_400;

/// What a draft needs besides brand and page.
pub struct Envelope<'a> {
    /// Name of the receiver; it holds no control characters.
    pub name: &'a str,
    /// Addresses of the receiver, checked.
    pub to: &'a [String],
    /// Day of the letter.
    pub day: Day,
    /// ISO 639 code of its language.
    pub language: &'a str,
    /// What makes it one letter and not another.
    pub key: &'a str,
}

/// The draft's bytes.
pub fn draft(brand: &Brand, page: &Page, envelope: &Envelope) -> Vec<u8> {
    let sender = &brand.texts.sender;
    let day = envelope.day.to_string();
    let content = [envelope.key, &day, &page.subject, &page.text].join("\u{0}");
    let digest = digest::of_bytes(content.as_bytes());
    let (id, boundary) = digest.split_at(32);
    let domain = sender.email.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let to = envelope.to.iter().map(|email| Address::new_address(Some(envelope.name), email.as_str()));
    let mut message = MessageBuilder::new()
        .date(Date { date: i64::from(envelope.day.0) * SECONDS_A_DAY })
        .from(Address::new_address(Some(sender.name.as_str()), sender.email.as_str()))
        .to(Address::new_list(to.collect()))
        .subject(page.subject.as_str())
        .message_id(format!("{id}@{domain}"))
        .header("Content-Language", Raw::new(envelope.language))
        .header("X-Unsent", Raw::new("1"));
    if !sender.reply_to.is_empty() {
        message = message.reply_to(sender.reply_to.as_str());
    }
    let mut bytes = Vec::new();
    message.body(alternative(brand, page, &format!("{id}@{domain}"), boundary)).serialize(&mut bytes);
    bytes
}

/// Plain text, or HTML with its logo: many mail programs do not show pictures that stand in the HTML itself.
fn alternative<'a>(brand: &'a Brand, page: &'a Page, id: &str, boundary: &str) -> MimePart<'a> {
    let text = MimePart::new("text/plain", page.text.as_str());
    let html = match &brand.logo {
        None => MimePart::new("text/html", page.html.as_str()),
        Some(logo) => {
            let content = format!("logo.{id}");
            let html = page.html.replace(&logo.uri, &format!("cid:{content}"));
            let picture = MimePart::new(logo.kind, logo.bytes.as_slice()).inline().cid(content);
            multipart("related", &format!("=_r{boundary}"), vec![MimePart::new("text/html", html), picture])
        }
    };
    multipart("alternative", &format!("=_a{boundary}"), vec![text, html])
}

fn multipart<'a>(kind: &str, boundary: &str, parts: Vec<MimePart<'a>>) -> MimePart<'a> {
    let kind = ContentType::new(format!("multipart/{kind}")).attribute("boundary", boundary.to_owned());
    MimePart::new(kind, parts)
}
