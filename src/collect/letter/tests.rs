//! Letters as a whole: every template in every language, what must never happen, and what is said of a template that is wrong.

use super::brand::SHIPPED;
use super::request::{Charges, Held, Item, Next, Part, Promise};
use super::*;
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::collect::discount::Offer;
use crate::collect::letter::request::Consequence;

const EUR: Currency = Currency::new(*b"EUR", 2);
const AS_OF: Day = Day(20_000);

fn letters(templates: Option<&Path>) -> Result<Letters> {
    let text = SHIPPED.replace("[company name]", "Nordwind GmbH").replace("\n# ", "\n");
    let text = text
        .lines()
        .filter(|line| line.contains('=') || line.starts_with('['))
        .collect::<Vec<_>>()
        .join("\n");
    Letters::new(Brand::parse(&text, Path::new(".")).unwrap(), templates)
}

fn customer() -> Customer {
    Customer {
        id: "0001".to_owned(),
        name: "Meier & Söhne".to_owned(),
        email: "buchhaltung@example.com".to_owned(),
        ..Customer::default()
    }
}

fn item(number: &str, due: Day, open: i64) -> Item {
    Item { number: number.to_owned(), issued: due.plus(-30), due, amount: 123_456, open, discount: None }
}

fn request<'a>(customer: &'a Customer, template: &'a str) -> Request<'a> {
    Request {
        customer,
        currency: EUR,
        as_of: AS_OF,
        step: "step",
        requires_review: false,
        risk_unknown: false,
        template,
        channel: Channel::Email,
        reply_by: AS_OF.plus(14),
        items: vec![item("4711", AS_OF.plus(-21), 123_456)],
        held: Vec::new(),
        unapplied: 0,
        charges: None,
        promise: None,
        plan: Vec::new(),
        next: None,
        contact: None,
    }
}

fn file<'a>(written: &'a Written, kind: &str) -> &'a str {
    let (_, bytes) = written.files.iter().find(|(name, _)| name.ends_with(kind)).unwrap();
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn every_template_renders_in_every_language_with_little_and_with_much() {
    let letters = letters(None).unwrap();
    assert_eq!(letters.engine.templates().count(), 4 * 9);
    for (language, template) in letters.engine.templates() {
        let mut customer = Customer { language: language.to_owned(), ..customer() };
        let little = letters.write(&request(&customer, template)).unwrap();
        customer.consumer = true;
        let offer = Offer { until: AS_OF.plus(3), off: 2_469, pay: 120_987, a_year: Some(3_673) };
        let much = Request {
            items: vec![
                Item { discount: Some(offer), ..item("4711", AS_OF.plus(-21), 123_456) },
                item("4712", AS_OF.plus(-3), 50_000),
            ],
            held: vec![Held { number: "HELD".to_owned(), open: 1, reason: "disputed".to_owned() }],
            unapplied: 10_000,
            charges: Some(Charges { interest: 1_234, compensation: 4_000, fees: 0, segments: Vec::new() }),
            promise: Some(Promise { by: AS_OF.plus(-5), amount: None }),
            plan: vec![
                Part { due: AS_OF.plus(30), amount: 84_345 },
                Part { due: AS_OF.plus(60), amount: 84_345 },
            ],
            next: Some(Next { what: Consequence::Agency, from: AS_OF.plus(15) }),
            ..request(&customer, template)
        };
        let much = letters.write(&much).unwrap();
        for written in [&little, &much] {
            assert_eq!((written.row.language.as_str(), written.row.state), (language, State::Written));
            for page in [file(written, "txt"), file(written, "html")] {
                for slip in ["none", "None", "{{", "{%", "undefined", " ,", "()", "[]"] {
                    assert!(!page.contains(slip), "{language}/{template}: `{slip}` in {page}");
                }
                assert!(page.contains("4711"), "{language}/{template}: {page}");
            }
            assert!(file(written, "html").contains("Meier &amp; Söhne"), "{language}/{template}");
            assert!(file(written, "txt").contains("Meier & Söhne"), "{language}/{template}");
            assert!(!written.row.subject.is_empty());
        }
        // What early payment saves a year, in the language's own way to write it.
        let a_year =
            file(&much, "txt").contains("36.73\u{a0}%") || file(&much, "txt").contains("36,73\u{a0}%");
        assert_eq!(a_year, template == "pre_due_notice", "{language}/{template}");
        // 1,234.56 + 500.00 - 100.00 + 12.34 + 40.00 = 1,686.90
        assert_eq!((little.row.total, much.row.total), (123_456, 168_690));
        assert_eq!(file(&much, "txt").contains("HELD"), template == "call_script", "{language}/{template}");
        // Other instalments than those offered can be asked for only where some are.
        if (language, template) == ("en", "payment_plan_offer") {
            let other = [&little, &much].map(|written| file(written, "txt").contains("If other amounts"));
            assert_eq!(other, [false, true]);
        }
    }
}

/// A long link in the narrow column of the numbers made one invoice a quarter of a page in print.
#[test]
fn the_link_to_pay_has_a_row_of_its_own_below_the_invoice() {
    let (letters, customer) = (letters(None).unwrap(), customer());
    // Number, issued, due, amount and open are five columns; days overdue are a sixth.
    for (due, columns) in [(AS_OF.plus(-21), 6), (AS_OF.plus(3), 5)] {
        let items = vec![item("4711", due, 123_456)];
        let written = letters.write(&Request { items, ..request(&customer, "follow_up") }).unwrap();
        let page = file(&written, "html");
        assert!(page.contains("<tr class=\"linked\"><td>4711</td>"), "{page}");
        let (_, row) = page.split_once("class=\"linked\"").unwrap();
        let (_, row) = row.split_once("</tr>").unwrap();
        let link = format!("<tr><td colspan=\"{columns}\"><a class=\"link small\" href=\"https:");
        assert!(row.trim_start().starts_with(&link), "{row}");
        assert_eq!(page.matches("<th>").count() + page.matches("<th class=\"n\">").count(), columns);
        assert!(
            file(&written, "txt").replace("\n  ", " ").contains("; Pay online https://"),
            "{}",
            file(&written, "txt")
        );
    }
}

#[test]
fn totals_printed_are_those_of_the_items() {
    let (letters, customer) = (letters(None).unwrap(), customer());
    let due = AS_OF.plus(-10);
    let mut request = Request {
        items: vec![item("A", due, 100_001), item("B", due.plus(-1), 20_002), item("C", AS_OF, 303)],
        unapplied: 306,
        ..request(&customer, "friendly_reminder")
    };
    let written = letters.write(&request).unwrap();
    // 1,000.01 + 200.02 + 3.03 = 1,203.06, less 3.06 on account is 1,200.00.
    for line in [
        "Total of the items: EUR\u{a0}1,203.06",
        "account: -EUR\u{a0}3.06",
        "Amount to pay: EUR\u{a0}1,200.00",
    ] {
        assert!(file(&written, "txt").contains(line), "{line} in {}", file(&written, "txt"));
    }
    assert_eq!(written.row.total, 120_000);
    request.items.reverse();
    assert_eq!(letters.write(&request).unwrap().files, written.files);
}

#[test]
fn a_name_cannot_add_markup_a_header_or_a_paragraph() {
    let letters = letters(None).unwrap();
    let mut customer = Customer { name: "<script>alert(1)</script>\"'".to_owned(), ..customer() };
    let written = letters.write(&request(&customer, "call_script")).unwrap();
    assert!(!file(&written, "html").contains("<script>alert"));
    assert!(file(&written, "html").contains("&lt;script&gt;alert"));

    customer.name = "A\r\nBcc: thief@example.org\r\n\r\nB".to_owned();
    let written = letters.write(&request(&customer, "final_notice")).unwrap();
    assert_eq!((written.row.state, written.row.channel), (State::NoAddress, Channel::Letter));
    assert!(written.files.iter().all(|(name, _)| !name.ends_with("eml")));
    assert!(!file(&written, "txt").lines().any(|line| line.starts_with("Bcc")));

    customer = Customer { email: "a@b.org\nBcc: thief@example.org".to_owned(), ..self::customer() };
    let written = letters.write(&request(&customer, "final_notice")).unwrap();
    assert_eq!((written.row.state, written.files.len()), (State::NoAddress, 2));
}

#[test]
fn a_draft_is_a_message_and_the_same_every_time() {
    let (letters, customer) = (letters(None).unwrap(), customer());
    let one = letters.write(&request(&customer, "final_notice")).unwrap();
    let two = letters.write(&request(&customer, "final_notice")).unwrap();
    let message = file(&one, "eml");
    assert_eq!(message, file(&two, "eml"));
    assert!(message.replace("\r\n", "").chars().all(|sign| sign != '\r' && sign != '\n'));
    assert!(message.split("\r\n").all(|line| line.is_ascii() && line.len() <= 78));
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    // Day 20,000 after 1970-01-01 is Friday, 4 October 2024.
    for line in [
        "Date: Fri, 4 Oct 2024",
        "X-Unsent: 1",
        "Message-ID: <",
        "MIME-Version: 1.0",
        "multipart/alternative",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
    assert!(head.contains("=?utf-8?") && head.contains("<buchhaltung@example.com>"), "{head}");
}

#[test]
fn a_letter_announces_only_what_the_policy_does() {
    let letters = letters(None).unwrap();
    let words = [
        "suspend",
        "agency",
        "legal",
        "aussetz",
        "Inkasso",
        "gericht",
        "société",
        "judiciaire",
        "recobro",
        "acciones",
    ];
    for language in ["en", "de", "fr", "es"] {
        let customer = Customer { language: language.to_owned(), ..customer() };
        for template in ["pre_due_notice", "friendly_reminder", "follow_up", "call_script", "final_notice"] {
            let written = letters.write(&request(&customer, template)).unwrap();
            let text = file(&written, "txt");
            assert!(words.iter().all(|word| !text.contains(word)), "{language}/{template}: {text}");
        }
        let next = Some(Next { what: Consequence::Agency, from: AS_OF.plus(15) });
        let written = letters.write(&Request { next, ..request(&customer, "final_notice") }).unwrap();
        assert_eq!(
            words.iter().filter(|word| file(&written, "txt").contains(*word)).count(),
            1,
            "{language}"
        );
    }
}

#[test]
fn the_language_falls_back_and_says_so() {
    let letters = letters(None).unwrap();
    let chosen = |language: &str, country: &str| {
        let customer = Customer { language: language.to_owned(), country: country.to_owned(), ..customer() };
        let row = letters.write(&request(&customer, "follow_up")).unwrap().row;
        (row.language, row.chosen)
    };
    assert_eq!(chosen("de-AT", "FR"), ("de".to_owned(), Chosen::Customer));
    assert_eq!(chosen("pl", "FR"), ("fr".to_owned(), Chosen::Country));
    assert_eq!(chosen("", "at"), ("de".to_owned(), Chosen::Country));
    assert_eq!(chosen("pl", "PL"), ("en".to_owned(), Chosen::Brand));
}

#[test]
fn who_must_not_or_need_not_be_written_to_is_not() {
    let letters = letters(None).unwrap();
    let customer = Customer { do_not_contact: true, ..customer() };
    let written = letters.write(&request(&customer, "follow_up")).unwrap();
    assert_eq!((written.row.state, written.files.len()), (State::DoNotContact, 0));
    let customer = self::customer();
    let covered = |template| Request { unapplied: 123_456, ..request(&customer, template) };
    let written = letters.write(&covered("follow_up")).unwrap();
    assert_eq!((written.row.state, written.files.len()), (State::NothingToPay, 0));
    assert_eq!(letters.write(&covered(THANK_YOU)).unwrap().row.state, State::Written);
    let empty = |template| Request { items: Vec::new(), ..request(&customer, template) };
    assert_eq!(letters.write(&empty("follow_up")).unwrap().row.state, State::NothingToPay);
    assert_eq!(letters.write(&empty(THANK_YOU)).unwrap().row.state, State::Written);
    let unknown = letters.write(&request(&customer, "no_such")).unwrap_err();
    assert_eq!(unknown.code, Code::TemplateInvalid);
}

/// What is said of a template of one's own.
fn with_template(
    path: &str,
    text: &str,
) -> std::result::Result<Letters, (Option<String>, Option<u64>, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    letters(Some(folder.path())).map_err(|error| {
        assert_eq!(error.code, Code::TemplateInvalid);
        let file = error.place.file.map(|file| file.replace(&folder.path().display().to_string(), "DIR"));
        (file, error.place.row, error.detail)
    })
}

#[test]
fn a_wrong_template_is_refused_with_file_and_line() {
    let page =
        |line: &str| format!("{{% extends \"letter\" %}}\n{{% block subject %}}S{{% endblock %}}\n{line}\n");
    let block = |text: &str| page(&format!("{{% block opening %}}\n{text}\n{{% endblock %}}"));
    for (text, line, part) in [
        (block("{{ total_opne }}"), 4, "total_opne"),
        (block("{{ customer.nmae }}"), 4, "customer.nmae"),
        (block("{% if next == \"x\" %}{{ brand.nothing }}{% endif %}"), 4, "brand.nothing"),
        (block("{% for item in items %}{{ item.nmber }}{% endfor %}"), 4, "nmber"),
        (block("{% if promise %}{{ promise.amount.x }}{% endif %}"), 4, "promise.amount.x"),
        (block("{{ next_from }}"), 4, "{% if"),
        (block("{{ unapplied }}"), 4, "{% if"),
        (block("{% if %}"), 4, "syntax error"),
        (block("{{ as_of|nofilter }}"), 4, "nofilter"),
        (block("{{ as_of|safe }}"), 4, "safe"),
        (block("{% autoescape false %}{% endautoescape %}"), 4, "autoescape"),
        (block("{% include \"../../../etc/passwd\" %}"), 4, "passwd"),
        (block("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"), 4, "end"),
    ] {
        let (file, row, detail) = with_template("de/final_notice.txt", &text).err().unwrap();
        assert_eq!((file.as_deref(), row), (Some("DIR/de/final_notice.txt"), Some(line)), "{text}: {detail}");
        assert!(detail.contains(part), "{text}: {detail}");
    }
    // A block that is missing stands in no line.
    let (file, row, detail) = with_template("de/final_notice.txt", "no subject").err().unwrap();
    assert_eq!((file.as_deref(), row), (Some("DIR/de/final_notice.txt"), None));
    assert!(detail.contains("subject"), "{detail}");
    // A page of ones own without the blocks would be a letter without content.
    let bare = "<p>{% block subject %}{% endblock %} {% block opening %}{% endblock %}</p>";
    let (file, _, detail) = with_template("letter.html", bare).err().unwrap();
    assert_eq!((file.as_deref(), detail.contains("`closing`")), (Some("DIR/letter.html"), true), "{detail}");
    let (file, _, detail) = with_template("script.txt", "").err().unwrap();
    assert_eq!((file.as_deref(), detail.contains("`subject`")), (Some("DIR/script.txt"), true), "{detail}");
    for path in [
        "de/final_notice.htm",
        "final_notice.txt",
        "german/final_notice.txt",
        "it/final_notice.txt",
        "de/x.html",
    ] {
        assert!(with_template(path, "x").is_err(), "{path}");
    }
}

#[test]
fn a_template_of_ones_own_takes_the_place_of_the_shipped_one() {
    let text = "{% extends \"letter\" %}{% block subject %}Hallo {{ count }}{% endblock %}{% block opening %}\
                a <b> {{ customer.name }}{% endblock %}";
    let letters = with_template("de/final_notice.txt", text).unwrap();
    let customer = Customer { language: "de".to_owned(), ..customer() };
    let written = letters.write(&request(&customer, "final_notice")).unwrap();
    assert_eq!(written.row.subject, "Hallo 1");
    assert!(file(&written, "txt").contains("a <b> Meier & Söhne"));
    assert!(file(&written, "html").contains("<p>a <b> Meier &amp; Söhne</p>"));
    assert_eq!(letters.write(&request(&customer, "follow_up")).unwrap().row.language, "de");
}
