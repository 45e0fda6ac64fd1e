//! Letters that no customer gets: with as little and with as much in them as there can be. Every template is tried with all of
//! them before the first letter is written, so that a mistake in one is found at once and not at the ten-thousandth customer.

use super::request::{
    Charges, Consequence, Contact, Held, Item, Next, Part, Promise, Request, Segment, THANK_YOU,
};
use crate::base::day::Day;
use crate::base::money::Currency;
use crate::collect::discount::Offer;
use crate::ledger::{Channel, Customer};

/// A day like any other.
const AS_OF: Day = Day(20_000);

/// A company with nothing but an id and a name, and a person about whom all is known.
pub fn customers() -> [Customer; 2] {
    let least = Customer { id: "1".to_owned(), name: "Sample Company".to_owned(), ..Customer::default() };
    let most = Customer {
        id: "2".to_owned(),
        name: "Sample Person".to_owned(),
        country: "GB".to_owned(),
        email: "person@example.com".to_owned(),
        phone: "+44 20 7946 0000".to_owned(),
        consumer: true,
        ..Customer::default()
    };
    [least, most]
}

/// A request with as little as there can be, and requests with everything, one for each thing that may come next.
pub fn requests<'a>(customers: &'a [Customer; 2], template: &'a str) -> Vec<Request<'a>> {
    let [least, most] = customers;
    let bare = Request {
        customer: least,
        currency: Currency::new(*b"EUR", 2),
        as_of: AS_OF,
        step: template,
        requires_review: false,
        risk_unknown: false,
        template,
        channel: Channel::Letter,
        reply_by: AS_OF.plus(14),
        items: vec![item("1", 10)],
        held: Vec::new(),
        unapplied: 0,
        charges: None,
        promise: None,
        plan: Vec::new(),
        next: None,
        contact: None,
    };
    let full = |what| Request {
        customer: most,
        items: vec![Item { discount: Some(offer()), ..item("1", 40) }, item("2", -5)],
        held: vec![Held { number: "3".to_owned(), open: 100, reason: "disputed".to_owned() }],
        unapplied: 100,
        charges: Some(charges()),
        promise: Some(Promise { by: AS_OF.plus(-3), amount: Some(1_000) }),
        plan: [30, 60].map(|days| Part { due: AS_OF.plus(days), amount: 5_000 }).to_vec(),
        next: Some(Next { what, from: AS_OF.plus(15) }),
        contact: Some(Contact { name: "Sample Collector".to_owned(), phone: "+44 20 7946 0001".to_owned() }),
        ..bare.clone()
    };
    let mut requests: Vec<_> =
        [Consequence::Suspension, Consequence::Agency, Consequence::Legal].map(full).to_vec();
    if template == THANK_YOU {
        requests.push(Request { items: Vec::new(), ..bare.clone() });
    }
    requests.push(bare);
    requests
}

fn item(number: &str, days_overdue: i32) -> Item {
    let due = AS_OF.plus(-days_overdue);
    Item {
        number: number.to_owned(),
        issued: due.plus(-30),
        due,
        amount: 10_000,
        open: 10_000,
        discount: None,
    }
}

fn offer() -> Offer {
    Offer { until: AS_OF.plus(3), off: 200, pay: 9_800, a_year: Some(3_673) }
}

fn charges() -> Charges {
    let segment = Segment {
        number: "1".to_owned(),
        from: AS_OF.plus(-39),
        to: AS_OF,
        days: 40,
        balance: 10_000,
        rate: "11.75".to_owned(),
        interest: "1.2877".to_owned(),
    };
    Charges { interest: 129, compensation: 4_000, fees: 500, segments: vec![segment] }
}
